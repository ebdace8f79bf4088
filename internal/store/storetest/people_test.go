package storetest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// TestOneLetterIsWrittenForADayHoweverManyProcessesWriteIt has several of them do
// the same job at the same time.
func TestOneLetterIsWrittenForADayHoweverManyProcessesWriteIt(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		at := d.Now()
		out := outsideOf(d, &postbox{})
		out.Now, out.Jobs.Now = func() time.Time { return at }, func() time.Time { return at } // the desk's clock is for one at a time
		if err := out.SetDigest(ctx, d.Ana, 10); err != nil {
			t.Fatal(err)
		}
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Edith, review.Return)
		at = at.Add(24 * time.Hour)
		var all sync.WaitGroup
		failed := make(chan error, 6)
		for range 6 {
			all.Go(func() { failed <- out.Digests(ctx, outreach.DigestsArgs{}) })
		}
		all.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				t.Error(err)
			}
		}
		l, err := d.Store.Letter(ctx, 1)
		if err != nil || l.PersonID != d.Ana.ID || l.UpToNotice == 0 || l.AfterNotice != 0 {
			t.Errorf("%+v, %v", l, err)
		}
		if _, err := d.Store.Letter(ctx, 2); !errors.Is(err, errs.NotFound) {
			t.Errorf("a second letter: %v", err)
		}
		g, err := d.Store.Digest(ctx, d.Ana.ID)
		if want := time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC); err != nil || g.Told != l.UpToNotice || g.NextAt.Sub(want)%(24*time.Hour) != 0 || !g.NextAt.After(at) {
			t.Errorf("%+v, %v", g, err)
		}
		if g, err = d.Store.Digest(ctx, d.Ben.ID); err != nil || g.Hour != outreach.NoDigest {
			t.Errorf("who never chose: %+v, %v", g, err)
		}
	})
}

func TestAnInterestStaysOnRecord(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		s := &review.Interests{Store: d.Store, Now: d.Now}
		for _, i := range []review.Interest{
			{Kind: review.InSpeaker, Subject: "Lena Marsh", Note: "My sister."},
			{Kind: review.InTopic, Subject: "Lena Marsh"}, // not the person
			{Kind: review.InSpeaker, Subject: "LENA marsh", Until: storetest.Start.AddDate(-1, 0, 0)},
			{Kind: review.InOrganisation, Subject: "Somebody else"},
		} {
			if err := s.Declare(ctx, d.Ana, i); err != nil {
				t.Fatal(err)
			}
		}
		id := d.Claim("crime fell 12%")
		got := d.Dossier(id)
		if n := len(got.Interests); n != 2 || len(got.Interested()) != 1 || got.InterestOf(d.Ana.ID).Note != "My sister." || got.InterestOf(d.Ben.ID) != nil {
			t.Errorf("%+v", got.Interests)
		}
		db := storetest.Raw(t, dsn)
		for _, change := range []string{
			"UPDATE interests SET subject = 'x'", "UPDATE interests SET person_id = 2", "UPDATE interests SET note = 'x' WHERE id = 1", "DELETE FROM interests",
		} {
			if _, err := db.Exec(change); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", change, err)
			}
		}
		if err := s.End(ctx, d.Ana, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("UPDATE interests SET ended_at = NULL WHERE id = 1"); err == nil {
			t.Error("what has ended can begin again")
		}
		if got = d.Dossier(id); got.InterestOf(d.Ana.ID) != nil {
			t.Error("it counts after its end")
		}
		all, err := s.List(ctx, d.Stella, review.InterestFilter{Before: 3, Limit: 10})
		if err != nil || len(all) != 2 || all[1].EndedAt.IsZero() || all[1].Person != "Ana" {
			t.Errorf("%+v, %v", all, err)
		}
		if all, err = s.List(ctx, d.Ben, review.InterestFilter{Person: d.Ana.ID}); err != nil || len(all) != 0 {
			t.Errorf("a colleague lists them: %+v, %v", all, err)
		}
		accounts := &auth.Service{Store: d.Store, Now: d.Now}
		if err := accounts.Close(ctx, d.Adam, d.Ana.ID); err != nil {
			t.Fatal(err)
		}
		if err := accounts.Forget(ctx, d.Adam, d.Ana.ID); err != nil {
			t.Fatal(err)
		}
		if all, err = s.List(ctx, d.Stella, review.InterestFilter{}); err != nil || len(all) != 4 || all[3].Note != "" || all[3].Person == "Ana" {
			t.Errorf("after Ana was forgotten: %+v, %v", all, err)
		}
		verify(t, d.Store)
	})
}

func TestTopicsOfClaims(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		var ids []int64
		for i := range review.BalanceRows + 5 {
			id := d.Claim(fmt.Sprintf("crime fell %d%%", i+10))
			ids = append(ids, id)
			d.Do(id, d.Ana, review.EditClaim, func(c *review.Command) {
				c.Claim = draftOf(d.Dossier(id))
				c.Claim.Topics = []string{fmt.Sprintf("Topic %03d", i), "Crime"}
			})
		}
		d.Do(ids[0], d.Ana, review.EditClaim, func(c *review.Command) { // an edit that does not know of topics leaves them
			c.Claim = draftOf(d.Dossier(ids[0]))
			c.Claim.Text = "crime fell by a tenth"
		})
		if got := d.Dossier(ids[0]).Topics; !slices.Equal(got, []string{"Crime", "Topic 000"}) {
			t.Errorf("%q", got)
		}
		d.Do(ids[1], d.Ana, review.EditClaim, func(c *review.Command) {
			c.Claim = draftOf(d.Dossier(ids[1]))
			c.Claim.Topics = []string{"Law"}
		})
		rows, err := d.Store.Rows(ctx, review.Filter{Topic: " crime ", Limit: review.MaxRows})
		if err != nil || len(rows) != len(ids)-1 {
			t.Errorf("%d of %d, %v", len(rows), len(ids)-1, err)
		}
		f := review.BalanceFilter{From: storetest.Start, To: d.Now().Add(time.Hour)}
		seen := map[string]int{}
		for pages := 0; pages < 4; pages++ {
			b, err := d.Store.Balance(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range b.Topics {
				seen[row.Name] += row.Found
			}
			if len(b.Topics) < review.BalanceRows {
				break
			}
			f.List, f.After = review.ByTopic, review.CursorAfterTally(review.ByTopic, b.Topics[len(b.Topics)-1])
		}
		if len(seen) != len(ids)+1 || seen["Crime"] != len(ids)-1 || seen["Law"] != 1 || seen["Topic 054"] != 1 {
			t.Errorf("%d topics: %v", len(seen), seen)
		}
		f.List, f.After = review.BySpeaker, review.TallyCursor{Found: len(ids) + 1, Key: "0"}
		if b, err := d.Store.Balance(ctx, f); err != nil || len(b.Speakers) != 1 || len(b.Topics) != 0 {
			t.Errorf("%+v, %v", b, err)
		}
		f.List, f.After = review.BySide, review.TallyCursor{Found: len(ids), Key: ""}
		if b, err := d.Store.Balance(ctx, f); err != nil || len(b.Sides) != 0 {
			t.Errorf("after the last side: %+v, %v", b.Sides, err)
		}
	})
}

// draftOf is a claim as a form that knows of no topics sends it.
func draftOf(d review.Dossier) *review.ClaimDraft {
	return &review.ClaimDraft{Text: d.Claim.Text, Kind: d.Claim.Kind, Lang: d.Claim.Lang, Claimant: d.Claimant.Name, ClaimantKind: d.Claimant.Kind, Chosen: d.Review.Chosen}
}
