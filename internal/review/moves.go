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

	SecondRead  Action = "second_read"
	ResolveRead Action = "resolve_read"
	Schedule    Action = "schedule"
	Unschedule  Action = "unschedule"
	Retract     Action = "retract"
	Reinstate   Action = "reinstate"
	Merge       Action = "merge"
	Unmerge     Action = "unmerge"
	BreakGlass  Action = "break_glass"
	LookBack    Action = "look_back"
	PutOnHold   Action = "hold"
	LiftHold    Action = "lift_hold"
	SetEmbargo  Action = "embargo"
	SetRisk     Action = "risk"
	SetPriority Action = "priority"
	Unaccept    Action = "unaccept"

	AskReply    Action = "ask_reply"
	SentReply   Action = "sent_reply"
	CloseReply  Action = "close_reply"
	TakeReply   Action = "take_reply"
	AnswerReply Action = "answer_reply"
	RevokeReply Action = "revoke_reply"

	InviteReader Action = "invite_reader"
	RevokeReader Action = "revoke_reader"

	EditClaim      Action = "edit_claim"
	EditSpan       Action = "edit_span"
	AddEvidence    Action = "add_evidence"
	EditEvidence   Action = "edit_evidence"
	RemoveEvidence Action = "remove_evidence"
	AttachFile     Action = "attach_file"
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

const (
	stays   State = ""
	earlier State = "where it was before" // the effect knows
)

