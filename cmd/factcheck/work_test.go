package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"factcheck/internal/evidence"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

func TestTheFolderOfEvidenceLiesBesideTheDatabase(t *testing.T) {
	for desk, want := range map[string]string{"": "desk.evidence", "politics": "desk.politics.evidence"} {
		if got := (folder{}).dir("desk.db", desk); got != want {
			t.Errorf("of desk %q: %s, want %s", desk, got, want)
		}
	}
	if got := (folder{"/srv/evidence"}).dir("desk.db", "politics"); got != "/srv/evidence/politics" {
		t.Errorf("of another desk: %s", got)
	}
	tests := []struct{ db, flag, want string }{
		{"factcheck.db", "", "factcheck.evidence"},
		{"/var/lib/factcheck/desk.db", "", "/var/lib/factcheck/desk.evidence"},
		{"desk", "", "desk.evidence"},
		{"postgres://desk@db.example/desk?sslmode=require", "", "factcheck.evidence"},
		{"factcheck.db", "/srv/evidence", "/srv/evidence"},
	}
	for _, tt := range tests {
		if got := (folder{tt.flag}).dir(tt.db, ""); got != tt.want {
			t.Errorf("of %s with %q: %s, want %s", tt.db, tt.flag, got, tt.want)
		}
	}
}

// verified is what "factcheck verify" prints, and its error.
func verified(t *testing.T, db string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := verifyCmd{database: database{DB: db}}.Run(t.Context(), &env{stdout: &out, now: time.Now})
	return out.String(), err
}

func TestVerifyReadsEveryFileOfTheEvidence(t *testing.T) {
	db := filepath.Join(t.TempDir(), "desk.db")
	st := storetest.Open(t, db)
	d := storetest.NewDesk(t, st)
	id := d.Claim("crime fell 12%")
	d.Researched(id)
	if out, err := verified(t, db); err != nil || !strings.Contains(out, "0 files of evidence") {
		t.Fatalf("without a file: %s%v", out, err)
	}
	work, err := capturing{}.work(st, &env{now: d.Now}, folder{}.dir(db, ""), false)
	if err != nil {
		t.Fatal(err)
	}
	defer work.Evidence.Files.Close()
	kept, err := work.Evidence.Receive(1, "letter.pdf", strings.NewReader("%PDF-1.7 The letter."))
	if err == nil {
		_, err = work.Evidence.Attach(t.Context(), kept, d.Dossier(id).Evidence[0].ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := verified(t, db); err != nil || !strings.Contains(out, "1 files of evidence") || !strings.Contains(out, "The record holds.") {
		t.Fatalf("with a file: %s%v", out, err)
	}
	path := filepath.Join(strings.TrimSuffix(db, ".db")+".evidence", kept.BodySHA256[:2], kept.BodySHA256)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("%PDF-1.7 Another letter."), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := verified(t, db); err == nil || !strings.Contains(out, kept.BodySHA256) || !strings.Contains(out, "is damaged") {
		t.Errorf("with a damaged file: %s%v", out, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if out, err := verified(t, db); err == nil || !strings.Contains(out, "is not among the evidence") {
		t.Errorf("without its file: %s%v", out, err)
	}
	if err := os.RemoveAll(filepath.Dir(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	if out, err := verified(t, db); err == nil || !strings.Contains(out, "is not there") {
		t.Errorf("without its folder: %s%v", out, err)
	}
}

func TestAMoveOnTheCommandLineLeavesItsJobs(t *testing.T) {
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	d := storetest.NewDesk(t, st)
	d.Reviews = reviewsOf(st, &env{now: d.Now})
	id := d.Claim("crime fell 12%")
	d.Researched(id)
	d.Do(id, d.Ana, review.Submit)
	d.Do(id, d.Edith, review.Approve)
	d.Do(id, d.Edith, review.Schedule, func(c *review.Command) { c.At = storetest.Start.Add(time.Hour) })
	waiting, err := st.Jobs(t.Context(), "waiting")
	if err != nil || len(waiting) != 3 {
		t.Fatalf("%d jobs wait, %v: want two captures and one publication", len(waiting), err)
	}
	if j := waiting[0]; j.Kind != "review.publish" || !j.RunAt.Equal(storetest.Start.Add(time.Hour)) {
		t.Errorf("the newest is %+v", j)
	}
	if waiting[2].Kind != (evidence.CaptureArgs{}).Kind() {
		t.Errorf("the oldest is %+v", waiting[2])
	}
}
