package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// saidIn stores the words of a known claim of Lena Marsh in another article.
func (r *staffRoom) saidIn(text, title string, published time.Time) {
	r.T.Helper()
	ctx, n := context.Background(), r.Now().UnixNano()
	a, _, err := r.Store.AddArticle(ctx, claims.Article{
		Source: fmt.Sprintf("https://other.example.org/%d", n), URL: fmt.Sprintf("https://other.example.org/%d", n), Title: title, Publisher: "The <Other>",
		Lang: "en", MediaType: "text/plain", SHA256: review.HashSnapshot(fmt.Append(nil, text, n)), Text: text, PublishedAt: published, AddedAt: r.Now(),
	})
	if err != nil {
		r.T.Fatal(err)
	}
	span, err := claims.SpanAt(text, 0, len(text))
	if err != nil {
		r.T.Fatal(err)
	}
	_, isNew, err := r.Store.AddClaim(ctx, claims.Claim{Text: text, Fingerprint: claims.Fingerprint(text) + "|lena marsh"}, claims.Claimant{},
		claims.Appearance{ArticleID: a.ID, Span: span, Attribution: claims.Attribution{Speaker: "the mayor"}, AddedAt: r.Now()})
	if err != nil || isNew {
		r.T.Fatalf("%q is new: %v, %v", text, isNew, err)
	}
}

func TestWhatIsSaidAgainShowsOnTheDeskUntilItIsSeen(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 12%")
	r.Published(id)
	r.saidIn("crime fell 12%", "Again & <again>", storetest.Start.AddDate(0, 1, 0))
	wants(t, r.read(r.Ana, "/desk"), "Said again after we rated it", "Again &amp; &lt;again&gt;", "the mayor", "Mostly true")
	page := r.read(r.Ana, "/desk/again")
	wants(t, page, "The &lt;Other&gt;", fmt.Sprintf("/desk/reviews/%d/timeline", id))
	at := page[strings.Index(page, "/desk/again/"):]
	at = at[:strings.Index(at, `"`)]
	if w := r.post(r.Vera, at, nil); w.Code != http.StatusForbidden {
		t.Errorf("a viewer marks it as seen: %d", w.Code)
	}
	if w := r.post(r.Ana, at, nil); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
	wants(t, r.read(r.Ana, "/desk/again"), "marked as seen", "Nothing that we rated was said again")
	refuses(t, r.read(r.Ana, "/desk"), "Said again after we rated it")
}

func TestATimelineHasEveryAppearanceAndItsNumbers(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 12%")
	r.Published(id)
	for i := range 55 {
		r.saidIn("crime fell 12%", fmt.Sprintf("Story %02d", i), storetest.Start.AddDate(0, i%5+1, 0))
	}
	path := reviewPath(id) + "/timeline"
	wants(t, r.read(r.Ana, reviewPath(id)), `href="`+path+`"`, `href="/desk/speakers/`)
	page := r.read(r.Ana, path)
	wants(t, page, "56 appearances", "<svg", `class="after"`, "Story 54", "after our rating", `<th scope="row">Jul 2026 (after our rating)</th><td>11</td>`, "The next 50")
	refuses(t, page, "Story 04", "style=")
	if n := strings.Count(page, `class="sighting"`); n != 50 {
		t.Errorf("%d appearances on the first page", n)
	}
	if n := r.queries(path); n >= 12 {
		t.Errorf("%d queries", n)
	}
}

func TestASpeakerHasTheCountsOfEachRating(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 12%")
	r.Claim("fares rose by half")
	r.Published(id)
	d := r.Dossier(id)
	desk := r.read(r.Ana, fmt.Sprintf("/desk/speakers/%d", d.Claimant.ID))
	wants(t, desk, "Lena Marsh", "Mostly true", "2026", "fares rose by half", "to be triaged", `href="/speakers/lena-marsh"`)
	public := r.read(review.Person{}, "/speakers/lena-marsh")
	wants(t, public, "Lena Marsh", "Mostly true", "crime fell 12%")
	refuses(t, public, "fares rose", "triage")
	check := r.read(review.Person{}, "/checks/"+d.Live.Slug)
	wants(t, check, `href="/speakers/lena-marsh"`)
	for _, path := range []string{"/speakers/ines-vale", "/speakers/-", "/speakers/%00", "/speakers/lena-marsh?before=x"} {
		if w := r.get(review.Person{}, path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s = %d", path, w.Code)
		}
	}
	// What is said again and not published yet does not reach readers.
	r.saidIn("crime fell 12%", "Secret story", storetest.Start.AddDate(0, 1, 0))
	for _, path := range []string{"/checks/" + d.Live.Slug, "/speakers/lena-marsh"} {
		refuses(t, r.read(review.Person{}, path), "Secret story")
	}
}

func TestTrendsHaveTheArticlesBehindThem(t *testing.T) {
	r := newStaff(t)
	wants(t, r.read(r.Ana, "/desk/trends"), "No claim is in two articles")
	r.Claim("crime fell 12%")
	r.Claim("fares rose")
	for i := range 6 {
		r.saidIn("crime fell 12%", fmt.Sprintf("Story %d", i), storetest.Start)
	}
	page := r.read(r.Ana, "/desk/trends")
	wants(t, page, "crime fell 12%", "7 articles this week", "Story 5", "Story 2")
	refuses(t, page, "Story 1", "fares rose")
	if n := r.queries("/desk/trends"); n >= 12 {
		t.Errorf("%d queries", n)
	}
}
