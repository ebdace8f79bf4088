// Package chain labels sequences with a linear-chain conditional random field
// over hashed features.
//
// A [Model] scores every label of every item by the sum of the weights of the
// item's features, and every step from one label to the next by a weight of
// its own that depends on a small class of the item stepped to. [Model.Best]
// finds the best sequence (Viterbi), [Model.Marginals] how probable each label
// of each item is (forward-backward). Both take time linear in the length.
package chain

import "math"

// Model is a trained chain. Labels are 0 … Labels-1, at most MaxLabels.
type Model struct {
	Labels  int
	Classes int       // of items, for Steps
	Steps   []float32 // [class][from][to]; from Labels is the start
	Allowed []bool    // [from][to]; from Labels is the start
	Table   Table     // weights of the features
}

// MaxLabels is how many labels a cell of a Table has room for.
const MaxLabels = 7

// New is a model without features whose steps weigh nothing.
func New(labels, classes int, allowed func(from, to int) bool) *Model {
	m := &Model{Labels: labels, Classes: classes,
		Steps:   make([]float32, classes*(labels+1)*labels),
		Allowed: make([]bool, (labels+1)*labels)}
	for from := range labels + 1 {
		for to := range labels {
			m.Allowed[from*labels+to] = allowed(from, to)
		}
	}
	return m
}

// Items is a sequence: the features of item i are Features[Ends[i-1]:Ends[i]],
// any 32-bit hashes; Class[i] is less than Model.Classes.
type Items struct {
	Features []uint32
	Ends     []int32
	Class    []uint8
}

// Reset empties s and keeps its memory.
func (s *Items) Reset() { s.Features, s.Ends, s.Class = s.Features[:0], s.Ends[:0], s.Class[:0] }

// Len is the number of items.
func (s *Items) Len() int { return len(s.Ends) }

// Of are the features of item i.
func (s *Items) Of(i int) []uint32 {
	from := int32(0)
	if i > 0 {
		from = s.Ends[i-1]
	}
	return s.Features[from:s.Ends[i]]
}

// Work is memory that calls share. The zero value is ready.
type Work struct {
	unary        []float32
	back         []uint8
	alpha, beta  []float64
	probs, cells []float64
}

