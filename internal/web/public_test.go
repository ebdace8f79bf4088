package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"factcheck/internal/auth"
	"factcheck/internal/earlier"
	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
	"factcheck/internal/web"
)

// readers is the public half over a real store, as somebody without an account
// sees it.
type readers struct {
	*storetest.Desk
	handler http.Handler
}

func newReaders(t testing.TB) *readers {
	t.Helper()
	st := storetest.SQLite(t)
	d := storetest.NewDesk(t, st)
	s := &web.Server{
		Reviews: d.Reviews, Store: st, Accounts: &auth.Service{Store: st, Now: d.Now}, Sessions: auth.NewSessions(store.Sessions{Store: st}, false),
		Site: export.Site{Name: "The Fjord Check", BaseURL: "https://checks.example", Contact: "desk@checks.example"}, Now: d.Now,
		Recurrence: &earlier.Recurrence{Store: st, Now: d.Now},
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &readers{d, h}
}

func (r *readers) ask(method, path string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	return w
}

// get is the body of a page that must be there.
func (r *readers) get(path string) string {
	r.T.Helper()
	w := r.ask(http.MethodGet, path)
	if w.Code != http.StatusOK {
		r.T.Fatalf("GET %s = %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// corrected publishes a second edition with another rating.
func (r *readers) corrected(id int64, note string) review.Publication {
	r.T.Helper()
	r.Do(id, r.Ana, review.Correct, func(c *review.Command) { c.Correction, c.Note = review.VerdictChange, note })
	r.Verdict(id, r.Ana, "half_true", "It is half right.")
	r.Do(id, r.Ana, review.Submit)
	r.Do(id, r.Edith, review.Approve)
	r.Do(id, r.Omar, review.Approve)
	r.Do(id, r.Edith, review.Publish)
	return *r.Dossier(id).Live
}

func wants(t *testing.T, page string, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(page, s) {
			t.Errorf("the page has no %q", s)
		}
	}
}

func refuses(t *testing.T, page string, all ...string) {
	t.Helper()
	for _, s := range all {
		if strings.Contains(page, s) {
			t.Errorf("the page has %q", s)
		}
	}
}

func TestAnEmptySiteSaysWhatWillBeThere(t *testing.T) {
	r := newReaders(t)
	wants(t, r.get("/"), "Nothing is published yet.")
	wants(t, r.get("/corrections"), "Nothing has been corrected yet.")
}

func TestAReportTellsWhoFoundWhatAndWhy(t *testing.T) {
	r := newReaders(t)
	p := r.Published(r.Claim("Crime fell by 12 percent"))
	wants(t, r.get("/"), "Crime fell by 12 percent", "Lena Marsh", "Mostly true", `href="/checks/`+p.Slug+`"`)
	refuses(t, r.get("/"), "Verdict changed")
	page := r.get("/checks/" + p.Slug)
	wants(t, page, `<html lang="en" dir="ltr">`, `<link rel="canonical" href="https://checks.example/checks/`+p.Slug+`">`,
		`<meta property="og:title" content="Crime fell by 12 percent">`, `<meta name="description" content="It is about right.">`,
		"Lena Marsh", "Mostly true", "It is about right.", `<a href="#evidence-1" class="cite">[1]</a>`, `id="evidence-1"`,
		"▲", "Supports the claim", "▼", "Refutes the claim", "Written by", "Ana", "Approved by", "Edith", p.ContentHash[:12],
		"desk@checks.example", "Widely shared")
	refuses(t, page, "noindex", "What changed", "edition 1 of")
}

func TestTheClaimReviewIsInThePageAndByItself(t *testing.T) {
	r := newReaders(t)
	p := r.Published(r.Claim("Crime fell by 12 percent"))
	page := r.get("/checks/" + p.Slug)
	found := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("no JSON-LD in the page")
	}
	alone := r.ask(http.MethodGet, "/checks/"+p.Slug+"/claimreview.json")
	if got := alone.Header().Get("Content-Type"); got != "application/ld+json" {
		t.Errorf("type %q", got)
	}
	var inPage, byItself map[string]any
	if err := json.Unmarshal([]byte(found[1]), &inPage); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(alone.Body.Bytes(), &byItself); err != nil {
		t.Fatal(err)
	}
	if inPage["@type"] != "ClaimReview" || inPage["url"] != "https://checks.example/checks/"+p.Slug || fmt.Sprint(inPage) != fmt.Sprint(byItself) {
		t.Errorf("in the page %v\nby itself %v", inPage, byItself)
	}
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("%d scripts in the page, want the data alone", n)
	}
}

func TestACorrectionIsToldAndTheEditionBeforeStays(t *testing.T) {
	r := newReaders(t)
	id := r.Claim("Crime fell by 12 percent")
	first := r.Published(id)
	r.corrected(id, "We had read the wrong column.")

	live := r.get("/checks/" + first.Slug)
	wants(t, live, "Change of verdict", "We had read the wrong column.", "<del>Mostly true</del> <ins>Half true</ins>",
		`href="/checks/`+first.Slug+`/editions/1"`, "It is half right.", "ld+json")
	wants(t, r.get("/"), "Half true", "Verdict changed")

	old := r.get("/checks/" + first.Slug + "/editions/1")
	wants(t, old, "This is edition 1 of 2, replaced", "because the rating was wrong", "We had read the wrong column.", "It is about right.",
		`<meta name="robots" content="noindex">`, `<link rel="canonical" href="https://checks.example/checks/`+first.Slug+`">`)
	refuses(t, old, "ld+json", "It is half right.")

	wants(t, r.get("/corrections"), "Crime fell by 12 percent", "Change of verdict", "We had read the wrong column.", "<del>Mostly true</del>", "<ins>Half true</ins>")

	now := r.ask(http.MethodGet, "/checks/"+first.Slug+"/editions/2")
	if now.Code != http.StatusFound || now.Header().Get("Location") != "/checks/"+first.Slug {
		t.Errorf("the live edition's number = %d to %q", now.Code, now.Header().Get("Location"))
	}
}

func TestNoDraftCanBeReached(t *testing.T) {
	r := newReaders(t)
	secret := "zzsecret"
	claim := func(n int) int64 { return r.Claim(fmt.Sprintf("%s %d is not out yet", secret, n)) }
	claim(1) // triage
	r.Do(claim(2), r.Ana, review.Dismiss, func(c *review.Command) { c.Dismissal = review.Opinion })
	r.Researched(claim(3))
	editing := claim(4)
	r.Researched(editing)
	r.Do(editing, r.Ana, review.Submit)
	approved := claim(5)
	r.Researched(approved)
	r.Do(approved, r.Ana, review.Submit)
	r.Do(approved, r.Edith, review.Approve)

	correcting := r.Claim("Crime fell by 12 percent")
	p := r.Published(correcting)
	r.Do(correcting, r.Ana, review.Correct, func(c *review.Command) { c.Correction, c.Note = review.Fix, secret })
	r.Verdict(correcting, r.Ana, "false", secret)

	for _, path := range []string{"/", "/corrections", "/checks/" + p.Slug, "/checks/" + p.Slug + "/claimreview.json"} {
		refuses(t, r.get(path), secret)
	}
	for id := range int64(8) {
		for _, slug := range []string{fmt.Sprintf("%s-%d-is-not-out-yet-%d", secret, id, id), fmt.Sprint(id)} {
			for _, path := range []string{"/checks/" + slug, "/checks/" + slug + "/claimreview.json", "/checks/" + slug + "/editions/1"} {
				if w := r.ask(http.MethodGet, path); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), secret+" ") {
					t.Errorf("GET %s = %d", path, w.Code)
				}
			}
		}
	}
	if w := r.ask(http.MethodGet, "/checks/"+p.Slug+"/editions/2"); w.Code != http.StatusNotFound {
		t.Errorf("the edition in preparation = %d", w.Code)
	}
}

