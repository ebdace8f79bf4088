package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/search"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

var ctx = context.Background()

// each runs test with a desk on every database.
func each(t *testing.T, test func(t *testing.T, d *storetest.Desk, dsn string)) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		test(t, storetest.NewDesk(t, storetest.Open(t, dsn)), dsn)
	})
}

func verify(t *testing.T, st *store.Store) record.Result {
	t.Helper()
	r, err := record.Verify(ctx, st)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFromTriageToACorrectedPublication(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		first := d.Published(id)
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) {
			c.Correction, c.AssigneeID, c.Note = review.Fix, d.Ana.ID, "We misread the table."
		})
		d.Verdict(id, d.Ana, "mostly_true", "It is a little less.")
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Omar, review.Approve)
		d.Do(id, d.Omar, review.Publish)

		c, err := d.Store.Check(ctx, first.Slug)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Editions) != 2 || c.Editions[0].Edition != 2 || c.Editions[1].Edition != 1 {
			t.Fatalf("editions = %+v", c.Editions)
		}
		if diff := cmp.Diff(first, c.Editions[1]); diff != "" {
			t.Errorf("the first edition changed (-was +is):\n%s", diff)
		}
		if note := c.Corrections[c.Editions[0].ID]; note.Note != "We misread the table." || note.AuthorID != d.Edith.ID {
			t.Errorf("correction = %+v", note)
		}
		listed, err := d.Store.Corrections(ctx, review.Cursor{}, 10)
		if err != nil || len(listed) != 1 || listed[0].Correction == nil || listed[0].Publication.Edition != 2 {
			t.Errorf("Corrections = %+v, %v", listed, err)
		}
		live, err := d.Store.Published(ctx, review.Cursor{}, 10)
		if err != nil || len(live) != 1 || live[0].Publication.Edition != 2 {
			t.Errorf("Published = %+v, %v", live, err)
		}
		if r := verify(t, d.Store); len(r.Findings) > 0 || r.Publications != 2 {
			t.Errorf("verify = %+v", r)
		}
	})
}

func TestAbandonRestoresTheEvidence(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		d.Published(id)
		before := d.Dossier(id)
		for range 2 { // a second time, so that what was put back is not lost
			d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Update, d.Ana.ID })
			d.Do(id, d.Ana, review.RemoveEvidence, func(c *review.Command) { c.EvidenceID = before.Evidence[0].ID })
			d.Do(id, d.Ana, review.EditEvidence, func(c *review.Command) {
				c.EvidenceID, c.Evidence = before.Evidence[1].ID, &review.Evidence{URL: "https://other.example.org", Stance: review.Context}
			})
			d.Evidence(id, d.Ana, "https://new.example.org", review.Context)
			d.Do(id, d.Edith, review.Abandon)
			after := d.Dossier(id)
			if diff := cmp.Diff(before.Evidence, after.Evidence); diff != "" {
				t.Fatalf("evidence (-before +after):\n%s", diff)
			}
			if after.ContentHash() != before.ContentHash() || after.Review.State != review.Published {
				t.Errorf("review = %+v", after.Review)
			}
		}
	})
}

