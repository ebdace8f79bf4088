package storetest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

func TestAnEditionIsSentWhenItsChecklistIsTicked(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		id := d.Claim("crime fell 4%")
		d.Researched(id)
		p := review.DefaultPolicy
		p.Checklists = review.Checklists{claims.Quantity: {"Counted anew", "Same units"}}
		if err := d.Store.ChangePolicy(ctx, 0, p, d.Adam, d.Now()); err != nil {
			t.Fatal(err)
		}
		s := &review.Ticks{Store: d.Store, Now: d.Now}
		set := func(item string, done bool, by review.Person) {
			t.Helper()
			if err := s.Set(ctx, id, item, done, "", by); err != nil {
				t.Fatal(err, errs.Message(err))
			}
		}
		set("Counted anew", true, d.Ana)
		set("Same units", true, d.Ben)
		set("Same units", false, d.Ana)
		if _, err := d.Try(id, d.Ana, review.Submit); !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "Same units") {
			t.Errorf("submit = %v", err)
		}
		set("Same units", true, d.Edith)
		got := d.Dossier(id)
		if items := got.Items(); len(items) != 2 || items[0].ByID != d.Ana.ID || items[1].ByID != d.Edith.ID || items[1].At.IsZero() || len(got.Ticks) != 4 {
			t.Errorf("%+v of %+v", items, got.Ticks)
		}
		if len(got.Contributors) == 0 || slices.ContainsFunc(got.Contributors, func(c review.Contribution) bool { return c.PersonID == d.Edith.ID }) {
			t.Error("whoever ticks an item cannot approve any more")
		}
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Edith, review.Approve)
		d.Do(id, d.Edith, review.Publish)
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, d.Ana.ID })
		if got := d.Dossier(id); len(got.Ticks) != 0 || got.Items()[0].ByID != 0 {
			t.Errorf("the next edition begins with %+v", got.Ticks)
		}
		raw := storetest.Raw(t, dsn)
		for _, statement := range []string{"UPDATE ticks SET done = TRUE", "DELETE FROM ticks"} {
			if _, err := raw.Exec(statement); err == nil {
				t.Errorf("%s was done", statement)
			}
		}
	})
}
