package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/review"
	"factcheck/ui"
)

// originWords is what a page says of where a source stands.
var originWords = map[review.Origin]string{review.Primary: "primary source", review.Secondary: "secondary source"}

// copyView is what is kept of a piece of evidence, as the claim's page tells it.
type copyView struct {
	Href   string // the page of its captures; empty if there is none
	Title  string // of the page, or the name of the file
	File   bool   // it is an upload
	SHA256 string // empty: no copy yet
	At     ui.Moment
	Reason string // why there can be none

	Waiting bool
	Page    string    // where the news is looked for while it waits
	Part    string    // selector of the news there
	Next    ui.Moment // when it is tried, if that is later than now
	Problem string    // why the last attempt failed; empty if it did not

	Drift  string // what became of the source since; empty: nothing, as far as anybody looked
	Gone   bool   // Drift says that it changed or vanished, and nobody has seen it
	Looked ui.Moment
	Seen   sightView
	Cites  []int // revisions that cite the piece
}

// drifts says what each verdict of a look means for people.
var drifts = map[string]string{
	string(evidence.Changed):     "The source changed since.",
	string(evidence.Vanished):    "The source vanished since.",
	string(evidence.Unreachable): "The source could not be reached when it was looked at last.",
}

func (s *Server) copyOf(e review.Evidence, c review.Copy) copyView {
	v := copyView{
		Title: c.Title, File: c.Upload, SHA256: c.SHA256, At: s.moment(c.At), Reason: e.NoCopy, Waiting: c.Waiting, Problem: c.Problem,
		Drift: drifts[c.Last.Found], Gone: c.Drifted() && c.ToSee(), Looked: s.moment(c.Last.At), Cites: c.Cites,
	}
	if c.Looks+c.Files > 0 {
		v.Href = fmt.Sprintf("/desk/sources/%d", e.ID)
	}
	v.Page, v.Part = reviewPath(e.ReviewID, ""), fmt.Sprintf("#evidence-%d .copy", e.Number)
	if c.Waiting && c.Next.After(s.Now()) {
		v.Next = s.moment(c.Next)
	}
	return v
}

// lookAtSource handles POST /desk/sources/:id/look.
func (s *Server) lookAtSource(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, _, err := s.Store.Piece(c.Request.Context(), id)
	if err != nil {
		return err
	}
	if err := s.LookNow(c.Request.Context(), id, s.person(c)); err != nil {
		return err
	}
	s.flash(c, "Done: the source is looked at now. Reload this page to see what was found.")
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("%s#evidence-%d", reviewPath(e.ReviewID, ""), e.Number))
	return nil
}

// captureFile handles GET /desk/captures/:id/:role: one file of one capture, in a
// way in which no browser runs it.
func (s *Server) captureFile(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := s.Store.CaptureFile(c.Request.Context(), id, evidence.Role(c.Param("role")))
	if err != nil {
		return err
	}
	file, err := s.Evidence.Files.Open(f.SHA256)
	if err != nil {
		return err
	}
	defer file.Close()
	for name, values := range f.Header() {
		if name != "Cache-Control" { // what somebody signed in sees is kept nowhere
			c.Writer.Header()[name] = values
		}
	}
	http.ServeContent(c.Writer, c.Request, "", s.Now(), file)
	return nil
}

// sourcePage is the data of pages/source.html: everything that was found at one
// address.
type sourcePage struct {
	Done     string
	Seen     sightView // who has seen what the last look found; zero: nobody
	See      *formView // says that this person has; nil: there is nothing to see, or not for them
	Last     int64     // the last look
	Evidence review.Evidence
	Claim    string
	Stance   stance
	Looks    []lookView // newest first
	Shown    lookView
	Changes  []evidence.Change // against the first, if the shown one is another
	Against  ui.Moment         // when the first was made
	Text     string
	Cut      bool // there is more of it
}

