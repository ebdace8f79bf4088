package jobs

import (
	"context"
	"time"
)

// Schedule is a job that is done again and again.
type Schedule struct {
	Args  Args
	Every time.Duration // at least a second; counted from the zero time, so that all processes mean the same moments
}

// scheduleKey is the key of scheduled jobs: of each kind one waits.
const scheduleKey = "schedule"

// plan sees to it that the next occurrence of each Schedule waits. What was
// missed while no process ran is done once, if it was planned.
func (l *loop) plan(ctx context.Context, now time.Time) error {
	for i, s := range l.Schedules {
		if now.Before(l.planned[i]) {
			continue
		}
		every := max(s.Every, time.Second)
		next := now.Truncate(every).Add(every)
		q := Queue{Store: l.Store, Now: l.Now}
		if _, err := q.Enqueue(ctx, s.Args, At(next), Key(scheduleKey)); err != nil {
			return err
		}
		l.planned[i] = next
	}
	return nil
}
