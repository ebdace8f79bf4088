package review

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// What people of the desk do with comments. No move tells of it: the review
// stays as it is, and so does its version, so that a remark never makes
// somebody else's form stale.
const (
	AddComment     Action = "comment"
	ResolveComment Action = "resolve_comment"
	RedactComment  Action = "redact_comment"
)

// Anchor is what a thread of comments is about.
type Anchor string

// The anchors.
const (
	OnClaim     Anchor = "claim"
	OnPlace     Anchor = "article" // words of the paragraph around the claim
	OnRating    Anchor = "rating"
	OnSummary   Anchor = "summary"
	OnRationale Anchor = "rationale"
	OnEvidence  Anchor = "evidence" // the piece of a number
)

// Anchors is the menu of what a thread can be about; pieces of evidence, which
// have numbers, come after it.
var Anchors = []Menu[Anchor]{
	{OnClaim, "The claim"}, {OnPlace, "Words of the article"}, {OnRating, "The rating"}, {OnSummary, "The summary"}, {OnRationale, "The rationale"},
	{OnEvidence, "Evidence"},
}

// telltale are the anchors whose threads would tell a second reader the rating.
var telltale = []Anchor{OnRating, OnSummary, OnRationale}

// Limits of comments.
const (
	MaxComment  = 4_000 // code points of one
	MaxComments = 500   // of one review
)

// Comment is one remark. Its words never change.
type Comment struct {
	ID        int64
	ReviewID  int64
	ThreadID  int64  // the comment that it answers; 0: it begins a thread
	Anchor    Anchor // of a thread; empty for a reply
	Number    int    // of the evidence it is about; 0 otherwise
	ArticleID int64  // that its words stand in; 0 otherwise
	// Start and End are bytes of Quote in the article or the field as it was
	// then; both 0 if Quote is empty.
	Start, End int
	Quote      string
	Blocking   bool // nothing is published until the thread is resolved; never of a reply
	Text       string
	ByID       int64
	At         time.Time
	ResolvedBy int64 // of a thread; 0: it is open
	ResolvedAt time.Time
	RedactedBy int64 // who took its words from view; 0: they can be read
	RedactedAt time.Time
}

// Thread is a comment with its replies, oldest first.
type Thread struct {
	Comment
	Replies []Comment
	Gone    bool // its words no longer stand where they stood, or its evidence was removed
}

// Remark is what somebody says: a new thread, or a reply if ThreadID is set.
type Remark struct {
	ReviewID int64
	ThreadID int64
	Anchor   Anchor
	Number   int
	Quote    string // the words it is about; may be empty, but not on the article
	Blocking bool
	Text     string
	Key      string // of the form, at most 64 bytes; may be empty
	By       Person
}

// CommentMark is what happened to a comment since.
type CommentMark string

// The marks.
const (
	Resolved CommentMark = "resolved"
	Redacted CommentMark = "redacted"
)

// Comments does what people say to each other about a review.
type Comments struct {
	Store CommentStore
	Now   func() time.Time
}

// CommentStore keeps it. Its methods take part in the transaction of ctx.
type CommentStore interface {
	keyed
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Dossier loads everything that decides about a review; in a transaction nobody
	// else can change it until that ends. NotFound.
	Dossier(ctx context.Context, reviewID int64) (Dossier, error)
	// Comments are all comments on a review, oldest first.
	Comments(ctx context.Context, reviewID int64) ([]Comment, error)
	// SayComment keeps a comment, its event, and tells those whom it concerns.
	SayComment(ctx context.Context, c Comment, e Event, a Audience) error
	// MarkComment keeps what happened to a comment, its event, and tells those
	// whom it concerns. Conflict if it happened before.
	MarkComment(ctx context.Context, id int64, m CommentMark, e Event, a Audience) error
}

// MayComment reports whether p may take part in what is said of a review.
func MayComment(p Person) bool { return p.Is(Checker, Editor, Standards, Admin) }

