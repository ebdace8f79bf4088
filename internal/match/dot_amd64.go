package match

import "golang.org/x/sys/cpu"

// dots gives the products of q, of 32·steps parts, with n vectors in a row.
//
//go:noescape
func dots(out *int32, q *int16, all *byte, steps, n uintptr)

// multiply gives the products of q and each vector of its length in all. Whole
// numbers: both ways give the same.
func multiply(out []int32, q []int16, all []byte) {
	if !cpu.X86.HasAVX2 || len(q)%32 != 0 || len(q) == 0 || len(out) == 0 {
		multiplyPlain(out, q, all)
		return
	}
	_ = all[len(out)*len(q)-1]
	dots(&out[0], &q[0], &all[0], uintptr(len(q)/32), uintptr(len(out)))
}
