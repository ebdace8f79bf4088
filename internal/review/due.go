package review

import (
	"time"

	"factcheck/internal/claims"
)

// DueFilter chooses live reviews of claims that can be checked from a day of a
// period on: promises, predictions, scheduled events.
type DueFilter struct {
	From, To time.Time // the period [From, To); a zero To does not end it
	States   []State   // empty: every state but dismissed, merged and retracted
	After    DueCursor
	Limit    int // 1 to MaxRows; 50 by default
}

// DueRow is a review whose claim waits for its day.
type DueRow struct {
	ReviewID, ClaimID int64
	State             State
	Due               time.Time // the day, midnight UTC
	Text, ShortForm   string
	Kind              claims.Kind
	Claimant          string    // "" if nobody is named
	AssigneeID        int64     // 0: nobody
	PublishedAt       time.Time // what readers see, since when; zero: nothing
}

// DueCursor is the last row of the page before. The zero DueCursor is the first
// page.
type DueCursor struct {
	Key int64 // Due in microseconds
	ID  int64 // of the claim
}

// DueAfter is the cursor for the page after row r.
func DueAfter(r DueRow) DueCursor { return DueCursor{Key: r.Due.UnixMicro(), ID: r.ClaimID} }
