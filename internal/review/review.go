package review

import "time"

// State is where the work on a claim stands. It says nothing about the rating
// or about what readers see.
type State string

// The states. Moves decides how they are left.
const (
	Triage    State = "triage"    // proposed; nobody has decided that it is worth checking
	Queued    State = "queued"    // worth checking; nobody is on it
	Research  State = "research"  // somebody gathers evidence and writes the verdict
	Editing   State = "editing"   // sent to an editor
	Approved  State = "approved"  // approved by somebody who did not write it
	Published State = "published" // readers see it
	Dismissed State = "dismissed" // not to be checked, with the reason
	Scheduled State = "scheduled" // approved, and to be published at a time
	Merged    State = "merged"    // the same claim as another: its address leads there
	Retracted State = "retracted" // readers see that it was withdrawn, and why
)

// States lists every state in the order of the work.
var States = []State{Triage, Queued, Research, Editing, Approved, Scheduled, Published, Retracted, Dismissed, Merged}

// Review is the work item for one claim.
type Review struct {
	ID             int64
	ClaimID        int64
	State          State
	Version        int64     // grows by one with every move and edit: the optimistic lock
	Edition        int       // of the publication being prepared: 1, then 2 for the first correction
	Round          int       // see the package comment; approvals of earlier rounds are void
	VerdictID      int64     // the current revision; 0 before the first
	AssigneeID     int64     // who works on it; 0: nobody
	SubmitterID    int64     // who sent this round to an editor; 0 before
	SubmittedAt    time.Time // zero unless sent; appearances found later belong to the next edition
	Score          float64   // check-worthiness that brought it here, 0 to 1
	Chosen         string    // why the desk checks this claim
	Dismissal      DismissalCode
	DismissedBy    int64          // who dismissed it; 0 unless it is dismissed
	CorrectionKind CorrectionKind // of the correction being prepared; empty otherwise
	CorrectionNote string         // what readers will be told about it
	CorrectionBy   int64          // who opened it
	Risk           Risk           // how many approvals it needs: see Policy
	Priority       Priority       // how soon it matters
	DueAt          time.Time      // when the work is to be done, by the policy; zero: no clock runs
	ScheduledAt    time.Time      // when it is to be published; zero unless scheduled
	ScheduledBy    int64
	Alert          string     // why it was not published at its time; empty once somebody acted on it
	EmbargoUntil   time.Time  // not to be published before; zero: no embargo
	Hold           HoldReason // why it may not move on; empty: no hold
	HoldUntil      time.Time  // zero: until somebody lifts it
	HoldNote       string
	HeldAt         time.Time      // since when; zero unless on hold
	Retraction     RetractionCode // of the retraction that is signed; empty otherwise
	OverrideBy     int64          // who published it without a second review; 0: nobody, or it was looked at since
	OverrideDue    time.Time      // when somebody has to look at it
	MergedInto     int64          // review of the same claim; 0 unless merged
	MergedFrom     State          // where it stood before
	OpenedAt       time.Time
	ChangedAt      time.Time
}

// Risk is how much harm a mistake would do.
type Risk string

// The risks.
const (
	NormalRisk Risk = ""
	HighRisk   Risk = "high"
)

// HoldReason is why a review may not move on.
type HoldReason string

// The reasons for a hold.
const (
	LegalHold    HoldReason = "legal"
	SourceSafety HoldReason = "source_safety"
	Embargoed    HoldReason = "embargoed_source"
)

// HoldReasons is the menu of holds.
var HoldReasons = []Menu[HoldReason]{
	{LegalHold, "Legal"}, {SourceSafety, "Safety of a source"}, {Embargoed, "A source is under embargo"},
}

// RetractionCode is why a publication is withdrawn.
type RetractionCode string

// The reasons for a retraction.
const (
	WrongVerdict  RetractionCode = "wrong_verdict"
	Fabricated    RetractionCode = "fabricated_evidence"
	WrongClaimant RetractionCode = "wrong_claimant"
	LegalReasons  RetractionCode = "legal"
)

// Retractions is the menu of retractions.
var Retractions = []Menu[RetractionCode]{
	{WrongVerdict, "The verdict was wrong"}, {Fabricated, "Evidence was fabricated"},
	{WrongClaimant, "The claim was put in the wrong mouth"}, {LegalReasons, "Legal reasons"},
}

// Menu is a row of a menu.
type Menu[T ~string] struct {
	Code  T
	Label string
}

// labelOf is what the menu calls a code; the code itself if it is not there.
func labelOf[T ~string](menu []Menu[T], code T) string {
	for _, m := range menu {
		if m.Code == code {
			return m.Label
		}
	}
	return string(code)
}

// Correcting reports whether the review prepares a correction of something
// that readers see.
func (r Review) Correcting() bool { return r.CorrectionKind != "" }

// DismissalCode is why a claim is not checked.
type DismissalCode string

// The reasons for dismissing, in the order of the menu.
const (
	Opinion              DismissalCode = "opinion"
	IsPrediction         DismissalCode = "prediction"
	NotVerifiable        DismissalCode = "not_verifiable"
	Trivial              DismissalCode = "trivial"
	Satire               DismissalCode = "satire"
	AlreadyChecked       DismissalCode = "already_checked"
	OutOfScope           DismissalCode = "out_of_scope"
	NoPublicInterest     DismissalCode = "no_public_interest"
	InsufficientEvidence DismissalCode = "insufficient_evidence"
	Spam                 DismissalCode = "spam"
)

// Dismissal is a row of the menu of reasons.
type Dismissal struct {
	Code  DismissalCode
	Label string
	Note  bool // a note is required
}

// Dismissals is the menu of reasons.
var Dismissals = []Dismissal{
	{Opinion, "An opinion", false},
	{IsPrediction, "A prediction", false},
	{NotVerifiable, "Nobody can verify it", false},
	{Trivial, "Trivial", false},
	{Satire, "Satire", false},
	{AlreadyChecked, "Already checked (say where)", true},
	{OutOfScope, "Outside what this desk checks", true},
	{NoPublicInterest, "No public interest", true},
	{InsufficientEvidence, "Not enough evidence either way", true},
	{Spam, "Spam", true},
}

// CorrectionKind is what sort of change a correction makes.
type CorrectionKind string

// The kinds of correction, in the order of the menu.
const (
	Fix           CorrectionKind = "correction"
	Clarification CorrectionKind = "clarification"
	Update        CorrectionKind = "update"
	VerdictChange CorrectionKind = "verdict_change"
	Withdrawal    CorrectionKind = "retraction" // by retract alone: no row of the menu
)

// Correctable is a row of the menu of corrections.
type Correctable struct {
	Kind  CorrectionKind
	Label string
}

// CorrectionKinds is the menu of corrections.
var CorrectionKinds = []Correctable{
	{Fix, "Correction: something was wrong"},
	{Clarification, "Clarification: something was unclear"},
	{Update, "Update: there is new evidence"},
	{VerdictChange, "Change of verdict: the rating was wrong"},
}
