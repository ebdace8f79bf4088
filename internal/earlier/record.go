package earlier

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/library"
	"factcheck/internal/match"
	"factcheck/internal/review"
)

// Kind is what something that can be found is.
type Kind string

// The kinds.
const (
	Claim Kind = "claim" // one of our own
	Check Kind = "check" // a fact-check by somebody else, from the library
)

// Ref names one thing that can be found: "claim-12", "check-7".
type Ref struct {
	Kind Kind
	ID   int64 // of the claim, or of the check in the library
}

// String is the ref as an address or a form holds it.
func (r Ref) String() string { return string(r.Kind) + "-" + strconv.FormatInt(r.ID, 10) }

// ParseRef reads what String wrote. NotFound if it is none.
func ParseRef(s string) (Ref, error) {
	kind, id, _ := strings.Cut(s, "-")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 || Kind(kind) != Claim && Kind(kind) != Check {
		return Ref{}, errs.New("earlier.ParseRef", errs.NotFound, "There is no such earlier claim. Reload the page and choose again.")
	}
	return Ref{Kind(kind), n}, nil
}

// Record is one thing that can be found, as the index reads it, with the
// vectors that a model made of it.
type Record struct {
	Ref
	match.Record        // its ID is Ref.String()
	Digest       []byte // Digest of what Vectors were made of; nil: there are none
	Vectors      []byte // match.PackVectors
}

// Digest is the first 16 bytes of a hash of the texts that are encoded of r:
// vectors of other texts are stale.
func Digest(r match.Record) []byte {
	h := sha256.New()
	for _, t := range match.EncodedTexts(r) {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	return h.Sum(nil)[:16]
}

// Mark is a place in the log of changes. What was committed before it can be
// read from the tables.
type Mark int64

// Vector is what a model made of a record.
type Vector struct {
	Ref
	Digest  []byte
	Vectors []byte // match.PackVectors; none if the record has no text in a language of the model
}

// OwnClaim is a claim of ours as it is listed beside another.
type OwnClaim struct {
	ClaimID, ReviewID int64
	Text, ShortForm   string
	Lang              string
	Speaker           string // empty: nobody is named
	SaidAt            time.Time
	State             review.State
	Places            int            // appearances
	Slug              string         // of the live check; empty: readers see none
	Rating            *review.Rating // of the live check; nil if there is none or it was retracted
	Published         time.Time
	Retracted         bool
}

// Subject is a review for which earlier claims are wanted.
type Subject struct {
	ReviewID, ClaimID int64
	Version           int64
	State             review.State
	Text              string
	Lang              string
	Speaker           string
	Context           []string // the words before and after, where it was found first
	Public            bool     // readers see a check of it
}

// Outcome is what a decision led to.
type Outcome string

// The outcomes.
const (
	Joined    Outcome = "joined"    // the same claim: the review was merged into the other
	Dismissed Outcome = "dismissed" // the same claim: the review was dismissed as already checked
	Kept      Outcome = "kept"      // the same claim, and the review goes on
	Rejected  Outcome = "rejected"  // another claim: not offered again
)

// Decision is what somebody decided about a review's claim and an earlier one.
// It is never changed; a later one about the same pair counts in its place.
type Decision struct {
	ID       int64
	ReviewID int64
	ClaimID  int64 // of the review when it was decided
	Other    Ref
	Outcome  Outcome
	Method   string  // "index"
	Model    string  // of the ranking and of the vectors
	Score    float64 // 0 to 1, as the index gave it at that moment; 0 if it did not propose the pair
	Reasons  []match.Reason
	Note     string
	Key      string // of the form
	PersonID int64
	Person   string // name, when it is read
	At       time.Time
}

// Same reports whether it was decided that the two are the same claim.
func (d Decision) Same() bool { return d.Outcome != Rejected }

// About is the other side of the pair, seen from one of its claims.
func (d Decision) About(claimID int64) Ref {
	if d.ClaimID == claimID {
		return d.Other
	}
	return Ref{Claim, d.ClaimID}
}

// Store keeps what this package reads and writes. Its methods take part in the
// transaction that InTx put into ctx.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error

	// IndexMark is where the log of changes stands.
	IndexMark(ctx context.Context) (Mark, error)
	// IndexChanges walks what changed from one mark on and before another, each
	// once.
	IndexChanges(ctx context.Context, from, to Mark) iter.Seq2[Ref, error]
	// IndexSize is how many records there are.
	IndexSize(ctx context.Context) (int, error)
	// IndexRecords walks all records of a kind, with the vectors of that model.
	IndexRecords(ctx context.Context, kind Kind, model string) iter.Seq2[Record, error]
	// IndexRecordsOf reads some; those that are gone, or were merged, are left out.
	IndexRecordsOf(ctx context.Context, refs []Ref, model string) ([]Record, error)
	// VectorCounts is of how many records each model has made vectors.
	VectorCounts(ctx context.Context) (map[string]int, error)
	// SaveVectors stores vectors in place of those that the model made before.
	SaveVectors(ctx context.Context, model string, made time.Time, all []Vector) error

	// Subject is a review for which earlier claims are wanted. NotFound.
	Subject(ctx context.Context, reviewID int64) (Subject, error)
	// Beside are the claims that stand in the articles of a claim, and in no others;
	// at most 500.
	Beside(ctx context.Context, claimID int64) ([]int64, error)
	// OwnClaims and LibraryChecksOf are what refs name, by id; those that are
	// gone are left out.
	OwnClaims(ctx context.Context, ids []int64) (map[int64]OwnClaim, error)
	LibraryChecksOf(ctx context.Context, ids []int64) (map[int64]library.Check, error)

	// MatchDecisions are the newest decisions about a claim, whichever side it is
	// on, one a pair, newest first, at most 500.
	MatchDecisions(ctx context.Context, claimID int64) ([]Decision, error)
	// MatchDecisionByKey is the decision of a form that was sent before. NotFound.
	MatchDecisionByKey(ctx context.Context, key string) (Decision, error)
	// AddMatchDecision keeps a decision, with the event that tells of it if no
	// move does. Conflict if its form was sent before.
	AddMatchDecision(ctx context.Context, d Decision, told *review.Event) error
}
