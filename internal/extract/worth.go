package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"factcheck/internal/claims"
)

// Feature is one thing about a statement that speaks for or against checking it.
type Feature int

// The features. Each counts how often it was seen, at most three times.
const (
	GivesNumber Feature = iota
	GivesShare
	GivesMoney
	IsFirst
	IsMost
	ComparesPlaces
	ComparesAmounts
	SaysChanged
	SaysCause
	SaysAbsent
	SaysUnchanged
	SpeaksOfAll
	NamesLaw
	NamesTime
	SaysFuture
	IsPromise
	SaysHappened
	GivesDate
	SaysHowLong
	NamesSomebody
	StatesPosition
	ByPerson
	ByOrganisation
	ByGroup
	QuotesWords
	Hedges
	Judges
	SetsScene
	AddressesReader
	SpeaksOfSelf
	LacksVerb
	IsShort
	IsLong
	LacksAnchor
	Commands
	Ponders
	features // their number
)

// Features are what is known of one statement when it is scored.
type Features [features]float64

// Scorer gives a statement its check-worthiness, 0 to 1, and the reasons for
// it in a fact-checker's words, most telling first. It must be pure. [Rules]
// is one; a measured model may take its place.
type Scorer func(Features) (score float64, reasons []string)

// rule is what a feature adds to the score each time, and why it is a reason.
type rule struct {
	weight float64
	reason string
}

// bias is the score, before the logistic function, of a statement that no
// feature speaks for or against.
const bias = -1.5

// rules are weights by judgement, to be replaced by measured ones.
var rules = [features]rule{
	GivesNumber:     {1.6, "gives a number"},
	GivesShare:      {0.7, "gives a share or a percentage"},
	GivesMoney:      {0.6, "names a sum of money"},
	IsFirst:         {1.5, "says something is the first, the last or the only"},
	IsMost:          {1.2, "says something is the most or the least"},
	ComparesPlaces:  {1.2, "compares places"},
	ComparesAmounts: {1.0, "compares amounts"},
	SaysChanged:     {0.6, "says that something rose or fell"},
	SaysCause:       {0.9, "says that one thing brings about another"},
	SaysAbsent:      {1.2, "says that something is absent"},
	SaysUnchanged:   {1.4, "says that something has not changed"},
	SpeaksOfAll:     {0.7, "speaks of all, of always or of never"},
	NamesLaw:        {0.7, "names a law, a court or a crime"},
	NamesTime:       {1.6, "names a scheduled time"},
	SaysFuture:      {0.5, "says what will happen"},
	IsPromise:       {1.3, "makes a promise"},
	SaysHappened:    {0.8, "says that something happened"},
	GivesDate:       {0.5, "gives a date"},
	SaysHowLong:     {1.5, "says for how long"},
	NamesSomebody:   {0.35, "names a person, a place or an organisation"},
	StatesPosition:  {0.5, "says what somebody stands for"},
	ByPerson:        {1.0, "attributed to a named person"},
	ByOrganisation:  {1.0, "attributed to an organisation"},
	ByGroup:         {0.6, "attributed to people without a name"},
	QuotesWords:     {0.4, "quotes the words"},
	Hedges:          {-0.9, ""},
	Judges:          {-0.6, ""},
	SetsScene:       {-1.0, ""},
	AddressesReader: {-1.0, ""},
	SpeaksOfSelf:    {-0.3, ""},
	LacksVerb:       {-1.6, ""},
	IsShort:         {-1.2, ""},
	IsLong:          {-0.4, ""},
	LacksAnchor:     {-0.6, ""},
	Commands:        {-2.0, ""},
	Ponders:         {-2.5, ""},
}

// Rules is the built-in scorer: the logistic function of a weighted sum.
func Rules(f Features) (float64, []string) {
	type part struct {
		at     Feature
		weight float64
	}
	var parts [features]part
	n, sum := 0, bias
	for i, v := range f {
		w := v * rules[i].weight
		sum += w
		if w > 0 && rules[i].reason != "" {
			parts[n] = part{Feature(i), w}
			n++
		}
	}
	slices.SortStableFunc(parts[:n], func(a, b part) int { return cmp.Compare(b.weight, a.weight) })
	reasons := make([]string, 0, n)
	for _, p := range parts[:n] {
		reasons = append(reasons, rules[p.at].reason)
	}
	return 1 / (1 + math.Exp(-sum)), reasons
}

