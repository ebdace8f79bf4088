//go:build !amd64

package embed

func newMatrix(w []float32, rows, columns int) matrix {
	return matrix{w: w, rows: rows, columns: columns}
}

func (m *matrix) times(out, in, bias []float32, n int) { m.plain(out, in, bias, n) }
