package chain_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"factcheck/internal/extract/chain"
)

const labels = 3

// begins allows label 2 only behind 1 and itself.
func begins(from, to int) bool { return to != 2 || from == 1 || from == 2 }

// sample is a model and a sequence with weights by chance.
func sample(n int) (*chain.Model, *chain.Items) {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	m := chain.New(labels, 4, begins)
	m.Table = chain.NewTable(10, .05)
	s := &chain.Items{}
	for range n {
		for range 1 + r.IntN(4) {
			f := r.Uint32N(40) * 0x01000193
			m.Table.Put(f, []int8{int8(r.IntN(80) - 40), int8(r.IntN(80) - 40), int8(r.IntN(80) - 40)})
			s.Features = append(s.Features, f)
		}
		s.Ends = append(s.Ends, int32(len(s.Features)))
		s.Class = append(s.Class, uint8(r.IntN(4)))
	}
	for i := range m.Steps {
		m.Steps[i] = float32(r.NormFloat64())
	}
	return m, s
}

// every calls yield with each allowed labelling of s and its score.
func every(m *chain.Model, u []float32, s *chain.Items, yield func([]uint8, float64)) {
	seq := make([]uint8, s.Len())
	var walk func(i, from int, score float64)
	walk = func(i, from int, score float64) {
		if i == len(seq) {
			yield(seq, score)
			return
		}
		for k := range labels {
			if begins(from, k) {
				seq[i] = uint8(k)
				walk(i+1, k, score+float64(u[i*labels+k])+float64(m.Steps[(int(s.Class[i])*(labels+1)+from)*labels+k]))
			}
		}
	}
	walk(0, labels, 0)
}

func TestBestIsTheBestOfAll(t *testing.T) {
	for n := 1; n < 8; n++ {
		m, s := sample(n)
		var w chain.Work
		u := slices.Clone(m.Unary(&w, s))
		var want []uint8
		top := math.Inf(-1)
		every(m, u, s, func(seq []uint8, score float64) {
			if score > top {
				top, want = score, slices.Clone(seq)
			}
		})
		if got := m.Best(&w, slices.Clone(u), s.Class, nil); !slices.Equal(got, want) {
			t.Errorf("%d items: got %v, want %v", n, got, want)
		}
	}
}

func TestMarginalsAreThoseOfAll(t *testing.T) {
	for n := 1; n < 7; n++ {
		m, s := sample(n)
		var w chain.Work
		u := slices.Clone(m.Unary(&w, s))
		want, sum := make([]float64, n*labels), 0.0
		steps := make([]float64, len(m.Steps))
		every(m, u, s, func(seq []uint8, score float64) {
			p := math.Exp(score)
			sum += p
			from := labels
			for i, k := range seq {
				want[i*labels+int(k)] += p
				steps[(int(s.Class[i])*(labels+1)+from)*labels+int(k)] += p
				from = int(k)
			}
		})
		gotSteps := make([]float64, len(m.Steps))
		got, logZ := m.Marginals(&w, u, s.Class, gotSteps)
		if math.Abs(logZ-math.Log(sum)) > 1e-4 {
			t.Errorf("%d items: sum %v, want %v", n, logZ, math.Log(sum))
		}
		for i := range want {
			if math.Abs(got[i]-want[i]/sum) > 1e-4 {
				t.Errorf("%d items, cell %d: %v, want %v", n, i, got[i], want[i]/sum)
			}
		}
		for i := range steps {
			if math.Abs(gotSteps[i]-steps[i]/sum) > 1e-4 {
				t.Errorf("%d items, step %d: %v, want %v", n, i, gotSteps[i], steps[i]/sum)
			}
		}
	}
}

func TestBytesComeBack(t *testing.T) {
	m, s := sample(5)
	b := m.Bytes()
	back, err := chain.Parse(b, begins)
	if err != nil {
		t.Fatal(err)
	}
	var w, v chain.Work
	if !slices.Equal(m.Unary(&w, s), back.Unary(&v, s)) || !slices.Equal(m.Steps, back.Steps) || !bytes.Equal(back.Bytes(), b) {
		t.Error("the model is another one")
	}
}

func TestDamagedBytesAreRefused(t *testing.T) {
	m, _ := sample(5)
	b := m.Bytes()
	for _, n := range []int{0, 5, 9, 20, len(b) - 1} {
		if _, err := chain.Parse(b[:n], begins); err == nil {
			t.Errorf("%d bytes of %d are taken for a model", n, len(b))
		}
	}
	if _, err := chain.Parse(append(slices.Clone(b), 0), begins); err == nil {
		t.Error("a byte too many is taken for a model")
	}
}

func TestStrangersWeighNothing(t *testing.T) {
	table := chain.NewTable(12, 1)
	for f := range uint32(500) {
		table.Put(f*2654435761, []int8{1})
	}
	var out [1]float32
	mistaken := 0
	for f := range uint32(10_000) {
		table.Sum([]uint32{f*2246822519 + 77}, out[:])
		if out[0] != 0 {
			mistaken++
		}
	}
	if mistaken > 200 {
		t.Errorf("%d of 10000 strangers weigh something", mistaken)
	}
}