// caps are how often, at most, a feature counts; once where none is given.
var caps = [features]float64{NamesSomebody: 2, Judges: 2, SetsScene: 3, Hedges: 2, SaysHappened: 1, GivesNumber: 1}

func (f *Features) see(i Feature) {
	f[i] = math.Min(f[i]+1, math.Max(caps[i], 1))
}

// mark is where a feature was seen.
type mark struct {
	at    Feature
	place claims.Offsets
}

// maxMarks is how many marks of one statement are kept: enough for any that a
// person would read.
const maxMarks = 64

// see counts a feature and remembers the token that shows it.
func (c *counter) see(f *Features, at Feature, i int) {
	f.see(at)
	c.mark(at, claims.Offsets{Start: c.toks[i].start, End: c.toks[i].end})
}

func (c *counter) mark(at Feature, place claims.Offsets) {
	if rules[at].reason != "" && len(c.marks) < maxMarks {
		c.marks = append(c.marks, mark{at, place})
	}
}

// seen are features that a word class stands for by itself.
var seen = [...]struct {
	bits lex
	at   Feature
}{
	{lexFirstness, IsFirst}, {lexGeo, ComparesPlaces}, {lexComparative, ComparesAmounts},
	{lexCausal, SaysCause}, {lexAbsence, SaysAbsent}, {lexUnchanged, SaysUnchanged}, {lexUniversal, SpeaksOfAll},
	{lexLaw, NamesLaw}, {lexHedge, Hedges}, {lexOpinion, Judges}, {lexScene, SetsScene},
	{lexPosition, StatesPosition}, {lexPron12, SpeaksOfSelf},
}

// seenAny is all of seen, to pass over other words at once.
const seenAny = lexFirstness | lexGeo | lexComparative | lexCausal | lexAbsence | lexUnchanged | lexUniversal |
	lexLaw | lexHedge | lexOpinion | lexScene | lexPosition | lexPron12

// observe is what the tokens own of a statement tell. Whole says that it
// should have a verb of its own; names is how many names stand in its span.
func observe(text string, own []token, whole bool, names int, marks []mark) (Features, []mark) {
	var f Features
	c := counter{text: text, toks: own, marks: marks}
	for i := range own {
		c.token(&f, i)
	}
	c.finish(&f, whole, names)
	return f, c.marks
}

// counter walks over a statement.
type counter struct {
	text            string
	toks            []token
	words           int
	verb            bool
	past            bool // has a verb in -ed
	schedule, clock bool
	future          int // 1 + the token that says so
	numbers         int
	marks           []mark // where features were seen
}

