package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"factcheck/internal/earlier"
)

// headroom is how much garbage may lie beside a large index: the usual way to
// let the heap double would have a million records take twice their memory.
const (
	headroom = 160 << 20
	leastGC  = 12
	usualGC  = 100
)

// lean keeps the heap close to what is in use: every second while an index is
// read, and after that by the size it has. A GOGC in the environment is left
// alone.
func lean(x *earlier.Index) func(context.Context) error {
	return func(ctx context.Context) error {
		if os.Getenv("GOGC") != "" {
			return nil
		}
		ticks := time.NewTicker(time.Second)
		defer ticks.Stop()
		for !x.Status().Ready {
			select {
			case <-ctx.Done():
				return nil
			case <-ticks.C:
				debug.SetGCPercent(gcPercent(inUse()))
			}
		}
		runtime.GC()
		debug.SetGCPercent(gcPercent(inUse()))
		debug.FreeOSMemory()
		return nil
	}
}

// inUse is what the last sweep left, in bytes.
func inUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}

// gcPercent is by how much a heap may grow before it is swept, in hundredths of
// what is in use.
func gcPercent(used uint64) int {
	return min(usualGC, max(leastGC, int(headroom*100/max(used, 1))))
}
