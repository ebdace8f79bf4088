package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"

	"factcheck/internal/claims"
)

// maxRun is the longest run of marks and spaces, in characters, that is given
// to the segmenter whole. It looks back over such runs at every step, so a
// longer one would cost quadratic time; it ends a sentence instead.
const maxRun = 64

// Sentences are the sentences of text in order, without the space around
// them: UAX #29 (github.com/clipperhouse/uax29), joined again where the full
// stop belongs to an abbreviation, an initial or a list number, or where a
// quotation runs on into its reporting frame. A line end closes a sentence
// unless the next line continues a hard-wrapped one.
func Sentences(text string) []claims.Offsets {
	var out []claims.Offsets
	sc := scanner{text: text, lex: words()}
	for start := 0; start < len(text); {
		end, next := paragraphEnd(text, start)
		out = sc.line(out, start, end)
		start = next
	}
	return out
}

// paragraphEnd is where the line at start ends, with the lines that continue
// it, and where the next one begins.
func paragraphEnd(text string, start int) (end, next int) {
	end, next = lineEnd(text, start)
	for at := start; next < len(text) && wraps(text, at, end, next); {
		at = next
		end, next = lineEnd(text, next)
	}
	return end, next
}

// lineEnd is where the line at start ends and where the next one begins.
func lineEnd(text string, start int) (end, next int) {
	for i := start; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
			return i, i + 2
		case c == '\n' || c == '\r' || c == '\v' || c == '\f':
			return i, i + 1
		case c == 0xc2 && strings.HasPrefix(text[i:], "\u0085"):
			return i, i + 2
		case c == 0xe2 && (strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029")):
			return i, i + 3
		}
	}
	return len(text), len(text)
}

// wraps reports whether the line text[start:end] was cut only to fit a width:
// it is long, ends inside a sentence, and the next line begins in lower case.
func wraps(text string, start, end, next int) bool {
	if end-start < 40 || end-start > 400 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[start:end], " \t"))
	first, _ := utf8.DecodeRuneInString(text[next:])
	return (unicode.IsLetter(last) || last == ',') && unicode.IsLower(first)
}

// line appends the sentences of one line.
func (sc *scanner) line(out []claims.Offsets, start, end int) []claims.Offsets {
	from := len(out)
	for start < end {
		stop := runStop(sc.text, start, end)
		it := sentences.FromString(sc.text[start:stop])
		for it.Next() {
			out = sc.join(out, from, trimmed(sc.text, start+it.Start(), start+it.End()))
		}
		start = stop
		for start < end && !wordStart(sc.text, start) { // what is left of a long run
			_, w := utf8.DecodeRuneInString(sc.text[start:end])
			start += w
		}
	}
	return out
}

// join appends s, or adds it to the sentence before it on the same line.
func (sc *scanner) join(out []claims.Offsets, from int, s claims.Offsets) []claims.Offsets {
	if s.Start >= s.End {
		return out
	}
	if n := len(out); n > from && (strings.ContainsAny(sc.text[out[n-1].End:s.Start], "\n\r") || sc.joins(out[n-1], s)) {
		out[n-1].End = s.End
		return out
	}
	return append(out, s)
}

// runStop is end, or where the first run of more than maxRun characters that
// are neither letters nor digits has to be cut.
func runStop(text string, start, end int) int {
	run := 0
	for i := start; i < end; {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				run = 0
				continue
			}
		} else {
			r, w := utf8.DecodeRuneInString(text[i:end])
			i += w
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				run = 0
				continue
			}
		}
		if run++; run > maxRun {
			return i
		}
	}
	return end
}

func wordStart(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r) || openMark(r)
}

func openMark(r rune) bool {
	return strings.ContainsRune("\"“„«‘'「『([¿¡", r)
}

// closers may follow the stop that ends a sentence.
const closers = "\"”»›’'“」』)]"

// joins reports whether a break between prev and next is none.
func (sc *scanner) joins(prev, next claims.Offsets) bool {
	a, b := sc.text[prev.Start:prev.End], sc.text[next.Start:next.End]
	first, ok := firstWord(b)
	if !ok { // a stray mark
		return true
	}
	if bare := strings.TrimRight(a, closers); len(bare) < len(a) {
		return unicode.IsLower(first) || endsAsking(bare) && sc.frameOnly(next)
	}
	if !strings.HasSuffix(a, ".") {
		return strings.HasSuffix(a, "!") && unicode.IsLower(first) && namedLast(a)
	}
	return sc.abbreviated(a[:len(a)-1], b, first)
}

