package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what sort of token it is.
type kind uint8

const (
	word kind = iota
	number
	possessive // ’s and ’ after a name or noun
	comma
	stop  // . ? ! and their like
	colon // :
	semicolon
	dash // between words, not inside one
	opening
	closing
	quoteMark // of a paired quotation
	quoted    // stands for a whole quotation in a reduced sentence
	other
)

// shape is how a word is written.
type shape uint16

const (
	capital  shape = 1 << iota // starts with an upper-case letter
	upper                      // two letters or more, none lower case
	initial                    // first word of the sentence or of a quotation
	adverbly                   // ends in -ly
	ed                         // ends in -ed
	ing                        // ends in -ing
	plurally                   // ends in -s
	clock                      // number: 11:30
	year                       // number: 1900 to 2100, four digits
	money                      // number: with a currency sign
	percent                    // number: with a percent sign
)

// token is a word, number or mark of a sentence; offsets are bytes of the text.
type token struct {
	start, end int
	bits       lex
	quote      int // index of the outermost quotation that holds it, -1 if none
	kind       kind
	shape      shape
}

func (t token) is(bits lex) bool     { return t.bits&bits != 0 }
func (t token) has(s shape) bool     { return t.shape&s != 0 }
func (t token) name() bool           { return t.kind == word && t.shape&capital != 0 }
func (t token) text(s string) string { return s[t.start:t.end] }

// scanner cuts sentences into tokens. It keeps its buffers, so that a sentence
// costs no allocation.
type scanner struct {
	text   string
	lex    *lexicon
	quotes []quote
	next   int // first quote that may overlap what is scanned
	toks   []token
	low    []byte
	ents   []*entry // beside toks
}

// tokens are those of text[start:end]. The slice is good until the next call.
func (s *scanner) tokens(start, end int) []token {
	s.toks, s.ents = s.toks[:0], s.ents[:0]
	s.seek(start)
	for i := start; i < end; {
		i = s.token(i, end)
	}
	s.phrases()
	s.nouns()
	return s.toks
}

// nouns takes the verb classes from words behind an article or a possessive:
// "the claims", "its plan".
func (s *scanner) nouns() {
	for i := 1; i < len(s.toks); i++ {
		if p := s.toks[i-1]; (p.is(lexArticle|lexPossessive) && p.kind == word || p.kind == possessive) && !s.toks[i].is(lexAux|lexModal) {
			s.toks[i].bits &^= lexFinite | lexSay
			if i+1 < len(s.toks) && s.toks[i].text(s.text) == "own" {
				s.toks[i+1].bits &^= lexFinite | lexSay
			}
		}
	}
}

// seek finds the first quotation that ends after start. Sentences come in
// order within a pass, so it seldom has to look back.
func (s *scanner) seek(start int) {
	if s.next > 0 && s.quotes[s.next-1].outer.End > start {
		s.next, _ = slices.BinarySearchFunc(s.quotes, start, func(q quote, at int) int {
			if q.outer.End <= at {
				return -1
			}
			return 1
		})
	}
	for s.next < len(s.quotes) && s.quotes[s.next].outer.End <= start {
		s.next++
	}
}

// token adds the token at i and returns where the next begins.
func (s *scanner) token(i, end int) int {
	r, w := utf8.DecodeRuneInString(s.text[i:end])
	switch {
	case r == ' ' || r == '\t' || r == '\n' || unicode.IsSpace(r) || invisible(r):
		return i + w
	case isDigit(r):
		return s.number(i, i, end)
	case currency(r):
		if j := i + w; j < end && s.text[j] >= '0' && s.text[j] <= '9' {
			return s.number(i, j, end)
		}
		s.put(i, i+w, other, 0, nil)
		return i + w
	case unicode.IsLetter(r):
		return s.word(i, end)
	}
	for s.next < len(s.quotes) && s.quotes[s.next].outer.End <= i {
		s.next++
	}
	if s.next < len(s.quotes) {
		q := s.quotes[s.next]
		if (i >= q.outer.Start && i < q.inner.Start) || (i >= q.inner.End && i < q.outer.End) {
			s.put(i, i+w, quoteMark, 0, nil)
			return i + w
		}
	}
	if (r == '\'' || r == '’') && len(s.toks) > 0 && s.toks[len(s.toks)-1].end == i {
		s.put(i, i+w, possessive, 0, nil)
		return i + w
	}
	s.put(i, i+w, markKind(r), 0, nil)
	return i + w
}

