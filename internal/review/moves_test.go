package review

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTheTableIsSound(t *testing.T) {
	if err := CheckWorkflow(); err != nil {
		t.Fatal(err)
	}
}

func TestAnUnsoundTableIsRefused(t *testing.T) {
	some := Move{Take, from(Triage), Queued, by(Checker), nil, takeIt}
	back := Move{Release, from(Queued), Triage, by(Checker), nil, release}
	states := []State{Triage, Queued}
	if err := CheckMoves([]Move{some, back}, states, nil); err != nil {
		t.Fatalf("a sound table is refused: %v", err)
	}
	tests := []struct {
		name  string
		moves []Move
		want  string
	}{
		{"no way out", []Move{some}, "out of queued"},
		{"no way in", []Move{back}, "leads to queued"},
		{"unknown state", []Move{some, back, {Assign, from("limbo"), Queued, by(Checker), nil, takeIt}}, "not there"},
		{"nobody may", []Move{some, back, {Assign, from(Queued), Queued, nil, nil, takeIt}}, "incomplete"},
		{"two ways", []Move{some, back, some}, "two rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := CheckMoves(tt.moves, states, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("CheckMoves = %v, want %q", err, tt.want)
			}
		})
	}
}

// TestGoldenMatrix pins what every role may do in every state. The person is
// once somebody who has nothing to do with the review, once its author, who
// works on it and sent it.
func TestGoldenMatrix(t *testing.T) {
	var b strings.Builder
	for _, s := range States {
		for _, a := range actions() {
			for _, who := range []struct {
				name string
				id   int64
			}{{"other", 9}, {"author", 1}} {
				fmt.Fprintf(&b, "%-10s %-16s %-7s", s, a, who.name)
				for _, r := range Roles {
					fmt.Fprintf(&b, " %s=%s", r, answer(s, a, Person{who.id, "P", []Role{r}, true}))
				}
				b.WriteByte('\n')
			}
		}
	}
	golden(t, "testdata/moves.golden", b.String())
}

// policies are those whose matrix is pinned beside that of ideal's, each with one
// knob turned.
var policies = []struct {
	name string
	turn func(*Policy)
}{
	{"quorum 2", func(p *Policy) { p.Quorum = 2 }},
	{"sources 3", func(p *Policy) { p.Sources = 3 }},
	{"another scale", func(p *Policy) { p.Scale = "other" }},
	{"blind second read", func(p *Policy) { p.SecondRead = true }},
	{"separate publisher", func(p *Policy) { p.SeparatePublisher = true }},
	{"override by 6", func(p *Policy) { p.Overriders = []int64{6} }},
	{"checklist", func(p *Policy) { p.Checklists = Checklists{claims.Quantity: {"Counted again"}} }},
}

// TestGoldenMatrixOfPolicies pins, for each policy, what differs from
// TestGoldenMatrix: who may do what in which state, or what they lack.
func TestGoldenMatrixOfPolicies(t *testing.T) {
	var b strings.Builder
	for _, p := range policies {
		n := 0
		for _, s := range States {
			for _, a := range actions() {
				for _, id := range []int64{9, 1, 3, 6} {
					for _, r := range Roles {
						who := Person{id, "P", []Role{r}, true}
						usual, turned := answer(s, a, who), answerUnder(s, a, who, p.turn)
						if usual != turned {
							n++
							fmt.Fprintf(&b, "%-18s %-10s %-14s person %d as %-9s %s -> %s\n", p.name, s, a, id, r, usual, turned)
						}
					}
				}
			}
		}
		if n == 0 {
			fmt.Fprintf(&b, "%-18s nothing\n", p.name)
		}
	}
	golden(t, "testdata/policies.golden", b.String())
}

func actions() []Action {
	var all []Action
	for _, m := range Moves {
		if !slices.Contains(all, m.Action) {
			all = append(all, m.Action)
		}
	}
	return all
}

// answer is the state that the action leads to, or the kind of the refusal and
// the guards that do not hold.
func answer(s State, a Action, p Person) string { return answerUnder(s, a, p, func(*Policy) {}) }

