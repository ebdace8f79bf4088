package chain

import (
	"encoding/binary"
	"fmt"
	"math"
)

// magic begins a model in bytes, with the version of the form.
const magic = "chain1\n"

// Bytes is m in bytes, for Parse: small numbers in little-endian order, no
// compression. The same model gives the same bytes.
func (m *Model) Bytes() []byte {
	le := binary.LittleEndian
	out := append([]byte(magic), uint8(m.Labels), uint8(m.Classes), 33-m.Table.shift)
	out = le.AppendUint32(out, math.Float32bits(m.Table.Scale))
	for _, v := range m.Steps {
		out = le.AppendUint32(out, math.Float32bits(v))
	}
	for _, p := range m.Table.pairs {
		out = le.AppendUint64(le.AppendUint64(out, signed(p[0])), signed(p[1]))
	}
	return out
}

// Parse reads a model that Bytes wrote. Allowed is as in New.
func Parse(b []byte, allowed func(from, to int) bool) (*Model, error) {
	if len(b) < len(magic)+7 || string(b[:len(magic)]) != magic {
		return nil, fmt.Errorf("chain: not a model")
	}
	b = b[len(magic):]
	labels, classes, bits := int(b[0]), int(b[1]), b[2]
	if labels < 1 || labels > MaxLabels || bits < 1 || bits > 24 {
		return nil, fmt.Errorf("chain: %d labels, 1<<%d cells", labels, bits)
	}
	le := binary.LittleEndian
	scale := math.Float32frombits(le.Uint32(b[3:]))
	b = b[7:]
	m := New(labels, classes, allowed)
	m.Table = NewTable(bits, scale)
	if len(b) != 4*len(m.Steps)+16*len(m.Table.pairs) {
		return nil, fmt.Errorf("chain: %d bytes of weights", len(b))
	}
	for i := range m.Steps {
		m.Steps[i] = math.Float32frombits(le.Uint32(b[4*i:]))
	}
	b = b[4*len(m.Steps):]
	for i := range m.Table.pairs {
		m.Table.pairs[i] = [2]uint64{signed(le.Uint64(b[16*i:])), signed(le.Uint64(b[16*i+8:]))}
	}
	return m, nil
}

// signed turns a cell whose weights have 128 added into one with signed
// weights, as the bytes of a model have them, and back.
func signed(cell uint64) uint64 {
	if cell == 0 {
		return 0
	}
	return cell ^ 0x8080808080808000
}
