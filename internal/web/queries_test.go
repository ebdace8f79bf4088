package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

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
		"/desk": 12, "/desk/queue": 6, "/desk/queue?state=triage": 6, reviewPath(id): 18, "/desk/articles": 6,
		fmt.Sprintf("/desk/articles/%d", article.ID): 6, "/": 2, check: 2, "/corrections": 2,
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

// queries counts the statements of one page: the fewer of two readings, since
// now and then one also notes that the session is alive.
func (r *staffRoom) queries(path string) int64 {
	r.T.Helper()
	return min(r.count(path), r.count(path))
}

func (r *staffRoom) count(path string) int64 {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	ctx, n := store.CountQueries(req.Context())
	if w := r.send(r.Omar, req.WithContext(ctx)); w.Code != http.StatusOK {
		r.T.Fatalf("GET %s answers %d", path, w.Code)
	}
	return n.Load()
}
