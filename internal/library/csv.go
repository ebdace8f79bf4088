package library

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"factcheck/internal/errs"
)

// Limits of a table.
const (
	maxRow     = 1 << 20 // bytes of a row
	maxColumns = 500
)

// readCSV reads a table whose first line names its columns.
func readCSV(r io.ReadSeeker, o Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if _, err := start(r, o.From); err != nil {
			yield(Item{}, err)
			return
		}
		t := table{in: bufio.NewReaderSize(r, maxRow+64<<10), off: o.From.Offset, line: max(1, o.From.Line)}
		if err := t.header(o.From.State); err != nil {
			yield(Item{}, err)
			return
		}
		for {
			it, err := t.item(scope{page: o.Page})
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(it, err) || err != nil {
				return
			}
		}
	}
}

// table is a CSV file being read.
type table struct {
	in        *bufio.Reader
	off, line int64
	state     tableState
	fields    []string // of each column; empty for those that are not ours
	flat      bool     // quotation marks were left open too often: a row is a line
	broken    int
}

// tableState is what reading must know to go on in the middle of a table.
type tableState struct {
	Comma  string   `json:"comma"`
	Header []string `json:"header"`
}

func (t *table) header(state string) error {
	const op = "library.readCSV"
	if state != "" {
		if err := json.Unmarshal([]byte(state), &t.state); err != nil {
			return errs.Wrap(op, errs.Invalid, err)
		}
	} else if err := t.firstRow(); err != nil {
		return err
	}
	has := map[string]bool{}
	for _, name := range t.state.Header {
		f := field(name)
		if has[f] {
			f = "" // the first column of a field counts
		}
		has[f] = true
		t.fields = append(t.fields, f)
	}
	if !has["claim"] {
		return errs.New(op, errs.Invalid, "The table has no column with claims. Name one of them in its first line: claim, claim_text, claimReviewed, statement or text.")
	}
	if !has["url"] && !has["publisher"] && !has["site"] {
		return errs.New(op, errs.Invalid, "The table does not say whose checks these are. Name a column url, or one of them publisher, in its first line.")
	}
	return nil
}

// firstRow reads the names of the columns, with the comma that gives the most
// of them.
func (t *table) firstRow() error {
	head, err := t.in.Peek(min(t.in.Size(), 64<<10))
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read table: %w", err)
	}
	if i := bytes.IndexAny(head, "\n"); i >= 0 {
		head = head[:i]
	}
	t.state.Comma = ","
	for _, c := range []string{";", "\t", "|"} {
		if bytes.Count(head, []byte(c)) > bytes.Count(head, []byte(t.state.Comma)) {
			t.state.Comma = c
		}
	}
	row, err := t.row()
	switch {
	case errors.Is(err, io.EOF):
		return errs.New("library.readCSV", errs.Invalid, "The table is empty.")
	case err != nil:
		return err
	case row.why != "":
		return errs.New("library.readCSV", errs.Invalid, "The first line of the table cannot be read. "+row.why)
	case len(row.cells) > maxColumns:
		return errs.Newf("library.readCSV", errs.Invalid, "The table has more than %d columns.", maxColumns)
	}
	row.cells[0] = trimBOM(row.cells[0])
	t.state.Header = row.cells
	return nil
}

// item reads one row.
func (t *table) item(s scope) (Item, error) {
	row, err := t.row()
	if err != nil {
		return Item{}, err
	}
	it := Item{Next: t.next()}
	switch why := row.why; {
	case why != "":
		it.Rejected = []Rejected{{row.line, row.off, why}}
		return it, nil
	case len(row.cells) == 1 && strings.TrimSpace(row.cells[0]) == "":
		return it, nil // an empty line
	case len(row.cells) > len(t.fields) && strings.TrimSpace(strings.Join(row.cells[len(t.fields):], "")) != "":
		it.Rejected = []Rejected{{row.line, row.off, fmt.Sprintf("It has %d cells, the first line names %d columns.", len(row.cells), len(t.fields))}}
		return it, nil
	}
	fields := map[string]any{}
	for i, f := range t.fields {
		if f != "" && i < len(row.cells) {
			fields[f] = row.cells[i]
		}
	}
	c, why := flat(fields, s)
	if why != "" {
		it.Rejected = []Rejected{{row.line, row.off, why}}
		return it, nil
	}
	it.Checks = []Check{c}
	return it, nil
}

