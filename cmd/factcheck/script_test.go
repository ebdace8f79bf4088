package main

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/rogpeppe/go-internal/testscript"

	"factcheck/internal/auth"
	"factcheck/internal/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"factcheck": main})
}

// TestScripts runs testdata/script/*.txtar: one for each promise that the
// command line makes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"demodb": demoDB, "bytes": writeBytes},
	})
}

// quick hashes passwords as cheaply as a test may.
var quick = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// demoDB is the script command "demodb FILE": the demo desk in a new database.
func demoDB(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	st, err := store.Open(ctx, ts.MkAbs(args[0]))
	ts.Check(err)
	e := &env{stdout: ts.Stdout(), stderr: ts.Stderr(), now: time.Now}
	ts.Check(fillDemo(ctx, e, st, &auth.Service{Store: st, Now: e.now, Params: quick}))
	ts.Check(st.Close())
}

// writeBytes is the script command "bytes FILE N TEXT": N times TEXT in one
// line.
func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	n := 0
	for _, c := range args[1] {
		n = n*10 + int(c-'0')
	}
	for written := 0; written < n; written += len(args[2]) {
		_, err := f.WriteString(args[2])
		ts.Check(err)
	}
	ts.Check(f.Close())
}
