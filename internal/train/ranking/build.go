package ranking

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"factcheck/data"
	"factcheck/internal/embed"
	"factcheck/internal/match"
	"factcheck/internal/match/learn"
)

// The files that Build writes.
const (
	RankFile    = "match.rank.fcm"
	CertainFile = "match.certain.fcm"
)

// Build trains the models of internal/match from the sets in the folder match
// of dir and writes them to out. The same sets give the same bytes on every
// processor with AVX2 and FMA. It stops soon after ctx is done.
func Build(ctx context.Context, dir, out string, say func(string)) error {
	encoder, err := embed.NewSentence(data.Encoder)
	if err != nil {
		return fmt.Errorf("read encoder: %w", err)
	}
	v := &vectors{encoder, map[string][]float32{}}
	var all []set
	for _, s := range specs {
		ex, err := s.examples(ctx, filepath.Join(dir, "match"), v)
		if err != nil {
			return err
		}
		say(fmt.Sprintf("%s: %d queries, %.3f of the right answers are proposed", s.name, len(ex), proposed(ex)))
		all = append(all, set{s.name, s.removed, s.weight(len(ex)), ex})
		if s.name == "checkthat2a" {
			all = append(all, set{s.name + ", no dates", false, s.weight(len(ex)), undated(ex)})
		}
	}
	rank, certain, err := train(ctx, all, say)
	if err != nil {
		return err
	}
	for name, m := range map[string]*match.Model{RankFile: rank, CertainFile: certain} {
		if err := os.WriteFile(filepath.Join(out, name), m.Bytes(), 0o644); err != nil {
			return fmt.Errorf("build models: %w", err)
		}
	}
	return nil
}

// set is the examples of one set.
type set struct {
	name     string
	abstains bool // many queries have no answer: only the certainty learns from it
	weight   float64
	examples []example
}

// weight is how much each of n queries of the set counts: large sets count
// more than small ones, but less than by their size. The posts of 2A are there
// twice, with and without dates.
func (s spec) weight(n int) float64 {
	w := math.Pow(1000/float64(n), .25)
	if s.base() == "checkthat2a" {
		w /= 2
	}
	return w
}

// proposed is the mean share of the right answers that are among the
// candidates.
func proposed(all []example) float64 {
	sum := 0.0
	for _, e := range all {
		n := 0
		for _, r := range e.right {
			if r {
				n++
			}
		}
		sum += float64(n) / float64(e.answers)
	}
	return sum / float64(len(all))
}

// undated are copies of the examples of which no date is known.
func undated(all []example) []example {
	out := slices.Clone(all)
	dates := []int{feature("date_known"), feature("date_near"), feature("date_after")}
	for i, e := range out {
		out[i].rows = slices.Clone(e.rows)
		for k, r := range e.rows {
			r = slices.Clone(r)
			for _, f := range dates {
				r[f] = 0
			}
			out[i].rows[k] = r
		}
	}
	return out
}

func feature(name string) int { return slices.Index(match.FeatureNames(), name) }

// rankOptions and certainOptions are how the two models are fitted.
var (
	rankOptions    = learn.Options{Steps: 150, Trees: 100, Depth: 5, Rate: .08, Lambda: 1, Child: 1, Part: .6, Seed: 1}
	certainOptions = learn.Options{Steps: 200, Trees: 60, Depth: 3, Rate: .06, Lambda: 1, Child: 5, Part: .6, Seed: 1}
)

