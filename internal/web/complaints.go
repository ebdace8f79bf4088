package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/ui"
)

// complaintRoutes are the desk's half of complaints by readers.
func (s *Server) complaintRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/desk/complaints", staff, noBody, s.complaints},
		{get, "/desk/complaints/:id", staff, noBody, s.complaint},
		{post, "/desk/complaints/:id/take", adders, signBody, s.doComplaint(review.TakeComplaint)},
		{post, "/desk/complaints/:id/finding", adders, outsideBody, s.doComplaint(review.FindComplaint, "note")},
		{post, "/desk/complaints/:id/decide", staff, outsideBody, s.doComplaint(review.DecideComplaint, "outcome", "note")},
		{post, "/desk/complaints/:id/forget", keepers, signBody, s.doComplaint(review.ForgetReader)},
	}
}

// complainPath is where readers report a mistake in an edition.
func complainPath(slug string, edition int) string {
	return fmt.Sprintf("%s/complain?edition=%d", export.CheckPath(slug), edition)
}

// complainPage is the data of pages/public_complain.html.
type complainPage struct {
	Thanks      bool   // it was sent
	Claim       string // empty: which check it is has to be said first
	Lang, Dir   string // of the claim
	Edition     int    // that the reader saw
	Newer       int    // the edition that readers see now, if it is another one
	Live        string // address of the check
	Post        string
	Check       string // address that was pasted
	Text, Proof string
	Email       string
	Errors      []string
	Max         int
	Hours       int
	Mails       bool // the answer goes out by itself
}

// whichCheck handles GET /complaints: the reader pastes the address of the
// check, and goes on to its form.
func (s *Server) whichCheck(c *gin.Context) error {
	p := complainPage{Check: c.Query("check")}
	if p.Check == "" {
		return s.outside(c, http.StatusOK, "public_complain", p)
	}
	slug, err := s.Outside.CheckAt(c.Request.Context(), p.Check)
	if err == nil {
		c.Redirect(http.StatusSeeOther, export.CheckPath(slug)+"/complain")
		return nil
	}
	st := s.note(c, err)
	p.Errors = sentencesOf(err, st.text)
	return s.outside(c, st.code, "public_complain", p)
}

// complainPage handles GET /checks/:slug/complain.
func (s *Server) complainPage(c *gin.Context) error {
	if c.Query("sent") != "" {
		in, err := s.Store.Policy(c.Request.Context())
		if err != nil {
			return err
		}
		return s.outside(c, http.StatusOK, "public_complain", complainPage{Thanks: true, Live: export.CheckPath(c.Param("slug")), Hours: in.ComplaintHoursOf()})
	}
	p, err := s.complains(c, c.Query("edition"))
	if err != nil {
		return err
	}
	return s.outside(c, http.StatusOK, "public_complain", p)
}

// complains is the form for an edition; "" is the one that readers see.
func (s *Server) complains(c *gin.Context, edition string) (complainPage, error) {
	n, err := strconv.Atoi(edition)
	if edition != "" && (err != nil || n < 1) {
		return complainPage{}, errs.New("web.complains", errs.NotFound, "This check has no such edition.")
	}
	check, err := s.check(c)
	if err != nil {
		return complainPage{}, err
	}
	in, err := s.Store.Policy(c.Request.Context())
	if err != nil {
		return complainPage{}, err
	}
	live := check.Editions[0]
	for _, e := range check.Editions {
		if n != 0 && e.Edition != n {
			continue
		}
		p := complainPage{
			Claim: export.Headline(e.Report), Edition: e.Edition, Live: export.CheckPath(check.Slug), Post: c.Request.URL.Path,
			Max: review.MaxComplaint, Hours: in.ComplaintHoursOf(), Mails: s.Outside.Mails(),
		}
		p.Lang, p.Dir = export.LangDir(e.Report.Claim.Lang)
		if e.Edition != live.Edition {
			p.Newer = live.Edition
		}
		return p, nil
	}
	return complainPage{}, errs.New("web.complains", errs.NotFound, "This check has no such edition.")
}

// complain handles POST /checks/:slug/complain. What cannot be sent yet comes
// back.
func (s *Server) complain(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only("edition", "text", "proof", "email", "website")
	}
	p, gone := s.complains(c, f.text("edition"))
	if gone != nil {
		return gone
	}
	if err == nil {
		err = s.Outside.Complain(c.Request.Context(), outreach.Grievance{
			Slug: c.Param("slug"), Edition: p.Edition, Text: f.text("text"), Proof: f.text("proof"), Email: f.text("email"), Trap: f.text("website"),
		}, s.address(c))
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, c.Request.URL.Path+"?sent=1")
		return nil
	}
	st := s.note(c, err)
	p.Text, p.Proof, p.Email, p.Errors = f.text("text"), f.text("proof"), f.text("email"), sentencesOf(err, st.text)
	return s.outside(c, st.code, "public_complain", p)
}

