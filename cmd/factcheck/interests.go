package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"factcheck/internal/review"
	"factcheck/internal/store"
)

// interestsCmd is "factcheck interests …": what people have declared about
// themselves.
type interestsCmd struct {
	List    listInterestsCmd   `cmd:"" default:"withargs" help:"List interests that people have declared."`
	Declare declareInterestCmd `cmd:"" help:"Declare an interest of your own."`
	End     endInterestCmd     `cmd:"" help:"End an interest of your own; that it was declared stays."`
}

type listInterestsCmd struct {
	database
	All bool `help:"Also those that have ended or are not in force now."`
}

// Help is the example under --help.
func (listInterestsCmd) Help() string { return "Example: factcheck interests --all" }

// Run prints a line for each interest, the last declared first.
func (cmd listInterestsCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tWHO\tKIND\tSUBJECT\tSINCE\tUNTIL\tSTATE\tNOTE")
	err = declared(ctx, st, func(i review.Interest) {
		state := "in force"
		switch {
		case !i.EndedAt.IsZero():
			state = "ended " + i.EndedAt.UTC().Format(time.DateOnly)
		case !i.InForce(e.now()):
			state = "not now"
		}
		if cmd.All || state == "in force" {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", i.ID, oneLine(i.Person), i.Kind, oneLine(i.Subject), dayOrNone(i.Since), dayOrNone(i.Until), state, oneLine(i.Note))
		}
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

// declared walks all interests, the last declared first.
func declared(ctx context.Context, st *store.Store, do func(review.Interest)) error {
	for f := (review.InterestFilter{Limit: review.MaxRows}); ; {
		some, err := st.Interests(ctx, f)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, i := range some {
			do(i)
			f.Before = i.ID
		}
	}
}

type declareInterestCmd struct {
	database
	As      string `required:"" env:"FACTCHECK_AS" help:"Mail address of the person whose interest it is."`
	Kind    string `required:"" enum:"speaker,organisation,topic" help:"What it is in: speaker, organisation or topic."`
	Since   string `placeholder:"2025-08-15" help:"First day (default: always)."`
	Until   string `placeholder:"2025-08-15" help:"Last day (default: it goes on)."`
	Note    string `help:"What the tie is, for editors."`
	Subject string `arg:"" help:"Name of it, as claims have it."`
}

// Help is the example under --help.
func (declareInterestCmd) Help() string {
	return "Example: factcheck interests declare --as ana@example.org --kind speaker 'Lena Marsh'"
}

// Run declares the interest.
func (cmd declareInterestCmd) Run(ctx context.Context, e *env) (err error) {
	i := review.Interest{Kind: review.InterestKind(cmd.Kind), Subject: cmd.Subject, Note: cmd.Note}
	if i.Since, err = dayFlag(cmd.Since); err == nil {
		i.Until, err = dayFlag(cmd.Until)
	}
	if err != nil {
		return err
	}
	return cmd.as(ctx, e, cmd.As, func(s *review.Interests, by review.Person) error { return s.Declare(ctx, by, i) })
}

// dayFlag is a day as a flag has it; the zero time for none.
func dayFlag(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, usageError{fmt.Sprintf("%q is not a day. Write it as 2025-08-15.", text)}
	}
	return t, nil
}

type endInterestCmd struct {
	database
	As string `required:"" env:"FACTCHECK_AS" help:"Mail address of the person whose interest it is."`
	ID int64  `arg:"" help:"Its number."`
}

// Run ends the interest.
func (cmd endInterestCmd) Run(ctx context.Context, e *env) error {
	return cmd.as(ctx, e, cmd.As, func(s *review.Interests, by review.Person) error { return s.End(ctx, by, cmd.ID) })
}

// as does something about interests for a person.
func (d database) as(ctx context.Context, e *env, email string, do func(*review.Interests, review.Person) error) (err error) {
	st, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	by, err := personByEmail(ctx, st, email)
	if err != nil {
		return err
	}
	if err := do(&review.Interests{Store: st, Now: e.now}, by); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, "Done.")
	return nil
}
