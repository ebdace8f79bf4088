//go:build !amd64

package encode

func block(c, a, panel []float32, n, k, m int) { blockGo(c, a, panel, n, k, m) }
