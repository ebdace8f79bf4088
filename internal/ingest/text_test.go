package ingest

import (
	"context"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// readData reads data that was pasted or uploaded.
func readData(t testing.TB, data, name, contentType string) (claims.Article, error) {
	t.Helper()
	var r Reader
	return r.Read(context.Background(), Input{Data: []byte(data), Name: name, ContentType: contentType})
}

func TestPlainTextIsCanonical(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"line ends", "one\r\ntwo\rthree\u2028four\u0085five\vsix", "one\ntwo\nthree\nfour\nfive\nsix"},
		{"lines stay", "One.\nTwo.\n\nThree.", "One.\nTwo.\n\nThree."},
		{"blank lines fold", "\n\n one \n \t\n\n\ntwo\n\n", "one\n\ntwo"},
		{"white space folds", "one\u00a0 \ttwo\u3000three\u2009four", "one two three four"},
		{"composed", "Cafe\u0301 A\u030angstro\u0308m", "Café Ångström"},
		{"NUL and controls go", "on\x00e\x1b[31m two\x7f\u0090", "one[31m two"},
		{"soft hyphens and zero-width spaces go", "un\u00adem\u200bploy\u2060ment\ufeff", "unemployment"},
		{"bidi overrides go", "paid \u202e000,1\u202c and \u20665\u2069", "paid 000,1 and 5"},
		{"joiners and marks stay", "می\u200cخواهم 👩\u200d⚕️ \u200fא", "می\u200cخواهم 👩\u200d⚕️ \u200fא"},
		{"noncharacters go", "a\ufdd0b\uffffc\U0001fffed", "abcd"},
		{"byte order mark goes", "\xef\xbb\xbfone", "one"},
		{"quotation marks stay", "“one” ‘two’ «three» „four“", "“one” ‘two’ «three» „four“"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			art, err := readData(t, tt.in, "", "text/plain")
			if err != nil || art.Text != tt.want {
				t.Fatalf("text = %q, %v; want %q", art.Text, err, tt.want)
			}
			checkCanonical(t, art.Text)
		})
	}
}

func TestHeadlineOfPlainText(t *testing.T) {
	const rest = "\nThe mayor said that crime fell by 12 per cent."
	tests := []struct{ name, first, want string }{
		{"short line", "Mayor defends crime figures", "Mayor defends crime figures"},
		{"Markdown", "# Mayor defends crime figures", "Mayor defends crime figures"},
		{"in quotation marks", "“Crime fell 12%”", "“Crime fell 12%”"},
		{"a sentence", "The mayor defended the figures.", ""},
		{"a quoted sentence", "“The figures are right.”", ""},
		{"a question", "Did crime fall?", ""},
		{"long", strings.Repeat("word ", 26), ""},
		{"very long word", strings.Repeat("w", 151), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			art, err := readData(t, tt.first+rest, "", "")
			if err != nil || art.Title != tt.want {
				t.Errorf("title = %q, %v; want %q", art.Title, err, tt.want)
			}
			if !strings.HasPrefix(art.Text, strings.TrimSpace(tt.first)) {
				t.Errorf("the headline left the text: %q", art.Text)
			}
		})
	}
	if art, err := readData(t, "A line alone", "", ""); err != nil || art.Title != "" {
		t.Errorf("a line with nothing after it became the title %q (%v)", art.Title, err)
	}
}

func TestPastedTextIsKnownByItsHash(t *testing.T) {
	a, errA := readData(t, "The same text.\r\n", "a.txt", "")
	b, errB := readData(t, "  The same\u00a0text.", "", "text/plain")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if a.Source != b.Source || a.Source != "sha256:"+a.SHA256 || len(a.SHA256) != 64 {
		t.Errorf("sources %q and %q, hash %q", a.Source, b.Source, a.SHA256)
	}
	if a.URL != "" || a.MediaType != "text/plain" {
		t.Errorf("URL %q, media type %q", a.URL, a.MediaType)
	}
}

func TestSizeLimit(t *testing.T) {
	const limit = claims.MaxArticleBytes
	line := strings.Repeat("word ", limit/5+1)
	art, err := readData(t, line[:limit], "", "")
	if err != nil || len(art.Text) < limit-5 {
		t.Errorf("a text of one line at the limit: %d bytes, %v", len(art.Text), err)
	}
	_, err = readData(t, line[:limit+1], "", "")
	wantError(t, err, errs.TooLarge, "larger than 5 MB")
	_, err = readData(t, strings.Repeat(line, 2), "", "")
	wantError(t, err, errs.TooLarge, "10.1 MB large; at most 5 MB")
	// UTF-16 and other charsets may grow when they become UTF-8.
	_, err = readData(t, "\xff\xfe"+strings.Repeat("\xe5\x65", limit/2-10), "", "")
	wantError(t, err, errs.TooLarge, "MB")
}

func TestReadAllStopsAfterTheLimit(t *testing.T) {
	r := &endless{}
	_, err := ReadAll(r)
	wantError(t, err, errs.TooLarge, "larger than 5 MB")
	if r.n != claims.MaxArticleBytes+1 {
		t.Errorf("read %d bytes, want one more than the limit", r.n)
	}
	if data, err := ReadAll(strings.NewReader("text")); string(data) != "text" || err != nil {
		t.Errorf("ReadAll = %q, %v", data, err)
	}
}

