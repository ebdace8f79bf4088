package main

import (
	"context"
	"fmt"
	"time"
)

// indexCmd is "factcheck index": what earlier claims are found by.
type indexCmd struct {
	Rebuild indexRebuildCmd `cmd:"" help:"Make every sentence vector anew, and build the index once to see that it can be."`
}

// indexRebuildCmd is "factcheck index rebuild".
type indexRebuildCmd struct {
	database
	NoVectors bool `help:"Build the index only; the vectors stay as they are."`
}

// Help is the example under --help.
func (indexRebuildCmd) Help() string {
	return "The index itself is in the memory of 'factcheck serve' and follows every change; what is stored are the sentence vectors. " +
		"A desk that is being served goes on with the old ones until each is replaced.\n\nExample: factcheck index rebuild"
}

// Run forgets the vectors and makes them anew.
func (cmd indexRebuildCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	s, err := newEarlier(st, e)
	if err != nil {
		return err
	}
	if !cmd.NoVectors {
		if err := st.ForgetVectors(ctx); err != nil {
			return err
		}
	}
	start := time.Now()
	if err := s.Index.Load(ctx); err != nil {
		return err
	}
	status := s.Index.Status()
	fmt.Fprintf(e.stdout, "%d earlier claims and checks read in %s\n", status.Loaded, time.Since(start).Round(time.Millisecond))
	if cmd.NoVectors {
		return nil
	}
	for more := true; more; {
		if more, err = s.Index.Fill(ctx); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(e.stdout, "%d sets of vectors made in %s\n", status.Waiting, time.Since(start).Round(time.Millisecond))
	return err
}
