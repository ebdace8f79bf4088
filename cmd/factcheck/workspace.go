package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/store"
)

// workspaceCmd is "factcheck workspace …".
type workspaceCmd struct {
	Add    addWorkspaceCmd    `cmd:"" help:"Add a desk with a database, people and public pages of its own."`
	List   listWorkspacesCmd  `cmd:"" help:"List the desks."`
	Close  closeWorkspaceCmd  `cmd:"" help:"Take a desk off its host; its database stays."`
	Reopen reopenWorkspaceCmd `cmd:"" help:"Open a closed desk again."`
}

type addWorkspaceCmd struct {
	database
	Name  string `arg:"" help:"Short name, such as politics."`
	Host  string `required:"" placeholder:"politics.checks.example.org" help:"Host by which browsers ask for it."`
	Title string `required:"" help:"What readers call it."`
}

// Help is the example under --help.
func (addWorkspaceCmd) Help() string {
	return "Its people, articles, checks and policy are its own: no request for one desk reaches another.\n\nExample: factcheck workspace add politics --host politics.checks.example.org --title 'Politics desk'"
}

// Run adds the desk and makes its database.
func (cmd addWorkspaceCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.main(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	w := store.Workspace{Name: cmd.Name, Title: cmd.Title, Host: cmd.Host, CreatedAt: e.now().UTC().Truncate(time.Microsecond)}
	if err := st.AddWorkspace(ctx, w); err != nil {
		return err
	}
	desk, err := store.OpenDesk(ctx, cmd.DB, cmd.Name) // which makes its tables
	if err != nil {
		return err
	}
	defer closing(desk, &err)
	fmt.Fprintf(e.stdout, "%s is added. Start 'factcheck serve' again: it opens at %s and prints a link for its first account.\n", w.Title, w.Host)
	return nil
}

// main is the installation's own store: desks are kept there alone.
func (d database) main(ctx context.Context) (*store.Store, error) {
	if d.Desk != "" {
		return nil, errs.New("cmd.workspace", errs.Invalid, "Desks are kept by the installation. Leave --desk out.")
	}
	return d.open(ctx)
}

type listWorkspacesCmd struct{ database }

// Run prints a line for each desk.
func (cmd listWorkspacesCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.main(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	all, err := st.Workspaces(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tHOST\tSINCE\tSTATE\tTITLE")
	for _, d := range all {
		state := "open"
		if !d.ClosedAt.IsZero() {
			state = "closed"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Name, d.Host, d.CreatedAt.Format(time.DateOnly), state, oneLine(d.Title))
	}
	return w.Flush()
}

type closeWorkspaceCmd struct {
	database
	Name string `arg:"" help:"Its name."`
}

// Run closes the desk.
func (cmd closeWorkspaceCmd) Run(ctx context.Context, e *env) error {
	return cmd.database.closeDesk(ctx, e, cmd.Name, false)
}

type reopenWorkspaceCmd struct {
	database
	Name string `arg:"" help:"Its name."`
}

// Run opens the desk again.
func (cmd reopenWorkspaceCmd) Run(ctx context.Context, e *env) error {
	return cmd.database.closeDesk(ctx, e, cmd.Name, true)
}

func (d database) closeDesk(ctx context.Context, e *env, name string, again bool) (err error) {
	st, err := d.main(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if err := st.CloseWorkspace(ctx, name, again, e.now().UTC().Truncate(time.Microsecond)); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, "Done. It takes effect when 'factcheck serve' is started again.")
	return nil
}
