package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/search"
	"factcheck/ui"
)

// searchPage is the data of pages/search.html.
type searchPage struct {
	Asked       string
	Kind, State string
	Topic       string
	From, To    string // days
	Kinds       []tab
	States      []choice
	Errors      []string
	Hits        []hitView
	Names       []hitView // names that are nearly like the question
	More        string    // address of the next page; empty on the last
	Some        bool      // these are the best of all kinds: choose one to see all
	Done        bool      // something was asked
}

// hitView is something that was found.
type hitView struct {
	Href, Kind, By string
	Title, Body    []search.Part
	State          review.State
	StateLabel     string
	At             ui.Moment
}

// hitKinds is what each kind is called, one and many, in the order of the tabs.
var hitKinds = []struct {
	kind      search.Kind
	one, many string
}{
	{search.Claims, "claim", "Claims"}, {search.Checks, "published check", "Published checks"}, {search.Articles, "article", "Articles"},
	{search.Evidence, "evidence", "Evidence"}, {search.Speakers, "speaker", "Speakers"}, {search.Colleague, "colleague", "Colleagues"},
}

// search handles GET /desk/search: one box over everything on the desk.
func (s *Server) search(c *gin.Context) error {
	p, f, err := searchOf(c.Request.URL.Query())
	if err != nil {
		return err
	}
	if p.Asked == "" && f.Topic == "" {
		return s.page(c, http.StatusOK, "search", p)
	}
	p.Done = true
	q, err := search.Ask(cmp.Or(p.Asked, `"`+f.Topic+`"`)) // its words are in the index
	if err != nil {
		st := s.note(c, err)
		p.Errors = sentencesOf(err, st.text)
		return s.page(c, st.code, "search", p)
	}
	f.Limit = perPage + 1
	hits, err := s.Store.Search(c.Request.Context(), q, f)
	if err != nil {
		return err
	}
	if f.Kind == "" && f.State == "" && f.Topic == "" && f.From.IsZero() && f.To.IsZero() {
		if err := s.addNames(c, &p, q, hits); err != nil {
			return err
		}
	}
	s.addHits(&p, q, hits)
	return s.page(c, http.StatusOK, "search", p)
}

func (s *Server) addHits(p *searchPage, q search.Question, hits []search.Hit) {
	if len(hits) > perPage {
		hits = hits[:perPage]
		if p.Kind != "" {
			p.More = p.path(p.Kind) + "&before=" + strconv.FormatInt(hits[perPage-1].ID, 10)
		}
		p.Some = p.Kind == ""
	}
	for _, h := range hits {
		p.Hits = append(p.Hits, s.hit(q, h))
	}
}

// someNames is how many names that are nearly like the question are offered.
const someNames = 5

// addNames offers names that the words did not find.
func (s *Server) addNames(c *gin.Context, p *searchPage, q search.Question, hits []search.Hit) error {
	names, err := s.Store.Named(c.Request.Context(), q.Text, someNames)
	if err != nil {
		return err
	}
	for _, n := range names {
		if !slices.ContainsFunc(hits, func(h search.Hit) bool { return h.ID == n.ID }) {
			p.Names = append(p.Names, s.hit(q, n))
		}
	}
	return nil
}

func (s *Server) hit(q search.Question, h search.Hit) hitView {
	v := hitView{Title: q.Mark(h.Title), By: h.By, State: review.State(h.State), At: s.moment(h.At)}
	if h.Body != "" {
		v.Body = q.Mark(h.Body)
	}
	if v.State != "" {
		v.StateLabel = review.StateLabel(v.State)
	}
	for _, k := range hitKinds {
		if k.kind == h.Kind {
			v.Kind = k.one
		}
	}
	switch h.Kind {
	case search.Claims, search.Evidence:
		v.Href = reviewPath(h.ReviewID, "")
	case search.Checks:
		v.Href = "/checks/" + h.Slug
	case search.Articles:
		v.Href = fmt.Sprintf("/desk/articles/%d", h.RefID)
	case search.Speakers:
		v.Href = "/desk/search?" + url.Values{"q": {`"` + strings.ReplaceAll(h.Title, `"`, " ") + `"`}}.Encode()
		v.At = ui.Moment{}
	case search.Colleague:
		v.At = ui.Moment{}
	}
	return v
}

// searchOf reads an address. NotFound if it asks for what there is not.
func searchOf(v url.Values) (searchPage, search.Filter, error) {
	p := searchPage{Asked: strings.TrimSpace(v.Get("q")), Kind: v.Get("kind"), State: v.Get("state"), From: v.Get("from"), To: v.Get("to")}
	none := errs.New("web.search", errs.NotFound, "There is no such search. Start with the box above.")
	f := search.Filter{Kind: search.Kind(p.Kind), State: p.State}
	if p.Kind != "" && !slices.Contains(search.Kinds, f.Kind) || p.State != "" && !slices.Contains(review.States, review.State(p.State)) {
		return p, f, none
	}
	if topics := review.ParseTopics(v.Get("topic")); len(topics) > 1 || len(v.Get("topic")) > maxTopicBytes {
		return p, f, none
	} else if len(topics) == 1 {
		p.Topic, f.Topic = topics[0], topics[0]
	}
	in := form{values: v}
	var err1, err2, err3 error
	f.From, err1 = in.day("from")
	f.To, err2 = in.day("to")
	if !f.To.IsZero() {
		f.To = f.To.Add(24 * time.Hour) // the day is part of it
	}
	f.Before, err3 = in.id("before")
	if err1 != nil || err2 != nil || err3 != nil || f.Before != 0 && f.Kind == "" {
		return p, f, none
	}
	p.Kinds = append(p.Kinds, tab{Href: p.path(""), Label: "Everything", Current: p.Kind == ""})
	for _, k := range hitKinds {
		p.Kinds = append(p.Kinds, tab{Href: p.path(string(k.kind)), Label: k.many, Current: p.Kind == string(k.kind)})
	}
	for _, st := range review.States {
		p.States = append(p.States, choice{string(st), review.StateLabel(st)})
	}
	return p, f, nil
}

// path is the address of the same question for one kind; "" is all kinds.
func (p searchPage) path(kind string) string {
	path := "/desk/search?q=" + url.QueryEscape(p.Asked)
	for _, part := range []choice{{"kind", kind}, {"topic", p.Topic}, {"from", p.From}, {"to", p.To}} {
		if part.Label != "" {
			path += "&" + part.Code + "=" + url.QueryEscape(part.Label)
		}
	}
	if kind == string(search.Claims) && p.State != "" {
		path += "&state=" + url.QueryEscape(p.State)
	}
	return path
}
