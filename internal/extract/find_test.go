package extract_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/pipeline"
	"factcheck/internal/worth"
)

// check fails unless every candidate of text is sound.
func check(t *testing.T, text string, found []claims.Candidate) {
	t.Helper()
	if len(found) > extract.MaxCandidates {
		t.Errorf("%d candidates, at most %d are allowed", len(found), extract.MaxCandidates)
	}
	valid := utf8.ValidString(text)
	inside := func(what string, start, end, from, to int) {
		if start < from || end > to || start > end || valid && (!boundary(text, start) || !boundary(text, end)) {
			t.Errorf("%s [%d, %d) is not inside [%d, %d) on rune boundaries", what, start, end, from, to)
		}
	}
	for i, c := range found {
		if err := c.Span.Check(text); err != nil {
			t.Errorf("span: %v", err)
		}
		inside("sentence", c.Sentence.Start, c.Sentence.End, 0, len(text))
		inside("span", c.Span.Start, c.Span.End, c.Sentence.Start, c.Sentence.End)
		a := c.Attribution
		inside("speaker", a.Start, a.End, 0, len(text))
		inside("cue", a.CueStart, a.CueEnd, 0, len(text))
		if text[a.Start:a.End] != a.Speaker || text[a.CueStart:a.CueEnd] != a.Cue {
			t.Errorf("speaker %q or cue %q is not what stands there", a.Speaker, a.Cue)
		}
		for _, q := range c.Quotes {
			inside("quotation", q.Start, q.End, c.Span.Start, c.Span.End)
		}
		if !(c.Score >= 0 && c.Score <= 1) || !slices.Contains(claims.Kinds, c.Kind) {
			t.Errorf("score %v, kind %q, reasons %q", c.Score, c.Kind, c.Reasons)
		}
		if i > 0 && found[i-1].Score < c.Score {
			t.Errorf("candidate %d is better than the one before it", i)
		}
		if n := utf8.RuneCountInString(c.ShortForm); n > claims.MaxShortForm {
			t.Errorf("short form of %d characters: %q", n, c.ShortForm)
		}
	}
}

func boundary(s string, i int) bool {
	return i >= 0 && i <= len(s) && (i == len(s) || utf8.RuneStart(s[i]))
}

