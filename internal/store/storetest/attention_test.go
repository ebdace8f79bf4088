package storetest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// toldOf are the actions that a person was told of, newest first.
func toldOf(t *testing.T, d *storetest.Desk, p review.Person) []review.Action {
	t.Helper()
	all, err := d.Store.Notices(ctx, p.ID, 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	var out []review.Action
	for _, n := range all {
		out = append(out, n.Action)
	}
	return out
}

func TestThoseWhomItConcernsAreToldInTheSameTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 4%")
		if err := d.Store.Watch(ctx, id, d.Vera.ID, true, d.Now()); err != nil {
			t.Fatal(err)
		}
		d.Researched(id)
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Edith, review.Return)
		if got := toldOf(t, d, d.Ana); !slices.Equal(got, []review.Action{review.Return}) {
			t.Errorf("Ana, who wrote it, was told of %v", got)
		}
		if got := toldOf(t, d, d.Vera); !slices.Equal(got, []review.Action{review.Return, review.Submit}) {
			t.Errorf("Vera, who watches it, was told of %v", got)
		}
		if got := toldOf(t, d, d.Edith); len(got) != 0 {
			t.Errorf("Edith was told of %v, which she did herself", got)
		}
		before := len(toldOf(t, d, d.Vera))
		if _, err := d.Try(id, d.Vera, review.Return); err == nil {
			t.Fatal("a viewer returned it")
		}
		if after := len(toldOf(t, d, d.Vera)); after != before {
			t.Error("somebody was told of what did not happen")
		}
		n, err := d.Store.Unread(ctx, d.Vera.ID)
		if err != nil || n != 2 {
			t.Errorf("%d unread, %v", n, err)
		}
		all, _ := d.Store.Notices(ctx, d.Vera.ID, 0, 1)
		if err := d.Store.ReadNotices(ctx, d.Vera.ID, all[0].ID, d.Now()); err != nil {
			t.Fatal(err)
		}
		if n, err = d.Store.Unread(ctx, d.Vera.ID); err != nil || n != 0 {
			t.Errorf("%d unread after reading, %v", n, err)
		}
	})
}

func TestWatchersGoAlongWithAMerge(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		one, other := d.Claim("crime fell 4%"), d.Claim("crime fell 5%")
		if err := d.Store.Watch(ctx, one, d.Vera.ID, true, d.Now()); err != nil {
			t.Fatal(err)
		}
		d.Do(one, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = other })
		d.Do(other, d.Edith, review.Dismiss, func(c *review.Command) { c.Dismissal = review.Opinion })
		if got := toldOf(t, d, d.Vera); !slices.Equal(got, []review.Action{review.Dismiss, review.Merge}) {
			t.Errorf("told of %v", got)
		}
	})
}

func TestOverdueWorkIsListedSoonestFirstAndHoldsAreNot(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		var ids []int64
		for i, p := range []review.Priority{review.LowPriority, review.Urgent, review.HighPriority, review.Urgent} {
			id := d.Claim(fmt.Sprintf("crime fell %d%%", i))
			ids = append(ids, id)
			d.Do(id, d.Ana, review.Accept, func(c *review.Command) {
				c.Claim = &review.ClaimDraft{Text: "Crime fell", Kind: "quantity", Lang: "en", Claimant: "Lena Marsh", ClaimantKind: "person", Chosen: "Shared"}
			})
			d.Do(id, d.Edith, review.SetPriority, func(c *review.Command) { c.Priority = p })
			d.Do(id, d.Ana, review.Take)
		}
		d.Do(ids[3], d.Edith, review.PutOnHold, func(c *review.Command) { c.Hold = review.LegalHold })
		list := func(f review.Filter) []int64 {
			t.Helper()
			rows, err := d.Store.Rows(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			var out []int64
			for _, r := range rows {
				out = append(out, r.ReviewID)
			}
			return out
		}
		late := d.Now().Add(30 * time.Hour)
		if got := list(review.Filter{Flag: review.Overdue, Order: review.Soonest, AsOf: late}); !slices.Equal(got, []int64{ids[1], ids[2]}) {
			t.Errorf("overdue: %v, of %v", got, ids)
		}
		if got := list(review.Filter{Flag: review.ComingDue, Order: review.Soonest, Limit: 2, AsOf: late}); !slices.Equal(got, []int64{ids[1], ids[3]}) {
			t.Errorf("due: %v, of %v", got, ids)
		}
		if got := list(review.Filter{Priorities: []review.Priority{review.Urgent}}); len(got) != 2 {
			t.Errorf("urgent: %v", got)
		}
		if got := list(review.Filter{Kinds: []claims.Kind{claims.Promise}}); len(got) != 0 {
			t.Errorf("promises: %v", got)
		}
		loads, err := d.Store.Loads(ctx, late, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(loads, func(l review.Load) bool { return l.Person.ID == d.Ana.ID })
		if i < 0 || loads[i].Research != 4 || loads[i].Overdue != 2 || loads[i].NextDue.IsZero() {
			t.Errorf("loads = %+v", loads)
		}
		var paged []review.Load
		for after := int64(0); ; {
			some, err := d.Store.Loads(ctx, late, after, 2)
			if err != nil || len(some) > 2 {
				t.Fatalf("%+v, %v", some, err)
			}
			paged = append(paged, some...)
			if len(some) < 2 {
				break
			}
			after = some[1].Person.ID
		}
		if !slices.EqualFunc(loads, paged, func(a, b review.Load) bool {
			return a.Person.ID == b.Person.ID && a.Research == b.Research && a.Sent == b.Sent
		}) {
			t.Errorf("by pages: %+v, at once: %+v", paged, loads)
		}
	})
}

func TestPresenceExpiresAndKeepsTheLatest(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 4%")
		for _, editing := range []bool{false, true} {
			if err := d.Store.Look(ctx, id, d.Ana.ID, editing, d.Now()); err != nil {
				t.Fatal(err)
			}
		}
		now := d.Now()
		a, err := d.Store.Around(ctx, id, now.Add(-time.Minute))
		if err != nil || len(a.Here) != 1 || !a.Here[0].Editing || a.Here[0].Person.Name != "Ana" {
			t.Errorf("around = %+v, %v", a, err)
		}
		if a, err = d.Store.Around(ctx, id, now.Add(time.Minute)); err != nil || len(a.Here) != 0 {
			t.Errorf("a minute later: %+v, %v", a, err)
		}
		if err := d.Store.Look(ctx, 9999, d.Ana.ID, false, now); !errors.Is(err, errs.NotFound) {
			t.Errorf("no such review: %v", err)
		}
	})
}

func TestAViewIsItsOwnersAlone(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		for _, q := range []string{"state=triage", "flag=held"} {
			if err := d.Store.SaveView(ctx, review.View{PersonID: d.Ana.ID, Name: "Mine", Query: q, At: d.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		views, err := d.Store.Views(ctx, d.Ana.ID)
		if err != nil || len(views) != 1 || views[0].Query != "flag=held" {
			t.Fatalf("views = %+v, %v", views, err)
		}
		if err := d.Store.DropView(ctx, d.Ben.ID, views[0].ID); !errors.Is(err, errs.NotFound) {
			t.Errorf("somebody else forgets it: %v", err)
		}
		if err := d.Store.DropView(ctx, d.Ana.ID, views[0].ID); err != nil {
			t.Error(err)
		}
	})
}
