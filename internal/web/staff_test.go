package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/net/html"

	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/export"
	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/outreach"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
	"factcheck/internal/web"
)

// staffRoom is the desk over a real store, with somebody at the browser.
type staffRoom struct {
	*storetest.Desk
	dsn      string // of the database
	server   *web.Server
	sessions *scs.SessionManager
	reads    *counted
	handler  http.Handler
	cookies  map[int64]*http.Cookie
	ingested []web.Submission
	jobs     *pipeline.Work
}

// counted counts what a page reads from the store.
type counted struct {
	web.Store
	n int
}

func (s *counted) Dossier(ctx context.Context, id int64) (review.Dossier, error) {
	s.n++
	return s.Store.Dossier(ctx, id)
}

func (s *counted) Events(ctx context.Context, id int64) ([]review.Event, error) {
	s.n++
	return s.Store.Events(ctx, id)
}

func (s *counted) Rows(ctx context.Context, f review.Filter) ([]review.Row, error) {
	s.n++
	return s.Store.Rows(ctx, f)
}

func (s *counted) Counts(ctx context.Context) (map[review.State]int, error) {
	s.n++
	return s.Store.Counts(ctx)
}

func (s *counted) Article(ctx context.Context, id int64) (claims.Article, error) {
	s.n++
	return s.Store.Article(ctx, id)
}

func (s *counted) Versions(ctx context.Context, source string) ([]claims.Article, error) {
	s.n++
	return s.Store.Versions(ctx, source)
}

func (s *counted) Articles(ctx context.Context, before int64, limit int) ([]review.ArticleRow, error) {
	s.n++
	return s.Store.Articles(ctx, before, limit)
}

func (s *counted) Marks(ctx context.Context, id int64) ([]review.Mark, error) {
	s.n++
	return s.Store.Marks(ctx, id)
}

func (s *counted) People(ctx context.Context) ([]review.Person, error) {
	s.n++
	return s.Store.People(ctx)
}

func newStaff(t testing.TB) *staffRoom {
	t.Helper()
	return newStaffOn(t, filepath.Join(t.TempDir(), "test.db"))
}

