package evidence

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

// Limits of a capture.
const (
	MaxBytes     = 20 << 20 // of a page or a file
	MaxText      = 5 << 20  // of its readable text
	FetchTimeout = 30 * time.Second
	maxTitle     = 300
	maxType      = 200 // of a declared content type
)

// advice completes the sentences about what cannot be fetched.
var advice = fetch.Advice{Else: "say why there is no capture", Open: "Open it in a browser, save it as a PDF and upload that."}

// Store keeps captures. Its methods take part in the transaction of ctx.
type Store interface {
	// EvidenceAddress is the address of a piece of evidence, "" if it has none.
	// NotFound if there is no such piece.
	EvidenceAddress(ctx context.Context, evidenceID int64) (string, error)
	// Captures are those of a piece, in the order in which they were made, with
	// their files.
	Captures(ctx context.Context, evidenceID int64) ([]Capture, error)
	// AddCapture writes a capture with its files and returns it with their ids.
	AddCapture(ctx context.Context, c Capture) (Capture, error)
	// DueCaptures are the pieces that stand, have a good capture from the web
	// and were not looked at since before: at most limit, by id, after an id.
	DueCaptures(ctx context.Context, before time.Time, after int64, limit int) ([]int64, error)
	// Uncaptured are the pieces that stand, have an address, neither a capture nor
	// a reason for having none, and that no job was ever asked to look at: at most
	// limit, by id, after an id.
	Uncaptured(ctx context.Context, after int64, limit int) ([]int64, error)
}

// Service looks at sources. Store, Files, Read and Now must be set.
type Service struct {
	Store Store
	Files *Files
	// Read is the readable title and text of a page or a document, as its
	// author wrote them; an error if it has none. address is where it came from,
	// empty for an upload.
	Read     func(data []byte, contentType, address string) (title, text string, err error)
	Now      func() time.Time
	Guard    fetch.Guard   // the zero one in production
	Timeout  time.Duration // of a fetch; 0 means FetchTimeout
	Browser  *Browser      // takes pictures; nil takes none
	Software string        // name and version, for WARC files

	// LookAgain is how old the last look at a piece may get before LookAgainJob
	// asks for another; 0 means DefaultLookAgain. Enqueue writes the job that
	// does it, of which one waits for each piece.
	LookAgain time.Duration
	Enqueue   func(ctx context.Context, a CaptureArgs) error
}

// DefaultLookAgain is how often a source is looked at.
const DefaultLookAgain = 7 * 24 * time.Hour

// dueBatch is how many pieces LookAgainJob reads at a time.
const dueBatch = 200

// Capture looks at the address of a piece of evidence and keeps what is there.
// by is who asked, 0 for a job. The first time, a source that cannot be had is
// an error and nothing is kept; later it is a capture that says Vanished or
// Unreachable. Errors: Invalid for a piece without an address or one that is
// refused, NotFound, TooLarge, Upstream, Canceled.
func (s *Service) Capture(ctx context.Context, evidenceID, by int64) (Capture, error) {
	address, err := s.Store.EvidenceAddress(ctx, evidenceID)
	if err != nil {
		return Capture{}, err
	}
	if address == "" {
		return Capture{}, errs.New("evidence.Capture", errs.Invalid, "This evidence has no address. Upload the document instead.")
	}
	earlier, err := s.Store.Captures(ctx, evidenceID)
	if err != nil {
		return Capture{}, err
	}
	first, last, seen := Reference(earlier)
	c := Capture{EvidenceID: evidenceID, Kind: Web, Address: address, Verdict: First, ComparedID: first.ID, CapturedAt: stored(s.Now()), CapturedBy: by}
	res, err := s.fetch(ctx, address)
	switch {
	case err != nil && (!seen || errs.KindOf(err) != errs.Upstream):
		return Capture{}, err
	case err != nil:
		c.Verdict, c.Problem = silence(err), errs.Message(err)
	default:
		if err := s.take(ctx, &c, res, first, last, seen); err != nil {
			return Capture{}, err
		}
	}
	return s.Store.AddCapture(ctx, c)
}

// silence is what it means that there was no answer.
func silence(err error) Verdict {
	if fetch.NoSuchName(err) {
		return Vanished
	}
	return Unreachable
}

// fetch asks for an address.
func (s *Service) fetch(ctx context.Context, address string) (*fetch.Response, error) {
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = FetchTimeout
	}
	client := &fetch.Client{Guard: s.Guard, Timeout: timeout, Accept: "text/html, application/xhtml+xml, application/pdf, */*;q=0.5", Advice: advice, Record: true}
	res, err := client.Get(ctx, fetch.Request{Address: address, Limit: MaxBytes, Check: func(_ string, res *http.Response) error {
		return tooLarge(res.ContentLength)
	}})
	if err != nil {
		return nil, err
	}
	return res, tooLarge(int64(len(res.Body)))
}

func tooLarge(n int64) error {
	if n > MaxBytes {
		return errs.Newf("evidence.Capture", errs.TooLarge, "This is larger than %d MB, which is the most that is kept. Upload the part that matters.", MaxBytes>>20)
	}
	return nil
}

