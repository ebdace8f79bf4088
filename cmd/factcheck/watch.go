package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/store"
	"factcheck/internal/watch"
)

// watchCmd is "factcheck watch …".
type watchCmd struct {
	Add    addWatchCmd    `cmd:"" help:"Watch a feed, a sitemap or a folder."`
	List   listWatchCmd   `cmd:"" help:"List what is watched."`
	Remove removeWatchCmd `cmd:"" help:"Stop watching; what was taken stays."`
	Pause  pauseWatchCmd  `cmd:"" help:"Stop looking at a source for a while."`
	Resume resumeWatchCmd `cmd:"" help:"Look at a paused source again."`
	Poll   pollWatchCmd   `cmd:"" help:"Look at sources now and take what is new."`
}

// newWatch is what looks at other sites over a store.
func newWatch(st *store.Store, e *env, loopback bool) *watch.Service {
	pipe := newPipeline(st, e, loopback)
	return &watch.Service{
		Store: st, Library: st, Client: watch.NewClient(fetch.Guard{AllowLoopback: loopback}), Queue: queueOf(st, e), Now: e.now,
		Ingest: func(ctx context.Context, in ingest.Input) (watch.Found, error) {
			r, err := pipe.Ingest(ctx, in, 0)
			return watch.Found{ArticleID: r.Article.ID, New: r.New, Claims: r.NewClaims}, err
		},
	}
}

type addWatchCmd struct {
	database
	AllowLoopback bool          `hidden:"" env:"FACTCHECK_ALLOW_LOOPBACK" help:"Let addresses point to this machine: for tests."`
	Checks        bool          `help:"Its pages carry fact-checks by others: they go to the library, not to triage."`
	Every         time.Duration `default:"15m" placeholder:"15m" help:"How often to look (default: 15m)."`
	Address       string        `arg:"" name:"source" help:"Web address of a feed, a sitemap or a dump of ClaimReviews; or a folder."`
}

// Help is the example under --help.
func (addWatchCmd) Help() string {
	return "'factcheck serve' looks at it from then on and takes each new article once.\n\nExample: factcheck watch add https://news.example.org/feed.xml"
}

// Run adds the source.
func (cmd addWatchCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	var src watch.Source
	w := newWatch(st, e, cmd.AllowLoopback)
	switch {
	case isAddress(cmd.Address):
		src, err = w.Add(ctx, watch.New{Address: cmd.Address, Checks: cmd.Checks, Every: cmd.Every}, 0)
	case cmd.Checks:
		return errs.New("cmd.watch", errs.Invalid, "A folder holds articles. Bring files of fact-checks in with 'factcheck import'.")
	default:
		src, err = w.AddFolder(ctx, cmd.Address, cmd.Every)
	}
	if err == nil {
		fmt.Fprintf(e.stdout, "source %d: %s, every %s: %s\n", src.ID, src.Kind.Label(), briefly(src.Every), oneLine(src.Title))
	}
	return err
}

func isAddress(from string) bool {
	return strings.HasPrefix(from, "http://") || strings.HasPrefix(from, "https://")
}

// briefly writes a duration without what is zero: "15m".
func briefly(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String()+" ", "0s "), " ")
}

type listWatchCmd struct{ database }