// lookView is one capture.
type lookView struct {
	ID             int64
	Href           string
	At             ui.Moment
	By             string // "by itself" or empty: somebody asked
	Found          string // in words
	Class          string // of its verdict
	Title, Problem string
	Address        string // that answered
	Status         int
	SHA256         string
	Files          []fileView
	Picture        string // address of an image; empty if there is none
	Current        bool
}

type fileView struct {
	Href, Label, Name string
	Size              string
}

// found says what each look found.
var found = map[evidence.Verdict]string{
	evidence.First: "first capture", evidence.Same: "it says the same", evidence.Changed: "it says something else", evidence.Vanished: "it is gone",
	evidence.Unreachable: "no answer",
}

// roleLabels is what each file is called.
var roleLabels = map[evidence.Role]string{
	evidence.Screenshot: "Picture of the page", evidence.Original: "The file", evidence.Text: "Readable text", evidence.Archive: "Archive of the connection (WARC)",
	evidence.Page: "Page with its pictures (MHTML)",
}

// maxShownText is how many bytes of a captured text a page shows.
const maxShownText = 100_000

// source handles GET /desk/sources/:id, ?look= is one of its captures.
func (s *Server) source(c *gin.Context) error { return s.showSource(c, form{}, nil) }

// showSource is the page of a source; what was typed into its form comes back with
// the error that it met.
func (s *Server) showSource(c *gin.Context, f form, problem error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, claim, err := s.Store.Piece(c.Request.Context(), id)
	if err != nil {
		return err
	}
	all, err := s.Store.Captures(c.Request.Context(), id)
	if err != nil {
		return err
	}
	p := sourcePage{Done: s.flashed(c), Evidence: e, Claim: claim, Stance: stances[e.Stance]}
	i, err := chosen(all, c.Query("look"))
	if err != nil {
		return err
	}
	if i >= 0 {
		if err := s.show(&p, all, i); err != nil {
			return err
		}
	}
	if err := s.sight(c, &p); err != nil {
		return err
	}
	if problem == nil {
		return s.page(c, http.StatusOK, "source", p)
	}
	st := s.note(c, problem)
	if p.See == nil { // there is nothing to see any more
		return problem
	}
	p.See.Errors, p.See.Fields = sentencesOf(problem, st.text), fields(map[string]string{"note": f.text("note")})
	return s.page(c, st.code, "source", p)
}

// chosen is the index of the capture that the address names, or of the newest
// that shows the source; -1 if there is none at all.
func chosen(all []evidence.Capture, look string) (int, error) {
	if look == "" {
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].Good() {
				return i, nil
			}
		}
		return len(all) - 1, nil
	}
	i := slices.IndexFunc(all, func(c evidence.Capture) bool { return strconv.FormatInt(c.ID, 10) == look })
	if i < 0 {
		return 0, errs.New("web.source", errs.NotFound, "There is no such capture of this source.")
	}
	return i, nil
}

// show fills in the capture i of all, with what changed since the first.
func (s *Server) show(p *sourcePage, all []evidence.Capture, i int) error {
	for j := len(all) - 1; j >= 0; j-- {
		p.Looks = append(p.Looks, s.look(p.Evidence.ID, all, j, j == i))
	}
	p.Shown = s.look(p.Evidence.ID, all, i, true)
	shown := withFiles(all, i)
	if _, ok := shown.File(evidence.Text); ok {
		text, err := s.Evidence.Words(shown)
		if err != nil {
			return err
		}
		p.Text, p.Cut = cutText(text, maxShownText)
	}
	first, _, ok := evidence.Reference(all)
	if !ok || all[i].Verdict != evidence.Changed || all[i].TextSHA256 == "" || first.TextSHA256 == "" {
		return nil
	}
	var err error
	p.Against = s.moment(first.CapturedAt)
	p.Changes, err = s.Evidence.Changes(first, all[i])
	return err
}

