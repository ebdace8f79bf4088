package web_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"factcheck/internal/evidence"
	"factcheck/internal/jobs"
	"factcheck/internal/review"
)

// onePixel is a PNG of one pixel.
var onePixel = mustDecode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

func mustDecode(s string) string {
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// keep attaches a file to a piece of evidence, past all rules.
func (r *staffRoom) keep(piece int64, name, data string) evidence.Capture {
	r.T.Helper()
	c, err := r.server.Evidence.Receive(r.Ana.ID, name, strings.NewReader(data))
	if err == nil {
		c, err = r.server.Evidence.Attach(r.T.Context(), c, piece)
	}
	if err != nil {
		r.T.Fatal(err)
	}
	return c
}

// sendFile posts a form with a file.
func (r *staffRoom) sendFile(p review.Person, path string, f url.Values, name, data string) *httptest.ResponseRecorder {
	r.T.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for field := range f {
		_ = w.WriteField(field, f.Get(field)) // a buffer takes everything
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, data)
	}
	if err != nil || w.Close() != nil {
		r.T.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, path, &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return r.send(p, req)
}

// work does the jobs that wait, as a server does, until none is due.
func (r *staffRoom) doJobs(now time.Time) {
	r.T.Helper()
	h := r.jobs.Handlers()
	for {
		due, err := r.Store.LeaseJobs(r.T.Context(), jobs.Lease{Kinds: h.Kinds(), Worker: "test", Limit: 1, Now: now, Ends: now.Add(time.Minute)})
		if err != nil {
			r.T.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		r.settle(h, due[0], now)
	}
}

// settle does one job.
func (r *staffRoom) settle(h *jobs.Handlers, j jobs.Job, now time.Time) {
	r.T.Helper()
	o := jobs.Outcome{State: jobs.Done, Attempts: j.Attempts, At: now}
	if err := h.Do(r.T.Context(), j); err != nil {
		o.State, o.RunAt, o.LastError = jobs.Waiting, now.Add(time.Hour), err.Error()
		if jobs.IsPermanent(err) {
			o.State = jobs.Dead
		}
	}
	if ok, err := r.Store.SettleJob(r.T.Context(), j, o); err != nil || !ok {
		r.T.Fatal(ok, err)
	}
}

// source is a site on this machine whose page can change.
type source struct {
	status      int
	contentType string
	body        string
}

func (s *source) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", s.contentType)
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.body)
}

func article(text string) string {
	return "<!doctype html><html lang=en><title>Budget of the city</title><body><article><h1>Budget of the city</h1><p>" + text +
		"</p><p>The council met on Monday and discussed the budget at some length, as it does every year in spring.</p></article></body></html>"
}

// addSource posts evidence at a site and returns the piece.
func (r *staffRoom) addSource(id int64, address string) review.Evidence {
	r.T.Helper()
	if w := r.post(r.Ana, reviewPath(id)+"/evidence", r.form(id, "url", address, "stance", "context")); w.Code != http.StatusSeeOther {
		r.T.Fatalf("adding evidence = %d\n%s", w.Code, sentences(w.Body.String()))
	}
	all := r.Dossier(id).Evidence
	return all[len(all)-1]
}

func newSource(t *testing.T) (*source, string) {
	t.Helper()
	site := &source{200, "text/html; charset=utf-8", article("Repairs cost 38 million crowns in 2026.")}
	srv := httptest.NewServer(site)
	t.Cleanup(srv.Close)
	return site, srv.URL + "/budget"
}

