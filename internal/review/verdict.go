package review

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"

	"factcheck/internal/errs"
)

// Limits on what a person writes, in code points.
const (
	MaxSummary   = 1_000
	MaxRationale = 50_000
	MaxNote      = 4_000
	MaxQuote     = 10_000
	MaxLine      = 500
	MaxAddress   = 2_000
	MaxEvidence  = 200 // pieces on one review
)

// Verdict is one immutable revision of what the desk found.
type Verdict struct {
	ID         int64
	ReviewID   int64
	Number     int    // 1, 2, … within the review
	ScaleID    int64  // the version of the scale that Rating belongs to
	Rating     string // a code of that scale; empty in an unfinished revision
	Summary    string // one paragraph
	Rationale  string // Markdown; cites evidence as [1]
	OneSource  string // why one source is enough; empty otherwise
	NoneFound  bool   // evidence for the other side was looked for, and none found
	NoConflict bool   // the author declares no conflict of interest
	AuthorID   int64
	CreatedAt  time.Time
}

// VerdictDraft is what a person writes to make the next revision.
type VerdictDraft struct {
	Rating     string // a code of the scale in force, or empty
	Summary    string
	Rationale  string
	OneSource  string
	NoneFound  bool
	NoConflict bool
}

func (v VerdictDraft) check() error {
	const op = "review.VerdictDraft"
	return firstError(
		tooLong(op, "summary", v.Summary, MaxSummary),
		tooLong(op, "rationale", v.Rationale, MaxRationale),
		tooLong(op, "reason for a single source", v.OneSource, MaxNote),
	)
}

// Stance is what a piece of evidence does to the claim.
type Stance string

// The stances.
const (
	Supports Stance = "supports"
	Refutes  Stance = "refutes"
	Context  Stance = "context"
)

// Stances lists every stance in the order of the menu.
var Stances = []Stance{Supports, Refutes, Context}

// Evidence is one source that bears on a claim.
type Evidence struct {
	ID         int64
	ReviewID   int64
	Number     int    // 1, 2, … within the review; how the rationale cites it; never used again
	URL        string // address of the source; may be empty if Title names it
	ArchiveURL string // address of an archived copy; may be empty
	Title      string
	Publisher  string
	Quote      string // what the source says, to the letter
	Stance     Stance
	Note       string
	AccessedAt time.Time // when the person looked
	Origin     Origin    // whether it was there itself
	Behind     string    // who stands behind it, if not its publisher: sources with the same are one; may be empty
	Interest   string    // what its author gains by the answer; may be empty
	NoCopy     string    // why no copy of the address can be kept; empty: one is
	AddedIn    int       // edition
	AddedBy    int64
	AddedAt    time.Time
	RemovedIn  int // edition; 0 while it stands
	RemovedBy  int64
	RemovedAt  time.Time
}

// Group is who stands behind the evidence, for counting independent sources:
// who is said to stand behind it, else the publisher if named, else the registrable domain of the address, else the
// title; lower case.
func (e Evidence) Group() string {
	if p := strings.TrimSpace(firstNonEmpty(e.Behind, e.Publisher)); p != "" {
		return strings.ToLower(p)
	}
	if u, err := url.Parse(e.URL); err == nil && u.Hostname() != "" {
		host := strings.ToLower(u.Hostname())
		if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
			return d
		}
		return host
	}
	return strings.ToLower(strings.TrimSpace(e.Title))
}

// check is Invalid unless the evidence can be kept.
func (e Evidence) check() error {
	const op = "review.Evidence"
	if strings.TrimSpace(e.URL) == "" && strings.TrimSpace(e.Title) == "" {
		return errs.New(op, errs.Invalid, "Give the address of the source, or a title that says where it can be found.")
	}
	if e.Stance != Supports && e.Stance != Refutes && e.Stance != Context {
		return errs.New(op, errs.Invalid, "Say whether the source supports the claim, refutes it or gives context.")
	}
	return firstError(
		checkAddress(op, e.URL), checkAddress(op, e.ArchiveURL),
		tooLong(op, "title", e.Title, MaxLine), tooLong(op, "publisher", e.Publisher, MaxLine),
		tooLong(op, "quotation", e.Quote, MaxQuote), tooLong(op, "note", e.Note, MaxNote),
		knownOrigin(e.Origin), tooLong(op, "name of who stands behind it", e.Behind, MaxLine),
		tooLong(op, "note on interests", e.Interest, MaxNote), tooLong(op, "reason for keeping no copy", e.NoCopy, MaxNote),
	)
}

// checkAddress is Invalid unless s is empty or an absolute web address.
func checkAddress(op, s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || len(s) > MaxAddress {
		return errs.New(op, errs.Invalid, "That is not a web address. It starts with https:// and has at most 2,000 characters.")
	}
	return nil
}

func tooLong(op, what, s string, limit int) error {
	if n := utf8.RuneCountInString(s); n > limit {
		return errs.Newf(op, errs.Invalid, "The %s has %d characters; at most %d fit.", what, n, limit)
	}
	if !utf8.ValidString(s) {
		return errs.Newf(op, errs.Invalid, "The %s holds bytes that are not text. Paste it again.", what)
	}
	return nil
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
