// Package data holds what the program ships besides its code: rating scales,
// word lists and the articles of the sample desk. It knows nothing of ours;
// who reads a file checks it.
package data

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

//go:embed scales/*.json
var scales embed.FS

//go:embed checklists.json
var checklists []byte

//go:embed samples/*.txtar
var samples embed.FS

// Scales are the rating scales as JSON, for review.ParseScale, in the order of
// their file names. They were written for this project and are under its
// licence.
func Scales() [][]byte {
	var all [][]byte
	for _, f := range files(scales, "scales") {
		all = append(all, f.body)
	}
	return all
}

// Checklists are the suggested checklists as JSON, for review.ParseChecklists.
// They were written for this project and are under its licence.
func Checklists() []byte { return bytes.Clone(checklists) }

// Sample is one article of the sample desk, in the manner of real news.
type Sample struct {
	Key         string    // name of its file: "bus-fares"
	Name        string    // file name of Body, for its extension: "article.html"
	ContentType string    // of Body
	Body        []byte    // the article as a page or a text, UTF-8
	URL         string    // where it would be found: a domain that is reserved for examples
	Publisher   string    // invented
	Author      string    // invented
	Published   time.Time // UTC
}

// contentTypes says what the article of a sample may be.
var contentTypes = map[string]string{".txt": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8"}

// Samples are the articles of the sample desk in the order of their file names.
// An error names the file that is not one article and its meta.json.
func Samples() ([]Sample, error) {
	var all []Sample
	for _, f := range files(samples, "samples") {
		s, err := readSample(f.body)
		if err != nil {
			return nil, fmt.Errorf("data/samples/%s: %w", f.name, err)
		}
		s.Key = strings.TrimSuffix(f.name, ".txtar")
		all = append(all, s)
	}
	return all, nil
}

// readSample reads one archive: what it is and its licence as the comment,
// meta.json, and the article as article.txt or article.html.
func readSample(archive []byte) (Sample, error) {
	var s Sample
	a := txtar.Parse(archive)
	if len(a.Files) != 2 || a.Files[0].Name != "meta.json" || len(bytes.TrimSpace(a.Comment)) == 0 {
		return s, fmt.Errorf("want a comment, meta.json and an article, got %d files", len(a.Files))
	}
	var meta struct {
		URL, Publisher, Author string
		Published              time.Time
	}
	dec := json.NewDecoder(bytes.NewReader(a.Files[0].Data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&meta); err != nil {
		return s, fmt.Errorf("meta.json: %w", err)
	}
	article := a.Files[1]
	s = Sample{Name: article.Name, ContentType: contentTypes[path.Ext(article.Name)], Body: article.Data,
		URL: meta.URL, Publisher: meta.Publisher, Author: meta.Author, Published: meta.Published.UTC()}
	if s.ContentType == "" {
		return s, fmt.Errorf("%s is neither a text nor a page", article.Name)
	}
	return s, nil
}

type file struct {
	name string
	body []byte
}

// files are the embedded files of a folder, by name.
func files(from embed.FS, folder string) []file {
	var all []file
	entries, err := fs.ReadDir(from, folder)
	for _, e := range entries {
		var body []byte
		if body, err = fs.ReadFile(from, folder+"/"+e.Name()); err != nil {
			break
		}
		all = append(all, file{e.Name(), body})
	}
	if err != nil {
		panic("data: embedded folder " + folder + ": " + err.Error()) // the compiler has put it there
	}
	return all
}
