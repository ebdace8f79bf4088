package export

import (
	"strings"
	"unicode"
	"unicode/utf8"

	udiff "github.com/aymanbagabas/go-udiff"
)

// Op is what became of some words.
type Op string

// The operations.
const (
	Kept    Op = "kept"
	Added   Op = "added"
	Removed Op = "removed"
	Skipped Op = "skipped" // kept, and too long to repeat; Text is empty
)

// Words are neighbouring words to which the same happened.
type Words struct {
	Op   Op
	Text string
}

// around is how many kept words are shown on either side of a change.
const around = 12

// WordDiff is how from became to, word by word. Long runs of kept words are
// shortened to what stands around the changes.
func WordDiff(from, to string) []Words {
	tokens := map[string]rune{}
	var back []string // token of each rune, counted from firstRune
	encode := func(text string) string {
		var b strings.Builder
		for _, t := range tokenise(text) {
			r, ok := tokens[t]
			if !ok {
				r = runeOf(len(back))
				tokens[t] = r
				back = append(back, t)
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	decode := func(coded string) string {
		var b strings.Builder
		for _, r := range coded {
			b.WriteString(back[indexOf(r)])
		}
		return b.String()
	}
	before, after := encode(from), encode(to)
	var out []Words
	add := func(op Op, coded string) {
		if coded != "" {
			out = append(out, Words{op, decode(coded)})
		}
	}
	at := 0
	for _, e := range udiff.Strings(before, after) {
		add(Kept, before[at:e.Start])
		add(Removed, before[e.Start:e.End])
		add(Added, e.New)
		at = e.End
	}
	add(Kept, before[at:])
	return shorten(out)
}

// Each distinct word becomes one rune, so that a difference of runes is one of
// words. The surrogates between are no runes.
const (
	firstRune  = 0x100
	surrogates = 0xD800
	afterwards = 0xE000
)

func runeOf(i int) rune {
	if r := rune(firstRune + i); r < surrogates {
		return r
	}
	return rune(firstRune+i) + afterwards - surrogates
}

func indexOf(r rune) int {
	if r >= afterwards {
		r -= afterwards - surrogates
	}
	return int(r) - firstRune
}

// tokenise divides text into words, the spaces between them and single marks.
func tokenise(text string) []string {
	var out []string
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		if class := classOf(r); class != 0 {
			if end := strings.IndexFunc(text, func(r rune) bool { return classOf(r) != class }); end > 0 {
				n = end
			} else {
				n = len(text)
			}
		}
		out = append(out, text[:n])
		text = text[n:]
	}
	return out
}

// classOf is 1 for spaces, 2 for what words consist of, 0 for marks.
func classOf(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 1
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return 2
	}
	return 0
}

// shorten cuts the middle out of long kept runs.
func shorten(all []Words) []Words {
	var out []Words
	for i, w := range all {
		head, tail := around, around
		if i == 0 {
			head = 0
		}
		if i == len(all)-1 {
			tail = 0
		}
		words := strings.Fields(w.Text)
		if w.Op != Kept || len(words) <= head+tail+around || len(all) == 1 {
			out = append(out, w)
			continue
		}
		if head > 0 {
			out = append(out, Words{Kept, lead(w.Text) + strings.Join(words[:head], " ") + " "})
		}
		out = append(out, Words{Op: Skipped})
		if tail > 0 {
			out = append(out, Words{Kept, " " + strings.Join(words[len(words)-tail:], " ") + trail(w.Text)})
		}
	}
	return out
}

// lead and trail are the space before and behind text, shown as one.
func lead(text string) string {
	if strings.TrimLeftFunc(text, unicode.IsSpace) != text {
		return " "
	}
	return ""
}

func trail(text string) string {
	if strings.TrimRightFunc(text, unicode.IsSpace) != text {
		return " "
	}
	return ""
}