func markKind(r rune) kind {
	switch r {
	case ',', '\u3001', '\u060c', '\uff0c':
		return comma
	case '.', '?', '!', '…', '\u3002', '\uff1f', '\uff01', '\u061f', '\u06d4', '\u0964':
		return stop
	case ':', '\uff1a':
		return colon
	case ';', '\uff1b', '\u061b':
		return semicolon
	case '—', '–', '-', '―', '−':
		return dash
	case '(', '[', '{', '\uff08', '\u3010':
		return opening
	case ')', ']', '}', '\uff09', '\u3011':
		return closing
	}
	return other
}

func currency(r rune) bool { return r == '$' || r == '£' || r == '€' || r == '¥' || r == '₹' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r > 0x7f && unicode.IsDigit(r) }

// invisible marks join or direct other signs and are not read.
func invisible(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff || r == 0xad
}

func (s *scanner) put(start, end int, k kind, sh shape, e *entry) {
	t := token{start: start, end: end, quote: -1, kind: k, shape: sh}
	if e != nil {
		t.bits = e.bits
	}
	for s.next < len(s.quotes) && s.quotes[s.next].outer.End <= start {
		s.next++
	}
	if s.next < len(s.quotes) && s.quotes[s.next].outer.Start <= start {
		t.quote = s.next
	}
	if n := len(s.toks); k == word && (n == 0 || s.toks[n-1].kind == quoteMark || s.toks[n-1].kind == stop || s.toks[n-1].kind == colon) {
		t.shape |= initial
	}
	s.toks = append(s.toks, t)
	s.ents = append(s.ents, e)
}

// number reads digits with marks between them, a currency sign before and a
// unit glued behind: 1,200 11:30 $3.5bn 12% 15th 2022.
func (s *scanner) number(start, i, end int) int {
	digits, sh := 0, shape(0)
	if start < i {
		sh |= money
	}
	head := i
	for i < end {
		r, w := utf8.DecodeRuneInString(s.text[i:end])
		if isDigit(r) {
			digits++
		} else if !numberMark(r) || !digitAt(s.text, i+w, end) {
			break
		} else if r == ':' {
			sh |= clock
		}
		i += w
	}
	if digits == 4 && i-head == 4 && (s.text[head:head+2] == "19" || s.text[head:head+2] == "20") {
		sh |= year
	}
	tail := i
	for i < end && (s.text[i] >= 'a' && s.text[i] <= 'z' || s.text[i] >= 'A' && s.text[i] <= 'Z' || s.text[i] == '-' && i > tail) && i-tail < 24 {
		i++
	}
	for i > tail && s.text[i-1] == '-' {
		i--
	}
	var e *entry
	if i > tail {
		e = s.entry(tail, i)
		if e == nil {
			e = s.entry(head, i)
		}
		if e != nil && e.bits&lexClock != 0 {
			sh |= clock
		}
		if i-tail == 1 && s.text[tail] == 's' {
			sh &^= year
		}
	}
	if i < end && s.text[i] == '%' {
		sh |= percent
		i++
	}
	s.put(start, i, number, sh, e)
	return i
}

func numberMark(r rune) bool {
	return r == ',' || r == '.' || r == ':' || r == '/' || r == '\u00a0' || r == '\u202f'
}

func digitAt(s string, i, end int) bool { return i < end && s[i] >= '0' && s[i] <= '9' }

