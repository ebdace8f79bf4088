package embed

import (
	"fmt"
	"math"
)

// The shape of the encoder.
const (
	// Dim is how many parts a vector of Sentence has.
	Dim    = 512
	first  = 256 // width of the embeddings
	hidden = 1536
	heads  = 4
)

// Sentence is the built-in encoder. It is safe for concurrent use.
type Sentence struct {
	trie        *trie
	table       []float32 // of each piece, first wide
	frequencies []float32 // of the position signal
	widen, last matrix
	widenBias   []float32
	lastBias    []float32
	layers      [2]layer
}

type layer struct {
	width                  int // of its input
	normScale, normBias    []float32
	query, out             matrix // query, key and value beside one another
	queryBias, outBias     []float32
	innerScale, innerBias  []float32
	expand, contract       matrix
	expandBias, contractBi []float32
	scale                  float32 // of the attention
}

// NewSentence reads weights as Bytes of Weights writes them.
func NewSentence(file []byte) (*Sentence, error) {
	w, err := ReadWeights(file)
	if err != nil {
		return nil, err
	}
	return w.Build()
}

// Build makes an encoder of w. It fails where a tensor is missing or of a
// wrong size.
func (w *Weights) Build() (*Sentence, error) {
	b := builder{tensors: w.Tensors}
	if !checkVocabulary(w.Vocabulary) {
		return nil, fmt.Errorf("build encoder: the vocabulary is broken")
	}
	m := &Sentence{trie: newTrie(w.Vocabulary)}
	m.table = b.get("Embeddings_en", len(w.Vocabulary)*first)
	if extra := len(w.Tensors["Embeddings_en"]); extra >= len(w.Vocabulary)*first && extra%first == 0 {
		m.table = w.Tensors["Embeddings_en"]
	}
	m.frequencies = b.get("Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1", first/2)
	m.widen, m.widenBias = b.matrix("Layer_0/dense/kernel", first, Dim), b.get("Layer_0/dense/bias", Dim)
	m.last, m.lastBias = b.matrix("hidden_layers/tanh_layer_0/weights", Dim, Dim), b.get("hidden_layers/tanh_layer_0/bias", Dim)
	for i := range m.layers {
		p, width := fmt.Sprintf("Layer_%d/", i), first<<i
		m.layers[i] = layer{
			width: width, normScale: b.get(p+"layer_norm_scale", width), normBias: b.get(p+"layer_norm_bias", width),
			query: b.matrix(p+"qkv_transform_single/kernel", width, 3*width), queryBias: b.get(p+"qkv_transform_single/bias", 3*width),
			out: b.matrix(p+"output_transform_single/kernel", width, Dim), outBias: b.get(p+"output_transform_single/bias", Dim),
			innerScale: b.get(p+"FFN/layer_norm_scale", Dim), innerBias: b.get(p+"FFN/layer_norm_bias", Dim),
			expand: b.matrix(p+"FFN/conv1/Tensordot/Reshape_1", Dim, hidden), expandBias: b.get(p+"FFN/conv1/bias", hidden),
			contract: b.matrix(p+"FFN/conv2/Tensordot/Reshape_1", hidden, Dim), contractBi: b.get(p+"FFN/conv2/bias", Dim),
			scale: b.get(p+"mul/y", 1)[0],
		}
	}
	if b.bad != "" {
		return nil, fmt.Errorf("build encoder: tensor %s is missing or of a wrong size", b.bad)
	}
	return m, nil
}

type builder struct {
	tensors map[string][]float32
	bad     string
}

func (b *builder) get(name string, size int) []float32 {
	t := b.tensors[name]
	if len(t) < size || name != "Embeddings_en" && len(t) != size {
		b.bad = name
		return make([]float32, size)
	}
	return t
}

func (b *builder) matrix(name string, rows, columns int) matrix {
	return newMatrix(b.get(name, rows*columns), rows, columns)
}

// passage is the pieces of one text in a batch.
type passage struct{ from, to int }

