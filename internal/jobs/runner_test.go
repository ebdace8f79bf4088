package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
)

// memory is a Store for one process. hidden jobs are those of a transaction
// that has not ended.
type memory struct {
	mu     sync.Mutex
	rows   []jobs.Job
	hidden atomic.Bool
	stolen atomic.Bool // leases are lost
	looks  atomic.Int64
	beats  atomic.Int64
}

func (m *memory) AddJob(_ context.Context, j jobs.Job) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, other := range m.rows {
		if j.Key != "" && other.State == jobs.Waiting && other.Kind == j.Kind && other.Key == j.Key {
			if j.RunAt.Before(other.RunAt) {
				m.rows[i].RunAt = j.RunAt
			}
			return other.ID, nil
		}
	}
	j.ID = int64(len(m.rows) + 1)
	m.rows = append(m.rows, j)
	return j.ID, nil
}

func (m *memory) NextJob(_ context.Context, kinds []string) (time.Time, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looks.Add(1)
	var next time.Time
	for _, j := range m.rows {
		at := j.RunAt
		if j.State == jobs.Running {
			at = j.LeaseEnds
		}
		if m.hidden.Load() || !slices.Contains(kinds, j.Kind) || j.State != jobs.Waiting && j.State != jobs.Running {
			continue
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, !next.IsZero(), nil
}

func (m *memory) LeaseJobs(_ context.Context, l jobs.Lease) ([]jobs.Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []jobs.Job
	for i, j := range m.rows {
		due := j.State == jobs.Waiting && !j.RunAt.After(l.Now) || j.State == jobs.Running && j.LeaseEnds.Before(l.Now)
		if due && len(out) < l.Limit && slices.Contains(l.Kinds, j.Kind) {
			j.State, j.Worker, j.LeaseEnds, j.Attempts = jobs.Running, l.Worker, l.Ends, j.Attempts+1
			m.rows[i] = j
			out = append(out, j)
		}
	}
	return out, nil
}

func (m *memory) ExtendJob(_ context.Context, j jobs.Job, ends time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.beats.Add(1)
	if m.stolen.Load() {
		return false, nil
	}
	m.rows[j.ID-1].LeaseEnds = ends
	return true, nil
}

func (m *memory) SettleJob(_ context.Context, j jobs.Job, o jobs.Outcome) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stolen.Load() {
		return false, nil
	}
	row := &m.rows[j.ID-1]
	row.State, row.Attempts, row.LastError, row.LeaseEnds = o.State, o.Attempts, o.LastError, time.Time{}
	if o.State == jobs.Waiting {
		row.RunAt = o.RunAt
	} else {
		row.FinishedAt = o.At
	}
	return true, nil
}

func (m *memory) ForgetJobs(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, j := range m.rows {
		if j.State == jobs.Done && j.FinishedAt.Before(before) {
			m.rows[i].Kind = "" // gone
		}
	}
	return nil
}

func (m *memory) job(id int64) jobs.Job {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[id-1]
}

// note is the job of these tests.
type note struct{ Text string }

func (note) Kind() string { return "note" }

// bench is a queue and a runner with one handler, in a bubble of time.
type bench struct {
	*memory
	t      *testing.T
	queue  *jobs.Queue
	runner jobs.Runner
}

func newBench(t *testing.T, fn func(ctx context.Context, n note) error) *bench {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // failures are meant here
	m := new(memory)
	h := new(jobs.Handlers)
	jobs.Handle(h, fn)
	bell := jobs.NewBell()
	return &bench{m, t, &jobs.Queue{Store: m, Now: time.Now, Bell: bell}, jobs.Runner{Store: m, Handlers: h, Now: time.Now, Bell: bell}}
}

func (b *bench) enqueue(n note, opts ...jobs.Option) int64 {
	b.t.Helper()
	id, err := b.queue.Enqueue(b.t.Context(), n, opts...)
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// start runs the runner until stop, which returns what Run did.
func (b *bench) start() (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.runner.Run(ctx) }()
	return func() error { cancel(); return <-done }
}

func TestAFailedJobWaitsLongerEachTimeAndIsDeadInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun []time.Time
		b := newBench(t, func(context.Context, note) error {
			begun = append(begun, time.Now())
			return errs.Newf("x", errs.Upstream, "No answer, try %d\x00.", len(begun))
		})
		id := b.enqueue(note{}, jobs.Attempts(3))
		stop := b.start()
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		j := b.job(id)
		if j.State != jobs.Dead || j.Attempts != 3 || j.LastError != "x: upstream: No answer, try 3." || j.FinishedAt.IsZero() {
			t.Errorf("job = %+v", j)
		}
		for i := 1; i < len(begun); i++ {
			if got, want := begun[i].Sub(begun[i-1]), jobs.Backoff(i, id); got != want {
				t.Errorf("attempt %d came after %v, want %v", i+1, got, want)
			}
		}
	})
}