func TestAnAddressIsCapturedAndItsPageSaysSo(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	_, address := newSource(t)
	e := r.addSource(id, address)
	wants(t, r.read(r.Ana, reviewPath(id)), "waiting to be captured")
	r.refused(r.Ana, id, review.Submit, http.StatusUnprocessableEntity, "A copy of [3] is being made.")
	r.doJobs(time.Now())
	c := r.Dossier(id).Copies[e.ID]
	if c.SHA256 == "" || c.Title != "Budget of the city" || c.Waiting {
		t.Fatalf("kept %+v", c)
	}
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, "Budget of the city", c.SHA256[:12], fmt.Sprintf("/desk/sources/%d", e.ID))
	refuses(t, page, "waiting to be captured")
	shown := r.read(r.Vera, fmt.Sprintf("/desk/sources/%d", e.ID))
	wants(t, shown, "Repairs cost 38 million crowns in 2026.", c.SHA256, "WARC", "first capture")

	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	report := r.Dossier(id).Live.Report.Evidence[2]
	if report.Copy == nil || report.Copy.SHA256 != c.SHA256 {
		t.Fatalf("readers are told %+v", report.Copy)
	}
	wants(t, r.read(review.Person{}, "/checks/"+r.Dossier(id).Live.Slug), "We keep a copy, captured", c.SHA256)
}

func TestACaptureThatFailsSaysWhyAndIsTriedAgain(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	site, address := newSource(t)
	site.status = http.StatusForbidden
	e := r.addSource(id, address)
	r.doJobs(time.Now())
	wants(t, r.read(r.Ana, reviewPath(id)), "not captured:", "127.0.0.1 answered 403 Forbidden.", "It is tried again soon.", "Try again")
	r.refused(r.Ana, id, review.Submit, http.StatusUnprocessableEntity, "No copy is kept of [3].")

	site.status = http.StatusOK
	if w := r.post(r.Vera, fmt.Sprintf("/desk/sources/%d/look", e.ID), nil); w.Code != http.StatusForbidden {
		t.Errorf("a viewer has a source captured: %d", w.Code)
	}
	if w := r.post(r.Ana, fmt.Sprintf("/desk/sources/%d/look", e.ID), nil); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), reviewPath(id)) {
		t.Errorf("trying again = %d to %s", w.Code, w.Header().Get("Location"))
	}
	r.doJobs(time.Now())
	if r.Dossier(id).Copies[e.ID].SHA256 == "" {
		t.Error("it was not tried again")
	}
	refuses(t, r.read(r.Ana, reviewPath(id)), "not captured:")
}

func TestARefusedAddressIsNotTriedAgain(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	for _, address := range []string{"http://10.0.0.7/x", "http://169.254.169.254/latest/meta-data/", "http://[fd00::1]/", "http://192.168.1.1/"} {
		e := r.addSource(id, address)
		r.doJobs(time.Now())
		c := r.Dossier(id).Copies[e.ID]
		if c.Problem == "" || c.Waiting || c.SHA256 != "" {
			t.Errorf("%s: %+v", address, c)
		}
		if got := r.read(r.Ana, reviewPath(id)); !strings.Contains(got, "not captured:") || strings.Contains(got, "tried again soon") {
			t.Errorf("%s: the page does not say that it was refused", address)
		}
	}
}

func TestARedirectIntoAPrivateNetworkIsRefused(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	asked := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer inside.Close()
	outside := httptest.NewServer(http.RedirectHandler("http://10.1.2.3/admin", http.StatusFound))
	defer outside.Close()
	e := r.addSource(id, outside.URL)
	r.doJobs(time.Now())
	if c := r.Dossier(id).Copies[e.ID]; c.SHA256 != "" || c.Problem == "" || c.Waiting {
		t.Errorf("after a redirect inside: %+v", c)
	}
	// As in production: not even this machine.
	r.jobs.Evidence.Guard.AllowLoopback = false
	e = r.addSource(id, inside.URL)
	r.doJobs(time.Now())
	if c := r.Dossier(id).Copies[e.ID]; asked || c.SHA256 != "" || c.Problem == "" {
		t.Errorf("this machine was asked: %v, %+v", asked, c)
	}
}

