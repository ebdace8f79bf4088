package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/ui"
)

// meRoutes are the routes for what people settle for themselves, and for what they
// have declared.
func (s *Server) meRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/desk/me", staff, noBody, s.me},
		{post, "/desk/me/digest", staff, signBody, s.setDigest},
		{post, "/desk/me/interests", staff, signBody, s.declareInterest},
		{post, "/desk/me/interests/:id/end", staff, signBody, s.endInterest},
		{get, "/desk/interests", overseers, noBody, s.interests},
	}
}

// mePage is the data of pages/me.html.
type mePage struct {
	Done      string
	Name      string
	Mails     bool   // this installation sends letters
	Hour      string // at which one is wanted; empty: none is
	Hours     []choice
	Next      ui.Moment
	Interests []interestView
	More      string // address of earlier ones; empty on the last page
	Kinds     []choice
	Form      formView
	Errors    []string // of the choice of letters
	Others    bool     // this person may see what others have declared
}

// interestView is what somebody has declared.
type interestView struct {
	ID            int64
	Who           string
	Kind, Subject string
	Since, Until  ui.Moment
	Note          string
	Declared      ui.Moment
	Ended         ui.Moment
	Counts        bool // it stands in the way of something now
}

// interestFields are those of the form that declares one.
var interestFields = []string{"kind", "subject", "since", "until", "note"}

// me handles GET /desk/me.
func (s *Server) me(c *gin.Context) error { return s.showMe(c, form{}, nil, nil) }

// showMe is the page of a person's own settings. What was typed to declare an
// interest comes back with the error that it met; the choice of letters has an
// error of its own.
func (s *Server) showMe(c *gin.Context, f form, declaring, digest error) error {
	ctx, me := c.Request.Context(), s.person(c)
	before, err := pageBefore(c)
	if err != nil {
		return err
	}
	d, err := s.Outside.Store.Digest(ctx, me.ID)
	if err != nil {
		return err
	}
	all, err := s.Interests.List(ctx, me, review.InterestFilter{Person: me.ID, Before: before, Limit: perPage})
	if err != nil {
		return err
	}
	p := mePage{
		Done: s.flashed(c), Name: me.Name, Mails: s.Outside.Mails(), Hours: hours(), Next: s.moment(d.NextAt), Interests: s.interestViews(all),
		Kinds: choices(review.InterestKinds), Others: review.MaySeeInterests(me), Form: formView{Post: "/desk/me/interests", Fields: map[string]field{}},
	}
	if d.Hour != outreach.NoDigest {
		p.Hour = strconv.Itoa(d.Hour)
	}
	if len(all) == perPage {
		p.More = fmt.Sprintf("/desk/me?before=%d", all[perPage-1].ID)
	}
	for _, name := range interestFields {
		p.Form.Fields[name] = field{Value: f.text(name)}
	}
	code := http.StatusOK
	if problem := cmp.Or(declaring, digest); problem != nil {
		st := s.note(c, problem)
		code = st.code
		if declaring != nil {
			p.Form.Errors = sentencesOf(declaring, st.text)
		} else {
			p.Errors = sentencesOf(digest, st.text)
		}
	}
	return s.page(c, code, "me", p)
}

// hours is the menu of hours at which a letter can be wanted.
func hours() []choice {
	out := make([]choice, 24)
	for i := range out {
		out[i] = choice{strconv.Itoa(i), fmt.Sprintf("every day at %02d:00 UTC", i)}
	}
	return out
}

func (s *Server) interestViews(all []review.Interest) []interestView {
	var out []interestView
	for _, i := range all {
		out = append(out, interestView{
			ID: i.ID, Who: i.Person, Kind: labelOfKind(i.Kind), Subject: i.Subject, Since: s.moment(i.Since), Until: s.moment(i.Until), Note: i.Note,
			Declared: s.moment(i.DeclaredAt), Ended: s.moment(i.EndedAt), Counts: i.InForce(s.Now()),
		})
	}
	return out
}

