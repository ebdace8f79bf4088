package review_test

import (
	"slices"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

func TestChecklistNamesEveryGuardOfPublicationAndItsSentence(t *testing.T) {
	bare := []review.Evidence{{ID: 1, Number: 1, URL: "https://stats.example.org"}} // no copy, and one source only
	policy := review.DefaultPolicy
	policy.Checklists = review.Checklists{"": {"Looked twice"}} // of a claim without a kind
	empty := review.Dossier{Policy: policy, Evidence: bare, Blocking: 1}.Checklist()
	if len(empty) < 10 {
		t.Fatalf("the checklist has %d lines", len(empty))
	}
	for _, c := range empty {
		if c.Name == "right of reply" { // nobody was asked: it holds
			continue
		}
		if c.Name == "" || c.Sentence == "" {
			t.Errorf("an empty dossier is told nothing about %q: %q", c.Name, c.Sentence)
		}
	}
	d := review.Dossier{Policy: policy, Evidence: bare, Blocking: 1}
	d.Claim.Lang, d.Claim.Text, d.Claim.Unattributed = "en", "It rained on Monday.", true
	for _, c := range d.Checklist() {
		held := slices.Contains([]string{"language", "claim text", "attribution", "right of reply"}, c.Name)
		if held != (c.Sentence == "") {
			t.Errorf("%s: %q", c.Name, c.Sentence)
		}
	}
}

func TestInputsAreTheGuardsThatLookAtTheForm(t *testing.T) {
	tests := []struct {
		action review.Action
		want   []string
	}{
		{review.Dismiss, []string{"dismissal"}},
		{review.Correct, []string{"correction", "writer", "writer without interest"}},
		{review.Return, []string{"reason"}},
		{review.Take, nil}, // whether somebody has an interest shows before they ask
	}
	for _, tt := range tests {
		if got := tt.action.Inputs(); !slices.Equal(got, tt.want) {
			t.Errorf("%s asks for %q, want %q", tt.action, got, tt.want)
		}
	}
}

func TestDraftSuggestsWhomTheArticleNamesOnlyInTriage(t *testing.T) {
	d := review.Dossier{Places: []review.Place{{Appearance: claims.Appearance{
		Attribution: claims.Attribution{Canonical: "Ada Quill"}, Reasons: []string{"gives a number", "names a law"},
	}}}}
	d.Review.State = review.Triage
	draft, suggested := d.Draft()
	if !suggested || draft.Claimant != "Ada Quill" || draft.Chosen != "" {
		t.Errorf("in triage: %+v, suggested %v", draft, suggested)
	}
	d.Claimant.Name, d.Review.Chosen = "Bo Reed", "Widely shared."
	if draft, suggested = d.Draft(); suggested || draft.Claimant != "Bo Reed" || draft.Chosen != "Widely shared." {
		t.Errorf("what people wrote was replaced: %+v, suggested %v", draft, suggested)
	}
	d.Claimant.Name, d.Review.Chosen, d.Review.State = "", "", review.Queued
	if draft, suggested = d.Draft(); suggested || draft.Claimant != "" {
		t.Errorf("after triage: %+v, suggested %v", draft, suggested)
	}
}

func TestLastEditsBeginWhereTheEditorsGaveItBack(t *testing.T) {
	do := func(actions ...review.Action) []review.Event {
		var events []review.Event
		for _, a := range actions {
			events = append(events, review.Event{Action: a})
		}
		return events
	}
	tests := []struct {
		name   string
		events []review.Event
		want   int
	}{
		{"never sent", do(review.Open, review.EditClaim, review.SaveVerdict), 0},
		{"returned", do(review.SaveVerdict, review.Submit, review.Return, review.SaveVerdict, review.AddEvidence, review.Submit), 2},
		{"returned twice", do(review.Return, review.SaveVerdict, review.Submit, review.Return, review.AddEvidence), 1},
		{"corrected", do(review.SaveVerdict, review.Publish, review.Correct, review.SaveVerdict, review.Submit), 1},
	}
	for _, tt := range tests {
		if got := review.LastEdits(tt.events); len(got) != tt.want {
			t.Errorf("%s: %d edits, want %d", tt.name, len(got), tt.want)
		}
	}
}

func TestTraysOfferOnlyWhatARoleCanDo(t *testing.T) {
	filters := func(roles ...review.Role) (n int) {
		return len(review.Trays(review.Person{ID: 1, Active: true, Roles: roles})[0].Filters)
	}
	if n := filters(review.Viewer); n != 0 {
		t.Errorf("a viewer has %d lists to act on", n)
	}
	if n := filters(review.Checker); n != 2 {
		t.Errorf("a fact-checker has %d lists to act on, want her own research and what she can read with fresh eyes", n)
	}
	if n := filters(review.Editor); n != 4 {
		t.Errorf("an editor has %d lists to act on, want research, approval, publication and looking back", n)
	}
	if n := filters(review.Standards); n != 1 {
		t.Errorf("a standards editor has %d lists to act on, want retractions to sign", n)
	}
	if all := filters(review.Checker, review.Editor, review.Standards, review.Admin); all != 4 {
		t.Errorf("somebody with every role has %d lists to act on, want 4", all)
	}
}

func TestOnlyFactCheckersAndEditorsAreAssignable(t *testing.T) {
	people := []review.Person{
		{ID: 1, Active: true, Roles: []review.Role{review.Viewer}},
		{ID: 2, Active: true, Roles: []review.Role{review.Checker}},
		{ID: 3, Active: false, Roles: []review.Role{review.Editor}},
		{ID: 4, Active: true, Roles: []review.Role{review.Admin, review.Editor}},
	}
	var ids []int64
	for _, p := range review.Assignable(people) {
		ids = append(ids, p.ID)
	}
	if !slices.Equal(ids, []int64{2, 4}) {
		t.Errorf("assignable are %v", ids)
	}
}

func TestProposalsAreSortedByWhatTheyAreWorth(t *testing.T) {
	if review.OrderOf(review.Triage) != review.Worth || review.OrderOf(review.Research) != review.Newest {
		t.Error("the order of a list does not fit its state")
	}
}

func TestTheChecklistShowsWhileAVerdictIsPrepared(t *testing.T) {
	var d review.Dossier
	for state, want := range map[review.State]bool{review.Triage: false, review.Queued: false, review.Research: true, review.Editing: true, review.Approved: true, review.Published: false} {
		if d.Review.State = state; d.Working() != want {
			t.Errorf("%s: %v", state, d.Working())
		}
	}
	if !review.Publish.Weighty() || review.Take.Weighty() {
		t.Error("the weight of a button does not fit its action")
	}
}
