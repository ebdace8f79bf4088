package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"factcheck/internal/earlier"
)

// indexCmd is "factcheck index": what earlier claims are found by.
type indexCmd struct {
	Status  indexStatusCmd  `cmd:"" help:"Say whose sentence vectors there are, and how many are still to be made."`
	Rebuild indexRebuildCmd `cmd:"" help:"Make every sentence vector anew, and build the index once to see that it can be."`
}

// indexStatusCmd is "factcheck index status".
type indexStatusCmd struct {
	database
	encoding
}

// Help is the example under --help.
func (indexStatusCmd) Help() string {
	return "Vectors are made in the background by 'factcheck serve'. While those of a new encoder are being made, the ones of before are compared.\n\nExample: factcheck index status"
}

// Run prints what the store holds; it asks no server.
func (cmd indexStatusCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	s, err := cmd.encoding.earlier(st, e)
	if err != nil {
		return err
	}
	made, err := st.VectorCounts(ctx)
	if err != nil {
		return err
	}
	wanted := s.Index.EncoderName()
	records, waiting, err := earlier.Waiting(ctx, st, wanted)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d earlier claims and checks\nthe encoder is %s: %d wait for its vectors\n", records, wanted, waiting)
	for _, name := range slices.Sorted(maps.Keys(made)) {
		if name != wanted {
			fmt.Fprintf(e.stdout, "kept of another encoder, %s: the vectors of %d\n", name, made[name])
		}
	}
	using, err := s.Index.Chosen(ctx)
	if err == nil && using != wanted {
		fmt.Fprintf(e.stdout, "until all are made, the vectors of %s are compared\n", using)
	}
	return err
}

// indexRebuildCmd is "factcheck index rebuild".
type indexRebuildCmd struct {
	database
	encoding
	NoVectors    bool `help:"Build the index only; the vectors stay as they are."`
	ForgetOthers bool `help:"Take the vectors of all other encoders away when those of this one are made."`
}

// Help is the example under --help.
func (indexRebuildCmd) Help() string {
	return "The index itself is in the memory of 'factcheck serve' and follows every change; what is stored are the sentence vectors. " +
		"A desk that is being served goes on with the old ones until each is replaced. The vectors of other encoders stay: changing back costs nothing.\n\nExample: factcheck index rebuild"
}

// Run forgets the vectors and makes them anew.
func (cmd indexRebuildCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	s, err := cmd.encoding.earlier(st, e)
	if err != nil {
		return err
	}
	wanted := s.Index.EncoderName()
	if !cmd.NoVectors {
		if err := st.ForgetVectors(ctx, wanted); err != nil {
			return err
		}
	}
	start := time.Now()
	if err := s.Index.Load(ctx); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d earlier claims and checks read in %s\n", s.Index.Status().Loaded, time.Since(start).Round(time.Millisecond))
	if cmd.NoVectors {
		return nil
	}
	for more := true; more; {
		if more, err = s.Index.Move(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.stdout, "%d sets of vectors made by %s in %s\n", s.Index.Status().Made, wanted, time.Since(start).Round(time.Millisecond))
	if !cmd.ForgetOthers {
		return nil
	}
	made, err := st.VectorCounts(ctx)
	if err != nil {
		return err
	}
	for name := range made {
		if name != wanted {
			if err := st.ForgetVectors(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}
