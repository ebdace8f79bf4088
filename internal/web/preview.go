package web

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

// previewPage is the data of pages/preview.html.
type previewPage struct {
	export.Page
	Back string // address of the review
}

// preview handles GET /desk/reviews/:id/preview: the report as readers would
// see it if it were published now.
func (s *Server) preview(c *gin.Context) error {
	d, err := s.dossier(c)
	if err != nil {
		return err
	}
	id := d.Review.ID
	if d.BlindTo(s.person(c)) { // it would show the rating
		c.Redirect(http.StatusSeeOther, readPath(id))
		return nil
	}
	if !d.Working() && d.Live != nil { // nothing is prepared: readers see what there is
		c.Redirect(http.StatusSeeOther, "/checks/"+d.Live.Slug)
		return nil
	}
	p, err := d.Preview()
	if err != nil {
		return fmt.Errorf("review %d: %w", id, err)
	}
	page, err := export.NewPage(s.Site, review.Check{Slug: p.Slug, Editions: []review.Publication{p}}, p)
	if err != nil {
		return fmt.Errorf("review %d: %w", id, err)
	}
	return s.page(c, http.StatusOK, "preview", previewPage{page, reviewPath(id, "")})
}
