package storetest_test

import (
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// TestDueListsLiveReviewsByTheirDay holds the calendar's query: by day, in
// pages, within the period, without claims that wait for no day or whose review
// has ended.
func TestDueListsLiveReviewsByTheirDay(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		day := func(n int) time.Time { return time.Date(2030, 12, n, 0, 0, 0, 0, time.UTC) }
		open := func(text string, due time.Time) int64 {
			id := d.Claim(text)
			d.Do(id, d.Ana, review.Accept, func(c *review.Command) {
				c.Claim = &review.ClaimDraft{Text: text, Kind: claims.Promise, Lang: "en", Claimant: "Lena Marsh", ClaimantKind: claims.Person, Chosen: "Shared", DueAt: due}
			})
			return id
		}
		var want []int64
		third := open("crime will fall 3%", day(3))
		for _, text := range []string{"crime will fall 1%", "crime will fall 2%", "crime will fall 4%"} {
			want = append(want, open(text, day(1)))
		}
		want = append(want, third)
		open("crime will fall 5%", day(31))
		open("crime fell 12%", time.Time{})
		gone := open("crime will fall 6%", day(2))
		d.Do(gone, d.Edith, review.Dismiss, func(c *review.Command) { c.Dismissal = review.Dismissals[0].Code })

		var got []int64
		f := review.DueFilter{From: day(1), To: day(31), Limit: 2}
		for page := 0; page < 5; page++ {
			rows, err := d.Store.ClaimsDue(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				if got = append(got, r.ReviewID); r.Claimant != "Lena Marsh" || r.State != review.Queued || r.Kind != claims.Promise || r.Due.Before(f.From) {
					t.Errorf("row %+v", r)
				}
			}
			f.After = review.DueAfter(rows[len(rows)-1])
		}
		if len(got) != len(want) {
			t.Fatalf("reviews %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("reviews %v, want %v", got, want)
			}
		}
		if rows, err := d.Store.ClaimsDue(ctx, review.DueFilter{From: day(1)}); err != nil || len(rows) != 5 {
			t.Errorf("%d rows without an end, %v; want 5", len(rows), err)
		}
		if rows, err := d.Store.ClaimsDue(ctx, review.DueFilter{From: day(1), States: []review.State{review.Research}}); err != nil || len(rows) != 0 {
			t.Errorf("%d rows in research, %v", len(rows), err)
		}
		events, err := d.Store.Events(ctx, third)
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, e := range events {
			for _, c := range e.Changes {
				told = told || c.Field == "can be checked from" && c.To == "2030-12-03"
			}
		}
		if !told || !d.Dossier(third).Claim.DueAt.Equal(day(3)) {
			t.Errorf("the day is %v, and the history tells it: %v", d.Dossier(third).Claim.DueAt, told)
		}
	})
}
