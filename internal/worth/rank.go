package worth

import (
	"cmp"
	"math"
	"slices"
)

// leadWeight is how much, in log-odds, a sentence loses each time its distance
// from the start is multiplied by e: what matters most stands first.
const leadWeight = .5

// Rank orders the sentences of one text, which stand in the text's order, by
// how likely a fact-checker is to take them: their indices, best first. It
// weighs alike whether a sentence is worth checking and whether it can be
// checked, and prefers those near the start.
func Rank(sents []string) []int {
	worthy, verifiable := Ask(Worthy, sents, Context{}), Ask(Verifiable, sents, Context{})
	score := make([]float64, len(sents))
	order := make([]int, len(sents))
	for i := range sents {
		score[i] = (logOdds(worthy[i].Probability)+logOdds(verifiable[i].Probability))/2 - leadWeight*math.Log(float64(1+i))
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	return order
}

func logOdds(p float64) float64 { return math.Log(max(p, 1e-9) / max(1-p, 1e-9)) }
