package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// attentionRoutes are the routes for what people follow beside their own work.
func (s *Server) attentionRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/desk/notices", staff, noBody, s.notices},
		{get, "/desk/notices/count", staff, noBody, s.unread},
		{post, "/desk/notices/read", staff, signBody, s.readNotices},
		{get, "/desk/workload", staff, noBody, s.workload},
		{get, "/desk/calendar", staff, noBody, s.calendar},
		{get, "/desk/balance", staff, noBody, s.balance},
		{post, "/desk/speakers/:id/side", staff, signBody, s.setSide},
		{get, "/desk/reviews/:id/around", staff, noBody, s.around},
		{post, "/desk/reviews/:id/around", staff, signBody, s.lookAround},
		{post, "/desk/reviews/:id/watch", staff, signBody, s.watch},
		{post, "/desk/views", staff, signBody, s.keepView},
		{post, "/desk/views/:id/forget", staff, signBody, s.forgetView},
	}
}

// noticesPage is the data of pages/notices.html.
type noticesPage struct {
	Done   string
	Rows   []noticeView
	Newest int64  // id of the newest on this page; 0: there is none
	Unread bool   // one of them is unread
	More   string // address of the next page; empty on the last
}

// noticeView is a line of it.
type noticeView struct {
	Href, Text, Who, Did string
	State                review.State
	StateLabel           string
	At                   ui.Moment
	New                  bool
}

// notices handles GET /desk/notices.
func (s *Server) notices(c *gin.Context) error {
	before, err := pageBefore(c)
	if err != nil {
		return err
	}
	all, err := s.Attention.Store.Notices(c.Request.Context(), s.person(c).ID, before, perPage)
	if err != nil {
		return err
	}
	p := noticesPage{Done: s.flashed(c)}
	for _, n := range all {
		who := n.Actor
		if who == "" {
			who = "The program"
		}
		p.Rows = append(p.Rows, noticeView{
			Href: reviewPath(n.ReviewID, ""), Text: n.Text, Who: who, Did: review.Event{Action: n.Action}.Done(), State: n.State,
			StateLabel: review.StateLabel(n.State), At: s.moment(n.At), New: n.ReadAt.IsZero(),
		})
		p.Newest = max(p.Newest, n.ID)
		p.Unread = p.Unread || n.ReadAt.IsZero()
	}
	if len(all) == perPage {
		p.More = fmt.Sprintf("/desk/notices?before=%d", all[perPage-1].ID)
	}
	return s.page(c, http.StatusOK, "notices", p)
}

// pageBefore is the row that a list goes on behind; 0 is the first page.
func pageBefore(c *gin.Context) (int64, error) {
	text := c.Query("before")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, errs.New("web.pageBefore", errs.NotFound, "This list has no such page. Start at its first one.")
	}
	return n, nil
}

// unread handles GET /desk/notices/count: the number beside the bell, alone.
func (s *Server) unread(c *gin.Context) error {
	n, err := s.Attention.Store.Unread(c.Request.Context(), s.person(c).ID)
	if err != nil {
		return err
	}
	text := ""
	if n > 0 {
		text = strconv.Itoa(n)
	}
	if n >= review.MaxUnread {
		text += "+"
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(text))
	return nil
}

// readNotices handles POST /desk/notices/read.
func (s *Server) readNotices(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only("up_to")
	}
	if err != nil {
		return err
	}
	upTo, err := f.id("up_to")
	if err != nil {
		return err
	}
	if err := s.Attention.Store.ReadNotices(c.Request.Context(), s.person(c).ID, upTo, s.now()); err != nil {
		return err
	}
	s.flash(c, "Done: you have read them all.")
	c.Redirect(http.StatusSeeOther, "/desk/notices")
	return nil
}

// workloadPage is the data of pages/workload.html.
type workloadPage struct {
	Rows []loadView
	Free int    // claims that nobody works on
	More string // address of the next page; empty on the last
}

// loadView is the work of one person.
type loadView struct {
	Name, Role              string
	Research, Sent, Overdue int
	Next                    ui.Moment
}

