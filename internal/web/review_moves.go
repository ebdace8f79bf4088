package web

import (
	"fmt"
	"slices"

	"factcheck/internal/review"
)

// moveView is an action that is offered, with its form.
type moveView struct {
	Action      review.Action
	Label       string
	Weighty     bool
	Missing     []string // empty: it can be done
	Asks        asks
	Form        formView
	ID          string
	Open        bool
	People      []review.Person
	Reasons     []review.Dismissal
	Kinds       []review.Correctable
	Retractions []choice
	Holds       []choice
	Pressings   []choice        // how soon it matters
	Ratings     []review.Rating // that a second reader can give
	Near        []nearView      // what it might be merged into
	Why         string          // the label of the reason
	Page        string          // address of the page that has the form; empty: it is here
	SeeAbove    bool            // the checklist lists the rest of what is missing
}

// nearView is a review that one might be the same as.
type nearView struct {
	ID         int64
	Text       string
	Claimant   string
	State      review.State
	StateLabel string
}

// asks is what the form of a move asks for.
type asks struct {
	Reason, Dismissal, Assignee, Correction, Claim        bool
	Writer                                                bool // an assignee, who may be left out
	Reading, Later, Retraction, Hold, Embargo, Risk, Into bool
	Priority                                              bool
	Second                                                bool // nothing: the second signature agrees with what is there
}

// Any reports whether the form asks for anything.
func (a asks) Any() bool { return a != asks{} }

// askings says what each guard that looks at the form asks for; those that share
// a field share a flag.
var askings = map[string]func(*asks){
	"reason":                  func(a *asks) { a.Reason = true },
	"dismissal":               func(a *asks) { a.Dismissal = true },
	"correction":              func(a *asks) { a.Correction = true },
	"someone":                 func(a *asks) { a.Assignee = true },
	"writer":                  func(a *asks) { a.Assignee, a.Writer = true, true },
	"writer without interest": func(a *asks) { a.Assignee = true },
	"reading":                 func(a *asks) { a.Reading = true },
	"later time":              func(a *asks) { a.Later = true },
	"retraction":              func(a *asks) { a.Retraction = true },
	"hold":                    func(a *asks) { a.Hold = true },
	"embargo":                 func(a *asks) { a.Embargo = true },
	"risk":                    func(a *asks) { a.Risk = true },
	"priority":                func(a *asks) { a.Priority = true },
	"into":                    func(a *asks) { a.Into = true },
	"that evidence":           func(*asks) {},
	// What is asked of people outside has forms of its own.
	"inviting": func(*asks) {}, "few guests": func(*asks) {}, "that guest": func(*asks) {},
	"asking": func(*asks) {}, "open request": func(*asks) {}, "not sent": func(*asks) {}, "closing": func(*asks) {},
	"that reply": func(*asks) {}, "answer once": func(*asks) {}, "link is good": func(*asks) {},
}

// seldom are the actions that stand behind a fold of their own.
var seldom = []review.Action{review.PutOnHold, review.SetEmbargo, review.SetRisk, review.SetPriority, review.Unaccept, review.Merge, review.BreakGlass}

// moves adds what this person may do now.
func (b *pageBuilder) moves(p *reviewPage, claim map[string]string) {
	for _, o := range b.available() {
		m := b.move(o, claim)
		if slices.Contains(seldom, o.Action) {
			p.Aside = append(p.Aside, m)
			p.AsideOpen = p.AsideOpen || m.Open
		} else {
			p.Moves = append(p.Moves, m)
		}
	}
	order(p.Moves)
}

// available are the offers to draw, in the order of review.Moves.
func (b *pageBuilder) available() []review.Offer {
	var out []review.Offer
	for _, m := range review.Moves {
		o, ok := b.offers[m.Action]
		if !ok || o.Action.HasOwnForm() || pointless(o) || b.reading && o.Action != review.SecondRead {
			continue
		}
		if !slices.ContainsFunc(out, func(x review.Offer) bool { return x.Action == o.Action }) {
			out = append(out, o)
		}
	}
	return out
}

// beside are the guards that say that an action has nothing to do with this
// review: its button would only be in the way.
var beside = []string{"is a correction", "not public", "disagreed", "overridden", "on hold", "override", "just dismissed"}

func pointless(o review.Offer) bool {
	return slices.ContainsFunc(o.Missing, func(m review.Missing) bool { return slices.Contains(beside, m.Guard) })
}

// order puts first what the page is for: to accept, else to send, approve or
// publish. Beside the form to accept the others are open: triage is one click.
func order(moves []moveView) {
	rank := func(m moveView) int {
		switch {
		case m.Asks.Claim:
			return 0
		case m.Weighty:
			return 1
		case len(m.Missing) > 0:
			return 4
		case m.Asks.Any():
			return 3
		}
		return 2
	}
	slices.SortStableFunc(moves, func(a, b moveView) int { return rank(a) - rank(b) })
	for i := range moves {
		moves[i].Open = moves[i].Open || moves[0].Asks.Claim
	}
}

