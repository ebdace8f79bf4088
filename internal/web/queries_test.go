package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"factcheck/internal/review"
	"factcheck/internal/store"
)

// TestQueriesPerPageDoNotGrowWithRows counts the statements behind each page,
// session and person included, with one row and with thirty.
func TestQueriesPerPageDoNotGrowWithRows(t *testing.T) {
	r := newStaff(t)
	article := r.Article("Fares are 1 crown. " + crowns(30))
	id := r.ClaimIn(article, "1 crown", "Lena Marsh")
	check := "/checks/" + r.Published(id).Slug
	r.Do(id, r.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Update, r.Ana.ID })
	pages := map[string]int64{
		"/desk": 11, "/desk/queue": 6, "/desk/queue?state=triage": 6, "/desk/queue?flag=held": 6, reviewPath(id): 11, "/desk/articles": 6,
		fmt.Sprintf("/desk/articles/%d", article.ID): 6, "/": 2, check: 4, // the last two of it are on what stands under review
		"/corrections": 2,
	}
	before := map[string]int64{}
	for path := range pages {
		before[path] = r.queries(path)
	}
	for i := 2; i <= 30; i++ {
		other := r.ClaimIn(article, fmt.Sprintf("%d crowns", i), "Lena Marsh")
		if i < 8 {
			r.Published(other)
		}
	}
	for range 20 {
		r.Evidence(id, r.Ana, "https://more.example.org/x", review.Context)
	}
	for path, most := range pages {
		n := r.queries(path)
		t.Logf("GET %s: %d queries, %d with more rows", path, before[path], n)
		if n < 1 || n > most || n > before[path]+1 { // one more: a page may read what it need not for an empty list
			t.Errorf("GET %s runs %d queries, and ran %d with fewer rows; at most %d are needed", path, n, before[path], most)
		}
	}
}

func crowns(n int) string {
	s := ""
	for i := 2; i <= n; i++ {
		s += fmt.Sprintf("Then they are %d crowns. ", i)
	}
	return s
}

// TestEveryPageOfAReviewTakesFewerThanTwelveQueries asks for the page of a
// review in every state, as somebody with every role that has to do with it.
func TestEveryPageOfAReviewTakesFewerThanTwelveQueries(t *testing.T) {
	r := newStaff(t)
	r.Omar = r.account("Olga All", review.Checker, review.Editor, review.Standards, review.Admin)
	article := r.Article("Fares are 1 crown. " + crowns(30))
	id, other := r.ClaimIn(article, "1 crown", "Lena Marsh"), r.ClaimIn(article, "2 crowns", "Lena Marsh")
	seen := map[review.State]bool{}
	look := func() {
		t.Helper()
		d := r.Dossier(id)
		seen[d.Review.State] = true
		paths := []string{reviewPath(id) + "?merged=1"}
		if d.MayRead(r.Omar) {
			paths = append(paths, reviewPath(id)+"/read")
		}
		for _, path := range paths {
			if n := r.queries(path); n >= 12 {
				t.Errorf("%s: GET %s runs %d queries", d.Review.State, path, n)
			}
		}
	}
	do := func(by review.Person, a review.Action, fill ...func(*review.Command)) {
		t.Helper()
		r.Do(id, by, a, fill...)
		look()
	}
	look()
	do(r.Edith, review.Dismiss, func(c *review.Command) { c.Dismissal = review.Opinion })
	do(r.Edith, review.Merge, func(c *review.Command) { c.IntoID = other })
	do(r.Stella, review.Unmerge)
	r.Do(id, r.Edith, review.Reopen)
	do(r.Edith, review.Accept, func(c *review.Command) { c.Claim = whole(r.Dossier(id)) })
	do(r.Ana, review.Take)
	r.Evidence(id, r.Ana, "https://stats.example.org/table", review.Supports)
	r.Evidence(id, r.Ana, "https://audit.example.net/report", review.Refutes)
	r.Verdict(id, r.Ana, "mostly_true", "It is about right.")
	do(r.Ana, review.Submit)
	do(r.Ben, review.SecondRead, func(c *review.Command) { c.Rating = "false" })
	r.Do(id, r.Edith, review.ResolveRead)
	do(r.Edith, review.Approve)
	do(r.Edith, review.Schedule, func(c *review.Command) { c.At = r.Now().Add(time.Hour) })
	r.Do(id, r.Edith, review.Unschedule)
	do(r.Edith, review.Publish)
	do(r.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, r.Ana.ID })
	r.Verdict(id, r.Ana, "half_true", "It is half right.")
	do(r.Ana, review.Submit)
	do(r.Edith, review.Abandon)
	do(r.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.WrongVerdict })
	do(r.Stella, review.Retract)
	if len(seen) != len(review.States) {
		t.Errorf("looked at %v", seen)
	}
	for _, path := range []string{"/desk/search?q=fares", "/desk/calendar", "/desk/balance", "/desk/notices", "/desk/complaints", "/desk/complaints?decided=yes", "/complaints", "/desk/workload", "/desk/queue?flag=overdue", reviewPath(id) + "/around", reviewPath(id) + "/drafts", reviewPath(id) + "?typed=form-verdict", "/desk/policy", "/desk/people", "/desk/audit", "/desk", "/desk/queue", "/feeds/checks.xml", "/feeds/corrections.xml", "/sitemap.xml"} {
		if n := r.queries(path); n >= 12 {
			t.Errorf("GET %s runs %d queries", path, n)
		}
	}
}

// whole is a claim as its form sends it, with a reason for choosing it.
func whole(d review.Dossier) *review.ClaimDraft {
	return &review.ClaimDraft{Text: d.Claim.Text, Kind: d.Claim.Kind, Lang: "en", Claimant: d.Claimant.Name, ClaimantKind: d.Claimant.Kind, Chosen: "Widely shared"}
}

// queries counts the statements of one page: the fewest of three looks, since a
// session is written anew once in five minutes of the desk's clock, whatever page
// that is, and a page with many rows moves that clock on by minutes.
func (r *staffRoom) queries(path string) int64 {
	r.T.Helper()
	return min(r.statements(path), r.statements(path), r.statements(path))
}

func (r *staffRoom) statements(path string) int64 {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	ctx, n := store.CountQueries(req.Context())
	if w := r.send(r.Omar, req.WithContext(ctx)); w.Code != http.StatusOK {
		r.T.Fatalf("GET %s answers %d", path, w.Code)
	}
	return n.Load()
}
