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
	if ch < 'A' || ch > 'Z' || i-c.coreStart < 3 {
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

// wideStop reports whether s begins with a full stop of a script that puts no
// space behind it.
func wideStop(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '。' || r == '！' || r == '？'
}

// know fills in what is known of a chunk by itself.
func (b *breaker) know(c *chunk) {
	core := b.text[c.coreStart:c.coreEnd]
	lead, trail := b.text[c.start:c.coreStart], b.text[c.coreEnd:c.end]
	if core == "" {
		lead, trail = "", b.text[c.start:c.end]
	}
	if len(core) <= 48 {
		c.low, _, c.suf3, _ = lowHash(core)
	}
	c.lead, c.trail = markHash(lead), markHash(trail)
	c.last = trailOf(trail)
	c.first = firstOf(core)
	c.shape = shapeOfCore(core, trail)
	c.abbr, c.bits = b.listed(core)
	open := uint8(0)
	c.words = 1
	if n := len(b.chunks); n > 0 {
		open = b.chunks[n-1].open
		c.words = min(b.chunks[n-1].words+1, 250)
	}
	c.open = opened(opened(open, lead), trail)
}

// opened is what is open behind the marks s if open is before: 1 a quotation,
// 2 straight marks, 4 and more brackets.
func opened(open uint8, s string) uint8 {
	for _, r := range s {
		switch r {
		case '"':
			open ^= 2
		case '“', '«', '„':
			open |= 1
		case '”', '»':
			open &^= 1
		case '(', '[', '{':
			if open < 12 {
				open += 4
			}
		case ')', ']', '}':
			if open >= 4 {
				open -= 4
			}
		}
	}
	return open
}

func markHash(s string) uint32 {
	h := uint32(hashSeed)
	for i, r := range s {
		if i > 24 {
			break
		}
		switch r {
		case '”', '“', '„', '»', '«':
			r = '"'
		case '’', '‘':
			r = '\''
		case '—', '–', '―':
			r = '-'
		}
		h = (h ^ uint32(r)) * hashPrime
	}
	return h
}

func trailOf(s string) uint8 {
	stops, asks, closed, after, other := 0, 0, 0, 0, 0
	var last rune
	for _, r := range s {
		last = r
		switch r {
		case '.', '…', '。', '۔', '।':
			stops++
			after = closed
		case '?', '!', '؟', '？', '！':
			asks++
			after = closed
		case '"', '”', '“', '»', '\'', '’', ')', ']', '}', '」', '』', '*', '_':
			closed++
		default:
			other++
		}
	}
	switch {
	case s == "":
		return trailNone
	case asks > 0 && closed > after:
		return trailAskCloser
	case asks > 0:
		return trailAsk
	case stops > 0 && closed > after:
		return trailStopCloser
	case stops > 0 && closed > 0:
		return trailCloserStop
	case stops > 1:
		return trailStops
	case stops == 1 && other == 0:
		return trailStop
	case last == ':' || last == ';' || last == '：' || last == '；':
		return trailColon
	case last == ',' || last == '،' || last == '、':
		return trailComma
	case last == '-' || last == '—' || last == '–' || last == '―':
		return trailDash
	case closed > 0 && other == 0:
		return trailCloser
	}
	return trailOther
}

func firstOf(core string) uint8 {
	if core == "" {
		return firstNone
	}
	c := core[0]
	switch {
	case c >= 'a' && c <= 'z':
		return firstLower
	case c >= 'A' && c <= 'Z':
		return firstUpper
	case c >= '0' && c <= '9':
		return firstDigit
	case c < utf8.RuneSelf:
		return firstNone
	}
	r, _ := utf8.DecodeRuneInString(core)
	switch {
	case unicode.IsLower(r):
		return firstLower
	case unicode.IsUpper(r):
		return firstUpper
	case unicode.IsDigit(r):
		return firstDigit
	}
	return firstOther
}

func shapeOfCore(core, trail string) uint8 {
	letters, digits, dots, upper, other := 0, 0, 0, 0, 0
	if len(core) > 60 {
		return coreMixed
	}
	for _, r := range core {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.':
			dots++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		case r == ',' || r == '-' || r == '\'' || r == '’' || r == ':':
		default:
			other++
		}
	}
	switch {
	case core == "":
		return coreNone
	case other > 0:
		return coreMixed
	case letters == 1 && digits == 0:
		return coreLetter
	case dots > 0 && digits == 0 && letters <= dots+2:
		return coreInitials
	case letters == 0 && digits <= 2 && dots == 0 && (strings.HasPrefix(trail, ".") || strings.HasPrefix(trail, ")")):
		return coreListNumber
	case letters == 0:
		return coreNumber
	case dots > 0:
		return coreDotted
	case upper == letters:
		return coreUpper
	case letters <= 4 && digits == 0:
		return coreShort
	case digits == 0:
		return coreWord
	}
	return coreMixed
}

