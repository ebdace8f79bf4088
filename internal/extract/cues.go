package extract

import (
	"io/fs"
	"strings"
	"sync"

	"factcheck/data"
)

// lex is a set of word classes.
type lex uint64

// The word classes of data/cues. The names in classes must match the section
// heads of the files; TestEveryClassHasWords sees to it.
const (
	lexSay lex = 1 << iota
	lexQuestion
	lexStrict // reports only with "that" or a quotation
	lexAccording
	lexSayNoun
	lexPromise
	lexPosition
	lexDet
	lexArticle
	lexPossessive
	lexPron3
	lexPron12
	lexObjPron
	lexDeictic
	lexPrep
	lexCoord
	lexSubord
	lexContrast
	lexRelative
	lexAux
	lexModal
	lexAdverb
	lexWh
	lexStarter
	lexTime
	lexCalendar
	lexClock
	lexFinite
	lexNumWord
	lexUnit
	lexDuration
	lexOrdinal
	lexFirstness
	lexSuperlative
	lexGeo
	lexComparative
	lexChange
	lexCausal
	lexAbsence
	lexUnchanged
	lexUniversal
	lexLaw
	lexScheduled
	lexFuture
	lexEvent
	lexScene
	lexHedge
	lexOpinion
	lexRating
	lexImperative
	lexPredicate
	lexPostmod
	lexTitle
	lexTitleHead
	lexPortfolio
	lexOrg
	lexSpeaker
	lexPlural
	lexFemale
	lexMale
	lexPlace
	lexDemonym
	lexRegion
)

// classes maps the section heads of data/cues to bits.
var classes = map[string]lex{
	"say": lexSay, "question": lexQuestion, "strict": lexStrict, "according": lexAccording,
	"saynoun": lexSayNoun, "promiseverb": lexPromise, "position": lexPosition,
	"det": lexDet, "article": lexArticle, "possessive": lexPossessive, "pron3": lexPron3,
	"pron12": lexPron12, "objpron": lexObjPron, "deictic": lexDeictic, "prep": lexPrep,
	"coord": lexCoord, "subord": lexSubord, "contrast": lexContrast, "relative": lexRelative,
	"aux": lexAux, "modal": lexModal, "adverb": lexAdverb, "wh": lexWh, "starter": lexStarter,
	"time": lexTime, "calendar": lexCalendar, "clock": lexClock, "finite": lexFinite,
	"numword": lexNumWord, "unit": lexUnit, "duration": lexDuration, "ordinal": lexOrdinal,
	"firstness": lexFirstness, "superlative": lexSuperlative, "geocompare": lexGeo,
	"comparative": lexComparative, "change": lexChange, "causal": lexCausal, "absence": lexAbsence,
	"unchanged": lexUnchanged, "universal": lexUniversal, "law": lexLaw, "scheduled": lexScheduled,
	"future": lexFuture, "event": lexEvent, "scene": lexScene, "hedge": lexHedge,
	"opinion": lexOpinion, "rating": lexRating, "imperative": lexImperative,
	"predicate": lexPredicate, "postmodifier": lexPostmod, "title": lexTitle,
	"titlehead": lexTitleHead, "portfolio": lexPortfolio, "org": lexOrg, "speaker": lexSpeaker,
	"plural": lexPlural, "female": lexFemale, "male": lexMale, "place": lexPlace,
	"demonym": lexDemonym, "region": lexRegion,
}

// phrase is a cue of several words: rest follows the word it is filed under.
type phrase struct {
	rest []string
	bits lex
}

type entry struct {
	bits    lex
	phrases []phrase
}

// lexicon is what the word lists say, by word.
type lexicon struct {
	words map[string]*entry
	abbr  map[string]abbr
}

// abbr is when a full stop after an abbreviation does not end a sentence.
type abbr uint8

const (
	abbrAlways abbr = 1 + iota
	abbrNumber      // only before a number
	abbrMaybe       // unless a word follows that starts sentences
)

var abbrClasses = map[string]abbr{"always": abbrAlways, "beforenumber": abbrNumber, "maybe": abbrMaybe}

// words loads the lists once. They are embedded, so a failure is a broken
// build and TestEveryClassHasWords finds it.
var words = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: map[string]*entry{}, abbr: map[string]abbr{}}
	files, err := fs.Glob(data.Cues, "cues/*.txt")
	if err != nil {
		return l
	}
	for _, name := range files {
		b, err := fs.ReadFile(data.Cues, name)
		if err != nil {
			return l
		}
		l.read(string(b))
	}
	return l
})

// read adds one file of cues.
func (l *lexicon) read(text string) {
	class := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			class = strings.Trim(line, "[]")
		default:
			for item := range strings.SplitSeq(line, ",") {
				l.add(class, strings.Fields(item))
			}
		}
	}
}

func (l *lexicon) add(class string, item []string) {
	if len(item) == 0 {
		return
	}
	if a, ok := abbrClasses[class]; ok {
		l.abbr[item[0]] = a
		return
	}
	e := l.words[item[0]]
	if e == nil {
		e = &entry{}
		l.words[item[0]] = e
	}
	if len(item) == 1 {
		e.bits |= classes[class]
		return
	}
	for i := range e.phrases {
		if equal(e.phrases[i].rest, item[1:]) {
			e.phrases[i].bits |= classes[class]
			return
		}
	}
	e.phrases = append(e.phrases, phrase{item[1:], classes[class]})
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
