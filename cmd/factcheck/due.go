package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// dueEvery is how often what is scheduled is looked at: nobody waits longer for
// a check whose time has come.
const dueEvery = 15 * time.Second

// publishDue publishes what is due at once and at every tick, until ctx ends. An
// error is logged when it first shows and when it changes, not at every tick.
func publishDue(ctx context.Context, publish func(context.Context) (int, error), ticks <-chan time.Time) {
	last := ""
	for {
		_, err := publish(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			last = ""
		case err.Error() != last:
			last = err.Error()
			slog.ErrorContext(ctx, "scheduled checks are not published", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
	}
}

// inBackground runs work beside the caller; stop ends it and waits until it has.
func inBackground(ctx context.Context, work func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { work(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}
