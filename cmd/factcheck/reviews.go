package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// claimsCmd is "factcheck claims": what the desk knows of, best first.
type claimsCmd struct {
	database
	State string `help:"Only reviews in this state: triage, queued, research, editing, approved, published or dismissed."`
	Topic string `help:"Only claims of this topic."`
	Limit int    `default:"50" help:"At most so many, up to 200."`
}

// Help is the example under --help.
func (claimsCmd) Help() string { return "Example: factcheck claims --state triage" }

// Run prints a line for each claim.
func (cmd claimsCmd) Run(ctx context.Context, e *env) error {
	order := review.Best
	if cmd.State == string(review.Triage) {
		order = review.OrderOf(review.Triage)
	}
	return list(ctx, e, cmd.database, review.Filter{States: states(cmd.State), Topic: cmd.Topic, Order: order, Limit: cmd.Limit})
}

func states(s string) []review.State {
	if s == "" {
		return nil
	}
	return []review.State{review.State(s)}
}

// reviewsCmd is "factcheck reviews …".
type reviewsCmd struct {
	List listReviewsCmd `cmd:"" help:"List reviews, last changed first."`
	Show showReviewCmd  `cmd:"" help:"Show one review and its history."`
	Move moveReviewCmd  `cmd:"" help:"Do any move of the workflow."`
}

type listReviewsCmd struct {
	database
	State string `help:"Only reviews in this state."`
	Limit int    `default:"50" help:"At most so many, up to 200."`
}

// Run prints a line for each review.
func (cmd listReviewsCmd) Run(ctx context.Context, e *env) error {
	return list(ctx, e, cmd.database, review.Filter{States: states(cmd.State), Order: review.Newest, Limit: cmd.Limit})
}

func list(ctx context.Context, e *env, d database, f review.Filter) (err error) {
	if len(f.States) == 1 && !slices.Contains(review.States, f.States[0]) {
		return usageError{fmt.Sprintf("There is no state %q. The states are %s.", f.States[0], joined(review.States))}
	}
	st, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	rows, err := st.Rows(ctx, f)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REVIEW\tSTATE\tSCORE\tCLAIMANT\tCLAIM")
	for _, r := range rows {
		fmt.Fprintf(w, "%d\t%s\t%.2f\t%s\t%s\n", r.ReviewID, r.State, r.Score, r.Claimant, oneLine(r.Text))
	}
	return w.Flush()
}

func joined[T ~string](all []T) string {
	var s []string
	for _, v := range all {
		s = append(s, string(v))
	}
	return strings.Join(s, ", ")
}

type showReviewCmd struct {
	database
	ID int64 `arg:"" help:"Number of the review."`
}

// Run prints a review as text.
func (cmd showReviewCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	d, err := st.Dossier(ctx, cmd.ID)
	if err != nil {
		return err
	}
	history, err := st.Events(ctx, cmd.ID)
	if err != nil {
		return err
	}
	who := d.Claimant.Name
	if who == "" {
		who = "nobody in particular"
	}
	fmt.Fprintf(e.stdout, "%s\n  said by %s · %s · version %d\n", oneLine(d.Claim.Text), who, review.StateLabel(d.Review.State), d.Review.Version)
	if r, ok := d.Scale.Rating(d.Verdict.Rating); ok {
		fmt.Fprintf(e.stdout, "  revision %d: %s. %s\n", d.Verdict.Number, r.Label, oneLine(d.Verdict.Summary))
	}
	for _, s := range d.Evidence {
		fmt.Fprintf(e.stdout, "  [%d] %s: %s %s\n", s.Number, s.Stance, s.URL, oneLine(s.Quote))
	}
	for _, h := range history {
		fmt.Fprintf(e.stdout, "  %s  %s %s\n", h.At.Format("2006-01-02 15:04"), actorName(ctx, st, h.ActorID), strings.TrimSpace(h.Done()+" "+h.Note))
	}
	return nil
}

// actorName is who did it; the program itself has no number.
func actorName(ctx context.Context, st *store.Store, id int64) string {
	if id == 0 {
		return "factcheck"
	}
	p, err := st.Person(ctx, id)
	if err != nil {
		return "a former colleague"
	}
	return p.Name
}

