package pipeline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/worth"
)

// news is a text of our own of about n sentences, and how many it has.
func news(tb testing.TB, n int) (string, int) {
	tb.Helper()
	var b strings.Builder
	for _, name := range []string{"anchorage_summit", "statistics", "pronouns_and_titles", "headlines_and_captions"} {
		text, err := os.ReadFile(filepath.Join("..", "extract", "testdata", name, "article.txt"))
		if err != nil {
			tb.Fatal(err)
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	one := len(extract.Sentences(b.String()))
	times := max(1, n/one)
	return strings.Repeat(b.String(), times), one * times
}

// BenchmarkFind is everything that serves: sentences, attribution, statements,
// check-worthiness. "linear" is without the sentence encoder; "encoder" reads
// articles of 40 sentences, as most are.
func BenchmarkFind(b *testing.B) {
	for name, judge := range map[string]claims.Judge{"linear": worth.JudgeFast, "encoder": worth.Judge} {
		b.Run(name, func(b *testing.B) {
			text, n := news(b, 40)
			a := claims.Article{Text: text, Lang: "en"}
			f := extract.Finder{Judge: judge}
			f.Find(a)
			b.ReportAllocs()
			before := cpu(b)
			for b.Loop() {
				f.Find(a)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "sentences/s")
			b.ReportMetric(float64(n*b.N)/(cpu(b)-before).Seconds(), "sentences/cpu-s")
		})
	}
}

// BenchmarkWorst reads 10 MB of the texts that cost most.
func BenchmarkWorst(b *testing.B) {
	const size = 10 << 20
	for _, unit := range []string{"\"", "“a ", "he said, ", "the first, the only, ", "a, ", "by the end of ", "Mr. Aa Bb said 5 rose in 2019, and ", "1, ", "In 2019, 5 rose by 3 percent. "} {
		b.Run(strings.ReplaceAll(strings.TrimSpace(unit), " ", "_"), func(b *testing.B) {
			text := strings.Repeat(unit, size/len(unit))
			before := cpu(b)
			for b.Loop() {
				extract.Finder{Judge: worth.Judge}.Find(claims.Article{Text: text, Lang: "en"})
			}
			b.ReportMetric((cpu(b)-before).Seconds()/float64(b.N), "cpu-s/op")
		})
	}
}

// BenchmarkFirst is the first article of a process: models are read then.
func BenchmarkFirst(b *testing.B) {
	text, _ := news(b, 40)
	for b.Loop() {
		extract.Finder{Judge: worth.Judge}.Find(claims.Article{Text: text, Lang: "en"})
	}
}