func TestEightRacingWritersOneWinner(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		other := storetest.Open(t, dsn) // as another process has it
		races := map[string]struct {
			prepare func(id int64)
			command func(i int) review.Command
		}{
			"take": {func(id int64) { d.Do(id, d.Ana, review.Accept, chosen(d, id)) },
				func(i int) review.Command {
					return review.Command{Action: review.Take, Actor: []review.Person{d.Ana, d.Ben}[i%2]}
				}},
			"write": {d.Researched, func(i int) review.Command {
				return review.Command{Action: review.SaveVerdict, Actor: d.Ana, Verdict: &review.VerdictDraft{Rating: "false", Summary: fmt.Sprint(i), Rationale: "x"}}
			}},
			"approve": {func(id int64) { d.Researched(id); d.Do(id, d.Ana, review.Submit) },
				func(i int) review.Command {
					return review.Command{Action: review.Approve, Actor: []review.Person{d.Edith, d.Omar}[i%2]}
				}},
			"publish": {func(id int64) { d.Researched(id); d.Do(id, d.Ana, review.Submit); d.Do(id, d.Edith, review.Approve) },
				func(i int) review.Command {
					return review.Command{Action: review.Publish, Actor: []review.Person{d.Edith, d.Omar}[i%2]}
				}},
		}
		for name, race := range races {
			t.Run(name, func(t *testing.T) {
				id := d.Claim("crime fell in the race to " + name)
				race.prepare(id)
				before := d.Dossier(id).Review
				start, errsOf := make(chan struct{}), make([]error, 8)
				later := func() time.Time { return storetest.Start.Add(time.Hour) }
				services := []*review.Service{{Store: d.Store, Now: later}, {Store: other, Now: later}}
				var wg sync.WaitGroup
				for i := range errsOf {
					cmd := race.command(i)
					cmd.ReviewID, cmd.Version = id, before.Version
					wg.Go(func() {
						<-start
						_, errsOf[i] = services[i/2%2].Do(ctx, cmd)
					})
				}
				close(start)
				wg.Wait()
				won := 0
				for _, err := range errsOf {
					var c *review.Conflict
					switch {
					case err == nil:
						won++
					case !errors.As(err, &c):
						t.Errorf("a loser got %v, want a conflict", err)
					case len(c.Events) == 0:
						t.Error("a loser is not told what changed")
					}
				}
				if after := d.Dossier(id).Review; won != 1 || after.Version != before.Version+1 {
					t.Errorf("%d winners, version %d after %d", won, after.Version, before.Version)
				}
			})
		}
		if r := verify(t, d.Store); len(r.Findings) > 0 {
			t.Errorf("verify = %+v", r)
		}
	})
}

func chosen(d *storetest.Desk, id int64) func(*review.Command) {
	c := d.Dossier(id)
	return func(cmd *review.Command) {
		cmd.Claim = &review.ClaimDraft{Text: c.Claim.Text, Kind: c.Claim.Kind, Lang: "en", Claimant: c.Claimant.Name, Chosen: "Shared"}
	}
}

func TestAFormSentTwiceCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		version := d.Dossier(id).Review.Version
		send := func(key string, a review.Action) error {
			_, err := d.Reviews.Do(ctx, review.Command{ReviewID: id, Version: version, Action: a, Actor: d.Ana, Key: key, Note: "x",
				Evidence: &review.Evidence{URL: "https://third.example.org", Stance: review.Context}})
			return err
		}
		for range 2 {
			if err := send("form-1", review.AddEvidence); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(d.Dossier(id).Evidence); n != 3 {
			t.Errorf("%d pieces of evidence, want 3", n)
		}
		if err := send("form-1", review.Release); !errors.Is(err, errs.Invalid) {
			t.Errorf("the key of another form: %v, want invalid", err)
		}
		if err := send("form-2", review.AddEvidence); !errors.Is(err, errs.Conflict) {
			t.Errorf("another form of the old version: %v, want a conflict", err)
		}
	})
}

func TestAConflictWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		before, events := d.Dossier(id), verify(t, d.Store).Events
		o, err := before.Apply(review.Command{ReviewID: id, Version: before.Review.Version, Action: review.SaveVerdict, Actor: d.Ana,
			Verdict: &review.VerdictDraft{Rating: "false"}}, d.Now())
		if err != nil {
			t.Fatal(err)
		}
		o.ReadVersion--
		if err := d.Store.Save(ctx, o); !errors.Is(err, errs.Conflict) {
			t.Fatalf("Save = %v, want a conflict", err)
		}
		after := d.Dossier(id)
		after.AsOf = before.AsOf
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("something was written (-before +after):\n%s", diff)
		}
		if got := verify(t, d.Store); got.Events != events || len(got.Findings) > 0 {
			t.Errorf("verify = %+v, want %d events", got, events)
		}
	})
}

