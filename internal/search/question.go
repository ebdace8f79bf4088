package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/errs"
	"factcheck/internal/library"
)

// Limits of a question.
const (
	MaxQuestion = 400 // bytes
	MaxTerms    = 12
)

// Term is one thing that a text must hold, or must not.
type Term struct {
	Words  []string // folded, side by side
	Prefix bool     // the last of them is how a word begins
}

// Question is what somebody looks for: texts with all of All and none of None.
type Question struct {
	Text string // as it was typed
	All  []Term
	None []Term
}

// Ask reads a question. Invalid if it is too long or names nothing to look for.
func Ask(text string) (Question, error) {
	const op = "search.Ask"
	q := Question{Text: strings.TrimSpace(text)}
	if len(text) > MaxQuestion || !utf8.ValidString(text) {
		return q, errs.Newf(op, errs.Invalid, "Ask in fewer words: at most %d characters.", MaxQuestion)
	}
	for _, piece := range pieces(q.Text) {
		words := strings.Fields(library.Words(piece.text))
		if len(words) == 0 {
			continue
		}
		t := Term{Words: words, Prefix: piece.begins}
		if piece.out {
			q.None = append(q.None, t)
		} else {
			q.All = append(q.All, t)
		}
	}
	if len(q.All)+len(q.None) > MaxTerms {
		return q, errs.Newf(op, errs.Invalid, "Ask in fewer words: at most %d.", MaxTerms)
	}
	if len(q.All) == 0 {
		return q, errs.New(op, errs.Invalid, "Name at least one word to look for.")
	}
	return q, nil
}

type piece struct {
	text        string
	out, begins bool
}

// quotes are the marks around a phrase, and what ends each.
var quotes = map[rune]string{'"': `"`, '“': "”", '„': "“”", '«': "»"}

// pieces cuts a question at its spaces, but not inside quotation marks.
func pieces(text string) []piece {
	var out []piece
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		if unicode.IsSpace(r) {
			text = text[n:]
			continue
		}
		var p piece
		if r == '-' || r == '−' {
			p.out, text = true, text[n:]
			r, n = utf8.DecodeRuneInString(text)
		}
		if ends, ok := quotes[r]; ok {
			text = text[n:]
			end := strings.IndexAny(text, ends)
			if end < 0 {
				p.text, text = text, ""
			} else {
				_, w := utf8.DecodeRuneInString(text[end:])
				p.text, text = text[:end], text[end+w:]
			}
		} else {
			end := strings.IndexFunc(text, unicode.IsSpace)
			if end < 0 {
				end = len(text)
			}
			p.text, text = text[:end], text[end:]
			p.begins = strings.HasSuffix(p.text, "*")
		}
		out = append(out, p)
	}
	return out
}

// Part is a piece of a text, found or not.
type Part struct {
	Text string
	Hit  bool
}

// around is how much of a text is shown before the first hit and after, in bytes.
const around = 140

// Mark cuts a text into what the question found and what stands between. A long
// text is cut to the neighbourhood of the first hit.
func (q Question) Mark(text string) []Part {
	spans := q.spans(text)
	from, to := 0, len(text)
	if len(text) > 3*around {
		first := 0
		if len(spans) > 0 {
			first = spans[0][0]
		}
		from, to = edge(text, max(0, first-around)), edge(text, min(len(text), first+2*around))
	}
	var out []Part
	add := func(s string, hit bool) {
		if s != "" {
			out = append(out, Part{s, hit})
		}
	}
	if from > 0 {
		add("…", false)
	}
	at := from
	for _, s := range spans {
		if s[0] < at || s[1] > to {
			continue
		}
		add(text[at:s[0]], false)
		add(text[s[0]:s[1]], true)
		at = s[1]
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return out
}

// edge is the end of the word or sign at a place in a text.
func edge(text string, at int) int {
	if at <= 0 || at >= len(text) {
		return at
	}
	if i := strings.IndexByte(text[at:], ' '); i >= 0 && i < 40 {
		return at + i
	}
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// spans are where words of the question stand in a text, from left to right.
func (q Question) spans(text string) [][2]int {
	var out [][2]int
	for start := 0; start < len(text); {
		r, n := utf8.DecodeRuneInString(text[start:])
		if !wordRune(r) {
			start += n
			continue
		}
		end := start
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !wordRune(r) {
				break
			}
			end += n
		}
		if q.asks(text[start:end]) {
			out = append(out, [2]int{start, end})
		}
		start = end
	}
	return out
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' || r == '’'
}

// asks reports whether the question looks for that word.
func (q Question) asks(word string) bool {
	for w := range strings.FieldsSeq(library.Words(word)) {
		for _, t := range q.All {
			for i, want := range t.Words {
				if w == want || t.Prefix && i == len(t.Words)-1 && strings.HasPrefix(w, want) {
					return true
				}
			}
		}
	}
	return false
}
