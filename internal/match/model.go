package match

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Model scores the features of a pair, higher for a likelier match: a weighted
// sum, corrected by small trees.
type Model struct {
	Linear [FeatureCount]float32
	Trees  []Tree
}

// Tree is a complete binary tree: node i has the children 2i+1 and 2i+2, and
// the leaves follow the inner nodes.
type Tree struct {
	Feature []int16   // of each inner node; -1 sends every pair left
	Cut     []float32 // a pair goes right if its feature is above
	Leaf    []float32
}

// Value is the leaf that x falls into.
func (t *Tree) Value(x []float32) float32 {
	i := 0
	for i < len(t.Feature) {
		right := 0
		if f := t.Feature[i]; f >= 0 && x[f] > t.Cut[i] {
			right = 1
		}
		i = 2*i + 1 + right
	}
	return t.Leaf[i-len(t.Feature)]
}

// Sum is the weighted sum alone.
func (m *Model) Sum(x []float32) float64 {
	sum := 0.0
	for i, w := range m.Linear {
		sum += float64(w) * float64(x[i])
	}
	return sum
}

// Score is the sum and the correction of every tree.
func (m *Model) Score(x []float32) float64 {
	sum := m.Sum(x)
	for i := range m.Trees {
		sum += float64(m.Trees[i].Value(x))
	}
	return sum
}

const modelMagic = "FCMATCH1"

// Bytes is the model as a file; ReadModel reads it back.
func (m *Model) Bytes() []byte {
	le := binary.LittleEndian
	b := append([]byte(modelMagic), byte(FeatureCount))
	for _, w := range m.Linear {
		b = le.AppendUint32(b, math.Float32bits(w))
	}
	b = le.AppendUint32(b, uint32(len(m.Trees)))
	for _, t := range m.Trees {
		b = append(b, byte(len(t.Feature)))
		for i, f := range t.Feature {
			b = append(b, byte(f+1))
			b = le.AppendUint32(b, math.Float32bits(t.Cut[i]))
		}
		for _, v := range t.Leaf {
			b = le.AppendUint32(b, math.Float32bits(v))
		}
	}
	return b
}

// ReadModel reads what Bytes wrote. It refuses a file of other features.
func ReadModel(b []byte) (*Model, error) {
	le := binary.LittleEndian
	bad := fmt.Errorf("read model: not a file of this version")
	if len(b) < len(modelMagic)+5+4*FeatureCount || string(b[:len(modelMagic)]) != modelMagic || b[len(modelMagic)] != FeatureCount {
		return nil, bad
	}
	b = b[len(modelMagic)+1:]
	m := &Model{}
	for i := range m.Linear {
		m.Linear[i] = math.Float32frombits(le.Uint32(b[4*i:]))
	}
	b = b[4*FeatureCount:]
	m.Trees = make([]Tree, min(le.Uint32(b), 1<<16))
	b = b[4:]
	for i := range m.Trees {
		if len(b) == 0 {
			return nil, bad
		}
		n := int(b[0])
		b = b[1:]
		if n&(n+1) != 0 || len(b) < 5*n+4*(n+1) {
			return nil, bad
		}
		t := Tree{make([]int16, n), make([]float32, n), make([]float32, n+1)}
		for k := range n {
			t.Feature[k], t.Cut[k] = int16(b[5*k])-1, math.Float32frombits(le.Uint32(b[5*k+1:]))
			if t.Feature[k] >= FeatureCount {
				return nil, bad
			}
		}
		b = b[5*n:]
		for k := range t.Leaf {
			t.Leaf[k] = math.Float32frombits(le.Uint32(b[4*k:]))
		}
		b = b[4*(n+1):]
		m.Trees[i] = t
	}
	if len(b) != 0 {
		return nil, bad
	}
	return m, nil
}
