package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"factcheck/data"
	"factcheck/internal/auth"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/outreach"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/watch"
	"factcheck/internal/web"
)

// desk is one desk that is served: a database with all that works over it.
type desk struct {
	host    string // by which browsers ask for it; empty: the installation's own
	store   *store.Store
	work    *pipeline.Work
	before  *earlier.Service
	out     *outreach.Service
	watch   *watch.Service
	handler http.Handler
	own     bool // whether Close closes the store too
}

// desk puts a desk together. The store stays open if it cannot be.
func (cmd serveCmd) desk(ctx context.Context, e *env, st *store.Store, dir string, site export.Site) (*desk, error) {
	d := &desk{store: st}
	var err error
	if err = site.Check(); err != nil {
		return nil, err
	}
	if d.before, err = cmd.encoding.earlier(st, e); err != nil {
		return nil, err
	}
	if d.work, err = cmd.work(st, e, dir, cmd.AllowLoopback); err != nil {
		return nil, err
	}
	if d.out, err = cmd.outside(e, st, d.work, site); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.watch = newWatch(st, e, cmd.AllowLoopback)
	d.watch.Queue = d.work.Queue // whose bell is heard
	accounts := &auth.Service{Store: st, Now: e.now}
	if d.handler, err = cmd.handler(e, d, accounts, site); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := invite(ctx, e, accounts, site.BaseURL); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (cmd serveCmd) handler(e *env, d *desk, accounts *auth.Service, site export.Site) (http.Handler, error) {
	pipe := newPipeline(d.store, e, cmd.AllowLoopback)
	lists, err := review.ParseChecklists(data.Checklists())
	if err != nil {
		return nil, err
	}
	server := &web.Server{
		Reviews: d.work.Reviews, Store: d.store, Accounts: accounts, Evidence: d.work.Evidence, LookNow: d.work.LookNow,
		Sessions: auth.NewSessions(store.Sessions{Store: d.store, Now: e.now}, strings.HasPrefix(site.BaseURL, "https://")),
		Ingest: func(ctx context.Context, in web.Submission, by review.Person) (int64, int, error) {
			r, err := pipe.IngestFor(ctx, ingest.Input{
				URL: in.URL, Data: in.Data, Name: in.Name, ContentType: in.ContentType,
				FoundAt: in.FoundAt, Publisher: in.Publisher, Published: in.Published,
			}, by)
			return r.Article.ID, r.NewClaims, err
		},
		Sides:      &review.Sides{Store: d.store, Now: e.now},
		Attention:  &review.Attention{Store: d.store, Now: e.now},
		Comments:   &review.Comments{Store: d.store, Now: e.now},
		Ticks:      &review.Ticks{Store: d.store, Now: e.now},
		Interests:  &review.Interests{Store: d.store, Now: e.now},
		Drifts:     &review.Drifts{Store: d.store, Now: e.now},
		Suggested:  lists,
		Outside:    d.out,
		Watch:      d.watch,
		Recurrence: &earlier.Recurrence{Store: d.store, Now: e.now},
		Earlier:    d.before, Site: site, Now: e.now, Dev: cmd.Dev, Proxies: cmd.TrustedProxy,
	}
	return server.Handler()
}

// start begins what goes on beside the requests, and returns how to stop it.
func (d *desk) start(ctx context.Context, e *env) []func() error {
	handlers := d.work.Handlers()
	schedules := slices.Concat(d.work.Schedules(), d.watch.Schedules())
	if d.out.Mails() { // without a mail server letters wait for a program that has one
		d.out.Register(handlers)
		schedules = append(schedules, d.out.Schedules()...)
	}
	d.watch.Register(handlers)
	runner := jobs.Runner{Store: d.store, Handlers: handlers, Now: e.now, Bell: d.work.Queue.Bell, Schedules: schedules}
	return []func() error{
		inBackground(ctx, runner.Run),
		inBackground(ctx, func(ctx context.Context) error { d.before.Index.Run(ctx); return nil }),
		inBackground(ctx, lean(d.before.Index)),
		inBackground(ctx, fill("search filled", d.store.FillSearch)),
		inBackground(ctx, fill("triage weighed", d.store.FillReach)),
	}
}

// Close closes the files of the evidence, and the store of another desk.
func (d *desk) Close() error {
	err := d.work.Evidence.Files.Close()
	if d.own {
		err = errors.Join(err, d.store.Close())
	}
	return err
}

// otherDesks opens the desks that an installation keeps beside its own.
func (cmd serveCmd) otherDesks(ctx context.Context, e *env, main *store.Store, address string) (all []*desk, err error) {
	if cmd.Desk != "" { // one desk alone is served
		return nil, nil
	}
	defer func() {
		if err != nil {
			for _, d := range all {
				err = errors.Join(err, d.Close())
			}
		}
	}()
	workspaces, err := main.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range workspaces {
		if !w.ClosedAt.IsZero() {
			continue
		}
		site, err := cmd.siteOf(w, address)
		if err != nil {
			return all, err
		}
		st, err := store.OpenDesk(ctx, cmd.DB, w.Name)
		if err != nil {
			return all, err
		}
		d, err := cmd.desk(ctx, e, st, cmd.dir(cmd.DB, w.Name), site)
		if err != nil {
			return all, errors.Join(err, st.Close())
		}
		d.host, d.own = w.Host, true
		all = append(all, d)
		fmt.Fprintf(e.stdout, "%s is open at %s/desk.\n", w.Title, site.BaseURL)
	}
	return all, nil
}

// siteOf is the site of another desk: its host, at the scheme and port of the
// installation's own.
func (cmd serveCmd) siteOf(w store.Workspace, address string) (export.Site, error) {
	own := cmd.site.site(address)
	u, err := url.Parse(own.BaseURL)
	if err != nil {
		return own, errs.Newf("cmd.serve", errs.Invalid, "“%s” is not the address of a site. It looks like https://checks.example.org.", own.BaseURL)
	}
	host := w.Host
	if port := u.Port(); port != "" {
		host = net.JoinHostPort(w.Host, port)
	}
	return export.Site{Name: w.Title, BaseURL: u.Scheme + "://" + host, Contact: own.Contact}, nil
}

// byHost hands each request to the desk that its host names, and all others to
// the installation's own. Nothing behind it knows of more than one desk.
func byHost(main *desk, others []*desk) http.Handler {
	if len(others) == 0 {
		return main.handler
	}
	at := map[string]http.Handler{}
	for _, d := range others {
		at[d.host] = d.handler
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if h, ok := at[strings.ToLower(strings.TrimSuffix(host, "."))]; ok {
			h.ServeHTTP(w, r)
			return
		}
		main.handler.ServeHTTP(w, r)
	})
}

// fill brings what was stored before the program knew how up to what it does now.
func fill(done string, rows func(context.Context) (int, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := rows(ctx)
		if n > 0 {
			slog.InfoContext(ctx, done, "rows", n)
		}
		if errors.Is(err, context.Canceled) || errs.KindOf(err) == errs.Canceled {
			err = nil // it goes on with the next start
		}
		return err
	}
}
