package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Limits on wrong tries. The one for an account is exact, however many tries
// come at once and however many processes serve; that for an address may be
// passed by those that wait for their answer, at most maxWaiting.
const (
	Window          = 15 * time.Minute
	TriesPerAccount = 10
	TriesPerAddress = 100 // a whole newsroom may share an address
)

// Wait is the error for somebody who has tried too often.
type Wait struct {
	For time.Duration // until the next try counts; for the header Retry-After
	Err error         // an errs.Error of kind TooMany
}

// Error is the text for the log.
func (w *Wait) Error() string { return w.Err.Error() }

// Unwrap gives errs its kind and sentence.
func (w *Wait) Unwrap() error { return w.Err }

const (
	wrong  = "The mail address or the password is wrong."
	closed = "This account is closed. Ask an administrator to open it again."
)

// SignIn is the person with that address and password. remoteAddr is where the
// try comes from, with or without a port. Errors: SignIn if it is wrong or the
// account is closed; a *Wait of kind TooMany after too many wrong tries.
//
// Whoever knows an address can keep its owner out by trying in vain; that is
// the price for nobody guessing a password. Sessions that exist go on.
func (s *Service) SignIn(ctx context.Context, email, password, remoteAddr string) (review.Person, error) {
	const op = "auth.SignIn"
	if len(email) > MaxEmail || len(password) > MaxPassword {
		return review.Person{}, errs.New(op, errs.SignIn, wrong)
	}
	email = normalEmail(email)
	account, address := "account:"+digest(email), "address:"+digest(network(remoteAddr))
	if err := s.admit(ctx, account, address); err != nil {
		return review.Person{}, err
	}
	a, ok, err := s.verify(ctx, email, password)
	switch {
	case err != nil:
		return review.Person{}, err
	case !ok:
		if err := s.Store.AddFailure(ctx, address, s.now()); err != nil {
			return review.Person{}, err
		}
		return review.Person{}, errs.New(op, errs.SignIn, wrong)
	case !a.Active:
		return review.Person{}, errs.New(op, errs.SignIn, closed)
	}
	return a.person(), s.Store.ClearFailures(ctx, account)
}

// admit notes a try before it is looked at, and refuses it if there were too
// many. It counts before, so that a refused try does not lengthen the wait, and
// again after, so that of many tries at once no more than the limit pass.
func (s *Service) admit(ctx context.Context, account, address string) error {
	now := s.now()
	if err := s.limit(ctx, address, TriesPerAddress-1, now); err != nil {
		return err
	}
	if err := s.limit(ctx, account, TriesPerAccount-1, now); err != nil {
		return err
	}
	if err := s.Store.AddFailure(ctx, account, now); err != nil {
		return err
	}
	return s.limit(ctx, account, TriesPerAccount, now)
}

// limit is a *Wait if there were more than most wrong tries lately.
func (s *Service) limit(ctx context.Context, subject string, most int, now time.Time) error {
	n, oldest, err := s.Store.Failures(ctx, subject, now.Add(-Window))
	if err != nil || n <= most {
		return err
	}
	left := max(oldest.Add(Window).Sub(now), time.Second)
	return &Wait{left, errs.Newf("auth.SignIn", errs.TooMany, "Too many wrong passwords. Try again in %s.", minutes(left))}
}

// minutes is d in whole minutes, rounded up.
func minutes(d time.Duration) string {
	n := int((d + time.Minute - 1) / time.Minute)
	if n == 1 {
		return "a minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// verify finds the account and compares the password once, whether there is an
// account or not.
func (s *Service) verify(ctx context.Context, email, password string) (Account, bool, error) {
	a, err := s.Store.AccountByEmail(ctx, email)
	known := err == nil
	if err != nil && !errors.Is(err, errs.NotFound) {
		return Account{}, false, err
	}
	hash := a.PasswordHash
	if !known {
		hash = dummyHash(s.params())
	}
	ok, err := s.matches(ctx, password, hash)
	return a, known && ok, err
}

// network is whose address a try comes from: an IPv4 address, the /64 of an
// IPv6 address, which one customer has whole, or what was given if it is
// neither.
func network(remoteAddr string) string {
	addr, err := netip.ParseAddr(remoteAddr)
	if err != nil {
		withPort, err := netip.ParseAddrPort(remoteAddr)
		if err != nil {
			return remoteAddr
		}
		addr = withPort.Addr()
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}
