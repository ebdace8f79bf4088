package extract

import (
	"slices"

	"factcheck/internal/claims"
	"factcheck/internal/extract/chain"
)

// Voices finds who says what with trained models: a tagger that marks sources,
// cues and contents, a linker that finds the source and the content of each
// cue, and a judge that throws out what is likelier wrong than right.
type Voices struct {
	Lexis                 *Lexis
	Tagger, Linker, Judge *chain.Model // Judge may be nil: everything is kept
	CueBias               float32      // added to the score of a cue's first word
	SourceBias            float32      // added by the linker to that of a source's first word
	ContentBias           float32      // and to that of a content's
	JudgeBias             float32      // added to the score of keeping
}

// Voice is one attribution: somebody (Source) says (Cue) something (Parts).
// Offsets are bytes; equal ones mean that there is none.
type Voice struct {
	Type        claims.AttributionType
	Source, Cue claims.Offsets
	Parts       []claims.Offsets // in order, at least one
}

// voicesReader is the work on one text.
type voicesReader struct {
	*Voices
	obs    *Observer
	work   chain.Work
	items  chain.Items
	labels []uint8
	links  []uint8
	cues   []Cue
	sure   []float32 // by word: how much likelier the tagger finds the head of a cue than nothing

	pending   Voice // says the quotation that the next paragraph begins with,
	announced bool  // if there is one
}

// Read appends the attributions of u to out.
func (r *voicesReader) read(u *Unit, out []Voice) []Voice {
	if w := u.Words[0]; r.announced && w.Quote >= 0 {
		r.pending.Type, r.pending.Parts = claims.Direct, []claims.Offsets{{Start: w.Start, End: w.End}}
		out = append(out, r.pending)
	}
	r.announced = false
	r.tag(u)
	r.cues = Cues(u, r.labels, r.cues[:0])
	for _, c := range r.cues {
		h := r.hear(u, c)
		if h.OK {
			if r.keeps(u, &h) {
				out = append(out, h.Voice)
			}
		} else if last := u.Words[len(u.Words)-1]; last.tok.kind == colon && last.sent == u.Words[c.A].sent {
			r.pending, r.announced = h.Voice, true
		}
	}
	return out
}

// Heard is what the models make of one cue of a unit. Links are good until the
// next cue.
type Heard struct {
	Voice  Voice
	OK     bool // something is said
	Cue    Cue
	Links  []uint8 // by word from Cue.From
	margin float32 // how much better the links are than none
	sure   float32 // how much likelier the cue is than nothing
	near   bool    // the source is the tagger's, not the linker's
}

// hear reads the source and the content of c.
func (r *voicesReader) hear(u *Unit, c Cue) Heard {
	r.obs.Linker(u, r.labels, c, &r.items)
	scores := r.Linker.Unary(&r.work, &r.items)
	for i := 0; i < len(scores); i += LinkerLabels {
		scores[i+int(LinkContentBegins)] += r.ContentBias
		scores[i+int(LinkSourceBegins)] += r.SourceBias
	}
	nothing := r.Linker.Stay(scores, r.items.Class, int(LinkNone))
	r.links = r.Linker.Best(&r.work, scores, r.items.Class, r.links[:0])
	h := Heard{Cue: c, Links: r.links, margin: slices.Max(scores[len(scores)-LinkerLabels:]) - nothing, sure: r.sure[c.A]}
	leadIn(u, c, r.links)
	h.Voice, h.OK = voice(u, c, r.links)
	if h.Voice.Source.End == 0 {
		h.Voice.Source = r.sourceNear(u, c)
		h.near = h.Voice.Source.End > 0
	}
	return h
}

// leadIn takes from the content of c what stands between its cue and the comma
// or colon that opens a quotation, if that is no clause: said of the plan: “…”.
// What stands before the cue is no content either then: As it fell, she said, “…”
func leadIn(u *Unit, c Cue, links []uint8) {
	i := c.B
	for ; i < c.To && u.Words[i].Quote < 0; i++ {
		if w := &u.Words[i]; w.first || w.tok.kind == word && w.tok.is(lexFinite|lexAux|lexModal) {
			return
		}
	}
	if i == c.To || !opens(u, i) || links[i-c.From] == LinkNone || u.Words[i].inner.lower || u.Words[i].inner.words < 4 {
		return
	}
	for k := c.From; k < i; k++ {
		if l := links[k-c.From]; l != LinkContentBegins && l != LinkContentGoesOn {
			continue
		}
		if w := &u.Words[k]; k >= c.B || w.Quote < 0 && w.sent == u.Words[c.A].sent {
			links[k-c.From] = LinkNone
		}
	}
	if links[i-c.From] == LinkContentGoesOn {
		links[i-c.From] = LinkContentBegins
	}
}

