package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsDueIsPublishedAtOnceAndThenAtEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		ticks := time.NewTicker(dueEvery)
		stop := inBackground(t.Context(), func(ctx context.Context) {
			publishDue(ctx, func(context.Context) (int, error) {
				at = append(at, time.Since(start))
				return 0, nil
			}, ticks.C)
		})
		time.Sleep(2*dueEvery + time.Second)
		stop()
		ticks.Stop()
		if len(at) != 3 || at[0] != 0 || at[1] != dueEvery || at[2] != 2*dueEvery {
			t.Errorf("looked at %v", at)
		}
	})
}

func TestAnErrorOfTheScheduleIsLoggedOnceUntilItChanges(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(was)
	problems := []error{errors.New("one"), errors.New("one"), nil, errors.New("one"), errors.New("two"), errors.New("two")}
	ctx, cancel := context.WithCancel(t.Context())
	ticks := make(chan time.Time, len(problems))
	for range problems {
		ticks <- time.Time{}
	}
	n := 0
	publishDue(ctx, func(context.Context) (int, error) {
		if n == len(problems) {
			cancel()
			return 0, context.Canceled
		}
		n++
		return 0, problems[n-1]
	}, ticks)
	if got := strings.Count(log.String(), "scheduled checks are not published"); got != 3 {
		t.Errorf("%d lines, want one, one again after it worked, and two:\n%s", got, &log)
	}
}

func TestStoppingWaitsForWhatIsUnderWay(t *testing.T) {
	ended := false
	began := make(chan struct{})
	stop := inBackground(t.Context(), func(ctx context.Context) {
		close(began)
		<-ctx.Done()
		ended = true
	})
	<-began
	stop()
	if !ended {
		t.Error("the work was left behind")
	}
}