// TestWhatIsOnRecordCannotBeChanged tries it behind the program's back.
func TestWhatIsOnRecordCannotBeChanged(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		id := d.Claim("crime fell 12%")
		d.Published(id)
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, d.Ana.ID })
		d.Verdict(id, d.Ana, "mostly_true", "Other words.")
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Edith, review.Approve)
		d.Do(id, d.Edith, review.Publish)
		stricter := review.DefaultPolicy
		stricter.Sources = 3
		if err := d.Store.ChangePolicy(ctx, 0, stricter, d.Adam, d.Now()); err != nil {
			t.Fatal(err)
		}
		db := storetest.Raw(t, dsn)
		updates := map[string]string{
			"events": "note = 'x'", "publications": "slug = 'x'", "corrections": "note = 'x'", "verdicts": "summary = 'x'", "approvals": "round = 9",
			"contributions": "how = 'x'", "articles": "title = 'x'", "scales": "body = 'x'", "policies": "body = 'x'",
			"evidence": "quote = 'x'", "appearances": "quote = 'x'",
		}
		for table, set := range updates {
			if _, err := db.Exec("UPDATE " + table + " SET " + set); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("UPDATE %s: %v, want a refusal", table, err)
			}
		}
		for _, table := range []string{"events", "publications", "corrections", "verdicts", "approvals", "contributions", "articles", "scales", "policies",
			"evidence", "appearances", "reviews", "claims", "checks"} {
			if _, err := db.Exec("DELETE FROM " + table); err == nil {
				t.Errorf("DELETE FROM %s is possible", table)
			}
		}
		if _, err := db.Exec("INSERT INTO checks (review_id, slug, publication_id, published_at) SELECT review_id, 'two', publication_id, 1 FROM checks"); err == nil {
			t.Error("two live publications of one review are possible")
		}
	})
}

// TestVerifyNamesTheFirstBadRow tampers with the record as somebody who may
// drop the triggers could.
func TestVerifyNamesTheFirstBadRow(t *testing.T) {
	tests := []struct {
		name, part string
		row        int64 // 0: any
		sql        string
	}{
		{"an event was changed", "events", 9, "UPDATE events SET note = 'other' WHERE seq = 9"},
		{"an event was removed", "events", 10, "DELETE FROM events WHERE seq = 9"},
		{"two events were swapped", "events", 9, "UPDATE events SET seq = CASE seq WHEN 9 THEN -10 ELSE -9 END WHERE seq IN (9, 10); UPDATE events SET seq = -seq WHERE seq < 0"},
		{"an event was given another actor", "events", 12, "UPDATE events SET actor_id = 4 WHERE seq = 12"},
		{"a review was moved without an event", "reviews", 1, "UPDATE reviews SET state = 'approved' WHERE id = 1"},
		{"a review was put back", "reviews", 1, "UPDATE reviews SET version = version - 1 WHERE id = 1"},
		{"a publication was changed", "publications", 1, "UPDATE publications SET snapshot = CAST(REPLACE(CAST(snapshot AS TEXT), 'about', 'never') AS BLOB) WHERE id = 1"},
		{"a publication and its hash were changed", "publications", 1, "UPDATE publications SET hash = 'x' WHERE id = 1"},
		{"a publication was removed", "publications", 0, "DELETE FROM checks; DELETE FROM publications"},
		{"an article was changed", "articles", 1, "UPDATE articles SET text = REPLACE(text, 'Monday', 'Friday') WHERE id = 1"},
		{"a span was moved", "spans", 1, "UPDATE appearances SET span_start = span_start + 1 WHERE id = 1"},
		{"a reference is broken", "database", 0, "PRAGMA foreign_keys = off; DELETE FROM claimants"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dsn := filepath.Join(t.TempDir(), "test.db")
			d := storetest.NewDesk(t, storetest.Open(t, dsn))
			d.Published(d.Claim("crime fell 12%"))
			if r := verify(t, d.Store); len(r.Findings) > 0 {
				t.Fatalf("before: %v", r.Findings)
			}
			db := storetest.Raw(t, dsn)
			db.SetMaxOpenConns(1)
			dropTriggers(t, dsn)
			if _, err := db.Exec(tt.sql); err != nil {
				t.Fatal(err)
			}
			r := verify(t, d.Store)
			if len(r.Findings) == 0 || r.Findings[0].Part != tt.part || tt.row != 0 && r.Findings[0].Row != tt.row {
				t.Errorf("findings = %v, want %s, row %d", r.Findings, tt.part, tt.row)
			}
		})
	}
}

