package embed

// matrix multiplies rows from the right.
type matrix struct {
	w             []float32 // row by row, or in panels where the kernel wants them
	rows, columns int
	panels        bool
}

// plain is the multiplication in Go: out = in·w + bias for n rows of in.
// Four rows and two steps at a time keep the weights in the cache.
func (m *matrix) plain(out, in, bias []float32, n int) {
	const block = 256
	for from := 0; from < m.columns; from += block {
		to := min(from+block, m.columns)
		r := 0
		for ; r+4 <= n; r += 4 {
			m.plain4(out[r*m.columns:], in[r*m.rows:], bias, from, to)
		}
		for ; r < n; r++ {
			row := out[r*m.columns+from:][:to-from]
			copy(row, bias[from:to])
			for p, v := range in[r*m.rows:][:m.rows] {
				addScaled(row, m.w[p*m.columns+from:][:to-from], v)
			}
		}
	}
}

func (m *matrix) plain4(out, in, bias []float32, from, to int) {
	width := to - from
	o0, o1 := out[from:][:width], out[m.columns+from:][:width]
	o2, o3 := out[2*m.columns+from:][:width], out[3*m.columns+from:][:width]
	for _, o := range [][]float32{o0, o1, o2, o3} {
		copy(o, bias[from:to])
	}
	i0, i1, i2, i3 := in[:m.rows], in[m.rows:][:m.rows], in[2*m.rows:][:m.rows], in[3*m.rows:][:m.rows]
	for p := 0; p+2 <= m.rows; p += 2 {
		w0, w1 := m.w[p*m.columns+from:][:width], m.w[(p+1)*m.columns+from:][:width]
		a0, a1, b0, b1 := i0[p], i0[p+1], i1[p], i1[p+1]
		c0, c1, d0, d1 := i2[p], i2[p+1], i3[p], i3[p+1]
		for j, u := range w0 {
			v := w1[j]
			o0[j] += a0*u + a1*v
			o1[j] += b0*u + b1*v
			o2[j] += c0*u + c1*v
			o3[j] += d0*u + d1*v
		}
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s[0] += a[i] * b[i]
		s[1] += a[i+1] * b[i+1]
		s[2] += a[i+2] * b[i+2]
		s[3] += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s[0] += a[i] * b[i]
	}
	return s[0] + s[1] + s[2] + s[3]
}

func add(to, v []float32) {
	v = v[:len(to)]
	for i := range to {
		to[i] += v[i]
	}
}

func addScaled(to, v []float32, k float32) {
	v = v[:len(to)]
	for i := range to {
		to[i] += k * v[i]
	}
}
