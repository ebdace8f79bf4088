package demo_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"factcheck/data"
	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/demo"
	"factcheck/internal/errs"
	"factcheck/internal/ingest"
	"factcheck/internal/pipeline"
	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

var now = time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)

// newDesk is an empty desk over a real store and the real pipeline.
func newDesk(t *testing.T) (demo.Desk, *store.Store) {
	t.Helper()
	st := storetest.SQLite(t)
	return deskOver(st), st
}

func deskOver(st *store.Store) demo.Desk {
	clock := func() time.Time { return now }
	return demo.Desk{
		Accounts: &auth.Service{Store: st, Now: clock, Params: &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}},
		Reviews:  &review.Service{Store: st, Now: clock},
		Read: func(ctx context.Context, s data.Sample) (claims.Article, error) {
			return (&ingest.Reader{}).Read(ctx, ingest.Input{Data: s.Body, Name: s.Name, ContentType: s.ContentType})
		},
		Add: func(ctx context.Context, a claims.Article, now func() time.Time) (int64, error) {
			p := &pipeline.Pipeline{Find: pipeline.Find, Store: st, Reviews: &review.Service{Store: st, Now: now}, Now: now}
			r, err := p.Add(ctx, a, 0)
			return r.Article.ID, err
		},
		Rows: st.Rows, Dossier: st.Dossier, Now: clock,
		Decide: func(ctx context.Context, p review.Policy, by review.Person, now time.Time) error {
			return st.ChangePolicy(ctx, review.DefaultPolicy.ID, p, by, now)
		},
	}
}

func fill(t *testing.T) (demo.Desk, *store.Store, []demo.SignIn) {
	t.Helper()
	d, st := newDesk(t)
	if err := demo.Fill(t.Context(), d); err != nil {
		t.Fatalf("Fill = %v\n%s", err, errs.Message(err))
	}
	return d, st, demo.SignIns()
}

// rows are all reviews of the desk.
func rows(t *testing.T, d demo.Desk) []review.Row {
	t.Helper()
	all, err := d.Rows(t.Context(), review.Filter{Order: review.Best, Limit: review.MaxRows})
	if err != nil || len(all) == 0 || len(all) == review.MaxRows {
		t.Fatalf("Rows = %d rows, %v", len(all), err)
	}
	return all
}

func TestDeskHasClaimsInEveryState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		d := deskOver(st)
		if err := demo.Fill(t.Context(), d); err != nil {
			t.Fatalf("Fill = %v\n%s", err, errs.Message(err))
		}
		count := map[review.State]int{}
		for _, r := range rows(t, d) {
			count[r.State]++
		}
		for _, s := range review.States {
			if count[s] == 0 {
				t.Errorf("no claim is %s", s)
			}
			if s != review.Triage && count[s] >= count[review.Triage] {
				t.Errorf("%d claims are %s and %d wait in triage; most should wait", count[s], s, count[review.Triage])
			}
		}
		if count[review.Published] < 5 {
			t.Errorf("%d claims are published, want at least 5", count[review.Published])
		}
		// One check has a correction; the one that was retracted has two editions.
		if r, err := record.Verify(t.Context(), st); err != nil || len(r.Findings) > 0 || r.Publications != count[review.Published]+1+2*count[review.Retracted] {
			t.Errorf("the record: %+v, %v", r, err)
		}
	})
}

