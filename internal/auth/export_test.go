package auth

import "github.com/alexedwards/argon2id"

// SetCompare replaces the comparison of a password with a hash; fn gets the
// real one.
func (s *Service) SetCompare(fn func(password, hash string, real func(password, hash string) (bool, error)) (bool, error)) {
	s.compare = func(password, hash string) (bool, error) {
		return fn(password, hash, argon2id.ComparePasswordAndHash)
	}
}

// Names for the tests.
var (
	Network    = network
	CheckEmail = checkEmail
)

// MaxWaiting is maxWaiting.
const MaxWaiting = maxWaiting

// Waiting is how many wait for a slot.
func (s *Service) Waiting() int { return int(s.slots.waiting.Load()) }