// opens reports whether a comma or a colon stands before word i.
func opens(u *Unit, i int) bool {
	return i > 0 && (u.Words[i-1].tok.kind == colon || u.Words[i-1].tok.kind == comma)
}

// sourceNear is the source that the tagger has marked before c in the same
// sentence, with no other cue between.
func (r *voicesReader) sourceNear(u *Unit, c Cue) claims.Offsets {
	for i := c.A - 1; i >= c.From && !u.Words[i+1].first; i-- {
		switch r.labels[i] {
		case SourceBegins, SourceGoesOn:
			b := i + 1
			for i > c.From && r.labels[i] == SourceGoesOn {
				i--
			}
			return claims.Offsets{Start: u.Words[i].Start, End: u.Words[b-1].End}
		case CueBegins, CueGoesOn, ContentBegins, ContentGoesOn:
			return claims.Offsets{}
		}
	}
	return claims.Offsets{}
}

// tag sets labels to those of the words of u.
func (r *voicesReader) tag(u *Unit) {
	r.obs.Tagger(u, &r.items)
	scores := r.Tagger.Unary(&r.work, &r.items)
	r.sure = r.sure[:0]
	for i := 0; i < len(scores); i += TaggerLabels {
		r.sure = append(r.sure, scores[i+int(CueBegins)]-scores[i+int(LabelNone)])
		scores[i+int(CueBegins)] += r.CueBias
		scores[i+int(SourceBegins)] += r.CueBias / 2
		scores[i+int(ContentBegins)] += r.CueBias / 2
	}
	r.labels = r.Tagger.Best(&r.work, scores, r.items.Class, r.labels[:0])
}

// TagUnit are the labels of the words of u.
func (v *Voices) TagUnit(o *Observer, u *Unit) []uint8 {
	r := voicesReader{Voices: v, obs: o}
	r.tag(u)
	return r.labels
}

// Read are the attributions of text.
func (v *Voices) Read(text string) []Voice {
	r := voicesReader{Voices: v, obs: NewObserver(v.Lexis)}
	var out []Voice
	Units(text, v.Lexis, func(u *Unit) { out = r.read(u, out) })
	return out
}

// directShare is how much of what is said must stand in quotation marks to be
// direct: that “…”, it's “…”.
const directShare = .95

// voice is the attribution of cue c by the linker's labels.
func voice(u *Unit, c Cue, links []uint8) (Voice, bool) {
	v := Voice{Cue: claims.Offsets{Start: u.Words[c.A].Start, End: u.Words[c.B-1].End}}
	var kind uint8        // of all parts
	var said, all float64 // bytes in quotation marks, and of all parts
	closed := false       // a quotation that ends before the cue is all that is said
	for i := 0; i < len(links); i++ {
		l := links[i]
		if l == LinkNone {
			continue
		}
		a := i
		begins := l | 1 // LinkSourceBegins or LinkContentBegins
		if l == LinkSourceGoesOn || l == LinkContentGoesOn {
			begins = l - 1
		}
		for i+1 < len(links) && links[i+1] == begins+1 {
			i++
		}
		ws := u.Words[c.From+a : c.From+i+1]
		o := claims.Offsets{Start: ws[0].Start, End: ws[len(ws)-1].End}
		if begins == LinkSourceBegins {
			if v.Source.End == 0 {
				v.Source = o
			}
			continue
		}
		part := speechOf(ws)
		if part != quotedSpeech && closed && c.From+a >= c.B {
			continue // “Yes,” she said, turning away from the “rabble”
		}
		kind |= part
		all += float64(o.End - o.Start)
		for k := range ws {
			if ws[k].Quote >= 0 {
				said += float64(ws[k].End - ws[k].Start)
			}
		}
		closed = closed || len(v.Parts) == 0 && c.From+i < c.A && part == quotedSpeech && ws[len(ws)-1].inner.last != 0
		v.Parts = append(v.Parts, o)
	}
	v.Type = claims.Indirect
	switch {
	case kind == quotedSpeech || kind&quotedSpeech != 0 && said >= directShare*all:
		v.Type = claims.Direct
	case kind&quotedSpeech != 0:
		v.Type = claims.Mixed
	}
	return v, len(v.Parts) > 0
}

// What words are: in quotation marks, or not, or both.
const (
	quotedSpeech uint8 = 1 << iota
	plainSpeech
)

func speechOf(ws []Word) (kind uint8) {
	for k := range ws {
		if ws[k].Quote >= 0 {
			kind |= quotedSpeech
		} else if ws[k].tok.kind == word || ws[k].tok.kind == number {
			kind |= plainSpeech
		}
	}
	return kind
}
