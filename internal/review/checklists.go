package review

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// What happens to the checklist of a review. As with comments, no move tells of
// it and the version of the review stays.
const (
	TickItem   Action = "tick_item"
	UntickItem Action = "untick_item"
)

// Checklists are what a desk wants done before a claim of each kind is
// published: items in their order, each at most MaxItem code points. A kind that
// is not there needs nothing.
type Checklists map[claims.Kind][]string

// Limits of a checklist.
const (
	MaxItems = 20  // of a kind
	MaxItem  = 200 // code points of one
)

// ParseChecklists reads checklists from JSON: an object of kinds, each a list of
// items. Invalid if a kind is unknown or a list is not what Check allows.
func ParseChecklists(body []byte) (Checklists, error) {
	var c Checklists
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, errs.Newf("review.ParseChecklists", errs.Invalid, "These checklists cannot be read: %v.", err)
	}
	return c, c.Check()
}

// Check is Invalid unless the checklists can be ticked off.
func (c Checklists) Check() error {
	const op = "review.Checklists"
	for kind, items := range c {
		if !slices.Contains(claims.Kinds, kind) {
			return errs.Newf(op, errs.Invalid, "There is no kind of claim “%.40s”.", kind)
		}
		if len(items) > MaxItems {
			return errs.Newf(op, errs.Invalid, "A checklist has at most %d items.", MaxItems)
		}
		for i, item := range items {
			switch {
			case strings.TrimSpace(item) != item || item == "" || strings.ContainsAny(item, "\r\n"):
				return errs.New(op, errs.Invalid, "Each item of a checklist is one line of words.")
			case utf8.RuneCountInString(item) > MaxItem:
				return errs.Newf(op, errs.Invalid, "An item of a checklist has at most %d characters. Shorten “%.60s…”.", MaxItem, item)
			case slices.Contains(items[:i], item):
				return errs.Newf(op, errs.Invalid, "“%s” stands twice in one checklist.", item)
			}
		}
	}
	return nil
}

// lines is a checklist as the history tells it.
func lines(items []string) string { return strings.Join(items, "\n") }

// Tick is what somebody said of an item of the checklist in one edition.
type Tick struct {
	ID       int64
	ReviewID int64
	Edition  int
	Item     string // its words: another item has others
	Done     bool   // false: they took their tick back
	ByID     int64
	At       time.Time
}

// Item is a line of the checklist of a review, with who ticked it.
type Item struct {
	Text string
	ByID int64 // 0: nobody yet
	At   time.Time
}

// Items are the checklist that is in force for the kind of the claim. Empty if
// there is none.
func (d *Dossier) Items() []Item {
	var out []Item
	for _, text := range d.Policy.Checklists[d.Claim.Kind] {
		item := Item{Text: text}
		for _, t := range d.Ticks { // the last word counts
			if t.Item == text {
				item.ByID, item.At = 0, time.Time{}
				if t.Done {
					item.ByID, item.At = t.ByID, t.At
				}
			}
		}
		out = append(out, item)
	}
	return out
}

// checklistComplete holds when all that the desk wants done is ticked.
var checklistComplete = guard("checklist complete", "every item of the checklist for this kind of claim is ticked in this edition", errs.Invalid, func(d *Dossier, _ *Command) string {
	open := slices.DeleteFunc(d.Items(), func(i Item) bool { return i.ByID != 0 })
	switch len(open) {
	case 0:
		return ""
	case 1:
		return "One item of the checklist is not ticked: “" + open[0].Text + "”."
	}
	return fmt.Sprintf("%d items of the checklist are not ticked, the first of them “%s”.", len(open), open[0].Text)
})

// Ticks does what people tick.
type Ticks struct {
	Store TickStore
	Now   func() time.Time
}

// TickStore keeps it. Its methods take part in the transaction of ctx.
type TickStore interface {
	keyed
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Dossier loads everything that decides about a review; in a transaction nobody
	// else can change it until that ends. NotFound.
	Dossier(ctx context.Context, reviewID int64) (Dossier, error)
	// AddTick keeps a tick and its event.
	AddTick(ctx context.Context, t Tick, e Event) error
}

// MayTick reports whether p may tick items of checklists.
func MayTick(p Person) bool { return p.Is(Checker, Editor) }

// Set ticks an item of the checklist of a review, or takes the tick back.
// Forbidden unless they are a fact-checker or an editor; Conflict if no verdict
// is being prepared; Invalid if the checklist has no such item. What is so
// already is not done again.
func (s *Ticks) Set(ctx context.Context, reviewID int64, item string, done bool, key string, by Person) error {
	const op = "review.Ticks"
	if !MayTick(by) {
		return errs.New(op, errs.Forbidden, "Checklists are ticked by fact-checkers and editors.")
	}
	if err := checkKey(op, key); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.Store.Dossier(ctx, reviewID)
		if err != nil {
			return err
		}
		a := UntickItem
		if done {
			a = TickItem
		}
		if sent, err := sentBefore(ctx, s.Store, reviewID, by, key, a); sent || err != nil {
			return err
		}
		items := d.Items()
		i := slices.IndexFunc(items, func(i Item) bool { return i.Text == item })
		switch {
		case !d.Working():
			return errs.New(op, errs.Conflict, "No verdict is being prepared here now, so there is nothing to tick.")
		case i < 0:
			return errs.New(op, errs.Invalid, "The checklist has changed and has no such item any more. Look at it again.")
		case done == (items[i].ByID != 0):
			return nil
		}
		e := eventBeside(d.Review, a, by, key, s.Now())
		if done {
			e.change("checklist", "", item)
		} else {
			e.change("checklist", item, "")
		}
		return s.Store.AddTick(ctx, Tick{ReviewID: reviewID, Edition: d.Review.Edition, Item: item, Done: done, ByID: by.ID, At: e.At}, e)
	})
}
