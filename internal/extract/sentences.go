package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// maxRun is the longest run of spaces that is looked through between two
// marks that belong together.
const maxRun = 64

// Sentences are the sentences of text in order, without the space around
// them. A line end closes a sentence unless the next line continues a
// hard-wrapped one; within a line a trained model decides (breaks.go).
func Sentences(text string) []claims.Offsets { return SentencesBy(breaks(), text) }

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
		c := text[i]
		if c > '\r' && c < 0xc2 {
			continue
		}
		switch {
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
// it ends inside a sentence, and the next line goes on in lower case; it is
// long, or it begins as a sentence does and the next line ends as one.
func wraps(text string, start, end, next int) bool {
	if end-start > 400 {
		return false
	}
	line := strings.TrimRight(text[start:end], " \t")
	last, _ := utf8.DecodeLastRuneInString(line)
	first, _ := utf8.DecodeRuneInString(text[next:])
	if !unicode.IsLetter(last) && last != ',' || !unicode.IsLower(first) {
		return false
	}
	if end-start >= 40 {
		return true
	}
	head, _ := utf8.DecodeRuneInString(line)
	if !unicode.IsUpper(head) || strings.Count(line, " ") < 3 {
		return false
	}
	stop, _ := lineEnd(text[:min(len(text), next+400)], next)
	tail := strings.TrimRight(text[next:stop], " \t")
	return strings.HasSuffix(tail, ".") || strings.HasSuffix(tail, "?") || strings.HasSuffix(tail, "!")
}

// closers may follow the stop that ends a sentence.
const closers = "\"”»›’'“」』)]"

// firstWord is the first letter or digit of s.
func firstWord(s string) (rune, bool) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r, true
		}
	}
	return 0, false
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
