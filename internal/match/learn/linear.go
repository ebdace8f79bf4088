package learn

import "math"

// decay is the L2 on the weights, in standard deviations of their features.
const decay = 1e-3

// Linear fits a weighted sum of the features to the softmax over each list, by
// steps of Adam (Kingma and Ba, 2015) on features of spread 1.
func Linear(lists []List, steps int) [width]float32 {
	spread := spreads(lists)
	var w, m, v [width]float64
	total := 0.0
	for _, l := range lists {
		total += l.Weight
	}
	for t := 1; t <= steps; t++ {
		g := gradient(lists, &w, &spread)
		rate := .1 * math.Min(1, 4*float64(steps-t+1)/float64(steps+1)/2)
		for f := range w {
			d := g[f]/total + decay*w[f]
			m[f] = .9*m[f] + .1*d
			v[f] = .99*v[f] + .01*d*d
			w[f] -= rate * m[f] / (1 - math.Pow(.9, float64(t))) / (math.Sqrt(v[f]/(1-math.Pow(.99, float64(t)))) + 1e-9)
		}
	}
	var out [width]float32
	for f := range out {
		out[f] = float32(w[f] / spread[f])
	}
	return out
}

// spreads are the standard deviations of the features; 1 where one is constant.
func spreads(lists []List) [width]float64 {
	var n float64
	var sum, square, out [width]float64
	for _, l := range lists {
		for _, r := range l.Rows {
			n++
			for f, x := range r {
				sum[f] += float64(x)
				square[f] += float64(x) * float64(x)
			}
		}
	}
	for f := range out {
		out[f] = math.Sqrt(max(0, square[f]/n-sum[f]/n*sum[f]/n))
		if out[f] < 1e-6 {
			out[f] = 1
		}
	}
	return out
}

// dot adds up in four sums, which a processor does at once.
func dot(w *[width]float64, x []float32) float64 {
	var s [4]float64
	x = x[:width]
	f := 0
	for ; f+4 <= width; f += 4 {
		s[0] += w[f] * float64(x[f])
		s[1] += w[f+1] * float64(x[f+1])
		s[2] += w[f+2] * float64(x[f+2])
		s[3] += w[f+3] * float64(x[f+3])
	}
	for ; f < width; f++ {
		s[0] += w[f] * float64(x[f])
	}
	return s[0] + s[1] + s[2] + s[3]
}

func gradient(lists []List, w, spread *[width]float64) [width]float64 {
	var g, scaled [width]float64
	for f := range scaled {
		scaled[f] = w[f] / spread[f]
	}
	var p []float64
	for _, l := range lists {
		p = p[:0]
		top, right := math.Inf(-1), 0.0
		for i, r := range l.Rows {
			s := dot(&scaled, r)
			p = append(p, s)
			top = max(top, s)
			if l.Right[i] {
				right++
			}
		}
		if right == 0 {
			continue
		}
		sum := 0.0
		for i, s := range p {
			p[i] = math.Exp(s - top)
			sum += p[i]
		}
		for i, r := range l.Rows {
			d := p[i] / sum
			if l.Right[i] {
				d -= 1 / right
			}
			d *= l.Weight
			if math.Abs(d) < 1e-5 {
				continue
			}
			for f, x := range r {
				g[f] += d * float64(x)
			}
		}
	}
	for f := range g {
		g[f] /= spread[f]
	}
	return g
}
