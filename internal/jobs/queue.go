package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"factcheck/internal/errs"
)

// Limits of a job.
const (
	MaxArgs         = 64 << 10 // bytes of JSON; larger things have a row or a file of their own
	MaxKey          = 200      // bytes
	DefaultAttempts = 10       // with Backoff: about an hour and a half
)

// Args is what one job of one kind is told: a struct that JSON can hold, with
// ids rather than copies of rows. Kind is the same for every value, also the
// zero one, and never changes: rows hold it.
type Args interface {
	Kind() string
}

// Queue takes jobs in. Its fields are set before the first use.
type Queue struct {
	Store Store
	Now   func() time.Time
	Bell  Bell // of the Runner of this process; may be nil
}

// Bell tells a Runner that something was enqueued. Queue and Runner of a
// process share one; a nil one is never heard.
type Bell chan struct{}

// NewBell returns a Bell.
func NewBell() Bell { return make(Bell, 1) }

// Ring makes the Runner look for jobs now and, in case the transaction of
// whoever enqueued has not ended yet, several times soon after. It never
// blocks.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default: // it is about to look
	}
}

// Option changes one job.
type Option func(*Job)

// At lets a job wait until t.
func At(t time.Time) Option { return func(j *Job) { j.RunAt = t } }

// Key keeps the job from waiting twice: of one kind and key only one waits. One
// that runs already does not count, since it may have read what was there
// before.
func Key(key string) Option { return func(j *Job) { j.Key = key } }

// Attempts is how often a job is begun before it is dead, at least once.
func Attempts(n int) Option { return func(j *Job) { j.MaxAttempts = max(n, 1) } }

// Enqueue writes a job in the transaction of ctx and returns its id, or the id
// of the one with the same kind and key that waits already. Errors: Internal
// for arguments that JSON cannot hold or that are over MaxArgs.
func (q *Queue) Enqueue(ctx context.Context, a Args, opts ...Option) (int64, error) {
	const op = "jobs.Enqueue"
	args, err := json.Marshal(a)
	if err != nil {
		return 0, errs.Wrap(op, errs.Internal, fmt.Errorf("encode %s: %w", a.Kind(), err))
	}
	now := stored(q.Now())
	j := Job{Kind: a.Kind(), Args: args, State: Waiting, RunAt: now, MaxAttempts: DefaultAttempts, CreatedAt: now}
	for _, opt := range opts {
		opt(&j)
	}
	j.RunAt = stored(j.RunAt)
	if len(args) > MaxArgs || len(j.Key) > MaxKey || j.Kind == "" {
		return 0, errs.Wrap(op, errs.Internal, fmt.Errorf("job %q has %d bytes of arguments and a key of %d", j.Kind, len(args), len(j.Key)))
	}
	id, err := q.Store.AddJob(ctx, j)
	if err == nil {
		q.Bell.Ring()
	}
	return id, err
}

// stored is t as databases keep it: UTC, in microseconds.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
