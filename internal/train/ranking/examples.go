package ranking

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"factcheck/internal/embed"
	"factcheck/internal/match"
)

// example is a query with its candidates.
type example struct {
	lang    string
	fold    int
	answers int  // right claims, proposed or not
	has     bool // one of them is in the index
	rows    [][]float32
	right   []bool
}

// vectors encodes texts, each once.
type vectors struct {
	encoder embed.Encoder
	known   map[string][]float32
}

// fill encodes those of texts that read as English, on every processor.
func (v *vectors) fill(ctx context.Context, texts []string) error {
	var todo []string
	for _, t := range texts {
		if _, ok := v.known[t]; !ok && t != "" && match.English(t) {
			v.known[t] = nil
			todo = append(todo, t)
		}
	}
	const part = 64
	workers := runtime.GOMAXPROCS(0)
	found := make([][]float32, len(todo))
	failed := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for at := w * part; at < len(todo) && failed[w] == nil; at += workers * part {
				end := min(at+part, len(todo))
				var vecs [][]float32
				if vecs, failed[w] = v.encoder.Embed(ctx, todo[at:end]); failed[w] == nil {
					copy(found[at:end], vecs)
				}
			}
		})
	}
	wg.Wait()
	for i, t := range todo {
		v.known[t] = found[i]
	}
	return errors.Join(failed...)
}

// encode prepares the vectors of a set.
func (v *vectors) encode(ctx context.Context, p problem) error {
	var texts []string
	for _, r := range p.records {
		texts = append(texts, match.EncodedTexts(r)...)
	}
	for _, q := range p.queries {
		texts = append(texts, match.EncodedQuery(q.Query), match.EncodedAround(q.Query))
	}
	return v.fill(ctx, texts)
}

// index is the records of p; with their vectors if v is not nil.
func (p problem) index(v *vectors) *match.Index {
	x := match.NewIndex()
	for _, r := range p.records {
		x.Add(r)
		if v == nil {
			continue
		}
		var vecs [][]float32
		for _, t := range match.EncodedTexts(r) {
			if vec := v.known[t]; vec != nil {
				vecs = append(vecs, vec)
			}
		}
		if vecs != nil {
			x.SetVectors(r.ID, vecs...)
		}
	}
	return x
}

// examples describes the candidates of every query of a set.
func (s spec) examples(ctx context.Context, dir string, v *vectors) ([]example, error) {
	p, err := load(dir, s)
	if err != nil {
		return nil, err
	}
	if s.plain {
		v = nil
	} else if err := v.encode(ctx, p); err != nil {
		return nil, err
	}
	x := p.index(v)
	there := map[string]bool{}
	for _, r := range p.records {
		there[r.ID] = true
	}
	out := make([]example, len(p.queries))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(out) && ctx.Err() == nil; i += workers {
				out[i] = p.queries[i].example(x, v, there)
			}
		})
	}
	wg.Wait()
	return out, ctx.Err()
}

func (q query) example(x *match.Index, v *vectors, there map[string]bool) example {
	if v != nil {
		q.Vector, q.Around = v.known[match.EncodedQuery(q.Query)], v.known[match.EncodedAround(q.Query)]
	}
	e := example{lang: q.lang, fold: q.fold, answers: len(q.right)}
	for id := range q.right {
		e.has = e.has || there[id]
	}
	for _, c := range x.Candidates(q.Query) {
		e.rows, e.right = append(e.rows, c.Features), append(e.right, q.right[c.ID])
	}
	return e
}
