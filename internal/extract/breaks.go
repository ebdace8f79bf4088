package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/extract/chain"
)

// Labels of the sentence model: whether a sentence ends in a gap.
const (
	GapInside uint8 = iota
	GapBreaks
	GapLabels = 2
)

// maxGaps is how many chunks of a line are read at once.
const maxGaps = 2048

// chunk is what stands between spaces: leading marks, a core and trailing
// marks.
type chunk struct {
	start, end         int
	coreStart, coreEnd int
	glued              bool   // no space before it
	wide               bool   // wide or broken space before it
	low                uint32 // hash of the core in lower case
	suf3               uint32
	lead, trail        uint32 // hashes of the marks around it
	first              uint8  // class of its first letter
	last               uint8  // class of its trailing marks
	shape              uint8
	abbr               uint8
	bits               uint8 // of the words lists: says, starts
	open               uint8 // quotation marks and brackets that are open behind it
	words              uint8 // in the line up to here, in steps
}

// Classes of first letters.
const (
	firstNone uint8 = iota
	firstLower
	firstUpper
	firstDigit
	firstOther
)

// Shapes of cores.
const (
	coreNone uint8 = iota
	coreLetter
	coreInitials // U.S, a.m
	coreListNumber
	coreNumber
	coreDotted // a host or file name
	coreUpper
	coreShort // up to four letters
	coreWord
	coreMixed
)

// Trailing marks.
const (
	trailNone uint8 = iota
	trailStop
	trailStops // two or more
	trailAsk
	trailColon
	trailComma
	trailDash
	trailCloser
	trailStopCloser
	trailAskCloser
	trailCloserStop
	trailOther
)

// breaker finds where the sentences of a line end.
type breaker struct {
	text   string
	lex    *lexicon
	model  *chain.Model
	chunks []chunk
	gaps   []int32 // index of the chunk before each candidate
	items  chain.Items
	work   chain.Work
	labels []uint8
	low    []byte
}

// Gaps calls yield for the lines of text, in pieces, with the features of the
// places where a sentence may end and the bytes before those places.
func Gaps(text string, yield func(items *chain.Items, ends []int)) {
	b := breaker{text: text, lex: words()}
	var ends []int
	for start := 0; start < len(text); {
		end, next := paragraphEnd(text, start)
		for start < end {
			start = b.read(start, end)
			ends = ends[:0]
			for _, g := range b.gaps {
				ends = append(ends, b.chunks[g].end)
			}
			if len(ends) > 0 {
				yield(&b.items, ends)
			}
		}
		start = next
	}
}

// read fills chunks, gaps and items from text[start:end] and returns how far
// it has read.
func (b *breaker) read(start, end int) int {
	b.chunks, b.gaps = b.chunks[:0], b.gaps[:0]
	i := start
	for i < end && len(b.chunks) < maxGaps {
		i = b.chunk(i, end)
	}
	b.items.Reset()
	for k := 0; k+1 < len(b.chunks); k++ {
		if b.candidate(k) {
			b.gaps = append(b.gaps, int32(k))
			b.observe(k)
			b.items.Ends = append(b.items.Ends, int32(len(b.items.Features)))
			b.items.Class = append(b.items.Class, b.chunks[k].last)
		}
	}
	return i
}