// firstWord is the first letter or digit of s.
func firstWord(s string) (rune, bool) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r, true
		}
	}
	return 0, false
}

func endsAsking(s string) bool { return strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") }

// abbreviated reports whether the full stop between a and b belongs to the
// last word of a.
func (sc *scanner) abbreviated(a, b string, first rune) bool {
	if len(a) <= 3 && listNumber(a) {
		return true
	}
	w := a[lastSpace(a):]
	w = strings.TrimLeft(w, "(\"“‘'[")
	if r, n := utf8.DecodeRuneInString(w); n == len(w) && n > 0 && unicode.IsUpper(r) {
		return unicode.IsUpper(first) && !sc.starts(b) // J. Smith
	}
	if len(w) > maxWord {
		return false
	}
	if initials(w) {
		return !sc.starts(b)
	}
	switch sc.lex.abbr[strings.ToLower(w)] {
	case abbrAlways:
		return true
	case abbrNumber:
		return unicode.IsDigit(first)
	case abbrMaybe:
		return !sc.starts(b)
	}
	return false
}

// lastSpace is where the last word of s begins; it looks back a little only.
func lastSpace(s string) int {
	for i := len(s); i > 0 && len(s)-i <= maxWord; i-- {
		if c := s[i-1]; c == ' ' || c == '\t' || c == '/' {
			return i
		}
	}
	return max(0, len(s)-maxWord-1)
}

// namedLast reports whether the exclamation mark at the end of a may belong to
// a name, as in Yahoo!
func namedLast(a string) bool {
	i := lastSpace(a)
	r, _ := utf8.DecodeRuneInString(a[i:])
	return i > 0 && unicode.IsUpper(r)
}

// initials reports whether w is K.C or U.N.H.C.R without its last stop.
func initials(w string) bool {
	for i := range len(w) {
		if i%2 == 0 && (w[i] < 'A' || w[i] > 'Z') || i%2 == 1 && w[i] != '.' {
			return false
		}
	}
	return len(w) >= 3
}

// listNumber reports whether s is the number or letter of a list item.
func listNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return len(s) == 1 && s[0] >= 'a' && s[0] <= 'z'
		}
	}
	return s != ""
}

// starts reports whether b begins with a word that begins sentences, or with
// an opening quotation mark.
func (sc *scanner) starts(b string) bool {
	if r, _ := utf8.DecodeRuneInString(b); openMark(r) && r != '(' && r != '[' {
		return true
	}
	i := 0
	for i < len(b) && i <= maxWord && letterAt(b, i, len(b)) {
		_, w := utf8.DecodeRuneInString(b[i:])
		i += w
	}
	e := sc.lex.words[strings.ToLower(b[:i])]
	return e != nil && e.bits&lexStarter != 0
}

// maxFrame is the longest sentence, in bytes, that may be no more than the
// reporting frame of a quotation before it.
const maxFrame = 120

// frameOnly reports whether s merely says who spoke: "Smith asked reporters."
func (sc *scanner) frameOnly(s claims.Offsets) bool {
	if s.End-s.Start > maxFrame {
		return false
	}
	cue := -1
	for i, t := range sc.tokens(s.Start, s.End) {
		switch {
		case t.kind == quoteMark || t.kind == other || t.kind == colon:
			return false
		case cue < 0 && i > 0 && t.is(lexSay):
			cue = i
		case cue < 0 && t.is(lexFinite):
			return false
		case cue >= 0 && (t.is(lexFinite) || i > cue+6):
			return false
		}
	}
	return cue > 0
}

// trimmed is [start, end) without the space and the invisible marks around it.
func trimmed(text string, start, end int) claims.Offsets {
	for start < end {
		r, w := utf8.DecodeRuneInString(text[start:end])
		if !unicode.IsSpace(r) && !invisible(r) && !unicode.IsControl(r) {
			break
		}
		start += w
	}
	for start < end {
		r, w := utf8.DecodeLastRuneInString(text[start:end])
		if !unicode.IsSpace(r) && !invisible(r) && !unicode.IsControl(r) {
			break
		}
		end -= w
	}
	return claims.Offsets{Start: start, End: end}
}
