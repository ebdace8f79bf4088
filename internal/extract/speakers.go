package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// frame is "somebody said": who, with which words, and what.
type frame struct {
	sent           int
	speaker, cue   claims.Offsets
	content        claims.Offsets // what is said; may hold the frame itself if that stands inside
	canonical      string
	being          being
	ent            int  // entity of the speaker, -1 if none
	plural         bool // the speaker is several people
	named          bool // the speaker has a name
	asks           bool
	from           int  // where the words of the frame begin, 0 if with speaker or cue
	joined         bool // a quotation that the frame interrupts
	promise        bool // the cue is a verb of promising
	heard          bool // found by the trained models
	quotes, direct bool // content holds quotations; is nothing else
}

// discourse finds the frames of an article, sentence by sentence.
type discourse struct {
	text    string
	quotes  []quote
	names   *names
	lex     *lexicon
	frames  []frame // in order of their sentences
	said    []int   // by quotation: 1 + index of its frame, 0 if none
	red     []token // reduced sentence: each quotation is one token
	sent    int
	topic   int      // entity that "he" or "she" continues, -1 if none
	from    int      // first token of the subject found last, with what it is in apposition to
	group   frame    // of the last organisation or group that spoke
	last    frame    // of the last single person that spoke
	heard   []Voice  // what the trained models find, by cue
	heardBy []string // the sources of heard, resolved
}

// sentence adds the frames of one sentence.
func (d *discourse) sentence(toks []token, sent int) {
	d.sent = sent
	d.reduce(toks)
	from := len(d.frames)
	for i := range d.red {
		if f, ok := d.frameAt(i, from); ok {
			d.add(f, from)
		}
	}
	d.follow(toks)
}

// reduce puts one token in the place of each quotation.
func (d *discourse) reduce(toks []token) {
	d.red = d.red[:0]
	for _, t := range toks {
		if t.quote < 0 {
			d.red = append(d.red, t)
			continue
		}
		if n := len(d.red); n > 0 && d.red[n-1].kind == quoted && d.red[n-1].quote == t.quote {
			d.red[n-1].end = t.end
			continue
		}
		d.red = append(d.red, token{start: t.start, end: t.end, quote: t.quote, kind: quoted})
	}
}

// add keeps f unless its content is already reported, and gives the
// quotations in it their speaker.
func (d *discourse) add(f frame, from int) {
	for _, o := range d.frames[from:] {
		if o.content == f.content {
			return
		}
	}
	f.sent = d.sent
	f.direct = true
	for _, t := range d.red {
		if t.start < f.content.Start || t.end > f.content.End {
			continue
		}
		switch {
		case t.kind == quoted:
			f.quotes = true
		case (t.kind == word || t.kind == number) && !(t.start >= f.speaker.Start && t.end <= f.speaker.End) && !(t.start >= f.cue.Start && t.end <= f.cue.End):
			f.direct = false
		}
	}
	f.direct = f.quotes && (f.joined || f.direct && !d.fragment(f))
	d.frames = append(d.frames, f)
	if f.content.Start == f.content.End {
		if q := firstQuote(d.quotes, f.content.End); q < len(d.quotes) && d.said[q] == 0 && blank(d.text[f.content.End:d.quotes[q].outer.Start]) {
			d.said[q] = len(d.frames)
		}
	}
	for _, t := range d.red {
		if t.kind == quoted && t.start >= f.content.Start && t.end <= f.content.End && d.said[t.quote] == 0 {
			d.said[t.quote] = len(d.frames)
		}
	}
	if f.ent >= 0 && f.being != organisation {
		d.topic = f.ent
	}
	if f.being == organisation || f.plural {
		d.group = f
	} else if f.canonical != "" {
		d.last = f
	}
}

// blank reports whether s is a little space and nothing else.
func blank(s string) bool { return len(s) < maxRun && strings.TrimSpace(s) == "" }

// fragment reports whether f quotes words inside its own sentence: vowed to
// “abolish the toll”.
func (d *discourse) fragment(f frame) bool {
	for i, t := range d.red {
		if t.kind != quoted || t.start != f.content.Start || i == 0 || t.start < f.cue.End {
			continue
		}
		in := d.quotes[t.quote].inner
		r, ok := firstWord(d.text[in.Start:in.End])
		return ok && unicode.IsLower(r) && d.red[i-1].kind == word
	}
	return false
}

// follow keeps who the text is about for the pronouns of the next sentence.
func (d *discourse) follow(toks []token) {
	if len(toks) == 0 {
		return
	}
	d.followGroup(toks)
	for _, m := range d.names.in(claims.Offsets{Start: toks[0].start, End: toks[len(toks)-1].end}) {
		if m.quoted {
			continue
		}
		if e := d.names.personOf(m, anyGender); e >= 0 && (m.subject || m.full == toks[0].start) {
			d.topic = e
			return
		}
	}
}

