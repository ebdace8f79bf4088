package archtest

import (
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// top is the checkout, seen from this package.
const top = "../.."

func TestTheHouseKeepsItsRules(t *testing.T) {
	found, err := Go(os.DirFS(top))
	if err != nil {
		t.Fatal(err)
	}
	report(t, found)
}

func TestEveryExemptionIsNeeded(t *testing.T) {
	sources, err := load(os.DirFS(top))
	if err != nil {
		t.Fatal(err)
	}
	report(t, staleTrust(sources, Trusted))
}

func TestNoFileSaysWhatItShouldNot(t *testing.T) {
	names, err := kept(top)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names, "go.mod") {
		t.Fatalf("the list of files has no go.mod: %q", names)
	}
	found, err := Text(os.DirFS(top), names)
	if err != nil {
		t.Fatal(err)
	}
	report(t, found)
}

func report(t *testing.T, found []Finding) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

// kept lists the files that are in the project or about to be: git's list
// where there is one, else (in an unpacked archive) all that is not built.
func kept(root string) ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		return walked(root)
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		// A file that was removed and not yet committed is still in git's list.
		if info, err := os.Stat(root + "/" + name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	return names, nil
}

func walked(root string) ([]string, error) {
	var names []string
	built := []string{".git", "bin", "tmp", "browser-shots", "ui/node_modules", "ui/static/vendor"}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(built, name) {
			return fs.SkipDir
		}
		if d.Type().IsRegular() {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func TestAnArchiveWithoutGitIsReadToo(t *testing.T) {
	names, err := walked(top)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names, "go.mod") || !slices.Contains(names, "internal/archtest/text.go") {
		t.Errorf("walking the checkout missed files: %q", names)
	}
}

// TestEveryRuleFindsWhatBreaksIt gives the checker one small file at a time.
func TestEveryRuleFindsWhatBreaksIt(t *testing.T) {
	tests := []struct {
		name, file, text string
		rule             string // "" where all is well
	}{
		{"domain on store", "internal/review/a.go", `package review; import _ "factcheck/internal/store"`, "layer"},
		{"engine on engine", "internal/extract/a.go", `package extract; import _ "factcheck/internal/ingest"`, "layer"},
		{"engine on workflow", "internal/ingest/a.go", `package ingest; import _ "factcheck/internal/review"`, "layer"},
		{"web on store", "internal/web/a.go", `package web; import _ "factcheck/internal/store"`, "layer"},
		{"web on a part of store", "internal/web/a.go", `package web; import _ "factcheck/internal/store/storetest"`, "layer"},
		{"store on web", "internal/store/a.go", `package store; import _ "factcheck/internal/web"`, "layer"},
		{"words on ours", "internal/errs/a.go", `package errs; import _ "factcheck/internal/claims"`, "layer"},
		{"pages on domain", "ui/a.go", `package ui; import _ "factcheck/internal/review"`, "layer"},
		{"claims on review", "internal/claims/a.go", `package claims; import _ "factcheck/internal/review"`, "layer"},
		{"anyone on cmd", "internal/web/a.go", `package web; import _ "factcheck/cmd/factcheck"`, "layer"},
		{"unknown target", "cmd/factcheck/a.go", `package main; import _ "factcheck/internal/util"`, "layer"},
		{"unknown package", "internal/util/a.go", `package util`, "layer"},
		{"file at the top", "a.go", `package factcheck`, "layer"},
		{"test on web", "internal/store/a_test.go", `package store; import _ "factcheck/internal/web"`, "layer"},
		{"review on claims", "internal/review/a.go", `package review; import _ "factcheck/internal/claims"`, ""},
		{"words for all", "internal/extract/a.go", `package extract; import (_ "factcheck/data"; _ "factcheck/internal/errs")`, ""},
		{"within a package", "internal/store/storetest/a.go", `package storetest; import _ "factcheck/internal/store"`, ""},
		{"web test on store", "internal/web/a_test.go", `package web; import _ "factcheck/internal/store"`, ""},
		{"cmd on all", "cmd/factcheck/a.go", `package main; import (_ "factcheck/internal/store"; _ "factcheck/internal/web"; _ "factcheck/ui")`, ""},
		{"name that only begins alike", "internal/claims/a.go", `package claims; import _ "factcheckers/internal/store"`, ""},

		{"gorm in cmd", "cmd/factcheck/a.go", `package main; import _ "gorm.io/gorm"`, "home"},
		{"gorm in a web test", "internal/web/a_test.go", `package web; import _ "gorm.io/driver/sqlite"`, "home"},
		{"gin in cmd", "cmd/factcheck/a.go", `package main; import _ "github.com/gin-gonic/gin"`, "home"},
		{"sql in auth", "internal/auth/a.go", `package auth; import _ "database/sql"`, "home"},
		{"gorm in store", "internal/store/a.go", `package store; import _ "gorm.io/gorm"`, ""},
		{"gin in web", "internal/web/a.go", `package web; import _ "github.com/gin-gonic/gin"`, ""},
		{"sql in a test", "cmd/factcheck/a_test.go", `package main; import _ "database/sql"`, ""},

		{"network in extract", "internal/extract/a.go", `package extract; import _ "net/http"`, "pure"},
		{"files in export", "internal/export/a.go", `package export; import _ "os"`, "pure"},
		{"chance in claims", "internal/claims/a.go", `package claims; import _ "math/rand/v2"`, "pure"},
		{"clock in review", "internal/review/a.go", "package review\nimport \"time\"\nvar t = time.Now()", "pure"},
		{"renamed clock", "internal/review/a.go", "package review\nimport clock \"time\"\nvar t = clock.Now", "pure"},
		{"times are no clock", "internal/review/a.go", "package review\nimport \"time\"\nvar t time.Time", ""},
		{"clock in a test", "internal/review/a_test.go", "package review\nimport \"time\"\nvar t = time.Now()", ""},
		{"clock in web", "internal/web/a.go", "package web\nimport \"time\"\nvar t = time.Now", ""},

		{"unescaped in web", "internal/web/a.go", "package web\nimport \"html/template\"\nfunc f(s string) any { return template.HTML(s) }", "trust"},
		{"unescaped address in ui", "ui/a.go", "package ui\nimport \"html/template\"\nfunc f(s string) any { return template.URL(s) }", "trust"},
		{"unescaped by another name", "internal/export/a.go", "package export\nimport h \"html/template\"\ntype page struct { body h.HTML }", "trust"},
		{"escaped", "ui/a.go", "package ui\nimport \"html/template\"\nvar t *template.Template", ""},
		{"text templates have no such type", "ui/a.go", "package ui\nimport \"text/template\"\nvar t *template.Template", ""},

		{"gorm's Save", "internal/store/a.go", "package store\nfunc f(db interface{ Save(any) }) { db.Save(1) }", "store"},
		{"gorm's AutoMigrate", "internal/store/a.go", "package store\nfunc f(db interface{ AutoMigrate() }) { db.AutoMigrate() }", "store"},
		{"Save elsewhere", "internal/web/a.go", "package web\nfunc f(db interface{ Save(any) }) { db.Save(1) }", ""},

		{"init", "cmd/factcheck/a.go", "package main\nfunc init() {}", "init"},
		{"a method called init", "cmd/factcheck/a.go", "package main\ntype t int\nfunc (t) init() {}", ""},

		{"bare function", "internal/auth/a.go", "package auth\nfunc Check() {}", "doc"},
		{"bare type", "internal/auth/a.go", "package auth\ntype Person struct{}", "doc"},
		{"bare constant", "internal/auth/a.go", "package auth\nconst Max = 1", "doc"},
		{"bare method", "internal/auth/a.go", "package auth\n// P is.\ntype P[T any] struct{}\nfunc (*P[T]) Do() {}", "doc"},
		{"a group's comment counts", "internal/auth/a.go", "package auth\n// The roles.\nconst (\n\tA = 1\n\tB = 2\n)", ""},
		{"a hidden type's method", "internal/auth/a.go", "package auth\ntype p int\nfunc (p) Do() {}", ""},

		{"what npm fetched is not ours", "ui/node_modules/x/a.go", "package x\nfunc init() {}", ""},
		{"what a test reads is not ours", "internal/auth/testdata/a.go", "package x\nfunc init() {}", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, err := Go(fstest.MapFS{tt.file: {Data: []byte(tt.text)}})
			if err != nil {
				t.Fatal(err)
			}
			expect(t, found, tt.rule)
		})
	}
}

