// Package search reads what people type into the one box of the desk, and says
// where in a text it was found.
//
// A question is words, “phrases in quotation marks”, -words to leave out and
// begin* of words. Words are folded by [library.Words], as the index is, so that
// case, accents and the plural do not matter. Names are found by the runs of
// three letters that they share with the question, so that a slip finds them too.
package search

import "time"

// Kind is what a hit is.
type Kind string

// The kinds, in the order of the page.
const (
	Claims    Kind = "claim"
	Checks    Kind = "check" // what readers see
	Articles  Kind = "article"
	Evidence  Kind = "evidence"
	Speakers  Kind = "speaker"   // who makes claims
	Colleague Kind = "colleague" // people of the desk
)

// Kinds lists every kind.
var Kinds = []Kind{Claims, Checks, Articles, Evidence, Speakers, Colleague}

// Doc is one thing that can be found.
type Doc struct {
	Kind  Kind
	RefID int64 // of the claim, article, piece of evidence, claimant or person; of the review, for a check
	Title string
	Body  string
	At    time.Time
}

// MaxBody is how much of a text is looked into, in bytes: PostgreSQL keeps no
// more than a megabyte of words for one text.
const MaxBody = 256 << 10

// Filter narrows down. Zero fields do not restrict.
type Filter struct {
	Kind   Kind
	State  string    // of the review, for claims
	Topic  string    // what claims and published checks are about, however it is spelled
	From   time.Time // not older
	To     time.Time // older
	Before int64     // hits with a smaller number: the page after; needs Kind
	Limit  int       // 1 to 50
}

// Hit is something that was found.
type Hit struct {
	ID       int64 // its number in the index: newer things have larger ones
	Kind     Kind
	RefID    int64
	ReviewID int64  // of a claim or a piece of evidence; 0: none
	Slug     string // of a check
	Title    string
	Body     string
	By       string // who says or publishes it; may be empty
	State    string // of the review, for a claim
	At       time.Time
}
