package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/backup"
	"factcheck/internal/errs"
)

// folder keeps files in memory; what is read is a file on the disk.
type folder struct {
	t    *testing.T
	kept map[string]string
}

func (f folder) All(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, hash := range slices.Sorted(maps.Keys(f.kept)) {
			if !yield(hash, nil) {
				return
			}
		}
	}
}

func (f folder) Open(hash string) (*os.File, error) {
	path := filepath.Join(f.t.TempDir(), hash)
	if err := os.WriteFile(path, []byte(f.kept[hash]), 0o600); err != nil {
		return nil, err
	}
	return os.Open(path)
}

func (f folder) Put(data []byte) (string, error) {
	hash := hashOf(string(data))
	f.kept[hash] = string(data)
	return hash, nil
}

func hashOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// written is an archive of a database and two files.
func written(t *testing.T) ([]byte, folder, backup.Manifest) {
	t.Helper()
	db := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(db, []byte("rows and rows"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := folder{t, map[string]string{hashOf("a page"): "a page", hashOf("a picture"): "a picture"}}
	var b bytes.Buffer
	m, err := backup.Write(t.Context(), &b, db, files, backup.Manifest{Program: "1.2", Made: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), files, m
}

func read(t *testing.T, archive []byte) (backup.Manifest, string, folder, error) {
	t.Helper()
	db := filepath.Join(t.TempDir(), "b.db")
	files := folder{t, map[string]string{}}
	m, err := backup.Read(t.Context(), bytes.NewReader(archive), db, files)
	text, _ := os.ReadFile(db) // not there if nothing was found
	return m, string(text), files, err
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	archive, files, m := written(t)
	got, db, back, err := read(t, archive)
	if err != nil || got != m || db != "rows and rows" || !maps.Equal(back.kept, files.kept) {
		t.Errorf("read back %+v, %q, %v, %v; written %+v", got, db, back.kept, err, m)
	}
	if m.Database != hashOf("rows and rows") || m.Files != 2 || m.Evidence != int64(len("a page")+len("a picture")) {
		t.Errorf("manifest = %+v", m)
	}
}

// TestABackupThatWasCutShortIsRefused cuts the archive at many places.
func TestABackupThatWasCutShortIsRefused(t *testing.T) {
	archive, _, _ := written(t)
	whole := bytes.TrimRight(archive, "\x00") // a tar ends in blocks of zeros, which may go
	for n := 0; n < len(whole)-1; n += 29 {   // a prime: within headers, content and padding
		if _, _, _, err := read(t, archive[:n]); !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "not a whole backup") {
			t.Fatalf("cut at %d of %d: %v (%s)", n, len(archive), err, errs.Message(err))
		}
	}
}

// TestABackupThatWasChangedIsRefused flips a bit in the content of every part.
func TestABackupThatWasChangedIsRefused(t *testing.T) {
	archive, _, _ := written(t)
	for _, part := range []string{"rows and rows", "a page", "a picture", `"files": 2`, `"format": 1`, `"bytes": 13`} {
		i := bytes.Index(archive, []byte(part))
		if i < 0 {
			t.Fatalf("there is no %q", part)
		}
		changed := bytes.Clone(archive)
		changed[i+len(part)-1] ^= 2
		if _, _, _, err := read(t, changed); !errors.Is(err, errs.Invalid) {
			t.Errorf("with another %q: %v", part, err)
		}
	}
}

// member is one file of an archive.
type member struct{ name, body string }

func packed(t *testing.T, kind byte, all ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range all {
		if err := w.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.body)), Mode: 0o600, Typeflag: kind, Linkname: "x"}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, m.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOnlyWhatABackupHoldsIsTaken(t *testing.T) {
	manifest := func(m backup.Manifest) member {
		body, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return member{"manifest.json", string(body)}
	}
	good := manifest(backup.Manifest{Format: 1, Database: hashOf("rows"), Bytes: 4, Files: 1, Evidence: 4})
	newer := manifest(backup.Manifest{Format: 2, Database: hashOf("rows"), Bytes: 4, Files: 1, Evidence: 4})
	db, page := member{"desk.db", "rows"}, member{"evidence/" + hashOf("page"), "page"}
	if _, _, _, err := read(t, packed(t, tar.TypeReg, db, page, good)); err != nil {
		t.Fatal(err)
	}
	tests := map[string][]byte{
		"nothing":                    packed(t, tar.TypeReg),
		"not an archive":             []byte(strings.Repeat("no archive ", 100)),
		"a manifest alone":           packed(t, tar.TypeReg, good),
		"no manifest":                packed(t, tar.TypeReg, db, page),
		"a file less":                packed(t, tar.TypeReg, db, good),
		"a file under another name":  packed(t, tar.TypeReg, db, member{"evidence/" + hashOf("other"), "page"}, good),
		"a file outside":             packed(t, tar.TypeReg, db, member{"../evidence/" + hashOf("page"), "page"}, good),
		"a file in a folder within":  packed(t, tar.TypeReg, db, member{"evidence/a/" + hashOf("page"), "page"}, good),
		"evidence before its rows":   packed(t, tar.TypeReg, page, db, good),
		"two databases":              packed(t, tar.TypeReg, db, db, page, good),
		"something after the end":    packed(t, tar.TypeReg, db, page, good, page),
		"a link":                     packed(t, tar.TypeSymlink, member{name: "desk.db"}),
		"a newer format":             packed(t, tar.TypeReg, db, page, newer),
		"a manifest of another desk": packed(t, tar.TypeReg, member{"desk.db", "ROWS"}, page, good),
	}
	for name, archive := range tests {
		t.Run(name, func(t *testing.T) {
			if _, _, _, err := read(t, archive); !errors.Is(err, errs.Invalid) || errs.Message(err) == "" {
				t.Errorf("read = %v (%q)", err, errs.Message(err))
			}
		})
	}
}

func TestADamagedFileIsNotBackedUp(t *testing.T) {
	db := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(db, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	files := folder{t, map[string]string{hashOf("a page"): "a pale"}}
	if _, err := backup.Write(t.Context(), io.Discard, db, files, backup.Manifest{}); !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), hashOf("a page")) {
		t.Errorf("write = %v (%s)", err, errs.Message(err))
	}
}