func TestAWrittenReasonTakesThePlaceOfACapture(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	f := r.form(id, "url", "https://paywall.example.org/x", "stance", "context", "no_copy", "It needs a subscription.", "origin", "primary", "behind", "Ministry", "interest", "It pays for the study.")
	if w := r.post(r.Ana, reviewPath(id)+"/evidence", f); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if n := r.count("SELECT COUNT(*) FROM jobs"); n != 2 { // those of the two sources before
		t.Errorf("%d jobs", n)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "cannot be archived, because: ", "It needs a subscription.", "primary source", "behind it: ", "It pays for the study.")
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	wants(t, r.read(review.Person{}, "/checks/"+r.Dossier(id).Live.Slug), "We keep no copy, because: ", "It needs a subscription.", "Primary source", "Ministry", "It pays for the study.")
}

func TestADriftThatSomebodyHasSeenGoesFromTheListUntilTheNext(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	site, address := newSource(t)
	e := r.addSource(id, address)
	r.doJobs(time.Now())
	look := func() int64 {
		t.Helper()
		if w := r.post(r.Ana, fmt.Sprintf("/desk/sources/%d/look", e.ID), nil); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code)
		}
		r.doJobs(time.Now())
		return r.Dossier(id).Copies[e.ID].Last.CaptureID
	}
	path := fmt.Sprintf("/desk/sources/%d", e.ID)
	refuses(t, r.read(r.Ana, path), "I have seen it")
	site.body = article("Repairs cost 29 million crowns in 2026.")
	first := look()
	form := func(capture int64, note string) url.Values {
		return url.Values{"look": {fmt.Sprint(capture)}, "note": {note}, "key": {fmt.Sprint("k", capture, note)}}
	}
	version := r.Dossier(id).Review.Version
	refuses(t, r.read(r.Vera, path), "I have seen it")
	for name, tt := range map[string]struct {
		who  review.Person
		form url.Values
		code int
		says string
	}{
		"a viewer":       {r.Vera, form(first, "Only the date."), 403, "Only a fact-checker or an editor"},
		"no word of why": {r.Ana, form(first, "  "), 422, "Say in a word"},
		"an older look":  {r.Ana, form(first-1, "Only <b>the</b> date."), 409, "looked at again meanwhile"},
		"a field more":   {r.Ana, url.Values{"look": {fmt.Sprint(first)}, "note": {"x"}, "verdict": {"same"}}, 422, "does not belong"},
		"much too long":  {r.Ana, form(first, strings.Repeat("x", review.MaxNote+1)), 422, "at most"},
	} {
		w := r.post(tt.who, path+"/seen", tt.form)
		if w.Code != tt.code || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s = %d\n%s", name, w.Code, sentences(w.Body.String()))
		}
		if name == "an older look" && !strings.Contains(w.Body.String(), "Only &lt;b&gt;the&lt;/b&gt; date.</textarea>") {
			t.Error("what was typed is lost")
		}
	}
	for range 2 { // the form may be sent twice
		if w := r.post(r.Ben, path+"/seen", form(first, "Only <i>the number</i> of another year.")); w.Code != http.StatusSeeOther {
			t.Fatalf("seen = %d\n%s", w.Code, w.Body)
		}
	}
	wants(t, r.read(r.Vera, path), "Ben has seen what was found last", "Only &lt;i&gt;the number&lt;/i&gt; of another year.")
	refuses(t, r.read(r.Vera, "/desk/sources"), "The source changed since.")
	wants(t, r.read(r.Vera, "/desk/sources?seen=yes"), "The source changed since.", "Ben has seen it", "of another year.")
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, "Ben has seen it", "has seen that a source is not what it was")
	refuses(t, page, `class="drifted"`)
	if w := r.post(r.Ana, path+"/seen", form(first, "I too.")); w.Code != http.StatusConflict {
		t.Errorf("seen by another = %d", w.Code)
	}
	if all := r.told(review.SeeDrift); len(all) != 1 || all[0].ActorID != r.Ben.ID || all[0].SubjectID != id || r.Dossier(id).Review.Version != version {
		t.Errorf("%+v", all)
	}
	look() // it still says that
	refuses(t, r.read(r.Vera, "/desk/sources"), "The source changed since.")
	site.body = article("Repairs cost 12 million crowns in 2026.")
	look()
	wants(t, r.read(r.Vera, "/desk/sources"), "The source changed since.") // that is another difference
	wants(t, r.read(r.Ana, reviewPath(id)), `class="drifted"`)
	if n := r.queries(path); n >= 12 {
		t.Errorf("%d queries", n)
	}
}

