package review

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// Attention is what people follow beside their own work: what they watch, what
// they were told, the lists that they keep, and who is on a page now. None of it
// decides anything about a review.
type Attention struct {
	Store AttentionStore
	Now   func() time.Time
}

// AttentionStore keeps it.
type AttentionStore interface {
	// Watch makes a person watch a review, or stop. NotFound if there is no such review.
	Watch(ctx context.Context, reviewID, personID int64, on bool, now time.Time) error
	// Around is who watches a review and who was on its page since that time.
	Around(ctx context.Context, reviewID int64, since time.Time) (Around, error)
	// Look notes that a person is on the page of a review. NotFound if there is
	// no such review.
	Look(ctx context.Context, reviewID, personID int64, editing bool, now time.Time) error

	// Notices are what a person was told, newest first, from the one before that
	// id on; 0 is the first page.
	Notices(ctx context.Context, personID, before int64, limit int) ([]Notice, error)
	// Unread is how much of it they have not read, at most MaxUnread.
	Unread(ctx context.Context, personID int64) (int, error)
	// ReadNotices marks everything up to that id as read.
	ReadNotices(ctx context.Context, personID, upTo int64, now time.Time) error

	// Views are the lists that a person keeps, by name.
	Views(ctx context.Context, personID int64) ([]View, error)
	// SaveView keeps a list, in place of one with the same name.
	SaveView(ctx context.Context, v View) error
	// DropView forgets a list of that person. NotFound.
	DropView(ctx context.Context, personID, id int64) error

	// Loads are active fact-checkers and editors by name, with their work, from the
	// one after that person on; 0 is the first page.
	Loads(ctx context.Context, now time.Time, after int64, limit int) ([]Load, error)
}

// Around is who has to do with a review now, beside its assignee.
type Around struct {
	Watchers []Person
	Here     []Presence
}

// Presence is somebody who is on the page of a review: advice, never a lock.
type Presence struct {
	Person  Person
	Editing bool // has typed something that is not saved
	At      time.Time
}

// Notice tells a person of something that somebody else did.
type Notice struct {
	ID       int64
	ReviewID int64
	Text     string // of the claim
	Action   Action
	State    State // after it
	ActorID  int64 // 0: the program
	Actor    string
	At       time.Time
	ReadAt   time.Time // zero: unread
}

// View is a list of the queue that somebody keeps under a name.
type View struct {
	ID       int64
	PersonID int64
	Name     string // at most MaxViewName runes
	Query    string // of the queue's address: "state=triage&kind=quantity"
	At       time.Time
}

// Limits of what one person keeps.
const (
	MaxViewName  = 60
	MaxViewQuery = 400 // bytes
	MaxViews     = 30
	MaxUnread    = 99
)

// hereFor is for how long somebody counts as being on a page after their browser
// last said so. A browser says so every 20 seconds.
const hereFor = 50 * time.Second

// Watch makes somebody watch a review, or stop. Forbidden unless they are of the
// desk.
func (a *Attention) Watch(ctx context.Context, who Person, reviewID int64, on bool) error {
	if err := ofTheDesk(who); err != nil {
		return err
	}
	return a.Store.Watch(ctx, reviewID, who.ID, on, a.now())
}

// Look notes that somebody is on the page of a review, and returns who else is.
func (a *Attention) Look(ctx context.Context, who Person, reviewID int64, editing bool) (Around, error) {
	if err := ofTheDesk(who); err != nil {
		return Around{}, err
	}
	if err := a.Store.Look(ctx, reviewID, who.ID, editing, a.now()); err != nil {
		return Around{}, err
	}
	return a.Around(ctx, reviewID)
}

// Around is who watches a review and who is on its page.
func (a *Attention) Around(ctx context.Context, reviewID int64) (Around, error) {
	return a.Store.Around(ctx, reviewID, a.now().Add(-hereFor))
}

// SaveView keeps the list of the queue that an address shows under a name.
// Invalid if the name is empty or too long, or there are MaxViews already.
func (a *Attention) SaveView(ctx context.Context, who Person, name, query string) error {
	const op = "review.SaveView"
	name = strings.Join(strings.Fields(name), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return errs.New(op, errs.Invalid, "Give the list a name.")
	case n > MaxViewName:
		return errs.Newf(op, errs.Invalid, "Give the list a shorter name: at most %d characters.", MaxViewName)
	}
	if _, err := url.ParseQuery(query); err != nil || len(query) > MaxViewQuery {
		return errs.New(op, errs.Invalid, "This list cannot be kept. Choose one of the queue's tabs, then keep it.")
	}
	if err := ofTheDesk(who); err != nil {
		return err
	}
	have, err := a.Store.Views(ctx, who.ID)
	if err != nil {
		return err
	}
	again := slices.ContainsFunc(have, func(v View) bool { return v.Name == name })
	if len(have) >= MaxViews && !again {
		return errs.Newf(op, errs.Invalid, "You keep %d lists, which is as many as fit. Forget one first.", MaxViews)
	}
	return a.Store.SaveView(ctx, View{PersonID: who.ID, Name: name, Query: query, At: a.now()})
}

func ofTheDesk(who Person) error {
	if who.Is(Roles...) {
		return nil
	}
	return errs.New("review.Attention", errs.Forbidden, "Only people of this desk can do this.")
}

func (a *Attention) now() time.Time { return a.Now().UTC().Truncate(time.Microsecond) }
