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
	"factcheck/internal/watch"
)

// ingestCmd is "factcheck ingest": articles into triage.
type ingestCmd struct {
	database
	AllowLoopback bool     `hidden:"" env:"FACTCHECK_ALLOW_LOOPBACK" help:"Let addresses point to this machine: for tests."`
	From          []string `arg:"" name:"source" help:"Files, web addresses, feeds or sitemaps, or - for standard input."`
}

// Help is the example under --help.
func (ingestCmd) Help() string {
	return "Prints a line for each article; of a feed or a sitemap, for each that it lists, the newest 50. Running it again adds nothing.\n\nExample: factcheck ingest article.txt https://news.example.org/story"
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
	t := taking{env: e, pipe: p, watch: newWatch(st, e, cmd.AllowLoopback)}
	for _, from := range cmd.From {
		if err := t.source(ctx, from); err != nil {
			return err
		}
	}
	if t.failed > 0 {
		return errs.Newf("cmd.ingest", errs.Invalid, "%d of %d could not be ingested; the others are stored.", t.failed, t.asked)
	}
	return nil
}

// taking is one run of ingestCmd.
type taking struct {
	env   *env
	pipe  *pipeline.Pipeline
	watch *watch.Service

	asked, failed int
}

// source takes what somebody named: an article, or all that a list of articles
// holds.
func (t *taking) source(ctx context.Context, from string) error {
	in, err := t.env.input(from)
	if err != nil {
		return t.tell(from, pipeline.Result{}, err)
	}
	r, err := t.pipe.Ingest(ctx, in, 0)
	if !errors.Is(err, ingest.ErrList) {
		return t.tell(from, r, err)
	}
	list, notList := t.list(ctx, in)
	switch {
	case errs.KindOf(notList) == errs.Invalid: // what was said of it as an article is as true
		return t.tell(from, r, err)
	case notList != nil:
		return t.tell(from, r, notList)
	}
	return t.items(ctx, from, list)
}

// list reads a source as a list.
func (t *taking) list(ctx context.Context, in ingest.Input) (watch.List, error) {
	if in.URL != "" {
		return t.watch.List(ctx, in.URL)
	}
	return watch.ReadList(in.Data, "")
}

func (t *taking) items(ctx context.Context, from string, list watch.List) error {
	if list.Kind == watch.Checks {
		return t.tell(from, pipeline.Result{}, errs.New("cmd.ingest", errs.Invalid, "It holds fact-checks by others. Use 'factcheck import claimreview FILE' or 'factcheck watch add'."))
	}
	for _, item := range list.Items[:min(len(list.Items), watch.MaxTaken)] {
		r, err := t.pipe.Ingest(ctx, ingest.Input{URL: item.Address}, 0)
		if sentence := errs.Message(err); sentence != "" { // which of them it was
			err = &errs.Error{Op: "cmd.ingest", Kind: errs.KindOf(err), Msg: item.Address + ": " + sentence, Err: err}
		}
		if err := t.tell(item.Address, r, err); err != nil {
			return err
		}
	}
	if more := len(list.Items) - watch.MaxTaken; more > 0 {
		fmt.Fprintf(t.env.stdout, "%s: %d older articles are left out. 'factcheck watch add' takes those that are new from now on.\n", from, more)
	}
	if len(list.Items) == 0 {
		fmt.Fprintf(t.env.stdout, "%s: it lists no articles now\n", from)
	}
	return nil
}

// tell prints what became of one article, and counts it. The error is only that
// the person gave up.
func (t *taking) tell(from string, r pipeline.Result, err error) error {
	t.asked++
	switch {
	case errors.Is(err, errs.Canceled):
		return err
	case err != nil:
		t.failed++
		t.env.fail(fmt.Errorf("%s: %w", from, err))
	case r.New:
		fmt.Fprintf(t.env.stdout, "article %d: %d claims found, %d new in triage: %s\n", r.Article.ID, r.Found, r.NewClaims, titleOr(r.Article.Title, from))
	default:
		fmt.Fprintf(t.env.stdout, "article %d: here already, nothing added: %s\n", r.Article.ID, titleOr(r.Article.Title, from))
	}
	return nil
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
