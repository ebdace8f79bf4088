package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"factcheck/internal/errs"
)

// What a Runner does where its fields are zero.
const (
	DefaultWorkers = 4
	DefaultLease   = time.Minute
	DefaultPoll    = 2 * time.Second
	DefaultGrace   = 10 * time.Second
	DefaultKeep    = 7 * 24 * time.Hour
)

// firstLook is how soon a Runner looks again after it did or was told of
// something; each time it finds nothing it waits twice as long, up to Poll.
const firstLook = 5 * time.Millisecond

// sweepEvery is how often rows that are over are removed.
const sweepEvery = time.Hour

// maxLastError is how many bytes of an error a row keeps.
const maxLastError = 2000

// Runner does the jobs that Handlers can do. A program has one, or several for
// different kinds. Store, Handlers and Now must be set; where another field is
// zero its default holds.
type Runner struct {
	Store     Store
	Handlers  *Handlers
	Now       func() time.Time
	Bell      Bell // rung by the queues of this process; may be nil
	Schedules []Schedule

	Workers int           // jobs at the same time
	Lease   time.Duration // how long a job may be held without a word; it is renewed every third of it
	Poll    time.Duration // how long at most until a job of another process is seen
	Grace   time.Duration // how long running jobs may go on after the context of Run has ended
	Keep    time.Duration // how long jobs that are done can be looked up

	// Backoff is how long a job waits after so many attempts, 1 or more. nil
	// means the function Backoff.
	Backoff func(attempts int, id int64) time.Duration
}

// withDefaults is r with every field set.
func (r Runner) withDefaults() Runner {
	r.Workers = cmp.Or(r.Workers, DefaultWorkers)
	r.Lease = cmp.Or(r.Lease, DefaultLease)
	r.Poll = cmp.Or(r.Poll, DefaultPoll)
	r.Grace = cmp.Or(r.Grace, DefaultGrace)
	r.Keep = cmp.Or(r.Keep, DefaultKeep)
	if r.Backoff == nil {
		r.Backoff = Backoff
	}
	return r
}

// Backoff is 10 seconds after the first attempt and twice as long after each
// further one, at most an hour; up to a fifth more or less, by the id of the
// job, so that what failed together does not come back together.
func Backoff(attempts int, id int64) time.Duration {
	const first, most = 10 * time.Second, time.Hour
	d := time.Duration(most)
	if n := attempts - 1; n < 9 {
		d = min(most, first<<max(n, 0))
	}
	return d + d/100*time.Duration(id*7%41-20)
}

// Run does jobs until ctx ends. Those that run then may go on for Grace; what
// is not over by then is broken off and waits again, without that attempt being
// counted. The error is nil unless a handler did not obey: its job is done
// again when the lease has run out.
func (r Runner) Run(ctx context.Context) error {
	r = r.withDefaults()
	l := &loop{Runner: r, name: rand.Text(), kinds: r.Handlers.Kinds(), over: make(chan struct{}, r.Workers), planned: make([]time.Time, len(r.Schedules))}
	// Handlers outlive ctx by Grace.
	l.handlers, l.breakOff = context.WithCancelCause(context.WithoutCancel(ctx))
	defer l.breakOff(nil)
	for wait := firstLook; ctx.Err() == nil; {
		found, due, err := l.look(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			slog.ErrorContext(ctx, "jobs cannot be read", "err", err)
			wait = l.Poll
		case found:
			wait = firstLook
		}
		if l.pause(ctx, min(wait, due)) {
			wait = firstLook
		} else {
			wait = min(2*wait, l.Poll)
		}
	}
	return l.stop()
}

// errStopping is why handlers are broken off.
var errStopping = errors.New("the program stops")

// errLost is why a handler is broken off whose lease another worker may have.
var errLost = errors.New("the lease was lost")

// loop is one Run.
type loop struct {
	Runner
	name     string // of this run among all
	kinds    []string
	handlers context.Context // of all handlers
	breakOff context.CancelCauseFunc
	running  sync.WaitGroup
	started  int           // workers in use, those in over included
	over     chan struct{} // one for each worker that is free again
	swept    time.Time
	planned  []time.Time // until when each Schedule was seen to
}

// pause waits, and reports whether something happened meanwhile.
func (l *loop) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-l.Bell:
	case <-l.over:
		l.started--
	case <-t.C:
		return false
	}
	return true
}

// look begins what is due. It returns whether there was anything, and when
// there will be, at most Poll from now.
func (l *loop) look(ctx context.Context) (found bool, due time.Duration, err error) {
	for len(l.over) > 0 {
		<-l.over
		l.started--
	}
	if err := l.upkeep(ctx); err != nil {
		return false, l.Poll, err
	}
	idle := l.Workers - l.started
	if idle == 0 || len(l.kinds) == 0 {
		return false, l.Poll, nil
	}
	// Reading first: a database with one writer is left alone while nothing is due.
	next, any, err := l.Store.NextJob(ctx, l.kinds)
	now := stored(l.Now())
	switch {
	case err != nil, !any:
		return false, l.Poll, err
	case next.After(now):
		return false, min(l.Poll, next.Sub(now)), nil
	}
	leased, err := l.Store.LeaseJobs(ctx, Lease{Kinds: l.kinds, Worker: l.name, Limit: idle, Now: now, Ends: now.Add(l.Lease)})
	for _, j := range leased {
		l.started++
		l.running.Go(func() {
			l.do(j)
			l.over <- struct{}{} // has room for all of them
		})
	}
	return len(leased) > 0, l.Poll, err
}