// endless never ends and counts what was taken from it.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.n += len(p)
	return len(p), nil
}

func TestWhatIsNoArticleIsRefused(t *testing.T) {
	tests := []struct {
		name, data, file, contentType string
		want                          string // of the sentence
	}{
		{"nothing", "", "", "", "no text"},
		{"white space", " \n\t\u00a0\ufeff ", "", "", "no text"},
		{"only a byte order mark", "\xef\xbb\xbf", "", "", "no text"},
		{"PDF", "%PDF-1.7\n1 0 obj", "report.txt", "text/plain", "PDF"},
		{"RTF", `{\rtf1\ansi Hello}`, "", "", "word-processor"},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00", "a.html", "text/html", "picture"},
		{"old word processor", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "a.doc", "", "not text"},
		{"archive", "PK\x03\x04\x14\x00\x08\x00\x08\x00" + strings.Repeat("\x00\x9c", 40), "", "", "archive"},
		{"binary", strings.Repeat("\x00\x01\x02\xff", 50), "", "", "not text"},
		{"UTF-16 without a mark", strings.Repeat("a\x00b\x00\xe4\x00", 30), "", "", "not text"},
		{"feed", `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>`, "", "", "feed"},
		{"XML", `<?xml version="1.0"?><note><to>You</to></note>`, "", "", "XML"},
		{"invalid UTF-8", "Crime fell.\nThe caf\xe9 is \xff closed.", "", "", "line 2 at byte 20"},
		{"cut UTF-8", "Crime fell\xe2\x80", "", "text/plain; charset=utf-8", "not valid UTF-8"},
		{"false charset", "a\x80\xff\xff", "", "text/plain; charset=Shift_JIS", "says that it is shift_jis"},
		{"UTF-16 cut in a character", "\xff\xfea\x00\x00\xd8", "", "", "starts like Unicode"},
		{"page without text", "<html><title>Gallery</title><body><img src=a.jpg><script>x</script></body></html>", "a.html", "", "No article text"},
		{"page of white space", "<p>&nbsp;<p> &#8203; ", "a.html", "", "No article text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readData(t, tt.data, tt.file, tt.contentType)
			wantError(t, err, errs.Invalid, tt.want)
		})
	}
}

// wantError checks kind and sentence. A sentence starts with a capital letter
// or a name and ends with a full stop, or with an address that shows how.
func wantError(t *testing.T, err error, kind errs.Kind, part string) {
	t.Helper()
	if errs.KindOf(err) != kind {
		t.Fatalf("kind of %v is %q, want %q", err, errs.KindOf(err), kind)
	}
	msg := errs.Message(err)
	if !strings.Contains(msg, part) {
		t.Errorf("sentence %q does not say %q", msg, part)
	}
	if len(msg) < 20 || !strings.HasSuffix(msg, ".") && !strings.Contains(msg, "https://") {
		t.Errorf("no sentence for a person: %q", msg)
	}
}

func TestTextsThatLookLikeOtherThingsAreRead(t *testing.T) {
	tests := []struct{ name, data, file, contentType, want string }{
		{"bitmap signature", "BMW said that it sold 2.4 million cars.", "", "", "BMW said"},
		{"program signature", "MZ is what the file starts with.", "", "", "MZ is"},
		{"sound signature", "ID3 is a tag.", "", "", "ID3"},
		{"page as text", "<p>Shown as it is.</p>", "page.txt", "", "<p>Shown"},
		{"XML as text", "<?xml version=\"1.0\"?> is a line.", "a.txt", "", "<?xml"},
		{"Markdown", "# Title\n\nA *word*.", "a.md", "", "# Title\n\nA *word*."},
		{"XHTML", "<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Read.</p></body></html>", "", "", "Read."},
		{"page without a name", "<!doctype html><p>Read.</p>", "", "", "Read."},
		{"unknown charset", "Plain.", "", "text/plain; charset=klingon", "Plain."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			art, err := readData(t, tt.data, tt.file, tt.contentType)
			if err != nil || !strings.HasPrefix(art.Text, tt.want) {
				t.Errorf("text = %q, %v; want %q…", art.Text, err, tt.want)
			}
		})
	}
}

func TestAnAddressAndATextIsOneTooMany(t *testing.T) {
	_, err := new(Reader).Read(context.Background(), Input{URL: "https://example.org/", Data: []byte("x")})
	wantError(t, err, errs.Invalid, "not both")
}

func TestReadingStopsWhenTheCallerLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, in := range []Input{{Data: []byte("A text.")}, {URL: "http://example.com/"}} {
		if _, err := new(Reader).Read(ctx, in); errs.KindOf(err) != errs.Canceled {
			t.Errorf("Read(%q) = %v, want canceled", in.URL, err)
		}
	}
}

func TestMegabytesNeverLookSmallerThanTheyAre(t *testing.T) {
	for n, want := range map[int]string{5 << 20: "5 MB", 5<<20 + 1: "5.1 MB", 12<<20 + 200_000: "12.2 MB", 1: "0.1 MB"} {
		if got := megabytes(n); got != want {
			t.Errorf("megabytes(%d) = %q, want %q", n, got, want)
		}
	}
}
