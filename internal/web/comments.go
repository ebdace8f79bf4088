package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// commentFields are those of the form that begins a thread.
var commentFields = []string{"about", "quote", "text", "blocking"}

// commentRoutes are the routes for what people say to each other of a review, and for
// what they tick.
func (s *Server) commentRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/desk/reviews/:id/comments", staff, noBody, s.comments},
		{post, "/desk/reviews/:id/comments", staff, formBody, s.say},
		{post, "/desk/reviews/:id/comments/:cid/reply", staff, formBody, s.replyToThread},
		{post, "/desk/reviews/:id/comments/:cid/resolve", staff, signBody, s.resolve},
		{post, "/desk/reviews/:id/comments/:cid/redact", staff, signBody, s.redact},
		{post, "/desk/reviews/:id/ticks", staff, signBody, s.tick},
	}
}

// commentsPage is the data of pages/comments.html.
type commentsPage struct {
	ID      int64
	Text    string // of the claim
	Problem []string
	Threads []threadView
	Done    int       // how many of them are resolved
	Hidden  int       // threads that this person may not see yet
	Form    *formView // nil: this person reads only
	Abouts  []choice
}

// threadView is a thread with what this person may do to it.
type threadView struct {
	ID         int64
	About      string
	Quote      string
	Gone       bool
	Blocks     bool   // and is open
	Blocked    bool   // it did, before it was resolved
	Resolved   string // by whom; empty: it is open
	ResolvedAt ui.Moment
	Comments   []commentView
	Reply      *formView // nil: not by this person now
	Resolve    string    // address; empty: not by this person now
}

// commentView is one comment.
type commentView struct {
	ID         int64
	Who        string
	Text       string
	At         ui.Moment
	Redacted   string // by whom its words were taken from view; empty: here they are
	RedactedAt ui.Moment
	Redact     string // address; empty: not by this person now
}

// Key is a key for one rendering of a form that asks for nothing.
func (threadView) Key() string { return newKey() }

// remark is a form of comments that failed. The zero remark is a page that is
// simply looked at.
type remark struct {
	thread int64 // that it replies to
	form   form
	err    error
}

// comments handles GET /desk/reviews/:id/comments. The review's page fetches the
// part comments.
func (s *Server) comments(c *gin.Context) error {
	d, err := s.dossier(c)
	if err != nil {
		return err
	}
	asked := form{values: url.Values{"about": {c.Query("about")}, "quote": {c.Query("quote")}}}
	if err := asked.clean("web.comments"); err != nil || utf8.RuneCountInString(asked.text("quote")) > review.MaxQuote {
		return errs.New("web.comments", errs.NotFound, "These are no words to comment on. Select fewer of them.")
	}
	return s.showComments(c, d, remark{form: asked})
}

func (s *Server) showComments(c *gin.Context, d review.Dossier, r remark) error {
	all, err := s.Comments.Store.Comments(c.Request.Context(), d.Review.ID)
	if err != nil {
		return err
	}
	me := s.person(c)
	threads, hidden := d.Threads(all, me)
	p := commentsPage{ID: d.Review.ID, Text: d.Claim.Text, Hidden: hidden, Abouts: abouts(d)}
	for _, t := range threads {
		v := s.thread(d, t, me, r)
		if v.Resolved != "" {
			p.Done++
		}
		p.Threads = append(p.Threads, v)
	}
	slices.SortStableFunc(p.Threads, func(a, b threadView) int { return threadRank(a) - threadRank(b) })
	if review.MayComment(me) {
		p.Form = s.remarkForm(commentsPath(d.Review.ID), r, r.thread == 0)
	}
	code := http.StatusOK
	if r.err != nil {
		st := s.note(c, r.err)
		code, p.Problem = st.code, sentencesOf(r.err, st.text)
	}
	return s.page(c, code, "comments", p)
}

// threadRank puts what blocks first and what is resolved last.
func threadRank(t threadView) int {
	switch {
	case t.Blocks:
		return 0
	case t.Resolved == "":
		return 1
	}
	return 2
}

func (s *Server) thread(d review.Dossier, t review.Thread, me review.Person, r remark) threadView {
	v := threadView{ID: t.ID, About: t.About(), Quote: t.Quote, Gone: t.Gone, Blocks: t.Blocking && t.ResolvedBy == 0, Blocked: t.Blocking && t.ResolvedBy != 0}
	path := fmt.Sprintf("%s/%d", commentsPath(d.Review.ID), t.ID)
	for _, one := range append([]review.Comment{t.Comment}, t.Replies...) {
		v.Comments = append(v.Comments, s.oneComment(d, one, me))
	}
	if t.ResolvedBy != 0 {
		v.Resolved, v.ResolvedAt = d.Name(t.ResolvedBy), s.moment(t.ResolvedAt)
		return v
	}
	if review.MayComment(me) {
		v.Reply = s.remarkForm(path+"/reply", r, r.thread == t.ID)
	}
	if review.MayResolve(me, t.Comment) {
		v.Resolve = path + "/resolve"
	}
	return v
}

