package measure

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Span is a half-open range of code points.
type Span [2]int

// cover is a set of code points: ranges in order that do not touch.
type cover []Span

func coverOf(spans ...Span) cover {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var out cover
	for _, s := range sorted {
		switch n := len(out) - 1; {
		case s[0] >= s[1]:
		case n >= 0 && s[0] <= out[n][1]:
			out[n][1] = max(out[n][1], s[1])
		default:
			out = append(out, s)
		}
	}
	return out
}

func (c cover) size() int {
	n := 0
	for _, s := range c {
		n += s[1] - s[0]
	}
	return n
}

// shared is how many code points both hold.
func (c cover) shared(o cover) int {
	n := 0
	for i, j := 0, 0; i < len(c) && j < len(o); {
		n += max(0, min(c[i][1], o[j][1])-max(c[i][0], o[j][0]))
		if c[i][1] < o[j][1] {
			i++
		} else {
			j++
		}
	}
	return n
}

// overlap is what both hold over what either holds.
func (c cover) overlap(o cover) float64 {
	k := c.shared(o)
	if k == 0 {
		return 0
	}
	return float64(k) / float64(c.size()+o.size()-k)
}

// same is 1 for equal sets, else 0.
func (c cover) same(o cover) float64 {
	if slices.Equal(c, o) {
		return 1
	}
	return 0
}

type pair struct {
	gold, pred int
	score      float64
}

// pairUp joins gold and predicted things one to one, best first, if they score
// above least, or at least that much if it is above zero.
func pairUp(gold, pred []cover, score func(g, p cover) float64, least float64) []pair {
	var all []pair
	for i, g := range gold {
		for j, p := range pred {
			if s := score(g, p); s > least || s == least && least > 0 {
				all = append(all, pair{i, j, s})
			}
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.gold, b.gold), cmp.Compare(a.pred, b.pred))
	})
	usedGold, usedPred := map[int]bool{}, map[int]bool{}
	var out []pair
	for _, p := range all {
		if !usedGold[p.gold] && !usedPred[p.pred] {
			usedGold[p.gold], usedPred[p.pred] = true, true
			out = append(out, p)
		}
	}
	return out
}

// trim moves the ends of s inwards past white space; first s is kept inside
// the text.
func trim(text []rune, s Span) Span { return shrink(text, s, unicode.IsSpace) }

const punctuation = "\"“”‘’'.,;:!?()[]-–— \n\t\r"

// core is s without the quotation marks, punctuation and space around it.
func core(text []rune, s Span) Span {
	return shrink(text, s, func(r rune) bool { return strings.ContainsRune(punctuation, r) })
}

func shrink(text []rune, s Span, drop func(rune) bool) Span {
	s = Span{max(0, s[0]), min(len(text), s[1])}
	for s[0] < s[1] && drop(text[s[0]]) {
		s[0]++
	}
	for s[1] > s[0] && drop(text[s[1]-1]) {
		s[1]--
	}
	return s
}

// nameless are words that say nothing about who somebody is.
var nameless = strings.Fields("the a an mr mrs ms dr sen rep gov president senator s")

func nameWords(name string) []string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_'
	})
	return slices.DeleteFunc(words, func(w string) bool { return slices.Contains(nameless, w) })
}

// sameName says whether two names agree: on the last word, or one has all the
// words of the other.
func sameName(a, b string) bool {
	x, y := nameWords(a), nameWords(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	return x[len(x)-1] == y[len(y)-1] || within(x, y) || within(y, x)
}

func within(x, y []string) bool {
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}
