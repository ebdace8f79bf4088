package extract

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// Limits of what is proposed.
const (
	MaxCandidates = 2_000 // of one article: the best are kept
	MaxSentence   = 4_000 // bytes; nobody could check a longer one, so it is not read
	MinScore      = 0.5   // a statement below it by the rules is proposed only if its judge says more
	LeastScore    = 0.05  // what its judge scores lower is not proposed
	minWords      = 3     // of a candidate
)

// Find returns the candidates of a, best first: those with the same score in
// the order of the text. It reads Text, Title, Lang and PublishedAt only. Every Span
// verifies against a.Text; Sentence, Attribution and Quotes are byte offsets
// of the same text. The text may be any bytes at all (clean.go). Dates are seen from the day
// of PublishedAt.
func Find(a claims.Article) []claims.Candidate { return Finder{Score: Rules}.Find(a) }

// Finder finds claims with a scorer and a judge of the caller's: the scorer
// tells statements from scene, question and opinion by what they are made of,
// the judge says how much each deserves a check.
type Finder struct {
	Score Scorer       // decides what is proposed; Rules if nil
	Judge claims.Judge // gives the scores and the reasons; Score if nil
}

// Find is the package's Find with f's scorer.
func (f Finder) Find(a claims.Article) []claims.Candidate {
	if f.Score == nil {
		f.Score = Rules
	}
	given := a.Text
	var moved shifts
	a.Text, moved = cleaned(given)
	a.Title, _ = cleaned(a.Title)
	if strings.TrimSpace(a.Text) == "" {
		return nil
	}
	out := f.find(a)
	if moved != nil {
		kept := out[:0]
		for _, c := range out {
			if moved.put(&c, given) {
				kept = append(kept, c)
			}
		}
		out = kept
	}
	return out
}

// find is Find for a text that is composed and holds no hidden marks.
func (f Finder) find(a claims.Article) []claims.Candidate {
	x := newExtraction(a, f.Score)
	x.judges = f.Judge != nil
	lang := a.Lang
	if isEnglish(a.Lang, a.Text) {
		lang = "en"
		x.voices = voices()
		x.names()
		x.frames()
		x.claims()
	} else {
		if x.foreign(); lang == "" {
			lang = "und"
		}
	}
	if f.Judge != nil {
		x.judged(f.Judge, lang)
	}
	return x.best()
}

// sentence is a sentence with the line it stands in.
type sentence struct {
	claims.Offsets
	role   role
	opens  bool // first of its line
	line   int
	frames [2]int // of discourse.frames
	topic  int    // entity that the text is about where the sentence begins, -1 if none
}

// found is a candidate before its strings are made.
type found struct {
	start, end int
	sentence   claims.Offsets
	score      float64
	kind       claims.Kind
	who        claims.Attribution
	reasons    []string
	short      string
	due, said  time.Time
	foreign    bool   // of a language without rules
	marks      []mark // where the features that may be reasons were seen
}

// extraction is the work on one article.
type extraction struct {
	text   string
	score  Scorer
	today  time.Time // day of the article; zero: unknown
	judges bool      // a judge has the last word
	sents  []sentence
	scan   scanner
	tape   tape
	turns  turns
	disc   discourse
	split  splitter
	found  []found
	marks  []mark // of the statement at hand
	cur    frame  // of the statement at hand

	voices *Voices // nil: rules alone
	order  []int
	heard  []claims.Offsets // parts and cues that the models find, by their ends
}

func newExtraction(a claims.Article, score Scorer) *extraction {
	x := &extraction{text: a.Text, score: score, today: day(a.PublishedAt)}
	quotes := quotations(a.Text)
	x.scan = scanner{text: a.Text, lex: words(), quotes: quotes}
	x.disc = discourse{text: a.Text, lex: words(), quotes: quotes, names: newNames(a.Text), said: make([]int, len(quotes)), topic: -1}
	x.divide(a.Title)
	x.findTurns()
	return x
}

