package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// sightView is who has seen that a source is not what it was, and what they make of
// it. The zero sightView is nobody.
type sightView struct {
	Who  string
	Note string
	At   ui.Moment
}

// sight adds to the page of a source who has seen what the last look found, or the
// form to say so.
func (s *Server) sight(c *gin.Context, p *sourcePage) error {
	last, who, err := s.Store.LastLook(c.Request.Context(), p.Evidence.ID)
	p.Last, p.Seen = last.CaptureID, sightView{who, last.Seen.Note, s.moment(last.Seen.At)}
	if (review.Copy{Last: last}).ToSee() && s.person(c).MayCapture() {
		p.See = &formView{Post: fmt.Sprintf("/desk/sources/%d/seen", p.Evidence.ID)}
	}
	return err
}

// seeDrift handles POST /desk/sources/:id/seen: somebody has seen that the source is
// not what it was, and says what they make of it.
func (s *Server) seeDrift(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("look", "note", "key")
	}
	g := review.Sight{EvidenceID: id, Note: f.text("note"), Key: f.text("key"), By: s.person(c)}
	if err == nil {
		g.CaptureID, err = f.id("look")
	}
	if err == nil {
		err = s.Drifts.See(c.Request.Context(), g)
	}
	if errors.Is(err, errs.Invalid) || errors.Is(err, errs.Conflict) {
		return s.showSource(c, f, err)
	}
	if err != nil {
		return err
	}
	s.flash(c, "Done: you have seen it. If the source changes again, it is listed again.")
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/sources/%d", id))
	return nil
}
