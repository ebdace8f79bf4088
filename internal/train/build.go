package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"

	"factcheck/internal/worth"
)

// recipe says how one shipped model is made.
type recipe struct {
	name      string  // file name without .bin
	set       string  // what it learns from
	l2        float64 // per row
	threshold float64 // probability from which the label is yes
	rounds    int
}

var recipes = []recipe{
	{"worthy.en", "claimbuster", 3e-5, .38, 40},
	{"verifiable.en", "policlaim", 1e-4, .45, 40},
	{"subjective.en", "subj_en", 1e-4, .40, 40},
}

// Build trains every shipped model from the sets in dir and writes them to
// out. The same sets give the same bytes.
func Build(dir, out string, say func(string)) error {
	words, err := os.ReadFile(filepath.Join(out, "words.txt"))
	if err != nil {
		return fmt.Errorf("build models: %w", err)
	}
	x := worth.NewExtractor(string(words))
	for _, r := range recipes {
		m, err := r.build(dir, x, say)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, r.name+".bin"), m.Bytes(), 0o644); err != nil {
			return fmt.Errorf("build models: %w", err)
		}
	}
	return nil
}

// build trains one model. Its margins are calibrated by Platt's method on
// sentences of held-back documents.
func (r recipe) build(dir string, x *worth.Extractor, say func(string)) (*worth.Model, error) {
	all, err := load(dir, r.set)
	if err != nil {
		return nil, err
	}
	group(all)
	rows := make([]row, len(all))
	for i, e := range all {
		rows[i] = rowOf(x.Features(e.Text), float64(e.Label))
	}
	const k = 5
	fold := folds(all, k)
	margins := make([]float64, len(rows))
	for f := range k {
		w := logistic(not(rows, fold, f), tableSize, r.l2, r.rounds)
		for i := range rows {
			if fold[i] == f {
				margins[i] = predictLinear(w, rows[i].x)
			}
		}
	}
	slope, shift := platt(margins, rows)
	for i := range margins {
		margins[i] = sigmoid(slope*margins[i] + shift)
	}
	say(fmt.Sprintf("%s, held-back documents: %s", r.name, summary(all, margins, r.threshold)))
	m := pack(logistic(rows, tableSize, r.l2, r.rounds), slope, shift)
	m.Threshold = float32(r.threshold)
	return m, nil
}

// tableSize is the number of weights without the bias: n-grams, then dense.
var tableSize = 1<<worth.Bits + worth.DenseSize

// denseScale keeps the penalty of a dense weight near that of an n-gram's.
const denseScale = .3

func rowOf(f worth.Features, y float64) row {
	x := f.Grams
	for i, v := range f.Dense {
		if v != 0 {
			x = append(x, worth.Feature{At: uint32(1<<worth.Bits + i), Value: v * denseScale})
		}
	}
	return row{x, y, 1}
}

// not returns the rows outside fold f.
func not(rows []row, fold []int, f int) []row {
	var out []row
	for i := range rows {
		if fold[i] != f {
			out = append(out, rows[i])
		}
	}
	return out
}

// platt fits slope and shift so that the logistic function of slope*margin +
// shift is a probability (Platt, 1999).
func platt(margins []float64, rows []row) (slope, shift float64) {
	one := make([]row, len(rows))
	for i := range rows {
		one[i] = row{[]worth.Feature{{At: 0, Value: float32(margins[i])}}, rows[i].y, rows[i].weight}
	}
	w := logistic(one, 1, 1e-6, 50)
	return w[0], w[1]
}

// pack rounds the weights to a byte each, calibrated.
func pack(w []float64, slope, shift float64) *worth.Model {
	const n = 1 << worth.Bits
	m := &worth.Model{Grams: make([]int8, n), Dense: make([]float32, worth.DenseSize)}
	top := 0.0
	for _, v := range w[:n] {
		top = math.Max(top, math.Abs(v))
	}
	top = math.Max(top, 1e-9)
	for i, v := range w[:n] {
		m.Grams[i] = int8(math.RoundToEven(v / top * 127))
	}
	m.Scale = float32(top / 127 * slope)
	for i := range m.Dense {
		m.Dense[i] = float32(w[n+i] * denseScale * slope)
	}
	m.Bias = float32(w[len(w)-1]*slope + shift)
	return m
}
