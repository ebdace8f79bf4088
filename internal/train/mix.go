package train

import (
	"math"

	"factcheck/internal/encode"
	"factcheck/internal/worth"
)

// trained are the weights of one model's parts, each with its bias last; head
// and picks may be nil.
type trained struct{ linear, picks, head []float64 }

// parts is what each says of one sentence, in log-odds that are not yet
// calibrated.
type parts struct{ linear, picks, head float64 }

// mixture weighs the parts: l = linear + blend*picks, h = head + bias, each
// with the weights that fit held-back documents. The calibrated margins are
// those of l alone and of l + h.
type mixture struct {
	linear, head, bias, blend                    float64
	aloneSlope, aloneShift, bothSlope, bothShift float64
}

func (x mixture) sums(p parts) (linear, head float64) {
	return x.linear*p.linear + x.blend*p.picks, x.head*p.head + x.bias
}

func (r recipe) mixture(held []parts, y []float64) mixture {
	x := mixture{linear: 1, blend: r.blend}
	if r.head {
		rows := make([]row, len(held))
		for i, p := range held {
			rows[i] = row{[]worth.Feature{{At: 0, Value: float32(p.linear)}, {At: 1, Value: float32(p.head)}}, y[i], 1}
		}
		w := logistic(rows, 2, 1e-6, 50)
		x.linear, x.head, x.bias = math.Max(w[0], .05), w[1], w[2]
	}
	alone, both := make([]float64, len(held)), make([]float64, len(held))
	for i, p := range held {
		l, h := x.sums(p)
		alone[i], both[i] = l, l+h
	}
	x.aloneSlope, x.aloneShift = platt(alone, y)
	x.bothSlope, x.bothShift = platt(both, y)
	return x
}

// platt fits slope and shift so that the logistic function of slope*margin +
// shift is a probability (Platt, 1999).
func platt(margins, y []float64) (slope, shift float64) {
	rows := make([]row, len(margins))
	for i, m := range margins {
		rows[i] = row{[]worth.Feature{{At: 0, Value: float32(m)}}, y[i], 1}
	}
	w := logistic(rows, 1, 1e-6, 50)
	return w[0], w[1]
}

// finish mixes, calibrates and packs the parts by what they say of held-back
// sentences, and sums up how good that is.
func (r recipe) finish(t trained, all []example, held []parts) (*worth.Model, mixture, string) {
	y := make([]float64, len(all))
	for i, e := range all {
		y[i] = float64(e.Label)
	}
	x := r.mixture(held, y)
	m := pack(t, x)
	alone, both := make([]float64, len(held)), make([]float64, len(held))
	for i, p := range held {
		l, h := x.sums(p)
		alone[i] = sigmoid(x.aloneSlope*l + x.aloneShift)
		both[i] = sigmoid(x.bothSlope*(l+h) + x.bothShift)
	}
	m.Threshold = r.threshold(all, alone)
	line := "linear: " + summary(all, alone, float64(m.Threshold))
	if m.Head != nil {
		m.Head.Threshold = r.threshold(all, both)
		line += "; with the encoder: " + summary(all, both, float64(m.Head.Threshold))
	}
	return m, x, line
}

func (r recipe) threshold(all []example, p []float64) float32 {
	if r.yes > 0 {
		return float32(r.yes)
	}
	return best(all, p, r.goal)
}

// pack makes one model of the parts, calibrated; n-gram weights are rounded to
// a byte each.
func pack(t trained, x mixture) *worth.Model {
	const n = 1 << worth.Bits
	w := make([]float64, len(t.linear))
	axpy(x.aloneSlope*x.linear, t.linear, w)
	if t.picks != nil {
		axpy(x.aloneSlope*x.blend, t.picks, w)
	}
	m := &worth.Model{Grams: make([]int8, n), Dense: make([]float32, worth.DenseSize)}
	top := 1e-9
	for _, v := range w[:n] {
		top = math.Max(top, math.Abs(v))
	}
	for i, v := range w[:n] {
		m.Grams[i] = int8(math.RoundToEven(v / top * 127))
	}
	m.Scale = float32(top / 127)
	for i := range m.Dense {
		m.Dense[i] = float32(w[n+i] * denseScale)
	}
	m.Bias = float32(w[len(w)-1] + x.aloneShift)
	if t.head != nil {
		m.Head = packHead(t.head, x)
	}
	return m
}

// packHead makes both = bothSlope*(l+h) + bothShift of the calibrated linear
// margin aloneSlope*l + aloneShift.
func packHead(w []float64, x mixture) *worth.Head {
	k := x.bothSlope / x.aloneSlope
	h := &worth.Head{Vector: make([]float32, encode.Width), Linear: float32(k)}
	for j, v := range w[:encode.Width] {
		h.Vector[j] = float32(x.bothSlope * x.head * v)
	}
	h.Bias = float32(x.bothSlope*(x.head*w[encode.Width]+x.bias) + x.bothShift - k*x.aloneShift)
	return h
}
