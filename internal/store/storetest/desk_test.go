package storetest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/library"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// sent takes a review to the editors.
func sent(d *storetest.Desk, id int64) {
	d.Researched(id)
	d.Do(id, d.Ana, review.Submit)
}

func TestAScheduledCheckIsPublishedAtItsTime(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		on, late := d.Claim("crime fell 12%"), d.Claim("crime rose 3%")
		for _, id := range []int64{on, late} {
			sent(d, id)
			d.Do(id, d.Edith, review.Approve)
			d.Do(id, d.Edith, review.Schedule, func(c *review.Command) { c.At = storetest.Start.Add(time.Hour) })
		}
		publish := func(at time.Time) int {
			n, err := (&review.Service{Store: d.Store, Now: func() time.Time { return at }}).PublishDue(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := publish(storetest.Start.Add(59 * time.Minute)); n != 0 {
			t.Errorf("%d published before their time", n)
		}
		d.Do(late, d.Omar, review.PutOnHold, func(c *review.Command) { c.Hold = review.LegalHold })
		if n := publish(storetest.Start.Add(time.Hour)); n != 1 {
			t.Errorf("%d published at their time, want 1", n)
		}
		if n := publish(storetest.Start.Add(time.Hour)); n != 0 {
			t.Errorf("%d published twice", n)
		}
		if r := d.Dossier(on); r.Review.State != review.Published || r.Live.Report.PublishedBy != "Edith" {
			t.Errorf("on time: %s", r.Review.State)
		}
		events, err := d.Store.Events(ctx, late)
		if err != nil {
			t.Fatal(err)
		}
		last := events[len(events)-1]
		if d.Dossier(late).Review.State != review.Approved || last.Action != review.Unschedule || last.ActorID != 0 || last.Note == "" {
			t.Errorf("on hold: %+v", last)
		}
	})
}

func TestARetractionLeavesATombstone(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		first := d.Published(id)
		found := func() int {
			checks, _, err := d.Store.SearchChecks(ctx, library.Query{Text: "crime fell", Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			return len(checks)
		}
		if n := found(); n != 1 {
			t.Errorf("%d checks found before the retraction", n)
		}
		sign := func(c *review.Command) { c.Retraction, c.Note = review.WrongVerdict, "We had the wrong year." }
		d.Do(id, d.Edith, review.Retract, sign)
		if s := d.Dossier(id).Review.State; s != review.Published {
			t.Fatalf("after one signature: %s", s)
		}
		d.Do(id, d.Stella, review.Retract)
		if n := found(); n != 0 {
			t.Errorf("%d checks found after it: a withdrawn rating is passed on", n)
		}
		c, err := d.Store.Check(ctx, first.Slug)
		if err != nil || len(c.Editions) != 2 || c.Editions[0].Report.Retracted == nil || c.Corrections[c.Editions[0].ID].Kind != review.Withdrawal {
			t.Errorf("Check = %+v, %v", c, err)
		}
		if r := verify(t, d.Store); len(r.Findings) > 0 {
			t.Errorf("verify = %v", r.Findings)
		}
		d.Do(id, d.Edith, review.Reinstate, func(c *review.Command) { c.AssigneeID = d.Ana.ID })
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Omar, review.Approve)
		d.Do(id, d.Omar, review.Publish)
		if n := found(); n != 1 {
			t.Errorf("%d checks found once it was reinstated", n)
		}
		if live := d.Dossier(id).Live; live.Edition != 3 || live.Report.Retracted != nil {
			t.Errorf("reinstated: %+v", live)
		}
	})
}

func TestASecondReadingIsKeptAndResolved(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		sent(d, id)
		d.Do(id, d.Ben, review.SecondRead, func(c *review.Command) { c.Rating = "false" })
		if _, err := d.Try(id, d.Edith, review.Approve); !errors.Is(err, errs.Invalid) {
			t.Errorf("approve = %v", err)
		}
		d.Do(id, d.Edith, review.ResolveRead)
		r := d.Dossier(id).Readings
		if len(r) != 1 || r[0].Agrees || r[0].ReaderID != d.Ben.ID || r[0].Resolution == nil || r[0].Resolution.Note != "Because." {
			t.Errorf("readings = %+v", r)
		}
		d.Do(id, d.Edith, review.Approve)
	})
}

func TestAMergeMovesEverythingAndCanBeUndone(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		from, into := d.Claim("crime fell 12%"), d.Claim("crime fell by 12 percent")
		d.Researched(from)
		d.Researched(into)
		before, target := d.Dossier(from), d.Dossier(into)
		d.Do(from, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = into })

		merged := d.Dossier(into)
		if len(merged.Places) != 2 || len(merged.Evidence) != 4 || merged.Evidence[3].Number != 4 || merged.Review.Version != target.Review.Version+1 {
			t.Errorf("merged into: %d places, evidence %+v", len(merged.Places), merged.Evidence)
		}
		if s := d.Dossier(from); s.Review.State != review.Merged || s.Review.MergedInto != into || len(s.Places) != 0 {
			t.Errorf("merged: %+v", s.Review)
		}
		// The same words again are a place of the review that is left.
		a := d.Article("He repeated that crime fell 12%.")
		span, err := claims.SpanAt(a.Text, 17, 31)
		if err != nil {
			t.Fatal(err)
		}
		got, isNew, err := d.Store.AddClaim(ctx, before.Claim, claims.Claimant{}, claims.Appearance{ArticleID: a.ID, Span: span, AddedAt: d.Now()})
		if err != nil || isNew || got != target.Claim.ID {
			t.Errorf("the same words again: claim %d, new %v, %v", got, isNew, err)
		}

		d.Do(from, d.Stella, review.Unmerge)
		undone, left := d.Dossier(from), d.Dossier(into)
		if undone.Review.State != review.Queued || len(undone.Places) != 1 || len(left.Places) != 2 {
			t.Errorf("undone: %s, %d places; left: %d places", undone.Review.State, len(undone.Places), len(left.Places))
		}
		if diff := cmp.Diff(target.Evidence, left.Evidence); diff != "" {
			t.Errorf("evidence that is left (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(before.Evidence, undone.Evidence); diff != "" {
			t.Errorf("evidence (-before +after):\n%s", diff)
		}
		if _, err := d.Try(from, d.Stella, review.Unmerge); !errors.Is(err, errs.Conflict) {
			t.Errorf("a second undo: %v", err)
		}
		if r := verify(t, d.Store); len(r.Findings) > 0 {
			t.Errorf("verify = %v", r.Findings)
		}
	})
}

func TestTwoReviewsCannotBeMergedIntoEachOther(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		a, b := d.Claim("crime fell 12%"), d.Claim("crime fell by 12 percent")
		d.Do(a, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = b })
		for name, into := range map[string]int64{"a circle": a, "itself": b, "nothing": 999} {
			if _, err := d.Try(b, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = into }); !errors.Is(err, errs.Invalid) {
				t.Errorf("merge into %s: %v, want invalid", name, err)
			}
		}
	})
}
