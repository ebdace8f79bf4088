package earlier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"slices"
	"sync"
	"time"

	"factcheck/data"
	"factcheck/internal/embed"
	"factcheck/internal/match"
)

// Index is everything that can be found, in memory. Load or Run fills it; until
// then it is empty. All methods may be called at once.
type Index struct {
	store   Store
	encoder embed.Encoder // nil: no sentence vectors
	now     func() time.Time
	records *match.Index

	mu     sync.Mutex
	status Status
	mark   Mark
	todo   []Ref // without vectors of the encoder, or with stale ones
}

// NewIndex is an empty index. encoder may be nil: then words and letters alone
// are compared.
func NewIndex(store Store, encoder embed.Encoder, now func() time.Time) *Index {
	return &Index{store: store, encoder: encoder, now: now, records: match.NewIndex()}
}

// Status is how far an index is.
type Status struct {
	Ready         bool // everything was read once
	Loaded, Total int  // records
	Waiting       int  // records that wait for their vectors
}

// Status is how far the index is.
func (x *Index) Status() Status {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.status
	s.Waiting = len(x.todo)
	if s.Ready {
		s.Loaded = x.records.Len()
		s.Total = s.Loaded
	}
	return s
}

// model is whose vectors are read; "none" has made none.
func (x *Index) model() string {
	if x.encoder == nil {
		return "none"
	}
	return x.encoder.Name()
}

// EncoderName names whose vectors the index reads: "none" if it has no encoder.
func (x *Index) EncoderName() string { return x.model() }

// rankModel names the ranking that is shipped by a hash of its weights.
var rankModel = sync.OnceValue(func() string {
	sum := sha256.Sum256(slices.Concat(data.MatchRank, data.MatchCertain))
	return "rank-" + hex.EncodeToString(sum[:4])
})

// Model names what scores are made by: the ranking and the encoder.
func (x *Index) Model() string { return rankModel() + " " + x.model() }

// Load reads everything once. What is changed meanwhile is read again by
// Follow: the log is marked first.
func (x *Index) Load(ctx context.Context) error {
	mark, err := x.store.IndexMark(ctx)
	if err != nil {
		return err
	}
	total, err := x.store.IndexSize(ctx)
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.mark, x.status = mark, Status{Total: total}
	x.mu.Unlock()
	for _, kind := range []Kind{Claim, Check} {
		for r, err := range x.store.IndexRecords(ctx, kind, x.model()) {
			if err != nil {
				return err
			}
			x.put(r)
			x.mu.Lock()
			x.status.Loaded++
			x.mu.Unlock()
		}
	}
	x.mu.Lock()
	x.status.Ready = true
	x.mu.Unlock()
	return nil
}

// put enters a record and its vectors, or notes that it waits for them.
func (x *Index) put(r Record) {
	if !x.records.Add(r.Record) {
		return // there is no more room: what is there is found
	}
	if x.encoder == nil {
		return
	}
	if r.Digest != nil && bytes.Equal(r.Digest, Digest(r.Record)) {
		if vecs, ok := match.UnpackVectors(r.Vectors); ok {
			x.records.SetVectors(r.Record.ID, vecs...)
			return
		}
	}
	x.mu.Lock()
	x.todo = append(x.todo, r.Ref)
	x.mu.Unlock()
}

// followAtOnce is how many changed records are read with one statement.
const followAtOnce = 500

// Follow brings in what was committed since the last look: new, changed and
// removed.
func (x *Index) Follow(ctx context.Context) error {
	to, err := x.store.IndexMark(ctx)
	if err != nil {
		return err
	}
	x.mu.Lock()
	from := x.mark
	x.mu.Unlock()
	if to == from {
		return nil
	}
	var refs []Ref
	for ref, err := range x.store.IndexChanges(ctx, from, to) {
		if err != nil {
			return err
		}
		if refs = append(refs, ref); len(refs) == followAtOnce {
			if err := x.refresh(ctx, refs); err != nil {
				return err
			}
			refs = refs[:0]
		}
	}
	if err := x.refresh(ctx, refs); err != nil {
		return err
	}
	x.mu.Lock()
	x.mark = to
	x.mu.Unlock()
	return nil
}

// refresh reads records anew; those that are not there any more go.
func (x *Index) refresh(ctx context.Context, refs []Ref) error {
	if len(refs) == 0 {
		return nil
	}
	found, err := x.store.IndexRecordsOf(ctx, refs, x.model())
	if err != nil {
		return err
	}
	there := make(map[Ref]bool, len(found))
	for _, r := range found {
		there[r.Ref] = true
		x.put(r)
	}
	for _, ref := range refs {
		if !there[ref] {
			x.records.Remove(ref.String())
		}
	}
	return nil
}

