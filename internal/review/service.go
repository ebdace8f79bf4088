package review

import (
	"context"
	"errors"
	"time"

	"factcheck/internal/claims"
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
	// Due are the reviews whose scheduled time has come, at most limit.
	Due(ctx context.Context, now time.Time, limit int) ([]int64, error)
	// Recallable are reviews that were dismissed before their claims could be
	// checked, and now can be; at most limit.
	Recallable(ctx context.Context, now time.Time, limit int) ([]int64, error)
	// Save writes an outcome and fills in the ids of its AddEvidence. Conflict if the review has another version than
	// ReadVersion: nothing is written then.
	Save(ctx context.Context, o Outcome) error
	// AddReview writes a new review and its first event, and returns its id.
	AddReview(ctx context.Context, r Review, e Event) (int64, error)
	// AddClaim stores a claim at a place, and tells whether the claim is new.
	AddClaim(ctx context.Context, c claims.Claim, who claims.Claimant, at claims.Appearance) (claimID int64, isNew bool, err error)
	// ReviewOf is the review of a claim. NotFound.
	ReviewOf(ctx context.Context, claimID int64) (int64, error)
	// ReviewAt is the review of the claim that stands in exactly those words of
	// an article, or 0.
	ReviewAt(ctx context.Context, articleID int64, at claims.Span) (int64, error)
	// AddSpanCorrections keeps what a person taught.
	AddSpanCorrections(ctx context.Context, all []SpanCorrection) error
}

// Service does moves.
type Service struct {
	Store Store
	Now   func() time.Time
	// After is called in the transaction of every action, when it was saved: what
	// the action asks of others is enqueued there, so that it exists exactly if the
	// action was committed. May be nil.
	After  func(ctx context.Context, cmd Command, o Outcome) error
	Engine string // what extraction is now, kept with the claims that it missed; may be empty
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
		d, err := s.load(ctx, &cmd)
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
		return s.save(ctx, cmd, o)
	})
	if errors.Is(err, errs.Conflict) {
		return done, s.explain(ctx, cmd, err)
	}
	return done, err
}

// save writes an outcome, the file that came with it, and what follows from it.
func (s *Service) save(ctx context.Context, cmd Command, o Outcome) error {
	if err := s.Store.Save(ctx, o); err != nil {
		return err
	}
	if cmd.File != nil {
		id := cmd.EvidenceID
		if len(o.AddEvidence) > 0 {
			id = o.AddEvidence[0].ID
		}
		if err := cmd.File.Attach(ctx, id); err != nil {
			return err
		}
	}
	if s.After == nil {
		return nil
	}
	return s.After(ctx, cmd, o)
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

// load loads the dossier, and that of the review to merge into. The lower number
// comes first, so that two merges cannot wait for each other.
func (s *Service) load(ctx context.Context, cmd *Command) (Dossier, error) {
	if cmd.IntoID == 0 || cmd.IntoID == cmd.ReviewID {
		d, err := s.Store.Dossier(ctx, cmd.ReviewID)
		if cmd.IntoID == cmd.ReviewID {
			cmd.Into = &d
		}
		return d, err
	}
	found := map[int64]Dossier{}
	for _, id := range []int64{min(cmd.ReviewID, cmd.IntoID), max(cmd.ReviewID, cmd.IntoID)} {
		d, err := s.Store.Dossier(ctx, id)
		if errors.Is(err, errs.NotFound) && id == cmd.IntoID {
			continue // the guard says so
		}
		if err != nil {
			return d, err
		}
		found[id] = d
	}
	if into, ok := found[cmd.IntoID]; ok {
		cmd.Into = &into
	}
	return found[cmd.ReviewID], nil
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

// program acts where nobody can be asked: it takes off the schedule what can no
// longer be published. It is nobody's account.
var program = Person{Name: "factcheck", Roles: []Role{Editor}, Active: true}

// dueAtOnce is how many scheduled reviews PublishDue takes at a time.
const dueAtOnce = 50

// PublishDue publishes what was scheduled and whose time has come, for the
// editor who scheduled it: every guard is asked again, and their account has to
// be active. What is refused goes back to approved, with the reason in its
// history. It returns how many were published, and is safe to run twice.
func (s *Service) PublishDue(ctx context.Context) (int, error) {
	ids, err := s.Store.Due(ctx, s.now(), dueAtOnce)
	if err != nil {
		return 0, err
	}
	published := 0
	for _, id := range ids {
		done, err := s.publishOne(ctx, id)
		if err != nil {
			return published, err
		}
		if done {
			published++
		}
	}
	return published, nil
}

// PublishScheduled publishes one review if it is scheduled and its time has
// come, as PublishDue does; else it does nothing. It is safe to run twice.
func (s *Service) PublishScheduled(ctx context.Context, id int64) error {
	d, err := s.Store.Dossier(ctx, id)
	if err != nil || d.Review.State != Scheduled || d.Review.ScheduledAt.After(s.now()) {
		return err
	}
	_, err = s.publishOne(ctx, id)
	return err
}

func (s *Service) publishOne(ctx context.Context, id int64) (bool, error) {
	d, err := s.Store.Dossier(ctx, id)
	if err != nil {
		return false, err
	}
	who, err := s.Store.Person(ctx, d.Review.ScheduledBy)
	if err != nil {
		return false, err
	}
	_, err = s.Do(ctx, Command{ReviewID: id, Version: d.Review.Version, Action: Publish, Actor: who, Note: "By itself, at the time that was set for it."})
	var refused *Refusal
	switch {
	case errors.Is(err, errs.Conflict): // somebody moved it a moment ago
		return false, nil
	case errors.As(err, &refused):
		_, err = s.Do(ctx, Command{ReviewID: id, Version: d.Review.Version, Action: Unschedule, Actor: program,
			Note: "Not published at its time: " + refused.sentences()})
		return false, err
	}
	return err == nil, err
}

// RecallDue brings back to triage what was dismissed because its day had not come,
// such as a prediction: with its history, and with the reason. Somebody decides
// then whether it is worth checking. It returns how many came back, and is safe to
// run twice.
func (s *Service) RecallDue(ctx context.Context) (int, error) {
	ids, err := s.Store.Recallable(ctx, s.now(), dueAtOnce)
	if err != nil {
		return 0, err
	}
	back := 0
	for _, id := range ids {
		d, err := s.Store.Dossier(ctx, id)
		if err != nil {
			return back, err
		}
		_, err = s.Do(ctx, Command{ReviewID: id, Version: d.Review.Version, Action: Reopen, Actor: program,
			Note: "Its day has come: it can be checked from " + day(d.Claim.DueAt) + " on."})
		if errors.Is(err, errs.Conflict) { // somebody opened it a moment ago
			continue
		}
		if err != nil {
			return back, err
		}
		back++
	}
	return back, nil
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
