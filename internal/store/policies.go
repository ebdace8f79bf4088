package store

import (
	"context"
	"encoding/json"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// ChangePolicy puts next in force in place of the decision read, and tells it
// in an event, in one transaction. Conflict if another policy was decided
// meanwhile; else the errors of review.Policy.Decide.
func (s *Store) ChangePolicy(ctx context.Context, read int64, next review.Policy, by review.Person, now time.Time) error {
	const op = "store.ChangePolicy"
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockAppending(ctx); err != nil {
			return kind(op, err)
		}
		was, err := s.Policy(ctx)
		if err != nil {
			return err
		}
		if was.ID != read {
			return errs.New(op, errs.Conflict, "Another policy was decided while you worked on this one. Look at it, then decide again.")
		}
		people, err := s.People(ctx)
		if err != nil {
			return err
		}
		scales, err := s.Scales(ctx)
		if err != nil {
			return err
		}
		changes, err := was.Decide(next, by, people, scales)
		if err != nil {
			return err
		}
		return s.decided(ctx, next, changes, by, now)
	})
}

// decided writes a policy that may be, and the event that tells of it.
func (s *Store) decided(ctx context.Context, next review.Policy, changes []review.Change, by review.Person, now time.Time) error {
	const op = "store.decided"
	body, err := json.Marshal(next)
	if err != nil {
		return kind(op, err)
	}
	row := policyRow{Body: string(body), AuthorID: by.ID, CreatedAt: now}
	if err := s.write(ctx).Create(&row).Error; err != nil {
		return kind(op, err)
	}
	return s.appendEvent(ctx, review.Event{
		Subject: review.OnPolicy, SubjectID: row.ID, Action: review.ChangePolicy, ActorID: by.ID, At: now, PolicyID: row.ID, Changes: changes,
	})
}

// Decisions are the policies that were decided, newest first, from the one
// before that id on; 0 is the first page. The default policy is not among them.
func (s *Store) Decisions(ctx context.Context, before int64, limit int) ([]review.Decision, error) {
	const op = "store.Decisions"
	q := s.read(ctx).Order("id DESC").Limit(clamp(limit))
	if before != 0 {
		q = q.Where("id < ?", before)
	}
	var rows []policyRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind(op, err)
	}
	var out []review.Decision
	for _, r := range rows {
		p, err := r.policy()
		if err != nil {
			return nil, kind(op, err)
		}
		out = append(out, review.Decision{Policy: p, By: r.AuthorID, At: r.CreatedAt})
	}
	return out, nil
}