// divide finds the sentences and what their lines are for.
func (x *extraction) divide(title string) {
	all := Sentences(x.text)
	first, line := true, 0
	for start, at := 0, 0; start < len(x.text) && at < len(all); line++ {
		end, next := paragraphEnd(x.text, start)
		from := at
		for at < len(all) && all[at].Start < end {
			at++
		}
		if at > from {
			r := roleOf(x.text[all[from].Start:min(all[at-1].End, max(end, all[at-1].Start))], title, first)
			for i := from; i < at; i++ {
				x.sents = append(x.sents, sentence{Offsets: all[i], role: r, opens: i == from, line: line})
			}
			first = first && r != body
		}
		start = next
	}
}

// readable reports whether s is text to find claims in.
func (s sentence) readable() bool {
	return (s.role == body || s.role == item) && s.End-s.Start <= MaxSentence
}

// start is where the sentence begins behind list marks and datelines.
func (x *extraction) start(s sentence) int {
	if !s.opens {
		return s.Start
	}
	if o, ok := x.turns.labels[s.line]; ok {
		return o.End + 1 // behind the colon
	}
	return s.Start + lead(x.text[s.Start:s.End])
}

// names is the first reading.
func (x *extraction) names() {
	for i, s := range x.sents {
		if s.readable() {
			x.disc.names.sentence(x.tokens(i), i)
		}
	}
	x.disc.names.resolve()
}

// frames is the second.
func (x *extraction) frames() {
	x.listen()
	for i := range x.sents {
		s := &x.sents[i]
		s.frames[0], s.topic = len(x.disc.frames), x.disc.topic
		if s.readable() {
			x.disc.sentence(x.tokens(i), i)
		} else {
			x.disc.red = x.disc.red[:0]
		}
		x.hear(s)
		s.frames[1] = len(x.disc.frames)
	}
	x.inherit()
	x.takeTurns()
}

// listen reads the whole text with the trained models.
func (x *extraction) listen() {
	if x.voices == nil {
		return
	}
	r := reader{text: x.text, quotes: x.scan.quotes, lexis: x.voices.Lexis, sents: make([]claims.Offsets, len(x.sents)), tape: &x.tape}
	for i, s := range x.sents {
		r.sents[i] = s.Offsets
	}
	r.scan = scanner{text: x.text, lex: words(), quotes: x.scan.quotes}
	v := voicesReader{Voices: x.voices, obs: NewObserver(x.voices.Lexis)}
	r.units(func(u *Unit) { x.disc.heard = v.read(u, x.disc.heard) })
	slices.SortStableFunc(x.disc.heard, func(a, b Voice) int { return cmp.Compare(a.Cue.Start, b.Cue.Start) })
}

// hear resolves the sources of what the models find in sentence s.
func (x *extraction) hear(s *sentence) {
	d := &x.disc
	for n := len(d.heardBy); n < len(d.heard) && d.heard[n].Cue.Start < s.End; n++ {
		d.heardBy = append(d.heardBy, d.hear(&d.heard[n], s.frames[0]))
	}
}

// inherit gives quotations without a frame of their own the speaker of the
// quotation they continue: the next paragraph of a running quotation, or the
// next sentences of the same paragraph.
func (x *extraction) inherit() {
	said, quotes := x.disc.said, x.disc.quotes
	for i := len(quotes) - 1; i > 0; i-- {
		if p := quotes[i].after; p >= 0 && said[p] == 0 {
			said[p] = said[i]
		}
	}
	for i := range quotes {
		if p := quotes[i].after; p >= 0 && said[i] == 0 {
			said[i] = said[p]
		}
		if i == 0 || said[i] != 0 || said[i-1] == 0 {
			continue
		}
		gap := x.text[quotes[i-1].outer.End:quotes[i].outer.Start]
		if len(gap) < 200 && !strings.ContainsAny(gap, "\n\r") && x.standsFree(quotes[i]) {
			said[i] = said[i-1]
		}
	}
}

// standsFree reports whether q fills whole sentences, so that it goes on
// without a frame.
func (x *extraction) standsFree(q quote) bool {
	i, _ := slices.BinarySearchFunc(x.sents, q.outer.Start, func(s sentence, at int) int { return cmp.Compare(s.Start, at) })
	return i < len(x.sents) && x.sents[i].Start == q.outer.Start
}