// complaintsPage is the data of pages/complaints.html.
type complaintsPage struct {
	Decided bool
	Review  int64 // only those about it; 0: all
	Rows    []complaintLine
	Later   bool   // not the first page
	More    string // address of the next page; empty on the last
}

// complaintLine is a line of it.
type complaintLine struct {
	ID      int64
	Claim   string
	Text    string // the beginning of what the reader wrote
	Edition int
	Taker   string
	Waits   string // for whom
	Due     string // "due in 3 h"
	Late    bool
	Outcome string
	At      ui.Moment // received, or decided
}

// complaints handles GET /desk/complaints.
func (s *Server) complaints(c *gin.Context) error {
	after, err := parseCursor(c.Query("after"))
	if err != nil {
		return err
	}
	about, err := form{values: c.Request.URL.Query()}.id("review")
	if err != nil {
		return err
	}
	f := review.ComplaintFilter{Decided: c.Query("decided") != "", ReviewID: about, After: after, Limit: perPage + 1}
	rows, err := s.Outside.ListComplaints(c.Request.Context(), s.person(c), f)
	if err != nil {
		return err
	}
	p := complaintsPage{Decided: f.Decided, Review: about, Later: !after.IsZero()}
	for i, r := range rows {
		if i == perPage {
			p.More = complaintsAfter(f, rows[perPage-1])
			break
		}
		p.Rows = append(p.Rows, s.complaintLine(r))
	}
	return s.page(c, http.StatusOK, "complaints", p)
}

// complaintsAfter is the address of the page of the list behind a row.
func complaintsAfter(f review.ComplaintFilter, last review.ComplaintRow) string {
	at, path := last.DueAt, "/desk/complaints?"
	if f.Decided {
		at, path = last.DecidedAt, path+"decided=yes&"
	}
	if f.ReviewID != 0 {
		path += fmt.Sprintf("review=%d&", f.ReviewID)
	}
	return path + "after=" + cursorText(review.Cursor{Key: at.UnixMicro(), ID: last.ID})
}

func (s *Server) complaintLine(r review.ComplaintRow) complaintLine {
	l := complaintLine{ID: r.ID, Claim: r.Claim, Text: short(r.Text, 160), Edition: r.Edition, Taker: r.Taker, At: s.moment(r.ReceivedAt)}
	if !r.Open() {
		l.Outcome, l.At = r.Outcome.Label(), s.moment(r.DecidedAt)
		return l
	}
	l.Due, l.Late = dueIn(r.DueAt, s.Now()), s.Now().After(r.DueAt)
	switch {
	case r.Finding != "":
		l.Waits = "waits for a standards editor"
	case r.Taker != "":
		l.Waits = r.Taker + " looks at it again"
	default:
		l.Waits = "nobody has taken it"
	}
	return l
}

// dueIn says how long is left: "due in 3 h", "overdue for 2 days".
func dueIn(due, now time.Time) string {
	left, word := due.Sub(now), "due in "
	if left < 0 {
		left, word = -left, "overdue for "
	}
	switch {
	case left < time.Hour:
		return fmt.Sprintf("%s%d min", word, int(left.Minutes()))
	case left < 48*time.Hour:
		return fmt.Sprintf("%s%d h", word, int(left.Hours()))
	}
	return fmt.Sprintf("%s%d days", word, int(left.Hours())/24)
}

// short is the beginning of a text, at most n characters.
func short(s string, n int) string {
	if all := []rune(s); len(all) > n {
		return string(all[:n-1]) + "…"
	}
	return s
}

// complaintPage is the data of pages/complaint.html.
type complaintPage struct {
	ID, ReviewID int64
	Done         string
	Errors       []string
	Claim        string
	Text         string // as the reader wrote it
	Proof, Email string
	Forgotten    bool // there was an address
	Received     ui.Moment
	Due          string // empty once it was decided
	Late         bool

	Then, Now   editionView
	Same        bool // readers still see the edition that the reader saw
	Changes     []changeView
	Answer      *editionView // that it led to
	NeedsAnswer bool         // upheld, and nothing has followed

	Taker, Decider        string
	Taken, Found, Decided ui.Moment
	Finding, Outcome      string
	Reason                string
	Told                  ui.Moment
	Untold                string
	Waits                 bool // a letter to the reader waits to be sent
	Letter                *letterPage
	Take, Find, Decide    bool // what this person may do now
	Forget                bool
	Why                   string // why not the next step
	Outcomes              []choice
	Note, Choice          string // what was typed
	MaxNote               int
}

// editionView is an edition of a check in short.
type editionView struct {
	Number          int
	Path            string
	Rating, Summary string
	At              ui.Moment
}

// complaint handles GET /desk/complaints/:id.
func (s *Server) complaint(c *gin.Context) error {
	p, err := s.showComplaint(c)
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "complaint", p)
}

