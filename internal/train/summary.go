package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"factcheck/internal/measure"
)

// folds deals groups of documents, largest first, to the smallest of k folds.
func folds(all []example, k int) []int {
	size := map[int]int{}
	for _, e := range all {
		size[e.Group]++
	}
	groups := make([]int, 0, len(size))
	for g := range size {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b int) int { return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a, b)) })
	load := make([]int, k)
	of := map[int]int{}
	for _, g := range groups {
		least := 0
		for i := range load {
			if load[i] < load[least] {
				least = i
			}
		}
		of[g] = least
		load[least] += size[g]
	}
	out := make([]int, len(all))
	for i, e := range all {
		out[i] = of[e.Group]
	}
	return out
}

// summary is the main metrics of probabilities p in one line.
func summary(all []example, p []float64, threshold float64) string {
	gold := make([]measure.CWGold, len(all))
	pred := map[string]measure.CWPred{}
	for i, e := range all {
		yes := p[i] >= threshold
		gold[i] = measure.CWGold{ID: e.ID, Doc: e.Doc, Label: e.Label == 1, NSources: e.NSources}
		pred[e.ID] = measure.CWPred{Score: p[i], Label: &yes}
	}
	r := measure.CW(gold, pred)
	var b strings.Builder
	for _, name := range []string{"ap", "pos_f1", "oracle_f1", "macro_f1", "accuracy", "map"} {
		v, _ := r.Value(name)
		fmt.Fprintf(&b, "%s %.3f, ", name, v)
	}
	fmt.Fprintf(&b, "ece %.3f", calibrationError(all, p))
	return b.String()
}

// calibrationError is the expected calibration error over ten equal bins.
func calibrationError(all []example, p []float64) float64 {
	var said, seen [10]float64
	for i, v := range p {
		k := min(9, max(0, int(v*10)))
		said[k] += v
		seen[k] += float64(all[i].Label)
	}
	sum := 0.0
	for k := range said {
		sum += math.Abs(said[k] - seen[k])
	}
	return sum / float64(len(p))
}
