package review

import (
	"fmt"
	"slices"
	"strings"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Guard is a named condition of a move.
type Guard struct {
	Name  string
	Means string    // for docs/workflow.md
	Kind  errs.Kind // of the refusal: Invalid or Forbidden
	Input bool      // looks at what the form sent, so a page cannot foretell it
	// Missing is "" if the condition holds, else a sentence for the person that
	// says what to do.
	Missing func(d *Dossier, cmd *Command) string
}

func guard(name, means string, kind errs.Kind, missing func(*Dossier, *Command) string) Guard {
	return Guard{Name: name, Means: means, Kind: kind, Missing: missing}
}

func input(name, means string, missing func(*Dossier, *Command) string) Guard {
	return Guard{Name: name, Means: means, Kind: errs.Invalid, Input: true, Missing: missing}
}

// unless is the sentence if ok is false.
func unless(ok bool, sentence string) string {
	if ok {
		return ""
	}
	return sentence
}

// What the form has to say.
var (
	reason = input("reason", "a reason is given", func(_ *Dossier, c *Command) string {
		return unless(strings.TrimSpace(c.Note) != "", "Say why; the people who worked on this will read it.")
	})
	dismissal = input("dismissal", "a reason from the menu is given; already checked, out of scope, no public interest, insufficient evidence and spam with a note", func(_ *Dossier, c *Command) string {
		i := slices.IndexFunc(Dismissals, func(r Dismissal) bool { return r.Code == c.Dismissal })
		if i < 0 {
			return "Choose why this claim is not checked."
		}
		return unless(!Dismissals[i].Note || strings.TrimSpace(c.Note) != "", "Add a note: this reason needs one.")
	})
	someone = input("someone", "the assignee is active and a fact-checker or editor", func(d *Dossier, c *Command) string {
		return unless(c.Assignee.Is(Checker, Editor), "Choose an active fact-checker or editor to work on this.")
	})
	writer = input("writer", "whoever will write it is active and a fact-checker or editor", func(d *Dossier, c *Command) string {
		return unless(c.Assignee.ID == 0 || c.Assignee.Is(Checker, Editor), "Choose an active fact-checker or editor to write the correction.")
	})
	correction = input("correction", "the kind of correction and a note to readers are given", func(_ *Dossier, c *Command) string {
		if !slices.ContainsFunc(CorrectionKinds, func(k Correctable) bool { return k.Kind == c.Correction }) {
			return "Choose what kind of correction this is."
		}
		return unless(strings.TrimSpace(c.Note) != "", "Tell readers what was wrong: this note will be public.")
	})
	reading = input("reading", "the reader's own rating, of the scale in force", func(d *Dossier, c *Command) string {
		r, ok := d.InForce.Rating(c.Rating)
		return unless(ok && !r.Retired, "Choose the rating that you would give.")
	})
	laterTime = input("later time", "a time in the future, not before an embargo ends", func(d *Dossier, c *Command) string {
		switch {
		case !c.At.After(d.AsOf):
			return "Choose a time in the future."
		case c.At.Before(d.Review.EmbargoUntil):
			return "The embargo ends " + moment(d.Review.EmbargoUntil) + ". Choose a time after that."
		}
		return ""
	})
	retraction = input("retraction", "a reason from the menu and a public note; the second signature needs neither", func(d *Dossier, c *Command) string {
		if len(d.signatures()) > 0 {
			return ""
		}
		if !slices.ContainsFunc(Retractions, func(m Menu[RetractionCode]) bool { return m.Code == c.Retraction }) {
			return "Choose why this is withdrawn."
		}
		return unless(strings.TrimSpace(c.Note) != "", "Tell readers why this is withdrawn: the note will be public.")
	})
	holding = input("hold", "a reason from the menu; an end, if any, in the future", func(d *Dossier, c *Command) string {
		if !slices.ContainsFunc(HoldReasons, func(m Menu[HoldReason]) bool { return m.Code == c.Hold }) {
			return "Choose why this is put on hold."
		}
		return unless(c.At.IsZero() || c.At.After(d.AsOf), "Choose an end in the future, or none.")
	})
	embargo = input("embargo", "a time in the future, or none to end it", func(d *Dossier, c *Command) string {
		return unless(c.At.IsZero() || c.At.After(d.AsOf), "Choose a time in the future, or none to end the embargo.")
	})
	risk = input("risk", "normal or high", func(_ *Dossier, c *Command) string {
		return unless(c.Risk == NormalRisk || c.Risk == HighRisk, "Choose normal or high.")
	})
	into = input("into", "another review that is neither dismissed, merged, retracted nor with the editors", func(d *Dossier, c *Command) string {
		t := c.Into
		switch {
		case t == nil:
			return "Name the review of the same claim by its number."
		case t.Review.ID == d.Review.ID:
			return "A review cannot be merged into itself. Name the other one."
		case !slices.Contains(mergeable, t.Review.State):
			return fmt.Sprintf("Review %d is %s, so nothing can be merged into it now.", t.Review.ID, StateLabel(t.Review.State))
		}
		return ""
	})
	thatEvidence = input("that evidence", "the evidence stands on this review", func(d *Dossier, c *Command) string {
		return unless(slices.ContainsFunc(d.Evidence, func(e Evidence) bool { return e.ID == c.EvidenceID }),
			"That piece of evidence is no longer here.")
	})
)

// Who asks.
var (
	assignee = guard("assignee", "only the person who works on it", errs.Forbidden, func(d *Dossier, c *Command) string {
		return unless(d.Review.AssigneeID == c.Actor.ID, d.Name(d.Review.AssigneeID)+" works on this, and has to send it.")
	})
	worksOnIt = guard("works on it", "the person who works on it, or an editor", errs.Forbidden, func(d *Dossier, c *Command) string {
		return unless(d.Review.AssigneeID == c.Actor.ID || c.Actor.Is(Editor),
			d.Name(d.Review.AssigneeID)+" works on this. Ask an editor to assign it to you.")
	})
	submitter = guard("submitter", "only the person who sent it", errs.Forbidden, func(d *Dossier, c *Command) string {
		return unless(d.Review.SubmitterID == c.Actor.ID, d.Name(d.Review.SubmitterID)+" sent this to the editors, and alone can take it back. An editor can return it.")
	})
	fourEyes = guard("four eyes", "not by anybody who contributed to this edition", errs.Forbidden, func(d *Dossier, c *Command) string {
		hs := d.contributions(c.Actor.ID)
		return unless(len(hs) == 0, firstHow(hs)+", so someone else has to approve it.")
	})
	notTwice = guard("not twice", "nobody approves the same round twice", errs.Forbidden, func(d *Dossier, c *Command) string {
		again := slices.ContainsFunc(d.standing(), func(a Approval) bool { return a.EditorID == c.Actor.ID })
		return unless(!again, "You have approved this. It needs a second editor.")
	})
)

// Who may look with fresh eyes, and who may overrule.
var (
	outsider = guard("outsider", "not by anybody who contributed to this edition", errs.Forbidden, func(d *Dossier, c *Command) string {
		hs := d.contributions(c.Actor.ID)
		return unless(len(hs) == 0, firstHow(hs)+", so someone else has to read it.")
	})
	readOnce = guard("read once", "nobody reads the same round twice", errs.Forbidden, func(d *Dossier, c *Command) string {
		again := slices.ContainsFunc(d.reads(), func(r SecondReading) bool { return r.ReaderID == c.Actor.ID })
		return unless(!again, "You have read this round. Your answer is kept.")
	})
	otherPublisher = guard("separate publisher", "where the policy asks for it, not by whoever approved", errs.Forbidden, func(d *Dossier, c *Command) string {
		mine := slices.ContainsFunc(d.standing(), func(a Approval) bool { return a.EditorID == c.Actor.ID })
		return unless(!d.Policy.SeparatePublisher || !mine, "You approved this, and this desk has someone else publish it.")
	})
	override = guard("override", "a standards editor whom the policy allows it", errs.Forbidden, func(d *Dossier, c *Command) string {
		return unless(slices.Contains(d.Policy.Overriders, c.Actor.ID), "The policy of this desk does not let you publish without a second review.")
	})
	notTheAuthor = guard("not the author", "not by a contributor while any second person is active", errs.Forbidden, func(d *Dossier, c *Command) string {
		hs := d.contributions(c.Actor.ID)
		return unless(len(hs) == 0 || d.Alone, firstHow(hs)+", so someone else has to publish it.")
	})
	notOverrider = guard("not the overrider", "neither whoever published it nor its author", errs.Forbidden, func(d *Dossier, c *Command) string {
		return unless(c.Actor.ID != d.Review.OverrideBy && c.Actor.ID != d.Verdict.AuthorID, "You published or wrote this, so someone else has to look back at it.")
	})
	signsInOrder = guard("two signatures", "an editor first, then a standards editor, two people", errs.Forbidden, func(d *Dossier, c *Command) string {
		signed := d.signatures()
		switch {
		case len(signed) == 0:
			return unless(c.Actor.Is(Editor), "An editor signs a retraction first.")
		case signed[0].EditorID == c.Actor.ID:
			return "You have signed this retraction. A standards editor signs next."
		}
		return unless(c.Actor.Is(Standards), "A standards editor has to sign this retraction.")
	})
)

func firstHow(hs []How) string {
	if len(hs) == 0 {
		return ""
	}
	return hows[hs[0]]
}

// Where the work stands.
var (
	notPublic = guard("not public", "readers do not see it", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Live == nil, "Readers see this check, so it cannot be dismissed. Abandon the correction instead.")
	})
	noHold = guard("no hold", "it is not on hold", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(!d.OnHold(), "On hold: "+d.holdSentence()+". Lift the hold first.")
	})
	held = guard("on hold", "it is on hold", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Review.Hold != "", "It is not on hold.")
	})
	noEmbargo = guard("no embargo", "no embargo is in force", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(!d.AsOf.Before(d.Review.EmbargoUntil), "Under embargo until "+moment(d.Review.EmbargoUntil)+".")
	})
	itIsTime = guard("it is time", "the time that it was scheduled for has come", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(!d.AsOf.Before(d.Review.ScheduledAt), "It is to be published "+moment(d.Review.ScheduledAt)+". Take it off the schedule to publish it now.")
	})
	readSecond = guard("second read", "where the policy asks for it, somebody has read it blind", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(!d.Policy.SecondRead || len(d.reads()) > 0, "This desk has every verdict read by a second person first. Ask for a second read.")
	})
	agreed = guard("agreed", "no second reader disagrees, or an editor has resolved it in writing", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(!d.Disagreed(), "A second reader would rate it otherwise. An editor has to resolve that in writing.")
	})
	disagreed = guard("disagreed", "there is a disagreement to resolve", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Disagreed(), "No second reader disagrees.")
	})
	overridden = guard("overridden", "it was published without a second review", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Review.OverrideBy != 0, "It was published with a second review.")
	})
	notReinstating = guard("not reinstating", "what readers see is not a retraction", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Live == nil || d.Live.Report.Retracted == nil, "Readers see a retraction. Finish the new edition instead, or leave it in research.")
	})
	isCorrection = guard("is a correction", "an earlier edition is public", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Live != nil, "Nothing of this is public yet. Dismiss it or hand it back instead.")
	})
	noApproval = guard("no approval", "no editor has approved this round", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(len(d.standing()) == 0, "An editor has approved this already. Ask an editor to return it.")
	})
	quorum = guard("quorum", "enough approvals of exactly this content: one, or two to change a published rating", errs.Invalid, func(d *Dossier, _ *Command) string {
		switch have, need := len(d.standing()), d.Quorum(); {
		case have >= need:
			return ""
		case have == 0 && need == 1:
			return "It waits for the approval of an editor who did not work on it."
		default:
			return fmt.Sprintf("It has %d of %d approvals, by editors who did not work on it.", have, need)
		}
	})
	room = guard("room", fmt.Sprintf("at most %d pieces of evidence", MaxEvidence), errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(len(d.Evidence) < MaxEvidence, fmt.Sprintf("There are %d pieces of evidence already. Remove one that the verdict does not need.", MaxEvidence))
	})
	somethingChanged = guard("something changed", "a correction differs from what is public", errs.Invalid, func(d *Dossier, c *Command) string {
		same := d.Live != nil && len(ReportDiff(d.Live.Report, d.report(c.Actor, d.Review.ChangedAt))) == 0
		return unless(!same, "Nothing differs from what is public. Change what was wrong, or ask an editor to abandon the correction.")
	})
)

