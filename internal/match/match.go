package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Ranker is the learned part of a search: Rank orders candidates, Certain says
// how likely the first is right. Both may be nil: then a fixed sum stands in
// for them, good enough to look, and scores are no probabilities.
type Ranker struct {
	Rank, Certain *Model
}

// Hit is a record that is like the query.
type Hit struct {
	ID string
	// Score is 0 to 1, falling from hit to hit. That of the first is the chance
	// that it is about the same claim, calibrated on sets of social media posts
	// with checks that answer them or do not; the others have their share of it.
	Score   float64
	Reasons []Reason
}

// Find returns up to limit records, best first; none if no word of q is known.
// The same index and query give the same hits.
func (x *Index) Find(r Ranker, q Query, limit int) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	a := x.ask(q)
	s := x.take()
	defer x.scratch.Put(s)
	all := x.candidates(a, s)
	r.order(all)
	certain := min(r.certainty(all), x.smallCap(all))
	hits := make([]Hit, 0, min(limit, len(all)))
	for i := range all[:min(limit, len(all))] {
		c := &all[i]
		share := math.Exp(c.score - all[0].score)
		hits = append(hits, Hit{x.id(c.doc), certain * share, x.reasons(a, c)})
	}
	return hits
}

// order sorts candidates by score; what is the query word for word comes first,
// whatever a model has learned from those that are not. Of equals the one with
// the smaller hash of its text comes first, so that the order of arrival does
// not count.
func (r Ranker) order(all []candidate) {
	for i := range all {
		if r.Rank != nil {
			all[i].score = r.Rank.Score(all[i].x)
		} else {
			all[i].score = fixedScore(all[i].x)
		}
	}
	best := math.Inf(-1)
	for _, c := range all {
		best = max(best, c.score)
	}
	for i := range all {
		if all[i].same {
			all[i].score = best + sameLead
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.tie, b.tie), cmp.Compare(a.doc, b.doc))
	})
}

// sameLead is by how much the query itself leads: e to its power times as likely.
const sameLead = 2

// fixedScore is what stands in for a model.
func fixedScore(f []float32) float64 {
	return 8 * float64(f[fBM25Share]+1.2*f[fGramCosine]+.3*f[fBestShare])
}

// certainty fills the list features of the first candidate and gives its
// chance to be right.
func (r Ranker) certainty(all []candidate) float64 {
	if len(all) == 0 {
		return 0
	}
	scores := make([]float64, len(all))
	for i, c := range all {
		scores[i] = c.score
	}
	ListFeatures(all[0].x, scores)
	if r.Certain == nil {
		return math.Exp(float64(all[0].x[fListShare]))
	}
	p := 1 / (1 + math.Exp(-r.Certain.Score(all[0].x)))
	return min(p, 3*float64(evidence(all[0].x)))
}

// evidence is the most that any one look at a pair finds in common, 0 to 1. The
// model of certainty has seen lists of a hundred; where a small index proposes
// but one record, that it stands out says nothing.
func evidence(x []float32) float32 {
	return max(0, x[fAllCover], x[fBestShare], x[fGramCosine], 2*(x[fCosine]-.4))
}

// Up to smallIndex records, and less and less up to largeIndex, what two texts
// have in common bounds the chance that they are the same claim.
const (
	smallIndex = 1_000
	largeIndex = 10_000
)

// smallCap is the most that the chance of the first can be. Among a million
// records another on the same subject comes close to it; in a small desk the
// only two that speak of the hospital stand out, and to stand out is what the
// model of certainty has learned to trust. enough is how much common ground makes
// it as likely as not, steep how fast that turns.
func (x *Index) smallCap(all []candidate) float64 {
	const enough, steep = 1.4, 4.0
	if len(all) == 0 || x.live >= largeIndex {
		return 1
	}
	f := all[0].x
	common := float64(f[fAllCover] + f[fBestShare])
	if f[fHasVector] > 0 {
		common += 2 * max(0, float64(f[fCosine])-.4)
	} else {
		common += 1.5 * float64(f[fGramCosine])
	}
	bound := 1 / (1 + math.Exp(-steep*(common-enough)))
	if x.live <= smallIndex {
		return bound
	}
	large := math.Log(float64(x.live)/smallIndex) / math.Log(largeIndex/smallIndex)
	return bound + (1-bound)*large
}

// ListFeatures fills the list features of the first candidate of a list from
// the scores of all, best first.
func ListFeatures(x []float32, scores []float64) {
	sum := 0.0
	for _, s := range scores {
		sum += math.Exp(s - scores[0])
	}
	x[fListShare] = float32(-math.Log(sum))
	x[fListScore] = float32(scores[0])
	if len(scores) > 1 {
		x[fListMargin] = float32(scores[0] - scores[1])
	}
}

// candidates are proposed and described; the caller holds the lock.
func (x *Index) candidates(a *asked, s *scratch) []candidate {
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
	s := x.take()
	defer x.scratch.Put(s)
	all := x.candidates(x.ask(q), s)
	out := make([]Described, len(all))
	for i, c := range all {
		out[i] = Described{x.id(c.doc), c.x}
	}
	return out
}

// EncodedTexts are the texts of r whose vectors SetVectors wants: the claim and
// the headline, where there are both.
func EncodedTexts(r Record) []string {
	var texts []string
	for _, t := range []string{once(readPost(r.Text).body), r.Title} {
		if t = encodable(t, maxEncoded); t != "" {
			texts = append(texts, t)
		}
	}
	return texts
}

// EncodedQuery is the text of q whose vector Query.Vector wants.
func EncodedQuery(q Query) string { return encodable(once(readPost(q.Text).body), maxAsked) }

// EncodedAround is the text of q with its context, whose vector Query.Around
// wants; "" if there is no context.
func EncodedAround(q Query) string {
	if len(q.Context) == 0 {
		return ""
	}
	text := EncodedQuery(q)
	for _, c := range q.Context {
		text += " " + encodable(c, maxAsked)
		if len(text) > maxEncoded {
			break
		}
	}
	return encodable(text, maxEncoded)
}

// Longest texts that are encoded, in bytes: more takes time and blurs the
// vector, and somebody waits for that of a query.
const (
	maxEncoded = 400
	maxAsked   = 240
)

// encodable takes addresses and the marks of handles and tags out of text.
func encodable(text string, longest int) string {
	if len(text) > 4*longest {
		text = text[:4*longest]
	}
	text = withoutAddresses(text)
	var b strings.Builder
	for w := range strings.FieldsSeq(text) {
		if b.Len() > longest {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if w[0] == '@' || w[0] == '#' {
			w = strings.Join(seams(strings.TrimLeft(w, "@#")), " ")
		}
		b.WriteString(w)
	}
	return strings.ToValidUTF8(b.String(), "")
}
