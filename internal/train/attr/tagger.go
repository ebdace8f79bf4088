package attr

import (
	"cmp"
	"slices"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/extract/chain"
)

// leastWord is how often a word must stand in the training texts to be known.
const leastWord = 4

// learnLexis groups the words of docs into classes and counts cues.
func learnLexis(docs []Doc, breaks *chain.Model) *extract.Lexis {
	type seen struct {
		hash       uint32
		count, cue int32
	}
	all := map[uint32]*seen{}
	var text []uint32
	for _, d := range docs {
		cue := make([]bool, len(d.Text)+1)
		for _, q := range d.Quotes {
			for i := q.Cue.Start; i < q.Cue.End; i++ {
				cue[i] = true
			}
		}
		extract.Plain(d.Text, &extract.Lexis{Breaks: breaks}, func(u *extract.Unit) {
			for i := range u.Words {
				w := &u.Words[i]
				if w.First() {
					text = append(text, 0)
				}
				text = append(text, w.Hash())
				s := all[w.Hash()]
				if s == nil {
					s = &seen{hash: w.Hash()}
					all[w.Hash()] = s
				}
				s.count++
				if cue[w.Start] {
					s.cue++
				}
			}
			text = append(text, 0)
		})
	}
	var known []*seen
	for _, s := range all {
		if s.count >= leastWord {
			known = append(known, s)
		}
	}
	slices.SortFunc(known, func(a, b *seen) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.hash, b.hash))
	})
	number := map[uint32]int32{}
	for i, s := range known {
		number[s.hash] = int32(i)
	}
	seq := make([]int32, len(text))
	for i, h := range text {
		n, ok := number[h]
		if !ok {
			n = -1
		}
		seq[i] = n
	}
	fine := cluster(seq, len(known), extract.FineClasses, 12)
	coarse := cluster(seq, len(known), extract.CoarseClasses, 12)
	l := &extract.Lexis{Known: make(map[uint32]extract.Known, len(known)), Breaks: breaks}
	for i, s := range known {
		k := extract.Known{Fine: fine[i], Coarse: coarse[i]}
		share := float64(s.cue) / float64(s.count+4)
		switch {
		case share > .5:
			k.Cue = 3
		case share > .25:
			k.Cue = 2
		case share > .1:
			k.Cue = 1
		}
		l.Known[s.hash] = k
	}
	return l
}

// marked says, by byte of a text, what stands there: the number of the
// attribution and its part.
type marked struct {
	what []uint8 // 0, or extract.SourceBegins, CueBegins, ContentBegins
	of   []int32
}

func mark(d *Doc) marked {
	m := marked{make([]uint8, len(d.Text)+1), make([]int32, len(d.Text)+1)}
	put := func(o claims.Offsets, what uint8, of int) {
		for i := o.Start; i < o.End; i++ {
			m.what[i], m.of[i] = what, int32(of)
		}
	}
	for i, q := range d.Quotes {
		for _, p := range q.Parts {
			put(p, extract.ContentBegins, i)
		}
	}
	for i, q := range d.Quotes {
		put(q.Source, extract.SourceBegins, i)
	}
	for i, q := range d.Quotes {
		put(q.Cue, extract.CueBegins, i)
	}
	return m
}

// gold appends the labels of the words of u.
func (m marked) gold(u *extract.Unit, out []uint8) []uint8 {
	prev, prevOf := uint8(0), int32(-1)
	for i := range u.Words {
		w := &u.Words[i]
		at := w.Start
		if w.Quote >= 0 {
			at = m.middle(w)
		}
		what, of := m.what[at], m.of[at]
		switch {
		case what == 0:
			out = append(out, extract.LabelNone)
		case what == prev && of == prevOf:
			out = append(out, what+1)
		default:
			out = append(out, what)
		}
		prev, prevOf = what, of
	}
	return out
}

// middle is a byte that stands for the quotation w: one of its content, if
// half of it is.
func (m marked) middle(w *extract.Word) int {
	n, at := 0, w.Start
	for i := w.Start; i < w.End; i++ {
		if m.what[i] == extract.ContentBegins {
			if n == 0 {
				at = i
			}
			n++
		}
	}
	if 2*n >= w.End-w.Start {
		return at
	}
	return w.Start
}

// options of training.
type options struct {
	epochs int     // the weights are the mean after each of the last half
	rate   float32 // of AdaGrad
	drop   float64 // share of features that are left out at each step
	least  int32   // how often a feature must be seen
	bits   uint8   // of the table's size
	say    func(string, ...any)
}

// trainTagger trains the tagger on docs.
func trainTagger(docs []Doc, lexis *extract.Lexis, o options) *chain.Model {
	obs := extract.NewObserver(lexis)
	var items chain.Items
	c := counts{}
	for i := range docs {
		extract.Units(docs[i].Text, lexis, func(u *extract.Unit) {
			obs.Tagger(u, &items)
			apart(&docs[i], "gum:", &items)
			for _, f := range items.Features {
				c[f]++
			}
		})
	}
	v := c.vocabulary(o.least)
	var all []sequence
	for i := range docs {
		m := mark(&docs[i])
		extract.Units(docs[i].Text, lexis, func(u *extract.Unit) {
			obs.Tagger(u, &items)
			apart(&docs[i], "gum:", &items)
			all = append(all, v.sequence(&items, m.gold(u, nil)))
		})
	}
	model := chain.New(extract.TaggerLabels, extract.StepClasses, extract.LabelFollows)
	o.say("tagger: %d features of %d, %d units", len(v.hash), len(c), len(all))
	fit(model, v, all, o)
	return model
}
