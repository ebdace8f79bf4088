package encode

import (
	"math"

	"golang.org/x/text/unicode/norm"
)

// Reading is a sentence as the encoder has read it: its vector, and what is
// needed to say what a part of it has to do with that.
type Reading struct {
	Vector []float32 // Width numbers between -1 and 1
	Starts []int     // byte of the text at which each piece begins
	rows   []float32 // of the last layer, one for each piece
	sum    []float32
	e      *Encoder
}

// Readings reads texts together and hands each to use, with its index. What it
// hands over is good until use returns.
func (e *Encoder) Readings(texts []string, use func(i int, r Reading)) {
	if len(texts) == 0 {
		return
	}
	spans := make([]Span, len(texts))
	starts := make([][]int, len(texts))
	var ids []int32
	for i, t := range texts {
		p, at := e.tokens.place(t)
		spans[i], starts[i] = Span{len(ids), len(ids) + len(p)}, at
		ids = append(ids, p...)
	}
	x := e.rows(ids, spans)
	for i, s := range spans {
		r := Reading{Starts: starts[i], rows: x[s.From*Width : s.To*Width], sum: make([]float32, Width), e: e}
		for k := 0; k < len(r.rows); k += Width {
			Axpy(1, r.rows[k:k+Width], r.sum)
		}
		r.Vector = e.last(r.sum, s.To-s.From)
		use(i, r)
	}
}

// Without is the vector if the pieces that gone names had no part in the mean
// over all pieces; nil if they are all there is, or none.
func (r Reading) Without(gone func(piece int) bool) []float32 {
	sum := append([]float32(nil), r.sum...)
	left := len(r.Starts)
	for i := range r.Starts {
		if gone(i) {
			Axpy(-1, r.rows[i*Width:][:Width], sum)
			left--
		}
	}
	if left == 0 || left == len(r.Starts) {
		return nil
	}
	return r.e.last(sum, left)
}

// last is the last layer over the mean of n rows.
func (e *Encoder) last(sum []float32, n int) []float32 {
	pool := make([]float32, Width)
	Axpy(1/float32(n), sum, pool)
	out := e.linear(pool, "last", 1)
	for j, v := range out {
		out[j] = float32(math.Tanh(float64(v)))
	}
	return out
}

// place is encode with the byte of text at which each piece begins.
func (t *tokenizer) place(text string) (ids []int32, starts []int) {
	text = clip(text)
	var at []int // of each rune behind the blank that stands first
	var it norm.Iter
	for it.InitString(norm.NFKC, text); !it.Done(); {
		from := it.Pos()
		for range string(it.Next()) {
			at = append(at, from)
		}
	}
	ids, from := t.cut(text)
	for _, f := range from {
		if f--; f < 0 {
			f = 0
		}
		if f < len(at) {
			starts = append(starts, at[f])
		} else {
			starts = append(starts, len(text))
		}
	}
	return ids, starts
}
