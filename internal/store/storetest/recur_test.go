package storetest_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// again stores the words of a claim once more, in an article of that day.
func again(t *testing.T, d *storetest.Desk, reviewID int64, text, speaker string, published time.Time) {
	t.Helper()
	c := d.Dossier(reviewID)
	n := d.Now().UnixNano()
	a, _, err := d.Store.AddArticle(ctx, claims.Article{
		Source: fmt.Sprintf("https://other.example.org/%d", n), URL: fmt.Sprintf("https://other.example.org/%d", n), Title: "Another story", Publisher: "The Other",
		Lang: "en", MediaType: "text/plain", SHA256: review.HashSnapshot(fmt.Append(nil, text, n)), Text: text, PublishedAt: published, AddedAt: d.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	span, err := claims.SpanAt(text, 0, len(text))
	if err != nil {
		t.Fatal(err)
	}
	_, isNew, err := d.Store.AddClaim(ctx, claims.Claim{Text: text, Fingerprint: claims.Fingerprint(text) + "|" + claims.Fingerprint(speaker)}, claims.Claimant{},
		claims.Appearance{ArticleID: a.ID, Span: span, Attribution: claims.Attribution{Speaker: speaker}, AddedAt: d.Now()})
	if err != nil || isNew {
		t.Fatalf("%q is a new claim of %s: %v, %v", text, c.Claimant.Name, isNew, err)
	}
}

func TestSaidAgainAfterItWasRatedIsAnAlert(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id, unrated := d.Claim("crime fell 12%"), d.Claim("fares rose")
		d.Published(id)
		later := storetest.Start.AddDate(0, 1, 0)
		again(t, d, id, "crime fell 12%", "Lena Marsh", later)
		again(t, d, id, "crime fell 12%", "Lena Marsh", storetest.Start.AddDate(-1, 0, 0)) // said before, found later
		again(t, d, unrated, "fares rose", "Lena Marsh", later)
		alerts, err := d.Store.SaidAgain(ctx, 0, 10)
		if err != nil || len(alerts) != 1 || alerts[0].Rating != "Mostly true" || alerts[0].Speaker != "Lena Marsh" || alerts[0].Publisher != "The Other" || alerts[0].Rated != id {
			t.Fatalf("alerts = %+v, %v", alerts, err)
		}
		r := &earlier.Recurrence{Store: d.Store, Now: d.Now}
		if err := r.See(ctx, alerts[0].ID, d.Vera); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a viewer sees it off: %v", err)
		}
		if err := r.See(ctx, alerts[0].ID, d.Ana); err != nil {
			t.Fatal(err)
		}
		if err := r.See(ctx, alerts[0].ID, d.Ana); !errors.Is(err, errs.NotFound) {
			t.Errorf("seen twice: %v", err)
		}
		if alerts, err = d.Store.SaidAgain(ctx, 0, 10); err != nil || len(alerts) != 0 {
			t.Errorf("alerts = %+v, %v", alerts, err)
		}
	})
}

func TestWhatIsFoundToBeTheSameIsAnAlertToo(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		d.Published(id)
		joined, kept, moved := d.Claim("crime is down by 12%"), d.Claim("crime went down 12%"), d.Claim("crime is lower by 12 percent")
		for _, other := range []int64{joined, kept, moved} {
			again(t, d, other, d.Dossier(other).Claim.Text, "Lena Marsh", storetest.Start.AddDate(0, 1, 0))
		}
		s := seen(t, d)
		rated := earlier.Ref{Kind: earlier.Claim, ID: d.Dossier(id).Review.ClaimID}
		for other, o := range map[int64]earlier.Outcome{joined: earlier.Joined, kept: earlier.Kept} {
			if _, err := s.Decide(ctx, earlier.Command{ReviewID: other, Version: d.Dossier(other).Review.Version, Other: rated, Outcome: o, Actor: d.Omar}); err != nil {
				t.Fatal(err)
			}
		}
		again(t, d, kept, "crime went down 12%", "Lena Marsh", storetest.Start.AddDate(0, 2, 0))
		d.Do(moved, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = id })
		if alerts, err := d.Store.SaidAgain(ctx, 0, 10); err != nil || len(alerts) != 4 {
			t.Errorf("%d alerts, %v", len(alerts), err)
		}
		d.Do(moved, d.Stella, review.Unmerge)
		alerts, err := d.Store.SaidAgain(ctx, 0, 2)
		if err != nil || len(alerts) != 2 {
			t.Fatalf("%d alerts, %v", len(alerts), err)
		}
		rest, err := d.Store.SaidAgain(ctx, alerts[1].ID, 2)
		if err != nil || len(rest) != 1 || rest[0].ID == alerts[0].ID || rest[0].ID == alerts[1].ID {
			t.Errorf("the next page is %+v, %v", rest, err)
		}

		line, err := d.Store.Timeline(ctx, id, 0, 3)
		if err != nil || line.Total() != 6 || len(line.Sightings) != 3 || line.Rated.IsZero() || len(line.Days) != 3 || line.Publishers[0] != (earlier.Count{Name: "The Example", N: 3}) {
			t.Errorf("timeline = %+v, %v", line, err)
		}
		more, err := d.Store.Timeline(ctx, id, line.Sightings[2].ID, 3)
		if err != nil || len(more.Sightings) != 3 || more.Sightings[0].ID >= line.Sightings[2].ID {
			t.Errorf("its next page = %+v, %v", more.Sightings, err)
		}
		if _, err := d.Store.Timeline(ctx, 99, 0, 3); !errors.Is(err, errs.NotFound) {
			t.Errorf("no review: %v", err)
		}
	})
}

