package review

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/claims"
)

// Effect fills in what a move writes. before is the dossier as loaded, d the
// same with the command's claim edits applied.
type Effect func(before, d *Dossier, cmd *Command, o *Outcome) error

// both is one effect after the other.
func both(first, second Effect) Effect {
	return func(before, d *Dossier, cmd *Command, o *Outcome) error {
		if err := first(before, d, cmd, o); err != nil {
			return err
		}
		return second(before, d, cmd, o)
	}
}

func dismiss(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Review.Dismissal, o.Review.DismissedBy, o.Review.AssigneeID, o.Review.DueAt = cmd.Dismissal, cmd.Actor.ID, 0, time.Time{}
	d.judged(cmd.Dismissal, SpanRemoved, o)
	o.Event.change("reason", "", string(cmd.Dismissal))
	return nil
}

func undismiss(_, d *Dossier, _ *Command, o *Outcome) error {
	d.judged(o.Review.Dismissal, SpanAdded, o)
	o.Event.change("reason", string(o.Review.Dismissal), "")
	o.Review.Dismissal, o.Review.DismissedBy = "", 0
	return nil
}

// leaveIt changes nothing but the state.
func leaveIt(_, _ *Dossier, _ *Command, _ *Outcome) error { return nil }

func takeIt(_, d *Dossier, cmd *Command, o *Outcome) error { return hand(d, cmd.Actor, o) }

func assignIt(_, d *Dossier, cmd *Command, o *Outcome) error { return hand(d, cmd.Assignee, o) }

func hand(d *Dossier, to Person, o *Outcome) error {
	o.Event.change("works on it", PersonText(o.Review.AssigneeID), PersonText(to.ID))
	o.Review.AssigneeID = to.ID
	d.startClock(o)
	o.contribute(to.ID, WorkedOnIt)
	return nil
}

func release(_, d *Dossier, _ *Command, o *Outcome) error {
	o.Event.change("works on it", PersonText(o.Review.AssigneeID), "")
	o.Review.AssigneeID = 0
	return nil
}

// PersonText is a person as the record tells of them: by number, since a name can
// be forgotten and the record cannot be changed.
func PersonText(id int64) string {
	if id == 0 {
		return ""
	}
	return personPrefix + strconv.FormatInt(id, 10)
}

// PersonIn is the number in what PersonText wrote; 0 if it wrote something else.
func PersonIn(text string) int64 {
	number, ok := strings.CutPrefix(text, personPrefix)
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return 0
	}
	return id
}

const personPrefix = "person "

func submit(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Review.SubmitterID, o.Review.SubmittedAt = cmd.Actor.ID, o.Event.At
	o.Review.Round++
	if d.Live != nil { // what readers are told must be what happened
		o.Review.CorrectionKind = actualKind(d)
		o.Event.change("kind of correction", string(d.Review.CorrectionKind), string(o.Review.CorrectionKind))
	}
	o.contribute(cmd.Actor.ID, SentIt)
	return nil
}

// actualKind is the kind of correction that was opened, except that changing
// the rating is a change of verdict, and nothing else is.
func actualKind(d *Dossier) CorrectionKind {
	switch {
	case d.ratingChanged():
		return VerdictChange
	case d.Review.CorrectionKind == VerdictChange:
		return Fix
	}
	return d.Review.CorrectionKind
}

// newRound voids every approval: they were given for an earlier round.
func newRound(before, d *Dossier, _ *Command, o *Outcome) error {
	o.Review.Round++
	o.Review.ScheduledAt, o.Review.ScheduledBy, o.Review.Alert = time.Time{}, 0, ""
	if before.Standing() > 0 {
		o.Event.change("approvals", strconv.Itoa(before.Standing()), "0")
	}
	if before.Live != nil && o.Verdict != nil {
		after := *d
		after.Verdict, after.Scale = *o.Verdict, d.InForce
		o.Review.CorrectionKind = actualKind(&after)
	}
	return nil
}

func reopenResearch(before, _ *Dossier, _ *Command, o *Outcome) error {
	if n := before.Standing(); n > 0 {
		o.Event.change("approvals", strconv.Itoa(n), "0")
	}
	o.Review.SubmitterID, o.Review.SubmittedAt = 0, time.Time{}
	o.Review.ScheduledAt, o.Review.ScheduledBy, o.Review.Alert = time.Time{}, 0, ""
	return nil
}

func approve(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Approval = &Approval{
		ReviewID: d.Review.ID, Edition: d.Review.Edition, Round: d.Review.Round, Purpose: ForPublication, VerdictID: d.Verdict.ID,
		ContentHash: d.ContentHash(), EditorID: cmd.Actor.ID, CreatedAt: o.Event.At,
	}
	have, need := d.Standing()+1, d.Quorum()
	if have < need {
		o.Review.State = d.Review.State // until the quorum is reached
	}
	o.Event.change("approvals", strconv.Itoa(have-1), strconv.Itoa(have)+" of "+strconv.Itoa(need))
	return nil
}

func publish(_, d *Dossier, cmd *Command, o *Outcome) error {
	return d.release(d.report(cmd.Actor, o.Event.At), cmd.Actor, o)
}