// supplied are the guards that the claim's own form can satisfy.
var supplied = []string{"attribution", "why chosen"}

func (b *pageBuilder) move(o review.Offer, claim map[string]string) moveView {
	m := moveView{Action: o.Action, Label: o.Label, Weighty: o.Action.Weighty(), ID: "form-" + string(o.Action)}
	m.Asks.Claim = o.Action == review.Accept
	for _, name := range o.Action.Inputs() {
		askings[name](&m.Asks)
	}
	if o.Action == review.Retract && b.d.Signatures() > 0 {
		m.Asks = asks{Second: true}
	}
	stored, known := b.stored(o.Action), b.checked()
	if m.Asks.Claim {
		stored, known = claim, supplied
	}
	b.menus(&m)
	m.Why = whys[o.Action]
	if m.Why == "" {
		m.Why = "Why: the people who worked on this will read it"
	}
	m.Missing = sentencesIn(o.Missing, known)
	m.SeeAbove = !m.Asks.Claim && len(m.Missing) < len(o.Missing)
	mine := b.t.action == o.Action || m.Asks.Claim && b.t.action == review.EditClaim
	m.Form = b.view(m.ID, "/moves", stored, mine)
	m.Open = b.where == m.ID || b.reading || b.blind && m.Asks.Reading
	return m
}

// whys ask for the reason of an action in its own words.
var whys = map[review.Action]string{
	review.ResolveRead: "Your answer to the second reader, in writing: the author and both readers will see it",
	review.BreakGlass:  "Why it cannot wait for a second review: readers will see this note, with your name",
	review.LookBack:    "What you found when you looked back at it",
	review.Reinstate:   "What has changed since the retraction: readers will see this note",
}

// menus fills in what can be chosen in the form of a move.
func (b *pageBuilder) menus(m *moveView) {
	switch a := m.Asks; {
	case a.Dismissal:
		m.Reasons = review.Dismissals
	case a.Correction:
		m.Kinds = review.CorrectionKinds
	case a.Retraction:
		m.Retractions = choices(review.Retractions)
	case a.Hold:
		m.Holds = choices(review.HoldReasons)
	case a.Priority:
		m.Pressings = pressings()
	case a.Reading && !b.blind: // who sees the rating asks for the page without it
		m.Page = readPath(b.d.Review.ID)
	case a.Reading:
		for _, r := range b.d.InForce.Ratings {
			if !r.Retired {
				m.Ratings = append(m.Ratings, r)
			}
		}
	case a.Into:
		for _, r := range b.near {
			m.Near = append(m.Near, nearView{r.ReviewID, r.Text, r.Claimant, r.State, review.StateLabel(r.State)})
		}
	}
	if m.Asks.Assignee {
		m.People = review.Assignable(b.people())
	}
}

func choices[T ~string](menu []review.Menu[T]) []choice {
	var out []choice
	for _, m := range menu {
		out = append(out, choice{string(m.Code), m.Label})
	}
	return out
}

func readPath(id int64) string { return fmt.Sprintf("/desk/reviews/%d/read", id) }

// stored is what the form of a move changes, as it is now.
func (b *pageBuilder) stored(a review.Action) map[string]string {
	r := b.d.Review
	switch a {
	case review.PutOnHold:
		return map[string]string{"hold": string(r.Hold), "at": timeText(r.HoldUntil), "note": r.HoldNote}
	case review.SetEmbargo:
		return map[string]string{"at": timeText(r.EmbargoUntil)}
	case review.SetPriority:
		return map[string]string{"priority": r.Priority.String()}
	case review.SetRisk:
		return map[string]string{"risk": string(r.Risk)}
	default:
		return nil
	}
}

// people are the active people by name: the dossier names them all.
func (b *pageBuilder) people() []review.Person {
	var all []review.Person
	for _, p := range b.d.People {
		if p.Active {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, byName)
	return all
}

// checked are the guards that the checklist shows.
func (b *pageBuilder) checked() []string {
	var names []string
	if b.d.Working() && !b.blind {
		for _, line := range b.d.Checklist() {
			names = append(names, line.Name)
		}
	}
	return names
}

// readingView is a second reading of the round, and how it was answered.
type readingView struct {
	Who, Rating string
	Class       string // of the rating's colour
	Agrees      bool
	Note        string
	Resolved    string // by whom; empty: it is open, or there is nothing to resolve
	Answer      string
}

func (b *pageBuilder) readings() []readingView {
	var out []readingView
	for _, r := range b.d.Readings {
		v := readingView{Who: b.d.Name(r.ReaderID), Rating: r.Rating, Agrees: r.Agrees, Note: r.Note}
		if rating, ok := b.d.Scale.Rating(r.Rating); ok {
			v.Rating, v.Class = rating.Label, rating.Colour
		}
		if r.Resolution != nil {
			v.Resolved, v.Answer = b.d.Name(r.Resolution.EditorID), r.Resolution.Note
		}
		out = append(out, v)
	}
	return out
}