// chunk appends the chunk at or behind i.
func (b *breaker) chunk(i, end int) int {
	from := i
	for i < end {
		r, w := utf8.DecodeRuneInString(b.text[i:end])
		if !unicode.IsSpace(r) && !invisible(r) {
			break
		}
		i += w
	}
	if i >= end {
		return end
	}
	c := chunk{start: i, glued: i == from && len(b.chunks) > 0, wide: i-from > 1}
	c.coreStart, c.coreEnd = -1, i
	for i < end {
		ch := b.text[i]
		if ch < utf8.RuneSelf {
			if ch == ' ' || ch >= '\t' && ch <= '\r' {
				break
			}
			i++
			if ch >= 'a' && ch <= 'z' || ch >= 'A' && ch <= 'Z' || ch >= '0' && ch <= '9' || ch == '$' || ch == '%' || ch == '&' || ch == '@' || ch == '/' || ch == '_' || ch == '#' {
				if c.coreStart < 0 {
					c.coreStart = i - 1
				} else if b.splits(&c, i-1, ch) {
					i--
					break
				}
				c.coreEnd = i
			}
			continue
		}
		r, w := utf8.DecodeRuneInString(b.text[i:end])
		if unicode.IsSpace(r) {
			break
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || invisible(r) || r == utf8.RuneError {
			if c.coreStart < 0 {
				c.coreStart = i
			} else if b.splits(&c, i, 0) {
				break
			}
			c.coreEnd = i + w
		}
		i += w
	}
	c.end = i
	if c.coreStart < 0 {
		c.coreStart, c.coreEnd = c.start, c.start
	}
	b.know(&c)
	b.chunks = append(b.chunks, c)
	return i
}

// splits reports whether the chunk c, read up to the letter ch at i, ends
// before it: “world.Today”, or behind a full stop of a script without spaces.
func (b *breaker) splits(c *chunk, i int, ch byte) bool {
	n := i - c.coreEnd
	if n < 1 || n > 6 {
		return false
	}
	marks := b.text[c.coreEnd:i]
	if n >= 3 && wideStop(marks) {
		return true
	}
	if ch < 'A' || ch > 'Z' || i-c.coreStart < 3 || c.coreEnd < 2 {
		return false
	}
	p := b.text[c.coreEnd-1]
	if !(p >= 'a' && p <= 'z' || p >= '0' && p <= '9') {
		return false
	}
	if pp := b.text[c.coreEnd-2]; !(pp >= 'a' && pp <= 'z' || pp >= '0' && pp <= '9' || pp == ',') {
		return false
	}
	return (marks[0] == '.' || marks[0] == '?' || marks[0] == '!') && strings.IndexByte(b.text[c.start:i], '/') < 0 && strings.IndexByte(b.text[c.start:i], '@') < 0
}

// candidate reports whether a sentence may end behind chunk k.
func (b *breaker) candidate(k int) bool {
	c, n := &b.chunks[k], &b.chunks[k+1]
	if n.glued {
		return true
	}
	switch c.last {
	case trailNone, trailComma:
		return n.coreStart > n.start || n.first == firstNone || n.shape == coreListNumber || n.shape == coreLetter && n.last == trailStop || c.wide || n.wide || n.last == trailColon && n.first == firstUpper || c.last == trailNone && c.shape == coreNumber && n.first == firstUpper
	}
	return true
}

var noChunk = chunk{low: 3, suf3: 3, lead: 3, trail: 3, first: 7, last: 15, shape: 15}

func (b *breaker) at(k int) *chunk {
	if k < 0 || k >= len(b.chunks) {
		return &noChunk
	}
	return &b.chunks[k]
}

// observe adds the features of the gap behind chunk k.
func (b *breaker) observe(k int) {
	f := b.items.Features
	id := uint32(500)
	add := func(v uint32) {
		id++
		f = append(f, mix(id, v))
	}
	l2, l, r, r2, r3 := b.at(k-1), b.at(k), b.at(k+1), b.at(k+2), b.at(k+3)
	gap := uint32(0)
	if r.glued {
		gap = 1
	} else if r.wide {
		gap = 2
	}
	left := uint32(l.last) | uint32(l.shape)<<4
	right := uint32(r.first) | uint32(r.shape)<<4
	lists := uint32(l.abbr) | uint32(r.bits)<<2
	both := left | right<<8 | gap<<16
	add(0)
	add(gap)
	add(l.trail)
	add(mix(l.trail, r.lead))
	add(mix(l.trail, uint32(r.first)|gap<<4))
	add(mix(mix(l.trail, r.lead), right|gap<<10))
	add(left)
	add(right)
	add(both)
	add(both | uint32(l.abbr)<<20)
	add(l.low)
	add(mix(l.low, left))
	add(mix(l.low, right))
	add(r.low)
	add(mix(r.low, left))
	add(mix(r.low, uint32(r.first)))
	add(mix(r.low, uint32(r.first)|uint32(l.last)<<4|uint32(l.abbr)<<9))
	add(mix(l.low, r.low))
	add(mix(l.suf3, left))
	add(mix(l.suf3, uint32(r.first)|uint32(l.last)<<8))
	add(mix(l2.low, left))
	add(mix(r2.low, both))
	add(uint32(l2.last) | uint32(l2.shape)<<4 | left<<8 | uint32(r.first)<<16)
	add(both | uint32(r2.first)<<17 | uint32(r.last)<<21 | uint32(r2.shape)<<25)
	add(mix(right|uint32(r.last)<<8, uint32(r2.first)|uint32(r2.shape)<<4|uint32(l.last)<<8))
	add(lists | left<<6)
	add(lists | left<<6 | uint32(r.first)<<14)
	add(uint32(l.open) | uint32(l.last)<<4)
	add(uint32(l.open) | uint32(l.last)<<4 | uint32(r.first)<<8 | uint32(r.bits)<<12)
	add(mix(r.lead, uint32(l.open)|uint32(l.last)<<4))
	add(uint32(r.bits) | uint32(r2.bits)<<4 | uint32(r3.bits)<<8 | uint32(l.last)<<12 | uint32(r.first)<<16)
	add(steps(int(l.words)) | uint32(l.last)<<4)
	add(steps(int(l.words)) | both<<4)
	add(steps(len(b.chunks)-k-1) | both<<4)
	add(mix(r.trail, mix(right, uint32(l.last))))
	b.items.Features = f
}

// ends appends where sentences end within text[start:end], by the model, and
// end itself.
func (b *breaker) ends(start, end int, out []int) []int {
	first := true
	for start < end {
		start = b.read(start, end)
		if len(b.gaps) > 0 {
			b.labels = b.model.Best(&b.work, b.model.Unary(&b.work, &b.items), b.items.Class, b.labels[:0])
			b.correct(first)
			for i, l := range b.labels {
				if l == GapBreaks {
					out = append(out, b.chunks[b.gaps[i]].end)
				}
			}
		}
		first = false
	}
	return append(out, end)
}

// SentencesBy is Sentences with the given model.
func SentencesBy(m *chain.Model, text string) []claims.Offsets {
	b := breaker{text: text, lex: words(), model: m}
	var out []claims.Offsets
	var ends []int
	for start := 0; start < len(text); {
		end, next := paragraphEnd(text, start)
		ends = b.ends(start, end, ends[:0])
		for _, e := range ends {
			if o := trimmed(text, start, e); o.Start < o.End {
				out = append(out, o)
			}
			start = e
		}
		start = next
	}
	return out
}
