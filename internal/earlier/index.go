package earlier

import (
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
	wanted  embed.Encoder              // whose vectors are to be compared; nil: none
	standIn func(string) embed.Encoder // see StandIn; may be nil
	now     func() time.Time
	records *match.Index

	work   sync.Mutex   // one Load, Follow or switch of encoders at a time
	change sync.RWMutex // held to use the encoder together with the vectors
	outage outage

	mu      sync.Mutex
	encoder embed.Encoder // whose vectors are compared now
	status  Status
	mark    Mark
	todo    []Ref // without vectors of the encoder, or with stale ones
}

// NewIndex is an empty index. encoder may be nil: then words and letters alone
// are compared.
func NewIndex(store Store, encoder embed.Encoder, now func() time.Time) *Index {
	return &Index{store: store, wanted: encoder, encoder: encoder, now: now, records: newRecords()}
}

// Status is how far an index is.
type Status struct {
	Ready         bool   // everything was read once
	Loaded, Total int    // records
	Waiting       int    // records that wait for their vectors
	Encoder       string // whose vectors are compared; "none"
	Next          string // whose vectors are being made to take their place; empty: nobody's
	Made          int    // of those, since this program runs
	Problem       string // a sentence, while the encoder does not answer
}

// Status is how far the index is.
func (x *Index) Status() Status {
	problem := x.outage.sentence()
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.status
	s.Waiting, s.Encoder, s.Problem = len(x.todo), nameOf(x.encoder), problem
	if x.encoder != x.wanted {
		s.Next = nameOf(x.wanted)
	}
	if s.Ready {
		s.Loaded = x.records.Len()
		s.Total = s.Loaded
	}
	return s
}

func nameOf(e embed.Encoder) string {
	if e == nil {
		return "none"
	}
	return e.Name()
}

// serving is whose vectors are compared now; nil: nobody's.
func (x *Index) serving() embed.Encoder {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.encoder
}

// model is whose vectors are read; "none" has made none.
func (x *Index) model() string { return nameOf(x.serving()) }

// EncoderName names whose vectors the index is to read: "none" if it has no
// encoder.
func (x *Index) EncoderName() string { return nameOf(x.wanted) }

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
	x.work.Lock()
	defer x.work.Unlock()
	if err := x.choose(ctx); err != nil {
		return err
	}
	mark, err := x.store.IndexMark(ctx)
	if err != nil {
		return err
	}
	total, err := x.store.IndexSize(ctx)
	if err != nil {
		return err
	}
	x.records.Expect(total)
	x.mu.Lock()
	x.mark, x.status, x.todo = mark, Status{Total: total}, nil
	x.mu.Unlock()
	var some []Record
	for _, kind := range []Kind{Claim, Check} {
		for r, err := range x.store.IndexRecords(ctx, kind, x.model()) {
			if err != nil {
				return err
			}
			if some = append(some, r); len(some) == loadAtOnce {
				x.put(some...)
				some = some[:0]
			}
		}
		x.put(some...)
		some = some[:0]
	}
	x.mu.Lock()
	x.status.Ready = true
	x.mu.Unlock()
	return nil
}

// loadAtOnce is how many records are entered together.
const loadAtOnce = 256

// put enters records and their vectors, or notes that they wait for them.
func (x *Index) put(records ...Record) {
	all := make([]match.Record, len(records))
	for i, r := range records {
		all[i] = r.Record
	}
	x.records.AddAll(all) // if there is no more room, what is there is found
	var wait []Ref
	if x.serving() != nil {
		for _, r := range records {
			if vecs, ok := match.UnpackVectors(r.Vectors); ok && !r.stale() {
				x.records.SetVectors(r.Record.ID, vecs...)
			} else {
				wait = append(wait, r.Ref)
			}
		}
	}
	x.mu.Lock()
	x.todo = append(x.todo, wait...)
	x.status.Loaded += len(records)
	x.mu.Unlock()
}

// followAtOnce is how many changed records are read with one statement.
const followAtOnce = 500

// Follow brings in what was committed since the last look: new, changed and
// removed.
func (x *Index) Follow(ctx context.Context) error {
	x.work.Lock()
	defer x.work.Unlock()
	return x.follow(ctx)
}

func (x *Index) follow(ctx context.Context) error {
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
	}
	x.put(found...)
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
	x.mu.Lock()
	encoder := x.encoder
	n := min(fillAtOnce, len(x.todo))
	refs := slices.Clone(x.todo[len(x.todo)-n:])
	x.todo = x.todo[:len(x.todo)-n]
	if more = len(x.todo) > 0; !more {
		x.todo = nil // give back what a first filling took
	}
	x.mu.Unlock()
	if n == 0 || encoder == nil {
		return false, nil
	}
	if err = x.fill(ctx, encoder, refs); err != nil {
		x.change.RLock()
		x.mu.Lock()
		if x.encoder == encoder { // else nobody waits for its vectors any more
			x.todo = append(x.todo, refs...)
		}
		x.mu.Unlock()
		x.change.RUnlock()
	}
	return more || err != nil, err
}

