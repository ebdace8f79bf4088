package attr

import (
	"strings"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/extract/chain"
)

// breakClasses is the number of classes of chain.Items.Class of the sentence
// model.
const breakClasses = 16

// trainBreaks trains the sentence model on docs.
func trainBreaks(docs []Doc, o options) *chain.Model {
	c := counts{}
	for _, d := range docs {
		extract.Gaps(d.Text, func(items *chain.Items, _ []int) {
			apart(&d, "ewt:", items)
			for _, f := range items.Features {
				c[f]++
			}
		})
	}
	v := c.vocabulary(o.least)
	var all []sequence
	for _, d := range docs {
		gold := sentenceEnds(d.Sents)
		extract.Gaps(d.Text, func(items *chain.Items, ends []int) {
			apart(&d, "ewt:", items)
			labels := make([]uint8, len(ends))
			for i, e := range ends {
				if gold[e] {
					labels[i] = extract.GapBreaks
				}
			}
			all = append(all, v.sequence(items, labels))
		})
	}
	m := chain.New(extract.GapLabels, breakClasses, func(int, int) bool { return true })
	o.say("breaks: %d features of %d, %d lines", len(v.hash), len(c), len(all))
	fit(m, v, all, o)
	return m
}

// apart gives every item of a text whose set is marked up in ways of its own
// its features once more under other names: what only those texts do is
// learned there, and nothing of it is left when the model reads without them
// (Daumé III 2007).
func apart(d *Doc, own string, items *chain.Items) {
	if !strings.HasPrefix(d.ID, own) {
		return
	}
	var twice chain.Items
	for i := range items.Len() {
		for _, f := range items.Of(i) {
			twice.Features = append(twice.Features, f, f*0x9e3779b1^0x5bd1e995)
		}
		twice.Ends = append(twice.Ends, int32(len(twice.Features)))
	}
	items.Features, items.Ends = twice.Features, twice.Ends
}

func sentenceEnds(sents []claims.Offsets) map[int]bool {
	ends := make(map[int]bool, len(sents))
	for _, s := range sents {
		ends[s.End] = true
	}
	return ends
}
