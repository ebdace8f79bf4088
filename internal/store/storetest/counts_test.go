package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// recount counts the reviews in each state by the rows themselves.
func recount(t testing.TB, dsn string) map[review.State]int {
	t.Helper()
	rows, err := storetest.Raw(t, dsn).Query("SELECT state, COUNT(*) FROM reviews GROUP BY state")
	if err != nil {
		t.Fatal(err)
	}
	out := map[review.State]int{}
	for rows.Next() {
		var s review.State
		var n int
		if err := rows.Scan(&s, &n); err != nil {
			t.Fatal(err)
		}
		out[s] = n
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}

func counts(t testing.TB, st *store.Store) map[review.State]int {
	t.Helper()
	n, err := st.Counts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestCountsFollowEveryProcess moves reviews in two processes and asks in a
// third, which knew the counts before.
func TestCountsFollowEveryProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		other, third := storetest.Open(t, dsn), storetest.Open(t, dsn)
		if n := counts(t, third); len(n) != 0 {
			t.Errorf("an empty desk counts %v", n)
		}
		for i := range 6 {
			d.Claim(fmt.Sprintf("crime fell by %d percent", i))
		}
		d.Published(1)
		d.Do(2, d.Edith, review.Dismiss, func(c *review.Command) { c.Dismissal = review.Opinion })
		d.Do(3, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = 4 })
		if got, want := counts(t, third), recount(t, dsn); !maps.Equal(got, want) {
			t.Errorf("counts = %v, want %v", got, want)
		}
		d.Reviews.Store = other
		d.Do(3, d.Stella, review.Unmerge)
		d.Do(1, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Update, d.Ana.ID })
		for who, st := range map[string]*store.Store{"who wrote first": d.Store, "who wrote last": other, "who reads": third} {
			for range 2 { // the second time nothing happened since
				if got, want := counts(t, st), recount(t, dsn); !maps.Equal(got, want) {
					t.Errorf("%s counts %v, want %v", who, got, want)
				}
			}
		}
	})
}

// TestCountsOfAMoveThatIsRolledBack: what a transaction sees of itself is not
// remembered.
func TestCountsOfAMoveThatIsRolledBack(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		id := d.Claim("crime fell 12%")
		before := counts(t, d.Store)
		undo := errors.New("no")
		err := d.Store.InTx(context.Background(), func(ctx context.Context) error {
			r := d.Dossier(id).Review
			_, err := d.Reviews.Do(ctx, review.Command{ReviewID: id, Version: r.Version, Action: review.Dismiss, Actor: d.Edith, Dismissal: review.Opinion, Note: "Because."})
			if err != nil {
				return err
			}
			if n, err := d.Store.Counts(ctx); err != nil || n[review.Dismissed] != 1 || n[review.Triage] != 0 {
				t.Errorf("inside the transaction: %v, %v", n, err)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		if got := counts(t, d.Store); !maps.Equal(got, before) || !maps.Equal(got, recount(t, dsn)) {
			t.Errorf("counts = %v, before %v", got, before)
		}
	})
}

// TestCountsOfAnotherHistory: a database that was put in the place of
// another is counted anew, not followed.
func TestCountsOfAnotherHistory(t *testing.T) {
	for _, put := range []string{
		"UPDATE reviews SET state = 'queued' WHERE id = 2; UPDATE events SET hash = 'another' WHERE seq = (SELECT MAX(seq) FROM events)",
		"UPDATE reviews SET state = 'queued' WHERE id = 2; DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)",
	} {
		dsn := filepath.Join(t.TempDir(), "test.db")
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		d.Claim("crime fell 12%")
		d.Claim("crime rose 12%")
		counts(t, d.Store)
		dropTriggers(t, dsn)
		if _, err := storetest.Raw(t, dsn).Exec(put); err != nil {
			t.Fatal(err)
		}
		if got, want := counts(t, d.Store), recount(t, dsn); !maps.Equal(got, want) {
			t.Errorf("after %s: %v, want %v", put, got, want)
		}
	}
}

// TestCountsWhileManyMove has four writers over two processes and a reader: the
// reader never sees a review twice or not at all.
func TestCountsWhileManyMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		const n, each = 8, 40
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		for i := range n {
			d.Claim(fmt.Sprintf("crime fell by %d percent", i))
		}
		second, reader := storetest.Open(t, dsn), storetest.Open(t, dsn)
		var writers sync.WaitGroup
		for w := range 4 {
			st := []*store.Store{d.Store, second}[w%2]
			writers.Go(func() { toAndFro(t, d, st, n, each, uint64(w)) })
		}
		done := make(chan struct{})
		go func() { writers.Wait(); close(done) }()
		for reads := 0; ; reads++ {
			total := 0
			for s, k := range counts(t, reader) {
				if total += k; k <= 0 {
					t.Errorf("%d reviews are %s", k, s)
				}
			}
			if total != n {
				t.Fatalf("%d reviews are counted, of %d", total, n)
			}
			select {
			case <-done:
				for _, st := range []*store.Store{d.Store, second, reader} {
					if got, want := counts(t, st), recount(t, dsn); !maps.Equal(got, want) {
						t.Errorf("counts = %v, want %v", got, want)
					}
				}
				return
			default:
			}
		}
	})
}

// toAndFro dismisses and reopens random reviews; of two at one, one loses.
func toAndFro(t *testing.T, d *storetest.Desk, st *store.Store, reviews, times int, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	service := &review.Service{Store: st, Now: func() time.Time { return storetest.Start.Add(24 * time.Hour) }}
	for range times {
		id := int64(1 + random.IntN(reviews))
		dossier, err := st.Dossier(context.Background(), id)
		if err != nil {
			t.Error(err)
			return
		}
		cmd := review.Command{ReviewID: id, Version: dossier.Review.Version, Action: review.Dismiss, Actor: d.Edith, Dismissal: review.Opinion, Note: "Because."}
		if dossier.Review.State == review.Dismissed {
			cmd.Action, cmd.Dismissal = review.Reopen, ""
		}
		if _, err := service.Do(context.Background(), cmd); err != nil && !errors.Is(err, errs.Conflict) {
			t.Error(err)
		}
	}
}
