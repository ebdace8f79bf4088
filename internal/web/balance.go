package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	Only     string // the list of which alone more is shown; empty: all of it
	All      string // address of all of it
	Speakers tallyList
	Sides    tallyList
	Topics   tallyList
	Kinds    tallyList
	Reasons  []review.Count
	Ratings  []review.Rated // by side
	About    []review.Rated // by topic

	Errors []string // what was wrong with the side that was typed
	Wrong  int64    // the speaker it was for
	Typed  string   // what it was
}

// tallyList is a list of a balance as the page draws it.
type tallyList struct {
	Rows []review.Tally
	None string // what a row without a name is called
	More string // address of the rows that follow; empty: there are none
}

// balanceSpan is how long the period is that the page shows first.
const balanceSpan = 90 * 24 * time.Hour

// balance handles GET /desk/balance: whom the desk checks, and why not the others.
func (s *Server) balance(c *gin.Context) error {
	f, err := s.balanceFilter(c.Request.URL.Query())
	if err != nil {
		return err
	}
	p, err := s.balanceOf(c, f)
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "balance", p)
}

// balanceFilter reads a period and the place in a list. NotFound if there is no
// such page.
func (s *Server) balanceFilter(q url.Values) (review.BalanceFilter, error) {
	in := form{values: q}
	from, err1 := in.day("from")
	to, err2 := in.day("to")
	if err1 != nil || err2 != nil {
		return review.BalanceFilter{}, errs.New("web.balance", errs.NotFound, "There is no such period. Choose two days.")
	}
	if to.IsZero() {
		to = s.Now().UTC().Truncate(24 * time.Hour)
	}
	if from.IsZero() {
		from = to.Add(-balanceSpan)
	}
	f := review.BalanceFilter{From: from, To: to.Add(24 * time.Hour), List: review.BalanceList(in.text("list"))}
	if f.List == "" {
		return f, nil
	}
	found, key, _ := strings.Cut(in.text("after"), " ")
	n, err := strconv.Atoi(found)
	if err != nil || n < 1 || !slices.Contains([]review.BalanceList{review.BySpeaker, review.BySide, review.ByTopic}, f.List) {
		return f, errs.New("web.balance", errs.NotFound, "This list has no such page. Start at its first one.")
	}
	f.After = review.TallyCursor{Found: n, Key: key}
	return f, nil
}

// balanceOf is the page of what f chooses.
func (s *Server) balanceOf(c *gin.Context, f review.BalanceFilter) (balancePage, error) {
	b, err := s.Store.Balance(c.Request.Context(), f)
	if err != nil {
		return balancePage{}, err
	}
	for i := range b.Kinds {
		b.Kinds[i].Name = kinds[claims.Kind(b.Kinds[i].Name)]
	}
	for i := range b.Reasons {
		b.Reasons[i].Name = told("reason", b.Reasons[i].Name)
	}
	p := balancePage{
		From: f.From.Format(time.DateOnly), To: f.To.Add(-24 * time.Hour).Format(time.DateOnly), May: s.person(c).Is(review.Editor), Only: string(f.List),
		Kinds: tallyList{Rows: b.Kinds, None: "not known"}, Reasons: b.Reasons, Ratings: b.Ratings, About: b.About,
	}
	p.All = "/desk/balance?" + url.Values{"from": {p.From}, "to": {p.To}}.Encode()
	p.Speakers, p.Sides = p.list(review.BySpeaker, b.Speakers, "nobody is named"), p.list(review.BySide, b.Sides, "no side said")
	p.Topics = p.list(review.ByTopic, b.Topics, "no topic said")
	return p, nil
}

func (p balancePage) list(l review.BalanceList, rows []review.Tally, none string) tallyList {
	t := tallyList{Rows: rows, None: none}
	if len(rows) == review.BalanceRows {
		after := review.CursorAfterTally(l, rows[len(rows)-1])
		q := url.Values{"from": {p.From}, "to": {p.To}, "list": {string(l)}, "after": {fmt.Sprintf("%d %s", after.Found, after.Key)}}
		t.More = "/desk/balance?" + q.Encode()
	}
	return t
}

// setSide handles POST /desk/speakers/:id/side. What is refused comes back in the
// list in which it was typed.
func (s *Server) setSide(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("side", "from", "to")
	}
	if err == nil {
		err = s.Sides.Set(c.Request.Context(), s.person(c), id, f.text("side"))
	}
	list, listErr := s.balanceFilter(url.Values{"from": {f.text("from")}, "to": {f.text("to")}})
	if errors.Is(err, errs.Invalid) && listErr == nil {
		return s.sideAgain(c, list, id, f, err)
	}
	if err = errors.Join(err, listErr); err != nil {
		return err
	}
	s.flash(c, "Done: you said on which side this speaker stands.")
	back := url.Values{"from": {list.From.Format(time.DateOnly)}, "to": {list.To.Add(-24 * time.Hour).Format(time.DateOnly)}}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/balance?%s#speaker-%d", back.Encode(), id))
	return nil
}

// sideAgain is the balance after a side was refused, with what was typed.
func (s *Server) sideAgain(c *gin.Context, list review.BalanceFilter, id int64, f form, problem error) error {
	p, err := s.balanceOf(c, list)
	if err != nil {
		return errors.Join(problem, err)
	}
	st := s.note(c, problem)
	p.Errors, p.Wrong, p.Typed = sentencesOf(problem, st.text), id, f.text("side")
	if !slices.ContainsFunc(p.Speakers.Rows, func(t review.Tally) bool { return t.ID == id }) { // of a later page: at the top, so that nothing is lost
		p.Speakers.Rows = append([]review.Tally{{ID: id, Name: fmt.Sprintf("Speaker %d", id)}}, p.Speakers.Rows...)
	}
	return s.page(c, st.code, "balance", p)
}