func TestWhatIsNotThereSaysSo(t *testing.T) {
	r := newReaders(t)
	p := r.Published(r.Claim("Crime fell by 12 percent"))
	for _, path := range []string{"/checks/nothing", "/checks/nothing/claimreview.json", "/checks/" + p.Slug + "/editions/0", "/checks/" + p.Slug + "/editions/01",
		"/checks/" + p.Slug + "/editions/x", "/checks/" + p.Slug + "/editions/9999999999999999999", "/checks/%00", "/?before=x", "/?before=1-0", "/corrections?before=-1-1", "/nothing"} {
		w := r.ask(http.MethodGet, path)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "<h1") {
			t.Errorf("GET %s = %d %s", path, w.Code, w.Body)
		}
	}
}

func TestListsPageByKeyWithoutLosingOrRepeatingOne(t *testing.T) {
	r := newReaders(t)
	const n = 65
	for i := range n {
		id := r.Claim(fmt.Sprintf("Claim number %d", i))
		r.publishAs(id, func(*review.Report) {})
		r.publishAs(id, func(rep *review.Report) {
			rep.Correction = &review.ReportChange{Kind: review.Fix, Note: "n", At: rep.PublishedAt}
		})
	}
	link := regexp.MustCompile(`class="check-claim"><a href="(/checks/[^"]+)"`)
	older := regexp.MustCompile(`href="(\?before=[^"]+)"`)
	for _, list := range []string{"/", "/corrections"} {
		seen := map[string]bool{}
		pages := 0
		for path := list; path != ""; pages++ {
			page := r.get(path)
			for _, m := range link.FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Errorf("%s: %s is shown twice", list, m[1])
				}
				seen[m[1]] = true
			}
			path = ""
			if next := older.FindStringSubmatch(page); next != nil {
				path = list + next[1]
			}
		}
		if len(seen) != n || pages != 3 {
			t.Errorf("%s: %d checks on %d pages, want %d on 3", list, len(seen), pages, n)
		}
	}
}

