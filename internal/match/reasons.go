package match

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Reason is one thing that speaks for a match or against it, in words.
type Reason struct {
	For  bool // false: similar words, perhaps another claim
	Text string
}

// Most shared words that a reason names.
const namedWords = 4

// reasons says what joins the query and a record, and what parts them.
func (x *Index) reasons(q *asked, c *candidate) []Reason {
	d := x.open(c.doc)
	f := c.x
	var out []Reason
	add := func(speaksFor bool, format string, args ...any) {
		out = append(out, Reason{speaksFor, fmt.Sprintf(format, args...)})
	}
	if names, words := x.sharedWords(q, d); len(names)+len(words) > 0 {
		if len(names) > 0 {
			add(true, "both name %s", strings.Join(names, ", "))
		}
		if len(words) > 0 {
			add(true, "both speak of %s", strings.Join(words, ", "))
		}
	}
	switch {
	case f[fTextShare] > .8 || f[fTitleShare] > .8:
		add(true, "nearly every word of the earlier claim is there")
	case f[fGramCosine] > .6:
		add(true, "much the same wording")
	}
	if f[fCosine] > .75 {
		add(true, "the sentences mean much the same (%.2f)", f[fCosine])
	}
	if f[fContextShare] > .3 {
		add(true, "the text around it speaks of the same")
	}
	if f[fSpeaker] > 0 {
		add(true, "the same speaker")
	}
	equal, miss, other := compareNumbers(q.numbers, d.numbers)
	if len(equal) > 0 {
		add(true, "the same number: %s", numberText(equal[0]))
	}
	if len(miss) > 0 && len(other) > 0 {
		add(false, "another number: %s, not %s", numberText(miss[0]), numberText(other[0]))
	}
	if q.negated != d.negated {
		add(false, "one of the two denies")
	}
	if f[fOpposites] > 0 {
		add(false, "words of opposite meaning")
	}
	if f[fDateKnown] > 0 {
		days := int(math.Abs(float64(d.day - q.day)))
		if days <= 14 {
			add(true, "%d days apart", days)
		} else if days > 365 {
			add(false, "more than %d years apart", days/365)
		}
	}
	return out
}

// numberText writes a number as people do: "2 billion", "1,250", "1.5".
func numberText(n number) string {
	v := n.value
	for _, scale := range [...]struct {
		of   float64
		word string
	}{{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}} {
		if math.Abs(v) >= scale.of && math.Abs(v) < 1e15 {
			return strconv.FormatFloat(math.Round(v/scale.of*1000)/1000, 'f', -1, 64) + scale.word
		}
	}
	if v != math.Trunc(v) || math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(digits) - 3; i > 0 && len(digits) > 4 && !n.year; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// sharedWords are the heaviest shared names and words as the query writes them.
func (x *Index) sharedWords(q *asked, d *doc) (names, words []string) {
	var shared []askedTerm
	rare := .3 * x.idf(1)
	for _, w := range q.words {
		if !w.known || common[w.stem] || w.weight < rare {
			continue
		}
		for _, field := range [2]int{fieldTitle, fieldText} {
			if slices.Contains(d.field(field), w.term) || slices.Contains(d.field(field), w.term|nameBit) {
				shared = append(shared, w)
				break
			}
		}
	}
	slices.SortStableFunc(shared, func(a, b askedTerm) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return strings.Compare(a.stem, b.stem)
	})
	for _, w := range shared[:min(len(shared), 2*namedWords)] {
		switch {
		case w.name && len(names) < namedWords:
			names = append(names, w.written)
		case !w.name && len(words) < namedWords:
			words = append(words, w.written)
		}
	}
	return names, words
}
