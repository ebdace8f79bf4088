package storetest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

func TestACommentBlocksUntilItIsResolved(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 4%")
		d.Researched(id)
		s := &review.Comments{Store: d.Store, Now: d.Now}
		version := d.Dossier(id).Review.Version
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err, errs.Message(err))
			}
		}
		must(d.Store.Watch(ctx, id, d.Vera.ID, true, d.Now()))
		must(s.Say(ctx, review.Remark{ReviewID: id, Anchor: review.OnSummary, Quote: "about", Text: "By how much? @Omar", Blocking: true, Key: "one", By: d.Edith}))
		must(s.Say(ctx, review.Remark{ReviewID: id, Anchor: review.OnPlace, Quote: "She said", Text: "Which she?", By: d.Edith}))
		all, err := d.Store.Comments(ctx, id)
		must(err)
		must(s.Say(ctx, review.Remark{ReviewID: id, ThreadID: all[0].ID, Text: "By a little.", By: d.Ben}))
		if got := d.Dossier(id); got.Blocking != 1 || got.Review.Version != version {
			t.Errorf("%d block; version %d, was %d", got.Blocking, got.Review.Version, version)
		}
		if _, err := d.Try(id, d.Ana, review.Submit); !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "1 comment blocks publication") {
			t.Errorf("submit = %v", err)
		}
		must(s.Resolve(ctx, id, all[0].ID, "two", d.Edith))
		if err := s.Resolve(ctx, id, all[0].ID, "three", d.Edith); !errors.Is(err, errs.Conflict) {
			t.Errorf("resolved twice: %v", err)
		}
		must(s.Redact(ctx, id, all[1].ID, "", d.Edith))
		d.Do(id, d.Ana, review.Submit)

		all, err = d.Store.Comments(ctx, id)
		must(err)
		if c := all[0]; len(all) != 3 || !c.Blocking || c.Quote != "about" || c.End-c.Start != 5 || c.ResolvedBy != d.Edith.ID || c.ResolvedAt.IsZero() || c.RedactedBy != 0 {
			t.Errorf("%+v", all)
		}
		if c := all[1]; c.ArticleID == 0 || c.RedactedBy != d.Edith.ID || c.Text == "" {
			t.Errorf("%+v", c)
		}
		if c := all[2]; c.ThreadID != all[0].ID || c.ByID != d.Ben.ID || c.Anchor != "" {
			t.Errorf("%+v", c)
		}
		for who, want := range map[*review.Person][]review.Action{
			&d.Vera: {review.Submit, review.RedactComment, review.ResolveComment, review.AddComment, review.AddComment, review.AddComment},
			&d.Omar: {review.AddComment}, &d.Ben: {review.ResolveComment},
		} {
			if got := toldOf(t, d, *who); !slices.Equal(got, want) {
				t.Errorf("%s was told of %v, want %v", who.Name, got, want)
			}
		}
		if r := verify(t, d.Store); len(r.Findings) > 0 {
			t.Errorf("the record: %+v", r)
		}
	})
}

func TestCommentsAreAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		id := d.Claim("crime fell 4%")
		s := &review.Comments{Store: d.Store, Now: d.Now}
		if err := s.Say(ctx, review.Remark{ReviewID: id, Anchor: review.OnClaim, Text: "Sure?", Blocking: true, By: d.Edith}); err != nil {
			t.Fatal(err)
		}
		if err := s.Resolve(ctx, id, 1, "", d.Edith); err != nil {
			t.Fatal(err)
		}
		raw := storetest.Raw(t, dsn)
		for _, statement := range []string{
			"UPDATE comments SET text = 'x'", "UPDATE comments SET blocking = FALSE", "DELETE FROM comments", "UPDATE comment_marks SET by_id = 1", "DELETE FROM comment_marks",
			"INSERT INTO comment_marks (comment_id, mark, by_id, at) VALUES (1, 'resolved', 1, 1)",
			"INSERT INTO comments (review_id, thread_id, anchor, number, quote, blocking, text, by_id, at) VALUES (1, 1, '', 0, '', TRUE, 'x', 1, 1)",
			"INSERT INTO comments (review_id, anchor, number, quote, blocking, text, by_id, at) VALUES (1, '', 0, '', FALSE, 'x', 1, 1)",
		} {
			if _, err := raw.Exec(statement); err == nil {
				t.Errorf("%s was done", statement)
			}
		}
	})
}
