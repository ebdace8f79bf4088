package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// quote is one quotation, or one paragraph of a longer one. Only the outermost
// are kept: what is nested is part of their words.
type quote struct {
	outer, inner claims.Offsets // with and without the marks
	after        int            // index of the paragraph of the same quotation before it, -1 if none
}

// maxSingle is how far, in bytes, the end of a quotation in single marks is
// looked for: single marks are apostrophes more often than not.
const maxSingle = 600

// maxLooked bounds the whole search for such ends, in lengths of the text.
const maxLooked = 32

// quotations are the quotations of text in order. Marks are paired within a
// paragraph; one that is never closed counts only if the next paragraph opens
// with the same mark, as running quotations do.
func quotations(text string) []quote {
	m := marks{text: text}
	for start := 0; start < len(text); {
		end, next := paragraphEnd(text, start)
		m.paragraph(start, end, next)
		start = next
	}
	return m.out
}

// marks pairs quotation marks.
type marks struct {
	text    string
	looked  int // bytes read so far in search of the end of single marks
	out     []quote
	running int // 1 + index of the quotation that the last paragraph left open, 0 if none
}

// paragraph adds the quotations of one line.
func (m *marks) paragraph(start, end, next int) {
	if strings.TrimSpace(m.text[start:min(end, start+maxRun)]) == "" && end-start <= maxRun {
		return // an empty line divides paragraphs and ends no quotation
	}
	from, prev := len(m.out), m.running
	m.running = 0
	open, at := m.scan(start, end, true)
	if open != 0 && !m.reopens(next, open) {
		m.out = m.out[:from]
		open, at = m.scan(start, end, false)
	}
	if open != 0 && m.reopens(next, open) {
		o := trimmed(m.text, at, end)
		m.out = append(m.out, quote{outer: o, inner: claims.Offsets{Start: min(at+utf8.RuneLen(open), o.End), End: o.End}, after: -1})
		m.running = len(m.out)
	}
	if prev > 0 && len(m.out) > from && m.opensParagraph(m.out[from].outer.Start, start) {
		m.out[from].after = prev - 1
	}
}

// opensParagraph reports whether nothing but space stands between start and at.
func (m *marks) opensParagraph(at, start int) bool {
	return blank(m.text[start:at])
}

// reopens reports whether the next paragraph that is not empty begins with
// the mark open.
func (m *marks) reopens(next int, open rune) bool {
	for i := next; i < len(m.text); {
		r, w := utf8.DecodeRuneInString(m.text[i:])
		if !unicode.IsSpace(r) {
			return r == open
		}
		if i += w; i > next+maxRun {
			return false
		}
	}
	return false
}