// What readers are owed: the guards of publication.
var (
	claimText = guard("claim text", fmt.Sprintf("the claim has words, at most %d characters", claims.MaxClaimText), errs.Invalid, func(d *Dossier, _ *Command) string {
		return errs.Message(claims.CheckText(d.Claim.Text))
	})
	attributed = guard("attribution", "a claimant is named, or “unattributed” is said", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(strings.TrimSpace(d.Claimant.Name) != "" || d.Claim.Unattributed, "Say who makes the claim, or that nobody in particular does.")
	})
	placed = guard("appearance", "at least one appearance whose span verifies", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(slices.ContainsFunc(d.Places, func(p Place) bool { return p.Verified }), "No article holds these words any more. Add a place where the claim was made.")
	})
	chosen = guard("why chosen", "the reason for checking this claim is written down", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(strings.TrimSpace(d.Review.Chosen) != "", "Say why this claim is worth checking.")
	})
	ratingInForce = guard("rating", "a rating of the scale in force", errs.Invalid, func(d *Dossier, _ *Command) string {
		r, ok := d.InForce.Rating(d.Verdict.Rating)
		switch {
		case d.Verdict.Rating == "":
			return "Choose a rating."
		case !ok || r.Retired || d.Verdict.ScaleID != d.InForce.ID:
			return fmt.Sprintf("The rating scale has changed since. Choose a rating from “%s”.", d.InForce.Name)
		}
		return ""
	})
	summarised = guard("summary and rationale", "both are written", errs.Invalid, func(d *Dossier, _ *Command) string {
		switch {
		case strings.TrimSpace(d.Verdict.Summary) == "":
			return "Write the summary: the answer in one paragraph."
		case strings.TrimSpace(d.Verdict.Rationale) == "":
			return "Write the rationale: how the evidence leads to the rating."
		}
		return ""
	})
	sourced = guard("sources", "evidence from enough independent publishers (2), or one with a written reason", errs.Invalid, func(d *Dossier, _ *Command) string {
		n := len(groups(d.Evidence))
		switch {
		case n == 0:
			return "Add evidence: a source, what it says, and whether it supports or refutes the claim."
		case n < d.Policy.Sources && strings.TrimSpace(d.Verdict.OneSource) == "":
			return fmt.Sprintf("The evidence comes from %s; %d independent ones are needed. Add another, or write why this is enough.", plural(n, "publisher", "publishers"), d.Policy.Sources)
		}
		return ""
	})
	bothSides = guard("both sides", "evidence for both directions, or “none found” is said", errs.Invalid, func(d *Dossier, _ *Command) string {
		has := func(s Stance) bool {
			return slices.ContainsFunc(d.Evidence, func(e Evidence) bool { return e.Stance == s })
		}
		return unless(d.Verdict.NoneFound || has(Supports) && has(Refutes), "Add evidence for the other side, or say that you looked and found none.")
	})
	archived = guard("archived", "every address among the evidence has a copy with its hash, or a written reason why not", errs.Invalid, func(d *Dossier, _ *Command) string {
		var waiting, without []string
		for _, e := range d.Evidence {
			c := d.Copies[e.ID]
			switch {
			case e.URL == "" || e.NoCopy != "" || c.SHA256 != "":
			case c.Waiting && c.Problem == "":
				waiting = append(waiting, fmt.Sprintf("[%d]", e.Number))
			default:
				without = append(without, fmt.Sprintf("[%d]", e.Number))
			}
		}
		switch {
		case len(without) > 0:
			return fmt.Sprintf("No copy is kept of %s. Capture it, upload the document, or write why no copy can be kept.", listed(without))
		case len(waiting) > 0:
			return fmt.Sprintf("A copy of %s is being made. Wait for it, or write why no copy can be kept.", listed(waiting))
		}
		return ""
	})
	inLanguage = guard("language", "the language of the claim is set", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Claim.Lang != "" && d.Claim.Lang != "und", "Set the language of the claim.")
	})
	noConflict = guard("no conflict of interest", "the author of the revision declares it", errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(d.Verdict.NoConflict, "Declare that you have no conflict of interest in this claim.")
	})
)

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// listed names things as a sentence does: "[1], [2] and [4]".
func listed(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " and " + all[last]
}

func groups(evidence []Evidence) []string {
	var gs []string
	for _, e := range evidence {
		if g := e.Group(); g != "" && !slices.Contains(gs, g) {
			gs = append(gs, g)
		}
	}
	return gs
}
