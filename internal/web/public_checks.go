package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/review"
)

// showCheck handles GET /checks/:slug: the live edition.
func (s *Server) showCheck(c *gin.Context) error {
	check, err := s.check(c)
	if err != nil {
		return err
	}
	return s.showReport(c, "public_check", check, check.Editions[0])
}

// showEdition handles GET /checks/:slug/editions/:n: an edition that another
// one replaced. The live one has its own address.
func (s *Server) showEdition(c *gin.Context) error {
	check, err := s.check(c)
	if err != nil {
		return err
	}
	n := c.Param("n")
	for i, p := range check.Editions {
		switch {
		case strconv.Itoa(p.Edition) != n:
		case i == 0:
			c.Redirect(http.StatusFound, export.CheckPath(check.Slug))
			return nil
		default:
			return s.showReport(c, "public_edition", check, p)
		}
	}
	return errs.New("web.showEdition", errs.NotFound, "This check has no such edition.")
}

// showReport draws pages/public_check.html or public_edition.html.
func (s *Server) showReport(c *gin.Context, name string, check review.Check, p review.Publication) error {
	page, err := export.NewPage(s.Site, check, p)
	if err != nil {
		return fmt.Errorf("publication %d: %w", p.ID, err)
	}
	if s.Outside != nil {
		page.Complain = complainPath(check.Slug, p.Edition)
	}
	if s.Outside != nil && s.Outside.Mails() {
		page.Subscribe = export.CheckPath(check.Slug) + "/subscribe"
	}
	if name == "public_check" && p.Report.Retracted == nil {
		doubts, err := s.Store.Doubts(c.Request.Context(), p.ReviewID, s.now())
		if err != nil {
			return err
		}
		return s.reader(c, name, p.Hash, recurring(page, p.Report).doubted(doubts))
	}
	return s.reader(c, name, p.Hash, checkPage{Page: page})
}

// showClaimReview handles GET /checks/:slug/claimreview.json: the live edition
// for other programs, whatever page they run in.
func (s *Server) showClaimReview(c *gin.Context) error {
	check, err := s.check(c)
	if err != nil {
		return err
	}
	live := check.Editions[0]
	if live.Report.Retracted != nil {
		return errs.New("web.showClaimReview", errs.NotFound, "This check was retracted. Its page says why.")
	}
	body, err := export.ClaimReview(s.Site, live)
	if err != nil {
		return fmt.Errorf("publication %d: %w", live.ID, err)
	}
	c.Header("Access-Control-Allow-Origin", "*")
	cached(c, "application/ld+json", live.Hash, append(body, '\n'))
	return nil
}

// check is the one of :slug with at least one edition, the live one first.
func (s *Server) check(c *gin.Context) (review.Check, error) {
	check, err := s.Store.Check(c.Request.Context(), c.Param("slug"))
	if err == nil && len(check.Editions) == 0 {
		err = errs.New("web.check", errs.NotFound, "There is no fact-check at this address.")
	}
	return check, err
}
