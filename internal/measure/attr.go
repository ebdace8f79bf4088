package measure

import (
	"encoding/json"
	"io"
	"math"
	"slices"
)

// AttrGold is a text and the quotations in it. Sents may be empty.
type AttrGold struct {
	ID     string
	Text   string
	Sents  []Span
	Quotes []Quote
}

// Quote is words and who they are attributed to. Offsets are code points; nil
// is "not there".
type Quote struct {
	Start            *int   `json:"start"`
	End              *int   `json:"end"`
	Spans            []Span `json:"spans"` // of a split quotation; empty: Start to End
	Type             string `json:"type"`  // direct, mixed or indirect
	Speaker          string `json:"speaker"`
	SpeakerStart     *int   `json:"speaker_start"`
	SpeakerEnd       *int   `json:"speaker_end"`
	SpeakerCanonical string `json:"speaker_canonical"`
	CueStart         *int   `json:"cue_start"`
	CueEnd           *int   `json:"cue_end"`
}

func (q Quote) pieces() []Span {
	if len(q.Spans) > 0 || q.Start == nil || q.End == nil {
		return q.Spans
	}
	return []Span{{*q.Start, *q.End}}
}

func (q Quote) source() (Span, bool) { return known(q.SpeakerStart, q.SpeakerEnd) }
func (q Quote) cue() (Span, bool)    { return known(q.CueStart, q.CueEnd) }

func known(a, b *int) (Span, bool) {
	if a == nil || b == nil {
		return Span{}, false
	}
	return Span{*a, *b}, true
}

// quote is a Quote made ready: its trimmed pieces and their core.
type quote struct {
	Quote
	spans []Span
	chars cover
}

func ready(text []rune, all []Quote) ([]quote, []cover) {
	var out []quote
	var covers []cover
	for _, q := range all {
		r := quote{Quote: q}
		var cores []Span
		for _, s := range q.pieces() {
			if s = trim(text, s); s[0] < s[1] {
				r.spans, cores = append(r.spans, s), append(cores, core(text, s))
			}
		}
		if len(r.spans) > 0 {
			r.chars = coverOf(cores...)
			out, covers = append(out, r), append(covers, r.chars)
		}
	}
	return out, covers
}

var quoteTypes = []string{"direct", "mixed", "indirect"}

// attrSums is what Attr counts over all texts.
type attrSums struct {
	docs, missing                        float64
	exact, overlap, half, letters, plain tally // content; plain are direct quotations
	softP, softR                         float64
	hit, of                              map[string]float64 // by type: found, gold
	cue, source, cueNear, sourceNear     tally
	speaker, speakerSpan                 mean
	speakerBy                            map[string]mean
	canonical                            mean
	endToEnd                             float64
	roles                                [3]roleSums // source, cue, content
}

// roleSums count the pieces into which sentences cut the spans of a role.
type roleSums struct {
	exact, begin   tally
	shared, either float64
}

// Attr scores quotations and their attribution: content, cue and source, the
// right speaker, and all of it end to end. gold must not be empty.
func Attr(gold []AttrGold, pred map[string][]Quote) Report {
	s := &attrSums{docs: float64(len(gold)), hit: map[string]float64{}, of: map[string]float64{}, speakerBy: map[string]mean{}}
	for _, g := range gold {
		p, ok := pred[g.ID]
		if !ok {
			s.missing++
		}
		s.text(g, p)
	}
	return s.report()
}

func (s *attrSums) text(g AttrGold, pred []Quote) {
	text := []rune(g.Text)
	gold, goldChars := ready(text, g.Quotes)
	found, foundChars := ready(text, pred)
	n, m := float64(len(gold)), float64(len(found))
	for _, q := range gold {
		s.of[q.Type]++
	}
	exact := pairUp(goldChars, foundChars, cover.same, .5)
	near := pairUp(goldChars, foundChars, cover.overlap, 0)
	half := 0.0
	for _, p := range near {
		k := float64(goldChars[p.gold].shared(foundChars[p.pred]))
		s.softR += k / float64(goldChars[p.gold].size())
		s.softP += k / float64(foundChars[p.pred].size())
		if p.score >= .5 {
			half++
			s.hit[gold[p.gold].Type]++
			s.attributed(text, gold[p.gold], found[p.pred])
		}
	}
	s.exact.count(float64(len(exact)), m, n)
	s.overlap.count(float64(len(near)), m, n)
	s.half.count(half, m, n)
	all, allFound := coverOf(slices.Concat(goldChars...)...), coverOf(slices.Concat(foundChars...)...)
	s.letters.count(float64(all.shared(allFound)), float64(allFound.size()), float64(all.size()))
	s.direct(gold, found)
	s.cue.near(text, gold, found, Quote.cue, &s.cueNear)
	s.source.near(text, gold, found, Quote.source, &s.sourceNear)
	if len(g.Sents) > 0 {
		s.bySentence(text, g.Sents, gold, found)
	}
}

