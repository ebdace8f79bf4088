package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// What people put on record about themselves.
const (
	DeclareInterest Action = "declare_interest"
	EndInterest     Action = "end_interest"
)

// InterestKind is what an interest is in.
type InterestKind string

// The kinds of interest.
const (
	InSpeaker      InterestKind = "speaker"
	InOrganisation InterestKind = "organisation" // as a speaker, or as the side on which speakers stand
	InTopic        InterestKind = "topic"
)

// InterestKinds is the menu of kinds.
var InterestKinds = []Menu[InterestKind]{{InSpeaker, "A speaker"}, {InOrganisation, "An organisation or a party"}, {InTopic, "A topic"}}

// Interest is a tie that somebody has declared, because of which they stay out of
// what it touches. It is ended, never removed.
type Interest struct {
	ID         int64
	PersonID   int64
	Person     string // name, when read
	Kind       InterestKind
	Subject    string    // name of the speaker, the organisation or the topic
	Since      time.Time // day; zero: always
	Until      time.Time // last day; zero: it goes on
	Note       string    // what the tie is; for editors
	DeclaredAt time.Time
	EndedAt    time.Time // when it was taken back; zero while it stands
}

// InForce reports whether the interest counts at a time.
func (i Interest) InForce(at time.Time) bool {
	return i.EndedAt.IsZero() && !at.Before(i.Since) && (i.Until.IsZero() || at.Before(i.Until.Add(24*time.Hour)))
}

// check is Invalid unless the interest can be declared.
func (i Interest) check() error {
	const op = "review.Interest"
	switch n := utf8.RuneCountInString(i.Subject); {
	case !slices.ContainsFunc(InterestKinds, func(m Menu[InterestKind]) bool { return m.Code == i.Kind }):
		return errs.New(op, errs.Invalid, "Choose what the interest is in.")
	case n == 0:
		return errs.New(op, errs.Invalid, "Name the speaker, the organisation or the topic, as claims name them.")
	case n > claims.MaxName:
		return errs.Newf(op, errs.Invalid, "The name is %d characters long; at most %d fit.", n, claims.MaxName)
	case !i.Since.IsZero() && !i.Until.IsZero() && i.Until.Before(i.Since):
		return errs.New(op, errs.Invalid, "The interest ends before it begins. Change one of the two days.")
	}
	return tooLong(op, "note", i.Note, MaxNote)
}

// InterestFilter chooses interests. Zero fields do not restrict.
type InterestFilter struct {
	Person int64
	Before int64 // id of the last one of the page before
	Limit  int
}

// Interests keeps what people declare.
type Interests struct {
	Store InterestStore
	Now   func() time.Time
}

// InterestStore keeps it. Its methods take part in the transaction of ctx.
type InterestStore interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// AddInterest writes an interest and returns its id.
	AddInterest(ctx context.Context, i Interest) (int64, error)
	// EndInterest notes since when an interest of that person counts no more.
	// NotFound; Conflict if it has ended before.
	EndInterest(ctx context.Context, id, personID int64, at time.Time) error
	// Interests lists what was declared, newest first.
	Interests(ctx context.Context, f InterestFilter) ([]Interest, error)
	// AddEvent appends to the audit trail.
	AddEvent(ctx context.Context, e Event) error
}

// MaySeeInterests reports whether p may see what others have declared.
func MaySeeInterests(p Person) bool { return p.Is(Editor, Standards, Admin) }

// Declare puts on record that somebody has an interest. Forbidden unless they are
// of the desk; Invalid. What it is in is not in the audit trail, which is kept when
// a person is forgotten.
func (s *Interests) Declare(ctx context.Context, by Person, i Interest) error {
	if err := ofTheDesk(by); err != nil {
		return err
	}
	i.PersonID, i.Subject, i.Note = by.ID, strings.Join(strings.Fields(i.Subject), " "), strings.TrimSpace(i.Note)
	i.DeclaredAt, i.EndedAt = s.now(), time.Time{}
	if err := i.check(); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		id, err := s.Store.AddInterest(ctx, i)
		if err != nil {
			return err
		}
		return s.tell(ctx, DeclareInterest, id, by, i.DeclaredAt)
	})
}

// End notes that an interest of their own counts no more. NotFound, Conflict.
func (s *Interests) End(ctx context.Context, by Person, id int64) error {
	if err := ofTheDesk(by); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		if err := s.Store.EndInterest(ctx, id, by.ID, now); err != nil {
			return err
		}
		return s.tell(ctx, EndInterest, id, by, now)
	})
}

func (s *Interests) tell(ctx context.Context, a Action, id int64, by Person, at time.Time) error {
	e := Event{Subject: OnPerson, SubjectID: by.ID, Action: a, ActorID: by.ID, At: at}
	e.change("interest", "", fmt.Sprintf("interest %d", id))
	return s.Store.AddEvent(ctx, e)
}

// List is what was declared, newest first: by themselves alone for who may not see
// what others have. Forbidden unless they are of the desk.
func (s *Interests) List(ctx context.Context, by Person, f InterestFilter) ([]Interest, error) {
	if err := ofTheDesk(by); err != nil {
		return nil, err
	}
	if !MaySeeInterests(by) {
		f.Person = by.ID
	}
	return s.Store.Interests(ctx, f)
}

func (s *Interests) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// InterestOf is the interest that a person has declared in what the claim is about
// or in who makes it, as it stands; nil if there is none.
func (d *Dossier) InterestOf(person int64) *Interest {
	for i := range d.Interests {
		if d.Interests[i].PersonID == person && d.Interests[i].InForce(d.AsOf) {
			return &d.Interests[i]
		}
	}
	return nil
}

// Interested are the interests that stand in the way of somebody now.
func (d *Dossier) Interested() []Interest {
	return slices.DeleteFunc(slices.Clone(d.Interests), func(i Interest) bool { return !i.InForce(d.AsOf) })
}

// Guards against interests: who has declared one neither writes nor judges.
var (
	impartial = guard("no declared interest", "who does it has declared no interest in the speaker, the speaker’s side or a topic of the claim", errs.Forbidden,
		func(d *Dossier, c *Command) string {
			i := d.InterestOf(c.Actor.ID)
			return unless(i == nil, "You have declared an interest in "+i.subject()+", so somebody else has to do this.")
		})
	writerImpartial = input("writer without interest", "whoever will write it has declared no interest in the speaker, the speaker’s side or a topic of the claim",
		func(d *Dossier, c *Command) string {
			who := c.Assignee
			if who.ID == 0 {
				who = c.Actor
			}
			i := d.InterestOf(who.ID)
			return unless(i == nil, who.Name+" has declared an interest in "+i.subject()+". Choose somebody else to write it.")
		})
)

// subject is what the interest is in; empty for nil.
func (i *Interest) subject() string {
	if i == nil {
		return ""
	}
	return i.Subject
}
