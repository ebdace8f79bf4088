package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"text/tabwriter"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/demo"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// serveCmd is "factcheck serve": the desk.
type serveCmd struct {
	database
	site
	capturing
	mailing
	encoding
	TrustedProxy  []string `name:"trusted-proxy" env:"FACTCHECK_TRUSTED_PROXY" placeholder:"CIDR" help:"Proxy, or network of proxies, that may say in X-Forwarded-For for whom it asks, such as 127.0.0.1 or 10.0.0.0/8; may be repeated (default: none, and limits count the proxy itself)."`
	Addr          string   `default:"127.0.0.1:8080" env:"FACTCHECK_ADDR" help:"Address to listen on."`
	Demo          bool     `help:"Fill an empty database with a sample desk and print its sign-ins."`
	AllowLoopback bool     `hidden:"" env:"FACTCHECK_ALLOW_LOOPBACK" help:"Let addresses of articles and sources point to this machine: for tests."`
	Dev           string   `hidden:"" help:"Folder ui of the source: templates are read anew for each page."`
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
	if cmd.Demo {
		if err := fillDemo(ctx, e, st, &auth.Service{Store: st, Now: e.now}); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", cmd.Addr)
	if err != nil {
		return &errs.Error{Op: "cmd.serve", Kind: errs.Invalid, Err: err,
			Msg: fmt.Sprintf("%s is taken or cannot be listened on. Stop what uses it, or choose another with --addr.", cmd.Addr)}
	}
	address := "http://" + listener.Addr().String()
	main, err := cmd.desk(ctx, e, st, cmd.dir(cmd.DB, cmd.Desk), cmd.site.site(address))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer closing(main, &err)
	others, err := cmd.otherDesks(ctx, e, st, address)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() {
		for _, d := range others {
			closing(d, &err)
		}
	}()
	fmt.Fprintf(e.stdout, "The desk is open at %s/desk, what readers see at %s/. Stop it with Ctrl+C.\n", address, address)
	var stops []func() error
	for _, d := range append([]*desk{main}, others...) {
		stops = append(stops, d.start(ctx, e)...)
	}
	err = serve(ctx, listener, byHost(main, others))
	for _, stop := range stops {
		err = errors.Join(err, stop())
	}
	return err
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
