package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"factcheck/internal/evidence"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// commandLine runs one command line and returns what it printed.
func commandLine(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out, problems bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &problems, now: time.Now}
	code := run(context.Background(), e, args)
	return out.String() + problems.String(), code
}

// TestBackupsUnderLoadRestore takes backups of a desk while reviews move and
// evidence comes in, and restores each: the record holds, every file that a row
// names is there, and nobody is signed in.
func TestBackupsUnderLoadRestore(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "desk.db")
	d := storetest.NewDesk(t, storetest.Open(t, db))
	d.NoCopies = true
	id := d.Claim("crime fell 12%")
	d.Do(id, d.Ana, review.Accept, func(c *review.Command) { c.Claim = draftOf(d.Dossier(id)) })
	d.Do(id, d.Ana, review.Take)
	files, err := evidence.OpenFiles(filepath.Join(dir, "desk.evidence"))
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := storetest.Raw(t, db).Exec("INSERT INTO sessions (token, data, expires_at) VALUES ('a stolen session', x'00', 9000000000000000)"); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan int)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				stopped <- n
				return
			default:
				capturedOnce(t, d, files, id, n)
			}
		}
	}()
	var backups []string
	for i := range 4 {
		to := filepath.Join(dir, fmt.Sprintf("desk-%d.tar", i))
		if out, code := commandLine(t, "backup", "--db", db, to); code != exitOK {
			t.Errorf("backup: %s", out)
		}
		backups = append(backups, to)
	}
	close(stop)
	if n := <-stopped; n == 0 {
		t.Error("nothing was written meanwhile")
	}
	for i, from := range backups {
		restored := filepath.Join(dir, fmt.Sprintf("restored-%d.db", i))
		out, code := commandLine(t, "restore", "--db", restored, from)
		if code != exitOK || !strings.Contains(out, "The record holds.") {
			t.Errorf("restore: %s", out)
		}
		if whole, err := os.ReadFile(restored); err != nil || bytes.Contains(whole, []byte("a stolen session")) {
			t.Errorf("a session is in the backup, %v", err)
		}
	}
}

func draftOf(d review.Dossier) *review.ClaimDraft {
	return &review.ClaimDraft{Text: d.Claim.Text, Kind: d.Claim.Kind, Lang: d.Claim.Lang, Claimant: d.Claimant.Name, ClaimantKind: d.Claimant.Kind, Chosen: "Widely shared"}
}

// capturedOnce adds a piece of evidence with a file of its own; of more than a
// few, the oldest goes.
func capturedOnce(t *testing.T, d *storetest.Desk, files *evidence.Files, id int64, n int) {
	got := d.Dossier(id)
	if len(got.Evidence) > 20 {
		d.Do(id, d.Ana, review.RemoveEvidence, func(c *review.Command) { c.EvidenceID = got.Evidence[0].ID })
	}
	d.Evidence(id, d.Ana, fmt.Sprintf("https://stats.example.org/%d", n), review.Context)
	text := fmt.Sprintf("table %d", n)
	hash, err := files.Put([]byte(text))
	if err != nil {
		t.Error(err)
		return
	}
	got = d.Dossier(id)
	piece := got.Evidence[len(got.Evidence)-1]
	_, err = d.Store.AddCapture(context.Background(), evidence.Capture{
		EvidenceID: piece.ID, Kind: evidence.Web, Address: piece.URL, FinalAddress: piece.URL, Status: 200, ContentType: "text/plain", MediaType: "text/plain",
		Title: "A table", BodySHA256: hash, BodyBytes: int64(len(text)), TextSHA256: hash, Verdict: evidence.First, CapturedAt: d.Now(),
		Files: []evidence.File{{Role: evidence.Text, SHA256: hash, Bytes: int64(len(text)), MediaType: "text/plain", Name: "text.txt"}},
	})
	if err != nil {
		t.Error(err)
	}
}

// TestABackupOfPostgresNamesItsProgram says what to do instead.
func TestABackupOfPostgresNamesItsProgram(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		storetest.NewDesk(t, storetest.Open(t, dsn))
		to := filepath.Join(t.TempDir(), "desk.tar")
		out, code := commandLine(t, "backup", "--db", dsn, "--evidence", t.TempDir(), to)
		if !strings.HasPrefix(dsn, "postgres") {
			if code != exitOK {
				t.Errorf("backup: %s", out)
			}
			return
		}
		if code == exitOK || !strings.Contains(out, "pg_dump") {
			t.Errorf("backup of PostgreSQL ends with %d: %s", code, out)
		}
		if _, err := os.Stat(to); err == nil {
			t.Error("it left a file")
		}
	})
}