// listed is what the word lists say of core.
func (b *breaker) listed(core string) (abbr uint8, bits uint8) {
	if len(core) == 0 || len(core) > maxWord {
		return 0, 0
	}
	b.low = b.low[:0]
	for i := 0; i < len(core); i++ {
		c := core[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b.low = append(b.low, c)
	}
	abbr = uint8(b.lex.abbr[string(b.low)])
	if e := b.lex.words[string(b.low)]; e != nil {
		if e.bits&lexSay != 0 {
			bits |= 1
		}
		if e.bits&lexStarter != 0 {
			bits |= 2
		}
		if e.bits&lexPron3 != 0 {
			bits |= 4
		}
		if e.bits&lexFinite != 0 {
			bits |= 8
		}
	}
	return abbr, bits
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

// correct puts right what the model has seen too few examples of: the items of
// a list in one line, full stops of abbreviations before words that begin
// sentences, and dots that stand for what is left out.
func (b *breaker) correct(lineStart bool) {
	list := marker{}
	if lineStart {
		list = b.marker(0)
	}
	from := 0 // chunk that the sentence begins with
	for i := range b.labels {
		k := int(b.gaps[i])
		l, r := &b.chunks[k], &b.chunks[k+1]
		if list.style != 0 {
			if m := b.marker(k + 1); m.style == list.style && (m.value == list.value+1 || m.bullet && k > 0) {
				list, b.labels[i] = m, GapBreaks
			} else if b.marker(k) == list && l.coreEnd-l.coreStart < 4 || k == list.at && list.bullet {
				b.labels[i] = GapInside
			}
		}
		switch {
		case l.shape == coreInitials && l.last == trailStop && r.first == firstUpper && r.bits&2 != 0:
			b.labels[i] = GapBreaks
		case l.shape == coreInitials && l.last == trailStop && abbr(r.abbr) == abbrAlways && r.last == trailStop:
			b.labels[i] = GapInside
			if k-from >= 3 {
				b.labels[i] = GapBreaks // He left at 6 p.m. Mr. Smith stayed.
			}
		case l.last == trailAsk && r.first == firstLower && k > from && l.first == firstUpper && l.end-l.coreEnd == 1 && b.text[l.coreEnd] == '!':
			b.labels[i] = GapInside // Yahoo! in
		case b.omits(k), k == from && r.first == firstUpper && l.last == trailStop && (l.shape == coreInitials || l.shape == coreLetter && l.first == firstUpper):
			b.labels[i] = GapInside // K.C. Ames
		case r.glued && wideStop(b.text[l.coreEnd:l.end]), r.first == firstOther && ends(l.last):
			b.labels[i] = GapBreaks // the model has seen no text without capitals
		case l.last == trailAskCloser && r.first == firstUpper && !b.speaks(k+1):
			b.labels[i] = GapBreaks
		}
		if b.labels[i] == GapBreaks {
			from = k + 1
		}
	}
}

// ends reports whether marks of this sort end sentences.
func ends(trail uint8) bool {
	return trail == trailStop || trail == trailStops || trail == trailAsk || trail == trailStopCloser || trail == trailAskCloser
}

// speaks reports whether one of the chunks from k on says that somebody spoke.
func (b *breaker) speaks(k int) bool {
	for i := k; i < min(k+6, len(b.chunks)); i++ {
		if b.chunks[i].bits&1 != 0 {
			return true
		}
		if ends(b.chunks[i].last) {
			return false
		}
	}
	return false
}

// marker is what begins an item of a list: 3. (3) c) •
type marker struct {
	style  uint32 // 0: none
	value  int
	at     int
	bullet bool
}

// marker is the one that chunk k begins with.
func (b *breaker) marker(k int) marker {
	c := b.at(k)
	if k >= len(b.chunks) {
		return marker{}
	}
	core := b.text[c.coreStart:c.coreEnd]
	if r, _ := utf8.DecodeRuneInString(b.text[c.start:c.end]); strings.ContainsRune("•·▪‣●○◦⁃", r) && r != utf8.RuneError {
		return marker{style: uint32(r), at: k, bullet: true}
	}
	trail := b.text[c.coreEnd:c.end]
	if trail != "." && trail != ")" && trail != ".)" || len(core) > 2 || core == "" {
		return marker{}
	}
	m := marker{style: c.trail, at: k}
	switch {
	case core[0] >= 'a' && core[0] <= 'h' && len(core) == 1:
		m.style, m.value = mix(c.trail, 1), int(core[0])
	case c.shape == coreListNumber || c.first == firstDigit:
		for i := range len(core) {
			if core[i] < '0' || core[i] > '9' {
				return marker{}
			}
			m.value = m.value*10 + int(core[i]-'0')
		}
	default:
		return marker{}
	}
	return m
}

// omits reports whether chunk k is the last of three dots with spaces between,
// behind a word.
func (b *breaker) omits(k int) bool {
	if k < 3 {
		return false
	}
	for i := k - 2; i <= k; i++ {
		if c := &b.chunks[i]; c.coreStart != c.coreEnd || c.end-c.start != 1 || b.text[c.start] != '.' {
			return false
		}
	}
	p := &b.chunks[k-3]
	return p.coreEnd == p.end
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
