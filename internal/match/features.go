package match

import (
	"math"
	"slices"
)

// The features of a pair of query and record. Names are in featureNames, in
// the same order.
const (
	fBM25 = iota
	fBM25Share
	fTextCover
	fTitleCover
	fExtraCover
	fAllCover
	fTextShare
	fTitleShare
	fBestShare
	fContextShare
	fContextBM25
	fBigrams
	fRun
	fGramCosine
	fGramTitle
	fGramText
	fGramQuery
	fGramFit
	fGramFitBest
	fCosine
	fCosineMean
	fHasVector
	fAround
	fWindow
	fWindowBest
	fNamesShared
	fNamesMissing
	fNamesOther
	fNumbersShared
	fNumbersMissing
	fNumbersOther
	fNegation
	fOpposites
	fSpeaker
	fSpeakerInText
	fSpeakerAsked
	fDateKnown
	fDateNear
	fDateAfter
	fQueryWords
	fEnglish
	fScript
	fTopShared
	fSecondShared
	fSharedCount
	fSharedSum
	fQueryTotal
	fRankWords
	fRankGrams
	fRankVectors
	fRankContext
	fRankSpeaker
	fRankJoint
	fRankAround
	fWordsGap
	fGramsGap
	fVectorsGap
	fCoverGap
	fShareGap
	// The last three say how the best record of a list stands out; they are 0
	// until the list is ranked, and only the certainty of the answer reads them.
	fListShare
	fListMargin
	fListScore
	FeatureCount
)

// describe fills c.x; qterm maps the terms of q, as mark has set it.
func (x *Index) describe(q *asked, c *candidate, s *scratch) {
	d := x.open(c.doc)
	f := make([]float32, FeatureCount)
	c.x = f
	n := len(q.words)
	var tf [fields][]float32
	buf := make([]float32, fields*n)
	var total, hit, ctx [fields]float32
	for i := range tf {
		tf[i] = buf[i*n : (i+1)*n]
	}
	namesOther := float32(0)
	run, longest := float32(0), float32(0)
	bigramAll, bigramHit := float32(0), float32(0)
	for field := range fields {
		ids := d.field(field)
		last := uint32(0)
		for i, id := range ids {
			t := id &^ nameBit
			w := x.weight(t)
			total[field] += w
			at := s.qterm[t]
			switch {
			case at > 0:
				tf[field][at-1]++
				hit[field] += w
			case at < 0:
				ctx[field] += w
			}
			if field <= fieldText {
				if id&nameBit != 0 && at <= 0 {
					namesOther += w
				}
				if at > 0 {
					run += w
				} else {
					run = 0
				}
				if i > 0 {
					bw := w + x.weight(last)
					bigramAll += bw
					if q.bigrams[uint64(last)<<32|uint64(t)] {
						bigramHit += bw
						longest = max(longest, run)
					}
				}
			}
			last = t
		}
		run = 0
	}
	var bm, cover [fields + 1]float32
	var top [2]float32
	shared, sharedNames, sharedSum := 0, float32(0), float32(0)
	for i, w := range q.words {
		v := float32(0)
		for field := range tf {
			if t := tf[field][i]; t > 0 {
				cover[field] += w.weight
				v += t * fieldWeight[field]
			}
		}
		if v == 0 {
			continue
		}
		cover[fields] += w.weight
		bm[fields] += w.weight * v * (bmK + 1) / (v + bmK*(1-bmB+bmB*d.length/bmLength))
		if w.weight > 2 {
			shared++
		}
		sharedSum += w.weight
		if w.name {
			sharedNames += w.weight
		}
		if w.weight > top[0] {
			top[0], top[1] = w.weight, top[0]
		} else if w.weight > top[1] {
			top[1] = w.weight
		}
	}
	f[fBM25] = bm[fields]
	f[fBM25Share] = ratio(bm[fields], q.total*(bmK+1))
	f[fTextCover], f[fTitleCover], f[fExtraCover] = ratio(cover[fieldText], q.total), ratio(cover[fieldTitle], q.total), ratio(cover[fieldExtra], q.total)
	f[fAllCover] = ratio(cover[fields], q.total)
	f[fTextShare], f[fTitleShare] = ratio(hit[fieldText], total[fieldText]), ratio(hit[fieldTitle], total[fieldTitle])
	f[fBestShare] = max(f[fTextShare], f[fTitleShare])
	f[fContextShare] = ratio(ctx[fieldText]+ctx[fieldTitle], total[fieldText]+total[fieldTitle])
	f[fContextBM25] = c.lists[listContext]
	f[fBigrams], f[fRun] = ratio(bigramHit, bigramAll), longest
	x.gramFeatures(q, d, q.hit, f)
	x.vectorFeatures(q, d, f)
	windowFeatures(q, d, &tf, &total, f)
	f[fNamesShared], f[fNamesMissing], f[fNamesOther] = sharedNames, ratio(q.names-sharedNames, q.names), ratio(namesOther, total[fieldText]+total[fieldTitle])
	equal, miss, other := compareNumbers(q.numbers, d.numbers)
	f[fNumbersShared], f[fNumbersMissing], f[fNumbersOther] = float32(len(equal)), float32(len(miss)), float32(len(other))
	if q.negated != d.negated {
		f[fNegation] = 1
	}
	f[fOpposites] = float32(len(x.opposed(q, d, s)))
	x.speakerFeatures(q, d, s, f)
	dateFeatures(q, d, f)
	f[fQueryWords], f[fEnglish] = log1(q.length), q.english
	if q.script == d.script {
		f[fScript] = 1
	}
	f[fTopShared], f[fSecondShared], f[fSharedCount], f[fSharedSum] = top[0], top[1], float32(shared), sharedSum
	f[fQueryTotal] = q.total
	for k, at := range rankFeature {
		if c.rank[k] > 0 {
			f[at] = 1 / float32(c.rank[k])
		}
	}
}

