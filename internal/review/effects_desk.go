package review

import (
	"strconv"
	"strings"
	"time"
)

// retrospective is how soon somebody has to look back at what was published
// without a second review.
const retrospective = 24 * time.Hour

func secondRead(_, d *Dossier, cmd *Command, o *Outcome) error {
	agrees := cmd.Rating == d.Verdict.Rating
	o.Reading = &SecondReading{
		ReviewID: d.Review.ID, Round: d.Review.Round, VerdictID: d.Verdict.ID, ReaderID: cmd.Actor.ID, Rating: cmd.Rating,
		Note: o.Event.Note, Agrees: agrees, CreatedAt: o.Event.At,
	}
	o.Event.change("second reading", "", label(d.InForce, cmd.Rating))
	o.Event.change("agrees", "", yes(agrees))
	return nil
}

func resolveRead(_, d *Dossier, cmd *Command, o *Outcome) error {
	for _, r := range d.reads() {
		if !r.Agrees && r.Resolution == nil { // the oldest first; the next needs its own answer
			o.Resolution = &Resolution{ReadingID: r.ID, EditorID: cmd.Actor.ID, Note: o.Event.Note, CreatedAt: o.Event.At}
			return nil
		}
	}
	return nil
}

func schedule(_, _ *Dossier, cmd *Command, o *Outcome) error {
	o.Review.ScheduledAt, o.Review.ScheduledBy = cmd.At.UTC().Truncate(time.Second), cmd.Actor.ID
	o.Review.Alert = ""
	o.Event.change("to be published", "", moment(o.Review.ScheduledAt))
	return nil
}

func unschedule(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Event.change("to be published", moment(d.Review.ScheduledAt), "")
	if cmd.Actor.ID == program.ID { // nobody was there to see why
		o.Review.Alert = o.Event.Note
	}
	o.Review.ScheduledAt, o.Review.ScheduledBy = time.Time{}, 0
	return nil
}

func breakGlass(_, d *Dossier, cmd *Command, o *Outcome) error {
	r := d.report(cmd.Actor, o.Event.At)
	r.Unreviewed = &ReportReason{Note: o.Event.Note, By: []string{cmd.Actor.Name}, At: o.Event.At}
	if err := d.release(r, cmd.Actor, o); err != nil {
		return err
	}
	o.Review.OverrideBy, o.Review.OverrideDue = cmd.Actor.ID, o.Event.At.Add(retrospective)
	return nil
}

func lookBack(_, _ *Dossier, _ *Command, o *Outcome) error {
	o.Review.OverrideBy, o.Review.OverrideDue = 0, time.Time{}
	return nil
}

// retract signs; the second signature publishes the edition that withdraws the
// check.
func retract(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Approval = &Approval{
		ReviewID: d.Review.ID, Edition: d.Review.Edition, Round: d.Review.Round, Purpose: ForRetraction, VerdictID: d.Live.VerdictID,
		ContentHash: d.Live.ContentHash, EditorID: cmd.Actor.ID, CreatedAt: o.Event.At,
	}
	signed := d.signatures()
	o.Event.change("signatures", strconv.Itoa(len(signed)), strconv.Itoa(len(signed)+1)+" of 2")
	if len(signed) == 0 {
		o.Review.State = d.Review.State // until both have signed
		o.Review.Retraction, o.Review.CorrectionNote, o.Review.CorrectionBy = cmd.Retraction, o.Event.Note, cmd.Actor.ID
		return nil
	}
	r := d.Live.Report
	r.Edition, r.PublishedAt, r.PublishedBy = d.Review.Edition, o.Event.At, cmd.Actor.Name
	r.Retracted = &ReportReason{
		Code: string(d.Review.Retraction), Note: d.Review.CorrectionNote, By: []string{d.Name(signed[0].EditorID), cmd.Actor.Name}, At: o.Event.At,
	}
	r.Correction = &ReportChange{Kind: Withdrawal, Note: d.Review.CorrectionNote, At: o.Event.At, Changes: ReportDiff(d.Live.Report, r)}
	return d.release(r, cmd.Actor, o)
}

func reinstate(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Review.CorrectionKind, o.Review.CorrectionNote, o.Review.CorrectionBy = Update, o.Event.Note, cmd.Actor.ID
	o.Review.Round++
	to := cmd.Assignee
	if to.ID == 0 {
		to = cmd.Actor
	}
	return hand(d, to, o)
}

func merge(_, d *Dossier, cmd *Command, o *Outcome) error {
	t := cmd.Into
	o.Review.MergedInto, o.Review.MergedFrom, o.Review.AssigneeID, o.Review.DueAt = t.Review.ID, d.Review.State, 0, time.Time{}
	o.Event.change("merged into", "", reviewName(t.Review.ID))
	next := t.Review
	next.Version++
	next.ChangedAt = o.Event.At
	o.Merge = &MergeOutcome{
		Into: next, IntoVersion: t.Review.Version, MoveEvidence: t.Live == nil,
		Event: Event{
			Subject: OnReview, SubjectID: next.ID, Version: next.Version, Action: Merge, From: next.State, To: next.State,
			ActorID: cmd.Actor.ID, Note: o.Event.Note, At: o.Event.At, PolicyID: d.Policy.ID,
			Changes: []Change{{Field: "merged with", To: reviewName(d.Review.ID)}},
		},
	}
	return nil
}

func reviewName(id int64) string { return "review " + strconv.FormatInt(id, 10) }

func unmerge(_, d *Dossier, _ *Command, o *Outcome) error {
	o.Event.change("merged into", reviewName(d.Review.MergedInto), "")
	o.Review.State = d.Review.MergedFrom
	if o.Review.State == Research { // nobody is on it any more
		o.Review.State = Queued
	}
	o.Review.MergedInto, o.Review.MergedFrom = 0, ""
	o.Unmerge = true
	return nil
}

func putOnHold(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Review.resume(o.Event.At) // from the hold that this one replaces
	o.Review.Hold, o.Review.HoldUntil, o.Review.HoldNote = cmd.Hold, cmd.At, o.Event.Note
	o.Review.pause(o.Event.At)
	o.Event.change("hold", string(d.Review.Hold), string(cmd.Hold))
	return nil
}

func liftHold(_, d *Dossier, _ *Command, o *Outcome) error {
	o.Event.change("hold", string(d.Review.Hold), "")
	o.Review.resume(o.Event.At)
	o.Review.Hold, o.Review.HoldUntil, o.Review.HoldNote = "", time.Time{}, ""
	return nil
}

func setEmbargo(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Event.change("embargo", momentOrNone(d.Review.EmbargoUntil), momentOrNone(cmd.At))
	o.Review.EmbargoUntil = cmd.At
	return nil
}

func momentOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t)
}

func setRisk(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Event.change("risk", strings.TrimSpace(string(d.Review.Risk)), string(cmd.Risk))
	o.Review.Risk = cmd.Risk
	return nil
}
