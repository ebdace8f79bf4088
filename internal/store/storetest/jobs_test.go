package storetest_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// chore is the job of these tests.
type chore struct{ N int }

func (chore) Kind() string { return "chore" }

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func at(d time.Duration) func() time.Time { return func() time.Time { return monday.Add(d) } }

func enqueue(t *testing.T, st *store.Store, n int, opts ...jobs.Option) int64 {
	t.Helper()
	id, err := (&jobs.Queue{Store: st, Now: at(0)}).Enqueue(ctx, chore{n}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// lease is what a worker gets so long after monday; it may keep it for a minute.
func lease(t *testing.T, st *store.Store, worker string, after time.Duration, limit int) []jobs.Job {
	t.Helper()
	now := monday.Add(after)
	got, err := st.LeaseJobs(ctx, jobs.Lease{Kinds: []string{"chore"}, Worker: worker, Limit: limit, Now: now, Ends: now.Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func settle(t *testing.T, st *store.Store, j jobs.Job, o jobs.Outcome) bool {
	t.Helper()
	o.At = monday
	ok, err := st.SettleJob(ctx, j, o)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func job(t *testing.T, st *store.Store, id int64) jobs.Job {
	t.Helper()
	j, err := st.Job(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// TestJobsAreNeitherLostNorDoubled has two runners of four workers, each with a
// database of its own, share 400 jobs.
func TestJobsAreNeitherLostNorDoubled(t *testing.T) {
	const n = 400
	storetest.Each(t, func(t *testing.T, dsn string) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		stores := []*store.Store{storetest.Open(t, dsn), storetest.Open(t, dsn)}
		err := stores[0].InTx(ctx, func(ctx context.Context) error {
			for i := range n {
				if _, err := (&jobs.Queue{Store: stores[0], Now: time.Now}).Enqueue(ctx, chore{i}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		seen := map[int]int{}
		all := make(chan struct{})
		var begun [2]sync.Once // no runner goes on before the other has begun
		var both, runs sync.WaitGroup
		both.Add(2)
		for i, st := range stores {
			h := new(jobs.Handlers)
			jobs.Handle(h, func(_ context.Context, c chore) error {
				begun[i].Do(both.Done)
				both.Wait()
				mu.Lock()
				defer mu.Unlock()
				seen[c.N]++
				if len(seen) == n && seen[c.N] == 1 {
					close(all)
				}
				return nil
			})
			runs.Go(func() {
				if err := (jobs.Runner{Store: st, Handlers: h, Now: time.Now, Workers: 4}).Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		<-all
		cancel()
		runs.Wait()
		for i, times := range seen {
			if times != 1 {
				t.Errorf("job %d was done %d times", i, times)
			}
		}
		counts, err := stores[0].CountJobs(context.Background())
		if err != nil || counts[jobs.Done] != n || len(counts) != 1 {
			t.Errorf("counts %v, %v", counts, err)
		}
		var tries int
		if err := storetest.Raw(t, dsn).QueryRow("SELECT MAX(attempts) FROM jobs").Scan(&tries); err != nil || tries != 1 {
			t.Errorf("%d attempts, %v", tries, err)
		}
	})
}

func TestAJobExistsIfItsTransactionDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		failed := st.InTx(ctx, func(ctx context.Context) error {
			if _, err := (&jobs.Queue{Store: st, Now: at(0)}).Enqueue(ctx, chore{1}); err != nil {
				return err
			}
			return errs.New("x", errs.Conflict, "Not today.")
		})
		if !errors.Is(failed, errs.Conflict) {
			t.Fatal(failed)
		}
		if got := lease(t, st, "w", time.Hour, 10); len(got) != 0 {
			t.Errorf("a job of a transaction that was rolled back: %+v", got)
		}
		var id int64
		err := st.InTx(ctx, func(ctx context.Context) (err error) {
			id, err = (&jobs.Queue{Store: st, Now: at(0)}).Enqueue(ctx, chore{2}, jobs.Key("k"), jobs.At(monday.Add(time.Second)))
			if _, any, _ := st.NextJob(context.Background(), []string{"chore"}); any {
				t.Error("a job can be seen before its transaction has ended")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := jobs.Job{ID: id, Kind: "chore", Args: []byte(`{"N":2}`), Key: "k", State: jobs.Waiting, RunAt: monday.Add(time.Second), MaxAttempts: jobs.DefaultAttempts, CreatedAt: monday}
		if diff := cmp.Diff(want, job(t, st, id)); diff != "" {
			t.Errorf("job (-want +got):\n%s", diff)
		}
	})
}

func TestJobsAreLeasedWhenTheyAreDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		if _, any, err := st.NextJob(ctx, []string{"chore"}); any || err != nil {
			t.Fatal(any, err)
		}
		late, soon, first := enqueue(t, st, 1, jobs.At(monday.Add(2*time.Hour))), enqueue(t, st, 2, jobs.At(monday.Add(time.Hour))), enqueue(t, st, 3)
		if next, any, err := st.NextJob(ctx, []string{"chore", "other"}); !any || err != nil || !next.Equal(monday) {
			t.Errorf("next %v, %v, %v", next, any, err)
		}
		if _, any, err := st.NextJob(ctx, []string{"other"}); any || err != nil {
			t.Errorf("next of another kind: %v, %v", any, err)
		}
		if got := lease(t, st, "w", time.Hour, 1); len(got) != 1 || got[0].ID != first {
			t.Errorf("first %+v", got)
		}
		got := lease(t, st, "w", time.Hour, 10)
		if len(got) != 1 || got[0].ID != soon {
			t.Fatalf("then %+v", got)
		}
		want := jobs.Job{
			ID: soon, Kind: "chore", Args: []byte(`{"N":2}`), State: jobs.Running, RunAt: monday.Add(time.Hour), Attempts: 1, MaxAttempts: jobs.DefaultAttempts,
			Worker: "w", LeaseEnds: monday.Add(time.Hour + time.Minute), CreatedAt: monday,
		}
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("leased (-want +got):\n%s", diff)
		}
		if next, any, err := st.NextJob(ctx, []string{"chore"}); !any || err != nil || !next.Equal(monday.Add(time.Hour+time.Minute)) {
			t.Errorf("next is the end of a lease: %v, %v, %v", next, any, err)
		}
		if got := lease(t, st, "w", 2*time.Hour, 10); len(got) != 3 || got[0].ID != first || got[2].ID != late {
			t.Errorf("longest due first: %+v", got)
		}
	})
}

func TestALateFinishOfALostLeaseChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		id := enqueue(t, st, 1)
		dead := lease(t, st, "dead", 0, 1)[0]
		if got := lease(t, st, "alive", time.Minute, 1); len(got) != 0 {
			t.Fatalf("taken before the lease ended: %+v", got)
		}
		alive := lease(t, st, "alive", time.Minute+time.Microsecond, 1)
		if len(alive) != 1 || alive[0].ID != id || alive[0].Attempts != 2 {
			t.Fatalf("taken over: %+v", alive)
		}
		if settle(t, st, dead, jobs.Outcome{State: jobs.Dead, Attempts: 1, LastError: "late"}) {
			t.Error("a late finish was taken")
		}
		if ok, err := st.ExtendJob(ctx, dead, monday.Add(time.Hour)); ok || err != nil {
			t.Errorf("a lost lease was extended: %v, %v", ok, err)
		}
		if ok, err := st.ExtendJob(ctx, alive[0], monday.Add(time.Hour)); !ok || err != nil {
			t.Errorf("a lease was not extended: %v, %v", ok, err)
		}
		if j := job(t, st, id); j.State != jobs.Running || j.Worker != "alive" || j.LastError != "" || !j.LeaseEnds.Equal(monday.Add(time.Hour)) {
			t.Errorf("job = %+v", j)
		}
		// The same worker may lose a lease and get it again: the attempt tells.
		again := lease(t, st, "alive", 2*time.Hour, 1)[0]
		if settle(t, st, alive[0], jobs.Outcome{State: jobs.Done, Attempts: 2}) || !settle(t, st, again, jobs.Outcome{State: jobs.Done, Attempts: 3}) {
			t.Error("the attempt does not tell leases apart")
		}
		if settle(t, st, again, jobs.Outcome{State: jobs.Waiting}) {
			t.Error("a job that is done was settled again")
		}
		if j := job(t, st, id); j.State != jobs.Done || !j.FinishedAt.Equal(monday) || !j.LeaseEnds.IsZero() {
			t.Errorf("job = %+v", j)
		}
	})
}

func TestAJobThatKillsItsWorkersIsDead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		id := enqueue(t, st, 1, jobs.Attempts(2))
		for i := range 2 {
			if got := lease(t, st, "w", time.Duration(i)*time.Hour, 1); len(got) != 1 {
				t.Fatalf("attempt %d: %+v", i+1, got)
			}
		}
		if got := lease(t, st, "w", 2*time.Hour, 1); len(got) != 0 {
			t.Errorf("a third attempt: %+v", got)
		}
		if j := job(t, st, id); j.State != jobs.Dead || !strings.Contains(j.LastError, "without a word") || j.FinishedAt.IsZero() {
			t.Errorf("job = %+v", j)
		}
		if _, any, _ := st.NextJob(ctx, []string{"chore"}); any {
			t.Error("a dead job is due")
		}
	})
}

func TestTheSameJobWaitsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		first := enqueue(t, st, 1, jobs.Key("a"), jobs.At(monday.Add(time.Hour)))
		if again := enqueue(t, st, 1, jobs.Key("a"), jobs.At(monday.Add(2*time.Hour))); again != first || !job(t, st, first).RunAt.Equal(monday.Add(time.Hour)) {
			t.Errorf("again %d, %+v", again, job(t, st, first))
		}
		if sooner := enqueue(t, st, 1, jobs.Key("a")); sooner != first || !job(t, st, first).RunAt.Equal(monday) {
			t.Errorf("sooner %d, %+v", sooner, job(t, st, first))
		}
		if other := enqueue(t, st, 1, jobs.Key("b"), jobs.At(monday.Add(time.Hour))); other == first {
			t.Error("another key is another job")
		}
		if a, b := enqueue(t, st, 1, jobs.At(monday.Add(time.Hour))), enqueue(t, st, 1, jobs.At(monday.Add(time.Hour))); a == b {
			t.Error("without a key every job is its own")
		}
		running := lease(t, st, "w", 0, 10)
		if len(running) != 1 || running[0].ID != first {
			t.Fatalf("running %+v", running)
		}
		next := enqueue(t, st, 1, jobs.Key("a"))
		if next == first {
			t.Fatal("what was enqueued while the job ran is not seen to")
		}
		// The first fails now: the second does its work.
		if !settle(t, st, running[0], jobs.Outcome{State: jobs.Waiting, RunAt: monday, Attempts: 1, LastError: "x"}) {
			t.Error("not settled")
		}
		if j := job(t, st, first); j.State != jobs.Replaced || j.LastError != "x" || j.FinishedAt.IsZero() {
			t.Errorf("first = %+v", j)
		}
		if j := job(t, st, next); j.State != jobs.Waiting {
			t.Errorf("next = %+v", j)
		}
	})
}

func TestManyEnqueueTheSameJobAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		var all sync.WaitGroup
		ids := make([]int64, 16)
		for i := range ids {
			all.Go(func() { ids[i] = enqueue(t, st, 1, jobs.Key("a")) })
		}
		all.Wait()
		for _, id := range ids {
			if id != ids[0] || id == 0 {
				t.Fatalf("ids %v", ids)
			}
		}
	})
}

