package earlier

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheFileOfVectorsHasNoName writes and reads it, and looks for what is left
// in its folder.
func TestTheFileOfVectorsHasNoName(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f, err := openRows()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%s is left in the folder", left[0].Name())
	}
	got := make([]byte, 3)
	if _, err := f.WriteAt([]byte("abc"), 512); err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadAt(got, 512); err != nil || string(got) != "abc" {
		t.Errorf("read back as %q, %v", got, err)
	}
}

func TestWithoutAFileVectorsStayInMemoryAndTheLogSaysSo(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	if _, err := openRows(); err == nil || !strings.Contains(log.String(), "stay in memory") {
		t.Errorf("%v; the log says %q", err, log.String())
	}
	t.Setenv("TMPDIR", t.TempDir())
	f, err := openRows()
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if _, err := f.WriteAt([]byte("a"), 0); err == nil || !strings.Contains(log.String(), "cannot be written") {
		t.Errorf("%v; the log says %q", err, log.String())
	}
}
