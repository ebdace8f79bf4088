package review

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// AddTick makes talk a TickStore.
func (k *talk) AddTick(_ context.Context, t Tick, e Event) error {
	k.d.Ticks, k.seen = append(k.d.Ticks, t), append(k.seen, e)
	return nil
}

func ticking(s State) (*talk, *Ticks) {
	k := &talk{d: ideal(s)}
	k.d.Policy.Checklists = Checklists{claims.Quantity: {"Counted anew", "Same units"}, claims.Law: {"Read the law"}}
	return k, &Ticks{Store: k, Now: func() time.Time { return now }}
}

func TestAChecklistIsCompleteWhenEveryItemOfTheKindIsTicked(t *testing.T) {
	k, s := ticking(Research)
	ctx := context.Background()
	missing := func() string { return checklistComplete.Missing(&k.d, &Command{}) }
	if got := missing(); got != "2 items of the checklist are not ticked, the first of them “Counted anew”." {
		t.Errorf("nothing ticked: %q", got)
	}
	set := func(item string, done bool, by Person) {
		t.Helper()
		if err := s.Set(ctx, 10, item, done, "", by); err != nil {
			t.Fatal(err)
		}
	}
	set("Counted anew", true, ana)
	if got := missing(); got != "One item of the checklist is not ticked: “Same units”." {
		t.Errorf("one ticked: %q", got)
	}
	set("Same units", true, edith)
	if got := missing(); got != "" {
		t.Errorf("all ticked: %q", got)
	}
	set("Same units", true, ana) // it is so already
	if items := k.d.Items(); items[1].ByID != edith.ID || items[1].At.IsZero() || len(k.seen) != 2 {
		t.Errorf("%+v, %d events", items, len(k.seen))
	}
	set("Same units", false, ana)
	if missing() == "" {
		t.Error("a tick that was taken back counts")
	}
	if e := k.seen[2]; e.Action != UntickItem || e.Version != k.d.Review.Version || e.Changes[0] != (Change{"checklist", "Same units", ""}) {
		t.Errorf("%+v", e)
	}
	k.d.Policy.Checklists = Checklists{claims.Quantity: {"Counted again"}}
	if missing() == "" {
		t.Error("a tick counts for an item with other words")
	}
	k.d.Claim.Kind = claims.Position
	if got := missing(); got != "" {
		t.Errorf("a kind without a checklist: %q", got)
	}
}

func TestWhoMayTickWhat(t *testing.T) {
	for _, tt := range []struct {
		name  string
		state State
		item  string
		key   string
		by    Person
		want  errs.Kind
	}{
		{"a viewer", Research, "Same units", "", Person{5, "Vera", []Role{Viewer}, true}, errs.Forbidden},
		{"an administrator", Research, "Same units", "", Person{7, "Adam", []Role{Admin}, true}, errs.Forbidden},
		{"an item of another kind", Research, "Read the law", "", ana, errs.Invalid},
		{"no item", Research, "", "", ana, errs.Invalid},
		{"what is published", Published, "Same units", "", ana, errs.Conflict},
		{"a damaged form", Research, "Same units", strings.Repeat("k", 65), ana, errs.Invalid},
	} {
		k, s := ticking(tt.state)
		if err := s.Set(context.Background(), 10, tt.item, true, tt.key, tt.by); !errors.Is(err, tt.want) || len(k.seen) > 0 {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestChecklistsThatCannotBeTickedAreRefused(t *testing.T) {
	for name, body := range map[string]string{
		"no JSON": `{`, "an unknown kind": `{"weather": ["x"]}`, "an empty item": `{"quote": [""]}`, "two lines": `{"quote": ["a\nb"]}`, "twice the same": `{"quote": ["a", "a"]}`,
		"a long item": `{"quote": ["` + strings.Repeat("x", MaxItem+1) + `"]}`, "too many": `{"quote": [` + strings.TrimSuffix(strings.Repeat(`"x",`, MaxItems+1), ",") + `]}`,
	} {
		if _, err := ParseChecklists([]byte(body)); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := DefaultPolicy
	p.Checklists = Checklists{claims.QuoteKind: {""}}
	if err := p.Check(); !errors.Is(err, errs.Invalid) {
		t.Errorf("a policy with it: %v", err)
	}
}

func TestAChangeOfAChecklistIsOnRecord(t *testing.T) {
	next := DefaultPolicy
	next.Checklists = Checklists{claims.QuoteKind: {"Heard it", "Read on"}}
	changes := DefaultPolicy.Differs(next, nil)
	if len(changes) != 1 || changes[0] != (Change{"checklist, quote", "", "Heard it\nRead on"}) {
		t.Errorf("%+v", changes)
	}
}