func TestPublicationsShowTheScale(t *testing.T) {
	_, st, _ := fill(t)
	ratings := map[string]int{}
	corrected, retracted, unreviewed := 0, 0, 0
	for p, err := range st.Live(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ratings[p.Report.Rating.Code]++
		if len(p.Report.Evidence) < 2 || len(p.Report.Appearances) == 0 || p.Report.Claimant == nil {
			t.Errorf("%s: %d sources, %d places", p.Slug, len(p.Report.Evidence), len(p.Report.Appearances))
		}
		if p.Report.Retracted != nil {
			retracted++
			if len(p.Report.Retracted.By) != 2 || p.Report.Retracted.Note == "" {
				t.Errorf("%s: retracted %+v", p.Slug, p.Report.Retracted)
			}
			continue
		}
		if p.Report.Unreviewed != nil {
			unreviewed++
		}
		if p.Edition == 1 {
			continue
		}
		corrected++
		if len(p.Report.ApprovedBy) != 2 || p.Report.Correction == nil || p.Report.Correction.Kind != review.VerdictChange {
			t.Errorf("%s: edition %d approved by %v, correction %+v", p.Slug, p.Edition, p.Report.ApprovedBy, p.Report.Correction)
			continue
		}
		var fields []string
		for _, c := range p.Report.Correction.Changes {
			fields = append(fields, c.Field)
		}
		for _, field := range []string{"rating", "summary", "rationale", "evidence"} {
			if !slices.Contains(fields, field) {
				t.Errorf("%s: edition 2 changes %q, and not the %s", p.Slug, fields, field)
			}
		}
		check, err := st.Check(t.Context(), p.Slug)
		if err != nil || len(check.Editions) != 2 {
			t.Errorf("Check(%s) has %d editions, %v", p.Slug, len(check.Editions), err)
		}
	}
	if retracted != 1 || unreviewed != 1 {
		t.Errorf("%d retracted, %d without a second review; want one of each", retracted, unreviewed)
	}
	if corrected != 1 || ratings["unverifiable"] != 1 || len(ratings) < 5 {
		t.Errorf("%d corrected, ratings %v; want 1 corrected, 1 unverifiable, 5 different", corrected, ratings)
	}
}

func TestWorkInProgressIsThere(t *testing.T) {
	d, st, _ := fill(t)
	var drafts, returned, untouched, dismissed, held, disagreed, lookBack int
	for _, r := range rows(t, d) {
		dossier, err := d.Dossier(t.Context(), r.ReviewID)
		if err != nil {
			t.Fatal(err)
		}
		if dossier.OnHold() {
			held++
		}
		if dossier.Disagreed() {
			disagreed++
		}
		if dossier.Review.OverrideBy != 0 {
			lookBack++
		}
		switch r.State {
		case review.Research:
			events, err := st.Events(t.Context(), r.ReviewID)
			if err != nil {
				t.Fatal(err)
			}
			switch last := events[len(events)-1]; {
			case last.Action == review.Return && last.Note != "":
				returned++
			case dossier.Verdict.Rating != "" && len(dossier.Evidence) >= 2:
				drafts++
			case len(dossier.Evidence) == 0:
				untouched++
			}
		case review.Dismissed:
			if dossier.Review.Dismissal == "" {
				t.Errorf("“%s” was dismissed without a reason", r.Text)
			}
			dismissed++
		case review.Editing, review.Approved, review.Scheduled:
			for _, c := range dossier.Checklist() {
				if c.Sentence != "" && c.Name != "quorum" {
					t.Errorf("“%s” is %s, but: %s", r.Text, r.State, c.Sentence)
				}
			}
		default:
		}
	}
	if held != 1 || disagreed != 1 || lookBack != 1 {
		t.Errorf("%d on hold, %d with a disagreement, %d to look back at; want one of each", held, disagreed, lookBack)
	}
	if drafts == 0 || returned == 0 || untouched == 0 || dismissed < 2 {
		t.Errorf("%d drafts, %d returned, %d just begun, %d dismissed", drafts, returned, untouched, dismissed)
	}
}

// Fill goes on without some claims, so that a better engine does not break the
// sample desk; without many it would be a poor one.
func TestMostStoriesFindTheirClaim(t *testing.T) {
	d, _, _ := fill(t)
	var texts []string
	for _, r := range rows(t, d) {
		dossier, err := d.Dossier(t.Context(), r.ReviewID)
		if err != nil {
			t.Fatal(err)
		}
		if r.State != review.Triage {
			for _, p := range dossier.Places { // those of a merged claim are with the other
				texts = append(texts, p.Span.Quote)
			}
		}
	}
	var missing []string
	for _, s := range demo.Stories() {
		if !slices.ContainsFunc(texts, func(text string) bool { return demo.Holds(text, s.Words) }) {
			missing = append(missing, s.Words)
		}
	}
	if all := len(demo.Stories()); len(missing)*5 > all {
		t.Errorf("extraction has not found %d of %d: %q", len(missing), all, missing)
	}
}