func (c *counter) token(f *Features, i int) {
	t := c.toks[i]
	switch t.kind {
	case number:
		c.number(f, i)
		return
	case word:
	default:
		return
	}
	c.words++
	if t.name() && !t.has(initial) && !t.is(lexUpperOK) && t.bits&(lexPlace|lexOrg|lexCalendar) == 0 {
		return // names are not cues
	}
	if t.is(seenAny) {
		for _, s := range seen {
			if t.is(s.bits) && c.means(s.at, i) {
				c.see(f, s.at, i)
			}
		}
	}
	c.verbs(f, i)
	switch {
	case t.is(lexSuperlative) && (c.near(i, lexArticle|lexPossessive, 1) || c.near(i, lexDemonym|lexPlace, 2) || t.is(lexGeo)):
		c.see(f, IsMost, i)
	case t.is(lexSuperlative) && t.end-t.start == 4: // "most people"
		c.see(f, SpeaksOfAll, i)
	}
	if t.is(lexNumWord) && !c.pronominal(i) {
		c.numbers++
		c.see(f, GivesNumber, i)
	}
	if t.is(lexOrdinal) && c.near(i, lexArticle, 1) && i+1 < len(c.toks) && c.toks[i+1].text(c.text) == "of" && !t.is(lexFirstness) {
		c.numbers++ // a fifth of
		c.see(f, GivesNumber, i)
		c.see(f, GivesShare, i)
	}
	if i == 0 && t.has(initial) && ponders[strings.ToLower(t.text(c.text))] {
		c.see(f, Ponders, i)
	}
	if t.is(lexUnit) && t.text(c.text) == "percent" {
		c.see(f, GivesShare, i)
	}
	if t.is(lexChange) && c.changes(i) {
		c.see(f, SaysChanged, i)
	}
	if t.is(lexDuration) && c.ordinalBefore(i) {
		c.see(f, SaysHowLong, i)
	}
	if t.is(lexCalendar) && !t.is(lexModal) {
		c.see(f, GivesDate, i)
	}
	if t.is(lexScheduled) {
		c.schedule = true
		c.mark(NamesTime, claims.Offsets{Start: t.start, End: t.end})
	}
	if t.is(lexClock | lexTime) {
		c.clock = true
		c.mark(NamesTime, claims.Offsets{Start: t.start, End: t.end})
	}
	if t.is(lexFuture) {
		c.future = i + 1
	}
	if t.is(lexImperative) && i == 0 && t.has(initial) {
		c.see(f, Commands, i)
	}
	if lower := t.end - t.start; (lower == 3 || lower == 4 || lower == 8) && t.is(lexPron12) && (t.text(c.text)[0] == 'y' || t.text(c.text)[0] == 'Y') {
		c.see(f, AddressesReader, i)
	}
}

// ponders are words at the head of a sentence that asks without a question
// mark.
var ponders = map[string]bool{"whether": true, "why": true, "how": true, "what": true}

// pronominal reports whether the number word at i stands for people or things:
// "between the two since".
func (c *counter) pronominal(i int) bool {
	if c.near(i, lexArticle, 1) && (c.toks[i].text(c.text) == "two" || c.toks[i].text(c.text) == "three") {
		return true // "the two leaders"
	}
	return c.near(i, lexArticle, 1) && (i+1 == len(c.toks) || c.toks[i+1].kind != word || c.toks[i+1].is(lexPrep|lexSubord|lexAux|lexFinite))
}

// means reports whether the word at i is used as its class says.
func (c *counter) means(at Feature, i int) bool {
	t, next := c.toks[i], token{}
	if i+1 < len(c.toks) {
		next = c.toks[i+1]
	}
	switch at {
	case SaysCause:
		return !t.is(lexScheduled) // due to begin
	case IsFirst:
		switch t.text(c.text) {
		case "first", "First":
			return !next.has(plurally) && !next.is(lexNumWord|lexDuration) && (c.near(i, lexArticle|lexPossessive|lexAux, 1) || next.is(lexPrep|lexSubord) || c.near(i, lexDet, 1))
		case "last", "only":
			return c.near(i, lexArticle|lexPossessive, 1) && !next.is(lexDuration|lexCalendar) && next.kind == word
		}
	}
	return true
}

// changes reports whether the word of change at i is one: who declines to say
// has not become less.
func (c *counter) changes(i int) bool {
	w := c.toks[i].text(c.text)
	return !strings.HasPrefix(w, "declin") || i+1 >= len(c.toks) || c.toks[i+1].text(c.text) != "to"
}

// lexUpperOK are classes that count in capitals too.
const lexUpperOK = lexSuperlative | lexLaw

func (c *counter) verbs(f *Features, i int) {
	t := c.toks[i]
	if t.is(lexFinite | lexModal | lexChange) {
		c.verb = true
	}
	if t.is(lexEvent) || t.has(ed) && i > 0 && !t.is(lexScene|lexOpinion|lexSay) && !c.near(i, lexArticle, 1) {
		if i > 0 {
			c.verb = true
		}
		c.past = c.past || t.has(ed)
		if t.is(lexEvent) || c.has(i, 2) {
			c.see(f, SaysHappened, i)
		}
	}
}

