package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
)

// TestHostilePages holds that no page blows the stack, the memory or the time.
// Each is a shape that costs a careless reader minutes or gigabytes.
func TestHostilePages(t *testing.T) {
	const soon = 10 * time.Second // seen: below 0.3 s each; the rest is for a busy machine and the race detector
	var attributes, fonts strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&attributes, " a%d=1", i)
	}
	for i := range 450 {
		fmt.Fprintf(&fonts, "<font color=%d>", i)
	}
	tests := []struct{ name, page, want string }{
		{"100,000 nested elements", strings.Repeat("<div>", 99_999), "nested deeper"},
		{"a million elements", strings.Repeat("<p>", 1_000_000), "more than 100000 elements"},
		{"comments", strings.Repeat("<!-- -->x", 500_000), "more than 100000 elements"},
		{"many attributes", "<b" + attributes.String() + ">x<b" + attributes.String() + "><p>words", ""},
		{"unclosed formatting before many paragraphs", fonts.String() + strings.Repeat("<p>x", 40_000), ""},
		{"the same behind a script", "<script><!--</script>" + fonts.String() + strings.Repeat("<p>x", 40_000), ""},
		{"tables in tables", strings.Repeat("<table><tr><td>x</table>", 15_000), ""},
		{"deep lists of brackets as JSON-LD", "<script type=application/ld+json>" + strings.Repeat("[", 500_000) + "</script><p>words", ""},
		{"an endless title", "<title>" + strings.Repeat("a | b ", 400_000) + "</title><p>words", ""},
		{"one line", "<p>" + strings.Repeat("word ", 400_000), ""},
		{"open tags", strings.Repeat("<", 2<<20), ""},
		{"half tags", "<p>words" + strings.Repeat("</", 1<<20), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			art, err := readData(t, tt.page, "page.html", "")
			if took := time.Since(start); took > soon {
				t.Errorf("took %v", took)
			}
			if tt.want == "" {
				if err != nil || art.Text == "" {
					t.Errorf("%v", err)
				}
				return
			}
			if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.TooLarge {
				t.Fatalf("error %v", err)
			}
			wantError(t, err, errs.KindOf(err), tt.want)
		})
	}
}

func TestMetadataIsBounded(t *testing.T) {
	long := strings.Repeat("Very long words ", 100)
	page := `<html lang="` + long + `"><title>x</title><meta property="og:title" content="` + long + "\u202e\nnext\x01" + `">` +
		strings.Repeat(`<meta name=author content="`+long+`">`, 500) + `<meta property="og:site_name" content="` + long + `"><p>Some words are here.`
	art, err := readData(t, page, "page.html", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{art.Title, art.Author, art.Publisher} {
		if n := len([]rune(s)); n == 0 || n > 200 || strings.ContainsAny(s, "\n\x01\u202e") {
			t.Errorf("%d code points: %q", n, s)
		}
	}
	if art.Lang != unknownLang {
		t.Errorf("lang %q", art.Lang)
	}
}