// publishAs publishes the next edition of a check with a report of the test's
// own, past the workflow: the store is told the outcome.
func (r *readers) publishAs(id int64, change func(*review.Report)) review.Publication {
	r.T.Helper()
	ctx := context.Background()
	d := r.Dossier(id)
	if d.Verdict.ID == 0 {
		r.Researched(id)
		d = r.Dossier(id)
	}
	now := r.Now()
	scale := d.Scale
	rep := review.Report{
		Format: review.ReportFormat, Slug: fmt.Sprintf("check-%d", id), Edition: d.Review.Edition,
		Claim:  review.ReportClaim{Text: d.Claim.Text, Kind: d.Claim.Kind, Lang: "en"},
		Rating: scale.Ratings[1], Scale: scale, Summary: "A summary.", WrittenBy: "Ana", PublishedBy: "Edith",
		FirstPublished: now, PublishedAt: now, ContentHash: strings.Repeat("ab", 32),
	}
	change(&rep)
	data, err := json.Marshal(rep)
	if err != nil {
		r.T.Fatal(err)
	}
	p := review.Publication{ReviewID: id, Edition: rep.Edition, Slug: rep.Slug, VerdictID: d.Verdict.ID, ContentHash: rep.ContentHash,
		Hash: review.HashSnapshot(data), Snapshot: data, Report: rep, PublishedAt: now, PublishedBy: r.Edith.ID}
	o := review.Outcome{Review: d.Review, ReadVersion: d.Review.Version, Publication: &p,
		Event: review.Event{Subject: review.OnReview, SubjectID: id, Version: d.Review.Version + 1, Action: review.Publish, From: d.Review.State, To: d.Review.State, ActorID: r.Edith.ID, At: now}}
	o.Review.Version++
	o.Review.Edition++
	if rep.Correction != nil {
		o.Correction = &review.Correction{ReviewID: id, Kind: rep.Correction.Kind, Note: rep.Correction.Note, AuthorID: r.Ana.ID, CreatedAt: now}
	}
	if err := r.Store.Save(ctx, o); err != nil {
		r.T.Fatal(err)
	}
	return *r.Dossier(id).Live
}

func TestReadersGetWhatTheyHaveOnlyOnce(t *testing.T) {
	r := newReaders(t)
	id := r.Claim("Crime fell by 12 percent")
	p := r.Published(id)
	for _, path := range []string{"/", "/corrections", "/checks/" + p.Slug, "/checks/" + p.Slug + "/claimreview.json"} {
		first := r.ask(http.MethodGet, path)
		tag := first.Header().Get("ETag")
		if tag == "" || first.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: ETag %q, Cache-Control %q", path, tag, first.Header().Get("Cache-Control"))
		}
		again := r.ask(http.MethodGet, path, "If-None-Match", `"other", W/`+tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: asked again = %d, %d bytes", path, again.Code, again.Body.Len())
		}
		head := r.ask(http.MethodHead, path)
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("ETag") != tag {
			t.Errorf("HEAD %s = %d, %d bytes, ETag %q", path, head.Code, head.Body.Len(), head.Header().Get("ETag"))
		}
	}
	page := r.ask(http.MethodGet, "/checks/"+p.Slug)
	if tag := page.Header().Get("ETag"); !strings.HasPrefix(tag, `"`+p.Hash[:16]+"-") {
		t.Errorf("ETag %q does not name the publication %s", tag, p.Hash)
	}
	r.corrected(id, "We had read the wrong column.")
	if again := r.ask(http.MethodGet, "/checks/"+p.Slug, "If-None-Match", page.Header().Get("ETag")); again.Code != http.StatusOK {
		t.Errorf("after a correction the page before is still good: %d", again.Code)
	}
}