func TestBackoffGrowsToAnHour(t *testing.T) {
	for id := range int64(100) {
		last := time.Duration(0)
		for n := 1; n < 30; n++ {
			d := jobs.Backoff(n, id)
			if d < last || d < 8*time.Second || d > 72*time.Minute {
				t.Fatalf("Backoff(%d, %d) = %v after %v", n, id, d, last)
			}
			last = d
		}
	}
	if jobs.Backoff(1, 1) == jobs.Backoff(1, 2) {
		t.Error("jobs that failed together come back together")
	}
}

func TestAPermanentErrorAndAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(_ context.Context, n note) error {
			if n.Text == "panic" {
				panic("no such thing")
			}
			return jobs.Permanent(errors.New("never"))
		})
		final, panicked := b.enqueue(note{}), b.enqueue(note{"panic"})
		stop := b.start()
		time.Sleep(time.Second)
		stop()
		if j := b.job(final); j.State != jobs.Dead || j.Attempts != 1 || j.LastError != "never" {
			t.Errorf("permanent: %+v", j)
		}
		if j := b.job(panicked); j.State != jobs.Waiting || j.LastError != "panic: no such thing" {
			t.Errorf("panic: %+v", j)
		}
	})
	if jobs.Permanent(nil) != nil || jobs.IsPermanent(nil) || !jobs.IsPermanent(fmt.Errorf("x: %w", jobs.Permanent(errs.Invalid))) || !errors.Is(jobs.Permanent(errs.Invalid), errs.Invalid) {
		t.Error("Permanent hides or invents")
	}
}

func TestALongErrorIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(context.Context, note) error { return errors.New("x" + strings.Repeat("ü", 5000)) })
		id := b.enqueue(note{})
		stop := b.start()
		time.Sleep(time.Second)
		stop()
		if s := b.job(id).LastError; len(s) > 2010 || !strings.HasSuffix(s, "ü…") {
			t.Errorf("%d bytes, …%q", len(s), s[len(s)-10:])
		}
	})
}

func TestALongJobKeepsItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(context.Context, note) error { time.Sleep(10 * time.Minute); return nil })
		id := b.enqueue(note{})
		stop := b.start()
		time.Sleep(11 * time.Minute)
		stop()
		if j := b.job(id); j.State != jobs.Done || j.Attempts != 1 || b.beats.Load() < 20 {
			t.Errorf("job = %+v after %d renewals", j, b.beats.Load())
		}
	})
}

func TestAHandlerWhoseLeaseIsLostIsBrokenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var took time.Duration
		b := newBench(t, func(ctx context.Context, _ note) error {
			start := time.Now()
			<-ctx.Done()
			took = time.Since(start)
			return ctx.Err()
		})
		id := b.enqueue(note{})
		stop := b.start()
		time.Sleep(time.Second)
		b.stolen.Store(true)
		time.Sleep(30 * time.Second)
		stop()
		if took != 20*time.Second || b.job(id).State != jobs.Running {
			t.Errorf("broken off after %v; %+v", took, b.job(id))
		}
	})
}

func TestStoppingWaitsThenGivesJobsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(ctx context.Context, n note) error {
			if n.Text == "soon" {
				time.Sleep(6 * time.Second)
				return ctx.Err()
			}
			<-ctx.Done()
			return ctx.Err()
		})
		soon, never, later := b.enqueue(note{"soon"}), b.enqueue(note{"never"}), b.enqueue(note{}, jobs.At(time.Now().Add(3*time.Second)))
		stop := b.start()
		time.Sleep(time.Second)
		begin := time.Now()
		if err := stop(); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took != jobs.DefaultGrace {
			t.Errorf("stopping took %v", took)
		}
		if j := b.job(soon); j.State != jobs.Done {
			t.Errorf("a job that needed a moment: %+v", j)
		}
		if j := b.job(never); j.State != jobs.Waiting || j.Attempts != 0 || j.LastError != "" {
			t.Errorf("a job that was broken off: %+v", j)
		}
		if j := b.job(later); j.State != jobs.Waiting || j.Attempts != 0 {
			t.Errorf("a job that came due while stopping: %+v", j)
		}
	})
}

func TestAHandlerThatDoesNotObeyIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		b := newBench(t, func(context.Context, note) error { <-release; return nil })
		id := b.enqueue(note{})
		stop := b.start()
		time.Sleep(time.Second)
		begin := time.Now()
		err := stop()
		if !errors.Is(err, errs.Internal) || time.Since(begin) != 2*jobs.DefaultGrace {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		if j := b.job(id); j.State != jobs.Running || j.LeaseEnds.After(begin.Add(jobs.DefaultLease+jobs.DefaultGrace)) {
			t.Errorf("its lease does not run out: %+v", j)
		}
		close(release)
	})
}

func TestAScheduleMeansTheSameMomentsEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		b := newBench(t, func(context.Context, note) error { at = append(at, time.Now().UTC()); return nil })
		b.runner.Schedules = []jobs.Schedule{{Args: note{"hourly"}, Every: time.Hour}}
		time.Sleep(25 * time.Minute)
		second := b.runner
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- second.Run(ctx) }()
		stop := b.start()
		time.Sleep(5 * time.Hour)
		stop()
		cancel()
		<-done
		if len(at) != 5 {
			t.Fatalf("%d runs in five hours: %v", len(at), at)
		}
		for i, when := range at {
			if late := when.Sub(when.Truncate(time.Hour)); late > 10*time.Millisecond || i > 0 && when.Sub(at[i-1]).Round(time.Second) != time.Hour {
				t.Errorf("run %d at %v", i, when)
			}
		}
	})
}

func TestAJobStartsAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began time.Time
		b := newBench(t, func(context.Context, note) error { began = time.Now(); return nil })
		due := time.Now().Add(90*time.Second + 123*time.Millisecond)
		b.enqueue(note{}, jobs.At(due))
		stop := b.start()
		time.Sleep(2 * time.Minute)
		stop()
		if !began.Equal(due) {
			t.Errorf("began %v after its time", began.Sub(due))
		}
	})
}

func TestABellIsHeardAlsoBeforeTheTransactionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began time.Time
		b := newBench(t, func(context.Context, note) error { began = time.Now(); return nil })
		b.runner.Poll = time.Hour
		stop := b.start()
		time.Sleep(3 * time.Hour)
		quiet := b.looks.Load()
		if quiet > 30 {
			t.Errorf("%d looks in three quiet hours", quiet)
		}
		b.hidden.Store(true)
		b.enqueue(note{})
		time.Sleep(100 * time.Millisecond)
		b.hidden.Store(false)
		visible := time.Now()
		time.Sleep(time.Second)
		stop()
		if late := began.Sub(visible); began.IsZero() || late > 100*time.Millisecond {
			t.Errorf("began %v after the transaction", late)
		}
	})
}

func TestNoMoreThanSoManyAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most, all atomic.Int64
		b := newBench(t, func(context.Context, note) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			all.Add(1)
			return nil
		})
		b.runner.Workers = 3
		for range 20 {
			b.enqueue(note{})
		}
		stop := b.start()
		time.Sleep(8 * time.Second)
		stop()
		if most.Load() != 3 || all.Load() != 20 {
			t.Errorf("%d at a time, %d in all", most.Load(), all.Load())
		}
	})
}

func TestWhatNobodyHandlesWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(context.Context, note) error { return nil })
		id, err := b.AddJob(t.Context(), jobs.Job{Kind: "unknown", Args: []byte("{}"), State: jobs.Waiting, RunAt: time.Now(), MaxAttempts: 1})
		strange, _ := b.AddJob(t.Context(), jobs.Job{Kind: "note", Args: []byte(`{"Newer":1}`), State: jobs.Waiting, RunAt: time.Now(), MaxAttempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		stop := b.start()
		time.Sleep(time.Minute)
		stop()
		if j := b.job(id); j.State != jobs.Waiting || j.Attempts != 0 {
			t.Errorf("unknown kind: %+v", j)
		}
		if j := b.job(strange); j.State != jobs.Dead || !strings.Contains(j.LastError, "decode arguments of note") {
			t.Errorf("unknown field: %+v", j)
		}
	})
}

func TestEnqueueRefusesWhatDoesNotFit(t *testing.T) {
	q := &jobs.Queue{Store: new(memory), Now: time.Now}
	for name, try := range map[string]func() (int64, error){
		"arguments": func() (int64, error) { return q.Enqueue(t.Context(), note{strings.Repeat("x", jobs.MaxArgs)}) },
		"key": func() (int64, error) {
			return q.Enqueue(t.Context(), note{}, jobs.Key(strings.Repeat("x", jobs.MaxKey+1)))
		},
		"no kind": func() (int64, error) { return q.Enqueue(t.Context(), nameless{}) },
		"no JSON": func() (int64, error) { return q.Enqueue(t.Context(), endless{}) },
	} {
		if _, err := try(); !errors.Is(err, errs.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := new(jobs.Handlers)
	jobs.Handle(h, func(context.Context, note) error { return nil })
	for name, wire := range map[string]func(){
		"twice":   func() { jobs.Handle(h, func(context.Context, note) error { return nil }) },
		"no kind": func() { jobs.Handle(h, func(context.Context, nameless) error { return nil }) },
	} {
		if func() (p any) { defer func() { p = recover() }(); wire(); return }() == nil {
			t.Errorf("%s: no panic", name)
		}
	}
	if got := h.Kinds(); !slices.Equal(got, []string{"note"}) {
		t.Errorf("kinds %v", got)
	}
}

type nameless struct{}

func (nameless) Kind() string { return "" }

type endless struct{}

func (endless) Kind() string                 { return "endless" }
func (endless) MarshalJSON() ([]byte, error) { return nil, json.Unmarshal(nil, new(int)) }
