package review

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/errs"
)

// Complaint is what a reader says is wrong with one edition of a check. What was
// written never changes; the mail address can be forgotten.
type Complaint struct {
	ID            int64
	ReviewID      int64
	PublicationID int64 // the edition that the reader saw
	Version       int64 // 1, 2, …: a change counts only against the one that was read
	Text          string
	Proof         string // web address; may be empty
	Email         string // to be told the outcome; empty if none was given, or it was forgotten
	ReceivedAt    time.Time
	PolicyID      int64 // which policy set the clock; 0: the default one
	Hours         int   // from ReceivedAt to DueAt
	DueAt         time.Time
	ErasedAt      time.Time // when the mail address was forgotten
	TakenBy       int64     // who looks at it again; 0: nobody yet
	TakenAt       time.Time
	Finding       string // what that person found
	FoundAt       time.Time
	Outcome       ComplaintOutcome // empty while it is open
	Reason        string           // which the reader is told
	DecidedBy     int64
	DecidedAt     time.Time
	AnswerID      int64     // the edition that it led to; 0: none, or not yet
	ToldAt        time.Time // when the outcome was sent to the reader
	Untold        string    // why it was not; empty: it was, or waits
}

// Open reports whether nobody has decided about it.
func (c Complaint) Open() bool { return c.Outcome == "" }

// ComplaintOutcome is how a complaint was decided.
type ComplaintOutcome string

// The outcomes.
const (
	Upheld       ComplaintOutcome = "upheld"
	PartlyUpheld ComplaintOutcome = "partly_upheld"
	Rejected     ComplaintOutcome = "rejected"
)

// ComplaintWord is an outcome with its words.
type ComplaintWord struct {
	Code  ComplaintOutcome
	Label string
}

// ComplaintOutcomes lists every outcome with its words.
var ComplaintOutcomes = []ComplaintWord{{Upheld, "upheld"}, {PartlyUpheld, "partly upheld"}, {Rejected, "rejected"}}

// Label is the outcome in words; "" while there is none.
func (o ComplaintOutcome) Label() string {
	for _, known := range ComplaintOutcomes {
		if known.Code == o {
			return known.Label
		}
	}
	return string(o)
}

// What is done with complaints, as the audit trail has it.
const (
	ReceiveComplaint Action = "receive_complaint"
	TakeComplaint    Action = "take_complaint"
	FindComplaint    Action = "find_complaint"
	DecideComplaint  Action = "decide_complaint"
	ForgetReader     Action = "forget_reader"
)

// ComplaintDeeds lists them in their order.
var ComplaintDeeds = []Action{ReceiveComplaint, TakeComplaint, FindComplaint, DecideComplaint, ForgetReader}

// Limits of a complaint, in characters.
const (
	MaxComplaint = 5_000
	MaxProof     = 2_000
)

// ComplaintHoursOf is how many hours the desk has for a complaint under the
// policy.
func (p Policy) ComplaintHoursOf() int { return cmpOr(p.ComplaintHours, DefaultPolicy.ComplaintHours) }