// claims is the third reading.
func (x *extraction) claims() {
	for i, s := range x.sents {
		if !s.readable() || question(x.text[s.Start:s.End]) {
			continue
		}
		toks := x.tokens(i)
		if len(toks) == 0 {
			continue
		}
		x.disc.sent, x.disc.topic = i, s.topic
		for _, ar := range x.areas(s, toks) {
			for _, c := range x.split.cut(toks, ar) {
				x.consider(s, toks, ar, c)
			}
		}
	}
}

func (s *splitter) cut(toks []token, ar area) []clause {
	s.toks = toks
	return s.split(ar)
}

// question reports whether s asks.
func question(s string) bool {
	bare := strings.TrimRight(s, closers+" ")
	return strings.HasSuffix(bare, "?") || strings.HasSuffix(bare, "\uff1f") || strings.HasSuffix(bare, "\u061f") || strings.HasSuffix(bare, "?!")
}

// areas divides the sentence by who speaks.
func (x *extraction) areas(s sentence, toks []token) []area {
	var out []area
	at := 0
	for n, k := range x.inOrder(s) {
		f := x.disc.frames[k]
		a, b := tokensIn(toks, f.content)
		if a >= b || a < at {
			continue
		}
		head := min(firstToken(toks, f.speaker.Start), firstToken(toks, f.cue.Start))
		if f.from > 0 {
			head = min(head, firstToken(toks, f.from))
		}
		if head < at || head > a {
			head = a
		}
		if n > 0 || f.content.Start > f.cue.End {
			if cue := firstToken(toks, f.cue.Start); cue > head && f.cue.Start > f.speaker.End && f.speaker.Start < f.cue.Start && x.isIng(toks, cue) {
				head = cue
			}
		}
		out = x.voice(out, toks, at, head)
		if !f.asks {
			out = append(out, x.contentArea(toks, a, b, k, f))
		}
		at = b
		for _, o := range []claims.Offsets{f.speaker, f.cue} {
			if end := firstToken(toks, o.End); o.Start >= f.content.End && end > at {
				at = end
			}
		}
	}
	if at == 0 {
		return x.voice(out, toks, 0, len(toks))
	}
	n := len(out)
	out = x.voice(out, toks, x.tail(toks, at, out), len(toks))
	if len(out) > n {
		x.split.toks = toks
		out[n].noun = toks[out[n].a].is(lexArticle) && !x.split.independent(out[n].a, len(toks))
	}
	return out
}

// inOrder are the frames of s: in the order of their cues, or of what they
// report if the models have found some.
func (x *extraction) inOrder(s sentence) []int {
	x.order = x.order[:0]
	heard := false
	for k := s.frames[0]; k < s.frames[1]; k++ {
		x.order = append(x.order, k)
		heard = heard || x.disc.frames[k].heard
	}
	if heard {
		slices.SortStableFunc(x.order, func(a, b int) int {
			return cmp.Compare(x.disc.frames[a].content.Start, x.disc.frames[b].content.Start)
		})
	}
	return x.order
}

// tail is where, behind the last frame, the article says something of its own:
// not in what still belongs to the frame ("on Monday", "at a meeting that …").
func (x *extraction) tail(toks []token, at int, out []area) int {
	if len(out) > 0 && at == out[len(out)-1].b && at < len(toks) && toks[at].kind != quoteMark {
		return at // the frame stood in front
	}
	for at < len(toks) {
		for at < len(toks) && toks[at].kind != comma && toks[at].kind != semicolon && toks[at].kind != dash {
			at++
		}
		if n := at + 1; n < len(toks) && x.ownVoice(toks, n) {
			return at
		}
		at++
	}
	return len(toks)
}

// ownVoice reports whether the article says something of its own from token n
// on: a clause with a subject, or a noun that is not about the speaker.
func (x *extraction) ownVoice(toks []token, n int) bool {
	for n < len(toks) && toks[n].kind == word && toks[n].is(lexContrast|lexCoord) {
		n++
	}
	x.split.toks = toks
	if x.split.independent(n, len(toks)) {
		return true
	}
	if n >= len(toks) || !toks[n].is(lexArticle) || toks[n].kind != word {
		return false
	}
	for k := n; k < len(toks) && k < n+5 && toks[k].kind != comma; k++ {
		if toks[k].is(lexSpeaker | lexTitleHead) {
			return false
		}
	}
	return true
}

