package storetest_test

import (
	"context"
	"fmt"
	"testing"

	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

func TestWhatIsTypedIsEachPersonsOwnAndBounded(t *testing.T) {
	onSpans(t, func(t *testing.T, d *storetest.Desk, _ string) {
		ctx := context.Background()
		id := d.Claim("crime fell")
		keep := func(p review.Person, field, value string, most int) {
			t.Helper()
			typed := review.Typed{PersonID: p.ID, ReviewID: id, Form: "form-verdict", Field: field, Value: value, Version: 1, SavedAt: d.Now()}
			if err := d.Store.KeepDraft(ctx, typed, most); err != nil {
				t.Fatal(err)
			}
		}
		drafts := func(p review.Person) map[string]string {
			t.Helper()
			all, err := d.Store.Drafts(ctx, p.ID, id)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]string{}
			for _, a := range all {
				out[a.Field] = a.Value
			}
			return out
		}
		keep(d.Ana, "summary", "Half", 9)
		keep(d.Ana, "summary", "Half of it", 9)
		keep(d.Ben, "summary", "None of it", 9)
		if got := drafts(d.Ana); len(got) != 1 || got["summary"] != "Half of it" || drafts(d.Ben)["summary"] != "None of it" {
			t.Errorf("Ana typed %v", got)
		}
		for i := range 5 {
			keep(d.Ana, fmt.Sprint("field", i), "x", 3)
		}
		if got := drafts(d.Ana); len(got) != 3 || got["field4"] != "x" || got["summary"] != "" {
			t.Errorf("of more than three the newest are kept: %v", got)
		}
		if err := d.Store.DropDrafts(ctx, d.Ana.ID, id, "form-verdict"); err != nil || len(drafts(d.Ana)) != 0 || len(drafts(d.Ben)) != 1 {
			t.Errorf("dropped: %v, Ben has %v", err, drafts(d.Ben))
		}
	})
}
