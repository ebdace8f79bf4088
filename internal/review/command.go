package review

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Command asks for one action on one review. Identity is in it, never in a
// context.
type Command struct {
	ReviewID   int64
	Version    int64 // of the review that the person saw
	Action     Action
	Actor      Person
	Key        string // of the form, at most 64 bytes: sending it twice counts once; may be empty
	Note       string
	Dismissal  DismissalCode  // of dismiss
	AssigneeID int64          // of assign and correct
	Correction CorrectionKind // of correct
	Retraction RetractionCode // of retract
	Hold       HoldReason     // of hold
	Risk       Risk           // of risk
	Priority   Priority       // of priority
	Rating     string         // of second_read: what the reader would give
	At         time.Time      // of schedule; of hold and embargo, whose end it is
	IntoID     int64          // of merge: the review of the same claim
	Invite     *GuestDraft    // of invite_reader
	GuestID    int64          // of revoke_reader
	EvidenceID int64          // of edit_evidence, remove_evidence and attach_file
	RequestID  int64          // of what is done to a request for a reply
	Ask        *ReplyDraft    // of ask_reply
	Outcome    ReplyOutcome   // of close_reply
	Reply      string         // of close_reply and answer_reply: word for word
	Stance     Stance         // of take_reply
	Claim      *ClaimDraft    // of edit_claim, and of accept if the form has it
	Verdict    *VerdictDraft  // of save_verdict
	Evidence   *Evidence      // of add_evidence and edit_evidence
	Span       *SpanDraft     // of edit_span
	File       *File          // of attach_file; of add_evidence if the form has one

	Assignee Person   // AssigneeID, loaded by Service.Do
	Into     *Dossier // IntoID, loaded by Service.Do; nil if there is none
}

// ClaimDraft is what a person writes about a claim.
type ClaimDraft struct {
	Text         string
	ShortForm    string
	Kind         claims.Kind
	Lang         string
	Claimant     string // name; empty if Unattributed
	ClaimantKind claims.ClaimantKind
	Unattributed bool
	SaidAt       time.Time
	DueAt        time.Time // day from which it can be checked; zero if it can be now
	Chosen       string
	Topics       []string // what it is about; nil: as they are
}

func (c ClaimDraft) check() error {
	const op = "review.ClaimDraft"
	if c.Unattributed && strings.TrimSpace(c.Claimant) != "" {
		return errs.New(op, errs.Invalid, "Either name who makes the claim, or say that nobody in particular does; not both.")
	}
	if !slices.Contains(claims.Kinds, c.Kind) {
		return errs.New(op, errs.Invalid, "Choose what kind of claim this is.")
	}
	return firstError(
		claims.CheckText(c.Text),
		tooLong(op, "short form", c.ShortForm, claims.MaxClaimText), // over MaxShortForm is a warning
		tooLong(op, "name", c.Claimant, claims.MaxName), tooLong(op, "language", c.Lang, 35),
		tooLong(op, "reason for choosing", c.Chosen, MaxNote), checkTopics(c.Topics),
	)
}

// Outcome is all that a command writes, in one transaction.
type Outcome struct {
	Review       Review
	ReadVersion  int64            // Review is saved only if this is still its version
	Claim        *claims.Claim    // changed; nil: as it was
	Claimant     *claims.Claimant // of Claim, to be found by name or made; nil: as it was
	Topics       *[]string        // of Claim, in place of those it has; nil: as they were
	Verdict      *Verdict         // the next revision
	Cites        []int64          // evidence that Verdict cites
	AddEvidence  []Evidence       // Store.Save fills in their ids
	DropEvidence []int64          // to be marked as removed
	RestoreFrom  *Restore
	Approval     *Approval
	Publication  *Publication
	Correction   *Correction
	Contributed  []Contribution
	Reading      *SecondReading
	Resolution   *Resolution
	Merge        *MergeOutcome
	Guest        *GuestReader  // made if it has no id, else changed
	Request      *ReplyRequest // made if it has no id, else changed
	Reply        *Reply        // to the request of its RequestID
	Unmerge      bool          // undo the merge that is in force
	MovePlace    *PlaceMove
	Spans        []SpanCorrection // to be kept
	Event        Event
	Audience     Audience // who is told of it
}