func TestEveryBanFindsWhatBreaksIt(t *testing.T) {
	tests := []struct{ name, file, text, rule string }{
		{"a home folder", "docs/a.md", "see /ho" + "me/ann/factcheck", "machine path"},
		{"a work folder", "a.go", "x = \"/wo" + "rk/main/a\"", "machine path"},
		{"a Windows folder", "a.go", "in C:\\Us" + "ers\\ann", "machine path"},
		{"part of an address", "a.md", "https://example.org/wo" + "rk/a and up/root/b", ""},
		{"put off", "a.go", "// TO" + "DO: later", "unfinished"},
		{"a word in a word", "a.go", "// MASTO" + "DONS", ""},
		{"an address in the lock file", "ui/package-lock.json", `"resolved": "https://example.org/a.tgz"`, "registry"},
		{"the same word elsewhere", "a.go", `"resolved": "yes"`, ""},
		{"a registry", "ui/.npmrc", "registry=https://example.org", "registry"},
		{"a replaced module", "go.mod", "replace a => ../a", "replace"},
		{"not text", "a.png", "\x00 /ho" + "me/ann/", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, err := Text(fstest.MapFS{tt.file: {Data: []byte(tt.text)}}, []string{tt.file})
			if err != nil {
				t.Fatal(err)
			}
			expect(t, found, tt.rule)
		})
	}
}

