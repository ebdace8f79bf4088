package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// rules are what every Go file is held to.
var rules = []func(source) []Finding{imports, purity, trust, storeHabits, noInit, documented}

// imports checks one file against Layers and Homes.
func imports(s source) []Finding {
	row, ok := rowOf(s.dir)
	if !ok {
		return []Finding{s.finding(s.file.Package, "layer", "%s has no row in archtest.Layers: say what it may import, or put the file where it belongs", s.dir)}
	}
	var found []Finding
	for _, spec := range s.file.Imports {
		target := importPath(spec)
		if dir, ours := strings.CutPrefix(target, Module+"/"); ours && !mayImport(s, row, dir) {
			found = append(found, s.finding(spec.Pos(), "layer", "%s may not import %s: declare an interface here and let cmd/factcheck join them", row.Dir, dir))
		}
		for _, home := range Homes {
			if below(target, home.Library) && !atHome(s, home) {
				found = append(found, s.finding(spec.Pos(), "home", "%s is imported only in %s", home.Library, strings.Join(home.Dirs, ", ")))
			}
		}
	}
	return found
}

func mayImport(s source, from Row, dir string) bool {
	to, ok := rowOf(dir)
	switch {
	case !ok:
		return false
	case to.Dir == from.Dir, to.Layer == 0, slices.Contains(from.May, to.Dir):
		return true
	}
	return s.test && to.Layer <= testLayer
}

func atHome(s source, home Home) bool {
	if s.test && home.Tests {
		return true
	}
	return slices.ContainsFunc(home.Dirs, func(dir string) bool { return below(s.dir, dir) })
}

// purity keeps the outside world out of the packages in Pure.
func purity(s source) []Finding {
	if s.test || !slices.ContainsFunc(Pure, func(dir string) bool { return below(s.dir, dir) }) {
		return nil
	}
	var found []Finding
	for _, spec := range s.file.Imports {
		if target := importPath(spec); slices.Contains(impure, target) || below(target, "math/rand") {
			found = append(found, s.finding(spec.Pos(), "pure", "%s depends on its arguments alone and may not import %s: take what you need as an argument", s.dir, target))
		}
	}
	for _, used := range selections(s, "time", "Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker") {
		found = append(found, s.finding(used.Pos(), "pure", "%s has no clock, so no time.%s: take the time as an argument", s.dir, used.Sel.Name))
	}
	return found
}

// Trust lets one file use one of html/template's types that skip escaping.
type Trust struct {
	File string // slash-separated, from the top
	Type string // HTML, CSS, JS…
	Why  string // what makes it safe there
}

// Trusted is every place that may use such a type, even as that of a field: a
// decoder could fill it with what somebody sent.
var Trusted = []Trust{
	{"internal/export/html.go", "CSS", "our own style sheets, embedded at build"},
	{"internal/export/markdown.go", "HTML", "the parser knows no raw HTML, and a policy lets only listed elements through"},
	{"internal/export/page.go", "HTML", "a field that only rationaleHTML fills"},
	{"internal/export/page.go", "JS", "ClaimReview as JSON, with all escaped that could end a script"},
}

// trusting lists the types by which html/template is told not to escape.
var trusting = []string{"HTML", "HTMLAttr", "CSS", "JS", "JSStr", "Srcset", "URL"}

// trust finds text that skips escaping: what came from an article, a source or
// a form must never do that.
func trust(s source) []Finding {
	if s.test {
		return nil
	}
	var found []Finding
	for _, used := range selections(s, "html/template", trusting...) {
		listed := slices.ContainsFunc(Trusted, func(t Trust) bool { return t.File == s.name && t.Type == used.Sel.Name })
		if !listed {
			found = append(found, s.finding(used.Pos(), "trust", "template.%s skips escaping: pass plain text, or give the file and its reason to archtest.Trusted", used.Sel.Name))
		}
	}
	return found
}

// staleTrust finds entries that nothing needs any more.
func staleTrust(sources []source, trusted []Trust) []Finding {
	var found []Finding
	for _, t := range trusted {
		needed := slices.ContainsFunc(sources, func(s source) bool {
			return s.name == t.File && len(selections(s, "html/template", t.Type)) > 0
		})
		if !needed {
			found = append(found, Finding{t.File, 0, "trust", "does not use template." + t.Type + ": take it out of archtest.Trusted"})
		}
	}
	return found
}

// storeHabits finds the gorm calls that have lost data elsewhere: Save inserts
// when its WHERE misses, AutoMigrate rebuilds SQLite tables, and a transaction
// that is begun by hand is one day not ended.
func storeHabits(s source) []Finding {
	if s.test || !below(s.dir, "internal/store") {
		return nil
	}
	var found []Finding
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"AutoMigrate", "Save", "Begin", "Unscoped"}, sel.Sel.Name) {
			found = append(found, s.finding(sel.Sel.Pos(), "store", "%s is not used here: update with Model, Where, Select and Updates, migrate with SQL files, and use InTx", sel.Sel.Name))
		}
		return true
	})
	return found
}

// noInit finds work that happens because a package was imported.
func noInit(s source) []Finding {
	var found []Finding
	for _, decl := range s.file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			found = append(found, s.finding(fn.Pos(), "init", "no init functions: call it from where it is needed"))
		}
	}
	return found
}

// documented finds exported names without a doc comment.
func documented(s source) []Finding {
	if s.test || s.file.Name.Name == "main" {
		return nil
	}
	var found []Finding
	bare := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		written := slices.ContainsFunc(docs, func(c *ast.CommentGroup) bool { return c.Text() != "" })
		if name.IsExported() && !written {
			found = append(found, s.finding(name.Pos(), "doc", "%s has no doc comment: say its shape, unit, range and errors", name.Name))
		}
	}
	for _, decl := range s.file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || receiverExported(d.Recv) {
				bare(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch sp := spec.(type) {
				case *ast.TypeSpec:
					bare(sp.Name, d.Doc, sp.Doc, sp.Comment)
				case *ast.ValueSpec:
					for _, name := range sp.Names {
						bare(name, d.Doc, sp.Doc, sp.Comment)
					}
				}
			}
		}
	}
	return found
}

// receiverExported says whether a method's type can be seen from outside.
func receiverExported(recv *ast.FieldList) bool {
	t := recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// selections finds uses of a package's names, by whatever name it is imported.
func selections(s source, pkg string, names ...string) []*ast.SelectorExpr {
	local := localName(s.file, pkg)
	if local == "" {
		return nil
	}
	var found []*ast.SelectorExpr
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && slices.Contains(names, sel.Sel.Name) {
			found = append(found, sel)
		}
		return true
	})
	return found
}

// localName is what a file calls an imported package, or "".
func localName(file *ast.File, pkg string) string {
	for _, spec := range file.Imports {
		if importPath(spec) != pkg {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

func importPath(spec *ast.ImportSpec) string {
	// The parser has checked the literal.
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}
