package extract

import (
	"cmp"
	"slices"
	"strings"

	"factcheck/internal/claims"
)

// Attribution is one "somebody says something" of a text, whatever its worth.
// Offsets are bytes; equal ones mean that there is none.
type Attribution struct {
	Type      claims.AttributionType
	Parts     []claims.Offsets // what is said, in order, at least one
	Source    claims.Offsets   // who says it, as it stands there
	Cue       claims.Offsets   // the words that say so
	Canonical string           // the source resolved; "" if unknown
}

// Attributions are those of a in the order of their first parts: what the
// trained models find in English text, and the quotations whose speaker the
// rules find besides.
func Attributions(a claims.Article) []Attribution {
	if strings.TrimSpace(a.Text) == "" || !isEnglish(a.Lang, a.Text) {
		return nil
	}
	return attributions(a, voices())
}

// AttributionsBy is Attributions with the given models.
func AttributionsBy(v *Voices, a claims.Article) []Attribution { return attributions(a, v) }

func attributions(a claims.Article, v *Voices) []Attribution {
	x := newExtraction(a, Rules)
	x.voices = v
	x.names()
	x.frames()
	out := x.spoken()
	slices.SortStableFunc(out, func(a, b Attribution) int { return cmp.Compare(a.Parts[0].Start, b.Parts[0].Start) })
	return out
}

// spoken are the attributions that were found.
func (x *extraction) spoken() []Attribution {
	for _, v := range x.disc.heard {
		x.heard = append(append(x.heard, v.Parts...), v.Cue)
	}
	slices.SortFunc(x.heard, func(a, b claims.Offsets) int { return cmp.Compare(a.End, b.End) })
	var out []Attribution
	owner := make([]int, len(x.disc.quotes)) // of each quotation: 1 + the attribution that the models put it in
	for i, v := range x.disc.heard {
		at := Attribution{Type: v.Type, Parts: v.Parts, Source: v.Source, Cue: v.Cue, Canonical: x.disc.heardBy[i]}
		for _, p := range v.Parts {
			for q := firstQuote(x.disc.quotes, p.Start); q < len(owner) && x.disc.quotes[q].outer.Start < p.End; q++ {
				owner[q] = len(out) + 1
			}
		}
		out = append(out, at)
	}
	for _, f := range x.disc.frames {
		if f.heard || f.asks || f.content.Start >= f.content.End || x.heardIn(f.content) || x.heardIn(f.cue) {
			continue
		}
		at := Attribution{Type: claims.Indirect, Parts: []claims.Offsets{f.content}, Source: f.speaker, Cue: f.cue, Canonical: f.canonical}
		if f.direct {
			continue // by its quotations
		} else if f.quotes {
			at.Type = claims.Mixed
		}
		out = append(out, at)
	}
	for q, s := range x.disc.said {
		if owner[q] > 0 {
			continue
		}
		if q > 0 && owner[q-1] > 0 && x.goesOn(x.disc.quotes[q-1], x.disc.quotes[q]) {
			if v := &out[owner[q-1]-1]; v.Type != claims.Indirect {
				owner[q] = owner[q-1]
				v.Parts = append(slices.Clip(v.Parts), x.disc.quotes[q].outer)
				continue
			}
		}
		if s == 0 || !x.speech(x.disc.quotes[q]) {
			continue
		}
		f := x.disc.frames[s-1]
		out = append(out, Attribution{Type: claims.Direct, Parts: []claims.Offsets{x.disc.quotes[q].outer}, Source: f.speaker, Cue: f.cue, Canonical: f.canonical})
	}
	return out
}

// goesOn reports whether b is the whole of the paragraph behind the one in which
// a ends: who said a goes on.
func (x *extraction) goesOn(a, b quote) bool {
	_, next := paragraphEnd(x.text, a.outer.End)
	if next > b.outer.Start || !blank(x.text[next:b.outer.Start]) {
		return false
	}
	end, _ := paragraphEnd(x.text, b.outer.End)
	return blank(x.text[b.outer.End:end])
}

// heardIn reports whether the models find an attribution with a part or its
// cue in o.
func (x *extraction) heardIn(o claims.Offsets) bool {
	i, _ := slices.BinarySearchFunc(x.heard, o.Start, func(p claims.Offsets, at int) int { return cmp.Compare(p.End, at+1) })
	return i < len(x.heard) && x.heard[i].Start < o.End
}

// speech reports whether q is more than a few words in quotation marks.
func (x *extraction) speech(q quote) bool {
	return wordsUpTo(x.text[q.inner.Start:q.inner.End], 4) >= 4
}

// hear takes the attribution v, whose cue stands in the sentence that was read
// last, into account; from is the first frame of the sentence. It returns the
// source resolved.
func (d *discourse) hear(v *Voice, from int) string {
	if v.Source.Start >= v.Source.End {
		for i := from; i < len(d.frames); i++ {
			if f := &d.frames[i]; f.cue.Start < v.Cue.End && v.Cue.Start < f.cue.End {
				v.Source = f.speaker
				return f.canonical
			}
		}
		return ""
	}
	known := false
	for i := from; i < len(d.frames); i++ {
		if f := &d.frames[i]; f.speaker.Start < v.Source.End && v.Source.Start < f.speaker.End {
			return f.canonical
		}
		known = known || d.frames[i].content.Start < v.Parts[0].End && v.Parts[0].Start < d.frames[i].content.End
	}
	a, b := tokensIn(d.red, v.Source)
	if a >= b {
		return d.text[v.Source.Start:v.Source.End]
	}
	f := frame{cue: v.Cue, heard: true}
	d.speak(&f, a, b)
	if f.canonical == "" {
		f.canonical = d.text[f.speaker.Start:f.speaker.End]
	}
	if !known && d.states(v) {
		f.content = v.Parts[0]
		if a, _ := tokensIn(d.red, f.content); d.wordIs(a, "that") {
			f.content.Start = d.red[a+1].start
		}
		d.add(f, from)
	}
	return f.canonical
}

// states reports whether what v says is a clause of the sentence that was read
// last, so that it can be checked by itself.
func (d *discourse) states(v *Voice) bool {
	c := v.Parts[0]
	if negated(d.text[v.Cue.Start:v.Cue.End]) {
		return false // what nobody expects must not read as if somebody did
	}
	if len(d.red) == 0 || len(v.Parts) > 1 || c.Start < d.red[0].start || c.End > d.red[len(d.red)-1].end || c.Start < v.Cue.End {
		return false
	}
	a, b := tokensIn(d.red, c)
	if a > 0 && d.red[a-1].is(lexPrep) { // “a warrant for his arrest over acts committed in …” is no clause
		return false
	}
	if a < b && d.wordIs(a, "that") {
		a++
	}
	verb := firstToken(d.red, v.Cue.End) - 1
	return verb >= 0 && a+minWords < b && d.zeroThat(a) && d.finiteIn(a, b) && !d.asNoun(verb)
}

// negated reports whether a cue says that nobody says it: “don’t foresee”.
func negated(cue string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(cue)) {
		switch w = strings.ReplaceAll(w, "’", "'"); {
		case w == "not", w == "never", w == "hardly", w == "cannot", strings.HasSuffix(w, "n't"):
			return true
		}
	}
	return false
}

// finiteIn reports whether [a, b) holds a finite verb.
func (d *discourse) finiteIn(a, b int) bool {
	for k := a + 1; k < b; k++ {
		t := d.red[k]
		if t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux) || t.has(ed) && !d.red[k-1].is(lexDet|lexPossessive|lexPrep)) {
			return true
		}
	}
	return false
}