// release makes a report the edition that readers see.
func (d *Dossier) release(r Report, by Person, o *Outcome) error {
	p, err := d.snapshot(r, by, o.Event.At)
	if err != nil {
		return err
	}
	o.Publication = &p
	o.Event.change("published", "", p.Hash)
	if d.Live != nil {
		o.Correction = &Correction{
			ReviewID: d.Review.ID, Kind: r.Correction.Kind, Note: r.Correction.Note, AuthorID: d.Review.CorrectionBy, CreatedAt: o.Event.At,
		}
		if o.Correction.AuthorID == 0 {
			o.Correction.AuthorID = by.ID
		}
	}
	closeEdition(&o.Review)
	o.Review.Edition++
	return nil
}

// closeEdition forgets what belonged to one edition alone.
func closeEdition(r *Review) {
	r.AssigneeID, r.SubmitterID, r.SubmittedAt = 0, 0, time.Time{}
	r.CorrectionKind, r.CorrectionNote, r.CorrectionBy = "", "", 0
	r.ScheduledAt, r.ScheduledBy, r.EmbargoUntil, r.Retraction, r.Alert = time.Time{}, 0, time.Time{}, "", ""
	r.DueAt, r.HeldAt = time.Time{}, time.Time{}
}

func correct(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Review.CorrectionKind, o.Review.CorrectionNote, o.Review.CorrectionBy = cmd.Correction, strings.TrimSpace(cmd.Note), cmd.Actor.ID
	o.Event.change("kind of correction", "", string(cmd.Correction))
	o.Review.Round++ // what was signed for a retraction is void
	o.Review.Retraction = ""
	to := cmd.Assignee
	if to.ID == 0 {
		to = cmd.Actor
	}
	return hand(d, to, o)
}

// abandon puts claim, evidence and verdict back as readers see them.
func abandon(_, d *Dossier, _ *Command, o *Outcome) error {
	closeEdition(&o.Review)
	was := d.Live.Report
	c := d.Claim
	c.Text, c.ShortForm, c.Kind, c.Lang = was.Claim.Text, was.Claim.ShortForm, was.Claim.Kind, was.Claim.Lang
	c.Unattributed = was.Claimant == nil
	c.SaidAt = zeroIfNil(was.Claim.SaidAt)
	o.Claim, o.Claimant, o.Topics = &c, &claims.Claimant{}, &was.Claim.Topics
	if was.Claimant != nil {
		o.Claimant = &claims.Claimant{Name: was.Claimant.Name, Kind: was.Claimant.Kind}
	}
	o.Review.Chosen, o.Review.VerdictID = was.Chosen, d.Live.VerdictID
	o.RestoreFrom = &Restore{Edition: d.Review.Edition}
	return nil
}

// saveClaim writes the claim as the command edited it.
func saveClaim(before, d *Dossier, cmd *Command, o *Outcome) error {
	if cmd.Claim == nil {
		return nil
	}
	c, who := d.Claim, d.Claimant
	o.Claim, o.Claimant = &c, &who
	if cmd.Claim.Topics != nil {
		o.Topics = &d.Topics
	}
	o.Review.Chosen = d.Review.Chosen
	o.Event.change("claim", before.Claim.Text, c.Text)
	o.Event.change("short form", before.Claim.ShortForm, c.ShortForm)
	o.Event.change("kind of claim", string(before.Claim.Kind), string(c.Kind))
	o.Event.change("language", before.Claim.Lang, c.Lang)
	o.Event.change("claimant", speaker(before), speaker(d))
	o.Event.change("said", day(before.Claim.SaidAt), day(c.SaidAt))
	o.Event.change("can be checked from", day(before.Claim.DueAt), day(c.DueAt))
	o.Event.change("topics", TopicsText(before.Topics), TopicsText(d.Topics))
	o.Event.change("why it was chosen", before.Review.Chosen, d.Review.Chosen)
	if cmd.Action == EditClaim {
		o.contribute(cmd.Actor.ID, ChangedClaim)
	}
	return nil
}

func speaker(d *Dossier) string {
	if d.Claim.Unattributed {
		return "unattributed"
	}
	return d.Claimant.Name
}

// edit applies a draft to the dossier.
func (d *Dossier) edit(c ClaimDraft) {
	d.Claim.Text, d.Claim.ShortForm = strings.TrimSpace(c.Text), strings.TrimSpace(c.ShortForm)
	d.Claim.Kind, d.Claim.Lang = c.Kind, strings.TrimSpace(c.Lang)
	d.Claim.Unattributed, d.Claim.SaidAt, d.Claim.DueAt = c.Unattributed, c.SaidAt, c.DueAt
	d.Review.Chosen = strings.TrimSpace(c.Chosen)
	if c.Topics != nil {
		d.Topics = tidyTopics(c.Topics)
	}
	kind := c.ClaimantKind
	if kind == "" {
		kind = claims.Unknown
	}
	d.Claimant = claims.Claimant{}
	if name := strings.Join(strings.Fields(c.Claimant), " "); name != "" {
		d.Claimant = claims.Claimant{Name: name, Kind: kind}
	}
}

