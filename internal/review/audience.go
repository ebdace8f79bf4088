package review

import "slices"

// Audience is who is told of an event in the app. Nobody is told of what they
// did themselves.
type Audience struct {
	Watchers  bool    // who watches the review
	Editors   bool    // every active editor
	Standards bool    // every active standards editor
	People    []int64 // by id; one may be there twice
}

// audiences says for each action who is told of it: with their part in the
// review, watchers always. An action that is not here tells nobody: edits are in
// the history, and what a person does alone for themselves concerns nobody.
var audiences = map[Action]func(before, after *Review, d *Dossier) Audience{
	Dismiss: concerned, Reopen: concerned, Unaccept: concerned, Assign: concerned, Release: watching, Submit: watching, Withdraw: watching,
	SecondRead: concerned, ResolveRead: concerned, Return: concerned, Approve: concerned, Publish: concerned, Schedule: concerned,
	Correct: concerned, Abandon: concerned, Retract: concerned, Reinstate: concerned, Merge: concerned, Unmerge: concerned,
	PutOnHold: concerned, LiftHold: concerned, SetEmbargo: concerned, SetPriority: concerned,
	BreakGlass: everyEditor, LookBack: everyEditor,
	Unschedule:   concerned,
	InviteReader: watching, RevokeReader: watching,
	AskReply: watching, SentReply: watching, CloseReply: watching, TakeReply: watching, RevokeReply: watching, AnswerReply: concerned,
}

func watching(_, _ *Review, _ *Dossier) Audience { return Audience{Watchers: true} }

// concerned are who works on it, before or after, who sent it and who
// contributed to the edition.
func concerned(before, after *Review, d *Dossier) Audience {
	a := Audience{Watchers: true, People: []int64{before.AssigneeID, after.AssigneeID, before.SubmitterID, before.ScheduledBy}}
	for _, c := range d.Contributors {
		a.People = append(a.People, c.PersonID)
	}
	return a
}

func everyEditor(before, after *Review, d *Dossier) Audience {
	a := concerned(before, after, d)
	a.Editors = true
	return a
}

// tell fills in who is told of an outcome. What the program does by itself, such
// as taking off the schedule what it could not publish, every editor is told.
func (o *Outcome) tell(before *Dossier) {
	who, ok := audiences[o.Event.Action]
	if !ok {
		return
	}
	o.Audience = who(&before.Review, &o.Review, before)
	o.Audience.Editors = o.Audience.Editors || o.Event.ActorID == 0
	o.Audience.People = slices.DeleteFunc(o.Audience.People, func(id int64) bool { return id == 0 || id == o.Event.ActorID })
}
