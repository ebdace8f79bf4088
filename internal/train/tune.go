package train

import (
	"context"
	"math"
	"math/rand/v2"

	"factcheck/internal/encode"
)

// lesson is a sentence for the encoder, with the answers to some questions.
type lesson struct {
	tokens  []int32
	answers []answer
}

type answer struct {
	head   int     // which question
	y      float32 // 0 or 1
	weight float32
}

// tuneRecipe is how the encoder is tuned: Adam with a rate that rises for a
// tenth of the steps and then falls to nothing.
type tuneRecipe struct {
	epochs   int
	rate     float64 // of the encoder
	headRate float64 // of the heads, which start from nothing
	decay    float64
	drop     float64 // share of the vector's numbers left out each time
	seed     uint64
}

// tuner is an encoder with one linear head for each question, its gradients
// and the room to work in.
type tuner struct {
	w, g   map[string][]float32
	opt    map[string]*adam
	names  []string // in a fixed order, for the same sums each time
	heads  int
	room   []float32
	used   int
	panel  []float32
	random *rand.Rand
}

// The vectors of the pieces stay as they are: most are too rare to learn from.
const headWeights, headBiases, pieceVectors = "head.w", "head.b", "pieces"

func newTuner(start encode.Weights, heads int, seed uint64) *tuner {
	t := &tuner{
		w: map[string][]float32{}, g: map[string][]float32{}, opt: map[string]*adam{}, heads: heads,
		panel: make([]float32, 16*2048), random: rand.New(rand.NewPCG(seed, 7)),
	}
	for _, s := range encode.Shapes(len(start.Pieces)) {
		t.w[s.Name] = append([]float32{}, start.By[s.Name]...)
		if s.Name != pieceVectors && s.Name != "waves" && s.Rows*s.Cols > 1 {
			t.names = append(t.names, s.Name)
		}
	}
	t.w[headWeights], t.w[headBiases] = make([]float32, heads*encode.Width), make([]float32, heads)
	for i := range t.w[headWeights] {
		t.w[headWeights][i] = float32(t.random.NormFloat64() * .02)
	}
	t.names = append(t.names, headWeights, headBiases)
	for _, n := range t.names {
		t.g[n] = make([]float32, len(t.w[n]))
		t.opt[n] = newAdam(len(t.w[n]), .99)
	}
	return t
}

// tune trains on lessons and returns the tuner with its weights.
func (r tuneRecipe) tune(ctx context.Context, start encode.Weights, heads int, lessons []lesson) (*tuner, error) {
	t := newTuner(start, heads, r.seed)
	random := rand.New(rand.NewPCG(r.seed, 3))
	order := random.Perm(len(lessons))
	steps := float64(r.epochs * ((len(lessons) + batchRows - 1) / batchRows))
	done := 0.0
	for range r.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < len(order); from += batchRows {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			var batch []lesson
			for _, i := range order[from:min(from+batchRows, len(order))] {
				batch = append(batch, lessons[i])
			}
			t.learn(batch, float32(r.drop))
			done++
			pace := min(10*done/steps, (1-done/steps)/.9)
			for _, n := range t.names {
				rate := r.rate
				if n == headWeights || n == headBiases {
					rate = r.headRate
				}
				t.opt[n].step(t.w[n], t.g[n], rate*pace, r.decay)
			}
		}
	}
	return t, nil
}

// weights are those of the encoder, to be shipped with the pieces of start.
func (t *tuner) weights(start encode.Weights) encode.Weights {
	w := encode.Weights{Pieces: start.Pieces, By: map[string][]float32{}}
	for _, s := range encode.Shapes(len(start.Pieces)) {
		w.By[s.Name] = append([]float32{}, t.w[s.Name]...)
	}
	return w
}

// head is the linear model of one question over the vector.
func (t *tuner) head(i int) []float64 {
	w := make([]float64, encode.Width+1)
	for j, v := range t.w[headWeights][i*encode.Width:][:encode.Width] {
		w[j] = float64(v)
	}
	w[encode.Width] = float64(t.w[headBiases][i])
	return w
}

// take gives n zeros out of the room.
func (t *tuner) take(n int) []float32 {
	if t.used+n > len(t.room) {
		t.room, t.used = make([]float32, max(1<<24, 2*n)), 0
	}
	s := t.room[t.used : t.used+n : t.used+n]
	t.used += n
	clear(s)
	return s
}

// lane is the number of rows that products go by: rows are filled up to it.
const lane = 16

func lanes(n int) int { return (n + lane - 1) / lane * lane }

// linear is x (n rows, k wide) times a matrix plus its bias.
func (t *tuner) linear(x []float32, name string, n, k int) []float32 {
	b := t.w[name+".b"]
	m := len(b)
	out := t.take(n * m)
	for r := range n {
		copy(out[r*m:], b)
	}
	encode.MulAdd(out, x, t.w[name+".w"], t.panel, n, k, m)
	return out
}

