package worth

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Model is one linear model over hashed n-grams and dense features. Its
// margin is calibrated: the logistic function of it is a probability.
type Model struct {
	Grams     []int8    // 1<<Bits weights in units of Scale
	Scale     float32   // of one step of Grams
	Dense     []float32 // DenseSize weights
	Bias      float32
	Threshold float32 // probability from which the label is yes, 0 to 1
}

const magic = "FCWORTH1"

// Bytes is the model as a file; ReadModel reads it back.
func (m *Model) Bytes() []byte {
	b := append([]byte(magic), Bits)
	b = float(b, m.Scale)
	for _, g := range m.Grams {
		b = append(b, byte(g))
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m.Dense)))
	for _, d := range m.Dense {
		b = float(b, d)
	}
	return float(float(b, m.Bias), m.Threshold)
}

func float(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// ReadModel reads what Bytes wrote. It refuses a file of another shape: the
// features and the weights belong together.
func ReadModel(b []byte) (*Model, error) {
	r := reader{b: b}
	if string(r.take(len(magic))) != magic || r.take(1)[0] != Bits {
		return nil, fmt.Errorf("read model: not a file of this version")
	}
	m := &Model{Scale: r.float(), Grams: make([]int8, 1<<Bits)}
	for i, g := range r.take(1 << Bits) {
		m.Grams[i] = int8(g)
	}
	if n := r.count(); n != DenseSize {
		return nil, fmt.Errorf("read model: %d dense weights, want %d", n, DenseSize)
	}
	m.Dense = make([]float32, DenseSize)
	for i := range m.Dense {
		m.Dense[i] = r.float()
	}
	m.Bias, m.Threshold = r.float(), r.float()
	if r.short || len(r.b) > 0 {
		return nil, fmt.Errorf("read model: the file is cut or too long")
	}
	return m, nil
}

// reader takes parts off the front of b; past the end it gives zeros and
// remembers.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.b, r.short = nil, true
		return make([]byte, n)
	}
	head := r.b[:n]
	r.b = r.b[n:]
	return head
}

func (r *reader) float() float32 { return math.Float32frombits(binary.LittleEndian.Uint32(r.take(4))) }

func (r *reader) count() int { return int(binary.LittleEndian.Uint32(r.take(4))) }

// logistic is the probability of a margin.
func logistic(margin float64) float64 { return 1 / (1 + math.Exp(-margin)) }
