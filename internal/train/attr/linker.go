package attr

import (
	"sync"

	"factcheck/internal/extract"
	"factcheck/internal/extract/chain"
)

// linked calls yield with the features and gold labels of each cue that the
// tagger finds in d.
func linked(d *Doc, v *extract.Voices, yield func(*chain.Items, []uint8)) {
	m := mark(d)
	obs := extract.NewObserver(v.Lexis)
	var items chain.Items
	var gold []uint8
	extract.Units(d.Text, v.Lexis, func(u *extract.Unit) {
		labels := v.TagUnit(obs, u)
		for _, c := range extract.Cues(u, labels, nil) {
			obs.Linker(u, labels, c, &items)
			apart(d, "gum:", &items)
			gold = m.links(u, c, gold[:0])
			yield(&items, gold)
		}
	})
}

// links appends what each word that is read for c is to the attribution whose
// cue c overlaps; nothing if there is none.
func (m marked) links(u *extract.Unit, c extract.Cue, out []uint8) []uint8 {
	of := int32(-1)
	for i := c.A; i < c.B; i++ {
		if at := u.Words[i].Start; m.what[at] == extract.CueBegins {
			of = m.of[at]
			break
		}
	}
	prev := uint8(0)
	for i := c.From; i < c.To; i++ {
		w := &u.Words[i]
		at := w.Start
		if w.Quote >= 0 {
			at = m.middle(w)
		}
		l := extract.LinkNone
		if m.of[at] == of && of >= 0 {
			switch m.what[at] {
			case extract.SourceBegins:
				l = extract.LinkSourceBegins
			case extract.ContentBegins:
				l = extract.LinkContentBegins
			}
		}
		if l != extract.LinkNone && l == prev {
			out = append(out, l+1)
		} else {
			out = append(out, l)
		}
		prev = l
	}
	return out
}

// trainLinker trains the linker on docs, tagged by the tagger of their half:
// one that has not seen them.
func trainLinker(docs []Doc, half func(Doc) *extract.Voices, o options) *chain.Model {
	c := counts{}
	for i := range docs {
		linked(&docs[i], half(docs[i]), func(items *chain.Items, _ []uint8) {
			for _, f := range items.Features {
				c[f]++
			}
		})
	}
	v := c.vocabulary(o.least)
	var all []sequence
	for i := range docs {
		linked(&docs[i], half(docs[i]), func(items *chain.Items, gold []uint8) {
			all = append(all, v.sequence(items, gold))
		})
	}
	model := chain.New(extract.LinkerLabels, extract.StepClasses, extract.LinkFollows)
	o.say("linker: %d features of %d, %d cues", len(v.hash), len(c), len(all))
	fit(model, v, all, o)
	return model
}

// trainVoices trains tagger, linker and judge. The linker learns from what
// taggers make of texts that they have not seen, the judge from what a tagger
// and a linker of the other half do.
func trainVoices(docs []Doc, breaks *chain.Model, r recipe) *extract.Voices {
	lexis := learnLexis(docs, breaks)
	r.tagger.say("%d words are known", len(lexis.Known))
	var halves [2]*extract.Voices
	var wg sync.WaitGroup
	for h := range halves {
		wg.Go(func() {
			halves[h] = &extract.Voices{Lexis: lexis, Tagger: trainTagger(half(docs, 1-h), lexis, r.tagger), CueBias: r.hearing}
		})
	}
	wg.Wait()
	unseen := func(d Doc) *extract.Voices { return halves[d.half()] }
	v := &extract.Voices{Lexis: lexis, CueBias: r.cue, SourceBias: r.source, ContentBias: r.content, JudgeBias: r.judging}
	wg.Go(func() { v.Tagger = trainTagger(docs, lexis, r.tagger) })
	wg.Go(func() { v.Linker = trainLinker(docs, unseen, r.linker) })
	wg.Go(func() {
		heard := &extract.Voices{Lexis: lexis, Tagger: halves[0].Tagger, CueBias: r.cue, SourceBias: r.source, ContentBias: r.content}
		heard.Linker = trainLinker(half(docs, 1), unseen, r.linker)
		v.Judge = trainJudge(half(docs, 0), heard, r.judge)
	})
	wg.Wait()
	return v
}

// half is 0 or 1, regardless of the folds.
func (d Doc) half() int { return d.Fold(17) % 2 }

// half are the documents of one half.
func half(docs []Doc, h int) []Doc {
	var out []Doc
	for _, d := range docs {
		if d.half() == h {
			out = append(out, d)
		}
	}
	return out
}
