package review

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestABlindDossierTellsNoRating(t *testing.T) {
	d := ideal(Editing)
	d.Scale.Ratings = append(slices.Clone(d.Scale.Ratings), Rating{Code: "x", Label: "Half true"}, Rating{Code: "y", Label: "True"})
	d.InForce = d.Scale
	d.Verdict.Summary = "It is so."
	d.Verdict.Rationale = "Half true, half TRUE: untrue things are truer. It is true."
	d.Evidence[0].Note = "says “true”"
	b := d.Blind()
	if b.Verdict.Rating != "" || b.Verdict.Summary != "" || b.Live != nil || b.Readings != nil {
		t.Errorf("%+v", b.Verdict)
	}
	if want := "▒▒▒▒, ▒▒▒▒: untrue things are truer. It is ▒▒▒▒."; b.Verdict.Rationale != want {
		t.Errorf("rationale %q, want %q", b.Verdict.Rationale, want)
	}
	if b.Evidence[0].Note != "says “▒▒▒▒”" || d.Evidence[0].Note != "says “true”" {
		t.Errorf("notes %q, and of the dossier itself %q", b.Evidence[0].Note, d.Evidence[0].Note)
	}
}

func TestABlindHistoryKeepsWhoAndWhenAndTellsNoRating(t *testing.T) {
	d := ideal(Editing)
	events := []Event{
		{Action: SaveVerdict, ActorID: 1, Note: "n", Changes: []Change{{"rating", "", "False"}, {"summary", "", "s"}, {"no conflict of interest", "no", "yes"}}},
		{Action: SecondRead, ActorID: 2, Note: "I agree", Changes: []Change{{"second reading", "", "False"}, {"agrees", "", "yes"}}},
		{Action: PutOnHold, ActorID: 3, Note: "legal", Changes: []Change{{"hold", "", "legal"}}},
	}
	got := d.BlindEvents(events)
	if len(got) != 3 || got[0].Note != "" || len(got[0].Changes) != 1 || got[0].Changes[0].Field != "no conflict of interest" ||
		got[1].Note != "" || got[1].Changes != nil || got[1].ActorID != 2 || got[2].Note != "legal" || len(got[2].Changes) != 1 {
		t.Errorf("%+v", got)
	}
	if len(events[0].Changes) != 3 {
		t.Error("the history itself was changed")
	}
}

func TestNobodyIsBlindOnceTheReadingIsThere(t *testing.T) {
	d := ideal(Editing)
	d.Policy.SecondRead = true
	if !d.BlindTo(edith) {
		t.Error("an editor sees the rating before anybody has read it blind")
	}
	read := at(d, SecondRead, ben)
	d = after(d, apply(t, d, read))
	if d.BlindTo(edith) {
		t.Error("an editor has to approve what is hidden")
	}
	if !d.MayRead(edith) {
		t.Error("an editor cannot read it any more")
	}
}

func TestAPolicyIsDecidedByAdministratorsAlone(t *testing.T) {
	admin := Person{9, "Adam", []Role{Admin}, true}
	people := []Person{admin, edith, stella}
	scales := []RatingScale{{Key: "five-point"}, {Key: "six-point"}}
	next := DefaultPolicy
	next.Quorum, next.Overriders = 2, []int64{stella.ID}
	changes, err := DefaultPolicy.Decide(next, admin, people, scales)
	if err != nil || len(changes) != 2 || changes[1].To != "person 6" {
		t.Errorf("%+v, %v", changes, err)
	}
	tests := map[string]struct {
		by    Person
		spoil func(*Policy)
	}{
		"an editor":               {edith, func(*Policy) {}},
		"a closed administrator":  {Person{9, "Adam", []Role{Admin}, false}, func(*Policy) {}},
		"nothing":                 {admin, func(p *Policy) { *p = DefaultPolicy }},
		"no such scale":           {admin, func(p *Policy) { p.Scale = "x" }},
		"no approvals":            {admin, func(p *Policy) { p.Quorum = 0 }},
		"an editor who overrides": {admin, func(p *Policy) { p.Overriders = []int64{edith.ID} }},
		"nobody who overrides":    {admin, func(p *Policy) { p.Overriders = []int64{77} }},
	}
	for name, tt := range tests {
		p := next
		tt.spoil(&p)
		if changes, err := DefaultPolicy.Decide(p, tt.by, people, scales); err == nil {
			t.Errorf("%s: %+v", name, changes)
		}
	}
}

func TestTheHeadTellsWhatTheStateDoesNot(t *testing.T) {
	d := ideal(Published)
	d.AsOf = now
	d.Review.OverrideBy, d.Review.OverrideDue = stella.ID, now.Add(-time.Hour)
	d.Review.Risk = HighRisk
	d.Review.Hold, d.Review.HoldUntil = LegalHold, now.Add(-time.Hour) // over
	var codes []string
	for _, c := range d.Circumstances() {
		codes = append(codes, c.Code)
		if c.Sentence == "" {
			t.Errorf("%s says nothing", c.Code)
		}
	}
	if got := strings.Join(codes, " "); got != "overdue risk" {
		t.Errorf("the head tells of %s", got)
	}
}

func TestLikelyReviewsComeFirst(t *testing.T) {
	rows := []Row{{ReviewID: 1, Text: "Rain fell."}, {ReviewID: 2, Text: "Crime fell by 12 percent in the city"}, {ReviewID: 3, Text: "crime fell by 12 percent"}, {ReviewID: 4, Text: ""}}
	var ids []int64
	for _, r := range Likely("Crime fell by 12 percent.", rows, 3) {
		ids = append(ids, r.ReviewID)
	}
	if !slices.Equal(ids, []int64{3, 2, 1}) {
		t.Errorf("%v", ids)
	}
}

func TestAListTellsOfHoldsTimesAndWhatIsDue(t *testing.T) {
	tests := map[string]struct {
		row  Row
		want int
	}{
		"nothing":           {Row{State: Editing}, 0},
		"a hold":            {Row{Hold: LegalHold}, 1},
		"a hold that ended": {Row{Hold: LegalHold, HoldUntil: now.Add(-time.Second)}, 0},
		"an embargo":        {Row{EmbargoUntil: now.Add(time.Hour)}, 1},
		"an old embargo":    {Row{EmbargoUntil: now.Add(-time.Hour)}, 0},
		"half signed":       {Row{State: Published, Retraction: WrongVerdict}, 1},
		"due":               {Row{OverrideDue: now.Add(time.Hour)}, 1},
		"overdue and risky": {Row{OverrideDue: now.Add(-time.Hour), Risk: HighRisk}, 2},
		"scheduled":         {Row{State: Scheduled, ScheduledAt: now}, 1},
	}
	for name, tt := range tests {
		if got := tt.row.Notes(now); len(got) != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
