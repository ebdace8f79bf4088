package export

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"sync"

	"factcheck/internal/review"
	"factcheck/ui"
)

// File is the data of ui/templates/pages/report_file.html: reports in one file
// that needs no other.
type File struct {
	Site    Site
	Title   string
	CSS     template.CSS // our own style sheets, nothing that anybody typed
	Reports []Page       // with a table of contents if there are several
}

// writeHTML writes one document. Unlike the other formats it holds all reports
// in memory: the table of contents comes first.
func writeHTML(w io.Writer, site Site, reports Reports) error {
	if err := site.Check(); err != nil {
		return err
	}
	css, err := styles()
	if err != nil {
		return err
	}
	file := File{Site: site, Title: "Fact-checks", CSS: css}
	for p, err := range reports {
		if err != nil {
			return err
		}
		page, err := newPage(site, review.Check{}, p, site.BaseURL, fmt.Sprintf("check-%d-", len(file.Reports)+1))
		if err != nil {
			return err
		}
		file.Reports = append(file.Reports, page)
	}
	if len(file.Reports) == 1 {
		file.Title = file.Reports[0].Headline
		if file.Reports[0].Retracted != nil {
			file.Title = "Retracted: " + file.Title
		}
	}
	set, err := templates()
	if err != nil {
		return err
	}
	return set.Render(w, "report_file", file)
}

// templates is parsed once: it is the same for every file.
var templates = sync.OnceValues(func() (*ui.Templates, error) { return ui.Parse("") })

// styles are the style sheets that a report needs, in their order.
func styles() (template.CSS, error) {
	var b bytes.Buffer
	for _, name := range []string{"css/tokens.css", "css/report.css"} {
		data, err := fs.ReadFile(ui.Static(), name)
		if err != nil {
			return "", fmt.Errorf("read style sheet: %w", err)
		}
		b.Write(data)
	}
	return template.CSS(b.Bytes()), nil
}
