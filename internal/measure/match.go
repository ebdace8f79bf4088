package measure

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// MatchRun is the ranked answers to each query, best first.
type MatchRun map[string][]MatchHit

// MatchHit is one answer.
type MatchHit struct {
	Claim string
	Score float64
}

// ReadMatchRun reads rows of query, claim, rank and score, one JSON object a
// line. A query whose rows all have a rank is ordered by it, any other by
// falling score; equals by claim. A claim listed twice for a query is an error.
func ReadMatchRun(r io.Reader) (MatchRun, error) {
	type hit struct {
		MatchHit
		rank *float64
	}
	by := map[string][]hit{}
	err := rows(r, nil, func(line []byte) error {
		var row struct {
			Query, Claim ID
			Rank         *float64
			Score        float64
		}
		if err := json.Unmarshal(line, &row); err != nil {
			return err
		}
		by[string(row.Query)] = append(by[string(row.Query)], hit{MatchHit{string(row.Claim), row.Score}, row.Rank})
		return nil
	})
	if err != nil {
		return nil, err
	}
	run := MatchRun{}
	for q, hits := range by {
		ranked := !slices.ContainsFunc(hits, func(h hit) bool { return h.rank == nil })
		slices.SortFunc(hits, func(a, b hit) int {
			byRank := 0
			if ranked {
				byRank = cmp.Compare(*a.rank, *b.rank)
			}
			return cmp.Or(byRank, cmp.Compare(b.Score, a.Score), cmp.Compare(a.Claim, b.Claim))
		})
		seen := map[string]bool{}
		for _, h := range hits {
			if seen[h.Claim] {
				return nil, fmt.Errorf("query %s lists claim %s twice", q, h.Claim)
			}
			seen[h.Claim] = true
			run[q] = append(run[q], h.MatchHit)
		}
	}
	return run, nil
}

// MatchGold is the right claims of each judged query, and how each query is
// grouped ("" where it is not).
type MatchGold struct {
	Queries []string // in the order of the file: the last place of a sum depends on it
	Right   map[string]map[string]bool
	Group   map[string]string
}

// ReadMatchGold reads rows of query and claim; a row whose relevance is 0 names
// a wrong one.
func ReadMatchGold(r io.Reader) (MatchGold, error) {
	g := MatchGold{Right: map[string]map[string]bool{}, Group: map[string]string{}}
	err := rows(r, nil, func(line []byte) error {
		var row struct {
			Query, Claim ID
			Relevance    *float64
		}
		if err := json.Unmarshal(line, &row); err != nil {
			return err
		}
		if row.Relevance != nil && *row.Relevance == 0 {
			return nil
		}
		q := string(row.Query)
		if g.Right[q] == nil {
			g.Right[q] = map[string]bool{}
			g.Queries = append(g.Queries, q)
		}
		g.Right[q][string(row.Claim)] = true
		return nil
	})
	return g, err
}

// ReadGroups fills g.Group with the field by of each query in r.
func (g MatchGold) ReadGroups(r io.Reader, by string) error {
	return rows(r, nil, func(line []byte) error {
		var id struct{ ID ID }
		var fields map[string]any
		if err := json.Unmarshal(line, &id); err != nil {
			return err
		}
		if err := json.Unmarshal(line, &fields); err != nil {
			return err
		}
		g.Group[string(id.ID)] = fmt.Sprint(fields[by])
		return nil
	})
}

// Match scores a ranking of claims. MAP@k is the mean over all judged queries
// of the sum of precision at each right answer up to k, divided by how many
// claims are right (as trec_eval does); a query without answers counts 0.
// MRR is over the whole list. gold must not be empty.
func Match(gold MatchGold, run MatchRun) Report {
	return matchOver(gold, run, func(string) bool { return true })
}

// MatchGroup is Match over the queries of one group.
func MatchGroup(gold MatchGold, run MatchRun, group string) Report {
	return matchOver(gold, run, func(q string) bool { return gold.Group[q] == group })
}

func matchOver(gold MatchGold, run MatchRun, keep func(query string) bool) Report {
	var all matchSums
	for _, q := range gold.Queries {
		if keep(q) {
			all.add(gold.Right[q], run[q])
		}
	}
	return all.report()
}

var (
	mapAt     = []int{1, 3, 5, 10}
	recallAt  = []int{5, 10, 50}
	successAt = []int{5, 10}
)

type matchSums struct {
	n                    int
	ap, recall, success  [4]mean
	reciprocal, firstHit mean
}

