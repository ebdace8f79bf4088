package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/rogpeppe/go-internal/testscript"

	"factcheck/internal/auth"
	"factcheck/internal/store"
)

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"factcheck": main})
}

// TestScripts runs testdata/script/*.txtar: one for each promise that the
// command line makes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"demodb": demoDB, "bytes": writeBytes, "old": makeOld, "feed": serveFeed, "half": cutInHalf},
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

// cutInHalf is the script command "half FILE": what is left when a disk was full.
func cutInHalf(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()/2))
}

// makeOld is the script command "old FILE…": they did not change for an hour.
func makeOld(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		at := time.Now().Add(-time.Hour)
		ts.Check(os.Chtimes(ts.MkAbs(name), at, at))
	}
}

// serveFeed is the script command "feed NAME": a site on this machine with a
// feed of one article and one that is gone. Its address is the variable NAME,
// and programs may reach it.
func serveFeed(ts *testscript.TestScript, _ bool, args []string) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed.xml":
			w.Header().Set("Content-Type", "application/rss+xml")
			_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>The Courier</title><item><link>/river</link></item><item><link>/gone</link></item></channel></rss>`)
		case "/odd.xml":
			w.Header().Set("Content-Type", "application/xml")
			_, _ = io.WriteString(w, `<?xml version="1.0"?><stock><item/></stock>`)
		case "/river":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<!doctype html><html lang=en><title>River</title><article><p>The water authority found 40 percent less nitrate in the river Alm in 2025 than in 2015.</p></article></html>`)
		default:
			http.NotFound(w, r)
		}
	}))
	ts.Defer(srv.Close)
	ts.Setenv(args[0], srv.URL)
	ts.Setenv("FACTCHECK_ALLOW_LOOPBACK", "true")
}
