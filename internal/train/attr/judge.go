package attr

import (
	"slices"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/extract/chain"
)

// judged calls yield with what the judge reads of each attribution that v finds
// in d, and whether it is right.
func judged(d *Doc, v *extract.Voices, yield func(*chain.Items, uint8)) {
	obs := extract.NewObserver(v.Lexis)
	extract.Units(d.Text, v.Lexis, func(u *extract.Unit) {
		v.HearUnit(obs, u, func(h *extract.Heard, items *chain.Items) {
			apart(d, "gum:", items)
			label := extract.JudgeDrops
			if d.holds(&h.Voice) {
				label = extract.JudgeKeeps
			}
			yield(items, label)
		})
	})
}

// holds reports whether an attribution of d has the same content by half and a
// source that overlaps that of v.
func (d *Doc) holds(v *extract.Voice) bool {
	return slices.ContainsFunc(d.Quotes, func(q Quote) bool {
		if q.Source.End > q.Source.Start && shared(q.Source, v.Source) == 0 {
			return false
		}
		both := 0
		for _, a := range q.Parts {
			for _, b := range v.Parts {
				both += shared(a, b)
			}
		}
		return 3*both >= size(q.Parts)+size(v.Parts) // both / (a + b - both) is at least a half
	})
}

// shared is how many bytes a and b share.
func shared(a, b claims.Offsets) int { return max(0, min(a.End, b.End)-max(a.Start, b.Start)) }

func size(parts []claims.Offsets) (n int) {
	for _, p := range parts {
		n += p.End - p.Start
	}
	return n
}

// trainJudge trains the judge on what v finds in docs, which it has not seen.
func trainJudge(docs []Doc, v *extract.Voices, o options) *chain.Model {
	c := counts{}
	type one struct {
		items chain.Items
		label uint8
	}
	var found []one
	for i := range docs {
		judged(&docs[i], v, func(items *chain.Items, label uint8) {
			for _, f := range items.Features {
				c[f]++
			}
			found = append(found, one{chain.Items{Features: slices.Clone(items.Features), Ends: slices.Clone(items.Ends), Class: slices.Clone(items.Class)}, label})
		})
	}
	words := c.vocabulary(o.least)
	var all []sequence
	right := 0
	for i := range found {
		all = append(all, words.sequence(&found[i].items, []uint8{found[i].label}))
		right += int(found[i].label)
	}
	m := chain.New(extract.JudgeLabels, 1, func(int, int) bool { return true })
	o.say("judge: %d features of %d, %d attributions, %d right", len(words.hash), len(c), len(all), right)
	fit(m, words, all, o)
	return m
}
