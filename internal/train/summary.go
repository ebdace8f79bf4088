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
// Each set counts as much as every other, whatever its number of sentences.
func folds(all []example, k int) []int {
	sets := map[string]float64{}
	for _, e := range all {
		sets[e.Set]++
	}
	size := map[int]float64{}
	for _, e := range all {
		size[e.Group] += 1 / sets[e.Set]
	}
	groups := make([]int, 0, len(size))
	for g := range size {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b int) int { return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a, b)) })
	load := make([]float64, k)
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

// report is every metric of probabilities p.
func report(all []example, p []float64, threshold float64) measure.Report {
	gold := make([]measure.CWGold, len(all))
	pred := map[string]measure.CWPred{}
	for i, e := range all {
		yes := p[i] >= threshold
		gold[i] = measure.CWGold{ID: e.ID, Doc: e.Doc, Label: e.Label == 1, NSources: e.NSources}
		pred[e.ID] = measure.CWPred{Score: p[i], Label: &yes}
	}
	return measure.CW(gold, pred)
}

// summary is the main metrics of probabilities p in one line.
func summary(all []example, p []float64, threshold float64) string {
	r := report(all, p, threshold)
	var b strings.Builder
	for _, name := range []string{"n", "ap", "pos_f1", "oracle_f1", "macro_f1", "accuracy"} {
		v, _ := r.Value(name)
		fmt.Fprintf(&b, "%s %g, ", name, v)
	}
	fmt.Fprintf(&b, "threshold %.2f, ece %.3f", threshold, calibrationError(all, p))
	return b.String()
}

// metric is one metric of probabilities p; 0 if there is nothing to measure.
func metric(all []example, p []float64, name string) float64 {
	if len(all) == 0 {
		return 0
	}
	v, _ := report(all, p, .5).Value(name)
	return v
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

// best is the threshold, in hundredths, at which the metric called goal is
// highest, smoothed over its neighbours so that it is not a lucky one.
func best(all []example, p []float64, goal string) float32 {
	const low, high, reach = 20, 70, 3
	at := make([]float64, high+1)
	for t := low; t <= high; t++ {
		at[t] = metricAt(all, p, float64(t)/100, goal)
	}
	pick, top := 50, -1.0
	for t := low + reach; t <= high-reach; t++ {
		sum := 0.0
		for _, v := range at[t-reach : t+reach+1] {
			sum += v
		}
		if sum > top {
			pick, top = t, sum
		}
	}
	return float32(pick) / 100
}

// metricAt is F1 of the positive class, or the mean of both classes' for
// "macro", or the mean of F1 and accuracy for "both".
func metricAt(all []example, p []float64, threshold float64, goal string) float64 {
	var tp, fp, fn, tn float64
	for i, e := range all {
		switch yes := p[i] >= threshold; {
		case yes && e.Label == 1:
			tp++
		case yes:
			fp++
		case e.Label == 1:
			fn++
		default:
			tn++
		}
	}
	positive, negative := 2*tp/(2*tp+fp+fn), 2*tn/(2*tn+fn+fp)
	switch goal {
	case "macro":
		return (positive + negative) / 2
	case "both":
		return positive + (tp+tn)/float64(len(all))
	default:
		return positive
	}
}
