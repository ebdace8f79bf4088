package train

import "math"

// objective returns the value at w and writes the gradient to g.
type objective func(w, g []float64) float64

// minimise is L-BFGS (Liu and Nocedal, 1989) with ten pairs and a backtracking
// line search. It starts at w, changes it, and stops after rounds steps or
// when the gradient is tol times what it was. It draws no chance.
func minimise(f objective, w []float64, rounds int, tol float64) {
	const memory = 10
	n := len(w)
	g, d, next, ng := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	var ss, ys [][]float64
	var rhos []float64
	value := f(w, g)
	first := norm(g)
	for range rounds {
		if norm(g) <= tol*first {
			return
		}
		direction(d, g, ss, ys, rhos)
		slope := dot(d, g)
		if slope >= 0 {
			return
		}
		step := 1.0
		if len(ss) == 0 {
			step = 1 / math.Max(1, norm(g))
		}
		nv := 0.0
		for try := 0; ; try++ {
			for i := range w {
				next[i] = w[i] + step*d[i]
			}
			nv = f(next, ng)
			if nv <= value+1e-4*step*slope {
				break
			}
			if try == 30 {
				return
			}
			step /= 2
		}
		s, y := make([]float64, n), make([]float64, n)
		for i := range w {
			s[i], y[i] = next[i]-w[i], ng[i]-g[i]
		}
		if sy := dot(s, y); sy > 1e-12 {
			ss, ys, rhos = append(ss, s), append(ys, y), append(rhos, 1/sy)
			if len(ss) > memory {
				ss, ys, rhos = ss[1:], ys[1:], rhos[1:]
			}
		}
		copy(w, next)
		g, ng = ng, g
		value = nv
	}
}

// direction writes minus the inverse Hessian, as far as it is known, times g.
func direction(d, g []float64, ss, ys [][]float64, rhos []float64) {
	for i := range d {
		d[i] = -g[i]
	}
	alpha := make([]float64, len(ss))
	for k := len(ss) - 1; k >= 0; k-- {
		alpha[k] = rhos[k] * dot(ss[k], d)
		axpy(-alpha[k], ys[k], d)
	}
	if k := len(ss) - 1; k >= 0 {
		scale := 1 / (rhos[k] * dot(ys[k], ys[k]))
		for i := range d {
			d[i] *= scale
		}
	}
	for k := range ss {
		axpy(alpha[k]-rhos[k]*dot(ys[k], d), ss[k], d)
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func axpy(a float64, x, y []float64) {
	for i, v := range x {
		y[i] += a * v
	}
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// logloss is log(1+exp(-m)) without overflow.
func logloss(m float64) float64 {
	if m > 0 {
		return math.Log1p(math.Exp(-m))
	}
	return -m + math.Log1p(math.Exp(m))
}