func TestASourceThatChangesIsReported(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	site, address := newSource(t)
	e := r.addSource(id, address)
	r.doJobs(time.Now())
	empty := r.read(r.Vera, "/desk/sources")
	wants(t, empty, "still says what it said")
	site.body = article("Repairs cost 29 million crowns in 2026.")
	look := func() {
		t.Helper()
		if w := r.post(r.Ana, fmt.Sprintf("/desk/sources/%d/look", e.ID), nil); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code)
		}
		r.doJobs(time.Now())
	}
	was := r.Dossier(id)
	before := was.ContentHash()
	look()
	d := r.Dossier(id)
	if !d.Copies[e.ID].Drifted() || d.ContentHash() != before {
		t.Fatalf("after the change: %+v", d.Copies[e.ID])
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "The source changed since.", "See what changed")
	wants(t, r.read(r.Vera, "/desk/sources"), "The source changed since.", fmt.Sprintf("/desk/sources/%d?look=%d", e.ID, d.Copies[e.ID].Last.CaptureID))
	diff := r.read(r.Vera, fmt.Sprintf("/desk/sources/%d?look=%d", e.ID, d.Copies[e.ID].Last.CaptureID))
	wants(t, diff, "What changed since", "<del>38 </del>", "<ins>29 </ins>")

	site.status = http.StatusNotFound
	look()
	wants(t, r.read(r.Ana, reviewPath(id)), "The source vanished since.")
	wants(t, r.read(r.Vera, "/desk/sources"), "The source vanished since.", "answered 404 Not Found.")
	site.status, site.body = http.StatusOK, article("Repairs cost 38 million crowns in 2026.")
	look()
	refuses(t, r.read(r.Ana, reviewPath(id)), "vanished", "changed since.")
	wants(t, r.read(r.Vera, "/desk/sources"), "still says what it said")
}

func TestAFileIsAddedWithEvidenceAndToIt(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	pdf := "%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >> endobj"
	w := r.sendFile(r.Ana, reviewPath(id)+"/evidence", r.form(id, "title", "Letter of the mayor", "stance", "context"), "letter.pdf", pdf)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, sentences(w.Body.String()))
	}
	d := r.Dossier(id)
	e := d.Evidence[2]
	c := d.Copies[e.ID]
	if !c.Upload || c.Title != "letter.pdf" || c.SHA256 != review.HashSnapshot([]byte(pdf)) {
		t.Fatalf("kept %+v", c)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "file kept", "letter.pdf", c.SHA256[:12])
	got := r.get(r.Vera, fmt.Sprintf("/desk/captures/%d/upload", c.CaptureID))
	if got.Code != http.StatusOK || got.Body.String() != pdf || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the file comes back as %d, %v", got.Code, got.Header())
	}
	w = r.sendFile(r.Ben, fmt.Sprintf("%s/evidence/%d/file", reviewPath(id), d.Evidence[0].ID), r.form(id), "scan.png", onePixel)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, sentences(w.Body.String()))
	}
	after := r.Dossier(id)
	if after.Copies[d.Evidence[0].ID].Files != 1 || after.Review.Version != d.Review.Version+1 {
		t.Errorf("after adding a file: %+v", after.Copies[d.Evidence[0].ID])
	}
	r.done(r.Ana, id, review.Submit)
	r.refused(r.Ben, id, review.SecondRead, http.StatusForbidden, "You changed its evidence", "rating", "false")
}

