package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"factcheck/internal/errs"
	"factcheck/internal/measure"
	"factcheck/internal/worth"
)

// evalCmd is "factcheck eval": the engines against what people marked.
type evalCmd struct {
	Task  string            `arg:"" enum:"cw,attr,seg,doc,match" help:"As in 'factcheck predict'; match needs --pred."`
	Gold  string            `arg:"" help:"File of labelled rows, a JSON object a line; may be gzipped."`
	Pred  string            `placeholder:"FILE" help:"Score these predictions (default: predict now)."`
	Kind  worth.Kind        `default:"worthy" enum:"worthy,verifiable,subjective" help:"The question of cw: worthy, verifiable or subjective."`
	Where map[string]string `placeholder:"FIELD=VALUE" help:"Only the rows whose field has this value."`
	Sure  float64           `default:"NaN" help:"Task match, queries without an answer: the score from which the first answer counts."`
	JSON  bool              `name:"json" help:"Print one JSON object."`
}

// Help is the example under --help.
func (evalCmd) Help() string {
	return "Example: factcheck eval cw --kind verifiable labelled.jsonl.gz --where split=test"
}

// Run prints the metrics.
func (cmd evalCmd) Run(ctx context.Context, e *env) error {
	const op = "cmd.eval"
	gold, err := readRows(cmd.Gold)
	if err != nil {
		return err
	}
	pred, err := cmd.predictions(ctx, gold)
	if err != nil {
		return err
	}
	report, err := cmd.evaluate(gold, pred)
	if err != nil {
		return badInput(op, "The file does not hold rows of task "+cmd.Task+". Name a file with one JSON object a line.", err)
	}
	if report == nil {
		return errs.New(op, errs.NotFound, "No row is left to score. Check the file and --where.")
	}
	if cmd.JSON {
		err = json.NewEncoder(e.stdout).Encode(report)
	} else {
		_, err = report.WriteTo(e.stdout)
	}
	if err != nil {
		return fmt.Errorf("print metrics: %w", err)
	}
	return nil
}

func (cmd evalCmd) predictions(ctx context.Context, gold []byte) ([]byte, error) {
	if cmd.Pred != "" {
		return readRows(cmd.Pred)
	}
	if cmd.Task == "match" {
		return nil, usageError{"Task match scores a file of predictions: add --pred FILE, as 'factcheck predict match' writes it."}
	}
	var out bytes.Buffer
	err := predict(ctx, cmd.Task, cmd.Kind, bytes.NewReader(gold), &out)
	return out.Bytes(), err
}

func (cmd evalCmd) evaluate(gold, pred []byte) (measure.Report, error) {
	if cmd.Task == "match" {
		return evalMatch(gold, pred, cmd.Where, cmd.Sure)
	}
	return evaluate(cmd.Task, gold, pred, cmd.Where)
}

// evaluate scores pred against gold; nil if no row is left.
func evaluate(task string, gold, pred []byte, keep measure.Filter) (measure.Report, error) {
	in, answers := bytes.NewReader(gold), bytes.NewReader(pred)
	switch task {
	case "attr":
		return score(in, answers, keep, measure.ReadAttr, measure.ReadAttrPred, measure.Attr)
	case "doc":
		return score(in, answers, keep, measure.ReadDoc, measure.ReadDocPred, measure.Doc)
	case "seg":
		return score(in, answers, keep, measure.ReadSeg, measure.ReadSegPred, measure.Seg)
	default:
		return score(in, answers, keep, measure.ReadCW, measure.ReadCWPred, measure.CW)
	}
}

func score[G, P any](gold, pred io.Reader, keep measure.Filter,
	readGold func(io.Reader, measure.Filter) ([]G, error),
	readPred func(io.Reader) (map[string]P, error),
	metrics func([]G, map[string]P) measure.Report,
) (measure.Report, error) {
	g, err := readGold(gold, keep)
	if err != nil || len(g) == 0 {
		return nil, err
	}
	p, err := readPred(pred)
	if err != nil {
		return nil, err
	}
	return metrics(g, p), nil
}

// maxRows bounds a file of rows in memory, in bytes.
const maxRows = 1 << 30

// readRows reads a file that may be gzipped.
func readRows(path string) ([]byte, error) {
	const op = "cmd.readRows"
	f, err := os.Open(path)
	if err != nil {
		return nil, badInput(op, fmt.Sprintf("The file %q cannot be read. Check its name and its permissions.", path), err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRows))
	if err == nil && bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(b)); err == nil {
			b, err = io.ReadAll(io.LimitReader(z, maxRows))
		}
	}
	if err != nil {
		return nil, badInput(op, fmt.Sprintf("The file %q cannot be read to its end. Check that it is whole.", path), err)
	}
	return b, nil
}
