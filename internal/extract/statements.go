package extract

import (
	"cmp"
	"slices"
	"strings"

	"factcheck/internal/claims"
)

// consider scores the clause and keeps it if it is worth a check.
func (x *extraction) consider(s sentence, toks []token, ar area, c clause) {
	x.trim(toks, ar, &c)
	if c.b-c.a < minWords || c.own >= c.b {
		return
	}
	own := x.own(toks, c)
	if len(own) < minWords || c.b < len(toks) && toks[c.b].kind == stop && question(toks[c.b].text(x.text)) {
		return
	}
	if t := own[0]; !c.part && t.kind == word && c.a > 0 && (t.is(lexRelative) || ar.frame < 0 && t.is(lexSay) && !t.name() && !t.has(ing) && own[1].name()) {
		return // “who fired him”: who? “said Ana Lund”: what?
	}
	if t := own[0]; !c.part && t.kind == word && t.is(lexAux|lexModal|lexFinite) && !t.has(initial) && !t.name() && !x.promised(ar) {
		return // the subject is elsewhere
	}
	if ar.frame < 0 && len(own) > 2 && own[0].is(lexPron3) && own[1].is(lexSay) && (own[2].kind == comma || own[2].kind == quoteMark) {
		return // “she added, ‘…’”: the words of somebody, not of the article
	}
	x.cur = frame{ent: -1}
	if ar.frame >= 0 {
		x.cur = x.disc.frames[ar.frame]
	}
	span := claims.Offsets{Start: toks[c.a].start, End: toks[c.b-1].end}
	named := x.disc.names.in(span)
	f, marks := observe(x.text, own, !c.part && !ar.noun && !x.cur.promise, len(named)+x.resolved(own[0]), x.marks[:0])
	x.marks = marks
	who := x.attribution(&f, ar, span)
	if x.promises(own, ar) {
		f.see(IsPromise)
		x.mark(IsPromise, own[0].start, own[min(len(own), 4)-1].end)
	}
	score, reasons := x.score(f)
	if score < MinScore && (!x.judges || c.part || ar.noun || len(c.skip) > 0 || vetoed(f, len(own)*5 >= len(toks)*4)) {
		return
	}
	for _, m := range named {
		x.mark(NamesSomebody, m.start, m.end)
	}
	x.marks = slices.DeleteFunc(x.marks, func(m mark) bool { return f[m.at] == 0 })
	new := found{
		start: span.Start, end: span.End, sentence: s.Offsets, score: score, kind: kindOf(f), who: who,
		asker: x.byAsker(s.line), reasons: reasons, short: x.short(c, toks, who, ar.noun), marks: slices.Clone(x.marks), due: x.due(f, own),
	}
	if ar.frame >= 0 && x.cur.sent == x.disc.sent {
		new.said = x.saidAt(toks, x.cur)
	}
	x.keep(new)
}

// vetoed reports whether the features say that there is nothing to check, whatever
// a judge may think. That a verb is missing says little of a whole sentence: the
// word lists do not know every verb.
func vetoed(f Features, sentence bool) bool {
	return f[SetsScene]+f[Commands]+f[Ponders]+f[AddressesReader] > 0 || f[LacksVerb] > 0 && !sentence
}

// mark notes where a feature of the statement at hand was seen.
func (x *extraction) mark(at Feature, start, end int) {
	if start < end {
		x.marks = append(x.marks, mark{at, claims.Offsets{Start: start, End: end}})
	}
}

// maxFound is how many statements wait for their judge: of more, the rules keep
// the best half. No article that a person would read has as many.
const maxFound = 4 * MaxCandidates

// keep adds a statement.
func (x *extraction) keep(f found) {
	if x.found = append(x.found, f); len(x.found) < maxFound {
		return
	}
	slices.SortStableFunc(x.found, func(a, b found) int { return cmp.Compare(b.score, a.score) })
	clear(x.found[maxFound/2:])
	x.found = x.found[:maxFound/2]
}

