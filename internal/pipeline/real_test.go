package pipeline_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/pipeline"
)

// figures are what is found in a set of real texts.
type figures struct {
	texts, sentences, claims                     int
	attributed, named, quoted, due, said, reason int
	short, kinds, verified                       int
}

// TestRealTexts reads texts of the sets in the folder that
// FACTCHECK_DETECT_SETS names: of polnear every tenth, all others whole. Its
// figures are in docs/models/extraction.md; go test -v prints them. Every span
// must verify, whatever the text.
func TestRealTexts(t *testing.T) {
	sets := os.Getenv("FACTCHECK_DETECT_SETS")
	if sets == "" {
		t.Skip("FACTCHECK_DETECT_SETS names no folder")
	}
	for _, set := range []struct {
		name  string
		every int
	}{{"polnear", 10}, {"gum_attr", 1}, {"averitec_dce", 1}} {
		var f figures
		n := 0
		for _, text := range texts(t, filepath.Join(sets, set.name+".jsonl.gz")) {
			if n++; n%set.every == 0 {
				f.add(t, text)
			}
		}
		share := func(n int) float64 { return float64(n) / float64(max(f.claims, 1)) }
		t.Logf("%s: %d texts, %d sentences, %d claims; attributed %.2f, to a resolved source %.2f, with quotation %.2f, with a kind %.2f, with a reason %.2f, short form %.2f, due day %d, said day %d, verified %.3f",
			set.name, f.texts, f.sentences, f.claims, share(f.attributed), share(f.named), share(f.quoted), share(f.kinds), share(f.reason), share(f.short), f.due, f.said, share(f.verified))
		if f.texts == 0 || f.claims == 0 || f.verified != f.claims {
			t.Errorf("%s: of %d claims in %d texts %d verify", set.name, f.claims, f.texts, f.verified)
		}
	}
}

func (f *figures) add(t *testing.T, text string) {
	t.Helper()
	f.texts++
	f.sentences += len(extract.Sentences(text))
	for _, c := range pipeline.Find(claims.Article{Text: text, Lang: "en"}) {
		f.claims++
		count := func(n *int, yes bool) {
			if yes {
				*n++
			}
		}
		count(&f.attributed, c.Attribution.Type != claims.NoSource)
		count(&f.named, c.Attribution.Canonical != "")
		count(&f.quoted, len(c.Quotes) > 0 || c.Attribution.Type == claims.Direct)
		count(&f.kinds, c.Kind != claims.Other)
		count(&f.reason, len(c.Reasons) > 0)
		count(&f.short, c.ShortForm != "")
		count(&f.due, !c.Due.IsZero())
		count(&f.said, !c.SaidAt.IsZero())
		count(&f.verified, c.Span.Check(text) == nil && c.Sentence.Start <= c.Span.Start && c.Span.End <= c.Sentence.End)
		if utf8.RuneCountInString(c.ShortForm) > claims.MaxShortForm {
			t.Errorf("short form %q is too long", c.ShortForm)
		}
	}
}

// texts are those of a set.
func texts(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var row struct{ Text string }
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		out = append(out, row.Text)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