// followGroup keeps the organisation or group that a sentence begins with, for
// "it" and "they" of the next.
func (d *discourse) followGroup(toks []token) {
	if d.group.canonical != "" && d.group.sent == d.sent || len(toks) < 3 {
		return // it has spoken
	}
	switch {
	case toks[0].is(lexArticle) && toks[1].is(lexOrg|lexPlural) && !toks[1].name() && d.names.verbFollows(toks, 2):
		d.group = frame{canonical: decapital(d.text[toks[0].start:toks[1].end], true), ent: -1}
		if d.group.plural = toks[1].is(lexPlural); !d.group.plural {
			d.group.being = organisation
		}
	case toks[0].is(lexPlural) && d.names.verbFollows(toks, 1):
		d.group = frame{canonical: decapital(toks[0].text(d.text), true), plural: true, ent: -1}
	default:
		return
	}
	d.group.sent = d.sent
}

// frameAt is the frame whose cue is token i of the reduced sentence.
func (d *discourse) frameAt(i, from int) (frame, bool) {
	t := d.red[i]
	switch {
	case t.is(lexAccording):
		return d.according(i)
	case t.kind == colon:
		return d.colonFrame(i)
	case t.kind == word && t.is(lexSayNoun) && d.wordIs(i+1, "that") && i > 0 && d.red[i-1].kind != comma && (!t.is(lexSay) || d.asNoun(i)):
		return d.nominal(i)
	case t.kind != word || !t.is(lexSay) || t.name() || d.asNoun(i):
		return frame{}, false
	case t.has(ing) && !(i > 0 && d.red[i-1].is(lexAux)):
		return d.participle(i, from)
	}
	return d.finite(i)
}

func (d *discourse) wordIs(i int, w string) bool {
	return i >= 0 && i < len(d.red) && d.red[i].kind == word && d.red[i].end-d.red[i].start == len(w) && strings.EqualFold(d.red[i].text(d.text), w)
}

// asNoun reports whether the word at i is not used as the verb of a frame:
// "the claims", "to say", "was told".
func (d *discourse) asNoun(i int) bool {
	j := d.skipBack(i - 1)
	if i == 0 {
		return true
	}
	p := d.red[i-1]
	switch {
	case d.wordIs(i-1, "to"), p.is(lexArticle | lexPossessive), p.kind == possessive && d.red[i].is(lexSayNoun) && !d.red[i].has(ed):
		return true
	case p.is(lexPrep) && !d.red[i].has(ing) && !p.is(lexAdverb):
		return true
	case p.is(lexAux) && (d.red[i].has(ed) || d.wordIs(i, "told") || d.wordIs(i, "said")) && !d.have(j+1, i):
		return true // passive: nobody is named as speaker
	case d.red[i].is(lexNumWord) || p.kind == number:
		return true
	}
	return false
}

// have reports whether a form of "have" stands in [a, b).
func (d *discourse) have(a, b int) bool {
	for k := a; k < b; k++ {
		for _, w := range [...]string{"has", "have", "had"} {
			if d.wordIs(k, w) {
				return true
			}
		}
	}
	return false
}

// skipBack passes over adverbs and auxiliaries to the left.
func (d *discourse) skipBack(j int) int {
	for j >= 0 && d.red[j].kind == word && !d.red[j].name() && !d.red[j].is(lexPron3|lexPron12) &&
		(d.red[j].is(lexAdverb|lexAux|lexModal) || d.red[j].has(adverbly)) && !d.wordIs(j, "both") && !d.wordIs(j, "all") {
		j--
	}
	return j
}

// finite is the frame of a verb with its subject: X said …, … X said, … said X.
func (d *discourse) finite(i int) (frame, bool) {
	a, b := d.subject(i)
	if a < 0 {
		a, b = d.sharedSubject(i)
	}
	inverted := a < 0
	rest := i + 1
	if inverted {
		if i > 0 && d.red[i-1].kind != quoted && d.red[i-1].kind != comma {
			return frame{}, false
		}
		if a, b = d.nounAfter(i + 1); a < 0 {
			return frame{}, false
		}
		rest = b
	}
	f := frame{cue: d.span(i, i+1+d.particle(i)), asks: d.red[i].is(lexQuestion), promise: d.red[i].is(lexPromise)}
	if !d.speak(&f, a, b) {
		return frame{}, false
	}
	left := min(a, i) - 1
	if !inverted {
		left = min(left, d.from-1)
	}
	f.from = d.red[left+1].start
	if start, end, ok := d.before(left); ok {
		f.content = claims.Offsets{Start: start, End: end}
		if k := d.nextQuoted(rest); k > 0 && d.onlyQuoted(start, end) && d.joined(left, k) {
			f.content.End, f.joined = d.red[k].end, true
		}
		if d.onlyQuoted(start, end) || !d.clauseFollows(rest) {
			if k := d.skipCommas(rest); k > rest && d.goesOn(k, inverted) {
				f.content.End = d.lastWord()
			}
			return f, true
		}
	}
	if !inverted && d.interrupts(left, rest) {
		f.content = claims.Offsets{Start: d.red[0].start, End: d.lastWord()}
		return f, true
	}
	if last := len(d.red) - 1; d.red[last].kind == colon && last-rest < maxBridge && !d.verbIn(rest, last) {
		f.content = claims.Offsets{Start: d.red[last].end, End: d.red[last].end}
		return f, true // what is said fills the next paragraph
	}
	if inverted {
		return frame{}, false
	}
	start, end, cue, ok := d.after(i)
	if !ok {
		return frame{}, false
	}
	f.cue.End = max(f.cue.End, cue)
	f.content = claims.Offsets{Start: start, End: end}
	if d.denies(i) {
		f.content.Start = min(f.from, f.speaker.Start) // "X denies that …" must not read as "…"
	}
	return f, true
}

