package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/jobs"
	"factcheck/internal/review"
)

// How often what should happen by itself is looked at.
const (
	sweepEvery   = 5 * time.Minute // whether anything scheduled was left behind
	catchUpEvery = time.Hour       // whether a source has to be looked at
)

// Work is what the desk leaves to jobs: looking at sources, and publishing at a
// time. Queue must be set; to do the jobs too, Evidence and Reviews as well.
type Work struct {
	Queue    *jobs.Queue
	Evidence *evidence.Service
	Reviews  *review.Service
}

// PublishArgs asks for one review to be published at the time that it was
// scheduled for.
type PublishArgs struct{ ReviewID int64 }

// Kind names the job.
func (PublishArgs) Kind() string { return "review.publish" }

// PublishDueArgs asks for whatever is due and was not published: the safety net
// under PublishArgs, for what was scheduled where no job could be written.
type PublishDueArgs struct{}

// Kind names the job.
func (PublishDueArgs) Kind() string { return "review.publish-due" }

// RecallArgs asks for what was dismissed before its day, and whose day has come.
type RecallArgs struct{}

// Kind names the job.
func (RecallArgs) Kind() string { return "review.recall" }

// After enqueues what follows from an action, in its transaction: see
// review.Service.After. An address is captured, and what is scheduled published
// at its time.
func (w *Work) After(ctx context.Context, cmd review.Command, o review.Outcome) error {
	for _, e := range o.AddEvidence {
		if e.URL == "" || e.NoCopy != "" {
			continue
		}
		if err := w.Capture(ctx, evidence.CaptureArgs{EvidenceID: e.ID, PersonID: cmd.Actor.ID, OnlyFirst: true}); err != nil {
			return err
		}
	}
	if cmd.Action != review.Schedule {
		return nil
	}
	// The time is part of the key: a job for an earlier time that was taken back must not stand for this one.
	at := o.Review.ScheduledAt
	_, err := w.Queue.Enqueue(ctx, PublishArgs{o.Review.ID}, jobs.At(at), jobs.Key(fmt.Sprintf("%d@%d", o.Review.ID, at.Unix())))
	return err
}

// Capture enqueues a look at a piece of evidence, in the transaction of ctx. Of
// one piece one look waits.
func (w *Work) Capture(ctx context.Context, a evidence.CaptureArgs) error {
	_, err := w.Queue.Enqueue(ctx, a, jobs.Key(fmt.Sprint(a.EvidenceID)))
	return err
}

// LookNow enqueues a look that somebody asks for. Forbidden for who may not
// change evidence; Invalid for a piece without an address; NotFound.
func (w *Work) LookNow(ctx context.Context, evidenceID int64, by review.Person) error {
	const op = "pipeline.LookNow"
	if !by.MayCapture() {
		return errs.New(op, errs.Forbidden, "Only a fact-checker or an editor can have a source captured.")
	}
	address, err := w.Evidence.Store.EvidenceAddress(ctx, evidenceID)
	if err != nil {
		return err
	}
	if address == "" {
		return errs.New(op, errs.Invalid, "This evidence has no address. Upload the document instead.")
	}
	return w.Capture(ctx, evidence.CaptureArgs{EvidenceID: evidenceID, PersonID: by.ID})
}

// Handlers are the jobs that Work can do.
func (w *Work) Handlers() *jobs.Handlers {
	h := new(jobs.Handlers)
	jobs.Handle(h, func(ctx context.Context, a evidence.CaptureArgs) error { return settled(w.Evidence.CaptureJob(ctx, a)) })
	jobs.Handle(h, w.Evidence.LookAgainJob)
	jobs.Handle(h, w.Evidence.CatchUpJob)
	jobs.Handle(h, func(ctx context.Context, a PublishArgs) error { return w.Reviews.PublishScheduled(ctx, a.ReviewID) })
	jobs.Handle(h, func(ctx context.Context, _ PublishDueArgs) error {
		_, err := w.Reviews.PublishDue(ctx)
		return err
	})
	jobs.Handle(h, func(ctx context.Context, _ RecallArgs) error {
		_, err := w.Reviews.RecallDue(ctx)
		return err
	})
	return h
}

// Schedules are the jobs that come back by themselves.
func (w *Work) Schedules() []jobs.Schedule {
	return []jobs.Schedule{{Args: PublishDueArgs{}, Every: sweepEvery}, {Args: RecallArgs{}, Every: catchUpEvery}, {Args: evidence.LookAgainArgs{}, Every: catchUpEvery}, {Args: evidence.CatchUpArgs{}, Every: catchUpEvery}}
}

// mendable are the errors that another attempt may not meet.
var mendable = []errs.Kind{errs.Upstream, errs.Internal, errs.Canceled}

// settled is the error of a capture as its job keeps it: on the first line the
// sentence for people, which the claim's page shows; then what the log needs.
// What another attempt cannot mend is permanent.
func settled(err error) error {
	if err == nil {
		return nil
	}
	told := &problem{errs.Message(err), err}
	if told.sentence == "" {
		told.sentence = "Something broke on our side while the source was looked at."
	}
	if !slices.Contains(mendable, errs.KindOf(err)) {
		return jobs.Permanent(told)
	}
	return told
}

// problem is an error with the sentence for people before all else.
type problem struct {
	sentence string
	err      error
}

func (p *problem) Error() string { return p.sentence + "\n" + p.err.Error() }
func (p *problem) Unwrap() error { return p.err }
