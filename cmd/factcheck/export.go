package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// site is who publishes, and where.
type site struct {
	SiteName string `default:"Fact-checking desk" env:"FACTCHECK_SITE_NAME" help:"Name of the newsroom, as readers know it."`
	BaseURL  string `env:"FACTCHECK_BASE_URL" placeholder:"https://checks.example.org" help:"Address of the public pages, without a slash at its end."`
	Contact  string `env:"FACTCHECK_CONTACT" help:"Where readers report mistakes: a mail address, a web address or words."`
}

func (s site) site(fallback string) export.Site {
	base := s.BaseURL
	if base == "" {
		base = fallback
	}
	return export.Site{Name: s.SiteName, BaseURL: base, Contact: s.Contact}
}

// exportCmd is "factcheck export": every published verdict in one format, or
// one of them. Nothing is written unless all of them rendered.
type exportCmd struct {
	database
	site
	Format string `default:"json" env:"FACTCHECK_EXPORT_FORMAT" help:"A name from 'factcheck formats'."`
	Out    string `short:"o" type:"path" help:"Output file (default: standard output)."`
	Slug   string `help:"Only the check at /checks/SLUG."`
}

// Help is the example under --help.
func (exportCmd) Help() string {
	return "Example: factcheck export --format claimreview --base-url https://checks.example.org -o checks.json"
}

// Run writes the export.
func (cmd exportCmd) Run(ctx context.Context, e *env) (err error) {
	format, ok := export.Lookup(cmd.Format)
	if !ok {
		return usageError{fmt.Sprintf("There is no format %q. Try 'factcheck formats'.", cmd.Format)}
	}
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	return e.writeAll(cmd.Out, func(w io.Writer) error {
		return format.Write(w, cmd.site.site("http://127.0.0.1:8080"), cmd.reports(ctx, st))
	})
}

func (cmd exportCmd) reports(ctx context.Context, st *store.Store) iter.Seq2[review.Publication, error] {
	if cmd.Slug == "" {
		return st.Live(ctx)
	}
	return func(yield func(review.Publication, error) bool) {
		c, err := st.Check(ctx, cmd.Slug)
		if err != nil {
			yield(review.Publication{}, err)
			return
		}
		yield(c.Editions[0], nil)
	}
}

// writeAll writes to a file, or to standard output if path is empty. The file
// appears whole or not at all.
func (e *env) writeAll(path string, write func(io.Writer) error) error {
	if path == "" {
		return e.writeOut(write)
	}
	const op = "cmd.export"
	f, err := os.CreateTemp(filepath.Dir(path), ".factcheck-*")
	if err != nil {
		return errs.Newf(op, errs.Invalid, "The folder of %q cannot be written to.", path)
	}
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // half a file helps nobody; the error above counts
	}
	return err
}

// writeOut writes to standard output, by way of a file: all of it or nothing,
// and no more of it in memory than is written at a time.
func (e *env) writeOut(write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp("", ".factcheck-*")
	if err != nil {
		return errs.New("cmd.export", errs.Invalid, "The folder for temporary files cannot be written to. Name an output file with --out.")
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if err := write(f); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(e.stdout, f)
	return err
}

// formatsCmd is "factcheck formats".
type formatsCmd struct{}

// Run lists the formats.
func (formatsCmd) Run(e *env) error {
	for _, f := range export.Formats {
		if _, err := fmt.Fprintf(e.stdout, "%-12s %s\n", f.Name, f.Doc); err != nil {
			return err
		}
	}
	return nil
}
