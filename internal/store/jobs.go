package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
)

type jobRow struct {
	ID          int64
	Kind        string
	Args        string // jobs.Job.Args
	Key         string
	State       jobs.State
	RunAt       time.Time `gorm:"serializer:micros"`
	Attempts    int
	MaxAttempts int
	Worker      string
	LeaseEnds   time.Time `gorm:"serializer:micros"`
	LastError   string
	CreatedAt   time.Time `gorm:"serializer:micros;autoCreateTime:false"`
	FinishedAt  time.Time `gorm:"serializer:micros"`
}

func (jobRow) TableName() string { return "jobs" }

func fromJob(j jobs.Job) jobRow {
	return jobRow{j.ID, j.Kind, string(j.Args), j.Key, j.State, j.RunAt, j.Attempts, j.MaxAttempts, j.Worker, j.LeaseEnds, j.LastError, j.CreatedAt, j.FinishedAt}
}

func (r jobRow) job() jobs.Job {
	return jobs.Job{
		ID: r.ID, Kind: r.Kind, Args: []byte(r.Args), Key: r.Key, State: r.State, RunAt: r.RunAt, Attempts: r.Attempts, MaxAttempts: r.MaxAttempts,
		Worker: r.Worker, LeaseEnds: r.LeaseEnds, LastError: r.LastError, CreatedAt: r.CreatedAt, FinishedAt: r.FinishedAt,
	}
}

func jobsOf(rows []jobRow) []jobs.Job {
	out := make([]jobs.Job, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.job())
	}
	return out
}

// AddJob writes a job that waits, in the transaction of ctx, and returns its
// id. If the same kind and key waits already, that one is kept: the update of
// its row, even where it changes nothing, keeps workers from it until what the
// caller wrote can be seen.
func (s *Store) AddJob(ctx context.Context, j jobs.Job) (int64, error) {
	row := fromJob(j)
	var id int64
	err := s.write(ctx).Raw(`
		INSERT INTO jobs (kind, args, key, state, run_at, attempts, max_attempts, worker, last_error, created_at)
		VALUES (?, ?, ?, 'waiting', ?, 0, ?, '', '', ?)
		ON CONFLICT (kind, key) WHERE state = 'waiting' AND key <> ''
		DO UPDATE SET run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END
		RETURNING id`,
		row.Kind, row.Args, row.Key, toMicros(row.RunAt), row.MaxAttempts, toMicros(row.CreatedAt)).Find(&id).Error
	return id, kind("store.AddJob", err)
}

// NextJob is when a job of these kinds may be leased next. False if there is
// none.
func (s *Store) NextJob(ctx context.Context, kinds []string) (time.Time, bool, error) {
	var next struct{ Due *int64 }
	err := s.read(ctx).Raw(`
		SELECT MIN(due) AS due FROM (
			SELECT MIN(run_at) AS due FROM jobs WHERE state = 'waiting' AND kind IN ?
			UNION ALL SELECT MIN(lease_ends) FROM jobs WHERE state = 'running' AND kind IN ?
		) AS first`, kinds, kinds).Find(&next).Error
	if err != nil || next.Due == nil {
		return time.Time{}, false, kind("store.NextJob", err)
	}
	return fromMicros(*next.Due), true, nil
}

// diedAt is the last error of a job whose workers never came back.
const diedAt = "The worker stopped in the middle of the last attempt, without a word."

// LeaseJobs gives a worker jobs that are due, longest due first. A job whose
// lease has run out is due again, unless that was its last attempt: then it is
// dead.
func (s *Store) LeaseJobs(ctx context.Context, l jobs.Lease) ([]jobs.Job, error) {
	const op = "store.LeaseJobs"
	now := toMicros(l.Now)
	skip := ""
	if s.postgres {
		skip = " FOR UPDATE SKIP LOCKED" // what another worker is taking is no longer free
	}
	var rows []jobRow
	err := s.InTx(ctx, func(ctx context.Context) error {
		err := s.write(ctx).Exec(`
			WITH lost AS MATERIALIZED (
				SELECT id FROM jobs WHERE state = 'running' AND lease_ends < ? AND attempts >= max_attempts AND kind IN ?`+skip+`)
			UPDATE jobs SET state = 'dead', lease_ends = NULL, last_error = ?, finished_at = ? WHERE id IN (SELECT id FROM lost)`,
			now, l.Kinds, diedAt, now).Error
		if err != nil {
			return kind(op, err)
		}
		// Materialized: were it looked at row by row, the limit would not hold.
		err = s.write(ctx).Raw(`
			WITH due AS MATERIALIZED (
				SELECT id FROM jobs WHERE kind IN ? AND ((state = 'waiting' AND run_at <= ?) OR (state = 'running' AND lease_ends < ? AND attempts < max_attempts))
				ORDER BY run_at, id LIMIT ?`+skip+`)
			UPDATE jobs SET state = 'running', worker = ?, lease_ends = ?, attempts = attempts + 1 WHERE id IN (SELECT id FROM due)
			RETURNING *`,
			l.Kinds, now, now, l.Limit, l.Worker, toMicros(l.Ends)).Find(&rows).Error
		return kind(op, err)
	})
	slices.SortFunc(rows, func(a, b jobRow) int { return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID)) })
	return jobsOf(rows), err
}