// take fills in c with what was answered, and keeps its files.
func (s *Service) take(ctx context.Context, c *Capture, res *fetch.Response, first, last Capture, seen bool) error {
	sum := sha256.Sum256(res.Body)
	c.FinalAddress, c.Status, c.ContentType = res.Address, res.Status, line(res.Header.Get("Content-Type"), maxType)
	c.MediaType, c.BodySHA256, c.BodyBytes = sniff(res.Body), hex.EncodeToString(sum[:]), int64(len(res.Body))
	if res.Status < 200 || res.Status > 299 {
		return s.takeAbsence(c, res, seen)
	}
	if err := s.takeText(c, unpack(res), res.Address); err != nil {
		return err
	}
	if seen {
		c.Verdict = compare(first, *c)
		if compare(last, *c) == Same {
			return nil // the last capture has all of it
		}
	}
	if err := s.keep(c, Archive, s.warc(c, res), warcType, hostName(res.Address)); err != nil {
		return err
	}
	return s.picture(ctx, c)
}

// takeAbsence says what an answer that is not the source means. The first time
// there is nothing to keep.
func (s *Service) takeAbsence(c *Capture, res *fetch.Response, seen bool) error {
	status := strings.TrimSpace(fmt.Sprintf("%d %s", res.Status, http.StatusText(res.Status)))
	c.Problem = fmt.Sprintf("%s answered %s.", hostName(res.Address), status)
	if !seen {
		return errs.Newf("evidence.Capture", errs.Upstream, "%s Check the address, or %s. %s", c.Problem, advice.Else, advice.Open)
	}
	c.Verdict = Unreachable
	if res.Status == http.StatusNotFound || res.Status == http.StatusGone {
		c.Verdict = Vanished
	}
	return s.keep(c, Archive, s.warc(c, res), warcType, hostName(res.Address))
}

// compare says what became of before. Where both have a text it decides, since
// the bytes of a page are never the same twice.
func compare(before, after Capture) Verdict {
	same := before.BodySHA256 == after.BodySHA256
	if before.TextSHA256 != "" || after.TextSHA256 != "" {
		same = before.TextSHA256 == after.TextSHA256
	}
	if same {
		return Same
	}
	return Changed
}

// takeText keeps the readable text, if there is one.
func (s *Service) takeText(c *Capture, data []byte, address string) error {
	title, text, err := s.Read(data, c.ContentType, address)
	if err != nil || strings.TrimSpace(text) == "" || len(text) > MaxText {
		return nil //nolint:nilerr // many sources are no text: tables, pictures, films
	}
	c.Title = line(title, maxTitle)
	if err := s.keep(c, Text, []byte(text), "text/plain", "text"); err != nil {
		return err
	}
	f, _ := c.File(Text)
	c.TextSHA256 = f.SHA256
	return nil
}

// keep puts a file into the folder and adds it to c.
func (s *Service) keep(c *Capture, role Role, data []byte, mediaType, name string) error {
	hash, err := s.Files.Put(data)
	if err != nil {
		return err
	}
	c.Files = append(c.Files, File{Role: role, SHA256: hash, Bytes: int64(len(data)), MediaType: mediaType, Name: fileName(name+".", mediaType)})
	return nil
}

func (s *Service) warc(c *Capture, res *fetch.Response) []byte {
	software := s.Software
	if software == "" {
		software = "factcheck"
	}
	var b bytes.Buffer
	// Neither an address nor a header that was parsed holds a line end, and a buffer takes everything.
	if err := WriteWARC(&b, warcOf(software, c.CapturedAt, res.Exchanges, res.Body)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// picture adds what a browser saw. A picture that cannot be taken is no reason
// to lose the rest.
func (s *Service) picture(ctx context.Context, c *Capture) error {
	if s.Browser == nil || c.MediaType != "text/html" {
		return nil
	}
	shot, err := s.Browser.Shoot(ctx, s.Guard, c.FinalAddress)
	if ctx.Err() != nil {
		return errs.Wrap("evidence.Capture", errs.Canceled, ctx.Err())
	}
	if err != nil {
		c.Problem = errs.Message(err)
		return nil
	}
	if err := s.keep(c, Screenshot, shot.PNG, "image/png", hostName(c.FinalAddress)); err != nil {
		return err
	}
	if len(shot.MHTML) == 0 {
		return nil
	}
	return s.keep(c, Page, shot.MHTML, mhtmlType, hostName(c.FinalAddress))
}

// hostName is the host of an address, for sentences and file names.
func hostName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "page"
	}
	return u.Hostname()
}

// sniff is the media type that data looks like, without parameters.
func sniff(data []byte) string {
	t, _, _ := strings.Cut(mimetype.Detect(data).String(), ";")
	return t
}

// unpack is the body of an answer without its packing. Nothing packed was
// asked for, yet some send it; what cannot be unpacked within the limit has no
// text.
func unpack(res *fetch.Response) []byte {
	if !strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		return res.Body
	}
	gz, err := gzip.NewReader(bytes.NewReader(res.Body))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(gz, MaxBytes+1))
	if err != nil || len(data) > MaxBytes {
		return nil
	}
	return data
}