func (s *matchSums) add(right map[string]bool, ranked []MatchHit) {
	s.n++
	hits, sum, reciprocal := 0, 0.0, 0.0
	at, found := map[int]float64{}, map[int]int{}
	for i, h := range ranked {
		if !right[h.Claim] {
			continue
		}
		hits++
		sum += float64(hits) / float64(i+1)
		if hits == 1 {
			reciprocal = 1 / float64(i+1)
		}
		for _, k := range mapAt {
			if i < k {
				at[k] = sum
			}
		}
		for _, k := range []int{1, 5, 10, 50} {
			if i < k {
				found[k]++
			}
		}
	}
	for i, k := range mapAt {
		s.ap[i].add(at[k] / float64(len(right)))
	}
	s.reciprocal.add(reciprocal)
	s.firstHit.add(indicator(found[1] > 0))
	for i, k := range recallAt {
		s.recall[i].add(float64(found[k]) / float64(len(right)))
	}
	for i, k := range successAt {
		s.success[i].add(indicator(found[k] > 0))
	}
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (s *matchSums) report() Report {
	var out Report
	out.put("queries", float64(s.n))
	for i, k := range mapAt {
		out.put(fmt.Sprintf("MAP@%d", k), s.ap[i].value())
	}
	out.put("MRR", s.reciprocal.value())
	out.put("P@1", s.firstHit.value())
	for i, k := range recallAt {
		out.put(fmt.Sprintf("recall@%d", k), s.recall[i].value())
	}
	for i, k := range successAt {
		out.put(fmt.Sprintf("success@%d", k), s.success[i].value())
	}
	return out
}

// PairGold is two texts that people said claim the same, or not.
type PairGold struct {
	ID    string
	Label bool
}

// ReadPairs reads rows of id and label.
func ReadPairs(r io.Reader, keep Filter) ([]PairGold, error) {
	var out []PairGold
	err := rows(r, keep, func(line []byte) error {
		var row struct {
			ID    ID
			Label Bit
		}
		if err := json.Unmarshal(line, &row); err != nil {
			return err
		}
		out = append(out, PairGold{string(row.ID), bool(row.Label)})
		return nil
	})
	return out, err
}

// ReadScores reads rows of id and score.
func ReadScores(r io.Reader) (map[string]float64, error) {
	out := map[string]float64{}
	err := rows(r, nil, func(line []byte) error {
		var row struct {
			ID    ID
			Score float64
		}
		if err := json.Unmarshal(line, &row); err != nil {
			return err
		}
		out[string(row.ID)] = row.Score
		return nil
	})
	return out, err
}

// Pairs scores how well scores part the pairs of the same claim from the
// others: AUROC, average precision, the best F1 and where, and, unless
// threshold is NaN, the numbers at it. Pairs of equal score are ordered by ID.
// A pair without a score is an error.
func Pairs(gold []PairGold, scores map[string]float64, threshold float64) (Report, error) {
	ranked := slices.Clone(gold)
	for _, g := range gold {
		if _, ok := scores[g.ID]; !ok {
			return nil, fmt.Errorf("pair %s has no score", g.ID)
		}
	}
	slices.SortFunc(ranked, func(a, b PairGold) int {
		return cmp.Or(cmp.Compare(scores[b.ID], scores[a.ID]), cmp.Compare(a.ID, b.ID))
	})
	positives, tp, ap := 0.0, 0.0, 0.0
	bestF, bestAt := 0.0, math.NaN()
	var parted partition
	for _, g := range ranked {
		positives += indicator(g.Label)
		parted.add(scores[g.ID], g.Label)
	}
	for k, g := range ranked {
		tp += indicator(g.Label)
		ap += indicator(g.Label) * tp / float64(k+1) / positives
		if k+1 == len(ranked) || scores[ranked[k+1].ID] != scores[g.ID] {
			if f := 2 * tp / (float64(k+1) + positives); f > bestF {
				bestF, bestAt = f, scores[g.ID]
			}
		}
	}
	var out Report
	out.put("pairs", float64(len(gold)))
	out.put("positive", positives)
	out.put("AUROC", parted.auroc())
	out.put("AP", ap)
	out.put("bestF1", bestF)
	out = append(out, Metric{"bestF1_threshold", bestAt})
	if math.IsNaN(threshold) {
		return out, nil
	}
	return append(out, pairsAt(ranked, scores, threshold)...), nil
}

func pairsAt(gold []PairGold, scores map[string]float64, threshold float64) Report {
	var c counts
	for _, g := range gold {
		c.add(g.Label, scores[g.ID] >= threshold)
	}
	s := c.positive()
	out := Report{{"threshold", threshold}}
	out.put("P", s.p)
	out.put("R", s.r)
	out.put("F1", s.f)
	out.put("accuracy", float64(c.tp+c.tn)/float64(len(gold)))
	return out
}

// partition is two groups of scores.
type partition struct {
	scores []float64
	high   []bool
}

func (p *partition) add(score float64, high bool) {
	p.scores, p.high = append(p.scores, score), append(p.high, high)
}

// auroc is the chance that one of the high group scores above one of the other,
// ties counting half; NaN if a group is empty.
func (p *partition) auroc() float64 {
	order := make([]int, len(p.scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p.scores[a], p.scores[b]) })
	ranks, high := 0.0, 0.0
	for i := 0; i < len(order); {
		j, n := i, 0.0
		for ; j < len(order) && p.scores[order[j]] == p.scores[order[i]]; j++ {
			n += indicator(p.high[order[j]])
		}
		ranks += n * float64(i+1+j) / 2
		high += n
		i = j
	}
	low := float64(len(order)) - high
	if high == 0 || low == 0 {
		return math.NaN()
	}
	return (ranks - high*(high+1)/2) / (high * low)
}

