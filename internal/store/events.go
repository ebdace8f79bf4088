package store

import (
	"context"
	"iter"

	"factcheck/internal/review"
)

// appendLock is the key of the PostgreSQL lock under which events are
// appended: numbers must not be handed out of order, nor two rows follow one.
const appendLock = 0x66616374

// appendEvent appends e to the chain, in the transaction of what it tells.
func (s *Store) appendEvent(ctx context.Context, e review.Event) error {
	_, err := s.appended(ctx, e)
	return err
}

// AddEvent appends e to the chain, in the transaction of ctx, which holds what it
// tells of.
func (s *Store) AddEvent(ctx context.Context, e review.Event) error {
	return s.InTx(ctx, func(ctx context.Context) error { return s.appendEvent(ctx, e) })
}

// appended is the number that appendEvent gave to e.
func (s *Store) appended(ctx context.Context, e review.Event) (int64, error) {
	const op = "store.appendEvent"
	if err := s.lockAppending(ctx); err != nil {
		return 0, kind(op, err)
	}
	var last eventRow
	if err := s.write(ctx).Select("seq", "hash").Order("seq DESC").Limit(1).Find(&last).Error; err != nil {
		return 0, kind(op, err)
	}
	e.Seq, e.Prev = last.Seq+1, last.Hash
	e.Hash = e.Sum()
	row, err := fromEvent(e)
	if err != nil {
		return 0, kind(op, err)
	}
	return e.Seq, kind(op, s.write(ctx).Create(&row).Error)
}

// lockAppending makes everybody else who appends events wait until the
// transaction ends.
func (s *Store) lockAppending(ctx context.Context) error {
	if !s.postgres {
		return nil // there is one writer
	}
	return s.write(ctx).Exec("SELECT pg_advisory_xact_lock(?)", appendLock).Error
}

// EventByKey is the event of a form that was sent before. NotFound.
func (s *Store) EventByKey(ctx context.Context, key string) (review.Event, error) {
	var row eventRow
	if err := s.read(ctx).Where("key = ?", key).Take(&row).Error; err != nil {
		return review.Event{}, one("store.EventByKey", "", err)
	}
	return row.event()
}

// EventsAfter are the events of a review after one of its versions, oldest
// first, at most maxEvents.
func (s *Store) EventsAfter(ctx context.Context, reviewID, version int64) ([]review.Event, error) {
	var rows []eventRow
	err := s.read(ctx).Where("subject = ? AND subject_id = ? AND version > ?", review.OnReview, reviewID, version).
		Order("seq").Limit(maxEvents).Find(&rows).Error
	if err != nil {
		return nil, kind("store.EventsAfter", err)
	}
	return events(rows)
}

// maxEvents is how much of a history is shown.
const maxEvents = 500

// Events is the history of a review, oldest first: its newest 500 events.
func (s *Store) Events(ctx context.Context, reviewID int64) ([]review.Event, error) {
	var rows []eventRow
	newest := s.read(ctx).Model(&eventRow{}).Where("subject = ? AND subject_id = ?", review.OnReview, reviewID).Order("seq DESC").Limit(maxEvents)
	if err := s.read(ctx).Table("(?) AS newest", newest).Order("seq").Find(&rows).Error; err != nil {
		return nil, kind("store.Events", err)
	}
	return events(rows)
}

func events(rows []eventRow) ([]review.Event, error) {
	out := make([]review.Event, 0, len(rows))
	for _, r := range rows {
		e, err := r.event()
		if err != nil {
			return nil, kind("store.events", err)
		}
		out = append(out, e)
	}
	return out, nil
}

// batch is how many rows a walk over a whole table reads at a time.
const batch = 500

// AllEvents walks the whole audit trail, oldest first.
func (s *Store) AllEvents(ctx context.Context) iter.Seq2[review.Event, error] {
	return walk(func(after int64) ([]eventRow, error) {
		var rows []eventRow
		err := s.read(ctx).Where("seq > ?", after).Order("seq").Limit(batch).Find(&rows).Error
		return rows, kind("store.AllEvents", err)
	}, func(r eventRow) int64 { return r.Seq }, eventRow.event)
}

// walk reads a table batch by batch in the order of its key.
func walk[R, T any](next func(after int64) ([]R, error), key func(R) int64, convert func(R) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := int64(0); ; {
			rows, err := next(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, r := range rows {
				if v, err := convert(r); !yield(v, err) || err != nil {
					return
				}
				after = key(r)
			}
			if len(rows) < batch {
				return
			}
		}
	}
}
