package claims

import (
	"strings"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// ContextLen is how many bytes, at most, Prefix and Suffix of a Span hold.
const ContextLen = 64

// Span is a place in a text: W3C TextPositionSelector (Start, End) and
// TextQuoteSelector (Quote, Prefix, Suffix) in one.
type Span struct {
	Start, End int    // bytes of UTF-8, half-open, on rune boundaries
	Quote      string // the text between them, to the letter
	Prefix     string // what stands before it, for finding it again
	Suffix     string // what stands after it
}

// SpanAt is the span [start, end) of text with its quotation and context.
// Invalid if the offsets are out of range, empty or inside a rune.
func SpanAt(text string, start, end int) (Span, error) {
	if !onBoundary(text, start) || !onBoundary(text, end) || start >= end {
		return Span{}, errs.New("claims.SpanAt", errs.Invalid, "That selection does not fit the text. Select the words again.")
	}
	return Span{
		Start: start, End: end, Quote: text[start:end],
		Prefix: text[runeFloor(text, start-ContextLen, start):start],
		Suffix: text[end:runeFloor(text, end+ContextLen, end)],
	}, nil
}

// Check is Invalid unless text[s.Start:s.End] == s.Quote, the offsets lie on
// rune boundaries, and the context is what stands around the quotation.
func (s Span) Check(text string) error {
	const op = "claims.Span.Check"
	switch {
	case !onBoundary(text, s.Start), !onBoundary(text, s.End), s.Start >= s.End:
		return errs.Newf(op, errs.Invalid, "The place %d to %d does not fit the text.", s.Start, s.End)
	case text[s.Start:s.End] != s.Quote:
		return errs.Newf(op, errs.Invalid, "The text at %d to %d is not what was quoted.", s.Start, s.End)
	case len(s.Prefix) > s.Start || text[s.Start-len(s.Prefix):s.Start] != s.Prefix,
		len(s.Suffix) > len(text)-s.End || text[s.End:s.End+len(s.Suffix)] != s.Suffix:
		return errs.Newf(op, errs.Invalid, "The text around %d to %d is not what was quoted.", s.Start, s.End)
	}
	return nil
}

// Overlaps reports whether the two spans share a byte.
func (s Span) Overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }

func onBoundary(text string, i int) bool {
	return i >= 0 && i <= len(text) && (i == len(text) || utf8.RuneStart(text[i]))
}

// runeFloor is the rune boundary at or before i, kept within [0, len(text)]
// on near's side: never past near when i lies before it, never before it when
// i lies after.
func runeFloor(text string, i, near int) int {
	if i <= 0 {
		return 0
	}
	if i >= len(text) {
		return len(text)
	}
	for i > 0 && i != near && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// CodePoints converts byte offsets of one text to Unicode code points in one
// pass over it, however many offsets are asked for in ascending order.
type CodePoints struct {
	text         string
	bytes, runes int
}

// NewCodePoints returns a converter for text.
func NewCodePoints(text string) *CodePoints { return &CodePoints{text: text} }

// At is the number of code points before byte offset i, which must lie on a
// rune boundary of the text. Ascending calls cost one pass in all; an earlier
// offset starts over.
func (c *CodePoints) At(i int) int {
	if i < c.bytes {
		c.bytes, c.runes = 0, 0
	}
	c.runes += utf8.RuneCountInString(c.text[c.bytes:i])
	c.bytes = i
	return c.runes
}

// maxParagraph bounds the context that Paragraph shows, in bytes to each side:
// a text may be one line of megabytes.
const maxParagraph = 1_500

// Paragraph is the span of the line of text that holds s, cut to about 1,500
// bytes on each side. s must hold on text.
func Paragraph(text string, s Span) Span {
	start := runeFloor(text, s.Start-maxParagraph, s.Start)
	if i := strings.LastIndexByte(text[start:s.Start], '\n'); i >= 0 {
		start += i + 1
	}
	end := runeFloor(text, s.End+maxParagraph, s.End)
	if i := strings.IndexByte(text[s.End:end], '\n'); i >= 0 {
		end = s.End + i
	}
	return Span{Start: start, End: end, Quote: text[start:end]}
}
