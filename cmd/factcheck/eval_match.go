package main

import (
	"bytes"
	"io"

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
