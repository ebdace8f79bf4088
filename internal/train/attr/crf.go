package attr

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"factcheck/internal/extract/chain"
)

// sequence is a training example: features are numbers of a vocabulary.
type sequence struct {
	features []int32
	ends     []int32
	class    []uint8
	gold     []uint8
}

// vocabulary numbers the features that are seen often enough.
type vocabulary struct {
	number map[uint32]int32
	hash   []uint32
	count  []int32
}

// counts how often each feature is seen.
type counts map[uint32]int32

func (c counts) vocabulary(least int32) *vocabulary {
	v := &vocabulary{number: map[uint32]int32{}}
	for f, n := range c {
		if n >= least {
			v.hash = append(v.hash, f)
		}
	}
	slices.Sort(v.hash)
	for i, f := range v.hash {
		v.number[f] = int32(i)
		v.count = append(v.count, c[f])
	}
	return v
}

func (v *vocabulary) sequence(items *chain.Items, gold []uint8) sequence {
	s := sequence{class: slices.Clone(items.Class), gold: slices.Clone(gold)}
	for i := range items.Len() {
		for _, f := range items.Of(i) {
			if n, ok := v.number[f]; ok {
				s.features = append(s.features, n)
			}
		}
		s.ends = append(s.ends, int32(len(s.features)))
	}
	s.features = slices.Clip(s.features)
	return s
}

// trainer fits the weights of a chain by AdaGrad on its log-likelihood.
type trainer struct {
	model   *chain.Model
	vocab   *vocabulary
	cells   []float32 // of each feature: its weights, then the sums of their squared gradients
	sum     []float32 // of the weights after the last epochs
	stepSum []float32
	summed  float32
	stepSq  []float32
	rate    float32
	drop    float64 // share of features that are left out at each step
	dropped sequence
	random  *rand.Rand
	work    chain.Work
	unary   []float32
	steps   []float64
}

func newTrainer(m *chain.Model, v *vocabulary, rate float32) *trainer {
	return &trainer{model: m, vocab: v, cells: make([]float32, 2*len(v.hash)*m.Labels),
		stepSq: make([]float32, len(m.Steps)), rate: rate, steps: make([]float64, len(m.Steps))}
}

func (t *trainer) scores(s *sequence) []float32 {
	l, n := t.model.Labels, len(s.ends)
	if cap(t.unary) < n*l {
		t.unary = make([]float32, 2*n*l)
	}
	u := t.unary[:n*l]
	from := int32(0)
	for i := range n {
		row := u[i*l : (i+1)*l]
		clear(row)
		for _, f := range s.features[from:s.ends[i]] {
			for k, v := range t.of(int(f)) {
				row[k] += v
			}
		}
		from = s.ends[i]
	}
	return u
}

// of are the weights of feature f.
func (t *trainer) of(f int) []float32 { return t.cells[2*f*t.model.Labels:][:t.model.Labels] }

// epoch goes over all sequences once and returns the mean loss of an item.
func (t *trainer) epoch(all []sequence, seed uint64) float64 {
	t.random = rand.New(rand.NewPCG(seed, 7))
	order := t.random.Perm(len(all))
	loss, items := 0.0, 0
	for _, i := range order {
		loss += t.learn(&all[i])
		items += len(all[i].ends)
	}
	return loss / float64(items)
}

// keep adds the weights as they are to what average takes the mean of.
func (t *trainer) keep() {
	if t.sum == nil {
		t.sum, t.stepSum = make([]float32, len(t.cells)/2), make([]float32, len(t.stepSq))
	}
	for f := range t.vocab.hash {
		for k, v := range t.of(f) {
			t.sum[f*t.model.Labels+k] += v
		}
	}
	for i, v := range t.model.Steps {
		t.stepSum[i] += v
	}
	t.summed++
}

// average sets the weights to the mean of what was kept.
func (t *trainer) average() {
	for f := range t.vocab.hash {
		for k := range t.of(f) {
			t.of(f)[k] = t.sum[f*t.model.Labels+k] / t.summed
		}
	}
	for i, v := range t.stepSum {
		t.model.Steps[i] = v / t.summed
	}
}

