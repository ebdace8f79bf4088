package worth

import (
	"cmp"
	mathbits "math/bits"
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

// topicBits are the word classes of each of topics.
var topicBits = func() []uint64 {
	out := make([]uint64, len(topics))
	for k, reason := range topics {
		at := slices.IndexFunc(reasonTable, func(e evidence) bool { return e.reason == reason })
		for _, name := range reasonTable[at].classes {
			out[k] |= 1 << bitOf(name)
		}
	}
	return out
}()

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

// shares are what each token of the text whose features are at hand adds to the
// margin of m: the n-grams that end in it, and its part of the counts that it is
// counted in. Counts of nothing in particular, such as the length, are nobody's.
func (x *Extractor) shares(m *Model) []float32 {
	by := make([]float32, len(x.tokens))
	for i, g := range x.at.Grams {
		by[x.from[i]] += float32(m.Grams[g.At]) * m.Scale * g.Value
	}
	dense := func(i int) float32 { return x.at.Dense[i] * m.Dense[i] }
	var n [64 + looks]float32
	for i, t := range x.tokens {
		for bits := x.counted(x.text, i, t); bits != 0; bits &= bits - 1 {
			n[mathbits.TrailingZeros64(bits)]++
		}
	}
	for l, d := range lookDense {
		for _, i := range d {
			n[64+l] += dense(i)
		}
	}
	var each [64]float32
	for c := range classes {
		if n[c] > 0 {
			each[c] = (dense(denseClasses+c) + dense(denseClasses+len(classes)+c)) / n[c]
		}
	}
	for l := range lookDense {
		if k := firstLook + l; n[k] > 0 {
			each[k] = n[64+l] / n[k]
		}
	}
	for i, t := range x.tokens {
		for bits := x.counted(x.text, i, t); bits != 0; bits &= bits - 1 {
			by[i] += each[mathbits.TrailingZeros64(bits)]
		}
	}
	return by
}

// Looks are counts by how a token looks. Their bits stand behind those of the
// languages, which are no features.
const (
	lookNumber = iota
	lookYear
	lookUpper
	lookCapital
	lookName
	lookPercent
	lookMoney
	lookQuote
	lookPast
	looks
	firstLook = 64 - looks
)

// lookDense are the dense features of each look.
var lookDense = [looks][]int{
	lookNumber: {denseNumbers, denseNumWords}, lookYear: {denseYears}, lookUpper: {denseUpper}, lookCapital: {denseCapitals}, lookName: {denseNames},
	lookPercent: {densePercent}, lookMoney: {denseMoney}, lookQuote: {denseQuotes}, lookPast: {densePastEd},
}

// counted are the classes and the looks of token i, as bits.
func (x *Extractor) counted(text string, i int, t token) uint64 {
	bits := t.bits & (1<<len(classes) - 1)
	look := func(l int) { bits |= 1 << (firstLook + l) }
	switch t.shape {
	case shapeNumber:
		look(lookNumber)
	case shapeYear:
		look(lookYear)
	case shapeMark:
		switch mark := text[t.start:t.end]; {
		case mark == "%":
			look(lookPercent)
		case contains("$€£", mark):
			look(lookMoney)
		case contains("\"“”«»„", mark):
			look(lookQuote)
		}
	default:
		if t.shape == shapeUpper {
			look(lookUpper)
		} else if t.shape == shapeCapital {
			look(lookCapital)
		}
		if i > 0 && t.shape != shapeWord {
			look(lookName)
		}
		if t.letters > 4 && text[t.end-2:t.end] == "ed" {
			look(lookPast)
		}
	}
	return bits
}

// reasons are what Score gives: the reasons of reasonTable by the tokens that
// each rests on.
func (x *Extractor) reasons(text string, m *Model) []string {
	by := x.shares(m)
	added := make([]contribution, len(reasonTable))
	for r := range reasonTable {
		e := &reasonTable[r]
		added[r].reason = e.reason
		bits := uint64(0)
		for _, name := range e.classes {
			bits |= 1 << bitOf(name)
		}
		for i, t := range x.tokens {
			if t.bits&bits != 0 || slices.Contains(e.shapes, t.shape) || t.shape == shapeMark && contains(e.marks, text[t.start:t.end]) {
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
