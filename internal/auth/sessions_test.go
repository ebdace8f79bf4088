package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"

	"factcheck/internal/auth"
)

// rows is a scs.CtxStore without a database.
type rows struct {
	mu sync.Mutex
	m  map[string]row
}

type row struct {
	data    []byte
	expires time.Time
}

func (r *rows) DeleteCtx(_ context.Context, token string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.m, token)
	return nil
}

func (r *rows) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.m[token]
	return v.data, ok && v.expires.After(time.Now()), nil
}

func (r *rows) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.m[token] = row{b, expiry}
	return nil
}

func (r *rows) Delete(token string) error { return r.DeleteCtx(context.Background(), token) }
func (r *rows) Find(token string) ([]byte, bool, error) {
	return r.FindCtx(context.Background(), token)
}
func (r *rows) Commit(token string, b []byte, expiry time.Time) error {
	return r.CommitCtx(context.Background(), token, b, expiry)
}

// visit serves one request with a cookie and returns the answer's.
func visit(m *scs.SessionManager, cookie *http.Cookie, fn func(ctx context.Context)) *http.Cookie {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	m.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { fn(r.Context()) })).ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		return c
	}
	return nil
}

func signIn(m *scs.SessionManager, cookie *http.Cookie) *http.Cookie {
	return visit(m, cookie, func(ctx context.Context) {
		if err := m.RenewToken(ctx); err != nil {
			panic(err)
		}
		m.Put(ctx, "person", int64(7))
	})
}

func who(m *scs.SessionManager, cookie *http.Cookie) (id int64, next *http.Cookie) {
	next = visit(m, cookie, func(ctx context.Context) { id = m.GetInt64(ctx, "person") })
	return id, next
}

func TestSessionCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		c := signIn(auth.NewSessions(&rows{m: map[string]row{}}, secure), nil)
		if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure || c.Name != auth.CookieName(secure) {
			t.Errorf("secure %v: cookie = %+v", secure, c)
		}
	}
	if auth.CookieName(true) != "__Host-factcheck" {
		t.Errorf("CookieName over https = %q lacks the prefix", auth.CookieName(true))
	}
}

func TestSessionTokenIsHashedAtRest(t *testing.T) {
	store := &rows{m: map[string]row{}}
	m := auth.NewSessions(store, false)
	c := signIn(m, nil)
	if _, plain := store.m[c.Value]; plain || len(store.m) != 1 || len(c.Value) < 22 { // 128 bits in base64
		t.Errorf("cookie %q, store %v", c.Value, store.m)
	}
	for stored := range store.m {
		if id, _ := who(m, &http.Cookie{Name: c.Name, Value: stored}); id != 0 {
			t.Error("what stands in the database signs in")
		}
	}
	if id, _ := who(m, c); id != 7 {
		t.Errorf("the cookie is of person %d, want 7", id)
	}
}

func TestSignInDoesNotKeepAnEarlierToken(t *testing.T) {
	m := auth.NewSessions(&rows{m: map[string]row{}}, false)
	before := visit(m, nil, func(ctx context.Context) { m.Put(ctx, "seen", true) })
	after := signIn(m, before)
	if after.Value == before.Value {
		t.Error("the token is the same before and after signing in")
	}
	if id, _ := who(m, before); id != 0 {
		t.Error("the token of before signs in")
	}
}

func TestSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := auth.NewSessions(&rows{m: map[string]row{}}, false)
		idle := signIn(m, nil)
		time.Sleep(auth.SessionIdle - time.Minute)
		if id, _ := who(m, idle); id != 7 {
			t.Error("ended before it was idle for long enough")
		}
		time.Sleep(auth.SessionIdle + time.Minute)
		if id, _ := who(m, idle); id != 0 {
			t.Error("goes on after it was idle")
		}
		busy, began := signIn(m, nil), time.Now()
		for time.Since(began) < auth.SessionLife-auth.SessionIdle/2 {
			time.Sleep(auth.SessionIdle / 2)
			if id, _ := who(m, busy); id != 7 {
				t.Fatalf("ended after %v though it was used", time.Since(began))
			}
		}
		time.Sleep(auth.SessionLife - time.Since(began) + time.Minute) // less than SessionIdle
		if id, _ := who(m, busy); id != 0 {
			t.Error("goes on beyond its absolute life")
		}
	})
}
