package evidence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"
)

// Op is what became of some words.
type Op string

// The operations.
const (
	Kept    Op = "kept"
	Added   Op = "added"
	Removed Op = "removed"
	Skipped Op = "skipped" // kept, and too far from a change to repeat; Text is empty
)

// Change is neighbouring words to which the same happened.
type Change struct {
	Op   Op
	Text string
}

// around is how many bytes of kept words are shown on either side of a change.
const around = 120

// Diff says in words how before became after; nil if they are equal. Kept words
// far from any change are Skipped. Texts of MaxText bytes take about a second.
func Diff(before, after string) []Change {
	if before == after {
		return nil
	}
	var out []Change
	put := func(op Op, lines string) {
		if lines != "" {
			out = append(out, Change{op, unlines(lines)})
		}
	}
	a, b := toLines(before), toLines(after)
	at := 0
	for _, e := range udiff.Lines(a, b) {
		put(Kept, a[at:e.Start])
		put(Removed, a[e.Start:e.End])
		put(Added, e.New)
		at = e.End
	}
	put(Kept, a[at:])
	return shorten(out)
}

// A word per line, with the space that follows it, makes a difference of lines
// one of words. A line end inside the text becomes a sign that no text holds.
const lineEnd = "\x00"

func toLines(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/5)
	space := false
	for _, r := range strings.ReplaceAll(text, "\n", lineEnd) {
		gap := unicode.IsSpace(r) || r == 0
		if space && !gap {
			b.WriteByte('\n')
		}
		space = gap
		b.WriteRune(r)
	}
	if text != "" {
		b.WriteByte('\n')
	}
	return b.String()
}

func unlines(lines string) string {
	return strings.ReplaceAll(strings.ReplaceAll(lines, "\n", ""), lineEnd, "\n")
}

// shorten replaces what is far from a change.
func shorten(in []Change) []Change {
	var out []Change
	for i, c := range in {
		if c.Op != Kept {
			out = append(out, c)
			continue
		}
		head, tail := around, around
		if i == 0 {
			head = 0
		}
		if i == len(in)-1 {
			tail = 0
		}
		if len(c.Text) <= head+tail+around {
			out = append(out, c)
			continue
		}
		if head > 0 {
			out = append(out, Change{Kept, c.Text[:wordEnd(c.Text, head)]})
		}
		out = append(out, Change{Op: Skipped})
		if tail > 0 {
			out = append(out, Change{Kept, c.Text[wordEnd(c.Text, len(c.Text)-tail):]})
		}
	}
	return out
}

// wordEnd is the end of the word at which byte i of s stands, with the space
// after it; of one that is very long, the next rune.
func wordEnd(s string, i int) int {
	for i < len(s) && s[i]&0xc0 == 0x80 {
		i++
	}
	if end := strings.IndexFunc(s[i:min(len(s), i+around)], unicode.IsSpace); end >= 0 {
		_, n := utf8.DecodeRuneInString(s[i+end:])
		return i + end + n
	}
	return i
}
