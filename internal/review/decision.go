package review

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// OnPolicy is the subject of events about the policy; its id is that of the
// decision.
const OnPolicy Subject = "policy"

// What happens outside the workflow, and is on record too.
const (
	ChangePolicy  Action = "set_policy"
	AddPerson     Action = "add_person"
	ChangeRoles   Action = "set_roles"
	CloseAccount  Action = "close_account"
	ReopenAccount Action = "reopen_account"
	ForgetPerson  Action = "forget_person"
	AddArticle    Action = "add_article"
	NoteSame      Action = "note_same"  // an earlier claim is the same
	NoteOther     Action = "note_other" // an earlier claim is another one

	CopyLetter   Action = "copy_letter" // somebody was shown a letter with a link in it
	WatchSource  Action = "watch_source"
	PauseSource  Action = "pause_source"
	ResumeSource Action = "resume_source"
	RemoveSource Action = "remove_source"
)

// LetterCopied is the event of somebody who was shown a letter with a link that
// was made for it; to is whose letter it is: "request 4". It leaves the review as
// it is.
func LetterCopied(r Review, to string, by Person, now time.Time) Event {
	e := eventBeside(r, CopyLetter, by, "", now)
	e.change("letter", "", to)
	return e
}

// Decision is a policy with who decided it and when.
type Decision struct {
	Policy Policy
	By     int64 // 0: the program
	At     time.Time
}

// Decide is what changes from p to next. Forbidden unless by is an
// administrator; Invalid if next cannot be lived by or is what p is. people are
// the active people, scales all rating scales.
func (p Policy) Decide(next Policy, by Person, people []Person, scales []RatingScale) ([]Change, error) {
	const op = "review.Decide"
	if !by.Is(Admin) {
		return nil, errs.New(op, errs.Forbidden, "Only an administrator changes the policy.")
	}
	if err := next.Check(); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(scales, func(s RatingScale) bool { return s.Key == next.Scale }) {
		return nil, errs.New(op, errs.Invalid, "Choose a rating scale from the list.")
	}
	for _, id := range next.Overriders {
		if !slices.ContainsFunc(people, func(q Person) bool { return q.ID == id && q.Is(Standards) }) {
			return nil, errs.New(op, errs.Invalid, "Only an active standards editor can be allowed to publish without a second review.")
		}
	}
	changes := p.Differs(next, nil) // on record people are numbers: a name can be forgotten
	if len(changes) == 0 {
		return nil, errs.New(op, errs.Invalid, "Nothing differs from the policy in force.")
	}
	return changes, nil
}

// Differs lists the knobs that differ, in the words of the page. people name
// those who are mentioned.
func (p Policy) Differs(next Policy, people []Person) []Change {
	var e Event
	number := func(field string, from, to int) { e.change(field, strconv.Itoa(from), strconv.Itoa(to)) }
	number("approvals needed", p.Quorum, next.Quorum)
	number("approvals to change a rating", p.VerdictQuorum, next.VerdictQuorum)
	number("approvals at high risk", p.HighRiskQuorum, next.HighRiskQuorum)
	number("independent sources", p.Sources, next.Sources)
	number("hours to reply", p.ReplyHoursOf(false), next.ReplyHoursOf(false))
	number("hours to reply when urgent", p.ReplyHoursOf(true), next.ReplyHoursOf(true))
	number("hours until a complaint is due", p.ComplaintHoursOf(), next.ComplaintHoursOf())
	for _, at := range Priorities {
		number("hours until due, "+at.Code, p.WorkHours(at.Priority), next.WorkHours(at.Priority))
	}
	e.change("rating scale", p.Scale, next.Scale)
	for _, kind := range claims.Kinds {
		e.change("checklist, "+string(kind), lines(p.Checklists[kind]), lines(next.Checklists[kind]))
	}
	e.change("blind second read", yes(p.SecondRead), yes(next.SecondRead))
	e.change("separate publisher", yes(p.SeparatePublisher), yes(next.SeparatePublisher))
	e.change("looking again is not told to readers", yes(p.QuietReview), yes(next.QuietReview))
	e.change("may publish without a second review", names(p.Overriders, people), names(next.Overriders, people))
	return e.Changes
}

func names(ids []int64, people []Person) string {
	var all []string
	for _, id := range ids {
		name := fmt.Sprintf("person %d", id)
		if i := slices.IndexFunc(people, func(p Person) bool { return p.ID == id }); i >= 0 {
			name = people[i].Name
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// Deeds lists every action that an event can tell of: those of Moves in their
// order, then the others.
func Deeds() []Action {
	var all []Action
	for _, m := range Moves {
		if !slices.Contains(all, m.Action) {
			all = append(all, m.Action)
		}
	}
	all = append(all, ComplaintDeeds...)
	return append(all, Open, AddArticle, CopyLetter, WatchSource, PauseSource, ResumeSource, RemoveSource, NoteSame, NoteOther, AddComment, ResolveComment, RedactComment, TickItem, UntickItem, ChangePolicy, AddPerson, ChangeRoles, CloseAccount, ReopenAccount, ForgetPerson, SetSide, SeeDrift, DeclareInterest, EndInterest)
}
