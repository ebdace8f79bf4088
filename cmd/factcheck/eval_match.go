package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strconv"

	"factcheck/internal/measure"
)

// evalMatch scores task match. gold is qrels (query, claim), pairs (id, label)
// or answerable queries (query, answerable, claims): the fields of its first
// row say which. pred is what predict wrote, or scores of pairs. threshold may
// be NaN.
func evalMatch(gold, pred []byte, keep measure.Filter, threshold float64) (measure.Report, error) {
	in, answers := bytes.NewReader(gold), bytes.NewReader(pred)
	first, _, _ := bytes.Cut(bytes.TrimSpace(gold), []byte("\n"))
	switch {
	case bytes.Contains(first, []byte(`"answerable"`)):
		return scoreAbstain(in, answers, keep, threshold)
	case bytes.Contains(first, []byte(`"label"`)):
		return scorePairs(in, answers, keep, threshold)
	}
	g, err := measure.ReadMatchGold(in)
	if err != nil || len(g.Queries) == 0 {
		return nil, err
	}
	run, err := measure.ReadMatchRun(answers)
	if err != nil {
		return nil, err
	}
	return measure.Match(g, run), nil
}

func scoreAbstain(gold, pred io.Reader, keep measure.Filter, threshold float64) (measure.Report, error) {
	g, err := measure.ReadAbstain(gold, keep)
	if err != nil || len(g) == 0 {
		return nil, err
	}
	run, err := measure.ReadMatchRun(pred)
	if err != nil {
		return nil, err
	}
	return measure.Abstain(g, run, threshold), nil
}

func scorePairs(gold, pred io.Reader, keep measure.Filter, threshold float64) (measure.Report, error) {
	g, err := measure.ReadPairs(gold, keep)
	if err != nil || len(g) == 0 {
		return nil, err
	}
	s, err := measure.ReadScores(pred)
	if err != nil {
		return nil, err
	}
	return measure.Pairs(g, s, threshold)
}

// evalMatchFlags is what task match of "factcheck eval" needs beside the gold.
type evalMatchFlags struct {
	Queries   string `placeholder:"FILE" help:"Task match: the queries to answer, if no --pred is given; may be gzipped."`
	Threshold string `placeholder:"SCORE" help:"Task match: also score answers of at least SCORE."`
}

// at is the threshold, NaN if there is none.
func (f evalMatchFlags) at() (float64, error) {
	if f.Threshold == "" {
		return math.NaN(), nil
	}
	t, err := strconv.ParseFloat(f.Threshold, 64)
	if err != nil {
		return 0, usageError{fmt.Sprintf("--threshold %q is not a number.", f.Threshold)}
	}
	return t, nil
}

// predictions answers the queries now.
func (f evalMatchFlags) predictions(ctx context.Context, claims matchFlags) ([]byte, error) {
	if f.Queries == "" {
		return nil, usageError{"Task match needs --pred FILE, or --queries FILE and --claims FILE."}
	}
	rows, err := readRows(f.Queries)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = predictMatch(ctx, claims, bytes.NewReader(rows), &out)
	return out.Bytes(), err
}
