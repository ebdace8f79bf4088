package outreach

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"factcheck/internal/errs"
	"factcheck/internal/mail"
	"factcheck/internal/review"
)

// Invite does invite_reader: with a mail server and an address the letter goes
// out by itself. The errors are those of review.Service.Do.
func (s *Service) Invite(ctx context.Context, cmd review.Command) (review.Review, error) {
	var done review.Review
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if done, err = s.Reviews.Do(ctx, cmd); err != nil {
			return err
		}
		d, err := s.Store.Dossier(ctx, cmd.ReviewID)
		if err != nil {
			return err
		}
		g := d.Guests[len(d.Guests)-1] // the newest
		if g.Email == "" || !s.Mails() {
			return nil
		}
		return s.enqueue(ctx, Letter{Event: Invitation, GuestID: g.ID}, g.InvitedAt)
	})
	return done, err
}

// CopyInvitation is the letter to an outside reader, with a new link, for a
// person to send. Forbidden, NotFound, or Invalid if the link leads nowhere.
func (s *Service) CopyInvitation(ctx context.Context, by review.Person, reviewID, guestID int64) (Copy, error) {
	const op = "outreach.CopyInvitation"
	if !by.Is(review.Editor) {
		return Copy{}, errs.New(op, errs.Forbidden, "Only editors ask people outside to read.")
	}
	d, err := s.Store.Dossier(ctx, reviewID)
	if err != nil {
		return Copy{}, err
	}
	i := slices.IndexFunc(d.Guests, func(g review.GuestReader) bool { return g.ID == guestID })
	if i < 0 {
		return Copy{}, errs.New(op, errs.NotFound, "There is no such outside reader.")
	}
	g := d.Guests[i]
	if !g.RevokedAt.IsZero() || !s.now().Before(g.EndsAt) || d.Stale(g) {
		return Copy{}, errs.New(op, errs.Invalid, "This link leads nowhere any more: it was revoked, is over, or the verdict was changed since. Ask them anew.")
	}
	var link string
	err = s.shown(ctx, d, fmt.Sprintf("outside reader %d", g.ID), by, func(ctx context.Context) (err error) {
		link, err = s.readURL(ctx, g)
		return err
	})
	subject, text := s.invitationText(g, link)
	return Copy{To: g.Email, Subject: subject, Text: text, Link: link}, err
}

func (s *Service) readURL(ctx context.Context, g review.GuestReader) (string, error) {
	token, err := s.mint(ctx, Link{Purpose: ToRead, GuestID: g.ID})
	return s.BaseURL + "/second-read/" + token, err
}

func (s *Service) invitationText(g review.GuestReader, link string) (subject, text string) {
	var b strings.Builder
	fmt.Fprintf(&b, "To %s\n\n%s asks you to read a fact-check before it is published, with fresh eyes: you see the claim, the evidence and the reasoning, ", g.Name, s.Name)
	fmt.Fprintf(&b, "and say how you would rate it. You do not need an account. The link is for you alone, and ends %s:\n\n%s\n\n", g.EndsAt.UTC().Format("2 January 2006, 15:04 UTC"), link)
	b.WriteString("What you read there is not public yet. Please keep it to yourself.\n")
	return s.Name + " asks you for a second reading", b.String()
}

func (s *Service) composeInvitation(ctx context.Context, l Letter) (mail.Letter, func(context.Context) error, error) {
	d, g, err := s.guest(ctx, l.GuestID)
	switch {
	case err != nil:
		return mail.Letter{}, nil, err
	case !g.RevokedAt.IsZero() || !s.now().Before(g.EndsAt):
		return mail.Letter{}, nil, dropped("the link was revoked or over before")
	case d.Stale(g):
		return mail.Letter{}, nil, dropped("the verdict was changed before")
	}
	link, err := s.readURL(ctx, g)
	subject, text := s.invitationText(g, link)
	return mail.Letter{To: g.Email, Subject: subject, Text: text}, nothing, err
}

// guest is one outside reader with the dossier as of now.
func (s *Service) guest(ctx context.Context, id int64) (review.Dossier, review.GuestReader, error) {
	reviewID, err := s.Store.GuestReview(ctx, id)
	if err != nil {
		return review.Dossier{}, review.GuestReader{}, err
	}
	d, err := s.Store.Dossier(ctx, reviewID)
	if err != nil {
		return d, review.GuestReader{}, err
	}
	d.AsOf = s.now()
	i := slices.IndexFunc(d.Guests, func(g review.GuestReader) bool { return g.ID == id })
	if i < 0 {
		return d, review.GuestReader{}, badLink()
	}
	return d, d.Guests[i], nil
}

// ToReadBlind is what an outside reader sees.
type ToReadBlind struct {
	Dossier review.Dossier // blind until they have answered
	Guest   review.GuestReader
	Mine    *review.SecondReading // what they answered; nil before
}

// ReadBlind is what the token asks to read: without the author's rating until
// the holder has answered. NotFound for every link that is not good; Conflict
// if what it was for has changed.
func (s *Service) ReadBlind(ctx context.Context, token, address string) (ToReadBlind, error) {
	l, err := s.follow(ctx, ToRead, token, address)
	if err != nil {
		return ToReadBlind{}, err
	}
	d, g, err := s.invitedNow(ctx, l)
	if err != nil {
		return ToReadBlind{}, err
	}
	mine := d.ReadingBy(g.PersonID)
	if mine == nil {
		d = d.Blind()
	}
	return ToReadBlind{d, g, mine}, nil
}

func (s *Service) invitedNow(ctx context.Context, l Link) (review.Dossier, review.GuestReader, error) {
	d, g, err := s.guest(ctx, l.GuestID)
	switch {
	case err != nil:
		return d, g, err
	case !g.RevokedAt.IsZero() || !s.now().Before(g.EndsAt):
		return d, g, badLink()
	case d.Stale(g):
		return d, g, errs.New("outreach.ReadBlind", errs.Conflict, "What you were asked to read was changed since. Nothing is asked of you any more; thank you for your time.")
	}
	return d, g, nil
}

// ReadAsGuest does the second read for the holder of the token. The errors are
// those of ReadBlind, and those of review.Service.Do.
func (s *Service) ReadAsGuest(ctx context.Context, token, address, rating, note string) error {
	l, err := s.follow(ctx, ToRead, token, address)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		d, g, err := s.invitedNow(ctx, l)
		if err != nil {
			return err
		}
		_, err = s.Reviews.Do(ctx, review.Command{
			ReviewID: d.Review.ID, Version: d.Review.Version, Action: review.SecondRead, Actor: g.Person(), Rating: rating, Note: note,
		})
		return err
	})
}
