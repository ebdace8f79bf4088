//go:build !amd64

package match

// multiply gives the products of q and each vector of its length in all.
func multiply(out []int32, q []int16, all []byte) { multiplyPlain(out, q, all) }
