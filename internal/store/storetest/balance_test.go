package storetest_test

import (
	"errors"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

func TestTheBalanceCountsWhatBecameOfClaims(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.Published(d.Claim("crime fell 4%"))
		d.Do(d.Claim("crime fell 5%"), d.Edith, review.Dismiss, func(c *review.Command) { c.Dismissal = review.Opinion })
		d.Claim("crime fell 6%")
		who := d.Dossier(1).Claimant.ID
		sides := &review.Sides{Store: d.Store, Now: d.Now}
		if err := sides.Set(ctx, d.Ana, who, "Blue"); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a fact-checker sets a side: %v", err)
		}
		if err := sides.Set(ctx, d.Edith, who, "  Blue  party "); err != nil {
			t.Fatal(err)
		}
		if err := sides.Set(ctx, d.Edith, 999, "Blue"); !errors.Is(err, errs.NotFound) {
			t.Errorf("nobody's side: %v", err)
		}
		b, err := d.Store.Balance(ctx, review.BalanceFilter{From: storetest.Start, To: d.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		want := review.Tally{Name: "Blue party", Found: 3, Chosen: 1, Dismissed: 1, Published: 1}
		if len(b.Sides) != 1 || b.Sides[0] != want {
			t.Errorf("sides: %+v", b.Sides)
		}
		want.ID, want.Name, want.Side = who, "Lena Marsh", "Blue party"
		if len(b.Speakers) != 1 || b.Speakers[0] != want {
			t.Errorf("speakers: %+v", b.Speakers)
		}
		if len(b.Reasons) != 1 || b.Reasons[0] != (review.Count{Name: "opinion", N: 1}) {
			t.Errorf("reasons: %+v", b.Reasons)
		}
		if len(b.Ratings) != 1 || b.Ratings[0].Side != "Blue party" || b.Ratings[0].N != 1 {
			t.Errorf("ratings: %+v", b.Ratings)
		}
		if b, err = d.Store.Balance(ctx, review.BalanceFilter{From: storetest.Start.AddDate(-1, 0, 0), To: storetest.Start}); err != nil || len(b.Speakers)+len(b.Ratings)+len(b.Kinds) != 0 {
			t.Errorf("before the desk opened: %+v, %v", b, err)
		}
	})
}