// framed is where f begins with the words before it that attribute it.
func framed(f found) int {
	who := f.who
	if who.Start < who.End && who.CueStart < who.CueEnd && min(who.Start, who.CueStart) >= f.sentence.Start && max(who.End, who.CueEnd) <= f.start {
		return min(who.Start, who.CueStart)
	}
	return f.start
}

// judged gives what was found the scores and the reasons of j.
func (x *extraction) judged(j claims.Judge, lang string) {
	slices.SortStableFunc(x.found, func(a, b found) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	all := make([]claims.Statement, len(x.found))
	for i, f := range x.found {
		at := f.sentence.Start
		all[i] = claims.Statement{
			Sentence: x.text[at:f.sentence.End], At: claims.Offsets{Start: framed(f) - at, End: f.end - at},
			Evidence: make([]claims.Evidence, 0, len(f.marks)), ByAsker: f.asker,
		}
		for _, m := range f.marks {
			all[i].Evidence = append(all[i].Evidence, claims.Evidence{Reason: rules[m.at].reason, At: claims.Offsets{Start: m.place.Start - at, End: m.place.End - at}})
		}
	}
	kept := x.found[:0]
	for i, v := range j(all, lang, MaxCandidates) {
		f := x.found[i]
		if v.Kept && (f.score >= MinScore && v.Score >= LeastScore || f.foreign && f.kind == claims.Quantity || min(v.Score, v.Own) >= MinScore) {
			f.score, f.reasons = v.Score, v.Reasons
			kept = append(kept, f)
		}
	}
	x.found = kept
}

func (x *extraction) promised(ar area) bool {
	return ar.frame >= 0 && x.disc.frames[ar.frame].promise
}

// resolved is 1 if t is a pronoun that stands for a named person.
func (x *extraction) resolved(t token) int {
	if t.kind != word || !t.is(lexPron3) {
		return 0
	}
	switch strings.ToLower(x.text[t.start:min(t.end, t.start+3)]) {
	case "he", "he'", "he’":
		return min(1, x.disc.him(t.start, male)+1)
	case "she":
		return min(1, x.disc.him(t.start, female)+1)
	}
	return 0
}

// promises reports whether a speaker says what he or she will do: "we will",
// "he alone can" of himself, or the infinitive after a verb of promising.
func (x *extraction) promises(own []token, ar area) bool {
	if ar.frame < 0 {
		return false
	}
	if x.cur.promise {
		return true
	}
	for i, t := range own {
		if i > 6 || t.kind != word || !t.is(lexModal) && !t.is(lexFuture) {
			continue
		}
		self := x.cur.ent >= 0 && i > 0 && own[0].is(lexPron3) && x.text[own[0].start:own[0].end] != "it"
		k := i
		for k > 0 && (!own[k].is(lexPron12|lexPron3) || own[k].kind != word) && (k == i || own[k].is(lexAdverb) || own[k].has(adverbly)) {
			k--
		}
		self = self || own[k].is(lexPron12) && strings.IndexByte("iIwW", x.text[own[k].start]) >= 0 // “we will”, not “I think he will”
		return self && (t.is(lexFuture) || own[i].text(x.text) == "can")
	}
	return false
}

// trim takes marks and conjunctions from the ends of c, and keeps quotation
// marks and brackets in pairs.
func (x *extraction) trim(toks []token, ar area, c *clause) {
	for n := len(c.skip); n > 0 && c.skip[n-1][1] >= c.b; n-- {
		c.b = c.skip[n-1][0]
		c.skip = c.skip[:n-1]
	}
	for c.a < c.b && loose(toks[c.a], true) && !leads(toks[c.a:c.b]) {
		c.a++
	}
	for c.b > c.a && loose(toks[c.b-1], false) && !closes(toks, c.b-1) {
		c.b--
	}
	c.own = max(c.own, c.a)
	x.split.toks = toks
	if c.a < c.b && x.bareSubordinate(toks, *c) {
		c.a++
		c.own = c.a
	}
	if c.a >= c.b || ar.quote >= 0 {
		return
	}
	if q := toks[c.a].quote; q >= 0 && x.disc.quotes[q].inner.Start <= toks[c.a].start && toks[c.b-1].quote != q {
		for c.a > ar.a && toks[c.a-1].quote == q {
			c.a--
		}
	}
	if q := toks[c.b-1].quote; q >= 0 && toks[c.b-1].end <= x.disc.quotes[q].inner.End && toks[c.a].start < x.disc.quotes[q].inner.Start {
		for c.b < len(toks) && toks[c.b].quote == q {
			c.b++
		}
	}
}

// bareSubordinate reports whether c is nothing but a clause of cause or time,
// behind its conjunction a statement of its own.
func (x *extraction) bareSubordinate(toks []token, c clause) bool {
	t := toks[c.a]
	if c.part || c.a+minWords >= c.b || !subordinates[t.text(x.text)] || !x.split.independent(c.a+1, c.b) {
		return false
	}
	for i := c.a + 1; i+1 < c.b; i++ {
		if toks[i].kind == comma && x.split.independent(i+1, c.b) {
			return false
		}
	}
	return true
}

var subordinates = map[string]bool{"because": true, "when": true, "where": true}

// closes reports whether token i is a single mark that closes words quoted inside
// others: it stands behind a comma or a stop.
func closes(toks []token, i int) bool {
	return toks[i].kind == possessive && i > 0 && (toks[i-1].kind == comma || toks[i-1].kind == stop)
}

func loose(t token, front bool) bool {
	switch t.kind {
	case comma, stop, semicolon, colon, dash, other:
		return true
	case possessive:
		return front || t.end-t.start == 1
	case opening:
		return !front
	case closing:
		return front
	case word:
		return t.is(lexCoord) && t.bits&(lexDet) == 0 || front && t.is(lexContrast) && !t.is(lexAdverb|lexPrep)
	}
	return false
}

// leads reports whether toks begin with a subordinate clause that another one
// follows, “while X does, Y does”: without its conjunction both would run on.
func leads(toks []token) bool {
	return toks[0].kind == word && toks[0].is(lexContrast) && toks[0].is(lexSubord) && slices.ContainsFunc(toks, func(t token) bool { return t.kind == comma })
}

// own are the tokens of c that are its own statement.
func (x *extraction) own(toks []token, c clause) []token {
	if len(c.skip) == 0 {
		return toks[c.own:c.b]
	}
	var out []token
	at := c.own
	for _, s := range c.skip {
		if s[0] > at {
			out = append(out, toks[at:s[0]]...)
		}
		at = max(at, s[1])
	}
	if at < c.b {
		out = append(out, toks[at:c.b]...)
	}
	return out
}

// attribution is who says the span, and what that tells about its worth.
func (x *extraction) attribution(f *Features, ar area, span claims.Offsets) claims.Attribution {
	inside := within(x.text, x.disc.quotes, span.Start, span.End)
	if len(inside) > 0 {
		f.see(QuotesWords)
	}
	for _, q := range inside {
		x.mark(QuotesWords, max(span.Start, q.Start-3), q.Start)
		x.mark(QuotesWords, q.End, min(span.End, q.End+3))
	}
	if ar.frame < 0 {
		who := claims.Attribution{Type: claims.NoSource}
		if ar.quote >= 0 {
			who.Type = claims.Direct
		}
		return who
	}
	fr := x.cur
	who := claims.Attribution{
		Type: claims.Indirect, Speaker: x.text[fr.speaker.Start:fr.speaker.End], Canonical: fr.canonical,
		Start: fr.speaker.Start, End: fr.speaker.End, Cue: x.text[fr.cue.Start:fr.cue.End], CueStart: fr.cue.Start, CueEnd: fr.cue.End,
	}
	switch {
	case ar.quote >= 0 || fr.direct:
		who.Type = claims.Direct
	case len(inside) > 0:
		who.Type = claims.Mixed
	}
	by := ByGroup
	switch {
	case fr.being == organisation:
		by = ByOrganisation
	case fr.named:
		by = ByPerson
	}
	f.see(by)
	x.mark(by, fr.speaker.Start, fr.speaker.End)
	x.mark(by, fr.cue.Start, fr.cue.End)
	return who
}
