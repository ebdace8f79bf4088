package storetest_test

import (
	"errors"
	"testing"

	"factcheck/internal/errs"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// Invariant 10: the rows of a desk are in its own database, on both kinds of
// server.
func TestADeskHasADatabaseOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		for _, w := range []store.Workspace{
			{Name: "politics", Title: "Politics", Host: "politics.example", CreatedAt: d.Now()}, {Name: "health", Title: "Health", Host: "health.example", CreatedAt: d.Now()},
		} {
			if err := d.Store.AddWorkspace(ctx, w); err != nil {
				t.Fatal(err)
			}
		}
		again := store.Workspace{Name: "politics", Title: "Again", Host: "other.example", CreatedAt: d.Now()}
		if err := d.Store.AddWorkspace(ctx, again); !errors.Is(err, errs.Conflict) {
			t.Errorf("the same name again: %v", err)
		}
		ours := d.Claim("crime fell 12%")
		desks := map[string]*storetest.Desk{}
		for _, name := range []string{"politics", "health"} {
			st, err := store.OpenDesk(ctx, dsn, name)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			if counts, err := st.Counts(ctx); err != nil || len(counts) != 0 {
				t.Fatalf("%s begins with %v, %v", name, counts, err)
			}
			if people, err := st.People(ctx); err != nil || len(people) != 0 {
				t.Fatalf("%s begins with people %v, %v", name, people, err)
			}
			desks[name] = storetest.NewDesk(t, st)
		}
		theirs := desks["politics"].Claim("ferries are late")
		desks["politics"].Published(theirs)
		if d.Dossier(ours).Claim.Text == desks["politics"].Dossier(theirs).Claim.Text {
			t.Error("two desks share a claim")
		}
		if counts, err := desks["health"].Store.Counts(ctx); err != nil || len(counts) != 0 {
			t.Errorf("the third desk has %v, %v", counts, err)
		}
		if err := d.Store.CloseWorkspace(ctx, "nobody", false, d.Now()); !errors.Is(err, errs.NotFound) {
			t.Errorf("closing no desk: %v", err)
		}
	})
}
