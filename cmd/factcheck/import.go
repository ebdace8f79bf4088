package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"factcheck/internal/errs"
	checks "factcheck/internal/library"
	"factcheck/internal/store"
)

// importCmd is "factcheck import": checks that others published, into the
// checks.
type importCmd struct {
	database
	Format string   `arg:"" help:"What the files are: claimreview, csv or jsonl."`
	Page   string   `placeholder:"https://…" help:"Address of the page that a file was saved from, where it does not say so itself."`
	Strict bool     `help:"Exit with 1 if any record is rejected."`
	Files  []string `arg:"" name:"file" help:"Files to read."`
}

// Help is the example under --help.
func (importCmd) Help() string {
	return "Reads every record that a person could read; one that cannot be read is a line that says why, and loses nothing else. " +
		"Importing the same check again updates it. An import that was stopped goes on where it stopped when the same command is run again.\n\n" +
		"Example: factcheck import claimreview dump.json page.html"
}

// Run imports every file, and fails at the end if one of them could not be.
func (cmd importCmd) Run(ctx context.Context, e *env) (err error) {
	format, ok := checks.Lookup(cmd.Format)
	if !ok {
		return usageError{fmt.Sprintf("There is no format %q. Try 'factcheck import --help'.", cmd.Format)}
	}
	if cmd.Page != "" && checks.Site(cmd.Page) == "" {
		return usageError{fmt.Sprintf("%q is not the address of a page. It looks like https://checks.example.org/story.", cmd.Page)}
	}
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	failed, rejected := 0, int64(0)
	for _, name := range cmd.Files {
		done, err := cmd.importOne(ctx, e, st, format, name)
		rejected += done.Rejected
		switch {
		case errors.Is(err, errs.Canceled):
			return err
		case err != nil:
			failed++
			e.fail(fmt.Errorf("%s: %w", name, err))
		}
	}
	switch {
	case failed > 0:
		return errs.Newf("cmd.import", errs.Invalid, "%d of %d files could not be imported; the others are.", failed, len(cmd.Files))
	case cmd.Strict && rejected > 0:
		return errs.Newf("cmd.import", errs.Invalid, "%d records were rejected; all others are imported.", rejected)
	}
	return nil
}

// importOne imports one file and prints what became of it.
func (cmd importCmd) importOne(ctx context.Context, e *env, st *store.Store, format checks.Format, name string) (checks.Import, error) {
	const op = "cmd.import"
	f, err := os.Open(name)
	if err != nil {
		return checks.Import{}, &errs.Error{Op: op, Kind: errs.Invalid, Msg: fmt.Sprintf("There is no file %q that can be read.", name), Err: err}
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return checks.Import{}, errs.Newf(op, errs.Invalid, "%q is no file. Name files, not folders or pipes: an import must be able to go on in the middle.", name)
	}
	bar := e.progress(filepath.Base(name))
	im := checks.Importer{
		Keeper: st, Now: e.now, Progress: bar.show,
		Reject: func(r checks.Rejected) {
			bar.clear()
			fmt.Fprintf(e.stderr, "%s:%d: %s\n", name, r.Line, oneLine(r.Why))
		},
	}
	done, err := im.Import(ctx, format, filepath.Base(name), f, cmd.Page)
	bar.clear()
	if done.ID != 0 {
		fmt.Fprintf(e.stdout, "%s: %s\n", name, counts(done))
	}
	if err == nil && done.Added+done.Updated+done.Unchanged == 0 {
		return done, errs.New(op, errs.Invalid, "It holds no fact-check that can be read.")
	}
	return done, err
}

// counts is what became of a file in one line.
func counts(i checks.Import) string {
	parts := []string{fmt.Sprintf("%d added", i.Added), fmt.Sprintf("%d updated", i.Updated), fmt.Sprintf("%d unchanged", i.Unchanged), fmt.Sprintf("%d rejected", i.Rejected)}
	if i.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d without a fact-check", i.Skipped))
	}
	if i.FinishedAt.IsZero() {
		parts = append(parts, fmt.Sprintf("stopped at line %d; run it again to go on", i.At.Line))
	}
	return strings.Join(parts, ", ")
}

// progress is a bar on a terminal, and nothing elsewhere.
type progress struct {
	bar  *progressbar.ProgressBar
	w    io.Writer
	name string
}

func (e *env) progress(name string) *progress {
	p := &progress{name: name}
	if f, ok := e.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = f
	}
	return p
}

// show moves the bar to where an import stands.
func (p *progress) show(i checks.Import) {
	if p.w == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(max(1, i.Bytes), progressbar.OptionSetWriter(p.w), progressbar.OptionShowBytes(true),
			progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	p.bar.Describe(fmt.Sprintf("%s: %d checks", p.name, i.Added+i.Updated+i.Unchanged))
	_ = p.bar.Set64(i.At.Offset) // a bar that cannot be drawn stops nothing
}

// clear takes the bar off the terminal, for a line of text.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
