package evidence

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

// memory is a Store with one piece of evidence, number 7.
type memory struct {
	address  string
	captures []Capture
	due      []int64
	bare     []int64
}

func (m *memory) EvidenceAddress(_ context.Context, id int64) (string, error) {
	if id != 7 {
		return "", errs.New("x", errs.NotFound, "There is no such evidence.")
	}
	return m.address, nil
}

func (m *memory) Captures(context.Context, int64) ([]Capture, error) {
	return slices.Clone(m.captures), nil
}

func (m *memory) AddCapture(_ context.Context, c Capture) (Capture, error) {
	c.ID = int64(len(m.captures) + 1)
	m.captures = append(m.captures, c)
	return c, nil
}

func (m *memory) DueCaptures(_ context.Context, _ time.Time, after int64, limit int) ([]int64, error) {
	i, _ := slices.BinarySearch(m.due, after+1)
	return m.due[i:min(len(m.due), i+limit)], nil
}

func (m *memory) Uncaptured(_ context.Context, after int64, limit int) ([]int64, error) {
	i, _ := slices.BinarySearch(m.bare, after+1)
	return m.bare[i:min(len(m.bare), i+limit)], nil
}

// site is a source that changes.
type site struct {
	status  int
	body    string
	headers map[string]string
}

// ServeHTTP answers what the site is set to; /old redirects.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/old" {
		http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	for k, v := range s.headers {
		w.Header().Set(k, v)
	}
	w.WriteHeader(s.status)
	io.WriteString(w, s.body)
}

// lab is a service over a site of this machine.
type lab struct {
	t *testing.T
	*Service
	site *site
	srv  *httptest.Server
	rows *memory
}

func newLab(t *testing.T) *lab {
	t.Helper()
	files, _ := openFiles(t)
	l := &lab{t: t, site: &site{status: 200, body: titled("Crime fell by 12 per cent.")}}
	l.srv = httptest.NewServer(l.site)
	t.Cleanup(l.srv.Close)
	l.rows = &memory{address: l.srv.URL + "/old"}
	now := noon
	l.Service = &Service{
		Store: l.rows, Files: files, Read: read, Guard: fetch.Guard{AllowLoopback: true}, Software: "factcheck/test",
		Now: func() time.Time { now = now.Add(time.Second); return now },
	}
	return l
}

func titled(text string) string {
	return "<!doctype html><title>The title</title><p>" + text + "</p>"
}

// read is a reader of pages for tests: what is in the title and after <p>.
func read(data []byte, contentType, _ string) (string, string, error) {
	_, rest, ok := strings.Cut(string(data), "<title>")
	title, rest, ok2 := strings.Cut(rest, "</title><p>")
	if !ok || !ok2 || !strings.HasPrefix(contentType, "text/html") {
		return "", "", errs.New("x", errs.Invalid, "No text.")
	}
	return title, strings.TrimSuffix(rest, "</p>"), nil
}

func (l *lab) look() Capture {
	l.t.Helper()
	c, err := l.Capture(l.t.Context(), 7, 3)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, f := range c.Files {
		if err := l.Files.Verify(f.SHA256); err != nil {
			l.t.Error(err)
		}
	}
	return c
}

func roles(c Capture) (out []Role) {
	for _, f := range c.Files {
		out = append(out, f.Role)
	}
	return out
}