// samples are the texts of the golden cases.
func samples(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/*/article.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	out := map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(filepath.Dir(name))] = string(b)
	}
	return out
}

// fast is what the program finds claims by, without the sentence encoder.
var fast = extract.Finder{Judge: worth.JudgeFast}

func find(text string) []claims.Candidate { return fast.Find(claims.Article{Text: text}) }

func TestEveryCandidateIsSound(t *testing.T) {
	for name, text := range samples(t) {
		t.Run(name, func(t *testing.T) { check(t, text, find(text)) })
	}
}

func TestSameTextSameAnswer(t *testing.T) {
	for name, text := range samples(t) {
		if !reflect.DeepEqual(find(text), find(text)) {
			t.Errorf("%s: two answers", name)
		}
	}
}

// words are the quoted claims of text in order, with what a spelling may
// change made equal.
func said(text string) []string {
	same := strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'", "\r\n", "\n", "\u200b", "")
	var out []string
	for _, c := range find(text) {
		out = append(out, strings.Join(strings.Fields(same.Replace(norm.NFC.String(c.Span.Quote))), " ")+" | "+string(c.Attribution.Type)+" | "+same.Replace(norm.NFC.String(c.Attribution.Canonical)))
	}
	return out
}

func TestSpellingChangesNoClaim(t *testing.T) {
	straight := strings.NewReplacer("“", `"`, "”", `"`, "’", "'")
	changes := []struct {
		name string
		do   func(string) string
		skip []string // cases whose point is the very thing that is changed
	}{
		{"carriage returns", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, nil},
		{"decomposed letters", norm.NFD.String, nil},
		{"empty lines between paragraphs", func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") }, []string{"hard_wrapped"}},
		{"invisible marks before words", func(s string) string { return strings.ReplaceAll(s, " the ", " \u200bthe ") }, nil},
		{"invisible marks inside words", func(s string) string { return strings.ReplaceAll(s, "said", "sa\u200bid") }, nil},
		{"straight quotation marks", straight.Replace, []string{"quotation_styles", "awkward_bytes", "german", "french"}},
		{"space at line ends", func(s string) string { return strings.ReplaceAll(s, "\n", "  \n") }, nil},
	}
	for _, c := range changes {
		for name, text := range samples(t) {
			if slices.Contains(c.skip, name) {
				continue
			}
			if got, want := said(c.do(text)), said(text); !slices.Equal(got, want) {
				t.Errorf("%s, %s:\ngot  %q\nwant %q", name, c.name, got, want)
			}
		}
	}
}

func TestZeroWidthMarksBreakNothing(t *testing.T) {
	for _, text := range samples(t) {
		for _, mark := range []string{"\u200b", "\u200d", "\ufeff", "\u00ad", "\u202e"} {
			changed := strings.ReplaceAll(text, "e", "e"+mark)
			check(t, changed, find(changed))
		}
	}
}

func TestOddSentencesBreakNothing(t *testing.T) {
	for _, text := range []string{
		", the only road in Oslo, was closed in 2019, he said.",
		"“The road was closed in 2019,” said Anna Morning.", // the name is longer than the phrase that speaks
		"Said: , that.",
		"He said that, that 5 said that.",
		"According to, the 5 roads were closed.",
		"‘ he said ’ said, ‘",
	} {
		check(t, text, fast.Find(claims.Article{Text: text, Lang: "en"}))
	}
}

// TestDamagedTextBreaksNothing puts marks, spaces and stray bytes where no
// writer would; it stands for what fuzzing and large corpora have found.
func TestDamagedTextBreaksNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	marks := []string{",", "\"", "“", "”", ".", " ", ":", ";", "—", "(", "’", "\n", " and ", " said ", " the ", "\xff", "\u0301", "5"}
	for _, text := range []string{"5...A", "a,.\u0301.B said", "x!?.The end"} {
		check(t, text, fast.Find(claims.Article{Text: text})) // one letter, marks, the next word
	}
	texts := samples(t)
	for _, name := range slices.Sorted(maps.Keys(texts)) { // in order, so that a failure comes again
		text := texts[name]
		for range 300 {
			b := []byte(text)
			for range 1 + len(b)/80 {
				i, m := r.IntN(len(b)), marks[r.IntN(len(marks))]
				b = append(b[:i], append([]byte(m), b[min(len(b), i+r.IntN(3)):]...)...)
			}
			for _, lang := range []string{"", "en"} {
				damaged := string(b)
				check(t, damaged, fast.Find(claims.Article{Text: damaged, Lang: lang}))
				if t.Failed() {
					t.Fatalf("%s: %q", name, damaged)
				}
			}
		}
	}
}

func TestQuestionsHeadlinesAndScenesAreNoClaims(t *testing.T) {
	for name, no := range map[string][]string{
		"anchorage_summit":       {"shelling stop", "ready to compromise", "smiling for the cameras", "may be what history keeps", "Two presidents meet"},
		"opinion_and_scene":      {" "},
		"headlines_and_captions": {"Deal worth", "queue outside", "Published", "troubled past"},
		"live_blog":              {"live updates", "how storms get", "quite a sight"},
	} {
		found := pipeline.Find(claims.Article{Text: samples(t)[name]})
		for _, words := range no {
			if c, ok := holding(found, words); ok {
				t.Errorf("%s: %q is no claim", name, c.Span.Quote)
			}
		}
	}
}

func TestWhereItWasSaidIsNoClaim(t *testing.T) {
	const said = "In a letter filed in federal court Monday as part of a lawsuit, general counsel James Baker said the probe cost 3 million dollars."
	found := pipeline.Find(claims.Article{Text: said})
	if c, ok := holding(found, "In a letter"); ok {
		t.Errorf("%q is no claim", c.Span.Quote)
	}
	if _, ok := holding(found, "the probe cost 3 million dollars"); !ok {
		t.Error("what he said is not found")
	}
}

// TestLanguagesNobodyMeasuredScoreLow: Spanish, Dutch and Arabic have models of
// their own and may score what they like.
func TestLanguagesNobodyMeasuredScoreLow(t *testing.T) {
	for _, name := range []string{"german", "french", "cjk", "hebrew_mixed_direction"} {
		found := find(samples(t)[name])
		for _, c := range found {
			if c.Score >= extract.MinScore {
				t.Errorf("%s: %q scores %.2f", name, c.Span.Quote, c.Score)
			}
		}
		if len(found) == 0 {
			t.Errorf("%s: nothing found", name)
		}
	}
}

func TestNoShortFormJudges(t *testing.T) {
	text := "Council leader Ann Brook said the report of 2019 was false and 40 people had lied."
	found := find(text)
	if len(found) == 0 {
		t.Fatal("nothing found")
	}
	for _, c := range found {
		if strings.Contains(c.ShortForm, "false") || strings.Contains(c.ShortForm, "lied") {
			t.Errorf("short form %q judges", c.ShortForm)
		}
	}
}

func TestDenialKeepsItsVerb(t *testing.T) {
	found := find("The harbour master, Nils Strand, denied that 14 ships had been turned away in March.")
	c, ok := holding(found, "14 ships")
	if !ok || !strings.Contains(c.Span.Quote, "denied") {
		t.Errorf("%q must not read as what is denied", c.Span.Quote)
	}
}

func TestCandidatesAreCapped(t *testing.T) {
	text := strings.Repeat("Prices rose by 12% in 2021, the ministry said.\n", extract.MaxCandidates+500)
	found := find(text)
	check(t, text, found)
	if len(found) != extract.MaxCandidates {
		t.Errorf("%d candidates, want %d", len(found), extract.MaxCandidates)
	}
}

func TestScorerIsReplaceable(t *testing.T) {
	f := extract.Finder{Score: func(extract.Features) (float64, []string) { return 0.75, []string{"because"} }}
	found := f.Find(claims.Article{Text: "The bridge in Oslo was closed in 2011.", Lang: "en"})
	if len(found) != 1 || found[0].Score != 0.75 || found[0].Reasons[0] != "because" {
		t.Errorf("found %+v", found)
	}
}

func TestEveryReasonComesFromAFeatureThatWasSeen(t *testing.T) {
	for i := range len(extract.Features{}) {
		var f extract.Features
		low, none := extract.Rules(f)
		f[i] = 1
		score, reasons := extract.Rules(f)
		if len(none) != 0 || score > low != (len(reasons) == 1) || math.IsNaN(score) {
			t.Errorf("feature %d: score %.2f from %.2f with reasons %q", i, score, low, reasons)
		}
	}
}

// TestHostileTextTakesLinearTime reads a megabyte of each; a quadratic scan
// would need hours for one of them.
func TestHostileTextTakesLinearTime(t *testing.T) {
	const size = 1 << 20
	for _, unit := range []string{
		"\"", "“", "”", "“”", "'a ", "'as ", "“a ", "\"a\" ", "(", "a", "\n", "\r\n", "“a\n", "\"a\n", "\u0301", "a\u0301", " ", "a.      ",
		".", "a.", "A. ", "Mr. ", "Aa Bb ", "Aa Bb said. ", "said ", "he said, ", "He said that ", "the first, the only, ", "President ", "Bank of ",
		"according to ", "1", "1. ", "a, ", "— ", "\u200b", "\xff", "\"\xff", "他说「我们明天去」。", "قال «نعم». ", "👩‍👩‍👧‍👦", "\u00a0", "\u2028", "“a?” Bob asked. ",
	} {
		text := strings.Repeat(unit, size/len(unit))
		began := time.Now()
		found := fast.Find(claims.Article{Text: text, Lang: "en"})
		if d := time.Since(began); d > 15*time.Second {
			t.Errorf("%q: %v for a megabyte", unit, d)
		}
		for _, c := range found[:min(len(found), 10)] {
			if err := c.Span.Check(text); err != nil {
				t.Errorf("%q: %v", unit, err)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text, "", "")
		f.Add(text, "Title", "en")
	}
	f.Add("“a ‘b \"c» d」\r\n\xff, said he", "a", "de")
	f.Fuzz(func(t *testing.T, text, title, lang string) {
		a := claims.Article{Text: text, Title: title, Lang: lang}
		found := fast.Find(a)
		check(t, text, found)
		if !reflect.DeepEqual(found, fast.Find(a)) {
			t.Error("two answers")
		}
		last := 0
		for _, s := range extract.Sentences(text) {
			if s.Start < last || s.End <= s.Start || s.End > len(text) || utf8.ValidString(text) && (!boundary(text, s.Start) || !boundary(text, s.End)) {
				t.Errorf("sentence %v after %d", s, last)
			}
			last = s.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	s := samples(b)
	text := strings.Repeat(s["anchorage_summit"]+s["statistics"]+s["pronouns_and_titles"]+s["headlines_and_captions"], 8)
	a := claims.Article{Text: text, Lang: "en"}
	n := len(extract.Sentences(text))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		fast.Find(a)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "sentences/s")
}
