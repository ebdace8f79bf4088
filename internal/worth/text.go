package worth

import (
	"unicode"
	"unicode/utf8"
)

// maxTokens bounds the work on one sentence: text is hostile, and a sentence
// of thousands of words is none.
const maxTokens = 400

// shape says what a token looks like, whatever its letters.
type shape uint8

const (
	shapeWord    shape = iota
	shapeCapital       // a word that starts with a capital letter
	shapeUpper         // a word of two or more capitals
	shapeNumber        // 12, 3.5, 1,200
	shapeYear          // 1900 to 2099
	shapeMark          // a punctuation mark or a symbol
)

// token is one word, number or mark of a sentence.
type token struct {
	start, end int // bytes of the sentence's text
	letters    int // how many code points
	key        uint64
	bits       uint64 // its word classes, once Extractor.scan has looked them up
	shape      shape
}

// scanner cuts a sentence into tokens. It keeps its buffers between calls.
type scanner struct {
	tokens []token
	run    []uint64
}

// scan fills tokens from text: runs of letters and digits with inner
// apostrophes, points and commas, and single marks.
func (s *scanner) scan(text string) {
	s.tokens = s.tokens[:0]
	for i := 0; i < len(text) && len(s.tokens) < maxTokens; {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case r >= '0' && r <= '9':
			i = s.number(text, i)
		case isLetter(r):
			i = s.word(text, i)
		case unicode.IsDigit(r):
			i = s.number(text, i)
		case r <= ' ' || unicode.IsSpace(r):
			i += n
		default:
			s.tokens = append(s.tokens, token{start: i, end: i + n, letters: 1, key: mix(uint64(fold(r)), seedMark), shape: shapeMark})
			i += n
		}
	}
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}

// fold makes one mark of those that differ in type-setting only.
func fold(r rune) rune {
	switch r {
	case '“', '”', '„', '«', '»', '"':
		return '"'
	case '‘', '’', '‚', '`':
		return '\''
	case '–', '—', '―':
		return '-'
	}
	return r
}

// word reads letters, digits inside them, and apostrophes between them.
func (s *scanner) word(text string, i int) int {
	start, capitals, letters, key := i, 0, 0, uint64(seedWord)
	first := false
	for i < len(text) {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !isLetter(r) && (r < '0' || r > '9') {
			if f := fold(r); f != '\'' || i+n >= len(text) || !startsLetter(text[i+n:]) {
				break
			}
			r = '\''
		}
		low := r
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				low = r | 0x20
			}
		} else {
			low = unicode.ToLower(r)
		}
		if low != r {
			capitals++
			first = first || letters == 0
		}
		letters++
		key = step(key, uint64(low))
		i += n
	}
	sh := shapeWord
	switch {
	case capitals > 1 && capitals == letters:
		sh = shapeUpper
	case first:
		sh = shapeCapital
	}
	s.tokens = append(s.tokens, token{start: start, end: i, letters: letters, key: finish(key), shape: sh})
	return i
}

func startsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isLetter(r)
}

// number reads digits with points and commas between them. Its key tells the
// size alone: "12" and "47" are the same evidence.
func (s *scanner) number(text string, i int) int {
	start, digits, value := i, 0, 0
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsDigit(r) {
			if r != '.' && r != ',' || i+1 >= len(text) || text[i+1] < '0' || text[i+1] > '9' {
				break
			}
		} else {
			digits++
			if value < 1e6 {
				value = value*10 + int(r-'0')
			}
		}
		i += n
	}
	sh := shapeNumber
	if digits == 4 && i == start+4 && value >= 1900 && value < 2100 {
		sh = shapeYear
	}
	s.tokens = append(s.tokens, token{start: start, end: i, letters: digits, key: mix(uint64(min(digits, 7))<<4|uint64(sh), seedNumber), shape: sh})
	return i
}

// Seeds keep the families of features apart.
const (
	seedWord   = 0x9e3779b97f4a7c15
	seedMark   = 0xc2b2ae3d27d4eb4f
	seedNumber = 0x165667b19e3779f9
)

// step and finish hash a run of letters; mix hashes a pair. Multiplications
// and shifts only: the same number on every machine.
func step(h, v uint64) uint64 { return (h ^ v) * 0x100000001b3 }

func finish(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>29
}

func mix(a, b uint64) uint64 { return finish(a*0x9ddfea08eb382d69 ^ (b + 0x632be59bd9b4e019 + a<<6)) }
