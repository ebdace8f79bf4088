package auth

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// How long a session lasts.
const (
	SessionIdle = 12 * time.Hour     // since the last request
	SessionLife = 7 * 24 * time.Hour // since signing in
)

// CookieName is what the session cookie is called. Over https it carries the
// prefix by which browsers refuse it from another host or an insecure page:
// RFC 6265bis §4.1.3.2.
func CookieName(secure bool) string {
	if secure {
		return "__Host-factcheck"
	}
	return "factcheck"
}

// NewSessions is the session manager of the web. The store sees only hashes of
// tokens. secure says whether people come over https. scs has a clock of its
// own. Whoever signs somebody in must call RenewToken first.
func NewSessions(store scs.CtxStore, secure bool) *scs.SessionManager {
	m := &scs.SessionManager{ // not scs.New: its memory store starts a goroutine that nothing ends
		IdleTimeout: SessionIdle, Lifetime: SessionLife, Store: store, Codec: scs.GobCodec{}, HashTokenInStore: true,
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			slog.ErrorContext(r.Context(), "session failed", "err", err)
			http.Error(w, "Something broke on our side. Try again.", http.StatusInternalServerError)
		},
	}
	m.Cookie = scs.SessionCookie{
		Name: CookieName(secure), Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, Persist: true,
	}
	return m
}
