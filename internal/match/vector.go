package match

import (
	"io"
	"math"
	"runtime"
	"slices"
	"sync"
)

// VectorsPerRecord is how many vectors a record may have: of its claim and of
// its headline.
const VectorsPerRecord = 2

// manyVectors is from how many on they are not all compared with every query,
// and lie outside the memory of the program.
const manyVectors = 50_000

// vectors are unit vectors in steps of a 127th of their largest part. A slot
// that is free has the owner noDoc.
//
// Of many vectors one bit a part is kept in memory, and chooses those that are
// worth a look; the vectors themselves may lie in a file.
type vectors struct {
	dim   int
	parts []byte // each a signed byte; none if they lie in file
	file  Rows
	scale []float32
	owner []uint32
	free  []uint32
	signs signs

	many int
	open func() (Rows, error) // nil: they stay in memory
}

// Rows is a place for vectors outside the memory of the program.
type Rows interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// KeepRows says from how many vectors on they are put where open says, instead
// of into memory. If that fails they stay in memory, or go back there; open and
// what it gives are to tell of it.
func (x *Index) KeepRows(many int, open func() (Rows, error)) {
	x.filling.Lock()
	defer x.filling.Unlock()
	x.vectors.many, x.vectors.open = many, open
}

// slot is a place in vectors, counted from 1; 0 is none.
type slot uint32

// SetVectors gives the record id its vectors in place of those it had; none
// takes them away. All vectors of an index have one length. It reports whether
// the record is there and the vectors fit; if not, nothing changes.
func (x *Index) SetVectors(id string, vecs ...[]float32) bool {
	x.filling.Lock()
	defer x.filling.Unlock()
	v := &x.vectors
	x.mu.Lock()
	n, ok := x.find(id)
	dim, fits := v.fit(vecs)
	if !ok || !fits {
		x.mu.Unlock()
		return false
	}
	v.dim = dim
	made := v.reserve(vecs)
	x.mu.Unlock()
	v.write(&x.mu, made)
	x.mu.Lock()
	defer v.spill(&x.mu)
	defer x.mu.Unlock()
	if now, ok := x.find(id); !ok || now != n { // removed or replaced meanwhile
		v.release(made)
		return false
	}
	d := &x.docs[n]
	v.drop(&d.vectors)
	d.vectors = v.settle(n, made)
	return true
}

// NextVectors are vectors of another encoder, made ready beside those of an
// index. The zero value is empty.
type NextVectors struct {
	vectors vectors
	of      map[uint32][VectorsPerRecord]slot // by place of the record
}

// Prepare puts the vectors of the record id into next. It reports whether the
// record is there and the vectors fit.
func (x *Index) Prepare(next *NextVectors, id string, vecs ...[]float32) bool {
	x.mu.RLock()
	n, ok := x.find(id)
	x.mu.RUnlock()
	v := &next.vectors
	dim, fits := v.fit(vecs)
	if !ok || !fits {
		return false
	}
	if next.of == nil {
		next.of = map[uint32][VectorsPerRecord]slot{}
		x.filling.Lock()
		v.many, v.open = x.vectors.many, x.vectors.open
		x.filling.Unlock()
	}
	v.dim = dim
	slots := next.of[n]
	v.drop(&slots)
	made := v.reserve(vecs)
	v.write(nobody{}, made)
	next.of[n] = v.settle(n, made)
	v.spill(nobody{})
	return true
}

// nobody reads what is locked.
type nobody struct{}

func (nobody) Lock()   {}
func (nobody) Unlock() {}

// Switch compares with the vectors of next from now on, and with none of
// before. next is used up.
func (x *Index) Switch(next *NextVectors) {
	x.filling.Lock()
	defer x.filling.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range x.docs {
		d := &x.docs[i]
		d.vectors = next.of[uint32(i)]
		if d.gone {
			next.vectors.drop(&d.vectors)
		}
	}
	x.vectors.close()
	next.vectors.many, next.vectors.open = x.vectors.many, x.vectors.open
	x.vectors = next.vectors
	*next = NextVectors{}
}

// Close gives the file back that holds vectors; records have none afterwards.
func (x *Index) Close() { x.Switch(&NextVectors{}) }

