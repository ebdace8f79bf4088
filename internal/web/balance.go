package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// balancePage is the data of pages/balance.html.
type balancePage struct {
	Done     string
	From, To string // days
	May      bool   // say on which side speakers stand
	Speakers []review.Tally
	Sides    []review.Tally
	Kinds    []review.Tally
	Reasons  []review.Count
	Ratings  []review.Rated
}

// balanceSpan is how long the period is that the page shows first.
const balanceSpan = 90 * 24 * time.Hour

// balance handles GET /desk/balance: whom the desk checks, and why not the others.
func (s *Server) balance(c *gin.Context) error {
	in := form{values: c.Request.URL.Query()}
	from, err1 := in.day("from")
	to, err2 := in.day("to")
	if err1 != nil || err2 != nil {
		return errs.New("web.balance", errs.NotFound, "There is no such period. Choose two days.")
	}
	if to.IsZero() {
		to = s.Now().UTC().Truncate(24 * time.Hour)
	}
	if from.IsZero() {
		from = to.Add(-balanceSpan)
	}
	b, err := s.Store.Balance(c.Request.Context(), from, to.Add(24*time.Hour))
	if err != nil {
		return err
	}
	for i := range b.Kinds {
		b.Kinds[i].Name = kinds[claims.Kind(b.Kinds[i].Name)]
	}
	for i := range b.Reasons {
		b.Reasons[i].Name = told("reason", b.Reasons[i].Name)
	}
	return s.page(c, http.StatusOK, "balance", balancePage{
		Done: s.flashed(c), From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), May: s.person(c).Is(review.Editor),
		Speakers: b.Speakers, Sides: b.Sides, Kinds: b.Kinds, Reasons: b.Reasons, Ratings: b.Ratings,
	})
}

// setSide handles POST /desk/speakers/:id/side.
func (s *Server) setSide(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("side")
	}
	if err == nil {
		err = s.Sides.Set(c.Request.Context(), s.person(c), id, f.text("side"))
	}
	if err != nil {
		return err
	}
	s.flash(c, "Done: you said on which side this speaker stands.")
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/balance#speaker-%d", id))
	return nil
}