// has reports whether one of the n tokens before i makes a past tense of the
// participle at i.
func (c *counter) has(i, n int) bool {
	for k := max(0, i-n); k < i; k++ {
		if w := c.toks[k].text(c.text); w == "has" || w == "have" || w == "had" || w == "was" || w == "were" || w == "been" {
			return true
		}
	}
	return false
}

// near reports whether one of the n tokens before i has the bits.
func (c *counter) near(i int, bits lex, n int) bool {
	for k := i - 1; k >= 0 && k >= i-n; k-- {
		if c.toks[k].is(bits) || c.toks[k].kind == possessive {
			return true
		}
	}
	return false
}

func (c *counter) ordinalBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		if c.toks[k].is(lexOrdinal|lexNumWord) || c.toks[k].kind == number {
			return true
		}
	}
	return false
}

func (c *counter) number(f *Features, i int) {
	t := c.toks[i]
	c.words++
	switch {
	case t.has(clock):
		c.clock = true
	case t.has(year):
		c.see(f, GivesDate, i)
	case i > 1 && c.toks[i-1].kind == stop && c.toks[i-2].is(lexCalendar):
		c.see(f, GivesDate, i) // Jan. 5
	case i > 0 && c.toks[i-1].is(lexCalendar) || i+1 < len(c.toks) && c.toks[i+1].is(lexCalendar):
		c.see(f, GivesDate, i)
	case t.is(lexOrdinal):
	default:
		c.numbers++
		c.see(f, GivesNumber, i)
	}
	if t.has(percent) || i+1 < len(c.toks) && c.toks[i+1].is(lexUnit) && c.toks[i+1].text(c.text)[0] == 'p' && c.toks[i+1].end-c.toks[i+1].start < 8 && c.toks[i+1].text(c.text) != "people" && c.toks[i+1].text(c.text) != "points" {
		c.see(f, GivesShare, i)
	}
	if t.has(money) {
		c.see(f, GivesMoney, i)
	}
}

// finish adds what only the whole statement tells.
func (c *counter) finish(f *Features, whole bool, names int) {
	if c.future > 0 {
		c.see(f, SaysFuture, c.future-1)
	}
	if c.schedule && (c.clock || f[GivesDate] > 0) {
		f.see(NamesTime)
	}
	for range min(names, 2) {
		f.see(NamesSomebody)
	}
	if whole && !c.verb {
		f.see(LacksVerb)
	}
	switch {
	case whole && c.words < 5:
		f.see(IsShort)
	case c.words > 45:
		f.see(IsLong)
	}
	if f[SaysAbsent] > 0 && c.past {
		f.see(SaysHappened) // it did not
	} else if names == 0 && c.numbers == 0 && f[GivesDate] == 0 {
		f.see(LacksAnchor)
	}
	if f[IsFirst] > 0 && f[SaysHowLong] > 0 && c.numbers == 0 {
		f[IsFirst] = 0 // "in its third year"
	}
}

// kinds are the kinds of claim by the first feature that is seen, in order.
var kinds = [...]struct {
	at   Feature
	kind claims.Kind
}{
	{NamesTime, claims.Happening}, {IsPromise, claims.Promise}, {SaysFuture, claims.Prediction}, {IsFirst, claims.Comparison}, {ComparesPlaces, claims.Comparison},
	{IsMost, claims.Comparison}, {GivesNumber, claims.Quantity}, {SaysHowLong, claims.Quantity}, {SaysCause, claims.Causal}, {ComparesAmounts, claims.Comparison},
	{SaysUnchanged, claims.Position}, {NamesLaw, claims.Law}, {StatesPosition, claims.Position},
	{SaysHappened, claims.Happening}, {SaysChanged, claims.Happening}, {GivesDate, claims.Happening},
}

// kindOf is what sort of statement has these features.
func kindOf(f Features) claims.Kind {
	for _, k := range kinds {
		if f[k.at] > 0 && !(k.kind == claims.Law && f[SaysHappened]+f[SaysChanged] > 0) { // that a bill was passed is an event
			return k.kind
		}
	}
	if f[QuotesWords] > 0 {
		return claims.QuoteKind
	}
	return claims.Other
}
