package extract

import (
	"factcheck/internal/claims"
	"factcheck/internal/extract/chain"
)

// Voices finds who says what with trained models: a tagger that marks sources,
// cues and contents, and a linker that finds the source and the content of
// each cue.
type Voices struct {
	Lexis          *Lexis
	Tagger, Linker *chain.Model
	CueBias        float32 // added to the score of a cue's first word
	ContentBias    float32 // added to that of a content's first word
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
}

// Read appends the attributions of u to out.
func (r *voicesReader) read(u *Unit, out []Voice) []Voice {
	r.tag(u)
	r.cues = Cues(r.labels, r.cues[:0])
	for _, c := range r.cues {
		r.obs.Linker(u, r.labels, c, &r.items)
		scores := r.Linker.Unary(&r.work, &r.items)
		for i := int(LinkContentBegins); i < len(scores); i += LinkerLabels {
			scores[i] += r.ContentBias
		}
		r.links = r.Linker.Best(&r.work, scores, r.items.Class, r.links[:0])
		if v, ok := voice(u, c, r.links); ok {
			out = append(out, v)
		}
	}
	return out
}

// tag sets labels to those of the words of u.
func (r *voicesReader) tag(u *Unit) {
	r.obs.Tagger(u, &r.items)
	scores := r.Tagger.Unary(&r.work, &r.items)
	for i := int(CueBegins); i < len(scores); i += TaggerLabels {
		scores[i] += r.CueBias
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

// voice is the attribution of cue c by the linker's labels.
func voice(u *Unit, c Cue, links []uint8) (Voice, bool) {
	v := Voice{Cue: claims.Offsets{Start: u.Words[c.A].Start, End: u.Words[c.B-1].End}}
	quoted, plain := false, false
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
		for k := range ws {
			if ws[k].Quote >= 0 {
				quoted = true
			} else if ws[k].tok.kind == word || ws[k].tok.kind == number {
				plain = true
			}
		}
		v.Parts = append(v.Parts, o)
	}
	v.Type = claims.Indirect
	switch {
	case quoted && !plain:
		v.Type = claims.Direct
	case quoted:
		v.Type = claims.Mixed
	}
	return v, len(v.Parts) > 0
}