// Run prints a line for each source.
func (cmd listWatchCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tLAST LOOK\tARTICLES\tCLAIMS\tCHECKS\tSTATE\tADDRESS")
	for src, err := range watched(ctx, st) {
		if err != nil {
			return err
		}
		last := "not yet"
		if !src.LastAt.IsZero() {
			last = src.LastAt.Format("2006-01-02 15:04")
		}
		state := "watched"
		switch {
		case src.Paused:
			state = "paused"
		case src.LastError != "":
			state = "failing"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", src.ID, src.Kind, last, src.Articles, src.Claims, src.Checks, state, src.Address)
	}
	return w.Flush()
}

// watched walks all sources.
func watched(ctx context.Context, st *store.Store) func(func(watch.Source, error) bool) {
	return func(yield func(watch.Source, error) bool) {
		for last := int64(0); ; {
			some, err := st.WatchedSources(ctx, last, 0)
			if err != nil {
				yield(watch.Source{}, err)
				return
			}
			for _, src := range some {
				if last = src.ID; !yield(src, nil) {
					return
				}
			}
			if len(some) == 0 {
				return
			}
		}
	}
}

type removeWatchCmd struct {
	database
	ID int64 `arg:"" help:"Its number, as 'factcheck watch list' prints it."`
}

// Run forgets the source.
func (cmd removeWatchCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if err := newWatch(st, e, false).Remove(ctx, cmd.ID, 0); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "source %d: not watched any more\n", cmd.ID)
	return nil
}

type pauseWatchCmd struct {
	database
	ID int64 `arg:"" help:"Its number."`
}

// Run pauses the source.
func (cmd pauseWatchCmd) Run(ctx context.Context, e *env) error {
	return cmd.pauseSource(ctx, e, cmd.ID, true)
}

type resumeWatchCmd struct {
	database
	ID int64 `arg:"" help:"Its number."`
}

// Run lets the source be looked at again.
func (cmd resumeWatchCmd) Run(ctx context.Context, e *env) error {
	return cmd.pauseSource(ctx, e, cmd.ID, false)
}

func (d database) pauseSource(ctx context.Context, e *env, id int64, paused bool) (err error) {
	st, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if err := newWatch(st, e, false).Pause(ctx, id, paused, 0); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, "Done.")
	return nil
}

type pollWatchCmd struct {
	database
	AllowLoopback bool    `hidden:"" env:"FACTCHECK_ALLOW_LOOPBACK" help:"Let addresses point to this machine: for tests."`
	IDs           []int64 `arg:"" optional:"" name:"id" help:"Numbers of sources (default: all that are not paused)."`
}

// Run looks at each source and prints what it took; it fails at the end if one
// could not be looked at.
func (cmd pollWatchCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	ids := cmd.IDs
	if len(ids) == 0 {
		for src, err := range watched(ctx, st) {
			if err != nil {
				return err
			}
			ids = append(ids, src.ID)
		}
	}
	w := newWatch(st, e, cmd.AllowLoopback)
	failed := 0
	for _, id := range ids {
		r, err := w.Poll(ctx, id)
		if err != nil {
			return err
		}
		tellLook(e.stdout, e.stderr, r)
		if r.Source.LastError != "" {
			failed++
		}
	}
	if failed > 0 {
		return errs.Newf("cmd.watch", errs.Upstream, "%d of %d sources could not be looked at; the others were.", failed, len(ids))
	}
	return nil
}

// tellLook prints how a look went, and a line for each item that could not be
// taken.
func tellLook(out, problems io.Writer, r watch.Result) {
	name := fmt.Sprintf("source %d", r.Source.ID)
	for _, t := range r.Taken {
		if t.Problem != "" {
			fmt.Fprintf(problems, "%s: %s: %s\n", name, t.Address, oneLine(t.Problem))
		}
	}
	articles, found, checks := r.Sums()
	switch {
	case r.Source.Paused:
		fmt.Fprintf(out, "%s: paused\n", name)
	case r.Source.LastError != "":
		fmt.Fprintf(problems, "%s: %s\n", name, oneLine(r.Source.LastError))
	case r.Unchanged:
		fmt.Fprintf(out, "%s: nothing new\n", name)
	case r.Source.Kind == watch.Checks:
		fmt.Fprintf(out, "%s: %d listed, %d looked at, %d fact-checks added, %d left: %s\n", name, r.Listed, len(r.Taken), checks, r.Left, oneLine(r.Source.Title))
	default:
		fmt.Fprintf(out, "%s: %d listed, %d looked at, %d articles added, %d claims new in triage, %d left: %s\n", name, r.Listed, len(r.Taken), articles, found, r.Left, oneLine(r.Source.Title))
	}
}
