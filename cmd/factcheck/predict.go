package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"factcheck/internal/claims"
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
	add(line []byte) error   // reads one row
	answers(last bool) []any // that are ready, in the order of the rows; at last of all that are left
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
	write := func(last bool) error {
		for _, a := range t.answers(last) {
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
		return write(false)
	})
	if err == nil {
		err = write(true)
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

func (t *lineTask) answers(bool) []any {
	out := t.ready
	t.ready = nil
	return out
}

var errNoField = errors.New("id, text or sents is missing")

// cwTask asks one question about each sentence, the rows of one doc together:
// who mostly asks in it is no source of claims.
type cwTask struct {
	kind worth.Kind
	rows []cwRow // of the doc at hand
	done []any
}

// maxDoc is of how many rows a doc is read at most before they are answered.
const maxDoc = 20_000

// cwRow is a row of cw.
type cwRow struct {
	ID      json.RawMessage `json:"id"`
	Doc     json.RawMessage `json:"doc"`
	Speaker string          `json:"speaker"`
	Text    *string         `json:"text"`
}

// cwAnswer is the answer to a row of cw.
type cwAnswer struct {
	ID    json.RawMessage `json:"id"`
	Score float64         `json:"score"`
	Label int             `json:"label"`
}

func (t *cwTask) add(line []byte) error {
	var row cwRow
	if err := json.Unmarshal(line, &row); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	if row.ID == nil || row.Text == nil {
		return errNoField
	}
	if n := len(t.rows); n >= maxDoc || n >= group && row.Speaker == "" || n > 0 && !bytes.Equal(t.rows[0].Doc, row.Doc) {
		t.finish()
	}
	t.rows = append(t.rows, row)
	return nil
}

func (t *cwTask) answers(last bool) []any {
	if last {
		t.finish()
	}
	out := t.done
	t.done = nil
	return out
}

// finish answers the rows of the doc at hand.
func (t *cwTask) finish() {
	texts := make([]string, len(t.rows))
	for i, r := range t.rows {
		texts[i] = *r.Text
	}
	asks := askers(t.rows)
	for i, a := range worth.Ask(t.kind, texts, worth.Context{ByAsker: func(i int) bool { return asks[t.rows[i].Speaker] }}) {
		row := cwAnswer{ID: t.rows[i].ID, Score: a.Probability}
		if a.Yes {
			row.Label = 1
		}
		t.done = append(t.done, row)
	}
	t.rows = t.rows[:0]
}

// askers are the speakers of a doc who mostly ask.
func askers(rows []cwRow) map[string]bool {
	asked, said := map[string]int{}, map[string]int{}
	for _, r := range rows {
		said[r.Speaker]++
		if strings.HasSuffix(strings.TrimRight(*r.Text, " \"”’'"), "?") {
			asked[r.Speaker]++
		}
	}
	out := map[string]bool{}
	for who, n := range said {
		out[who] = who != "" && len(said) > 1 && claims.MostlyAsks(asked[who], n)
	}
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