// TestAJobIsNotDoneBeforeWhatItIsFor: whoever enqueues a job that waits already
// must not have it done by a worker who cannot see yet what it is to be done
// for.
func TestAJobIsNotDoneBeforeWhatItIsFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "postgres") {
			t.Skip("SQLite has one writer: a lease waits for the transaction anyhow")
		}
		st := storetest.Open(t, dsn)
		id := enqueue(t, st, 1, jobs.Key("a"))
		err := st.InTx(ctx, func(tx context.Context) error {
			if again, err := (&jobs.Queue{Store: st, Now: at(0)}).Enqueue(tx, chore{1}, jobs.Key("a")); err != nil || again != id {
				return fmt.Errorf("again %d: %w", again, err)
			}
			if got := lease(t, st, "w", time.Hour, 1); len(got) != 0 {
				t.Errorf("leased too early: %+v", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := lease(t, st, "w", time.Hour, 1); len(got) != 1 {
			t.Errorf("not leased afterwards: %+v", got)
		}
	})
}

func TestTheJobsPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		st := storetest.Open(t, dsn)
		done, dead, waits := enqueue(t, st, 1), enqueue(t, st, 2, jobs.Key("a")), enqueue(t, st, 3, jobs.At(monday.Add(time.Hour)))
		got := lease(t, st, "w", 0, 2)
		settle(t, st, got[0], jobs.Outcome{State: jobs.Done, Attempts: 1})
		settle(t, st, got[1], jobs.Outcome{State: jobs.Dead, Attempts: 1, LastError: "x"})
		counts, err := st.CountJobs(ctx)
		if diff := cmp.Diff(map[jobs.State]int{jobs.Done: 1, jobs.Dead: 1, jobs.Waiting: 1}, counts); diff != "" || err != nil {
			t.Errorf("counts %v (-want +got):\n%s", err, diff)
		}
		if all, err := st.Jobs(ctx, ""); err != nil || len(all) != 3 || all[0].ID != waits {
			t.Errorf("all %+v, %v", all, err)
		}
		if bad, err := st.Jobs(ctx, jobs.Dead); err != nil || len(bad) != 1 || bad[0].ID != dead || bad[0].LastError != "x" {
			t.Errorf("dead %+v, %v", bad, err)
		}
		if err := st.ReviveJob(ctx, done, monday); !errors.Is(err, errs.Conflict) {
			t.Errorf("revive what is done: %v", err)
		}
		twin := enqueue(t, st, 2, jobs.Key("a"))
		if err := st.ReviveJob(ctx, dead, monday); !errors.Is(err, errs.Conflict) || !strings.Contains(errs.Message(err), "waits already") {
			t.Errorf("revive beside its twin: %v", err)
		}
		settle(t, st, lease(t, st, "w", 0, 1)[0], jobs.Outcome{State: jobs.Done, Attempts: 1})
		if job(t, st, twin).State != jobs.Done {
			t.Error("the twin is not done")
		}
		if err := st.ReviveJob(ctx, dead, monday.Add(time.Minute)); err != nil {
			t.Error(err)
		}
		if j := job(t, st, dead); j.State != jobs.Waiting || j.Attempts != 0 || !j.RunAt.Equal(monday.Add(time.Minute)) || !j.FinishedAt.IsZero() || j.LastError != "x" {
			t.Errorf("revived %+v", j)
		}
		if err := st.ForgetJobs(ctx, monday.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Job(ctx, done); !errors.Is(err, errs.NotFound) {
			t.Errorf("a forgotten job: %v", err)
		}
		job(t, st, dead)
	})
}

