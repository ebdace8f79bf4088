package match

import (
	"encoding/binary"
	"math"
)

// kept is what the index keeps of a record. Of a million of them each piece of
// memory of its own counts, and each pointer is work for the collector: the rest
// of a record are bytes that lie behind those of other records.
type kept struct {
	sum     uint64 // hash of the record: the same again changes nothing
	at      uint64 // where its bytes begin
	vectors [VectorsPerRecord]slot
	tie     uint32 // hash of the text
	day     int32  // since 1970; 0 is unknown
	length  float32
	spoken  bool // it has a speaker
	negated bool
	gone    bool
	script  uint8
}

// doc is a record as it is compared with others.
type doc struct {
	kept
	id      string
	words   []uint32    // of all fields, each in order of the text, with nameBit
	ends    [fields]int // of the fields in words
	text    string      // folded title and text
	cut     int         // of the title in text
	numbers []number
}

// field are the words of one field.
func (d *doc) field(f int) []uint32 {
	from := 0
	if f > 0 {
		from = d.ends[f-1]
	}
	return d.words[from:d.ends[f]]
}

// folded is the folded text of one of gramFields.
func (d *doc) folded(f int) string {
	if f == fieldTitle {
		return d.text[:d.cut]
	}
	return d.text[d.cut:]
}

// pile is bytes that are only ever added to, in pieces that never move.
type pile struct {
	full [][]byte
	last []byte
}

// pileBits is the size of a piece; what is longer has one of its own.
const pileBits = 20

func (p *pile) add(b []byte) (at uint64) {
	if len(p.last)+len(b) > cap(p.last) {
		if p.last != nil {
			p.full = append(p.full, p.last)
		}
		p.last = make([]byte, 0, max(1<<pileBits, len(b)))
	}
	at = uint64(len(p.full))<<pileBits | uint64(len(p.last))
	p.last = append(p.last, b...)
	return at
}

// from are the bytes at a place, and what lies behind them.
func (p *pile) from(at uint64) []byte {
	piece, offset := int(at>>pileBits), at&(1<<pileBits-1)
	if piece == len(p.full) {
		return p.last[offset:]
	}
	return p.full[piece][offset:]
}

// append writes d behind b, as open reads it: the ID, the texts, the words from
// those of the speaker on, and the numbers, each with how many there are.
func (d *doc) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(d.id)))
	b = append(b, d.id...)
	b = binary.AppendUvarint(b, uint64(d.cut))
	b = binary.AppendUvarint(b, uint64(len(d.text)-d.cut))
	b = append(b, d.text...)
	for _, f := range wordOrder {
		words := d.field(f)
		b = binary.AppendUvarint(b, uint64(len(words)))
		for _, w := range words {
			name := uint64(w / nameBit)
			b = binary.AppendUvarint(b, uint64(w&^nameBit)<<1|name)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(d.numbers)))
	for _, n := range d.numbers {
		year := byte(0)
		if n.year {
			year = 1
		}
		b = append(binary.LittleEndian.AppendUint64(b, math.Float64bits(n.value)), year)
	}
	return b
}

// wordOrder is in which order the fields of a record are written.
var wordOrder = [fields]int{fieldSpeaker, fieldTitle, fieldText, fieldExtra}

// unread are the bytes of a record that were not read yet.
type unread []byte

func (u *unread) count() int {
	v, n := binary.Uvarint(*u)
	*u = (*u)[n:]
	return int(v)
}

func (u *unread) take(n int) []byte {
	head := (*u)[:n]
	*u = (*u)[n:]
	return head
}

// open reads the record at n. The caller holds the lock.
func (x *Index) open(n uint32) *doc {
	d := &doc{kept: x.docs[n]}
	u := unread(x.pile.from(d.at))
	d.id = string(u.take(u.count()))
	d.cut = u.count()
	d.text = string(u.take(d.cut + u.count()))
	speaker := u.words(nil)
	d.words = make([]uint32, 0, 64)
	for f := range fieldSpeaker {
		d.words = u.words(d.words)
		d.ends[f] = len(d.words)
	}
	d.words = append(d.words, speaker...)
	d.ends[fieldSpeaker] = len(d.words)
	for range u.count() {
		v := u.take(9)
		d.numbers = append(d.numbers, number{math.Float64frombits(binary.LittleEndian.Uint64(v)), v[8] == 1})
	}
	return d
}

// words reads those of a field behind others.
func (u *unread) words(to []uint32) []uint32 {
	for range u.count() {
		v := u.count()
		to = append(to, uint32(v>>1)|uint32(v&1)*nameBit)
	}
	return to
}

// id names the record at n.
func (x *Index) id(n uint32) string {
	u := unread(x.pile.from(x.docs[n].at))
	return string(u.take(u.count()))
}

// reads says whether the text of the record at n is the folded one.
func (x *Index) reads(n uint32, folded string) bool {
	u := unread(x.pile.from(x.docs[n].at))
	u.take(u.count())
	title, text := u.count(), u.count()
	return text == len(folded) && string(u.take(title + text)[title:]) == folded
}

// speaker are the words of the speaker of the record at n.
func (x *Index) speaker(n uint32) []uint32 {
	u := unread(x.pile.from(x.docs[n].at))
	u.take(u.count())
	title, text := u.count(), u.count()
	u.take(title + text)
	return u.words(nil)
}

// names finds records by their IDs: places in docs, each with a hash, in a table
// without pointers that is at most three quarters full.
type names struct {
	table []uint64 // hash << 32 | place + 1; 0 is free
	used  int      // places, and those whose record went
}

// forgotten is what stands where a name was.
const forgotten = math.MaxUint32

// find is where the table has id, and the place of its record.
func (x *Index) find(id string) (n uint32, ok bool) {
	at, ok := x.seek(id)
	if !ok {
		return 0, false
	}
	return uint32(x.names.table[at]) - 1, true
}

// seek is where the table has id, or where it would be.
func (x *Index) seek(id string) (at int, ok bool) {
	t := x.names.table
	if len(t) == 0 {
		return 0, false
	}
	mask, h := len(t)-1, hashGram(id, 0)
	for at = int(h) & mask; t[at] != 0; at = (at + 1) & mask {
		if uint32(t[at]>>32) == h && uint32(t[at]) != forgotten && x.named(uint32(t[at])-1, id) {
			return at, true
		}
	}
	return at, false
}

func (x *Index) named(n uint32, id string) bool {
	u := unread(x.pile.from(x.docs[n].at))
	return string(u.take(u.count())) == id
}

// name enters the record at n, whose ID is not there yet.
func (x *Index) name(id string, n uint32) {
	if 4*(x.names.used+1) > 3*len(x.names.table) {
		x.rename(2 * (x.live + 1))
	}
	at, _ := x.seek(id)
	x.names.table[at] = uint64(hashGram(id, 0))<<32 | uint64(n+1)
	x.names.used++
}

// unname takes the name out that the table has at a place.
func (x *Index) unname(at int) { x.names.table[at] |= forgotten }

// rename makes the table anew, with room for many names.
func (x *Index) rename(many int) {
	size := 16
	for size < many {
		size *= 2
	}
	old := x.names.table
	x.names = names{table: make([]uint64, size)}
	for _, e := range old {
		if e == 0 || uint32(e) == forgotten {
			continue
		}
		at := int(e>>32) & (size - 1)
		for x.names.table[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		x.names.table[at] = e
		x.names.used++
	}
}
