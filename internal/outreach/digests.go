package outreach

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/mail"
	"factcheck/internal/review"
)

// NoDigest is the hour of who wants no letters.
const NoDigest = -1

// Limits of letters to people of the desk.
const (
	MaxDigest     = 60 // notices that one letter tells; of more it says that there are
	digestsAtOnce = 100
	digestsEvery  = 10 * time.Minute // how often it is looked whose time has come
)

// Digest is when somebody of the desk wants a letter with what they were told in
// the app and have not read.
type Digest struct {
	PersonID int64
	Hour     int       // of the day, UTC; NoDigest: never
	NextAt   time.Time // zero with NoDigest
	Told     int64     // the notice up to which letters have told them
}

// DigestStore keeps when people want letters. Its methods take part in the
// transaction of ctx.
type DigestStore interface {
	// Digest is a person's; NoDigest if they never chose.
	Digest(ctx context.Context, personID int64) (Digest, error)
	// SetDigest writes Hour and NextAt; Told stays.
	SetDigest(ctx context.Context, d Digest) error
	// DigestsDue are those whose time has come, longest due first.
	DigestsDue(ctx context.Context, now time.Time, limit int) ([]Digest, error)
	// MoveDigest moves a digest on. False if somebody else has, or the person chose
	// otherwise meanwhile.
	MoveDigest(ctx context.Context, was Digest, next time.Time, told int64) (bool, error)
	// NewestUnread is the newest notice after one that a person has not read; 0 if
	// there is none.
	NewestUnread(ctx context.Context, personID, after int64) (int64, error)
	// UnreadNotices are what a person has not read of the notices after one and up
	// to another, newest first.
	UnreadNotices(ctx context.Context, personID, after, upTo int64, limit int) ([]review.Notice, error)
	// Recipient is a person of the desk with their mail address. NotFound.
	Recipient(ctx context.Context, personID int64) (review.Person, string, error)
}

// SetDigest is the choice of somebody for themselves: an hour from 0 to 23, or
// NoDigest. Forbidden unless they are of the desk; Invalid.
func (s *Service) SetDigest(ctx context.Context, by review.Person, hour int) error {
	const op = "outreach.SetDigest"
	switch {
	case !by.Is(review.Roles...):
		return errs.New(op, errs.Forbidden, "Only people of this desk get letters about it.")
	case hour != NoDigest && (hour < 0 || hour > 23):
		return errs.New(op, errs.Invalid, "Choose a full hour of the day, or no letters.")
	}
	d := Digest{PersonID: by.ID, Hour: hour}
	if hour != NoDigest {
		d.NextAt = nextAt(hour, s.now())
	}
	return s.Store.SetDigest(ctx, d)
}

// nextAt is when it is that hour next, after now.
func nextAt(hour int, now time.Time) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, time.UTC)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// DigestsArgs asks for the letters of all whose hour has come.
type DigestsArgs struct{}

// Kind names the job.
func (DigestsArgs) Kind() string { return "outreach.digests" }

// Digests writes the letters whose time has come, one transaction each: what a
// letter is to tell is settled with it, so that running it twice tells nothing
// twice. Days on which nobody looked are told at once.
func (s *Service) Digests(ctx context.Context, _ DigestsArgs) error {
	for {
		due, err := s.Store.DigestsDue(ctx, s.now(), digestsAtOnce)
		if err != nil {
			return err
		}
		for _, d := range due {
			if err := s.Store.InTx(ctx, func(ctx context.Context) error { return s.digest(ctx, d) }); err != nil {
				return err
			}
		}
		if len(due) < digestsAtOnce {
			return nil
		}
	}
}

// digest writes the letter of one person, if there is anything to tell.
func (s *Service) digest(ctx context.Context, d Digest) error {
	newest, err := s.Store.NewestUnread(ctx, d.PersonID, d.Told)
	if err != nil {
		return err
	}
	mine, err := s.Store.MoveDigest(ctx, d, nextAt(d.Hour, s.now()), max(newest, d.Told))
	if err != nil || !mine || newest == 0 {
		return err
	}
	return s.enqueue(ctx, Letter{Event: DigestLetter, PersonID: d.PersonID, AfterNotice: d.Told, UpToNotice: newest}, s.now())
}

// composeDigest writes what the person has still not read when the letter goes.
func (s *Service) composeDigest(ctx context.Context, l Letter) (mail.Letter, func(context.Context) error, error) {
	none := mail.Letter{}
	who, address, err := s.Store.Recipient(ctx, l.PersonID)
	if err != nil {
		return none, nil, err
	}
	d, err := s.Store.Digest(ctx, l.PersonID)
	if err != nil {
		return none, nil, err
	}
	if !who.Is(review.Roles...) || d.Hour == NoDigest {
		return none, nil, dropped("they get no such letters any more")
	}
	all, err := s.Store.UnreadNotices(ctx, l.PersonID, l.AfterNotice, l.UpToNotice, MaxDigest+1)
	if err != nil {
		return none, nil, err
	}
	if len(all) == 0 {
		return none, nil, dropped("they have read it in the app")
	}
	text, err := s.digestText(ctx, who, all)
	return mail.Letter{To: address, Subject: "What others did at " + s.Name, Text: text}, nothing, err
}

// digestText tells notices by claim, the one that was touched last first.
func (s *Service) digestText(ctx context.Context, who review.Person, all []review.Notice) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "To %s\n\nOthers did this with claims that you work on, worked on or watch, and you have not read it yet:\n", who.Name)
	told := all[:min(len(all), MaxDigest)]
	var done []int64
	for _, n := range told {
		if slices.Contains(done, n.ReviewID) {
			continue
		}
		done = append(done, n.ReviewID)
		name, err := s.tellable(ctx, n, who)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n%s\n  %s/desk/reviews/%d\n", indent(name), s.BaseURL, n.ReviewID)
		for _, m := range told {
			if m.ReviewID == n.ReviewID {
				fmt.Fprintf(&b, "  - %s, %s\n", deed(m), m.At.UTC().Format("2 January, 15:04 UTC"))
			}
		}
	}
	if len(all) > MaxDigest {
		b.WriteString("\nThere is more, which this letter has no room for.\n")
	}
	fmt.Fprintf(&b, "\nAll of it: %s/desk/notices\nOther letters, or none: %s/desk/me\n", s.BaseURL, s.BaseURL)
	return b.String(), nil
}

// tellable is how a letter names a claim. Mail is read by others on its way: what
// is under embargo or on hold, and what the person may still read blind, has its
// number alone.
func (s *Service) tellable(ctx context.Context, n review.Notice, who review.Person) (string, error) {
	d, err := s.Store.Dossier(ctx, n.ReviewID)
	if err != nil {
		return "", err
	}
	d.AsOf = s.now()
	if d.AsOf.Before(d.Review.EmbargoUntil) || d.OnHold() || d.BlindTo(who) {
		return fmt.Sprintf("Review %d, which is not told of in letters now", n.ReviewID), nil
	}
	return n.Text, nil
}

func deed(n review.Notice) string {
	who := n.Actor
	if who == "" {
		who = "The program"
	}
	return who + " " + review.Event{Action: n.Action}.Done()
}
