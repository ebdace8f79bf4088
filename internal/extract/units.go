package extract

import (
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// maxUnit is the most words of one unit; a longer paragraph is cut.
const maxUnit = 400

// Unit is a paragraph as the attribution model reads it: every quotation is
// one word of it.
type Unit struct {
	Words []Word
}

// Word is a word, number, mark or whole quotation of a unit. Start and End are
// bytes of the text.
type Word struct {
	Start, End int
	Quote      int // index of the quotation that the word stands for, -1 if none
	sent       int // sentence within the text
	tok        token
	low        uint32 // hash of the word in lower case
	suf3, suf2 uint32
	pre3       uint32
	stem       uint32 // hash of the word without its ending
	class      uint8  // fine class of the word
	coarse     uint8
	form       uint8 // how it is written
	first      bool  // of its sentence
	inner      quoteLook
}

// quoteLook is what a quotation looks like.
type quoteLook struct {
	words uint8 // how many, in steps
	lower bool  // begins in lower case
	last  byte  // its last mark: , . ? ! or 0
}

// reader makes units of a text.
type reader struct {
	text   string
	scan   scanner
	quotes []quote
	sents  []claims.Offsets
	lexis  *Lexis
	unit   Unit
	tape   *tape // of the tokens that have been read; nil: none
}

// Units calls yield with each paragraph of text in order. A unit is good until
// yield returns.
func Units(text string, lexis *Lexis, yield func(*Unit)) {
	quotes := quotations(text)
	r := reader{text: text, quotes: quotes, lexis: lexis, sents: lexis.sentences(text)}
	r.scan = scanner{text: text, lex: words(), quotes: quotes}
	r.units(yield)
}

func (r *reader) units(yield func(*Unit)) {
	at := 0
	for start := 0; start < len(r.text); {
		end, next := paragraphEnd(r.text, start)
		r.unit.Words = r.unit.Words[:0]
		for at < len(r.sents) && r.sents[at].Start < end {
			r.sentence(at)
			at++
			if len(r.unit.Words) >= maxUnit {
				yield(&r.unit)
				r.unit.Words = r.unit.Words[:0]
			}
		}
		if len(r.unit.Words) > 0 {
			yield(&r.unit)
		}
		start = next
	}
}

// sentence adds the words of sentence number i to the unit.
func (r *reader) sentence(i int) {
	s := r.sents[i]
	if s.End-s.Start > MaxSentence {
		return
	}
	from := len(r.unit.Words)
	for _, t := range r.tokens(s) {
		if t.quote >= 0 {
			if n := len(r.unit.Words); n > 0 && r.unit.Words[n-1].Quote == t.quote {
				w := &r.unit.Words[n-1]
				w.End = t.end
				continue
			}
			q := token{start: t.start, end: t.end, quote: t.quote, kind: quoted}
			r.unit.Words = append(r.unit.Words, Word{Start: t.start, End: t.end, Quote: t.quote, sent: i, tok: q})
			r.look(&r.unit.Words[len(r.unit.Words)-1])
			continue
		}
		w := Word{Start: t.start, End: t.end, Quote: -1, sent: i, tok: t}
		r.know(&w)
		r.unit.Words = append(r.unit.Words, w)
	}
	if from < len(r.unit.Words) {
		r.unit.Words[from].first = r.unit.Words[from].sent == i
	}
}

func (r *reader) tokens(s claims.Offsets) []token {
	if r.tape == nil {
		return r.scan.tokens(s.Start, s.End)
	}
	return r.tape.tokens(&r.scan, s.Start, s.End)
}

const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

// know fills in what the word w is by itself.
func (r *reader) know(w *Word) {
	s := r.text[w.Start:w.End]
	if w.tok.kind == number {
		w.form = numberForm(s, w.tok)
		w.low = mix(7, uint32(w.form))
		w.class, w.coarse = r.lexis.number(w.form)
		w.suf3, w.suf2, w.pre3, w.stem = w.low, w.low, w.low, w.low
		return
	}
	w.low, w.suf2, w.suf3, w.pre3 = lowHash(s)
	w.stem = w.low
	if w.tok.kind == word {
		w.stem, _, _, _ = lowHash(s[:stem(s)])
	}
	w.form = form(s, w.tok)
	w.class, w.coarse = r.lexis.classes(w.low, w.suf2, w.form)
}

// lowHash are hashes of s in lower case, of its last two and three and of its
// first three bytes.
func lowHash(s string) (all, suf2, suf3, pre3 uint32) {
	h := uint32(hashSeed)
	var c1, c2, c3 byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		} else if c == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0x99 || s[i+2] == 0x98) {
			c = '\''
			i += 2
		}
		h = (h ^ uint32(c)) * hashPrime
		if i == 2 {
			pre3 = h
		}
		c3, c2, c1 = c2, c1, c
	}
	if pre3 == 0 {
		pre3 = h
	}
	suf2 = uint32(c2)<<8 | uint32(c1)
	return h, mix(11, suf2), mix(12, suf2|uint32(c3)<<16), mix(13, pre3)
}

