package review

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"factcheck/internal/claims"
)

// Row is a review in a list.
type Row struct {
	ReviewID     int64
	State        State
	Version      int64
	Edition      int
	Score        float64
	Text         string // of the claim
	ShortForm    string // the same for a headline; may be empty
	Kind         claims.Kind
	Claimant     string // empty if nobody is named
	Unattributed bool
	AssigneeID   int64
	Assignee     string // name; empty if nobody works on it
	SubmitterID  int64
	ArticleID    int64 // where it was found first
	Article      string
	Reasons      []string // of the detector, at that place
	ChangedAt    time.Time
	Risk         Risk
	Priority     Priority
	DueAt        time.Time // zero: no clock runs
	ScheduledAt  time.Time
	Alert        string // why it was not published at its time
	EmbargoUntil time.Time
	Hold         HoldReason
	HoldUntil    time.Time
	Retraction   RetractionCode // signed once; empty otherwise
	OverrideDue  time.Time      // zero unless somebody has to look back at it
	Worth        float64        // see Reach.Worth
	Reach        Reach          // how often and how widely it was said; only in the order Worth
}

// Flag is something that a review carries whatever its state.
type Flag string

// The flags.
const (
	Held        Flag = "held"      // it is on hold
	ToSign      Flag = "to_sign"   // a retraction has the first of its signatures
	LookBackDue Flag = "look_back" // published without a second review, and not looked back at
	OpenEnds    Flag = "open_ends" // either of the two above
	Overdue     Flag = "overdue"   // the work should have been done, and is not on hold
	ComingDue   Flag = "due"       // the work has a time by which it is to be done
)

// Order is how a list is sorted.
type Order string

// The orders.
const (
	Newest Order = "newest" // last changed first
	Best   Order = "best"   // highest score first
	Worth  Order = "worth"  // what Reach.Worth puts first

	Pressing Order = "pressing" // highest priority first, then last changed
	Soonest  Order = "soonest"  // due first
)

// MaxRows is how many rows a list holds at most.
const MaxRows = 200

// Filter chooses rows. Zero fields do not restrict.
type Filter struct {
	States     []State
	Assignee   int64 // works on it
	Submitter  int64 // sent it
	NotTouched int64 // this person did not contribute to the edition
	Article    int64 // has a place in it
	Near       int64 // a review: those of claims in the same article, and the newest MaxRows by the same claimant
	Flag       Flag
	Priorities []Priority
	Kinds      []claims.Kind
	Topic      string    // what the claim is about, however it is spelled
	AsOf       time.Time // what Overdue compares with, and from when Worth counts a week back; zero counts no week
	Order      Order     // Newest by default
	After      Cursor
	Limit      int // 1 to MaxRows; 50 by default
}

// Cursor is the last row of the page before: lists page by key, never by
// offset. The zero Cursor is the first page.
type Cursor struct {
	Key   int64   // in microseconds: ChangedAt for Newest and Pressing, DueAt for Soonest; the priority, for Worth
	Score float64 // for Best; what Worth goes by; the priority, for Pressing
	ID    int64
}

// IsZero reports whether c is the first page.
func (c Cursor) IsZero() bool { return c.ID == 0 }

// CursorAfter is the cursor for the page after row r in that order.
func CursorAfter(r Row, o Order) Cursor {
	c := Cursor{Key: r.ChangedAt.UnixMicro(), Score: r.Score, ID: r.ReviewID}
	switch o {
	case Pressing:
		c.Score = float64(r.Priority)
	case Soonest:
		c.Key = r.DueAt.UnixMicro()
	case Worth:
		c.Key, c.Score = int64(r.Priority), r.Worth
	case Newest, Best:
	}
	return c
}

// Listed is a publication in a public list.
type Listed struct {
	Publication Publication
	Editions    int         // how many readers have seen
	Correction  *Correction // of this edition, if it is one
}

// Likely are the rows whose claims have most words in common with text, at
// most n, the likest first. Rows that are as like stay in their order.
func Likely(text string, rows []Row, n int) []Row {
	mine := wordsOf(text)
	like := func(r Row) float64 {
		theirs := wordsOf(r.Text)
		common := 0
		for w := range theirs {
			if mine[w] {
				common++
			}
		}
		return float64(common) / float64(max(1, len(mine)+len(theirs)-common))
	}
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b Row) int { return cmp.Compare(like(b), like(a)) })
	return out[:min(n, len(out))]
}

func wordsOf(text string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(claims.Fingerprint(text)) {
		all[w] = true
	}
	return all
}

// Mark is a claim where it stands in an article, for the reader's highlights.
type Mark struct {
	claims.Appearance
	ReviewID int64
	State    State
	Text     string // of the claim
	Short    string // the same for a headline; may be empty
	Kind     claims.Kind
	Claimant string
	Version  int64 // of the review
	Assignee int64 // who works on it; 0: nobody
}

// Adjustable reports whether p may now say that the claim is in other words.
func (m Mark) Adjustable(p Person) bool {
	d := Dossier{Review: Review{State: m.State, AssigneeID: m.Assignee}}
	cmd := Command{Action: EditSpan, Actor: p}
	move, err := d.find(cmd)
	return err == nil && len(d.missing(move, &cmd, true)) == 0
}

// ArticleRow is an article in a list.
type ArticleRow struct {
	Article claims.Article // without its Text
	Claims  int            // places in it where claims stand
	Triage  int            // of their reviews, how many wait to be triaged
}

// Check is one fact-check as readers can see it: every edition, newest first,
// with the note on why it replaced the one before.
type Check struct {
	Slug        string
	Editions    []Publication
	Corrections map[int64]Correction // by id of the edition's publication
}

// Address is where a live check is, and since when as it is.
type Address struct {
	Slug string
	At   time.Time
}
