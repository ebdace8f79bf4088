package worth

import (
	"encoding/binary"
	"errors"
	"math"

	"factcheck/internal/encode"
)

// Model answers one question in one language. Its linear part, over hashed
// n-grams and dense features, stands alone; the head adds what the sentence
// encoder sees. Both margins are calibrated: the logistic function of a margin
// is a probability.
type Model struct {
	Grams     []int8    // 1<<Bits weights in units of Scale
	Scale     float32   // of one step of Grams
	Dense     []float32 // DenseSize weights
	Bias      float32
	Threshold float32 // probability from which the answer is yes, 0 to 1
	Head      *Head   // nil: no encoder reads this language
}

// Head is a linear model over the vector of the sentence encoder, added to
// the linear margin.
type Head struct {
	Vector    []float32 // encode.Width weights
	Bias      float32
	Linear    float32 // weight of the linear margin
	Threshold float32 // as Model's, for the sum
}

const magic = "FCWORTH3"

// Bytes is the model as a file; ReadModel reads it back.
func (m *Model) Bytes() []byte {
	b := float(append([]byte(magic), Bits), m.Scale)
	for _, g := range m.Grams {
		b = append(b, byte(g))
	}
	b = floats(b, m.Dense)
	b = float(float(b, m.Bias), m.Threshold)
	if m.Head == nil {
		return append(b, 0)
	}
	h := m.Head
	b = floats(append(b, 1), h.Vector)
	return float(float(float(b, h.Bias), h.Linear), h.Threshold)
}

func float(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// floats writes how many there are, then each.
func floats(b []byte, x []float32) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(x)))
	for _, v := range x {
		b = float(b, v)
	}
	return b
}

// ErrFormat says that a file is no model of this version: features and weights
// belong together.
var ErrFormat = errors.New("not a model of this version, or cut")

// ReadModel reads what Bytes wrote; ErrFormat if it is something else.
func ReadModel(b []byte) (*Model, error) {
	r := encode.NewReader(b)
	if string(r.Take(len(magic))) != magic || r.Take(1)[0] != Bits {
		return nil, ErrFormat
	}
	m := &Model{Scale: r.Float(), Grams: make([]int8, 1<<Bits)}
	for i, g := range r.Take(1 << Bits) {
		m.Grams[i] = int8(g)
	}
	m.Dense = r.Floats()
	m.Bias, m.Threshold = r.Float(), r.Float()
	if r.Take(1)[0] == 1 {
		h := &Head{Vector: r.Floats(), Bias: r.Float(), Linear: r.Float(), Threshold: r.Float()}
		if len(h.Vector) != encode.Width {
			return nil, ErrFormat
		}
		m.Head = h
	}
	if !r.Done() || len(m.Dense) != DenseSize {
		return nil, ErrFormat
	}
	return m, nil
}

// Margin is the sum of the linear weights of f, in log-odds.
func (m *Model) Margin(f Features) float64 {
	sum := float32(0)
	for _, g := range f.Grams {
		sum += float32(m.Grams[g.At]) * g.Value
	}
	sum = sum*m.Scale + m.Bias
	for i, v := range f.Dense {
		sum += v * m.Dense[i]
	}
	return float64(sum)
}

// Margin adds what the vector of the sentence says to its linear margin.
func (h *Head) Margin(linear float64, vector []float32) float64 {
	return float64(h.Linear)*linear + float64(encode.Dot(h.Vector, vector)+h.Bias)
}

// logistic is the probability of a margin.
func logistic(margin float64) float64 { return 1 / (1 + math.Exp(-margin)) }
