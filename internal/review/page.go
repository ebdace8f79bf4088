package review

import (
	"slices"
	"time"

	"factcheck/internal/claims"
)

// Condition is one line of the checklist “Before this can be published”.
type Condition struct {
	Name     string // of the guard: "both sides"
	Sentence string // what to do; empty: it holds
	Approval bool   // for the editors to see to, not for the author
}

// Checklist is every guard of publication, approvals last, as it stands now.
func (d Dossier) Checklist() []Condition {
	var out []Condition
	for _, g := range publishable {
		out = append(out, Condition{g.Name, g.Missing(&d, &Command{}), false})
	}
	return append(out, Condition{quorum.Name, quorum.Missing(&d, &Command{}), true})
}

// Approvers are the approvals that count now, first given first: none of an
// earlier round or edition.
func (d Dossier) Approvers() []Approval { return d.standing() }

// Preview is what readers would see if it were published now. It is stored
// nowhere.
func (d Dossier) Preview() (Publication, error) {
	return d.publication(Person{}, d.Review.ChangedAt)
}

// Working reports whether a verdict is being prepared: then the page shows the
// checklist.
func (d Dossier) Working() bool {
	return slices.Contains([]State{Research, Editing, Approved, Scheduled}, d.Review.State)
}

// Inputs names the guards of a that look at what the form sent, each once, in
// the order of Moves: what its form has to ask for.
func (a Action) Inputs() []string {
	var names []string
	for _, m := range Moves {
		for _, g := range m.Guards {
			if m.Action == a && g.Input && !slices.Contains(names, g.Name) {
				names = append(names, g.Name)
			}
		}
	}
	return names
}

// Weighty reports whether a changes what readers see or ends the work: its
// button stands out, or apart.
func (a Action) Weighty() bool { return slices.Contains([]Action{Submit, Approve, Publish}, a) }

// Assignable are the people who can be asked to work on a review.
func Assignable(people []Person) []Person {
	return slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return !p.Is(Checker, Editor) })
}

// Draft is the claim as its form shows it first: as stored, and for a claim
// without a claimant the one that the article names. suggested reports whether
// the machine filled in anything. Why the claim is worth checking is for a
// person to say: readers will see it.
func (d Dossier) Draft() (draft ClaimDraft, suggested bool) {
	c := d.Claim
	draft = ClaimDraft{
		Text: c.Text, ShortForm: c.ShortForm, Kind: c.Kind, Lang: c.Lang, SaidAt: c.SaidAt, DueAt: c.DueAt,
		Claimant: d.Claimant.Name, ClaimantKind: d.Claimant.Kind, Unattributed: c.Unattributed, Chosen: d.Review.Chosen, Topics: d.Topics,
	}
	if d.Review.State != Triage || len(d.Places) == 0 {
		return draft, false
	}
	first := d.Places[0]
	if draft.Claimant == "" && !draft.Unattributed {
		draft.Claimant, draft.ClaimantKind = first.Attribution.Canonical, claims.Unknown
		suggested = draft.Claimant != ""
	}
	return draft, suggested
}

// LastEdits are the edits since the work last came back from the editors, or
// was opened for a correction, oldest first: what an editor who has read it
// before looks at. Empty before the first of these. events are the whole
// history, oldest first.
func LastEdits(events []Event) []Event {
	var edits []Event
	back := false
	for _, e := range events {
		switch {
		case slices.Contains([]Action{Return, Withdraw, Correct}, e.Action):
			edits, back = nil, true
		case back && e.Action.IsEdit():
			edits = append(edits, e)
		}
	}
	return edits
}

// Tray is one list of a person's desk.
type Tray struct {
	Name    string // "Your turn"
	Empty   string // what to do when there is nothing
	Filters []Because
}

// Because is a filter with why its rows are there.
type Because struct {
	Filter
	Why string // empty: the detector's reasons say it
}

