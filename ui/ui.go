// Package ui holds what the browser gets: the templates of the pages and the
// static files, embedded in the binary.
//
// A page is a file of templates/pages. It begins with the layout that it wants,
// {{template "desk" .}} or {{template "public" .}}, and defines "title" and
// "main"; the layout draws both with .Page, the page's own data. Everything in
// templates/parts can be used by every page.
//
// Static files are served below [Base], which holds a hash of all of them: they
// may be cached for ever, and a relative address in a style sheet or a module
// stays within the same hash.
package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
)

//go:embed templates all:static
var embedded embed.FS

// Static is the tree of static files: css, js, img and vendor.
func Static() fs.FS {
	static, err := fs.Sub(embedded, "static")
	if err != nil {
		panic("ui: " + err.Error()) // only for an invalid path
	}
	return static
}

// Base is the address below which the static files are served, without a
// slash at its end: "/static/" and a hash of all of them.
func Base() string { return base() }

var base = sync.OnceValue(func() string {
	h := sha256.New()
	walk := func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(embedded, name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(data), data)
		return err
	}
	if err := fs.WalkDir(embedded, "static", walk); err != nil {
		panic("ui: " + err.Error()) // what is embedded can be read
	}
	return "/static/" + hex.EncodeToString(h.Sum(nil))[:16]
})

// Templates is the set of pages.
type Templates struct {
	pages map[string]*template.Template
	dev   string
}

// Parse reads every page. dev is empty, or the folder of this package in a
// checkout: then each Render reads the templates anew, so that a change shows
// at the next request.
func Parse(dev string) (*Templates, error) {
	pages, err := parse(source(dev))
	if err != nil {
		return nil, err
	}
	return &Templates{pages: pages, dev: dev}, nil
}

func source(dev string) fs.FS {
	if dev == "" {
		return embedded
	}
	return os.DirFS(dev)
}

// parse makes one set per page, so that each can define "title" and "main".
func parse(files fs.FS) (map[string]*template.Template, error) {
	shared, err := template.New("").Funcs(funcs).ParseFS(files, "templates/layout/*.html", "templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	names, err := fs.Glob(files, "templates/pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		set, err := shared.Clone()
		if err != nil {
			return nil, fmt.Errorf("clone templates: %w", err)
		}
		if set, err = set.ParseFS(files, name); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		file := path.Base(name)
		pages[strings.TrimSuffix(file, ".html")] = set.Lookup(file)
	}
	return pages, nil
}

// Names lists the pages, in no order.
func (t *Templates) Names() []string {
	var names []string
	for name := range t.pages {
		names = append(names, name)
	}
	return names
}

// Render writes a page, all of it or nothing: a template that fails halfway
// leaves w untouched. data is what its layout gets.
func (t *Templates) Render(w io.Writer, page string, data any) error {
	pages := t.pages
	if t.dev != "" {
		var err error
		if pages, err = parse(source(t.dev)); err != nil {
			return err
		}
	}
	set, ok := pages[page]
	if !ok {
		return fmt.Errorf("ui: there is no page %q", page)
	}
	var b bytes.Buffer
	if err := set.Execute(&b, data); err != nil {
		return fmt.Errorf("render %s: %w", page, err)
	}
	_, err := b.WriteTo(w)
	return err
}