// MergeOutcome is what a merge writes about the review that is merged into.
type MergeOutcome struct {
	Into         Review // with its next version
	IntoVersion  int64  // Into is saved only if this is still its version
	MoveEvidence bool   // evidence goes along; not to a review that readers see
	Event        Event  // on Into
}

// Restore puts evidence back as it was before the edition in preparation.
type Restore struct{ Edition int }

// Missing is one guard that does not hold.
type Missing struct {
	Guard    string
	Sentence string
}

// Refusal is the error for a move that may not be made now. It lists every
// guard that does not hold.
type Refusal struct {
	Kind    errs.Kind
	Missing []Missing
}

// Error is the text for the log.
func (r *Refusal) Error() string { return "review: refused: " + r.sentences() }

// Unwrap makes a Refusal an errs.Error with all sentences as its message.
func (r *Refusal) Unwrap() error { return errs.New("review.Apply", r.Kind, r.sentences()) }

func (r *Refusal) sentences() string {
	var s []string
	for _, m := range r.Missing {
		s = append(s, m.Sentence)
	}
	return strings.Join(s, " ")
}

func refuse(kind errs.Kind, guard, sentence string) *Refusal {
	return &Refusal{kind, []Missing{{guard, sentence}}}
}

// Apply returns what cmd writes, or why it may not: Conflict if the version is
// not the one that the person saw or the state does not allow it, Forbidden if
// this person may not, Invalid if something is missing. It is pure.
func (d Dossier) Apply(cmd Command, now time.Time) (Outcome, error) {
	d.AsOf = now
	if cmd.Version != d.Review.Version {
		return Outcome{}, refuse(errs.Conflict, "version", "Someone else changed this while you worked on it.")
	}
	if err := cmd.check(d); err != nil {
		return Outcome{}, err
	}
	move, err := d.find(cmd)
	if err != nil {
		return Outcome{}, err
	}
	before := d
	if cmd.Claim != nil {
		d.edit(*cmd.Claim)
	}
	if missing := d.missing(move, &cmd, false); len(missing) > 0 {
		return Outcome{}, &Refusal{missing[0].kind, sentences(missing)}
	}
	o := d.begin(move, cmd, now)
	if err := move.Effect(&before, &d, &cmd, &o); err != nil {
		return Outcome{}, err
	}
	o.Event.To = o.Review.State
	o.tell(&before)
	return o, nil
}

