package storetest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/jobs"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// lookAt is a look at a piece.
func lookAt(piece int64, v evidence.Verdict, compared int64, when time.Time) evidence.Capture {
	c := shot(piece, 0, compared)
	c.Verdict, c.CapturedAt = v, when
	return c
}

func TestADossierKnowsWhatIsKept(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		p := pieces(d, id)
		if c := d.Dossier(id).Copies[p[0]]; c.SHA256 != "" || c.Looks != 0 || !slices.Equal(c.Cites, []int{1}) {
			t.Fatalf("before any look: %+v", c)
		}
		first := add(t, d.Store, lookAt(p[0], evidence.First, 0, storetest.Start))
		add(t, d.Store, lookAt(p[0], evidence.Same, first.ID, storetest.Start.Add(time.Hour)))
		gone := lookAt(p[0], evidence.Vanished, first.ID, storetest.Start.Add(2*time.Hour))
		gone.Problem = "stats.example.org answered 404 Not Found."
		last := add(t, d.Store, gone)
		want := review.Copy{
			CaptureID: first.ID, Title: "A table", SHA256: first.BodySHA256, At: storetest.Start, Cites: []int{1}, Looks: 3,
			Last: review.LastLook{CaptureID: last.ID, Found: "vanished", Problem: gone.Problem, At: storetest.Start.Add(2 * time.Hour)},
		}
		got := d.Dossier(id).Copies[p[0]]
		if !slices.Equal(got.Cites, want.Cites) || got.CaptureID != want.CaptureID || got.SHA256 != want.SHA256 || !got.At.Equal(want.At) ||
			got.Looks != 3 || got.Last != want.Last || !got.Drifted() {
			t.Errorf("kept %+v, want %+v", got, want)
		}

		d.Do(id, d.Ben, review.EditEvidence, func(c *review.Command) {
			e := d.Dossier(id).Evidence[0]
			c.EvidenceID = e.ID
			e.Note = "Page 3."
			c.Evidence = &e
		})
		e := d.Dossier(id).Evidence[0]
		if c := d.Dossier(id).Copies[e.ID]; e.ID == p[0] || c.CaptureID != first.ID || !slices.Equal(c.Cites, []int{1}) {
			t.Errorf("a piece whose note was mended has %+v", c)
		}
	})
}

func TestADossierKnowsOfTheJobThatLooks(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		p := pieces(d, id)[0]
		q := &jobs.Queue{Store: d.Store, Now: d.Now}
		if _, err := q.Enqueue(ctx, evidence.CaptureArgs{EvidenceID: p}, jobs.Key(key(p))); err != nil {
			t.Fatal(err)
		}
		if c := d.Dossier(id).Copies[p]; !c.Waiting || c.Problem != "" {
			t.Errorf("waiting: %+v", c)
		}
		now := d.Now()
		leased, err := d.Store.LeaseJobs(ctx, jobs.Lease{Kinds: []string{evidence.CaptureArgs{}.Kind()}, Worker: "w", Limit: 1, Now: now, Ends: now.Add(time.Minute)})
		if err != nil || len(leased) != 1 {
			t.Fatal(leased, err)
		}
		if ok, err := d.Store.SettleJob(ctx, leased[0], jobs.Outcome{State: jobs.Dead, Attempts: 1, At: now, LastError: "No answer came.\nevidence: upstream"}); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if c := d.Dossier(id).Copies[p]; c.Waiting || c.Problem != "No answer came." {
			t.Errorf("given up: %+v", c)
		}
	})
}

func key(n int64) string { return fmt.Sprint(n) }

func TestWhatWasNeverAskedForIsFound(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		d.Evidence(id, d.Ana, "https://third.example.org", review.Context)
		d.Do(id, d.Ana, review.AddEvidence, func(c *review.Command) {
			c.Evidence = &review.Evidence{URL: "https://paid.example.org", NoCopy: "Paid.", Stance: review.Context}
		})
		d.Do(id, d.Ana, review.AddEvidence, func(c *review.Command) {
			c.Evidence = &review.Evidence{Title: "A letter", Stance: review.Context}
		})
		p := pieces(d, id)
		add(t, d.Store, lookAt(p[0], evidence.First, 0, storetest.Start))
		q := &jobs.Queue{Store: d.Store, Now: d.Now}
		if _, err := q.Enqueue(ctx, evidence.CaptureArgs{EvidenceID: p[1]}, jobs.Key(key(p[1]))); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Store.Uncaptured(ctx, 0, 10); err != nil || !slices.Equal(got, p[2:3]) {
			t.Errorf("to be caught up with: %v of %v, %v", got, p, err)
		}
		if got, err := d.Store.Uncaptured(ctx, p[2], 10); err != nil || len(got) != 0 {
			t.Errorf("the next page: %v, %v", got, err)
		}
	})
}

