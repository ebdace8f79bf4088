package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// visitor is a browser that asks one server for whatever host.
type visitor struct {
	t      *testing.T
	server *httptest.Server
	client *http.Client
}

func newVisitor(t *testing.T, s *httptest.Server) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// ask is the status and the page of one request.
func (v *visitor) ask(method, host, path string, form url.Values) (int, string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, b.String()
}

func (v *visitor) signIn(host, email, password string) {
	v.t.Helper()
	if code, page := v.ask(http.MethodPost, host, "/sign-in", url.Values{"email": {email}, "password": {password}}); code != http.StatusSeeOther {
		v.t.Fatalf("sign in at %s = %d\n%s", host, code, page)
	}
}

// installation is two desks behind one server: the installation's own, with the
// sample desk, and another with one claim.
func installation(t *testing.T) (*httptest.Server, *store.Store) {
	t.Helper()
	ctx, db := t.Context(), filepath.Join(t.TempDir(), "desk.db")
	main := storetest.Open(t, db)
	e := &env{stdout: new(bytes.Buffer), stderr: new(bytes.Buffer), now: time.Now}
	if err := fillDemo(ctx, e, main, &auth.Service{Store: main, Now: e.now}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []store.Workspace{
		{Name: "politics", Title: "Politics desk", Host: "politics.example", CreatedAt: e.now()},
		{Name: "gone", Title: "Closed desk", Host: "gone.example", CreatedAt: e.now()},
	} {
		if err := main.AddWorkspace(ctx, w); err != nil {
			t.Fatal(err)
		}
	}
	if err := main.CloseWorkspace(ctx, "gone", false, e.now()); err != nil {
		t.Fatal(err)
	}
	cmd := serveCmd{database: database{DB: db}, site: site{SiteName: "Sample desk"}}
	own, err := cmd.desk(ctx, e, main, cmd.dir(db, ""), cmd.site.site("http://own.example"))
	if err != nil {
		t.Fatal(err)
	}
	others, err := cmd.otherDesks(ctx, e, main, "http://own.example")
	if err != nil || len(others) != 1 {
		t.Fatalf("%d other desks, %v", len(others), err)
	}
	t.Cleanup(func() {
		for _, d := range []*desk{own, others[0]} {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	server := httptest.NewServer(byHost(own, others))
	t.Cleanup(server.Close)
	return server, others[0].store
}

// anyAddress finds what a page leads to.
var anyAddress = regexp.MustCompile(`(?:href|action|src)="(/[^"#?]*)`)

// crawl are all addresses that somebody signed in at a host can find, at most
// some hundreds, and the claims that they see.
func crawl(v *visitor, host string) (paths []string, texts []string) {
	v.t.Helper()
	seen := map[string]bool{"/desk": true, "/": true, "/desk/queue?state=triage": true, "/desk/queue?state=published": true}
	queue := []string{"/desk", "/", "/desk/queue?state=triage", "/desk/queue?state=published", "/feeds/checks.xml", "/sitemap.xml"}
	claim := regexp.MustCompile(`data-open[^>]*>([^<]{25,})</a>`)
	for len(queue) > 0 && len(paths) < 150 {
		path := queue[0]
		queue = queue[1:]
		if !regexp.MustCompile(`\d|/checks/`).MatchString(path) && len(paths) > 40 {
			continue
		}
		_, page := v.ask(http.MethodGet, host, path, nil)
		paths = append(paths, path)
		for _, m := range claim.FindAllStringSubmatch(page, 3) {
			texts = append(texts, m[1])
		}
		for _, m := range anyAddress.FindAllStringSubmatch(page, -1) {
			if p := m[1]; !seen[p] && !strings.HasPrefix(p, "/static/") && p != "/sign-out" {
				seen[p] = true
				queue = append(queue, p)
			}
		}
	}
	return paths, texts
}

// Invariant 10: no request for one desk reaches another's rows.
func TestNoRequestForOneDeskReachesAnother(t *testing.T) {
	server, politics := installation(t)
	d := storetest.NewDesk(t, politics)
	d.Published(d.Claim("crime fell 12%"))
	accounts := &auth.Service{Store: politics, Now: time.Now}
	if _, err := accounts.Add(t.Context(), auth.NewAccount{Name: "Pia", Email: "pia@politics.example", Password: "for the test only", Roles: review.Roles[:]}); err != nil {
		t.Fatal(err)
	}
	ours, theirs := newVisitor(t, server), newVisitor(t, server)
	ours.signIn("own.example", "edith@desk.example", "for the demo only")
	theirs.signIn("politics.example", "pia@politics.example", "for the test only")

	paths, texts := crawl(ours, "own.example")
	if len(paths) < 60 || len(texts) < 20 {
		t.Fatalf("only %d pages and %d claims were found", len(paths), len(texts))
	}
	for _, path := range paths {
		for _, v := range []*visitor{theirs, newVisitor(t, server)} {
			code, page := v.ask(http.MethodGet, "politics.example", path, nil)
			if code >= http.StatusInternalServerError {
				t.Errorf("%s at the other desk = %d", path, code)
			}
			for _, text := range texts {
				if strings.Contains(page, text) {
					t.Errorf("%s at the other desk shows %q", path, text)
				}
			}
		}
	}
	// A session of one desk is none at the other, nor is a password.
	if code, _ := ours.ask(http.MethodGet, "politics.example", "/desk", nil); code != http.StatusSeeOther {
		t.Errorf("somebody of our desk opens theirs: %d", code)
	}
	if code, _ := newVisitor(t, server).ask(http.MethodPost, "politics.example", "/sign-in", url.Values{"email": {"edith@desk.example"}, "password": {"for the demo only"}}); code == http.StatusSeeOther {
		t.Error("a password of our desk opens theirs")
	}
	// Neither does a form reach across: the id is that of another row, or of none.
	before := len(d.Dossier(1).Evidence)
	ours.ask(http.MethodPost, "politics.example", "/desk/reviews/1/moves", url.Values{"version": {"1"}, "action": {"dismiss"}, "dismissal": {"opinion"}})
	if r := d.Dossier(1); r.Review.State != review.Published || len(r.Evidence) != before {
		t.Errorf("a form of our desk changed theirs: %+v", r.Review)
	}
}

func TestAHostThatNobodyHasIsTheInstallationsOwn(t *testing.T) {
	server, _ := installation(t)
	v := newVisitor(t, server)
	for host, want := range map[string]string{
		"politics.example": "Politics desk", "POLITICS.example:8080": "Politics desk", "politics.example.": "Politics desk",
		"gone.example": "Sample desk", "own.example": "Sample desk", "127.0.0.1": "Sample desk", "evil.politics.example": "Sample desk",
	} {
		if _, page := v.ask(http.MethodGet, host, "/", nil); !strings.Contains(page, want) {
			t.Errorf("%s is not %s", host, want)
		}
	}
}

func TestADeskIsOpenedByItsNameAlone(t *testing.T) {
	db := filepath.Join(t.TempDir(), "desk.db")
	main := storetest.Open(t, db)
	if _, err := store.OpenDesk(context.Background(), db, "nobody"); err == nil {
		t.Error("a desk that is not there was opened")
	}
	for _, bad := range []store.Workspace{
		{Name: "../x", Title: "X", Host: "x.example"}, {Name: "X", Title: "X", Host: "x.example"}, {Name: "x; DROP", Title: "X", Host: "x.example"},
		{Name: "x", Title: " ", Host: "x.example"}, {Name: "x", Title: "X", Host: "x.example:80"}, {Name: "x", Title: "X", Host: "x/y"}, {Name: "x", Title: "X", Host: ""},
	} {
		if err := main.AddWorkspace(t.Context(), bad); err == nil {
			t.Errorf("%+v was added", bad)
		}
	}
}
