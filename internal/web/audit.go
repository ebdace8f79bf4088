package web

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/ui"
)

// auditPage is the data of pages/audit.html.
type auditPage struct {
	Rows     []auditRow
	People   []review.Person
	Person   int64
	Actions  []choice
	Action   string
	Review   string
	From, To string // days
	More     string // address of the next page; empty on the last
	Later    bool   // this is not the first page
	CSV      string // address of all of it
}

// auditRow is an event.
type auditRow struct {
	Seq      int64
	Who      string
	Done     string
	Subject  string // "review 12"
	Href     string // of the subject; empty if it has no page
	From, To string // states in words; empty if it did not move
	Why      string
	Fields   string // what it changed: "rating, summary"
	At       ui.Moment
}

// audit handles GET /desk/audit: who did what, why and when.
func (s *Server) audit(c *gin.Context) error {
	f, err := auditFilter(c.Request.URL.Query())
	if err != nil {
		return err
	}
	f.Limit = perPage
	all, err := s.Store.Audit(c.Request.Context(), f)
	if err != nil {
		return err
	}
	people, err := s.everybody(c)
	if err != nil {
		return err
	}
	if all, err = s.hideFromReaders(c, all); err != nil {
		return err
	}
	q := c.Request.URL.Query()
	p := auditPage{
		People: people, Person: f.Actor, Action: string(f.Action), Review: q.Get("review"), From: q.Get("from"), To: q.Get("to"),
		Later: f.Before != 0, CSV: auditAddress("/desk/audit.csv", q, 0),
	}
	for _, a := range review.Deeds() {
		p.Actions = append(p.Actions, choice{string(a), review.Event{Action: a}.Done()})
	}
	for _, e := range all {
		p.Rows = append(p.Rows, s.auditRow(e, people))
	}
	if len(all) == perPage {
		p.More = auditAddress("/desk/audit", q, all[perPage-1].Seq)
	}
	return s.page(c, http.StatusOK, "audit", p)
}

func (s *Server) auditRow(e review.Event, people []review.Person) auditRow {
	r := auditRow{Seq: e.Seq, Who: nameIn(people, e.ActorID), Done: e.Done(), Why: e.Note, At: s.moment(e.At), Subject: fmt.Sprintf("%s %d", e.Subject, e.SubjectID)}
	switch e.Subject {
	case review.OnReview:
		r.Href = fmt.Sprintf("/desk/reviews/%d?merged=1", e.SubjectID)
	case review.OnArticle:
		r.Href = fmt.Sprintf("/desk/articles/%d", e.SubjectID)
	case review.OnPerson:
		r.Subject = nameIn(people, e.SubjectID)
	case review.OnPolicy:
		r.Subject = fmt.Sprintf("decision %d", e.SubjectID)
	case review.OnSource:
		for _, ch := range e.Changes { // one that is watched no more has its address here alone
			r.Subject += ", " + cmp.Or(ch.To, ch.From)
		}
	case review.OnClaimant:
		r.Subject, r.Href = fmt.Sprintf("speaker %d", e.SubjectID), fmt.Sprintf("/desk/speakers/%d", e.SubjectID)
	}
	if e.From != e.To {
		r.From, r.To = stateWord(e.From), stateWord(e.To)
	}
	r.Fields = fieldsOf(e)
	return r
}

// stateWord is a state in words; "nothing" before the first.
func stateWord(st review.State) string {
	if st == "" {
		return "nothing"
	}
	return review.StateLabel(st)
}

func fieldsOf(e review.Event) string {
	var all []string
	for _, ch := range e.Changes {
		if !slices.Contains(all, ch.Field) {
			all = append(all, ch.Field)
		}
	}
	return strings.Join(all, ", ")
}

