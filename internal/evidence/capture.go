package evidence

import (
	"slices"
	"time"
)

// Kind is how a capture came about.
type Kind string

// The kinds of capture.
const (
	Web    Kind = "web"    // the answer of an address
	Upload Kind = "upload" // a file that a person gave
)

// Verdict is what a look says about the first capture of the same piece.
type Verdict string

// The verdicts. Same and Changed are about the readable text, or the bytes of
// what has none.
const (
	First       Verdict = "first"       // there was nothing to compare with
	Same        Verdict = "same"        // it still says what it said
	Changed     Verdict = "changed"     // it says something else
	Vanished    Verdict = "vanished"    // the site says that it is gone (404, 410), or its name does not exist
	Unreachable Verdict = "unreachable" // no answer, or one that says nothing about the page
)

// Verdicts lists every verdict.
var Verdicts = []Verdict{First, Same, Changed, Vanished, Unreachable}

// Capture is one look at a source. Its zero ID means that it is not stored.
type Capture struct {
	ID           int64
	EvidenceID   int64
	Kind         Kind
	Address      string // that was asked; empty for an upload
	FinalAddress string // that answered, after redirects
	Status       int    // of HTTP; 0 if there was no answer, and for an upload
	ContentType  string // as declared
	MediaType    string // as the bytes look, without parameters
	Title        string
	BodySHA256   string // hex; of the body as it was sent, without transfer coding; empty if there was no answer
	BodyBytes    int64
	TextSHA256   string // hex; of the readable text; empty if there is none
	Verdict      Verdict
	Problem      string // a sentence on what could not be done; may be empty
	ComparedID   int64  // the first capture; 0 for a First
	CapturedAt   time.Time
	CapturedBy   int64 // 0 for a job
	Files        []File
}

// Good reports whether the capture shows the source, rather than its absence.
func (c Capture) Good() bool {
	return c.Verdict == First || c.Verdict == Same || c.Verdict == Changed
}

// File is the file of c in that role.
func (c Capture) File(role Role) (File, bool) {
	i := slices.IndexFunc(c.Files, func(f File) bool { return f.Role == role })
	if i < 0 {
		return File{}, false
	}
	return c.Files[i], true
}

// Role is what a file is to its capture.
type Role string

// The roles of files. Not every capture has each: one that says Same keeps only
// the text, since the rest is kept already.
const (
	Archive    Role = "warc"       // what went over the wire
	Text       Role = "text"       // the readable text, UTF-8
	Original   Role = "upload"     // the file as it was given
	Screenshot Role = "screenshot" // a picture of the page, PNG
	Page       Role = "mhtml"      // the page as the browser saw it, with its pictures and styles
)

// Roles lists every role in the order of the page.
var Roles = []Role{Screenshot, Original, Text, Archive, Page}

// File is one file of a capture.
type File struct {
	ID        int64
	CaptureID int64
	Role      Role
	SHA256    string // hex; the name of the file in Files
	Bytes     int64
	MediaType string
	Name      string // under which it is downloaded
}

// Reference is what a look is compared with, of the captures of one piece in
// the order in which they were made: the first good one from the web, and the
// last. False if there is none.
func Reference(captures []Capture) (first, last Capture, ok bool) {
	for _, c := range captures {
		if c.Kind != Web || !c.Good() {
			continue
		}
		if !ok {
			first = c
		}
		last, ok = c, true
	}
	return first, last, ok
}

// CaptureArgs asks for a look at a piece of evidence. It is the arguments of a
// job; see Service.CaptureJob.
type CaptureArgs struct {
	EvidenceID int64
	PersonID   int64 // who asked; 0 for a schedule
	OnlyFirst  bool  // not if the address was captured before
}

// Kind names the job.
func (CaptureArgs) Kind() string { return "evidence.capture" }

// LookAgainArgs asks for a job for each piece that has not been looked at for a
// while; see Service.LookAgainJob.
type LookAgainArgs struct{}

// Kind names the job.
func (LookAgainArgs) Kind() string { return "evidence.look-again" }

// CatchUpArgs asks for a job for each piece that should have a capture and that
// nobody ever asked for; see Service.CatchUpJob.
type CatchUpArgs struct{}

// Kind names the job.
func (CatchUpArgs) Kind() string { return "evidence.catch-up" }