func TestHealth(t *testing.T) {
	r := newReaders(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, path := range []string{"/healthz", "/readyz"} {
			if w := r.ask(method, path); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s = %d", method, path, w.Code)
			}
		}
	}
}

// unready is a store whose database is gone.
type unready struct{ web.Store }

func (unready) Ready(context.Context) error { return errors.New("dial 10.0.0.7: password zzsecret") }

func TestNotReadyDoesNotSayWhy(t *testing.T) {
	r := newReaders(t)
	s := &web.Server{Reviews: r.Reviews, Store: unready{r.Store}, Accounts: &auth.Service{Store: r.Store, Now: r.Now},
		Sessions: auth.NewSessions(store.Sessions{Store: r.Store}, false), Site: export.Site{BaseURL: "https://checks.example"}, Now: r.Now}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	r.handler = h
	if w := r.ask(http.MethodGet, "/readyz"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "zzsecret") {
		t.Errorf("GET /readyz = %d %q", w.Code, w.Body)
	}
	if w := r.ask(http.MethodGet, "/healthz"); w.Code != http.StatusOK {
		t.Errorf("the process is well, /healthz = %d", w.Code)
	}
}

func TestALanguageWrittenFromTheRight(t *testing.T) {
	r := newReaders(t)
	p := r.publishAs(r.Claim("Crime fell"), func(rep *review.Report) {
		rep.Claim.Text, rep.Claim.Lang = "הגשר עלה פי שניים", "he"
	})
	wants(t, r.get("/checks/"+p.Slug), `<html lang="he" dir="rtl">`, `<p class="report-kicker" lang="en" dir="ltr">`, `class="masthead" lang="en" dir="ltr"`)
	wants(t, r.get("/"), `dir="rtl">`, `lang="he">הגשר עלה פי שניים`)
}

// payloads are texts that must stay texts, one for each place in a page that
// could take them for something else.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</script><script>alert(1)</script>`,
	`--><script>alert(1)</script>`, `</title><svg onload=alert(1)>`, `</style><style>@import "//evil.example"`, `javascript:alert(1)`,
	`[x](javascript:alert(1))`, `![x](https://evil.example/p.png)`, `<iframe srcdoc="<script>alert(1)</script>">`, `{{.Site}}`,
	"<a href=\"\u0001javascript:alert(1)\">x</a>", "\u202egnp.exe\u2066", "</ld+json>\u2028\u2029&lt;", `<base href="//evil.example/">`, `<form action=//evil.example><input name=q>`,
	"<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">", "<!--[if]><script>alert(1)</script -->", "\x00<script\x00>alert(1)</script>",
}

// hostile fills every field of a report with the payloads.
func hostile(all []string) func(*review.Report) {
	return func(r *review.Report) {
		one, many := all[0], strings.Join(all, "\n\n")
		at := r.PublishedAt
		r.Claim.Text, r.Claim.ShortForm, r.Claim.Lang = one, one, one
		r.Claimant = &review.ReportSpeaker{Name: one, Kind: "person"}
		r.Chosen, r.Summary, r.Rationale, r.OneSource = many, many, many, many
		r.Rating = review.Rating{Code: one, Label: one, Definition: one, Colour: one}
		r.Scale = review.RatingScale{Key: one, Name: one, Ratings: []review.Rating{r.Rating}}
		r.WrittenBy, r.PublishedBy, r.ContentHash = one, one, one
		r.ApprovedBy = []review.ReportSigner{{Name: one, At: at}}
		r.Correction = &review.ReportChange{Kind: review.CorrectionKind("correction"), Note: many, At: at}
		for i, p := range all {
			r.Scale.Ratings = append(r.Scale.Ratings, review.Rating{Code: p, Label: p, Definition: p, Colour: p})
			r.Evidence = append(r.Evidence, review.ReportSource{Number: i + 1, URL: p, ArchiveURL: p, Title: p, Publisher: p, Quote: p, Stance: review.Stance(p), Note: p},
				review.ReportSource{Number: len(all) + i + 1, URL: "https://a.example/" + p, Stance: review.Refutes})
			r.Appearances = append(r.Appearances, review.ReportPlace{Title: p, Publisher: p, URL: p, Quote: p, Prefix: p, Suffix: p, SHA256: p})
			r.Correction.Changes = append(r.Correction.Changes, review.Change{Field: p, From: p, To: p + " x"}, review.Change{Field: "summary", From: p, To: "y " + p})
		}
	}
}

