package extract_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/claims"
	"factcheck/internal/pipeline"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden is a candidate as want.json shows it: easy to read and to compare.
type golden struct {
	Text      string   `json:"text"`
	Start     int      `json:"start"`
	End       int      `json:"end"`
	Sentence  [2]int   `json:"sentence"`
	Score     float64  `json:"score"`
	Kind      string   `json:"kind"`
	Type      string   `json:"type"`
	Speaker   string   `json:"speaker,omitempty"`
	Canonical string   `json:"canonical,omitempty"`
	Cue       string   `json:"cue,omitempty"`
	Quotes    []string `json:"quotes,omitempty"`
	Reasons   []string `json:"reasons"`
	Short     string   `json:"short,omitempty"`
	Due       string   `json:"due,omitempty"`
	SaidAt    string   `json:"said_at,omitempty"`
}

func goldenOf(text string, found []claims.Candidate) []golden {
	out := []golden{}
	for _, c := range found {
		g := golden{
			Text: c.Span.Quote, Start: c.Span.Start, End: c.Span.End, Sentence: [2]int{c.Sentence.Start, c.Sentence.End},
			Score: math.Round(c.Score*100) / 100, Kind: string(c.Kind), Type: string(c.Attribution.Type), Speaker: c.Attribution.Speaker,
			Canonical: c.Attribution.Canonical, Cue: c.Attribution.Cue, Reasons: c.Reasons, Short: c.ShortForm,
			Due: iso(c.Due), SaidAt: iso(c.SaidAt),
		}
		for _, q := range c.Quotes {
			g.Quotes = append(g.Quotes, text[q.Start:q.End])
		}
		out = append(out, g)
	}
	return out
}

func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*/article.txt")
	if err != nil || len(cases) < 34 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, name := range cases {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text := string(b)
			got := goldenOf(text, pipeline.Find(claims.Article{Text: text, PublishedAt: friday}))
			file := filepath.Join(filepath.Dir(name), "want.json")
			if *update {
				writeGolden(t, file, got)
				return
			}
			w, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want []golden
			if err := json.Unmarshal(w, &want); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("candidates differ (-want +got):\n%s", d)
			}
		})
	}
}

func writeGolden(t *testing.T, file string, got []golden) {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