func (d *discourse) denies(i int) bool {
	for _, w := range [...]string{"deny", "denies", "denied"} {
		if d.wordIs(i, w) {
			return true
		}
	}
	return false
}

// particle is 1 if the verb at i goes with the word behind it: pointed out.
func (d *discourse) particle(i int) int {
	if d.wordIs(i+1, "out") || d.wordIs(i+1, "clear") {
		return 1
	}
	return 0
}

// interrupts reports whether a frame between two commas stands inside what it
// reports: "Without the subsidy, she warned, lunch will cost more".
func (d *discourse) interrupts(left, rest int) bool {
	if left < 1 || d.red[left].kind != comma || rest+1 >= len(d.red) || d.red[rest].kind != comma {
		return false
	}
	next := d.red[rest+1]
	return d.red[rest+1].kind != quoted && (d.zeroThat(rest+1) || next.is(lexFinite|lexModal|lexAux) && next.kind == word && !next.has(ing))
}

// goesOn reports whether what stands before a frame continues at k, behind it:
// "The buses are quieter, she said, and cost less".
func (d *discourse) goesOn(k int, inverted bool) bool {
	if k+1 >= len(d.red) || d.red[k].kind != word || d.red[k].is(lexContrast) {
		return false
	}
	if d.red[k].is(lexCoord) {
		return d.red[k+1].kind == word && !d.newCue(k+1) && (d.verbLike(k+1, k+3) || d.red[k+1].has(plurally))
	}
	return !inverted && d.red[k].is(lexRelative) // behind a name it is about the name
}

// lastWord is the end of the sentence without its stop.
func (d *discourse) lastWord() int {
	k := len(d.red) - 1
	for k > 0 && (d.red[k].kind == stop || d.red[k].kind == comma) {
		k--
	}
	return d.red[k].end
}

// nextQuoted is the quotation that goes on after the frame that ends before
// k: ", he said on Monday, “…”. 0 if there is none.
func (d *discourse) nextQuoted(k int) int {
	for limit := min(len(d.red), k+12); k < limit; k++ {
		switch t := d.red[k]; {
		case t.kind == quoted:
			return k
		case t.kind == stop || t.kind == semicolon || t.is(lexFinite|lexModal|lexRelative) && !t.name():
			return 0
		}
	}
	return 0
}

// joined reports whether the quotation at k goes on with the sentence that the
// one at left began: it begins in lower case.
func (d *discourse) joined(left, k int) bool {
	if left >= 0 && d.red[left].kind == comma {
		left--
	}
	if left < 0 || d.red[left].kind != quoted {
		return false
	}
	in := d.quotes[d.red[k].quote].inner
	r, ok := firstWord(d.text[in.Start:in.End])
	bare := strings.TrimRight(d.text[d.red[left].start:d.red[left].end], closers)
	return ok && unicode.IsLower(r) && strings.HasSuffix(bare, ",")
}

func (d *discourse) span(a, b int) claims.Offsets {
	return claims.Offsets{Start: d.red[a].start, End: d.red[b-1].end}
}

// subject is the noun phrase [a, b) before the verb at i; a is -1 if none is.
func (d *discourse) subject(i int) (a, b int) {
	j := d.skipBack(i - 1)
	d.from = i
	if j >= 0 && d.red[j].kind == comma {
		k := j - 1
		for k >= 0 && d.red[k].kind != comma && j-k < 16 {
			if d.red[k].kind == quoted || d.red[k].kind == stop {
				return -1, -1
			}
			k--
		}
		if k <= 0 || d.red[k].kind != comma || d.verbIn(k+1, j) && !d.red[k+1].is(lexRelative) {
			return -1, -1
		}
		if x, y := d.nounBefore(j - 1); x == k+1 && d.personIn(x, y) {
			if d.from, _ = d.nounBefore(k - 1); d.from < 0 {
				d.from = x
			}
			return x, y
		}
		j = k - 1
	}
	return d.nounBefore(j)
}