func (t *table) next() Position {
	state, err := json.Marshal(t.state)
	if err != nil {
		return Position{} // cannot happen: the state is text
	}
	return Position{Offset: t.off, Line: t.line, State: string(state)}
}

// row is one row of a table: its cells, or why it has none.
type row struct {
	cells     []string
	line, off int64
	why       string
}

// row reads the next row. A quotation mark that is never closed costs the line
// on which it stands, not the rest of the table.
func (t *table) row() (row, error) {
	r := row{line: t.line, off: t.off}
	window, cells, n, ok, err := t.window()
	if err != nil {
		return r, err
	}
	line := window
	if i := bytes.IndexByte(window, '\n'); i >= 0 {
		line = window[:i+1]
	} else if len(window) > maxRow {
		return r, errs.Newf("library.readCSV", errs.Invalid, "Line %d is longer than %d MB: this is no table.", r.line, maxRow>>20)
	}
	if t.flat || !ok {
		cells, n, ok = cut(line, t.state.Comma[0])
	}
	if !ok {
		n, r.why = len(line), "A quotation mark is opened and not closed."
		t.broken++
		t.flat = t.broken > 200
	}
	r.cells = make([]string, len(cells))
	for i, c := range cells {
		r.cells[i] = unicodeText(c)
	}
	t.line += int64(bytes.Count(window[:n], []byte("\n")))
	t.off += int64(n)
	_, err = t.in.Discard(n)
	return r, err
}

// window is what lies ahead, and its first row. It looks at what is in the
// buffer, and fills it only where the row might go on behind that.
func (t *table) window() (window []byte, cells [][]byte, n int, ok bool, err error) {
	for _, size := range []int{t.in.Buffered(), t.in.Size()} {
		window, err = t.in.Peek(size)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, nil, 0, false, fmt.Errorf("read table: %w", err)
		}
		cells, n, ok = cut(window, t.state.Comma[0])
		if ok && n < len(window) {
			break
		}
	}
	if len(window) == 0 {
		return nil, nil, 0, false, io.EOF
	}
	return window, cells, n, ok, nil
}

// cut divides the first row of data, of n bytes, into cells. Not ok: a
// quotation mark is not closed within maxRow, or something follows it in a
// cell that went over a line end, which it then was not meant to.
func cut(data []byte, comma byte) (cells [][]byte, n int, ok bool) {
	data = data[:min(len(data), maxRow)]
	for {
		if n < len(data) && data[n] == '"' {
			cell, used, ok := quoted(data[n:], comma)
			if !ok {
				return nil, 0, false
			}
			cells, n = append(cells, cell), n+used
		} else {
			end := n
			for end < len(data) && data[end] != comma && data[end] != '\n' {
				end++
			}
			cells, n = append(cells, bytes.TrimSuffix(data[n:end], []byte("\r"))), end
		}
		if n >= len(data) {
			return cells, n, true
		}
		n++
		if data[n-1] == '\n' {
			return cells, n, true
		}
	}
}

// quoted reads a cell in quotation marks, up to the comma or line end behind
// it. A single mark inside a line is taken as one of the text.
func quoted(data []byte, comma byte) (cell []byte, n int, ok bool) {
	lines := false
	for i := 1; i < len(data); i++ {
		switch b := data[i]; {
		case b == '\n':
			lines = true
		case b != '"':
		case i+1 < len(data) && data[i+1] == '"':
			cell = append(cell, '"')
			i++
			continue
		default:
			rest := data[i+1:]
			if len(rest) == 0 || rest[0] == comma || rest[0] == '\n' || rest[0] == '\r' {
				n = i + 1
				if len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n' {
					n++
				}
				return cell, n, true
			}
			if lines {
				return nil, 0, false
			}
		}
		cell = append(cell, data[i])
	}
	return nil, 0, false
}

// unicodeText is a cell as text; one that is not UTF-8 is taken as what
// spreadsheets wrote before (Windows-1252).
func unicodeText(cell []byte) string {
	if utf8.Valid(cell) {
		return string(cell)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(cell)
	if err != nil {
		return strings.ToValidUTF8(string(cell), "\ufffd")
	}
	return string(text)
}