func TestOnlyWhatIsAPictureOrAPDFIsKept(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	tests := map[string]string{
		"page.html":    "<!doctype html><script>alert(1)</script>",
		"scan.png":     "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
		"report.pdf":   "MZ\x90\x00\x03",
		"drawing.svg":  "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
		"big.png":      onePixel + strings.Repeat("x", evidence.MaxBytes),
		"archive.zip":  "PK\x03\x04aaaa",
		"feed.xml.png": "<?xml version='1.0'?><x/>",
	}
	for name, data := range tests {
		w := r.sendFile(r.Ana, reviewPath(id)+"/evidence", r.form(id, "title", "A letter that I typed", "stance", "context"), name, data)
		if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s = %d", name, w.Code)
		}
		wants(t, w.Body.String(), "A letter that I typed", "Choose the file again.")
	}
	if n := len(r.Dossier(id).Evidence); n != 2 {
		t.Errorf("%d pieces of evidence", n)
	}
	if n := r.count("SELECT COUNT(*) FROM captures WHERE kind = 'upload'"); n != 0 {
		t.Errorf("%d uploads are kept", n)
	}
}

func TestWhoMayNotAddEvidenceCannotFillTheFolder(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	for _, p := range []review.Person{r.Vera, r.Adam, {}} {
		if w := r.sendFile(p, reviewPath(id)+"/evidence", r.form(id, "title", "x", "stance", "context"), "scan.png", onePixel); w.Code == http.StatusSeeOther {
			t.Errorf("%q adds evidence", p.Name)
		}
	}
	stale := r.form(id, "title", "x", "stance", "context")
	r.post(r.Ana, reviewPath(id)+"/verdict", verdictForm(r.form(id), "Changed meanwhile."))
	if w := r.sendFile(r.Ana, reviewPath(id)+"/evidence", stale, "scan.png", onePixel); w.Code != http.StatusConflict {
		t.Errorf("a stale form = %d", w.Code)
	}
	for hash, err := range r.server.Evidence.Files.All(t.Context()) {
		t.Errorf("the folder holds %s, %v", hash, err)
	}
}