func TestPeopleOfEveryRoleCanSignIn(t *testing.T) {
	d, _, signIns := fill(t)
	has := map[review.Role]bool{}
	for _, s := range signIns {
		p, err := d.Accounts.SignIn(t.Context(), s.Email, s.Password, "192.0.2.1:1")
		if err != nil || p.Name != s.Name || !strings.HasPrefix(s.About, s.Name) {
			t.Errorf("SignIn(%+v) = %+v, %v", s, p, err)
		}
		for _, r := range p.Roles {
			has[r] = true
		}
	}
	for _, r := range review.Roles {
		if !has[r] {
			t.Errorf("nobody is %s", r)
		}
	}
}

func TestWorkLiesInThePast(t *testing.T) {
	_, st, _ := fill(t)
	var before, first time.Time
	for e, err := range st.AllEvents(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.At.Before(before) || e.At.After(now) {
			t.Fatalf("event %d was at %v, the one before at %v, now is %v", e.Seq, e.At, before, now)
		}
		if before = e.At; first.IsZero() {
			first = e.At
		}
	}
	if worked := now.Sub(first); worked < 48*time.Hour || worked > 14*24*time.Hour || now.Sub(before) > time.Hour {
		t.Errorf("the desk worked from %v to %v, now is %v", first, before, now)
	}
}

func TestArticlesAreDescribed(t *testing.T) {
	_, st, _ := fill(t)
	samples, err := data.Samples()
	if err != nil {
		t.Fatal(err)
	}
	articles, err := st.Articles(t.Context(), 0, review.MaxRows)
	if err != nil || len(articles) != len(samples) {
		t.Fatalf("%d articles of %d samples, %v", len(articles), len(samples), err)
	}
	for _, a := range articles {
		if a.Article.Title == "" || a.Article.Publisher == "" || a.Article.Author == "" || a.Article.PublishedAt.IsZero() || a.Article.URL == "" || a.Article.Source != a.Article.URL || a.Article.Lang != "en" {
			t.Errorf("article %+v", a.Article)
		}
		if a.Triage < 3 {
			t.Errorf("“%s” has %d claims in triage", a.Article.Title, a.Triage)
		}
	}
}

func TestFillingTwiceIsRefusedAndChangesNothing(t *testing.T) {
	d, _, _ := fill(t)
	before := rows(t, d)
	err := demo.Fill(t.Context(), d)
	if !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "already holds a desk") {
		t.Errorf("second Fill = %v, want Invalid", err)
	}
	if after := rows(t, d); len(after) != len(before) {
		t.Errorf("%d reviews after, %d before", len(after), len(before))
	}
}

func TestArticleAloneMakesADatabaseNotEmpty(t *testing.T) {
	d, _ := newDesk(t)
	article, err := d.Read(t.Context(), data.Sample{Name: "article.txt", Body: []byte("Crime in Eastmere fell by 12 percent in 2025, the police said on Monday.")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(t.Context(), article, d.Now); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), d); !errors.Is(err, errs.Invalid) {
		t.Errorf("Fill = %v, want Invalid", err)
	}
}

