package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"factcheck/internal/store"
)

// TestImportScripts runs testdata/import/*.txtar: one for each promise of
// "factcheck import".
func TestImportScripts(t *testing.T) {
	if _, ok := reflect.TypeFor[commands]().FieldByName("Import"); !ok {
		t.Skip("the command line has no import")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/import",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"checks": writeChecks, "stored": waitStored, "status": exitStatus},
	})
}

// writeChecks is the script command "checks FILE N": N ClaimReviews, one a
// line, after a broken one.
func writeChecks(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, `{"@type":"ClaimReview","url":`)
	for i := range n {
		fmt.Fprintf(w, `{"@type":"ClaimReview","url":"https://big.example/%d","claimReviewed":"Lake number %d is dry","author":{"name":"Big"},"reviewRating":{"alternateName":"False"}}`+"\n", i, i)
	}
	ts.Check(errors.Join(w.Flush(), f.Close()))
}

// waitStored is the script command "stored DB N": it waits until N checks are
// in the library, and fails if the import is over by then.
func waitStored(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	st, err := store.Open(ctx, ts.MkAbs(args[0])) // waits for the migration of the other process
	ts.Check(err)
	defer st.Close()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		have, err := st.CountChecks(ctx)
		ts.Check(err)
		if have >= n {
			all, err := st.Imports(ctx, 1)
			ts.Check(err)
			if !all[0].FinishedAt.IsZero() {
				ts.Fatalf("the import was over before it could be killed")
			}
			return
		}
		select {
		case <-ctx.Done():
			ts.Fatalf("only %d checks after a minute", have)
		case <-tick.C:
		}
	}
}

// exitStatus is the script command "status N PROGRAM ARGS…".
func exitStatus(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d (%v)", got, want, err)
	}
}
