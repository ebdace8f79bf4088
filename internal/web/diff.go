package web

import (
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff"
)

// wordChange is a stretch of words that stayed, went or came.
type wordChange struct {
	Op   string // "", "del" or "ins"
	Text string
}

// maxDiff is how many bytes of text, before and after together, are compared
// word by word; longer ones are shown whole.
const maxDiff = 60_000

// wordDiff says how from became to, in words. Where nothing was before, the
// text is not marked: all of it is new.
func wordDiff(from, to string) []wordChange {
	switch {
	case from == "":
		return []wordChange{{"", to}}
	case to == "":
		return []wordChange{{"del", from}}
	case len(from)+len(to) > maxDiff:
		return []wordChange{{"del", from}, {"ins", to}}
	}
	var out []wordChange
	put := func(op, lines string) {
		if lines != "" {
			out = append(out, wordChange{op, unlines(lines)})
		}
	}
	before, after := toLines(from), toLines(to)
	at := 0
	for _, e := range udiff.Lines(before, after) {
		put("", before[at:e.Start])
		put("del", before[e.Start:e.End])
		put("ins", e.New)
		at = e.End
	}
	put("", before[at:])
	return out
}

// A word per line, with the space that follows it, makes a diff of lines one
// of words. A line end inside the text becomes a sign that text cannot hold.
const lineEnd = "\x00"

func toLines(text string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ReplaceAll(text, "\n", lineEnd) {
		gap := unicode.IsSpace(r) || r == 0
		if space && !gap {
			b.WriteByte('\n')
		}
		space = gap
		b.WriteRune(r)
	}
	b.WriteByte('\n')
	return b.String()
}

func unlines(lines string) string {
	return strings.ReplaceAll(strings.ReplaceAll(lines, "\n", ""), lineEnd, "\n")
}
