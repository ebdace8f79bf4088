package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
	"factcheck/internal/library"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// lines is JSON of ClaimReviews, one a line.
func lines(n int, rating string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"@type":"ClaimReview","url":"https://www.checks.example/%d","claimReviewed":"Lake number %d holds %d tons of plastic",`+
			`"datePublished":"2024-03-0%d","author":{"@type":"Organization","name":"Checks"},"reviewRating":{"alternateName":%q},`+
			`"itemReviewed":{"author":{"name":"Speaker %d"}}}`+"\n", i, i, i*7, 1+i%9, rating, i%5)
	}
	return b.String()
}

func bringIn(ctx context.Context, st *store.Store, text string) (library.Import, []library.Rejected, error) {
	format, _ := library.Lookup("claimreview")
	var rejected []library.Rejected
	im := library.Importer{Keeper: st, Now: func() time.Time { return storetest.Start },
		Reject: func(r library.Rejected) { rejected = append(rejected, r) }, Progress: func(library.Import) {}}
	i, err := im.Import(ctx, format, "test.jsonl", strings.NewReader(text), "")
	return i, rejected, err
}

func TestTheSameCheckAgainIsUpdatedNotDoubled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		first, _, err := bringIn(ctx, st, lines(30, "False"))
		if err != nil || first.Added != 30 || first.FinishedAt.IsZero() {
			t.Fatalf("first = %+v, %v", first, err)
		}
		again, _, err := bringIn(ctx, st, lines(30, "False"))
		if err != nil || again.ID == first.ID || again.Added != 0 || again.Updated != 0 || again.Unchanged != 30 {
			t.Fatalf("again = %+v, %v", again, err)
		}
		changed, _, err := bringIn(ctx, st, lines(31, "Half true"))
		if err != nil || changed.Added != 1 || changed.Updated != 30 || changed.Unchanged != 0 {
			t.Fatalf("changed = %+v, %v", changed, err)
		}
		n, err := st.CountChecks(ctx)
		if err != nil || n != 31 {
			t.Errorf("%d checks, %v", n, err)
		}
		found, more, err := st.SearchChecks(ctx, library.Query{Text: "lake 14 98 tons", Limit: 5})
		if err != nil || more || len(found) != 1 || found[0].Rating != "Half true" || found[0].Bucket != library.Mixed {
			t.Errorf("found = %+v, %v, %v", found, more, err)
		}
		all, err := st.Imports(ctx, 10)
		if err != nil || len(all) != 3 || all[0].ID != changed.ID {
			t.Errorf("imports = %+v, %v", all, err)
		}
	})
}

// dying is a store that dies with the n-th batch, before or after it is kept.
type dying struct {
	*store.Store
	after int
}

var errDied = errors.New("died")

func (d *dying) SaveImport(ctx context.Context, i library.Import, checks []library.Check) (library.Import, error) {
	if d.after == 0 {
		return i, errDied
	}
	d.after--
	return d.Store.SaveImport(ctx, i, checks)
}

func TestAKilledImportGoesOnWhereItStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		text := lines(9000, "False") + "{broken\n" + lines(9500, "True")[len(lines(9000, "True")):]
		format, _ := library.Lookup("claimreview")
		var seen []int64
		im := library.Importer{Keeper: &dying{st, 1}, Now: func() time.Time { return storetest.Start },
			Reject: func(r library.Rejected) { seen = append(seen, r.Line) }, Progress: func(library.Import) {}}
		i, err := im.Import(ctx, format, "test.jsonl", strings.NewReader(text), "")
		if !errors.Is(err, errDied) || i.Added != 4000 || !i.FinishedAt.IsZero() {
			t.Fatalf("killed = %+v, %v", i, err)
		}
		im.Keeper = st
		whole, err := im.Import(ctx, format, "test.jsonl", strings.NewReader(text), "")
		if err != nil || whole.ID != i.ID || whole.Added != 9500 || whole.Unchanged != 0 || whole.Rejected != 1 {
			t.Fatalf("resumed = %+v, %v", whole, err)
		}
		if diff := cmp.Diff([]int64{9001}, seen); diff != "" {
			t.Errorf("rejected lines (-want +got):\n%s", diff)
		}
		if n, err := st.CountChecks(ctx); err != nil || n != 9500 {
			t.Errorf("%d checks, %v", n, err)
		}
		n := 0
		for _, err := range st.LibraryChecks(ctx, 0) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 9500 {
			t.Errorf("walked %d checks", n)
		}
	})
}

func TestWhatWasReadBeforeAFileBreaksOffIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		format, _ := library.Lookup("csv")
		im := library.Importer{Keeper: st, Now: func() time.Time { return storetest.Start }, Reject: func(library.Rejected) {}, Progress: func(library.Import) {}}
		text := "claim,url\nOne,https://a.example/1\nTwo,https://a.example/2\n" + strings.Repeat("x", 3<<20)
		i, err := im.Import(ctx, format, "test.csv", strings.NewReader(text), "")
		if !errors.Is(err, errs.Invalid) || i.Added != 2 || !i.FinishedAt.IsZero() {
			t.Fatalf("%+v, %v", i, err)
		}
		if n, err := st.CountChecks(ctx); err != nil || n != 2 {
			t.Errorf("%d checks, %v", n, err)
		}
	})
}

func TestAnImportThatMovedOnIsAConflict(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		i, err := st.BeginImport(ctx, library.Import{Format: "csv", Name: "x", Identity: "y", StartedAt: storetest.Start, ChangedAt: storetest.Start})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.SaveImport(ctx, i, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := st.SaveImport(ctx, i, nil); !errors.Is(err, errs.Conflict) || errs.Message(err) == "" {
			t.Errorf("err = %v", err)
		}
	})
}

// TestSearchFindsTheSameInBothDatabases is the contract of full-text search.
func TestSearchFindsTheSameInBothDatabases(t *testing.T) {
	checks := []library.Check{
		{URL: "https://a.example/1", ClaimText: "Vaccines cause autism in children", Rating: "False", Lang: "en", ReviewDate: month(2024, 1), Publisher: library.Publisher{Name: "A", Site: "a.example"}},
		{URL: "https://a.example/2", ClaimText: "The moon is made of green cheese", Title: "No vaccine in the cheese", Rating: "False", Lang: "en-GB", ReviewDate: month(2024, 5), Publisher: library.Publisher{Name: "A", Site: "a.example"}},
		{URL: "https://b.example/1", ClaimText: "La café crème coûte 9 €", Claimant: "Zoë Müller", Rating: "Faux", Lang: "fr", ReviewDate: month(2023, 5), Publisher: library.Publisher{Name: "B", Site: "b.example"}},
		{URL: "https://b.example/2", ClaimText: "चाँद पनीर का बना है", Rating: "झूठ", Lang: "hi", ClaimDate: month(2025, 1), ReviewDate: month(2022, 5), Publisher: library.Publisher{Name: "B", Site: "b.example"}},
		{URL: "https://c.example/1", ClaimText: "月球是由奶酪制成的", Rating: "錯誤", Lang: "zh", Publisher: library.Publisher{Name: "C", Site: "c.example"}},
		{URL: "https://c.example/2", ClaimText: `He said "NOT" OR (never) AND * near`, Rating: "?", Publisher: library.Publisher{Name: "C", Site: "c.example"}},
		{URL: "https://c.example/3", ClaimText: "To be or not to be", Rating: "Opinion", Publisher: library.Publisher{Name: "C", Site: "c.example"}},
	}
	tests := []struct {
		name string
		q    library.Query
		want []string // addresses in order
	}{
		{"the claim before the title", library.Query{Text: "vaccine"}, []string{"https://a.example/1", "https://a.example/2"}},
		{"plural or not", library.Query{Text: "VACCINES children's"}, []string{"https://a.example/1"}},
		{"stop words do not count", library.Query{Text: "is the moon made of the cheese"}, []string{"https://a.example/2"}},
		{"a sentence with one other word", library.Query{Text: "moon consists of green cheese"}, []string{"https://a.example/2"}},
		{"two of three words", library.Query{Text: "green cheese dragon"}, []string{"https://a.example/2"}},
		{"one of three is too few", library.Query{Text: "cheese dragon castle"}, nil},
		{"accents or not", library.Query{Text: "cafe creme"}, []string{"https://b.example/1"}},
		{"who said it", library.Query{Text: "Zoe Muller"}, []string{"https://b.example/1"}},
		{"vowel signs are part of words", library.Query{Text: "पनीर"}, []string{"https://b.example/2"}},
		{"writing without spaces", library.Query{Text: "奶酪"}, []string{"https://c.example/1"}},
		{"operators are words", library.Query{Text: `"near" OR (said NOT`}, []string{"https://c.example/2"}},
		{"nothing but stop words", library.Query{Text: "to be or not to be"}, []string{"https://c.example/3"}},
		{"nothing but marks", library.Query{Text: "?!*"}, nil},
		{"quotes and backslashes", library.Query{Text: `\' " '); DROP TABLE claims; --`}, nil},
		{"a site, newest first", library.Query{Site: "a.example"}, []string{"https://a.example/2", "https://a.example/1"}},
		{"the newer of both dates", library.Query{Site: "b.example", Since: month(2024, 6)}, []string{"https://b.example/2"}},
		{"a site and words", library.Query{Text: "vaccine", Site: "b.example"}, nil},
		{"without a date, after those with one", library.Query{Site: "c.example"}, []string{"https://c.example/3", "https://c.example/2", "https://c.example/1"}},
		{"the region of a language does not count", library.Query{Text: "vaccine", Lang: "en"}, []string{"https://a.example/1", "https://a.example/2"}},
		{"another language", library.Query{Text: "vaccine", Lang: "fr"}, nil},
	}
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		i, err := st.BeginImport(ctx, library.Import{Format: "csv", Name: "x", Identity: "y", StartedAt: storetest.Start, ChangedAt: storetest.Start})
		if err != nil {
			t.Fatal(err)
		}
		for n := range checks {
			checks[n].Bucket, checks[n].Rule = library.Other, "-"
		}
		if _, err = st.SaveImport(ctx, i, checks); err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				tt.q.Limit = 10
				found, _, err := st.SearchChecks(ctx, tt.q)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, c := range found {
					got = append(got, c.URL)
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("found %q, want %q", got, tt.want)
				}
			})
		}
		t.Run("pages", func(t *testing.T) {
			var got []string
			for offset := 0; ; offset++ {
				found, more, err := st.SearchChecks(ctx, library.Query{Site: "c.example", Limit: 1, Offset: offset})
				if err != nil || len(found) != 1 {
					t.Fatal(found, err)
				}
				got = append(got, found[0].URL)
				if !more {
					break
				}
			}
			if len(got) != 3 || got[0] == got[1] || got[1] == got[2] {
				t.Errorf("pages = %q", got)
			}
		})
	})
}

// TestCommonWordsFindTheLatest: what too many checks hold is not ranked.
func TestCommonWordsFindTheLatest(t *testing.T) {
	const n = 20_100
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		if _, _, err := bringIn(ctx, st, lines(n, "False")); err != nil {
			t.Fatal(err)
		}
		found, more, err := st.SearchChecks(ctx, library.Query{Text: "plastic lake", Limit: 2})
		if err != nil || !more || len(found) != 2 || found[0].ID < found[1].ID || found[0].URL != fmt.Sprintf("https://www.checks.example/%d", n-1) {
			t.Errorf("found %+v, %v, %v", found, more, err)
		}
	})
}

func month(year, month int) time.Time {
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
}

func TestACheckIsReadBackAsItWasStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		_, _, err := bringIn(ctx, st, `{"@type":"ClaimReview","url":"https://x.example/1","claimReviewed":"A","name":"T","datePublished":"2024-01-02",
			"inLanguage":"de","author":{"name":"X"},"reviewRating":{"ratingValue":2,"bestRating":5,"worstRating":1,"alternateName":"Eher falsch"},
			"itemReviewed":{"author":{"name":"Y"},"datePublished":"2024-01-01","firstAppearance":"https://y.example/0","appearance":["https://y.example/1"]}}`)
		if err != nil {
			t.Fatal(err)
		}
		two, five, one := 2.0, 5.0, 1.0
		want := library.Check{ID: 1, Publisher: library.Publisher{Name: "X", Site: "x.example"}, URL: "https://x.example/1", Title: "T", ClaimText: "A", Claimant: "Y",
			ClaimDate: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), ReviewDate: time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), Rating: "Eher falsch",
			RatingValue: &two, RatingBest: &five, RatingWorst: &one, Bucket: library.MostlyFalse, Rule: "its words are “eher falsch”", Lang: "de",
			FirstAppearance: "https://y.example/0", Appearances: []string{"https://y.example/1"}, Fingerprint: "a"}
		for got, err := range st.LibraryChecks(ctx, 0) {
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
	})
}

func TestSearchFindsOurOwnLiveEditions(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		p := d.Published(id)
		find := func() []library.Check {
			t.Helper()
			found, _, err := d.Store.SearchChecks(ctx, library.Query{Text: "crime fell", Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if got := find(); len(got) != 1 || got[0].Slug != p.Slug || got[0].Rating != "Mostly true" || got[0].Claimant != "Lena Marsh" || !got[0].ReviewDate.Equal(p.PublishedAt) {
			t.Fatalf("found %+v", got)
		}
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) {
			c.Correction, c.AssigneeID, c.Note = review.VerdictChange, d.Ana.ID, "New numbers."
		})
		d.Verdict(id, d.Ana, "half_true", "It is half right.")
		if got := find(); len(got) != 1 || got[0].Rating != "Mostly true" {
			t.Errorf("a draft shows: %+v", got)
		}
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Edith, review.Approve)
		d.Do(id, d.Omar, review.Approve)
		d.Do(id, d.Omar, review.Publish)
		if got := find(); len(got) != 1 || got[0].Rating != "Half true" {
			t.Errorf("after the correction: %+v", got)
		}
		for _, q := range []struct {
			own  bool
			want int
		}{{true, 1}, {false, 0}} {
			got, _, err := d.Store.SearchChecks(ctx, library.Query{Site: "desk.example", Own: q.own, Limit: 10})
			if err != nil || len(got) != q.want {
				t.Errorf("own %v: %+v, %v", q.own, got, err)
			}
		}
		if n, err := d.Store.CountChecks(ctx); err != nil || n != 0 {
			t.Errorf("%d checks by others, %v", n, err)
		}
	})
}

func TestASearchEndsWithItsCaller(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, _, err := st.SearchChecks(gone, library.Query{Text: "x", Limit: 1}); !errors.Is(err, errs.Canceled) {
			t.Errorf("err = %v", err)
		}
	})
}
