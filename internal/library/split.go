package library

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRecord is how large one record may be, in bytes. The largest seen are
// pages with a few dozen reviews.
const maxRecord = 8 << 20

// maxNesting is how many lists may stand around a record.
const maxNesting = 4096

// chunk is one record of a JSON file as it stands there.
type chunk struct {
	raw   []byte // valid until the next call
	at    Position
	whole bool // every bracket is closed
}

// splitter cuts a stream of JSON into its records without reading any of it
// twice: values one after the other (one a line, or not), the elements of
// lists, and those of a DataFeed, whose dataFeedElement may be gigabytes long.
//
// It is not a parser: what it cuts out may be broken. Where an object starts a
// line at which none can stand, the record before it was broken off; so one
// missing bracket costs one record.
type splitter struct {
	in    *bufio.Reader
	off   int64 // of the next byte
	line  int64 // 1-based, of the next byte
	stack []byte
	buf   []byte
	open  []byte // brackets inside the record
	lost  int    // lists that were too deep to remember
}

func newSplitter(r io.Reader, from Position) *splitter {
	return &splitter{in: bufio.NewReaderSize(r, 256<<10), off: from.Offset, line: max(1, from.Line), stack: []byte(from.State)}
}

// where is the place of the next byte, from which reading can go on.
func (s *splitter) where() Position {
	return Position{Offset: s.off, Line: s.line, State: string(s.stack)}
}

func (s *splitter) read() (byte, error) {
	b, err := s.in.ReadByte()
	if err == nil {
		s.off++
		if b == '\n' {
			s.line++
		}
	}
	return b, err
}

// unread takes back the last byte that was read, which was no line end.
func (s *splitter) unread() {
	_ = s.in.UnreadByte() // cannot fail after a read
	s.off--
}

// next is the next record; io.EOF after the last.
func (s *splitter) next() (chunk, error) {
	for {
		b, err := s.read()
		if err != nil {
			return chunk{}, err
		}
		switch b {
		case ' ', '\t', '\r', '\n', ',', ';', ':', 0x1e, 0xef, 0xbb, 0xbf: // spaces, record separators, a byte order mark
		case '[':
			s.push('a')
		case ']':
			s.pop('a')
		case '}':
			s.pop('o')
		case '{':
			at := Position{Offset: s.off - 1, Line: s.line}
			c, feed, err := s.object()
			if err != nil || !feed {
				c.at = at
				return c, err
			}
		default: // of a DataFeed, its other properties and their names
			at := Position{Offset: s.off - 1, Line: s.line}
			c, err := s.token(b)
			if err != nil || s.top() != 'o' && b != '/' && !isScalar(c.raw) { // a comment begins with a stroke
				c.at = at
				return c, err
			}
		}
	}
}

func isScalar(raw []byte) bool {
	switch string(raw) {
	case "null", "true", "false":
		return true
	}
	return len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') && bytes.IndexByte(raw, ' ') < 0
}

func (s *splitter) top() byte {
	if len(s.stack) == 0 {
		return 0
	}
	return s.stack[len(s.stack)-1]
}

func (s *splitter) push(b byte) {
	if len(s.stack) >= maxNesting {
		s.lost++
		return
	}
	s.stack = append(s.stack, b)
}

// pop closes what was opened; a bracket that closes nothing is passed over.
func (s *splitter) pop(b byte) {
	switch {
	case b == 'a' && s.lost > 0:
		s.lost--
	case s.top() == b:
		s.stack = s.stack[:len(s.stack)-1]
	}
}

