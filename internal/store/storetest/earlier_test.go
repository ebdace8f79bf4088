package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/match"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// counting is an encoder of one part a letter.
type counting struct{ name string }

func (c counting) Name() string          { return c.name }
func (counting) Speaks(lang string) bool { return lang == "en" }

func (counting) Embed(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, t := range texts {
		v := make([]float32, 32)
		var sum float64
		for _, r := range strings.ToLower(t) {
			v[r%32]++
		}
		for _, f := range v {
			sum += float64(f * f)
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(sum))
		}
		out = append(out, v)
	}
	return out, nil
}

// seen is a desk with an index over its store.
func seen(t *testing.T, d *storetest.Desk) *earlier.Service {
	t.Helper()
	x := earlier.NewIndex(d.Store, counting{"letters-1"}, d.Now)
	if err := x.Load(ctx); err != nil {
		t.Fatal(err)
	}
	return &earlier.Service{Store: d.Store, Index: x, Reviews: d.Reviews, Now: d.Now}
}

// catchUp brings the index to where the store is, vectors included.
func catchUp(t *testing.T, x *earlier.Index) {
	t.Helper()
	for more := true; more; {
		if err := x.Follow(ctx); err != nil {
			t.Fatal(err)
		}
		var err error
		if more, err = x.Fill(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func firstFound(t *testing.T, s *earlier.Service, text string) string {
	t.Helper()
	found, err := s.Match(ctx, match.Query{Text: text}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		return ""
	}
	return found[0].Ref.String()
}

func TestTheIndexFollowsEveryChange(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		if _, _, err := bringIn(ctx, d.Store, lines(5, "False")); err != nil {
			t.Fatal(err)
		}
		old := d.Claim("the harbour bridge cost 2 billion crowns")
		s := seen(t, d)
		catchUp(t, s.Index)
		if st := s.Index.Status(); !st.Ready || st.Loaded != 6 || st.Waiting != 0 {
			t.Fatalf("status = %+v", st)
		}
		bridge := earlier.Ref{Kind: earlier.Claim, ID: d.Dossier(old).Review.ClaimID}.String()
		if got := firstFound(t, s, "Did the harbour bridge really cost two billion crowns?"); got != bridge {
			t.Errorf("before any change the first is %q", got)
		}

		if _, _, err := bringIn(ctx, d.Store, lines(7, "Half true")); err != nil { // five changed, two new
			t.Fatal(err)
		}
		fresh := d.Claim("wombats carried 40 koalas out of the fire")
		other := d.Claim("the bridge over the harbour cost 2 billion")
		catchUp(t, s.Index)
		if n := s.Index.Status().Loaded; n != 10 {
			t.Errorf("%d records after the changes", n)
		}
		if got, want := firstFound(t, s, "wombats carried koalas"), (earlier.Ref{Kind: earlier.Claim, ID: d.Dossier(fresh).Review.ClaimID}).String(); got != want {
			t.Errorf("a new claim is not found: %q", got)
		}
		if got := firstFound(t, s, "Lake number 6 holds 42 tons of plastic"); !strings.HasPrefix(got, "check-") {
			t.Errorf("a new check is not found: %q", got)
		}

		d.Do(old, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = other })
		d.Do(fresh, d.Ana, review.EditClaim, func(c *review.Command) {
			c.Claim = &review.ClaimDraft{Text: "penguins carried 40 seals out of the flood", Kind: "other", Lang: "en", Unattributed: true}
		})
		catchUp(t, s.Index)
		if got := firstFound(t, s, "the harbour bridge cost 2 billion crowns"); got == bridge || got == "" {
			t.Errorf("a merged claim is found: %q", got)
		}
		if got, want := firstFound(t, s, "penguins carried seals"), (earlier.Ref{Kind: earlier.Claim, ID: d.Dossier(fresh).Review.ClaimID}).String(); got != want {
			t.Errorf("new words of a claim are not found: %q", got)
		}

		// An index that is loaded anew has the same, and its vectors from the store.
		again := seen(t, d)
		if a, b := again.Index.Status(), s.Index.Status(); a != b {
			t.Errorf("loaded anew it is %+v, not %+v", a, b)
		}
	})
}

