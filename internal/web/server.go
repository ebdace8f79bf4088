package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/export"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/search"
	"factcheck/internal/watch"
	"factcheck/ui"
)

// Server is the web app. Every field but Dev and Proxies must be set.
type Server struct {
	Reviews  *review.Service
	Store    Store
	Accounts *auth.Service
	Sessions *scs.SessionManager
	Earlier  *earlier.Service
	// Recurrence is what comes back.
	Recurrence *earlier.Recurrence
	Sides      *review.Sides
	// Attention is what people follow beside their own work.
	Attention *review.Attention
	Comments  *review.Comments // what people say to each other about a review
	Ticks     *review.Ticks    // what people tick of checklists
	Interests *review.Interests
	Drifts    *review.Drifts // what people make of sources that changed
	// Suggested are the checklists that one button puts in force.
	Suggested review.Checklists
	// Ingest stores an article, finds its claims and opens them in triage; by is
	// the person who adds it: Forbidden unless they may. newClaims counts the reviews that were opened.
	Ingest func(ctx context.Context, in Submission, by review.Person) (articleID int64, newClaims int, err error)
	// Evidence keeps files and shows captures. LookNow has a source looked at, soon:
	// Forbidden, Invalid for a piece without an address, NotFound.
	Evidence *evidence.Service
	LookNow  func(ctx context.Context, evidenceID int64, by review.Person) error
	Outside  *outreach.Service // people without an account
	Watch    *watch.Service    // other sites that are looked at again and again
	Site     export.Site
	Now      func() time.Time
	Dev      string // folder of package ui: templates are read anew for each page; empty: as embedded
	// Proxies are the networks, as 10.0.0.0/8 or an address, from which a proxy may
	// say in X-Forwarded-For for whom it asks; empty: nobody is believed.
	Proxies []string

	templates *ui.Templates
	origins   *http.CrossOriginProtection
}

