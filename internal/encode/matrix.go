package encode

import (
	"runtime"
	"sync"
)

// width is the number of columns of a panel; every matrix has a multiple of it.
const width = 16

// matrix is k×m weights in panels of sixteen columns, each k×16, so that a
// product reads them in order.
type matrix struct {
	panels []float32
	k, m   int
}

func newMatrix(w []float32, k, m int) matrix {
	p := make([]float32, len(w))
	for j := 0; j < m; j += width {
		for r := range k {
			copy(p[j*k+r*width:][:width], w[r*m+j:])
		}
	}
	return matrix{p, k, m}
}

// mulAdd adds a (n×k) times w to c (n×m). Of a single sentence, for which
// somebody may be waiting, two processors do half of the columns each; every
// sum is made in the same order either way.
func (w matrix) mulAdd(c, a []float32, n int) {
	if n < 8 || n > MaxTokens || runtime.GOMAXPROCS(0) < 2 {
		w.part(c, a, n, 0, w.m)
		return
	}
	half := w.m / width / 2 * width
	var wg sync.WaitGroup
	wg.Go(func() { w.part(c, a, n, 0, half) })
	w.part(c, a, n, half, w.m)
	wg.Wait()
}

// part is mulAdd for the columns from…to.
func (w matrix) part(c, a []float32, n, from, to int) {
	for j := from; j < to; j += width {
		block(c[j:], a, w.panels[j*w.k:(j+width)*w.k], n, w.k, w.m)
	}
}

// MulAdd adds a (n×k) times b (k×m), both by rows, to c (n×m); m is a multiple
// of 16 and panel, the room to work in, holds at least 16k numbers.
func MulAdd(c, a, b, panel []float32, n, k, m int) {
	panel = panel[:width*k]
	for j := 0; j < m; j += width {
		for r := range k {
			copy(panel[r*width:][:width], b[r*m+j:])
		}
		block(c[j:], a, panel, n, k, m)
	}
}

// blockGo is block in plain Go. Four rows and two steps at a time keep more in
// registers than one of each: twice as fast.
func blockGo(c, a, panel []float32, n, k, m int) {
	r := 0
	for ; r+4 <= n; r += 4 {
		blockGo4(c[r*m:], a[r*k:], panel, k, m)
	}
	for ; r < n; r++ {
		row, out := a[r*k:(r+1)*k], (*[width]float32)(c[r*m:])
		for p, x := range row {
			b := (*[width]float32)(panel[p*width:])
			for j := range out {
				out[j] += x * b[j]
			}
		}
	}
}

func blockGo4(c, a, panel []float32, k, m int) {
	c0, c1, c2, c3 := (*[width]float32)(c), (*[width]float32)(c[m:]), (*[width]float32)(c[2*m:]), (*[width]float32)(c[3*m:])
	a0, a1, a2, a3 := a[:k], a[k:2*k], a[2*k:3*k], a[3*k:4*k]
	p := 0
	for ; p+2 <= k; p += 2 {
		b0, b1 := (*[width]float32)(panel[p*width:]), (*[width]float32)(panel[(p+1)*width:])
		x0, y0, x1, y1 := a0[p], a0[p+1], a1[p], a1[p+1]
		x2, y2, x3, y3 := a2[p], a2[p+1], a3[p], a3[p+1]
		for j, u := range b0 {
			v := b1[j]
			c0[j] += x0*u + y0*v
			c1[j] += x1*u + y1*v
			c2[j] += x2*u + y2*v
			c3[j] += x3*u + y3*v
		}
	}
	if p < k {
		b := (*[width]float32)(panel[p*width:])
		for j, u := range b {
			c0[j] += a0[p] * u
			c1[j] += a1[p] * u
			c2[j] += a2[p] * u
			c3[j] += a3[p] * u
		}
	}
}

// Dot is the inner product of vectors of one length.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// Axpy adds k times x to y.
func Axpy(k float32, x, y []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += k * v
	}
}