// doComplaint handles the forms of a complaint's page. What cannot be done comes
// back with what was typed.
func (s *Server) doComplaint(a review.Action, fields ...string) func(*gin.Context) error {
	return func(c *gin.Context) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		f, err := readForm(c)
		if err == nil {
			err = f.only(fields...)
		}
		if err == nil {
			err = s.Outside.DoComplaint(c.Request.Context(), s.person(c), id, outreach.ComplaintDeed{
				Action: a, Note: f.text("note"), Outcome: review.ComplaintOutcome(f.text("outcome")),
			})
		}
		if err == nil {
			s.flash(c, "Done: you "+review.Event{Action: a}.Done()+".")
			c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/complaints/%d", id))
			return nil
		}
		st := s.note(c, err)
		p, gone := s.showComplaint(c)
		if gone != nil {
			return gone
		}
		p.Errors, p.Note, p.Choice = sentencesOf(err, st.text), f.text("note"), f.text("outcome")
		return s.page(c, st.code, "complaint", p)
	}
}

func (s *Server) showComplaint(c *gin.Context) (complaintPage, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return complaintPage{}, err
	}
	who := s.person(c)
	f, err := s.Outside.OpenComplaint(c.Request.Context(), who, id)
	if err != nil {
		return complaintPage{}, err
	}
	is := f.Complaint
	p := complaintPage{
		ID: id, ReviewID: is.ReviewID, Claim: f.Then.Report.Claim.Text, Text: is.Text, Proof: is.Proof, Email: is.Email, Forgotten: !is.ErasedAt.IsZero(),
		Received: s.moment(is.ReceivedAt), Then: s.editionView(f.Then, f.Now), Now: s.editionView(f.Now, f.Now), Same: f.Then.ID == f.Now.ID,
		Taken: s.moment(is.TakenAt), Found: s.moment(is.FoundAt), Finding: is.Finding, Told: s.moment(is.ToldAt), Untold: is.Untold, MaxNote: review.MaxNote,
	}
	if is.TakenBy != 0 {
		p.Taker = f.Name(is.TakenBy)
	}
	for _, ch := range review.ReportDiff(f.Then.Report, f.Now.Report) {
		p.Changes = append(p.Changes, changeOf(ch))
	}
	if is.Open() {
		p.Due, p.Late = dueIn(is.DueAt, s.Now()), s.Now().After(is.DueAt)
	} else {
		s.decided(&p, f)
	}
	p.offer(f.ComplaintCase, who)
	return p, nil
}

// decided adds how it ended, and what followed.
func (s *Server) decided(p *complaintPage, f outreach.ComplaintFile) {
	is := f.Complaint
	p.Outcome, p.Reason, p.Decider, p.Decided = is.Outcome.Label(), is.Reason, f.Name(is.DecidedBy), s.moment(is.DecidedAt)
	if f.Answer != nil {
		v := s.editionView(*f.Answer, f.Now)
		p.Answer = &v
	}
	p.NeedsAnswer = f.Answer == nil && is.Outcome != review.Rejected
	if f.Letter.To == "" || !is.ToldAt.IsZero() {
		return
	}
	if p.Waits = f.ByItself && is.Untold == ""; !p.Waits {
		p.Letter = &letterPage{To: f.Letter.To, Subject: f.Letter.Subject, Text: f.Letter.Text}
	}
}

// offer adds what that person may do now, and why not the next step.
func (p *complaintPage) offer(c review.ComplaintCase, who review.Person) {
	take, find, decide := c.MayTake(who), c.MayFind(who), c.MayDecide(who)
	p.Take, p.Find, p.Decide, p.Forget = take == nil, find == nil, decide == nil, c.MayForget(who) == nil
	switch {
	case p.Outcome != "" || p.Take || p.Find || p.Decide:
	case c.Complaint.Finding == "" && c.Complaint.TakenBy == who.ID:
		p.Why = errs.Message(find)
	case c.Complaint.Finding == "" && who.Is(review.Checker, review.Editor):
		p.Why = errs.Message(take)
	default:
		p.Why = errs.Message(decide)
	}
	for _, o := range review.ComplaintOutcomes {
		p.Outcomes = append(p.Outcomes, choice{string(o.Code), o.Label})
	}
}

func (s *Server) editionView(p, live review.Publication) editionView {
	v := editionView{Number: p.Edition, Path: export.CheckPath(p.Slug), Rating: p.Report.Rating.Label, Summary: p.Report.Summary, At: s.moment(p.PublishedAt)}
	if p.Report.Retracted != nil {
		v.Rating, v.Summary = "retracted", p.Report.Retracted.Note
	}
	if p.ID != live.ID {
		v.Path += fmt.Sprintf("/editions/%d", p.Edition)
	}
	return v
}