// newStaffOn is newStaff over a database of any kind.
func newStaffOn(t testing.TB, dsn string) *staffRoom {
	t.Helper()
	st := storetest.Open(t, dsn)
	r := &staffRoom{dsn: dsn, Desk: storetest.NewDesk(t, st), reads: &counted{Store: st}, cookies: map[int64]*http.Cookie{}}
	r.sessions = auth.NewSessions(store.Sessions{Store: st, Now: time.Now}, false)
	r.server = &web.Server{
		Reviews: r.Reviews, Store: r.reads, Accounts: &auth.Service{Store: st, Now: r.Now}, Sessions: r.sessions, Ingest: r.ingest,
		Sides:     &review.Sides{Store: st, Now: r.Now},
		Attention: &review.Attention{Store: st, Now: r.Now},
		Comments:  &review.Comments{Store: st, Now: r.Now},
		Ticks:     &review.Ticks{Store: st, Now: r.Now},
		Interests: &review.Interests{Store: st, Now: r.Now},
		Drifts:    &review.Drifts{Store: st, Now: r.Now},
		Suggested: review.Checklists{claims.Quantity: {"Counted anew", "Same units"}, claims.QuoteKind: {"Heard it"}},
		Site:      export.Site{Name: "The Fjord Check", BaseURL: "https://checks.example"}, Now: r.Now,
		Recurrence: &earlier.Recurrence{Store: st, Now: r.Now},
		Earlier:    &earlier.Service{Store: st, Index: earlier.NewIndex(st, nil, r.Now), Reviews: r.Reviews, Now: r.Now},
	}
	files, err := evidence.OpenFiles(filepath.Join(t.TempDir(), "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	work := &pipeline.Work{Queue: &jobs.Queue{Store: st, Now: r.Now}}
	work.Evidence = &evidence.Service{
		Store: st, Files: files, Now: r.Now, Guard: fetch.Guard{AllowLoopback: true}, Enqueue: work.Capture,
		Read: func(data []byte, contentType, _ string) (string, string, error) {
			a, err := new(ingest.Reader).Read(t.Context(), ingest.Input{Data: data, ContentType: contentType})
			return a.Title, a.Text, err
		},
	}
	work.Reviews, r.Reviews.After = r.Reviews, work.After
	r.jobs, r.server.Evidence, r.server.LookNow = work, work.Evidence, work.LookNow
	r.server.Outside = &outreach.Service{
		Store: st, Reviews: r.Reviews, Jobs: &jobs.Queue{Store: st, Now: r.Now}, Name: "The Fjord Check", BaseURL: "https://checks.example", Now: r.Now,
	}
	r.server.Watch = r.watch()
	r.open()
	return r
}

func (r *staffRoom) open() {
	r.T.Helper()
	h, err := r.server.Handler()
	if err != nil {
		r.T.Fatal(err)
	}
	r.handler = h
}

// ingest stores the text as an article and finds nothing in it. The words
// "unreachable" and "broken" fail as other sites and we ourselves do.
func (r *staffRoom) ingest(_ context.Context, in web.Submission, by review.Person) (int64, int, error) {
	if err := review.CheckMayAdd(by); err != nil {
		return 0, 0, err
	}
	r.ingested = append(r.ingested, in)
	switch {
	case strings.Contains(in.URL, "unreachable"):
		return 0, 0, errs.New("ingest", errs.Upstream, "That site did not answer within ten seconds.")
	case strings.Contains(string(in.Data), "broken"):
		return 0, 0, io.ErrUnexpectedEOF
	}
	return r.Article(fmt.Sprintf("Text %d: %s", len(r.ingested), in.Data)).ID, 3, nil
}

// cookie is the cookie of a session that p has, as signing in leaves it.
func (r *staffRoom) cookie(p review.Person) *http.Cookie {
	r.T.Helper()
	if c := r.cookies[p.ID]; c != nil {
		return c
	}
	ctx, err := r.sessions.Load(context.Background(), "")
	if err != nil {
		r.T.Fatal(err)
	}
	r.sessions.Put(ctx, "person", p.ID)
	token, _, err := r.sessions.Commit(ctx)
	if err != nil {
		r.T.Fatal(err)
	}
	r.cookies[p.ID] = &http.Cookie{Name: r.sessions.Cookie.Name, Value: token}
	return r.cookies[p.ID]
}

// send asks as p; the zero Person has no session.
func (r *staffRoom) send(p review.Person, req *http.Request) *httptest.ResponseRecorder {
	r.T.Helper()
	if p.ID != 0 {
		req.AddCookie(r.cookie(p))
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	return w
}

func (r *staffRoom) get(p review.Person, path string) *httptest.ResponseRecorder {
	r.T.Helper()
	return r.send(p, httptest.NewRequest(http.MethodGet, path, http.NoBody))
}

// read is the body of a page that must be there.
func (r *staffRoom) read(p review.Person, path string) string {
	r.T.Helper()
	w := r.get(p, path)
	if w.Code != http.StatusOK {
		r.T.Fatalf("GET %s = %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (r *staffRoom) post(p review.Person, path string, f url.Values) *httptest.ResponseRecorder {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.send(p, req)
}

// move posts an action on the review as it stands now.
func (r *staffRoom) move(p review.Person, id int64, a review.Action, more ...string) *httptest.ResponseRecorder {
	r.T.Helper()
	f := r.form(id, append([]string{"action", string(a)}, more...)...)
	return r.post(p, reviewPath(id)+"/moves", f)
}

// form is a form of a review's page as it stands now.
func (r *staffRoom) form(id int64, more ...string) url.Values {
	r.T.Helper()
	f := url.Values{"version": {strconv.FormatInt(r.Dossier(id).Review.Version, 10)}, "key": {fmt.Sprintf("key-%d", r.Now().UnixNano())}}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

func reviewPath(id int64) string { return fmt.Sprintf("/desk/reviews/%d", id) }

// multipartForm is the form for an article; a field named file is a file
// called story.txt.
func multipartForm(t testing.TB, pairs ...string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		var part io.Writer
		var err error
		if pairs[i] == "file" {
			part, err = w.CreateFormFile("file", "story.txt")
		} else {
			part, err = w.CreateFormField(pairs[i])
		}
		if err == nil {
			_, err = io.WriteString(part, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

func (r *staffRoom) hand(p review.Person, pairs ...string) *httptest.ResponseRecorder {
	r.T.Helper()
	body, contentType := multipartForm(r.T, pairs...)
	req := httptest.NewRequest(http.MethodPost, "/desk/articles", body)
	req.Header.Set("Content-Type", contentType)
	return r.send(p, req)
}

// events is how many lines the history of a review has.
func (r *staffRoom) events(id int64) int {
	r.T.Helper()
	all, err := r.Store.Events(context.Background(), id)
	if err != nil {
		r.T.Fatal(err)
	}
	return len(all)
}

// verdictForm is a whole verdict.
func verdictForm(f url.Values, summary string) url.Values {
	f.Set("rating", "false")
	f.Set("summary", summary)
	f.Set("rationale", "The table says otherwise [1].")
	f.Set("one_source", "")
	f.Set("no_conflict", "yes")
	return f
}

// parsed is a page as a browser reads it.
func parsed(t testing.TB, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// elements are the elements with that name below n.
func elements(n *html.Node, name string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			out = append(out, d)
		}
	}
	return out
}

// filled is what a form of a page would send as it stands.
func filled(form *html.Node) url.Values {
	f := url.Values{}
	for n := range form.Descendants() {
		if n.Type != html.ElementNode || attr(n, "name") == "" {
			continue
		}
		switch n.Data {
		case "input":
			box := attr(n, "type") == "radio" || attr(n, "type") == "checkbox"
			if attr(n, "type") != "file" && (!box || hasAttr(n, "checked")) {
				f.Set(attr(n, "name"), attr(n, "value"))
			}
		case "textarea":
			var text string
			for c := range n.ChildNodes() {
				text += c.Data
			}
			f.Set(attr(n, "name"), text)
		case "select":
			for _, o := range elements(n, "option") {
				if hasAttr(o, "selected") {
					f.Set(attr(n, "name"), attr(o, "value"))
				}
			}
		}
	}
	return f
}

// formTo is the form of a page that posts to path.
func formTo(t testing.TB, page, path string) url.Values {
	t.Helper()
	for _, form := range elements(parsed(t, page), "form") {
		if attr(form, "action") == path {
			return filled(form)
		}
	}
	t.Fatalf("no form posts to %s", path)
	return nil
}

// account adds somebody with those roles. Nobody can sign in as them.
func (r *staffRoom) account(name string, roles ...review.Role) review.Person {
	r.T.Helper()
	id, err := r.Store.AddAccount(context.Background(), auth.Account{
		Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org", PasswordHash: "-", Roles: roles, Active: true, CreatedAt: r.Now(),
	})
	if err != nil {
		r.T.Fatal(err)
	}
	p, err := r.Store.Person(context.Background(), id)
	if err != nil {
		r.T.Fatal(err)
	}
	return p
}

// policy is the policy in force.
func (r *staffRoom) policy() review.Policy {
	r.T.Helper()
	p, err := r.Store.Policy(context.Background())
	if err != nil {
		r.T.Fatal(err)
	}
	return p
}

// policyForm is the form of the policy as the default one fills it, with pairs
// of names and values changed.
func policyForm(pairs ...string) url.Values {
	f := url.Values{"read": {"0"}, "quorum": {"1"}, "verdict_quorum": {"2"}, "high_risk_quorum": {"2"}, "sources": {"2"}, "reply_hours": {"24"}, "urgent_reply_hours": {"2"}, "scale": {"five-point"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// decide puts a policy in force as Adam does on its page.
func (r *staffRoom) decide(pairs ...string) {
	r.T.Helper()
	f := policyForm(append([]string{"read", strconv.FormatInt(r.policy().ID, 10)}, pairs...)...)
	if w := r.post(r.Adam, "/desk/policy", f); w.Code != http.StatusSeeOther {
		r.T.Fatalf("policy %v = %d\n%s", pairs, w.Code, w.Body)
	}
}

// Accounts is who can sign in.
func (r *staffRoom) Accounts() *auth.Service { return r.server.Accounts }