func TestAnUncommittedChangeIsNotLost(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		if !strings.HasPrefix(dsn, "postgres") {
			return // SQLite has one writer: there is nothing to overtake
		}
		d.Claim("the first claim")
		s := seen(t, d)
		db := storetest.Raw(t, dsn)
		slow, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := slow.Exec("UPDATE claims SET text = 'dragons slept under the old mill' WHERE id = 1"); err != nil {
			t.Fatal(err)
		}
		d.Claim("a claim that overtakes it") // a later transaction that commits first
		if err := s.Index.Follow(ctx); err != nil {
			t.Fatal(err)
		}
		if err := slow.Commit(); err != nil {
			t.Fatal(err)
		}
		catchUp(t, s.Index)
		if got := firstFound(t, s, "dragons slept under the mill"); got != "claim-1" {
			t.Errorf("the change that committed last is lost: %q", got)
		}
		if n := s.Index.Status().Loaded; n != 2 {
			t.Errorf("%d records", n)
		}
	})
}

func TestWhatWasDecidedIsKeptAndNotOfferedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		if _, _, err := bringIn(ctx, d.Store, lines(3, "False")); err != nil {
			t.Fatal(err)
		}
		mine := d.Claim("Lake number 2 holds 14 tons of plastic")
		s := seen(t, d)
		near, err := s.Near(ctx, mine, earlier.Nearby)
		if err != nil || len(near.Found) != 3 || near.Found[0].Check == nil {
			t.Fatalf("near = %+v, %v", near, err)
		}
		wrong, right := near.Found[1].Ref, near.Found[0].Ref
		decide := func(by review.Person, ref earlier.Ref, o earlier.Outcome, key string) error {
			_, err := s.Decide(ctx, earlier.Command{ReviewID: mine, Version: d.Dossier(mine).Review.Version, Other: ref, Outcome: o, Actor: by, Key: key})
			return err
		}
		if err := decide(d.Vera, wrong, earlier.Rejected, "a"); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a viewer decides: %v", err)
		}
		for range 2 { // the form is sent twice
			if err := decide(d.Ana, wrong, earlier.Rejected, "b"); err != nil {
				t.Fatal(err)
			}
		}
		if err := decide(d.Ana, right, earlier.Joined, "c"); !errors.Is(err, errs.Invalid) {
			t.Errorf("a check by others is joined: %v", err)
		}
		if near, err = s.Near(ctx, mine, earlier.Nearby); err != nil || len(near.Found) != 2 || len(near.Decided) != 1 {
			t.Fatalf("after a rejection near = %+v, %v", near, err)
		}
		got := near.Decided[0].Decision
		want := earlier.Decision{ID: got.ID, ReviewID: mine, ClaimID: near.Subject.ClaimID, Other: wrong, Outcome: earlier.Rejected, Method: "index",
			Model: s.Index.Model(), Score: got.Score, Reasons: got.Reasons, Key: "b", PersonID: d.Ana.ID, Person: "Ana", At: got.At}
		if diff := cmp.Diff(want, got); diff != "" || got.Score <= 0 || len(got.Reasons) == 0 {
			t.Errorf("kept: %+v\n%s", got, diff)
		}
		if err := decide(d.Ana, right, earlier.Dismissed, "e"); err != nil {
			t.Fatal(err)
		}
		after := d.Dossier(mine)
		events, err := d.Store.Events(ctx, mine)
		if err != nil || after.Review.State != review.Dismissed || after.Review.Dismissal != review.AlreadyChecked || !strings.Contains(events[len(events)-1].Note, "https://www.checks.example/2") {
			t.Errorf("review = %+v, last event %+v, %v", after.Review, events[len(events)-1], err)
		}
		db := storetest.Raw(t, dsn)
		for _, statement := range []string{"UPDATE match_decisions SET note = 'x'", "DELETE FROM match_decisions"} {
			if _, err := db.Exec(statement); err == nil {
				t.Errorf("%s is not refused", statement)
			}
		}
		var n int
		if err := db.QueryRow("SELECT COUNT(*) FROM match_decisions").Scan(&n); err != nil || n != 2 {
			t.Errorf("%d decisions, %v", n, err)
		}
	})
}

