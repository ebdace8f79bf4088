package match

import "encoding/binary"

// listPiece is from how many bytes on a list grows by an eighth.
const listPiece = 64

// list is the records that have something, in rising order, in bytes: of each
// the difference to the one before, in groups of seven bits, and for words an
// impact.
type list struct {
	bytes []byte
	last  uint32 // of the record entered last
	n     uint32 // records
}

// add enters a record that is not below the last. There are a million lists: an
// eighth more room is less waste than append would leave.
func (l *list) add(doc uint32) {
	if n := len(l.bytes); n >= listPiece && n+binary.MaxVarintLen32 >= cap(l.bytes) {
		l.bytes = append(make([]byte, 0, n+n/8), l.bytes...)
	}
	l.bytes = binary.AppendUvarint(l.bytes, uint64(doc-l.last))
	l.last = doc
	l.n++
}

// addWith enters a record with its impact.
func (l *list) addWith(doc uint32, impact uint8) {
	l.add(doc)
	l.bytes = append(l.bytes, impact)
}

// next reads one difference at b[i:] and returns it with where the next begins.
func next(b []byte, i int) (uint32, int) {
	v := uint32(b[i])
	if i++; v < 0x80 {
		return v, i
	}
	v &= 0x7f
	for shift := 7; ; shift += 7 {
		c := b[i]
		i++
		v |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return v, i
		}
	}
}
