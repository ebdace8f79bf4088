package storetest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// newsroom is a desk on which people do what comes to mind, and a model that
// knows what must not happen. The model looks at what was done, never at the
// guards.
type newsroom struct {
	*storetest.Desk
	t       *rapid.T
	people  []review.Person
	reviews []int64
	of      map[int64]*known
	policy  review.Policy
	ties    map[int64]int64 // who has declared an interest in the speaker of all claims, by person the number of it
}

// known is what the model knows of a review.
type known struct {
	state     review.State
	touched   map[int64]bool // contributed to the edition
	author    int64          // of the current revision
	approved  map[int64]bool // in this round
	readers   map[int64]bool
	disagrees int // readings of this round that nobody has answered
	rating    string
	public    string // rating that readers see; empty: nothing
	risk      review.Risk
	hold      review.HoldReason
	holdEnd   time.Time
	embargo   time.Time
	due       time.Time
	signed    int64 // who signed a retraction first
	override  int64 // who published it alone
}

func (k *known) newRound() {
	k.approved, k.readers, k.disagrees, k.signed, k.due = map[int64]bool{}, map[int64]bool{}, 0, 0, time.Time{}
}

func (k *known) newEdition() {
	k.newRound()
	k.touched, k.public, k.embargo = map[int64]bool{}, k.rating, time.Time{}
}

// TestNothingForbiddenEverHappens has random people do random things. Every
// refusal leaves nothing behind; every move that is done is one that the model
// allows; in the end every history replays to where its review stands, and the
// record holds.
func TestNothingForbiddenEverHappens(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set("12"); err != nil { // each is a whole desk on a disk
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		st := storetest.SQLite(t)
		n := &newsroom{Desk: storetest.NewDesk(t, st), t: rt, of: map[int64]*known{}, ties: map[int64]int64{}}
		n.people = []review.Person{n.Ana, n.Ben, n.Edith, n.Edith, n.Edith, n.Omar, n.Omar, n.Omar, n.Stella, n.Stella, n.Vera, n.Adam} // as often as they have much to do
		n.decide()
		for i := range 3 {
			id := n.Claim(fmt.Sprintf("crime fell by %d percent", i+2))
			n.reviews = append(n.reviews, id)
			k := &known{state: review.Triage, touched: map[int64]bool{}}
			k.newRound()
			n.of[id] = k
			if i > 0 { // most of the way is the same each time
				n.head(id)
			}
		}
		for range rapid.IntRange(30, 80).Draw(rt, "steps") {
			n.step()
		}
		n.replay()
		r, err := record.Verify(context.Background(), st)
		if err != nil || len(r.Findings) > 0 {
			rt.Fatalf("the record: %+v, %v", r.Findings, err)
		}
	})
}

// decide puts a random policy in force.
func (n *newsroom) decide() {
	p := review.DefaultPolicy
	p.Quorum = rapid.IntRange(1, 2).Draw(n.t, "quorum")
	p.SecondRead = rapid.Bool().Draw(n.t, "second read")
	p.SeparatePublisher = rapid.Bool().Draw(n.t, "separate publisher")
	if rapid.Bool().Draw(n.t, "override") {
		p.Overriders = []int64{n.Stella.ID}
	}
	err := n.Store.ChangePolicy(context.Background(), 0, p, n.Adam, n.Now())
	if err != nil && !errors.Is(err, errs.Invalid) { // nothing differs
		n.t.Fatal(err)
	}
	if n.policy, err = n.Store.Policy(context.Background()); err != nil {
		n.t.Fatal(err)
	}
}

// head takes a review to where Ana has sent it.
func (n *newsroom) head(id int64) {
	n.Researched(id)
	n.Do(id, n.Ana, review.Submit)
	k := n.of[id]
	k.state, k.touched, k.author, k.rating = review.Editing, map[int64]bool{n.Ana.ID: true}, n.Ana.ID, "mostly_true"
}

