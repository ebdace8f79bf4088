package web

import (
	"fmt"
	"strconv"

	"factcheck/internal/review"
	"factcheck/ui"
)

// evidenceView is a piece of evidence with the form that changes it.
type evidenceView struct {
	ID               int64
	Number           int
	URL, Archive     string
	Title, Publisher string
	Quote, Note      string
	Stance           stance
	Accessed         ui.Moment
	AddedBy          string
	Added            ui.Moment
	Origin           string // in words; empty: nobody said
	Behind, Interest string
	Copy             copyView
	Form, Remove     *formView // nil: not for this person now
	Attach           *formView // adds a file; nil: not for this person now
	Look             string    // address of the form that has the source captured; empty: not for this person
	Open             bool
	FormID           string
}

func (b *pageBuilder) sources(p *reviewPage) {
	for _, e := range b.d.Evidence {
		p.Evidence = append(p.Evidence, b.evidence(e))
	}
}

func (b *pageBuilder) evidence(e review.Evidence) evidenceView {
	v := evidenceView{
		ID: e.ID, Number: e.Number, URL: e.URL, Archive: e.ArchiveURL, Title: e.Title, Publisher: e.Publisher, Quote: e.Quote, Note: e.Note,
		Stance: stances[e.Stance], Accessed: b.s.moment(e.AccessedAt), AddedBy: b.d.Name(e.AddedBy), Added: b.s.moment(e.AddedAt),
		FormID: fmt.Sprintf("form-evidence-%d", e.ID),
		Origin: originWords[e.Origin], Behind: e.Behind, Interest: e.Interest, Copy: b.s.copyOf(e, b.d.Copies[e.ID]),
	}
	if seen := b.d.Copies[e.ID].Last.Seen; seen.ByID != 0 {
		v.Copy.Seen = sightView{b.d.Name(seen.ByID), seen.Note, b.s.moment(seen.At)}
	}
	if e.URL != "" && b.me.MayCapture() {
		v.Look = fmt.Sprintf("/desk/sources/%d/look", e.ID)
	}
	if b.blind { // a stricken note must not come back as what was written
		return v
	}
	path := fmt.Sprintf("/evidence/%d", e.ID)
	number := strconv.Itoa(e.Number)
	// An edit gives the piece another id; its number stays.
	mine := b.t.action == review.EditEvidence && b.t.form.text("number") == number
	v.Form, _ = b.form(v.FormID, path, review.EditEvidence, mine, map[string]string{
		"number": number, "url": e.URL, "archive_url": e.ArchiveURL, "title": e.Title, "publisher": e.Publisher, "quote": e.Quote,
		"stance": string(e.Stance), "note": e.Note, "accessed_at": dayText(e.AccessedAt),
		"origin": string(e.Origin), "behind": e.Behind, "interest": e.Interest, "no_copy": e.NoCopy,
	})
	v.Attach, _ = b.form(v.FormID+"-file", path+"/file", review.AttachFile, b.t.action == review.AttachFile && b.t.evidence == e.ID, nil)
	v.Remove, _ = b.form(v.FormID+"-remove", path+"/remove", review.RemoveEvidence, b.t.action == review.RemoveEvidence && b.t.evidence == e.ID, nil)
	v.Open = b.where == v.FormID || b.where == v.FormID+"-file"
	return v
}