func (t *tally) count(right, pred, gold float64) {
	t.right += right
	t.pred += pred
	t.gold += gold
}

// attributed judges the speaker of a quotation that was found.
func (s *attrSums) attributed(text []rune, g, p quote) {
	said, ok := g.source()
	guess, guessed := p.source()
	if !ok {
		if !guessed && p.Speaker == "" {
			s.endToEnd++
		}
		return
	}
	right := false
	if guessed {
		a, b := coverOf(trim(text, said)), coverOf(trim(text, guess))
		right = a.shared(b) > 0
		s.speakerSpan.add(a.same(b))
	} else {
		s.speakerSpan.add(0)
	}
	for _, name := range []string{p.Speaker, p.SpeakerCanonical} {
		right = right || sameName(name, g.Speaker) || sameName(name, g.SpeakerCanonical)
	}
	hit := 0.0
	if right {
		hit = 1
	}
	s.endToEnd += hit
	s.speaker.add(hit)
	by := s.speakerBy[g.Type]
	by.add(hit)
	s.speakerBy[g.Type] = by
	if g.SpeakerCanonical == "" {
		return
	}
	name := p.SpeakerCanonical
	if name == "" {
		name = p.Speaker
	}
	if sameName(name, g.SpeakerCanonical) {
		s.canonical.add(1)
	} else {
		s.canonical.add(0)
	}
}

// direct scores direct quotations alone. One that is mixed in gold is no
// error: it is left out.
func (s *attrSums) direct(gold, found []quote) {
	of := func(all []quote, kind string) (out []cover) {
		for _, q := range all {
			if q.Type == kind {
				out = append(out, q.chars)
			}
		}
		return out
	}
	g, p, mixed := of(gold, "direct"), of(found, "direct"), of(gold, "mixed")
	pairs := pairUp(g, p, cover.overlap, .5)
	used := map[int]bool{}
	for _, x := range pairs {
		used[x.pred] = true
	}
	leave := 0.0
	for j, c := range p {
		if !used[j] && slices.ContainsFunc(mixed, func(m cover) bool { return 2*c.shared(m) >= c.size() }) {
			leave++
		}
	}
	s.plain.count(float64(len(pairs)), float64(len(p))-leave, float64(len(g)))
}

// near counts spans that are the same, and in touching those that overlap.
func (t *tally) near(text []rune, gold, found []quote, get func(Quote) (Span, bool), touching *tally) {
	set := func(all []quote, empty bool) (map[Span]bool, []cover) {
		out := map[Span]bool{}
		var covers []cover
		for _, q := range all {
			s, ok := get(q.Quote)
			if !ok || !empty && s[1] <= s[0] {
				continue
			}
			if s = trim(text, s); !out[s] {
				out[s] = true
				covers = append(covers, coverOf(s))
			}
		}
		return out, covers
	}
	a, ca := set(gold, true)
	b, cb := set(found, false)
	t.add(a, b)
	touching.count(float64(len(pairUp(ca, cb, cover.overlap, 0))), float64(len(b)), float64(len(a)))
}

// bySentence cuts the spans of each role at the borders of sentences.
func (s *attrSums) bySentence(text []rune, sents []Span, gold, found []quote) {
	one := func(get func(Quote) (Span, bool)) func(quote) []Span {
		return func(q quote) []Span {
			if s, ok := get(q.Quote); ok {
				return []Span{s}
			}
			return nil
		}
	}
	get := [3]func(quote) []Span{one(Quote.source), one(Quote.cue), func(q quote) []Span { return q.spans }}
	for r := range s.roles {
		cut := func(all []quote) map[Span]bool {
			out := map[Span]bool{}
			for _, q := range all {
				for _, x := range get[r](q) {
					for _, sent := range sents {
						if p := trim(text, Span{max(x[0], sent[0]), min(x[1], sent[1])}); p[0] < p[1] {
							out[p] = true
						}
					}
				}
			}
			return out
		}
		s.roles[r].add(cut(gold), cut(found))
	}
}

