package web

import "unicode/utf8"

// units counts a text in UTF-16 units, as browsers do, in one pass however
// many ascending places are asked for.
type units struct {
	text     string
	bytes, n int
}

func newUnits(text string) *units { return &units{text: text} }

// width is how many UTF-16 units r takes.
func width(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// at is the number of units before byte i of the text, a rune boundary.
func (u *units) at(i int) int {
	if i < u.bytes {
		u.bytes, u.n = 0, 0
	}
	for _, r := range u.text[u.bytes:i] {
		u.n += width(r)
	}
	u.bytes = i
	return u.n
}

// byteAt is the byte of the text at that many units; ok is false if the text
// is shorter, or the place is inside a character.
func byteAt(text string, at int) (i int, ok bool) {
	if at < 0 {
		return 0, false
	}
	n := 0
	for i < len(text) && n < at {
		r, size := utf8.DecodeRuneInString(text[i:])
		n += width(r)
		i += size
	}
	return i, n == at
}