func (v *vectors) close() {
	if v.file != nil {
		_ = v.file.Close() // what it held is not wanted any more
	}
}

// row is a vector that is given its place.
type row struct {
	at    uint32
	parts []byte
	scale float32
}

// reserve finds places for vectors; nobody sees what lies there until they are
// settled.
func (v *vectors) reserve(vecs [][]float32) []row {
	made := make([]row, len(vecs))
	for i, vec := range vecs {
		r := &made[i]
		r.parts, r.scale = quantise(vec)
		if n := len(v.free); n > 0 {
			r.at, v.free = v.free[n-1], v.free[:n-1]
			continue
		}
		r.at = uint32(len(v.owner))
		v.owner, v.scale = append(v.owner, noDoc), append(v.scale, 0)
		if v.file == nil {
			v.parts = append(v.parts, make([]byte, v.dim)...)
		}
	}
	return made
}

// write puts the parts of vectors where they belong, if that is a file: one
// vector at a time may be written, and others may be read. A file that cannot be
// written is given up; mu guards that.
func (v *vectors) write(mu sync.Locker, made []row) {
	for _, r := range made {
		if v.file == nil {
			return // settle writes into memory
		}
		if _, err := v.file.WriteAt(r.parts, int64(r.at)*int64(v.dim)); err == nil {
			continue
		}
		parts := make([]byte, len(v.owner)*v.dim)
		_, _ = v.file.ReadAt(parts, 0) // the last may not be there yet; what cannot be read is zero and like nothing
		mu.Lock()
		v.close()
		v.parts, v.file, v.open = parts, nil, nil
		mu.Unlock()
	}
}

// settle makes vectors those of owner.
func (v *vectors) settle(owner uint32, made []row) (slots [VectorsPerRecord]slot) {
	for i, r := range made {
		if v.file == nil {
			copy(v.parts[int(r.at)*v.dim:], r.parts)
		}
		v.scale[r.at], v.owner[r.at] = r.scale, owner
		v.signs.set(r.at, r.parts)
		slots[i] = slot(r.at + 1)
	}
	return slots
}

// spill begins to keep bits when there are many vectors, and moves the vectors
// into a file if there is to be one.
func (v *vectors) spill(mu sync.Locker) {
	if v.signs.words > 0 || len(v.owner) < v.many {
		return
	}
	var s signs
	s.keep(v.dim)
	for at := range v.owner {
		s.set(uint32(at), v.parts[at*v.dim:][:v.dim])
	}
	var file Rows
	if v.open != nil {
		var err error
		if file, err = v.open(); err == nil {
			if _, err = file.WriteAt(v.parts, 0); err != nil {
				_ = file.Close() // nothing in it is wanted
			}
		}
		if err != nil {
			file, v.open = nil, nil
		}
	}
	mu.Lock()
	defer mu.Unlock()
	v.signs = s
	if file != nil {
		v.file, v.parts = file, nil
	}
}

// fit is the length that all vectors have, and whether vecs have it too.
func (v *vectors) fit(vecs [][]float32) (dim int, ok bool) {
	dim = v.dim
	for _, one := range vecs {
		if dim == 0 {
			dim = len(one)
		}
		if len(one) != dim || dim == 0 {
			return 0, false
		}
	}
	return dim, len(vecs) <= VectorsPerRecord
}

// release gives back places that were reserved.
func (v *vectors) release(made []row) {
	for _, r := range made {
		v.free = append(v.free, r.at)
	}
}

// drop takes vectors away.
func (v *vectors) drop(of *[VectorsPerRecord]slot) {
	for i, s := range of {
		if s > 0 {
			v.owner[s-1] = noDoc
			v.free = append(v.free, uint32(s-1))
			of[i] = 0
		}
	}
}

// row is the vector at a place; room is memory for one. False if it cannot be
// read.
func (v *vectors) row(at uint32, room *[]byte) ([]byte, bool) {
	if v.file == nil {
		return v.parts[int(at)*v.dim:][:v.dim], true
	}
	*room = slices.Grow((*room)[:0], v.dim)[:v.dim]
	n, _ := v.file.ReadAt(*room, int64(at)*int64(v.dim)) // an error is one if something lacks
	return *room, n == v.dim
}

