package chain

// Table holds the weights of hashed features. A feature that is not in it
// weighs nothing: a cell keeps seven bits of its feature's hash beside the
// weights, so that one in 128 strangers is mistaken.
type Table struct {
	Scale float32
	// pairs are of cells: the mark of a feature in the lowest byte, above it its
	// weights in steps of Scale, plus 128; 0 if empty. A mark is odd.
	pairs [][2]uint64
	shift uint8 // 32 - log2(len(pairs))
}

// NewTable is an empty table of 1<<bits cells.
func NewTable(bits uint8, scale float32) Table {
	return Table{pairs: make([][2]uint64, 1<<bits/2), Scale: scale, shift: 33 - bits}
}

// scatter spreads f over 32 bits. The highest of them say in which pair of
// cells f may be, the lowest eight, of which the last is taken for 1, are its
// mark.
func scatter(f uint32) uint32 {
	h := f * 0x9e3779b1
	h ^= h >> 15
	return h * 0x85ebca77
}

// middle is what is added to each weight of a cell, so that none is below 0.
const middle = 128

// Put adds a feature. It reports false where no room is left for it, or where
// it looks like one that is there: earlier ones are kept.
func (t *Table) Put(f uint32, weights []int8) bool {
	h := scatter(f)
	cell := uint64(uint8(h) | 1)
	for k := range MaxLabels {
		w := uint8(middle)
		if k < len(weights) {
			w += uint8(weights[k])
		}
		cell |= uint64(w) << (8 * (k + 1))
	}
	pair := &t.pairs[h>>t.shift]
	for i, c := range pair {
		if c == 0 {
			pair[i] = cell
			return true
		}
		if uint8(c) == uint8(cell) {
			return false
		}
	}
	return false
}

// Sums of weights are added four at once, each in sixteen bits of a word: the
// odd labels in one, the even ones in another. The lowest lane of the odd ones
// counts the features that are found, for a mark is odd.
const (
	odd  = 0x00ff00ff00ff0001
	even = 0x00ff00ff00ff00ff
	full = 256 // how many weights a lane has room for
)

// Sum sets out to the sums of the weights of the features, one for each label.
func (t *Table) Sum(features []uint32, out []float32) {
	var sums [MaxLabels + 1]int32
	for len(features) > 0 {
		some := features[:min(len(features), full)]
		features = features[len(some):]
		a, b := t.add(some)
		found := int32(a & 0xffff)
		for k := 0; k < MaxLabels; k += 2 {
			sums[k] += int32(b>>(8*k)&0xffff) - middle*found
			sums[k+1] += int32(a>>(8*k+16)&0xffff) - middle*found
		}
	}
	for k := range out {
		out[k] = float32(sums[k]) * t.Scale
	}
}

// add adds up the cells of features, at most full: the odd labels and how many
// were found in a, the even ones in b. It does not branch on what it finds: a
// processor would guess wrong too often.
func (t *Table) add(features []uint32) (a, b uint64) {
	shift, pairs := t.shift&31, t.pairs
	for _, f := range features {
		h := scatter(f)
		pair := &pairs[h>>shift]
		mark := uint64(h | 1)
		cell := pair[0]&same(pair[0]^mark) | pair[1]&same(pair[1]^mark)
		a += cell & odd
		b += cell >> 8 & even
	}
	return a, b
}

// same has every bit set if the lowest eight of d are 0, else none.
func same(d uint64) uint64 { return uint64(int64(d&0xff-1) >> 63) }
