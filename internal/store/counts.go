package store

import (
	"context"
	"maps"

	"gorm.io/gorm"

	"factcheck/internal/review"
)

// standings are how many reviews were in each state when the event seq was the last
// one. Every change of a state has its event, so that the standings of a later
// moment are these and the events since.
type standings struct {
	seq  int64
	hash string // of that event
	n    map[review.State]int
}

// step is what an event did to the states.
type step struct {
	Seq       int64
	Hash      string
	FromState review.State
	ToState   review.State
}

// maxSteps is how many events are worth reading. Behind by more, the reviews
// are counted anew, which takes a millisecond for each 20,000 of them.
const maxSteps = 2_000

// Counts is how many reviews are in each state; a state that none is in has no
// entry. It costs what happened since it was asked last, not what there is, and
// it writes nothing: a row with the counts would be one that all moves of all
// processes wait for.
func (s *Store) Counts(ctx context.Context) (map[review.State]int, error) {
	const op = "store.Counts"
	if _, inTx := ctx.Value(txKey{}).(*gorm.DB); inTx {
		t, err := s.recount(ctx) // it sees what may yet be rolled back: not to be remembered
		return t.n, kind(op, err)
	}
	known := s.counted.Load()
	next, err := s.follow(ctx, known)
	if err == nil && next == nil {
		next, err = s.recount(ctx)
	}
	if err != nil {
		return nil, kind(op, err)
	}
	s.counted.CompareAndSwap(known, next) // whoever was quicker knows as much
	return maps.Clone(next.n), nil
}

// follow is what was known and the events since; nil if they cannot be
// followed, since there is none, or too many, or known is of another history
// than what the database holds.
func (s *Store) follow(ctx context.Context, known *standings) (*standings, error) {
	if known == nil {
		return nil, nil
	}
	var steps []step
	err := s.read(ctx).Table("events").Where("seq >= ?", known.seq).Order("seq").Limit(maxSteps).Find(&steps).Error
	if err != nil || len(steps) == 0 || len(steps) == maxSteps || steps[0].Seq != known.seq || steps[0].Hash != known.hash {
		return nil, err
	}
	if len(steps) == 1 {
		return known, nil
	}
	next := &standings{n: maps.Clone(known.n)}
	for _, e := range steps[1:] {
		next.apply(e)
	}
	next.seq, next.hash = steps[len(steps)-1].Seq, steps[len(steps)-1].Hash
	return next, nil
}

func (t *standings) apply(e step) {
	if e.FromState == e.ToState { // an edit, or nothing that happened to a review
		return
	}
	if t.n[e.FromState]--; t.n[e.FromState] == 0 || e.FromState == "" {
		delete(t.n, e.FromState)
	}
	t.n[e.ToState]++
}

// recount counts all reviews: one statement, so that the counts and the last
// event are of one moment.
func (s *Store) recount(ctx context.Context) (*standings, error) {
	t := &standings{n: map[review.State]int{}}
	var rows []struct {
		State review.State
		N     int
		Seq   int64
		Hash  string
	}
	err := s.read(ctx).Raw("SELECT state, COUNT(*) AS n, (SELECT MAX(seq) FROM events) AS seq, " +
		"(SELECT hash FROM events ORDER BY seq DESC LIMIT 1) AS hash FROM reviews GROUP BY state").Find(&rows).Error
	for _, r := range rows {
		t.n[r.State], t.seq, t.hash = r.N, r.Seq, r.Hash
	}
	return t, err
}