func saveVerdict(before, d *Dossier, cmd *Command, o *Outcome) error {
	v := *cmd.Verdict
	next := Verdict{
		ReviewID: d.Review.ID, Number: d.Verdict.Number + 1, ScaleID: d.InForce.ID, Rating: v.Rating,
		Summary: strings.TrimSpace(v.Summary), Rationale: strings.TrimSpace(v.Rationale), OneSource: strings.TrimSpace(v.OneSource),
		NoneFound: v.NoneFound, NoConflict: v.NoConflict, AuthorID: cmd.Actor.ID, CreatedAt: o.Event.At,
	}
	o.Verdict = &next
	for _, n := range Cites(next.Rationale) {
		if i := slices.IndexFunc(d.Evidence, func(e Evidence) bool { return e.Number == n }); i >= 0 {
			o.Cites = append(o.Cites, d.Evidence[i].ID)
		}
	}
	was := before.Verdict
	o.Event.change("rating", label(before.Scale, was.Rating), label(d.InForce, next.Rating))
	o.Event.change("summary", was.Summary, next.Summary)
	o.Event.change("rationale", was.Rationale, next.Rationale)
	o.Event.change("reason for a single source", was.OneSource, next.OneSource)
	o.Event.change("other side looked for", yes(was.NoneFound), yes(next.NoneFound))
	o.Event.change("no conflict of interest", yes(was.NoConflict), yes(next.NoConflict))
	o.contribute(cmd.Actor.ID, WroteVerdict)
	return nil
}

func label(s RatingScale, code string) string {
	if r, ok := s.Rating(code); ok {
		return r.Label
	}
	return code
}

func addEvidence(_, d *Dossier, cmd *Command, o *Outcome) error {
	e := d.evidence(cmd, o)
	e.Number = d.LastEvidence + 1
	o.AddEvidence = append(o.AddEvidence, e)
	o.Event.change("evidence", "", e.line())
	if cmd.File != nil {
		o.Event.change("file", "", cmd.File.line())
	}
	o.contribute(cmd.Actor.ID, ChangedSources)
	return nil
}

// editEvidence replaces a piece by another with the same number: what was
// there before stays on record.
func editEvidence(_, d *Dossier, cmd *Command, o *Outcome) error {
	was := d.thatEvidence(cmd.EvidenceID)
	e := d.evidence(cmd, o)
	e.Number = was.Number
	o.DropEvidence, o.AddEvidence = append(o.DropEvidence, was.ID), append(o.AddEvidence, e)
	o.Event.change("evidence", was.line(), e.line())
	o.contribute(cmd.Actor.ID, ChangedSources)
	return nil
}

func removeEvidence(_, d *Dossier, cmd *Command, o *Outcome) error {
	was := d.thatEvidence(cmd.EvidenceID)
	o.DropEvidence = append(o.DropEvidence, was.ID)
	o.Event.change("evidence", was.line(), "")
	o.contribute(cmd.Actor.ID, ChangedSources)
	return nil
}

func (d *Dossier) thatEvidence(id int64) Evidence {
	for _, e := range d.Evidence {
		if e.ID == id {
			return e
		}
	}
	return Evidence{} // the guard thatEvidence has refused it
}

func (d *Dossier) evidence(cmd *Command, o *Outcome) Evidence {
	e := *cmd.Evidence
	return Evidence{
		ReviewID: d.Review.ID, URL: strings.TrimSpace(e.URL), ArchiveURL: strings.TrimSpace(e.ArchiveURL),
		Title: strings.TrimSpace(e.Title), Publisher: strings.TrimSpace(e.Publisher), Quote: strings.TrimSpace(e.Quote),
		Stance: e.Stance, Note: strings.TrimSpace(e.Note), AccessedAt: e.AccessedAt, Origin: e.Origin,
		Behind: strings.TrimSpace(e.Behind), Interest: strings.TrimSpace(e.Interest), NoCopy: strings.TrimSpace(e.NoCopy),
		AddedIn: d.Review.Edition, AddedBy: cmd.Actor.ID, AddedAt: o.Event.At,
	}
}

func (e Evidence) line() string {
	s := firstNonEmpty(e.Title, e.URL) + " (" + string(e.Stance) + ")"
	if e.Quote != "" {
		s += ": “" + e.Quote + "”"
	}
	for _, more := range [...]struct{ name, is string }{
		{"origin", string(e.Origin)}, {"behind it", e.Behind}, {"interests", e.Interest}, {"no copy, because", e.NoCopy},
	} {
		if more.is != "" {
			s += " · " + more.name + ": " + more.is
		}
	}
	return s
}

func (o *Outcome) contribute(person int64, how How) {
	o.Contributed = append(o.Contributed, Contribution{
		ReviewID: o.Review.ID, Edition: o.Review.Edition, PersonID: person, How: how, At: o.Event.At,
	})
}

// change notes a field that differs.
func (e *Event) change(field, from, to string) {
	if from != to {
		e.Changes = append(e.Changes, Change{field, from, to})
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func zeroIfNil(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
