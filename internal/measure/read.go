package measure

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// MaxLine is the longest line of a file of rows, in bytes.
const MaxLine = 64 << 20

// Lines calls row for each line that is not blank, with its number from 1.
// It stops at the first error.
func Lines(r io.Reader, row func(number int, line []byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, MaxLine)
	n := 0
	for sc.Scan() {
		n++
		line := bytes.TrimSpace(sc.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := row(n, line); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}

// Bit reads 0, 1, false or true; nil stays nil.
type Bit bool

// UnmarshalJSON reads a number or a boolean.
func (b *Bit) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", "1", "1.0":
		*b = true
	case "false", "0", "0.0", "null":
		*b = false
	default:
		return fmt.Errorf("%s is neither 0 nor 1", data)
	}
	return nil
}

// ID reads a string or a number as a string.
type ID string

// UnmarshalJSON keeps a number's digits.
func (id *ID) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return fmt.Errorf("read id: %w", err)
		}
		*id = ID(s)
		return nil
	}
	if _, err := strconv.ParseFloat(string(data), 64); err != nil {
		return fmt.Errorf("%s is no id", data)
	}
	*id = ID(data)
	return nil
}

// Filter keeps the rows in which each named top-level field is the value that
// it is given, compared as text. An empty Filter keeps every row.
type Filter map[string]string

// Keeps says whether the row on line passes.
func (f Filter) Keeps(line []byte) (bool, error) {
	if len(f) == 0 {
		return true, nil
	}
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		return false, fmt.Errorf("read row: %w", err)
	}
	for k, want := range f {
		if fmt.Sprint(fields[k]) != want {
			return false, nil
		}
	}
	return true, nil
}

// rows calls read for each line that keep keeps, and names the line that fails.
func rows(r io.Reader, keep Filter, read func(line []byte) error) error {
	return Lines(r, func(n int, line []byte) error {
		ok, err := keep.Keeps(line)
		if err == nil && ok {
			err = read(line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		return nil
	})
}

// ReadCW reads labelled sentences, one JSON object a line.
func ReadCW(r io.Reader, keep Filter) ([]CWGold, error) {
	var out []CWGold
	err := rows(r, keep, func(line []byte) error {
		var g struct {
			ID       ID     `json:"id"`
			Doc      string `json:"doc"`
			Label    Bit    `json:"label"`
			NSources *int   `json:"n_sources"`
		}
		if err := json.Unmarshal(line, &g); err != nil {
			return err
		}
		out = append(out, CWGold{string(g.ID), g.Doc, bool(g.Label), g.NSources})
		return nil
	})
	return out, err
}

// ReadCWPred reads predicted scores and labels by id, one JSON object a line.
// A row without a score scores its label.
func ReadCWPred(r io.Reader) (map[string]CWPred, error) {
	out := map[string]CWPred{}
	err := rows(r, nil, func(line []byte) error {
		var p struct {
			ID    ID       `json:"id"`
			Score *float64 `json:"score"`
			Label *Bit     `json:"label"`
		}
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		var c CWPred
		if p.Label != nil {
			c.Label = (*bool)(p.Label)
			if *p.Label {
				c.Score = 1
			}
		}
		if p.Score != nil {
			c.Score = *p.Score
		}
		out[string(p.ID)] = c
		return nil
	})
	return out, err
}