// stem is the length of s without an inflection: says, said and saying are
// what the tagger has to know for one verb; it is content with less.
func stem(s string) int {
	n := len(s)
	has := func(e string) bool { return n > len(e)+2 && s[n-len(e):] == e }
	switch {
	case has("ies"), has("ied"):
		return n - 2 // deny, denies: den + i
	case has("ing"):
		n -= 3
	case has("es"), has("ed"):
		n -= 2
	case has("s") && s[n-2] != 's':
		n--
	}
	if n < len(s) && n > 3 && s[n-1] == s[n-2] && s[n-1] != 's' && s[n-1] != 'l' {
		n-- // admitted
	}
	if n > 3 && (s[n-1] == 'e' || n == len(s) && s[n-1] == 'y') {
		n--
	}
	return n
}

// mix joins two hashes.
func mix(a, b uint32) uint32 {
	h := a*0x85ebca6b ^ b
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 13
	return h
}

// Forms of words.
const (
	formOther uint8 = iota
	formLower
	formCapital
	formInitialCapital // at the head of a sentence
	formUpper
	formMark
	formNumber
	formYear
	formMoney
	formPercent
	formMixed
	forms
)

func form(s string, t token) uint8 {
	switch {
	case t.kind != word:
		return formMark
	case t.has(upper):
		return formUpper
	case t.has(capital) && t.has(initial):
		return formInitialCapital
	case t.has(capital):
		return formCapital
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		for i := range len(s) {
			if s[i] >= 'A' && s[i] <= 'Z' {
				return formMixed
			}
		}
		return formLower
	}
	return formOther
}

func numberForm(_ string, t token) uint8 {
	switch {
	case t.has(year):
		return formYear
	case t.has(money):
		return formMoney
	case t.has(percent):
		return formPercent
	}
	return formNumber
}

// look fills in what the quotation w looks like.
func (r *reader) look(w *Word) {
	in := r.quotes[w.Quote].inner
	n, last := 0, byte(0)
	inside := false
	stop := min(in.End, in.Start+200)
	for i := in.Start; i < stop; i++ {
		space := r.text[i] == ' ' || r.text[i] == '\n'
		if !space && !inside {
			n++
		}
		inside = !space
	}
	if in.End > in.Start {
		switch c := lastMark(r.text[in.Start:in.End]); c {
		case ',', '.', '?', '!':
			last = c
		}
	}
	c, _ := utf8.DecodeRuneInString(r.text[in.Start:in.End])
	w.inner = quoteLook{words: step(n), lower: unicode.IsLower(c), last: last}
	w.low = mix(21, uint32(w.inner.words))
	w.suf2, w.suf3 = mix(22, uint32(last)), mix(23, uint32(w.inner.words)<<8|uint32(last))
	w.pre3, w.stem = 22, 22
	if w.inner.lower {
		w.pre3 = 23
	}
	w.class, w.coarse = r.lexis.quoted()
	w.form = formOther
}

// lastMark is the last byte of s that is no space.
func lastMark(s string) byte {
	for i := len(s) - 1; i >= max(0, len(s)-3); i-- {
		if s[i] != ' ' {
			return s[i]
		}
	}
	return ' '
}

// step is n in coarse steps, less than 16.
func step(n int) uint8 {
	switch {
	case n <= 4:
		return uint8(max(n, 0))
	case n <= 6:
		return 5
	case n <= 9:
		return 6
	case n <= 14:
		return 7
	case n <= 22:
		return 8
	case n <= 40:
		return 9
	}
	return 10
}
