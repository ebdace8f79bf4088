package web_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// TestPlans prints how the databases answer what pages ask.
func TestPlans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		r := newStaffOn(t, dsn)
		all := map[string]string{}
		id, article, slug := busy(r)
		for _, path := range everyPage(id, article, slug) {
			for _, sql := range r.statementsOf(path) {
				if _, ok := all[sql]; !ok {
					all[sql] = path
				}
			}
		}
		var sqls []string
		for s := range all {
			sqls = append(sqls, s)
		}
		slices.SortFunc(sqls, func(a, b string) int { return strings.Compare(all[a]+a, all[b]+b) })
		for _, s := range sqls {
			fmt.Printf("== %s: %s\n", all[s], s)
			for _, line := range planOf(t, dsn, s) {
				fmt.Printf("        %s\n", line)
			}
		}
	})
}

func busy(r *staffRoom) (id, article int64, slug string) {
	a := r.Article("Fares are 1 crown. " + crowns(12))
	id = r.ClaimIn(a, "1 crown", "Lena Marsh")
	slug = r.Published(id).Slug
	r.Do(id, r.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Update, r.Ana.ID })
	for i := 2; i <= 12; i++ {
		other := r.ClaimIn(a, fmt.Sprintf("%d crowns", i), "Lena Marsh")
		if i < 4 {
			r.Published(other)
		}
	}
	return id, a.ID, slug
}

func everyPage(id, article int64, slug string) []string {
	return []string{
		"/desk", "/desk/queue", "/desk/queue?state=queued", "/desk/queue?state=published", "/desk/queue?flag=held", "/desk/queue?flag=to_sign", "/desk/queue?flag=look_back", "/desk/queue?flag=open_ends", "/desk/queue?flag=overdue", "/desk/queue?flag=due",
		"/desk/queue?state=triage&kind=quantity&priority=high", reviewPath(id), reviewPath(id + 1), reviewPath(id + 5), reviewPath(id) + "?typed=form-verdict", reviewPath(id) + "/timeline", reviewPath(id) + "/earlier", reviewPath(id) + "/around", reviewPath(id) + "/comments", reviewPath(id) + "/drafts", reviewPath(id) + "/preview",
		"/desk/articles", fmt.Sprintf("/desk/articles/%d", article), "/desk/search?q=fares", "/desk/search?q=fares&kind=claim", "/desk/calendar", "/desk/balance", "/desk/notices", "/desk/notices/count", "/desk/workload",
		"/desk/trends", "/desk/again", "/desk/speakers/1", "/desk/sources", "/desk/complaints", "/desk/complaints?decided=yes", "/desk/policy", "/desk/people", "/desk/audit", "/desk/audit.csv", "/desk/watching",
		"/", "/checks/" + slug, "/checks/" + slug + "/claimreview.json", "/checks/" + slug + "/editions/1", "/corrections", "/complaints", "/feeds/checks.xml", "/feeds/checks.json", "/feeds/corrections.xml", "/sitemap.xml", "/readyz",
		"/speakers/lena-marsh",
	}
}

func (r *staffRoom) statementsOf(path string) (out []string) {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	ctx, seen := store.RecordStatements(req.Context())
	if w := r.send(r.Omar, req.WithContext(ctx)); w.Code != http.StatusOK {
		fmt.Printf("GET %s answers %d\n", path, w.Code)
	}
	seen.Range(func(k, _ any) bool { out = append(out, k.(string)); return true })
	return out
}

var _ sync.Map

var placeholder = regexp.MustCompile(`\$(\d+)`)

func planOf(t *testing.T, dsn, query string) []string {
	t.Helper()
	db := storetest.Raw(t, dsn)
	db.SetMaxOpenConns(1)
	if !strings.HasPrefix(dsn, "postgres") {
		args := make([]any, strings.Count(query, "?"))
		rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
		if err != nil {
			return []string{err.Error()}
		}
		return explained(t, rows, 4)
	}
	n := 0
	for _, m := range placeholder.FindAllStringSubmatch(query, -1) {
		var k int
		fmt.Sscan(m[1], &k)
		n = max(n, k)
	}
	for _, s := range []string{"SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan", "PREPARE asked AS " + query} {
		if _, err := db.Exec(s); err != nil {
			return []string{err.Error()}
		}
	}
	exec := "EXPLAIN (COSTS off) EXECUTE asked"
	if n > 0 {
		exec += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"
	}
	rows, err := db.Query(exec)
	if err != nil {
		return []string{err.Error()}
	}
	return explained(t, rows, 1)
}

func explained(t *testing.T, rows *sql.Rows, columns int) (out []string) {
	t.Helper()
	for rows.Next() {
		var line string
		into := make([]any, columns)
		for i := range into {
			into[i] = new(any)
		}
		into[columns-1] = &line
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}
