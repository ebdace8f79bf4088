package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/fetch"
	"factcheck/internal/jobs"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// shot is a capture with every field set.
func shot(piece, by, compared int64) evidence.Capture {
	hash := strings.Repeat("ab", 32)
	return evidence.Capture{
		EvidenceID: piece, Kind: evidence.Web, Address: "https://stats.example.org/table", FinalAddress: "https://stats.example.org/table/", Status: 200,
		ContentType: "text/html; charset=utf-8", MediaType: "text/html", Title: "A table", BodySHA256: hash, BodyBytes: 1234, TextSHA256: hash,
		Verdict: evidence.Changed, Problem: "No picture was taken.", ComparedID: compared, CapturedAt: storetest.Start.Add(time.Microsecond), CapturedBy: by,
		Files: []evidence.File{
			{Role: evidence.Archive, SHA256: hash, Bytes: 999, MediaType: "application/warc", Name: "stats.example.org.warc.gz"},
			{Role: evidence.Text, SHA256: hash, Bytes: 12, MediaType: "text/plain", Name: "text.txt"},
		},
	}
}

func add(t *testing.T, st *store.Store, c evidence.Capture) evidence.Capture {
	t.Helper()
	got, err := st.AddCapture(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// pieces are the ids of the evidence of a review, by number.
func pieces(d *storetest.Desk, id int64) (ids []int64) {
	for _, e := range d.Dossier(id).Evidence {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestACaptureIsStoredWhole(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		piece := pieces(d, id)[0]
		bare := add(t, d.Store, evidence.Capture{EvidenceID: piece, Kind: evidence.Upload, Verdict: evidence.First, CapturedAt: storetest.Start})
		want := shot(piece, d.Ana.ID, bare.ID)
		got := add(t, d.Store, want)
		want.ID, want.Files = got.ID, slices.Clone(want.Files)
		for i := range want.Files {
			want.Files[i].ID, want.Files[i].CaptureID = got.Files[i].ID, got.ID
		}
		if diff := cmp.Diff(want, got); diff != "" || got.ID == 0 || got.Files[0].ID == 0 {
			t.Errorf("added (-want +got):\n%s", diff)
		}
		all, err := d.Store.Captures(ctx, piece)
		if diff := cmp.Diff([]evidence.Capture{bare, want}, all); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if f, err := d.Store.CaptureFile(ctx, got.ID, evidence.Text); err != nil || f != want.Files[1] {
			t.Errorf("file %+v, %v", f, err)
		}
		for _, role := range []evidence.Role{evidence.Screenshot, "text' OR '1'='1"} {
			if f, err := d.Store.CaptureFile(ctx, got.ID, role); !errors.Is(err, errs.NotFound) {
				t.Errorf("file %+v, %v", f, err)
			}
		}
		if address, err := d.Store.EvidenceAddress(ctx, piece); err != nil || address != "https://stats.example.org/table" {
			t.Errorf("address %q, %v", address, err)
		}
		if _, err := d.Store.EvidenceAddress(ctx, 999); !errors.Is(err, errs.NotFound) || errs.Message(err) == "" {
			t.Error(err)
		}
		if _, err := d.Store.AddCapture(ctx, shot(999, d.Ana.ID, 0)); err == nil {
			t.Error("a capture of no evidence was stored")
		}
		var files []int64
		for f, err := range d.Store.AllCaptureFiles(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f.ID)
		}
		if !slices.Equal(files, []int64{want.Files[0].ID, want.Files[1].ID}) {
			t.Errorf("files %v", files)
		}
	})
}

func TestCapturesStayAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		add(t, d.Store, shot(pieces(d, id)[0], d.Ana.ID, 0))
		db := storetest.Raw(t, dsn)
		for _, change := range []string{
			"UPDATE captures SET title = 'x'", "UPDATE captures SET verdict = 'same'", "DELETE FROM captures",
			"UPDATE capture_files SET sha256 = '" + strings.Repeat("0", 64) + "'", "DELETE FROM capture_files",
		} {
			if _, err := db.Exec(change); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", change, err)
			}
		}
		for _, wrong := range []string{
			"INSERT INTO capture_files (capture_id, role, sha256, bytes, media_type, name) VALUES (1, 'warc', 'short', 1, '', '')",
			"INSERT INTO capture_files (capture_id, role, sha256, bytes, media_type, name) VALUES (1, 'page', '" + strings.Repeat("0", 64) + "', 1, '', '')",
			"INSERT INTO capture_files (capture_id, role, sha256, bytes, media_type, name) VALUES (1, 'text', '" + strings.Repeat("0", 64) + "', 1, '', '')", // it has one
		} {
			if _, err := db.Exec(wrong); err == nil {
				t.Errorf("taken: %s", wrong)
			}
		}
	})
}

func TestAReplacedPieceHandsItsCapturesOn(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		before := pieces(d, id)
		first := add(t, d.Store, shot(before[0], 0, 0))
		other := add(t, d.Store, shot(before[1], 0, 0))
		edit := func(n int, change func(e *review.Evidence)) int64 {
			d.Do(id, d.Ana, review.EditEvidence, func(c *review.Command) {
				e := d.Dossier(id).Evidence[n]
				change(&e)
				c.Evidence, c.EvidenceID = &e, e.ID
			})
			return pieces(d, id)[n]
		}
		mended := edit(0, func(e *review.Evidence) { e.Note = "Table 3." })
		moved := edit(1, func(e *review.Evidence) { e.URL = "https://audit.example.net/other" })
		if mended == before[0] || moved == before[1] {
			t.Fatal("evidence was not replaced")
		}
		second := add(t, d.Store, shot(mended, 0, first.ID))
		all, err := d.Store.CapturesOf(ctx, []int64{mended, moved, before[0], before[1]})
		want := map[int64][]evidence.Capture{mended: {first, second}, before[0]: {first}, before[1]: {other}}
		if diff := cmp.Diff(want, all); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if none, err := d.Store.CapturesOf(ctx, nil); err != nil || len(none) != 0 {
			t.Errorf("%v, %v", none, err)
		}
	})
}