// linearBack adds the gradients of a matrix and its bias, and gives that of x.
// n is a multiple of lane.
func (t *tuner) linearBack(x, dy []float32, name string, n, k int) []float32 {
	gb := t.g[name+".b"]
	m := len(gb)
	xt, dyt := t.take(n*k), t.take(n*m)
	transpose(xt, x, n, k)
	t.mul(t.g[name+".w"], xt, dy, k, n, m)
	for r := range n {
		encode.Axpy(1, dy[r*m:][:m], gb)
	}
	transpose(dyt, dy, n, m)
	dxt, dx := t.take(n*k), t.take(n*k)
	t.mul(dxt, t.w[name+".w"], dyt, k, m, n)
	transpose(dx, dxt, k, n)
	return dx
}

func (t *tuner) mul(c, a, b []float32, n, k, m int) {
	if len(t.panel) < lane*k {
		t.panel = make([]float32, lane*k)
	}
	encode.MulAdd(c, a, b, t.panel, n, k, m)
}

// transpose writes the m×n transpose of src (n×m), tile by tile.
func transpose(dst, src []float32, n, m int) {
	for i := 0; i < n; i += lane {
		for j := 0; j < m; j += lane {
			for r := i; r < min(i+lane, n); r++ {
				for c := j; c < min(j+lane, m); c++ {
					dst[c*n+r] = src[r*m+c]
				}
			}
		}
	}
}

// norm is encode.Norm with the scale and the shift called name.
func (t *tuner) norm(x []float32, name string, d int) []float32 {
	out := t.take(len(x))
	encode.Norm(out, x, t.w[name+".s"], t.w[name+".b"], d)
	return out
}

// normBack adds to dx what the gradient dy of norm(x) asks for.
func (t *tuner) normBack(dx, dy, x []float32, name string, d int) {
	s, gs, gb := t.w[name+".s"], t.g[name+".s"], t.g[name+".b"]
	for r := 0; r < len(x); r += d {
		mean, inv := encode.Moments(x[r : r+d])
		var a, b float32
		for j, v := range x[r : r+d] {
			h, g := (v-mean)*inv, dy[r+j]
			gs[j] += g * h
			gb[j] += g
			a += g * s[j]
			b += g * s[j] * h
		}
		a /= float32(d)
		b /= float32(d)
		for j, v := range x[r : r+d] {
			dx[r+j] += inv * (dy[r+j]*s[j] - a - (v-mean)*inv*b)
		}
	}
}

// kept is what the way back through a layer needs of the way there.
type kept struct{ x, norm, qkv, shares, mixed, sum, mid, up []float32 }

// The widths of the encoder.
const (
	narrow     = 256
	inner      = 1536
	headsOf    = 4
	layerCount = 2
)

func prefix(layer int) string { return [layerCount]string{"0.", "1."}[layer] }

// there runs a layer forward.
func (t *tuner) there(layer int, x []float32, spans []encode.Span, n int) (out []float32, k kept) {
	p, d := prefix(layer), narrow<<layer
	k.x = x
	k.norm = t.norm(x, p+"norm", d)
	k.qkv = t.linear(k.norm, p+"qkv", n, d)
	k.mixed, k.shares = t.attend(k.qkv, spans, n, d, t.w[p+"scale"][0])
	k.sum = t.linear(k.mixed, p+"out", n, d)
	if layer == 0 {
		x = t.linear(x, "wide", n, d)
	}
	encode.Axpy(1, x, k.sum)
	k.mid = t.norm(k.sum, p+"mid", encode.Width)
	k.up = t.linear(k.mid, p+"up", n, encode.Width)
	for i, v := range k.up {
		k.up[i] = max(v, 0)
	}
	out = t.linear(k.up, p+"down", n, inner)
	encode.Axpy(1, k.sum, out)
	return out, k
}

// back runs a layer backward: from the gradient of what it gave to that of
// what it got. It overwrites d.
func (t *tuner) back(layer int, d []float32, k kept, spans []encode.Span, n int) []float32 {
	p, width := prefix(layer), narrow<<layer
	dup := t.linearBack(k.up, d, p+"down", n, inner)
	for i, v := range k.up {
		if v <= 0 {
			dup[i] = 0
		}
	}
	t.normBack(d, t.linearBack(k.mid, dup, p+"up", n, encode.Width), k.sum, p+"mid", encode.Width)
	dmixed := t.linearBack(k.mixed, d, p+"out", n, width)
	dx := d
	if layer == 0 {
		dx = t.linearBack(k.x, d, "wide", n, width)
	}
	dqkv := t.attendBack(k, dmixed, spans, width, t.w[p+"scale"][0])
	t.normBack(dx, t.linearBack(k.norm, dqkv, p+"qkv", n, width), k.x, p+"norm", width)
	return dx
}

