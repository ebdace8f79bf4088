package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// deskElements and deskAttributes are all that the templates of the desk make.
var (
	deskElements = strings.Fields(`html head meta title link script body a header nav main div p span b h1 h2 h3 form input button details summary dialog dl dt dd kbd
		section article ol ul li label textarea select option fieldset legend blockquote mark time ins del table thead tbody tr th td`)
	deskAttributes = strings.Fields(`lang dir charset name content rel href type src defer id class for value title datetime action method enctype target formaction
		required checked selected disabled readonly hidden autofocus autocomplete maxlength minlength min max inputmode placeholder rows accept open role
		aria-label aria-labelledby aria-current aria-hidden aria-description aria-describedby aria-invalid draggable formnovalidate
		data-open data-row data-up data-reader data-reviews data-of data-card data-guard data-busy data-max data-print data-keys data-show-keys data-first data-utc
		data-at data-gap data-about data-remark data-remarks data-pick data-change data-hint data-by-word data-step data-close data-why data-draft data-to
		hx-get hx-post hx-trigger hx-select hx-target hx-swap hx-select-oob form aria-live aria-pressed scope tabindex`)
)

// strange is what a page of the desk has that its templates did not make, and
// every form of it that would not work without scripts.
func strange(t testing.TB, page string) []string {
	t.Helper()
	var found []string
	for n := range parsed(t, page).Descendants() {
		switch {
		case n.Type == html.CommentNode:
			found = append(found, "<!--"+n.Data)
		case n.Type != html.ElementNode:
		case !slices.Contains(deskElements, n.Data):
			found = append(found, "<"+n.Data+">")
		case n.Data == "script" && (n.FirstChild != nil || !strings.HasPrefix(attr(n, "src"), "/static/")):
			found = append(found, "a script")
		case n.Data == "form" && attr(n, "method") != "dialog" && (attr(n, "action") == "" || attr(n, "method") != "post" && !slices.Contains([]string{"/desk/audit", "/desk/queue", "/desk/search", "/desk/calendar", "/desk/balance"}, attr(n, "action"))):
			found = append(found, "a form without method and address")
		}
		for _, a := range n.Attr {
			if n.Type != html.ElementNode {
				continue
			}
			if !slices.Contains(deskAttributes, a.Key) {
				found = append(found, n.Data+" "+a.Key)
			}
			if slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) && !ours(a.Val) {
				found = append(found, n.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return found
}

// ours reports whether an address is a page here or one on the web.
func ours(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	web := (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	return web || u.Scheme == "" && u.Host == "" && (strings.HasPrefix(address, "#") || strings.HasPrefix(address, "/"))
}

// infested puts the payloads wherever text comes in, and returns the pages
// that show them.
func (r *staffRoom) infested(all []string) []string {
	r.T.Helper()
	ctx := context.Background()
	short := func(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }
	clean := func(s string) string { return strings.ReplaceAll(s, "\x00", "") }
	one := short(clean(all[0]), 180)
	if strings.TrimSpace(one) == "" {
		one = "x"
	}
	many := clean(strings.Join(all, "\n\n"))
	a, _, err := r.Store.AddArticle(ctx, claims.Article{
		Source: "sha256:" + review.HashSnapshot([]byte(many)), URL: "javascript:" + one, Title: one, Publisher: one, Author: one, Lang: "en",
		MediaType: one, SHA256: review.HashSnapshot([]byte(many)), Text: many, AddedAt: r.Now(),
	})
	if err != nil {
		r.T.Fatal(err)
	}
	var ids []int64
	at := 0
	for _, p := range all {
		p = clean(p)
		if span, err := claims.SpanAt(many, at, at+len(p)); err == nil {
			ids = append(ids, r.infest(a, span, one))
		}
		at += len(p) + 2
	}
	paths := []string{"/desk", "/desk/queue", "/desk/queue?state=research", "/desk/articles", fmt.Sprintf("/desk/articles/%d", a.ID)}
	if len(ids) == 0 {
		return paths
	}
	r.work(ids[0], one, many, all)
	for _, id := range ids[:min(3, len(ids))] {
		paths = append(paths, reviewPath(id)+"?from="+url.QueryEscape(one))
	}
	return paths
}

// infest opens a review of a payload as a claim.
func (r *staffRoom) infest(a claims.Article, span claims.Span, one string) int64 {
	r.T.Helper()
	attribution := claims.Attribution{Type: claims.Direct, Speaker: one, Canonical: one, Cue: one, Start: span.Start, End: span.End}
	claimID, isNew, err := r.Store.AddClaim(context.Background(),
		claims.Claim{Text: span.Quote, ShortForm: one, Kind: claims.Quantity, Lang: "en", Fingerprint: fmt.Sprint(r.Now().UnixNano()), CreatedAt: r.Now()},
		claims.Claimant{}, claims.Appearance{ArticleID: a.ID, Span: span, Attribution: attribution, Score: .9, Reasons: []string{one}, AddedAt: r.Now()})
	if err != nil || !isNew {
		r.T.Fatalf("%v, new %v", err, isNew)
	}
	id, err := r.Reviews.Open(context.Background(), claimID, .9, 0)
	if err != nil {
		r.T.Fatal(err)
	}
	return id
}

// work takes a review to research with payloads in every field.
func (r *staffRoom) work(id int64, one, many string, all []string) {
	r.T.Helper()
	r.Do(id, r.Ana, review.Accept, func(c *review.Command) {
		c.Note = one
		c.Claim = &review.ClaimDraft{Text: one, ShortForm: one, Kind: claims.Other, Lang: "en", Claimant: one, ClaimantKind: claims.Person, Chosen: one}
	})
	r.Do(id, r.Ana, review.Take)
	for _, p := range all[:min(len(all), 150)] {
		p = strings.ReplaceAll(p, "\x00", "")
		for _, address := range []string{"https://a.example/" + p, ""} {
			e := review.Evidence{URL: address, ArchiveURL: address, Title: p + ".", Publisher: p, Quote: p, Note: p, Stance: review.Refutes}
			if _, err := r.Try(id, r.Ana, review.AddEvidence, func(c *review.Command) { c.Evidence = &e }); err == nil {
				break // else its address is none: without it, then
			}
		}
	}
	r.Do(id, r.Ana, review.SaveVerdict, func(c *review.Command) {
		c.Verdict = &review.VerdictDraft{Summary: one, Rationale: many[:min(len(many), 8_000)], OneSource: one}
		c.Verdict.Rationale = strings.ToValidUTF8(c.Verdict.Rationale, "")
	})
}

// holdInfested looks at every page with the payloads, and at what comes back
// when a form with them is refused.
func (r *staffRoom) holdInfested(all []string) {
	r.T.Helper()
	for _, path := range r.infested(all) {
		page := r.read(r.Ana, path)
		if found := strange(r.T, page); found != nil {
			r.T.Errorf("%s with %.60q: %.300q", path, all[0], found)
		}
	}
	id := r.Claim(fmt.Sprintf("Claim %d", r.Now().UnixNano()))
	for _, p := range all {
		w := r.move(r.Ana, id, review.Dismiss, "note", p)
		if w.Code != http.StatusUnprocessableEntity {
			r.T.Fatalf("status %d", w.Code)
		}
		if found := strange(r.T, w.Body.String()); found != nil {
			r.T.Errorf("a refused form with %.60q: %.300q", p, found)
		}
	}
	for _, w := range []string{r.get(r.Ana, "/desk/"+url.PathEscape(all[0])).Body.String(), r.post(review.Person{}, reviewPath(id)+"/moves", url.Values{all[0]: all}).Body.String(),
		r.post(review.Person{}, "/sign-in", url.Values{"email": {all[0]}, "password": {"x"}, "next": {all[0]}}).Body.String(), r.hand(r.Ana, "url", all[0], "text", all[0]).Body.String()} {
		if found := strange(r.T, w); found != nil {
			r.T.Errorf("an answer with %.60q: %.300q", all[0], found)
		}
	}
}

func TestHostileTextStaysTextOnTheDesk(t *testing.T) {
	r := newStaff(t)
	r.holdInfested(payloads)
	for _, p := range payloads { // each once as a title, a name and a reason
		r.holdInfested([]string{p, "Some other words."})
	}
}

func TestHostileTextIsShownToTheLetter(t *testing.T) {
	r := newStaff(t)
	const text = `<script>alert("1")</script> & ‘x’ said`
	a := r.Article(text + "\n")
	id := r.ClaimIn(a, text, "Lena <b>Marsh")
	for _, path := range []string{reviewPath(id), fmt.Sprintf("/desk/articles/%d", a.ID), "/desk/queue"} {
		var shown strings.Builder
		for n := range parsed(t, r.read(r.Ana, path)).Descendants() {
			if n.Type == html.TextNode {
				shown.WriteString(n.Data)
			}
		}
		if !strings.Contains(shown.String(), text) {
			t.Errorf("%s does not show the words as they are", path)
		}
	}
}

// TestCorporaStayTextOnTheDesk runs when FACTCHECK_CORPORA names a folder with
// xss_all.json, a list of objects with a payload each.
func TestCorporaStayTextOnTheDesk(t *testing.T) {
	dir := os.Getenv("FACTCHECK_CORPORA")
	if dir == "" {
		t.Skip("FACTCHECK_CORPORA is not set")
	}
	data, err := os.ReadFile(filepath.Join(dir, "xss_all.json"))
	if err != nil {
		t.Fatal(err)
	}
	var corpus []struct{ Payload string }
	if err := json.Unmarshal(data, &corpus); err != nil || len(corpus) == 0 {
		t.Fatalf("%d payloads: %v", len(corpus), err)
	}
	var all []string
	for _, c := range corpus {
		all = append(all, c.Payload)
	}
	r := newStaff(t)
	for chunk := range slices.Chunk(all, 120) {
		r.holdInfested(chunk)
	}
}