// withFiles is the capture i with the files of the one that it repeats: one that
// found the same keeps its text alone.
func withFiles(all []evidence.Capture, i int) evidence.Capture {
	c := all[i]
	for j := i - 1; j >= 0 && c.Verdict == evidence.Same; j-- {
		before := all[j]
		if before.Kind != c.Kind || !before.Good() || before.TextSHA256 != c.TextSHA256 {
			continue
		}
		for _, f := range before.Files {
			if _, has := c.File(f.Role); !has {
				c.Files = append(slices.Clip(c.Files), f)
			}
		}
	}
	return c
}

func (s *Server) look(piece int64, all []evidence.Capture, i int, current bool) lookView {
	c := withFiles(all, i)
	v := lookView{
		ID: c.ID, Href: fmt.Sprintf("/desk/sources/%d?look=%d", piece, c.ID), At: s.moment(c.CapturedAt), Found: found[c.Verdict], Class: string(c.Verdict),
		Title: c.Title, Problem: c.Problem, Address: c.FinalAddress, Status: c.Status, SHA256: c.BodySHA256, Current: current,
	}
	if c.Kind == evidence.Upload {
		v.Found = "a file was added"
	}
	for _, role := range evidence.Roles {
		f, ok := c.File(role)
		if !ok {
			continue
		}
		href := fmt.Sprintf("/desk/captures/%d/%s", f.CaptureID, f.Role)
		v.Files = append(v.Files, fileView{href, roleLabels[role], f.Name, size(f.Bytes)})
		if v.Picture == "" && (role == evidence.Screenshot || role == evidence.Original && f.MediaType != "application/pdf") {
			v.Picture = href
		}
	}
	return v
}

// cutText is text without what is over n bytes, and whether that was anything.
func cutText(text string, n int) (string, bool) {
	if len(text) <= n {
		return text, false
	}
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n], true
}

// sourcesPage is the data of pages/sources.html: the evidence whose source is not
// what it was.
type sourcesPage struct {
	Seen  bool   // those that somebody has seen; else those that nobody has
	Path  string // address of its first page
	Rows  []driftView
	More  string // address of the next page; empty on the last
	Later bool   // this is not the first page
}

type driftView struct {
	Seen       sightView
	Href       string
	Review     string
	Number     int
	Claim      string
	State      review.State
	StateLabel string
	Source     string // its title, or its site
	Drift      string
	Gone       bool
	Problem    string
	At, First  ui.Moment
}

// sources handles GET /desk/sources, ?seen=yes those that somebody has seen.
func (s *Server) sources(c *gin.Context) error {
	in := form{values: c.Request.URL.Query()}
	before, err := in.id("before")
	if err != nil {
		return errs.New("web.sources", errs.NotFound, "This list has no such page. Start at its first one.")
	}
	p := sourcesPage{Later: before != 0, Seen: in.on("seen"), Path: "/desk/sources"}
	if p.Seen {
		p.Path += "?seen=yes"
	}
	rows, err := s.Store.Drifted(c.Request.Context(), review.DriftFilter{Seen: p.Seen, Before: before, Limit: perPage})
	if err != nil {
		return err
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, s.drift(r))
	}
	if len(rows) == perPage {
		q := url.Values{"before": {strconv.FormatInt(rows[perPage-1].CaptureID, 10)}}
		if p.Seen {
			q.Set("seen", "yes")
		}
		p.More = "/desk/sources?" + q.Encode()
	}
	return s.page(c, http.StatusOK, "sources", p)
}

func (s *Server) drift(r review.DriftRow) driftView {
	return driftView{
		Seen: sightView{r.SeenBy, r.Seen.Note, s.moment(r.Seen.At)},
		Href: fmt.Sprintf("/desk/sources/%d?look=%d", r.EvidenceID, r.CaptureID), Review: fmt.Sprintf("/desk/reviews/%d#evidence-%d", r.ReviewID, r.Number),
		Number: r.Number, Claim: r.Claim, State: r.State, StateLabel: review.StateLabel(r.State), Source: cmp.Or(r.Title, r.URL), Drift: drifts[r.Found],
		Gone: r.Found != string(evidence.Unreachable) && r.SeenBy == "", Problem: r.Problem, At: s.moment(r.At), First: s.moment(r.FirstAt),
	}
}
