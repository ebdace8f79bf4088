package main

import (
	"context"
	"errors"
	"fmt"

	"factcheck/internal/errs"
	"factcheck/internal/ingest"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// ingestCmd is "factcheck ingest": articles into triage.
type ingestCmd struct {
	database
	AllowLoopback bool     `hidden:"" env:"FACTCHECK_ALLOW_LOOPBACK" help:"Let addresses point to this machine: for tests."`
	From          []string `arg:"" name:"source" help:"Files, web addresses, or - for standard input."`
}

// Help is the example under --help.
func (ingestCmd) Help() string {
	return "Prints a line for each article. Running it again adds nothing.\n\nExample: factcheck ingest article.txt https://news.example.org/story"
}

// Run ingests every source, says what became of each, and fails at the end if
// one of them could not be read.
func (cmd ingestCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	p := newPipeline(st, e, cmd.AllowLoopback)
	failed := 0
	for _, from := range cmd.From {
		r, err := e.ingestOne(ctx, p, from)
		switch {
		case errors.Is(err, errs.Canceled):
			return err
		case err != nil:
			failed++
			e.fail(fmt.Errorf("%s: %w", from, err))
		case r.New:
			fmt.Fprintf(e.stdout, "article %d: %d claims found, %d new in triage: %s\n", r.Article.ID, r.Found, r.NewClaims, titleOr(r.Article.Title, from))
		default:
			fmt.Fprintf(e.stdout, "article %d: here already, nothing added: %s\n", r.Article.ID, titleOr(r.Article.Title, from))
		}
	}
	if failed > 0 {
		return errs.Newf("cmd.ingest", errs.Invalid, "%d of %d could not be ingested; the others are stored.", failed, len(cmd.From))
	}
	return nil
}

func (e *env) ingestOne(ctx context.Context, p *pipeline.Pipeline, from string) (pipeline.Result, error) {
	in, err := e.input(from)
	if err != nil {
		return pipeline.Result{}, err
	}
	return p.Ingest(ctx, in, 0)
}

func titleOr(title, from string) string {
	if title == "" {
		return from
	}
	return title
}

// newPipeline is the machine half over a store.
func newPipeline(st *store.Store, e *env, loopback bool) *pipeline.Pipeline {
	return &pipeline.Pipeline{
		Reader: &ingest.Reader{Client: fetcher(loopback)}, Find: pipeline.Find,
		Store: st, Reviews: &review.Service{Store: st, Now: e.now}, Now: e.now, Engine: engine(),
	}
}