// answerUnder is answer with a policy that was turned.
func answerUnder(s State, a Action, p Person, turn func(*Policy)) string {
	d := about(s, a)
	turn(&d.Policy)
	if d.Policy.Scale != about(s, a).Policy.Scale { // the newest version of another one is in force
		d.InForce.ID, d.InForce.Key = d.InForce.ID+1, d.Policy.Scale
	}
	o, err := d.Apply(command(a, p), now)
	if err == nil {
		return string(o.Review.State)
	}
	var r *Refusal
	if !errors.As(err, &r) {
		return "!" + err.Error()
	}
	var names []string
	for _, m := range r.Missing {
		names = append(names, strings.ReplaceAll(m.Guard, " ", "-"))
	}
	return map[errs.Kind]string{errs.Forbidden: "403", errs.Conflict: "409", errs.Invalid: "422"}[r.Kind] + ":" + strings.Join(names, "+")
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s changed; read the difference, then run with -update (-want +got):\n%s", path, diff)
	}
}

// TestEveryGuardRefuses has a row for every guard: what is taken away, and who
// is then refused what.
func TestEveryGuardRefuses(t *testing.T) {
	type row struct {
		state  State
		action Action
		by     Person
		break_ func(*Dossier, *Command)
	}
	tests := map[string]row{
		"reason":        {Editing, Return, edith, func(_ *Dossier, c *Command) { c.Note = " " }},
		"dismissal":     {Triage, Dismiss, ana, func(_ *Dossier, c *Command) { c.Dismissal, c.Note = Spam, "" }},
		"someone":       {Queued, Assign, edith, func(_ *Dossier, c *Command) { c.Assignee = Person{5, "Vera", []Role{Viewer}, true} }},
		"writer":        {Published, Correct, edith, func(_ *Dossier, c *Command) { c.Assignee.Active = false }},
		"correction":    {Published, Correct, edith, func(_ *Dossier, c *Command) { c.Correction = "whim" }},
		"that evidence": {Research, RemoveEvidence, ana, func(_ *Dossier, c *Command) { c.EvidenceID = 999 }},
		"that place":    {Research, EditSpan, ana, func(_ *Dossier, c *Command) { c.Span.AppearanceID = 999 }},
		"assignee":      {Research, Submit, omar, func(*Dossier, *Command) {}},
		"works on it":   {Research, SaveVerdict, ben, func(*Dossier, *Command) {}},
		"submitter":     {Editing, Withdraw, ben, func(*Dossier, *Command) {}},
		"four eyes": {Editing, Approve, omar, func(d *Dossier, _ *Command) {
			d.Contributors = append(d.Contributors, Contribution{PersonID: 4, How: ChangedSources})
		}},
		"not twice":             {Editing, Approve, edith, func(d *Dossier, _ *Command) { *d = ideal(Approved); d.Review.State = Editing }},
		"not public":            {Research, Dismiss, edith, func(d *Dossier, _ *Command) { *d = correcting(Research) }},
		"is a correction":       {Research, Abandon, edith, func(*Dossier, *Command) {}},
		"no approval":           {Editing, Withdraw, ana, func(d *Dossier, _ *Command) { *d = ideal(Approved); d.Review.State = Editing }},
		"quorum":                {Approved, Publish, edith, func(d *Dossier, _ *Command) { d.Approvals = nil }},
		"room":                  {Research, AddEvidence, ana, func(d *Dossier, _ *Command) { d.Evidence = make([]Evidence, MaxEvidence) }},
		"something changed":     {Research, Submit, ana, func(d *Dossier, _ *Command) { published(d) }},
		"claim text":            {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Claim.Text = strings.Repeat("x", 501) }},
		"attribution":           {Triage, Accept, ana, func(d *Dossier, _ *Command) { d.Claimant.Name = "" }},
		"appearance":            {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Places[0].Verified = false }},
		"why chosen":            {Triage, Accept, ana, func(d *Dossier, _ *Command) { d.Review.Chosen = "" }},
		"rating":                {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Verdict.Rating = "old" }},
		"summary and rationale": {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Verdict.Rationale = "" }},
		"sources": {Research, Submit, ana, func(d *Dossier, _ *Command) {
			d.Evidence[1].URL = "https://www.stats.example.org/2"
			d.Evidence[0].URL = "https://stats.example.org/1"
		}},
		"both sides":              {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Evidence[1].Stance = Context }},
		"archived":                {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Copies = nil }},
		"language":                {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Claim.Lang = "und" }},
		"no conflict of interest": {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Verdict.NoConflict = false }},
		"no blocking comment":     {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Blocking = 1 }},
		"checklist complete": {Research, Submit, ana, func(d *Dossier, _ *Command) {
			d.Policy.Checklists = Checklists{claims.Quantity: {"Counted again"}}
		}},
		"reading":                 {Editing, SecondRead, ben, func(_ *Dossier, c *Command) { c.Rating = "old" }},
		"outsider":                {Editing, SecondRead, ana, func(*Dossier, *Command) {}},
		"read once":               {Editing, SecondRead, ben, func(d *Dossier, _ *Command) { d.Readings = []SecondReading{{Round: 1, ReaderID: 2, Agrees: true}} }},
		"disagreed":               {Editing, ResolveRead, edith, func(*Dossier, *Command) {}},
		"agreed":                  {Editing, Approve, edith, func(d *Dossier, _ *Command) { d.Readings = []SecondReading{{Round: 1, ReaderID: 2}} }},
		"second read":             {Editing, Approve, edith, func(d *Dossier, _ *Command) { d.Policy.SecondRead = true }},
		"no hold":                 {Approved, Publish, edith, func(d *Dossier, _ *Command) { d.Review.Hold = LegalHold }},
		"on hold":                 {Approved, LiftHold, edith, func(*Dossier, *Command) {}},
		"hold":                    {Approved, PutOnHold, edith, func(_ *Dossier, c *Command) { c.At = now }},
		"no embargo":              {Approved, Publish, edith, func(d *Dossier, _ *Command) { d.Review.EmbargoUntil = now.Add(time.Minute) }},
		"embargo":                 {Approved, SetEmbargo, edith, func(_ *Dossier, c *Command) { c.At = now }},
		"later time":              {Approved, Schedule, edith, func(d *Dossier, c *Command) { d.Review.EmbargoUntil = c.At.Add(time.Minute) }},
		"it is time":              {Scheduled, Publish, edith, func(d *Dossier, _ *Command) { d.Review.ScheduledAt = now.Add(time.Minute) }},
		"separate publisher":      {Approved, Publish, edith, func(d *Dossier, _ *Command) { d.Policy.SeparatePublisher = true }},
		"override":                {Editing, BreakGlass, stella, func(*Dossier, *Command) {}},
		"not the author":          {Editing, BreakGlass, stella, func(d *Dossier, _ *Command) { d.Policy.Overriders = []int64{6}; d.Verdict.AuthorID = 6 }},
		"overridden":              {Published, LookBack, edith, func(*Dossier, *Command) {}},
		"not the overrider":       {Published, LookBack, edith, func(d *Dossier, _ *Command) { d.Review.OverrideBy = 3 }},
		"retraction":              {Published, Retract, edith, func(_ *Dossier, c *Command) { c.Note = "" }},
		"two signatures":          {Published, Retract, stella, func(*Dossier, *Command) {}},
		"not reinstating":         {Research, Abandon, edith, func(d *Dossier, _ *Command) { *d = ideal(Retracted); d.Review.State = Research }},
		"into":                    {Triage, Merge, edith, func(d *Dossier, c *Command) { c.Into.Review.State = Editing }},
		"inviting":                {Editing, InviteReader, edith, func(_ *Dossier, c *Command) { c.Invite.Email = "nobody" }},
		"few guests":              {Editing, InviteReader, edith, func(d *Dossier, _ *Command) { d.Guests = slices.Repeat([]GuestReader{{Round: 1}}, MaxGuests) }},
		"that guest":              {Published, RevokeReader, edith, func(d *Dossier, _ *Command) { d.Guests[0].RevokedAt = now }},
		"invited":                 {Editing, SecondRead, Person{9, "Grete", []Role{Guest}, true}, func(*Dossier, *Command) {}},
		"asking":                  {Research, AskReply, ana, func(_ *Dossier, c *Command) { c.Ask.Address = "nobody" }},
		"room to ask":             {Research, AskReply, ana, func(d *Dossier, _ *Command) { d.Requests = make([]ReplyRequest, MaxRequests) }},
		"open request":            {Research, CloseReply, ana, func(_ *Dossier, c *Command) { c.RequestID = 91 }},
		"not sent":                {Research, SentReply, ana, func(d *Dossier, _ *Command) { d.Requests[0].SentAt = now }},
		"closing":                 {Research, CloseReply, ana, func(_ *Dossier, c *Command) { c.Outcome = NoReply }},
		"that reply":              {Research, TakeReply, ana, func(d *Dossier, _ *Command) { d.Requests[0].Reply = nil }},
		"answer once":             {Research, AnswerReply, guest, func(d *Dossier, _ *Command) { d.Requests[0].Reply = &Reply{Text: "No."} }},
		"link is good":            {Published, RevokeReply, ana, func(d *Dossier, _ *Command) { d.Requests[0].RevokedAt = now }},
		"right of reply":          {Research, Submit, ana, func(d *Dossier, _ *Command) { d.Requests = []ReplyRequest{asked()} }},
		"no declared interest":    {Editing, Approve, edith, func(d *Dossier, _ *Command) { d.Interests = []Interest{{PersonID: 3, Subject: "Lena Marsh"}} }},
		"writer without interest": {Queued, Assign, edith, func(d *Dossier, c *Command) { d.Interests = []Interest{{PersonID: c.Assignee.ID, Subject: "Health"}} }},
		"priority":                {Triage, SetPriority, edith, func(_ *Dossier, c *Command) { c.Priority = 7 }},
		"just dismissed":          {Dismissed, Reopen, ana, func(d *Dossier, _ *Command) { d.Review.DismissedBy = ben.ID }},
		"risk":                    {Triage, SetRisk, edith, func(_ *Dossier, c *Command) { c.Risk = "extreme" }},
	}
	for _, m := range Moves {
		for _, g := range m.Guards {
			if _, ok := tests[g.Name]; !ok {
				t.Errorf("guard %q has no row here", g.Name)
			}
		}
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, cmd := about(tt.state, tt.action), command(tt.action, tt.by)
			tt.break_(&d, &cmd)
			_, err := d.Apply(cmd, now)
			var r *Refusal
			if !errors.As(err, &r) || !slices.ContainsFunc(r.Missing, func(m Missing) bool { return m.Guard == name }) {
				t.Fatalf("Apply = %v, want a refusal by %q", err, name)
			}
			if s := errs.Message(err); !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") || strings.HasPrefix(s, ",") {
				t.Errorf("the person is told %q: not a sentence", s)
			}
		})
	}
}

func TestARefusalListsAllThatIsMissing(t *testing.T) {
	d := ideal(Research)
	d.Verdict.Summary, d.Verdict.Rating, d.Evidence = "", "", nil
	_, err := d.Apply(command(Submit, ana), now)
	var r *Refusal
	if !errors.As(err, &r) || len(r.Missing) != 4 { // rating, summary, sources, both sides
		t.Fatalf("Apply = %v, want four things missing", err)
	}
	if !errors.Is(err, errs.Invalid) {
		t.Errorf("kind = %q, want invalid", errs.KindOf(err))
	}
}

func TestButtonsAreWhatApplyAllows(t *testing.T) {
	for _, s := range States {
		for _, p := range []Person{ana, ben, edith, omar} {
			for _, a := range actions() {
				d := about(s, a)
				offered := d.Available(p)
				_, err := d.Apply(command(a, p), now)
				i := slices.IndexFunc(offered, func(o Offer) bool { return o.Action == a })
				open := i >= 0 && len(offered[i].Missing) == 0
				if (err == nil) != open {
					t.Errorf("%s, %s, %s: the page offers it: %v; Apply: %v", s, a, p.Name, open, err)
				}
			}
		}
	}
}
