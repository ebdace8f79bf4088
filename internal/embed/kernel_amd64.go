package embed

import (
	"runtime"
	"sync"

	"golang.org/x/sys/cpu"
)

// panel is how many columns the kernel takes at once: two registers of eight.
const panel = 16

// multiply4 and multiply1 add in·panel to four rows, or one row, of 16 columns
// of out. steps is the rows of the panel; strides are in bytes.
//
//go:noescape
func multiply4(steps uintptr, in *float32, inStride uintptr, panel *float32, out *float32, outStride uintptr)

//go:noescape
func multiply1(steps uintptr, in *float32, panel *float32, out *float32)

// newMatrix cuts w into panels where the processor has AVX2 and FMA.
func newMatrix(w []float32, rows, columns int) matrix {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || columns%panel != 0 {
		return matrix{w: w, rows: rows, columns: columns}
	}
	cut := make([]float32, len(w))
	for c := 0; c < columns; c += panel {
		for r := range rows {
			copy(cut[c*rows+r*panel:][:panel], w[r*columns+c:])
		}
	}
	return matrix{w: cut, rows: rows, columns: columns, panels: true}
}

// times is out = in·w + bias for n rows of in.
func (m *matrix) times(out, in, bias []float32, n int) {
	if !m.panels {
		m.plain(out, in, bias, n)
		return
	}
	for r := range n {
		copy(out[r*m.columns:][:m.columns], bias)
	}
	if n < 8 || n > MaxPieces || runtime.GOMAXPROCS(0) < 2 {
		m.part(out, in, n, 0, m.columns)
		return
	}
	// One text, for which somebody waits: each of two processors takes half of
	// the columns. Every sum is made as before.
	half := m.columns / panel / 2 * panel
	var wg sync.WaitGroup
	wg.Go(func() { m.part(out, in, n, 0, half) })
	m.part(out, in, n, half, m.columns)
	wg.Wait()
}

// part is times for the columns from…to.
func (m *matrix) part(out, in []float32, n, from, to int) {
	for c := from; c < to; c += panel {
		p := &m.w[c*m.rows]
		r := 0
		for ; r+4 <= n; r += 4 {
			multiply4(uintptr(m.rows), &in[r*m.rows], uintptr(4*m.rows), p, &out[r*m.columns+c], uintptr(4*m.columns))
		}
		for ; r < n; r++ {
			multiply1(uintptr(m.rows), &in[r*m.rows], p, &out[r*m.columns+c])
		}
	}
}