// auditFilter reads the filter of an address. Invalid with a sentence that says
// what cannot be read.
func auditFilter(q url.Values) (review.AuditFilter, error) {
	f := review.AuditFilter{Action: review.Action(q.Get("action"))}
	in := form{values: q}
	var err error
	read := func(to *int64, name string) {
		n, readErr := in.number(name)
		if *to = n; err == nil {
			err = readErr
		}
	}
	day := func(to *time.Time, name string) {
		t, readErr := in.day(name)
		if *to = t; err == nil {
			err = readErr
		}
	}
	read(&f.Actor, "person")
	read(&f.SubjectID, "review")
	read(&f.Before, "before")
	day(&f.From, "from")
	day(&f.To, "to")
	if f.SubjectID != 0 {
		f.Subject = review.OnReview
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1) // that day is in it
	}
	if f.Action != "" && !slices.Contains(review.Deeds(), f.Action) {
		err = errs.New("web.auditFilter", errs.Invalid, "There is no such action. Choose one from the list.")
	}
	return f, err
}

// auditAddress is a page of the audit trail with the filter of q.
func auditAddress(path string, q url.Values, before int64) string {
	next := url.Values{}
	for _, name := range []string{"person", "action", "review", "from", "to"} {
		if v := q.Get(name); v != "" {
			next.Set(name, v)
		}
	}
	if before != 0 {
		next.Set("before", strconv.FormatInt(before, 10))
	}
	if len(next) == 0 {
		return path
	}
	return path + "?" + next.Encode()
}

// everybody are all who ever had an account, by name.
func (s *Server) everybody(c *gin.Context) ([]review.Person, error) {
	members, err := s.Store.Members(c.Request.Context())
	return persons(members), err
}

// hideFromReaders keeps ratings from auditors who could be asked to read a
// verdict blind.
func (s *Server) hideFromReaders(c *gin.Context, events []review.Event) ([]review.Event, error) {
	d, hide, err := s.hidden(c)
	if err != nil || !hide {
		return events, err
	}
	return d.BlindEvents(events), nil
}

func (s *Server) hidden(c *gin.Context) (d review.Dossier, hide bool, err error) {
	if !s.person(c).Is(review.Checker, review.Editor) {
		return d, false, nil
	}
	if d.Policy, err = s.Store.Policy(c.Request.Context()); err != nil || !d.Policy.SecondRead {
		return d, false, err
	}
	scales, err := s.Store.Scales(c.Request.Context())
	for _, scale := range scales {
		d.Scale.Ratings = append(d.Scale.Ratings, scale.Ratings...)
	}
	return d, true, err
}

// auditColumns is the header of the CSV file.
var auditColumns = []string{"number", "time", "who", "action", "subject", "subject_number", "from", "to", "why", "changed", "policy", "hash"}

// auditCSV handles GET /desk/audit.csv: all that the filter chooses, newest
// first. It is written as it is read, however long it is.
func (s *Server) auditCSV(c *gin.Context) error {
	f, err := auditFilter(c.Request.URL.Query())
	if err != nil {
		return err
	}
	people, err := s.everybody(c)
	if err != nil {
		return err
	}
	d, hide, err := s.hidden(c)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="audit.csv"`)
	out := csv.NewWriter(c.Writer)
	if out.Write(auditColumns) != nil {
		return nil // the browser left
	}
	for e, err := range s.Store.AuditAll(c.Request.Context(), f) {
		if err != nil {
			s.note(c, err)
			panic(http.ErrAbortHandler) // half a file must not look like a whole one
		}
		if hide {
			e = d.BlindEvents([]review.Event{e})[0]
		}
		if out.Write(auditCells(e, people)) != nil {
			return nil
		}
	}
	out.Flush()
	return nil
}

func auditCells(e review.Event, people []review.Person) []string {
	cells := []string{
		strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), nameIn(people, e.ActorID), string(e.Action), string(e.Subject),
		strconv.FormatInt(e.SubjectID, 10), string(e.From), string(e.To), e.Note, fieldsOf(e), strconv.FormatInt(e.PolicyID, 10), e.Hash,
	}
	for i := range cells {
		cells[i] = export.Cell(cells[i])
	}
	return cells
}
