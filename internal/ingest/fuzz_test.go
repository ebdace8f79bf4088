package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

func FuzzReadText(f *testing.F) {
	for _, seed := range []string{"Title\n\nA sentence. “A quotation.”", "a\r\n\tb\u00a0\u0301c\x00", "\xff\xfea\x00", "e\u0301\u200b\u0301\u1100\u1161\ufeff", "\x1b$B;T\x1b(B", "caf\xe9"} {
		f.Add([]byte(seed), "text/plain")
		f.Add([]byte(seed), "text/plain; charset=windows-1252")
	}
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		checkRead(t, Input{Data: data, ContentType: contentType})
	})
}

func FuzzReadHTML(f *testing.F) {
	pages, err := filepath.Glob("testdata/*/page.html")
	if err != nil || len(pages) == 0 {
		f.Fatal(pages, err)
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("<p>a<pre>\n\n b<br>c</pre><table><tr><td>1<td>2<q>x<q>y"))
	f.Add([]byte(`<script type="application/ld+json">{"@type":"NewsArticle","author":[[{"name":1}]],"publisher":[],"headline":{}}</script>x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, Input{Data: data, Name: "page.html"})
	})
}

// checkRead holds what is true of every article and every refusal, whatever was
// read: a sentence for the person, or a canonical text that does not change
// when it is read again.
func checkRead(t *testing.T, in Input) {
	t.Helper()
	art, err := new(Reader).Read(t.Context(), in)
	if err != nil {
		if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.TooLarge || errs.Message(err) == "" {
			t.Fatalf("no sentence for the person: %v", err)
		}
		return
	}
	if art.Text == "" || art.SHA256 == "" || art.Lang == "" || art.MediaType == "" {
		t.Errorf("a field is empty: %+v", art)
	}
	checkCanonical(t, art.Text)
	for _, s := range []string{art.Title, art.Author, art.Publisher} {
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > claims.MaxName || strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("not one short line: %q", s)
		}
	}
	if isHTML := art.MediaType == "text/html"; isHTML && binaryType([]byte(art.Text)) != "" {
		return // a page may talk about "%PDF-1.4"; as a file that is a PDF
	}
	again, err := new(Reader).Read(t.Context(), Input{Data: []byte(art.Text), ContentType: "text/plain; charset=utf-8"})
	if err != nil || again.Text != art.Text || again.SHA256 != art.SHA256 {
		t.Errorf("read again: %q (%v)\nfirst:      %q", again.Text, err, art.Text)
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, seed := range append(nasty, "https://example.org/a?utm_source=x&b=%zz&&c#d", "https://bücher.example:443/%C3%BC?q=ü", "https://example.org/a?&?b", "http:0/0\xad0??", "http:≠") {
		f.Add(seed, "/x?y")
	}
	f.Fuzz(func(t *testing.T, raw, link string) {
		got, err := CanonicalURL(raw)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid || errs.Message(err) == "" {
				t.Fatalf("no sentence for the person: %v", err)
			}
			return
		}
		again, err := CanonicalURL(got)
		if len(got) <= fetch.MaxAddress && (err != nil || again != got) {
			t.Errorf("CanonicalURL(%q) = %q; again %q, %v", raw, got, again, err)
		}
		if !strings.HasPrefix(got, "http") || strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, "#") {
			t.Errorf("CanonicalURL(%q) = %q", raw, got)
		}
		if source, err := sourceOf(raw, link); err != nil || !strings.HasPrefix(source, "http") {
			t.Errorf("sourceOf(%q, %q) = %q, %v", raw, link, source, err)
		}
	})
}
