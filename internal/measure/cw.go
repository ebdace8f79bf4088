package measure

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

// CWGold is a sentence that people labelled.
type CWGold struct {
	ID       string
	Doc      string // "" if the set has no documents
	Label    bool
	NSources *int // how many outlets checked it, where the set says so
}

// CWPred is what was predicted for the sentence with the same ID.
type CWPred struct {
	Score float64
	Label *bool // nil: Score >= .5
}

// CW scores a ranking and a classification of sentences. Sentences of equal
// score are ordered by the CRC-32 of their ID: fixed, and blind to the order
// of the file. gold must not be empty.
func CW(gold []CWGold, pred map[string]CWPred) Report {
	rows := make([]cwRow, len(gold))
	var c counts
	missing := 0
	for i, g := range gold {
		p, ok := pred[g.ID]
		if !ok {
			missing++
		}
		label := p.Score >= .5
		if p.Label != nil {
			label = *p.Label
		}
		rows[i] = cwRow{p.Score, crc32.ChecksumIEEE([]byte(g.ID)), g.Label, label, i}
		c.add(g.Label, label)
	}
	n, positives := float64(len(rows)), float64(c.tp+c.fn)
	pos, neg := c.positive(), c.negative()
	var out Report
	out.put("n", n)
	out.put("pos", positives)
	out.put("pos_rate", positives/n)
	out.put("missing", float64(missing))
	out.putPRF("pos", pos)
	out.put("macro_f1", (pos.f+neg.f)/2)
	out.put("weighted_f1", (pos.f*positives+neg.f*(n-positives))/n)
	out.put("accuracy", float64(c.tp+c.tn)/n)
	low, high := interval(rows)
	out.put("pos_f1_ci95_low", low)
	out.put("pos_f1_ci95_high", high)
	ranked := byScore(rows)
	out.put("ap", averagePrecision(ranked))
	out.put("auc", auc(ranked))
	out.put("oracle_f1", oracleF1(ranked, positives))
	return append(out, perDocument(gold, rows)...)
}

type cwRow struct {
	score      float64
	tie        uint32
	gold, pred bool
	at         int // index into the gold rows
}

type counts struct{ tp, fp, fn, tn int }

func (c *counts) add(gold, pred bool) {
	switch {
	case gold && pred:
		c.tp++
	case pred:
		c.fp++
	case gold:
		c.fn++
	default:
		c.tn++
	}
}

func (c counts) positive() prf {
	return prfOf(float64(c.tp), float64(c.tp+c.fp), float64(c.tp+c.fn))
}

func (c counts) negative() prf {
	return prfOf(float64(c.tn), float64(c.tn+c.fn), float64(c.tn+c.fp))
}

// interval is the 95 % interval of F1 over 500 resamples with a fixed seed.
func interval(rows []cwRow) (low, high float64) {
	random := newTwister(7)
	fs := make([]float64, 500)
	for i := range fs {
		var c counts
		for range rows {
			r := rows[random.below(len(rows))]
			c.add(r.gold, r.pred)
		}
		fs[i] = c.positive().f
	}
	slices.Sort(fs)
	return fs[12], fs[487]
}

func byScore(rows []cwRow) []cwRow {
	ranked := slices.Clone(rows)
	slices.SortStableFunc(ranked, func(a, b cwRow) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.tie, b.tie))
	})
	return ranked
}

// averagePrecision is the mean, over the positives, of precision at each; 0
// if there are none.
func averagePrecision(ranked []cwRow) float64 {
	hits, sum := 0, 0.0
	for k, r := range ranked {
		if r.gold {
			hits++
			sum += float64(hits) / float64(k+1)
		}
	}
	if hits == 0 {
		return 0
	}
	return sum / float64(hits)
}

