package storetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/review"
	"factcheck/internal/search"
	"factcheck/internal/store/storetest"
)

func found(t *testing.T, d *storetest.Desk, question string, f search.Filter) []search.Hit {
	t.Helper()
	q, err := search.Ask(question)
	if err != nil {
		t.Fatal(err)
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	hits, err := d.Store.Search(ctx, q, f)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func kindsOf(hits []search.Hit) []search.Kind {
	var out []search.Kind
	for _, h := range hits {
		if !slices.Contains(out, h.Kind) {
			out = append(out, h.Kind)
		}
	}
	slices.Sort(out)
	return out
}

func TestOneBoxFindsEveryKindAsItIsWritten(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 4%")
		d.Published(id)
		if got := kindsOf(found(t, d, "crime", search.Filter{})); !slices.Contains(got, search.Claims) || !slices.Contains(got, search.Checks) || !slices.Contains(got, search.Articles) {
			t.Errorf("crime finds %v", got)
		}
		if got := kindsOf(found(t, d, "marsh", search.Filter{})); !slices.Contains(got, search.Speakers) {
			t.Errorf("marsh finds %v", got)
		}
		if got := kindsOf(found(t, d, "edith", search.Filter{Kind: search.Colleague})); len(got) != 1 {
			t.Errorf("edith finds %v", got)
		}
		for question, want := range map[string]int{
			`"crime fell"`: 1, `"fell crime"`: 0, "crime -fell": 0, "crim*": 1, "CRIMES": 1, "nothing": 0, "crime nothing": 0,
		} {
			if got := found(t, d, question, search.Filter{Kind: search.Claims}); len(got) != want {
				t.Errorf("%s finds %d claims, want %d", question, len(got), want)
			}
		}
		if got := found(t, d, "crime", search.Filter{State: "triage"}); len(got) != 0 {
			t.Errorf("claims in triage: %+v", got)
		}
		if got := found(t, d, "crime", search.Filter{State: "published"}); len(got) != 1 || got[0].ReviewID != id || got[0].By != "Lena Marsh" {
			t.Errorf("published claims: %+v", got)
		}
		if got := found(t, d, "crime", search.Filter{To: storetest.Start}); len(got) != 0 {
			t.Errorf("before the desk opened: %+v", got)
		}
	})
}

func TestWhatIsChangedOrRemovedIsFoundAsItIsNow(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 4%")
		d.Do(id, d.Ana, review.EditClaim, func(c *review.Command) {
			c.Claim = &review.ClaimDraft{Text: "Burglary fell", Kind: "quantity", Lang: "en", Claimant: "Lena Marsh", ClaimantKind: "person"}
		})
		if n := len(found(t, d, "crime", search.Filter{Kind: search.Claims})); n != 0 {
			t.Errorf("the old words find %d claims", n)
		}
		if n := len(found(t, d, "burglary", search.Filter{Kind: search.Claims})); n != 1 {
			t.Errorf("the new words find %d claims", n)
		}
		d.Researched(id)
		evidence := d.Dossier(id).Evidence
		before := len(found(t, d, evidence[0].Publisher+" stats", search.Filter{Kind: search.Evidence}))
		d.Do(id, d.Ana, review.RemoveEvidence, func(c *review.Command) { c.EvidenceID = evidence[0].ID })
		if after := len(found(t, d, evidence[0].Publisher+" stats", search.Filter{Kind: search.Evidence})); before == 0 || after >= before {
			t.Errorf("%d pieces of evidence before, %d after one was removed", before, after)
		}
	})
}

func TestOneKindPagesByKey(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		for i := range 9 {
			d.Claim(fmt.Sprintf("crime fell %d%%", i))
		}
		seen, f := map[int64]bool{}, search.Filter{Kind: search.Claims, Limit: 4}
		for range 5 {
			hits := found(t, d, "crime", f)
			for _, h := range hits {
				if seen[h.ID] {
					t.Errorf("%d comes twice", h.ID)
				}
				seen[h.ID], f.Before = true, h.ID
			}
			if len(hits) < 4 {
				break
			}
		}
		if len(seen) != 9 {
			t.Errorf("%d of 9", len(seen))
		}
	})
}

func TestNamesAreFoundInSpiteOfASlip(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.Claim("crime fell 4%")
		for _, asked := range []string{"Lena Marhs", "lena marsch", "Marsh"} {
			hits, err := d.Store.Named(ctx, asked, 5)
			if err != nil || len(hits) == 0 || hits[0].Title != "Lena Marsh" || hits[0].Kind != search.Speakers {
				t.Errorf("%s: %+v, %v", asked, hits, err)
			}
		}
		if hits, err := d.Store.Named(ctx, "Qqqq Zzzz", 5); err != nil || len(hits) != 0 {
			t.Errorf("nobody: %+v, %v", hits, err)
		}
	})
}

func TestTheIndexIsFilledWithWhatWasThereBefore(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		id := d.Claim("crime fell 4%")
		d.Published(id)
		before := kindsOf(found(t, d, "crime", search.Filter{}))
		raw := storetest.Raw(t, dsn)
		for _, q := range []string{"DELETE FROM search_fts", "DELETE FROM search_docs"} {
			if _, err := raw.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
		n, err := d.Store.FillSearch(ctx)
		if err != nil || n < 10 {
			t.Fatalf("%d filled, %v", n, err)
		}
		if after := kindsOf(found(t, d, "crime", search.Filter{})); !slices.Equal(before, after) {
			t.Errorf("found %v, was %v", after, before)
		}
		if n, err = d.Store.FillSearch(ctx); err != nil || n != 0 {
			t.Errorf("filled again: %d, %v", n, err)
		}
	})
}

// TestWhatIsEverywhereIsFoundNewestFirst: a word that more things hold than are
// worth ranking finds the last of them, and at once.
func TestWhatIsEverywhereIsFoundNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		best := d.Claim("The council, the council and again the council voted")
		numbers, words := "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 21100) ", "INSERT INTO search_fts (rowid, title, body) SELECT id, 'council', '' FROM search_docs WHERE ref_id > 1000"
		if strings.HasPrefix(dsn, "postgres") {
			numbers, words = "WITH n AS (SELECT generate_series(1001, 21100) AS i) ", "INSERT INTO search_fts (doc_id, words) SELECT id, 'council:1A' FROM search_docs WHERE ref_id > 1000"
		}
		for _, sql := range []string{numbers + "INSERT INTO search_docs (kind, ref_id, at) SELECT 'claim', i, 0 FROM n WHERE i > 1000", words} {
			if _, err := storetest.Raw(t, dsn).Exec(sql); err != nil {
				t.Fatal(err)
			}
		}
		newest := d.Claim("Then a council met")
		for _, f := range []search.Filter{{}, {Kind: search.Claims}} {
			hits := found(t, d, "council", f)
			if len(hits) == 0 || hits[0].ReviewID != newest {
				t.Errorf("%+v finds %+v first, want review %d", f, hits, newest)
			}
		}
		if hits := found(t, d, "council voted", search.Filter{}); len(hits) == 0 || hits[0].ReviewID != best {
			t.Errorf("rarer words find %+v", hits)
		}
	})
}
