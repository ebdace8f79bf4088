package match

import "math"

// vectors are unit vectors in steps of 1/127 of their largest part, several to
// a record.
type vectors struct {
	dim   int
	parts []int8
	scale []float32
	owner []uint32
}

// SetVectors gives the record id its vectors, of any one length that is the
// same for all; nil takes them away. It reports whether the record is there
// and the length right.
func (x *Index) SetVectors(id string, vecs ...[]float32) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	n, ok := x.byID[id]
	if !ok {
		return false
	}
	for _, v := range vecs {
		if x.vectors.dim == 0 {
			x.vectors.dim = len(v)
		}
		if len(v) != x.vectors.dim {
			return false
		}
		q, scale := quantise(v)
		x.vectors.parts = append(x.vectors.parts, q...)
		x.vectors.scale = append(x.vectors.scale, scale)
		x.vectors.owner = append(x.vectors.owner, n)
	}
	return true
}

func quantise(v []float32) ([]int8, float32) {
	top := float32(0)
	for _, f := range v {
		top = max(top, float32(math.Abs(float64(f))))
	}
	q := make([]int8, len(v))
	if top == 0 {
		return q, 0
	}
	for i, f := range v {
		q[i] = int8(math.RoundToEven(float64(f / top * 127)))
	}
	return q, top / 127
}

func dotInt8(a, b []int8) int32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 int32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += int32(a[i]) * int32(b[i])
		s1 += int32(a[i+1]) * int32(b[i+1])
		s2 += int32(a[i+2]) * int32(b[i+2])
		s3 += int32(a[i+3]) * int32(b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += int32(a[i]) * int32(b[i])
	}
	return s0 + s1 + s2 + s3
}
