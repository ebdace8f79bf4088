package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"

	"factcheck/internal/errs"
)

// DefaultParams are what OWASP's Password Storage Cheat Sheet asks for at
// least: 19 MiB, two passes, one lane; some 25 ms on one core of 2024.
var DefaultParams = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// maxWaiting is how many may wait for a slot: some seconds, not minutes.
const maxWaiting = 64

// slots lets few passwords be hashed at once, so that a storm of sign-ins
// leaves cores and memory to those who read. The zero value is ready.
type slots struct {
	once    sync.Once
	free    chan struct{}
	waiting atomic.Int32
}

// do runs fn in a slot. TooMany if too many wait already, Canceled if ctx ends
// first.
func (s *slots) do(ctx context.Context, fn func() error) error {
	const op = "auth.slots"
	s.once.Do(func() { s.free = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)) })
	if s.waiting.Add(1) > maxWaiting {
		s.waiting.Add(-1)
		return errs.New(op, errs.TooMany, "Many people are signing in right now. Try again in a minute.")
	}
	select {
	case s.free <- struct{}{}:
		s.waiting.Add(-1)
	case <-ctx.Done():
		s.waiting.Add(-1)
		return errs.Wrap(op, errs.Canceled, ctx.Err())
	}
	defer func() { <-s.free }()
	return fn()
}

func (s *Service) params() *argon2id.Params {
	if s.Params != nil {
		return s.Params
	}
	p := DefaultParams
	return &p
}

// hash is the argon2id hash of a password.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	var hash string
	err := s.slots.do(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(normalPassword(password), s.params())
		return err
	})
	return hash, err
}

// matches reports whether the password belongs to the hash. It costs the same
// for dummyHash.
func (s *Service) matches(ctx context.Context, password, hash string) (bool, error) {
	compare := s.compare
	if compare == nil {
		compare = argon2id.ComparePasswordAndHash
	}
	var ok bool
	err := s.slots.do(ctx, func() (err error) {
		ok, err = compare(normalPassword(password), hash)
		return errs.Wrap("auth.matches", errs.Internal, err)
	})
	return ok, err
}

// dummyHash costs what a hash made with p costs to compare, and is no
// password's: its key is all zeros.
func dummyHash(p *argon2id.Params) string {
	zeros := func(n uint32) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, p.Memory, p.Iterations, p.Parallelism, zeros(p.SaltLength), zeros(p.KeyLength))
}
