package review

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// Tally is how a desk dealt with the claims of one speaker, side, topic or kind that
// were found in a period.
type Tally struct {
	ID        int64  // of the speaker; 0 for others
	Key       string // of the topic; empty for others
	Name      string // empty: nobody is named, or no side is known
	Side      string // of the speaker
	Found     int    // claims, merged ones left out
	Chosen    int    // of these, accepted for checking
	Dismissed int
	Published int
}

// Count is a name with a number.
type Count struct {
	Name string
	N    int
}

// Rated is how often the checks of one side got one rating.
type Rated struct {
	Side, Rating, Colour string
	N                    int
}

// Balance says whom a desk checks, and why not the others.
type Balance struct {
	Speakers []Tally // those with most claims, at most BalanceRows
	Sides    []Tally // so too
	Topics   []Tally // so too; a claim of two topics counts for each
	Kinds    []Tally
	Reasons  []Count // of dismissals, by code
	Ratings  []Rated // of what readers see, by side
	About    []Rated // the same by topic, in the place of the side; a check of two topics counts for each
}

// BalanceRows is how many speakers, sides or topics a balance lists at a time.
const BalanceRows = 50

// BalanceList is one of the long lists of a balance.
type BalanceList string

// The lists.
const (
	BySpeaker BalanceList = "speakers"
	BySide    BalanceList = "sides"
	ByTopic   BalanceList = "topics"
)

// BalanceFilter chooses what a balance tells.
type BalanceFilter struct {
	From, To time.Time   // when claims were opened; half-open
	List     BalanceList // of which alone what follows After is told; empty: all of it, from the beginning
	After    TallyCursor
}

// TallyCursor is the last row of a list of the page before.
type TallyCursor struct {
	Found int
	Key   string // of the speaker its number; of the side its name; of the topic its key
}

// CursorAfterTally is the cursor for what follows t in a list.
func CursorAfterTally(l BalanceList, t Tally) TallyCursor {
	switch l {
	case BySpeaker:
		return TallyCursor{t.Found, strconv.FormatInt(t.ID, 10)}
	case ByTopic:
		return TallyCursor{t.Found, t.Key}
	default:
		return TallyCursor{t.Found, t.Name}
	}
}

// SetSide is the action of saying on which side a speaker stands, and OnClaimant
// the subject of its event.
const (
	SetSide    Action  = "set_side"
	OnClaimant Subject = "claimant"
)

// MaxSide is how long the name of a side is at most, in runes.
const MaxSide = 60

// Sides keeps on which side speakers stand.
type Sides struct {
	Store interface {
		// SetSide writes the side of a claimant and the event that tells it, in one
		// transaction. NotFound.
		SetSide(ctx context.Context, claimantID int64, side string, by int64, now time.Time) error
	}
	Now func() time.Time
}

// Set says on which side a speaker stands, or with "" that the desk says nothing.
// Forbidden unless by is an editor; Invalid if it is too long; NotFound.
func (s *Sides) Set(ctx context.Context, by Person, claimantID int64, side string) error {
	const op = "review.SetSide"
	side = strings.Join(strings.Fields(side), " ")
	if !by.Is(Editor) {
		return errs.New(op, errs.Forbidden, "Only an editor says on which side a speaker stands.")
	}
	if utf8.RuneCountInString(side) > MaxSide {
		return errs.Newf(op, errs.Invalid, "Use at most %d characters for a side.", MaxSide)
	}
	return s.Store.SetSide(ctx, claimantID, side, by.ID, s.Now().UTC().Truncate(time.Microsecond))
}