// do runs a job to its end and settles it.
func (l *loop) do(j Job) {
	ctx, cancel := context.WithCancelCause(l.handlers)
	defer cancel(nil)
	stopped := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() { l.heartbeat(ctx, j, stopped, cancel) })
	err := l.call(ctx, j)
	close(stopped)
	beating.Wait()
	if err != nil && errors.Is(context.Cause(ctx), errLost) {
		slog.WarnContext(ctx, "job was taken over", "job", j.ID, "kind", j.Kind)
		return
	}
	l.settle(ctx, j, err)
}

// heartbeat renews the lease of a job until its handler has stopped.
func (l *loop) heartbeat(ctx context.Context, j Job, stopped <-chan struct{}, cancel context.CancelCauseFunc) {
	t := time.NewTicker(max(l.Lease/3, time.Millisecond))
	defer t.Stop()
	held := j.LeaseEnds
	for {
		select {
		case <-stopped:
			return
		case <-l.handlers.Done():
			return // broken off: a handler that does not obey loses its lease
		case <-t.C:
		}
		now := stored(l.Now())
		ok, err := l.Store.ExtendJob(ctx, j, now.Add(l.Lease))
		switch {
		case err == nil && ok:
			held = now.Add(l.Lease)
		case err == nil, now.After(held): // taken, or out of touch for so long that it may be
			cancel(errLost)
			return
		default:
			slog.WarnContext(ctx, "lease could not be renewed", "job", j.ID, "err", err)
		}
	}
}

// call runs the handler; a panic is an error of the job, not of the program.
func (l *loop) call(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "job panicked", "job", j.ID, "kind", j.Kind, "err", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return l.Handlers.Do(ctx, j)
}

// settle writes how an attempt ended. It has a little time of its own, since
// ctx may have been cancelled.
func (l *loop) settle(ctx context.Context, j Job, err error) {
	o := l.outcome(ctx, j, err)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(l.Lease/3, time.Second))
	defer cancel()
	ok, failed := l.Store.SettleJob(ctx, j, o)
	switch {
	case failed != nil: // it is done again when the lease has run out
		slog.ErrorContext(ctx, "job could not be settled", "job", j.ID, "kind", j.Kind, "err", failed)
	case !ok:
		slog.WarnContext(ctx, "job was taken over", "job", j.ID, "kind", j.Kind)
	case o.State == Dead:
		slog.ErrorContext(ctx, "job is dead", "job", j.ID, "kind", j.Kind, "attempts", o.Attempts, "err", err)
	case err != nil && o.Attempts == j.Attempts:
		slog.WarnContext(ctx, "job failed", "job", j.ID, "kind", j.Kind, "attempts", o.Attempts, "err", err)
	}
}

// outcome says what becomes of a job whose handler returned err.
func (l *loop) outcome(ctx context.Context, j Job, err error) Outcome {
	now := stored(l.Now())
	o := Outcome{State: Done, Attempts: j.Attempts, LastError: j.LastError, At: now}
	if err == nil {
		return o
	}
	if errors.Is(context.Cause(ctx), errStopping) {
		o.State, o.RunAt, o.Attempts = Waiting, now, j.Attempts-1
		return o
	}
	o.LastError = clip(err.Error())
	if IsPermanent(err) || j.Attempts >= j.MaxAttempts {
		o.State = Dead
		return o
	}
	o.State, o.RunAt = Waiting, stored(now.Add(l.Backoff(j.Attempts, j.ID)))
	return o
}

// clip makes an error fit into a row: text, without the byte that PostgreSQL
// refuses.
func clip(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) > maxLastError {
		s = s[:maxLastError] + "…"
	}
	return strings.ToValidUTF8(s, "")
}

// stop waits for what runs, for Grace, then breaks it off and waits as long
// again.
func (l *loop) stop() error {
	done := make(chan struct{})
	go func() { l.running.Wait(); close(done) }()
	for range 2 {
		t := time.NewTimer(l.Grace)
		defer t.Stop()
		select {
		case <-done:
			return nil
		case <-t.C:
			l.breakOff(errStopping)
		}
	}
	return errs.New("jobs.Run", errs.Internal, "A job did not stop in time. It is done again when the program runs next.")
}

// upkeep plans what is scheduled and, now and then, removes what is over.
func (l *loop) upkeep(ctx context.Context) error {
	now := stored(l.Now())
	if err := l.plan(ctx, now); err != nil {
		return err
	}
	if now.Sub(l.swept) < sweepEvery {
		return nil
	}
	l.swept = now
	return l.Store.ForgetJobs(ctx, now.Add(-l.Keep))
}
