package worth

import (
	"cmp"
	"slices"
)

// Rank orders the sentences of one text, which stand in the text's order, by
// how likely a fact-checker is to take them: their indices, best first.
// English only.
func Rank(sents []string) []int {
	score := make([]float64, len(sents))
	order := make([]int, len(sents))
	for i, s := range sents {
		score[i], _ = Ask(Worthy, s, Context{})
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	return order
}
