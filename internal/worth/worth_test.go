package worth

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestEveryClassHasWords(t *testing.T) {
	lex := readLexicon(string(file(WordsFile)))
	var all uint64
	for _, bits := range lex {
		all |= bits
	}
	for _, c := range classes {
		if all>>bitOf(c)&1 == 0 {
			t.Errorf("class %q has no words", c)
		}
	}
	for _, l := range languages {
		if b := bitOf("lang-" + l); b < 0 || all>>b&1 == 0 {
			t.Errorf("language %q has no words", l)
		}
	}
	for line := range strings.Lines(string(file(WordsFile))) {
		if name := strings.TrimSpace(line); strings.HasPrefix(name, "[") && bitOf(strings.Trim(name, "[]")) < 0 {
			t.Errorf("words.txt has a class %s that nothing counts", name)
		}
	}
}

func TestReasonsNameKnownClasses(t *testing.T) {
	for _, e := range reasonTable {
		for _, c := range e.classes {
			if bitOf(c) < 0 {
				t.Errorf("%q counts the class %q, which is none", e.reason, c)
			}
		}
	}
}

func TestEveryShippedModelReads(t *testing.T) {
	for _, name := range Shipped {
		m, err := OpenModel(file(ModelFile(name)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b := m.Bytes()
		again, err := ReadModel(b)
		if err != nil || !slices.Equal(again.Bytes(), b) {
			t.Errorf("%s: written and read again, the model differs (%v)", name, err)
		}
		for _, broken := range [][]byte{nil, b[:len(b)-1], append(slices.Clone(b), 0), b[8:]} {
			if _, err := ReadModel(broken); err == nil {
				t.Errorf("%s: a broken file of %d bytes was read", name, len(broken))
			}
		}
		if _, err := OpenModel(b); err == nil {
			t.Errorf("%s: a file that is not packed was read", name)
		}
	}
}

func TestShippedModelsAreSmall(t *testing.T) {
	total := 0
	for _, name := range Files() {
		total += len(file(name))
	}
	if total > 9<<20 {
		t.Errorf("the models are %d bytes together, want at most 9 MB", total)
	}
}

// Sentences written by us: each first one must score above its second.
var pairs = []struct{ more, less string }{
	{"Unemployment in the county fell from 9 percent to 4 percent in three years.", "Thank you all so much for coming tonight."},
	{"We spent 40 billion dollars on a bridge that nobody has ever used.", "I believe in hope, and I believe in you."},
	{"He voted against the minimum wage eleven times.", "What would you do about it?"},
	{"Crime has doubled since she became mayor.", "Let me finish, please."},
}

func TestClaimsScoreAboveTalk(t *testing.T) {
	for _, fast := range []bool{true, false} {
		for _, p := range pairs {
			more, less := Score(p.more, Context{Fast: fast}), Score(p.less, Context{Fast: fast})
			if more.Score < less.Score+.2 {
				t.Errorf("fast=%v: %.2f for %q, %.2f for %q", fast, more.Score, p.more, less.Score, p.less)
			}
			if more.Verifiable <= less.Verifiable {
				t.Errorf("fast=%v: verifiable %.2f for %q, %.2f for %q", fast, more.Verifiable, p.more, less.Verifiable, p.less)
			}
		}
	}
}

func TestOpinionsAreSubjective(t *testing.T) {
	fact, opinion := "The council approved the budget on Tuesday by 12 votes to 3.", "Only a fool could call this shameful, pathetic budget a success!"
	f, o := Score(fact, Context{}), Score(opinion, Context{})
	if f.Subjective >= o.Subjective {
		t.Errorf("%.2f for a fact, %.2f for an opinion", f.Subjective, o.Subjective)
	}
}

// TestReasonsMoveTheScore takes the words behind a reason out of the sentence:
// the score must fall.
func TestReasonsMoveTheScore(t *testing.T) {
	tests := []struct{ text, without, reason string }{
		{"The city built 4,300 homes for 90,000 people.", "The city built homes.", "gives a number"},
		{"They cut 500 million dollars from the health budget.", "They did something about it.", "names a sum of money"},
		{"Exports rose by 12% last year.", "Exports are what they are.", "says that something rose or fell"},
	}
	for _, tt := range tests {
		with, without := Score(tt.text, Context{Lang: "en", Fast: true}), Score(tt.without, Context{Lang: "en", Fast: true})
		if !slices.Contains(with.Reasons, tt.reason) {
			t.Errorf("%q: reasons %q, want %q among them", tt.text, with.Reasons, tt.reason)
		}
		if slices.Contains(without.Reasons, tt.reason) {
			t.Errorf("%q gives the reason %q", tt.without, tt.reason)
		}
		if with.Score <= without.Score {
			t.Errorf("%.2f with the words, %.2f without", with.Score, without.Score)
		}
	}
	for _, r := range Score("Thank you.", Context{}).Reasons {
		if !slices.Contains(Reasons(), r) {
			t.Errorf("the reason %q is not in the list", r)
		}
	}
}

func TestLanguage(t *testing.T) {
	tests := map[string]string{
		"The council has voted for the budget of the next year.":           "en",
		"El ayuntamiento ha aprobado los presupuestos para el año próximo": "es",
		"De gemeenteraad heeft de begroting voor het jaar goedgekeurd.":    "nl",
		"Der Rat hat den Haushalt für das nächste Jahr beschlossen.":       "de",
		"Il consiglio ha approvato il bilancio per il prossimo anno.":      "it",
		"وافق المجلس على ميزانية العام المقبل":                             "ar",
		"Съветът прие бюджета за следващата година.":                       "bg",
		"":        "en",
		"1234 !?": "en",
	}
	x := NewExtractor(string(file(WordsFile)))
	for text, want := range tests {
		if got := x.Language(text); got != want {
			t.Errorf("Language(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSameAnswerAloneAndInABatch(t *testing.T) {
	var texts []string
	for _, p := range pairs {
		texts = append(texts, p.more, p.less)
	}
	texts = append(slices.Repeat(texts, 10), "", "وافق المجلس على الميزانية", strings.Repeat("number 9 ", 400), "\xff")
	all := Scores(texts, Context{})
	for i, s := range texts {
		one := Score(s, Context{})
		if math.Abs(one.Score-all[i].Score) > 1e-5 || math.Abs(one.Verifiable-all[i].Verifiable) > 1e-5 || !slices.Equal(one.Reasons, all[i].Reasons) {
			t.Errorf("%q: %+v alone, %+v in a batch", s, one, all[i])
		}
		a := Ask(Worthy, []string{s}, Context{})[0]
		if math.Abs(a.Probability-one.Score) > 1e-5 {
			t.Errorf("%q: Ask gives %v, Score %v", s, a.Probability, one.Score)
		}
	}
}

func TestTypesettingDoesNotMatter(t *testing.T) {
	straight := Score(`They've said "taxes fell by 10%" - a lie.`, Context{Fast: true})
	curly := Score(`They’ve said “taxes fell by 10%” – a lie.`, Context{Fast: true})
	spaced := Score("They've   said \"taxes fell\r\nby 10%\" - a lie.", Context{Fast: true})
	if straight.Score != curly.Score || straight.Score != spaced.Score {
		t.Errorf("%v straight, %v curly, %v spaced", straight.Score, curly.Score, spaced.Score)
	}
}

func TestRankIsAPermutation(t *testing.T) {
	got := Rank([]string{"Hello.", "Wages fell 8% in 2020.", "", "Who knows?"})
	if got[0] != 1 {
		t.Errorf("Rank = %v, want the sentence with the number first", got)
	}
	slices.Sort(got)
	if !slices.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("Rank leaves out or doubles sentences: %v", got)
	}
	if len(Rank(nil)) != 0 {
		t.Error("Rank(nil) is not empty")
	}
}

func FuzzScore(f *testing.F) {
	for _, p := range pairs {
		f.Add(p.more)
	}
	f.Add("\xc3\x28 ‘’“” 9,9.9. \u0000")
	f.Fuzz(func(t *testing.T, text string) {
		a, b := Score(text, Context{Fast: true}), Score(text, Context{Fast: true})
		if a.Score != b.Score || !(a.Score >= 0 && a.Score <= 1) || !(a.Verifiable >= 0 && a.Verifiable <= 1) || !(a.Subjective >= 0 && a.Subjective <= 1) {
			t.Errorf("Score(%q) = %+v, then %+v", text, a, b)
		}
	})
}

func BenchmarkFast(b *testing.B) {
	texts := make([]string, 0, 32)
	for range 4 {
		for _, p := range pairs {
			texts = append(texts, p.more, p.less)
		}
	}
	for b.Loop() {
		Scores(texts, Context{Lang: "en", Fast: true})
	}
	b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "sentences/s")
}
