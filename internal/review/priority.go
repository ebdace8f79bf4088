package review

import (
	"slices"
	"time"

	"factcheck/internal/errs"
)

// Priority is how soon a review matters; more is sooner.
type Priority int

// The priorities.
const (
	LowPriority    Priority = -1
	NormalPriority Priority = 0
	HighPriority   Priority = 1
	Urgent         Priority = 2
)

// PriorityWord is a priority as forms and addresses call it, and as pages do.
type PriorityWord struct {
	Priority Priority
	Code     string
	Label    string
}

// Priorities is the menu of priorities, the most pressing first.
var Priorities = []PriorityWord{
	{Urgent, "urgent", "Urgent"}, {HighPriority, "high", "High"}, {NormalPriority, "normal", "Normal"}, {LowPriority, "low", "Low"},
}

// ParsePriority is the priority of that code; ok is false if there is none.
func ParsePriority(code string) (p Priority, ok bool) {
	for _, m := range Priorities {
		if m.Code == code {
			return m.Priority, true
		}
	}
	return NormalPriority, false
}

// String is the code of p.
func (p Priority) String() string {
	for _, m := range Priorities {
		if m.Priority == p {
			return m.Code
		}
	}
	return Priorities[2].Code
}

// known reports whether p is in the menu.
func (p Priority) known() bool {
	return slices.ContainsFunc(Priorities, func(m PriorityWord) bool { return m.Priority == p })
}

// WorkHours is how many hours the policy gives to work on a claim of that
// priority, from when somebody takes it. A policy that was decided before there
// were such hours has those of DefaultPolicy.
func (p Policy) WorkHours(at Priority) int {
	hours, standard := p.hours(at), DefaultPolicy.hours(at)
	if hours == 0 {
		return standard
	}
	return hours
}

func (p Policy) hours(at Priority) int {
	switch at {
	case Urgent:
		return p.UrgentHours
	case HighPriority:
		return p.HighHours
	case LowPriority:
		return p.LowHours
	default:
		return p.NormalHours
	}
}

// startClock sets when the work is due, unless it is set already.
func (d *Dossier) startClock(o *Outcome) {
	if !o.Review.DueAt.IsZero() {
		return
	}
	o.Review.DueAt = o.Event.At.Add(time.Duration(d.Policy.WorkHours(o.Review.Priority)) * time.Hour)
	o.Event.change("due", "", moment(o.Review.DueAt))
}

func setPriority(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Event.change("priority", d.Review.Priority.String(), cmd.Priority.String())
	o.Review.Priority = cmd.Priority
	if d.Review.DueAt.IsZero() || d.Review.Priority == cmd.Priority {
		return nil
	}
	o.Review.DueAt = time.Time{} // the clock starts anew
	d.startClock(o)
	return nil
}

// pause stops the clock at the beginning of a hold: by as long as the hold is to
// last, or, if nobody knows, until resume.
func (r *Review) pause(now time.Time) {
	r.HeldAt = now
	if !r.DueAt.IsZero() && !r.HoldUntil.IsZero() {
		r.DueAt = r.DueAt.Add(r.HoldUntil.Sub(now))
	}
}

// resume lets the clock go on when a hold is lifted: what it stood still beyond
// the time that has passed is taken back.
func (r *Review) resume(now time.Time) {
	switch {
	case r.HeldAt.IsZero() || r.DueAt.IsZero():
	case r.HoldUntil.IsZero():
		r.DueAt = r.DueAt.Add(now.Sub(r.HeldAt))
	case now.Before(r.HoldUntil):
		r.DueAt = r.DueAt.Add(-r.HoldUntil.Sub(now))
	}
	r.HeldAt = time.Time{}
}

// dueStates are the states in which the clock counts.
var dueStates = from(Queued, Research, Editing, Approved, Scheduled)

// Overdue reports whether the work on it should have been done: never while it
// is on hold.
func (r Row) Overdue(now time.Time) bool {
	return !r.DueAt.IsZero() && now.After(r.DueAt) && slices.Contains(dueStates, r.State) && !r.onHold(now)
}

func (r Row) onHold(now time.Time) bool {
	return r.Hold != "" && (r.HoldUntil.IsZero() || now.Before(r.HoldUntil))
}

// undoWithin is for how long whoever dismissed a claim can take that back
// without an editor.
const undoWithin = 15 * time.Minute

var (
	priority = input("priority", "urgent, high, normal or low", func(_ *Dossier, c *Command) string {
		return unless(c.Priority.known(), "Choose how soon it matters.")
	})
	justDismissed = guard("just dismissed", "by whoever dismissed it, within a quarter of an hour", errs.Forbidden, func(d *Dossier, c *Command) string {
		mine := d.Review.DismissedBy == c.Actor.ID && d.AsOf.Sub(d.Review.ChangedAt) <= undoWithin
		return unless(mine, "An editor can reopen this: only whoever dismissed it can take that back, within a quarter of an hour.")
	})
)

// Load is how much work lies with one person.
type Load struct {
	Person   Person
	Research int       // claims they research
	Sent     int       // claims they sent to the editors, not published yet
	Overdue  int       // of the claims they research
	NextDue  time.Time // the soonest of those; zero if nothing is due
}
