package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// policy is the content security policy of every answer: nothing but our own
// files, and no script or style inside a page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer carries.
func (s *Server) secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if strings.HasPrefix(s.Site.BaseURL, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func (s *Server) headers(c *gin.Context) {
	s.secure(c.Writer.Header())
	c.Header("Vary", "Cookie")
}

// recovered turns a panic into the page for our own failures.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p) // the server's own way to give up on a connection
		}
		c.Abort()
		err := errs.Wrap("web.recovered", errs.Internal, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		if c.Writer.Written() { // too late for a page
			s.note(c, err)
			return
		}
		s.fail(c, err)
	}()
	c.Next()
}

// sameOrigin refuses writes that another site's page sends in a person's name.
func (s *Server) sameOrigin(c *gin.Context) {
	if err := s.origins.Check(c.Request); err != nil {
		c.Abort()
		s.fail(c, errs.New("web.sameOrigin", errs.Forbidden, "This was sent from another site's page, so nothing was done. Open the page here and send it again."))
	}
}

// What a session holds.
const (
	keyPerson = "person" // int64: who is signed in
	keyTouch  = "touch"  // int64: when the session was last written, in seconds
	keyQuiet  = "quiet"  // of a request, not of the session: nobody asked, a page did, so that the session is not prolonged
	keyFlash  = "flash"  // string: what was just done, told once
	keyVisit  = "visit"  // int64: last look at the desk, in seconds
	keySince  = "since"  // int64: last look of the visit before
)

// touchEvery is how often the idle time of a session is written anew: not at
// every request, since each write waits for the disk.
const touchEvery = 5 * time.Minute

// session loads the session of a request and keeps its changes, before the
// first byte of the answer leaves. scs's own middleware cannot wrap gin.
func (s *Server) session(c *gin.Context) {
	token, err := c.Cookie(s.Sessions.Cookie.Name)
	if err != nil {
		token = "" // no cookie
	}
	ctx, err := s.Sessions.Load(c.Request.Context(), token)
	if err != nil {
		c.Abort()
		s.fail(c, fmt.Errorf("load session: %w", err))
		return
	}
	c.Request = c.Request.WithContext(ctx)
	outer := c.Writer
	w := &committing{ResponseWriter: outer}
	w.commit = func() { s.commit(c, outer) }
	c.Writer = w
	c.Next()
	w.once()
}

// commit writes the session and its cookie if there is something to write.
func (s *Server) commit(c *gin.Context, w http.ResponseWriter) {
	ctx := c.Request.Context()
	switch s.Sessions.Status(ctx) {
	case scs.Unmodified:
	case scs.Destroyed:
		s.Sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	case scs.Modified:
		now := s.Now()
		if c.GetBool(keyTouch) || !c.GetBool(keyQuiet) && now.Unix()-s.Sessions.GetInt64(ctx, keyTouch) >= int64(touchEvery.Seconds()) {
			s.Sessions.Put(ctx, keyTouch, now.Unix())
			s.save(c, w)
		}
	}
}

func (s *Server) save(c *gin.Context, w http.ResponseWriter) {
	ctx := c.Request.Context()
	token, expires, err := s.Sessions.Commit(ctx)
	if err != nil {
		slog.ErrorContext(ctx, "session not saved", "err", err)
		return
	}
	s.Sessions.WriteSessionCookie(ctx, w, token, expires)
}

// keep puts a value into the session: the only way to, since commit writes
// only what was marked here.
func (s *Server) keep(c *gin.Context, key string, value any) {
	s.Sessions.Put(c.Request.Context(), key, value)
	c.Set(keyTouch, true)
}

// flash keeps a sentence for the next page.
func (s *Server) flash(c *gin.Context, sentence string) { s.keep(c, keyFlash, sentence) }

// flashed takes the sentence that the last request left.
func (s *Server) flashed(c *gin.Context) string {
	sentence := s.Sessions.PopString(c.Request.Context(), keyFlash)
	if sentence != "" {
		c.Set(keyTouch, true)
	}
	return sentence
}

// whoAsks reads the person of the session anew, so that a closed account is
// out at once and a changed role counts at once.
func (s *Server) whoAsks(c *gin.Context) {
	ctx := c.Request.Context()
	id := s.Sessions.GetInt64(ctx, keyPerson)
	if id == 0 {
		return
	}
	c.Header("Cache-Control", "no-store")
	p, err := s.Accounts.Person(ctx, id)
	switch {
	case errors.Is(err, errs.SignIn), errors.Is(err, errs.NotFound), err == nil && !p.Active:
		if err := s.Sessions.Destroy(ctx); err != nil {
			slog.ErrorContext(ctx, "session not destroyed", "err", err)
		}
	case err != nil:
		c.Abort()
		s.fail(c, fmt.Errorf("who asks: %w", err))
	default:
		c.Set(personKey{}, p)
	}
}

// serve adapts a route: its body limit, who may ask for it, its handler.
func (s *Server) serve(rt route) gin.HandlerFunc {
	return s.handle(func(c *gin.Context) error {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, rt.body)
		if rt.who == anybody || s.person(c).Is(rolesFor[rt.who]...) {
			return rt.do(c)
		}
		c.Header("Cache-Control", "no-store")
		if s.person(c).Is(review.Roles...) {
			return errs.New("web.serve", errs.Forbidden, "Your role does not open this page.")
		}
		if s.person(c).ID != 0 {
			return errs.New("web.serve", errs.Forbidden, "Your account has no role on this desk yet. Ask the person who runs it.")
		}
		return s.signInFirst(c)
	})
}

// committing is a gin.ResponseWriter that calls commit once, before headers
// are written.
type committing struct {
	gin.ResponseWriter
	commit func()
	done   bool
}

func (w *committing) once() {
	if !w.done {
		w.done = true
		w.commit()
	}
}

// WriteHeaderNow commits and writes the headers.
func (w *committing) WriteHeaderNow() {
	w.once()
	w.ResponseWriter.WriteHeaderNow()
}

// Write commits and writes.
func (w *committing) Write(b []byte) (int, error) {
	w.once()
	return w.ResponseWriter.Write(b)
}

// WriteString commits and writes.
func (w *committing) WriteString(text string) (int, error) {
	w.once()
	return w.ResponseWriter.WriteString(text)
}

// Flush commits and flushes.
func (w *committing) Flush() {
	w.once()
	w.ResponseWriter.Flush()
}