func dropTriggers(t *testing.T, dsn string) {
	t.Helper()
	db := storetest.Raw(t, dsn)
	rows, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		names = append(names, n)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(names) == 0 {
		t.Fatalf("%d triggers, %v", len(names), err)
	}
	for _, n := range names {
		if _, err := db.Exec("DROP TRIGGER " + n); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheSameTextAgainAddsNothing(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		a := d.Article("The mayor spoke.\n")
		again := a
		again.ID, again.Title = 0, "Another title"
		got, isNew, err := d.Store.AddArticle(ctx, again)
		if err != nil || isNew || got.ID != a.ID || got.Title != a.Title {
			t.Errorf("AddArticle = %+v, new %v, %v", got, isNew, err)
		}
		changed := a
		changed.ID, changed.Text, changed.SHA256 = 0, "The mayor did not speak.\n", review.HashSnapshot([]byte("The mayor did not speak.\n"))
		got, isNew, err = d.Store.AddArticle(ctx, changed)
		if err != nil || !isNew || got.Version != 2 {
			t.Errorf("a changed text: %+v, new %v, %v", got, isNew, err)
		}
		versions, err := d.Store.Versions(ctx, a.Source)
		if err != nil || len(versions) != 2 || versions[0].Version != 2 || versions[0].Text != "" {
			t.Errorf("Versions = %+v, %v", versions, err)
		}
	})
}

func TestTheSameWordsOfTheSameSpeakerAreOneClaim(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		c := d.Dossier(id).Claim
		a := d.Article("Again she said: crime fell 12%!")
		span, err := claims.SpanAt(a.Text, 16, 30)
		if err != nil {
			t.Fatal(err)
		}
		place := claims.Appearance{ArticleID: a.ID, Span: span, AddedAt: d.Now()}
		for range 2 {
			got, isNew, err := d.Store.AddClaim(ctx, c, claims.Claimant{Name: "lena  marsh"}, place)
			if err != nil || isNew || got != c.ID {
				t.Fatalf("AddClaim = %d, new %v, %v", got, isNew, err)
			}
		}
		if n := len(d.Dossier(id).Places); n != 2 {
			t.Errorf("%d places, want 2", n)
		}
		if _, err := d.Reviews.Open(ctx, c.ID, 1, 0); !errors.Is(err, errs.Conflict) {
			t.Errorf("a second review of the claim: %v, want a conflict", err)
		}
	})
}

func TestListsPageWithoutGapsOrRepeats(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		want := map[int64]bool{}
		for i := range 11 {
			id := d.Claim(fmt.Sprintf("crime fell %d%%", i))
			want[id] = true
			d.Do(id, d.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.Priorities[i%4].Priority })
		}
		for _, order := range []review.Order{review.Newest, review.Best, review.Worth, review.Pressing} {
			got, after := map[int64]bool{}, review.Cursor{}
			for {
				rows, err := d.Store.Rows(ctx, review.Filter{States: []review.State{review.Triage}, Order: order, After: after, Limit: 3})
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					if got[r.ReviewID] {
						t.Errorf("%s: review %d comes twice", order, r.ReviewID)
					}
					got[r.ReviewID] = true
				}
				if len(rows) < 3 {
					break
				}
				after = review.CursorAfter(rows[2], order)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", order, diff)
			}
		}
		rows, err := d.Store.Rows(ctx, review.Filter{Limit: 1})
		if err != nil || len(rows) != 1 || rows[0].Article != "A story" || rows[0].Claimant != "Lena Marsh" || len(rows[0].Reasons) != 1 {
			t.Errorf("row = %+v, %v", rows, err)
		}
	})
}