// sharedSubject is the noun phrase before an earlier verb, if the one at i goes on
// from it and reports with “that”: “The ministry expects growth and warned that
// …”. a is -1 if there is none.
func (d *discourse) sharedSubject(i int) (a, b int) {
	j := d.skipBack(i - 1)
	if j < 2 || !d.wordIs(i+1, "that") || d.red[j].kind != word || !d.red[j].is(lexCoord) || !d.startsClause(i+1) {
		return -1, -1
	}
	for k := 1; k < j; k++ {
		if t := d.red[k]; t.kind == semicolon || t.kind == quoted || t.kind == comma && !d.wordIs(j, "and") {
			return -1, -1
		}
	}
	for k := 1; k < j; k++ {
		t := d.red[k]
		if t.kind != word || t.name() || !t.is(lexFinite|lexModal|lexAux|lexSay) && !t.has(ed) && !t.has(plurally) {
			continue
		}
		if a, b = d.subject(k); a == 0 && b == k {
			return a, b
		}
	}
	return -1, -1
}

// personIn reports whether tokens [a, b) end with a name that is no place.
func (d *discourse) personIn(a, b int) bool {
	in := d.names.in(d.span(a, b))
	if len(in) == 0 {
		return false
	}
	m := in[len(in)-1]
	return m.end == d.red[b-1].end && m.ent >= 0 && d.names.entities[m.ent].being != place
}

func (d *discourse) verbIn(a, b int) bool {
	for k := a; k < b; k++ {
		if d.red[k].kind == word && d.red[k].is(lexFinite|lexModal) && !d.red[k].name() {
			return true
		}
	}
	return false
}

// maxNoun is the longest noun phrase that speaks, in tokens.
const maxNoun = 16

// nounBefore is the noun phrase that ends with token j.
func (d *discourse) nounBefore(j int) (a, b int) {
	if j < 0 {
		return -1, -1
	}
	if d.red[j].is(lexPron3|lexPron12) && d.red[j].kind == word {
		return j, j + 1
	}
	a = j + 1
	for a > 0 && j-a < maxNoun && d.nominalToken(a-1) {
		a--
	}
	fronted := false
	for a <= j && d.leading(a, j) {
		fronted = fronted || d.red[a].is(lexPrep)
		a++
	}
	if fronted && a <= j && d.red[a-1].is(lexPrep) {
		a = d.pastFronted(a, j)
	}
	if a > j || !d.canSpeak(a, j+1) {
		return -1, -1
	}
	return a, j + 1
}

// pastFronted is where the noun phrase that ends with token j begins, if a is
// inside a phrase in front of it: "During his campaign Smith", "In a joint
// statement the ministry"; else a.
func (d *discourse) pastFronted(a, j int) int {
	for k := a + 1; k <= j; k++ {
		t, p := d.red[k], d.red[k-1]
		if p.kind == word && !p.name() && !p.is(lexDet|lexPossessive|lexTitle|lexAdverb|lexPrep|lexCoord) && (t.name() || t.is(lexArticle|lexPossessive)) {
			return k
		}
	}
	return a
}

// nominalToken reports whether token k can stand inside a noun phrase.
func (d *discourse) nominalToken(k int) bool {
	t := d.red[k]
	switch t.kind {
	case number, possessive:
		return true
	case word:
		if t.name() && !t.is(lexPron3|lexSubord|lexAux) {
			return true
		}
		return !t.is(lexAux|lexModal|lexSubord|lexPron3|lexRelative|lexWh) && (!t.is(lexFinite) || t.is(lexSpeaker|lexOrg)) &&
			!t.is(lexSay) && !(t.is(lexCoord) && !d.wordIs(k, "and"))
	case stop:
		return k > 0 && t.start == d.red[k-1].end && k+1 < len(d.red) && d.red[k+1].name() && (d.red[k-1].is(lexTitle) || d.red[k-1].end-d.red[k-1].start == 1)
	}
	return false
}

// leading reports whether token a, the first of a phrase that ends with j, is
// no part of it: "On Friday the …", "And then the …".
func (d *discourse) leading(a, j int) bool {
	t := d.red[a]
	switch {
	case t.is(lexCalendar | lexTime):
		return true
	case t.name() && !t.has(initial), t.kind != word:
		return t.kind == number && a > 0 && d.red[a-1].is(lexCalendar) || t.kind == stop
	case t.is(lexPrep) && !d.wordIs(a, "like"):
		return true
	case t.is(lexCoord):
		return true
	case a > 0 && d.red[a-1].is(lexPrep) && a < j && (d.red[a+1].is(lexDet)):
		return true
	}
	return t.is(lexAdverb) && !t.is(lexDet|lexTitle) && !t.is(lexOrdinal) || t.has(adverbly) && !t.name()
}

