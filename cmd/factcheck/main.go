// Command factcheck is the whole fact-checking desk in one program: it takes
// articles in, finds the claims in them, carries each through evidence, verdict
// and a second pair of eyes, and publishes the result with its corrections.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"factcheck/internal/errs"
	"factcheck/internal/store"
)

// version and commit are set by the build.
var (
	version = "dev"
	commit  = "unknown"
)

// commands is the command line: one struct is flags, environment and help.
type commands struct {
	Serve     serveCmd     `cmd:"" help:"Run the desk: the web app on one address, over one database."`
	Extract   extractCmd   `cmd:"" help:"Print the claims of one text, without a database."`
	Ingest    ingestCmd    `cmd:"" help:"Store articles and open their claims in triage."`
	Watch     watchCmd     `cmd:"" help:"Watch feeds, sitemaps and folders, and take what is new."`
	Import    importCmd    `cmd:"" help:"Bring fact-checks by others into the library."`
	Match     matchCmd     `cmd:"" help:"List earlier claims and fact-checks like a text, with the reasons."`
	Index     indexCmd     `cmd:"" help:"Build what earlier claims are found by anew."`
	Predict   predictCmd   `cmd:"" help:"Print raw answers of the engines, for scoring."`
	Eval      evalCmd      `cmd:"" help:"Score answers of the engines against labelled rows."`
	Train     trainCmd     `cmd:"" hidden:"" help:"Train every shipped model anew."`
	Claims    claimsCmd    `cmd:"" help:"List claims and where their reviews stand."`
	Taught    taughtCmd    `cmd:"" name:"corrections" help:"Export what people taught about spans."`
	Reviews   reviewsCmd   `cmd:"" help:"Show reviews and move them."`
	Export    exportCmd    `cmd:"" help:"Write the published verdict reports in one format."`
	Formats   formatsCmd   `cmd:"" help:"List the export formats."`
	Interests interestsCmd `cmd:"" help:"List interests that people have declared."`
	User      userCmd      `cmd:"" help:"Administer people."`
	Workspace workspaceCmd `cmd:"" help:"Keep several desks in one installation."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database to the newest schema."`
	Backup    backupCmd    `cmd:"" help:"Put a desk, its database and its evidence, into one file."`
	Restore   restoreCmd   `cmd:"" help:"Take a desk out of a backup."`
	Verify    verifyCmd    `cmd:"" help:"Check that the record is what was put on record."`
	Workflow  workflowCmd  `cmd:"" help:"Print the workflow as Markdown."`
	Version   versionCmd   `cmd:"" help:"Print version, commit and build."`
}

// database is the flag of every command that needs one.
type database struct {
	DB   string `name:"db" default:"factcheck.db" env:"FACTCHECK_DB" placeholder:"FILE|postgres://…" help:"SQLite file (default: factcheck.db) or postgres:// address."`
	Desk string `name:"desk" env:"FACTCHECK_DESK" placeholder:"NAME" help:"Another desk of the installation, as 'factcheck workspace list' names it."`
}

// env is the outside world of a command.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
}

func (d database) open(ctx context.Context) (*store.Store, error) {
	return store.OpenDesk(ctx, d.DB, d.Desk)
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	e := &env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now}
	code := run(ctx, e, os.Args[1:])
	stop()
	os.Exit(code)
}

// exit is how kong's --help ends run.
type exit int

// run does one command line and returns its exit code.
func run(ctx context.Context, e *env, args []string) (code int) {
	level := slog.LevelWarn
	if os.Getenv("FACTCHECK_DEBUG") != "" {
		level = slog.LevelDebug
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: level})))
	defer func() {
		if r := recover(); r != nil {
			c, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(c)
		}
	}()
	var cli commands
	parser, err := kong.New(&cli,
		kong.Name("factcheck"), kong.Description("The fact-checking desk: from an article to an approved verdict report."),
		kong.UsageOnError(), kong.Writers(e.stdout, e.stderr), kong.Exit(func(c int) { panic(exit(c)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		panic("cmd: " + err.Error()) // the structs above are broken
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(e.stderr, "factcheck: %s. Try 'factcheck --help'.\n", err)
		return exitUsage
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(e); err != nil {
		return e.fail(err)
	}
	return exitOK
}

// fail tells the person what went wrong in one sentence, and the log why.
func (e *env) fail(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(e.stderr, "factcheck: %s\n", usage.sentence)
		return exitUsage
	case errs.KindOf(err) == errs.Canceled:
		fmt.Fprintln(e.stderr, "factcheck: Interrupted.")
	case errs.Message(err) != "":
		fmt.Fprintf(e.stderr, "factcheck: %s\n", errs.Message(err))
	default:
		fmt.Fprintln(e.stderr, "factcheck: Something broke that should not. Set FACTCHECK_DEBUG=1 and run it again to see what.")
	}
	slog.Debug("command failed", "err", err)
	return exitFailed
}

// usageError is for a command line that cannot be understood.
type usageError struct{ sentence string }

// Error is the sentence for the person.
func (u usageError) Error() string { return u.sentence }

// closing closes c at the end of a command; its error counts if the command
// had none.
func closing(c io.Closer, err *error) {
	if e := c.Close(); e != nil && *err == nil {
		*err = fmt.Errorf("close database: %w", e)
	}
}