func TestRowsByFilter(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		triage, mine, sent := d.Claim("one"), d.Claim("two"), d.Claim("three")
		d.Researched(mine)
		d.Researched(sent)
		d.Do(sent, d.Ana, review.Submit)
		tests := []struct {
			name string
			f    review.Filter
			want []int64
		}{
			{"state", review.Filter{States: []review.State{review.Triage}}, []int64{triage}},
			{"assignee", review.Filter{Assignee: d.Ana.ID, States: []review.State{review.Research}}, []int64{mine}},
			{"submitter", review.Filter{Submitter: d.Ana.ID}, []int64{sent}},
			{"for an editor", review.Filter{States: []review.State{review.Editing}, NotTouched: d.Edith.ID}, []int64{sent}},
			{"not for the author", review.Filter{States: []review.State{review.Editing}, NotTouched: d.Ana.ID}, nil},
			{"article", review.Filter{Article: d.Dossier(triage).Places[0].ArticleID}, []int64{triage}},
		}
		for _, tt := range tests {
			rows, err := d.Store.Rows(ctx, tt.f)
			var got []int64
			for _, r := range rows {
				got = append(got, r.ReviewID)
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", tt.name, err, diff)
			}
		}
		counts, err := d.Store.Counts(ctx)
		if want := map[review.State]int{review.Triage: 1, review.Research: 1, review.Editing: 1}; err != nil || !cmp.Equal(want, counts) {
			t.Errorf("Counts = %v, %v", counts, err)
		}
	})
}

// TestQueriesDoNotGrowWithRows is the bound on every read that a page makes.
func TestQueriesDoNotGrowWithRows(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		a := d.Article("The budget is 1 crown, 2 crowns, 3 crowns, 4 crowns, 5 crowns.")
		var id int64
		for i := 1; i <= 5; i++ {
			id = d.ClaimIn(a, fmt.Sprintf("%d crown", i), "Lena Marsh")
		}
		d.Published(id)
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Update, d.Ana.ID })
		for i := range 20 {
			d.Evidence(id, d.Ana, fmt.Sprintf("https://s%d.example.org", i), review.Context)
		}
		slug := d.Dossier(id).Live.Slug
		reads := map[string]struct {
			most int64
			read func(context.Context) error
		}{
			"Dossier":     {9, func(ctx context.Context) error { _, err := d.Store.Dossier(ctx, id); return err }},
			"Events":      {1, func(ctx context.Context) error { _, err := d.Store.Events(ctx, id); return err }},
			"Rows":        {1, func(ctx context.Context) error { _, err := d.Store.Rows(ctx, review.Filter{}); return err }},
			"Counts":      {1, func(ctx context.Context) error { _, err := d.Store.Counts(ctx); return err }},
			"Article":     {1, func(ctx context.Context) error { _, err := d.Store.Article(ctx, a.ID); return err }},
			"Articles":    {1, func(ctx context.Context) error { _, err := d.Store.Articles(ctx, 0, 50); return err }},
			"Marks":       {1, func(ctx context.Context) error { _, err := d.Store.Marks(ctx, a.ID); return err }},
			"People":      {1, func(ctx context.Context) error { _, err := d.Store.People(ctx); return err }},
			"Published":   {2, func(ctx context.Context) error { _, err := d.Store.Published(ctx, review.Cursor{}, 50); return err }},
			"Corrections": {2, func(ctx context.Context) error { _, err := d.Store.Corrections(ctx, review.Cursor{}, 50); return err }},
			"Check":       {2, func(ctx context.Context) error { _, err := d.Store.Check(ctx, slug); return err }},
		}
		for name, r := range reads {
			counted, n := store.CountQueries(ctx)
			if err := r.read(counted); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if n.Load() < 1 || n.Load() > r.most {
				t.Errorf("%s runs %d queries, want 1 to %d", name, n.Load(), r.most)
			}
		}
	})
}

func TestANewerDatabaseIsLeftAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		if err := st.Ready(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := storetest.Raw(t, dsn).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)"); err != nil {
			t.Fatal(err)
		}
		if err := st.Ready(ctx); err == nil {
			t.Error("Ready does not notice")
		}
		_, err := store.Open(ctx, dsn)
		if !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "newer version") {
			t.Errorf("Open = %v, want a sentence about a newer version", err)
		}
	})
}

// TestAMigrationThatCameLateIsDone has a database that lacks one migration below
// its newest: two pieces of work were finished in another order than numbered.
func TestAMigrationThatCameLateIsDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		raw := storetest.Raw(t, dsn)
		for _, q := range []string{"DROP TABLE ticks", "DELETE FROM goose_db_version WHERE version_id = 16"} {
			if _, err := raw.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.Ready(ctx); err == nil {
			t.Error("Ready does not notice")
		}
		again, err := store.Open(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = again.Close() }()
		if err := again.Ready(ctx); err != nil {
			t.Error(err)
		}
		if _, err := raw.Exec("DELETE FROM ticks WHERE id = 0"); err != nil {
			t.Errorf("the table is not there: %v", err)
		}
	})
}