func TestTheListOfDriftHoldsTheLastLookAlone(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		p := pieces(d, id)
		a := add(t, d.Store, lookAt(p[0], evidence.First, 0, storetest.Start))
		b := add(t, d.Store, lookAt(p[1], evidence.First, 0, storetest.Start))
		add(t, d.Store, lookAt(p[0], evidence.Changed, a.ID, storetest.Start.Add(time.Hour)))
		second := add(t, d.Store, lookAt(p[1], evidence.Unreachable, b.ID, storetest.Start.Add(time.Hour)))
		third := add(t, d.Store, lookAt(p[0], evidence.Vanished, a.ID, storetest.Start.Add(2*time.Hour)))
		rows, err := d.Store.Drifted(ctx, review.DriftFilter{Limit: 10})
		if err != nil || len(rows) != 2 || rows[0].CaptureID != third.ID || rows[0].Found != "vanished" || rows[0].Claim != "crime fell 12%" ||
			rows[0].Number != 1 || rows[0].State != review.Research || !rows[0].FirstAt.Equal(storetest.Start) || rows[1].CaptureID != second.ID {
			t.Fatalf("%+v, %v", rows, err)
		}
		if rows, err = d.Store.Drifted(ctx, review.DriftFilter{Before: third.ID, Limit: 10}); err != nil || len(rows) != 1 || rows[0].CaptureID != second.ID {
			t.Errorf("the next page: %+v, %v", rows, err)
		}
		add(t, d.Store, lookAt(p[0], evidence.Same, a.ID, storetest.Start.Add(3*time.Hour)))
		d.Do(id, d.Ana, review.RemoveEvidence, func(c *review.Command) { c.EvidenceID = p[1] })
		if rows, err = d.Store.Drifted(ctx, review.DriftFilter{Limit: 10}); err != nil || len(rows) != 0 {
			t.Errorf("one is back and one removed: %+v, %v", rows, err)
		}
	})
}

// TestWhatWasSeenIsToBeSeenAgainOnceItIsAnother follows one source through what looks
// find, and says after each whether somebody has to see it.
func TestWhatWasSeenIsToBeSeenAgainOnceItIsAnother(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		piece := pieces(d, id)[0]
		drifts := &review.Drifts{Store: d.Store, Now: d.Now}
		first := add(t, d.Store, lookAt(piece, evidence.First, 0, storetest.Start))
		steps := []struct {
			name  string
			found evidence.Verdict
			text  string
			see   bool
			want  bool // it is to be seen
		}{
			{"changed", evidence.Changed, "a", false, true},
			{"still so, and seen", evidence.Changed, "a", true, false},
			{"still so", evidence.Changed, "a", false, false},
			{"no answer", evidence.Unreachable, "", false, true},
			{"still so after that", evidence.Changed, "a", false, false},
			{"other words", evidence.Changed, "b", true, false},
			{"the words before", evidence.Changed, "a", false, true},
			{"gone, and seen", evidence.Vanished, "", true, false},
			{"still gone", evidence.Vanished, "", false, false},
			{"back as it was", evidence.Same, "", false, false},
			{"gone again", evidence.Vanished, "", false, true},
		}
		for i, tt := range steps {
			look := lookAt(piece, tt.found, first.ID, storetest.Start.Add(time.Duration(i+1)*time.Hour))
			look.TextSHA256 = ""
			if tt.text != "" {
				look.TextSHA256 = review.HashSnapshot([]byte(tt.text))
			}
			look = add(t, d.Store, look)
			if tt.see {
				if err := drifts.See(ctx, review.Sight{EvidenceID: piece, CaptureID: look.ID, Note: "So it is.", By: d.Ana}); err != nil {
					t.Fatalf("%s: %v (%s)", tt.name, err, errs.Message(err))
				}
			}
			rows, err := d.Store.Drifted(ctx, review.DriftFilter{Limit: 10})
			last, _, err2 := d.Store.LastLook(ctx, piece)
			c := d.Dossier(id).Copies[piece]
			if err != nil || err2 != nil || (len(rows) == 1) != tt.want || c.ToSee() != tt.want || last != c.Last {
				t.Errorf("%s: listed %d, to be seen %v, want %v; %+v, %v, %v", tt.name, len(rows), c.ToSee(), tt.want, last, err, err2)
			}
		}
		for _, change := range []string{"UPDATE drift_seen SET note = 'x'", "DELETE FROM drift_seen"} {
			if _, err := storetest.Raw(t, dsn).Exec(change); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", change, err)
			}
		}
	})
}

func TestCopiesGoAlongWithAMerge(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		into := d.Claim("crime fell 12%")
		id := d.Claim("crime fell by 12 per cent")
		d.Researched(id)
		was := d.Dossier(id)
		d.Do(id, d.Edith, review.Merge, func(c *review.Command) { c.IntoID = into })
		got := d.Dossier(into)
		if len(got.Evidence) != 2 {
			t.Fatalf("%d pieces went along", len(got.Evidence))
		}
		for i, e := range got.Evidence {
			c, before := got.Copies[e.ID], was.Copies[was.Evidence[i].ID]
			if c.SHA256 != before.SHA256 || c.CaptureID == before.CaptureID || !c.At.Equal(before.At) {
				t.Errorf("[%d] has %+v, was %+v", e.Number, c, before)
			}
		}
	})
}

func TestCitationsAreNeverChanged(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		d.Researched(d.Claim("crime fell 12%"))
		db := storetest.Raw(t, dsn)
		for _, q := range []string{"UPDATE citations SET evidence_id = 1", "DELETE FROM citations"} {
			if _, err := db.Exec(q); err == nil {
				t.Errorf("%s is let through", q)
			}
		}
		if _, err := db.Exec("UPDATE evidence SET origin = 'tertiary'"); err == nil {
			t.Error("an origin that does not exist is let through")
		}
	})
}

func TestAPieceIsReadWithItsClaim(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		want := d.Dossier(id).Evidence[1]
		if e, claim, err := d.Store.Piece(ctx, want.ID); err != nil || e != want || claim != "crime fell 12%" {
			t.Errorf("%+v, %q, %v", e, claim, err)
		}
		if _, _, err := d.Store.Piece(ctx, 999); !errors.Is(err, errs.NotFound) {
			t.Error(err)
		}
	})
}
