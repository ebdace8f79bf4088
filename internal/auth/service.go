package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/alexedwards/argon2id"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// SetupTokenLife is how long a set-up link can be used.
const SetupTokenLife = 30 * time.Minute

// Service adds people and signs them in. It is safe for concurrent use; Store
// and Now must be set.
type Service struct {
	Store  Store
	Now    func() time.Time
	Params *argon2id.Params // of new hashes; nil: DefaultParams

	slots   slots
	compare func(password, hash string) (bool, error) // nil: argon2id
}

// Person is the person of a session. SignIn if the account is closed or gone:
// the session ends there and then.
func (s *Service) Person(ctx context.Context, id int64) (review.Person, error) {
	const op = "auth.Person"
	p, err := s.Store.Person(ctx, id)
	switch {
	case errors.Is(err, errs.NotFound):
		return review.Person{}, &errs.Error{Op: op, Kind: errs.SignIn, Msg: "Please sign in again.", Err: err}
	case err != nil:
		return review.Person{}, err
	case !p.Active:
		return review.Person{}, errs.New(op, errs.SignIn, closed)
	}
	return p, nil
}

// Add adds a person. Invalid with a sentence that says what is wrong with the
// entry; Conflict if the address has an account.
func (s *Service) Add(ctx context.Context, n NewAccount) (review.Person, error) {
	a, err := s.prepare(ctx, n)
	if err != nil {
		return review.Person{}, err
	}
	return s.add(ctx, a)
}

// prepare is n as it will be kept. It hashes, so it belongs before a
// transaction, not into one.
func (s *Service) prepare(ctx context.Context, n NewAccount) (Account, error) {
	a, err := n.account()
	if err != nil {
		return Account{}, err
	}
	a.CreatedAt = s.now()
	a.PasswordHash, err = s.hash(ctx, n.Password)
	return a, err
}

func (s *Service) add(ctx context.Context, a Account) (review.Person, error) {
	id, err := s.Store.AddAccount(ctx, a)
	if errors.Is(err, errs.Conflict) {
		return review.Person{}, &errs.Error{Op: "auth.Add", Kind: errs.Conflict, Msg: "This mail address has an account already. Use another one.", Err: err}
	}
	if err != nil {
		return review.Person{}, err
	}
	a.ID = id
	return a.person(), nil
}

// NeedsSetup reports whether nobody has an account yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	has, err := s.Store.HasAccounts(ctx)
	return !has, err
}

// NewSetupToken returns a token that lets one person make the first account
// within SetupTokenLife. Only its hash is kept. Conflict once there are
// accounts.
func (s *Service) NewSetupToken(ctx context.Context) (string, error) {
	if err := s.refuseSetup(ctx); err != nil {
		return "", err
	}
	token := rand.Text()
	return token, s.Store.AddSetupToken(ctx, digest(token), s.now().Add(SetupTokenLife))
}

// SetUp makes the first account and gives it the roles admin, editor and
// checker. Invalid if the entry is wrong: the token can be used again then.
// Forbidden if the token is unknown, used or expired; Conflict once there are
// accounts.
func (s *Service) SetUp(ctx context.Context, token string, n NewAccount) (review.Person, error) {
	if err := s.refuseSetup(ctx); err != nil {
		return review.Person{}, err
	}
	n.Roles = []review.Role{review.Admin, review.Editor, review.Checker}
	a, err := s.prepare(ctx, n)
	if err != nil {
		return review.Person{}, err
	}
	var p review.Person
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.refuseSetup(ctx); err != nil { // another set-up may have come first
			return err
		}
		err := s.Store.UseSetupToken(ctx, digest(token), s.now())
		if errors.Is(err, errs.NotFound) {
			return &errs.Error{Op: "auth.SetUp", Kind: errs.Forbidden, Msg: "This set-up link is not valid any more. Start the program again; it prints a new one.", Err: err}
		}
		if err == nil {
			p, err = s.add(ctx, a)
		}
		return err
	})
	if err != nil {
		return review.Person{}, err
	}
	return p, nil
}

func (s *Service) refuseSetup(ctx context.Context) error {
	has, err := s.Store.HasAccounts(ctx)
	if err != nil || !has {
		return err
	}
	return errs.New("auth.SetUp", errs.Conflict, "This desk is set up already. Sign in, or ask an administrator for an account.")
}

// digest is the SHA-256 of a secret with full entropy, or of a name that need
// not be readable in the database; lower-case hex.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// now is the time that is stored: UTC, in microseconds, since no database
// keeps more.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
