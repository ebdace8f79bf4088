package extract

import (
	"cmp"
	"slices"
	"strings"

	"factcheck/internal/claims"
)

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
		if !scene(toks, at, head) {
			out = x.voice(out, toks, at, head)
		}
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

// scene reports whether the tokens [a, head) before who says something only
// tell where or when: “In a letter filed on Monday, Baker said …”.
func scene(toks []token, a, head int) bool {
	if head-a < 2 || toks[a].kind != word || !toks[a].is(lexPrep) || toks[head-1].kind != comma {
		return false
	}
	for _, t := range toks[a : head-1] {
		if t.kind == comma || t.kind == word && t.is(lexFinite|lexModal|lexAux) && !t.name() {
			return false
		}
	}
	return true
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
	for a < b && (toks[a].kind == comma || toks[a].kind == stop || toks[a].kind == dash || toks[a].kind == semicolon || toks[a].is(lexContrast|lexCoord) && !toks[a].is(lexSubord|lexPrep) && toks[a].kind == word) {
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
