// Package learn fits the ranking model of internal/match to queries whose right
// answers people marked.
package learn

import (
	"math"
	"slices"

	"factcheck/internal/match"
)

// List is one query: its candidates' features and which are right. Weight is
// how much the query counts.
type List struct {
	Rows   [][]float32
	Right  []bool
	Weight float64
}

// Options of Boost.
type Options struct {
	Steps  int // of the weighted sum's descent
	Trees  int
	Depth  int     // levels of splits
	Rate   float64 // of each tree
	Lambda float64 // L2 on a leaf
	Child  float64 // least Hessian in a leaf
	Part   float64 // share of the queries that a tree sees, 0 to 1
	Seed   uint64
}

const bins = 64

// Boost fits a weighted sum, and trees on what it leaves, to the softmax over
// each list (ListNet: Cao and others, 2007; trees: Friedman, 2001). The same
// lists and options give the same model.
func Boost(lists []List, o Options) *match.Model {
	m := &match.Model{Linear: Linear(lists, o.Steps)}
	b := newBooster(lists, o)
	i := 0
	for _, l := range lists {
		for _, r := range l.Rows {
			b.score[i] = m.Sum(r)
			i++
		}
	}
	for range o.Trees {
		m.Trees = append(m.Trees, b.tree())
	}
	return m
}

type booster struct {
	o      Options
	lists  []List
	from   []int       // first row of each list
	bin    []uint8     // by row, then by feature
	cuts   [][]float32 // by feature
	score  []float64
	g, h   []float32
	random uint64
	used   []int32 // rows of this tree
}

const width = match.FeatureCount

func newBooster(lists []List, o Options) *booster {
	b := &booster{o: o, lists: lists, random: o.Seed}
	n := 0
	for _, l := range lists {
		b.from = append(b.from, n)
		n += len(l.Rows)
	}
	b.score, b.g, b.h, b.bin = make([]float64, n), make([]float32, n), make([]float32, n), make([]uint8, n*width)
	column := make([]float32, n)
	for f := range width {
		i := 0
		for _, l := range lists {
			for _, r := range l.Rows {
				column[i] = r[f]
				i++
			}
		}
		cuts := quantiles(column)
		for i, v := range column {
			k, _ := slices.BinarySearch(cuts, v)
			b.bin[i*width+f] = uint8(k)
		}
		b.cuts = append(b.cuts, cuts)
	}
	return b
}

