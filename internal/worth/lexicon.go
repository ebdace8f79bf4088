package worth

import (
	"bufio"
	"strings"
)

// classes are the word classes of data/models/words.txt, in the order of the
// dense features. TestEveryClassHasWords holds both to each other.
var classes = []string{
	"amount", "money", "unit", "span", "month", "more", "change", "cause", "negation", "all", "law", "office",
	"state", "past", "future", "duty", "hedge", "think", "judge", "feeling", "self", "we", "you", "they", "it",
	"ask", "courtesy", "say", "source", "link", "prep", "article", "war", "health", "economy", "crime", "vague",
	"quotative",
}

// languages have a class of commonest words each, "lang-en" and so on. They
// are no features. Their bits start at firstLanguage.
var languages = []string{"en", "es", "nl", "de", "it"}

const firstLanguage = 48

// lexicon finds the classes of a word by its key, as bits.
type lexicon map[uint64]uint64

// bitOf is the bit of a class, or -1.
func bitOf(class string) int {
	for i, c := range classes {
		if c == class {
			return i
		}
	}
	for i, l := range languages {
		if "lang-"+l == class {
			return firstLanguage + i
		}
	}
	return -1
}

// readLexicon reads the format that the head of words.txt describes.
func readLexicon(text string) lexicon {
	lex := lexicon{}
	var scan scanner
	bit := -1
	for sc := bufio.NewScanner(strings.NewReader(text)); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			bit = bitOf(strings.Trim(line, "[]"))
		case bit >= 0:
			for w := range strings.FieldsSeq(line) {
				scan.scan(w)
				if len(scan.tokens) == 1 {
					lex[scan.tokens[0].key] |= 1 << bit
				}
			}
		}
	}
	return lex
}
