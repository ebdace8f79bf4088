package embed

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Weights are the vocabulary and the tensors of the encoder by name.
type Weights struct {
	Vocabulary []Piece
	Tensors    map[string][]float32
}

const magic = "USE1"

// How a tensor is kept.
const (
	keptWhole    = 0 // float32
	keptByRow    = 1 // int8 with a float32 step for each row
	keptByColumn = 2 // int8 with a float32 step for each column
)

// columns is how wide each matrix is; other tensors are kept whole.
var columns = map[string]int{
	"Embeddings_en":                          first,
	"Layer_0/dense/kernel":                   Dim,
	"Layer_0/qkv_transform_single/kernel":    3 * first,
	"Layer_1/qkv_transform_single/kernel":    3 * Dim,
	"Layer_0/output_transform_single/kernel": Dim,
	"Layer_1/output_transform_single/kernel": Dim,
	"Layer_0/FFN/conv1/Tensordot/Reshape_1":  hidden,
	"Layer_1/FFN/conv1/Tensordot/Reshape_1":  hidden,
	"Layer_0/FFN/conv2/Tensordot/Reshape_1":  Dim,
	"Layer_1/FFN/conv2/Tensordot/Reshape_1":  Dim,
	"hidden_layers/tanh_layer_0/weights":     Dim,
}

func keptHow(name string) byte {
	switch {
	case columns[name] == 0:
		return keptWhole
	case name == "Embeddings_en":
		return keptByRow
	}
	return keptByColumn
}

// Bytes is w as a file: matrices in steps of a 127th of the largest number of
// their column (the table of pieces: of its row), the rest as it is. The same
// weights give the same bytes.
func (w *Weights) Bytes() ([]byte, error) {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte(magic), uint32(len(w.Vocabulary)))
	for _, p := range w.Vocabulary {
		b = append(append(b, byte(len(p.Text))), p.Text...)
		b = le.AppendUint32(b, math.Float32bits(float32(p.Score)))
	}
	b = le.AppendUint32(b, uint32(len(w.Tensors)))
	for _, name := range slices.Sorted(maps.Keys(w.Tensors)) {
		t := w.Tensors[name]
		b = append(append(b, byte(len(name))), name...)
		b = append(le.AppendUint32(b, uint32(len(t))), keptHow(name))
		if keptHow(name) == keptWhole {
			b = appendFloats(b, t)
			continue
		}
		if len(t)%columns[name] != 0 {
			return nil, fmt.Errorf("write weights: %s has %d numbers", name, len(t))
		}
		steps := make([]float32, groups(name, len(t)))
		for i, v := range t {
			k := group(name, i)
			steps[k] = max(steps[k], float32(math.Abs(float64(v))))
		}
		for i := range steps {
			steps[i] /= 127
		}
		b = appendFloats(b, steps)
		for i, v := range t {
			q := int8(0)
			if s := steps[group(name, i)]; s > 0 {
				q = int8(math.RoundToEven(float64(v / s)))
			}
			b = append(b, byte(q))
		}
	}
	return b, nil
}

func groups(name string, size int) int {
	if keptHow(name) == keptByRow {
		return size / columns[name]
	}
	return columns[name]
}

func group(name string, i int) int {
	if keptHow(name) == keptByRow {
		return i / columns[name]
	}
	return i % columns[name]
}

func appendFloats(b []byte, v []float32) []byte {
	for _, f := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return b
}

// ReadWeights reads what Bytes wrote.
func ReadWeights(file []byte) (*Weights, error) {
	r := &reader{b: file}
	if string(r.take(len(magic))) != magic {
		return nil, fmt.Errorf("read weights: not a file of this version")
	}
	w := &Weights{Tensors: map[string][]float32{}}
	for range r.count() {
		if r.short {
			break
		}
		text := string(r.take(r.size()))
		w.Vocabulary = append(w.Vocabulary, Piece{text, float64(r.float())})
	}
	for range r.count() {
		if r.short {
			break
		}
		name := string(r.take(r.size()))
		size, how := r.count(), r.size()
		if how != int(keptHow(name)) || size > len(r.b)+1 || columns[name] > 0 && size%columns[name] != 0 {
			return nil, fmt.Errorf("read weights: tensor %q is broken", name)
		}
		w.Tensors[name] = r.tensor(name, size)
	}
	if r.short || len(r.b) > 0 {
		return nil, fmt.Errorf("read weights: the file is cut or too long")
	}
	return w, nil
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
		return make([]byte, min(n, 1<<16))
	}
	head := r.b[:n]
	r.b = r.b[n:]
	return head
}

func (r *reader) size() int { return int(r.take(1)[0]) }

func (r *reader) count() int { return int(binary.LittleEndian.Uint32(r.take(4))) }

func (r *reader) float() float32 { return math.Float32frombits(binary.LittleEndian.Uint32(r.take(4))) }

func (r *reader) tensor(name string, size int) []float32 {
	t := make([]float32, size)
	if keptHow(name) == keptWhole {
		for i := range t {
			t[i] = r.float()
		}
		return t
	}
	steps := make([]float32, groups(name, size))
	for i := range steps {
		steps[i] = r.float()
	}
	for i, q := range r.take(size) {
		t[i] = float32(int8(q)) * steps[group(name, i)]
	}
	return t
}