// train fits both models. The certainty learns from lists that rankers ordered
// which had not seen their claims.
func train(ctx context.Context, all []set, say func(string)) (rank, certain *match.Model, err error) {
	var models [foldCount + 1]*match.Model // the last leaves no fold out
	var next atomic.Int32
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for k := int(next.Add(1)) - 1; k <= foldCount && ctx.Err() == nil; k = int(next.Add(1)) - 1 {
				models[k] = rankModel(all, k)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	var firsts []first
	for k, m := range models[:foldCount] {
		for i := range all {
			for j := range all[i].examples {
				if e := &all[i].examples[j]; e.fold == k {
					firsts = append(firsts, e.first(m, i))
				}
			}
		}
	}
	for k := range foldCount {
		m, zero := certainModel(all, firsts, k)
		for i := range firsts {
			if f := &firsts[i]; f.fold == k && f.x != nil {
				f.chance = 1 / (1 + math.Exp(zero-m.Score(f.x)))
			}
		}
	}
	for i := range all {
		say(report(all[i], i, firsts))
	}
	rank = models[foldCount]
	certain, zero := certainModel(all, firsts, -1)
	for i := range certain.Trees[0].Leaf { // so that the score alone is the log-odds
		certain.Trees[0].Leaf[i] -= float32(zero)
	}
	return rank, certain, nil
}

// rankModel is trained on all folds but one.
func rankModel(all []set, without int) *match.Model {
	var lists []learn.List
	for _, s := range all {
		if s.abstains {
			continue
		}
		for _, e := range s.examples {
			if e.fold != without {
				if l, ok := e.list(s.weight); ok {
					lists = append(lists, l)
				}
			}
		}
	}
	return learn.Boost(lists, rankOptions)
}

// likely are features of which a wrong candidate with little of each teaches
// little.
var likely = map[int]float32{feature("rank_words"): 1. / 20, feature("rank_grams"): 1. / 12, feature("rank_vectors"): 1. / 12}

// list is what e teaches: all right candidates, the likely wrong ones and a
// quarter of the others. It reports false where none is right.
func (e *example) list(weight float64) (learn.List, bool) {
	l := learn.List{Weight: weight}
	any := false
	for i, r := range e.rows {
		unlikely := true
		for f, least := range likely {
			unlikely = unlikely && r[f] < least
		}
		if !e.right[i] && unlikely && i%4 != 0 {
			continue
		}
		any = any || e.right[i]
		l.Rows, l.Right = append(l.Rows, r), append(l.Right, e.right[i])
	}
	return l, any
}

// first is the first answer to a query, and how good its list is.
type first struct {
	set, fold    int
	lang         string
	x            []float32 // nil if there is no answer
	right        bool
	answerable   bool // a right answer is in the index and proposed
	map5, recall float64
	chance       float64
}

// first orders e by m.
func (e *example) first(m *match.Model, set int) first {
	f := first{set: set, fold: e.fold, lang: e.lang, answerable: e.has}
	order, scores := make([]int, len(e.rows)), make([]float64, len(e.rows))
	for i, r := range e.rows {
		order[i], scores[i] = i, m.Score(r)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	hits, sum := 0, 0.0
	for k, i := range order[:min(10, len(order))] {
		if !e.right[i] {
			continue
		}
		hits++
		if k < 5 {
			sum += float64(hits) / float64(k+1)
		}
	}
	f.map5, f.recall = sum/float64(e.answers), float64(hits)/float64(e.answers)
	if len(order) > 0 {
		f.x, f.right = slices.Clone(e.rows[order[0]]), e.right[order[0]]
		slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
		match.ListFeatures(f.x, scores)
	}
	return f
}

// certainModel parts right first answers from wrong ones: each against the
// empty answer, whose score is zero.
func certainModel(all []set, firsts []first, without int) (m *match.Model, zero float64) {
	null := make([]float32, match.FeatureCount)
	var lists []learn.List
	for _, f := range firsts {
		if f.fold == without || f.x == nil {
			continue
		}
		w := math.Pow(1000/float64(len(all[f.set].examples)), .5)
		if all[f.set].abstains {
			w *= 2
		}
		lists = append(lists, learn.List{Rows: [][]float32{f.x, null}, Right: []bool{f.right, !f.right}, Weight: w})
	}
	m = learn.Boost(lists, certainOptions)
	return m, m.Score(null)
}

// report says how well held-back queries of a set are answered.
func report(s set, at int, firsts []first) string {
	var of []first
	langs := map[string][2]float64{}
	var map5, recall, answerable float64
	for _, f := range firsts {
		if f.set != at {
			continue
		}
		of = append(of, f)
		map5 += f.map5
		recall += f.recall
		if f.answerable {
			answerable++
		}
		l := langs[f.lang]
		langs[f.lang] = [2]float64{l[0] + f.map5, l[1] + 1}
	}
	n := float64(len(of))
	line := fmt.Sprintf("%s: MAP@5 %.4f, recall@10 %.4f; first answers: AUROC %.4f, right ones found at 95 %% precision %.3f, ECE %.3f",
		s.name, map5/n, recall/n, auroc(of), found(of)/answerable, gap(of))
	if len(langs) > 1 {
		var each []string
		for l, v := range langs {
			each = append(each, fmt.Sprintf("%s %.3f", l, v[0]/v[1]))
		}
		slices.Sort(each)
		line += "; " + strings.Join(each, ", ")
	}
	return line
}

// auroc is the chance that a right first answer is surer than a wrong one.
func auroc(of []first) float64 {
	slices.SortStableFunc(of, func(a, b first) int { return cmp.Compare(b.chance, a.chance) })
	right, wrong, sum := 0.0, 0.0, 0.0
	for _, f := range of {
		if f.right {
			right++
		} else {
			wrong++
			sum += right
		}
	}
	return sum / (right * wrong)
}

// found is how many right answers the longest head of of holds that is right
// to 95 %; of is sorted by chance.
func found(of []first) float64 {
	best, right := 0.0, 0.0
	for k, f := range of {
		if f.right {
			right++
		}
		if right >= .95*float64(k+1) {
			best = right
		}
	}
	return best
}

// gap is the expected calibration error over ten bins.
func gap(of []first) float64 {
	var p, y [10]float64
	for _, f := range of {
		b := min(9, int(f.chance*10))
		p[b] += f.chance
		if f.right {
			y[b]++
		}
	}
	sum := 0.0
	for b := range p {
		sum += math.Abs(p[b] - y[b])
	}
	return sum / float64(len(of))
}
