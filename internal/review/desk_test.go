package review

import (
	"errors"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
)

// after is the dossier as it stands once o was saved.
func after(d Dossier, o Outcome) Dossier {
	d.Review = o.Review
	if o.Approval != nil {
		d.Approvals = append(d.Approvals, *o.Approval)
	}
	if o.Reading != nil {
		d.Readings = append(d.Readings, *o.Reading)
	}
	if o.Publication != nil {
		d.Live = o.Publication
	}
	return d
}

// at is a complete command on the dossier as it stands.
func at(d Dossier, a Action, by Person) Command {
	cmd := command(a, by)
	cmd.Version = d.Review.Version
	return cmd
}

func TestARetractionNeedsAnEditorAndThenAStandardsEditor(t *testing.T) {
	d := ideal(Published)
	both := Person{7, "Bo", []Role{Editor, Standards}, true}
	d.People[7] = both
	o := apply(t, d, at(d, Retract, both))
	if o.Review.State != Published || o.Publication != nil {
		t.Fatalf("one signature: %s, publication %v", o.Review.State, o.Publication)
	}
	d = after(d, o)
	if _, err := d.Apply(at(d, Retract, both), now); !errors.Is(err, errs.Forbidden) {
		t.Errorf("the same person signs twice: %v", err)
	}
	second := at(d, Retract, stella)
	second.Note, second.Retraction = "", ""
	o = apply(t, d, second)
	r := o.Publication.Report
	if o.Review.State != Retracted || r.Retracted == nil || r.Retracted.Note != "Because." || strings.Join(r.Retracted.By, " ") != "Bo Stella" {
		t.Errorf("state %s, report %+v", o.Review.State, r.Retracted)
	}
	if o.Correction.Kind != Withdrawal || r.Edition != 2 || o.Publication.Slug != d.Live.Slug {
		t.Errorf("correction %+v, edition %d", o.Correction, r.Edition)
	}
}

func TestACorrectionVoidsAHalfSignedRetraction(t *testing.T) {
	d := ideal(Published)
	d = after(d, apply(t, d, at(d, Retract, edith)))
	d = after(d, apply(t, d, at(d, Correct, edith)))
	if d.Signatures() != 0 || d.Review.Retraction != "" {
		t.Errorf("%d signatures, %q", d.Signatures(), d.Review.Retraction)
	}
}

func TestAReinstatedCheckIsTheNextEdition(t *testing.T) {
	d := ideal(Retracted)
	d.Review.Edition = 3
	o := apply(t, d, at(d, Reinstate, edith))
	if o.Review.State != Research || o.Review.CorrectionKind != Update || o.Review.AssigneeID != ben.ID {
		t.Errorf("review = %+v", o.Review)
	}
	d = after(d, o)
	d.Review.AssigneeID = ana.ID
	d = after(d, apply(t, d, at(d, Submit, ana))) // leaving the retraction is a change by itself
	d = after(d, apply(t, d, at(d, Approve, edith)))
	o = apply(t, d, at(d, Publish, edith))
	if r := o.Publication.Report; r.Retracted != nil || r.Edition != 3 || len(r.Correction.Changes) == 0 {
		t.Errorf("report = %+v", r)
	}
}

func TestADisagreementBlocksApprovalUntilItIsResolved(t *testing.T) {
	d := ideal(Editing)
	read := at(d, SecondRead, ben)
	read.Rating = "false"
	d = after(d, apply(t, d, read))
	if !d.Disagreed() || d.Readings[0].Agrees {
		t.Fatalf("readings = %+v", d.Readings)
	}
	if _, err := d.Apply(at(d, Approve, edith), now); !errors.Is(err, errs.Invalid) {
		t.Errorf("approve = %v", err)
	}
	o := apply(t, d, at(d, ResolveRead, edith))
	d = after(d, o)
	d.Readings[0].Resolution = o.Resolution
	apply(t, d, at(d, Approve, edith))
}

func TestANewRoundAsksForANewReading(t *testing.T) {
	d := ideal(Editing)
	d.Policy.SecondRead = true
	d = after(d, apply(t, d, at(d, SecondRead, ben)))
	apply(t, d, at(d, Approve, edith))
	d = after(d, apply(t, d, at(d, AddEvidence, omar)))
	if _, err := d.Apply(at(d, Approve, edith), now); !errors.Is(err, errs.Invalid) {
		t.Errorf("approve without a reading of this round = %v", err)
	}
}

func TestTheRatingIsHiddenFromWhoCouldStillReadBlind(t *testing.T) {
	d := ideal(Editing)
	d.Policy.SecondRead = true
	if !d.BlindTo(ben) || d.BlindTo(ana) {
		t.Errorf("blind to Ben: %v, to the author: %v", d.BlindTo(ben), d.BlindTo(ana))
	}
	d = after(d, apply(t, d, at(d, SecondRead, ben)))
	if d.BlindTo(ben) {
		t.Error("still hidden after the answer")
	}
}

func TestBreakingTheGlassIsPublicAndLookedBackAt(t *testing.T) {
	d := ideal(Editing)
	d.Policy.Overriders = []int64{stella.ID}
	o := apply(t, d, at(d, BreakGlass, stella))
	r := o.Publication.Report
	if r.Unreviewed == nil || r.Unreviewed.By[0] != "Stella" || r.Unreviewed.Note != "Because." || len(r.ApprovedBy) != 0 {
		t.Errorf("report = %+v", r.Unreviewed)
	}
	if !o.Review.OverrideDue.Equal(now.Add(24 * time.Hour)) {
		t.Errorf("due %v", o.Review.OverrideDue)
	}
	d = after(d, o)
	if o := apply(t, d, at(d, LookBack, edith)); o.Review.OverrideBy != 0 {
		t.Errorf("review = %+v", o.Review)
	}
}

func TestHoldsEnd(t *testing.T) {
	d := ideal(Approved)
	d.Review.Hold, d.Review.HoldUntil = LegalHold, now.Add(time.Hour)
	if _, err := d.Apply(at(d, Publish, edith), now); !errors.Is(err, errs.Invalid) {
		t.Errorf("publish on hold = %v", err)
	}
	if _, err := d.Apply(at(d, Publish, edith), now.Add(time.Hour)); err != nil {
		t.Errorf("publish after the hold = %v", err)
	}
}

func TestHighRiskNeedsTwoEditors(t *testing.T) {
	d := ideal(Editing)
	d = after(d, apply(t, d, at(d, SetRisk, edith)))
	if o := apply(t, d, at(d, Approve, edith)); o.Review.State != Editing {
		t.Errorf("one approval of two: %s", o.Review.State)
	}
}

func TestAMergeNamesBothReviews(t *testing.T) {
	d := ideal(Queued)
	o := apply(t, d, at(d, Merge, edith))
	m := o.Merge
	if o.Review.State != Merged || o.Review.MergedInto != 11 || o.Review.MergedFrom != Queued || m.Into.Version != m.IntoVersion+1 || !m.MoveEvidence {
		t.Errorf("outcome = %+v, %+v", o.Review, m)
	}
	d = after(d, o)
	if o := apply(t, d, at(d, Unmerge, stella)); o.Review.State != Queued || !o.Unmerge || o.Review.MergedInto != 0 {
		t.Errorf("unmerged = %+v", o.Review)
	}
}

func TestAnEditTakesItOffTheSchedule(t *testing.T) {
	d := ideal(Scheduled)
	o := apply(t, d, at(d, EditClaim, edith))
	if o.Review.State != Editing || !o.Review.ScheduledAt.IsZero() {
		t.Errorf("review = %+v", o.Review)
	}
}
