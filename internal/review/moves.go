package review

import "slices"

// Action is what a person asks for: a move to another state, or an edit.
type Action string

// The actions.
const (
	Accept   Action = "accept"
	Dismiss  Action = "dismiss"
	Reopen   Action = "reopen"
	Take     Action = "take"
	Assign   Action = "assign"
	Release  Action = "release"
	Submit   Action = "submit"
	Withdraw Action = "withdraw"
	Return   Action = "return"
	Approve  Action = "approve"
	Publish  Action = "publish"
	Correct  Action = "correct"
	Abandon  Action = "abandon"

	EditClaim      Action = "edit_claim"
	AddEvidence    Action = "add_evidence"
	EditEvidence   Action = "edit_evidence"
	RemoveEvidence Action = "remove_evidence"
	SaveVerdict    Action = "save_verdict"

	Open Action = "open" // by the pipeline: the one way into the table, and no row of it
)

// Move is a row of the workflow.
type Move struct {
	Action Action
	From   []State
	To     State // stays: where it was
	By     []Role
	Guards []Guard
	Effect Effect
}

const stays State = ""

// Moves is the whole workflow. Dossier.Apply, the buttons on the page, the CLI
// and docs/workflow.md read it; no other code compares states. Adding a row is
// all it takes to add a move.
var Moves = []Move{
	{Accept, from(Triage), Queued, by(Checker, Editor), when(attributed, chosen), saveClaim},
	{Dismiss, from(Triage), Dismissed, by(Checker, Editor), when(dismissal), dismiss},
	{Dismiss, from(Queued, Research), Dismissed, by(Editor), when(dismissal, notPublic), dismiss},
	{Reopen, from(Dismissed), Triage, by(Editor), when(reason), undismiss},
	{Take, from(Queued), Research, by(Checker), nil, takeIt},
	{Assign, from(Queued, Research), Research, by(Editor), when(someone), assignIt},
	{Release, from(Research), Queued, by(Checker, Editor), when(worksOnIt), release},
	{Submit, from(Research), Editing, by(Checker, Editor), append(when(assignee, somethingChanged), publishable...), submit},
	{Withdraw, from(Editing), Research, by(Checker, Editor), when(submitter, noApproval), reopenResearch},
	{Return, from(Editing, Approved), Research, by(Editor), when(reason), reopenResearch},
	{Approve, from(Editing), Approved, by(Editor), append(when(fourEyes, notTwice), publishable...), approve},
	{Publish, from(Approved), Published, by(Editor), append(when(quorum), publishable...), publish},
	{Correct, from(Published), Research, by(Checker, Editor), when(correction, writer), correct},
	{Abandon, from(Research, Editing, Approved), Published, by(Editor), when(reason, isCorrection), abandon},

	{EditClaim, from(Triage, Queued), stays, by(Checker, Editor), nil, saveClaim},
	{EditClaim, from(Research), stays, by(Checker, Editor), when(worksOnIt), saveClaim},
	{EditClaim, from(Editing, Approved), Editing, by(Checker, Editor), when(worksOnIt), both(saveClaim, newRound)},
	{AddEvidence, from(Research), stays, by(Checker, Editor), when(room), addEvidence},
	{AddEvidence, from(Editing, Approved), Editing, by(Checker, Editor), when(room), both(addEvidence, newRound)},
	{EditEvidence, from(Research), stays, by(Checker, Editor), when(thatEvidence), editEvidence},
	{EditEvidence, from(Editing, Approved), Editing, by(Checker, Editor), when(thatEvidence), both(editEvidence, newRound)},
	{RemoveEvidence, from(Research), stays, by(Checker, Editor), when(thatEvidence), removeEvidence},
	{RemoveEvidence, from(Editing, Approved), Editing, by(Checker, Editor), when(thatEvidence), both(removeEvidence, newRound)},
	{SaveVerdict, from(Research), stays, by(Checker, Editor), when(worksOnIt), saveVerdict},
	{SaveVerdict, from(Editing, Approved), Editing, by(Checker, Editor), when(worksOnIt), both(saveVerdict, newRound)},
}

// publishable is every guard of publication but approval.
var publishable = []Guard{claimText, attributed, placed, chosen, ratingInForce, summarised, sourced, bothSides, inLanguage, noConflict}

func from(s ...State) []State { return s }
func by(r ...Role) []Role     { return r }
func when(g ...Guard) []Guard { return slices.Clip(g) } // clipped: append must copy
func (m Move) target(s State) State {
	if m.To == stays {
		return s
	}
	return m.To
}

// IsEdit reports whether the action changes content rather than moving the
// review.
func (a Action) IsEdit() bool {
	return slices.Contains([]Action{EditClaim, AddEvidence, EditEvidence, RemoveEvidence, SaveVerdict}, a)
}