// canSpeak reports whether [a, b) holds something that can say things.
func (d *discourse) canSpeak(a, b int) bool {
	if d.red[a].is(lexArticle) && b-a >= 2 && b-a <= 4 && !d.red[b-1].is(lexTime|lexDuration|lexCalendar) {
		return true // "the coastguard": the verb vouches for it
	}
	for k := a; k < b; k++ {
		t := d.red[k]
		if t.is(lexSpeaker|lexPron3|lexPron12) || t.name() && !t.is(lexCalendar) && (!t.has(initial) || t.bits&^(lexTitle|lexOrg|lexPlace|lexDemonym|lexMale|lexFemale|lexSpeaker|lexPlural|lexTitleHead|lexPortfolio) == 0) {
			return true
		}
	}
	return false
}

// nounAfter is the noun phrase that begins with token i.
func (d *discourse) nounAfter(i int) (a, b int) {
	b = i
	for b < len(d.red) && b-i < maxNoun && d.nominalToken(b) && !d.red[b].is(lexTime|lexCalendar) && !d.red[b].has(adverbly) {
		t := d.red[b]
		if t.is(lexPrep) && !d.wordIs(b, "of") && !d.wordIs(b, "for") || t.is(lexAdverb) && !t.is(lexDet) && !t.name() {
			break
		}
		b++
	}
	if b == i || !d.canSpeak(i, b) {
		return -1, -1
	}
	if b+1 < len(d.red) && d.red[b].kind == comma && d.red[b+1].name() && !d.personIn(i, b) {
		e := b + 1
		for e < len(d.red) && d.red[e].name() {
			e++
		}
		if d.personIn(b+1, e) {
			return b + 1, e // said the mayor, Ana Lindqvist
		}
	}
	return i, b
}

// before is what stands before a trailing frame whose first token follows
// left: it must be closed by a comma or be a quotation.
func (d *discourse) before(left int) (start, end int, ok bool) {
	if left < 0 {
		return 0, 0, false
	}
	last := left
	if d.red[left].kind == comma {
		last = left - 1
	} else if d.red[left].kind != quoted {
		return 0, 0, false
	}
	if last < 0 {
		return 0, 0, false
	}
	first := 0
	if d.red[last].kind == quoted {
		first = last
		for first > 0 && (d.red[first-1].kind == quoted || d.red[first-1].kind == comma) {
			first--
		}
		for d.red[first].kind == comma {
			first++
		}
	} else if !d.verbLike(0, last+1) || d.red[0].is(lexPrep|lexSubord) && d.red[0].kind == word && !d.verbIn(0, last+1) {
		return 0, 0, false
	}
	return d.red[first].start, d.red[last].end, true
}

// verbLike reports whether [a, b) holds a verb, counting words in -ed.
func (d *discourse) verbLike(a, b int) bool {
	for k := a; k < b && k < len(d.red); k++ {
		t := d.red[k]
		if t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux|lexChange|lexEvent|lexSay) || t.has(ed) && k > a) {
			return true
		}
	}
	return false
}

func (d *discourse) onlyQuoted(start, end int) bool {
	any := false
	for _, t := range d.red {
		if t.start < start || t.end > end {
			continue
		}
		if t.kind == word || t.kind == number {
			return false
		}
		any = any || t.kind == quoted
	}
	return any
}

func (d *discourse) skipCommas(k int) int {
	for k < len(d.red) && d.red[k].kind == comma {
		k++
	}
	return k
}

// clauseFollows reports whether a frame with text before it reports what
// comes after it all the same: "In May, she said that …".
func (d *discourse) clauseFollows(k int) bool {
	if k >= len(d.red) || d.red[k].kind == comma {
		return false
	}
	for j := k; j < len(d.red) && j < k+12; j++ {
		if d.wordIs(j, "that") || d.red[j].kind == quoted || d.red[j].kind == colon {
			return true
		}
	}
	return d.zeroThat(k)
}

// zeroThat reports whether a clause without "that" begins at k.
func (d *discourse) zeroThat(k int) bool {
	if k >= len(d.red) || d.red[k].kind != word && d.red[k].kind != number {
		return false
	}
	if d.red[k].is(lexPrep|lexCoord|lexRelative) || d.red[k].is(lexSubord) || d.red[k].is(lexWh) {
		return false
	}
	for j := k + 1; j < len(d.red) && j < k+18; j++ {
		switch t := d.red[j]; {
		case t.kind == comma || t.kind == stop && t.start > d.red[j-1].end || t.kind == semicolon:
			return false
		case t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux|lexChange) || t.has(ed) && !d.red[j-1].is(lexDet|lexPossessive|lexPrep)):
			return true
		}
	}
	return false
}

// maxBridge is how many tokens may stand between a cue and what it reports:
// "told reporters in Paris on Friday that".
const maxBridge = 14