// rooms are memory for a row each.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// cosine compares with the vector at s.
func (v *vectors) cosine(with wide, s slot) float32 {
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	return v.compare(with, uint32(s-1), room)
}

func (v *vectors) compare(with wide, at uint32, room *[]byte) float32 {
	parts, ok := v.row(at, room)
	if !ok {
		return 0
	}
	var dot [1]int32
	multiply(dot[:], with.parts, parts)
	return float32(dot[0]) * v.scale[at] * with.scale
}

func quantise(v []float32) ([]byte, float32) {
	top := float32(0)
	for _, f := range v {
		top = max(top, float32(math.Abs(float64(f))))
	}
	q := make([]byte, len(v))
	if top == 0 || math.IsInf(float64(top), 0) || top != top {
		return q, 0
	}
	for i, f := range v {
		q[i] = byte(int8(math.RoundToEven(float64(f / top * 127))))
	}
	return q, top / 127
}

// byVector are the records whose vectors are most like with. The answer does
// not depend on how many processors there are.
func (x *Index) byVector(q *asked, with wide) []scored {
	v := &x.vectors
	var all topK
	if v.signs.words == 0 {
		all = shared(len(v.owner), scanPart, VectorsPerRecord*vectorList, func(from, to int) topK { return x.scan(q, with, from, to) })
	} else {
		all = x.look(q, with)
	}
	seen := map[uint32]bool{}
	var out []scored
	for _, f := range all.sorted() {
		d := v.owner[f.doc]
		if !seen[d] && len(out) < vectorList {
			seen[d] = true
			out = append(out, scored{d, f.score})
		}
	}
	return out
}

// Vectors that one goroutine compares at least, and bits of vectors.
const (
	scanPart = 32 << 10
	signPart = 128 << 10
)

// shared divides n over the processors, part each at least, and joins the best
// that scan finds.
func shared(n, part, limit int, scan func(from, to int) topK) topK {
	parts := max(1, min(runtime.GOMAXPROCS(0), n/part))
	found := make([]topK, parts)
	var wg sync.WaitGroup
	for p := range parts {
		from, to := p*n/parts, (p+1)*n/parts
		if p == parts-1 {
			found[p] = scan(from, to)
			continue
		}
		wg.Go(func() { found[p] = scan(from, to) })
	}
	wg.Wait()
	all := topK{limit: limit}
	for _, part := range found {
		for _, f := range part.heap {
			all.offer(f)
		}
	}
	return all
}

// scan takes the best of the slots from…to; scored.doc is the slot.
func (x *Index) scan(q *asked, with wide, from, to int) topK {
	const block = 512
	v := &x.vectors
	h := topK{limit: VectorsPerRecord * vectorList}
	var dots [block]int32
	for ; from < to; from += block {
		n := min(block, to-from)
		multiply(dots[:n], with.parts, v.parts[from*v.dim:][:n*v.dim])
		for i, d := range dots[:n] {
			owner := v.owner[from+i]
			if owner == noDoc || owner == q.self {
				continue
			}
			h.offer(scored{uint32(from + i), float32(d) * v.scale[from+i] * with.scale})
		}
	}
	return h
}

// wide is a vector in 16 bits, as multiply wants it; without parts if there is
// none.
type wide struct {
	parts []int16
	scale float32
}

func widen(vector []float32) wide {
	v, scale := quantise(vector)
	w := wide{make([]int16, len(v)), scale}
	for i, p := range v {
		w.parts[i] = int16(int8(p))
	}
	return w
}

// multiplyPlain gives the products of q and each vector of its length in all.
func multiplyPlain(out []int32, q []int16, all []byte) {
	for i := range out {
		v := all[i*len(q):][:len(q)]
		var s [4]int32
		k := 0
		for ; k+4 <= len(q); k += 4 {
			s[0] += int32(q[k]) * int32(int8(v[k]))
			s[1] += int32(q[k+1]) * int32(int8(v[k+1]))
			s[2] += int32(q[k+2]) * int32(int8(v[k+2]))
			s[3] += int32(q[k+3]) * int32(int8(v[k+3]))
		}
		for ; k < len(q); k++ {
			s[0] += int32(q[k]) * int32(int8(v[k]))
		}
		out[i] = s[0] + s[1] + s[2] + s[3]
	}
}
