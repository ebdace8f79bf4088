package encode

import (
	"encoding/binary"
	"errors"
	"math"
)

// The sizes of the transformer.
const (
	Width  = 512  // of a sentence's vector
	first  = 256  // width of a piece and of the first layer
	inner  = 1536 // width inside a layer
	heads  = 4
	layers = 2
)

// Weights are the pieces and the numbers of an encoder by name; Shapes names
// and sizes them.
type Weights struct {
	Pieces []Piece
	By     map[string][]float32
}

// Shape is the name and the size of one matrix, by rows; vectors have one row.
// ByRow matrices are scaled by row when rounded to bytes, others by column.
type Shape struct {
	Name       string
	Rows, Cols int
	ByRow      bool
}

// Shapes lists what an encoder of n pieces holds, in the order of its file.
func Shapes(n int) []Shape {
	out := []Shape{{"pieces", n, first, true}, {"wide.w", first, Width, false}, {"wide.b", 1, Width, false}}
	for i, p := range []string{"0.", "1."} {
		d := first << i
		out = append(out,
			Shape{p + "norm.s", 1, d, false}, Shape{p + "norm.b", 1, d, false},
			Shape{p + "qkv.w", d, 3 * d, false}, Shape{p + "qkv.b", 1, 3 * d, false},
			Shape{p + "out.w", d, Width, false}, Shape{p + "out.b", 1, Width, false},
			Shape{p + "mid.s", 1, Width, false}, Shape{p + "mid.b", 1, Width, false},
			Shape{p + "up.w", Width, inner, false}, Shape{p + "up.b", 1, inner, false},
			Shape{p + "down.w", inner, Width, false}, Shape{p + "down.b", 1, Width, false},
			Shape{p + "scale", 1, 1, false})
	}
	return append(out, Shape{"waves", 1, first / 2, false}, Shape{"last.w", Width, Width, false}, Shape{"last.b", 1, Width, false})
}

const magic = "FCENCOD1"

// Bytes is the file: the magic, the pieces (length, text, score), then each of
// Shapes. A matrix is one scale per row or column and a byte per weight,
// a vector is 32-bit floats; all little-endian.
func (w Weights) Bytes() []byte {
	b := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(w.Pieces)))
	for _, p := range w.Pieces {
		b = append(append(b, byte(len(p.Text))), p.Text...)
		b = float(b, p.Score)
	}
	for _, s := range Shapes(len(w.Pieces)) {
		x := w.By[s.Name]
		if s.Rows == 1 {
			for _, v := range x {
				b = float(b, v)
			}
			continue
		}
		scales := s.scales(x)
		for _, v := range scales {
			b = float(b, v)
		}
		for i, v := range x {
			q := float32(0)
			if sc := scales[s.group(i)]; sc > 0 {
				q = float32(math.RoundToEven(float64(v / sc)))
			}
			b = append(b, byte(int8(q)))
		}
	}
	return b
}

func float(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// group is the row or the column whose scale weight i has.
func (s Shape) group(i int) int {
	if s.ByRow {
		return i / s.Cols
	}
	return i % s.Cols
}

func (s Shape) groups() int {
	if s.ByRow {
		return s.Rows
	}
	return s.Cols
}

func (s Shape) scales(x []float32) []float32 {
	out := make([]float32, s.groups())
	for i, v := range x {
		g := s.group(i)
		out[g] = max(out[g], float32(math.Abs(float64(v))))
	}
	for i := range out {
		out[i] /= 127
	}
	return out
}

// ErrFormat says that a file is not an encoder of this version.
var ErrFormat = errors.New("not an encoder of this version, or cut")

// maxPieces bounds the list of a file.
const maxPieces = 1 << 16

// ReadWeights reads what Bytes wrote.
func ReadWeights(b []byte) (Weights, error) {
	r := NewReader(b)
	w := Weights{By: map[string][]float32{}}
	if string(r.Take(len(magic))) != magic {
		return w, ErrFormat
	}
	n := int(binary.LittleEndian.Uint32(r.Take(4)))
	if n > maxPieces {
		return w, ErrFormat
	}
	for range n {
		text := string(r.Take(int(r.Take(1)[0])))
		w.Pieces = append(w.Pieces, Piece{text, r.Float()})
	}
	for _, s := range Shapes(n) {
		x := make([]float32, s.Rows*s.Cols)
		w.By[s.Name] = x
		if s.Rows == 1 {
			for i := range x {
				x[i] = r.Float()
			}
			continue
		}
		scales := make([]float32, s.groups())
		for i := range scales {
			scales[i] = r.Float()
		}
		for i, q := range r.Take(len(x)) {
			x[i] = float32(int8(q)) * scales[s.group(i)]
		}
	}
	if !r.Done() {
		return w, ErrFormat
	}
	return w, nil
}