// attend lets each piece look at all pieces of its sentence, and keeps how
// much it looked at each.
func (t *tuner) attend(qkv []float32, spans []encode.Span, n, d int, scale float32) (out, shares []float32) {
	size := 0
	for _, s := range spans {
		size += headsOf * (s.To - s.From) * (s.To - s.From)
	}
	out, shares = t.take(n*d), t.take(size)
	at, hd := 0, d/headsOf
	for _, s := range spans {
		for h := 0; h < d; h += hd {
			for i := s.From; i < s.To; i++ {
				w := shares[at : at+s.To-s.From]
				at += len(w)
				q := qkv[i*3*d+h:][:hd]
				for j := range w {
					w[j] = encode.Dot(q, qkv[(s.From+j)*3*d+d+h:][:hd]) * scale
				}
				encode.Softmax(w)
				for j, v := range w {
					encode.Axpy(v, qkv[(s.From+j)*3*d+2*d+h:][:hd], out[i*d+h:][:hd])
				}
			}
		}
	}
	return out, shares
}

func (t *tuner) attendBack(k kept, dmixed []float32, spans []encode.Span, d int, scale float32) []float32 {
	dqkv := t.take(len(k.qkv))
	slopes := make([]float32, encode.MaxTokens)
	at, hd := 0, d/headsOf
	for _, s := range spans {
		for h := 0; h < d; h += hd {
			for i := s.From; i < s.To; i++ {
				w := k.shares[at : at+s.To-s.From]
				at += len(w)
				da := dmixed[i*d+h:][:hd]
				var sum float32
				for j, v := range w {
					row := (s.From + j) * 3 * d
					slopes[j] = encode.Dot(da, k.qkv[row+2*d+h:][:hd])
					encode.Axpy(v, da, dqkv[row+2*d+h:][:hd])
					sum += slopes[j] * v
				}
				q, dq := k.qkv[i*3*d+h:][:hd], dqkv[i*3*d+h:][:hd]
				for j, v := range w {
					row := (s.From + j) * 3 * d
					g := v * (slopes[j] - sum) * scale
					encode.Axpy(g, k.qkv[row+d+h:][:hd], dq)
					encode.Axpy(g, q, dqkv[row+d+h:][:hd])
				}
			}
		}
	}
	return dqkv
}

// learn adds the gradients of a batch.
func (t *tuner) learn(batch []lesson, drop float32) {
	t.used = 0
	spans, n := t.spans(batch)
	x := t.take(n * narrow)
	for i, s := range spans {
		for r := s.From; r < s.To; r++ {
			piece := t.w[pieceVectors][int(batch[i].tokens[r-s.From])*narrow:][:narrow]
			encode.Place(x[r*narrow:][:narrow], piece, t.w["waves"], r-s.From)
		}
	}
	var keep [layerCount]kept
	for layer := range keep {
		x, keep[layer] = t.there(layer, x, spans, n)
	}
	rows := lanes(len(batch))
	pool := t.take(rows * encode.Width)
	for i, s := range spans {
		for r := s.From; r < s.To; r++ {
			encode.Axpy(1/float32(s.To-s.From), x[r*encode.Width:][:encode.Width], pool[i*encode.Width:][:encode.Width])
		}
	}
	vector := t.linear(pool, "last", rows, encode.Width)
	for i, v := range vector {
		vector[i] = float32(math.Tanh(float64(v)))
	}
	dpool := t.linearBack(pool, t.answer(batch, vector, drop), "last", rows, encode.Width)
	d := t.take(n * encode.Width)
	for i, s := range spans {
		for r := s.From; r < s.To; r++ {
			encode.Axpy(1/float32(s.To-s.From), dpool[i*encode.Width:][:encode.Width], d[r*encode.Width:][:encode.Width])
		}
	}
	for layer := layerCount - 1; layer >= 0; layer-- {
		d = t.back(layer, d, keep[layer], spans, n)
	}
}

// answer adds the gradients of the heads and gives that of what the vectors
// were before the hyperbolic tangent.
func (t *tuner) answer(batch []lesson, vector []float32, drop float32) []float32 {
	d := t.take(len(vector))
	seen, keep := make([]float32, encode.Width), make([]float32, encode.Width)
	for i, e := range batch {
		v, dv := vector[i*encode.Width:][:encode.Width], d[i*encode.Width:][:encode.Width]
		for j, x := range v {
			keep[j] = 0
			if drop == 0 || t.random.Float32() >= drop {
				keep[j] = 1 / (1 - drop)
			}
			seen[j] = x * keep[j]
		}
		for _, a := range e.answers {
			w, g := t.w[headWeights][a.head*encode.Width:][:encode.Width], t.g[headWeights][a.head*encode.Width:][:encode.Width]
			z := t.w[headBiases][a.head] + encode.Dot(w, seen)
			slope := a.weight * (float32(sigmoid(float64(z))) - a.y) / float32(len(batch))
			t.g[headBiases][a.head] += slope
			encode.Axpy(slope, seen, g)
			encode.Axpy(slope, w, dv)
		}
		for j, x := range v {
			dv[j] *= keep[j] * (1 - x*x)
		}
	}
	return d
}

func (t *tuner) spans(batch []lesson) ([]encode.Span, int) {
	spans := make([]encode.Span, len(batch))
	n := 0
	for i, e := range batch {
		spans[i] = encode.Span{From: n, To: n + len(e.tokens)}
		n += len(e.tokens)
	}
	return spans, lanes(n)
}
