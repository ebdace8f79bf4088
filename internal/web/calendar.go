package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// calendarPage is the data of pages/calendar.html.
type calendarPage struct {
	From   string    // day on which the list begins
	Came   []dayRow  // whose day came, and that wait for a verdict or a second look
	Months []monthOf // what is to come
	More   string    // address of the next page; empty on the last
	Later  bool      // this is not the first page
}

type monthOf struct {
	Name string
	Rows []dayRow
}

// dayRow is a claim with the day from which it can be checked.
type dayRow struct {
	reviewRow
	Day  string
	Note string // what happens on that day, or should
}

// waiting are the states of reviews that a calendar lists: a dismissed one comes
// back to triage on its day.
var waiting = []review.State{review.Triage, review.Queued, review.Research, review.Editing, review.Approved, review.Scheduled, review.Published, review.Dismissed}

// cameDue is how far back the calendar looks for what came due.
const cameDue = 90 * 24 * time.Hour

// calendar handles GET /desk/calendar: predictions, promises and scheduled events
// by the day from which they can be checked.
func (s *Server) calendar(c *gin.Context) error {
	ctx := c.Request.Context()
	from, after, err := s.calendarOf(c)
	if err != nil {
		return err
	}
	p := calendarPage{From: from.Format(time.DateOnly), Later: after.ID != 0}
	if !p.Later {
		rows, err := s.Store.ClaimsDue(ctx, review.DueFilter{From: from.Add(-cameDue), To: from, States: waiting, Limit: perPage})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if row := s.dayRow(r); row.Note != "" {
				p.Came = append(p.Came, row)
			}
		}
	}
	rows, err := s.Store.ClaimsDue(ctx, review.DueFilter{From: from, States: waiting, After: after, Limit: perPage})
	if err != nil {
		return err
	}
	for _, r := range rows {
		name := r.Due.Format("January 2006")
		if n := len(p.Months); n == 0 || p.Months[n-1].Name != name {
			p.Months = append(p.Months, monthOf{Name: name})
		}
		last := &p.Months[len(p.Months)-1]
		last.Rows = append(last.Rows, s.dayRow(r))
	}
	if len(rows) == perPage {
		next := review.DueAfter(rows[perPage-1])
		p.More = "/desk/calendar?" + url.Values{"from": {p.From}, "after": {strconv.FormatInt(next.Key, 10) + "_" + strconv.FormatInt(next.ID, 10)}}.Encode()
	}
	return s.page(c, http.StatusOK, "calendar", p)
}

// dayRow says of a claim what its day means for the desk.
func (s *Server) dayRow(r review.DueRow) dayRow {
	row := s.row(review.Row{ReviewID: r.ReviewID, State: r.State, Text: r.Text, Kind: r.Kind, Claimant: r.Claimant, ChangedAt: r.Due}, kinds[r.Kind], "")
	row.Href, row.ShowState = reviewPath(r.ReviewID, ""), true
	out := dayRow{reviewRow: row, Day: r.Due.Format("2 Jan 2006")}
	came := !r.Due.After(s.Now())
	switch {
	case r.State == review.Dismissed:
		out.Note = "comes back to triage on that day"
		if came {
			out.Note = ""
		}
	case !r.PublishedAt.IsZero() && r.PublishedAt.Before(r.Due) && came:
		out.Note = "published before its day: look at it again"
	case !r.PublishedAt.IsZero() && r.PublishedAt.Before(r.Due):
		out.Note = "published; to be looked at again on that day"
	case came && r.PublishedAt.IsZero():
		out.Note = "can be checked now"
	}
	return out
}

// calendarOf is where the list begins: today, or as the address says. NotFound if
// it says what there is not.
func (s *Server) calendarOf(c *gin.Context) (from time.Time, after review.DueCursor, err error) {
	none := errs.New("web.calendar", errs.NotFound, "The calendar has no such page. Start at its first one.")
	from = s.Now().UTC().Truncate(24 * time.Hour)
	if text := c.Query("from"); text != "" {
		if from, err = time.Parse(time.DateOnly, text); err != nil || from.Year() < 1 || from.Year() > 9999 {
			return from, after, none
		}
	}
	if text := c.Query("after"); text != "" {
		key, id, _ := strings.Cut(text, "_")
		var err1, err2 error
		after.Key, err1 = strconv.ParseInt(key, 10, 64)
		after.ID, err2 = strconv.ParseInt(id, 10, 64)
		if err1 != nil || err2 != nil || after.ID < 1 {
			return from, after, none
		}
	}
	return from, after, nil
}
