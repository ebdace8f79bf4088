package storetest_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
	"factcheck/internal/watch"
)

// triage is the queue of triage in the order of worth, read page by page.
func triage(t *testing.T, d *storetest.Desk) []review.Row {
	t.Helper()
	var all []review.Row
	f := review.Filter{States: []review.State{review.Triage}, Order: review.Worth, Limit: 2, AsOf: d.Now()}
	for {
		rows, err := d.Store.Rows(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
		if len(rows) < f.Limit {
			return all
		}
		f.After = review.CursorAfter(rows[len(rows)-1], review.Worth)
	}
}

func idsOf(rows []review.Row) []int64 {
	var ids []int64
	for _, r := range rows {
		ids = append(ids, r.ReviewID)
	}
	return ids
}

// reach is how the claim of a review was said, as triage lists it.
func reach(t *testing.T, d *storetest.Desk, id int64) review.Reach {
	t.Helper()
	for _, r := range triage(t, d) {
		if r.ReviewID == id {
			return r.Reach
		}
	}
	t.Fatalf("review %d is not in triage", id)
	return review.Reach{}
}

// sayAgain puts the claim of Lena Marsh into an article.
func sayAgain(t testing.TB, d *storetest.Desk, a claims.Article, quote string) {
	t.Helper()
	i := strings.Index(a.Text, quote)
	span, err := claims.SpanAt(a.Text, i, i+len(quote))
	if err != nil {
		t.Fatal(err)
	}
	c := claims.Claim{Text: quote, Kind: claims.Quantity, Lang: "en", Fingerprint: claims.Fingerprint(quote) + "|" + claims.Fingerprint("Lena Marsh"), CreatedAt: d.Now()}
	_, isNew, err := d.Store.AddClaim(ctx, c, claims.Claimant{Name: "Lena Marsh", Kind: claims.Person},
		claims.Appearance{ArticleID: a.ID, Span: span, Sentence: claims.Offsets{Start: span.Start, End: span.End}, Score: .8, AddedAt: d.Now()})
	if err != nil || isNew {
		t.Fatalf("new %v, %v", isNew, err)
	}
}

// article is one of another outlet; articles made at once do not share a counter.
func outletArticle(t testing.TB, d *storetest.Desk, outlet, text string) claims.Article {
	t.Helper()
	a, _, err := d.Store.AddArticle(ctx, claims.Article{
		Source: "https://" + outlet + "/" + review.HashSnapshot([]byte(text)), Title: "A story", Publisher: outlet, Lang: "en", MediaType: "text/plain",
		SHA256: review.HashSnapshot([]byte(text)), Text: text, AddedAt: d.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTriageFollowsWhatIsSaidAgain(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		one, two, three := d.Claim("crime fell 1%"), d.Claim("crime fell 2%"), d.Claim("crime fell 3%")
		if got, want := idsOf(triage(t, d)), []int64{three, two, one}; !slices.Equal(got, want) {
			t.Fatalf("claims of equal worth come as %v, want the last first: %v", got, want)
		}
		sayAgain(t, d, outletArticle(t, d, "one.example", "Again: crime fell 1%."), "crime fell 1%")
		sayAgain(t, d, outletArticle(t, d, "two.example", "And again: crime fell 1%."), "crime fell 1%")
		sayAgain(t, d, d.Article("So crime fell 2%."), "crime fell 2%")
		if got, want := idsOf(triage(t, d)), []int64{one, two, three}; !slices.Equal(got, want) {
			t.Errorf("what was said again comes as %v, want %v", got, want)
		}
		want := "said 3 times in 3 articles this week, by 3 outlets"
		if got := strings.Join(reach(t, d, one).Words(), "; "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		d.Pass(6 * 24 * time.Hour)
		sayAgain(t, d, outletArticle(t, d, "one.example", "It is true that crime fell 1%."), "crime fell 1%")
		want = "said 4 times in 4 articles, 3 of them this week, by 3 outlets" // The Example's was published two days before it was found
		if got := strings.Join(reach(t, d, one).Words(), "; "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestAMergeTakesReachAlongAndGivesItBack(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		from, into, other := d.Claim("crime fell 1%"), d.Claim("crime fell one percent"), d.Claim("crime fell 3%")
		d.Do(from, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = into })
		if got := reach(t, d, into); got.Times != 2 || got.Articles != 2 {
			t.Errorf("after a merge %+v", got)
		}
		if got, want := idsOf(triage(t, d)), []int64{into, other}; !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		d.Do(from, d.Stella, review.Unmerge)
		if a, b := reach(t, d, from), reach(t, d, into); a.Times != 1 || b.Times != 1 {
			t.Errorf("after it was undone %+v and %+v", a, b)
		}
		if got, want := idsOf(triage(t, d)), []int64{other, into, from}; !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
	})
}

func TestAnArticleOfAWatchedSourceCountsMore(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		article := d.Article("The mayor said that crime fell 1%.")
		one, two := d.ClaimIn(article, "crime fell 1%", "Lena Marsh"), d.Claim("crime fell 2%")
		for i := range 2 {
			src, err := d.Store.AddSource(ctx, watch.Source{Kind: watch.Feed, Address: fmt.Sprintf("https://feed.example/%d", i), Every: time.Hour, NextAt: d.Now(), AddedAt: d.Now()})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time tells nothing new
				item := watch.Taken{Item: watch.Item{Key: "k"}, SeenAt: d.Now(), Settled: true, Tries: 1, ArticleID: article.ID}
				if err := d.Store.NoteItems(ctx, src, []watch.Taken{item}); err != nil {
					t.Fatal(err)
				}
			}
			if got := reach(t, d, one); got.Feeds != i+1 || got.Times != 1 {
				t.Errorf("listed by %d feeds: %+v", i+1, got)
			}
			if err := d.Store.RemoveSource(ctx, src); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := idsOf(triage(t, d)), []int64{one, two}; !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
	})
}

// TestReachIsRightWhateverComesAtOnce adds places of two claims from many sides;
// on PostgreSQL the transactions overlap.
func TestReachIsRightWhateverComesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		one, two := d.Claim("crime fell 1%"), d.Claim("crime fell 2%")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				a := outletArticle(t, d, fmt.Sprintf("o%d.example", i), fmt.Sprintf("%d: crime fell 1%%, or crime fell 2%%.", i))
				sayAgain(t, d, a, "crime fell 1%")
				sayAgain(t, d, a, "crime fell 2%")
			})
		}
		wg.Wait()
		for _, id := range []int64{one, two} {
			if got := reach(t, d, id); got.Times != 9 || got.Articles != 9 || got.Outlets != 9 {
				t.Errorf("review %d: %+v, want 9 of each", id, got)
			}
		}
	})
}

func TestReviewsOfBeforeAreWeighed(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		one, two := d.Claim("crime fell 1%"), d.Claim("crime fell 2%")
		sayAgain(t, d, d.Article("So crime fell 1%."), "crime fell 1%")
		want := triage(t, d)
		db := storetest.Raw(t, dsn)
		if _, err := db.Exec("UPDATE reviews SET worth = 0, said_times = 1, said_articles = 1, said_outlets = 0, weighed = 0"); err != nil {
			t.Fatal(err)
		}
		if n, err := d.Store.FillReach(ctx); n != 2 || err != nil {
			t.Fatalf("FillReach = %d, %v", n, err)
		}
		got := triage(t, d)
		if !slices.Equal(idsOf(got), []int64{one, two}) || got[0].Worth != want[0].Worth || got[0].Reach != want[0].Reach {
			t.Errorf("filled %+v, want %+v", got, want)
		}
		if n, err := d.Store.FillReach(ctx); n != 0 || err != nil {
			t.Errorf("FillReach again = %d, %v", n, err)
		}
	})
}