// step has somebody ask for something.
func (n *newsroom) step() {
	if rapid.IntRange(0, 11).Draw(n.t, "a tie") == 0 {
		n.tie(rapid.SampledFrom([]review.Person{n.Ben, n.Omar, n.Stella}).Draw(n.t, "tied"))
	}
	id := rapid.SampledFrom(n.reviews).Draw(n.t, "review")
	d := n.Dossier(id)
	who := rapid.SampledFrom(n.people).Draw(n.t, "who")
	cmd := review.Command{ReviewID: id, Version: d.Review.Version, Actor: who, Note: "Because.", Action: n.action(d, who)}
	n.fill(&cmd, d)
	before := n.events(id)
	after, err := n.Reviews.Do(context.Background(), cmd)
	if err != nil {
		kind := errs.KindOf(err)
		if kind != errs.Conflict && kind != errs.Forbidden && kind != errs.Invalid {
			n.t.Fatalf("%s by %s: %v", cmd.Action, who.Name, err)
		}
		if now := n.Dossier(id).Review; now != d.Review || n.events(id) != before {
			n.t.Fatalf("%s by %s was refused (%v), and %+v became %+v", cmd.Action, who.Name, err, d.Review, now)
		}
		return
	}
	n.hold(id, cmd, after)
	n.impartial(cmd, after)
	n.learn(id, cmd, after)
	n.count()
}

// tie has somebody declare an interest in the speaker, or end it.
func (n *newsroom) tie(who review.Person) {
	s := &review.Interests{Store: n.Store, Now: n.Now}
	if id, tied := n.ties[who.ID]; tied {
		if err := s.End(context.Background(), who, id); err != nil {
			n.t.Fatal(err)
		}
		delete(n.ties, who.ID)
		return
	}
	if err := s.Declare(context.Background(), who, review.Interest{Kind: review.InSpeaker, Subject: "lena MARSH"}); err != nil {
		n.t.Fatal(err)
	}
	all, err := s.List(context.Background(), who, review.InterestFilter{Person: who.ID, Limit: 1})
	if err != nil || len(all) != 1 {
		n.t.Fatal(all, err)
	}
	n.ties[who.ID] = all[0].ID
}

// hands are the moves that give the work to somebody, and weighs what nobody with an
// interest in the speaker does themselves.
var (
	hands  = []review.Action{review.Take, review.Assign, review.Correct, review.Reinstate}
	weighs = []review.Action{review.SaveVerdict, review.Submit, review.SecondRead, review.ResolveRead, review.Approve, review.BreakGlass}
)

// impartial fails if somebody with an interest did, or was given, what they stay
// out of.
func (n *newsroom) impartial(cmd review.Command, after review.Review) {
	_, did := n.ties[cmd.Actor.ID]
	_, given := n.ties[after.AssigneeID]
	if given && slices.Contains(hands, cmd.Action) || did && slices.Contains(weighs, cmd.Action) {
		n.t.Fatalf("%s by %s, for person %d: %v have an interest", cmd.Action, cmd.Actor.Name, after.AssigneeID, n.ties)
	}
}

// count fails if the store counts other than the model does.
func (n *newsroom) count() {
	want := map[review.State]int{}
	for _, k := range n.of {
		want[k.state]++
	}
	if got := counts(n.T, n.Store); !maps.Equal(got, want) {
		n.t.Fatalf("the store counts %v, the model %v", got, want)
	}
}

// forward are the moves that lead to readers and back: without a leaning to them
// a random desk would get nothing done.
var forward = []review.Action{
	review.Accept, review.Take, review.Submit, review.Approve, review.SecondRead, review.ResolveRead, review.Publish, review.Schedule, review.BreakGlass,
	review.LookBack, review.Correct, review.Retract, review.Reinstate, review.LiftHold,
}

// action is what somebody asks for: mostly what their page offers, at times
// anything.
func (n *newsroom) action(d review.Dossier, who review.Person) review.Action {
	offers := d.Available(who)
	onward := slices.DeleteFunc(slices.Clone(offers), func(o review.Offer) bool { return !slices.Contains(forward, o.Action) })
	switch how := rapid.IntRange(0, 5).Draw(n.t, "how"); {
	case how < 3 && len(onward) > 0:
		return rapid.SampledFrom(onward).Draw(n.t, "onward").Action
	case how < 5 && len(offers) > 0:
		return rapid.SampledFrom(offers).Draw(n.t, "offer").Action
	}
	return rapid.SampledFrom(review.Moves).Draw(n.t, "move").Action
}