// NewComplaint is what a reader sends about an edition. Invalid unless it says
// what is wrong, in what fits.
func NewComplaint(p Publication, text, proof, email string, in Policy, now time.Time) (Complaint, error) {
	const op = "review.NewComplaint"
	text, proof, email = strings.TrimSpace(text), strings.TrimSpace(proof), strings.ToLower(strings.TrimSpace(email))
	if text == "" {
		return Complaint{}, errs.New(op, errs.Invalid, "Say what is wrong.")
	}
	if err := firstError(tooLong(op, "text", text, MaxComplaint), tooLong(op, "web address", proof, MaxProof), oneLine(op, "web address", proof)); err != nil {
		return Complaint{}, err
	}
	if proof != "" && !isWebAddress(proof) {
		return Complaint{}, errs.New(op, errs.Invalid, "The proof has to be a web address. It looks like https://example.org/page.")
	}
	if email != "" {
		if err := CheckMailAddress(email); err != nil {
			return Complaint{}, err
		}
	}
	hours := in.ComplaintHoursOf()
	return Complaint{
		ReviewID: p.ReviewID, PublicationID: p.ID, Version: 1, Text: text, Proof: proof, Email: email, ReceivedAt: now,
		PolicyID: in.ID, Hours: hours, DueAt: now.Add(time.Duration(hours) * time.Hour),
	}, nil
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// ComplaintCase is a complaint with what decides who may do what about it.
type ComplaintCase struct {
	Complaint    Complaint
	Contributors []int64 // to any edition of the check
	People       []Person
}

// Name is the name of a person of the case.
func (c ComplaintCase) Name(id int64) string {
	if i := slices.IndexFunc(c.People, func(p Person) bool { return p.ID == id }); i >= 0 {
		return c.People[i].Name
	}
	return "a former colleague"
}

// MayTake is nil if that person may look at the check again.
func (c ComplaintCase) MayTake(by Person) error {
	const op = "review.TakeComplaint"
	switch taker := c.Complaint.TakenBy; {
	case !by.Is(Checker, Editor):
		return errs.New(op, errs.Forbidden, "Only fact-checkers and editors look at a check again.")
	case !c.Complaint.Open():
		return errs.New(op, errs.Conflict, "This complaint was decided. Nothing can be added to it.")
	case c.Complaint.Finding != "":
		return errs.Newf(op, errs.Conflict, "%s has looked at it. It waits for a standards editor.", c.Name(taker))
	case slices.Contains(c.Contributors, by.ID):
		return errs.New(op, errs.Forbidden, "You worked on this check, so somebody else has to look at it again.")
	case taker == by.ID:
		return errs.New(op, errs.Conflict, "You look at it already. Write down what you find.")
	case taker != 0 && !by.Is(Editor):
		return errs.Newf(op, errs.Conflict, "%s looks at it already. An editor can take it over.", c.Name(taker))
	}
	return nil
}

// Take gives the complaint to that person for a second look.
func (c ComplaintCase) Take(by Person, now time.Time) (Complaint, Event, error) {
	next, e := c.Complaint, c.event(TakeComplaint, by, now)
	if err := c.MayTake(by); err != nil {
		return next, e, err
	}
	next.TakenBy, next.TakenAt = by.ID, now
	return next, e, nil
}

// MayFind is nil if that person may write down what they found.
func (c ComplaintCase) MayFind(by Person) error {
	const op = "review.FindComplaint"
	switch {
	case c.Complaint.TakenBy == 0 || c.Complaint.TakenBy != by.ID:
		return errs.New(op, errs.Forbidden, "Only who took this complaint writes what they found. Take it first.")
	case !by.Is(Checker, Editor):
		return errs.New(op, errs.Forbidden, "Only fact-checkers and editors look at a check again.")
	case !c.Complaint.Open() || c.Complaint.Finding != "":
		return errs.New(op, errs.Conflict, "What you found is on record. It cannot be changed.")
	case slices.Contains(c.Contributors, by.ID):
		return errs.New(op, errs.Forbidden, "You have worked on this check since you took the complaint, so somebody else has to look at it again. An editor can take it over.")
	}
	return nil
}

// Find keeps what that person found, for good.
func (c ComplaintCase) Find(by Person, note string, now time.Time) (Complaint, Event, error) {
	const op = "review.FindComplaint"
	next, e := c.Complaint, c.event(FindComplaint, by, now)
	if err := c.MayFind(by); err != nil {
		return next, e, err
	}
	note = strings.TrimSpace(note)
	if note == "" {
		return next, e, errs.New(op, errs.Invalid, "Write down what you found.")
	}
	next.Finding, next.FoundAt, e.Note = note, now, note
	return next, e, tooLong(op, "finding", note, MaxNote)
}

// MayDecide is nil if that person may decide about it now.
func (c ComplaintCase) MayDecide(by Person) error {
	const op = "review.DecideComplaint"
	switch {
	case !by.Is(Standards):
		return errs.New(op, errs.Forbidden, "Only standards editors decide about complaints.")
	case !c.Complaint.Open():
		return errs.New(op, errs.Conflict, "This complaint was decided. A decision is final.")
	case slices.Contains(c.Contributors, by.ID):
		return errs.New(op, errs.Forbidden, "You worked on this check, so another standards editor has to decide.")
	case c.Complaint.TakenBy == by.ID:
		return errs.New(op, errs.Forbidden, "You looked at it again yourself, so another standards editor has to decide.")
	case c.Complaint.Finding == "":
		return errs.New(op, errs.Conflict, "Somebody who did not work on this check looks at it again first. Then it can be decided.")
	}
	return nil
}

// Decide ends the complaint.
func (c ComplaintCase) Decide(by Person, o ComplaintOutcome, reason string, now time.Time) (Complaint, Event, error) {
	const op = "review.DecideComplaint"
	next, e := c.Complaint, c.event(DecideComplaint, by, now)
	if err := c.MayDecide(by); err != nil {
		return next, e, err
	}
	reason = strings.TrimSpace(reason)
	if !slices.ContainsFunc(ComplaintOutcomes, func(l ComplaintWord) bool { return l.Code == o }) {
		return next, e, errs.New(op, errs.Invalid, "Choose whether the complaint is upheld, partly upheld or rejected.")
	}
	if reason == "" {
		return next, e, errs.New(op, errs.Invalid, "Give the reason. The reader is told it.")
	}
	next.Outcome, next.Reason, next.DecidedBy, next.DecidedAt = o, reason, by.ID, now
	e.Note = reason
	e.change("outcome", "", o.Label())
	return next, e, tooLong(op, "reason", reason, MaxNote)
}

// MayForget is nil if that person may forget the reader's mail address.
func (c ComplaintCase) MayForget(by Person) error {
	const op = "review.ForgetReader"
	switch {
	case !by.Is(Admin):
		return errs.New(op, errs.Forbidden, "Only an administrator forgets a reader’s mail address.")
	case c.Complaint.Email == "":
		return errs.New(op, errs.Conflict, "There is no mail address to forget.")
	}
	return nil
}

// Forget forgets the reader's mail address; that somebody complained, and of
// what, stays.
func (c ComplaintCase) Forget(by Person, now time.Time) (Complaint, Event, error) {
	next, e := c.Complaint, c.event(ForgetReader, by, now)
	if err := c.MayForget(by); err != nil {
		return next, e, err
	}
	next.Email, next.ErasedAt = "", now
	return next, e, nil
}

// Received is the event that tells of a new complaint. It does not hold the
// reader's words: they are at the complaint.
func (c Complaint) Received() Event {
	return ComplaintCase{Complaint: c}.event(ReceiveComplaint, Person{}, c.ReceivedAt)
}

func (c ComplaintCase) event(a Action, by Person, now time.Time) Event {
	e := Event{Subject: OnReview, SubjectID: c.Complaint.ReviewID, Action: a, ActorID: by.ID, At: now, PolicyID: c.Complaint.PolicyID}
	e.change("complaint", "", "no. "+strconv.FormatInt(c.Complaint.ID, 10))
	return e
}

// ComplaintAudience is who is told in the app of what happened to a complaint.
func ComplaintAudience(a Action, c Complaint) Audience {
	switch a {
	case ReceiveComplaint:
		return Audience{Watchers: true, Editors: true}
	case FindComplaint:
		return Audience{Standards: true}
	case DecideComplaint:
		return Audience{Watchers: true, Editors: true, People: []int64{c.TakenBy}}
	default:
		return Audience{}
	}
}

// ComplaintFilter chooses complaints. Zero fields do not restrict.
type ComplaintFilter struct {
	Decided  bool // those that were decided, newest first; else the open ones, the first due first
	ReviewID int64
	After    Cursor // Key is the time that they are sorted by
	Limit    int    // 1 to MaxRows; 50 by default
}

// ComplaintRow is a line of the list.
type ComplaintRow struct {
	Complaint
	Claim   string
	Edition int // that the reader saw
	Slug    string
	Taker   string // empty: nobody has taken it
}
