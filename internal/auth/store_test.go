package auth_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// memory is an auth.Store without a database. Its transactions exclude each
// other and undo nothing.
type memory struct {
	mu       sync.Mutex
	accounts []auth.Account
	failures map[string][]time.Time
	tokens   map[string]time.Time
	events   []review.Event
	adding   func(subject string) // called before a failure is noted; may be nil
}

func (m *memory) lock() func() { m.mu.Lock(); return m.mu.Unlock }

func (m *memory) AccountByEmail(_ context.Context, email string) (auth.Account, error) {
	defer m.lock()()
	for _, a := range m.accounts {
		if a.Email == email {
			return a, nil
		}
	}
	return auth.Account{}, errs.New("memory", errs.NotFound, "")
}

func (m *memory) Person(_ context.Context, id int64) (review.Person, error) {
	defer m.lock()()
	for _, a := range m.accounts {
		if a.ID == id {
			return review.Person{ID: a.ID, Name: a.Name, Roles: a.Roles, Active: a.Active}, nil
		}
	}
	return review.Person{}, errs.New("memory", errs.NotFound, "")
}

func (m *memory) AddAccount(ctx context.Context, a auth.Account) (int64, error) {
	if _, err := m.AccountByEmail(ctx, a.Email); err == nil {
		return 0, errs.New("memory", errs.Conflict, "")
	}
	defer m.lock()()
	a.ID = int64(len(m.accounts) + 1)
	m.accounts = append(m.accounts, a)
	return a.ID, nil
}

func (m *memory) Members(context.Context) ([]auth.Member, error) {
	defer m.lock()()
	var all []auth.Member
	for _, a := range m.accounts {
		all = append(all, auth.Member{ID: a.ID, Name: a.Name, Email: a.Email, Roles: a.Roles, Active: a.Active, CreatedAt: a.CreatedAt})
	}
	return all, nil
}

func (m *memory) ChangeMember(_ context.Context, c auth.Member, e review.Event) error {
	defer m.lock()()
	a := &m.accounts[c.ID-1]
	a.Name, a.Email, a.Roles, a.Active = c.Name, c.Email, c.Roles, c.Active
	m.events = append(m.events, e)
	return nil
}

func (m *memory) HasAccounts(context.Context) (bool, error) {
	defer m.lock()()
	return len(m.accounts) > 0, nil
}

func (m *memory) AddFailure(_ context.Context, subject string, at time.Time) error {
	if m.adding != nil {
		m.adding(subject)
	}
	defer m.lock()()
	m.failures[subject] = append(m.failures[subject], at)
	return nil
}

func (m *memory) Failures(_ context.Context, subject string, since time.Time) (n int, oldest time.Time, err error) {
	defer m.lock()()
	for _, at := range m.failures[subject] {
		if at.After(since) {
			if n++; oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
		}
	}
	return n, oldest, nil
}

func (m *memory) ClearFailures(_ context.Context, subject string) error {
	defer m.lock()()
	delete(m.failures, subject)
	return nil
}

func (m *memory) AddSetupToken(_ context.Context, hash string, expires time.Time) error {
	defer m.lock()()
	m.tokens[hash] = expires
	return nil
}

func (m *memory) UseSetupToken(_ context.Context, hash string, now time.Time) error {
	defer m.lock()()
	expires, ok := m.tokens[hash]
	delete(m.tokens, hash)
	if !ok || !expires.After(now) {
		return errs.New("memory", errs.NotFound, "")
	}
	return nil
}

func (m *memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

// dump is everything that a thief of the database would read.
func (m *memory) dump() string {
	defer m.lock()()
	return fmt.Sprint(m.accounts, m.failures, m.tokens)
}

// close closes the account.
func (m *memory) close(id int64) {
	defer m.lock()()
	m.accounts[id-1].Active = false
}

// desk is a service with a clock that stands still until it is moved.
type desk struct {
	*auth.Service
	store *memory
	mu    sync.Mutex
	clock time.Time
}

const password = "seven grey herons"

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{
		store: &memory{failures: map[string][]time.Time{}, tokens: map[string]time.Time{}},
		clock: time.Date(2025, 8, 15, 9, 0, 0, 0, time.UTC),
	}
	d.Service = &auth.Service{Store: d.store, Now: d.now, Params: &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	return d
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clock
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock = d.clock.Add(by)
}

// add adds a checker with the password of the tests.
func (d *desk) add(t *testing.T, email string) review.Person {
	t.Helper()
	p, err := d.Add(t.Context(), auth.NewAccount{Name: "Ana Ruiz", Email: email, Password: password, Roles: []review.Role{review.Checker}})
	if err != nil {
		t.Fatalf("Add(%s) = %v", email, err)
	}
	return p
}
