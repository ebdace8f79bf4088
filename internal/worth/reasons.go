package worth

import (
	"cmp"
	"slices"
)

// evidence is what a reason is made of: dense features and the tokens of a
// shape or of a word class.
type evidence struct {
	reason  string
	dense   []int
	classes []string
	shapes  []shape
	marks   string
}

// reasons in a fact-checker's words. Classes that speak for a check only in
// passing (articles, prepositions) have none: they would explain nothing.
var reasonTable = []evidence{
	{"gives a number", []int{denseNumbers, denseNumWords}, []string{"amount"}, []shape{shapeNumber}, ""},
	{"gives a share or a percentage", []int{densePercent}, nil, nil, "%"},
	{"names a sum of money", []int{denseMoney}, []string{"money"}, nil, "$€£"},
	{"gives a date", []int{denseYears}, []string{"month"}, []shape{shapeYear}, ""},
	{"says for how long", nil, []string{"span"}, nil, ""},
	{"compares amounts", nil, []string{"more"}, nil, ""},
	{"says that something rose or fell", nil, []string{"change"}, nil, ""},
	{"says that one thing brings about another", nil, []string{"cause"}, nil, ""},
	{"says that something is absent", nil, []string{"negation"}, nil, ""},
	{"speaks of all, of always or of never", nil, []string{"all"}, nil, ""},
	{"names a law, a court or a crime", nil, []string{"law", "crime"}, nil, ""},
	{"speaks of those in office", nil, []string{"office"}, nil, ""},
	{"says that something happened", []int{densePastEd}, []string{"past"}, nil, ""},
	{"says what will happen", nil, []string{"future"}, nil, ""},
	{"names a person, a place or an organisation", []int{denseNames, denseUpper}, nil, []shape{shapeUpper}, ""},
	{"tells what somebody said", nil, []string{"say"}, nil, ""},
	{"refers to a source", nil, []string{"source"}, nil, ""},
	{"speaks of war or weapons", nil, []string{"war"}, nil, ""},
	{"speaks of health", nil, []string{"health"}, nil, ""},
	{"speaks of the economy", nil, []string{"economy"}, nil, ""},
	{"tells what others did", nil, []string{"they"}, nil, ""},
}

// Reasons lists every reason that Score may give.
func Reasons() []string {
	out := make([]string, len(reasonTable))
	for i, e := range reasonTable {
		out[i] = e.reason
	}
	return out
}

// leastReason is how much, in log-odds, a reason must have raised the score.
const leastReason = 0.15

// reasons sums what each kind of evidence added to the margin: the weights of
// its dense features and of the n-grams that end in its tokens.
func (x *Extractor) reasons(text string, f Features, m *Model) []string {
	added := make([]float32, len(reasonTable))
	byToken := make([]float32, len(x.scan.tokens))
	x.scan.grams(text, func(token int, at uint32, v float32) {
		byToken[token] += float32(m.Grams[at]) * m.Scale * v
	})
	for r := range reasonTable {
		e := &reasonTable[r]
		for _, d := range e.dense {
			added[r] += f.Dense[d] * m.Dense[d]
		}
		bits := uint64(0)
		for _, c := range e.classes {
			i := bitOf(c)
			bits |= 1 << i
			added[r] += f.Dense[denseClasses+i]*m.Dense[denseClasses+i] +
				f.Dense[denseClasses+len(classes)+i]*m.Dense[denseClasses+len(classes)+i]
		}
		for i, t := range x.scan.tokens {
			if x.lex[t.key]&bits != 0 || slices.Contains(e.shapes, t.shape) || t.shape == shapeMark && contains(e.marks, text[t.start:t.end]) {
				added[r] += byToken[i]
			}
		}
	}
	order := make([]int, 0, len(reasonTable))
	for r, v := range added {
		if v >= leastReason {
			order = append(order, r)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(added[b], added[a]) })
	out := make([]string, len(order))
	for i, r := range order {
		out[i] = reasonTable[r].reason
	}
	return out
}

func contains(marks, mark string) bool {
	for _, r := range marks {
		if string(r) == mark {
			return true
		}
	}
	return false
}