// Moves is the whole workflow. Dossier.Apply, the buttons on the page, the CLI
// and docs/workflow.md read it; no other code compares states. Adding a row is
// all it takes to add a move.
var Moves = []Move{
	{Accept, from(Triage), Queued, by(Checker, Editor), when(attributed, chosen), saveClaim},
	{Dismiss, from(Triage), Dismissed, by(Checker, Editor), when(dismissal), dismiss},
	{Dismiss, from(Queued, Research), Dismissed, by(Editor), when(dismissal, notPublic), dismiss},
	{Reopen, from(Dismissed), Triage, by(Editor), when(reason), undismiss},
	{Reopen, from(Dismissed), Triage, by(Checker), when(reason, justDismissed), undismiss},
	{Unaccept, from(Queued), Triage, by(Checker, Editor), when(reason), leaveIt},
	{Take, from(Queued), Research, by(Checker), when(impartial), takeIt},
	{Assign, from(Queued, Research), Research, by(Editor), when(someone, writerImpartial), assignIt},
	{Release, from(Research), Queued, by(Checker, Editor), when(worksOnIt), release},
	{Submit, from(Research), Editing, by(Checker, Editor), append(when(assignee, impartial, somethingChanged), publishable...), submit},
	{Withdraw, from(Editing), Research, by(Checker, Editor), when(submitter, noApproval), reopenResearch},
	{SecondRead, from(Editing), stays, by(Checker, Editor, Guest), when(reading, outsider, readOnce, invited, impartial), secondRead},
	{InviteReader, from(Editing), stays, by(Editor), when(inviting, fewGuests), inviteReader},
	{RevokeReader, States, stays, by(Editor), when(thatGuest), revokeReader},
	{ResolveRead, from(Editing), stays, by(Editor), when(reason, fourEyes, impartial, disagreed), resolveRead},
	{Return, from(Editing, Approved, Scheduled), Research, by(Editor), when(reason), reopenResearch},
	{Approve, from(Editing), Approved, by(Editor), append(when(fourEyes, impartial, notTwice, noHold, readSecond, agreed), publishable...), approve},
	{Publish, from(Approved), Published, by(Editor), append(when(quorum, noHold, noEmbargo, otherPublisher), publishable...), publish},
	{Publish, from(Scheduled), Published, by(Editor), append(when(itIsTime, quorum, noHold, noEmbargo, otherPublisher), publishable...), publish},
	{Schedule, from(Approved), Scheduled, by(Editor), append(when(laterTime, quorum, noHold, otherPublisher), publishable...), schedule},
	{Unschedule, from(Scheduled), Approved, by(Editor), nil, unschedule},
	{BreakGlass, from(Editing, Approved), Published, by(Standards), append(when(reason, override, impartial, noHold, noEmbargo, notTheAuthor), publishable...), breakGlass},
	{LookBack, from(Published), stays, by(Editor), when(reason, overridden, notOverrider), lookBack},
	{Correct, from(Published), Research, by(Checker, Editor), when(correction, writer, writerImpartial), correct},
	{Abandon, from(Research, Editing, Approved, Scheduled), Published, by(Editor), when(reason, isCorrection, notReinstating), abandon},
	{Retract, from(Published), Retracted, by(Editor, Standards), when(retraction, signsInOrder), retract},
	{Reinstate, from(Retracted), Research, by(Editor), when(reason, writer, writerImpartial), reinstate},
	{Merge, from(Triage, Queued, Research, Dismissed), Merged, by(Editor), when(into, notPublic), merge},
	{Unmerge, from(Merged), earlier, by(Standards), when(reason), unmerge},
	{PutOnHold, from(Queued, Research, Editing, Approved, Scheduled), stays, by(Editor, Standards), when(holding), putOnHold},
	{LiftHold, from(Queued, Research, Editing, Approved, Scheduled), stays, by(Editor, Standards), when(reason, held), liftHold},
	{SetEmbargo, from(Queued, Research, Editing, Approved), stays, by(Editor), when(embargo), setEmbargo},
	{SetRisk, from(Triage, Queued, Research, Editing), stays, by(Editor), when(risk), setRisk},
	{SetPriority, from(Triage, Queued, Research, Editing, Approved), stays, by(Editor), when(priority), setPriority},

	{AskReply, from(Research), stays, by(Checker, Editor), when(asking, roomToAsk), askReply},
	{SentReply, from(Research), stays, by(Checker, Editor), when(openRequest, notSent), sentReply},
	{CloseReply, from(Research), stays, by(Checker, Editor), when(openRequest, closing), closeReply},
	{TakeReply, from(Research), stays, by(Checker, Editor), when(room, thatReply), takeReply},
	{AnswerReply, States, stays, by(Guest), when(answerOnce), answerReply},
	{RevokeReply, States, stays, by(Checker, Editor), when(linkIsGood), revokeLink},

	{EditClaim, from(Triage, Queued), stays, by(Checker, Editor), nil, saveClaim},
	{EditClaim, from(Research), stays, by(Checker, Editor), when(worksOnIt), saveClaim},
	{EditClaim, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(worksOnIt), both(saveClaim, newRound)},
	{EditSpan, from(Triage, Queued), stays, by(Checker, Editor), when(thatPlace), adjustSpan},
	{EditSpan, from(Research), stays, by(Checker, Editor), when(worksOnIt, thatPlace), adjustSpan},
	{EditSpan, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(worksOnIt, thatPlace), both(adjustSpan, newRound)},
	{AddEvidence, from(Research), stays, by(Checker, Editor), when(room), addEvidence},
	{AddEvidence, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(room), both(addEvidence, newRound)},
	{EditEvidence, from(Research), stays, by(Checker, Editor), when(thatEvidence), editEvidence},
	{EditEvidence, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(thatEvidence), both(editEvidence, newRound)},
	{RemoveEvidence, from(Research), stays, by(Checker, Editor), when(thatEvidence), removeEvidence},
	{RemoveEvidence, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(thatEvidence), both(removeEvidence, newRound)},
	{AttachFile, from(Research), stays, by(Checker, Editor), when(thatEvidence), attachFile},
	{AttachFile, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(thatEvidence), both(attachFile, newRound)},
	{SaveVerdict, from(Research), stays, by(Checker, Editor), when(worksOnIt, impartial), saveVerdict},
	{SaveVerdict, from(Editing, Approved, Scheduled), Editing, by(Checker, Editor), when(worksOnIt, impartial), both(saveVerdict, newRound)},
}

// publishable is every guard of publication but approval.
var publishable = []Guard{claimText, attributed, placed, chosen, ratingInForce, summarised, sourced, bothSides, archived, inLanguage, noConflict, repliesClosed, noBlockingComment, checklistComplete}

func from(s ...State) []State { return s }
func by(r ...Role) []Role     { return r }
func when(g ...Guard) []Guard { return slices.Clip(g) } // clipped: append must copy
func (m Move) target(s State) State {
	if m.To == stays || m.To == earlier {
		return s
	}
	return m.To
}

// HasOwnForm reports whether the action is drawn beside what it is about, not
// among the moves.
func (a Action) HasOwnForm() bool {
	return a.IsEdit() || slices.Contains([]Action{AskReply, SentReply, CloseReply, TakeReply, AnswerReply, RevokeReply, InviteReader, RevokeReader}, a)
}

// IsEdit reports whether the action changes content rather than moving the
// review.
func (a Action) IsEdit() bool {
	return slices.Contains([]Action{EditClaim, EditSpan, AddEvidence, EditEvidence, RemoveEvidence, AttachFile, SaveVerdict}, a)
}
