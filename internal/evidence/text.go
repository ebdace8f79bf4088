package evidence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut is s without what is over n bytes, on a rune boundary.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// printable reports whether people can see r.
func printable(r rune) bool { return unicode.IsPrint(r) }

// line makes somebody else's words fit on one line of n bytes.
func line(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	return cut(strings.Join(strings.Fields(s), " "), n)
}