// Unary are the scores of the labels of each item by its features alone,
// [item][label]. They are good until the next call.
func (m *Model) Unary(w *Work, s *Items) []float32 {
	n := s.Len()
	w.unary = grow(w.unary, n*m.Labels)
	for i := range n {
		m.Table.Sum(s.Of(i), w.unary[i*m.Labels:(i+1)*m.Labels])
	}
	return w.unary
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

const never = float32(-1e9)

// Best appends the best labels of items with the scores u, which it changes,
// and the classes class to out.
func (m *Model) Best(w *Work, u []float32, class []uint8, out []uint8) []uint8 {
	n, l := len(class), m.Labels
	if n == 0 {
		return out
	}
	w.back = grow(w.back, n*l)
	for k := range l {
		if m.Allowed[l*l+k] {
			u[k] += m.Steps[(int(class[0])*(l+1)+l)*l+k]
		} else {
			u[k] = never
		}
	}
	for i := 1; i < n; i++ {
		steps := m.Steps[int(class[i])*(l+1)*l:]
		prev, cur := u[(i-1)*l:i*l], u[i*l:(i+1)*l]
		for k := range l {
			best, at := never*2, 0
			for j, p := range prev {
				if v := p + steps[j*l+k]; v > best && m.Allowed[j*l+k] {
					best, at = v, j
				}
			}
			cur[k] += best
			w.back[i*l+k] = uint8(at)
		}
	}
	last := u[(n-1)*l:]
	at := 0
	for k := range last {
		if last[k] > last[at] {
			at = k
		}
	}
	from := len(out)
	out = append(out, make([]uint8, n)...)
	for i := n - 1; i >= 0; i-- {
		out[from+i] = uint8(at)
		at = int(w.back[i*l+at])
	}
	return out
}

// Stay is the score of label for every item, with the scores u and the classes
// class.
func (m *Model) Stay(u []float32, class []uint8, label int) float32 {
	l := m.Labels
	from, sum := l, float32(0)
	for i, c := range class {
		sum += u[i*l+label] + m.Steps[(int(c)*(l+1)+from)*l+label]
		from = label
	}
	return sum
}

// Marginals are the probabilities of each label of each item, [item][label],
// for the scores u, and the logarithm of the sum over all sequences. If steps
// is not nil, the expected number of each step, shaped like Model.Steps, is
// added to it. They are good until the next call.
func (m *Model) Marginals(w *Work, u []float32, class []uint8, steps []float64) (probs []float64, logZ float64) {
	if len(class) == 0 {
		return nil, 0
	}
	n, l := len(class), m.Labels
	w.alpha, w.beta, w.probs = grow(w.alpha, n*l), grow(w.beta, n*l), grow(w.probs, n*l)
	w.cells = grow(w.cells, n*l)
	e, logZ := w.cells, 0.0
	for i := range n { // exp of unary, without overflow
		row := u[i*l : (i+1)*l]
		top := row[0]
		for _, v := range row {
			top = max(top, v)
		}
		for k, v := range row {
			e[i*l+k] = math.Exp(float64(v - top))
		}
		logZ += float64(top)
	}
	for i := range n {
		sum := 0.0
		st := m.Steps[int(class[i])*(l+1)*l:]
		for k := range l {
			v := 0.0
			if i == 0 {
				if m.Allowed[l*l+k] {
					v = math.Exp(float64(st[l*l+k]))
				}
			} else {
				for j := range l {
					if m.Allowed[j*l+k] {
						v += w.alpha[(i-1)*l+j] * exp32(st[j*l+k])
					}
				}
			}
			v *= e[i*l+k]
			w.alpha[i*l+k] = v
			sum += v
		}
		for k := range l {
			w.alpha[i*l+k] /= sum
		}
		logZ += math.Log(sum)
	}
	for k := range l {
		w.beta[(n-1)*l+k] = 1
	}
	for i := n - 2; i >= 0; i-- {
		st := m.Steps[int(class[i+1])*(l+1)*l:]
		sum := 0.0
		for j := range l {
			v := 0.0
			for k := range l {
				if m.Allowed[j*l+k] {
					v += exp32(st[j*l+k]) * e[(i+1)*l+k] * w.beta[(i+1)*l+k]
				}
			}
			w.beta[i*l+j] = v
			sum += v
		}
		for j := range l {
			w.beta[i*l+j] /= sum
		}
	}
	for i := range n {
		sum := 0.0
		for k := range l {
			w.probs[i*l+k] = w.alpha[i*l+k] * w.beta[i*l+k]
			sum += w.probs[i*l+k]
		}
		for k := range l {
			w.probs[i*l+k] /= sum
		}
	}
	if steps != nil {
		m.expectSteps(w, class, e, steps)
	}
	return w.probs, logZ
}

func (m *Model) expectSteps(w *Work, class []uint8, e []float64, steps []float64) {
	n, l := len(class), m.Labels
	for k := range l {
		steps[(int(class[0])*(l+1)+l)*l+k] += w.probs[k]
	}
	var pair [16 * 16]float64
	for i := 1; i < n; i++ {
		base := int(class[i]) * (l + 1) * l
		st, sum := m.Steps[base:], 0.0
		for j := range l {
			for k := range l {
				v := 0.0
				if m.Allowed[j*l+k] {
					v = w.alpha[(i-1)*l+j] * exp32(st[j*l+k]) * e[i*l+k] * w.beta[i*l+k]
				}
				pair[j*l+k] = v
				sum += v
			}
		}
		for c := range l * l {
			steps[base+c] += pair[c] / sum
		}
	}
}

func exp32(v float32) float64 { return math.Exp(float64(v)) }