// after is what the verb at i reports to its right; cue is where its cue ends.
func (d *discourse) after(i int) (start, end, cue int, ok bool) {
	cue = d.red[i].end
	limit := min(len(d.red), i+1+maxBridge)
	k := i + 1
	for j := k; j < limit; j++ {
		t := d.red[j]
		switch {
		case d.wordIs(j, "that") && d.startsClause(j):
			if j == i+1 {
				cue = t.end
			}
			return d.content(j+1, cue)
		case t.kind == colon && j+1 < len(d.red):
			return d.content(j+1, cue)
		case t.kind == quoted:
			if d.zeroThat(k) && !d.red[i].is(lexStrict) {
				return d.content(k, cue)
			}
			return d.content(j, cue)
		case t.kind == stop || t.kind == semicolon || t.kind == dash || t.kind == comma && d.newCue(j+1):
			limit = j
		case t.kind == word && t.is(lexRelative):
			limit = j
		}
	}
	if d.red[i].is(lexPromise) && d.wordIs(i+1, "to") {
		return d.content(i+2, d.red[i+1].end)
	}
	if d.red[i].is(lexStrict) {
		return 0, 0, 0, false
	}
	for k < limit && (d.red[k].is(lexAdverb|lexTime|lexCalendar) && !d.red[k].is(lexDet) || d.red[k].has(adverbly) || d.red[k].is(lexPrep) && k+1 < limit && d.red[k+1].is(lexCalendar|lexTime)) {
		k++
	}
	if d.toldSomebody(i) {
		k = d.pastObject(k)
	}
	if k < len(d.red) && d.zeroThat(k) {
		return d.content(k, cue)
	}
	return 0, 0, 0, false
}

// newCue reports whether another cue begins at j: ", warning that".
func (d *discourse) newCue(j int) bool {
	return j < len(d.red) && d.red[j].kind == word && d.red[j].is(lexSay) && d.red[j].has(ing)
}

// startsClause reports whether the "that" at j is a conjunction.
func (d *discourse) startsClause(j int) bool { return j+1 < len(d.red) && d.verbLike(j+1, len(d.red)) }

func (d *discourse) toldSomebody(i int) bool {
	for _, w := range [...]string{"told", "tell", "tells", "telling", "warned", "assured"} {
		if d.wordIs(i, w) {
			return true
		}
	}
	return false
}

// pastObject passes over whom something is told: "reporters", "the BBC".
func (d *discourse) pastObject(k int) int {
	if k < len(d.red) && d.red[k].is(lexObjPron) {
		return k + 1
	}
	j := k
	for j < len(d.red) && j < k+3 && (d.red[j].is(lexArticle) || d.red[j].is(lexSpeaker|lexOrg) || d.red[j].name()) {
		j++
		if d.red[j-1].is(lexSpeaker) || d.red[j-1].has(upper) {
			return j
		}
	}
	return k
}

// content is what is reported from token k on: to the end of the sentence, or
// to where the article speaks for itself again.
func (d *discourse) content(k, cue int) (start, end, cueEnd int, ok bool) {
	if k >= len(d.red) {
		return 0, 0, 0, false
	}
	last := len(d.red)
	for j := k; j < len(d.red); j++ {
		t := d.red[j]
		if j == k && t.kind != quoted {
			continue
		}
		if t.kind == quoted && j == k && j+2 < len(d.red) && d.red[j+1].is(lexCoord) && d.red[j+1].kind == word && d.red[j+2].kind != quoted {
			last = j + 1
			break
		}
		if t.kind == quoted && j+1 < len(d.red) && d.endsInside(t) && d.red[j+1].kind == word && !d.red[j+1].is(lexCoord) {
			last = j + 1
			break
		}
		closed := t.kind == comma || t.kind == quoted
		if closed && j+1 < len(d.red) && (d.red[j+1].is(lexContrast) || d.trailing(j+1)) {
			last = j
			if t.kind == quoted {
				last = j + 1
			}
			break
		}
		if t.kind == semicolon || t.kind == dash && t.start > d.red[j-1].end {
			last = j
			break
		}
	}
	for last > k && (d.red[last-1].kind == stop || d.red[last-1].kind == comma) {
		last--
	}
	if last <= k {
		return 0, 0, 0, false
	}
	return d.red[k].start, d.red[last-1].end, cue, true
}

// endsInside reports whether the quotation holds the comma or stop that ends
// what is said.
func (d *discourse) endsInside(t token) bool {
	in := d.quotes[t.quote].inner
	return in.End > in.Start && in.End < t.end && strings.IndexByte(",.!", d.text[in.End-1]) >= 0
}

// trailing reports whether a new frame begins at j: "adding that", "he said".
func (d *discourse) trailing(j int) bool {
	if d.red[j].is(lexSay) && d.red[j].has(ing) && d.red[j].kind == word {
		return true
	}
	for k := j; k < len(d.red) && k < j+6; k++ {
		t := d.red[k]
		if t.kind != word && t.kind != possessive {
			return false
		}
		if t.is(lexSay) && !t.name() && k > j && !t.is(lexStrict) {
			a, _ := d.nounBefore(d.skipBack(k - 1))
			return a == j && !d.clauseFollows(k+1)
		}
	}
	return d.red[j].is(lexAccording)
}

