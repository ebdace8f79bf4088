package web_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// few are the tables that do not grow with what the desk does.
var few = []string{"people", "scales", "policies", "sources", "workspaces", "goose_db_version"}

// excused are statements that read more than they show, and why that is bounded.
var excused = map[string]string{
	"GROUP BY state":         "the reviews are counted once a start; then their counts follow the events",
	"GROUP BY `assignee_id`": "the work under way: what people can have in their hands", `GROUP BY "assignee_id"`: "the same",
	"GROUP BY `submitter_id`": "the work with the editors", `GROUP BY "submitter_id"`: "the same",
}

// TestNoPageReadsAWholeTable asks for every page and has the database explain
// every statement behind it: none walks all rows of a table that grows, or sorts
// all reviews in a state to show a few. A planner that has statistics may do
// better; it cannot do worse for the want of an index.
func TestNoPageReadsAWholeTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		r := newStaffOn(t, dsn)
		explain := planner(t, dsn)
		seen := map[string]bool{}
		for who, paths := range busy(r) {
			for _, path := range paths {
				for _, statement := range r.statementsOf(r.member(who), path) {
					if seen[statement] || !strings.HasPrefix(strings.TrimSpace(statement), "SELECT") {
						continue
					}
					seen[statement] = true
					if strings.Contains(strings.ToLower(statement), "lena marsh") {
						t.Errorf("GET %s: a slow statement would leave in the log what it is about: %s", path, statement)
					}
					plan := explain(statement)
					if line := wasteful(plan, strings.Contains(statement, "LIMIT")); line != "" && !isExcused(statement) {
						t.Errorf("GET %s: %s in\n%s\n%s", path, line, statement, strings.Join(plan, "\n"))
					}
				}
			}
		}
		if len(seen) < 60 {
			t.Errorf("%d statements were explained", len(seen))
		}
	})
}

func isExcused(statement string) bool {
	for part := range excused {
		if strings.Contains(statement, part) {
			return true
		}
	}
	return false
}

// member is somebody on the desk of busy, by name.
func (r *staffRoom) member(name string) review.Person {
	return map[string]review.Person{"omar": r.Omar, "stella": r.Stella, "adam": r.Adam}[name]
}

// busy fills a desk with one of everything, and says who asks for which pages.
func busy(r *staffRoom) map[string][]string {
	a := r.Article("Fares are 1 crown. " + crowns(12))
	id := r.ClaimIn(a, "1 crown", "Lena Marsh")
	slug := r.Published(id).Slug
	r.Do(id, r.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Update, r.Ana.ID })
	for i := 2; i <= 12; i++ {
		if other := r.ClaimIn(a, fmt.Sprintf("%d crowns", i), "Lena Marsh"); i < 4 {
			r.Published(other)
		}
	}
	pages := []string{
		"/desk", "/desk/articles", fmt.Sprintf("/desk/articles/%d", a.ID), "/desk/search?q=fares", "/desk/search?q=fares&kind=claim", "/desk/calendar", "/desk/balance", "/desk/notices",
		"/desk/notices/count", "/desk/workload", "/desk/trends", "/desk/again", "/desk/speakers/1", "/desk/sources", "/desk/sources?seen=yes", "/desk/me", "/desk/interests", "/desk/interests?person=1", "/desk/queue?state=triage&topic=fares", "/desk/balance?list=topics&after=9+fares", "/desk/balance?list=speakers&after=9+1", "/desk/complaints", "/desk/complaints?decided=yes", "/desk/watching",
		"/", "/checks/" + slug, "/checks/" + slug + "/claimreview.json", "/corrections", "/complaints", "/feeds/checks.xml", "/feeds/checks.json", "/feeds/corrections.xml", "/sitemap.xml",
		"/readyz", "/speakers/lena-marsh",
	}
	for _, s := range review.States {
		pages = append(pages, "/desk/queue?state="+string(s))
	}
	for _, f := range []string{"flag=held", "flag=to_sign", "flag=look_back", "flag=open_ends", "flag=overdue", "flag=due"} {
		pages = append(pages, "/desk/queue?"+f)
	}
	for _, of := range []string{"", "?typed=form-verdict", "/timeline", "/earlier", "/around", "/comments", "/drafts"} {
		pages = append(pages, reviewPath(id)+of, reviewPath(id+1)+of, reviewPath(id+6)+of)
	}
	pages = append(pages, reviewPath(id)+"/preview") // of a published one it leads to what readers see
	return map[string][]string{
		"omar": pages, "stella": {"/desk", "/desk/audit", "/desk/audit?action=approve", "/desk/audit?person=1", "/desk/audit.csv", reviewPath(id + 1)},
		"adam": {"/desk", "/desk/policy", "/desk/people", "/desk/audit", reviewPath(id + 6)},
	}
}

