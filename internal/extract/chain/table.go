package chain

// Table holds the weights of hashed features. A feature that is not in it
// weighs nothing: a cell keeps seven bits of its feature's hash beside the
// weights, so that one in 128 strangers is mistaken.
type Table struct {
	Cells []uint64 // weights in steps of Scale, signed bytes; the hash in the lowest byte; 0 if empty
	Scale float32
	shift uint8 // 32 - log2(len(Cells)) + 1
}

// NewTable is an empty table of 1<<bits cells.
func NewTable(bits uint8, scale float32) Table {
	return Table{Cells: make([]uint64, 1<<bits), Scale: scale, shift: 33 - bits}
}

// place is the pair of cells that may hold f, and its mark, which is not 0.
func (t *Table) place(f uint32) (at uint32, mark uint8) {
	h := f * 0x9e3779b1
	h ^= h >> 15
	h *= 0x85ebca77
	return h >> t.shift << 1, uint8(h) | 1
}

// Put adds a feature. It reports false where no room is left for it, or where
// it looks like one that is there: earlier ones are kept.
func (t *Table) Put(f uint32, weights []int8) bool {
	at, mark := t.place(f)
	cell := uint64(mark)
	for k, v := range weights {
		cell |= uint64(uint8(v)) << (8 * (k + 1))
	}
	for c := at; c < at+2; c++ {
		if t.Cells[c] == 0 {
			t.Cells[c] = cell
			return true
		}
		if uint8(t.Cells[c]) == mark {
			return false
		}
	}
	return false
}

// Sum sets out to the sums of the weights of the features, one for each label.
func (t *Table) Sum(features []uint32, out []float32) {
	var a [MaxLabels]int32
	for _, f := range features {
		at, mark := t.place(f)
		cell := t.Cells[at]
		if uint8(cell) != mark {
			if cell = t.Cells[at+1]; uint8(cell) != mark {
				continue
			}
		}
		a[0] += int32(int8(cell >> 8))
		a[1] += int32(int8(cell >> 16))
		a[2] += int32(int8(cell >> 24))
		a[3] += int32(int8(cell >> 32))
		a[4] += int32(int8(cell >> 40))
		a[5] += int32(int8(cell >> 48))
		a[6] += int32(int8(cell >> 56))
	}
	for k := range out {
		out[k] = float32(a[k]) * t.Scale
	}
}