func (x *Index) fill(ctx context.Context, encoder embed.Encoder, refs []Ref) error {
	records, err := x.store.IndexRecordsOf(ctx, refs, encoder.Name())
	if err != nil {
		return err
	}
	var stale []Record
	for _, r := range records {
		if r.stale() { // else another process was quicker, and Follow brings it
			stale = append(stale, r)
		}
	}
	made, vecs, err := encodeAll(ctx, encoder, stale)
	if err != nil {
		return err
	}
	x.change.RLock()
	if x.serving() == encoder {
		for i, r := range stale {
			x.records.SetVectors(r.Record.ID, vecs[i]...)
		}
	}
	x.change.RUnlock()
	return x.store.SaveVectors(ctx, encoder.Name(), x.now(), made)
}

// encodeAll makes the vectors of those texts of each record that are in a
// language of the model, all at once.
func encodeAll(ctx context.Context, encoder embed.Encoder, records []Record) ([]Vector, [][][]float32, error) {
	var texts []string
	counts := make([]int, len(records))
	for i, r := range records {
		for _, t := range match.EncodedTexts(r.Record) {
			if knows(encoder, t) {
				texts = append(texts, t)
				counts[i]++
			}
		}
	}
	var all [][]float32
	if len(texts) > 0 {
		var err error
		if all, err = encoder.Embed(ctx, texts); err != nil {
			return nil, nil, err
		}
	}
	made, vecs := make([]Vector, len(records)), make([][][]float32, len(records))
	for i, r := range records {
		vecs[i], all = all[:counts[i]], all[counts[i]:]
		made[i] = Vector{r.Ref, Digest(r.Record), match.PackVectors(vecs[i]...)}
	}
	return made, vecs, nil
}

// knows says whether an encoder knows the language of a text. What a record
// says of its language is often wrong, so that the text itself is asked.
func knows(encoder embed.Encoder, text string) bool {
	return match.English(text) || encoder.Speaks("xx") // a model that knows even that knows all
}

// followEvery is how long a change by another process may stay unseen.
const followEvery = time.Second

// Run loads the index, then follows what changes and fills in vectors, until
// ctx ends. An error is logged when it first shows and when it changes; the
// work goes on a little later. What an encoder does that does not answer is in
// nobody's way.
func (x *Index) Run(ctx context.Context) {
	repeat(ctx, "the index of earlier claims is not read", followEvery, func() (bool, error) {
		return false, x.Load(ctx)
	}, func() bool { return x.Status().Ready })
	var all sync.WaitGroup
	never := func() bool { return false }
	all.Go(func() {
		repeat(ctx, "the index of earlier claims does not follow", followEvery, func() (bool, error) { return false, x.Follow(ctx) }, never)
	})
	all.Go(func() {
		repeat(ctx, "vectors of earlier claims are not made", followEvery, func() (bool, error) { return x.Fill(ctx) }, never)
	})
	all.Go(func() {
		repeat(ctx, "vectors of another encoder are not made", moveAgain, func() (bool, error) { return x.Move(ctx) }, x.settled)
	})
	all.Wait()
}

// repeat does step until ctx ends or done says so: at once while there is more
// to do, else after a pause.
func repeat(ctx context.Context, trouble string, pause time.Duration, step func() (more bool, err error), done func() bool) {
	log := firstTimes{trouble: trouble}
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for !done() {
		more, err := step()
		if ctx.Err() != nil {
			return
		}
		log.note(ctx, err)
		if more && err == nil || done() {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// firstTimes logs an error when it first shows, not at every tick.
type firstTimes struct{ trouble, last string }

func (f *firstTimes) note(ctx context.Context, err error) {
	switch {
	case err == nil:
		f.last = ""
	case err.Error() != f.last:
		f.last = err.Error()
		slog.ErrorContext(ctx, f.trouble, "err", err)
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
	encoder := x.serving()
	if err := x.vector(ctx, encoder, &q); err != nil {
		return nil, err
	}
	x.change.RLock()
	if x.serving() != encoder {
		q.Vector = nil // of another model than the vectors that are there since
	}
	found := x.records.Find(match.Shipped(), q, limit+len(without))
	x.change.RUnlock()
	var out []Hit
	for _, h := range found {
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