// participle is ", warning that …": the subject of the clause speaks.
func (d *discourse) participle(i, from int) (frame, bool) {
	if i == 0 || d.red[i-1].kind != comma && !d.wordIs(i-1, "and") && d.red[i-1].kind != quoted {
		return frame{}, false
	}
	start, end, cue, ok := d.after(i)
	if !ok {
		return frame{}, false
	}
	f := frame{cue: claims.Offsets{Start: d.red[i].start, End: cue}, content: claims.Offsets{Start: start, End: end}}
	if len(d.frames) > from {
		p := d.frames[len(d.frames)-1]
		f.speaker, f.canonical, f.being, f.ent, f.named, f.plural = p.speaker, p.canonical, p.being, p.ent, p.named, p.plural
		return f, true
	}
	a, b := d.clauseSubject(i)
	if a < 0 || !d.speak(&f, a, b) {
		return frame{}, false
	}
	return f, true
}

// clauseSubject is the subject of the clause that token i belongs to.
func (d *discourse) clauseSubject(i int) (a, b int) {
	start := 0
	for k := i - 1; k > 0; k-- {
		if d.red[k].kind == semicolon || d.red[k-1].kind == comma && d.red[k].is(lexContrast|lexCoord) && d.verbLike(k+1, i) {
			start = k + 1
			break
		}
	}
	for k := start + 1; k < i; k++ {
		t := d.red[k]
		if t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux|lexSay) || t.has(ed)) {
			if a, b = d.subject(k); a >= start {
				return a, b
			}
		}
	}
	return -1, -1
}

// according is "according to X, …" and "…, according to X".
func (d *discourse) according(i int) (frame, bool) {
	k := i + 2
	if !d.wordIs(i, "according") {
		k = i + 4
	}
	if k >= len(d.red) {
		return frame{}, false
	}
	a, b := k, k
	for b < len(d.red) && b-k < maxNoun && d.nominalToken(b) && !(d.red[b].is(lexAdverb) && d.red[b].has(adverbly)) {
		b++
	}
	if b == a {
		return frame{}, false
	}
	f := frame{cue: d.span(i, k)}
	if !d.speak(&f, a, b) {
		f.speaker = d.span(a, b)
		f.canonical = decapital(d.text[f.speaker.Start:f.speaker.End], true)
		f.ent = -1
	}
	if i > 0 {
		if start, end, ok := d.before(i - 1); ok {
			f.content = claims.Offsets{Start: start, End: end}
			return f, true
		}
		if d.verbLike(0, i) && d.red[i-1].kind != opening {
			f.content = claims.Offsets{Start: d.red[0].start, End: d.red[i-1].end}
			return f, true
		}
	}
	if b < len(d.red) && d.red[b].kind == comma && i <= 2 {
		start, end, _, ok := d.content(b+1, 0)
		f.content = claims.Offsets{Start: start, End: end}
		return f, ok
	}
	return frame{}, false
}

// colonFrame is "Police: no one is missing" at the start of a sentence.
func (d *discourse) colonFrame(i int) (frame, bool) {
	if i == 0 || i > 6 {
		return frame{}, false
	}
	a, b := d.nounBefore(i - 1)
	if a != 0 || !d.verbLike(i+1, len(d.red)) && (i+1 >= len(d.red) || d.red[i+1].kind != quoted) {
		return frame{}, false
	}
	start, end, _, ok := d.content(i+1, 0)
	f := frame{cue: d.span(i, i+1), content: claims.Offsets{Start: start, End: end}}
	return f, ok && d.speak(&f, a, b)
}

// nominal is "X’s claim that …".
func (d *discourse) nominal(i int) (frame, bool) {
	start, end, cue, ok := d.content(i+2, d.red[i].end)
	if !ok || i < 1 {
		return frame{}, false
	}
	f := frame{cue: claims.Offsets{Start: d.red[i].start, End: cue}, content: claims.Offsets{Start: start, End: end}}
	j := i - 1
	for j > 0 && d.red[j].kind == word && d.red[j].bits == 0 && !d.red[j].name() && i-j < 3 {
		j--
	}
	switch {
	case d.red[j].kind == possessive:
		a, b := d.nounBefore(j - 1)
		return f, a >= 0 && d.speak(&f, a, b)
	case d.wordIs(j, "his"), d.wordIs(j, "her"), d.wordIs(j, "their"), d.wordIs(j, "its"):
		return f, d.speak(&f, j, j+1)
	}
	return frame{}, false
}