func ratio(a, b float32) float32 {
	if b <= 0 {
		return 0
	}
	return a / b
}

func log1(n int) float32 { return float32(math.Log1p(float64(n))) }

func (x *Index) weight(t uint32) float32 { return x.idf(x.often(t)) }

// gramFeatures compare runs of letters: by cosine, by the share of the record
// and of the query, and by a sum that forgives a long record half of its
// length (the last is what finds a short claim in a long post).
func (x *Index) gramFeatures(q *asked, d *doc, hit []uint8, f []float32) {
	g := &q.grams
	if g.norm == 0 {
		return
	}
	clear(hit)
	var dotAll, norms, covered float32
	for field := range gramFields {
		text := d.folded(field)
		var dot, norm float32
		bit := uint8(1) << field
		eachGram(text, func(h uint32, _ int) {
			i := g.find(h)
			if g.keys[i] == 0 {
				w := x.gramWeight(h)
				norm += w * w
				return
			}
			if hit[i]&bit != 0 {
				return
			}
			w, often := g.weights[i], g.often[i]
			norm += w * w
			dot += w * w * often
			if hit[i] == 0 {
				dotAll += w * w * often
				covered += w
			}
			hit[i] |= bit
		})
		norms += norm
		if norm > 0 {
			f[fGramTitle+field] = dot / norm
			f[fGramFitBest] = max(f[fGramFitBest], fit(dot, norm, g.norm))
		}
	}
	if norms > 0 {
		f[fGramCosine] = dotAll / (g.norm * float32(math.Sqrt(float64(norms))))
		f[fGramFit] = fit(dotAll, norms, g.norm)
	}
	f[fGramQuery] = covered / g.total
}

func fit(dot, norm, queryNorm float32) float32 {
	return dot / float32(math.Pow(float64(norm), .68)*math.Pow(float64(queryNorm), .64))
}

func (x *Index) gramWeight(h uint32) float32 {
	return x.idf(int(x.gramDF[h>>(32-gramDFBits)]))
}

func (x *Index) vectorFeatures(q *asked, d *doc, f []float32) {
	if q.own.parts == nil {
		return
	}
	n, sum, top := 0, float32(0), float32(-1)
	for _, s := range d.vectors {
		if s == 0 {
			continue
		}
		c := x.vectors.cosine(q.own, s)
		n, sum, top = n+1, sum+c, max(top, c)
		if q.around.parts != nil {
			f[fAround] = max(f[fAround], x.vectors.cosine(q.around, s))
		}
	}
	if n > 0 {
		f[fCosine], f[fCosineMean], f[fHasVector] = top, sum/float32(n), 1
		if q.around.parts == nil {
			f[fAround] = top
		}
	}
}

// windowFeatures say how much of a record's claim or headline stands close
// together in the query: the best stretch of the query, half as long again as
// what it is compared with. tf says which words of the query each field has.
func windowFeatures(q *asked, d *doc, tf *[fields][]float32, total *[fields]float32, f []float32) {
	for _, field := range [2]int{fieldText, fieldTitle} {
		if total[field] == 0 {
			continue
		}
		size := max(8, len(d.field(field))*3/2)
		best := total[field]
		v := bestWindow(q, tf[field], size)
		f[fWindowBest] = max(f[fWindowBest], v/best)
		f[fWindow] = max(f[fWindow], v)
	}
}

