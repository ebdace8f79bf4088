package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/watch"
	"factcheck/ui"
)

// watchingPage is the data of pages/watching.html: what is watched, and the form
// to add to it.
type watchingPage struct {
	Done    string
	Errors  []string
	Rows    []watchedRow
	Later   bool
	More    string
	Changes bool // whether this person may add, pause and remove
	Address string
	Checks  bool
	Every   []everyOption
}

// watchedRow is a source in the list.
type watchedRow struct {
	watch.Source
	Label    string
	Link     string // empty: no web address
	Rhythm   string
	Last     ui.Moment
	Next     string // look, in words
	Problems []watch.Taken
}

// everyOption is a choice of how often to look.
type everyOption struct {
	Value, Label string
	On           bool
}

var rhythms = []struct {
	every time.Duration
	label string
}{
	{15 * time.Minute, "every 15 minutes"}, {time.Hour, "every hour"}, {6 * time.Hour, "every 6 hours"}, {24 * time.Hour, "every day"},
}

// rhythmLabel says how often a source is looked at.
func rhythmLabel(every time.Duration) string {
	for _, r := range rhythms {
		if r.every == every {
			return r.label
		}
	}
	return fmt.Sprintf("every %d minutes", int(every.Round(time.Minute)/time.Minute))
}

// inWords says how far away a time to come is.
func inWords(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "within a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("in %d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("in %d h", d/time.Hour)
	}
	return fmt.Sprintf("in %d days", d/(24*time.Hour))
}

// problemsShown is how many failures stand below a source.
const problemsShown = 5

// watching handles GET /desk/watching.
func (s *Server) watching(c *gin.Context) error {
	p, err := s.showWatching(c, form{})
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "watching", p)
}

// showWatching is the page; f is the form that failed.
func (s *Server) showWatching(c *gin.Context, f form) (watchingPage, error) {
	p := watchingPage{Changes: watch.MayChange(s.person(c)), Address: f.text("address"), Checks: f.on("checks")}
	for _, r := range rhythms {
		value := r.every.String()
		p.Every = append(p.Every, everyOption{value, r.label, value == f.text("every")})
	}
	before, err := beforeID(c)
	if err != nil {
		return p, err
	}
	all, err := s.Watch.Store.WatchedSources(c.Request.Context(), before, perPage)
	if err != nil {
		return p, err
	}
	ids := make([]int64, len(all))
	for i, src := range all {
		ids[i] = src.ID
	}
	problems, err := s.Watch.Store.ItemProblems(c.Request.Context(), ids, problemsShown)
	for _, src := range all {
		row := watchedRow{Source: src, Label: src.Kind.Label(), Rhythm: rhythmLabel(src.Every), Last: s.moment(src.LastAt), Next: inWords(src.NextAt.Sub(s.Now())), Problems: problems[src.ID]}
		if src.Kind != watch.Folder {
			row.Link = src.Address
		}
		p.Rows = append(p.Rows, row)
	}
	p.Later = before != 0
	if len(all) == perPage {
		p.More = fmt.Sprintf("/desk/watching?before=%d", ids[perPage-1])
	}
	return p, err
}

// addWatched handles POST /desk/watching.
func (s *Server) addWatched(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only("address", "checks", "every")
	}
	var n watch.New
	if err == nil {
		n, err = newWatched(f)
	}
	var src watch.Source
	if err == nil {
		src, err = s.Watch.AddFor(c.Request.Context(), n, s.person(c))
	}
	if err == nil {
		s.flash(c, fmt.Sprintf("Done: “%s” is watched. The first look is under way.", src.Title))
		c.Redirect(http.StatusSeeOther, "/desk/watching")
		return nil
	}
	st := s.note(c, err)
	p, pageErr := s.showWatching(c, f)
	if pageErr != nil {
		return pageErr
	}
	p.Errors = sentencesOf(err, st.text)
	return s.page(c, st.code, "watching", p)
}

func newWatched(f form) (watch.New, error) {
	i := slices.IndexFunc(rhythms, func(r struct {
		every time.Duration
		label string
	}) bool {
		return r.every.String() == f.text("every")
	})
	if i < 0 {
		return watch.New{}, errs.New("web.newWatched", errs.Invalid, "Choose how often to look.")
	}
	return watch.New{Address: f.text("address"), Checks: f.on("checks"), Every: rhythms[i].every}, nil
}

// lookAtWatched handles POST /desk/watching/:id/look.
func (s *Server) lookAtWatched(c *gin.Context) error {
	return s.changeWatched(c, "Done: it is looked at now. Reload this page in a moment.", s.Watch.LookNow)
}

// pauseWatched handles POST /desk/watching/:id/pause and …/resume.
func (s *Server) pauseWatched(paused bool) func(*gin.Context) error {
	done := "Done: it is looked at again from now on."
	if paused {
		done = "Done: it is paused."
	}
	return func(c *gin.Context) error {
		return s.changeWatched(c, done, func(ctx context.Context, id int64, by review.Person) error {
			return s.Watch.PauseFor(ctx, id, paused, by)
		})
	}
}

// removeWatched handles POST /desk/watching/:id/remove.
func (s *Server) removeWatched(c *gin.Context) error {
	return s.changeWatched(c, "Done: it is not watched any more. What was taken from it stays.", s.Watch.RemoveFor)
}

func (s *Server) changeWatched(c *gin.Context, done string, do func(ctx context.Context, id int64, by review.Person) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only()
	}
	if err == nil {
		err = do(c.Request.Context(), id, s.person(c))
	}
	if err != nil {
		return err
	}
	s.flash(c, done)
	c.Redirect(http.StatusSeeOther, "/desk/watching")
	return nil
}