func (r *roleSums) add(gold, found map[Span]bool) {
	r.exact.add(gold, found)
	begins := func(all map[Span]bool) (map[Span]bool, cover) {
		out := map[Span]bool{}
		var spans []Span
		for s := range all {
			out[Span{s[0], s[0]}] = true
			spans = append(spans, s)
		}
		return out, coverOf(spans...)
	}
	a, ca := begins(gold)
	b, cb := begins(found)
	r.begin.add(a, b)
	k := float64(ca.shared(cb))
	r.shared += k
	r.either += float64(ca.size()+cb.size()) - k
}

// share is a over b, not defined for none.
func share(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

func (s *attrSums) report() Report {
	var out Report
	out.put("docs", s.docs)
	out.put("gold", s.half.gold)
	out.put("pred", s.half.pred)
	out.put("missing", s.missing)
	out.putPRF("content_exact", s.exact.prf())
	out.putPRF("content_iou50", s.half.prf())
	out.putPRF("content_overlap", s.overlap.prf())
	out.putPRF("content_soft", s.soft())
	out.putPRF("content_char", s.letters.prf())
	out.putPRF("direct", s.plain.prf())
	for _, k := range quoteTypes {
		out.put("recall_iou50_"+k, share(s.hit[k], s.of[k]))
		out.put("n_"+k, s.of[k])
	}
	out.putPRF("cue_exact", s.cue.prf())
	out.putPRF("cue_overlap", s.cueNear.prf())
	out.putPRF("source_exact", s.source.prf())
	out.putPRF("source_overlap", s.sourceNear.prf())
	out.put("speaker_acc", share(s.speaker.sum, s.speaker.n))
	out.put("speaker_acc_exact_span", share(s.speakerSpan.sum, s.speakerSpan.n))
	for _, k := range quoteTypes {
		out.put("speaker_acc_"+k, share(s.speakerBy[k].sum, s.speakerBy[k].n))
	}
	if s.canonical.n > 0 {
		out.put("speaker_canonical_acc", s.canonical.value())
	}
	out.putPRF("e2e", prfOf(s.endToEnd, s.half.pred, s.half.gold))
	if s.roles[0].exact.gold+s.roles[1].exact.gold+s.roles[2].exact.gold == 0 {
		return out
	}
	for r, name := range []string{"source", "cue", "content"} {
		out.putPRF("bysent_"+name+"_exact", s.roles[r].exact.prf())
		out.put("bysent_"+name+"_begin_f1", s.roles[r].begin.prf().f)
		jaccard := 0.0
		if s.roles[r].either > 0 {
			jaccard = s.roles[r].shared / s.roles[r].either
		}
		out.put("bysent_"+name+"_jaccard", jaccard)
	}
	return out
}

// soft weighs each content by how much of it was found.
func (s *attrSums) soft() prf {
	var v prf
	if s.half.pred > 0 {
		v.p = s.softP / s.half.pred
	}
	if s.half.gold > 0 {
		v.r = s.softR / s.half.gold
	}
	if v.p+v.r > 0 {
		v.f = 2 * v.p * v.r / (v.p + v.r)
	}
	return v
}

// ReadAttr reads texts with their quotations, one JSON object a line.
func ReadAttr(r io.Reader, keep Filter) ([]AttrGold, error) {
	var out []AttrGold
	err := rows(r, keep, func(line []byte) error {
		var g struct {
			ID     ID      `json:"id"`
			Text   string  `json:"text"`
			Sents  []Span  `json:"sents"`
			Quotes []Quote `json:"quotes"`
		}
		if err := json.Unmarshal(line, &g); err != nil {
			return err
		}
		out = append(out, AttrGold{string(g.ID), g.Text, g.Sents, g.Quotes})
		return nil
	})
	return out, err
}

// ReadAttrPred reads quotations by id, one JSON object a line.
func ReadAttrPred(r io.Reader) (map[string][]Quote, error) {
	out := map[string][]Quote{}
	err := rows(r, nil, func(line []byte) error {
		var p struct {
			ID     ID      `json:"id"`
			Quotes []Quote `json:"quotes"`
		}
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		out[string(p.ID)] = p.Quotes
		return nil
	})
	return out, err
}
