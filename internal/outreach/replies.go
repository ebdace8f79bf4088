package outreach

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
	"factcheck/internal/review"
)

// Ask does ask_reply: with a mail server and a mail address the question goes
// out by itself, and a reminder when a quarter of the time is left. The errors
// are those of review.Service.Do.
func (s *Service) Ask(ctx context.Context, cmd review.Command) (review.Review, error) {
	var done review.Review
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if done, err = s.Reviews.Do(ctx, cmd); err != nil {
			return err
		}
		if cmd.Ask == nil || cmd.Ask.Channel != review.ByEmail || !s.Mails() {
			return nil
		}
		d, err := s.Store.Dossier(ctx, cmd.ReviewID)
		if err != nil {
			return err
		}
		q := d.Requests[len(d.Requests)-1] // the newest
		left := time.Duration(q.Hours) * time.Hour / 4
		return errors.Join(
			s.enqueue(ctx, Letter{Event: RequestMade, RequestID: q.ID}, q.AskedAt),
			s.enqueue(ctx, Letter{Event: Reminder, RequestID: q.ID}, q.Deadline.Add(-left)),
		)
	})
	return done, err
}

// enqueue writes a letter and the job that sends it.
func (s *Service) enqueue(ctx context.Context, l Letter, at time.Time) error {
	l.CreatedAt = s.now()
	id, err := s.Store.AddLetter(ctx, l)
	if err != nil {
		return err
	}
	_, err = s.Jobs.Enqueue(ctx, SendArgs{LetterID: id}, jobs.At(at), jobs.Key(fmt.Sprint(id)))
	return err
}

// Copy is a letter for a person to send: what, to whom.
type Copy struct {
	To, Subject, Text string
	Link              string
}

// CopyRequest is the letter that asks for a reply, with a new link, for a person
// to send. Forbidden, NotFound, or Invalid if the request is closed.
func (s *Service) CopyRequest(ctx context.Context, by review.Person, reviewID, requestID int64) (Copy, error) {
	const op = "outreach.CopyRequest"
	if err := worksOn(op, by); err != nil {
		return Copy{}, err
	}
	d, q, err := s.request(ctx, reviewID, requestID)
	if err != nil {
		return Copy{}, err
	}
	if !q.Open() || !q.RevokedAt.IsZero() {
		return Copy{}, errs.New(op, errs.Invalid, "This request for a reply is closed, or its link was revoked.")
	}
	if q.SentAt.IsZero() {
		q = q.SentAtTime(s.now())
	}
	var link string
	err = s.shown(ctx, d, fmt.Sprintf("request %d", q.ID), by, func(ctx context.Context) error {
		token, err := s.mint(ctx, Link{Purpose: ToReply, RequestID: q.ID})
		link = s.replyURL(token)
		return err
	})
	subject, text := s.requestText(d, q, link, false)
	return Copy{To: q.Address, Subject: subject, Text: text, Link: link}, err
}

// shown makes a link for somebody to see, and puts on record that they did: a link
// that was shown and one that was sent are worth the same.
func (s *Service) shown(ctx context.Context, d review.Dossier, to string, by review.Person, mint func(context.Context) error) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := mint(ctx); err != nil {
			return err
		}
		return s.Store.AddEvent(ctx, review.LetterCopied(d.Review, to, by, s.now()))
	})
}

// request is one request for a reply of a review. NotFound.
func (s *Service) request(ctx context.Context, reviewID, id int64) (review.Dossier, review.ReplyRequest, error) {
	d, err := s.Store.Dossier(ctx, reviewID)
	if err != nil {
		return d, review.ReplyRequest{}, err
	}
	i := slices.IndexFunc(d.Requests, func(q review.ReplyRequest) bool { return q.ID == id })
	if i < 0 {
		return d, review.ReplyRequest{}, errs.New("outreach.request", errs.NotFound, "There is no such request for a reply.")
	}
	return d, d.Requests[i], nil
}

func (s *Service) replyURL(token string) string { return s.BaseURL + "/reply/" + token }

// requestText is what the respondent reads.
func (s *Service) requestText(d review.Dossier, q review.ReplyRequest, link string, reminder bool) (subject, text string) {
	subject = "A question from " + s.Name
	var b strings.Builder
	fmt.Fprintf(&b, "To %s\n\n", q.Respondent)
	if reminder {
		subject = "Reminder: a question from " + s.Name
		b.WriteString("We have not heard from you yet.\n\n")
	}
	fmt.Fprintf(&b, "%s checks this claim:\n\n%s\n\nOur question to you:\n\n%s\n\n", s.Name, indent(d.Claim.Text), indent(q.Question))
	fmt.Fprintf(&b, "Please answer by %s. What you write is quoted word for word. You can answer here, once and without an account:\n\n%s\n\n", Deadline(q), link)
	b.WriteString("The link is for you alone. If you have nothing to say, the report will say that you did not reply.\n")
	return subject, b.String()
}

// Deadline is when an answer is due, in words.
func Deadline(q review.ReplyRequest) string {
	return q.Deadline.UTC().Format("2 January 2006, 15:04 UTC")
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// Question is what the respondent's page shows: nothing else leaves the desk.
type Question struct {
	Respondent string
	Claim      string
	Lang       string
	Question   string
	Deadline   time.Time
	Late       bool // the deadline has passed: an answer is still taken
}

// Question is what the token asks. NotFound for every link that is not good;
// Conflict if it was answered before.
func (s *Service) Question(ctx context.Context, token, address string) (Question, error) {
	l, err := s.follow(ctx, ToReply, token, address)
	if err != nil {
		return Question{}, err
	}
	d, q, err := s.asked(ctx, l)
	if err != nil {
		return Question{}, err
	}
	return Question{
		Respondent: q.Respondent, Claim: d.Claim.Text, Lang: d.Claim.Lang, Question: q.Question, Deadline: q.Deadline, Late: s.now().After(q.Deadline),
	}, nil
}

// asked is the request that a good link leads to.
func (s *Service) asked(ctx context.Context, l Link) (review.Dossier, review.ReplyRequest, error) {
	id, err := s.Store.RequestReview(ctx, l.RequestID)
	if err != nil {
		return review.Dossier{}, review.ReplyRequest{}, err
	}
	d, q, err := s.request(ctx, id, l.RequestID)
	switch {
	case err != nil:
		return d, q, err
	case !q.RevokedAt.IsZero() || !s.now().Before(q.LinkEnds):
		return d, q, badLink()
	case q.Reply != nil:
		return d, q, answered()
	}
	return d, q, nil
}

func answered() error {
	return errs.New("outreach.Answer", errs.Conflict, "Thank you: your answer was sent already, and is kept as you wrote it. If you want to add something, write to the newsroom.")
}

// Answer keeps what the holder of the token writes, once: of two at the same
// time one is kept. The errors are those of Question, and Invalid for an empty
// or too long text.
func (s *Service) Answer(ctx context.Context, token, address, text string) error {
	l, err := s.follow(ctx, ToReply, token, address) // before the transaction: a try in vain stays on record
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		d, q, err := s.asked(ctx, l)
		if err != nil {
			return err
		}
		who := review.Person{Name: q.Respondent, Roles: []review.Role{review.Guest}, Active: true}
		_, err = s.Reviews.Do(ctx, review.Command{
			ReviewID: d.Review.ID, Version: d.Review.Version, Action: review.AnswerReply, Actor: who, RequestID: q.ID, Reply: text,
		})
		return err
	})
}