// fillAtOnce is how many records get their vectors between two looks at what
// changed.
const fillAtOnce = 32

// Fill makes vectors for some of the records that wait for them, and reports
// whether any are left.
func (x *Index) Fill(ctx context.Context) (more bool, err error) {
	if x.encoder == nil {
		return false, nil
	}
	x.mu.Lock()
	n := min(fillAtOnce, len(x.todo))
	refs := slices.Clone(x.todo[len(x.todo)-n:])
	x.todo = x.todo[:len(x.todo)-n]
	if more = len(x.todo) > 0; !more {
		x.todo = nil // give back what a first filling took
	}
	x.mu.Unlock()
	if n == 0 {
		return false, nil
	}
	if err = x.fill(ctx, refs); err != nil {
		x.mu.Lock()
		x.todo = append(x.todo, refs...)
		x.mu.Unlock()
	}
	return more || err != nil, err
}

func (x *Index) fill(ctx context.Context, refs []Ref) error {
	records, err := x.store.IndexRecordsOf(ctx, refs, x.model())
	if err != nil {
		return err
	}
	var made []Vector
	for _, r := range records {
		digest := Digest(r.Record)
		if bytes.Equal(digest, r.Digest) {
			continue // another process was quicker, and Follow brings it
		}
		vecs, err := x.encode(ctx, r.Record)
		if err != nil {
			return err
		}
		made = append(made, Vector{r.Ref, digest, match.PackVectors(vecs...)})
		x.records.SetVectors(r.Record.ID, vecs...)
	}
	return x.store.SaveVectors(ctx, x.model(), x.now(), made)
}

// encode makes the vectors of a record's texts that are in a language of the
// model.
func (x *Index) encode(ctx context.Context, r match.Record) ([][]float32, error) {
	var texts []string
	for _, t := range match.EncodedTexts(r) {
		if x.knows(t) {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		return nil, nil
	}
	return x.encoder.Embed(ctx, texts)
}

// knows says whether the encoder knows the language of a text. What a record
// says of its language is often wrong, so that the text itself is asked.
func (x *Index) knows(text string) bool {
	return match.English(text) || x.encoder.Speaks("xx") // a model that knows even that knows all
}

// followEvery is how long a change by another process may stay unseen.
const followEvery = time.Second

// Run loads the index, then follows what changes and fills in vectors, until
// ctx ends. An error is logged when it first shows and when it changes; the
// work goes on at the next tick.
func (x *Index) Run(ctx context.Context) {
	log := firstTimes{}
	ticks := time.NewTicker(followEvery)
	defer ticks.Stop()
	for {
		more, err := x.step(ctx)
		if ctx.Err() != nil {
			return
		}
		log.note(ctx, err)
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// step is one look: everything the first time, then what changed, and some
// vectors.
func (x *Index) step(ctx context.Context) (more bool, err error) {
	if !x.Status().Ready {
		if err := x.Load(ctx); err != nil {
			return false, err
		}
	}
	if err := x.Follow(ctx); err != nil {
		return false, err
	}
	return x.Fill(ctx)
}

// firstTimes logs an error when it first shows, not at every tick.
type firstTimes struct{ last string }

func (f *firstTimes) note(ctx context.Context, err error) {
	switch {
	case err == nil:
		f.last = ""
	case err.Error() != f.last:
		f.last = err.Error()
		slog.ErrorContext(ctx, "the index of earlier claims does not follow", "err", err)
	}
}

// Hit is what the index finds.
type Hit struct {
	Ref
	Rank    int // from 1
	Score   float64
	Reasons []match.Reason
}

// Find returns up to limit records that are like q, best first, none of them
// in without.
func (x *Index) Find(ctx context.Context, q match.Query, without map[Ref]bool, limit int) ([]Hit, error) {
	if err := x.vector(ctx, &q); err != nil {
		return nil, err
	}
	var out []Hit
	for _, h := range x.records.Find(match.Shipped(), q, limit+len(without)) {
		ref, err := ParseRef(h.ID)
		if err != nil {
			return nil, err
		}
		if !without[ref] && len(out) < limit {
			out = append(out, Hit{ref, len(out) + 1, h.Score, h.Reasons})
		}
	}
	return out, nil
}

// vector gives q its vector if there are vectors to compare it with. An encoder
// that does not answer costs the vector, not the answer.
func (x *Index) vector(ctx context.Context, q *match.Query) error {
	if x.encoder == nil {
		return nil
	}
	text := match.EncodedQuery(*q)
	if text == "" || !x.knows(text) {
		return nil
	}
	vecs, err := x.encoder.Embed(ctx, []string{text})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		slog.WarnContext(ctx, "a query has no vector", "err", err)
		return nil
	}
	q.Vector = vecs[0]
	return nil
}
