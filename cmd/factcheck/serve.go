package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/demo"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/outreach"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/web"
)

// serveCmd is "factcheck serve": the desk.
type serveCmd struct {
	database
	site
	capturing
	mailing
	Addr          string `default:"127.0.0.1:8080" env:"FACTCHECK_ADDR" help:"Address to listen on."`
	Demo          bool   `help:"Fill an empty database with a sample desk and print its sign-ins."`
	AllowLoopback bool   `hidden:"" env:"FACTCHECK_ALLOW_LOOPBACK" help:"Let addresses of articles and sources point to this machine: for tests."`
	Dev           string `hidden:"" help:"Folder ui of the source: templates are read anew for each page."`
}

// Help is the example under --help.
func (serveCmd) Help() string {
	return "On an empty database it prints a one-time link to create the first account.\n\nExample: factcheck serve --demo"
}

// Time limits of a connection: a slow client may not keep one for ever.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = time.Minute
	writeTimeout  = 90 * time.Second
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 10 * time.Second
	maxHeader     = 64 << 10
)

// Run serves until it is interrupted, then lets the requests under way end.
func (cmd serveCmd) Run(ctx context.Context, e *env) (err error) {
	if err := review.CheckWorkflow(); err != nil {
		return errs.Wrap("cmd.serve", errs.Internal, err)
	}
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	accounts := &auth.Service{Store: st, Now: e.now}
	if cmd.Demo {
		if err := fillDemo(ctx, e, st, accounts); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", cmd.Addr)
	if err != nil {
		return &errs.Error{Op: "cmd.serve", Kind: errs.Invalid, Err: err,
			Msg: fmt.Sprintf("%s is taken or cannot be listened on. Stop what uses it, or choose another with --addr.", cmd.Addr)}
	}
	address := "http://" + listener.Addr().String()
	before, err := newEarlier(st, e)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	work, err := cmd.work(st, e, cmd.DB, cmd.AllowLoopback)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer closing(work.Evidence.Files, &err)
	out, err := cmd.outside(e, st, work, cmd.site.site(address))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := cmd.handler(e, st, accounts, work, before, out, address)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := invite(ctx, e, accounts, address); err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(e.stdout, "The desk is open at %s/desk, what readers see at %s/. Stop it with Ctrl+C.\n", address, address)
	handlers := work.Handlers()
	if out.Mails() { // without a mail server letters wait for a program that has one
		out.Register(handlers)
	}
	runner := jobs.Runner{Store: st, Handlers: handlers, Now: e.now, Bell: work.Queue.Bell, Schedules: work.Schedules()}
	stop := inBackground(ctx, runner.Run)
	stopIndex := inBackground(ctx, func(ctx context.Context) error { before.Index.Run(ctx); return nil })
	stopFill := inBackground(ctx, fillSearch(st))
	err = serve(ctx, listener, handler)
	return errors.Join(err, stop(), stopIndex(), stopFill())
}

func (cmd serveCmd) handler(e *env, st *store.Store, accounts *auth.Service, work *pipeline.Work, before *earlier.Service, out *outreach.Service, address string) (http.Handler, error) {
	site := cmd.site.site(address)
	if err := site.Check(); err != nil {
		return nil, err
	}
	pipe := newPipeline(st, e, cmd.AllowLoopback)
	server := &web.Server{
		Reviews: work.Reviews, Store: st, Accounts: accounts, Evidence: work.Evidence, LookNow: work.LookNow,
		Sessions: auth.NewSessions(store.Sessions{Store: st, Now: e.now}, strings.HasPrefix(site.BaseURL, "https://")),
		Ingest: func(ctx context.Context, in web.Submission, by review.Person) (int64, int, error) {
			r, err := pipe.IngestFor(ctx, ingest.Input{
				URL: in.URL, Data: in.Data, Name: in.Name, ContentType: in.ContentType,
				FoundAt: in.FoundAt, Publisher: in.Publisher, Published: in.Published,
			}, by)
			return r.Article.ID, r.NewClaims, err
		},
		Attention:  &review.Attention{Store: st, Now: e.now},
		Outside:    out,
		Recurrence: &earlier.Recurrence{Store: st, Now: e.now},
		Earlier:    before, Site: site, Now: e.now, Dev: cmd.Dev,
	}
	return server.Handler()
}

// fillSearch makes found in the desk's one box what was stored before there was
// one.
func fillSearch(st *store.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := st.FillSearch(ctx)
		if n > 0 {
			slog.InfoContext(ctx, "search filled", "rows", n)
		}
		return err
	}
}

// invite prints the one-time link for the first account, if there is none.
func invite(ctx context.Context, e *env, accounts *auth.Service, address string) error {
	needed, err := accounts.NeedsSetup(ctx)
	if err != nil || !needed {
		return err
	}
	token, err := accounts.NewSetupToken(ctx)
	if err == nil {
		fmt.Fprintf(e.stdout, "Nobody has an account yet. Create the first one within 30 minutes at\n  %s/setup?token=%s\n", address, token)
	}
	return err
}

// fillDemo fills an empty database with the sample desk; one that has people
// goes on as it was left. It prints the sign-ins.
func fillDemo(ctx context.Context, e *env, st *store.Store, accounts *auth.Service) error {
	empty, err := accounts.NeedsSetup(ctx)
	if err != nil {
		return err
	}
	if empty {
		fmt.Fprintln(e.stdout, "Filling the sample desk …")
		if err := demo.Fill(ctx, demoDesk(st, accounts, e)); err != nil {
			return err
		}
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "Sign in as\tpassword\twho that is")
	for _, s := range demo.SignIns() {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.Email, s.Password, s.About)
	}
	return w.Flush()
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return fmt.Errorf("stop: %w", errors.Join(err, server.Close()))
	}
	return nil
}
