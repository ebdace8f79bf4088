package review

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/errs"
)

// Origin says whether a source was there itself.
type Origin string

// The origins. The zero Origin says nothing.
const (
	Primary   Origin = "primary"   // it made or saw what it tells: a table, a record, a witness
	Secondary Origin = "secondary" // it tells what others found
)

// Origins is the menu of origins.
var Origins = []Menu[Origin]{{Primary, "Primary: it made or saw it itself"}, {Secondary, "Secondary: it tells what others found"}}

func knownOrigin(o Origin) error {
	if o == "" || slices.ContainsFunc(Origins, func(m Menu[Origin]) bool { return m.Code == o }) {
		return nil
	}
	return errs.New("review.Evidence", errs.Invalid, "Say whether the source is primary or secondary, or leave it open.")
}

// Copy is what the desk keeps of a piece of evidence, and how the last attempt
// to look at it went. Its zero SHA256 means that nothing is kept yet.
type Copy struct {
	CaptureID int64
	Upload    bool   // a person handed a file in; else the address was asked
	Title     string // of the page; the name of the file
	SHA256    string // hex, of the bytes
	At        time.Time

	Last  LastLook // at the address; zero if nobody has looked since
	Cites []int    // the verdict revisions that cite the piece, by number
	Files int      // how many captures hold an uploaded file
	Looks int      // captures of the address, failed looks included

	Waiting bool      // a capture is asked for and not done
	Next    time.Time // when it will be tried, if Waiting
	Problem string    // a sentence on why the last attempt failed; empty if it did not
}

// LastLook is the newest look at an address that has a copy.
type LastLook struct {
	CaptureID int64
	Found     string // "first", "same", "changed", "vanished" or "unreachable"
	Problem   string // a sentence; may be empty
	At        time.Time
	Seen      Seen // what somebody made of it, if it is a drift
}

// Drifted reports whether the source is not what it was.
func (c Copy) Drifted() bool { return c.Last.Found == "changed" || c.Last.Found == "vanished" }

// copyOf is the copy that readers are told of. Where somebody has written that
// there can be none, that holds until they take it back: a copy that is made
// later must not change what was approved.
func (d *Dossier) copyOf(e Evidence) (Copy, bool) {
	c := d.Copies[e.ID]
	return c, c.SHA256 != "" && e.NoCopy == ""
}

// File is an upload that is kept already, to be attached to a piece of evidence
// in the transaction of the action.
type File struct {
	Name   string
	SHA256 string // hex
	Bytes  int64
	Attach func(ctx context.Context, evidenceID int64) error // writes its row
}

func (f File) line() string {
	return fmt.Sprintf("%s, %d bytes, SHA-256 %s", f.Name, f.Bytes, f.SHA256)
}

func attachFile(_, d *Dossier, cmd *Command, o *Outcome) error {
	o.Event.change("file", "", fmt.Sprintf("to [%d]: %s", d.thatEvidence(cmd.EvidenceID).Number, cmd.File.line()))
	o.contribute(cmd.Actor.ID, ChangedSources)
	return nil
}

// citations are the signs by which a rationale cites evidence.
var citations = regexp.MustCompile(`\[[0-9]{1,4}(?:, ?[0-9]{1,4})*\]`)

// Cites are the numbers of the evidence that a rationale cites, as [2] or
// [1, 2], each once, in ascending order.
func Cites(rationale string) []int {
	var all []int
	for _, found := range citations.FindAllString(rationale, -1) {
		for _, one := range strings.Split(strings.Trim(found, "[]"), ",") {
			if n, err := strconv.Atoi(strings.TrimSpace(one)); err == nil && !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	slices.Sort(all)
	return all
}

// MayCapture reports whether that person may have a source looked at, apart from
// any edit.
func (p Person) MayCapture() bool { return p.Is(Checker, Editor) }

// DriftRow is a piece of evidence whose source is not, or cannot be shown to be,
// what it was.
type DriftRow struct {
	CaptureID, EvidenceID, ReviewID int64
	Number                          int
	State                           State // of the review
	URL, Title                      string
	Claim                           string
	Found                           string // "changed", "vanished" or "unreachable"
	Problem                         string // a sentence; may be empty
	At                              time.Time
	FirstAt                         time.Time // of the capture that it was compared with
	Seen                            Seen
	SeenBy                          string // name; empty: nobody has
}
