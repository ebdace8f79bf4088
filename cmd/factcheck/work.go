package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// folder is the flag of every command that needs the files of the evidence.
type folder struct {
	Evidence string `name:"evidence" env:"FACTCHECK_EVIDENCE" placeholder:"DIR" help:"Folder for captured and uploaded evidence (default: beside the database, such as factcheck.evidence)."`
}

// dir is the folder for the database db of the desk of that name; the empty name
// is the installation's own.
func (f folder) dir(db, desk string) string {
	if f.Evidence != "" {
		return filepath.Join(f.Evidence, desk)
	}
	base := "factcheck"
	if !strings.Contains(db, "://") {
		base = strings.TrimSuffix(db, filepath.Ext(db))
	}
	if desk != "" {
		base += "." + desk
	}
	return base + ".evidence"
}

// capturing are the flags of a command that looks at sources.
type capturing struct {
	folder
	Chromium  string        `env:"FACTCHECK_CHROMIUM" placeholder:"PROGRAM" help:"Chromium that takes pictures of captured pages (default: none are taken)."`
	LookAgain time.Duration `default:"168h" env:"FACTCHECK_LOOK_AGAIN" placeholder:"168h" help:"How old the last look at a source may get before it is looked at again (default: 168h, a week)."`
}

// queueOf is the queue of jobs over a store.
func queueOf(st *store.Store, e *env) *jobs.Queue {
	return &jobs.Queue{Store: st, Now: e.now, Bell: jobs.NewBell()}
}

// reviewsOf is the service of reviews over a store: what follows from an action
// waits for a program that does jobs.
func reviewsOf(st *store.Store, e *env) *review.Service {
	work := &pipeline.Work{Queue: queueOf(st, e)}
	return &review.Service{Store: st, Now: e.now, After: work.After}
}

// work is the machine that does jobs over a store, with the files of the evidence
// in the folder dir. Close its files at the end.
func (c capturing) work(st *store.Store, e *env, dir string, loopback bool) (*pipeline.Work, error) {
	var browser *evidence.Browser
	if c.Chromium != "" {
		var err error
		if browser, err = evidence.NewBrowser(c.Chromium); err != nil {
			return nil, err
		}
	}
	files, err := evidence.OpenFiles(dir)
	if err != nil {
		return nil, err
	}
	w := &pipeline.Work{Queue: queueOf(st, e)}
	w.Reviews = &review.Service{Store: st, Now: e.now, After: w.After, Engine: engine()}
	w.Evidence = &evidence.Service{
		Store: st, Files: files, Read: readable, Now: e.now, Guard: fetch.Guard{AllowLoopback: loopback}, Browser: browser,
		Software: "factcheck/" + version, LookAgain: c.LookAgain, Enqueue: w.Capture,
	}
	return w, nil
}

// readable is the title and the text of a source, as articles are read.
func readable(data []byte, contentType, address string) (title, text string, err error) {
	a, err := new(ingest.Reader).Read(context.Background(), ingest.Input{Data: data, ContentType: contentType})
	return a.Title, a.Text, err
}

// verifyFiles checks the files of all captures against their hashes, prints what
// does not hold and returns how many that are.
func verifyFiles(ctx context.Context, e *env, st *store.Store, dir string) (damaged int, err error) {
	var files *evidence.Files
	checked := map[string]bool{}
	for f, err := range st.AllCaptureFiles(ctx) {
		if err != nil {
			return damaged, err
		}
		if files == nil {
			if _, err := os.Stat(dir); err != nil {
				fmt.Fprintf(e.stdout, "The folder of evidence %s is not there. Name it with --evidence, or restore it from a backup.\n", dir)
				return 1, nil
			}
			if files, err = evidence.OpenFiles(dir); err != nil {
				return damaged, err
			}
			defer closing(files, &err)
		}
		if checked[f.SHA256] {
			continue
		}
		checked[f.SHA256] = true
		if err := files.Verify(f.SHA256); err != nil {
			damaged++
			fmt.Fprintf(e.stdout, "capture %d, %s, %s: %s\n", f.CaptureID, f.Role, f.SHA256, errs.Message(err))
		}
	}
	fmt.Fprintf(e.stdout, "%d files of evidence\n", len(checked))
	return damaged, nil
}
