package match

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is read of one text; what is longer is cut, so that no text
// can make a query or a record dear.
const (
	maxTextBytes = 16 << 10
	maxWords     = 1200
)

// word is one indexed word of a text.
type word struct {
	stem    string // folded and stemmed
	written string // as it stands in the text
	name    bool   // written with a capital, not only because it opens a sentence
	tag     bool   // a part of a handle or a hashtag
}

// parsed is what the index and the features read of one text.
type parsed struct {
	words   []word
	tags    []string // handles and hashtags in lower case that show no seams: to be split by the vocabulary
	numbers []number
	negated bool
	folded  string // for character grams: folded words, each between spaces
}

// number is a quantity with its scale word applied: "$1.8 billion" is 1.8e9.
type number struct {
	value float64
	year  bool // 1900 to 2100 and written without separators
}

var (
	webAddress = regexp.MustCompile(`(?i)\b(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S*`)
	footer     = regexp.MustCompile(`\s[—–-]\s*([^—(]{1,80}?)\s*\(@?(\w{1,30})\)\s*((?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4})?\s*$`)
)

// withoutAddresses is text with a space in place of each web address. Most texts
// have none, which is seen sooner without the expression.
func withoutAddresses(text string) string {
	if !mayHaveAddress(text) {
		return text
	}
	return webAddress.ReplaceAllString(text, " ")
}

// mayHaveAddress is false of what webAddress cannot match: it wants a slash or
// "www.".
func mayHaveAddress(text string) bool {
	if strings.IndexByte(text, '/') >= 0 {
		return true
	}
	for i := range len(text) {
		if text[i] == '.' && i >= 3 && strings.EqualFold(text[i-3:i], "www") {
			return true
		}
	}
	return false
}

// footerOf is where footer matches; nil if it does not.
func footerOf(text string) []int {
	if strings.IndexByte(text, ')') < 0 {
		return nil
	}
	return footer.FindStringSubmatchIndex(text)
}

// post is a social media post that was quoted with its footer, taken apart.
type post struct {
	body   string
	author string    // name and handle
	date   time.Time // zero if the footer has none
}

// readPost takes the footer "— Name (@handle) October 24, 2016" off.
func readPost(text string) post {
	m := footerOf(text)
	if m == nil {
		return post{body: text}
	}
	p := post{body: text[:m[0]], author: text[m[2]:m[3]] + " @" + text[m[4]:m[5]]}
	if m[6] >= 0 {
		if d, err := time.Parse("January 2, 2006", text[m[6]:m[7]]); err == nil {
			p.date = d
		}
	}
	return p
}

// WithoutDate takes the date out of the footer of a quoted post.
func WithoutDate(text string) string {
	if m := footerOf(text); m != nil && m[6] >= 0 {
		return text[:m[6]]
	}
	return text
}

// once reads a text once that repeats its beginning, as texts that were copied
// out of a post and once more out of its picture do; what follows stays.
func once(text string) string {
	const head, slack, least = 24, 8, 8
	if len(text) < 2*head {
		return text
	}
	at := strings.Index(text[head:], text[:head])
	if at < 0 {
		return text
	}
	at += head
	unit, rest := text[:at], text[at:]
	for len(rest) > 0 {
		same := 0
		for same < len(rest) && same < at && rest[same] == unit[same] {
			same++
		}
		need := at - 2 // the whole once more, but for a space
		if len(rest) < at {
			need = len(rest) - slack // or its head, and what was left where it ends
		}
		if same < max(need, head) {
			break
		}
		rest = rest[same:]
		if len(rest) < least {
			return unit
		}
		if same < at-2 {
			break
		}
	}
	if len(rest) == len(text)-at {
		return text
	}
	return unit + "\n" + rest
}

// parse reads text: folding, words, numbers and whether it denies.
func parse(text string) parsed {
	if len(text) > maxTextBytes {
		text = strings.ToValidUTF8(text[:maxTextBytes], "")
	}
	text = withoutAddresses(norm.NFKC.String(text))
	s := splitter{text: text, opens: true}
	s.p.words = make([]word, 0, len(text)/6+2) // about as many as there are
	s.folded.Grow(len(text) + 16)
	s.folded.WriteByte(' ')
	s.run()
	s.p.folded = s.folded.String()
	return s.p
}

