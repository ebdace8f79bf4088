package review

import (
	"fmt"
	"slices"
	"strings"
)

// Circumstance is something about a review that its state does not say: a
// hold, a time, a signature that is missing.
type Circumstance struct {
	Code     string // "hold", "alert", "scheduled", "embargo", "risk", "retraction", "retracted", "unreviewed", "overdue", "late", "due", "priority", "disagreement", "late-reply" or "merged"
	Sentence string
}

// Circumstances are what the head of a claim's page tells, the most urgent
// first.
func (d *Dossier) Circumstances() []Circumstance {
	var out []Circumstance
	note := func(ok bool, code, sentence string) {
		if ok {
			out = append(out, Circumstance{code, sentence})
		}
	}
	r := d.Review
	note(d.OnHold(), "hold", "On hold: "+d.holdSentence()+".")
	note(d.Signatures() > 0 && r.State == Published, "retraction", d.halfRetracted())
	note(r.OverrideBy != 0 && d.AsOf.After(r.OverrideDue), "overdue", d.unreviewed()+" That was due by "+moment(r.OverrideDue)+".")
	note(r.OverrideBy != 0 && !d.AsOf.After(r.OverrideDue), "unreviewed", d.unreviewed()+" That is due by "+moment(r.OverrideDue)+".")
	note(d.Disagreed(), "disagreement", "A second reader would rate it otherwise. An editor has to resolve that in writing.")
	note(r.Alert != "", "alert", r.Alert)
	note(d.lateAnswers() != "", "late-reply", d.lateAnswers()+" answered after the request for a reply was closed. Take the answer in as evidence; if readers were told otherwise, open a correction.")
	note(!r.ScheduledAt.IsZero(), "scheduled", "To be published "+moment(r.ScheduledAt)+", scheduled by "+d.Name(r.ScheduledBy)+".")
	note(d.AsOf.Before(r.EmbargoUntil), "embargo", "Under embargo until "+moment(r.EmbargoUntil)+".")
	note(d.late(), "late", "The verdict was due "+moment(r.DueAt)+".")
	note(d.clockRuns() && !d.late(), "due", "The verdict is due "+moment(r.DueAt)+".")
	note(r.Priority != NormalPriority, "priority", "Priority: "+r.Priority.String()+".")
	note(r.Risk == HighRisk, "risk", fmt.Sprintf("High risk: it needs %d approvals.", d.Quorum()))
	note(d.Live != nil && d.Live.Report.Retracted != nil, "retracted", d.retracted())
	note(r.MergedInto != 0, "merged", fmt.Sprintf("The same claim as that of review %d, and merged into it.", r.MergedInto))
	return out
}

func (d *Dossier) halfRetracted() string {
	signed := d.signatures()
	if len(signed) == 0 {
		return ""
	}
	return fmt.Sprintf("%s has signed a retraction (%s); a standards editor signs next. Readers will be told: “%s”",
		d.Name(signed[0].EditorID), lower(RetractionLabel(d.Review.Retraction)), d.Review.CorrectionNote)
}

func (d *Dossier) unreviewed() string {
	return d.Name(d.Review.OverrideBy) + " published it without a second review. Somebody who neither did that nor wrote it has to look back at it."
}

func (d *Dossier) retracted() string {
	if d.Live == nil || d.Live.Report.Retracted == nil {
		return ""
	}
	r := d.Live.Report.Retracted
	return fmt.Sprintf("Readers see that it was retracted (%s), signed by %s: “%s”", lower(RetractionLabel(RetractionCode(r.Code))), strings.Join(r.By, " and "), r.Note)
}

// clockRuns reports whether the work is due at a time: not while it is on hold.
func (d *Dossier) clockRuns() bool {
	return !d.Review.DueAt.IsZero() && slices.Contains(dueStates, d.Review.State) && !d.OnHold()
}

func (d *Dossier) late() bool { return d.clockRuns() && d.AsOf.After(d.Review.DueAt) }

func lower(s string) string { return strings.ToLower(s) }

// mergeable are the states of what a review can be merged into.
var mergeable = from(Triage, Queued, Research, Published)

// Mergeable reports whether a review can be merged into one in that state.
func Mergeable(s State) bool { return slices.Contains(mergeable, s) }

// Could reports whether a row of Moves lets somebody with the roles of p do a
// from a state, whatever its guards say.
func Could(p Person, s State, a Action) bool {
	return slices.ContainsFunc(Moves, func(m Move) bool {
		return m.Action == a && slices.Contains(m.From, s) && p.Is(m.By...)
	})
}

// NearbyTo chooses the reviews that one might be the same as: of claims in the
// same article or by the same claimant.
func NearbyTo(reviewID int64) Filter {
	return Filter{Near: reviewID, States: mergeable, Limit: MaxRows}
}

// MergedWith are the reviews that were merged into the one of that history.
func MergedWith(events []Event) []int64 {
	var ids []int64
	for _, e := range events {
		for _, c := range e.Changes {
			var id int64
			if e.Action == Merge && c.Field == "merged with" {
				if _, err := fmt.Sscanf(c.To, "review %d", &id); err == nil {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}
