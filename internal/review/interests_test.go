package review

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
)

func day0(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAnInterestCountsFromItsFirstDayToItsLast(t *testing.T) {
	at := day0("2026-03-10").Add(15 * time.Hour)
	tests := []struct {
		name string
		i    Interest
		want bool
	}{
		{"always", Interest{}, true},
		{"from today on", Interest{Since: day0("2026-03-10")}, true},
		{"from tomorrow on", Interest{Since: day0("2026-03-11")}, false},
		{"to the end of today", Interest{Until: day0("2026-03-10")}, true},
		{"until yesterday", Interest{Until: day0("2026-03-09")}, false},
		{"ended", Interest{EndedAt: at.Add(-time.Hour)}, false},
	}
	for _, tt := range tests {
		if got := tt.i.InForce(at); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestWhoHasAnInterestNeitherWritesNorJudges has a row for everything that an
// interest stops, and one for what it does not.
func TestWhoHasAnInterestNeitherWritesNorJudges(t *testing.T) {
	stopped := []struct {
		state  State
		action Action
		by     Person
	}{
		{Queued, Take, ana}, {Research, SaveVerdict, ana}, {Editing, SaveVerdict, ana}, {Research, Submit, ana}, {Editing, SecondRead, ben},
		{Editing, Approve, edith}, {Published, Correct, ana},
	}
	for _, tt := range stopped {
		d, cmd := about(tt.state, tt.action), command(tt.action, tt.by)
		if cmd.Action == Correct {
			cmd.Assignee = Person{} // they want to write it themselves
		}
		if _, err := d.Apply(cmd, now); err != nil {
			t.Fatalf("%s by %s without an interest: %v", tt.action, tt.by.Name, err)
		}
		d.Interests = []Interest{{PersonID: tt.by.ID, Subject: "Lena Marsh"}}
		_, err := d.Apply(cmd, now)
		if err == nil || !strings.Contains(errs.Message(err), "declared an interest in Lena Marsh") {
			t.Errorf("%s by %s = %v (%s)", tt.action, tt.by.Name, err, errs.Message(err))
		}
		d.Interests[0].Until = now.AddDate(0, 0, -2)
		if _, err := d.Apply(cmd, now); err != nil {
			t.Errorf("%s after the interest is over: %v", tt.action, err)
		}
	}
	d := about(Research, Release)
	d.Interests = []Interest{{PersonID: ana.ID, Subject: "Lena Marsh"}}
	if _, err := d.Apply(command(Release, ana), now); err != nil {
		t.Errorf("handing it back: %v", err)
	}
}

func TestAnInterestThatCannotBeIsRefused(t *testing.T) {
	good := Interest{Kind: InSpeaker, Subject: "Lena Marsh", Note: "We were at school together."}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Interest){
		"no kind":        func(i *Interest) { i.Kind = "planet" },
		"nobody":         func(i *Interest) { i.Subject = "" },
		"a long name":    func(i *Interest) { i.Subject = strings.Repeat("x", 201) },
		"a long note":    func(i *Interest) { i.Note = strings.Repeat("x", MaxNote+1) },
		"ends before it": func(i *Interest) { i.Since, i.Until = day0("2026-02-01"), day0("2026-01-01") },
	} {
		i := good
		spoil(&i)
		if err := i.check(); !errors.Is(err, errs.Invalid) || !strings.HasSuffix(errs.Message(err), ".") {
			t.Errorf("%s: %v (%s)", name, err, errs.Message(err))
		}
	}
}

func TestTopicsAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string][]string{
		"":       {},
		" , ;\n": {},
		"Transport, health ,HEALTH;  Public   transport": {"health", "Public transport", "Transport"},
		"C++, c": {"C++"}, // the same letters are the same topic
		"日本, 日本": {"日本"},
	} {
		if diff := cmp.Diff(want, ParseTopics(text)); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
	if err := checkTopics(ParseTopics(strings.Repeat("x", MaxTopic+1))); !errors.Is(err, errs.Invalid) {
		t.Errorf("a long topic: %v", err)
	}
	if err := checkTopics(slices.Repeat([]string{"x"}, MaxTopics+1)); !errors.Is(err, errs.Invalid) {
		t.Errorf("many topics: %v", err)
	}
}

func TestTopicsArePartOfWhatIsApproved(t *testing.T) {
	d := ideal(Editing)
	plain := d.ContentHash()
	d.Topics = []string{"health"}
	if d.ContentHash() == plain {
		t.Error("the hash does not know the topics")
	}
	cmd := command(EditClaim, ana)
	cmd.Claim = &ClaimDraft{Text: d.Claim.Text, Kind: d.Claim.Kind, Lang: d.Claim.Lang, Claimant: d.Claimant.Name, ClaimantKind: d.Claimant.Kind, Chosen: d.Review.Chosen}
	o, err := d.Apply(cmd, now)
	if err != nil || o.Topics != nil {
		t.Errorf("a form that does not know of topics: %v, %v", o.Topics, err)
	}
	cmd.Claim.Topics = []string{}
	o, err = d.Apply(cmd, now)
	if err != nil || o.Topics == nil || len(*o.Topics) != 0 || !slices.Contains(o.Event.Changes, Change{"topics", "health", ""}) {
		t.Errorf("none any more: %v, %+v", err, o.Event.Changes)
	}
}
