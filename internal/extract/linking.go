package extract

import "factcheck/internal/extract/chain"

// Labels of the linker: what a word is to one cue.
const (
	LinkNone uint8 = iota
	LinkSourceBegins
	LinkSourceGoesOn
	LinkContentBegins
	LinkContentGoesOn
	LinkerLabels = 5
)

// LinkFollows is LabelFollows for the linker.
func LinkFollows(from, to int) bool {
	switch uint8(to) {
	case LinkSourceGoesOn:
		return from == to || from == to-1
	case LinkContentGoesOn:
		return from == to || from == to-1
	}
	return true
}

// Words and sentences on either side of a cue's sentence that may hold its
// source or content.
const (
	reachLeft      = 60
	reachRight     = 90
	sentencesLeft  = 2
	sentencesRight = 3
)

// Cue is the cue [A, B) of a unit and the words [From, To) that the linker
// reads for it.
type Cue struct{ A, B, From, To int }

// maxCues is how many cues of a unit are read, in words for one cue.
const maxCues = 4

// Cues appends the cues in the labels of the words of u.
func Cues(u *Unit, labels []uint8, out []Cue) []Cue {
	for i := 0; i < len(labels); i++ {
		if labels[i] != CueBegins && labels[i] != CueGoesOn {
			continue
		}
		a := i
		for i+1 < len(labels) && labels[i+1] == CueGoesOn {
			i++
		}
		if len(out)*maxCues > len(labels)+8 {
			break
		}
		c := Cue{A: a, B: i + 1, From: a, To: i + 1}
		for ; c.From > max(0, a-reachLeft) && u.Words[c.From-1].sent >= u.Words[a].sent-sentencesLeft; c.From-- {
		}
		for ; c.To < min(len(labels), i+1+reachRight) && u.Words[c.To].sent <= u.Words[i].sent+sentencesRight; c.To++ {
		}
		out = append(out, c)
	}
	return out
}

// between is what stands between a word and the cue.
type between struct{ commas, stops, quotes, cues, sources, that uint8 }

func (b *between) pass(w *Word, lab uint8) {
	switch {
	case w.tok.kind == comma:
		b.commas = min(b.commas+1, 3)
	case w.Quote >= 0:
		b.quotes = min(b.quotes+1, 2)
	case w.low == thatHash:
		b.that = 1
	}
	switch lab {
	case CueBegins:
		b.cues = min(b.cues+1, 2)
	case SourceBegins:
		b.sources = min(b.sources+1, 2)
	}
}

func (b *between) key() uint32 {
	return uint32(b.commas) | uint32(b.stops)<<2 | uint32(b.quotes)<<4 | uint32(b.cues)<<6 | uint32(b.sources)<<8 | uint32(b.that)<<10
}

// Linker fills items with what the linker reads of the words [c.From, c.To)
// of u for cue c; labels are the tagger's.
func (o *Observer) Linker(u *Unit, labels []uint8, c Cue, items *chain.Items) {
	items.Reset()
	ws := u.Words
	o.spaces = append(o.spaces[:0], make([]between, c.To-c.From)...)
	var b between
	for i := c.A - 1; i >= c.From; i-- {
		if ws[i+1].first {
			b.stops = min(b.stops+1, 3)
		}
		o.spaces[i-c.From] = b
		b.pass(&ws[i], labels[i])
	}
	b = between{}
	for i := c.B; i < c.To; i++ {
		if ws[i].first {
			b.stops = min(b.stops+1, 3)
		}
		o.spaces[i-c.From] = b
		b.pass(&ws[i], labels[i])
	}
	k := o.cueKeys(ws, labels, c)
	for i := c.From; i < c.To; i++ {
		o.link(ws, labels, c, i, &k, items)
		items.Ends = append(items.Ends, int32(len(items.Features)))
		items.Class = append(items.Class, ws[i].coarse)
	}
}

// cueKeys are what the linker knows of a cue.
type cueKeys struct {
	head, full, class uint32
	near              uint32 // where the nearest source and quotation are
}

