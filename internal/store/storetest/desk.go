package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// Start is when the clock of a test desk begins.
var Start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// Desk is a small newsroom over a real store.
type Desk struct {
	T       testing.TB
	Store   *store.Store
	Reviews *review.Service

	Ana, Ben, Edith, Omar, Stella, Vera, Adam review.Person // two checkers, two editors, a standards editor, a viewer, an admin

	NoCopies bool // Evidence leaves captures to the test

	now      time.Time
	articles int
}

// NewDesk puts people on a desk. Their accounts have no usable password.
func NewDesk(t testing.TB, st *store.Store) *Desk {
	t.Helper()
	d := &Desk{T: t, Store: st, now: Start}
	d.Reviews = &review.Service{Store: st, Now: d.Now}
	d.Ana, d.Ben = d.person("Ana", review.Checker), d.person("Ben", review.Checker)
	d.Edith, d.Omar = d.person("Edith", review.Editor), d.person("Omar", review.Checker, review.Editor)
	d.Stella = d.person("Stella", review.Standards)
	d.Vera, d.Adam = d.person("Vera", review.Viewer), d.person("Adam", review.Admin)
	return d
}

// Now is a clock that moves on by a second whenever somebody looks.
func (d *Desk) Now() time.Time {
	d.now = d.now.Add(time.Second)
	return d.now
}

func (d *Desk) must(err error) {
	d.T.Helper()
	if err != nil {
		d.T.Fatalf("%v (%s)", err, errs.Message(err))
	}
}

func (d *Desk) person(name string, roles ...review.Role) review.Person {
	d.T.Helper()
	id, err := d.Store.AddAccount(context.Background(), auth.Account{
		Name: name, Email: strings.ToLower(name) + "@example.org", PasswordHash: "-", Roles: roles, Active: true, CreatedAt: d.Now(),
	})
	d.must(err)
	p, err := d.Store.Person(context.Background(), id)
	d.must(err)
	return p
}

// Article stores an article of its own address with that text.
func (d *Desk) Article(text string) claims.Article {
	d.T.Helper()
	d.articles++
	a := claims.Article{
		Source: fmt.Sprintf("https://news.example.org/%d", d.articles), URL: fmt.Sprintf("https://news.example.org/%d", d.articles),
		Title: "A story", Publisher: "The Example", Lang: "en", MediaType: "text/plain", SHA256: review.HashSnapshot([]byte(text)), Text: text,
		PublishedAt: Start.Add(-48 * time.Hour), AddedAt: d.Now(),
	}
	a, _, err := d.Store.AddArticle(context.Background(), a)
	d.must(err)
	return a
}

// Claim stores the words quote of a new article as a claim, and returns the
// number of its review in triage.
func (d *Desk) Claim(quote string) int64 {
	d.T.Helper()
	return d.ClaimIn(d.Article("The mayor spoke on Monday.\n\nShe said that "+quote+", and left.\n"), quote, "Lena Marsh")
}

// ClaimIn stores a claim found in an article and opens its review.
func (d *Desk) ClaimIn(a claims.Article, quote, speaker string) int64 {
	d.T.Helper()
	ctx := context.Background()
	i := strings.Index(a.Text, quote)
	span, err := claims.SpanAt(a.Text, i, i+len(quote))
	d.must(err)
	id, isNew, err := d.Store.AddClaim(ctx,
		claims.Claim{Text: quote, Kind: claims.Quantity, Lang: "en", Fingerprint: claims.Fingerprint(quote) + "|" + claims.Fingerprint(speaker), CreatedAt: d.Now()},
		claims.Claimant{Name: speaker, Kind: claims.Person},
		claims.Appearance{ArticleID: a.ID, Span: span, Sentence: claims.Offsets{Start: i, End: i + len(quote)}, Score: .8, Reasons: []string{"gives a number"}, AddedAt: d.Now()})
	d.must(err)
	if !isNew {
		d.T.Fatalf("%q is a claim already", quote)
	}
	reviewID, err := d.Reviews.Open(ctx, id, .8, 0)
	d.must(err)
	return reviewID
}