// moveReviewCmd is "factcheck reviews move ID ACTION": the same rules as in the
// browser, by the same table.
type moveReviewCmd struct {
	database
	ID       int64         `arg:"" help:"Number of the review."`
	Action   review.Action `arg:"" help:"What to do: see 'factcheck workflow'."`
	As       string        `required:"" env:"FACTCHECK_AS" help:"Mail address of the person who does it."`
	Note     string        `help:"The reason."`
	Reason   string        `help:"Of dismiss: opinion, prediction, not_verifiable, …; of retract: wrong_verdict, fabricated_evidence, …; of hold: legal, …"`
	Kind     string        `help:"Of correct: correction, clarification, update or verdict_change."`
	Assignee string        `help:"Of assign and correct: mail address of who will work on it."`
	At       time.Time     `help:"Of schedule: when; of hold and embargo: until when. As 2026-03-01T09:00:00Z."`
	Into     int64         `help:"Of merge: number of the review of the same claim."`
	Rating   string        `help:"Of second_read: the code of the rating that you would give."`
	Risk     string        `help:"Of risk: high, or nothing for normal."`
	Priority string        `default:"normal" help:"Of priority: urgent, high, normal or low."`
	Chosen   string        `help:"Of accept: why the claim is worth checking."`
	Claimant string        `help:"Of accept: who makes the claim; - if nobody in particular does."`
	Topics   string        `help:"Of accept: what it is about, with commas between."`
}

// Help is the example under --help.
func (moveReviewCmd) Help() string {
	return "Example: factcheck reviews move 12 return --as editor@example.org --note 'Cite the table.'"
}

// Run does the move and prints where the review stands then.
func (cmd moveReviewCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	c, err := cmd.command(ctx, st)
	if err != nil {
		return err
	}
	r, err := reviewsOf(st, e).Do(ctx, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "review %d: %s\n", r.ID, review.StateLabel(r.State))
	return nil
}

func (cmd moveReviewCmd) command(ctx context.Context, st *store.Store) (review.Command, error) {
	actor, err := personByEmail(ctx, st, cmd.As)
	if err != nil {
		return review.Command{}, err
	}
	c := review.Command{
		ReviewID: cmd.ID, Action: cmd.Action, Actor: actor, Note: cmd.Note,
		Dismissal: review.DismissalCode(cmd.Reason), Correction: review.CorrectionKind(cmd.Kind),
		Retraction: review.RetractionCode(cmd.Reason), Hold: review.HoldReason(cmd.Reason),
		At: cmd.At, IntoID: cmd.Into, Rating: cmd.Rating, Risk: review.Risk(cmd.Risk),
	}
	known := false
	if c.Priority, known = review.ParsePriority(cmd.Priority); !known {
		return c, usageError{fmt.Sprintf("There is no priority %q. Use urgent, high, normal or low.", cmd.Priority)}
	}
	if cmd.Assignee != "" {
		to, err := personByEmail(ctx, st, cmd.Assignee)
		if err != nil {
			return c, err
		}
		c.AssigneeID = to.ID
	}
	d, err := st.Dossier(ctx, cmd.ID)
	c.Version = d.Review.Version
	if err == nil && cmd.Action == review.Accept {
		c.Claim = cmd.claim(d)
	}
	return c, err
}

// claim is the claim as its form would be sent: as it is, with what the flags
// say of it.
func (cmd moveReviewCmd) claim(d review.Dossier) *review.ClaimDraft {
	draft, _ := d.Draft()
	switch cmd.Claimant {
	case "":
	case "-":
		draft.Claimant, draft.Unattributed = "", true
	default:
		draft.Claimant, draft.Unattributed = cmd.Claimant, false
	}
	if cmd.Chosen != "" {
		draft.Chosen = cmd.Chosen
	}
	if cmd.Topics != "" {
		draft.Topics = review.ParseTopics(cmd.Topics)
	}
	return &draft
}

func personByEmail(ctx context.Context, st *store.Store, email string) (review.Person, error) {
	a, err := st.AccountByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return review.Person{}, errs.Newf("cmd.person", errs.NotFound, "Nobody has an account with the address %q.", email)
	}
	if err != nil {
		return review.Person{}, err
	}
	return st.Person(ctx, a.ID)
}