func TestWhatIsNotADatabaseIsRefusedWithASentence(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dsn := range map[string]string{
		"a text": text, "a folder": dir, "no folder": filepath.Join(dir, "none", "x.db"), "a query": "x.db?mode=ro", "nothing": "",
		"no server": "postgres://nobody:secret@127.0.0.1:1/x?connect_timeout=2",
	} {
		_, err := store.Open(ctx, dsn)
		if !errors.Is(err, errs.Invalid) || errs.Message(err) == "" || strings.Contains(errs.Message(err), "secret") {
			t.Errorf("%s: %v, want a sentence", name, err)
		}
	}
	if data, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(data), "not a database") {
		t.Errorf("the file was changed: %q, %v", data, err)
	}
}

func TestFourProcessesStartAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		errsOf := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errsOf {
			wg.Go(func() {
				st, err := store.Open(ctx, dsn)
				if err == nil {
					err = errors.Join(st.Ready(ctx), st.Close())
				}
				errsOf[i] = err
			})
		}
		wg.Wait()
		for i, err := range errsOf {
			if err != nil {
				t.Errorf("start %d: %v", i, err)
			}
		}
		scales, err := storetest.Open(t, dsn).Scales(ctx)
		if err != nil || len(scales) != 4 {
			t.Errorf("%d scales, %v: want 4", len(scales), err)
		}
	})
}

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		a, err := d.Store.AccountByEmail(ctx, "omar@example.org")
		if err != nil || a.Name != "Omar" || len(a.Roles) != 2 || !a.CreatedAt.After(storetest.Start) {
			t.Errorf("AccountByEmail = %+v, %v", a, err)
		}
		if _, err := d.Store.AddAccount(ctx, auth.Account{Name: "x", Email: "omar@example.org", PasswordHash: "-", CreatedAt: d.Now()}); !errors.Is(err, errs.Conflict) {
			t.Errorf("a second account: %v, want a conflict", err)
		}
		if _, err := d.Store.Person(ctx, 999); !errors.Is(err, errs.NotFound) {
			t.Errorf("Person(999) = %v", err)
		}
		now := d.Now()
		for i := range 3 {
			if err := d.Store.AddFailure(ctx, "s", now.Add(time.Duration(i)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		n, oldest, err := d.Store.Failures(ctx, "s", now.Add(time.Minute))
		if err != nil || n != 2 || !oldest.Equal(now.Add(time.Minute)) {
			t.Errorf("Failures = %d since %v, %v", n, oldest, err)
		}
		if err := d.Store.ClearFailures(ctx, "s"); err != nil {
			t.Fatal(err)
		}
		if n, _, _ := d.Store.Failures(ctx, "s", time.Time{}); n != 0 {
			t.Errorf("%d failures after clearing", n)
		}
		if err := d.Store.AddSetupToken(ctx, "h", now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := d.Store.UseSetupToken(ctx, "h", now.Add(2*time.Minute)); !errors.Is(err, errs.NotFound) {
			t.Errorf("an expired token: %v", err)
		}
		if err := d.Store.UseSetupToken(ctx, "h", now); err != nil {
			t.Error(err)
		}
		if err := d.Store.UseSetupToken(ctx, "h", now); !errors.Is(err, errs.NotFound) {
			t.Errorf("a used token: %v", err)
		}
	})
}

func TestSessionsExpireAndEnd(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		now := storetest.Start
		s := store.Sessions{Store: d.Store, Now: func() time.Time { return now }}
		for _, data := range []string{"one", "two"} {
			if err := s.Commit("t", []byte(data), now.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if data, ok, err := s.Find("t"); string(data) != "two" || !ok || err != nil {
			t.Errorf("Find = %q, %v, %v", data, ok, err)
		}
		now = now.Add(time.Hour)
		if _, ok, err := s.Find("t"); ok || err != nil {
			t.Errorf("an expired session is found: %v, %v", ok, err)
		}
		if err := s.Commit("u", []byte{}, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete("u"); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := s.Find("u"); ok {
			t.Error("a deleted session is found")
		}
	})
}

func TestBothDatabasesAreTestedInCI(t *testing.T) {
	if os.Getenv(storetest.EnvPostgres) == "" && os.Getenv("CI") != "" {
		t.Fatalf("%s is not set: in CI both databases are tested", storetest.EnvPostgres)
	}
}

// TestRareKindsAndPrioritiesAreListedInOrder: what is found by its kind or its
// priority, and what is found by walking, is the same list, page by page.
func TestRareKindsAndPrioritiesAreListedInOrder(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		for i := range 30 {
			d.Pass(time.Duration(i%7) * time.Minute)
			id := d.Claim(fmt.Sprintf("crime fell by %d percent", i))
			if i%3 == 0 {
				d.Do(id, d.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.HighPriority })
			}
		}
		if _, err := storetest.Raw(t, dsn).Exec("UPDATE claims SET kind = 'law' WHERE id % 5 = 0"); err != nil {
			t.Fatal(err)
		}
		for _, o := range []review.Order{review.Newest, review.Best, review.Pressing, review.Worth} {
			all := list(t, d, review.Filter{States: []review.State{review.Triage}, Order: o, Limit: 200}, nil)
			law := func(r review.Row) bool { return r.Kind == claims.Law }
			high := func(r review.Row) bool { return r.Priority == review.HighPriority }
			for _, f := range []struct {
				filter review.Filter
				keeps  func(review.Row) bool
			}{
				{review.Filter{Kinds: []claims.Kind{claims.Law}}, law},
				{review.Filter{Priorities: []review.Priority{review.HighPriority}}, high},
				{review.Filter{Kinds: []claims.Kind{claims.Law}, Priorities: []review.Priority{review.HighPriority}}, func(r review.Row) bool { return law(r) && high(r) }},
			} {
				f.filter.States, f.filter.Order, f.filter.Limit = []review.State{review.Triage}, o, 4
				want := slices.DeleteFunc(slices.Clone(all), func(r review.Row) bool { return !f.keeps(r) })
				got := list(t, d, f.filter, f.keeps)
				if len(want) == 0 || !slices.EqualFunc(got, want, func(a, b review.Row) bool { return a.ReviewID == b.ReviewID }) {
					t.Errorf("%s, %+v: %d rows, want %d in their order", o, f.filter, len(got), len(want))
				}
			}
		}
	})
}

