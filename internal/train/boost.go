package train

import (
	"math"
	"slices"
)

// booster grows small trees on the gradient of the logistic loss (Friedman,
// 2001) over features cut into at most 32 bins. It draws no chance: every
// tree sees every row and every feature.
type booster struct {
	trees  int
	depth  int // levels of splits; every tree is complete
	rate   float64
	lambda float64 // L2 on a leaf
	child  float64 // least Hessian in a leaf
}

// tree is a complete binary tree: node i has children 2i+1 and 2i+2.
type tree struct {
	feature []int32   // -1: all rows go left
	cut     []float32 // a row goes right if its value is above
	leaf    []float32
}

func (t *tree) value(x []float32) float64 {
	i := 0
	for i < len(t.feature) {
		right := 0
		if f := t.feature[i]; f >= 0 && x[f] > t.cut[i] {
			right = 1
		}
		i = 2*i + 1 + right
	}
	return float64(t.leaf[i-len(t.feature)])
}

const bins = 32

// fit returns trees whose sum, added to the margin of each row, predicts y.
func (b booster) fit(x [][]float32, y, weight, margin []float64) []tree {
	features := len(x[0])
	cuts := make([][]float32, features)
	binned := make([][]uint8, features)
	column := make([]float32, len(x))
	for f := range features {
		for i := range x {
			column[i] = x[i][f]
		}
		sorted := slices.Clone(column)
		slices.Sort(sorted)
		cuts[f] = quantiles(sorted)
		binned[f] = make([]uint8, len(x))
		for i, v := range column {
			k, _ := slices.BinarySearch(cuts[f], v)
			binned[f][i] = uint8(k)
		}
	}
	z := slices.Clone(margin)
	g, h := make([]float64, len(x)), make([]float64, len(x))
	node := make([]int, len(x))
	var out []tree
	for range b.trees {
		for i := range z {
			p := sigmoid(z[i])
			g[i], h[i] = weight[i]*(p-y[i]), weight[i]*p*(1-p)
		}
		t := b.grow(binned, cuts, g, h, node)
		for i := range z {
			z[i] += float64(t.leaf[node[i]-len(t.feature)])
		}
		out = append(out, t)
	}
	return out
}

func quantiles(sorted []float32) []float32 {
	var out []float32
	distinct := slices.Compact(slices.Clone(sorted))
	if len(distinct) <= bins {
		return distinct[:len(distinct)-1]
	}
	for k := 1; k < bins; k++ {
		v := sorted[k*len(sorted)/bins]
		if v < sorted[len(sorted)-1] && (len(out) == 0 || out[len(out)-1] < v) {
			out = append(out, v)
		}
	}
	return out
}

type sums [bins + 1][2]float64

// grow builds one tree level by level and leaves each row's leaf in node.
func (b booster) grow(binned [][]uint8, cuts [][]float32, g, h []float64, node []int) tree {
	inner := 1<<b.depth - 1
	t := tree{make([]int32, inner), make([]float32, inner), make([]float32, inner+1)}
	clear(node)
	for level := range b.depth {
		first, count := 1<<level-1, 1<<level
		best := make([]float64, count)
		at := make([]int, count) // bin: rows with a larger bin go right
		for k := range count {
			t.feature[first+k] = -1
			best[k] = 1e-9
		}
		hist := make([]sums, count)
		for f := range binned {
			clear(hist)
			col := binned[f]
			for i, k := range node {
				s := &hist[k-first][col[i]]
				s[0] += g[i]
				s[1] += h[i]
			}
			for k := range hist {
				gain, bin := b.split(&hist[k], len(cuts[f]))
				if gain > best[k] {
					best[k], at[k] = gain, bin
					t.feature[first+k], t.cut[first+k] = int32(f), cuts[f][bin]
				}
			}
		}
		for i, k := range node {
			right := 0
			if f := t.feature[k]; f >= 0 && int(binned[f][i]) > at[k-first] {
				right = 1
			}
			node[i] = 2*k + 1 + right
		}
	}
	total := make([][2]float64, inner+1)
	for i, k := range node {
		total[k-inner][0] += g[i]
		total[k-inner][1] += h[i]
	}
	for k, s := range total {
		t.leaf[k] = float32(-b.rate * s[0] / (s[1] + b.lambda))
	}
	return t
}

// split is the best gain of a cut after some bin, and that bin.
func (b booster) split(h *sums, cuts int) (gain float64, bin int) {
	var tg, th float64
	for k := range cuts + 1 {
		tg += h[k][0]
		th += h[k][1]
	}
	gain = math.Inf(-1)
	var lg, lh float64
	for k := range cuts {
		lg += h[k][0]
		lh += h[k][1]
		rg, rh := tg-lg, th-lh
		if lh < b.child || rh < b.child {
			continue
		}
		if v := lg*lg/(lh+b.lambda) + rg*rg/(rh+b.lambda) - tg*tg/(th+b.lambda); v > gain {
			gain, bin = v, k
		}
	}
	return gain, bin
}