// Submission is an article as somebody hands it in: an address, or Data with
// what it is. Data is at most claims.MaxArticleBytes.
type Submission struct {
	URL         string
	Name        string // of the file; empty if pasted
	ContentType string // as the browser says; "text/plain; charset=utf-8" if pasted
	Data        []byte

	// What the person knows of Data; may be empty.
	FoundAt   string // web address where it was published
	Publisher string
	Published time.Time // the day
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
	// Drafts are what a person typed on a review and has not sent.
	Drafts(ctx context.Context, personID, reviewID int64) ([]review.Typed, error)
	KeepDraft(ctx context.Context, t review.Typed, most int) error
	DropDrafts(ctx context.Context, personID, reviewID int64, form string) error
	// Marks are the claims of an article in reading order, at most 2,000.
	Marks(ctx context.Context, articleID int64) ([]review.Mark, error)
	// ClaimsDue are the claims that wait for their day, the earliest first.
	ClaimsDue(ctx context.Context, f review.DueFilter) ([]review.DueRow, error)
	// Balance is how the desk dealt with the claims that f chooses.
	Balance(ctx context.Context, f review.BalanceFilter) (review.Balance, error)
	// Search finds what a question asks for, Named whose name is nearly like it.
	Search(ctx context.Context, q search.Question, f search.Filter) ([]search.Hit, error)
	Named(ctx context.Context, question string, limit int) ([]search.Hit, error)
	// People are the active people by name.
	People(ctx context.Context) ([]review.Person, error)
	// Published lists what readers see, newest first.
	Published(ctx context.Context, before review.Cursor, limit int) ([]review.Listed, error)
	// Check is one fact-check with all its editions.
	Check(ctx context.Context, slug string) (review.Check, error)
	// PublishedAbout is what readers see about a topic, newest first, with the
	// topic's name.
	PublishedAbout(ctx context.Context, key string, before review.Cursor, limit int) (string, []review.Listed, error)
	// Doubts are why the live check of a review is being looked at again, as far
	// as readers are told.
	Doubts(ctx context.Context, reviewID int64, now time.Time) ([]review.Doubt, error)
	// Corrections lists corrected editions, newest first.
	Corrections(ctx context.Context, before review.Cursor, limit int) ([]review.Listed, error)
	// Addresses are the live checks in one part of the site map, and AddressParts
	// the parts that there are, of at most per checks each.
	Addresses(ctx context.Context, per, part int64) ([]review.Address, error)
	AddressParts(ctx context.Context, per int64) ([]int64, error)
	// Policy is what is in force, Scales all rating scales, Decisions what was
	// decided before, newest first.
	Policy(ctx context.Context) (review.Policy, error)
	Scales(ctx context.Context) ([]review.RatingScale, error)
	Decisions(ctx context.Context, before int64, limit int) ([]review.Decision, error)
	// ChangePolicy puts next in force in place of the decision read. Conflict if
	// there is a newer one; Forbidden and Invalid as review.Policy.Decide.
	ChangePolicy(ctx context.Context, read int64, next review.Policy, by review.Person, now time.Time) error
	// Members are all accounts by name, closed ones included.
	Members(ctx context.Context) ([]auth.Member, error)
	// Audit is a page of the audit trail, newest first; AuditAll is all that f
	// chooses.
	Audit(ctx context.Context, f review.AuditFilter) ([]review.Event, error)
	AuditAll(ctx context.Context, f review.AuditFilter) iter.Seq2[review.Event, error]
	// Piece is one piece of evidence with the words of its claim, Captures all
	// looks at it, oldest first, CaptureFile a file of one.
	Piece(ctx context.Context, evidenceID int64) (review.Evidence, string, error)
	Captures(ctx context.Context, evidenceID int64) ([]evidence.Capture, error)
	CaptureFile(ctx context.Context, captureID int64, role evidence.Role) (evidence.File, error)
	// Drifted are the pieces whose source is not what it was, newest look first.
	Drifted(ctx context.Context, f review.DriftFilter) ([]review.DriftRow, error)
	// LastLook is the last look at a piece that stands, with the name of who has seen
	// what it found; zero if there is none.
	LastLook(ctx context.Context, evidenceID int64) (review.LastLook, string, error)
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
	anybody   who = iota // readers too
	staff                // somebody signed in who holds a role
	adders               // whoever may bring articles and claims to the desk
	keepers              // administrators
	auditors             // standards editors and administrators
	watchers             // whoever decides what is watched
	overseers            // whoever may see what others have declared
)

// rolesFor are the roles that a route is for.
var rolesFor = map[who][]review.Role{staff: review.Roles, adders: {review.Checker, review.Editor}, keepers: {review.Admin}, auditors: {review.Standards, review.Admin}, watchers: {review.Editor, review.Admin}, overseers: {review.Editor, review.Standards, review.Admin}}

// Body limits, in bytes.
const (
	noBody    = 0
	signBody  = 16 << 10                         // an address and a password
	formBody  = 2 << 20                          // the longest rationale, percent-encoded, and then some: a text that is too long comes back with a sentence
	filedBody = evidence.MaxBytes + formBody     // a file with what is said about it
	fileBody  = 3*claims.MaxArticleBytes + 1<<20 // a file, and a pasted text that comes back if it is too long
)

// Handler is the web app, ready to serve. An error means that a template of
// this build is broken or that the site's address is not one.
func (s *Server) Handler() (http.Handler, error) {
	var err error
	if s.templates, err = ui.Parse(s.Dev); err != nil {
		return nil, err
	}
	if err := s.trustOwnAddress(); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.MaxMultipartMemory = 1 << 20
	if err := trust(r, s.Proxies); err != nil {
		return nil, err
	}
	r.Use(s.recovered, s.headers, s.sameOrigin)
	for _, rt := range slices.Concat(s.publicRoutes(), s.toolsRoutes(), s.outsideRoutes()) {
		r.Handle(rt.method, rt.path, s.serve(rt)) // without sessions: the same for everybody
	}
	for _, rt := range s.deskRoutes() {
		r.Handle(rt.method, rt.path, s.session, s.whoAsks, s.serve(rt))
	}
	r.NoRoute(s.session, s.whoAsks, s.handle(s.noRoute))
	r.NoMethod(s.session, s.whoAsks, s.handle(s.noMethod))
	return s.static(r), nil
}