// thin is s with some of its features left out, so that no weight relies on
// others.
func (t *trainer) thin(s *sequence) *sequence {
	d := &t.dropped
	d.class, d.gold = s.class, s.gold
	d.features, d.ends = d.features[:0], d.ends[:0]
	from := int32(0)
	limit := uint32(t.drop * (1 << 16))
	for _, end := range s.ends {
		var bits uint64
		for i, f := range s.features[from:end] {
			if i%4 == 0 {
				bits = t.random.Uint64()
			}
			if uint32(bits&0xffff) >= limit {
				d.features = append(d.features, f)
			}
			bits >>= 16
		}
		d.ends = append(d.ends, int32(len(d.features)))
		from = end
	}
	return d
}

func (t *trainer) learn(s *sequence) float64 {
	if t.drop > 0 {
		s = t.thin(s)
	}
	l, n := t.model.Labels, len(s.ends)
	u := t.scores(s)
	gold := 0.0
	from := l
	for i, g := range s.gold {
		gold += float64(u[i*l+int(g)])
		at := (int(s.class[i])*(l+1)+from)*l + int(g)
		gold += float64(t.model.Steps[at])
		from = int(g)
	}
	for i := range n {
		base := int(s.class[i]) * (l + 1) * l
		clear(t.steps[base : base+(l+1)*l])
	}
	probs, logZ := t.model.Marginals(&t.work, u, s.class, t.steps)
	first := int32(0)
	for i := range n {
		row := probs[i*l : (i+1)*l]
		row[s.gold[i]]--
		for _, f := range s.features[first:s.ends[i]] {
			cell := t.cells[2*int(f)*l:][:2*l]
			w, q := cell[:l], cell[l:]
			for k, g := range row {
				d := float32(g)
				q[k] += d * d
				w[k] -= t.rate * d / (float32(math.Sqrt(float64(q[k]))) + 1e-4)
			}
		}
		first = s.ends[i]
	}
	from = l
	for i, g := range s.gold {
		t.steps[(int(s.class[i])*(l+1)+from)*l+int(g)]--
		from = int(g)
	}
	for i := range n {
		base := int(s.class[i]) * (l + 1) * l
		for c := base; c < base+(l+1)*l; c++ {
			if d := float32(t.steps[c]); d != 0 {
				t.stepSq[c] += d * d
				t.model.Steps[c] -= t.rate * d / (float32(math.Sqrt(float64(t.stepSq[c]))) + 1e-4)
				t.steps[c] = 0
			}
		}
	}
	return logZ - gold
}

// fit trains m on all and packs its weights.
func fit(m *chain.Model, v *vocabulary, all []sequence, o options) {
	t := newTrainer(m, v, o.rate)
	t.drop = o.drop
	for e := range o.epochs {
		loss := t.epoch(all, uint64(e))
		if 2*e >= o.epochs {
			t.keep()
		}
		o.say("epoch %d: loss %.4f", e+1, loss)
	}
	t.average()
	o.say("%d features packed", t.pack(o.bits))
}

// pack moves the weights into the model's table of 1<<bits cells: the
// weightiest first, so that what finds no room matters least.
func (t *trainer) pack(bits uint8) (kept int) {
	l := t.model.Labels
	top := float32(0)
	type sized struct {
		at   int
		size float32
	}
	all := make([]sized, len(t.vocab.hash))
	for i := range all {
		size := float32(0)
		lo, hi := t.of(i)[0], t.of(i)[0]
		for _, v := range t.of(i) {
			lo, hi = min(lo, v), max(hi, v)
		}
		size = hi - lo
		top = max(top, size)
		all[i] = sized{i, size * float32(math.Sqrt(float64(t.vocab.count[i])))}
	}
	slices.SortStableFunc(all, func(a, b sized) int { return cmp.Compare(b.size, a.size) })
	scale := min(top/2, 4) / 127
	t.model.Table = chain.NewTable(bits, scale)
	cell := make([]int8, l)
	for _, s := range all {
		any := false
		for k, v := range t.of(s.at) {
			cell[k] = int8(max(-127, min(127, math.Round(float64(v/scale)))))
			any = any || cell[k] != 0
		}
		if any && t.model.Table.Put(t.vocab.hash[s.at], cell) {
			kept++
		}
	}
	return kept
}
