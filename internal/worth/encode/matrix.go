package encode

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

// mulAdd adds a (n×k) times w to c (n×m).
func (w matrix) mulAdd(c, a []float32, n int) {
	for j := 0; j < w.m; j += width {
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

// blockGo is block in plain Go.
func blockGo(c, a, panel []float32, n, k, m int) {
	for r := range n {
		row, out := a[r*k:(r+1)*k], c[r*m:][:width]
		var acc [width]float32
		copy(acc[:], out)
		for p, x := range row {
			b := (*[width]float32)(panel[p*width:])
			for j := range acc {
				acc[j] += x * b[j]
			}
		}
		copy(out, acc[:])
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
