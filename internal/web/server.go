package web

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/review"
	"factcheck/ui"
)

// Server is the web app. Every field but Dev must be set.
type Server struct {
	Reviews  *review.Service
	Store    Store
	Accounts Accounts
	Sessions *scs.SessionManager
	// Ingest stores an article, finds its claims and opens them in triage; by is
	// the person who added it. newClaims counts the reviews that were opened.
	Ingest func(ctx context.Context, in Submission, by int64) (articleID int64, newClaims int, err error)
	Site   Site
	Now    func() time.Time
	Dev    string // folder of package ui: templates are read anew for each page; empty: as embedded

	templates *ui.Templates
}

// Submission is an article as somebody hands it in: an address, or Data with
// what it is. Data is at most claims.MaxArticleBytes.
type Submission struct {
	URL         string
	Name        string // of the file; empty if pasted
	ContentType string // as the browser says; "text/plain; charset=utf-8" if pasted
	Data        []byte
}

// Site is who publishes.
type Site struct {
	Name    string
	BaseURL string // "https://checks.example.org", without a slash at its end
}

// Accounts are the people of the desk.
type Accounts interface {
	// SignIn is the person with that address and password. SignIn if they do not
	// fit, TooMany after too many tries.
	SignIn(ctx context.Context, email, password, remoteAddr string) (review.Person, error)
	// Person is one person. NotFound.
	Person(ctx context.Context, id int64) (review.Person, error)
	// NeedsSetup reports whether there is no account yet.
	NeedsSetup(ctx context.Context) (bool, error)
}

// Store reads what pages show. NotFound where one thing is asked for.
type Store interface {
	Dossier(ctx context.Context, reviewID int64) (review.Dossier, error)
	// Events is the whole history of a review, oldest first, at most 500.
	Events(ctx context.Context, reviewID int64) ([]review.Event, error)
	Rows(ctx context.Context, f review.Filter) ([]review.Row, error)
	// Counts is how many reviews stand in each state.
	Counts(ctx context.Context) (map[review.State]int, error)
	// Article is one article with its text.
	Article(ctx context.Context, id int64) (claims.Article, error)
	// Versions are the articles of one source, without text.
	Versions(ctx context.Context, source string) ([]claims.Article, error)
	// Articles lists articles, newest first, from the one before that id on; 0 is
	// the first page.
	Articles(ctx context.Context, before int64, limit int) ([]review.ArticleRow, error)
	// Marks are the claims of an article in reading order, at most 2,000.
	Marks(ctx context.Context, articleID int64) ([]review.Mark, error)
	// People are the active people by name.
	People(ctx context.Context) ([]review.Person, error)
	// Published lists what readers see, newest first.
	Published(ctx context.Context, before review.Cursor, limit int) ([]review.Listed, error)
	// Check is one fact-check with all its editions.
	Check(ctx context.Context, slug string) (review.Check, error)
	// Corrections lists corrected editions, newest first.
	Corrections(ctx context.Context, before review.Cursor, limit int) ([]review.Listed, error)
	// Ready is nil if the database answers and its schema is the program's.
	Ready(ctx context.Context) error
}

// route is one line of the tables of routes.
type route struct {
	method, path string
	who          who
	body         int64 // bytes that a request may carry
	do           func(*gin.Context) error
}

// who may ask for a route.
type who int

const (
	anybody who = iota // readers too
	staff              // somebody signed in who holds a role
)

// Body limits, in bytes.
const (
	noBody   = 0
	formBody = 512 << 10                      // every field of the longest form at four bytes a character
	fileBody = claims.MaxArticleBytes + 1<<20 // an article, and the rest of its form
)

// routes is every route: the desk's and the public ones.
func (s *Server) routes() []route { return append(s.deskRoutes(), s.publicRoutes()...) }

// Handler is the web app, ready to serve. An error means that a template of
// this build is broken.
func (s *Server) Handler() (http.Handler, error) {
	var err error
	if s.templates, err = ui.Parse(s.Dev); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	for _, rt := range s.routes() {
		r.Handle(rt.method, rt.path, s.handle(rt.do))
	}
	return r, nil
}

// view is what a layout draws; Page is what the page itself draws.
type view struct {
	Site   Site
	Person review.Person // who is signed in; the zero Person is a reader
	Path   string
	Now    time.Time
	Page   any
}

// page answers with a page of ui/templates/pages. It is rendered to memory
// first, so that nobody gets half of one.
func (s *Server) page(c *gin.Context, code int, name string, data any) error {
	var b bytes.Buffer
	v := view{Site: s.Site, Person: s.person(c), Path: c.Request.URL.Path, Now: s.Now(), Page: data}
	if err := s.templates.Render(&b, name, v); err != nil {
		return err
	}
	c.Data(code, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// person is who is signed in, or the zero Person.
func (s *Server) person(c *gin.Context) review.Person {
	p, _ := c.Value(personKey{}).(review.Person)
	return p
}

type personKey struct{}