// word reads letters with apostrophes, hyphens and full stops inside: don’t,
// O’Brien, face-to-face, U.S. A trailing ’s becomes a token of its own, except
// after pronouns, where it is a verb.
func (s *scanner) word(start, end int) int {
	i, letters, caps, dots := start, 0, 0, 0
	for i < end {
		c := s.text[i]
		if c < utf8.RuneSelf {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				letters++
				i++
				continue
			case c >= 'A' && c <= 'Z':
				letters++
				caps++
				i++
				continue
			case (c == '-' || c == '\'') && i+1 < end && letterAt(s.text, i+1, end):
				i++
				continue
			case c == '.' && i+1 < end && letterAt(s.text, i+1, end) && letters == dots+1:
				dots++ // U.S, a.m
				i++
				continue
			case c == '.' && dots > 0 && letters == dots+1:
				i++ // the last stop of U.S.
			}
			break
		}
		r, w := utf8.DecodeRuneInString(s.text[i:end])
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			letters++
			if unicode.IsUpper(r) {
				caps++
			}
		} else if (r != '’' && r != '‑') || !letterAt(s.text, i+w, end) {
			if !joiner(r) {
				break
			}
		}
		i += w
	}
	base := i
	if n := possessiveLen(s.text[start:i]); n > 0 {
		if e := s.entry(start, i); e == nil {
			base = i - n
		}
	}
	e, sh := s.entry(start, base), s.shapeOf(start, base, letters, caps)
	s.put(start, base, word, sh, e)
	if sh&capital == 0 { // the sun is no Sunday, us is no country
		s.toks[len(s.toks)-1].bits &^= lexCalendar | lexPlace
	}
	if sh&upper != 0 { // US is no pronoun
		s.toks[len(s.toks)-1].bits &^= lexPron12 | lexPron3 | lexObjPron | lexPossessive | lexFinite | lexModal
	}
	if base < i {
		s.put(base, i, possessive, 0, nil)
	}
	return i
}

func joiner(r rune) bool { return r == 0x200c || r == 0x200d || r == 0xad }

func letterAt(s string, i, end int) bool {
	if i >= end {
		return false
	}
	if c := s[i]; c < utf8.RuneSelf {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(s[i:end])
	return unicode.IsLetter(r)
}

// possessiveLen is the length of a trailing ’s, or 0.
func possessiveLen(w string) int {
	for _, p := range [...]string{"'s", "’s", "'S", "’S"} {
		if len(w) > len(p) && strings.HasSuffix(w, p) {
			return len(p)
		}
	}
	return 0
}

func (s *scanner) shapeOf(start, end, letters, caps int) shape {
	w := s.text[start:end]
	sh := shape(0)
	r, _ := utf8.DecodeRuneInString(w)
	if unicode.IsUpper(r) {
		sh |= capital
	}
	if caps >= 2 && caps == letters {
		sh |= upper
	}
	n := len(w)
	switch {
	case n > 4 && w[n-2:] == "ly":
		sh |= adverbly
	case n > 3 && w[n-2:] == "ed":
		sh |= ed
	case n > 4 && w[n-3:] == "ing":
		sh |= ing
	case n > 3 && w[n-1] == 's' && w[n-2] != 's':
		sh |= plurally
	}
	return sh
}

// maxWord is the longest word that is looked up, in bytes.
const maxWord = 32

// entry looks text[start:end] up in lower case with straight apostrophes.
func (s *scanner) entry(start, end int) *entry {
	if end-start > maxWord {
		return nil
	}
	s.low = s.low[:0]
	for i := start; i < end; i++ {
		c := s.text[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= utf8.RuneSelf:
			if strings.HasPrefix(s.text[i:end], "’") {
				s.low = append(s.low, '\'')
				i += len("’") - 1
				continue
			}
		}
		s.low = append(s.low, c)
	}
	if n := len(s.low); n > 2 && s.low[n-1] == '.' {
		s.low = s.low[:n-1] // u.s. is filed as u.s
	}
	return s.lex.words[string(s.low)]
}

// phrases adds the classes of cues of several words to their first token.
func (s *scanner) phrases() {
	for i, e := range s.ents {
		if e == nil || len(e.phrases) == 0 {
			continue
		}
		for _, p := range e.phrases {
			if s.follows(i+1, p.rest) {
				s.toks[i].bits |= p.bits
			}
		}
	}
}

func (s *scanner) follows(i int, rest []string) bool {
	if i+len(rest) > len(s.toks) {
		return false
	}
	for k, w := range rest {
		t := s.toks[i+k]
		if t.end-t.start != len(w) || !strings.EqualFold(s.text[t.start:t.end], w) {
			return false
		}
	}
	return true
}
