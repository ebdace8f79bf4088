package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"factcheck/internal/errs"
)

// Position is a place in a file from which reading can go on.
type Position struct {
	Offset int64  // bytes from the beginning
	Line   int64  // 1-based
	State  string // what the reader must know there: open brackets, or a header
}

// Rejected is a record that could not be read.
type Rejected struct {
	Line   int64 // where it begins, 1-based
	Offset int64 // the same in bytes
	Why    string
}

// Item is what one record of a file holds.
type Item struct {
	Checks   []Check
	Rejected []Rejected
	Skipped  int      // records that are in order and hold no fact-check
	Next     Position // where the next record begins; zero where reading cannot be taken up again
}

// Options are what a reader cannot find in the file.
type Options struct {
	Page string   // address of the page that a file of HTML was saved from, or of the site; may be empty
	From Position // where to take up reading; zero for the beginning
}

// Format is a kind of file that checks are read from.
type Format struct {
	Name string
	Doc  string
	read func(r io.ReadSeeker, o Options) iter.Seq2[Item, error]
}

// Formats lists them in the order of the documentation.
var Formats = []Format{
	{"claimreview", "ClaimReview: JSON-LD in any wrapping, one value a line or a DataFeed of any size, or a page of HTML that carries it", readClaimReview},
	{"csv", "a table with a header line; columns are found by their names, see docs/formats/import.md", readCSV},
	{"jsonl", "one JSON object a line with the names of the columns as keys, ClaimReviews, or claims as the Fact Check Tools API gives them", readJSONL},
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, bool) {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return Formats[i], true
}

// Read yields the records of a file one by one; it holds one record at a time
// in memory. An error is one of reading the file, or Invalid if it is no file
// of that format at all, and ends the sequence.
func (f Format) Read(r io.ReadSeeker, o Options) iter.Seq2[Item, error] {
	o.Page = address(o.Page, "")
	return f.read(r, o)
}

// readClaimReview reads pages and JSON alike.
func readClaimReview(r io.ReadSeeker, o Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		head, err := start(r, o.From)
		switch {
		case err != nil:
			yield(Item{}, err)
		case o.From.Offset == 0 && looksLikeHTML(head):
			yield(readPage(r, o))
		default:
			readJSON(r, o, reviewItem, yield)
		}
	}
}

// readJSONL reads one object a line, whatever it calls its fields.
func readJSONL(r io.ReadSeeker, o Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if _, err := start(r, o.From); err != nil {
			yield(Item{}, err)
			return
		}
		readJSON(r, o, flatItem, yield)
	}
}

// start looks at the beginning of a file and goes to where reading is to go on.
func start(r io.ReadSeeker, from Position) ([]byte, error) {
	const op = "library.Read"
	head := make([]byte, 1024)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read: %w", err)
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return nil, errs.New(op, errs.Invalid, "The file is UTF-16. Save it as UTF-8 and try again.")
	}
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) || bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, errs.New(op, errs.Invalid, "The file is compressed. Unpack it and try again.")
	}
	if _, err := r.Seek(from.Offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("seek: %w", err)
	}
	return head, nil
}

func looksLikeHTML(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(head) > 0 && head[0] == '<'
}

// readJSON cuts JSON into records and turns each into an item.
func readJSON(r io.Reader, o Options, item func([]byte, scope) (Item, string), yield func(Item, error) bool) {
	s := newSplitter(r, o.From)
	for {
		c, err := s.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Item{}, fmt.Errorf("read: %w", err))
			return
		}
		it, why := item(c.raw, scope{page: o.Page})
		if why != "" {
			it = salvage(c, why, o, item)
		}
		for i := range it.Rejected {
			if it.Rejected[i].Line == 0 {
				it.Rejected[i].Line, it.Rejected[i].Offset = c.at.Line, c.at.Offset
			}
		}
		it.Next = s.where()
		if !yield(it, nil) {
			return
		}
	}
}

// salvage reads what is left of a broken record: the records that were taken
// for a part of it. Itself, it is rejected.
func salvage(c chunk, why string, o Options, item func([]byte, scope) (Item, string)) Item {
	it := Item{Rejected: []Rejected{{c.at.Line, c.at.Offset, why}}}
	if len(c.raw) > maxRecord {
		it.Rejected[0].Why = fmt.Sprintf("It is longer than %d MB.", maxRecord>>20)
	}
	starts := pieces(c.raw)
	for i, from := range starts {
		to := len(c.raw)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		piece := c.raw[from:to]
		if i == 0 || !mentionsReview(piece) {
			continue
		}
		at := c.at.Offset + int64(from)
		line := c.at.Line + int64(bytes.Count(c.raw[:from], []byte("\n")))
		got, why := item(bytes.TrimRight(piece, ", \t\r\n]"), scope{page: o.Page})
		if why != "" {
			it.Rejected = append(it.Rejected, Rejected{line, at, why})
			continue
		}
		for _, rej := range got.Rejected {
			it.Rejected = append(it.Rejected, Rejected{line, at, rej.Why})
		}
		it.Checks = append(it.Checks, got.Checks...)
	}
	return it
}

func mentionsReview(raw []byte) bool {
	return bytes.Contains(raw, []byte("laimReview")) || bytes.Contains(raw, []byte("laimreview"))
}

// reviewItem reads the ClaimReviews of one record. why is the reason if it is
// not JSON.
func reviewItem(raw []byte, s scope) (it Item, why string) {
	if !mentionsReview(raw) {
		if json.Valid(raw) {
			return Item{Skipped: 1}, ""
		}
		_, why := decode(raw)
		return Item{Skipped: 1}, why
	}
	v, why := decode(raw)
	if why != "" {
		return Item{}, why
	}
	s.index(v, 0)
	s.collect(v, &it)
	if len(it.Checks)+len(it.Rejected) == 0 {
		it.Skipped = 1
	}
	return it, ""
}

// collect reads every ClaimReview in a value. The same check twice is one.
func (s *scope) collect(v any, it *Item) {
	seen := map[[16]byte]bool{}
	for _, o := range s.reviewsIn(v) {
		c, why := s.read(o)
		if why != "" {
			it.Rejected = append(it.Rejected, Rejected{Why: "A ClaimReview cannot be kept. " + why})
			continue
		}
		if key := c.Key(); !seen[key] {
			seen[key] = true
			it.Checks = append(it.Checks, c)
		}
	}
}

func trimBOM(text string) string { return strings.TrimPrefix(text, "\ufeff") }