func TestTheSameClaimJoinsTheOther(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		old, mine := d.Claim("the harbour bridge cost 2 billion crowns"), d.Claim("the bridge in the harbour cost 2 billion crowns")
		d.Published(old)
		s := seen(t, d)
		near, err := s.Near(ctx, mine, earlier.Nearby)
		if err != nil || len(near.Found) != 1 || near.Found[0].Claim == nil || near.Found[0].Claim.Rating == nil {
			t.Fatalf("near = %+v, %v", near, err)
		}
		cmd := earlier.Command{ReviewID: mine, Version: near.Subject.Version, Other: near.Found[0].Ref, Outcome: earlier.Joined, Actor: d.Ana, Key: "k"}
		if _, err := s.Decide(ctx, cmd); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a checker merges: %v", err)
		}
		if got, _ := d.Store.MatchDecisions(ctx, near.Subject.ClaimID); len(got) != 0 {
			t.Errorf("what was refused is kept: %+v", got)
		}
		cmd.Actor = d.Edith
		for range 2 {
			if to, err := s.Decide(ctx, cmd); err != nil && !errors.Is(err, errs.Conflict) || err == nil && to != old && to != mine {
				t.Fatalf("to %d, %v", to, err)
			}
		}
		if len(d.Dossier(old).Places) != 2 || d.Dossier(mine).Review.State != review.Merged {
			t.Errorf("places of the earlier claim: %d, review %+v", len(d.Dossier(old).Places), d.Dossier(mine).Review)
		}
		cmd.Version--
		cmd.Key = "late"
		if _, err := s.Decide(ctx, cmd); !errors.Is(err, errs.Conflict) {
			t.Errorf("a decision on a review that moved meanwhile: %v", err)
		}
	})
}

// TestVectorsOfAnotherModelAreMadeAnew switches the model.
func TestVectorsOfAnotherModelAreMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		for i := range 40 {
			d.Claim(fmt.Sprintf("the mayor said that %d trees were planted in the park", i))
		}
		s := seen(t, d)
		catchUp(t, s.Index)
		other := earlier.NewIndex(d.Store, counting{"letters-2"}, d.Now)
		if err := other.Load(ctx); err != nil {
			t.Fatal(err)
		}
		if n := other.Status().Waiting; n != 40 {
			t.Errorf("%d records wait for vectors of the new model", n)
		}
		catchUp(t, other)
		db := storetest.Raw(t, dsn)
		counts := strs(t, db, "SELECT model || ' ' || COUNT(*) FROM embeddings GROUP BY model ORDER BY model")
		if diff := cmp.Diff([]string{"letters-1 40", "letters-2 40"}, counts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestADamagedIndexIsFound(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		for i := range 5 {
			d.Claim(fmt.Sprintf("the mayor said that %d trees were planted in the park", i))
		}
		s := seen(t, d)
		catchUp(t, s.Index)
		name := s.Index.EncoderName()
		if c, err := earlier.Verify(ctx, d.Store, name); err != nil || c.Records != 5 || c.Vectors != 5 || len(c.Findings) != 0 {
			t.Errorf("sound: %+v, %v", c, err)
		}
		if _, err := storetest.Raw(t, dsn).Exec("UPDATE embeddings SET vectors = digest WHERE item_id = 3"); err != nil {
			t.Fatal(err)
		}
		if c, err := earlier.Verify(ctx, d.Store, name); err != nil || len(c.Findings) != 1 || !strings.Contains(c.Findings[0], "claim-3") {
			t.Errorf("damaged: %+v, %v", c, err)
		}
		if err := d.Store.ForgetVectors(ctx, name); err != nil {
			t.Fatal(err)
		}
		if c, err := earlier.Verify(ctx, d.Store, name); err != nil || c.Waiting != 5 || len(c.Findings) != 0 {
			t.Errorf("forgotten: %+v, %v", c, err)
		}
	})
}

// TestWhatStandsInTheSameArticleIsNoEarlierClaim has claims that share an article
// with the one that is asked for.
func TestWhatStandsInTheSameArticleIsNoEarlierClaim(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		const asked, also, known = "the mayor planted 70 trees in the park", "the mayor planted 90 trees in the park", "trees were planted by the mayor in the park"
		article := d.Article("She said that " + asked + ". Later she said that " + also + ". It is well known that " + known + ".")
		id := d.ClaimIn(article, asked, "Lena Marsh")
		d.ClaimIn(article, also, "Lena Marsh")
		both := d.ClaimIn(article, known, "Lena Marsh")
		other := d.Claim("the mayor has planted 70 trees in the park")
		sayAgain(t, d, d.Article("We wrote last year that "+known+"."), known)
		s := seen(t, d)
		catchUp(t, s.Index)
		n, err := s.Near(ctx, id, 10)
		if err != nil {
			t.Fatal(err)
		}
		got := map[int64]bool{}
		for _, f := range n.Found {
			got[f.Claim.ReviewID] = true
		}
		if diff := cmp.Diff(map[int64]bool{both: true, other: true}, got); diff != "" {
			t.Errorf("claims of other articles, of which one stands here as well (-want +got):\n%s", diff)
		}
	})
}
