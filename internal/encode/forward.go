package encode

import "math"

// Encoder turns sentences into vectors. It is safe for many goroutines.
type Encoder struct {
	tokens *tokenizer
	by     map[string][]float32
	mats   map[string]matrix
}

// Read makes an encoder of a file; ErrFormat if it is none.
func Read(file []byte) (*Encoder, error) {
	w, err := ReadWeights(file)
	if err != nil {
		return nil, err
	}
	return New(w), nil
}

// New makes an encoder of weights, which it keeps.
func New(w Weights) *Encoder {
	e := &Encoder{newTokenizer(w.Pieces), w.By, map[string]matrix{}}
	for _, s := range Shapes(len(w.Pieces)) {
		if s.Rows > 1 && !s.ByRow {
			e.mats[s.Name] = newMatrix(w.By[s.Name], s.Rows, s.Cols)
			delete(w.By, s.Name)
		}
	}
	return e
}

// Tokens are the numbers of the pieces of text, 1 to MaxTokens of them.
func (e *Encoder) Tokens(text string) []int32 { return e.tokens.encode(text) }

// Vectors are the vectors of texts, Width numbers between -1 and 1 each. A few
// dozen texts a call are fastest.
func (e *Encoder) Vectors(texts ...string) [][]float32 {
	if len(texts) == 0 {
		return nil
	}
	spans := make([]Span, len(texts))
	var ids []int32
	for i, t := range texts {
		p := e.Tokens(t)
		spans[i] = Span{len(ids), len(ids) + len(p)}
		ids = append(ids, p...)
	}
	x := e.rows(ids, spans)
	pool := make([]float32, len(texts)*Width)
	for i, s := range spans {
		for r := s.From; r < s.To; r++ {
			Axpy(1/float32(s.To-s.From), x[r*Width:][:Width], pool[i*Width:][:Width])
		}
	}
	last := e.linear(pool, "last", len(texts))
	out := make([][]float32, len(texts))
	for i := range out {
		out[i] = last[i*Width:][:Width:Width]
		for j, v := range out[i] {
			out[i][j] = float32(math.Tanh(float64(v)))
		}
	}
	return out
}

// rows are the pieces behind the last layer, Width numbers each.
func (e *Encoder) rows(ids []int32, spans []Span) []float32 {
	x := e.input(ids, spans)
	for layer := range layers {
		x = e.layer(layer, x, spans)
	}
	return x
}

// Span is the rows of one sentence in a batch.
type Span struct{ From, To int }

// input is twice the vector of each piece plus a wave for its place.
func (e *Encoder) input(ids []int32, spans []Span) []float32 {
	x := make([]float32, len(ids)*first)
	for _, s := range spans {
		for r := s.From; r < s.To; r++ {
			Place(x[r*first:][:first], e.by["pieces"][int(ids[r])*first:][:first], e.by["waves"], r-s.From)
		}
	}
	return x
}

// Place writes the input of a piece at a place: twice its vector plus the sine
// and the cosine of its place at each wave length.
func Place(dst, piece, waves []float32, at int) {
	for j, w := range waves {
		a := float64(float32(at) * w)
		dst[j] = 2*piece[j] + float32(math.Sin(a))
		dst[len(waves)+j] = 2*piece[len(waves)+j] + float32(math.Cos(a))
	}
}

// linear is x (n rows) times the matrix called name plus its bias.
func (e *Encoder) linear(x []float32, name string, n int) []float32 {
	w, b := e.mats[name+".w"], e.by[name+".b"]
	out := make([]float32, n*w.m)
	for r := range n {
		copy(out[r*w.m:], b)
	}
	w.mulAdd(out, x, n)
	return out
}

// layer is attention, then two products with a rectifier between, each on a
// normalised input and added to what came in.
func (e *Encoder) layer(i int, x []float32, spans []Span) []float32 {
	p := [layers]string{"0.", "1."}[i]
	d := first << i
	n := len(x) / d
	norm := make([]float32, n*Width)
	Norm(norm[:n*d], x, e.by[p+"norm.s"], e.by[p+"norm.b"], d)
	h := e.linear(e.attention(e.linear(norm[:n*d], p+"qkv", n), spans, d, e.by[p+"scale"][0]), p+"out", n)
	if i == 0 {
		x = e.linear(x, "wide", n)
	}
	Axpy(1, x, h)
	Norm(norm, h, e.by[p+"mid.s"], e.by[p+"mid.b"], Width)
	up := e.linear(norm, p+"up", n)
	for j, v := range up {
		up[j] = max(v, 0)
	}
	down := e.linear(up, p+"down", n)
	Axpy(1, h, down)
	return down
}

// Norm shifts and scales each row of x, d wide, to mean 0 and variance 1, then
// by s and b.
func Norm(dst, x, s, b []float32, d int) {
	for r := 0; r+d <= len(x); r += d {
		mean, inv := Moments(x[r : r+d])
		for j, v := range x[r : r+d] {
			dst[r+j] = (v-mean)*inv*s[j] + b[j]
		}
	}
}

// Moments are the mean of x and one over its standard deviation.
func Moments(x []float32) (mean, inv float32) {
	var sum, square float64
	for _, v := range x {
		sum += float64(v)
	}
	mean = float32(sum / float64(len(x)))
	for _, v := range x {
		q := v - mean
		square += float64(q * q)
	}
	return mean, float32(1 / math.Sqrt(square/float64(len(x))+1e-6))
}

// attention lets each piece look at all pieces of its sentence.
func (e *Encoder) attention(qkv []float32, spans []Span, d int, scale float32) []float32 {
	out := make([]float32, len(qkv)/3)
	weights := make([]float32, MaxTokens)
	hd := d / heads
	for _, s := range spans {
		w := weights[:s.To-s.From]
		for h := 0; h < d; h += hd {
			for i := s.From; i < s.To; i++ {
				q := qkv[i*3*d+h:][:hd]
				for j := range w {
					w[j] = Dot(q, qkv[(s.From+j)*3*d+d+h:][:hd]) * scale
				}
				Softmax(w)
				for j, v := range w {
					Axpy(v, qkv[(s.From+j)*3*d+2*d+h:][:hd], out[i*d+h:][:hd])
				}
			}
		}
	}
	return out
}

// Softmax makes shares of logarithms.
func Softmax(w []float32) {
	top := w[0]
	for _, v := range w {
		top = max(top, v)
	}
	var sum float32
	for j, v := range w {
		w[j] = float32(math.Exp(float64(v - top)))
		sum += w[j]
	}
	for j := range w {
		w[j] /= sum
	}
}
