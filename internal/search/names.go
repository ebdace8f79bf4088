package search

import (
	"slices"
	"strings"

	"factcheck/internal/library"
)

// gramMark stands before each run of letters in the index, so that none is taken
// for a word: a sign of Unicode's private use.
const gramMark = "\ue000"

// Grams are the runs of three letters of a name, as the index holds them: of each
// word with a space before and behind it, so that its first letter counts.
func Grams(name string) []string {
	var out []string
	for _, g := range grams(name) {
		out = append(out, gramMark+strings.ReplaceAll(g, " ", "0"))
	}
	return out
}

func grams(name string) []string {
	var out []string
	for w := range strings.FieldsSeq(library.Words(name)) {
		runes := []rune(" " + w + " ")
		for i := 0; i+3 <= len(runes); i++ {
			if g := string(runes[i : i+3]); !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// Alike is how like a name is to a question, 0 to 1: the share of the question's
// runs of three letters that the name has, so that a family name finds the whole.
func Alike(question, name string) float64 {
	asked, has := grams(question), grams(name)
	if len(asked) == 0 {
		return 0
	}
	common := 0
	for _, g := range asked {
		if slices.Contains(has, g) {
			common++
		}
	}
	return float64(common) / float64(len(asked))
}

// NearlyAlike is from which likeness on a name is offered: a letter that is wrong,
// missing, added or swapped with its neighbour in a name of six letters or more
// leaves that much.
const NearlyAlike = .4
