package library

import "time"

// Query asks for checks. Zero fields do not restrict; Text and Site are not
// both empty.
type Query struct {
	Text   string    // words, of which the most rare must be found
	Site   string    // publisher's, as Site returns it
	Own    bool      // also our own publications, which have no site here: whether Site is ours is for the caller to know
	Lang   string    // BCP 47; its region does not count
	Since  time.Time // the newer of claim date and review date is not before it
	Offset int       // rows to pass over
	Limit  int       // rows to return, 1 to MaxFound
}

// Limits of a Query.
const (
	MaxFound  = 100
	MaxOffset = 10_000
)
