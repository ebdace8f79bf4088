// Package outreach is the desk's traffic with people who have no account: who is
// asked for a reply, by a link that is good for one answer, and the letters that
// carry such links.
//
// # Links
//
// A token is random and signed with a key of this installation, so that a
// guessed one is refused before anything is looked up. Only its hash is kept. A
// token that is unknown, expired, revoked or of something else is answered with
// one and the same sentence: it tells nobody what there is.
//
// # Letters
//
// A letter is a row, written with what it tells, at most one for each thing that
// it tells. A job sends it and then marks it as sent. A program that dies in
// between sends it again under the same Message-ID: at least once on the wire,
// once in effect.
package outreach

import (
	"context"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
	"factcheck/internal/mail"
	"factcheck/internal/review"
)

// Store keeps links and letters. Its methods take part in the transaction of
// ctx.
type Store interface {
	// InTx runs fn in one transaction: all of it is written, or none.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Dossier loads everything that decides about a review. NotFound.
	Dossier(ctx context.Context, reviewID int64) (review.Dossier, error)
	// Secret is the key of that name; made is kept if there is none yet.
	Secret(ctx context.Context, name string, made []byte) ([]byte, error)

	// AddEvent appends to the audit trail.
	AddEvent(ctx context.Context, e review.Event) error

	// AddLink keeps a link; Link is the one of that hash. NotFound.
	AddLink(ctx context.Context, l Link) error
	Link(ctx context.Context, hash string) (Link, error)

	// AddLetter writes a letter, or finds the one that tells the same, and
	// returns its id.
	AddLetter(ctx context.Context, l Letter) (int64, error)
	// Letter is one letter. NotFound.
	Letter(ctx context.Context, id int64) (Letter, error)
	// SettleLetter marks a letter as sent, or as dropped and why.
	SettleLetter(ctx context.Context, id int64, at time.Time, dropped string) error

	// RequestReview is the review of a request for a reply. NotFound.
	RequestReview(ctx context.Context, id int64) (int64, error)
	// GuestReview is the review that a guest was asked to read. NotFound.
	GuestReview(ctx context.Context, id int64) (int64, error)
	// RequestSent notes that the program sent a request, unless that is on
	// record.
	RequestSent(ctx context.Context, q review.ReplyRequest) error

	// CheckReview is the review of a published check. NotFound.
	CheckReview(ctx context.Context, slug string) (int64, error)
	// Publication is one edition of a check. NotFound.
	Publication(ctx context.Context, id int64) (review.Publication, error)
	// AddSubscriber finds or adds an address; Subscriber is one of them. NotFound.
	AddSubscriber(ctx context.Context, sub Subscriber) (Subscriber, error)
	Subscriber(ctx context.Context, id int64) (Subscriber, error)
	// KeepSubscriber writes that it was confirmed or ended.
	KeepSubscriber(ctx context.Context, sub Subscriber) error
	// AskAgain lets a confirmation go out once more if the last one is older.
	AskAgain(ctx context.Context, subscriberID int64, before time.Time) error

	ComplaintStore
	DigestStore

	// AddFailure notes a try in vain; Failures counts those since a time, and
	// says when the oldest of them was.
	AddFailure(ctx context.Context, subject string, at time.Time) error
	Failures(ctx context.Context, subject string, since time.Time) (n int, oldest time.Time, err error)
}

// Mailer hands letters to a mail server. Invalid if a letter can never be sent.
type Mailer interface {
	Send(ctx context.Context, l mail.Letter) error
}

// Service asks people outside, and takes in what they say. Every field but Mail
// must be set.
type Service struct {
	Store   Store
	Reviews *review.Service
	Jobs    *jobs.Queue
	Mail    Mailer // nil: no mail server; people copy letters and send them themselves
	Name    string // of the newsroom
	BaseURL string // of its public pages, without a slash at the end
	Now     func() time.Time
}

// Mails reports whether letters go out by themselves.
func (s *Service) Mails() bool { return s.Mail != nil }

// now is the time that is stored: UTC, in microseconds.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Purpose is what a link is for.
type Purpose string

// The purposes.
const (
	ToReply   Purpose = "reply"
	ToRead    Purpose = "read"
	ToConfirm Purpose = "confirm"
	ToEnd     Purpose = "end"
)

// Link is one token's hash and what it leads to.
type Link struct {
	Hash         string // SHA-256 of the token, hex
	Purpose      Purpose
	RequestID    int64 // of ToReply
	GuestID      int64 // of ToRead
	SubscriberID int64 // of ToConfirm and ToEnd
	MadeAt       time.Time
}

// Event is what a letter tells.
type Event string

// The events that letters tell.
const (
	RequestMade  Event = "reply_request"
	Reminder     Event = "reply_reminder"
	Invitation   Event = "guest_read"
	Confirmation Event = "confirm"
	Corrected    Event = "correction"
	DigestLetter Event = "digest"
)

// Letter is a letter that has to go out, or has.
type Letter struct {
	ID            int64
	Event         Event
	RequestID     int64
	GuestID       int64
	SubscriberID  int64
	PublicationID int64
	CreatedAt     time.Time
	SentAt        time.Time // zero: it waits
	Dropped       string    // why it was not sent; empty: it was, or waits

	PersonID    int64 // of the desk, of DigestLetter
	AfterNotice int64 // what it tells: notices after this one
	UpToNotice  int64 // and up to this one
}

// worksOn is Forbidden unless p does the work of the desk.
func worksOn(op string, p review.Person) error {
	if p.Is(review.Checker, review.Editor) {
		return nil
	}
	return errs.New(op, errs.Forbidden, "Only fact-checkers and editors do this.")
}