// scan pairs the marks of [start, end). With nest, an opening mark inside a
// quotation of its own kind is nested; without, it takes the place of the one
// before, which was never closed. It returns the mark that is left open.
func (m *marks) scan(start, end int, nest bool) (open rune, at int) {
	depth, straight := 0, false // straight: a quotation in straight marks is open inside curly ones
	for i := start; i < end; {
		c := m.text[i]
		if c < utf8.RuneSelf && c != '"' && c != '\'' || c >= utf8.RuneSelf && c != 0xc2 && c != 0xe2 && c != 0xe3 {
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(m.text[i:])
		switch {
		case open != 0 && m.closes(open, r, i, w, start, end):
			if depth--; depth == 0 {
				m.add(at, i, i+w, open)
				open, straight = 0, false
			}
		case open == '“' && (r == '"' || r == '“') && m.slips(i, w, start, end):
			if straight {
				straight = false
			} else if depth--; depth == 0 {
				m.add(at, i, i+w, open)
				open = 0
			}
		case open == '“' && r == '"':
			straight = true
		case open != 0 && r == open && m.opens(r, i, w, start, end) && open != '"':
			if depth++; !nest {
				depth, at = 1, i
			}
		case open == 0 && (r == '\'' || r == '‘' || r == '’'):
			if stop := m.single(r, i, w, start, end); stop > 0 {
				_, sw := utf8.DecodeRuneInString(m.text[stop:])
				m.add(i, stop, stop+sw, r)
				i = stop + sw
				continue
			}
		case open == 0 && m.opens(r, i, w, start, end):
			open, at, depth = r, i, 1
		case open == '"' && !nest && r == '"' && m.opens(r, i, w, start, end):
			at = i
		}
		i += w
	}
	return open, at
}

func (m *marks) add(at, close, end int, open rune) {
	in := claims.Offsets{Start: at + utf8.RuneLen(open), End: close}
	if strings.TrimSpace(m.text[in.Start:min(in.End, in.Start+maxRun)]) == "" && in.End-in.Start <= maxRun {
		return
	}
	m.out = append(m.out, quote{outer: claims.Offsets{Start: at, End: end}, inner: in, after: -1})
}

// opens reports whether the mark r at i can open a quotation.
func (m *marks) opens(r rune, i, w, start, end int) bool {
	before, after := m.around(i, w, start, end)
	switch r {
	case '“', '„', '‟', '「', '『':
		return true
	case '«', '‹', '»', '›':
		return !unicode.IsLetter(before) && !unicode.IsDigit(before) && (r == '«' || r == '‹' || !unicode.IsSpace(after))
	case '"', '”':
		return (before == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{—–-/:‘'>", before)) && after != 0 && !unicode.IsSpace(after)
	}
	return false
}

// pairs are the marks that close what a mark opens.
var pairs = map[rune]string{
	'“': "”", '„': "“”", '‟': "”", '«': "»", '»': "«", '‹': "›", '›': "‹",
	'「': "」", '『': "』", '"': "\"”", '”': "”",
}

// closes reports whether the mark r at i closes a quotation opened by open.
func (m *marks) closes(open, r rune, i, w, start, end int) bool {
	if !strings.ContainsRune(pairs[open], r) {
		return false
	}
	if r != open {
		return true
	}
	before, after := m.around(i, w, start, end)
	return !unicode.IsSpace(before) || after == 0 || !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// slips reports whether the mark at i closes what a curly mark opened though it
// is not the curly mark that should: “so it stands in many archives."
func (m *marks) slips(i, w, start, end int) bool {
	before, after := m.around(i, w, start, end)
	return before != 0 && !unicode.IsSpace(before) && !strings.ContainsRune("([{—–-/", before) && !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// around are the characters before and after the mark at i, 0 at the edges.
func (m *marks) around(i, w, start, end int) (before, after rune) {
	if i > start {
		before, _ = utf8.DecodeLastRuneInString(m.text[start:i])
	}
	if i+w < end {
		after, _ = utf8.DecodeRuneInString(m.text[i+w : end])
	}
	return before, after
}

// single is where the quotation that the single mark at i opens is closed, or
// 0 if the mark is an apostrophe.
func (m *marks) single(r rune, i, w, start, end int) int {
	before, after := m.around(i, w, start, end)
	if unicode.IsLetter(before) || unicode.IsDigit(before) || unicode.IsDigit(after) || !unicode.IsLetter(after) && !strings.ContainsRune("“\"", after) {
		return 0
	}
	if r == '’' || elided(m.text[i+w:end]) {
		return 0
	}
	if m.looked > maxLooked*len(m.text) {
		return 0
	}
	at, read := m.singleEnd(i+w, start, end)
	m.looked += read
	return at
}

// singleEnd is the mark that closes the quotation in single marks whose words
// begin at i, or 0, and how many bytes were read to find it. A mark behind an
// s may be the apostrophe of a plural: a later one is better.
func (m *marks) singleEnd(i, start, end int) (best, read int) {
	stop := min(end, i+maxSingle)
	for k := i; k < stop; {
		c, cw := utf8.DecodeRuneInString(m.text[k:end])
		if c == '\'' || c == '’' {
			b, a := m.around(k, cw, start, end)
			switch {
			case unicode.IsLetter(a) || unicode.IsDigit(a):
				if best > 0 && (unicode.IsSpace(b) || b == 0) {
					return best, k - i // another one opens
				}
			case unicode.IsSpace(b):
			case best == 0 || b != 's':
				best = k
				if b != 's' || !unicode.IsSpace(a) {
					return k, k - i
				}
			}
		}
		k += cw
	}
	return best, stop - i
}

// elided reports whether s begins with a word that is written with a leading
// apostrophe.
func elided(s string) bool {
	for _, w := range [...]string{"tis ", "twas ", "em ", "cause ", "til ", "n' ", "n’ ", "round "} {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
			return true
		}
	}
	return false
}

// within are the parts of quotations in [start, end), without marks and
// without a comma that belongs to the sentence around them.
func within(text string, quotes []quote, start, end int) []claims.Offsets {
	var out []claims.Offsets
	for i := firstQuote(quotes, start); i < len(quotes) && quotes[i].outer.Start < end; i++ {
		o := trimmed(text, max(start, quotes[i].inner.Start), min(end, quotes[i].inner.End))
		for o.Start < o.End && text[o.End-1] == ',' {
			o.End--
		}
		if o.Start < o.End {
			out = append(out, o)
		}
	}
	return out
}

// firstQuote is the index of the first quotation that ends after at.
func firstQuote(quotes []quote, at int) int {
	lo, hi := 0, len(quotes)
	for lo < hi {
		mid := (lo + hi) / 2
		if quotes[mid].outer.End <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