func (x *extraction) isIng(toks []token, i int) bool { return i < len(toks) && toks[i].has(ing) }

// contentArea is what a frame reports, without the marks if all of it is
// quoted.
func (x *extraction) contentArea(toks []token, a, b, k int, f frame) area {
	ar := area{a: a, b: b, frame: k, quote: -1}
	if q := toks[a].quote; f.direct && q >= 0 && q == toks[b-1].quote {
		ar.quote = q
		for ar.a < ar.b && toks[ar.a].kind == quoteMark && toks[ar.a].start < x.disc.quotes[q].inner.Start {
			ar.a++
		}
		for ar.b > ar.a && toks[ar.b-1].kind == quoteMark && toks[ar.b-1].start >= x.disc.quotes[q].inner.End {
			ar.b--
		}
	}
	return ar
}

// voice adds the tokens [a, b) in the article's own voice; quotations in them
// that fill the sentence speak for themselves.
func (x *extraction) voice(out []area, toks []token, a, b int) []area {
	for a < b && (toks[a].kind == comma || toks[a].kind == stop || toks[a].kind == dash || toks[a].kind == semicolon || toks[a].is(lexContrast|lexCoord) && toks[a].kind == word) {
		a++
	}
	for b > a && (toks[b-1].kind == comma || toks[b-1].is(lexCoord) && toks[b-1].kind == word) {
		b--
	}
	if b-a < minWords {
		return out
	}
	q := toks[a].quote
	if q < 0 || toks[b-1].quote != q && toks[b-1].kind != stop {
		return append(out, area{a: a, b: b, frame: x.turns.frame(x.disc.sent), quote: -1})
	}
	for b > a && toks[b-1].quote != q {
		b--
	}
	return append(out, x.contentArea(toks, a, b, x.disc.said[q]-1, frame{direct: true}))
}

// tokensIn is the range of the tokens inside o.
func tokensIn(toks []token, o claims.Offsets) (a, b int) {
	a = firstToken(toks, o.Start)
	b = a
	for b < len(toks) && toks[b].end <= o.End {
		b++
	}
	return a, b
}

// firstToken is the first token that begins at or after at.
func firstToken(toks []token, at int) int {
	i, _ := slices.BinarySearchFunc(toks, at, func(t token, at int) int { return cmp.Compare(t.start, at) })
	return i
}

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
		reasons: reasons, short: x.short(c, toks, who, ar.noun), marks: slices.Clone(x.marks), due: x.due(f, own),
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
			Evidence: make([]claims.Evidence, 0, len(f.marks)),
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
	for c.a < c.b && loose(toks[c.a], true) {
		c.a++
	}
	for c.b > c.a && loose(toks[c.b-1], false) && !closes(toks, c.b-1) {
		c.b--
	}
	c.own = max(c.own, c.a)
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
		return t.is(lexCoord) && t.bits&(lexDet) == 0 || front && t.is(lexContrast) && !t.is(lexAdverb)
	}
	return false
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

// best makes candidates of what was found.
func (x *extraction) best() []claims.Candidate {
	slices.SortStableFunc(x.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	x.found = x.found[:min(len(x.found), MaxCandidates)]
	out := make([]claims.Candidate, 0, len(x.found))
	for _, f := range x.found {
		span, err := claims.SpanAt(x.text, f.start, f.end)
		if err != nil {
			continue // never: tokens lie on rune boundaries
		}
		out = append(out, claims.Candidate{
			Span: span, Sentence: f.sentence, Score: f.score, Kind: f.kind, Attribution: f.who,
			Quotes: within(x.text, x.disc.quotes, f.start, f.end), Reasons: f.reasons, ShortForm: f.short,
			Due: f.due, SaidAt: f.said,
		})
	}
	return out
}

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
		f := found{sentence: s.Offsets, score: foreignScore, kind: claims.Other, foreign: true}
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

// numbers notes the numbers of f.
func (x *extraction) numbers(f *found) {
	for _, t := range x.scan.tokens(f.start, f.end) {
		digits := t.kind == word && strings.ContainsAny(t.text(x.text), "0123456789") // scripts without spaces
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
