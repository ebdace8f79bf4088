package match

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark says what a piece of a text is to the text beside it.
type Mark string

// The marks. The last four part two claims of similar words.
const (
	Plain    Mark = ""
	Shared   Mark = "same"     // a word that both have, and not every text has
	Number   Mark = "number"   // a number that the other has not
	Day      Mark = "date"     // a year, a month or a day of the week that the other has not
	Denial   Mark = "denial"   // a word that denies, where the other does not
	Opposite Mark = "opposite" // the opposite of a word of the other
)

// Parts reports whether the mark speaks for another claim.
func (m Mark) Parts() bool { return m == Number || m == Day || m == Denial || m == Opposite }

// Piece is part of a text. The pieces of a text are the whole of it, in order.
type Piece struct {
	Text string
	Mark Mark
}

// Compare divides two texts into pieces that say what they share and what parts
// them. Numbers and dates are marked as different only if the other text has
// some as well: what it does not speak of is no difference.
func Compare(a, b string) (left, right []Piece) {
	x, y := cut(a), cut(b)
	return pieces(a, x, y), pieces(b, y, x)
}

// compared is one word of a text that is compared.
type compared struct {
	start, end int
	stems      []string
	numbers    []number
	denies     bool
	when       string // the month or the day of the week that it names, or "year"
}

// cut finds the words of a text with where they stand.
func cut(text string) []compared {
	var out []compared
	for i := 0; i < len(text) && len(out) < maxWords; {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		end := len(text)
		if at := strings.IndexFunc(text[i:], unicode.IsSpace); at >= 0 {
			end = i + at
		}
		out = append(out, wordAt(text, i, end))
		i = end
	}
	return out
}

// wordAt reads the word text[start:end]. What follows is read along, for the
// scale of a number: "2 billion".
func wordAt(text string, start, end int) compared {
	w := compared{start: start, end: end}
	p := parse(text[start:end])
	for _, word := range p.words {
		w.stems = append(w.stems, word.stem)
		w.denies = w.denies || denies(word.stem)
		if d := calendar[word.stem]; d != "" {
			w.when = d
		}
	}
	if len(p.numbers) > 0 {
		w.numbers = parse(text[start:min(len(text), end+24)]).numbers[:len(p.numbers)]
		if w.numbers[0].year {
			w.when = "year"
		}
	}
	return w
}

// denies reports whether a stem is a word that denies.
func denies(s string) bool {
	return negations[s] || negations[strings.ReplaceAll(s, "'", "")] || strings.HasSuffix(s, "n't")
}

// calendar are the stems of months and days of the week.
var calendar = func() map[string]string {
	m := map[string]string{}
	for w := range strings.FieldsSeq("january february march april june july august september october november december") {
		m[stem(w)] = "month"
	}
	for w := range strings.FieldsSeq("monday tuesday wednesday thursday friday saturday sunday") {
		m[stem(w)] = "weekday"
	}
	return m
}()

// other is what the text beside has.
type other struct {
	stems   map[string]bool
	numbers []number // but for years
	years   []number
	denies  bool
	when    map[string]bool
}

func besides(words []compared) other {
	o := other{stems: map[string]bool{}, when: map[string]bool{}}
	for _, w := range words {
		for _, s := range w.stems {
			o.stems[s] = true
		}
		for _, n := range w.numbers {
			if n.year {
				o.years = append(o.years, n)
			} else {
				o.numbers = append(o.numbers, n)
			}
		}
		o.denies = o.denies || w.denies
		if w.when != "" {
			o.when[w.when] = true
		}
	}
	return o
}

// pieces marks the words of text against those of another.
func pieces(text string, words, beside []compared) []Piece {
	o := besides(beside)
	var out []Piece
	add := func(s string, m Mark) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Mark == m && (m == Plain || m == Shared) {
			out[n-1].Text += s
			return
		}
		out = append(out, Piece{s, m})
	}
	at := 0
	for _, w := range words {
		core, tail := trim(text[w.start:w.end])
		lead := text[w.start : w.end-len(core)-len(tail)]
		add(text[at:w.start]+lead, Plain)
		add(core, o.mark(w))
		add(tail, Plain)
		at = w.end
	}
	add(text[at:], Plain)
	return out
}

// trim divides a word from the punctuation behind it; what stands before it is
// the rest.
func trim(word string) (core, tail string) {
	inner := strings.TrimLeftFunc(word, unicode.IsPunct)
	core = strings.TrimRightFunc(inner, unicode.IsPunct)
	if core == "" {
		return "", inner
	}
	return core, inner[len(core):]
}

// mark says what a word is to the other text.
func (o other) mark(w compared) Mark {
	if m := o.number(w); m != Plain {
		return m
	}
	switch {
	case w.denies && !o.denies:
		return Denial
	case len(w.stems) == 0:
		return Plain
	case w.when != "" && w.when != "year" && !o.has(w) && o.when[w.when]:
		return Day
	case o.has(w) && slices.ContainsFunc(w.stems, func(s string) bool { return !common[s] }):
		return Shared
	case slices.ContainsFunc(w.stems, func(s string) bool {
		return slices.ContainsFunc(opposites[s], func(t string) bool { return o.stems[t] })
	}):
		return Opposite
	}
	return Plain
}

// has reports whether the other text has every part of the word.
func (o other) has(w compared) bool {
	return !slices.ContainsFunc(w.stems, func(s string) bool { return !o.stems[s] })
}

// number marks a word that holds a number: Plain if it holds none.
func (o other) number(w compared) Mark {
	m := Plain
	for _, n := range w.numbers {
		same, among := o.numbers, Number
		if n.year {
			same, among = o.years, Day
		}
		switch {
		case slices.ContainsFunc(same, func(x number) bool { return math.Abs(n.value-x.value) <= 1e-9*math.Abs(n.value) }):
			m = Shared
		case len(same) > 0:
			return among
		}
	}
	return m
}