// Dossier loads a review.
func (d *Desk) Dossier(id int64) review.Dossier {
	d.T.Helper()
	got, err := d.Store.Dossier(context.Background(), id)
	d.must(err)
	return got
}

// Do does an action on the review as it stands; fill adds what the form sends.
func (d *Desk) Do(id int64, by review.Person, a review.Action, fill ...func(*review.Command)) review.Review {
	d.T.Helper()
	r, err := d.Try(id, by, a, fill...)
	if err != nil {
		d.T.Fatalf("%s by %s: %v (%s)", a, by.Name, err, errs.Message(err))
	}
	return r
}

// Try is Do for an action that may be refused.
func (d *Desk) Try(id int64, by review.Person, a review.Action, fill ...func(*review.Command)) (review.Review, error) {
	d.T.Helper()
	cmd := review.Command{ReviewID: id, Version: d.Dossier(id).Review.Version, Action: a, Actor: by, Note: "Because."}
	for _, f := range fill {
		f(&cmd)
	}
	return d.Reviews.Do(context.Background(), cmd)
}

// Researched takes a review from triage to where Ana has written a verdict
// that could be sent.
func (d *Desk) Researched(id int64) {
	d.T.Helper()
	c := d.Dossier(id)
	d.Do(id, d.Ana, review.Accept, func(cmd *review.Command) {
		cmd.Claim = &review.ClaimDraft{Text: c.Claim.Text, Kind: c.Claim.Kind, Lang: c.Claim.Lang, Claimant: c.Claimant.Name, ClaimantKind: claims.Person, Chosen: "Widely shared"}
	})
	d.Do(id, d.Ana, review.Take)
	d.Evidence(id, d.Ana, "https://stats.example.org/table", review.Supports)
	d.Evidence(id, d.Ana, "https://audit.example.net/report", review.Refutes)
	d.Verdict(id, d.Ana, "mostly_true", "It is about right.")
}

// Evidence adds a source and a capture of it.
func (d *Desk) Evidence(id int64, by review.Person, url string, s review.Stance) {
	d.T.Helper()
	d.Do(id, by, review.AddEvidence, func(c *review.Command) {
		c.Evidence = &review.Evidence{URL: url, Quote: "a table of numbers", Stance: s, AccessedAt: Start}
	})
	if !d.NoCopies {
		d.Capture(id)
	}
}

// Capture keeps a copy of every address of a review that has none, as if the
// site had answered. Its files are not there.
func (d *Desk) Capture(id int64) {
	d.T.Helper()
	got := d.Dossier(id)
	for _, e := range got.Evidence {
		if e.URL == "" || got.Copies[e.ID].SHA256 != "" {
			continue
		}
		hash := review.HashSnapshot([]byte(e.URL))
		_, err := d.Store.AddCapture(context.Background(), evidence.Capture{
			EvidenceID: e.ID, Kind: evidence.Web, Address: e.URL, FinalAddress: e.URL, Status: 200, ContentType: "text/html", MediaType: "text/html",
			Title: "A table", BodySHA256: hash, BodyBytes: int64(len(e.URL)), TextSHA256: hash, Verdict: evidence.First, CapturedAt: d.Now(),
		})
		d.must(err)
	}
}

// Verdict writes the next revision.
func (d *Desk) Verdict(id int64, by review.Person, rating, summary string) {
	d.T.Helper()
	d.Do(id, by, review.SaveVerdict, func(c *review.Command) {
		c.Verdict = &review.VerdictDraft{Rating: rating, Summary: summary, Rationale: "The table says so [1], the audit less so [2].", NoConflict: true}
	})
}

// Published takes a review from triage to readers: Ana writes, Edith approves
// and publishes.
func (d *Desk) Published(id int64) review.Publication {
	d.T.Helper()
	d.Researched(id)
	d.Do(id, d.Ana, review.Submit)
	d.Do(id, d.Edith, review.Approve)
	d.Do(id, d.Edith, review.Publish)
	return *d.Dossier(id).Live
}

// Pass lets time go by.
func (d *Desk) Pass(by time.Duration) { d.now = d.now.Add(by) }