// uploads are the media types that can be uploaded: documents and pictures that
// every reader can open and no browser runs.
var uploads = map[string]bool{"application/pdf": true, "image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// Receive keeps a file that by gave, to the byte, and returns the capture that
// Attach makes part of a piece of evidence. name is what the file was called.
// It is apart from Attach since it is slow, and a transaction should not be.
// Errors: TooLarge over MaxBytes; Invalid for what is neither PDF nor picture,
// whatever its name says.
func (s *Service) Receive(by int64, name string, r io.Reader) (Capture, error) {
	const op = "evidence.Receive"
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Capture{}, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "The file did not arrive whole. Send it again.", Err: err}
	}
	if err := tooLarge(int64(len(data))); err != nil {
		return Capture{}, err
	}
	mediaType := sniff(data)
	if !uploads[mediaType] {
		return Capture{}, errs.New(op, errs.Invalid, "Only PDF documents and pictures (PNG, JPEG, GIF, WebP) can be uploaded. Print other documents to a PDF.")
	}
	c := Capture{Kind: Upload, MediaType: mediaType, ContentType: mediaType, Verdict: First, BodyBytes: int64(len(data)), CapturedAt: stored(s.Now()), CapturedBy: by}
	c.Title = line(name[strings.LastIndexAny(name, `/\`)+1:], maxTitle)
	if err := s.keep(&c, Original, data, mediaType, ""); err != nil {
		return Capture{}, err
	}
	c.Files[0].Name, c.BodySHA256 = fileName(name, mediaType), c.Files[0].SHA256
	title := c.Title
	if err := s.takeText(&c, data, ""); err != nil {
		return Capture{}, err
	}
	c.Title = title // people know a file by its name
	return c, nil
}

// Attach makes a file that was received part of a piece of evidence, in the
// transaction of ctx. NotFound if there is no such piece.
func (s *Service) Attach(ctx context.Context, c Capture, evidenceID int64) (Capture, error) {
	if _, err := s.Store.EvidenceAddress(ctx, evidenceID); err != nil {
		return Capture{}, err
	}
	c.EvidenceID = evidenceID
	return s.Store.AddCapture(ctx, c)
}

// Words is the readable text of a capture. NotFound if it has none.
func (s *Service) Words(c Capture) (string, error) {
	f, ok := c.File(Text)
	if !ok {
		return "", errs.New("evidence.Words", errs.NotFound, "This capture has no readable text.")
	}
	data, err := s.Files.read(f.SHA256, MaxText)
	return string(data), err
}

// Changes says in words how the text of one capture became that of another;
// nil if they are equal. NotFound if either has no text.
func (s *Service) Changes(before, after Capture) ([]Change, error) {
	var texts [2]string
	for i, c := range []Capture{before, after} {
		f, ok := c.File(Text)
		if !ok {
			return nil, errs.New("evidence.Changes", errs.NotFound, "There is no text to compare. Open both captures and look.")
		}
		data, err := s.Files.read(f.SHA256, MaxText)
		if err != nil {
			return nil, err
		}
		texts[i] = string(data)
	}
	return Diff(texts[0], texts[1]), nil
}

// CaptureJob is the handler of CaptureArgs. Doing it twice adds a second look,
// which says Same. Only Upstream and Internal errors can be mended by another
// attempt.
func (s *Service) CaptureJob(ctx context.Context, a CaptureArgs) error {
	if a.OnlyFirst {
		earlier, err := s.Store.Captures(ctx, a.EvidenceID)
		if err != nil {
			return err
		}
		if _, _, ok := Reference(earlier); ok {
			return nil
		}
	}
	_, err := s.Capture(ctx, a.EvidenceID, a.PersonID)
	return err
}

// LookAgainJob is the handler of LookAgainArgs. Doing it twice adds nothing,
// since what waits already is not enqueued again.
func (s *Service) LookAgainJob(ctx context.Context, _ LookAgainArgs) error {
	every := s.LookAgain
	if every <= 0 {
		every = DefaultLookAgain
	}
	before := stored(s.Now()).Add(-every)
	return s.ask(ctx, CaptureArgs{}, func(after int64) ([]int64, error) { return s.Store.DueCaptures(ctx, before, after, dueBatch) })
}

// CatchUpJob is the handler of CatchUpArgs. Doing it twice adds nothing.
func (s *Service) CatchUpJob(ctx context.Context, _ CatchUpArgs) error {
	return s.ask(ctx, CaptureArgs{OnlyFirst: true}, func(after int64) ([]int64, error) { return s.Store.Uncaptured(ctx, after, dueBatch) })
}

// ask enqueues a for every piece of a list that is read a batch at a time.
func (s *Service) ask(ctx context.Context, a CaptureArgs, list func(after int64) ([]int64, error)) error {
	for {
		ids, err := list(a.EvidenceID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			a.EvidenceID = id
			if err := s.Enqueue(ctx, a); err != nil {
				return err
			}
		}
		if len(ids) < dueBatch {
			return nil
		}
	}
}

// stored is t as databases keep it: UTC, in microseconds.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