func TestASpeakerForReadersIsWhatIsPublished(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id, draft := d.Claim("crime fell 12%"), d.Claim("fares rose")
		marsh := d.Dossier(id).Claimant.ID
		if _, err := d.Store.PublicSpeaker(ctx, "lena marsh"); !errors.Is(err, errs.NotFound) {
			t.Errorf("a speaker of whom nothing is published: %v", err)
		}
		pub := d.Published(id)
		got, err := d.Store.PublicSpeaker(ctx, "lena marsh")
		if err != nil || len(got.Rated) != 1 || got.Rated[0] != (earlier.Rated{Rating: "Mostly true", Colour: got.Rated[0].Colour, Year: 2026, N: 1}) || got.States != nil {
			t.Errorf("for readers: %+v, %v", got, err)
		}
		desk, err := d.Store.Speaker(ctx, marsh)
		if err != nil || desk.States["published"] != 1 || desk.States["triage"] != 1 {
			t.Errorf("for the desk: %+v, %v", desk, err)
		}
		all, err := d.Store.ClaimsOf(ctx, marsh, 0, 1)
		if err != nil || len(all) != 1 || all[0].ReviewID != draft {
			t.Errorf("claims = %+v, %v", all, err)
		}
		if all, err = d.Store.ClaimsOf(ctx, marsh, all[0].ClaimID, 5); err != nil || len(all) != 1 || all[0].ReviewID != id {
			t.Errorf("next claims = %+v, %v", all, err)
		}

		// A correction in preparation names somebody else: readers see no trace.
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, d.Ana.ID })
		d.Do(id, d.Ana, review.EditClaim, func(c *review.Command) {
			c.Claim = &review.ClaimDraft{Text: "crime fell 12%", Kind: claims.Quantity, Lang: "en", Claimant: "Ines Vale", ClaimantKind: claims.Person, Chosen: "x"}
		})
		if _, err := d.Store.PublicSpeaker(ctx, "ines vale"); !errors.Is(err, errs.NotFound) {
			t.Errorf("what is not published yet shows: %v", err)
		}
		live, err := d.Store.PublishedOf(ctx, earlier.SpeakerKey(earlier.SpeakerSlug("Lena Marsh")), review.Cursor{}, 5)
		if err != nil || len(live) != 1 || live[0].Slug != pub.Slug {
			t.Errorf("published = %+v, %v", live, err)
		}
		d.Do(id, d.Edith, review.Abandon)
		d.Do(id, d.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.WrongVerdict })
		d.Do(id, d.Stella, review.Retract)
		if got, err = d.Store.PublicSpeaker(ctx, "lena marsh"); err != nil || len(got.Rated) != 0 {
			t.Errorf("a retracted rating counts: %+v, %v", got, err)
		}
	})
}

func TestWhatRisesIsInMoreArticlesThanBefore(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		steep := d.Claim("bees are gone")
		d.Claim("fares rose") // in one article: nothing that rises
		for i := range 3 {
			again(t, d, steep, "bees are gone", "Lena Marsh", storetest.Start.AddDate(0, 0, i))
		}
		r := &earlier.Recurrence{Store: d.Store, Now: func() time.Time { return storetest.Start.Add(24 * time.Hour) }}
		rising, err := r.Rising(ctx, 10)
		if err != nil || len(rising) != 1 || rising[0].ReviewID != steep || rising[0].Week != 4 || rising[0].Before != 0 || len(rising[0].Latest) != 4 {
			t.Errorf("rising = %+v, %v", rising, err)
		}
		r.Now = func() time.Time { return storetest.Start.AddDate(0, 0, 20) }
		if rising, err = r.Rising(ctx, 10); err != nil || len(rising) != 0 {
			t.Errorf("three weeks later: %+v, %v", rising, err)
		}
	})
}
