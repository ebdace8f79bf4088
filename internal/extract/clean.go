package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"factcheck/internal/claims"
)

// Letters may be written in several ways and marks that nobody sees may stand
// anywhere. The text is read composed (NFC) and without such marks, and what is
// found is put back where it stands in the text as given.

// shift is where text read and text given part: from byte read on, the bytes are
// those from given on, or, if whole is not 0, one letter of so many bytes.
type shift struct{ read, given, whole int }

// shifts are in order; nil: both texts are the same.
type shifts []shift

// cleaned is text as it is read.
func cleaned(text string) (string, shifts) {
	if !hidden(text) && norm.NFC.IsNormalString(text) {
		return text, nil
	}
	var b strings.Builder
	b.Grow(len(text))
	all := shifts{{}}
	moved := false // the bytes before were not as given
	var it norm.Iter
	for it.InitString(norm.NFC, text); !it.Done(); {
		from := it.Pos()
		seg := it.Next()
		same := text[from:it.Pos()] == string(seg)
		at := b.Len()
		if same && !hidden(text[from:it.Pos()]) {
			if moved {
				all, moved = append(all, shift{at, from, 0}), false
			}
			b.Write(seg)
			continue
		}
		for len(seg) > 0 {
			r, w := utf8.DecodeRune(seg)
			if !invisible(r) {
				b.Write(seg[:w])
			}
			seg = seg[w:]
		}
		if moved = true; b.Len() > at {
			all = append(all, shift{at, from, it.Pos() - from})
		}
	}
	return b.String(), all
}

// hidden reports whether text holds marks that nobody sees.
func hidden(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0xc2 {
			continue
		}
		r, w := utf8.DecodeRuneInString(text[i:])
		if invisible(r) {
			return true
		}
		i += w - 1
	}
	return false
}

// start is where what begins at byte i of the text read begins in the one given.
func (s shifts) start(i int) int {
	k, found := slices.BinarySearchFunc(s, i, func(s shift, i int) int { return cmp.Compare(s.read, i) })
	if !found {
		k--
	}
	for found && k+1 < len(s) && s[k+1].read == i {
		k++
	}
	if s[k].whole > 0 {
		return s[k].given
	}
	return s[k].given + i - s[k].read
}

// end is the same for what ends at byte i.
func (s shifts) end(i int) int {
	k, _ := slices.BinarySearchFunc(s, i, func(s shift, i int) int { return cmp.Compare(s.read, i) })
	if k--; k < 0 {
		return 0
	}
	if s[k].whole > 0 {
		return s[k].given + s[k].whole
	}
	return s[k].given + i - s[k].read
}

// put moves a candidate that was found in the text read to where it stands in
// text; false if it stands nowhere there.
func (s shifts) put(c *claims.Candidate, text string) bool {
	move := func(o claims.Offsets) claims.Offsets {
		if o.Start >= o.End {
			return claims.Offsets{}
		}
		return claims.Offsets{Start: s.start(o.Start), End: s.end(o.End)}
	}
	span, err := claims.SpanAt(text, s.start(c.Span.Start), s.end(c.Span.End))
	if err != nil {
		return false
	}
	c.Span, c.Sentence = span, move(c.Sentence)
	a := &c.Attribution
	who, cue := move(claims.Offsets{Start: a.Start, End: a.End}), move(claims.Offsets{Start: a.CueStart, End: a.CueEnd})
	a.Start, a.End, a.Speaker = who.Start, who.End, text[who.Start:who.End]
	a.CueStart, a.CueEnd, a.Cue = cue.Start, cue.End, text[cue.Start:cue.End]
	for i, q := range c.Quotes {
		c.Quotes[i] = move(q)
	}
	return true
}