// statementsOf are the statements behind one page.
func (r *staffRoom) statementsOf(who review.Person, path string) (out []string) {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	ctx, seen := store.RecordStatements(req.Context())
	if w := r.send(who, req.WithContext(ctx)); w.Code != http.StatusOK {
		r.T.Errorf("GET %s answers %s with %d", path, who.Name, w.Code)
	}
	seen.Range(func(k, _ any) bool { out = append(out, k.(string)); return true })
	return out
}

var (
	placeholder = regexp.MustCompile(`\$(\d+)\$?`)                                                          // gorm writes $1$ where it leaves values out
	scan        = regexp.MustCompile(`^SCAN (\w+)( USING (COVERING )?INDEX \w+)?$`)                         // SQLite
	ofState     = regexp.MustCompile(`^SEARCH \w+ USING (COVERING )?INDEX reviews_\w+ \(state=\?\)$`)       // SQLite
	seqScan     = regexp.MustCompile(`Seq Scan on (\w+)`)                                                   // PostgreSQL
	made        = regexp.MustCompile(`^(CO-ROUTINE|MATERIALIZE) (\w+)$`)                                    // SQLite: a table that a statement makes for itself
	sorts       = regexp.MustCompile(`^USE TEMP B-TREE FOR (ORDER BY|GROUP BY|DISTINCT|count\(DISTINCT\))`) // SQLite: all of what was found, before the first of it is shown
)

// wasteful is the line of a plan that reads more than it must; empty if none does.
// A table may be walked in the order in which it is shown, up to a limit.
func wasteful(plan []string, limited bool) string {
	own := map[string]bool{"CONSTANT": true}
	for _, line := range plan {
		if m := made.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			own[m[2]] = true
		}
	}
	for i, line := range plan {
		text := strings.TrimSpace(line)
		if m := seqScan.FindStringSubmatch(text); m != nil && !slices.Contains(few, m[1]) {
			return line
		}
		m := scan.FindStringSubmatch(text)
		walks := m != nil && !own[m[1]] && !slices.Contains(few, m[1])
		if sorted := sortedAfter(plan[i:]); walks && (sorted || !limited) || ofState.MatchString(text) && sorted {
			return line
		}
	}
	return ""
}

// sortedAfter reports whether what the first line finds is sorted by a line of the
// same level.
func sortedAfter(plan []string) bool {
	level := depth(plan[0])
	for _, line := range plan[1:] {
		if depth(line) < level {
			return false
		}
		if depth(line) == level && sorts.MatchString(strings.TrimSpace(line)) {
			return true
		}
	}
	return false
}

func depth(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// planner explains statements, whose values do not matter: on PostgreSQL by a
// plan for any values, with tables read whole only where nothing else is possible.
func planner(t *testing.T, dsn string) func(string) []string {
	db := storetest.Raw(t, dsn)
	db.SetMaxOpenConns(1)
	if !strings.HasPrefix(dsn, "postgres") {
		return func(statement string) []string {
			rows, err := db.Query("EXPLAIN QUERY PLAN "+statement, make([]any, strings.Count(statement, "?"))...)
			return explained(t, rows, err)
		}
	}
	n := 0
	return func(statement string) []string {
		n++
		values := 0
		for _, m := range placeholder.FindAllStringSubmatch(statement, -1) {
			k, _ := strconv.Atoi(m[1])
			values = max(values, k)
		}
		statement = placeholder.ReplaceAllString(statement, "$$$1")
		for _, s := range []string{"SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan", fmt.Sprintf("PREPARE asked%d AS %s", n, statement)} {
			if _, err := db.Exec(s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
		execute := fmt.Sprintf("EXPLAIN (COSTS off) EXECUTE asked%d", n)
		if values > 0 {
			execute += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", values), ", ") + ")"
		}
		rows, err := db.Query(execute)
		return explained(t, rows, err)
	}
}

// explained are the lines of a plan, SQLite's indented by their level as
// PostgreSQL's are.
func explained(t *testing.T, rows *sql.Rows, err error) (out []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	levels := map[int]int{}
	for rows.Next() {
		var id, parent, unused int
		var line string
		into := []any{&id, &parent, &unused, &line}
		if err := rows.Scan(into[len(into)-len(columns):]...); err != nil {
			t.Fatal(err)
		}
		levels[id] = levels[parent] + 1
		if len(columns) > 1 {
			line = strings.Repeat("  ", levels[id]) + line
		}
		out = append(out, line)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}