func TestTheFirstLookKeepsEverything(t *testing.T) {
	l := newLab(t)
	got := l.look()
	text := File{Role: Text, SHA256: "ce1f3c3fbdb1f4f0", Bytes: 26, MediaType: "text/plain", Name: "text.txt"}
	text.SHA256 = got.TextSHA256
	archive, _ := got.File(Archive)
	want := Capture{
		ID: 1, EvidenceID: 7, Kind: Web, Address: l.srv.URL + "/old", FinalAddress: l.srv.URL + "/new", Status: 200,
		ContentType: "text/html; charset=utf-8", MediaType: "text/html", Title: "The title", BodySHA256: got.BodySHA256, BodyBytes: int64(len(l.site.body)),
		TextSHA256: got.TextSHA256, Verdict: First, CapturedAt: noon.Add(time.Second), CapturedBy: 3,
		Files: []File{text, {Role: Archive, SHA256: archive.SHA256, Bytes: archive.Bytes, MediaType: warcType, Name: "127.0.0.1.warc.gz"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("capture (-want +got):\n%s", diff)
	}
	if content(t, l.Files, got.TextSHA256) != "Crime fell by 12 per cent." {
		t.Errorf("text %q", content(t, l.Files, got.TextSHA256))
	}
	records, err := unpackAll([]byte(content(t, l.Files, archive.SHA256)))
	if err != nil || len(records) != 5 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	var seen []string
	for _, r := range records {
		seen = append(seen, r.Type+" "+strings.TrimPrefix(r.Address, l.srv.URL))
	}
	if diff := cmp.Diff([]string{"warcinfo ", "request /old", "response /old", "request /new", "response /new"}, seen); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if !bytes.HasSuffix(records[4].Block, []byte(l.site.body)) || !bytes.Contains(records[0].Block, []byte("software: factcheck/test\r\n")) || !records[4].At.Equal(noon.Add(time.Second)) {
		t.Errorf("records %q", records)
	}
}

func TestWhatBecomesOfASource(t *testing.T) {
	l := newLab(t)
	first := l.look()
	steps := []struct {
		name    string
		change  func()
		verdict Verdict
		roles   []Role
		problem string
	}{
		{"nothing", func() {}, Same, []Role{Text}, ""},
		{"around the text", func() { l.site.body = strings.Replace(l.site.body, "<!doctype html>", "<!doctype html><!-- 2 -->", 1) }, Same, []Role{Text}, ""},
		{"the text", func() { l.site.body = titled("Crime fell by 7 per cent.") }, Changed, []Role{Text, Archive}, ""},
		{"nothing since", func() {}, Changed, []Role{Text}, ""},
		{"back to the first", func() { l.site.body = titled("Crime fell by 12 per cent.") }, Same, []Role{Text, Archive}, ""},
		{"gone", func() { l.site.status = 404 }, Vanished, []Role{Archive}, "127.0.0.1 answered 404 Not Found."},
		{"gone for ever", func() { l.site.status = 410 }, Vanished, []Role{Archive}, "127.0.0.1 answered 410 Gone."},
		{"locked", func() { l.site.status = 403 }, Unreachable, []Role{Archive}, "127.0.0.1 answered 403 Forbidden."},
		{"broken", func() { l.site.status = 599 }, Unreachable, []Role{Archive}, "127.0.0.1 answered 599."},
		{"there again", func() { l.site.status = 200 }, Same, []Role{Text}, ""},
		{"no text any more", func() { l.site.body = "{}" }, Changed, []Role{Archive}, ""},
		{"nobody listens", l.srv.Close, Unreachable, nil, "could not be reached. Try again later, or say why there is no capture."},
	}
	for _, s := range steps {
		s.change()
		c := l.look()
		if c.Verdict != s.verdict || !slices.Equal(roles(c), s.roles) || !strings.HasSuffix(c.Problem, s.problem) || (s.problem == "") != (c.Problem == "") || c.ComparedID != first.ID {
			t.Errorf("%s: %q %v %q, compared with %d", s.name, c.Verdict, roles(c), c.Problem, c.ComparedID)
		}
		if c.Good() != (s.verdict == Same || s.verdict == Changed) {
			t.Errorf("%s: good is %v", s.name, c.Good())
		}
	}
	changed := l.rows.captures[3]
	got, err := l.Changes(first, changed)
	if diff := cmp.Diff([]Change{{Kept, "Crime fell by "}, {Removed, "12 "}, {Added, "7 "}, {Kept, "per cent."}}, got); diff != "" || err != nil {
		t.Errorf("changes %v (-want +got):\n%s", err, diff)
	}
	if _, err := l.Changes(first, l.rows.captures[6]); errs.KindOf(err) != errs.NotFound {
		t.Errorf("changes to what has no text: %v", err)
	}
}

func TestANameThatIsGoneHasVanished(t *testing.T) {
	for err, want := range map[error]Verdict{
		&net.DNSError{IsNotFound: true}: Vanished, &net.DNSError{IsTimeout: true}: Unreachable, io.ErrUnexpectedEOF: Unreachable,
	} {
		if got := silence(fmt.Errorf("x: %w", err)); got != want {
			t.Errorf("%v: %s", err, got)
		}
	}
}

func TestWhatCannotBeHadTheFirstTimeIsAnError(t *testing.T) {
	tests := []struct {
		name   string
		change func(l *lab)
		kind   errs.Kind
		says   string
	}{
		{"gone", func(l *lab) { l.site.status = 404 }, errs.Upstream, "127.0.0.1 answered 404 Not Found. Check the address, or say why"},
		{"nobody listens", func(l *lab) { l.srv.Close() }, errs.Upstream, "could not be reached"},
		{"no address", func(l *lab) { l.rows.address = "" }, errs.Invalid, "has no address"},
		{"private", func(l *lab) { l.rows.address = "http://10.0.0.1/" }, errs.Invalid, "Say why there is no capture instead."},
		{"this machine", func(l *lab) { l.Guard = fetch.Guard{} }, errs.Invalid, "private network"},
		{"too large and says so", func(l *lab) { l.site.headers = map[string]string{"Content-Length": "99999999999"} }, errs.TooLarge, "larger than 20 MB"},
		{"too large", func(l *lab) { l.site.body = strings.Repeat("x", MaxBytes+1) }, errs.TooLarge, "larger than 20 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			tt.change(l)
			c, err := l.Capture(t.Context(), 7, 0)
			if errs.KindOf(err) != tt.kind || !strings.Contains(errs.Message(err), tt.says) {
				t.Errorf("%+v, %v", c, err)
			}
			if len(l.rows.captures) != 0 {
				t.Errorf("kept %+v", l.rows.captures)
			}
		})
	}
	l := newLab(t)
	if err := l.CaptureJob(t.Context(), CaptureArgs{EvidenceID: 8}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("no such piece: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.CaptureJob(ctx, CaptureArgs{EvidenceID: 7}); errs.KindOf(err) != errs.Canceled {
		t.Errorf("canceled: %v", err)
	}
}

func TestARefusedAddressIsAnErrorLaterToo(t *testing.T) {
	l := newLab(t)
	l.look()
	l.Guard = fetch.Guard{}
	if _, err := l.Capture(t.Context(), 7, 0); errs.KindOf(err) != errs.Invalid || len(l.rows.captures) != 1 {
		t.Errorf("%v; %d captures", err, len(l.rows.captures))
	}
}

func TestBytesDecideWhereThereIsNoText(t *testing.T) {
	l := newLab(t)
	l.site.headers = map[string]string{"Content-Type": "application/pdf"}
	l.site.body = "%PDF-1.7 one"
	if c := l.look(); c.MediaType != "application/pdf" || c.TextSHA256 != "" || !slices.Equal(roles(c), []Role{Archive}) {
		t.Errorf("%+v", c)
	}
	if c := l.look(); c.Verdict != Same || len(c.Files) != 0 {
		t.Errorf("%+v", c)
	}
	l.site.body = "%PDF-1.7 two"
	if c := l.look(); c.Verdict != Changed {
		t.Errorf("%+v", c)
	}
}

func TestAPageThatIsPackedUnaskedIsRead(t *testing.T) {
	l := newLab(t)
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	io.WriteString(gz, l.site.body)
	gz.Close()
	l.site.body, l.site.headers = b.String(), map[string]string{"Content-Encoding": "gzip"}
	if c := l.look(); c.Title != "The title" || c.BodyBytes != int64(b.Len()) {
		t.Errorf("%+v", c)
	}
	for name, body := range map[string]string{"broken": "\x1f\x8b\x08 no", "a bomb": bomb()} {
		l := newLab(t)
		l.site.body, l.site.headers = body, map[string]string{"Content-Encoding": "gzip"}
		if c := l.look(); c.TextSHA256 != "" || c.BodyBytes != int64(len(body)) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// bomb is nothing, and too much of it.
func bomb() string {
	var b bytes.Buffer
	gz, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	gz.Write(make([]byte, MaxBytes+1))
	gz.Close()
	return b.String()
}

func TestHostileWordsStayOnOneLine(t *testing.T) {
	l := newLab(t)
	l.site.headers = map[string]string{"Content-Type": "text/html; x=\"" + strings.Repeat("y", 500) + "\""}
	l.site.body = strings.Replace(l.site.body, "The title", " a\n\u202e\x00b \xff"+strings.Repeat("ü", 400), 1)
	c := l.look()
	if !strings.HasPrefix(c.Title, "a b üü") || len(c.Title) > maxTitle || strings.ContainsAny(c.Title, "\n\x00\ufffd\u202e") || len(c.ContentType) > maxType {
		t.Errorf("title %q, type %q", c.Title, c.ContentType)
	}
}

func TestUploads(t *testing.T) {
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
	tests := []struct{ name, data, wantType, wantName string }{
		{"scan.png", png, "image/png", "scan.png"},
		{"scan.html", png, "image/png", "scan.png"},
		{"report.pdf", "%PDF-1.7\n…", "application/pdf", "report.pdf"},
		{"photo", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg", "photo.jpg"},
		{"a.gif", "GIF89a\x01\x00\x01\x00<script>alert(1)</script>", "image/gif", "a.gif"},
		{"a.webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "a.webp"},
		{"a.pdf", titled("x"), "", ""},
		{"a.png", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "", ""},
		{"a.pdf", "PK\x03\x04\x14\x00\x06\x00", "", ""},
		{"a.png", "MZ\x90\x00", "", ""},
		{"a.txt", "words", "", ""},
		{"empty.pdf", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.wantType, func(t *testing.T) {
			l := newLab(t)
			c, err := l.upload(7, tt.name, strings.NewReader(tt.data))
			if tt.wantType == "" {
				if errs.KindOf(err) != errs.Invalid || len(l.rows.captures) != 0 {
					t.Fatalf("%+v, %v", c, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := File{Role: Original, SHA256: c.BodySHA256, Bytes: int64(len(tt.data)), MediaType: tt.wantType, Name: tt.wantName}
			if diff := cmp.Diff([]File{want}, c.Files); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if c.Kind != Upload || c.Verdict != First || c.Title != tt.name || c.MediaType != tt.wantType || c.CapturedBy != 3 || content(t, l.Files, c.BodySHA256) != tt.data {
				t.Errorf("capture %+v", c)
			}
		})
	}
}

func TestAnUploadHasItsTextToo(t *testing.T) {
	l := newLab(t)
	l.Read = func(data []byte, contentType, address string) (string, string, error) {
		if contentType != "application/pdf" || address != "" {
			t.Errorf("read as %q from %q", contentType, address)
		}
		return "Another title", "The words of the document.", nil
	}
	c, err := l.upload(7, "dir/report.pdf", strings.NewReader("%PDF-1.7"))
	if err != nil || c.Title != "report.pdf" || content(t, l.Files, c.TextSHA256) != "The words of the document." {
		t.Errorf("%+v, %v", c, err)
	}
	l.Read = read
	l.look()
	if first, last, ok := Reference(l.rows.captures); !ok || first.ID != 2 || last.ID != 2 {
		t.Errorf("an upload is no look at the address: %+v", first)
	}
}

func TestUploadsThatFail(t *testing.T) {
	l := newLab(t)
	if _, err := l.upload(7, "a.pdf", io.MultiReader(strings.NewReader("%PDF-1.7"), bytes.NewReader(make([]byte, MaxBytes)))); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("too large: %v", err)
	}
	if _, err := l.upload(7, "a.pdf", iotest.ErrReader(io.ErrUnexpectedEOF)); errs.KindOf(err) != errs.Invalid {
		t.Errorf("broken off: %v", err)
	}
	if _, err := l.upload(8, "a.pdf", strings.NewReader("%PDF-1.7")); errs.KindOf(err) != errs.NotFound {
		t.Errorf("no such piece: %v", err)
	}
	if len(l.rows.captures) != 0 {
		t.Errorf("kept %+v", l.rows.captures)
	}
}

func TestAfterAWhileEveryPieceIsLookedAtAgain(t *testing.T) {
	l := newLab(t)
	for id := range int64(450) {
		l.rows.due = append(l.rows.due, id*2+1)
	}
	var asked []int64
	l.Enqueue = func(_ context.Context, a CaptureArgs) error { asked = append(asked, a.EvidenceID); return nil }
	if err := l.LookAgainJob(t.Context(), LookAgainArgs{}); err != nil || !slices.Equal(asked, l.rows.due) {
		t.Errorf("%d asked for, %v", len(asked), err)
	}
	l.Enqueue = func(context.Context, CaptureArgs) error { return errs.Internal }
	if err := l.LookAgainJob(t.Context(), LookAgainArgs{}); !errors.Is(err, errs.Internal) {
		t.Error(err)
	}
}

// upload receives a file of person 3 and attaches it.
func (l *lab) upload(evidenceID int64, name string, r io.Reader) (Capture, error) {
	c, err := l.Receive(3, name, r)
	if err != nil {
		return c, err
	}
	return l.Attach(l.t.Context(), c, evidenceID)
}

func TestAFirstCaptureIsNotMadeTwice(t *testing.T) {
	l := newLab(t)
	for range 2 {
		if err := l.CaptureJob(t.Context(), CaptureArgs{EvidenceID: 7, OnlyFirst: true}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(l.rows.captures); n != 1 {
		t.Errorf("%d captures, want the first alone", n)
	}
}

func TestWhatWasNeverAskedForIsCaughtUpWith(t *testing.T) {
	l := newLab(t)
	for id := int64(1); id <= dueBatch+1; id++ {
		l.rows.bare = append(l.rows.bare, id)
	}
	var asked []CaptureArgs
	l.Enqueue = func(_ context.Context, a CaptureArgs) error { asked = append(asked, a); return nil }
	if err := l.CatchUpJob(t.Context(), CatchUpArgs{}); err != nil {
		t.Fatal(err)
	}
	if len(asked) != dueBatch+1 || asked[dueBatch] != (CaptureArgs{EvidenceID: dueBatch + 1, OnlyFirst: true}) {
		t.Errorf("asked for %d captures, the last %+v", len(asked), asked[len(asked)-1])
	}
}
