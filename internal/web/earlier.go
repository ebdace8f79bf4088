package web

import (
	"fmt"
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/library"
	"factcheck/internal/match"
	"factcheck/internal/review"
	"factcheck/ui"
)

// earlierPage is the data of pages/earlier.html: what was checked before that
// is like the claim of a review. The claim's own page draws its part "near".
type earlierPage struct {
	ID      int64
	Text    string
	Lang    string
	Done    string
	Errors  []string
	Loading string // how far the index is; empty once it is ready
	Problem string // of the encoder; empty: none
	Sure    bool   // the first is likelier than not the same claim
	Found   []nearest
	Far     []nearest // that only share words
	Decided []decidedView
}

// nearest is an earlier claim beside the one of the page.
type nearest struct {
	Ref     string
	Claim   earlierClaim
	Score   int // in hundredths
	Differs bool
	For     []string // reasons
	Against []string
	Mine    []match.Piece
	Theirs  []match.Piece
	Offers  []choice
	Form    formView
	Shared  bool // the two have words in common
}

// earlierClaim is an earlier claim with who checked it, and how.
type earlierClaim struct {
	Ours       bool
	Text, Lang string
	Claimant   string
	Publisher  string
	Title      string
	Rating     string // in the publisher's words; empty: none
	Class      string // of the rating's colour, for our own
	URL        string // of the check: a path for our own; empty: there is none
	Host       string
	Checked    ui.Moment
	Said       ui.Moment
	Review     int64 // of our own
	State      review.State
	StateLabel string
	Places     int
	Retracted  bool
}

// decidedView is a decision that was made before.
type decidedView struct {
	Claim   earlierClaim
	Outcome string
	Who     string
	Note    string
	At      ui.Moment
	Same    bool
	Score   int
	Ref     string
	Form    *formView // to decide otherwise; nil: not for this person
}

// outcomes is what each outcome is called on its button, and in the list of
// what was decided.
var outcomes = map[earlier.Outcome]struct{ button, done string }{
	earlier.Joined:    {"Same claim: join the two", "the same claim, joined"},
	earlier.Dismissed: {"Same claim: dismiss as already checked", "the same claim, dismissed as already checked"},
	earlier.Kept:      {"Same claim: note it and go on", "the same claim"},
	earlier.Rejected:  {"Another claim", "another claim"},
}

// earlier handles GET /desk/reviews/:id/earlier.
func (s *Server) earlier(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	p, err := s.earlierPage(c, id)
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "earlier", p)
}

func (s *Server) earlierPage(c *gin.Context, id int64) (earlierPage, error) {
	n, err := s.Earlier.Near(c.Request.Context(), id, earlier.Nearby)
	if err != nil {
		return earlierPage{}, err
	}
	p := earlierPage{ID: id, Text: n.Subject.Text, Lang: n.Subject.Lang, Problem: n.Status.Problem, Sure: n.Certain()}
	if !n.Ready {
		p.Loading = fmt.Sprintf("%d of %d", n.Status.Loaded, n.Status.Total)
	}
	form := formView{Post: fmt.Sprintf("/desk/reviews/%d/earlier", id), Version: n.Subject.Version}
	for _, f := range n.Found {
		v := s.nearest(f, n.Offers(f, s.person(c)), form)
		if f.Score < earlier.Unlike {
			p.Far = append(p.Far, v)
		} else {
			p.Found = append(p.Found, v)
		}
	}
	for _, d := range n.Decided {
		v := decidedView{
			Claim: s.earlierClaim(d.Claim, d.Check), Outcome: outcomes[d.Outcome].done, Who: d.Person, Note: d.Note, At: s.moment(d.At), Same: d.Same(),
			Score: hundredths(d.Score), Ref: d.About(n.Subject.ClaimID).String(),
		}
		if d.Outcome == earlier.Rejected && s.person(c).Is(review.Checker, review.Editor) {
			v.Form = &form
		}
		p.Decided = append(p.Decided, v)
	}
	return p, nil
}

