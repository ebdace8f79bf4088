package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// sampleWords is how many words decide the language of a text that does not
// say it.
const sampleWords = 600

// isEnglish reports whether the text is English: by its declared language, or
// else by the share of English function words in it.
func isEnglish(lang, text string) bool {
	if lang != "" && !strings.EqualFold(lang, "und") {
		return strings.EqualFold(lang, "en") || len(lang) > 2 && strings.EqualFold(lang[:3], "en-")
	}
	n, english := 0, 0
	for w := range strings.FieldsFuncSeq(text[:runeBefore(text, 20_000)], func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		n++
		if englishWords[strings.ToLower(w)] {
			english++
		}
		if n >= sampleWords {
			break
		}
	}
	return n > 0 && (english*8 >= n || n < 60 && english*14 >= n)
}

// englishWords are function words that few other languages share.
var englishWords = map[string]bool{
	"the": true, "and": true, "of": true, "to": true, "that": true, "with": true, "is": true, "was": true, "for": true, "has": true,
	"have": true, "are": true, "were": true, "by": true, "from": true, "said": true, "which": true, "it": true, "he": true, "she": true,
	"they": true, "be": true, "not": true, "would": true, "will": true, "this": true, "on": true, "at": true, "been": true, "their": true,
	"its": true, "his": true, "who": true, "more": true, "than": true, "had": true, "but": true, "as": true, "a": true,
}

func runeBefore(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// foreign proposes the sentences of a text that the word lists do not know:
// those with a number, and those that a judge finds worth it.
func (x *extraction) foreign() {
	for _, s := range x.sents {
		if !s.readable() || question(x.text[s.Start:s.End]) {
			continue
		}
		start := x.start(s)
		if n := utf8.RuneCountInString(x.text[start:s.End]); n < 12 || n > 500 {
			continue
		}
		f := found{sentence: s.Offsets, score: foreignScore, kind: claims.Other, foreign: true, asker: x.byAsker(s.line)}
		f.start, f.end = start, s.End
		x.numbers(&f)
		if len(f.marks) == 0 && !x.judges {
			continue
		}
		o := trimmed(x.text, f.start, f.end)
		if o.Start >= o.End {
			continue
		}
		f.start, f.end = o.Start, o.End
		x.foreignVoice(&f)
		if f.due = foreignDue(x.text, x.scan.tokens(f.start, f.end), x.today); !f.due.IsZero() && f.kind == claims.Other {
			f.kind = claims.Prediction
		}
		x.keep(f)
	}
}

// foreignScore is what the rules think of a sentence with a number in a language
// that they do not know.
const foreignScore = 0.3

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// numbers notes the numbers of f.
func (x *extraction) numbers(f *found) {
	for _, t := range x.scan.tokens(f.start, f.end) {
		digits := t.kind == word && strings.ContainsAny(t.text(x.text), "0123456789") && !strings.ContainsFunc(t.text(x.text), latin) // scripts without spaces, not COVID-19
		if t.kind == number && !t.has(clock) && !t.has(year) || digits {
			if len(f.marks) == 0 {
				f.kind, f.reasons = claims.Quantity, []string{rules[GivesNumber].reason}
			}
			if len(f.marks) < maxMarks {
				f.marks = append(f.marks, mark{GivesNumber, claims.Offsets{Start: t.start, End: t.end}})
			}
		}
	}
}

// foreignVoice says whether f is somebody's words: all of it, or some of it in
// quotation marks. Whose, nobody knows.
func (x *extraction) foreignVoice(f *found) {
	f.who.Type = claims.NoSource
	inside := within(x.text, x.disc.quotes, f.start, f.end)
	long := 0
	for _, q := range inside {
		long = max(long, wordsUpTo(x.text[q.Start:q.End], 4))
		f.marks = append(f.marks, mark{QuotesWords, claims.Offsets{Start: max(f.start, q.Start-3), End: q.Start}})
	}
	if i := firstQuote(x.disc.quotes, f.start); i < len(x.disc.quotes) && x.disc.quotes[i].outer.Start <= f.start && x.disc.quotes[i].outer.End >= f.end {
		f.who.Type = claims.Direct
	} else if long >= 4 {
		f.who.Type = claims.Mixed
	}
	if len(inside) > 0 && f.kind == claims.Other {
		f.kind = claims.QuoteKind
	}
}