func TestFailureLeavesTheDatabaseEmpty(t *testing.T) {
	d, st := newDesk(t)
	add := d.Add
	d.Add = func(ctx context.Context, a claims.Article, now func() time.Time) (int64, error) {
		if strings.Contains(a.URL, "hospital") || strings.Contains(a.URL, "brigid") { // the last chapter
			return 0, errs.New("test", errs.Upstream, "No.")
		}
		return add(ctx, a, now)
	}
	if err := demo.Fill(t.Context(), d); !errors.Is(err, errs.Upstream) {
		t.Errorf("Fill = %v, want Upstream", err)
	}
	if err := st.MustBeEmpty(t.Context()); err != nil {
		t.Errorf("after the failure: %v", err)
	}
	d.Add = add
	if err := demo.Fill(t.Context(), d); err != nil {
		t.Errorf("Fill after a failed one = %v", err)
	}
}

func TestTwoDesksAreTheSame(t *testing.T) {
	look := func() string {
		d, _, signIns := fill(t)
		var b strings.Builder
		for _, s := range signIns {
			b.WriteString(s.Email + " " + s.Password + "\n")
		}
		for _, r := range rows(t, d) {
			b.WriteString(string(r.State) + " " + r.Text + " " + r.Claimant + " " + r.Assignee + "\n")
		}
		return b.String()
	}
	if one, two := look(), look(); one != two {
		t.Errorf("two desks differ:\n%s\n%s", one, two)
	}
}

func TestMissingClaimIsNamed(t *testing.T) {
	list := []review.Row{{ReviewID: 1, Text: "the best other claim"}, {ReviewID: 2, Text: "He said “buses run on time”, again."}}
	if id, err := demo.Choose("“Buses run on time,”", true, list); id != 2 || err != nil {
		t.Errorf("choose = %d, %v, want 2", id, err)
	}
	if id, err := demo.Choose("ran on time", false, list); id != 1 || err != nil {
		t.Errorf("choose of any other = %d, %v, want the best, 1", id, err)
	}
	for _, tt := range []struct {
		need bool
		rows []review.Row
	}{{true, list}, {false, nil}} {
		if _, err := demo.Choose("ran on time", tt.need, tt.rows); !errors.Is(err, errs.Internal) || !strings.Contains(errs.Message(err), "ran on time") {
			t.Errorf("choose = %v, want Internal that names the words", err)
		}
	}
}

func TestStoriesReadLikeADesks(t *testing.T) {
	reserved := regexp.MustCompile(`(^|\.)example(\.(com|net|org))?$`)
	address := regexp.MustCompile(`https?://[^\s"<>]+`)
	for _, s := range demo.Stories() {
		var all []string
		for _, c := range s.Claims {
			all = append(all, c.Text, c.ShortForm, c.Chosen)
			if n := utf8.RuneCountInString(c.ShortForm); n == 0 || n > claims.MaxShortForm || c.Chosen == "" || !strings.HasSuffix(c.Text, ".") && !strings.HasSuffix(c.Text, ".”") {
				t.Errorf("“%s”: claim %+v", s.Words, c)
			}
		}
		for _, e := range s.Sources {
			all = append(all, e.URL, e.Title, e.Quote, e.Note)
			if e.URL == "" || e.Title == "" || e.Publisher == "" || e.Quote == "" {
				t.Errorf("“%s”: source %+v", s.Words, e)
			}
		}
		for _, v := range s.Verdicts {
			all = append(all, v.Summary, v.Rationale)
			if !v.NoConflict || v.Summary == "" || v.Rationale == "" {
				t.Errorf("“%s”: verdict %+v", s.Words, v)
			}
			for n := range s.Sources {
				if len(s.Verdicts) == 1 && !strings.Contains(v.Rationale, "["+string(rune('1'+n))+"]") {
					t.Errorf("“%s”: the rationale does not cite [%d]", s.Words, n+1)
				}
			}
		}
		text := strings.Join(all, "\n")
		if strings.Contains(strings.ToLower(text), "demo") || strings.Contains(text, "'") || strings.Contains(text, "  ") {
			t.Errorf("“%s”: %s", s.Words, text)
		}
		for _, a := range address.FindAllString(text, -1) {
			if u, err := url.Parse(a); err != nil || !reserved.MatchString(u.Hostname()) {
				t.Errorf("“%s” names %s, %v", s.Words, a, err)
			}
		}
	}
}