// trustOwnAddress lets forms of the site's public address in, whatever host a
// proxy in front of the program asks for.
func (s *Server) trustOwnAddress() error {
	s.origins = http.NewCrossOriginProtection()
	if s.Site.BaseURL == "" {
		return nil
	}
	u, err := url.Parse(s.Site.BaseURL)
	if err == nil {
		err = s.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host)
	}
	if err != nil {
		return errs.Newf("web.Handler", errs.Invalid, "“%s” is not the address of a site. It looks like https://checks.example.org.", s.Site.BaseURL)
	}
	return nil
}

// trust lets proxies of these networks say for whom they ask. The one header that
// counts is the one to which every proxy appends: another could be the browser's
// own, handed on as it came.
func trust(r *gin.Engine, networks []string) error {
	r.RemoteIPHeaders = []string{"X-Forwarded-For"}
	for _, n := range networks {
		if err := r.SetTrustedProxies([]string{n}); err != nil {
			return errs.Newf("web.trust", errs.Invalid, "“%.60s” is not a network. Name the proxy that is trusted as 10.0.0.7, or its network as 10.0.0.0/8.", n)
		}
	}
	if err := r.SetTrustedProxies(networks); err != nil {
		return fmt.Errorf("trust proxies: %w", err)
	}
	return nil
}

// address is where a request comes from: what limits by address count.
func (s *Server) address(c *gin.Context) string { return cmp.Or(c.ClientIP(), c.RemoteIP()) }

// static serves what never changes under its address, before sessions and all
// else, and hands on the rest.
func (s *Server) static(next http.Handler) http.Handler {
	base := ui.Base() + "/"
	files := http.StripPrefix(base, http.FileServerFS(onlyFiles{ui.Static()}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, base) || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			next.ServeHTTP(w, r)
			return
		}
		s.secure(w.Header())
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		files.ServeHTTP(w, r)
	})
}

// onlyFiles is a file system without lists of folders.
type onlyFiles struct{ fs.FS }

// Open opens a file; a folder is not there.
func (o onlyFiles) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		_ = f.Close()
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f, nil
}

// view is what a layout draws; Page is what the page itself draws.
type view struct {
	Site   export.Site
	Person review.Person // who is signed in; the zero Person is a reader
	Role   string        // what the person is on the desk
	Path   string
	Now    time.Time
	Page   any

	Keeps, Audits, Adds, Sees bool // whether the person may open those pages
}

// page answers with a page of ui/templates/pages. It is rendered to memory
// first, so that nobody gets half of one.
func (s *Server) page(c *gin.Context, code int, name string, data any) error {
	var b bytes.Buffer
	p := s.person(c)
	v := view{Site: s.Site, Person: p, Role: rolesOf(p), Path: c.Request.URL.Path, Now: s.Now(), Page: data,
		Keeps: p.Is(rolesFor[keepers]...), Audits: p.Is(rolesFor[auditors]...), Adds: review.MayAdd(p), Sees: p.Is(rolesFor[overseers]...)}
	if err := s.templates.Render(&b, name, v); err != nil {
		return err
	}
	c.Data(code, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// person is who is signed in, or the zero Person.
func (s *Server) person(c *gin.Context) review.Person {
	v, _ := c.Get(personKey{})
	p, _ := v.(review.Person)
	return p
}

type personKey struct{}

// now is the time that is stored: UTC, in microseconds, since no database
// keeps more.
func (s *Server) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// moment is t as a page shows it.
func (s *Server) moment(t time.Time) ui.Moment { return ui.Moment{At: t, Now: s.Now()} }
