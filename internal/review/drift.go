package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
)

// SeeDrift is the action of somebody who has seen that a source is not what it was,
// and says what they make of it. It leaves the review as it is.
const SeeDrift Action = "see_drift"

// Seen is what somebody made of a source that is not what it was. The zero Seen is
// nobody's.
type Seen struct {
	ByID int64
	At   time.Time
	Note string
}

// drifting are what a look finds that somebody has to see.
var drifting = []string{"changed", "vanished", "unreachable"}

// ToSee reports whether the source is not what it was and nobody has said that they
// have seen it as it is now.
func (c Copy) ToSee() bool { return slices.Contains(drifting, c.Last.Found) && c.Last.Seen.ByID == 0 }

// DriftFilter chooses pieces of evidence whose source is not, or cannot be shown to
// be, what it was.
type DriftFilter struct {
	Seen   bool  // those that somebody has seen; else those that nobody has
	Before int64 // the capture that the page before ended with; 0: the first page
	Limit  int
}

// Drifts keeps what people make of sources that changed.
type Drifts struct {
	Store DriftStore
	Now   func() time.Time
}

// DriftStore keeps it. Its methods take part in the transaction of ctx.
type DriftStore interface {
	keyed
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Piece is one piece of evidence with the words of its claim. NotFound.
	Piece(ctx context.Context, evidenceID int64) (Evidence, string, error)
	// Dossier loads everything that decides about a review; in a transaction nobody
	// else can change it until that ends. NotFound.
	Dossier(ctx context.Context, reviewID int64) (Dossier, error)
	// SeeDrift keeps what somebody makes of what a look found. Conflict if somebody
	// has before.
	SeeDrift(ctx context.Context, captureID int64, seen Seen) error
	// AddEvent appends to the audit trail.
	AddEvent(ctx context.Context, e Event) error
}

// Sight is what somebody says who has seen that a source is not what it was.
type Sight struct {
	EvidenceID, CaptureID int64 // the look whose finding they saw
	Note                  string
	Key                   string // of the form; may be empty
	By                    Person
}

// See puts on record that somebody has seen what the last look at a source found.
// What a later look finds, if it is something else, is to be seen anew. Forbidden
// unless they work on evidence; Invalid without a word of why, or if the source is
// what it was; Conflict if it was looked at again, or somebody else was faster;
// NotFound.
func (s *Drifts) See(ctx context.Context, g Sight) error {
	const op = "review.See"
	g.Note = strings.TrimSpace(g.Note)
	if !g.By.MayCapture() {
		return errs.New(op, errs.Forbidden, "Only a fact-checker or an editor says what a changed source means.")
	}
	if g.Note == "" {
		return errs.New(op, errs.Invalid, "Say in a word what you make of it: the people who rely on this source will read it.")
	}
	if err := firstError(tooLong(op, "note", g.Note, MaxNote), checkKey(op, g.Key)); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		e, _, err := s.Store.Piece(ctx, g.EvidenceID)
		if err != nil {
			return err
		}
		if done, err := sentBefore(ctx, s.Store, e.ReviewID, g.By, g.Key, SeeDrift); done || err != nil {
			return err
		}
		d, err := s.Store.Dossier(ctx, e.ReviewID)
		if err == nil {
			err = d.mayBeSeen(g)
		}
		if err != nil {
			return err
		}
		event := eventBeside(d.Review, SeeDrift, g.By, g.Key, s.Now())
		event.Note = g.Note
		event.change("source", "", fmt.Sprintf("[%d]", e.Number))
		if err := s.Store.SeeDrift(ctx, g.CaptureID, Seen{g.By.ID, event.At, g.Note}); err != nil {
			return err
		}
		return s.Store.AddEvent(ctx, event)
	})
}

// mayBeSeen is an error unless the finding is the last one, is about a piece that
// stands, and waits for somebody.
func (d *Dossier) mayBeSeen(g Sight) error {
	const op = "review.See"
	c, ok := d.Copies[g.EvidenceID]
	switch {
	case !ok:
		return errs.New(op, errs.Conflict, "This piece of evidence was changed or removed meanwhile. Look at the claim.")
	case c.Last.CaptureID != g.CaptureID:
		return errs.New(op, errs.Conflict, "The source was looked at again meanwhile. Look at what was found now.")
	case !slices.Contains(drifting, c.Last.Found):
		return errs.New(op, errs.Invalid, "The source still says what it said: there is nothing to see.")
	case c.Last.Seen.ByID != 0:
		return errs.New(op, errs.Conflict, d.Name(c.Last.Seen.ByID)+" has seen this already.")
	}
	return nil
}