// Say keeps a remark. Forbidden for who only reads, and for a thread that is
// hidden from them; Invalid if it is empty, too long, or about what is not
// there; Conflict if its thread is resolved. A form that was sent before is not
// done again.
func (s *Comments) Say(ctx context.Context, r Remark) error {
	r.Text, r.Quote = strings.TrimSpace(r.Text), strings.TrimSpace(r.Quote)
	if err := r.check(); err != nil {
		return err
	}
	return s.on(ctx, r.ReviewID, r.By, r.Key, AddComment, func(ctx context.Context, d *Dossier, all []Comment, e Event) error {
		c, err := r.comment(d, all, e.At)
		if err != nil {
			return err
		}
		about := c
		if c.ThreadID != 0 {
			about = *find(all, c.ThreadID)
		}
		e.change("comment", "", about.About())
		e.change("blocking", yes(false), yes(c.Blocking))
		return s.Store.SayComment(ctx, c, e, d.toldOf(c, all, mentioned(r.Text, d.People)))
	})
}

// Resolve closes a thread. Forbidden unless they began it or are an editor;
// Conflict if it is closed already.
func (s *Comments) Resolve(ctx context.Context, reviewID, commentID int64, key string, by Person) error {
	const op = "review.Resolve"
	return s.on(ctx, reviewID, by, key, ResolveComment, func(ctx context.Context, d *Dossier, all []Comment, e Event) error {
		c := find(all, commentID)
		switch {
		case c == nil || c.ThreadID != 0:
			return errs.New(op, errs.NotFound, "There is no such thread on this review.")
		case d.hides(*c, by):
			return errHidden
		case c.ResolvedBy != 0:
			return errs.New(op, errs.Conflict, d.Name(c.ResolvedBy)+" has resolved this already.")
		case !MayResolve(by, *c):
			return errs.New(op, errs.Forbidden, "A thread is resolved by whoever began it, or by an editor. Reply to it instead.")
		}
		e.change("comment", "", c.About())
		e.change("blocking", yes(c.Blocking), yes(false))
		return s.Store.MarkComment(ctx, c.ID, Resolved, e, d.toldOf(*c, all, nil))
	})
}

// MayResolve reports whether p may close that thread, were it open.
func MayResolve(p Person, c Comment) bool { return MayComment(p) && (c.ByID == p.ID || p.Is(Editor)) }

// Redact takes the words of a comment from view, for good: that it was made, by
// whom and when, stays. Forbidden unless they wrote it or are a standards
// editor; Conflict if it is done already.
func (s *Comments) Redact(ctx context.Context, reviewID, commentID int64, key string, by Person) error {
	const op = "review.Redact"
	return s.on(ctx, reviewID, by, key, RedactComment, func(ctx context.Context, d *Dossier, all []Comment, e Event) error {
		c := find(all, commentID)
		switch {
		case c == nil:
			return errs.New(op, errs.NotFound, "There is no such comment on this review.")
		case d.hides(*head(all, *c), by):
			return errHidden
		case c.RedactedBy != 0:
			return errs.New(op, errs.Conflict, "The words of this comment are gone already.")
		case !MayRedact(by, *c):
			return errs.New(op, errs.Forbidden, "The words of a comment are taken from view by whoever wrote them, or by a standards editor.")
		}
		e.change("comment", "", head(all, *c).About())
		return s.Store.MarkComment(ctx, c.ID, Redacted, e, d.toldOf(*c, all, nil))
	})
}

// MayRedact reports whether p may take the words of that comment from view.
func MayRedact(p Person, c Comment) bool {
	return MayComment(p) && (c.ByID == p.ID || p.Is(Standards))
}

var errHidden = errs.New("review.Comments", errs.Forbidden, "This thread is about the verdict. It is hidden until you have given your own rating.")

// on does one thing with the comments of a review, in one transaction with its
// event.
func (s *Comments) on(ctx context.Context, reviewID int64, by Person, key string, a Action, do func(context.Context, *Dossier, []Comment, Event) error) error {
	const op = "review.Comments"
	if !MayComment(by) {
		return errs.New(op, errs.Forbidden, "Comments are made by fact-checkers, editors and administrators. Ask one of them to say it, or an administrator for the role.")
	}
	if err := checkKey(op, key); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.Store.Dossier(ctx, reviewID)
		if err != nil {
			return err
		}
		if done, err := sentBefore(ctx, s.Store, reviewID, by, key, a); done || err != nil {
			return err
		}
		all, err := s.Store.Comments(ctx, reviewID)
		if err != nil {
			return err
		}
		return do(ctx, &d, all, eventBeside(d.Review, a, by, key, s.Now()))
	})
}