type splitter struct {
	text   string
	p      parsed
	folded strings.Builder
	opens  bool // the next word opens a sentence
}

func (s *splitter) run() {
	for i := 0; i < len(s.text) && len(s.p.words) < maxWords; {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case (r == '@' || r == '#') && i+n < len(s.text):
			end := i + n
			for end < len(s.text) {
				q, m := utf8.DecodeRuneInString(s.text[end:])
				if !inWord(q) && q != '_' {
					break
				}
				end += m
			}
			s.tag(s.text[i+n : end])
			i = max(end, i+n)
		case r >= '0' && r <= '9':
			i = s.number(i)
		case inWord(r):
			end := i
			for end < len(s.text) {
				q, m := utf8.DecodeRuneInString(s.text[end:])
				if !inWord(q) && !(apostrophe(q) && end+m < len(s.text) && letterAt(s.text, end+m)) &&
					!(q == '.' && acronym(s.text, i, end)) {
					break
				}
				end += m
			}
			s.word(s.text[i:end], false)
			i = end
		default:
			if r == '.' || r == '!' || r == '?' || r == ':' || r == '\n' || r == '"' || r == '“' || r == '।' {
				s.opens = true
			}
			i += n
		}
	}
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

// acronym says whether the dot at end goes on the abbreviation from start, as
// in U.S.A.
func acronym(s string, start, end int) bool {
	return (end-start)%2 == 1 && s[end-1] < utf8.RuneSelf && unicode.IsUpper(rune(s[end-1])) && (end-start == 1 || s[end-2] == '.') &&
		(end-start > 1 || end+1 < len(s) && s[end+1] < utf8.RuneSelf && unicode.IsUpper(rune(s[end+1])))
}

// word adds a word as it is written.
func (s *splitter) word(w string, tag bool) {
	first, _ := utf8.DecodeRuneInString(w)
	capital := unicode.IsUpper(first)
	name := capital && (!s.opens || tag || upperInside(w))
	s.opens = false
	f := fold(w)
	if i := strings.IndexAny(f, "'"); i >= 0 {
		if strings.HasSuffix(f, "n't") {
			s.p.negated = true
		}
		if i >= 2 && len(f)-i <= 2 && f[len(f)-1] == 's' {
			f = f[:i]
		}
		f = strings.ReplaceAll(f, "'", "")
	}
	f = strings.ReplaceAll(f, ".", "")
	if f == "" {
		return
	}
	if negations[f] {
		s.p.negated = true
	}
	s.folded.WriteString(f)
	s.folded.WriteByte(' ')
	if r, _ := utf8.DecodeRuneInString(f); unspaced(r) {
		s.pairs(f)
		return
	}
	s.p.words = append(s.p.words, word{stem: stem(f), written: w, name: name, tag: tag})
}

func upperInside(w string) bool {
	n := 0
	for _, r := range w {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 2
}

// unspaced says whether words of r's script stand without spaces.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// pairs adds each run of three letters of a script without spaces.
func (s *splitter) pairs(f string) {
	runes := []rune(f)
	const size = 3
	if len(runes) <= size {
		s.p.words = append(s.p.words, word{stem: f, written: f})
		return
	}
	for i := 0; i+size <= len(runes) && len(s.p.words) < maxWords; i++ {
		s.p.words = append(s.p.words, word{stem: string(runes[i : i+size]), written: string(runes[i : i+size])})
	}
}

// tag adds a handle or a hashtag whole and in parts: HeroWombats is
// herowombats, hero and wombats.
func (s *splitter) tag(t string) {
	if t == "" {
		return
	}
	parts := seams(t)
	if len(parts) == 1 {
		whole := fold(parts[0])
		s.word(parts[0], true)
		if utf8.RuneCountInString(whole) >= 6 {
			s.p.tags = append(s.p.tags, whole)
		}
		return
	}
	whole := fold(strings.ReplaceAll(t, "_", ""))
	if whole != "" {
		s.p.words = append(s.p.words, word{stem: stem(whole), written: t, tag: true})
	}
	for _, p := range parts {
		if utf8.RuneCountInString(p) > 1 {
			s.word(p, true)
		}
	}
}

// seams cuts at underscores, before capitals and between letters and digits.
func seams(t string) []string {
	var parts []string
	start := 0
	runes := []rune(t)
	cut := func(end int) {
		if end > start {
			parts = append(parts, string(runes[start:end]))
		}
		start = end
	}
	for i, r := range runes {
		switch {
		case r == '_':
			cut(i)
			start = i + 1
		case i == start:
		case unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])),
			unicode.IsDigit(r) != unicode.IsDigit(runes[i-1]) && !unicode.IsMark(r):
			cut(i)
		}
	}
	cut(len(runes))
	return parts
}

