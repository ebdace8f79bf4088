package review

import (
	"context"
	"strings"
	"time"

	"factcheck/internal/claims"
)

// The people of these tests.
var (
	ana    = Person{1, "Ana", []Role{Checker}, true}
	ben    = Person{2, "Ben", []Role{Checker}, true}
	edith  = Person{3, "Edith", []Role{Editor}, true}
	stella = Person{6, "Stella", []Role{Standards}, true}
	omar   = Person{4, "Omar", []Role{Checker, Editor}, true}
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func value(n int) *int { return &n }

var fivePoint = RatingScale{
	ID: 7, Key: "five-point", Version: 1, Name: "Five points", Best: 5, Worst: 1,
	Ratings: []Rating{
		{"true", "True", value(5), "It is so.", "rating-5", false},
		{"false", "False", value(1), "It is not so.", "rating-1", false},
		{"unverifiable", "Unverifiable", nil, "Nobody can tell.", "rating-none", false},
		{"old", "Old", value(2), "No longer given.", "rating-2", true},
	},
}

// ideal is a dossier in that state in which every guard of publication holds:
// Ana works on it, wrote it and sent it.
func ideal(s State) Dossier {
	span := claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%"}
	d := Dossier{
		Review: Review{ID: 10, ClaimID: 20, State: s, Version: 5, Edition: 1, Round: 1, VerdictID: 30, Chosen: "Widely shared",
			OpenedAt: now, ChangedAt: now},
		Claim:    claims.Claim{ID: 20, Text: "Crime fell 12%", ShortForm: "Crime fell 12% in Northport", Kind: claims.Quantity, Lang: "en", ClaimantID: 40},
		Claimant: claims.Claimant{ID: 40, Name: "Lena Marsh", Kind: claims.Person},
		Places: []Place{{
			Appearance: claims.Appearance{ID: 50, ClaimID: 20, ArticleID: 60, Span: span, AddedAt: now.Add(-time.Hour)},
			Article:    claims.Article{ID: 60, Title: "Council meets", SHA256: "ab"}, From: 1, To: 15, Verified: true,
		}},
		Evidence: []Evidence{
			{ID: 70, ReviewID: 10, Number: 1, URL: "https://stats.example.org/crime", Quote: "down 12 per cent", Stance: Supports, AddedIn: 1, AddedBy: 1},
			{ID: 71, ReviewID: 10, Number: 2, URL: "https://audit.example.net/2025", Quote: "down 4 per cent", Stance: Refutes, AddedIn: 1, AddedBy: 1},
		},
		LastEvidence: 2,
		Copies: map[int64]Copy{
			70: {CaptureID: 90, Title: "Crime", SHA256: strings.Repeat("a1", 32), At: now.Add(-time.Hour)},
			71: {CaptureID: 91, Title: "2025", SHA256: strings.Repeat("b2", 32), At: now.Add(-time.Hour)},
		},
		Verdict: Verdict{ID: 30, ReviewID: 10, Number: 3, ScaleID: 7, Rating: "true", Summary: "It did.", Rationale: "See [1].",
			NoConflict: true, AuthorID: 1, CreatedAt: now},
		Scale: fivePoint, InForce: fivePoint, Policy: DefaultPolicy,
		Contributors: []Contribution{{PersonID: 1, How: WorkedOnIt, Edition: 1}, {PersonID: 1, How: WroteVerdict, Edition: 1}},
		People:       map[int64]Person{1: ana, 2: ben, 3: edith, 4: omar},
		AsOf:         now,
	}
	switch s {
	case Research:
		d.Review.AssigneeID = 1
	case Editing, Approved:
		d.Review.AssigneeID, d.Review.SubmitterID, d.Review.SubmittedAt = 1, 1, now
	case Dismissed:
		d.Review.Dismissal = Opinion
	case Merged:
		d.Review.MergedInto, d.Review.MergedFrom = 11, Queued
	case Scheduled:
		d.Review.AssigneeID, d.Review.SubmitterID, d.Review.SubmittedAt = 1, 1, now
		d.Review.ScheduledAt, d.Review.ScheduledBy = now, 3
	}
	if s == Approved || s == Scheduled {
		d.Approvals = []Approval{{ReviewID: 10, Edition: 1, Round: 1, Purpose: ForPublication, VerdictID: 30, ContentHash: d.ContentHash(), EditorID: 3, CreatedAt: now}}
	}
	if s == Published || s == Retracted {
		published(&d)
	}
	if s == Retracted {
		d.Live.Report.Retracted = &ReportReason{Note: "It was wrong."}
	}
	return d
}

// published gives d an edition 1 that readers see, and makes it ready for the
// next.
func published(d *Dossier) {
	p, err := d.publication(edith, now)
	if err != nil {
		panic(err)
	}
	p.ID, p.VerdictID = 80, 30
	d.Live = &p
	d.Review.Edition, d.Contributors, d.Approvals = 2, nil, nil
}

// correcting is a dossier of a correction that changed the summary, in that
// state.
func correcting(s State) Dossier {
	d := ideal(s)
	was := d.Verdict.Summary
	d.Verdict.Summary = "It did not."
	now := d
	now.Verdict.Summary = was
	published(&now)
	d.Live, d.Review.Edition = now.Live, 2
	d.Review.CorrectionKind, d.Review.CorrectionNote, d.Review.CorrectionBy = Fix, "We misread the table.", 3
	if s == Approved {
		d.Approvals = []Approval{{ReviewID: 10, Edition: 2, Round: 1, Purpose: ForPublication, VerdictID: 30, ContentHash: d.ContentHash(), EditorID: 3, CreatedAt: now.Review.ChangedAt}}
	}
	return d
}

// command is a complete command for any action.
func command(a Action, by Person) Command {
	into := ideal(Triage)
	into.Review.ID = 11
	return Command{
		Retraction: WrongVerdict, Hold: LegalHold, Risk: HighRisk, Rating: "true", At: now.Add(time.Hour), IntoID: 11, Into: &into,
		ReviewID: 10, Version: 5, Action: a, Actor: by, Note: "Because.", Dismissal: Opinion, Correction: Fix,
		AssigneeID: 2, Assignee: ben, EvidenceID: 70,
		Claim: draftFor(a), Verdict: &VerdictDraft{Rating: "false", Summary: "No.", Rationale: "See [2].", NoConflict: true},
		Invite: &GuestDraft{Name: "Prof. Grete Holm"}, GuestID: 96,
		RequestID: 90, Ask: &ReplyDraft{Respondent: "City of Northport", Channel: ByEmail, Address: "press@example.org", Question: "Is it so?"},
		Outcome: Declined, Reply: "It is not so.", Stance: Refutes,
		Evidence: &Evidence{URL: "https://city.example.com/report", Stance: Context},
		Span:     &SpanDraft{AppearanceID: 50, Span: claims.Span{Start: 3, End: 27, Quote: "Crime fell 12% last year"}},
		File:     fileFor(a),
	}
}

func fileFor(a Action) *File {
	if a != AttachFile {
		return nil
	}
	return &File{Name: "table.pdf", SHA256: strings.Repeat("c3", 32), Bytes: 1200, Attach: func(context.Context, int64) error { return nil }}
}

func draftFor(a Action) *ClaimDraft {
	if a != EditClaim {
		return nil
	}
	return &ClaimDraft{Text: "Crime fell 12% last year", Kind: claims.Quantity, Lang: "en", Claimant: "Lena Marsh", ClaimantKind: claims.Person, Chosen: "Widely shared"}
}
