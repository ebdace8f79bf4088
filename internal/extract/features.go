package extract

import (
	"math/bits"

	"factcheck/internal/extract/chain"
)

func tz(b lex) int { return bits.TrailingZeros64(uint64(b)) }

// StepClasses is the number of classes of chain.Items.Class of the attribution
// models.
const StepClasses = 32

// observer makes the features of units.
type observer struct {
	lexis *Lexis
	left  []near // nearest likely cue to the left of each word
	right []near
}

// near is the nearest word of a sort.
type near struct {
	low   uint32
	dist  uint8
	comma uint8 // how many commas between, up to 3
	that  bool  // "that" between
}

var outside = Word{Quote: -1, low: 1, suf2: 1, suf3: 1, pre3: 1, stem: 1, class: 254, coarse: 30}

func at(ws []Word, i int) *Word {
	if i < 0 || i >= len(ws) {
		return &outside
	}
	return &ws[i]
}

// Observe fills items with what the tagger reads of u.
func (o *observer) observe(u *Unit, items *chain.Items) {
	items.Reset()
	ws := u.Words
	o.nearest(ws)
	for i := range ws {
		o.word(ws, i, items)
		items.Ends = append(items.Ends, int32(len(items.Features)))
		items.Class = append(items.Class, ws[i].coarse)
	}
}

func (o *observer) nearest(ws []Word) {
	o.left, o.right = o.left[:0], o.right[:0]
	n := near{dist: 15}
	for i := range ws {
		if ws[i].first {
			n = near{dist: 15}
		}
		o.left = append(o.left, n)
		n = o.past(n, &ws[i])
	}
	n = near{dist: 15}
	o.right = append(o.right, make([]near, len(ws))...)
	for i := len(ws) - 1; i >= 0; i-- {
		o.right[i] = n
		n = o.past(n, &ws[i])
		if ws[i].first {
			n = near{dist: 15}
		}
	}
}

// past is n after passing over w.
func (o *observer) past(n near, w *Word) near {
	if o.lexis.cue(w.low) >= 2 || w.tok.is(lexSay|lexAccording) && w.tok.kind == word && !w.tok.name() {
		return near{low: w.low, dist: 0}
	}
	if n.dist < 15 {
		n.dist++
	}
	if w.tok.kind == comma && n.comma < 3 {
		n.comma++
	}
	n.that = n.that || w.low == thatHash
	return n
}

var thatHash, _, _, _ = lowHash("that")

func steps(n int) uint32 {
	switch {
	case n < 5:
		return uint32(n)
	case n < 7:
		return 5
	case n < 10:
		return 6
	case n < 15:
		return 7
	case n < 25:
		return 8
	}
	return 9
}

// maxSkip is how many helping words may stand between a verb and its subject
// or object.
const maxSkip = 4

// subjectBefore is the word before i behind helping verbs and adverbs: whose
// verb i is, if it is one.
func subjectBefore(ws []Word, i int) *Word {
	for k := i - 1; k >= max(0, i-maxSkip); k-- {
		if w := &ws[k]; w.tok.kind != word || w.tok.name() || !w.tok.is(lexAux|lexModal|lexAdverb) && !w.tok.has(adverbly) {
			return w
		}
	}
	return &outside
}

// objectAfter is the word behind i after articles and adverbs.
func objectAfter(ws []Word, i int) *Word {
	for k := i + 1; k < min(len(ws), i+maxSkip); k++ {
		if w := &ws[k]; w.tok.kind != word || w.tok.name() || !w.tok.is(lexArticle|lexPossessive|lexAdverb) && !w.tok.has(adverbly) {
			return w
		}
	}
	return &outside
}