func (o *Observer) cueKeys(ws []Word, labels []uint8, c Cue) cueKeys {
	k := cueKeys{full: 5}
	best := -1
	for i := c.A; i < c.B; i++ {
		k.full = mix(k.full, ws[i].low)
		lv := int(o.lexis.cue(ws[i].low))
		if ws[i].tok.kind == word && lv >= best {
			best = lv
			k.head, k.class = ws[i].low, uint32(ws[i].class)
		}
	}
	for d := 1; d < 10; d++ {
		if i := c.A - d; i >= 0 && (labels[i] == SourceBegins || labels[i] == SourceGoesOn) {
			k.near = min(steps(d), 4) + 1
			break
		}
		if i := c.B + d - 1; i < len(labels) && (labels[i] == SourceBegins || labels[i] == SourceGoesOn) {
			k.near = min(steps(d), 4) + 8
			break
		}
	}
	if at(ws, c.B).Quote >= 0 || at(ws, c.B+1).Quote >= 0 {
		k.near |= 1 << 5
	}
	return k
}

func labelAt(labels []uint8, i int) uint32 {
	if i < 0 || i >= len(labels) {
		return 7
	}
	return uint32(labels[i])
}

// link adds the features of word i for cue c.
func (o *Observer) link(ws []Word, labels []uint8, cue Cue, i int, key *cueKeys, items *chain.Items) {
	f := items.Features
	id := uint32(300)
	add := func(v uint32) {
		id++
		f = append(f, mix(id, v))
	}
	p, w, n := at(ws, i-1), &ws[i], at(ws, i+1)
	c := func(x *Word) uint32 { return uint32(x.class) }
	if i >= cue.A && i < cue.B {
		add(uint32(i - cue.A))
		items.Features = f
		return
	}
	side, d := uint32(1), cue.A-i
	if i >= cue.B {
		side, d = 2, i-cue.B+1
	}
	dist := side | steps(d)<<2
	b := &o.spaces[i-cue.From]
	bk := side | b.key()<<2
	l0, l1, m1 := labelAt(labels, i), labelAt(labels, i+1), labelAt(labels, i-1)
	lab := side | l0<<2
	win := l0 | l1<<3 | m1<<6 | labelAt(labels, i+2)<<9 | labelAt(labels, i-2)<<12
	edge := uint32(0)
	if w.first {
		edge = 1
	}
	if n.first || i+1 >= len(ws) {
		edge |= 2
	}
	// what it is by itself
	add(w.low)
	add(p.low)
	add(n.low)
	add(c(w) | c(p)<<8)
	add(c(w) | c(n)<<8)
	add(mix(p.low, w.low))
	add(mix(w.low, n.low))
	// what the tagger says of it
	add(lab)
	add(win)
	add(win&0x1ff | side<<10 | min(steps(d), 5)<<12)
	add(mix(win&0x1ff, c(w)))
	add(mix(win&0x1ff, w.low))
	add(lab | dist<<6)
	add(mix(lab, bk))
	add(mix(win&0x1ff, bk))
	// where it stands
	add(dist)
	add(bk)
	add(mix(bk, dist))
	add(mix(bk, c(w)))
	add(mix(dist, c(w)))
	add(mix(side|edge<<4|l0<<8, c(w)|c(p)<<8))
	add(mix(bk&0xff|l0<<9|edge<<13, key.near))
	add(mix(lab|edge<<6, key.near))
	// what the cue is
	add(mix(key.head, lab))
	add(mix(key.head, dist))
	add(mix(key.head, bk))
	add(mix(key.head, side|c(w)<<3))
	add(mix(key.full, mix(lab, min(steps(d), 5))))
	add(mix(key.class, mix(lab, bk)))
	add(mix(key.class, side|c(w)<<3|c(p)<<11))
	add(mix(at(ws, cue.B).low, mix(lab, min(steps(d), 5))))
	add(mix(at(ws, cue.A-1).low, mix(lab, min(steps(d), 5))))
	add(mix(at(ws, cue.B).low, bk))
	add(mix(uint32(at(ws, cue.B).class)|uint32(at(ws, cue.A-1).class)<<8, lab|edge<<6))
	if w.Quote >= 0 {
		q := uint32(w.inner.words) | uint32(w.inner.last)<<8
		if w.inner.lower {
			q |= 1 << 16
		}
		add(mix(q, lab))
		add(mix(q, bk))
		add(mix(uint32(w.inner.words), mix(dist, lab)))
		add(mix(q, mix(lab, c(n))))
		add(mix(q, mix(lab, c(p))))
		add(mix(uint32(w.inner.words), mix(key.head, side)))
		add(mix(edge|lab<<4, q))
	}
	items.Features = f
}
