// Package measure scores what the engines predict against what people marked.
//
// Each task has one function from gold and predicted rows to a [Report]: the
// metrics by name, in the order in which they are printed. Numbers are rounded
// to four places, as published tables are. Rows that were not predicted count
// as score 0 or as nothing found. Everything here is pure; [ReadCW] and its
// kin read one JSON object a line.
package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Metric is one number of a report. Value is rounded to four places; NaN
// stands for "not defined here", as the share of none.
type Metric struct {
	Name  string
	Value float64
}

// Report is the metrics of one task in the order of print.
type Report []Metric

// Value is the metric called name, and whether there is one.
func (r Report) Value(name string) (float64, bool) {
	for _, m := range r {
		if m.Name == name {
			return m.Value, true
		}
	}
	return 0, false
}

// WriteTo prints a metric a line, its name first.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for _, m := range r {
		n, err := fmt.Fprintf(w, "%-28s %s\n", m.Name, number(m.Value))
		total += int64(n)
		if err != nil {
			return total, fmt.Errorf("print metrics: %w", err)
		}
	}
	return total, nil
}

// MarshalJSON is one object, its keys in the order of print.
func (r Report) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range r {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(m.Name)
		if err != nil {
			return nil, fmt.Errorf("name of a metric: %w", err)
		}
		b = append(append(b, key...), ':')
		b = append(b, jsonNumber(m.Value)...)
	}
	return append(b, '}'), nil
}

func number(v float64) string {
	if v != v {
		return "-"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func jsonNumber(v float64) string {
	if v != v {
		return "null"
	}
	return number(v)
}

func (r *Report) put(name string, v float64) {
	if v == v {
		v = round4(v)
	}
	*r = append(*r, Metric{name, v})
}

// round4 rounds the exact value of v to four places, ties to even.
func round4(v float64) float64 {
	x, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 4, 64), 64)
	if err != nil {
		return v // infinities
	}
	return x
}

// prf is precision, recall and their harmonic mean; zero where undefined.
type prf struct{ p, r, f float64 }

func prfOf(tp, predicted, gold float64) prf {
	var s prf
	if predicted > 0 {
		s.p = tp / predicted
	}
	if gold > 0 {
		s.r = tp / gold
	}
	if s.p+s.r > 0 {
		s.f = 2 * s.p * s.r / (s.p + s.r)
	}
	return s
}

func (r *Report) putPRF(name string, s prf) {
	r.put(name+"_p", s.p)
	r.put(name+"_r", s.r)
	r.put(name+"_f1", s.f)
}