func (s *Server) oneComment(d review.Dossier, one review.Comment, me review.Person) commentView {
	v := commentView{ID: one.ID, Who: d.Name(one.ByID), Text: one.Text, At: s.moment(one.At)}
	if one.RedactedBy != 0 {
		v.Redacted, v.RedactedAt = d.Name(one.RedactedBy), s.moment(one.RedactedAt)
	} else if review.MayRedact(me, one) {
		v.Redact = fmt.Sprintf("%s/%d/redact", commentsPath(d.Review.ID), one.ID)
	}
	return v
}

// remarkForm is a form for words, with what was typed into it if it is mine.
func (s *Server) remarkForm(post string, r remark, mine bool) *formView {
	v := formView{Post: post, Fields: map[string]field{}}
	if mine {
		for _, name := range commentFields {
			v.Fields[name] = field{Value: r.form.text(name)}
		}
		if r.err != nil {
			v.Errors = sentencesOf(r.err, statuses[errs.KindOf(r.err)].text)
		}
	}
	return &v
}

// abouts are what a thread can be about now.
func abouts(d review.Dossier) []choice {
	var out []choice
	for _, m := range review.Anchors {
		if m.Code != review.OnEvidence {
			out = append(out, choice{string(m.Code), m.Label})
		}
	}
	for _, e := range d.Evidence {
		title := e.Title
		if title == "" {
			title = e.Publisher
		}
		out = append(out, choice{fmt.Sprintf("evidence-%d", e.Number), strings.TrimSpace(fmt.Sprintf("Evidence [%d] %s", e.Number, title))})
	}
	return out
}

func commentsPath(id int64) string { return fmt.Sprintf("/desk/reviews/%d/comments", id) }

// say handles POST /desk/reviews/:id/comments: a new thread.
func (s *Server) say(c *gin.Context) error {
	return s.discuss(c, "Done: you commented.", append([]string{"key"}, commentFields...), func(f form, r review.Remark) error {
		r.Anchor, r.Quote, r.Blocking = review.Anchor(f.text("about")), f.text("quote"), f.on("blocking")
		if number, ok := strings.CutPrefix(f.text("about"), "evidence-"); ok {
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 {
				return errs.New("web.say", errs.Invalid, "Choose what this is about.")
			}
			r.Anchor, r.Number = review.OnEvidence, n
		}
		return s.Comments.Say(c.Request.Context(), r)
	})
}

// replyToThread handles POST /desk/reviews/:id/comments/:cid/reply.
func (s *Server) replyToThread(c *gin.Context) error {
	return s.discuss(c, "Done: you replied.", []string{"key", "text"}, func(_ form, r review.Remark) error { return s.Comments.Say(c.Request.Context(), r) })
}

// resolve handles POST /desk/reviews/:id/comments/:cid/resolve.
func (s *Server) resolve(c *gin.Context) error {
	return s.discuss(c, "Done: you resolved a comment.", []string{"key"}, func(_ form, r review.Remark) error {
		return s.Comments.Resolve(c.Request.Context(), r.ReviewID, r.ThreadID, r.Key, r.By)
	})
}

// redact handles POST /desk/reviews/:id/comments/:cid/redact.
func (s *Server) redact(c *gin.Context) error {
	return s.discuss(c, "Done: its words are gone. That it was said stays.", []string{"key"}, func(_ form, r review.Remark) error {
		return s.Comments.Redact(c.Request.Context(), r.ReviewID, r.ThreadID, r.Key, r.By)
	})
}

// discuss does what a form of comments asks for and leads back to the review. If
// it cannot be done, the comments come back with the reason and with what was
// typed.
func (s *Server) discuss(c *gin.Context, done string, fields []string, do func(form, review.Remark) error) error {
	id, err := pathID(c, "id")
	r := review.Remark{ReviewID: id, By: s.person(c)}
	if err == nil && c.Param("cid") != "" {
		r.ThreadID, err = pathID(c, "cid")
	}
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only(fields...)
	}
	r.Text, r.Key = f.text("text"), f.text("key")
	if err == nil {
		err = do(f, r)
	}
	if err != nil {
		return s.unsaid(c, id, remark{r.ThreadID, f, err})
	}
	s.flash(c, done)
	c.Redirect(http.StatusSeeOther, reviewPath(id, "")+"#discussion")
	return nil
}

// unsaid is the page of comments after a form of it failed.
func (s *Server) unsaid(c *gin.Context, id int64, r remark) error {
	d, err := s.load(c, id)
	if err != nil || errs.KindOf(r.err) == errs.NotFound {
		return r.err
	}
	return s.showComments(c, d, r)
}
