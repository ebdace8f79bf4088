package storetest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

func TestPoliciesPeopleAndTheTrailAreKeptOnBothDatabases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		d := storetest.NewDesk(t, st)
		ctx := context.Background()
		next := review.DefaultPolicy
		next.Overriders = []int64{d.Stella.ID}
		if err := st.ChangePolicy(ctx, 0, next, d.Adam, d.Now()); err != nil {
			t.Fatal(err)
		}
		if err := st.ChangePolicy(ctx, 0, review.DefaultPolicy, d.Adam, d.Now()); !errors.Is(err, errs.Conflict) {
			t.Errorf("a stale policy = %v", err)
		}
		if err := st.ChangePolicy(ctx, 1, review.DefaultPolicy, d.Edith, d.Now()); !errors.Is(err, errs.Forbidden) {
			t.Errorf("an editor's policy = %v", err)
		}
		all, err := st.Decisions(ctx, 0, 10)
		if err != nil || len(all) != 1 || all[0].By != d.Adam.ID || len(all[0].Policy.Overriders) != 1 {
			t.Errorf("%+v, %v", all, err)
		}

		accounts := &auth.Service{Store: st, Now: d.Now}
		if err := accounts.SetRoles(ctx, d.Adam, d.Ben.ID, []review.Role{review.Editor, review.Checker}); err != nil {
			t.Error(err)
		}
		if err := accounts.Close(ctx, d.Adam, d.Ben.ID); err != nil {
			t.Error(err)
		}
		members, err := st.Members(ctx)
		if err != nil || len(members) != 7 || members[2].Name != "Ben" || members[2].Active || len(members[2].Roles) != 2 {
			t.Errorf("%+v, %v", members, err)
		}

		article := d.Article("The mayor said that crime fell by half. Rents rose by a tenth.\n")
		one, two := d.ClaimIn(article, "crime fell by half", "Lena Marsh"), d.ClaimIn(article, "Rents rose by a tenth", "Ada Quill")
		d.Published(one)
		d.Do(one, d.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.LegalReasons })
		d.Researched(two)
		d.Do(two, d.Edith, review.PutOnHold, func(c *review.Command) { c.Hold = review.LegalHold })
		for flag, want := range map[review.Flag]int64{review.Held: two, review.ToSign: one, review.OpenEnds: one} {
			rows, err := st.Rows(ctx, review.Filter{Flag: flag})
			if err != nil || len(rows) != 1 || rows[0].ReviewID != want {
				t.Errorf("%s: %+v, %v", flag, rows, err)
			}
		}
		if rows, err := st.Rows(ctx, review.Filter{Flag: review.LookBackDue}); err != nil || len(rows) != 0 {
			t.Errorf("to look back at: %+v, %v", rows, err)
		}
		if rows, err := st.Rows(ctx, review.NearbyTo(two)); err != nil || len(rows) != 1 || rows[0].ReviewID != one {
			t.Errorf("near: %+v, %v", rows, err)
		}
		if at, err := st.Addresses(ctx, 10, 0); err != nil || len(at) != 1 || at[0].At.IsZero() {
			t.Errorf("%+v, %v", at, err)
		}

		tests := map[string]struct {
			f    review.AuditFilter
			want int
		}{
			"of a person":     {review.AuditFilter{Actor: d.Adam.ID}, 3},
			"of an action":    {review.AuditFilter{Action: review.PutOnHold}, 1},
			"of a review":     {review.AuditFilter{Subject: review.OnReview, SubjectID: two, Action: review.AddEvidence}, 2},
			"before it began": {review.AuditFilter{To: storetest.Start}, 0},
			"since it began":  {review.AuditFilter{From: storetest.Start, Action: review.ChangePolicy}, 1},
			"the oldest":      {review.AuditFilter{Before: 2}, 1},
			"a day later":     {review.AuditFilter{From: storetest.Start.Add(24 * time.Hour)}, 0},
		}
		for name, tt := range tests {
			got, err := st.Audit(ctx, tt.f)
			if err != nil || len(got) != tt.want {
				t.Errorf("%s: %d events, want %d, %v", name, len(got), tt.want, err)
			}
		}
		n, last := 0, int64(1<<62)
		for e, err := range st.AuditAll(ctx, review.AuditFilter{}) {
			if err != nil || e.Seq >= last {
				t.Fatalf("event %d after %d, %v", e.Seq, last, err)
			}
			n, last = n+1, e.Seq
		}
		if last != 1 || n < 20 {
			t.Errorf("%d events down to %d", n, last)
		}
	})
}
