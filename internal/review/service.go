package review

import (
	"context"
	"errors"
	"time"

	"factcheck/internal/errs"
)

// Store keeps reviews. Its methods take part in the transaction that InTx put
// into ctx.
type Store interface {
	// InTx runs fn in one transaction: all of it is written, or none.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Dossier loads everything that decides about a review. NotFound.
	Dossier(ctx context.Context, reviewID int64) (Dossier, error)
	// Person is one person. NotFound.
	Person(ctx context.Context, id int64) (Person, error)
	// EventByKey is the event of a form that was sent before. NotFound.
	EventByKey(ctx context.Context, key string) (Event, error)
	// EventsAfter are the events of a review after one of its versions, oldest
	// first.
	EventsAfter(ctx context.Context, reviewID, version int64) ([]Event, error)
	// Save writes an outcome. Conflict if the review has another version than
	// ReadVersion: nothing is written then.
	Save(ctx context.Context, o Outcome) error
	// AddReview writes a new review and its first event, and returns its id.
	AddReview(ctx context.Context, r Review, e Event) (int64, error)
}

// Service does moves.
type Service struct {
	Store Store
	Now   func() time.Time
}

// Conflict is the error for a command that came too late. It tells what the
// others did meanwhile.
type Conflict struct {
	Events []Event // since the version that the person saw, oldest first
	Err    error   // an errs.Error of kind Conflict
}

// Error is the text for the log.
func (c *Conflict) Error() string { return c.Err.Error() }

// Unwrap gives errs its kind and sentence.
func (c *Conflict) Unwrap() error { return c.Err }

// Do does one action and returns the review after it. A *Refusal or *Conflict
// says why it was not done: nothing is written then. A command whose Key was
// done before is not done again, and is no error.
func (s *Service) Do(ctx context.Context, cmd Command) (Review, error) {
	var done Review
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		repeated, err := s.repeated(ctx, cmd)
		if err != nil {
			return err
		}
		d, err := s.Store.Dossier(ctx, cmd.ReviewID)
		if err != nil {
			return err
		}
		if repeated {
			done = d.Review
			return nil
		}
		if err := s.loadAssignee(ctx, &cmd); err != nil {
			return err
		}
		o, err := d.Apply(cmd, s.now())
		if err != nil {
			return err
		}
		done = o.Review
		return s.Store.Save(ctx, o)
	})
	if errors.Is(err, errs.Conflict) {
		return done, s.explain(ctx, cmd, err)
	}
	return done, err
}

// repeated reports whether the form was sent before. Invalid if its key was
// used for something else.
func (s *Service) repeated(ctx context.Context, cmd Command) (bool, error) {
	if cmd.Key == "" {
		return false, nil
	}
	e, err := s.Store.EventByKey(ctx, cmd.Key)
	switch {
	case errors.Is(err, errs.NotFound):
		return false, nil
	case err != nil:
		return false, err
	case e.Subject != OnReview || e.SubjectID != cmd.ReviewID || e.Action != cmd.Action || e.ActorID != cmd.Actor.ID:
		return false, errs.New("review.Do", errs.Invalid, "This form was used for something else before. Reload the page and send it again.")
	}
	return true, nil
}

func (s *Service) loadAssignee(ctx context.Context, cmd *Command) error {
	if cmd.AssigneeID == 0 {
		return nil
	}
	p, err := s.Store.Person(ctx, cmd.AssigneeID)
	if err != nil && !errors.Is(err, errs.NotFound) {
		return err
	}
	cmd.Assignee = p // the zero Person if there is none: the guard says so
	return nil
}

// explain adds what the others did to a conflict.
func (s *Service) explain(ctx context.Context, cmd Command, err error) error {
	events, readErr := s.Store.EventsAfter(ctx, cmd.ReviewID, cmd.Version)
	if readErr != nil {
		return errors.Join(err, readErr)
	}
	return &Conflict{Events: events, Err: err}
}

// Open puts a claim into triage: the one call where the machine half ends and
// the human half begins. by is the person who added the claim, 0 for
// extraction. It takes part in the transaction of ctx.
func (s *Service) Open(ctx context.Context, claimID int64, score float64, by int64) (int64, error) {
	now := s.now()
	r := Review{ClaimID: claimID, State: Triage, Version: 1, Edition: 1, Round: 0, Score: score, OpenedAt: now, ChangedAt: now}
	e := Event{Subject: OnReview, Version: 1, Action: Open, To: Triage, ActorID: by, At: now}
	return s.Store.AddReview(ctx, r, e)
}

// now is the time that is stored: UTC, in microseconds, since no database
// keeps more.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
