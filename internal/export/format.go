package export

import (
	"io"
	"iter"
	"net/url"
	"slices"
	"strings"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Site is who publishes.
type Site struct {
	Name    string // of the newsroom, as readers know it
	BaseURL string // absolute web address of the public pages, without a trailing slash
	Contact string // where readers report errors: a mail address, a web address or words; may be empty
}

// Check is Invalid unless s can stand in what is published.
func (s Site) Check() error {
	const op = "export.Site"
	u, err := url.Parse(s.BaseURL)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.RawQuery != "", u.Fragment != "":
		return errs.New(op, errs.Invalid, "Say under which address the checks are published, such as https://checks.example.org.")
	case strings.HasSuffix(s.BaseURL, "/"):
		return errs.New(op, errs.Invalid, "Write the address of the site without a slash at its end.")
	}
	return nil
}

// CheckURL is the absolute address of a check's live edition.
func (s Site) CheckURL(slug string) string { return s.BaseURL + CheckPath(slug) }

// CheckPath is the path of a check's live edition on its site.
func CheckPath(slug string) string { return "/checks/" + url.PathEscape(slug) }

// Reports are publications in the order in which they are to be written. An
// error ends the sequence.
type Reports = iter.Seq2[review.Publication, error]

// Format is a way to write publications.
type Format struct {
	Name  string // what people ask for: "csv"
	Ext   string // of a file's name, with its point: ".csv"
	Media string // type for Content-Type
	Doc   string // one sentence on what it holds and what it is for
	// Write writes all reports to w. It stops at the first error of reports,
	// of w, or, of kind Invalid, of a site that cannot be published from;
	// what was written by then is not a whole document.
	Write func(w io.Writer, site Site, reports Reports) error
}

// Formats lists every format in the order of the documentation.
var Formats = []Format{
	{"claimreview", ".claimreview.json", "application/ld+json", "schema.org ClaimReview, an array of one object for each check that was not retracted: for aggregators, search tools and other fact-checkers.", writeClaimReview},
	{"json", ".json", "application/json", "Every field of each published report, as one indented array: for people and programs.", writeJSON},
	{"jsonl", ".jsonl", "application/jsonl", "Every field of each published report, one report a line: for programs that read a report at a time.", writeJSONL},
	{"csv", ".csv", "text/csv; charset=utf-8", "One row for each check, UTF-8 with a header: for spreadsheets.", writeCSV},
	{"html", ".html", "text/html; charset=utf-8", "One file that shows and prints the reports by itself: for readers, mail and paper.", writeHTML},
}

// Lookup is the format of that name.
func Lookup(name string) (Format, bool) {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return Formats[i], true
}

// webAddress is s, with what may not stand in an address encoded, if it is an
// absolute web address, and empty otherwise: only such addresses become links
// or leave in a file as one.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}