// keyed knows which forms were sent before.
type keyed interface {
	// EventByKey is the event of a form that was sent before. NotFound.
	EventByKey(ctx context.Context, key string) (Event, error)
}

// sentBefore reports whether a form that no move belongs to was sent before.
// Invalid if its key was used for something else.
func sentBefore(ctx context.Context, store keyed, reviewID int64, by Person, key string, a Action) (bool, error) {
	if key == "" {
		return false, nil
	}
	e, err := store.EventByKey(ctx, key)
	switch {
	case errors.Is(err, errs.NotFound):
		return false, nil
	case err != nil:
		return false, err
	case e.Subject != OnReview || e.SubjectID != reviewID || e.Action != a || e.ActorID != by.ID:
		return false, errs.New("review.sentBefore", errs.Invalid, "This form was used for something else before. Reload the page and send it again.")
	}
	return true, nil
}

func checkKey(op, key string) error {
	if len(key) > 64 || !utf8.ValidString(key) {
		return errs.New(op, errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	return nil
}

// eventBeside is the event of what leaves a review and its version as they are.
func eventBeside(r Review, a Action, by Person, key string, now time.Time) Event {
	return Event{
		Subject: OnReview, SubjectID: r.ID, Version: r.Version, Action: a, From: r.State, To: r.State, ActorID: by.ID, Key: key,
		At: now.UTC().Truncate(time.Microsecond),
	}
}

func (r Remark) check() error {
	const op = "review.Remark"
	switch {
	case r.Text == "":
		return errs.New(op, errs.Invalid, "Write what you want to say.")
	case r.ThreadID != 0 && (r.Anchor != "" || r.Quote != "" || r.Number != 0 || r.Blocking):
		return errs.New(op, errs.Invalid, "A reply is about what its thread is about. Start a new thread for something else.")
	}
	return firstError(tooLong(op, "comment", r.Text, MaxComment), tooLong(op, "quotation", r.Quote, MaxQuote))
}

// comment is what is kept of r.
func (r Remark) comment(d *Dossier, all []Comment, now time.Time) (Comment, error) {
	const op = "review.Say"
	c := Comment{ReviewID: r.ReviewID, ThreadID: r.ThreadID, Anchor: r.Anchor, Blocking: r.Blocking, Text: r.Text, ByID: r.By.ID, At: now}
	if len(all) >= MaxComments {
		return c, errs.Newf(op, errs.Invalid, "There are %d comments on this review, which is as many as fit.", MaxComments)
	}
	if r.ThreadID == 0 {
		c.Number = r.Number
		if d.hides(c, r.By) {
			return c, errHidden
		}
		return c, d.anchor(&c, r.Quote)
	}
	switch t := find(all, r.ThreadID); {
	case t == nil || t.ThreadID != 0:
		return c, errs.New(op, errs.NotFound, "There is no such thread on this review.")
	case d.hides(*t, r.By):
		return c, errHidden
	case t.ResolvedBy != 0:
		return c, errs.New(op, errs.Conflict, d.Name(t.ResolvedBy)+" has resolved this thread. Start a new one.")
	}
	return c, nil
}

func find(all []Comment, id int64) *Comment {
	for i := range all {
		if all[i].ID == id {
			return &all[i]
		}
	}
	return nil
}

// head is the comment that begins the thread of c.
func head(all []Comment, c Comment) *Comment {
	if h := find(all, c.ThreadID); c.ThreadID != 0 && h != nil {
		return h
	}
	return &c
}

// noBlockingComment holds while nobody waits for an answer.
var noBlockingComment = guard("no blocking comment", "every comment that blocks publication is resolved", errs.Invalid, func(d *Dossier, _ *Command) string {
	return unless(d.Blocking == 0, plural(d.Blocking, "comment blocks", "comments block")+" publication. Answer it, and have it resolved.")
})