// list reads a list page by page.
func list(t *testing.T, d *storetest.Desk, f review.Filter, keeps func(review.Row) bool) (all []review.Row) {
	t.Helper()
	for {
		rows, err := d.Store.Rows(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if keeps != nil && !keeps(r) {
				t.Errorf("%+v lists %+v", f, r)
			}
		}
		if all = append(all, rows...); len(rows) < f.Limit || len(all) > 200 {
			return all
		}
		f.After = review.CursorAfter(rows[len(rows)-1], f.Order)
	}
}

// TestAReadThatIsCancelledIsAnError: a request or a server that ends in the middle
// of a read gets an error, whichever way the read asks the database.
func TestAReadThatIsCancelledIsAnError(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.Claim("crime fell 12%")
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		q, err := search.Ask("crime")
		if err != nil {
			t.Fatal(err)
		}
		for name, read := range map[string]func() error{
			"Counts": func() error { _, err := d.Store.Counts(gone); return err },
			"Rows": func() error {
				_, err := d.Store.Rows(gone, review.Filter{States: []review.State{review.Triage}, Kinds: []claims.Kind{claims.Law}})
				return err
			},
			"NextJob":   func() error { _, _, err := d.Store.NextJob(gone, []string{"any"}); return err },
			"IndexMark": func() error { _, err := d.Store.IndexMark(gone); return err },
			"IndexSize": func() error { _, err := d.Store.IndexSize(gone); return err },
			"Astray":    func() error { _, err := d.Store.Astray(gone); return err },
			"Dossier":   func() error { _, err := d.Store.Dossier(gone, 1); return err },
			"Search":    func() error { _, err := d.Store.Search(gone, q, search.Filter{}); return err },
		} {
			if err := read(); errs.KindOf(err) != errs.Canceled {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
