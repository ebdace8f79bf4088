package storetest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// spanOf is where words stand in a text.
func spanOf(t *testing.T, text, words string) claims.Span {
	t.Helper()
	i := strings.Index(text, words)
	s, err := claims.SpanAt(text, i, i+len(words))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func taught(t *testing.T, st *store.Store) []review.TaughtSpan {
	t.Helper()
	var all []review.TaughtSpan
	for c, err := range st.SpanCorrections(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func onSpans(t *testing.T, test func(t *testing.T, d *storetest.Desk, dsn string)) {
	storetest.Each(t, func(t *testing.T, dsn string) { test(t, storetest.NewDesk(t, storetest.Open(t, dsn)), dsn) })
}

// adjust asks for other words of the claim's first place.
func adjust(d *storetest.Desk, id int64, by review.Person, text, words string) error {
	now := d.Dossier(id)
	_, err := d.Reviews.Do(context.Background(), review.Command{
		ReviewID: id, Version: now.Review.Version, Action: review.EditSpan, Actor: by,
		Span: &review.SpanDraft{AppearanceID: now.Places[0].ID, Span: spanOf(d.T.(*testing.T), text, words)},
	})
	return err
}

func TestAnAdjustedPlaceIsAnotherRowAndTheOldOneStays(t *testing.T) {
	onSpans(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		a := d.Article("She said that crime fell by half last year, and left.\n")
		id := d.ClaimIn(a, "crime fell by half", "Lena Marsh")
		for _, words := range []string{"crime fell by half last year", "crime fell", "crime fell by half"} { // and back to where it was
			before := d.Dossier(id)
			if err := adjust(d, id, d.Ana, a.Text, words); err != nil {
				t.Fatal(err)
			}
			now := d.Dossier(id)
			if len(now.Places) != 1 || now.Places[0].Span.Quote != words || !now.Places[0].Verified || now.Claim.Text != words {
				t.Fatalf("after %q: %+v, claim %q", words, now.Places, now.Claim.Text)
			}
			if p, was := now.Places[0], before.Places[0]; p.Score != was.Score || !p.AddedAt.Equal(was.AddedAt) || p.AddedBy != was.AddedBy || now.ContentHash() == before.ContentHash() {
				t.Errorf("after %q the place is %+v", words, p)
			}
			marks, err := d.Store.Marks(context.Background(), a.ID)
			if err != nil || len(marks) != 1 || marks[0].Span.Quote != words {
				t.Errorf("the reader marks %+v, %v", marks, err)
			}
		}
		all := taught(t, d.Store)
		if len(all) != 3 || all[0].Old.Quote != "crime fell by half" || all[2].New.Quote != "crime fell by half" || all[1].ByID != d.Ana.ID || all[0].Article.SHA256 != a.SHA256 {
			t.Errorf("kept: %+v", all)
		}
		db := storetest.Raw(t, dsn)
		for _, q := range []string{"UPDATE span_corrections SET reason = 'x'", "DELETE FROM span_corrections", "UPDATE appearances SET quote = 'x'"} {
			if _, err := db.Exec(q); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", q, err)
			}
		}
		if r, err := record.Verify(context.Background(), d.Store); err != nil || len(r.Findings) != 0 {
			t.Errorf("the record: %+v, %v", r.Findings, err)
		}
	})
}

func TestASpanThatDoesNotHoldIsNotStored(t *testing.T) {
	onSpans(t, func(t *testing.T, d *storetest.Desk, _ string) {
		a := d.Article("She said that crime fell by half, and that rents rose.\n")
		one, two := d.ClaimIn(a, "crime fell by half", "Lena Marsh"), d.ClaimIn(a, "rents rose", "Lena Marsh")
		now := d.Dossier(one)
		for name, span := range map[string]claims.Span{
			"other words":      {Start: 14, End: 24, Quote: "crime rose"},
			"beyond the text":  {Start: 14, End: 999, Quote: "crime"},
			"another claim's":  spanOf(t, a.Text, "rents rose"),
			"the same as ever": now.Places[0].Span,
		} {
			_, err := d.Reviews.Do(context.Background(), review.Command{
				ReviewID: one, Version: now.Review.Version, Action: review.EditSpan, Actor: d.Ana, Span: &review.SpanDraft{AppearanceID: now.Places[0].ID, Span: span},
			})
			if !errors.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := d.Dossier(one); got.Review.Version != now.Review.Version || len(taught(t, d.Store)) != 0 || d.Dossier(two).Places[0].Span.Quote != "rents rose" {
			t.Errorf("something was written: %+v", got.Review)
		}
	})
}

func TestAClaimAddedByHandIsOpenedOnceAndKeptToLearnFrom(t *testing.T) {
	onSpans(t, func(t *testing.T, d *storetest.Desk, _ string) {
		ctx := context.Background()
		d.Reviews.Engine = "engine 2"
		a := d.Article("She said that crime fell by half, and that rents rose.\n")
		h := review.HandMade{Article: a, Span: spanOf(t, a.Text, "rents rose"), Claimant: "  Lena   Marsh ", Why: "Everybody asks", By: d.Ana}
		id, isNew, err := d.Reviews.AddClaim(ctx, h)
		if err != nil || !isNew {
			t.Fatal(id, isNew, err)
		}
		now := d.Dossier(id)
		p := now.Places[0]
		if now.Review.State != review.Triage || now.Claimant.Name != "Lena Marsh" || p.AddedBy != d.Ana.ID || p.Score != 0 || p.Reasons[0] != "Everybody asks" || !p.Verified {
			t.Errorf("%+v %+v", now.Review, p)
		}
		again, isNew, err := d.Reviews.AddClaim(ctx, h)
		if err != nil || isNew || again != id {
			t.Errorf("the same words again: review %d, new %t, %v", again, isNew, err)
		}
		all := taught(t, d.Store)
		if len(all) != 1 || all[0].Kind != review.SpanAdded || all[0].New.Quote != "rents rose" || all[0].Engine != "engine 2" || all[0].Reason != "Everybody asks" {
			t.Errorf("kept: %+v", all)
		}
		h.By = d.Vera
		h.Span = spanOf(t, a.Text, "crime fell")
		if _, _, err := d.Reviews.AddClaim(ctx, h); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a viewer adds a claim: %v", err)
		}
		if events, err := d.Store.Events(ctx, id); err != nil || len(events) != 1 || events[0].ActorID != d.Ana.ID {
			t.Errorf("%+v, %v", events, err)
		}
	})
}

// TestAnUndoneMergeTakesAnAdjustedPlaceBack adjusts a place while its review
// is merged into another.
func TestAnUndoneMergeTakesAnAdjustedPlaceBack(t *testing.T) {
	onSpans(t, func(t *testing.T, d *storetest.Desk, _ string) {
		ctx := context.Background()
		a := d.Article("She said that crime fell by half last year, and that it fell.\n")
		one, two := d.ClaimIn(a, "crime fell by half", "Lena Marsh"), d.ClaimIn(a, "it fell", "Lena Marsh")
		do := func(cmd review.Command) {
			t.Helper()
			cmd.Version = d.Dossier(cmd.ReviewID).Review.Version
			if _, err := d.Reviews.Do(ctx, cmd); err != nil {
				t.Fatal(err)
			}
		}
		do(review.Command{ReviewID: one, Action: review.Merge, Actor: d.Edith, IntoID: two})
		for _, p := range d.Dossier(two).Places {
			if p.Span.Quote == "crime fell by half" {
				do(review.Command{ReviewID: two, Action: review.EditSpan, Actor: d.Ana, Span: &review.SpanDraft{AppearanceID: p.ID, Span: spanOf(t, a.Text, "crime fell by half last year")}})
			}
		}
		do(review.Command{ReviewID: one, Action: review.Unmerge, Actor: d.Stella, Note: "Not the same."})
		back, left := d.Dossier(one).Places, d.Dossier(two).Places
		if len(back) != 1 || back[0].Span.Quote != "crime fell by half last year" || len(left) != 1 || left[0].Span.Quote != "it fell" {
			t.Errorf("back: %+v\nleft: %+v", back, left)
		}
	})
}
