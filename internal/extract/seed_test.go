package extract_test

import (
	"os"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/pipeline"
)

// TestSeedArticle holds what must be found in the article that the file named
// by FACTCHECK_SEED_ARTICLE holds; the article is not ours to commit.
func TestSeedArticle(t *testing.T) {
	name := os.Getenv("FACTCHECK_SEED_ARTICLE")
	if name == "" {
		t.Skip("FACTCHECK_SEED_ARTICLE names no file")
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	found := pipeline.Find(claims.Article{Text: text, Lang: "en"})
	want := []struct {
		words, canonical string
		kind             claims.AttributionType
	}{
		{"end the war in a day", "Donald Trump", claims.Mixed},
		{"no detailed plan", "", claims.NoSource},
		{"first face-to-face meeting between the two since Trump’s return to the White House", "", claims.NoSource},
		{"tens of thousands of deaths", "", claims.NoSource},
		{"war in Ukraine, now in its third year", "", claims.NoSource},
		{"first trip to a NATO-allied country since the International Criminal Court issued a warrant", "", claims.NoSource},
		{"accompanied at all times by senior officials", "the White House", claims.Indirect},
		{"the US state closest to Russia", "", claims.NoSource},
		{"its military objectives in Ukraine remain unchanged", "the Kremlin", claims.Indirect},
		{"any deal brokered without Ukraine’s full involvement risks undermining its sovereignty", "allies in Europe and NATO", claims.Indirect},
		{"set to begin at 11:30", "", claims.NoSource},
		{"the President will engage with President Putin", "Karoline Leavitt", claims.Direct},
	}
	for _, w := range want {
		c, ok := holding(found, w.words)
		if !ok {
			t.Errorf("nothing found holds %q", w.words)
			continue
		}
		if c.Attribution.Canonical != w.canonical || c.Attribution.Type != w.kind {
			t.Errorf("%q is %s by %q, want %s by %q", w.words, c.Attribution.Type, c.Attribution.Canonical, w.kind, w.canonical)
		}
	}
	for _, no := range []string{"shake hands ahead", "ceasefire?", "What is your message", "stop killing", "may be remembered", "Smiling", "red carpet", "walking side by side", "Neither leader", "motorcade"} {
		if c, ok := holding(found, no); ok {
			t.Errorf("%q is no claim", c.Span.Quote)
		}
	}
	if c, _ := holding(found, "11:30"); c.Kind != claims.Happening {
		t.Errorf("talks that are set to begin are %q, want %q", c.Kind, claims.Happening)
	}
	if c, _ := holding(found, "end the war"); len(c.Quotes) != 1 || text[c.Quotes[0].Start:c.Quotes[0].End] != "end the war in a day" {
		t.Errorf("quotes of %q are %v", c.Span.Quote, c.Quotes)
	}
	if len(found) > 20 {
		t.Errorf("%d candidates are too many to read", len(found))
	}
}

func holding(found []claims.Candidate, words string) (claims.Candidate, bool) {
	for _, c := range found {
		if strings.Contains(c.Span.Quote, words) {
			return c, true
		}
	}
	return claims.Candidate{}, false
}
