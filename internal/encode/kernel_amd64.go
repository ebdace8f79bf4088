package encode

import "golang.org/x/sys/cpu"

//go:noescape
func fma6(k int, a *float32, lda int, b, c *float32, ldc int)

//go:noescape
func fma4(k int, a *float32, lda int, b, c *float32, ldc int)

//go:noescape
func fma1(k int, a, b, c *float32)

// fast says whether the processor has what fma6, fma4 and fma1 need.
var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// block adds a (n×k) times one panel (k×16) to sixteen columns of c.
func block(c, a, panel []float32, n, k, m int) {
	if !fast {
		blockGo(c, a, panel, n, k, m)
		return
	}
	r := 0
	for ; r+6 <= n; r += 6 {
		_, _ = a[(r+6)*k-1], c[(r+5)*m+width-1] // the assembly checks no bounds
		fma6(k, &a[r*k], 4*k, &panel[0], &c[r*m], 4*m)
	}
	for ; r+4 <= n; r += 4 {
		_, _ = a[(r+4)*k-1], c[(r+3)*m+width-1]
		fma4(k, &a[r*k], 4*k, &panel[0], &c[r*m], 4*m)
	}
	for ; r < n; r++ {
		_, _ = a[(r+1)*k-1], c[r*m+width-1]
		fma1(k, &a[r*k], &panel[0], &c[r*m])
	}
}
