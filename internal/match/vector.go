package match

import (
	"math"
	"runtime"
	"sync"
)

// VectorsPerRecord is how many vectors a record may have: of its claim and of
// its headline.
const VectorsPerRecord = 2

// vectors are unit vectors in steps of a 127th of their largest part. A slot
// that is free has the owner noDoc.
type vectors struct {
	dim   int
	parts []int8
	scale []float32
	owner []uint32
	free  []uint32
}

// slot is a place in vectors, counted from 1; 0 is none.
type slot uint32

// SetVectors gives the record id its vectors in place of those it had; none
// takes them away. All vectors of an index have one length. It reports whether
// the record is there and the vectors fit; if not, nothing changes.
func (x *Index) SetVectors(id string, vecs ...[]float32) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	n, ok := x.byID[id]
	dim, fits := x.vectors.fit(vecs)
	if !ok || !fits {
		return false
	}
	x.vectors.dim = dim
	d := &x.docs[n]
	x.vectors.release(&d.vectors)
	for i, v := range vecs {
		d.vectors[i] = x.vectors.put(n, v)
	}
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
	defer x.mu.RUnlock()
	n, ok := x.byID[id]
	dim, fits := next.vectors.fit(vecs)
	if !ok || !fits {
		return false
	}
	if next.of == nil {
		next.of = map[uint32][VectorsPerRecord]slot{}
	}
	next.vectors.dim = dim
	slots := next.of[n]
	next.vectors.release(&slots)
	for i, v := range vecs {
		slots[i] = next.vectors.put(n, v)
	}
	next.of[n] = slots
	return true
}

// Switch compares with the vectors of next from now on, and with none of
// before. next is used up.
func (x *Index) Switch(next *NextVectors) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range x.docs {
		d := &x.docs[i]
		d.vectors = next.of[uint32(i)]
		if d.gone {
			next.vectors.release(&d.vectors)
		}
	}
	x.vectors = next.vectors
	*next = NextVectors{}
}

func (v *vectors) put(owner uint32, parts []float32) slot {
	q, scale := quantise(parts)
	if n := len(v.free); n > 0 {
		at := v.free[n-1]
		v.free = v.free[:n-1]
		copy(v.of(at), q)
		v.scale[at], v.owner[at] = scale, owner
		return slot(at + 1)
	}
	v.parts = append(v.parts, q...)
	v.scale = append(v.scale, scale)
	v.owner = append(v.owner, owner)
	return slot(len(v.owner))
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

func (v *vectors) release(of *[VectorsPerRecord]slot) {
	for i, s := range of {
		if s > 0 {
			v.owner[s-1] = noDoc
			v.free = append(v.free, uint32(s-1))
			of[i] = 0
		}
	}
}

func (v *vectors) of(at uint32) []int8 { return v.parts[int(at)*v.dim:][:v.dim] }

func quantise(v []float32) ([]int8, float32) {
	top := float32(0)
	for _, f := range v {
		top = max(top, float32(math.Abs(float64(f))))
	}
	q := make([]int8, len(v))
	if top == 0 || math.IsInf(float64(top), 0) || top != top {
		return q, 0
	}
	for i, f := range v {
		q[i] = int8(math.RoundToEven(float64(f / top * 127)))
	}
	return q, top / 127
}

// Vectors that one goroutine compares at least.
const scanPart = 32 << 10

// byVector compares with every vector, on as many processors as there are.
// The answer does not depend on how many.
func (x *Index) byVector(q *asked, with wide) []scored {
	v := &x.vectors
	parts := max(1, min(runtime.GOMAXPROCS(0), len(v.owner)/scanPart))
	found := make([][]scored, parts)
	var wg sync.WaitGroup
	for p := range parts {
		from, to := p*len(v.owner)/parts, (p+1)*len(v.owner)/parts
		scan := func() { found[p] = x.scan(q, with, from, to) }
		if p == parts-1 {
			scan()
			continue
		}
		wg.Go(scan)
	}
	wg.Wait()
	all := topK{limit: VectorsPerRecord * vectorList}
	for _, part := range found {
		for _, f := range part {
			all.offer(f)
		}
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

// scan takes the best of the slots from…to; scored.doc is the slot.
func (x *Index) scan(q *asked, with wide, from, to int) []scored {
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
	return h.sorted()
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
		w.parts[i] = int16(p)
	}
	return w
}

// multiplyPlain gives the products of q and each vector of its length in all.
func multiplyPlain(out []int32, q []int16, all []int8) {
	for i := range out {
		v := all[i*len(q):][:len(q)]
		var s [4]int32
		k := 0
		for ; k+4 <= len(q); k += 4 {
			s[0] += int32(q[k]) * int32(v[k])
			s[1] += int32(q[k+1]) * int32(v[k+1])
			s[2] += int32(q[k+2]) * int32(v[k+2])
			s[3] += int32(q[k+3]) * int32(v[k+3])
		}
		for ; k < len(q); k++ {
			s[0] += int32(q[k]) * int32(v[k])
		}
		out[i] = s[0] + s[1] + s[2] + s[3]
	}
}
