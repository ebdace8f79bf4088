package web

import (
	"bytes"
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/export"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/ui"
)

// outsideBody is what a form for people without an account may carry: the
// longest text, percent-encoded.
const outsideBody = 256 << 10

// outsideRoutes are for people without an account who hold a link. They know no
// session.
func (s *Server) outsideRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/reply/:token", anybody, noBody, s.replyPage},
		{post, "/reply/:token", anybody, outsideBody, s.reply},
		{get, "/checks/:slug/subscribe", anybody, noBody, s.subscribePage},
		{post, "/checks/:slug/subscribe", anybody, signBody, s.subscribe},
		{get, "/complaints", anybody, noBody, s.whichCheck},
		{get, "/checks/:slug/complain", anybody, noBody, s.complainPage},
		{post, "/checks/:slug/complain", anybody, outsideBody, s.complain},
		{get, "/subscriptions/confirm/:token", anybody, noBody, s.subscriptionPage(outreach.ToConfirm)},
		{post, "/subscriptions/confirm/:token", anybody, signBody, s.subscription(outreach.ToConfirm)},
		{get, "/subscriptions/end/:token", anybody, noBody, s.subscriptionPage(outreach.ToEnd)},
		{post, "/subscriptions/end/:token", anybody, signBody, s.subscription(outreach.ToEnd)},
		{get, "/second-read/:token", anybody, noBody, s.guestReadPage},
		{post, "/second-read/:token", anybody, outsideBody, s.guestRead},
	}
}

// outside answers with a page that belongs to one person: nothing keeps it,
// lists it or tells its address to another site.
func (s *Server) outside(c *gin.Context, code int, name string, page any) error {
	private(c)
	var b bytes.Buffer
	if err := s.templates.Render(&b, name, view{Site: s.Site, Path: c.Request.URL.Path, Now: s.Now(), Page: page}); err != nil {
		return err
	}
	c.Data(code, "text/html; charset=utf-8", b.Bytes())
	return nil
}

func private(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("X-Robots-Tag", "noindex, nofollow, noarchive")
}

// answerPage is the data of pages/public_reply.html.
type answerPage struct {
	outreach.Question
	ByWhen    ui.Moment
	Lang, Dir string
	Post      string
	Reply     string
	Errors    []string
	Max       int
	Thanks    bool // it was sent
}

// replyPage handles GET /reply/:token.
func (s *Server) replyPage(c *gin.Context) error {
	private(c)
	if c.Query("sent") != "" {
		return s.outside(c, http.StatusOK, "public_reply", answerPage{Thanks: true})
	}
	p, err := s.question(c)
	if err != nil {
		return err
	}
	return s.outside(c, http.StatusOK, "public_reply", p)
}

func (s *Server) question(c *gin.Context) (answerPage, error) {
	q, err := s.Outside.Question(c.Request.Context(), c.Param("token"), s.address(c))
	lang, dir := export.LangDir(q.Lang)
	return answerPage{Question: q, ByWhen: s.moment(q.Deadline), Lang: lang, Dir: dir, Post: c.Request.URL.Path, Max: review.MaxReply}, err
}

// reply handles POST /reply/:token. What cannot be sent yet comes back.
func (s *Server) reply(c *gin.Context) error {
	private(c)
	f, err := readForm(c)
	if err == nil {
		err = f.only("reply")
	}
	if err == nil {
		err = s.Outside.Answer(c.Request.Context(), c.Param("token"), s.address(c), f.text("reply"))
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, c.Request.URL.Path+"?sent=1")
		return nil
	}
	p, gone := s.question(c)
	if gone != nil {
		return gone
	}
	st := s.note(c, err)
	p.Reply, p.Errors = f.text("reply"), sentencesOf(err, st.text)
	return s.outside(c, st.code, "public_reply", p)
}
