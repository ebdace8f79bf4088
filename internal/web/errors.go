package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// status is how a kind of error answers.
type status struct {
	code  int
	title string // of the page
	text  string // if the error has no sentence of its own
}

// statuses has a row for every kind; TestEveryKindHasAStatus sees to it.
var statuses = map[errs.Kind]status{
	errs.Invalid:   {http.StatusUnprocessableEntity, "This cannot be used yet", "Please check what you entered."},
	errs.NotFound:  {http.StatusNotFound, "There is nothing here", "The address may be mistyped, or what was here is gone."},
	errs.Forbidden: {http.StatusForbidden, "Not for you to do", "Your role cannot do this."},
	errs.SignIn:    {http.StatusUnauthorized, "Please sign in", "Please sign in to go on."},
	errs.Conflict:  {http.StatusConflict, "Someone was faster", "Someone else changed this."},
	errs.TooMany:   {http.StatusTooManyRequests, "Please wait a moment", "That was tried too often. Wait a little and try again."},
	errs.TooLarge:  {http.StatusRequestEntityTooLarge, "That is too large", "Send something smaller."},
	errs.Upstream:  {http.StatusBadGateway, "Another site did not answer", "Another site did not answer. Try again later."},
	errs.Canceled:  {499, "Stopped", "The request was stopped."}, // the browser left; nobody reads this
	errs.Internal:  {http.StatusInternalServerError, "Something broke on our side", "It is in the log. Try again; if it stays broken, tell the person who runs this desk."},
}

// errorPage is the data of pages/error.html.
type errorPage struct {
	Code      int
	Title     string
	Sentences []string // at least one
	Desk      bool     // the page belongs to the desk: where to go from here differs
}

// handle adapts a handler that returns an error. No other code logs a failed
// request or writes an error page; causes go to the log, messages to the person.
func (s *Server) handle(fn func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := fn(c); err != nil {
			s.fail(c, err)
		}
	}
}

// fail answers with the page for err.
func (s *Server) fail(c *gin.Context, err error) {
	st := s.note(c, err)
	p := errorPage{st.code, st.title, sentencesOf(err, st.text), s.atDesk(c)}
	if err := s.page(c, st.code, "error", p); err != nil {
		slog.ErrorContext(c.Request.Context(), "error page failed", "route", c.FullPath(), "err", err)
		c.String(http.StatusInternalServerError, "Something broke on our side. It is in the log.")
	}
}

// note logs what is our fault, sets the headers that go with err and returns
// its status.
func (s *Server) note(c *gin.Context, err error) status {
	st := statuses[errs.KindOf(err)]
	if st.code >= http.StatusInternalServerError {
		slog.ErrorContext(c.Request.Context(), "request failed", "route", c.FullPath(), "err", err)
	}
	var wait *auth.Wait
	if errors.As(err, &wait) {
		c.Header("Retry-After", strconv.Itoa(int(wait.For.Seconds())+1))
	}
	return st
}

// sentencesOf is what err says to a person: every missing guard of a refusal,
// else its message, else text.
func sentencesOf(err error, text string) []string {
	var refusal *review.Refusal
	if errors.As(err, &refusal) && len(refusal.Missing) > 0 {
		var out []string
		for _, m := range refusal.Missing {
			out = append(out, m.Sentence)
		}
		return out
	}
	return []string{cmp.Or(errs.Message(err), text)}
}

// noRoute answers for an address that leads nowhere.
func (s *Server) noRoute(*gin.Context) error { return errs.New("web.noRoute", errs.NotFound, "") }

// noMethod answers for an address that is asked for in the wrong way.
func (s *Server) noMethod(c *gin.Context) error {
	return s.page(c, http.StatusMethodNotAllowed, "error", errorPage{
		http.StatusMethodNotAllowed, "This address works another way", []string{"Open the page and use its buttons."}, s.atDesk(c),
	})
}

// atDesk reports whether a page is the desk's: somebody is signed in or about
// to be.
func (s *Server) atDesk(c *gin.Context) bool {
	path := c.Request.URL.Path
	return s.person(c).ID != 0 || nextPath(path) == path || slices.Contains([]string{"/sign-in", "/sign-out", "/setup"}, path)
}
