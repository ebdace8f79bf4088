package worth

import (
	"cmp"
	"slices"
)

// evidence is what a reason rests on: the tokens of a shape or of a word class.
type evidence struct {
	reason  string
	classes []string
	shapes  []shape
	marks   string
}

// reasons in a fact-checker's words. Classes that speak for a check only in
// passing (articles, prepositions) have none: they would explain nothing.
var reasonTable = []evidence{
	{"gives a number", []string{"amount"}, []shape{shapeNumber}, ""},
	{"gives a share or a percentage", nil, nil, "%"},
	{"names a sum of money", []string{"money"}, nil, "$€£"},
	{"gives a date", []string{"month"}, []shape{shapeYear}, ""},
	{"says for how long", []string{"span"}, nil, ""},
	{"compares amounts", []string{"more"}, nil, ""},
	{"says that something rose or fell", []string{"change"}, nil, ""},
	{"says that one thing brings about another", []string{"cause"}, nil, ""},
	{"says that something is absent", []string{"negation"}, nil, ""},
	{"speaks of all, of always or of never", []string{"all"}, nil, ""},
	{"names a law, a court or a crime", []string{"law", "crime"}, nil, ""},
	{"speaks of those in office", []string{"office"}, nil, ""},
	{"says that something happened", []string{"past"}, nil, ""},
	{"says what will happen", []string{"future"}, nil, ""},
	{"names a person, a place or an organisation", nil, []shape{shapeUpper}, ""},
	{"tells what somebody said", []string{"say"}, nil, ""},
	{"refers to a source", []string{"source"}, nil, ""},
	{"speaks of war or of foreign powers", []string{"war"}, nil, ""},
	{"speaks of health", []string{"health"}, nil, ""},
	{"speaks of the economy", []string{"economy"}, nil, ""},
	{"tells what others did", []string{"they"}, nil, ""},
}

// topics are the reasons of reasonTable that extraction has no evidence for: a
// judge looks for them itself.
var topics = []string{"speaks of those in office", "refers to a source", "speaks of war or of foreign powers", "speaks of health", "speaks of the economy"}

// Reasons lists every reason that Score may give.
func Reasons() []string {
	out := make([]string, len(reasonTable))
	for i, e := range reasonTable {
		out[i] = e.reason
	}
	return out
}

// leastReason is how much, in log-odds, a reason must have raised the score.
const leastReason = 0.1

// leastAlone is the same for a reason that has no other beside it.
const leastAlone = 0.02

// contribution is what the evidence of a reason added to a margin, in log-odds.
type contribution struct {
	reason string
	by     float32
}

// strongest are the reasons that added something, the most telling first.
func strongest(added []contribution) []string {
	slices.SortStableFunc(added, func(a, b contribution) int { return cmp.Compare(b.by, a.by) })
	out := []string{}
	for i, c := range added {
		if (c.by >= leastReason || i == 0 && c.by >= leastAlone) && len(out) < maxReasons {
			out = append(out, c.reason)
		}
	}
	return out
}

// shares are what each scanned token of text, whose features are f, adds to the
// margin of m: the n-grams that end in it, and its part of the counts that it is
// counted in. Counts of nothing in particular, such as the length, are nobody's.
func (x *Extractor) shares(text string, f Features, m *Model) []float32 {
	by := make([]float32, len(x.scan.tokens))
	x.scan.grams(text, func(token int, at uint32, v float32) { by[token] += float32(m.Grams[at]) * m.Scale * v })
	divide := func(weight float32, counted func(i int, t token) bool) {
		n := 0
		for i, t := range x.scan.tokens {
			if counted(i, t) {
				n++
			}
		}
		for i, t := range x.scan.tokens {
			if counted(i, t) {
				by[i] += weight / float32(n)
			}
		}
	}
	dense := func(i int) float32 { return f.Dense[i] * m.Dense[i] }
	divide(dense(denseNumbers)+dense(denseNumWords), func(_ int, t token) bool { return t.shape == shapeNumber })
	divide(dense(denseYears), func(_ int, t token) bool { return t.shape == shapeYear })
	divide(dense(denseUpper), func(_ int, t token) bool { return t.shape == shapeUpper })
	divide(dense(denseCapitals), func(_ int, t token) bool { return t.shape == shapeCapital })
	divide(dense(denseNames), func(i int, t token) bool { return i > 0 && (t.shape == shapeCapital || t.shape == shapeUpper) })
	divide(dense(densePercent), func(_ int, t token) bool { return text[t.start:t.end] == "%" })
	divide(dense(denseMoney), func(_ int, t token) bool { return t.shape == shapeMark && contains("$€£", text[t.start:t.end]) })
	divide(dense(denseQuotes), func(_ int, t token) bool {
		return t.shape == shapeMark && contains("\"“”«»„", text[t.start:t.end])
	})
	divide(dense(densePastEd), func(_ int, t token) bool {
		return t.shape < shapeNumber && t.letters > 4 && text[t.end-2:t.end] == "ed"
	})
	for c := range classes {
		if all := dense(denseClasses+c) + dense(denseClasses+len(classes)+c); all != 0 {
			divide(all, func(_ int, t token) bool { return x.lex[t.key]>>c&1 != 0 })
		}
	}
	return by
}

// reasons are what Score gives: the reasons of reasonTable by the tokens that
// each rests on.
func (x *Extractor) reasons(text string, f Features, m *Model) []string {
	by := x.shares(text, f, m)
	added := make([]contribution, len(reasonTable))
	for r := range reasonTable {
		e := &reasonTable[r]
		added[r].reason = e.reason
		bits := uint64(0)
		for _, name := range e.classes {
			bits |= 1 << bitOf(name)
		}
		for i, t := range x.scan.tokens {
			if x.lex[t.key]&bits != 0 || slices.Contains(e.shapes, t.shape) || t.shape == shapeMark && contains(e.marks, text[t.start:t.end]) {
				added[r].by += by[i]
			}
		}
	}
	return strongest(added)
}

func contains(marks, mark string) bool {
	for _, r := range marks {
		if string(r) == mark {
			return true
		}
	}
	return false
}