// held are the jobs of one lease: not merely the same job and worker, who may
// have lost it and leased it again.
func (s *Store) held(ctx context.Context, j jobs.Job) *gorm.DB {
	return s.write(ctx).Model(&jobRow{}).Where("id = ? AND state = 'running' AND worker = ? AND attempts = ?", j.ID, j.Worker, j.Attempts)
}

// ExtendJob moves the end of a lease. False if the worker lost it.
func (s *Store) ExtendJob(ctx context.Context, j jobs.Job, ends time.Time) (bool, error) {
	res := s.held(ctx, j).Select("lease_ends").Updates(&jobRow{LeaseEnds: ends})
	return res.RowsAffected == 1, kind("store.ExtendJob", res.Error)
}

// SettleJob ends a lease. False, and nothing is written, if the worker lost it.
// A job that would wait again while its kind and key wait already is Replaced.
func (s *Store) SettleJob(ctx context.Context, j jobs.Job, o jobs.Outcome) (bool, error) {
	const op = "store.SettleJob"
	ok, err := s.settle(ctx, j, o)
	if o.State == jobs.Waiting && errors.Is(err, errs.Conflict) {
		o.State = jobs.Replaced
		ok, err = s.settle(ctx, j, o)
	}
	return ok, kind(op, err)
}

func (s *Store) settle(ctx context.Context, j jobs.Job, o jobs.Outcome) (bool, error) {
	row := jobRow{State: o.State, RunAt: j.RunAt, Attempts: o.Attempts, Worker: j.Worker, LastError: o.LastError}
	if o.State == jobs.Waiting {
		row.RunAt = o.RunAt
	} else {
		row.FinishedAt = o.At
	}
	res := s.held(ctx, j).Select("state", "run_at", "attempts", "lease_ends", "last_error", "finished_at").Updates(&row)
	return res.RowsAffected == 1, kind("store.SettleJob", res.Error)
}

// ForgetJobs removes jobs that were done or replaced before a time. Dead ones
// stay until somebody has looked at them.
func (s *Store) ForgetJobs(ctx context.Context, before time.Time) error {
	err := s.write(ctx).Where("state IN ? AND finished_at < ?", []jobs.State{jobs.Done, jobs.Replaced}, toMicros(before)).Delete(&jobRow{}).Error
	return kind("store.ForgetJobs", err)
}

// maxJobs is how many jobs a page shows.
const maxJobs = 200

// Jobs are the newest jobs in a state, at most 200; in every state if it is "".
func (s *Store) Jobs(ctx context.Context, state jobs.State) ([]jobs.Job, error) {
	var rows []jobRow
	q := s.read(ctx).Order("id DESC").Limit(maxJobs)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind("store.Jobs", err)
	}
	return jobsOf(rows), nil
}

// Job is one job. NotFound.
func (s *Store) Job(ctx context.Context, id int64) (jobs.Job, error) {
	var row jobRow
	if err := s.read(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
		return jobs.Job{}, one("store.Job", "There is no such job, or it was done so long ago that it is forgotten.", err)
	}
	return row.job(), nil
}

// CountJobs is how many jobs stand in each state that has any.
func (s *Store) CountJobs(ctx context.Context) (map[jobs.State]int, error) {
	var rows []struct {
		State jobs.State
		N     int
	}
	if err := s.read(ctx).Model(&jobRow{}).Select("state, COUNT(*) AS n").Group("state").Find(&rows).Error; err != nil {
		return nil, kind("store.CountJobs", err)
	}
	counts := make(map[jobs.State]int, len(rows))
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, nil
}

// ReviveJob gives a dead job all its attempts again, from now on. Conflict if it
// is not dead, or if the same kind and key waits already.
func (s *Store) ReviveJob(ctx context.Context, id int64, now time.Time) error {
	const op = "store.ReviveJob"
	res := s.write(ctx).Model(&jobRow{}).Where("id = ? AND state = 'dead'", id).
		Select("state", "run_at", "attempts", "finished_at").Updates(&jobRow{State: jobs.Waiting, RunAt: now})
	if res.Error != nil {
		if errors.Is(res.Error, gorm.ErrDuplicatedKey) {
			return errs.New(op, errs.Conflict, "The same job waits already. Nothing was changed.")
		}
		return kind(op, res.Error)
	}
	if res.RowsAffected == 0 {
		return errs.New(op, errs.Conflict, "This job is not dead any more. Reload the page.")
	}
	return nil
}
