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

// lexicon finds the classes of a word by its key, as bits of classes.
type lexicon map[uint64]uint64

// readLexicon reads the format that the head of words.txt describes.
func readLexicon(text string) lexicon {
	index := map[string]int{}
	for i, c := range classes {
		index[c] = i
	}
	lex := lexicon{}
	var scan scanner
	class := -1
	for sc := bufio.NewScanner(strings.NewReader(text)); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			i, ok := index[strings.Trim(line, "[]")]
			if !ok {
				i = -1
			}
			class = i
		case class >= 0:
			for w := range strings.FieldsSeq(line) {
				scan.scan(w)
				if len(scan.tokens) == 1 {
					lex[scan.tokens[0].key] |= 1 << class
				}
			}
		}
	}
	return lex
}
