package encode

import (
	"encoding/binary"
	"math"
)

// Reader takes the parts of a model off the front of a file; past the end it
// gives zeros and remembers.
type Reader struct {
	b     []byte
	short bool
}

// NewReader reads b from its beginning.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// Done reports whether all was read, and nothing lacked.
func (r *Reader) Done() bool { return !r.short && len(r.b) == 0 }

// Take is the next n bytes.
func (r *Reader) Take(n int) []byte {
	if n > len(r.b) {
		r.b, r.short = nil, true
		return make([]byte, n)
	}
	head := r.b[:n]
	r.b = r.b[n:]
	return head
}

// Float is the next number of 32 bits, little-endian.
func (r *Reader) Float() float32 { return math.Float32frombits(binary.LittleEndian.Uint32(r.Take(4))) }

// Floats are as many numbers as a whole number before them says; none if they
// lack.
func (r *Reader) Floats() []float32 {
	n := int(binary.LittleEndian.Uint32(r.Take(4)))
	if n > len(r.b)/4 {
		r.b, r.short = nil, true
		return nil
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = r.Float()
	}
	return out
}