// bestWindow is the weight of the distinct words with has > 0 in the best size
// words in a row.
func bestWindow(q *asked, has []float32, size int) float32 {
	var sum, best float32
	clear(q.inside)
	for i, w := range q.sequence {
		if has[w] > 0 {
			if q.inside[w]++; q.inside[w] == 1 {
				sum += q.words[w].weight
			}
		}
		if i >= size {
			if o := q.sequence[i-size]; has[o] > 0 {
				if q.inside[o]--; q.inside[o] == 0 {
					sum -= q.words[o].weight
				}
			}
		}
		best = max(best, sum)
	}
	return best
}

// compareNumbers pairs off equal quantities.
func compareNumbers(a, b []number) (equal, onlyA, onlyB []number) {
	used := make([]bool, len(b))
	for _, n := range a {
		found := false
		for j, m := range b {
			if math.Abs(n.value-m.value) <= 1e-9*math.Abs(n.value) {
				used[j], found = true, true
			}
		}
		if found {
			equal = append(equal, n)
		} else {
			onlyA = append(onlyA, n)
		}
	}
	for j, m := range b {
		if !used[j] {
			onlyB = append(onlyB, m)
		}
	}
	return equal, onlyA, onlyB
}

// opposed lists words of the record whose opposite the query has, where it has
// not the word itself.
func (x *Index) opposed(q *asked, d *doc, s *scratch) []uint32 {
	var out []uint32
	for _, w := range q.opposites {
		if s.qterm[w] > 0 {
			continue
		}
		for _, field := range [2]int{fieldTitle, fieldText} {
			if slices.Contains(d.field(field), w) {
				out = append(out, w)
				break
			}
		}
	}
	return out
}

func (x *Index) speakerFeatures(q *asked, d *doc, s *scratch, f []float32) {
	if len(q.speaker) > 0 {
		for t := range q.speaker {
			w := x.weight(t)
			if slices.ContainsFunc(d.field(fieldSpeaker), func(id uint32) bool { return id&^nameBit == t }) {
				f[fSpeaker] = max(f[fSpeaker], w)
			}
			for _, field := range [2]int{fieldTitle, fieldText} {
				if slices.ContainsFunc(d.field(field), func(id uint32) bool { return id&^nameBit == t }) {
					f[fSpeakerInText] = max(f[fSpeakerInText], w)
					break
				}
			}
		}
	}
	for _, id := range d.field(fieldSpeaker) {
		if t := id &^ nameBit; s.qterm[t] > 0 {
			f[fSpeakerAsked] = max(f[fSpeakerAsked], x.weight(t))
		}
	}
}

func dateFeatures(q *asked, d *doc, f []float32) {
	if q.day == 0 || d.day == 0 {
		return
	}
	f[fDateKnown] = 1
	gap := float64(d.day - q.day)
	f[fDateNear] = float32(1 / (1 + math.Abs(gap)/7))
	f[fDateAfter] = float32(math.Copysign(math.Log1p(math.Abs(gap)), gap))
}

// relate fills the features that compare a candidate with the best of the
// others: its own score is never a divisor.
func relate(all []candidate) {
	for _, g := range [...]struct{ from, to int }{
		{fBM25, fWordsGap}, {fGramCosine, fGramsGap}, {fCosine, fVectorsGap}, {fAllCover, fCoverGap}, {fBestShare, fShareGap},
	} {
		first, second, at := float32(math.Inf(-1)), float32(math.Inf(-1)), -1
		for i, c := range all {
			if v := c.x[g.from]; v > first {
				first, second, at = v, first, i
			} else if v > second {
				second = v
			}
		}
		for i, c := range all {
			switch {
			case i != at:
				c.x[g.to] = c.x[g.from] - first
			case len(all) > 1:
				c.x[g.to] = first - second
			}
		}
	}
}

// mark enters the terms of q in s.qterm: 1 + its place for a word of the
// query, -1 for one of its context. unmark takes them out again.
func (q *asked) mark(s *scratch) {
	for _, w := range q.context {
		s.qterm[w.term] = -1
	}
	for i, w := range q.words {
		if w.known {
			s.qterm[w.term] = int32(i + 1)
		}
	}
}

func (q *asked) unmark(s *scratch) {
	for _, w := range q.context {
		s.qterm[w.term] = 0
	}
	for _, w := range q.words {
		if w.known {
			s.qterm[w.term] = 0
		}
	}
}

// rankFeature is where the rank in each list goes.
var rankFeature = [listKinds]int{fRankWords, fRankGrams, fRankVectors, fRankContext, fRankSpeaker, fRankJoint, fRankAround}