func TestWhichSourcesAreToBeLookedAtAgain(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		d.Evidence(id, d.Ana, "https://a.example.org/", review.Context)
		d.Evidence(id, d.Ana, "https://b.example.org/", review.Context)
		p := pieces(d, id)
		look := func(piece int64, kind evidence.Kind, v evidence.Verdict, day int) {
			c := shot(piece, 0, 0)
			c.Kind, c.Verdict, c.CapturedAt = kind, v, storetest.Start.AddDate(0, 0, day)
			add(t, d.Store, c)
		}
		look(p[0], evidence.Web, evidence.First, 0)
		look(p[1], evidence.Web, evidence.First, 0)
		look(p[1], evidence.Web, evidence.Vanished, 6)
		look(p[2], evidence.Upload, evidence.First, 0)
		due := func(day int, after int64, limit int) []int64 {
			ids, err := d.Store.DueCaptures(ctx, storetest.Start.AddDate(0, 0, day), after, limit)
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		if got := due(0, 0, 10); len(got) != 0 {
			t.Errorf("just looked at: %v", got)
		}
		if got := due(5, 0, 10); !slices.Equal(got, []int64{p[0]}) {
			t.Errorf("after five days %v of %v", got, p)
		}
		if got := due(9, 0, 10); !slices.Equal(got, []int64{p[0], p[1]}) {
			t.Errorf("after nine days %v of %v", got, p)
		}
		if got := due(9, p[0], 10); !slices.Equal(got, []int64{p[1]}) {
			t.Errorf("the next page %v", got)
		}
		if got := due(9, 0, 1); !slices.Equal(got, []int64{p[0]}) {
			t.Errorf("a page of one %v", got)
		}
		d.Do(id, d.Ana, review.EditEvidence, func(c *review.Command) {
			e := d.Dossier(id).Evidence[0]
			e.Note = "Table 3."
			c.Evidence, c.EvidenceID = &e, e.ID
		})
		d.Do(id, d.Ana, review.RemoveEvidence, func(c *review.Command) { c.EvidenceID = p[1] })
		if got := due(9, 0, 10); !slices.Equal(got, pieces(d, id)[:1]) {
			t.Errorf("what was replaced and removed: %v of %v", got, pieces(d, id))
		}
	})
}

// TestASourceIsCapturedByAJob runs all of it: a job of a transaction, a site, a
// folder, rows, and a schedule that looks again.
func TestASourceIsCapturedByAJob(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		text := "Crime fell by 12 per cent."
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) }))
		defer site.Close()
		d.NoCopies = true
		id := d.Claim("crime fell 12%")
		d.Researched(id)
		d.Evidence(id, d.Ana, site.URL, review.Supports)
		piece := pieces(d, id)[2]

		files, err := evidence.OpenFiles(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		now := storetest.Start
		clock := func() time.Time { return now }
		queue := &jobs.Queue{Store: d.Store, Now: clock, Bell: jobs.NewBell()}
		service := &evidence.Service{
			Store: d.Store, Files: files, Now: clock, Guard: fetch.Guard{AllowLoopback: true},
			Read: func(data []byte, _, _ string) (string, string, error) { return "A title", string(data), nil },
			Enqueue: func(ctx context.Context, a evidence.CaptureArgs) error {
				_, err := queue.Enqueue(ctx, a, jobs.Key(fmt.Sprint(a.EvidenceID)))
				return err
			},
		}
		done := make(chan error, 10)
		h := new(jobs.Handlers)
		jobs.Handle(h, func(ctx context.Context, a evidence.CaptureArgs) error {
			err := service.CaptureJob(ctx, a)
			done <- err
			return err
		})
		jobs.Handle(h, service.LookAgainJob)

		err = d.Store.InTx(ctx, func(ctx context.Context) error {
			for range 3 {
				if err := service.Enqueue(ctx, evidence.CaptureArgs{EvidenceID: piece, PersonID: d.Ana.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// run runs a runner until one capture has been made.
		run := func() {
			t.Helper()
			stop, cancel := context.WithCancel(ctx)
			ended := make(chan error, 1)
			go func() {
				ended <- jobs.Runner{Store: d.Store, Handlers: h, Now: clock, Bell: queue.Bell}.Run(stop)
			}()
			if err := <-done; err != nil {
				t.Error(err)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		run()
		now, text = now.AddDate(0, 0, 8), "Crime fell by 7 per cent."
		if _, err := queue.Enqueue(ctx, evidence.LookAgainArgs{}); err != nil {
			t.Fatal(err)
		}
		run()

		got, err := d.Store.Captures(ctx, piece)
		if err != nil || len(got) != 2 || got[0].Verdict != evidence.First || got[1].Verdict != evidence.Changed || got[0].CapturedBy != d.Ana.ID || got[1].CapturedBy != 0 || got[1].ComparedID != got[0].ID {
			t.Fatalf("captures %+v, %v", got, err)
		}
		changes, err := service.Changes(got[0], got[1])
		if err != nil || len(changes) != 4 || changes[2].Text != "7 " {
			t.Errorf("changes %q, %v", changes, err)
		}
		kept := 0
		for f, err := range d.Store.AllCaptureFiles(ctx) {
			if err != nil || files.Verify(f.SHA256) != nil {
				t.Errorf("%+v: %v, %v", f, err, files.Verify(f.SHA256))
			}
			kept++
		}
		if kept != 4 {
			t.Errorf("%d files", kept)
		}
	})
}
