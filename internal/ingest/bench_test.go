package ingest

import (
	"os"
	"strings"
	"testing"
)

// BenchmarkReadHTML reads a news page of usual size: 60 paragraphs.
func BenchmarkReadHTML(b *testing.B) {
	data, err := os.ReadFile("testdata/jsonld/page.html")
	if err != nil {
		b.Fatal(err)
	}
	const last = "<p>The transport ministry"
	paragraph := "<p>The island council said on day NN that “the ferry is late”, according to a report that <a href=/x>it published</a> on its own site, and that <em>nobody</em> was hurt.</p>\n"
	page := strings.Replace(string(data), last, strings.Repeat(paragraph, 60)+last, 1)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readData(b, page, "page.html", ""); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadText reads a plain text of 100 kB.
func BenchmarkReadText(b *testing.B) {
	text := strings.Repeat("The mayor said on Tuesday that “crime fell by 12 per cent” – the café’s owner disagreed.\n\n", 1100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readData(b, text, "", "text/plain"); err != nil {
			b.Fatal(err)
		}
	}
}
