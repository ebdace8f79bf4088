package train

import "factcheck/internal/worth"

// row is one example for a linear model.
type row struct {
	x      []worth.Feature
	y      float64 // 0 to 1: a label, or a probability to learn
	weight float64
}

// logistic fits weights and a bias (the last) by L2-regularised logistic
// loss; l2 is per row. Targets may lie between 0 and 1.
func logistic(rows []row, size int, l2 float64, rounds int) []float64 {
	total := 0.0
	for _, r := range rows {
		total += r.weight
	}
	f := func(w, g []float64) float64 {
		loss := 0.0
		for i := range g {
			g[i] = l2 * w[i]
			loss += l2 * w[i] * w[i] / 2
		}
		g[size] = 0
		loss -= l2 * w[size] * w[size] / 2
		for _, r := range rows {
			z := w[size]
			for _, ft := range r.x {
				z += w[ft.At] * float64(ft.Value)
			}
			loss += r.weight / total * (r.y*logloss(z) + (1-r.y)*logloss(-z))
			d := r.weight / total * (sigmoid(z) - r.y)
			g[size] += d
			for _, ft := range r.x {
				g[ft.At] += d * float64(ft.Value)
			}
		}
		return loss
	}
	w := make([]float64, size+1)
	minimise(f, w, rounds, 1e-4)
	return w
}

func predictLinear(w []float64, x []worth.Feature) float64 {
	z := w[len(w)-1]
	for _, ft := range x {
		z += w[ft.At] * float64(ft.Value)
	}
	return z
}