func TestHostileTextStaysTextOnEveryPage(t *testing.T) {
	r := newReaders(t)
	for _, p := range payloads {
		r.holdHostile(append([]string{p}, payloads...))
	}
}

// TestCorporaStayTextOnEveryPage runs when FACTCHECK_CORPORA names a folder
// with xss_all.json, a list of objects with a payload each.
func TestCorporaStayTextOnEveryPage(t *testing.T) {
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
	r := newReaders(t)
	for chunk := range slices.Chunk(all, 100) {
		r.holdHostile(chunk)
	}
}

// holdHostile publishes two hostile editions of a new check and looks at every
// page that shows them.
func (r *readers) holdHostile(all []string) {
	r.T.Helper()
	id := r.Claim("Crime fell by 12 percent " + time.Duration(r.Now().UnixNano()).String())
	slug := r.publishAs(id, hostile(all)).Slug
	r.publishAs(id, hostile(all))
	for _, path := range []string{"/", "/corrections", "/checks/" + slug, "/checks/" + slug + "/editions/1"} {
		if found := foreign(r.get(path)); found != nil {
			r.T.Errorf("%s with %.80q: %.200q", path, all[0], found)
		}
	}
	var ld map[string]any
	if err := json.Unmarshal([]byte(r.get("/checks/"+slug+"/claimreview.json")), &ld); err != nil {
		r.T.Errorf("ClaimReview with %.80q: %v", all[0], err)
	}
}

// our elements and attributes are all that the templates of the public pages
// and the Markdown of a rationale make.
var (
	ourElements = strings.Fields(`html head meta title link body a header nav main footer p script section div span article h1 h2 h3 h4 h5 h6 strong time ol ul li dl dt dd
		blockquote mark cite code aside details summary del ins em br hr pre table thead tbody tr th td`)
	ourAttributes = strings.Fields(`lang dir charset name content rel href property type class id aria-label aria-hidden aria-current datetime title value start align`)
	ourLinks      = regexp.MustCompile(`^(?:$|#|/|\?before=\d|\?$|https?://|mailto:)`)
)

// foreign is what a page has that is not ours.
func foreign(page string) []string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			found = append(found, "<!--"+n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(ourElements, n.Data) {
			found = append(found, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			switch {
			case !slices.Contains(ourAttributes, a.Key),
				a.Key == "href" && !ourLinks.MatchString(a.Val), a.Key == "href" && strings.HasPrefix(a.Val, "//"),
				n.Data == "script" && a.Key == "type" && a.Val != "application/ld+json",
				a.Key == "class" && regexp.MustCompile(`[^a-z0-9 -]`).MatchString(a.Val):
				found = append(found, n.Data+" "+a.Key+"="+a.Val)
			}
		}
		if n.Data == "script" && !json.Valid([]byte(n.FirstChild.Data)) {
			found = append(found, n.FirstChild.Data)
		}
	}
	return found
}

// TestTheSiteMapBecomesAnIndex has checks so far apart that they do not fit one
// site map.
func TestTheSiteMapBecomesAnIndex(t *testing.T) {
	r := newStaff(t)
	first := r.Dossier(r.published()).Live.Slug
	reader := review.Person{}
	wants(t, r.read(reader, "/sitemap.xml"), "<urlset", "/checks/"+first+"<", "/corrections<")
	if _, err := storetest.Raw(t, r.dsn).Exec("UPDATE sqlite_sequence SET seq = 30000 WHERE name = 'reviews'"); err != nil {
		t.Fatal(err)
	}
	later := r.Dossier(r.published()).Live.Slug
	index := r.read(reader, "/sitemap.xml")
	wants(t, index, "<sitemapindex", "https://checks.example/sitemaps/0.xml<", "https://checks.example/sitemaps/3.xml<")
	refuses(t, index, "/checks/", "/sitemaps/1.xml", "/sitemaps/2.xml")
	wants(t, r.read(reader, "/sitemaps/0.xml"), "/checks/"+first+"<", "/corrections<")
	wants(t, r.read(reader, "/sitemaps/3.xml"), "/checks/"+later+"<", "<lastmod>")
	refuses(t, r.read(reader, "/sitemaps/3.xml"), first, "/corrections<")
	for _, bad := range []string{"1.xml", "3", "-1.xml", "x.xml", "99999999999999999999.xml"} {
		if w := r.get(reader, "/sitemaps/"+bad); w.Code != http.StatusNotFound {
			t.Errorf("%s = %d", bad, w.Code)
		}
	}
}
