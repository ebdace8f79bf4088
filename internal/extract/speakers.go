package extract

import (
	"strings"
	"unicode"

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

func (d *discourse) span(a, b int) claims.Offsets {
	return claims.Offsets{Start: d.red[a].start, End: d.red[b-1].end}
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