// effects is a table of what jobs have done.
func effects(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db := storetest.Raw(t, dsn)
	if strings.HasPrefix(dsn, "postgres") {
		return db
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA busy_timeout = 5000"); err != nil {
		t.Fatal(err)
	}
	return db
}

// insert does a job of the killed worker: twice does no more than once.
func insert(ctx context.Context, db *sql.DB, n int) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf("INSERT INTO effects (n) VALUES (%d) ON CONFLICT DO NOTHING", n))
	return err
}

const envWorker = "FACTCHECK_TEST_WORKER_DSN"

// TestWorkerProcess is the other process of TestAKilledWorkerLosesNothing. It
// says which jobs it has begun and never ends.
func TestWorkerProcess(t *testing.T) {
	dsn := os.Getenv(envWorker)
	if dsn == "" {
		t.Skip("it is run by TestAKilledWorkerLosesNothing")
	}
	st, db := storetest.Open(t, dsn), effects(t, dsn)
	h := new(jobs.Handlers)
	jobs.Handle(h, func(ctx context.Context, c chore) error {
		err := insert(ctx, db, c.N)
		fmt.Println("begun", c.N)
		return err
	})
	if err := (jobs.Runner{Store: st, Handlers: h, Now: time.Now, Workers: 4}).Run(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestAKilledWorkerLosesNothing(t *testing.T) {
	const n, perCycle, cycles = 120, 20, 3
	slog.SetDefault(slog.New(slog.DiscardHandler))
	storetest.Each(t, func(t *testing.T, dsn string) {
		st, db := storetest.Open(t, dsn), effects(t, dsn)
		if _, err := db.Exec("CREATE TABLE effects (n INTEGER PRIMARY KEY)"); err != nil {
			t.Fatal(err)
		}
		q := &jobs.Queue{Store: st, Now: time.Now}
		for i := range n {
			if _, err := q.Enqueue(ctx, chore{i}); err != nil {
				t.Fatal(err)
			}
		}
		for range cycles {
			killAfter(t, dsn, perCycle)
		}
		cut, err := st.Jobs(ctx, jobs.Running)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d leases were cut off", len(cut))
		// An hour later every lease has run out.
		run, cancel := context.WithCancel(ctx)
		defer cancel()
		h := new(jobs.Handlers)
		jobs.Handle(h, func(ctx context.Context, c chore) error { return insert(ctx, db, c.N) })
		done := make(chan error, 1)
		go func() {
			done <- jobs.Runner{Store: st, Handlers: h, Now: func() time.Time { return time.Now().Add(time.Hour) }}.Run(run)
		}()
		for {
			counts, err := st.CountJobs(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if counts[jobs.Done] == n {
				break
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		var did int
		if err := db.QueryRow("SELECT COUNT(*) FROM effects").Scan(&did); err != nil || did != n {
			t.Errorf("%d of %d jobs had their effect, %v", did, n, err)
		}
		if wrong, err := st.CheckIntegrity(ctx); err != nil || len(wrong) > 0 {
			t.Errorf("%v, %v", wrong, err)
		}
	})
}

// killAfter kills a worker process, without a word, once it has begun so many
// jobs.
func killAfter(t *testing.T, dsn string, n int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestWorkerProcess$", "-test.v")
	cmd.Env = append(os.Environ(), envWorker+"="+dsn)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "begun") {
			begun++
		}
		if begun == n {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err == nil || begun < n {
		t.Errorf("the worker ended by itself after %d jobs: %v", begun, err)
	}
}