// token reads a string to its end, or anything else to the end of its line or
// to where a record may begin.
func (s *splitter) token(first byte) (chunk, error) {
	s.buf = append(s.buf[:0], first)
	escaped := false
	for {
		b, err := s.read()
		if errors.Is(err, io.EOF) {
			return chunk{raw: s.buf, whole: first != '"'}, nil
		}
		if err != nil {
			return chunk{}, err
		}
		switch {
		case first == '"' && b == '"' && !escaped:
			return chunk{raw: append(s.buf, b), whole: true}, nil
		case b == '\n':
			return chunk{raw: s.buf, whole: first != '"'}, nil
		case first != '"' && bytes.IndexByte([]byte(`,]}{["`), b) >= 0:
			s.unread()
			return chunk{raw: bytes.TrimSpace(s.buf), whole: true}, nil
		}
		escaped = b == '\\' && !escaped
		if len(s.buf) < maxRecord {
			s.buf = append(s.buf, b)
		}
	}
}

// object reads an object to its last bracket. feed reports that it turned out
// to be a DataFeed, whose elements come next.
func (s *splitter) object() (c chunk, feed bool, err error) {
	s.buf, s.open = append(s.buf[:0], '{'), append(s.open[:0], '{')
	var (
		inString, escaped bool
		fresh             bool        // only spaces since the line began
		last              = byte('{') // last sign outside of strings that is not a space
		keyAt             = -1        // where the last string of the outermost object begins
	)
	for {
		b, err := s.read()
		if errors.Is(err, io.EOF) {
			return chunk{raw: s.buf}, false, nil
		}
		if err != nil {
			return chunk{}, false, err
		}
		if b == '{' && fresh && !s.mayOpen(inString, last) {
			s.unread()
			return chunk{raw: s.buf}, false, nil
		}
		s.buf = append(s.buf, b)
		if len(s.buf) > maxRecord {
			return chunk{raw: s.buf}, false, nil
		}
		switch {
		case b == '\n':
			fresh, escaped = true, false
			continue
		case b == ' ', b == '\t', b == '\r':
			continue
		}
		fresh = false
		if inString {
			switch {
			case escaped:
				escaped = false
			case b == '\\':
				escaped = true
			case b == '"':
				inString, last = false, '"'
			}
			continue
		}
		switch b {
		case '"':
			inString = true
			if len(s.open) == 1 && (last == '{' || last == ',') {
				keyAt = len(s.buf) - 1
			}
			continue
		case '[':
			if len(s.open) == 1 && last == ':' && keyAt >= 0 && bytes.HasPrefix(s.buf[keyAt:], []byte(`"dataFeedElement"`)) {
				s.push('o')
				s.push('a')
				return chunk{}, true, nil
			}
			s.open = append(s.open, b)
		case '{':
			s.open = append(s.open, b)
		case '}', ']':
			if s.open = s.close(b); len(s.open) == 0 {
				return chunk{raw: s.buf, whole: true}, false, nil
			}
		}
		last = b
	}
}

// close takes the brackets away that b closes: one, or, if one was forgotten
// inside, those inside it too. What closes nothing is left to the parser.
func (s *splitter) close(b byte) []byte {
	want := byte('{')
	if b == ']' {
		want = '['
	}
	if i := bytes.LastIndexByte(s.open, want); i >= 0 {
		return s.open[:i]
	}
	return s.open
}

// mayOpen reports whether an object may begin here.
func (s *splitter) mayOpen(inString bool, last byte) bool {
	if inString {
		return false
	}
	return last == ':' || last == '[' || last == ',' && s.open[len(s.open)-1] == '['
}

// pieces are where records may begin inside a broken one: at a line that
// begins with a bracket, or at a bracket behind a comma that goes on as JSON-LD
// does. The first piece begins at 0.
func pieces(raw []byte) []int {
	starts := []int{0}
	fresh := false
	last := byte(0)
	for i, b := range raw {
		switch b {
		case '\n':
			fresh = true
		case ' ', '\t', '\r':
			continue
		case '{':
			if i > 0 && (fresh || (last == ',' || last == '}') && bytes.HasPrefix(raw[i:], []byte(`{"@`))) {
				starts = append(starts, i)
			}
			fresh = false
		default:
			if b != ',' { // a comma may stand before the record of a line
				fresh = false
			}
		}
		if b != '\n' {
			last = b
		}
	}
	return starts
}
