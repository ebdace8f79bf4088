package outreach

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
	"factcheck/internal/mail"
)

// SendArgs is the job that sends one letter.
type SendArgs struct{ LetterID int64 }

// Kind names the job.
func (SendArgs) Kind() string { return "send_letter" }

// Register lets a program send letters.
func (s *Service) Register(h *jobs.Handlers) {
	jobs.Handle(h, s.Send)
	jobs.Handle(h, s.AnswerReader)
	jobs.Handle(h, s.Digests)
}

// Schedules are the jobs of letters that come back by themselves.
func (s *Service) Schedules() []jobs.Schedule {
	return []jobs.Schedule{{Args: DigestsArgs{}, Every: digestsEvery}}
}

// Send sends a letter that waits and marks it as sent. Running it again sends
// nothing; a letter that is not needed any more, or that no mail server will
// ever take, is dropped with the reason.
func (s *Service) Send(ctx context.Context, a SendArgs) error {
	l, err := s.Store.Letter(ctx, a.LetterID)
	if err != nil || !l.SentAt.IsZero() || l.Dropped != "" {
		return err
	}
	draft, sent, err := s.compose(ctx, l)
	var unwanted dropped
	if errors.As(err, &unwanted) {
		return s.Store.SettleLetter(ctx, l.ID, s.now(), string(unwanted))
	}
	if err != nil {
		return err
	}
	draft.ID = s.messageID(l)
	if err := s.Mail.Send(ctx, draft); errors.Is(err, errs.Invalid) {
		return jobs.Permanent(errors.Join(err, s.Store.SettleLetter(ctx, l.ID, s.now(), "the mail server refuses it: look at the address")))
	} else if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SettleLetter(ctx, l.ID, s.now(), ""); err != nil {
			return err
		}
		return sent(ctx)
	})
}

// dropped is why a letter is not needed any more.
type dropped string

// Error is the text for the log.
func (d dropped) Error() string { return "outreach: dropped: " + string(d) }

// messageID is the same for every time that a letter is sent.
func (s *Service) messageID(l Letter) string {
	return fmt.Sprintf("letter-%d.%d@%s", l.ID, l.CreatedAt.UnixMicro(), s.host())
}

// host is the name of the site, for what names letters.
func (s *Service) host() string {
	if u, err := url.Parse(s.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "localhost"
}

// composers write each letter: what it says, and what else is to be marked once
// it has gone.
var composers = map[Event]func(*Service, context.Context, Letter) (mail.Letter, func(context.Context) error, error){
	RequestMade:  (*Service).composeRequest,
	Reminder:     (*Service).composeRequest,
	Invitation:   (*Service).composeInvitation,
	Confirmation: (*Service).composeConfirmation,
	Corrected:    (*Service).composeCorrection,
	DigestLetter: (*Service).composeDigest,
}

func (s *Service) compose(ctx context.Context, l Letter) (mail.Letter, func(context.Context) error, error) {
	write, ok := composers[l.Event]
	if !ok {
		return mail.Letter{}, nil, jobs.Permanent(fmt.Errorf("letter %d tells %q", l.ID, l.Event))
	}
	return write(s, ctx, l)
}

// nothing is what most letters change beside themselves.
func nothing(context.Context) error { return nil }

func (s *Service) composeRequest(ctx context.Context, l Letter) (mail.Letter, func(context.Context) error, error) {
	none := mail.Letter{}
	id, err := s.Store.RequestReview(ctx, l.RequestID)
	if err != nil {
		return none, nil, err
	}
	d, q, err := s.request(ctx, id, l.RequestID)
	switch {
	case err != nil:
		return none, nil, err
	case !q.Open():
		return none, nil, dropped("the request was closed before")
	case !q.RevokedAt.IsZero():
		return none, nil, dropped("the link was revoked before")
	}
	sent := nothing
	if q.SentAt.IsZero() {
		q = q.SentAtTime(s.now())
		sent = func(ctx context.Context) error {
			err := s.Store.RequestSent(ctx, q)
			if errors.Is(err, errs.Conflict) {
				return nil // a person was faster
			}
			return err
		}
	}
	token, err := s.mint(ctx, Link{Purpose: ToReply, RequestID: q.ID})
	if err != nil {
		return none, nil, err
	}
	subject, text := s.requestText(d, q, s.replyURL(token), l.Event == Reminder)
	return mail.Letter{To: q.Address, Subject: subject, Text: text}, sent, nil
}
