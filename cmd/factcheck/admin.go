package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"factcheck/internal/auth"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// userCmd is "factcheck user …".
type userCmd struct {
	Add addUserCmd `cmd:"" help:"Add a person."`
}

type addUserCmd struct {
	database
	Name  string   `required:"" help:"Name, as colleagues and readers see it."`
	Email string   `required:"" help:"Mail address to sign in with."`
	Roles []string `name:"role" required:"" help:"viewer, checker, editor, standards or admin; several with commas."`
}

// Help is the example under --help.
func (addUserCmd) Help() string {
	return "Reads the password from standard input, one line.\n\nExample: factcheck user add --name 'Ana Ruiz' --email ana@example.org --role checker < password.txt"
}

// Run adds the person.
func (cmd addUserCmd) Run(ctx context.Context, e *env) (err error) {
	password, err := bufio.NewReader(io.LimitReader(e.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return errs.Wrap("cmd.user", errs.Invalid, err)
	}
	password = strings.TrimRight(password, "\r\n")
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	var roles []review.Role
	for _, r := range cmd.Roles {
		roles = append(roles, review.Role(r))
	}
	p, err := (&auth.Service{Store: st, Now: e.now}).Add(ctx, auth.NewAccount{Name: cmd.Name, Email: cmd.Email, Password: password, Roles: roles})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "person %d: %s (%s)\n", p.ID, p.Name, joined(p.Roles))
	return err
}

// migrateCmd is "factcheck migrate".
type migrateCmd struct{ database }

// Run brings the schema up to date; opening does it.
func (cmd migrateCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if err := st.Ready(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.stdout, "The database has the newest schema.")
	return err
}

// verifyCmd is "factcheck verify".
type verifyCmd struct {
	database
	folder
	encoding
}

// Help is the example under --help.
func (verifyCmd) Help() string {
	return "Reads the whole database: the chain of events, every span, every published hash, and every file of the evidence. Keep the printed head elsewhere: a record that was rewritten as a whole has another."
}

// Run prints what was checked, and fails on the first bad row of each part.
func (cmd verifyCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	return verifyDesk(ctx, e, st, cmd.dir(cmd.DB, cmd.Desk), cmd.encoding)
}

// verifyDesk prints what was checked of a desk whose evidence lies in dir and whose
// vectors are in's.
func verifyDesk(ctx context.Context, e *env, st *store.Store, dir string, in encoding) error {
	r, err := record.Verify(ctx, st)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d events, %d publications, %d articles, %d spans\nhead %s\n", r.Events, r.Publications, r.Articles, r.Spans, r.Head)
	for _, f := range r.Findings {
		fmt.Fprintln(e.stdout, f)
	}
	damaged, err := verifyFiles(ctx, e, st, dir)
	if err != nil {
		return err
	}
	if len(r.Findings)+damaged > 0 {
		return errs.New("cmd.verify", errs.Invalid, "The record does not hold. Keep this database as it is and restore a backup elsewhere.")
	}
	if err := verifyIndex(ctx, e, st, in); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.stdout, "The record holds.")
	return err
}

// verifyIndex checks what earlier claims are found by.
func verifyIndex(ctx context.Context, e *env, st *store.Store, in encoding) error {
	s, err := in.earlier(st, e)
	if err != nil {
		return err
	}
	c, err := earlier.Verify(ctx, st, s.Index.EncoderName())
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d earlier claims and checks in the index, %d with vectors, %d waiting for them\n", c.Records, c.Vectors, c.Waiting)
	for _, f := range c.Findings {
		fmt.Fprintln(e.stdout, "index: "+f)
	}
	if len(c.Findings) > 0 {
		return errs.New("cmd.verify", errs.Invalid, "The record holds, but the index of earlier claims does not. Run 'factcheck index rebuild'.")
	}
	return nil
}

// workflowCmd is "factcheck workflow": docs/workflow.md is its output.
type workflowCmd struct{}

// Run prints the workflow.
func (workflowCmd) Run(e *env) error { return review.Describe(e.stdout) }

// versionCmd is "factcheck version".
type versionCmd struct{}

// Run prints what this program is.
func (versionCmd) Run(e *env) error {
	tags := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-tags" {
				tags = " tags=" + s.Value
			}
		}
	}
	_, err := fmt.Fprintf(e.stdout, "factcheck %s (%s) %s %s/%s%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, tags)
	return err
}