// workload handles GET /desk/workload.
func (s *Server) workload(c *gin.Context) error {
	ctx := c.Request.Context()
	after, err := form{values: c.Request.URL.Query()}.id("after")
	if err != nil {
		return errs.New("web.workload", errs.NotFound, "This list has no such page. Start at its first one.")
	}
	loads, err := s.Attention.Store.Loads(ctx, s.now(), after, perPage)
	if err != nil {
		return err
	}
	counts, err := s.Store.Counts(ctx)
	if err != nil {
		return err
	}
	p := workloadPage{Free: counts[review.Queued]}
	for _, l := range loads {
		p.Rows = append(p.Rows, loadView{l.Person.Name, rolesOf(l.Person), l.Research, l.Sent, l.Overdue, s.moment(l.NextDue)})
	}
	if len(loads) == perPage {
		p.More = fmt.Sprintf("/desk/workload?after=%d", loads[perPage-1].Person.ID)
	}
	return s.page(c, http.StatusOK, "workload", p)
}

// aroundPage is the data of pages/around.html.
type aroundPage struct {
	ID       int64
	Done     string
	Watching bool // the person who asks
	Watchers []string
	Here     []string // others who are on the page: "Ana is typing"
}

// around handles GET /desk/reviews/:id/around.
func (s *Server) around(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	a, err := s.Attention.Around(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.showAround(c, id, a, s.flashed(c))
}

// lookAround handles POST /desk/reviews/:id/around: a browser says that somebody
// is on the page of the review. It says so by itself, so that a tab which is left
// open keeps nobody signed in.
func (s *Server) lookAround(c *gin.Context) error {
	c.Set(keyQuiet, true)
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("editing")
	}
	if err != nil {
		return err
	}
	a, err := s.Attention.Look(c.Request.Context(), s.person(c), id, f.on("editing"))
	if err != nil {
		return err
	}
	return s.showAround(c, id, a, "") // what was just done is for the next page that somebody asks for
}

func (s *Server) showAround(c *gin.Context, id int64, a review.Around, done string) error {
	me := s.person(c).ID
	p := aroundPage{ID: id, Done: done}
	for _, w := range a.Watchers {
		p.Watching = p.Watching || w.ID == me
		p.Watchers = append(p.Watchers, w.Name)
	}
	for _, h := range a.Here {
		switch {
		case h.Person.ID == me:
		case h.Editing:
			p.Here = append(p.Here, h.Person.Name+" is typing")
		default:
			p.Here = append(p.Here, h.Person.Name+" is here")
		}
	}
	return s.page(c, http.StatusOK, "around", p)
}

// watch handles POST /desk/reviews/:id/watch.
func (s *Server) watch(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("on")
	}
	if err != nil {
		return err
	}
	if err := s.Attention.Watch(c.Request.Context(), s.person(c), id, f.on("on")); err != nil {
		return err
	}
	done := "Done: you are told what happens to it."
	if !f.on("on") {
		done = "Done: you are told no more of it, unless you work on it."
	}
	s.flash(c, done)
	c.Redirect(http.StatusSeeOther, reviewPath(id, ""))
	return nil
}

// keepView handles POST /desk/views: the list that the queue shows is kept under
// a name.
func (s *Server) keepView(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only("name", "query")
	}
	if err != nil {
		return err
	}
	asked, err := queueOf(f.text("query"))
	if err != nil {
		return err
	}
	query := strings.TrimPrefix(queuePath(asked), "/desk/queue?")
	err = s.Attention.SaveView(c.Request.Context(), s.person(c), f.text("name"), query)
	if errors.Is(err, errs.Invalid) {
		return s.showQueue(c, asked, f, err)
	}
	if err != nil {
		return err
	}
	s.flash(c, "Done: this list is among yours.")
	c.Redirect(http.StatusSeeOther, queuePath(asked))
	return nil
}

// forgetView handles POST /desk/views/:id/forget.
func (s *Server) forgetView(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Attention.Store.DropView(c.Request.Context(), s.person(c).ID, id); err != nil {
		return err
	}
	s.flash(c, "Done: that list is forgotten.")
	c.Redirect(http.StatusSeeOther, "/desk/queue")
	return nil
}
