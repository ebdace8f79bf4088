package main

import (
	"context"
	"fmt"

	"factcheck/internal/train"
	"factcheck/internal/train/attr"
)

// trainCmd is "factcheck train", for `make models`: every shipped model anew,
// the same bytes from the same sets.
type trainCmd struct {
	Data string `arg:"" type:"existingdir" help:"The folder of the development sets."`
	Out  string `type:"existingdir" default:"data/models" help:"Where the models go."`
}

// Help is the example under --help.
func (trainCmd) Help() string { return "Example: factcheck train ../sets --out data/models" }

// Run trains and prints what held-back documents say of each model.
func (cmd trainCmd) Run(_ context.Context, e *env) error {
	say := func(line string) { fmt.Fprintln(e.stdout, line) }
	if err := train.Build(cmd.Data, cmd.Out, say); err != nil {
		return err
	}
	return attr.Build(cmd.Data, cmd.Out, say)
}
