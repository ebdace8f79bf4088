package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/ui"
)

// chart is the data of parts/chart.html: bars drawn on the server, with a table
// of the same numbers.
type chart struct {
	Title  string
	Unit   string // of the numbers: "appearances"
	Width  int
	Height int // of the bars
	Tall   int // of the bars and the words below
	Right  int // where the last bar ends
	Bars   []chartBar

	First, Last string // labels of the first bar and, if there are more, of the last
}

// chartBar is one bar, in the units of the drawing.
type chartBar struct {
	Label      string
	N          int
	X, Y, W, H int
	After      bool // after our rating
}

// The measures of a chart.
const (
	barWidth    = 18
	barGap      = 4
	chartHeight = 96
	chartLabels = 20
	chartNarrow = 200 // in less, two labels do not fit
)

// chartOf draws days; nil if there is nothing to compare.
func chartOf(title, unit string, days []earlier.Day, after func(earlier.Bar) bool) *chart {
	bars := earlier.Bars(days)
	if len(bars) == 0 {
		return nil
	}
	most := slices.MaxFunc(bars, func(a, b earlier.Bar) int { return a.N - b.N }).N
	right := len(bars)*(barWidth+barGap) - barGap
	c := &chart{
		Title: title, Unit: unit, Width: max(right, chartNarrow), Height: chartHeight, Tall: chartHeight + chartLabels, Right: right, First: bars[0].Label,
	}
	if len(bars) > 1 {
		c.Last = bars[len(bars)-1].Label
	}
	if right < chartNarrow { // the last label stands at the right edge
		c.Right = chartNarrow
	}
	for i, b := range bars {
		h := b.N * (chartHeight - 2) / max(1, most)
		if b.N > 0 {
			h = max(h, 3)
		}
		c.Bars = append(c.Bars, chartBar{Label: b.Label, N: b.N, X: i * (barWidth + barGap), Y: chartHeight - h, W: barWidth, H: h, After: after != nil && after(b)})
	}
	return c
}

// sightingRow is an appearance in a list.
type sightingRow struct {
	earlier.Sighting
	When ui.Moment
}

func (s *Server) sightings(all []earlier.Sighting) []sightingRow {
	var out []sightingRow
	for _, a := range all {
		out = append(out, sightingRow{a, s.moment(a.At)})
	}
	return out
}

// timelinePage is the data of pages/timeline.html: one claim and every place
// where it was said.
type timelinePage struct {
	ID         int64
	Text, Lang string
	Rated      ui.Moment // our first rating
	Total      int
	Chart      *chart
	Publishers []earlier.Count
	Rows       []sightingRow
	More       string
	Later      bool
}

// timeline handles GET /desk/reviews/:id/timeline.
func (s *Server) timeline(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	before, err := beforeID(c)
	if err != nil {
		return err
	}
	t, err := s.Recurrence.Store.Timeline(c.Request.Context(), id, before, perPage)
	if err != nil {
		return err
	}
	p := timelinePage{
		ID: id, Text: t.Text, Lang: t.Lang, Rated: s.moment(t.Rated), Total: t.Total(), Publishers: t.Publishers, Rows: s.sightings(t.Sightings), Later: before != 0,
		Chart: chartOf("How often it was said", "appearances", t.Days, func(b earlier.Bar) bool { return !t.Rated.IsZero() && b.From.After(t.Rated) }),
	}
	if len(p.Rows) == perPage {
		p.More = fmt.Sprintf("%s/timeline?before=%d", reviewPath(id, ""), p.Rows[perPage-1].ID)
	}
	return s.page(c, http.StatusOK, "timeline", p)
}

// beforeID is the cursor of ?before=, 0 on the first page.
func beforeID(c *gin.Context) (int64, error) {
	text := c.Query("before")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, errs.New("web.beforeID", errs.NotFound, "This list has no such page. Start at its first one.")
	}
	return id, nil
}

