package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/outreach"
)

// subscriptionView is the data of pages/public_subscription.html.
type subscriptionView struct {
	Title    string
	Text     string
	Post     string // address of the form; empty: nothing is asked
	Button   string
	AskEmail bool
	Email    string
	Back     string
	Errors   []string
}

// subscribePage handles GET /checks/:slug/subscribe.
func (s *Server) subscribePage(c *gin.Context) error {
	if !s.Outside.Mails() {
		return errs.New("web.subscribePage", errs.NotFound, "")
	}
	if _, err := s.check(c); err != nil {
		return err
	}
	p := asksForAddress(c)
	if c.Query("asked") != "" {
		p = subscriptionView{Title: "Look into your mail", Text: "A mail with a link to confirm is on its way, if the address is right and has not been confirmed before.", Back: p.Back}
	}
	return s.outside(c, http.StatusOK, "public_subscription", p)
}

func asksForAddress(c *gin.Context) subscriptionView {
	return subscriptionView{
		Title: "Be told of corrections", Post: c.Request.URL.Path, Button: "Send me a mail to confirm", AskEmail: true, Back: export.CheckPath(c.Param("slug")),
		Text: "When this check is corrected or retracted, you get one mail. The address is used for nothing else, and forgotten when you end it.",
	}
}

// subscribe handles POST /checks/:slug/subscribe.
func (s *Server) subscribe(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only("email")
	}
	if err == nil {
		err = s.Outside.Subscribe(c.Request.Context(), c.Param("slug"), f.text("email"), s.address(c))
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, c.Request.URL.Path+"?asked=1")
		return nil
	}
	st := s.note(c, err)
	if errs.KindOf(err) == errs.NotFound {
		return err
	}
	p := asksForAddress(c)
	p.Email, p.Errors = f.text("email"), sentencesOf(err, st.text)
	return s.outside(c, st.code, "public_subscription", p)
}

// subscriptionPage handles GET of the links to confirm and to end. Programs that
// follow every link of a mail change nothing: a person presses the button.
func (s *Server) subscriptionPage(purpose outreach.Purpose) func(*gin.Context) error {
	return func(c *gin.Context) error {
		private(c)
		if c.Query("done") != "" {
			return s.outside(c, http.StatusOK, "public_subscription", subscriptionView{Title: "Done", Text: subscriptionDone[purpose]})
		}
		if err := s.Outside.CheckSubscription(c.Request.Context(), purpose, c.Param("token"), s.address(c)); err != nil {
			return err
		}
		p := subscriptionView{Title: "Confirm", Text: "Be told by mail when this check is corrected?", Post: c.Request.URL.Path, Button: "Yes, tell me"}
		if purpose == outreach.ToEnd {
			p.Title, p.Text, p.Button = "End it", "No more mail about this check?", "No more mail"
		}
		return s.outside(c, http.StatusOK, "public_subscription", p)
	}
}

// subscriptionDone is what is told afterwards.
var subscriptionDone = map[outreach.Purpose]string{
	outreach.ToConfirm: "You will be told when this check is corrected. Every mail has a link to end it.",
	outreach.ToEnd:     "No more mail will come about this check, and the address is forgotten.",
}

// subscription handles POST of the links to confirm and to end, also that of a
// mail program (RFC 8058): whatever the form holds, the link says it all.
func (s *Server) subscription(purpose outreach.Purpose) func(*gin.Context) error {
	return func(c *gin.Context) error {
		private(c)
		if err := s.Outside.Subscription(c.Request.Context(), purpose, c.Param("token"), s.address(c)); err != nil {
			return err
		}
		c.Redirect(http.StatusSeeOther, c.Request.URL.Path+"?done=1")
		return nil
	}
}
