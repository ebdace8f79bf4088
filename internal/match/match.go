package match

import (
	"cmp"
	"slices"
)

// Hit is a record that is like the query.
type Hit struct {
	ID    string
	Score float64
}

// Find returns up to limit records, best first.
func (x *Index) Find(q Query, limit int) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	all := x.candidates(q)
	for i := range all {
		f := all[i].x
		all[i].score = float64(f[fBM25Share]+1.2*f[fGramCosine]+.3*f[fBestShare]) + .3*float64(f[fDateNear])
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	hits := make([]Hit, 0, min(limit, len(all)))
	for _, c := range all[:min(limit, len(all))] {
		hits = append(hits, Hit{x.docs[c.doc].id, c.score})
	}
	return hits
}

// candidates are described; the caller holds the lock.
func (x *Index) candidates(q Query) []candidate {
	a := x.ask(q)
	s := x.take()
	defer x.scratch.Put(s)
	all := x.propose(a, s)
	a.mark(s)
	for i := range all {
		x.describe(a, &all[i], s)
	}
	a.unmark(s)
	relate(all)
	return all
}

// Described is a candidate with its features, for training.
type Described struct {
	ID       string
	Features []float32
}

// Candidates are all records that any kind of evidence proposes for q, with
// their features.
func (x *Index) Candidates(q Query) []Described {
	x.mu.RLock()
	defer x.mu.RUnlock()
	all := x.candidates(q)
	out := make([]Described, len(all))
	for i, c := range all {
		out[i] = Described{x.docs[c.doc].id, c.x}
	}
	return out
}
