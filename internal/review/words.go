package review

import "fmt"

// stateLabels is what each state is called on the page.
var stateLabels = map[State]string{
	Triage: "to be triaged", Queued: "waiting for a fact-checker", Research: "in research", Editing: "with the editors",
	Approved: "approved", Published: "published", Dismissed: "dismissed",
	Scheduled: "scheduled", Merged: "merged into another", Retracted: "retracted",
}

// StateLabel is what s is called on the page.
func StateLabel(s State) string {
	if l, ok := stateLabels[s]; ok {
		return l
	}
	return string(s)
}

// actionLabels is what the button of each action says.
var actionLabels = map[Action]string{
	Accept: "Accept for checking", Dismiss: "Dismiss", Reopen: "Reopen", Take: "Take it", Assign: "Assign", Release: "Hand it back",
	Submit: "Send to an editor", Withdraw: "Take it back", Return: "Return with a reason", Approve: "Approve", Publish: "Publish now",
	Correct: "Correct this check", Abandon: "Abandon the correction",
	EditClaim: "Save the claim", EditSpan: "Use these words", AddEvidence: "Add evidence", EditEvidence: "Save the evidence", RemoveEvidence: "Remove",
	AttachFile:  "Add the file",
	SaveVerdict: "Save the verdict", Open: "Found",
	SecondRead: "Give a second reading", ResolveRead: "Resolve the disagreement", Schedule: "Schedule", Unschedule: "Take off the schedule",
	Retract: "Sign a retraction", Reinstate: "Reinstate", Merge: "Merge into another", Unmerge: "Undo the merge",
	BreakGlass: "Publish without a second review", LookBack: "Record the look back", PutOnHold: "Put on hold", LiftHold: "Lift the hold",
	SetEmbargo: "Set the embargo", SetRisk: "Set the risk", SetPriority: "Set the priority", Unaccept: "Back to triage",
	InviteReader: "Ask somebody outside to read it", RevokeReader: "Revoke the link",
	AskReply: "Ask for a reply", SentReply: "Record that it was sent", CloseReply: "Close the request", TakeReply: "Take the reply in as evidence",
	AnswerReply: "Send the answer", RevokeReply: "Revoke the link",
}

// doneLabels is how the history tells each action.
var doneLabels = map[Action]string{
	Accept: "accepted it for checking", Dismiss: "dismissed it", Reopen: "reopened it", Take: "took it", Assign: "assigned it",
	Release: "handed it back", Submit: "sent it to the editors", Withdraw: "took it back", Return: "returned it", Approve: "approved it",
	Publish: "published it", Correct: "opened a correction", Abandon: "abandoned the correction",
	EditClaim: "changed the claim", EditSpan: "changed which words of the article it is", AddEvidence: "added evidence", EditEvidence: "changed evidence", RemoveEvidence: "removed evidence",
	AttachFile:  "added a file to the evidence",
	SaveVerdict: "wrote the verdict", Open: "found it in an article",
	SecondRead: "gave a second reading", ResolveRead: "resolved a disagreement", Schedule: "scheduled it", Unschedule: "took it off the schedule",
	Retract: "signed a retraction", Reinstate: "opened it again after the retraction", Merge: "merged it", Unmerge: "undid a merge",
	BreakGlass: "published it without a second review", LookBack: "looked back at it", PutOnHold: "put it on hold", LiftHold: "lifted the hold",
	SetEmbargo: "set an embargo", SetRisk: "set the risk", SetPriority: "set the priority", Unaccept: "put it back into triage",
	InviteReader: "asked somebody outside for a second reading", RevokeReader: "revoked the link of an outside reader",
	AskReply: "asked for a reply", SentReply: "recorded that a request for a reply was sent", CloseReply: "closed a request for a reply",
	TakeReply: "took a reply in as evidence", AnswerReply: "received a reply", RevokeReply: "revoked a link",
	ChangePolicy: "changed the policy", AddPerson: "added a person", ChangeRoles: "changed somebody’s roles", CloseAccount: "closed an account",
	ReopenAccount: "opened an account again", ForgetPerson: "forgot somebody’s name", SetSide: "said on which side a speaker stands", AddArticle: "added an article",
	AddComment: "commented", ResolveComment: "resolved a comment", RedactComment: "took the words of a comment from view",
	TickItem: "ticked an item of the checklist", UntickItem: "took back a tick of the checklist",
	ReceiveComplaint: "received a complaint by a reader", TakeComplaint: "took a complaint for a second look", FindComplaint: "wrote what the second look found",
	DecideComplaint: "decided about a complaint", ForgetReader: "forgot the mail address of a reader",
	SeeDrift: "has seen that a source is not what it was", DeclareInterest: "declared an interest", EndInterest: "ended an interest that was declared",
	CopyLetter: "was shown a letter with a link to send", WatchSource: "had a source watched", PauseSource: "paused a watched source",
	ResumeSource: "went on with a watched source", RemoveSource: "stopped watching a source",
	NoteSame: "noted that it is the same as an earlier claim", NoteOther: "noted that it is another claim than an earlier one",
}

// Label is what the button of an action says on this review now.
func (d Dossier) Label(a Action) string {
	switch {
	case a == Approve && d.Verdict.Number > 0:
		return fmt.Sprintf("Approve revision %d", d.Verdict.Number)
	case a == Retract && d.Signatures() > 0:
		return "Sign and retract it now"
	case a == PutOnHold && d.Review.Hold != "":
		return "Change the hold"
	}
	return actionLabels[a]
}

// HoldLabel is what the menu calls a reason for a hold.
func HoldLabel(h HoldReason) string { return labelOf(HoldReasons, h) }

// RetractionLabel is what the menu calls a reason for a retraction.
func RetractionLabel(c RetractionCode) string { return labelOf(Retractions, c) }

// Done is how the history tells the event, after the actor's name.
func (e Event) Done() string {
	if l, ok := doneLabels[e.Action]; ok {
		return l
	}
	return string(e.Action)
}
