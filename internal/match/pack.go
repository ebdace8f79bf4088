package match

import (
	"encoding/binary"
	"math"
)

// PackVectors is vectors of one length as a store keeps them: their number and
// their length, then of each its scale and its parts in steps of it. None is an
// empty list of bytes.
func PackVectors(vecs ...[]float32) []byte {
	if len(vecs) == 0 {
		return []byte{}
	}
	le := binary.LittleEndian
	b := le.AppendUint16([]byte{byte(len(vecs))}, uint16(len(vecs[0])))
	for _, v := range vecs {
		q, scale := quantise(v)
		b = le.AppendUint32(b, math.Float32bits(scale))
		b = append(b, q...)
	}
	return b
}

// UnpackVectors reads what PackVectors wrote, in the steps that an index keeps:
// nothing is lost on the way. False if it is damaged.
func UnpackVectors(b []byte) ([][]float32, bool) {
	if len(b) == 0 {
		return nil, true
	}
	if len(b) < 3 {
		return nil, false
	}
	le := binary.LittleEndian
	n, dim := int(b[0]), int(le.Uint16(b[1:]))
	if b = b[3:]; n == 0 || n > VectorsPerRecord || dim == 0 || len(b) != n*(4+dim) {
		return nil, false
	}
	out := make([][]float32, n)
	for i := range out {
		scale := math.Float32frombits(le.Uint32(b))
		if scale != scale || math.IsInf(float64(scale), 0) {
			return nil, false
		}
		out[i] = make([]float32, dim)
		for k := range dim {
			out[i][k] = float32(int8(b[4+k])) * scale
		}
		b = b[4+dim:]
	}
	return out, true
}