// hundredths is a score as a page shows it; nothing is certain.
func hundredths(score float64) int { return int(math.Round(min(score, .99) * 100)) }

func (s *Server) nearest(f earlier.Found, offers []earlier.Outcome, form formView) nearest {
	v := nearest{
		Ref: f.Ref.String(), Claim: s.earlierClaim(f.Claim, f.Check), Score: hundredths(f.Score), Differs: f.Differs(), Mine: f.Mine, Theirs: f.Theirs, Form: form,
	}
	for _, r := range f.Reasons {
		if r.For {
			v.For = append(v.For, r.Text)
		} else {
			v.Against = append(v.Against, r.Text)
		}
	}
	for _, o := range offers {
		v.Offers = append(v.Offers, choice{string(o), outcomes[o].button})
	}
	return v
}

// earlierClaim is one of the two; the zero value if both are gone.
func (s *Server) earlierClaim(own *earlier.OwnClaim, check *library.Check) earlierClaim {
	switch {
	case own != nil:
		v := earlierClaim{
			Ours: true, Text: own.Text, Lang: own.Lang, Claimant: own.Speaker, Publisher: s.Site.Name, Review: own.ReviewID, State: own.State,
			StateLabel: review.StateLabel(own.State), Places: own.Places, Retracted: own.Retracted, Checked: s.moment(own.Published), Said: s.moment(own.SaidAt),
		}
		if own.Slug != "" {
			v.URL = export.CheckPath(own.Slug)
		}
		if own.Rating != nil {
			v.Rating, v.Class = own.Rating.Label, own.Rating.Colour
		}
		return v
	case check != nil:
		return earlierClaim{
			Text: check.ClaimText, Lang: check.Lang, Claimant: check.Claimant, Publisher: check.Publisher.Name, Title: check.Title, Rating: check.Rating,
			URL: check.URL, Host: check.Publisher.Site, Checked: s.moment(check.ReviewDate), Said: s.moment(check.ClaimDate),
		}
	}
	return earlierClaim{Text: "It is no longer there."}
}

// decide handles POST /desk/reviews/:id/earlier: the same claim or another one.
func (s *Server) decide(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	cmd, err := s.decision(c, id)
	to := id
	if err == nil {
		to, err = s.Earlier.Decide(c.Request.Context(), cmd)
	}
	if err != nil {
		return s.decideAgain(c, id, err)
	}
	s.flash(c, "Done: you noted "+outcomes[cmd.Outcome].done+".")
	path := reviewPath(id, "") + "/earlier"
	switch cmd.Outcome {
	case earlier.Joined:
		path = fmt.Sprintf("/desk/reviews/%d?merged_from=%d", to, id)
	case earlier.Dismissed:
		path = reviewPath(id, "")
	case earlier.Kept, earlier.Rejected: // there is more to decide on the same page
	}
	c.Redirect(http.StatusSeeOther, path)
	return nil
}

// decision reads the form of a decision.
func (s *Server) decision(c *gin.Context, id int64) (earlier.Command, error) {
	cmd := earlier.Command{ReviewID: id, Actor: s.person(c)}
	f, err := readForm(c)
	if err == nil {
		err = f.only("version", "key", "other", "outcome", "note")
	}
	if err == nil {
		cmd.Version, err = f.id("version")
	}
	if err == nil {
		cmd.Other, err = earlier.ParseRef(f.text("other"))
	}
	cmd.Outcome, cmd.Note, cmd.Key = earlier.Outcome(f.text("outcome")), f.text("note"), f.text("key")
	return cmd, err
}

// decideAgain answers with the page as it is now and why nothing was decided.
func (s *Server) decideAgain(c *gin.Context, id int64, cause error) error {
	st := s.note(c, cause)
	p, err := s.earlierPage(c, id)
	if err != nil {
		return cause
	}
	p.Errors = sentencesOf(cause, statuses[errs.KindOf(cause)].text)
	return s.page(c, st.code, "earlier", p)
}
