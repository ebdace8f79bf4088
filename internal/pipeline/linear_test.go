package pipeline_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/pipeline"
)

// cpu is the processor time that the process has used: a wall clock says little
// on a machine that others use too.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestWorstTextsCostInProportion reads each twice, the second time eight times
// as much of it: that may cost twelve times as much processor time and half a
// second besides, where a quadratic scan would cost sixty-four times as much.
func TestWorstTextsCostInProportion(t *testing.T) {
	const size = 128 << 10
	read := func(unit string, size int) time.Duration {
		text := strings.Repeat(unit, size/len(unit))
		began := cpu(t)
		pipeline.Find(claims.Article{Text: text, Lang: "en", PublishedAt: time.Date(2025, 8, 15, 0, 0, 0, 0, time.UTC)})
		return cpu(t) - began
	}
	read("He said 5 fell. ", size) // the models are read once
	for _, unit := range []string{
		"In 2019, 5 rose by 3 percent. ", "by the end of ", "“a ", "he said, ", "\u200b", "a\u0301", "e\u200b", "within 2 years of ",
		"He said that 4 will rise by 2030, and ", "It will rise by the end of 2030, 5 fell. ", "- Q: A: ",
	} {
		small, large := read(unit, size), read(unit, 8*size)
		if large > 12*small+500*time.Millisecond {
			t.Errorf("%q: %v for %d kB, %v for eight times as much", unit, small, size>>10, large)
		}
	}
}