// number reads digits with their separators, adds them as a word and as a
// quantity, and returns where they end.
func (s *splitter) number(i int) int {
	start := i
	var digits []byte
	dot, separated := false, false
	for ; i < len(s.text); i++ {
		c := s.text[i]
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
			continue
		case c == ',' && digitsAt(s.text, i+1, 3) && !digitsAt(s.text, i+1, 4):
			separated = true
			continue
		case c == '.' && !dot && digitsAt(s.text, i+1, 1):
			dot = true
			digits = append(digits, c)
			continue
		}
		break
	}
	end := i
	for end < len(s.text) {
		q, m := utf8.DecodeRuneInString(s.text[end:])
		if !inWord(q) {
			break
		}
		end += m
	}
	suffix := strings.ToLower(s.text[i:end])
	s.opens = false
	f := string(digits)
	if len(f) > 40 {
		f = f[:40]
	}
	s.folded.WriteString(f)
	s.folded.WriteByte(' ')
	s.p.words = append(s.p.words, word{stem: f, written: f})
	if suffix != "" && len(suffix) <= 24 {
		s.p.words = append(s.p.words, word{stem: stem(fold(suffix)), written: suffix})
	}
	v, err := strconv.ParseFloat(f, 64)
	if err != nil {
		return end
	}
	year := !separated && !dot && end-start == 4 && v >= 1900 && v <= 2100
	if scale, ok := scales[suffix]; ok && suffix != "" {
		v *= scale
	} else if suffix == "" {
		v *= scaleWord(s.text[end:])
	}
	s.p.numbers = append(s.p.numbers, number{v, year})
	return end
}

func digitsAt(s string, i, n int) bool {
	if i+n > len(s) {
		return false
	}
	for _, c := range []byte(s[i : i+n]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

var scales = map[string]float64{
	"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9,
	"trillion": 1e12, "lakh": 1e5, "crore": 1e7, "millions": 1e6, "billions": 1e9, "hundred": 100,
	"mil": 1e3, "milhao": 1e6, "milhoes": 1e6, "bilhoes": 1e9, "millones": 1e6, "millon": 1e6, "mio": 1e6, "mrd": 1e9,
	"millionen": 1e6, "milliarden": 1e9, "milliards": 1e9, "mln": 1e6, "mld": 1e9, "juta": 1e6, "ribu": 1e3,
}

// scaleWord is the factor of the word that follows a number, or 1.
func scaleWord(rest string) float64 {
	rest = strings.TrimLeft(rest[:min(len(rest), 32)], " -\u00a0")
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(rest)
	}
	if end < 2 {
		return 1
	}
	if f, ok := scales[fold(rest[:end])]; ok {
		return f
	}
	return 1
}

// fold makes a word comparable: lower case, no Latin accents, one form of the
// Arabic letters that are written in several.
func fold(w string) string {
	ascii := true
	for i := range len(w) {
		if w[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(w)
	}
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range norm.NFD.String(w) {
		switch {
		case r >= 0x0300 && r <= 0x036F, r >= 0x064B && r <= 0x065F, r == 0x0640, r == 0x200C, r == 0x200D:
			continue
		case apostrophe(r):
			r = '\''
		default:
			r = foldRune(unicode.ToLower(r))
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

func foldRune(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ':
		return 'd'
	case 'ı':
		return 'i'
	case 'ё':
		return 'е'
	}
	return r
}
