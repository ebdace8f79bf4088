package extract

import (
	"math"

	"factcheck/internal/extract/chain"
)

// Labels of the judge: what becomes of an attribution.
const (
	JudgeDrops uint8 = iota
	JudgeKeeps
	JudgeLabels = 2
)

// keeps reports whether the judge keeps h.
func (r *voicesReader) keeps(u *Unit, h *Heard) bool {
	if r.Judge == nil {
		return true
	}
	r.obs.Judge(u, r.labels, h, &r.items)
	scores := r.Judge.Unary(&r.work, &r.items)
	return scores[JudgeKeeps]+r.JudgeBias >= scores[JudgeDrops]
}

// HearUnit calls yield with what the models make of each cue of u that
// something is said by, and with what the judge reads of it.
func (v *Voices) HearUnit(o *Observer, u *Unit, yield func(*Heard, *chain.Items)) {
	r := voicesReader{Voices: v, obs: o}
	r.tag(u)
	for _, c := range Cues(u, r.labels, nil) {
		if h := r.hear(u, c); h.OK {
			r.obs.Judge(u, r.labels, &h, &r.items)
			yield(&h, &r.items)
		}
	}
}

// level is v in steps that widen with its size.
func level(v float32) uint32 {
	n := 4 * math.Log1p(math.Abs(float64(v)))
	if v < 0 {
		return 64 + uint32(n)
	}
	return uint32(n)
}

// linked is where the words of one sort are that the linker gives a cue.
type linked struct {
	first, last int // words of the unit; last is -1 if there is none
	words       int
	agree       int // words that the tagger takes for the same
	runs        int
}

func linkedOf(labels []uint8, h *Heard, begins, tagged uint8) linked {
	l := linked{last: -1}
	for i, k := range h.Links {
		if k != begins && k != begins+1 {
			continue
		}
		at := h.Cue.From + i
		if l.words == 0 {
			l.first = at
		}
		if k == begins {
			l.runs++
		}
		l.last = at
		l.words++
		if labels[at] == tagged || labels[at] == tagged+1 {
			l.agree++
		}
	}
	return l
}

// place is on which side of c l begins and how far off, in steps.
func (l linked) place(c Cue) uint32 {
	switch {
	case l.last < 0:
		return 0
	case l.last < c.A:
		return 1 + steps(c.A-l.last)<<2
	case l.first >= c.B:
		return 2 + steps(l.first-c.B)<<2
	}
	return 3
}

// share is how far the tagger agrees, 0 to 4.
func (l linked) share() uint32 {
	if l.words == 0 {
		return 5
	}
	return uint32(4 * l.agree / l.words)
}

// Judge fills items with what the judge reads of h: one item.
func (o *Observer) Judge(u *Unit, labels []uint8, h *Heard, items *chain.Items) {
	items.Reset()
	ws, c := u.Words, h.Cue
	k := o.cueKeys(ws, labels, c)
	source, content := linkedOf(labels, h, LinkSourceBegins, SourceBegins), linkedOf(labels, h, LinkContentBegins, ContentBegins)
	f := items.Features
	id := uint32(700)
	add := func(v uint32) {
		id++
		f = append(f, mix(id, v))
	}
	kind := uint32(len(h.Voice.Type))
	who := source.place(c)
	if h.near {
		who = 1 << 9
	}
	what := content.place(c)
	size := uint32(step(content.words))
	class := func(i int) uint32 { return uint32(at(ws, i).class) }
	margin, sure := level(h.margin), level(h.sure)
	before, after := at(ws, c.A-1), at(ws, c.B)
	add(margin)
	add(sure)
	add(level(h.margin / float32(1+content.words)))
	add(margin | sure<<8)
	add(margin | kind<<8)
	add(margin | who<<8)
	add(margin | what<<8)
	add(margin | size<<8 | kind<<16)
	add(sure | kind<<8)
	add(k.head)
	add(k.full)
	add(k.class)
	add(mix(k.head, kind))
	add(mix(k.head, who))
	add(mix(k.head, what))
	add(mix(k.head, size))
	add(mix(k.head, margin>>1))
	add(mix(k.class, margin>>1))
	add(mix(k.class, who|what<<12))
	add(before.low)
	add(after.low)
	add(mix(before.low, k.head))
	add(mix(after.low, k.head))
	add(uint32(before.class) | uint32(after.class)<<8)
	add(mix(uint32(before.class)|uint32(after.class)<<8, k.class))
	add(who | kind<<12)
	add(what | kind<<12)
	add(who | what<<12)
	add(size | kind<<8 | what<<12)
	add(content.share() | source.share()<<3 | uint32(min(content.runs, 3))<<6)
	add(content.share() | margin<<3)
	add(source.share() | margin<<3)
	if source.last >= 0 {
		add(ws[source.last].low)
		add(class(source.last))
		add(mix(class(source.last), k.class))
		add(uint32(step(source.words)) | uint32(ws[source.last].form)<<4 | uint32(ws[source.first].form)<<8)
	} else {
		id += 4
	}
	if content.last >= 0 {
		first := &ws[content.first]
		add(first.low)
		add(class(content.first) | class(content.first+1)<<8)
		add(mix(first.low, k.head))
		add(class(content.first) | size<<8)
		add(class(content.last+1) | class(content.last)<<8)
	}
	items.Features = f
	items.Ends = append(items.Ends, int32(len(f)))
	items.Class = append(items.Class, 0)
}