// againPage is the data of pages/again.html: what was said again after we rated
// it, and nobody has seen yet.
type againPage struct {
	Done  string
	Rows  []againRow
	More  string
	Later bool
}

// againRow is an alert, on its page and on the desk.
type againRow struct {
	earlier.Alert
	When, Noticed ui.Moment
}

// saidAgain handles GET /desk/again.
func (s *Server) saidAgain(c *gin.Context) error {
	before, err := beforeID(c)
	if err != nil {
		return err
	}
	p := againPage{Done: s.flashed(c), Later: before != 0}
	if p.Rows, err = s.alerts(c, before, perPage); err != nil {
		return err
	}
	if len(p.Rows) == perPage {
		p.More = fmt.Sprintf("/desk/again?before=%d", p.Rows[perPage-1].ID)
	}
	return s.page(c, http.StatusOK, "again", p)
}

func (s *Server) alerts(c *gin.Context, before int64, limit int) ([]againRow, error) {
	all, err := s.Recurrence.Store.SaidAgain(c.Request.Context(), before, limit)
	var out []againRow
	for _, a := range all {
		out = append(out, againRow{a, s.moment(a.At), s.moment(a.Found)})
	}
	return out, err
}

// seeAgain handles POST /desk/again/:id: somebody has seen it.
func (s *Server) seeAgain(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Recurrence.See(c.Request.Context(), id, s.person(c)); err != nil {
		return err
	}
	s.flash(c, "Done: marked as seen.")
	c.Redirect(http.StatusSeeOther, "/desk/again")
	return nil
}

// risingPage is the data of pages/trends.html.
type risingPage struct{ Rows []risingRow }

type risingRow struct {
	earlier.Rising
	Href   string
	Before string // articles a week before
	Latest []sightingRow
	Label  string
}

// maxRising is how many rising claims are shown.
const maxRising = 20

// trends handles GET /desk/trends: what is said more often this week.
func (s *Server) trends(c *gin.Context) error {
	all, err := s.Recurrence.Rising(c.Request.Context(), maxRising)
	if err != nil {
		return err
	}
	var p risingPage
	for _, r := range all {
		p.Rows = append(p.Rows, risingRow{r, reviewPath(r.ReviewID, ""), strconv.FormatFloat(r.Before, 'g', 2, 64), s.sightings(r.Latest), review.StateLabel(r.State)})
	}
	return s.page(c, http.StatusOK, "trends", p)
}

// ratedTable is how often each rating was given in each year.
type ratedTable struct {
	Years []int
	Rows  []ratedRow
}

type ratedRow struct {
	Rating, Colour string
	Counts         []int // by year
	Total          int
}

// ratings groups counts by rating, those from false to true first, and by year.
func ratings(all []earlier.Rated) ratedTable {
	var t ratedTable
	for _, r := range all {
		if !slices.Contains(t.Years, r.Year) {
			t.Years = append(t.Years, r.Year)
		}
	}
	slices.Sort(t.Years)
	at := map[string]int{}
	for _, r := range all {
		i, ok := at[r.Colour+r.Rating]
		if !ok {
			i = len(t.Rows)
			at[r.Colour+r.Rating] = i
			t.Rows = append(t.Rows, ratedRow{Rating: r.Rating, Colour: r.Colour, Counts: make([]int, len(t.Years))})
		}
		t.Rows[i].Counts[slices.Index(t.Years, r.Year)] += r.N
		t.Rows[i].Total += r.N
	}
	slices.SortStableFunc(t.Rows, func(a, b ratedRow) int {
		switch {
		case a.Colour < b.Colour:
			return -1
		case a.Colour > b.Colour:
			return 1
		}
		return b.Total - a.Total
	})
	return t
}

// speakerPage is the data of pages/speaker.html, for the desk.
type speakerPage struct {
	ID      int64
	Name    string
	Public  string // path of what readers see; empty: nothing
	Rated   ratedTable
	States  []tab
	Counted int // of how many of the newest claims; 0: of all
	Rows    []earlierClaim
	More    string
	Later   bool
}

