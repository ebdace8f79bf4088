package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// signPage is the data of pages/sign_in.html.
type signPage struct {
	Email  string
	Next   string // where to go afterwards
	Errors []string
	Setup  bool // there is no account yet
}

// signInPage handles GET /sign-in.
func (s *Server) signInPage(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	next := nextPath(c.Query("next"))
	if s.person(c).ID != 0 {
		c.Redirect(http.StatusSeeOther, next)
		return nil
	}
	setup, err := s.Accounts.NeedsSetup(c.Request.Context())
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "sign_in", signPage{Next: next, Setup: setup})
}

// signIn handles POST /sign-in.
func (s *Server) signIn(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	f, err := readForm(c)
	if err == nil {
		err = f.only("email", "password", "next")
	}
	if err != nil {
		return err
	}
	next := nextPath(f.text("next"))
	p, err := s.Accounts.SignIn(c.Request.Context(), f.text("email"), f.text("password"), s.address(c))
	if err == nil {
		err = s.begin(c, p)
	}
	if err != nil {
		st := s.note(c, err)
		return s.page(c, st.code, "sign_in", signPage{Email: f.text("email"), Next: next, Errors: sentencesOf(err, st.text)})
	}
	c.Redirect(http.StatusSeeOther, next)
	return nil
}

// begin starts a session for p under a new token, so that nobody can have
// known it before.
func (s *Server) begin(c *gin.Context, p review.Person) error {
	if err := s.Sessions.RenewToken(c.Request.Context()); err != nil {
		return errs.Wrap("web.begin", errs.Internal, err)
	}
	s.keep(c, keyPerson, p.ID)
	return nil
}

// signOut handles POST /sign-out.
func (s *Server) signOut(c *gin.Context) error {
	if err := s.Sessions.Destroy(c.Request.Context()); err != nil {
		return errs.Wrap("web.signOut", errs.Internal, err)
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
	return nil
}

// nextPath is where to go after signing in: a page of the desk, and never
// another site.
func nextPath(asked string) string {
	u, err := url.Parse(asked)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.ContainsAny(asked, "\\\r\n\t") ||
		(u.Path != "/desk" && !strings.HasPrefix(u.Path, "/desk/")) {
		return "/desk"
	}
	return asked
}

// setupPage is the data of pages/setup.html.
type setupPage struct {
	Name, Email, Token string
	Errors             []string
	Done               bool // there are accounts already
	MinPassword        int
}

// setUpPage handles GET /setup.
func (s *Server) setUpPage(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer") // the token is in the address
	needed, err := s.Accounts.NeedsSetup(c.Request.Context())
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "setup", setupPage{Token: c.Query("token"), Done: !needed, MinPassword: auth.MinPassword})
}

// setUp handles POST /setup: it makes the first account and signs it in.
func (s *Server) setUp(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	f, err := readForm(c)
	if err == nil {
		err = f.only("name", "email", "password", "token")
	}
	if err != nil {
		return err
	}
	p, err := s.Accounts.SetUp(c.Request.Context(), f.text("token"), auth.NewAccount{
		Name: f.text("name"), Email: f.text("email"), Password: f.text("password"),
	})
	if err == nil {
		err = s.begin(c, p)
	}
	if err != nil {
		st := s.note(c, err)
		return s.page(c, st.code, "setup", setupPage{
			Name: f.text("name"), Email: f.text("email"), Token: f.text("token"),
			Errors: sentencesOf(err, st.text), Done: errors.Is(err, errs.Conflict), MinPassword: auth.MinPassword,
		})
	}
	c.Redirect(http.StatusSeeOther, "/desk")
	return nil
}