// AbstainGold is a query that has an answer, or has none.
type AbstainGold struct {
	Query      string
	Answerable bool
	Claims     map[string]bool
}

// ReadAbstain reads rows of query, answerable and claims.
func ReadAbstain(r io.Reader, keep Filter) ([]AbstainGold, error) {
	var out []AbstainGold
	err := rows(r, keep, func(line []byte) error {
		var row struct {
			Query      ID
			Answerable Bit
			Claims     []ID
		}
		if err := json.Unmarshal(line, &row); err != nil {
			return err
		}
		g := AbstainGold{string(row.Query), bool(row.Answerable), map[string]bool{}}
		for _, c := range row.Claims {
			g.Claims[string(c)] = true
		}
		out = append(out, g)
		return nil
	})
	return out, err
}

// Abstain scores the first answer of each query: it is right if its claim is,
// and never for a query without an answer. threshold may be NaN: then nothing
// is said about one. gold must hold an answerable query.
func Abstain(gold []AbstainGold, run MatchRun, threshold float64) Report {
	firsts := make([]firstAnswer, len(gold))
	answerable, right := 0.0, 0.0
	var rightOrNot, answerableOrNot partition
	for i, g := range gold {
		f := firstAnswer{score: math.Inf(-1), answerable: g.Answerable}
		if hits := run[g.Query]; len(hits) > 0 {
			f.score, f.right = hits[0].Score, g.Answerable && g.Claims[hits[0].Claim]
		}
		firsts[i] = f
		answerable += indicator(f.answerable)
		right += indicator(f.right)
		rightOrNot.add(f.score, f.right)
		answerableOrNot.add(f.score, f.answerable)
	}
	var out Report
	out.put("queries", float64(len(gold)))
	out.put("answerable", answerable)
	out.put("top1_right_of_answerable", right/answerable)
	out.put("AUROC_right_vs_rest", rightOrNot.auroc())
	out.put("AUROC_answerable", answerableOrNot.auroc())
	slices.SortStableFunc(firsts, func(a, b firstAnswer) int { return cmp.Compare(b.score, a.score) })
	for _, p := range []float64{.9, .95} {
		out.put(fmt.Sprintf("right_found_at_P%v", p), foundAt(firsts, p)/answerable)
	}
	if !math.IsNaN(threshold) {
		out = append(out, abstainAt(firsts, answerable, threshold)...)
	}
	return out
}

type firstAnswer struct {
	score             float64
	right, answerable bool
}

// foundAt is how many right answers the longest head of precision p holds.
func foundAt(ranked []firstAnswer, p float64) float64 {
	best, tp := 0.0, 0.0
	for k, f := range ranked {
		tp += indicator(f.right)
		if tp/float64(k+1) >= p {
			best = tp
		}
	}
	return best
}

func abstainAt(ranked []firstAnswer, answerable, threshold float64) Report {
	given, right, false0 := 0.0, 0.0, 0.0
	for _, f := range ranked {
		if f.score >= threshold {
			given++
			right += indicator(f.right)
			false0 += indicator(!f.answerable)
		}
	}
	precision := 0.0
	if given > 0 {
		precision = right / given
	}
	out := Report{{"threshold", threshold}}
	out.put("P", precision)
	out.put("right_found", right/answerable)
	out.put("false_alert_on_unanswerable", false0/(float64(len(ranked))-answerable))
	return out
}