// check is Invalid unless what the command carries is within its limits and
// fits its action.
func (cmd Command) check(d Dossier) error {
	const op = "review.Command"
	if !slices.ContainsFunc(Moves, func(m Move) bool { return m.Action == cmd.Action }) {
		return errs.Newf(op, errs.Invalid, "There is no action “%.40s”. Reload the page and use its buttons.", cmd.Action)
	}
	if len(cmd.Key) > 64 || !utf8.ValidString(cmd.Key) {
		return errs.New(op, errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	incomplete := cmd.Action == EditClaim && cmd.Claim == nil || cmd.Action == SaveVerdict && cmd.Verdict == nil ||
		(cmd.Action == AddEvidence || cmd.Action == EditEvidence) && cmd.Evidence == nil || cmd.Action == AttachFile && cmd.File == nil
	if incomplete {
		return errs.New(op, errs.Invalid, "This form is empty. Reload the page and send it again.")
	}
	if cmd.Claim != nil && cmd.Action != EditClaim && cmd.Action != Accept {
		return errs.New(op, errs.Invalid, "This action cannot change the claim. Save the claim first.")
	}
	if cmd.File != nil && cmd.Action != AttachFile && cmd.Action != AddEvidence {
		return errs.New(op, errs.Invalid, "A file can only be added to the evidence.")
	}
	err := tooLong(op, "note", cmd.Note, MaxNote)
	if err == nil && cmd.Invite != nil {
		err = cmd.Invite.check()
	}
	if err == nil && cmd.Ask != nil {
		err = cmd.Ask.check()
	}
	if err == nil {
		err = tooLong(op, "reply", cmd.Reply, MaxReply)
	}
	if err == nil && cmd.Claim != nil {
		err = cmd.Claim.check()
	}
	if err == nil && cmd.Verdict != nil {
		err = firstError(cmd.Verdict.check(), knownRating(*cmd.Verdict, d.InForce))
	}
	if err == nil && cmd.Evidence != nil {
		err = cmd.Evidence.check()
	}
	if err == nil && cmd.Span != nil {
		err = claims.CheckText(cmd.Span.Span.Quote)
	}
	return err
}

func knownRating(v VerdictDraft, s RatingScale) error {
	if r, ok := s.Rating(v.Rating); v.Rating != "" && (!ok || r.Retired) {
		return errs.Newf("review.VerdictDraft", errs.Invalid, "“%.40s” is not a rating of the scale “%s”. Choose one from the list.", v.Rating, s.Name)
	}
	return nil
}

// find is the row of Moves for cmd: Conflict if no row starts from the state
// that the review is in, Forbidden if none is for this person's roles.
func (d *Dossier) find(cmd Command) (Move, error) {
	var here bool
	for _, m := range Moves {
		if m.Action != cmd.Action || !slices.Contains(m.From, d.Review.State) {
			continue
		}
		if cmd.Actor.Is(m.By...) {
			return m, nil
		}
		here = true
	}
	if here {
		return Move{}, refuse(errs.Forbidden, "role", "Your role cannot do this.")
	}
	return Move{}, refuse(errs.Conflict, "state", "This cannot be done where the review stands now: "+StateLabel(d.Review.State)+".")
}

type missingGuard struct {
	Missing
	kind errs.Kind
}

// missing lists the guards of m that do not hold; foretell leaves out those
// that depend on what a form will send.
func (d *Dossier) missing(m Move, cmd *Command, foretell bool) []missingGuard {
	var out []missingGuard
	for _, g := range m.Guards {
		if foretell && g.Input {
			continue
		}
		if s := g.Missing(d, cmd); s != "" {
			out = append(out, missingGuard{Missing{g.Name, s}, g.Kind})
		}
	}
	// Who may not do it at all need not read what else is missing.
	slices.SortStableFunc(out, func(a, b missingGuard) int { return rank(a.kind) - rank(b.kind) })
	return out
}

func rank(k errs.Kind) int {
	if k == errs.Forbidden {
		return 0
	}
	return 1
}

func sentences(all []missingGuard) []Missing {
	var out []Missing
	for _, m := range all {
		out = append(out, m.Missing)
	}
	return out
}

// begin is the Outcome that every move has in common.
func (d *Dossier) begin(m Move, cmd Command, now time.Time) Outcome {
	next := d.Review
	next.State = m.target(next.State)
	next.Version++
	next.ChangedAt = now
	return Outcome{
		Review: next, ReadVersion: d.Review.Version,
		Event: Event{
			Subject: OnReview, SubjectID: d.Review.ID, Version: next.Version, Action: cmd.Action,
			From: d.Review.State, ActorID: cmd.Actor.ID, Note: strings.TrimSpace(cmd.Note), Key: cmd.Key, At: now, PolicyID: d.Policy.ID,
		},
	}
}

// Offer is an action that a person may take now, or could if nothing were
// missing.
type Offer struct {
	Action  Action
	Label   string    // what the button says
	Missing []Missing // empty: it can be done
}

// Available lists what that person may do now by role, with all that is
// missing for it. Pages draw it; Apply decides again.
func (d Dossier) Available(p Person) []Offer {
	var out []Offer
	for _, m := range Moves {
		if !slices.Contains(m.From, d.Review.State) || !p.Is(m.By...) || slices.ContainsFunc(out, func(o Offer) bool { return o.Action == m.Action }) {
			continue
		}
		cmd := Command{Action: m.Action, Actor: p, Version: d.Review.Version}
		out = append(out, Offer{m.Action, d.Label(m.Action), sentences(d.missing(m, &cmd, true))})
	}
	return out
}