func (n *newsroom) fill(cmd *review.Command, d review.Dossier) {
	ratings := []string{"true", "mostly_true", "false"}
	cmd.Dismissal, cmd.Correction, cmd.Retraction, cmd.Hold = review.Opinion, review.Update, review.WrongVerdict, review.LegalHold
	cmd.Rating = rapid.SampledFrom(ratings).Draw(n.t, "rating")
	cmd.Risk = rapid.SampledFrom([]review.Risk{review.NormalRisk, review.HighRisk}).Draw(n.t, "risk")
	cmd.Priority = rapid.SampledFrom(review.Priorities).Draw(n.t, "priority").Priority
	cmd.AssigneeID = rapid.SampledFrom(n.people).Draw(n.t, "assignee").ID
	cmd.IntoID = rapid.SampledFrom(n.reviews).Draw(n.t, "into")
	if cmd.Action != review.Merge {
		cmd.IntoID = 0
	}
	if cmd.Action == review.Schedule || rapid.Bool().Draw(n.t, "with an end") {
		cmd.At = n.Now().Add(time.Duration(rapid.IntRange(5, 60).Draw(n.t, "seconds")) * time.Second)
	}
	switch cmd.Action {
	case review.Accept, review.EditClaim:
		cmd.Claim = &review.ClaimDraft{Text: d.Claim.Text, Kind: claims.Quantity, Lang: "en", Claimant: "Lena Marsh", ClaimantKind: claims.Person, Chosen: "Shared " + cmd.Rating}
	case review.EditSpan:
		cmd.Span = n.otherWords(d)
	case review.SaveVerdict:
		cmd.Verdict = &review.VerdictDraft{Rating: cmd.Rating, Summary: "Summary.", Rationale: "As [1] says.", OneSource: "It is the law itself.", NoneFound: true, NoConflict: true}
	case review.AddEvidence, review.EditEvidence:
		cmd.Evidence = &review.Evidence{URL: "https://stats.example.org/" + cmd.Rating, Stance: review.Supports}
	default:
	}
	if len(d.Evidence) > 0 {
		cmd.EvidenceID = d.Evidence[0].ID
	}
}

// otherWords is a random place beside the first one of the claim.
func (n *newsroom) otherWords(d review.Dossier) *review.SpanDraft {
	if len(d.Places) == 0 {
		return nil
	}
	p := d.Places[0]
	a, err := n.Store.Article(context.Background(), p.ArticleID)
	if err != nil {
		n.t.Fatal(err)
	}
	start := max(0, p.Span.Start-rapid.IntRange(0, 4).Draw(n.t, "sooner"))
	span, err := claims.SpanAt(a.Text, start, min(len(a.Text), p.Span.End+rapid.IntRange(0, 3).Draw(n.t, "later")))
	if err != nil {
		n.t.Fatal(err)
	}
	return &review.SpanDraft{AppearanceID: p.ID, Span: span}
}

// hold fails if what was done must never happen.
func (n *newsroom) hold(id int64, cmd review.Command, after review.Review) {
	k, who, now := n.of[id], cmd.Actor, after.ChangedAt
	never := func(bad bool, format string, args ...any) {
		if bad {
			n.t.Fatalf("%s by %s on review %d (%+v): %s", cmd.Action, who.Name, id, *k, fmt.Sprintf(format, args...))
		}
	}
	onHold := k.hold != "" && (k.holdEnd.IsZero() || now.Before(k.holdEnd))
	contributed := k.touched[who.ID] || k.author == who.ID
	never(!who.Is(review.Checker, review.Editor, review.Standards), "this person may do nothing")
	switch cmd.Action {
	case review.Approve:
		never(contributed, "a contributor approved")
		never(k.approved[who.ID], "somebody approved twice")
		never(onHold, "it was on hold")
		never(k.disagrees > 0, "a disagreement was open")
		never(n.policy.SecondRead && len(k.readers) == 0, "nobody had read it")
	case review.SecondRead:
		never(contributed, "a contributor read it")
		never(k.readers[who.ID], "somebody read it twice")
	case review.Publish, review.Schedule:
		need := n.policy.Quorum
		if k.public != "" && k.public != k.rating {
			need = max(need, n.policy.VerdictQuorum)
		}
		if k.risk == review.HighRisk {
			need = max(need, n.policy.HighRiskQuorum)
		}
		never(len(k.approved) < need, "%d of %d approvals", len(k.approved), need)
		never(onHold, "it was on hold")
		never(cmd.Action == review.Publish && now.Before(k.embargo), "it was under embargo")
		never(cmd.Action == review.Publish && now.Before(k.due), "it was scheduled for later")
		never(n.policy.SeparatePublisher && k.approved[who.ID], "who approved published")
	case review.BreakGlass:
		never(!slices.Contains(n.policy.Overriders, who.ID) || !who.Is(review.Standards), "this person may not")
		never(contributed || onHold || now.Before(k.embargo), "it may not be published by anybody")
	case review.Retract:
		never(k.signed == who.ID, "one person signed twice")
		never(k.signed == 0 && (!who.Is(review.Editor) || after.State == review.Retracted), "the first signature")
		never(k.signed != 0 && !who.Is(review.Standards), "the second signature")
	case review.LookBack:
		never(k.override == 0 || k.override == who.ID || k.author == who.ID, "nothing to look back at, or not for them")
	case review.Merge, review.Dismiss:
		never(k.public != "", "readers see it")
	default:
	}
}