func labelOfKind(k review.InterestKind) string {
	for _, m := range review.InterestKinds {
		if m.Code == k {
			return m.Label
		}
	}
	return string(k)
}

// setDigest handles POST /desk/me/digest: whether and when letters are wanted.
func (s *Server) setDigest(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only("hour")
	}
	hour := outreach.NoDigest
	if text := f.text("hour"); err == nil && text != "" {
		if hour, err = strconv.Atoi(text); err != nil || hour < 0 {
			hour, err = 24, nil // the service says what can be chosen
		}
	}
	if err == nil {
		err = s.Outside.SetDigest(c.Request.Context(), s.person(c), hour)
	}
	if errors.Is(err, errs.Invalid) {
		return s.showMe(c, form{}, nil, err)
	}
	if err != nil {
		return err
	}
	done := "Done: you get no such letters."
	if hour != outreach.NoDigest {
		done = fmt.Sprintf("Done: what you have not read comes as a letter at %02d:00 UTC.", hour)
	}
	s.flash(c, done)
	c.Redirect(http.StatusSeeOther, "/desk/me")
	return nil
}

// declareInterest handles POST /desk/me/interests.
func (s *Server) declareInterest(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only(interestFields...)
	}
	i := review.Interest{Kind: review.InterestKind(f.text("kind")), Subject: f.text("subject"), Note: f.text("note")}
	if err == nil {
		i.Since, err = f.day("since")
	}
	if err == nil {
		i.Until, err = f.day("until")
	}
	if err == nil {
		err = s.Interests.Declare(c.Request.Context(), s.person(c), i)
	}
	if errors.Is(err, errs.Invalid) {
		return s.showMe(c, f, err, nil)
	}
	if err != nil {
		return err
	}
	s.flash(c, "Done: your interest is on record, and editors see it.")
	c.Redirect(http.StatusSeeOther, "/desk/me#interests")
	return nil
}

// endInterest handles POST /desk/me/interests/:id/end.
func (s *Server) endInterest(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Interests.End(c.Request.Context(), s.person(c), id); err != nil {
		return err
	}
	s.flash(c, "Done: that interest counts no more. That you declared it stays on record.")
	c.Redirect(http.StatusSeeOther, "/desk/me#interests")
	return nil
}

// interestsPage is the data of pages/interests.html.
type interestsPage struct {
	Rows   []interestView
	People []review.Person
	Person int64
	More   string // address of the next page; empty on the last
	Later  bool   // this is not the first page
}

// interests handles GET /desk/interests: what everybody has declared.
func (s *Server) interests(c *gin.Context) error {
	before, err := pageBefore(c)
	if err != nil {
		return err
	}
	person, err := form{values: c.Request.URL.Query()}.id("person")
	if err != nil {
		return err
	}
	all, err := s.Interests.List(c.Request.Context(), s.person(c), review.InterestFilter{Person: person, Before: before, Limit: perPage})
	if err != nil {
		return err
	}
	p := interestsPage{Rows: s.interestViews(all), Person: person, Later: before != 0}
	if p.People, err = s.Store.People(c.Request.Context()); err != nil {
		return err
	}
	if len(all) == perPage {
		q := url.Values{"before": {strconv.FormatInt(all[perPage-1].ID, 10)}}
		if person != 0 {
			q.Set("person", strconv.FormatInt(person, 10))
		}
		p.More = "/desk/interests?" + q.Encode()
	}
	return s.page(c, http.StatusOK, "interests", p)
}

// interestSentence tells at a claim that somebody stays out of it.
func interestSentence(i review.Interest, name string, me review.Person) string {
	if i.PersonID == me.ID {
		return "You have declared an interest in " + i.Subject + ": somebody else writes and judges this."
	}
	return name + " has declared an interest in " + i.Subject + ", and neither writes nor judges this."
}
