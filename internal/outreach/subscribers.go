package outreach

import (
	"context"
	"fmt"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/mail"
	"factcheck/internal/review"
)

// Subscriber is a reader who wants to be told when one check is corrected.
type Subscriber struct {
	ID          int64
	ReviewID    int64
	Email       string // lower case; empty once it has ended: the address is forgotten
	AskedAt     time.Time
	ConfirmedAt time.Time // zero: nobody has shown that the address is theirs
	EndedAt     time.Time // zero while they want to be told
}

// Subscriptions is how many one address of the network can ask for in
// BadWindow, and askAgain how soon a confirmation goes out once more.
const (
	Subscriptions = 10
	askAgain      = time.Hour
)

// Subscribe sends a letter that asks the owner of an address to confirm that
// they want to be told when the check is corrected. It answers the same whether
// the address is known or not. Errors: Invalid, NotFound, TooMany.
func (s *Service) Subscribe(ctx context.Context, slug, email, address string) error {
	const op = "outreach.Subscribe"
	if !s.Mails() {
		return errs.New(op, errs.NotFound, "")
	}
	id, err := s.Store.CheckReview(ctx, slug)
	if err != nil {
		return err
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if err := review.CheckMailAddress(email); err != nil {
		return err
	}
	subject, now := "subscribe:"+hashOf(network(address)), s.now()
	n, _, err := s.Store.Failures(ctx, subject, now.Add(-BadWindow))
	if err != nil {
		return err
	}
	if n >= Subscriptions {
		return errs.New(op, errs.TooMany, "Too many addresses were entered from here. Try again in a quarter of an hour.")
	}
	if err := s.Store.AddFailure(ctx, subject, now); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		sub, err := s.Store.AddSubscriber(ctx, Subscriber{ReviewID: id, Email: email, AskedAt: now})
		if err != nil || !sub.ConfirmedAt.IsZero() {
			return err
		}
		if err := s.Store.AskAgain(ctx, sub.ID, now.Add(-askAgain)); err != nil {
			return err
		}
		return s.enqueue(ctx, Letter{Event: Confirmation, SubscriberID: sub.ID}, now)
	})
}

// Subscription does what a link to confirm or to end a subscription is for.
// Doing it twice is no error. NotFound for every link that is not good.
func (s *Service) Subscription(ctx context.Context, p Purpose, token, address string) error {
	sub, err := s.subscriber(ctx, p, token, address)
	if err != nil {
		return err
	}
	switch {
	case !sub.EndedAt.IsZero():
		return nil
	case p == ToEnd:
		sub.Email, sub.EndedAt = "", s.now()
	case sub.ConfirmedAt.IsZero():
		sub.ConfirmedAt = s.now()
	}
	return s.Store.KeepSubscriber(ctx, sub)
}

// CheckSubscription is nil if the link is good.
func (s *Service) CheckSubscription(ctx context.Context, p Purpose, token, address string) error {
	_, err := s.subscriber(ctx, p, token, address)
	return err
}

func (s *Service) subscriber(ctx context.Context, p Purpose, token, address string) (Subscriber, error) {
	l, err := s.follow(ctx, p, token, address)
	if err != nil {
		return Subscriber{}, err
	}
	sub, err := s.Store.Subscriber(ctx, l.SubscriberID)
	if err == nil && p == ToConfirm && !sub.EndedAt.IsZero() {
		err = badLink()
	}
	return sub, err
}

func (s *Service) composeConfirmation(ctx context.Context, l Letter) (mail.Letter, func(context.Context) error, error) {
	none := mail.Letter{}
	sub, err := s.Store.Subscriber(ctx, l.SubscriberID)
	if err != nil {
		return none, nil, err
	}
	if !sub.ConfirmedAt.IsZero() || !sub.EndedAt.IsZero() {
		return none, nil, dropped("it was confirmed or ended before")
	}
	token, err := s.mint(ctx, Link{Purpose: ToConfirm, SubscriberID: sub.ID})
	if err != nil {
		return none, nil, err
	}
	text := fmt.Sprintf("Somebody, you we hope, asked %s to tell this address when a fact-check is corrected. If it was you, say so here:\n\n%s\n\n"+
		"If it was not, do nothing: no more mail will come.\n", s.Name, s.BaseURL+"/subscriptions/confirm/"+token)
	return mail.Letter{To: sub.Email, Subject: "Please confirm: corrections from " + s.Name, Text: text}, nothing, nil
}

func (s *Service) composeCorrection(ctx context.Context, l Letter) (mail.Letter, func(context.Context) error, error) {
	none := mail.Letter{}
	sub, err := s.Store.Subscriber(ctx, l.SubscriberID)
	if err != nil {
		return none, nil, err
	}
	if !sub.EndedAt.IsZero() {
		return none, nil, dropped("the subscription was ended before")
	}
	p, err := s.Store.Publication(ctx, l.PublicationID)
	if err != nil {
		return none, nil, err
	}
	token, err := s.mint(ctx, Link{Purpose: ToEnd, SubscriberID: sub.ID})
	if err != nil {
		return none, nil, err
	}
	end := s.BaseURL + "/subscriptions/end/" + token
	word, note := "corrected", ""
	if p.Report.Retracted != nil {
		word = "retracted"
	}
	if p.Report.Correction != nil {
		note = indent(p.Report.Correction.Note) + "\n\n"
	}
	text := fmt.Sprintf("A fact-check by %s that you wanted to hear of was %s:\n\n%s\n\n%sRead it here, with what changed and what was said before:\n\n%s\n\n"+
		"To hear no more of this check:\n\n%s\n", s.Name, word, indent(p.Report.Claim.Text), note, s.BaseURL+"/checks/"+p.Slug, end)
	return mail.Letter{To: sub.Email, Subject: "A fact-check by " + s.Name + " was " + word, Text: text, Unsubscribe: end}, nothing, nil
}
