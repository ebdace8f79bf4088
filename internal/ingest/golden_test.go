package ingest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/claims"
)

var update = flag.Bool("update", false, "rewrite testdata/*/want.json")

// goldenArticle is testdata/<case>/want.json: an article with its text by line,
// so that a difference is read easily.
type goldenArticle struct {
	Source, Title, Publisher, Author, Lang, MediaType string
	PublishedAt                                       time.Time
	Text                                              []string
}

// TestPages reads each testdata/<case>/page.html as if it had come from the
// address in testdata/<case>/address, or from a file if there is none.
func TestPages(t *testing.T) {
	pages, err := filepath.Glob("testdata/*/page.html")
	if err != nil || len(pages) < 8 {
		t.Fatalf("%d pages, err %v; want at least 8", len(pages), err)
	}
	for _, file := range pages {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			art := readGolden(t, dir)
			checkCanonical(t, art.Text)
			got := goldenArticle{art.Source, art.Title, art.Publisher, art.Author, art.Lang, art.MediaType, art.PublishedAt, strings.Split(art.Text, "\n")}
			want := filepath.Join(dir, "want.json")
			if *update {
				writeJSON(t, want, got)
			}
			var expected goldenArticle
			readJSON(t, want, &expected)
			if diff := cmp.Diff(expected, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestNothingHiddenIsRead holds the rule that the golden file of the page with
// hidden parts could lose in an update.
func TestNothingHiddenIsRead(t *testing.T) {
	art := readGolden(t, "testdata/hidden")
	for _, word := range []string{"words", "Ignore", "script", "alert", "color"} {
		if strings.Contains(art.Text, word) {
			t.Errorf("the text holds %q:\n%s", word, art.Text)
		}
	}
}

func readGolden(t *testing.T, dir string) claims.Article {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil {
		t.Fatal(err)
	}
	src := source{data: data, name: "page.html"}
	address, err := os.ReadFile(filepath.Join(dir, "address"))
	if err == nil {
		src.address = string(address)
	}
	art, link, err := read(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	if src.address == "" {
		return art
	}
	if art.Source, err = sourceOf(src.address, link); err != nil {
		t.Fatal(err)
	}
	return art
}

func readJSON(t *testing.T, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

func writeJSON(t *testing.T, file string, v any) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
}
