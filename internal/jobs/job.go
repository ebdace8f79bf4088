package jobs

import (
	"context"
	"time"
)

// State is where a job stands.
type State string

// The states of a job.
const (
	Waiting  State = "waiting"  // for its time, or for a free worker
	Running  State = "running"  // leased by a worker
	Done     State = "done"     // its handler returned nil
	Replaced State = "replaced" // failed while the same job waited again: that one does it
	Dead     State = "dead"     // given up; LastError says why
)

// States lists every state in the order in which a page shows them.
var States = []State{Waiting, Running, Dead, Done, Replaced}

// Job is one piece of work.
type Job struct {
	ID          int64
	Kind        string
	Args        []byte // JSON of the Args
	Key         string // of jobs of one kind and key at most one waits; "" is no key
	State       State
	RunAt       time.Time // not before
	Attempts    int       // begun so far, the running one included
	MaxAttempts int
	Worker      string    // who held the last lease
	LeaseEnds   time.Time // zero unless Running
	LastError   string    // of the last attempt that failed; for whoever runs the installation
	CreatedAt   time.Time
	FinishedAt  time.Time // zero unless Done, Replaced or Dead
}

// Lease is a wish for jobs.
type Lease struct {
	Kinds  []string // only these
	Worker string   // who asks
	Limit  int      // at most so many, at least 1
	Now    time.Time
	Ends   time.Time // until when the worker may keep them without a word
}

// Outcome is how an attempt ended.
type Outcome struct {
	State     State     // Waiting, Done or Dead
	RunAt     time.Time // of a Waiting one
	Attempts  int       // that count: as leased, or one less if the attempt was broken off
	LastError string
	At        time.Time
}

// Store keeps jobs. Its methods take part in the transaction of ctx, if it has
// one.
type Store interface {
	// AddJob writes a job that waits and returns its id. If the same kind and
	// key waits already, that one is kept, its RunAt the earlier of the two, and
	// is not run before the transaction of ctx has ended.
	AddJob(ctx context.Context, j Job) (int64, error)
	// NextJob is when a job of these kinds may be leased next: at its RunAt, or
	// when the lease of its worker ends. False if there is none.
	NextJob(ctx context.Context, kinds []string) (time.Time, bool, error)
	// LeaseJobs gives the worker jobs that are due, longest due first, each to
	// one worker only. Those whose last attempt ran out of its lease are made
	// Dead.
	LeaseJobs(ctx context.Context, l Lease) ([]Job, error)
	// ExtendJob moves the end of a lease. False if the worker lost it.
	ExtendJob(ctx context.Context, j Job, ends time.Time) (bool, error)
	// SettleJob ends a lease. False, and nothing is written, if the worker lost
	// it: id, worker and attempt must be as leased.
	SettleJob(ctx context.Context, j Job, o Outcome) (bool, error)
	// ForgetJobs removes jobs that were Done or Replaced before a time.
	ForgetJobs(ctx context.Context, before time.Time) error
}