// speak fills in the speaker [a, b) of f; false if it is nobody.
func (d *discourse) speak(f *frame, a, b int) bool {
	if b-a > 1 && d.red[a].has(year) {
		a++ // “In 2019 the mayor said”
	}
	f.speaker, f.ent = d.span(a, b), -1
	first := d.red[a]
	if b-a == 1 && first.is(lexPron3|lexPossessive|lexPron12) && first.kind == word {
		d.pronoun(f, first)
		return true
	}
	for _, m := range d.names.in(f.speaker) {
		if m.quoted || m.being == roleOnly || m.end > f.speaker.End {
			continue
		}
		lead := strings.TrimSpace(d.text[f.speaker.Start:m.full])
		e := d.names.entities[m.ent]
		if lead != "" && !strings.EqualFold(lead, "the") && (m.end != f.speaker.End || e.being != person && (e.being != unknown || strings.IndexByte(e.name, ' ') < 0) || d.prepIn(a, b)) {
			continue
		}
		if tail := strings.TrimSpace(d.text[m.end:f.speaker.End]); tail != "" && e.being != person {
			if e.being != unknown || !d.nameAndPlace(m, e, tail) {
				continue
			}
			f.being = person
		}
		f.ent, f.being, f.named, f.canonical = m.ent, e.being, true, e.name
		if strings.EqualFold(lead, "the") && e.being != person {
			f.canonical = "the " + e.name
		}
		if f.being == unknown || f.being == place {
			f.being = guessSpeaker(e)
		}
		return true
	}
	text := d.text[f.speaker.Start:f.speaker.End]
	f.canonical = decapital(text, first.is(lexDet|lexSpeaker|lexPlural) || first.bits != 0 && !first.is(lexDemonym|lexPlace|lexOrg|lexTitle))
	for k := a; k < b && !d.red[k].is(lexPrep); k++ {
		f.plural, f.being = d.red[k].is(lexPlural), unknown
		if d.red[k].is(lexOrg) && !d.red[k].is(lexTitleHead) {
			f.being = organisation
		}
	}
	if d.wordIs(a, "the") && b-a <= 3 {
		if e := d.names.titled(d.red[b-1].text(d.text), first.start); e >= 0 && d.red[b-1].is(lexTitleHead) {
			f.ent, f.canonical, f.being, f.named = e, d.names.entities[e].name, person, true
		}
	}
	return true
}

// nameAndPlace reports whether the speaker is a name and where it belongs:
// "Beatriz Soares of the group Clean Lyde".
func (d *discourse) nameAndPlace(m mention, e entity, tail string) bool {
	w, _, _ := strings.Cut(tail, " ")
	x := d.lex.words[strings.ToLower(w)]
	return strings.IndexByte(e.name, ' ') > 0 && x != nil && x.bits&lexPrep != 0
}

func (d *discourse) prepIn(a, b int) bool {
	for k := a; k < b; k++ {
		if d.red[k].is(lexPrep) && !d.red[k].name() {
			return true
		}
	}
	return false
}

func guessSpeaker(e entity) being {
	if e.being == place {
		return organisation // "Moscow said"
	}
	return e.being
}

// pronoun resolves the speaker of f.
func (d *discourse) pronoun(f *frame, t token) {
	e := -1
	if w := d.last; w.canonical != "" && w.ent < 0 && d.sent-w.sent <= 1 && t.is(lexPron3) && heOrShe(t.text(d.text)) {
		f.canonical = w.canonical
		return
	}
	switch w := strings.ToLower(t.text(d.text)); w {
	case "he", "his", "he's":
		e = d.him(t.start, male)
	case "she", "her", "she's":
		e = d.him(t.start, female)
	case "they", "their", "it", "its":
		if d.group.canonical != "" {
			f.canonical, f.being, f.plural, f.ent, f.named = d.group.canonical, d.group.being, d.group.plural, d.group.ent, d.group.named
		}
		return
	}
	if e >= 0 {
		f.ent, f.canonical, f.being, f.named = e, d.names.entities[e].name, person, true
	}
}

// heOrShe reports whether the pronoun w is "he" or "she".
func heOrShe(w string) bool {
	w = strings.ToLower(w)
	return strings.HasPrefix(w, "he") || strings.HasPrefix(w, "she")
}

// him is the person that a pronoun at byte offset at stands for: a subject
// before it in the sentence, who the text was about, or who was named last.
func (d *discourse) him(at int, g gender) int {
	last := -1
	for i, back := d.names.before(at)-1, 0; i >= 0 && back < 40; i, back = i-1, back+1 {
		m := d.names.mentions[i]
		if d.sent-m.sent > 5 {
			break
		}
		e := d.names.personOf(m, g)
		if e < 0 {
			continue
		}
		if m.sent == d.sent && m.subject && !m.quoted {
			return e
		}
		if !m.quoted && (last < 0 || d.names.entities[last].being != person && d.names.entities[e].being == person) {
			last = e
		}
	}
	if d.topic >= 0 {
		if tg := d.names.entities[d.topic].gender; tg == anyGender || g == anyGender || tg == g {
			return d.topic
		}
	}
	return last
}

// decapital is s without the capital of its first word, if lower.
func decapital(s string, lower bool) string {
	r, w := utf8.DecodeRuneInString(s)
	if !lower || !unicode.IsUpper(r) || len(s) > w && unicode.IsUpper(rune(s[w])) {
		return s
	}
	return string(unicode.ToLower(r)) + s[w:]
}