// forward is the graph of the published encoder: the pieces with their places,
// two layers of attention and of a network of two steps, the mean over the
// pieces, and a last layer through tanh; then to unit length.
func (m *Sentence) forward(ids [][]int32) [][]float32 {
	texts := make([]passage, len(ids))
	n := 0
	for i, text := range ids {
		texts[i] = passage{n, n + min(len(text), MaxPieces)}
		n = texts[i].to
	}
	out := make([][]float32, len(ids))
	if n == 0 {
		for i := range out {
			out[i] = make([]float32, Dim)
		}
		return out
	}
	x := m.place(ids, texts, n)
	for i := range m.layers {
		x = m.run(&m.layers[i], x, texts, n)
	}
	mean := make([]float32, len(ids)*Dim)
	for i, t := range texts {
		row := mean[i*Dim:][:Dim]
		for p := t.from; p < t.to; p++ {
			add(row, x[p*Dim:][:Dim])
		}
		scale := 1 / float32(max(1, t.to-t.from))
		for j := range row {
			row[j] *= scale
		}
	}
	final := make([]float32, len(ids)*Dim)
	m.last.times(final, mean, m.lastBias, len(ids))
	for i, t := range texts {
		row := final[i*Dim:][:Dim:Dim]
		if t.from == t.to {
			clear(row)
		}
		unit(row)
		out[i] = row
	}
	return out
}

// place looks the pieces up and adds the signal of their places to twice the
// embedding, as the published graph does.
func (m *Sentence) place(ids [][]int32, texts []passage, n int) []float32 {
	x := make([]float32, n*first)
	for i, t := range texts {
		for p := range t.to - t.from {
			row := x[(t.from+p)*first:][:first]
			e := m.table[int(ids[i][p])*first:][:first]
			for j, f := range m.frequencies {
				angle := float64(float32(p) * f)
				row[j] = 2*e[j] + float32(math.Sin(angle))
				row[first/2+j] = 2*e[first/2+j] + float32(math.Cos(angle))
			}
		}
	}
	return x
}

// run is one layer; x is n rows of l.width, the answer n rows of Dim.
func (m *Sentence) run(l *layer, x []float32, texts []passage, n int) []float32 {
	normal := make([]float32, n*max(l.width, Dim))
	normalise(normal, x, l.normScale, l.normBias, n, l.width)
	qkv := make([]float32, n*3*l.width)
	l.query.times(qkv, normal, l.queryBias, n)
	seen := make([]float32, n*l.width)
	for _, t := range texts {
		l.attend(seen, qkv, t)
	}
	h := make([]float32, n*Dim)
	l.out.times(h, seen, l.outBias, n)
	if l.width == Dim {
		add(h, x)
	} else { // the first layer widens what passes it by
		wide := make([]float32, n*Dim)
		m.widen.times(wide, x, m.widenBias, n)
		add(h, wide)
	}
	normalise(normal, h, l.innerScale, l.innerBias, n, Dim)
	inner := make([]float32, n*hidden)
	l.expand.times(inner, normal, l.expandBias, n)
	for i, v := range inner {
		inner[i] = max(v, 0)
	}
	out := make([]float32, n*Dim)
	l.contract.times(out, inner, l.contractBi, n)
	add(out, h)
	return out
}

// attend is scaled dot-product attention among the pieces of one text.
func (l *layer) attend(out, qkv []float32, t passage) {
	var scores [MaxPieces]float32
	size, stride := l.width/heads, 3*l.width
	for head := range heads {
		for i := t.from; i < t.to; i++ {
			q := qkv[i*stride+head*size:][:size]
			top := float32(math.Inf(-1))
			s := scores[:t.to-t.from]
			for j := range s {
				s[j] = dot(q, qkv[(t.from+j)*stride+l.width+head*size:][:size]) * l.scale
				top = max(top, s[j])
			}
			sum := float32(0)
			for j, v := range s {
				s[j] = float32(math.Exp(float64(v - top)))
				sum += s[j]
			}
			row := out[i*l.width+head*size:][:size]
			for j, v := range s {
				addScaled(row, qkv[(t.from+j)*stride+2*l.width+head*size:][:size], v/sum)
			}
		}
	}
}

// normalise is layer normalisation of n rows.
func normalise(out, x, scale, bias []float32, n, width int) {
	for r := range n {
		in, to := x[r*width:][:width], out[r*width:][:width]
		sum := 0.0
		for _, v := range in {
			sum += float64(v)
		}
		mean := float32(sum / float64(width))
		spread := 0.0
		for _, v := range in {
			spread += float64((v - mean) * (v - mean))
		}
		inverse := float32(1 / math.Sqrt(spread/float64(width)+1e-6))
		for j, v := range in {
			to[j] = (v-mean)*inverse*scale[j] + bias[j]
		}
	}
}

// unit puts v through tanh and brings it to length 1; zero stays zero.
func unit(v []float32) {
	sum := 0.0
	for i, f := range v {
		t := math.Tanh(float64(f))
		v[i] = float32(t)
		sum += t * t
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
}
