package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"factcheck/internal/errs"
	"factcheck/internal/measure"
	"factcheck/internal/worth"
)

// predictCmd is "factcheck predict": what the engines answer, a JSON object a
// line, for scoring.
type predictCmd struct {
	matchFlags
	Task string     `arg:"" enum:"cw,doc,seg,attr,match" help:"cw: is each sentence worth checking? doc: which sentences of a text, best first? seg: where do sentences end? attr: who says what? match: which earlier claims are like it?"`
	Kind worth.Kind `default:"worthy" enum:"worthy,verifiable,subjective" help:"The question of cw: worthy, verifiable or subjective."`
}

// Help is the example under --help.
func (predictCmd) Help() string {
	return "Reads rows from standard input. Example: factcheck predict cw --kind verifiable < in.jsonl > out.jsonl"
}

// Run answers each row in turn, streaming.
func (cmd predictCmd) Run(ctx context.Context, e *env) error {
	if cmd.Task == "match" {
		return predictMatch(ctx, cmd.matchFlags, e.stdin, e.stdout)
	}
	return predict(ctx, cmd.Task, cmd.Kind, e.stdin, e.stdout)
}

// predict writes an answer for every row of in.
func predict(ctx context.Context, task string, kind worth.Kind, in io.Reader, out io.Writer) error {
	const op = "cmd.predict"
	answer, ok := predictors(kind)[task]
	if !ok {
		return errs.Newf(op, errs.Invalid, "There is no task %q. Try 'factcheck predict --help'.", task)
	}
	w := bufio.NewWriterSize(out, 1<<16)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	err := measure.Lines(in, func(n int, line []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		a, err := answer(line)
		if err != nil {
			return badInput(op, fmt.Sprintf("Line %d is not a row of task %s. Write one JSON object a line with the fields that the documentation lists.", n, task), err)
		}
		return enc.Encode(a)
	})
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write predictions: %w", err)
	}
	return nil
}

// badInput is a sentence for the person with its cause for the log.
func badInput(op, sentence string, cause error) error {
	return &errs.Error{Op: op, Kind: errs.Invalid, Msg: sentence, Err: cause}
}

// predictors is how each task answers one row; predictCmd's enum names the
// same tasks.
func predictors(kind worth.Kind) map[string]func(line []byte) (any, error) {
	return map[string]func([]byte) (any, error){
		"cw":  func(line []byte) (any, error) { return predictCW(kind, line) },
		"doc": predictDoc, "seg": predictSeg, "attr": predictAttr,
	}
}

var errNoField = errors.New("id, text or sents is missing")

// cwAnswer is the answer to a row of cw.
type cwAnswer struct {
	ID    json.RawMessage `json:"id"`
	Score float64         `json:"score"`
	Label int             `json:"label"`
}

func predictCW(kind worth.Kind, line []byte) (any, error) {
	var row struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
		Lang string          `json:"lang"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return nil, fmt.Errorf("read row: %w", err)
	}
	if row.ID == nil || row.Text == nil {
		return nil, errNoField
	}
	p, yes := worth.Ask(kind, *row.Text, worth.Context{Lang: row.Lang})
	a := cwAnswer{ID: row.ID, Score: p}
	if yes {
		a.Label = 1
	}
	return a, nil
}

// docAnswer is the answer to a row of doc.
type docAnswer struct {
	ID     json.RawMessage `json:"id"`
	Ranked []int           `json:"ranked"`
}

func predictDoc(line []byte) (any, error) {
	var row struct {
		ID    json.RawMessage `json:"id"`
		Text  *string         `json:"text"`
		Sents [][2]int        `json:"sents"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return nil, fmt.Errorf("read row: %w", err)
	}
	if row.ID == nil || row.Text == nil || row.Sents == nil {
		return nil, errNoField
	}
	sents, err := cut(*row.Text, row.Sents)
	if err != nil {
		return nil, err
	}
	return docAnswer{row.ID, worth.Rank(sents)}, nil
}

// cut takes spans of code points out of text.
func cut(text string, spans [][2]int) ([]string, error) {
	runes := []rune(text)
	out := make([]string, len(spans))
	for i, s := range spans {
		if s[0] < 0 || s[1] < s[0] || s[1] > len(runes) {
			return nil, fmt.Errorf("span %v is outside the text", s)
		}
		out[i] = string(runes[s[0]:s[1]])
	}
	return out, nil
}
