package evidence

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"factcheck/internal/errs"
)

// helloHash is the SHA-256 of "hello".
const helloHash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

func openFiles(t *testing.T) (*Files, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "evidence")
	f, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

func content(t *testing.T, f *Files, hash string) string {
	t.Helper()
	file, err := f.Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAFileIsKnownByItsContent(t *testing.T) {
	f, dir := openFiles(t)
	for range 2 {
		hash, err := f.Put([]byte("hello"))
		if err != nil || hash != helloHash || content(t, f, hash) != "hello" || f.Verify(hash) != nil {
			t.Fatalf("%q, %v", hash, err)
		}
	}
	if left, err := os.ReadDir(filepath.Join(dir, incoming)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	for name, want := range map[string]os.FileMode{".": 0o700 | os.ModeDir, "2c": 0o700 | os.ModeDir, "2c/" + helloHash: 0o400} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != want {
			t.Errorf("%s: mode %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}

func TestADamagedFileIsFoundAndMended(t *testing.T) {
	f, dir := openFiles(t)
	if _, err := f.Put([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "2c", helloHash)
	for what, damage := range map[string]func() error{
		"changed":   func() error { return os.WriteFile(name, []byte("hellO"), 0o600) },
		"cut short": func() error { return os.Truncate(name, 2) },
		"gone":      func() error { return os.Remove(name) },
	} {
		if err := errors.Join(os.Chmod(name, 0o600), damage()); err != nil {
			t.Fatal(err)
		}
		err := f.Verify(helloHash)
		want := errs.Internal
		if what == "gone" {
			want = errs.NotFound
		}
		if errs.KindOf(err) != want || !strings.HasSuffix(errs.Message(err), ".") {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := f.Put([]byte("hello")); err != nil || f.Verify(helloHash) != nil {
			t.Errorf("%s, and not mended: %v", what, err)
		}
	}
}

func TestOnlyHashesAreNames(t *testing.T) {
	f, dir := openFiles(t)
	outside := filepath.Join(dir, "..", "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "secret", "../secret", "/etc/passwd", strings.ToUpper(helloHash), helloHash[1:], helloHash + "0", "..%2fsecret", helloHash[:60] + "/../", "2c/" + helloHash} {
		if file, err := f.Open(name); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%q: %v, %v", name, file, err)
		}
	}
	// A link that somebody put there leads nowhere.
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "2c"), 0o700), os.Symlink(outside, filepath.Join(dir, "2c", helloHash))); err != nil {
		t.Fatal(err)
	}
	if file, err := f.Open(helloHash); err == nil {
		t.Errorf("a link to the outside was followed: %v", file.Name())
	}
}

func TestAllFilesAreWalkedInOrder(t *testing.T) {
	f, dir := openFiles(t)
	var want []string
	for _, s := range []string{"a", "b", "c", "hello"} {
		hash, err := f.Put([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, hash)
	}
	slices.Sort(want)
	// What a crash or a person left is not evidence.
	for _, name := range []string{"README", filepath.Join(incoming, helloHash)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for hash, err := range f.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, hash)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for range f.All(t.Context()) {
		break
	}
}

func TestManyPutTheSameFileAtOnce(t *testing.T) {
	f, dir := openFiles(t)
	other, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if hash, err := []*Files{f, other}[i%2].Put([]byte("hello")); err != nil || hash != helloHash {
				t.Errorf("%q, %v", hash, err)
			}
		})
	}
	all.Wait()
	if err := f.Verify(helloHash); err != nil {
		t.Error(err)
	}
}

func TestAFolderThatCannotBeUsed(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{name, filepath.Join(name, "below")} {
		if f, err := OpenFiles(dir); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v, %v", dir, f, err)
		}
	}
}
