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
	Task  string     `arg:"" enum:"cw,attr,seg,doc,match" help:"cw: is each sentence worth checking? attr: who says what? seg: where are the sentences? doc: which sentences of a text, best first? match: which earlier claims, best first?"`
	Match matchFlags `embed:""`
	Kind  worth.Kind `default:"worthy" enum:"worthy,verifiable,subjective" help:"The question of cw: worthy, verifiable or subjective."`
}

// Help is the example under --help.
func (predictCmd) Help() string {
	return "Reads rows from standard input. Example: factcheck predict cw --kind verifiable < in.jsonl > out.jsonl"
}

// Run answers each row in turn, streaming.
func (cmd predictCmd) Run(ctx context.Context, e *env) error {
	if cmd.Task == "match" {
		return predictMatch(ctx, cmd.Match, e.stdin, e.stdout)
	}
	return predict(ctx, cmd.Task, cmd.Kind, e.stdin, e.stdout)
}

// task answers rows in groups, for the engines are faster at many at once.
type task interface {
	add(line []byte) error // reads one row
	answers() []any        // of the rows since the last call, in their order
}

// group is how many rows are answered at once.
const group = 64

// predict writes an answer for every row of in.
func predict(ctx context.Context, name string, kind worth.Kind, in io.Reader, out io.Writer) error {
	const op = "cmd.predict"
	t, ok := tasks(kind)[name]
	if !ok {
		return errs.Newf(op, errs.Invalid, "There is no task %q. Try 'factcheck predict --help'.", name)
	}
	w := bufio.NewWriterSize(out, 1<<16)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	write := func() error {
		for _, a := range t.answers() {
			if err := enc.Encode(a); err != nil {
				return fmt.Errorf("write predictions: %w", err)
			}
		}
		return ctx.Err()
	}
	rows := 0
	err := measure.Lines(in, func(n int, line []byte) error {
		if err := t.add(line); err != nil {
			return badInput(op, fmt.Sprintf("Line %d is not a row of task %s. Write one JSON object a line with the fields that the documentation lists.", n, name), err)
		}
		if rows++; rows%group != 0 {
			return nil
		}
		return write()
	})
	if err == nil {
		err = write()
	}
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

// tasks is every task by name; predictCmd's enum names the same, and match.
func tasks(kind worth.Kind) map[string]task {
	return map[string]task{
		"cw": &cwTask{kind: kind}, "attr": &lineTask{answer: predictAttr},
		"seg": &lineTask{answer: predictSeg}, "doc": &lineTask{answer: predictDoc},
	}
}

// lineTask answers each row by itself.
type lineTask struct {
	answer func(line []byte) (any, error)
	ready  []any
}

func (t *lineTask) add(line []byte) error {
	a, err := t.answer(line)
	if err == nil {
		t.ready = append(t.ready, a)
	}
	return err
}

func (t *lineTask) answers() []any {
	out := t.ready
	t.ready = nil
	return out
}

var errNoField = errors.New("id, text or sents is missing")

// cwTask asks one question about each sentence.
type cwTask struct {
	kind  worth.Kind
	ids   []json.RawMessage
	texts []string
}

// cwAnswer is the answer to a row of cw.
type cwAnswer struct {
	ID    json.RawMessage `json:"id"`
	Score float64         `json:"score"`
	Label int             `json:"label"`
}

func (t *cwTask) add(line []byte) error {
	var row struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	if row.ID == nil || row.Text == nil {
		return errNoField
	}
	t.ids, t.texts = append(t.ids, row.ID), append(t.texts, *row.Text)
	return nil
}

func (t *cwTask) answers() []any {
	out := make([]any, len(t.ids))
	for i, a := range worth.Ask(t.kind, t.texts, worth.Context{}) {
		row := cwAnswer{ID: t.ids[i], Score: a.Probability}
		if a.Yes {
			row.Label = 1
		}
		out[i] = row
	}
	t.ids, t.texts = t.ids[:0], t.texts[:0]
	return out
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
