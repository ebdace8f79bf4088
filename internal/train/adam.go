package train

import "math"

// batchRows is how many rows each step of training sees.
const batchRows = 32

// adam (Kingma and Ba, 2015) keeps the running means of gradients and of their squares.
type adam struct {
	mean, square []float32
	steps        int
	long         float64 // how slowly the squares are forgotten
}

func newAdam(n int, long float64) *adam {
	return &adam{mean: make([]float32, n), square: make([]float32, n), long: long}
}

// step changes w against g, which it clears.
func (a *adam) step(w, g []float32, rate, decay float64) {
	a.steps++
	k := float32(rate / (1 - math.Pow(.9, float64(a.steps))))
	root := float32(1 / math.Sqrt(1-math.Pow(a.long, float64(a.steps))))
	shrink, long := float32(1-rate*decay), float32(a.long)
	for i, v := range g {
		a.mean[i] = .9*a.mean[i] + .1*v
		a.square[i] = long*a.square[i] + (1-long)*v*v
		w[i] = w[i]*shrink - k*a.mean[i]/(float32(math.Sqrt(float64(a.square[i])))*root+1e-8)
	}
	clear(g)
}