// speaker handles GET /desk/speakers/:id.
func (s *Server) speaker(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	before, err := beforeID(c)
	if err != nil {
		return err
	}
	who, err := s.Recurrence.Store.Speaker(ctx, id)
	if err != nil {
		return err
	}
	all, err := s.Recurrence.Store.ClaimsOf(ctx, id, before, perPage)
	if err != nil {
		return err
	}
	p := speakerPage{ID: id, Name: who.Name, Rated: ratings(who.Rated), Later: before != 0}
	if slug := earlier.SpeakerSlug(who.Name); len(who.Rated) > 0 && slug != "" {
		p.Public = "/speakers/" + slug
	}
	for _, st := range review.States {
		if n := who.States[string(st)]; n > 0 {
			p.States = append(p.States, tab{Class: "s-" + string(st), Label: review.StateLabel(st), N: n})
			p.Counted += n
		}
	}
	if p.Counted < earlier.MostCounted {
		p.Counted = 0
	}
	for _, own := range all {
		p.Rows = append(p.Rows, s.earlierClaim(&own, nil))
	}
	if len(all) == perPage {
		p.More = fmt.Sprintf("/desk/speakers/%d?before=%d", id, all[perPage-1].ClaimID)
	}
	return s.page(c, http.StatusOK, "speaker", p)
}

// publicSpeaker is the data of pages/public_speaker.html.
type publicSpeaker struct {
	Name   string
	Rated  ratedTable
	Checks []checkRow
	Later  bool
	Next   string
}

// showSpeaker handles GET /speakers/:slug: what is published of one speaker.
func (s *Server) showSpeaker(c *gin.Context) error {
	ctx := c.Request.Context()
	key := earlier.SpeakerKey(c.Param("slug"))
	from, err := before(c)
	if err != nil {
		return err
	}
	who, err := s.Recurrence.Store.PublicSpeaker(ctx, key)
	if err != nil {
		return err
	}
	all, err := s.Recurrence.Store.PublishedOf(ctx, key, from, readerRows+1)
	if err != nil {
		return err
	}
	p := publicSpeaker{Name: who.Name, Rated: ratings(who.Rated), Later: !from.IsZero()}
	if len(all) > readerRows {
		all = all[:readerRows]
		last := all[readerRows-1]
		p.Next = fmt.Sprintf("%d-%d", last.At.UnixMicro(), last.ReviewID)
	}
	for _, one := range all {
		p.Checks = append(p.Checks, rowOf(review.Listed{Publication: review.Publication{Slug: one.Slug, Report: one.Report}}))
	}
	return s.reader(c, "public_speaker", "speaker", p)
}

// checkPage is the data of pages/public_check.html: the report, and what else
// readers may want of it.
type checkPage struct {
	export.Page
	Doubts  []string // sentences on why it is under review; empty: it is not
	Said    *chart   // how often the published places say it; nil for fewer than two
	Speaker string   // path of the page of the claimant; empty: nobody in particular
}

// recurring adds to a report what its own published places tell.
func recurring(page export.Page, r review.Report) checkPage {
	p := checkPage{Page: page}
	if slug := earlier.SpeakerSlug(page.Claimant); slug != "" {
		p.Speaker = "/speakers/" + slug
	}
	var days []earlier.Day
	for _, at := range r.Appearances {
		if at.PublishedAt != nil {
			days = append(days, earlier.Day{At: at.PublishedAt.UTC(), N: 1})
		}
	}
	slices.SortFunc(days, func(a, b earlier.Day) int { return a.At.Compare(b.At) })
	if len(days) > 1 {
		p.Said = chartOf("When it was said", "places", days, nil)
	}
	return p
}

// doubted adds why the check is under review.
func (p checkPage) doubted(all []review.Doubt) checkPage {
	for _, d := range review.Doubts {
		if slices.Contains(all, d.Code) {
			p.Doubts = append(p.Doubts, d.Label)
		}
	}
	return p
}