// TestACaptureNeverRuns captures hostile pages under every content type that a
// site may claim, and asks for every file of them.
func TestACaptureNeverRuns(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	site, address := newSource(t)
	attack := `<script>document.title="owned"</script><meta http-equiv="refresh" content="0;url=https://evil.example/"><svg onload="alert(1)"></svg><img src=x onerror="alert(1)">`
	for i, contentType := range []string{"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript", "image/png", "text/plain", "multipart/x-mixed-replace", ""} {
		site.contentType, site.body = contentType, article("Repairs cost 38 million. "+attack+"&lt;script&gt;alert(2)&lt;/script&gt;")
		if contentType == "image/svg+xml" {
			site.body = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>Repairs cost 38 million crowns.</text></svg>`
		}
		e := r.addSource(id, fmt.Sprintf("%s?%d", address, i))
		r.doJobs(time.Now())
		c := r.Dossier(id).Copies[e.ID]
		if c.SHA256 == "" {
			t.Fatalf("%q is not captured: %+v", contentType, c)
		}
		page := r.read(r.Ana, fmt.Sprintf("/desk/sources/%d", e.ID))
		refuses(t, page, "<script>", "<meta http-equiv", "<svg", "onerror=\"")
		all, err := r.Store.Captures(t.Context(), e.ID)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		for _, f := range all[0].Files {
			r.harmless(contentType, fmt.Sprintf("/desk/captures/%d/%s", all[0].ID, f.Role))
		}
	}
}

// harmless asks for a captured file and checks that no browser would run it.
func (r *staffRoom) harmless(what, path string) {
	r.T.Helper()
	w := r.get(r.Ana, path)
	h := w.Header()
	safe := map[string]bool{"text/plain; charset=utf-8": true, "application/octet-stream": true, "image/png": true}
	if w.Code != http.StatusOK || !safe[h.Get("Content-Type")] || h.Get("X-Content-Type-Options") != "nosniff" {
		r.T.Errorf("%s, %s: %d as %q", what, path, w.Code, h.Get("Content-Type"))
	}
	policy := h.Get("Content-Security-Policy")
	if !strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-") || strings.Contains(policy, "script-src") || !strings.Contains(policy, "default-src 'none'") {
		r.T.Errorf("%s, %s: policy %q", what, path, policy)
	}
	if h.Get("Content-Type") == "application/octet-stream" && !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		r.T.Errorf("%s, %s is shown: %q", what, path, h.Get("Content-Disposition"))
	}
	if w := r.get(review.Person{}, path); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		r.T.Errorf("%s: anybody gets %d", path, w.Code)
	}
	if w := r.get(r.Ana, strings.Replace(path, "/captures/", "/captures/9", 1)); w.Code != http.StatusNotFound {
		r.T.Errorf("a capture that is not there = %d", w.Code)
	}
}

func TestARevisionIsNamedByTheEvidenceThatItCites(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	d := r.Dossier(id)
	r.post(r.Ana, reviewPath(id)+"/verdict", func() url.Values {
		f := verdictForm(r.form(id), "Another summary.")
		f.Set("rationale", "The audit alone says so [2].")
		return f
	}())
	f := r.form(id, "number", "2", "url", d.Evidence[1].URL, "stance", "refutes", "note", "Page 4.")
	if w := r.post(r.Ana, fmt.Sprintf("%s/evidence/%d", reviewPath(id), d.Evidence[1].ID), f); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, "cited by revision 1<", "cited by revisions 1, 2<")
}

func TestWhatIsScheduledIsPublishedByItsJob(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Schedule, "at", r.utc(2*time.Minute))
	at := r.Dossier(id).Review.ScheduledAt
	r.doJobs(at.Add(-time.Second))
	if s := r.Dossier(id).Review.State; s != review.Scheduled {
		t.Fatalf("before its time it is %s", s)
	}
	for range 150 {
		r.Now()
	}
	r.doJobs(at)
	r.doJobs(at.Add(time.Hour))
	if d := r.Dossier(id); d.Review.State != review.Published || d.Live.PublishedBy != r.Edith.ID {
		t.Errorf("at its time it is %s", d.Review.State)
	}
}

func TestWhatMayNotBePublishedAtItsTimeAlertsTheDesk(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Schedule, "at", r.utc(2*time.Minute))
	r.done(r.Edith, id, review.Unschedule)
	r.done(r.Edith, id, review.Schedule, "at", r.utc(3*time.Minute))
	r.done(r.Edith, id, review.PutOnHold, "hold", "legal", "note", "The lawyers look at it.")
	at := r.Dossier(id).Review.ScheduledAt
	for range 200 {
		r.Now()
	}
	r.doJobs(at)
	if d := r.Dossier(id); d.Review.State != review.Approved || !strings.Contains(d.Review.Alert, "Not published at its time: On hold") {
		t.Fatalf("%s, alert %q", d.Review.State, d.Review.Alert)
	}
	wants(t, r.read(r.Edith, reviewPath(id)), "Not published at its time")
	wants(t, r.read(r.Edith, "/desk"), "not published at its time")
	r.done(r.Edith, id, review.LiftHold, "note", "They are done.")
	r.done(r.Edith, id, review.Publish)
	refuses(t, r.read(r.Edith, reviewPath(id)), `class="about-it c-alert"`)
}

func TestAReasonOfSeveralLinesKeepsThem(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	reason := "It needs a subscription.\nThe desk has none."
	f := r.form(id, "url", "https://paywall.example.org/x", "stance", "context", "no_copy", reason)
	if w := r.post(r.Ana, reviewPath(id)+"/evidence", f); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	e := r.Dossier(id).Evidence[2]
	if got := formTo(t, r.read(r.Ana, reviewPath(id)), fmt.Sprintf("%s/evidence/%d", reviewPath(id), e.ID)).Get("no_copy"); got != reason {
		t.Errorf("the form that changes it holds %q", got)
	}
}