// word adds the features of word i.
func (o *observer) word(ws []Word, i int, items *chain.Items) {
	p3, p2, p, w, n, n2, n3 := at(ws, i-3), at(ws, i-2), at(ws, i-1), &ws[i], at(ws, i+1), at(ws, i+2), at(ws, i+3)
	f := items.Features
	id := uint32(100)
	add := func(v uint32) {
		id++
		f = append(f, mix(id, v))
	}
	c := func(x *Word) uint32 { return uint32(x.class) }
	k := func(x *Word) uint32 { return uint32(x.coarse) }
	add(w.low)
	add(p.low)
	add(n.low)
	add(p2.low)
	add(n2.low)
	add(c(w))
	add(c(p))
	add(c(n))
	add(c(p2))
	add(c(n2))
	add(w.suf3)
	add(w.suf2)
	add(w.pre3)
	add(p.suf3)
	add(n.suf3)
	form := uint32(w.form) | uint32(p.form)<<4 | uint32(n.form)<<8
	add(form)
	add(uint32(w.form))
	add(mix(p.low, w.low))
	add(mix(w.low, n.low))
	add(c(p) | c(w)<<8)
	add(c(w) | c(n)<<8)
	add(c(p2) | c(p)<<8)
	add(c(n) | c(n2)<<8)
	add(c(p) | c(w)<<8 | c(n)<<16)
	add(mix(w.low, c(p)))
	add(mix(w.low, c(n)))
	add(k(p3) | k(p2)<<5 | k(p)<<10 | k(w)<<15)
	add(k(w) | k(n)<<5 | k(n2)<<10 | k(n3)<<15)
	add(c(p3))
	add(c(n3))
	add(w.stem)
	add(p.stem)
	add(n.stem)
	add(mix(w.stem, c(p)))
	add(mix(w.stem, c(n)))
	add(mix(w.stem, k(p)|k(n)<<8))
	l, r := &o.left[i], &o.right[i]
	add(l.low)
	add(r.low)
	ld, rd := steps(int(l.dist)), steps(int(r.dist))
	near := ld | uint32(l.comma)<<4
	if l.that {
		near |= 1 << 8
	}
	add(near)
	add(rd | uint32(r.comma)<<4)
	add(near | c(w)<<16)
	add(rd | uint32(r.comma)<<4 | c(w)<<16)
	add(mix(l.low, near))
	add(mix(r.low, rd|uint32(r.comma)<<4))
	add(mix(l.low, c(w)))
	add(near | k(p)<<16 | k(w)<<21)
	add(rd | uint32(r.comma)<<4 | k(w)<<16 | k(n)<<21)
	add(rd | near<<8)
	ls, rs := subjectBefore(ws, i), objectAfter(ws, i)
	add(ls.low)
	add(rs.low)
	add(mix(w.stem, c(ls)))
	add(mix(w.stem, c(rs)))
	add(mix(w.low, ls.low))
	add(mix(w.stem, rs.low))
	add(c(ls) | c(w)<<8 | uint32(ls.form)<<16 | uint32(w.form)<<20)
	add(c(rs) | c(w)<<8 | uint32(rs.form)<<16 | uint32(w.form)<<20)
	edge := uint32(0)
	if w.first {
		edge = 1
	}
	if n.first || i+1 >= len(ws) {
		edge |= 2
	}
	if p.first {
		edge |= 4
	}
	add(edge | c(w)<<8)
	add(edge | c(w)<<8 | c(n)<<16)
	for b := w.tok.bits; b != 0; b &= b - 1 {
		f = append(f, mix(90, uint32(tz(b))))
	}
	for b := p.tok.bits; b != 0; b &= b - 1 {
		f = append(f, mix(91, uint32(tz(b))))
	}
	for b := n.tok.bits; b != 0; b &= b - 1 {
		f = append(f, mix(92, uint32(tz(b))))
	}
	if w.Quote >= 0 {
		q := uint32(w.inner.words) | uint32(w.inner.last)<<8
		if w.inner.lower {
			q |= 1 << 16
		}
		f = append(f, mix(80, q), mix(81, q|k(p)<<20), mix(82, q|k(n)<<20), mix(83, mix(q, n.low)), mix(84, mix(q, p.low)), mix(85, mix(p.low, uint32(w.inner.words))), mix(86, edge|uint32(w.inner.words)<<4), mix(87, mix(n2.low, n.low)|1), mix(88, k(n)|k(n2)<<5|k(n3)<<10))
	} else {
		for d := 1; d <= 4; d++ {
			if at(ws, i-d).Quote >= 0 {
				q := at(ws, i-d)
				x := uint32(q.inner.words) | uint32(q.inner.last)<<8
				f = append(f, mix(70, uint32(d)), mix(71, uint32(d)|x<<4), mix(72, uint32(d)|c(w)<<8))
				break
			}
		}
		for d := 1; d <= 6; d++ {
			if at(ws, i+d).Quote >= 0 {
				q := at(ws, i+d)
				x := uint32(q.inner.words)
				if q.inner.lower {
					x |= 1 << 6
				}
				f = append(f, mix(73, uint32(d)), mix(74, uint32(d)|x<<4), mix(75, uint32(d)|c(w)<<8))
				break
			}
		}
	}
	items.Features = f
}
