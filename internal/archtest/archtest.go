package archtest

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Finding is one broken rule.
type Finding struct {
	File string // slash-separated, from the top
	Line int    // 1-based; 0 for the file as a whole
	Rule string // one word or two, to search for
	Says string // what is wrong, and what to do
}

// String is the form that editors jump to.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Says)
}

// source is one Go file.
type source struct {
	name string // slash-separated, from the top
	dir  string
	test bool
	fset *token.FileSet
	file *ast.File
}

func (s source) finding(at token.Pos, rule, format string, args ...any) Finding {
	return Finding{s.name, s.fset.Position(at).Line, rule, fmt.Sprintf(format, args...)}
}

// Go applies every rule about Go files to the tree. An error is a file that
// cannot be read or parsed, never a broken rule.
func Go(tree fs.FS) ([]Finding, error) {
	sources, err := load(tree)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, s := range sources {
		for _, rule := range rules {
			found = append(found, rule(s)...)
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return found, nil
}

// load parses every Go file that is ours.
func load(tree fs.FS) ([]source, error) {
	var sources []source
	fset := token.NewFileSet()
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if foreign(name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		sources = append(sources, source{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), fset, file})
		return nil
	})
	return sources, err
}

// foreign says which folders hold nothing that we wrote or build.
func foreign(dir string) bool {
	base := path.Base(dir)
	switch {
	case dir == ".":
		return false
	case strings.HasPrefix(base, "."), strings.HasPrefix(base, "_"):
		return true
	}
	return slices.Contains([]string{"testdata", "node_modules", "vendor"}, base) ||
		slices.Contains([]string{"bin", "tmp", "browser-shots"}, dir)
}
