package evidence

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

// Record is one record of a WARC/1.1 file (ISO 28500:2017).
type Record struct {
	Type    string // warcinfo, request, response
	Address string // WARC-Target-URI; empty for warcinfo
	At      time.Time
	// More are further fields, without a line end in name or value.
	More  [][2]string
	Block []byte
}

// warcVersion begins every record.
const warcVersion = "WARC/1.1\r\n"

// warcTime is WARC-Date, in UTC.
const warcTime = "2006-01-02T15:04:05.000000Z"

// ID is the WARC-Record-ID: a UUID of version 8 (RFC 9562), made of what the
// record says, so that the same record always has the same.
func (r Record) ID() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", r.Type, r.Address, r.At.UTC().Format(warcTime))
	h.Write(r.Block)
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// digest is a SHA-256 in the way of WARC files.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + base32.StdEncoding.EncodeToString(sum[:])
}

// WriteWARC writes records, each as a gzip member of its own, so that a reader
// can begin at any of them. Internal if a field has a line end.
func WriteWARC(w io.Writer, records []Record) error {
	const op = "evidence.WriteWARC"
	for _, r := range records {
		head, err := r.head()
		if err != nil {
			return errs.Wrap(op, errs.Internal, err)
		}
		gz := gzip.NewWriter(w)
		for _, part := range [][]byte{head, r.Block, []byte("\r\n\r\n")} {
			if _, err := gz.Write(part); err != nil {
				return errs.Wrap(op, errs.Internal, err)
			}
		}
		if err := gz.Close(); err != nil {
			return errs.Wrap(op, errs.Internal, err)
		}
	}
	return nil
}

func (r Record) head() ([]byte, error) {
	fields := [][2]string{{"WARC-Type", r.Type}, {"WARC-Record-ID", r.ID()}, {"WARC-Date", r.At.UTC().Format(warcTime)}}
	if r.Address != "" {
		fields = append(fields, [2]string{"WARC-Target-URI", r.Address})
	}
	fields = append(fields, r.More...)
	fields = append(fields, [2]string{"WARC-Block-Digest", digest(r.Block)}, [2]string{"Content-Length", strconv.Itoa(len(r.Block))})
	var b bytes.Buffer
	b.WriteString(warcVersion)
	for _, f := range fields {
		if strings.ContainsAny(f[0]+f[1], "\r\n") || f[0] == "" {
			return nil, fmt.Errorf("field %q of a WARC record has a line end or no name", f[0])
		}
		b.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes(), nil
}

// warcOf is what went over the wire as records: who wrote them, then request
// and response of each hop. body is the payload of the last.
func warcOf(software string, at time.Time, hops []fetch.Exchange, body []byte) []Record {
	info := Record{
		Type: "warcinfo", At: at, More: [][2]string{{"Content-Type", "application/warc-fields"}},
		Block: []byte("software: " + software + "\r\nformat: WARC File Format 1.1\r\nconformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"),
	}
	records := []Record{info}
	for i, x := range hops {
		common := [][2]string{{"WARC-Warcinfo-ID", info.ID()}}
		if x.IP != "" {
			common = append(common, [2]string{"WARC-IP-Address", x.IP})
		}
		response := Record{Type: "response", Address: x.Address, At: at, Block: x.Response, More: append(common[:len(common):len(common)], [2]string{"Content-Type", "application/http; msgtype=response"})}
		if i == len(hops)-1 {
			response.More = append(response.More, [2]string{"WARC-Payload-Digest", digest(body)})
		}
		if x.Truncated {
			response.More = append(response.More, [2]string{"WARC-Truncated", "length"})
		}
		request := Record{Type: "request", Address: x.Address, At: at, Block: x.Request, More: append(common[:len(common):len(common)],
			[2]string{"Content-Type", "application/http; msgtype=request"}, [2]string{"WARC-Concurrent-To", response.ID()})}
		records = append(records, request, response)
	}
	return records
}

// Limits of a WARC file that is read.
const (
	maxRecordHead  = 64 << 10
	maxRecordBlock = 2*MaxBytes + 1<<20
)

// ReadWARC reads the records of a WARC file, packed or not, and checks each
// against its block digest. It stops at the first error: Invalid for what is
// no such file, TooLarge for a record over the limits.
func ReadWARC(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		in := bufio.NewReader(r)
		if magic, err := in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
			gz, err := gzip.NewReader(in) // reads all members as one
			if err != nil {
				yield(Record{}, broken(err))
				return
			}
			in = bufio.NewReader(gz)
		}
		for {
			if _, err := in.Peek(1); errors.Is(err, io.EOF) {
				return
			}
			rec, err := readRecord(in)
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

func broken(err error) error {
	return &errs.Error{Op: "evidence.ReadWARC", Kind: errs.Invalid, Msg: "This is not a WARC file, or it is damaged.", Err: err}
}

func readRecord(in *bufio.Reader) (Record, error) {
	head, err := readHead(in)
	if err != nil {
		return Record{}, err
	}
	fields, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(head))).ReadMIMEHeader()
	if err != nil {
		return Record{}, broken(err)
	}
	n, err := strconv.Atoi(fields.Get("Content-Length"))
	if err != nil || n < 0 {
		return Record{}, broken(fmt.Errorf("Content-Length %q", fields.Get("Content-Length")))
	}
	if n > maxRecordBlock {
		return Record{}, errs.New("evidence.ReadWARC", errs.TooLarge, "A record of this WARC file is larger than what is read.")
	}
	var block bytes.Buffer // grows with what is there, not with what is claimed
	if _, err := io.CopyN(&block, in, int64(n)); err != nil {
		return Record{}, broken(err)
	}
	var end [4]byte
	if _, err := io.ReadFull(in, end[:]); err != nil || string(end[:]) != "\r\n\r\n" {
		return Record{}, broken(fmt.Errorf("a record ends in %q", end))
	}
	at, err := time.Parse(time.RFC3339, fields.Get("WARC-Date"))
	if err != nil {
		return Record{}, broken(err)
	}
	if want := fields.Get("WARC-Block-Digest"); strings.HasPrefix(want, "sha256:") && want != digest(block.Bytes()) {
		return Record{}, broken(fmt.Errorf("the block has digest %s, not %s", digest(block.Bytes()), want))
	}
	rec := Record{Type: fields.Get("WARC-Type"), Address: fields.Get("WARC-Target-URI"), At: at.UTC(), Block: block.Bytes()}
	for _, name := range []string{"WARC-Warcinfo-ID", "WARC-IP-Address", "Content-Type", "WARC-Payload-Digest", "WARC-Truncated", "WARC-Concurrent-To"} {
		if v := fields.Get(name); v != "" {
			rec.More = append(rec.More, [2]string{name, v})
		}
	}
	return rec, nil
}

// readHead reads the version and returns the fields with the empty line.
func readHead(in *bufio.Reader) ([]byte, error) {
	var head []byte
	for {
		line, err := in.ReadSlice('\n')
		head = append(head, line...)
		switch {
		case len(head) > maxRecordHead:
			return nil, errs.New("evidence.ReadWARC", errs.TooLarge, "A record of this WARC file has more fields than what is read.")
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return nil, broken(err)
		}
		if string(line) == "\r\n" {
			break
		}
	}
	fields, ok := bytes.CutPrefix(head, []byte(warcVersion))
	if !ok {
		return nil, broken(fmt.Errorf("the record begins with %.20q", head))
	}
	return fields, nil
}