// expect wants the one rule to be found, or nothing.
func expect(t *testing.T, found []Finding, rule string) {
	t.Helper()
	if rule == "" {
		report(t, found)
		return
	}
	if len(found) != 1 || found[0].Rule != rule || found[0].Line < 1 {
		t.Errorf("found %v, want one finding of rule %q with its line", found, rule)
	}
}

func TestAnExemptionNobodyNeedsIsFound(t *testing.T) {
	sources, err := load(fstest.MapFS{
		"ui/raw.go":   {Data: []byte("package ui\nimport \"html/template\"\nvar x template.HTML")},
		"ui/plain.go": {Data: []byte("package ui")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := staleTrust(sources, []Trust{{"ui/raw.go", "HTML", "we wrote it"}}); len(found) != 0 {
		t.Errorf("an exemption in use was found stale: %v", found)
	}
	for _, stale := range []Trust{
		{"ui/plain.go", "HTML", "escapes everything"},
		{"ui/raw.go", "JS", "uses another type"},
		{"ui/gone.go", "HTML", "is gone"},
	} {
		if found := staleTrust(sources, []Trust{stale}); len(found) != 1 || found[0].File != stale.File {
			t.Errorf("%s %s, yet found %v", stale.File, stale.Why, found)
		}
	}
}

func TestTheTableIsItsOwnLadder(t *testing.T) {
	for _, row := range Layers {
		for _, dir := range row.May {
			to, ok := rowOf(dir)
			if !ok || to.Dir != dir {
				t.Errorf("%s may import %s, which has no row", row.Dir, dir)
				continue
			}
			sideways := row.Dir == "internal/review" && dir == "internal/claims"
			if to.Layer >= row.Layer && !sideways {
				t.Errorf("%s (layer %d) may import %s (layer %d): only downward", row.Dir, row.Layer, dir, to.Layer)
			}
		}
	}
}

func TestAFileThatDoesNotParseIsAnError(t *testing.T) {
	if _, err := Go(fstest.MapFS{"internal/auth/a.go": {Data: []byte("pack age")}}); err == nil {
		t.Error("a broken file was passed over")
	}
}

func TestFindingsAreInOrder(t *testing.T) {
	tree := fstest.MapFS{
		"internal/web/b.go": {Data: []byte("package web\n\nfunc init() {}\n")},
		"internal/web/a.go": {Data: []byte("package web\nfunc Z() {}\nfunc Y() {}\n")},
	}
	found, err := Go(tree)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, f.String()[:len("internal/web/a.go:2: doc")])
	}
	want := []string{"internal/web/a.go:2: doc", "internal/web/a.go:3: doc", "internal/web/b.go:3: ini"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
