package earlier

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"factcheck/internal/embed"
	"factcheck/internal/match"
)

// StandIn says which encoders can be had by the names that their vectors are
// kept under, nil for those that cannot. The one that was in use before is
// compared with until the vectors of the index's own encoder are made. To be
// called before Load or Run.
func (x *Index) StandIn(byName func(name string) embed.Encoder) { x.standIn = byName }

// choose decides whose vectors are compared: those of the encoder that is
// wanted, unless a stand-in has made more.
func (x *Index) choose(ctx context.Context) error {
	chosen := x.wanted
	if x.wanted != nil && x.standIn != nil {
		made, err := x.store.VectorCounts(ctx)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(made)) {
			if made[name] <= made[chosen.Name()] {
				continue
			}
			if e := x.standIn(name); e != nil {
				chosen = e
			}
		}
	}
	x.mu.Lock()
	x.encoder = chosen
	x.mu.Unlock()
	return nil
}

// Chosen names the encoder whose vectors would be compared after a Load.
func (x *Index) Chosen(ctx context.Context) (string, error) {
	err := x.choose(ctx)
	return x.model(), err
}

// Waiting counts the records of the store, and those without vectors of a
// model of their words as they are now.
func Waiting(ctx context.Context, store Store, model string) (records, waiting int, err error) {
	for _, kind := range []Kind{Claim, Check} {
		for r, err := range store.IndexRecords(ctx, kind, model) {
			if err != nil {
				return records, waiting, err
			}
			records++
			if r.stale() {
				waiting++
			}
		}
	}
	return records, waiting, nil
}

// stale reports whether no vectors were made of the words of r as they are now.
func (r Record) stale() bool { return r.Digest == nil || !bytes.Equal(r.Digest, Digest(r.Record)) }

// settled reports whether the vectors that are compared are those that are
// wanted.
func (x *Index) settled() bool { return x.serving() == x.wanted }

// moveAgain is how long Move rests after the encoder failed.
const moveAgain = 15 * time.Second

// Move makes the vectors of the encoder that is wanted for every record that
// has none, and keeps them in the store; what was made before it was interrupted
// is not made again. When all are made it compares with them from then on.
func (x *Index) Move(ctx context.Context) (more bool, err error) {
	n, err := x.makeAll(ctx)
	if err != nil || n > 0 { // what came in meanwhile is looked for once more
		return n > 0, err
	}
	return false, x.switchOver(ctx)
}

// makeAll walks all records once and returns how many vectors were missing.
func (x *Index) makeAll(ctx context.Context) (n int, err error) {
	if x.wanted == nil {
		return 0, nil
	}
	var some []Record
	flush := func() error {
		made, _, err := encodeAll(ctx, x.wanted, some)
		if err == nil {
			err = x.store.SaveVectors(ctx, x.wanted.Name(), x.now(), made)
		}
		if err != nil {
			return err
		}
		n += len(some)
		some = some[:0]
		x.mu.Lock()
		x.status.Made += len(made)
		x.mu.Unlock()
		return nil
	}
	for _, kind := range []Kind{Claim, Check} {
		for r, err := range x.store.IndexRecords(ctx, kind, x.wanted.Name()) {
			if err != nil {
				return n, err
			}
			if !r.stale() {
				continue
			}
			if some = append(some, r); len(some) == fillAtOnce {
				if err := flush(); err != nil {
					return n, err
				}
			}
		}
	}
	return n, flush()
}

// switchOver reads the vectors of the encoder that is wanted beside those that
// are there, and puts them in their place at once.
func (x *Index) switchOver(ctx context.Context) error {
	if x.settled() {
		return nil
	}
	x.work.Lock()
	defer x.work.Unlock()
	mark, err := x.store.IndexMark(ctx)
	if err != nil {
		return err
	}
	var next match.NextVectors
	var stale []Ref
	for _, kind := range []Kind{Claim, Check} {
		for r, err := range x.store.IndexRecords(ctx, kind, x.wanted.Name()) {
			if err != nil {
				return err
			}
			vecs, ok := match.UnpackVectors(r.Vectors)
			if !ok || r.stale() {
				stale = append(stale, r.Ref)
				continue
			}
			x.records.Prepare(&next, r.Record.ID, vecs...)
		}
	}
	was := x.model()
	x.change.Lock()
	x.records.Switch(&next)
	x.mu.Lock()
	// What changed since is read once more, now with the vectors of this encoder.
	x.encoder, x.todo, x.mark = x.wanted, stale, min(x.mark, mark)
	x.mu.Unlock()
	x.change.Unlock()
	x.outage.over()
	slog.InfoContext(ctx, "another encoder is in use", "was", was, "is", x.wanted.Name())
	return x.follow(ctx)
}

// outage is when an encoder did not answer: it is left alone for a while, so
// that nobody waits for it with every page.
type outage struct {
	mu    sync.Mutex
	until time.Time
	seen  bool
}

const (
	// queryTime is how long somebody waits for the vector of a query.
	queryTime = 2 * time.Second
	// restTime is how long an encoder is left alone that did not answer.
	restTime = 20 * time.Second
)

func (o *outage) begins(now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until, o.seen = now.Add(restTime), true
}

func (o *outage) over() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until, o.seen = time.Time{}, false
}

// lasts reports whether the encoder is to be left alone.
func (o *outage) lasts(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.seen && now.Before(o.until)
}

// sentence is what is told of it; empty if the encoder answered last.
func (o *outage) sentence() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.seen {
		return ""
	}
	return "The encoder does not answer. Until it does, claims are compared by their words and letters alone, and the same said in other words may be missed."
}

// vector gives q its vector if there are vectors to compare it with. An encoder
// that does not answer costs the vector, not the answer.
func (x *Index) vector(ctx context.Context, encoder embed.Encoder, q *match.Query) error {
	if encoder == nil || x.outage.lasts(x.now()) {
		return nil
	}
	text := match.EncodedQuery(*q)
	if text == "" || !knows(encoder, text) {
		return nil
	}
	short, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	vecs, err := encoder.Embed(short, []string{text})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		x.outage.begins(x.now())
		slog.WarnContext(ctx, "a query has no vector", "err", err)
		return nil
	}
	x.outage.over()
	q.Vector = vecs[0]
	return nil
}