// auc is the chance that a positive scores above a negative; ties count half.
func auc(ranked []cwRow) float64 {
	positives, ranks := 0.0, 0.0
	for i := len(ranked) - 1; i >= 0; {
		j, hits := i, 0.0
		for ; j >= 0 && ranked[j].score == ranked[i].score; j-- {
			if ranked[j].gold {
				hits++
			}
		}
		done := len(ranked) - 1 - i // rows of lower score
		ranks += float64(done+1+done+i-j) / 2 * hits
		positives += hits
		i = j
	}
	negatives := float64(len(ranked)) - positives
	if positives == 0 || negatives == 0 {
		return 0
	}
	return (ranks - positives*(positives+1)/2) / (positives * negatives)
}

// oracleF1 is the best F1 that any threshold gives: for diagnosis only.
func oracleF1(ranked []cwRow, positives float64) float64 {
	best, tp := 0.0, 0.0
	for k, r := range ranked {
		if r.gold {
			tp++
		}
		if positives > 0 && (k+1 == len(ranked) || ranked[k+1].score != r.score) {
			best = math.Max(best, 2*tp/(float64(k+1)+positives))
		}
	}
	return best
}

var cutoffs = []int{1, 3, 5, 10, 20, 30, 50}

// perDocument is the ranking inside each document of at least two sentences,
// one of them positive; nothing if there is no such document.
func perDocument(gold []CWGold, rows []cwRow) Report {
	var aps, rrs, rps, ndcgs mean
	at := make([]mean, len(cutoffs))
	for _, doc := range documents(gold, rows) {
		ranked := byScore(doc)
		positives := 0
		for _, r := range ranked {
			if r.gold {
				positives++
			}
		}
		if positives == 0 || len(ranked) < 2 {
			continue
		}
		aps.add(averagePrecision(ranked))
		rrs.add(reciprocalRank(ranked))
		rps.add(precisionAt(ranked, positives))
		for i, k := range cutoffs {
			at[i].add(precisionAt(ranked, k))
		}
		if gold[doc[0].at].NSources != nil {
			ndcgs.add(ndcg(gold, ranked))
		}
	}
	if aps.n == 0 {
		return nil
	}
	var out Report
	out.put("docs_with_pos", aps.n)
	out.put("map", aps.value())
	out.put("mrr", rrs.value())
	out.put("r_prec", rps.value())
	for i, k := range cutoffs {
		out.put(fmt.Sprintf("p@%d", k), at[i].value())
	}
	if ndcgs.n > 0 {
		out.put("ndcg@50", ndcgs.value())
	}
	return out
}

// documents groups rows by document, in order of first appearance.
func documents(gold []CWGold, rows []cwRow) [][]cwRow {
	index := map[string]int{}
	var docs [][]cwRow
	for i, g := range gold {
		name := cmp.Or(g.Doc, "-")
		k, ok := index[name]
		if !ok {
			k = len(docs)
			index[name] = k
			docs = append(docs, nil)
		}
		docs[k] = append(docs[k], rows[i])
	}
	return docs
}

func reciprocalRank(ranked []cwRow) float64 {
	for k, r := range ranked {
		if r.gold {
			return 1 / float64(k+1)
		}
	}
	return 0
}

func precisionAt(ranked []cwRow, k int) float64 {
	hits := 0
	for _, r := range ranked[:min(k, len(ranked))] {
		if r.gold {
			hits++
		}
	}
	return float64(hits) / float64(k)
}

// ndcg is the discounted gain of the first 50, a sentence's gain being
// 2^outlets - 1 with at most five outlets, against the best order.
func ndcg(gold []CWGold, ranked []cwRow) float64 {
	sources := make([]int, len(ranked))
	for i, r := range ranked {
		if n := gold[r.at].NSources; n != nil {
			sources[i] = *n
		}
	}
	got := gain(sources)
	slices.SortStableFunc(sources, func(a, b int) int { return cmp.Compare(b, a) })
	return got / gain(sources)
}

func gain(sources []int) float64 {
	sum := 0.0
	for k, n := range sources[:min(50, len(sources))] {
		sum += (math.Pow(2, float64(min(n, 5))) - 1) / math.Log2(float64(k+2))
	}
	return sum
}

type mean struct{ sum, n float64 }

func (m *mean) add(v float64) { m.sum += v; m.n++ }
func (m mean) value() float64 { return m.sum / m.n }
