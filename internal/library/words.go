package library

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTerms is how many words of a question are looked for.
const maxTerms = 8

// Words is a text as it is indexed: folded words with one space between them.
// Both databases index these words as they are, so that a search finds the
// same in both. Folding takes accents, case and the plural away; writing
// without spaces between words is cut into pairs of signs.
func Words(text string) string {
	var b strings.Builder
	for w := range wordsOf(text) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// Terms are the words of a question that are worth looking for, each once, at
// most maxTerms, in its order: without words that stand in every text, unless
// there are no others. If there are more, the longest stay.
func Terms(question string) []string {
	var all, rare []string
	for w := range wordsOf(question) {
		if slices.Contains(all, w) || len(all) > 200 {
			continue
		}
		all = append(all, w)
		if !stopWords[w] {
			rare = append(rare, w)
		}
	}
	if len(rare) == 0 {
		rare = all
	}
	if len(rare) <= maxTerms {
		return rare
	}
	longest := slices.Clone(rare)
	slices.SortStableFunc(longest, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	longest = longest[:maxTerms]
	return slices.DeleteFunc(rare, func(w string) bool { return !slices.Contains(longest, w) })
}

// Spare is how many of n words of a question may be missing from what it
// finds: none of one or two, one of up to five, two of more.
func Spare(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 6:
		return 1
	}
	return 2
}

// Alternatives are the sets of terms of which one must be found whole: terms
// without any spare ones of them, 0 to 2.
func Alternatives(terms []string, spare int) [][]string {
	if spare <= 0 || len(terms) <= spare {
		return [][]string{terms}
	}
	var out [][]string
	for i := range terms {
		one := slices.Delete(slices.Clone(terms), i, i+1)
		if spare == 1 {
			out = append(out, one)
			continue
		}
		for j := i; j < len(one); j++ {
			out = append(out, slices.Delete(slices.Clone(one), j, j+1))
		}
	}
	return out
}

// maxWord is how long an indexed word is at most, in bytes.
const maxWord = 60

// wordsOf yields the folded words of a text.
func wordsOf(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		var word []byte
		var before rune // the sign before, if it is of a writing without spaces
		flush := func() bool {
			w := stem(word)
			word = word[:0]
			return len(w) == 0 || yield(string(w[:min(len(w), maxWord)]))
		}
		for _, r := range fold(text) {
			switch {
			case unspaced(r):
				if !flush() {
					return
				}
				if before != 0 && !yield(string([]rune{before, r})) {
					return
				}
				before = r
				continue
			case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
				word = append(word, byte(r))
			case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
				word = utf8.AppendRune(word, r)
			case r == '\'' || r == '’' || r == '\u00ad' || r == '\u200b' || r == '\u200c' || r == '\u200d':
			default:
				if !flush() {
					return
				}
			}
			before = 0
		}
		flush()
	}
}

// fold lowers a text and takes accents away; of Latin, Greek and Cyrillic
// letters only, since elsewhere marks are vowels.
func fold(text string) string {
	ascii := true
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f { // combining marks of European writing
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

// unspaced reports whether r belongs to a writing without spaces.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// stem takes the plural of a word away: Harman's S stemmer ("How effective is
// suffixing?", JASIS 1991). It does little, and nothing wrong in other
// languages, since questions are stemmed alike.
func stem(w []byte) []byte {
	n := len(w)
	if n < 4 || w[n-1] != 's' {
		return w
	}
	switch {
	case strings.HasSuffix(string(w), "ies") && w[n-4] != 'e' && w[n-4] != 'a':
		return append(w[:n-3], 'y')
	case w[n-2] == 'e' && n > 4 && strings.ContainsRune("aeo", rune(w[n-3])):
		return w
	case w[n-2] == 'u' || w[n-2] == 's':
		return w
	}
	return w[:n-1]
}

// stopWords stand in too many texts to tell them apart, as wordsOf leaves them:
// articles, pronouns, prepositions and auxiliaries of the languages that most
// fact-checks are in. "Not" is one: it says much and finds nothing.
var stopWords = stopTable()

func stopTable() map[string]bool {
	table := map[string]bool{}
	for w := range wordsOf(`
a an and are as at be been being but by can could did do does for from had has have he her him his how i if in into is it its
just may me more most my no not of on or our over said say she should so some than that the their them then there these they this
those to up us was we were what when where which while who will with would you your about after all also any because before
der die das den dem des ein eine einer einem einen und oder ist sind war waren wird werden wurde hat haben nicht mit von zu zum zur im in auf
fur als auch aus bei nach sich sie es er wir ihr an dass wie um durch uber vor
le la les un une des du de et ou est sont etait ete a au aux en dans pour par sur avec qui que ne pas plus se sa son ses ce cette il elle ils nous vous
el los las uno una unos y o es son fue era ser ha han en para por con sin que no se su sus lo al del como mas este esta
os um uma e ou foi sao tem no na nos nas do da dos das em por com sem nao mais sua seu ao
il lo gli i un di da per con non che si e sono era ha alla del della nel
het een en van is zijn was niet met voor op dat die te aan bij
och att det som en ett pa for med av till ar inte den har de i om
ve bir bu da de ile icin mi
yang dan di ke dari ini itu untuk dengan tidak
ka ki ke ko hai mein se aur ne par
и в на не что с по к из у за от до о а но как это`) {
		table[w] = true
	}
	return table
}
