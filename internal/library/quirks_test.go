package library_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/library"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// formatOf is the format of a fixture, by its name.
func formatOf(name string) library.Format {
	kind := "claimreview"
	switch {
	case strings.HasSuffix(name, ".csv"):
		kind = "csv"
	case name == "lines.jsonl":
		kind = "jsonl"
	}
	f, _ := library.Lookup(kind)
	return f
}

// TestEveryQuirkReadsAsAPersonReadsIt holds each file of testdata/quirks to
// what it says; their names say what is odd about them.
func TestEveryQuirkReadsAsAPersonReadsIt(t *testing.T) {
	names, err := filepath.Glob("testdata/quirks/*")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d fixtures, %v", len(names), err)
	}
	var b strings.Builder
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n", filepath.Base(name))
		for it, err := range formatOf(filepath.Base(name)).Read(f, library.Options{}) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			describe(&b, it)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "testdata/quirks.golden", b.String())
}

// describe writes an item as lines.
func describe(b *strings.Builder, it library.Item) {
	for _, c := range it.Checks {
		fmt.Fprintf(b, "check %s\n  claim    %s\n", c.URL, c.ClaimText)
		scale := ""
		if c.RatingValue != nil {
			scale = fmt.Sprintf(" %g of %g–%g", *c.RatingValue, *c.RatingWorst, *c.RatingBest)
		}
		fmt.Fprintf(b, "  rating   %q%s: %s, because %s\n  by       %s (%s)", c.Rating, scale, c.Bucket, c.Rule, c.Publisher.Name, c.Publisher.Site)
		for _, f := range []struct{ name, value string }{
			{"on", date(c.ReviewDate.Format("2006-01-02 15:04"))}, {"title", c.Title}, {"lang", c.Lang}, {"claimant", c.Claimant},
			{"said", date(c.ClaimDate.Format("2006-01-02"))}, {"first", c.FirstAppearance}, {"at", strings.Join(c.Appearances, " ")},
		} {
			if f.value != "" {
				fmt.Fprintf(b, "\n  %-8s %s", f.name, f.value)
			}
		}
		b.WriteString("\n")
	}
	for _, r := range it.Rejected {
		fmt.Fprintf(b, "rejected line %d, byte %d: %s\n", r.Line, r.Offset, r.Why)
	}
	if it.Skipped > 0 {
		fmt.Fprintf(b, "skipped %d\n", it.Skipped)
	}
}

func date(text string) string {
	if strings.HasPrefix(text, "0001") {
		return ""
	}
	return text
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestReadingGoesOnAtEveryPosition stops after each record and goes on in a new
// reader: together they read what one reads.
func TestReadingGoesOnAtEveryPosition(t *testing.T) {
	names, err := filepath.Glob("testdata/quirks/*[lnv]") // json, jsonl and csv, and pages, which are one item
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f := formatOf(filepath.Base(name))
		var whole, parts strings.Builder
		for it, err := range f.Read(strings.NewReader(string(data)), library.Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			describe(&whole, it)
		}
		if strings.HasSuffix(name, ".html") {
			continue
		}
		at := library.Position{}
		for steps := 0; ; steps++ {
			more := false
			for it, err := range f.Read(strings.NewReader(string(data)), library.Options{From: at}) {
				if err != nil {
					t.Fatal(err)
				}
				describe(&parts, it)
				more, at = true, it.Next
				break
			}
			if !more {
				break
			}
			if steps > 100 {
				t.Fatalf("%s: stands at %+v", name, at)
			}
		}
		if diff := cmp.Diff(whole.String(), parts.String()); diff != "" {
			t.Errorf("%s (-at once +in steps):\n%s", name, diff)
		}
	}
}

func TestEveryRowOfTheLabelsIsABucket(t *testing.T) {
	tests := []struct {
		rating string
		want   library.Bucket
	}{
		{"TRUE", library.True}, {"That's correct", library.True}, {"Mostly True", library.MostlyTrue}, {"Not far off", library.MostlyTrue},
		{"Half-True", library.Mixed}, {"Missing context", library.Mixed}, {"Barely True", library.MostlyFalse}, {"Misleading.", library.MostlyFalse},
		{"Pants on Fire!", library.False}, {"Not true", library.False}, {"False. The photo is from 2014.", library.False}, {"Falso", library.False},
		{"Earns Four Pinocchios", library.False}, {"2 Pinocchios", library.Mixed}, {"Unproven", library.Unverifiable}, {"Satire", library.Other},
		{"False flag", library.Other}, {"Four legs good", library.Other}, {"", library.None}, {"No rating", library.None}, {"झूठ", library.False},
	}
	f, _ := library.Lookup("jsonl")
	for _, tt := range tests {
		line, err := json.Marshal(map[string]string{"claim": "x", "publisher": "p", "rating": tt.rating})
		if err != nil {
			t.Fatal(err)
		}
		for it, err := range f.Read(strings.NewReader(string(line)), library.Options{}) {
			if err != nil || len(it.Checks) != 1 {
				t.Fatal(it, err)
			}
			if c := it.Checks[0]; c.Bucket != tt.want || c.Rule == "" || c.Rating != tt.rating {
				t.Errorf("%q is %s (%s), want %s", tt.rating, c.Bucket, c.Rule, tt.want)
			}
		}
	}
}

func TestFilesOfAnotherKindSaySo(t *testing.T) {
	for name, tt := range map[string]struct{ format, data, want string }{
		"UTF-16":        {"claimreview", "\xff\xfe{\x00", "UTF-16"},
		"compressed":    {"jsonl", "\x1f\x8b\x08", "compressed"},
		"a spreadsheet": {"csv", "PK\x03\x04", "compressed"},
		"no claims":     {"csv", "a,b\n1,2\n", "no column with claims"},
		"nobody's":      {"csv", "claim,b\n1,2\n", "whose checks"},
		"empty table":   {"csv", "", "empty"},
	} {
		f, _ := library.Lookup(tt.format)
		n := 0
		for _, err := range f.Read(strings.NewReader(tt.data), library.Options{}) {
			n++
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d items", name, n)
		}
	}
}

func TestNestingHasNoEnd(t *testing.T) {
	f, _ := library.Lookup("claimreview")
	for name, data := range map[string]string{
		"lists":       strings.Repeat("[", 100_000),
		"objects":     strings.Repeat(`{"a":`, 100_000),
		"in a review": `{"@type":"ClaimReview","claimReviewed":` + strings.Repeat("[", 200_000),
		"closed":      strings.Repeat("[", 50_000) + `{"@type":"ClaimReview","url":"https://a.example","claimReviewed":"x"}` + strings.Repeat("]", 50_000),
		"elements":    strings.Repeat("<div>", 50_000) + `<script type="application/ld+json">{"@type":"ClaimReview","url":"https://a.example","claimReviewed":"x"}</script>`,
		"items":       strings.Repeat(`<div itemscope itemprop="review">`, 20_000),
	} {
		found := 0
		for it, err := range f.Read(strings.NewReader(data), library.Options{}) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			found += len(it.Checks)
		}
		if want := map[string]int{"closed": 1, "elements": 1}[name]; found != want {
			t.Errorf("%s: %d checks, want %d", name, found, want)
		}
	}
}