// quantiles are at most bins-1 cuts; a value equal to a cut lies left of it.
func quantiles(column []float32) []float32 {
	sorted := slices.Clone(column)
	slices.Sort(sorted)
	distinct := slices.Compact(slices.Clone(sorted))
	if len(distinct) <= bins {
		return distinct[:len(distinct)-1]
	}
	// Zeros are many and say nothing: the cuts are spread over the rest.
	rest := sorted[:0:0]
	for _, v := range sorted {
		if v != 0 {
			rest = append(rest, v)
		}
	}
	cuts := []float32{0}
	for k := 1; k < bins-1; k++ {
		cuts = append(cuts, rest[k*len(rest)/(bins-1)])
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// next is SplitMix64 (Steele and others, 2014), from 0 to 1.
func (b *booster) next() float64 {
	b.random += 0x9E3779B97F4A7C15
	z := b.random
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return float64((z^z>>31)>>11) / (1 << 53)
}

// gradients fills g and h for the lists that this tree sees.
func (b *booster) gradients() {
	b.used = b.used[:0]
	for i, l := range b.lists {
		if b.next() >= b.o.Part {
			continue
		}
		s := b.score[b.from[i]:][:len(l.Rows)]
		top, sum, right := math.Inf(-1), 0.0, 0.0
		for k, v := range s {
			top = math.Max(top, v)
			if l.Right[k] {
				right++
			}
		}
		if right == 0 {
			continue
		}
		for _, v := range s {
			sum += math.Exp(v - top)
		}
		for k, v := range s {
			p := math.Exp(v-top) / sum
			y := 0.0
			if l.Right[k] {
				y = 1 / right
			}
			b.g[b.from[i]+k], b.h[b.from[i]+k] = float32(l.Weight*(p-y)), float32(l.Weight*p*(1-p)+1e-6)
			b.used = append(b.used, int32(b.from[i]+k))
		}
	}
}

type cell struct{ g, h float32 }

// table is the sums of one node by feature and bin.
type table [width * bins]cell

func (b *booster) count(t *table, rows []int32) {
	clear(t[:])
	for _, i := range rows {
		g, h := b.g[i], b.h[i]
		for f, k := range b.bin[int(i)*width:][:width] {
			c := &t[f*bins+int(k)]
			c.g += g
			c.h += h
		}
	}
}

// tree grows one tree and adds it to the scores.
func (b *booster) tree() match.Tree {
	b.gradients()
	inner := 1<<b.o.Depth - 1
	t := match.Tree{Feature: make([]int16, inner), Cut: make([]float32, inner), Leaf: make([]float32, inner+1)}
	root := new(table)
	b.count(root, b.used)
	b.grow(&t, 0, b.used, root)
	bins := make([]int, inner) // of the cuts
	for k, f := range t.Feature {
		if f >= 0 {
			bins[k], _ = slices.BinarySearch(b.cuts[f], t.Cut[k])
		}
	}
	for i := range b.score {
		b.score[i] += float64(b.value(&t, bins, i))
	}
	return t
}

// value is the leaf of row i.
func (b *booster) value(t *match.Tree, bins []int, i int) float32 {
	at := 0
	for at < len(t.Feature) {
		right := 0
		if f := t.Feature[at]; f >= 0 && int(b.bin[i*width+int(f)]) > bins[at] {
			right = 1
		}
		at = 2*at + 1 + right
	}
	return t.Leaf[at-len(t.Feature)]
}

// grow splits node at; rows are reordered in place. sums is spoilt.
func (b *booster) grow(t *match.Tree, at int, rows []int32, sums *table) {
	if at >= len(t.Feature) {
		var g, h float64
		for _, i := range rows {
			g += float64(b.g[i])
			h += float64(b.h[i])
		}
		t.Leaf[at-len(t.Feature)] = float32(-b.o.Rate * g / (h + b.o.Lambda))
		return
	}
	t.Feature[at] = -1
	best, bin := 1e-9, 0
	for f := range width {
		if gain, k := b.split(sums[f*bins:][:bins], len(b.cuts[f])); gain > best {
			best, bin = gain, k
			t.Feature[at], t.Cut[at] = int16(f), b.cuts[f][k]
		}
	}
	left := len(rows)
	if f := int(t.Feature[at]); f >= 0 {
		left = 0
		for k, i := range rows {
			if int(b.bin[int(i)*width+f]) <= bin {
				rows[left], rows[k] = rows[k], rows[left]
				left++
			}
		}
	}
	if 2*at+1 >= len(t.Feature) { // leaves need no sums
		b.grow(t, 2*at+1, rows[:left], nil)
		b.grow(t, 2*at+2, rows[left:], nil)
		return
	}
	// The smaller side is counted, the larger is what is left of the whole.
	counted := new(table)
	leftSums, rightSums, smaller := counted, sums, rows[:left]
	if left > len(rows)-left {
		leftSums, rightSums, smaller = sums, counted, rows[left:]
	}
	b.count(counted, smaller)
	for i := range sums {
		sums[i].g -= counted[i].g
		sums[i].h -= counted[i].h
	}
	b.grow(t, 2*at+1, rows[:left], leftSums)
	b.grow(t, 2*at+2, rows[left:], rightSums)
}

// split finds the cut of highest gain of one node and feature.
func (b *booster) split(hist []cell, cuts int) (gain float64, at int) {
	var all, left struct{ g, h float64 }
	for _, c := range hist {
		all.g += float64(c.g)
		all.h += float64(c.h)
	}
	value := func(g, h float64) float64 { return g * g / (h + b.o.Lambda) }
	whole := value(all.g, all.h)
	for k := range cuts {
		left.g += float64(hist[k].g)
		left.h += float64(hist[k].h)
		if left.h < b.o.Child || all.h-left.h < b.o.Child {
			continue
		}
		if v := value(left.g, left.h) + value(all.g-left.g, all.h-left.h) - whole; v > gain {
			gain, at = v, k
		}
	}
	return gain, at
}
