package storetest_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"factcheck/internal/library"
	"factcheck/internal/store/storetest"
)

var importRows = flag.Int("import.rows", 20_000, "records of BenchmarkImport")

// generated is n ClaimReviews, one a line, of made-up words whose frequencies
// fall as those of a language do.
func generated(n int) string {
	r := rand.New(rand.NewSource(1))
	syllables := []string{"ba", "ko", "li", "mu", "ne", "ri", "sa", "to", "ve", "zi", "pra", "ster", "mon"}
	words := make([]string, 20_000)
	for i := range words {
		for range 2 + r.Intn(3) {
			words[i] += syllables[r.Intn(len(syllables))]
		}
	}
	zipf := rand.NewZipf(r, 1.05, 3, uint64(len(words)-1))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[zipf.Uint64()])
			b.WriteByte(' ')
		}
		return b.String()
	}
	ratings := []string{"False", "Mostly false", "True", "Misleading", "Half true", "Falso", "Unproven"}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"@context":"https://schema.org","@type":"ClaimReview","url":"https://www.p%d.example/checks/%d","claimReviewed":%q,"name":%q,`+
			`"datePublished":"2024-%02d-%02dT10:00:00Z","author":{"@type":"Organization","name":"Publisher %d","url":"https://www.p%d.example/"},`+
			`"reviewRating":{"@type":"Rating","ratingValue":"1","bestRating":"5","worstRating":"1","alternateName":%q},`+
			`"itemReviewed":{"@type":"Claim","author":{"@type":"Person","name":%q},"datePublished":"2023-01-01","appearance":[{"@type":"CreativeWork","url":"https://social.example/%d"}]}}`+"\n",
			i%200, i, text(8+r.Intn(15)), text(8), 1+i%12, 1+i%28, i%200, i%200, ratings[i%len(ratings)], text(2), i)
	}
	return b.String()
}

// BenchmarkImport brings -import.rows records into a new library on SQLite:
// reading, telling what is known, storing and indexing.
func BenchmarkImport(b *testing.B) {
	data := generated(*importRows)
	format, _ := library.Lookup("claimreview")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		im := library.Importer{Keeper: storetest.SQLite(b), Now: time.Now, Reject: func(library.Rejected) { b.Fail() }, Progress: func(library.Import) {}}
		i, err := im.Import(context.Background(), format, "generated", strings.NewReader(data), "")
		if err != nil || i.Added != int64(*importRows) {
			b.Fatal(i, err)
		}
	}
	b.ReportMetric(float64(*importRows)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkSearchChecks asks a library of -import.rows records.
func BenchmarkSearchChecks(b *testing.B) {
	st := storetest.SQLite(b)
	if _, _, err := bringIn(context.Background(), st, generated(*importRows)); err != nil {
		b.Fatal(err)
	}
	var questions []string
	for c, err := range st.LibraryChecks(context.Background(), 0) {
		if err != nil {
			b.Fatal(err)
		}
		if c.ID%97 == 0 {
			questions = append(questions, strings.Join(strings.Fields(c.ClaimText)[:4], " "))
		}
	}
	for i := 0; b.Loop(); i++ {
		found, _, err := st.SearchChecks(context.Background(), library.Query{Text: questions[i%len(questions)], Limit: 10})
		if err != nil || len(found) == 0 {
			b.Fatal(found, err)
		}
	}
}
