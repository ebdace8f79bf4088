package export_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

var update = flag.Bool("update", false, "write the golden files anew")

var site = export.Site{Name: "The Fjord Check", BaseURL: "https://checks.example", Contact: "desk@checks.example"}

// read is the publication of a case; its file is a review.Report.
func read(t *testing.T, dir string) review.Publication {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", dir, "publication.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r review.Report
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	return review.Publication{Slug: r.Slug, Edition: r.Edition, Report: r, ContentHash: r.ContentHash, PublishedAt: r.PublishedAt}
}

// cases are the directories of testdata.
func cases(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob("testdata/*/publication.json")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var names []string
	for _, d := range dirs {
		names = append(names, filepath.Base(filepath.Dir(d)))
	}
	return names
}

func sequence(all ...review.Publication) iter.Seq2[review.Publication, error] {
	return func(yield func(review.Publication, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func write(t *testing.T, f export.Format, all ...review.Publication) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, site, sequence(all...)); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return b.Bytes()
}

// styleSheet is left out of the golden files: a new colour is no new report.
var styleSheet = regexp.MustCompile(`(?s)<style>.*?</style>`)

func TestGolden(t *testing.T) {
	for _, name := range cases(t) {
		for _, f := range export.Formats {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				got := styleSheet.ReplaceAll(write(t, f, read(t, name)), []byte("<style>…</style>"))
				compare(t, filepath.Join("testdata", name, "want"+f.Ext), got)
			})
		}
	}
}

func compare(t *testing.T, golden string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

func TestExportingTwiceIsByteIdentical(t *testing.T) {
	var all []review.Publication
	for _, name := range cases(t) {
		all = append(all, read(t, name))
	}
	for _, f := range export.Formats {
		t.Run(f.Name, func(t *testing.T) {
			first := write(t, f, all...)
			if second := write(t, f, all...); !bytes.Equal(first, second) {
				t.Error("the second export differs from the first")
			}
		})
	}
}

func TestHTMLNeedsNoOtherFile(t *testing.T) {
	f, _ := export.Lookup("html")
	got := write(t, f, read(t, "numeric"))
	for _, foreign := range []string{"<link", "<script", "@import", "url(", "src="} {
		if bytes.Contains(got, []byte(foreign)) {
			t.Errorf("the file holds %q: it would need something else to be shown", foreign)
		}
	}
}