// Trays are the three lists of p's desk. What nobody with p's roles can do is
// not listed.
func Trays(p Person) []Tray {
	yours := Tray{Name: "Your turn", Empty: "Nothing waits for you. Take a claim from the list below."}
	yours.add(p, SaveVerdict, Filter{States: from(Research), Assignee: p.ID}, "you work on it")
	yours.add(p, Approve, Filter{States: from(Editing), NotTouched: p.ID}, "to approve or return")
	if !p.Is(Editor) {
		yours.add(p, SecondRead, Filter{States: from(Editing), NotTouched: p.ID}, "to read with fresh eyes")
	}
	yours.add(p, Publish, Filter{States: from(Approved)}, "approved, to publish")
	if flag := endsFor(p); flag != "" {
		yours.Filters = append(yours.Filters, Because{Filter: Filter{Flag: flag}})
	}
	others := Tray{Name: "Waiting for others", Empty: "Nothing that you sent to the editors is open."}
	others.add(p, Submit, Filter{States: from(Editing, Approved, Scheduled), Submitter: p.ID}, "you sent it to the editors")
	open := Tray{Name: "Unassigned", Empty: "Every claim is in somebody's hands. Add an article to find more."}
	open.Filters = []Because{
		{Filter{States: from(Queued), Order: Pressing}, "free to take"},
		{Filter{States: from(Triage), Order: Worth}, ""},
	}
	return []Tray{yours, others, open}
}

// endsFor is which open ends of what is published wait for p; empty if none do.
func endsFor(p Person) Flag {
	switch editor, standards := p.Is(Editor), p.Is(Standards); {
	case editor && standards:
		return OpenEnds
	case editor:
		return LookBackDue
	case standards:
		return ToSign
	}
	return ""
}

// Notes say what a list tells of a review beside its state: a hold, a time, an
// embargo, what waits for somebody.
func (r Row) Notes(now time.Time) []string {
	var out []string
	note := func(ok bool, s string) {
		if ok {
			out = append(out, s)
		}
	}
	note(r.Priority != NormalPriority, r.Priority.String()+" priority"+r.placedBy())
	due := !r.DueAt.IsZero() && slices.Contains(dueStates, r.State)
	note(due && r.Overdue(now), "overdue since "+moment(r.DueAt))
	note(due && !r.Overdue(now) && !r.onHold(now), "due "+moment(r.DueAt))
	note(r.onHold(now), "on hold: "+lower(HoldLabel(r.Hold)))
	note(r.Alert != "", "not published at its time")
	note(r.State == Scheduled, "to be published "+moment(r.ScheduledAt))
	note(now.Before(r.EmbargoUntil), "under embargo until "+moment(r.EmbargoUntil))
	note(r.State == Published && r.Retraction != "", "a retraction waits for its second signature")
	note(!r.OverrideDue.IsZero() && !now.After(r.OverrideDue), "to be looked back at by "+moment(r.OverrideDue))
	note(!r.OverrideDue.IsZero() && now.After(r.OverrideDue), "looking back is overdue since "+moment(r.OverrideDue))
	note(r.Risk == HighRisk, "high risk")
	return out
}

// placedBy says where in triage a priority puts a claim, whatever it is worth.
func (r Row) placedBy() string {
	switch {
	case r.State != Triage:
		return ""
	case r.Priority > NormalPriority:
		return ", so it comes first"
	default:
		return ", so it comes last"
	}
}

// add lists what f chooses if p's roles allow the action.
func (t *Tray) add(p Person, a Action, f Filter, why string) {
	if slices.ContainsFunc(Moves, func(m Move) bool { return m.Action == a && p.Is(m.By...) }) {
		t.Filters = append(t.Filters, Because{f, why})
	}
}

// OrderOf is how a list of reviews in that state is sorted: what a machine
// proposes by what it is worth, what is free to take by its priority, all else
// by the last change.
func OrderOf(s State) Order {
	switch s {
	case Triage:
		return Worth
	case Queued:
		return Pressing
	default:
		return Newest
	}
}