// learn tells the model what was done.
func (n *newsroom) learn(id int64, cmd review.Command, after review.Review) {
	k, who := n.of[id], cmd.Actor.ID
	was := k.state
	k.state = after.State
	sent := slices.Contains([]review.State{review.Editing, review.Approved, review.Scheduled}, was)
	if cmd.Action.IsEdit() {
		k.touched[who] = true
		if cmd.Action == review.SaveVerdict {
			k.author, k.rating = who, cmd.Rating
		}
		if sent {
			k.newRound()
		}
		return
	}
	switch cmd.Action {
	case review.Take:
		k.touched[who] = true
	case review.Assign:
		k.touched[cmd.AssigneeID] = true
	case review.Submit:
		k.touched[who] = true
		k.newRound()
	case review.Withdraw, review.Return:
		k.due = time.Time{}
	case review.Approve:
		k.approved[who] = true
	case review.SecondRead:
		k.readers[who] = true
		if cmd.Rating != k.rating {
			k.disagrees++
		}
	case review.ResolveRead:
		k.disagrees--
	case review.Schedule:
		k.due = cmd.At.Truncate(time.Second)
	case review.Unschedule:
		k.due = time.Time{}
	case review.PutOnHold:
		k.hold, k.holdEnd = cmd.Hold, cmd.At
	case review.LiftHold:
		k.hold, k.holdEnd = "", time.Time{}
	case review.SetEmbargo:
		k.embargo = cmd.At
	case review.SetRisk:
		k.risk = cmd.Risk
	case review.Publish, review.BreakGlass:
		k.newEdition()
		if cmd.Action == review.BreakGlass {
			k.override = who
		}
	case review.LookBack:
		k.override = 0
	case review.Correct, review.Reinstate:
		k.newRound()
		k.touched[or(cmd.AssigneeID, who)] = true
	case review.Abandon:
		k.rating = k.public
		k.author = n.Dossier(id).Verdict.AuthorID // of the revision that readers see
		k.due, k.embargo = time.Time{}, time.Time{}
	case review.Retract:
		if after.State == review.Retracted {
			k.newEdition()
		} else {
			k.signed = who
		}
	default:
	}
}

func or(id, other int64) int64 {
	if id == 0 {
		return other
	}
	return id
}

func (n *newsroom) events(id int64) int {
	all, err := n.Store.Events(context.Background(), id)
	if err != nil {
		n.t.Fatal(err)
	}
	return len(all)
}

// replay folds the history of each review: it has no gap, and ends where the
// review stands.
func (n *newsroom) replay() {
	state, version := map[int64]review.State{}, map[int64]int64{}
	for e, err := range n.Store.AllEvents(context.Background()) {
		if err != nil {
			n.t.Fatal(err)
		}
		if e.Subject != review.OnReview {
			continue
		}
		id := e.SubjectID
		if e.From != state[id] || e.Version != version[id]+1 {
			n.t.Fatalf("event %d (%s) goes from %q, version %d; review %d stood at %q, version %d", e.Seq, e.Action, e.From, e.Version, id, state[id], version[id])
		}
		state[id], version[id] = e.To, e.Version
	}
	for _, id := range n.reviews {
		r := n.Dossier(id).Review
		if r.State != state[id] || r.Version != version[id] || r.State != n.of[id].state {
			n.t.Fatalf("review %d stands at %s, version %d; its history ends at %s, version %d, the model at %s", id, r.State, r.Version, state[id], version[id], n.of[id].state)
		}
	}
}
