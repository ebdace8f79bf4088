package outreach

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"factcheck/internal/errs"
)

// A token is 20 random bytes and 12 of their signature, in base64url: 43 signs.
const (
	randomBytes = 20
	signedBytes = 12
	tokenSigns  = 43
)

// keyName is under what the key that signs links is kept.
const keyName = "links"

// Limits on links that lead nowhere, by address.
const (
	BadLinks  = 60
	BadWindow = 15 * time.Minute
)

// badLink is the answer to every link that is not good, whatever the reason.
func badLink() error {
	return errs.New("outreach.open", errs.NotFound, "This link is not good any more. It may be mistyped, too old, or withdrawn. Ask whoever sent it for another.")
}

// mint makes a new link to the same thing and returns its token.
func (s *Service) mint(ctx context.Context, l Link) (string, error) {
	var b [randomBytes]byte
	_, _ = rand.Read(b[:]) // never fails
	tag, err := s.sign(ctx, l.Purpose, b[:])
	if err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString(append(b[:], tag...))
	l.Hash, l.MadeAt = hashOf(token), s.now()
	return token, s.Store.AddLink(ctx, l)
}

// sign is the signature over what a token is made of.
func (s *Service) sign(ctx context.Context, p Purpose, random []byte) ([]byte, error) {
	made := make([]byte, 32)
	_, _ = rand.Read(made) // never fails
	key, err := s.Store.Secret(ctx, keyName, made)
	if err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, key)
	fmt.Fprintf(m, "factcheck link 1 %s ", p)
	m.Write(random)
	return m.Sum(nil)[:signedBytes], nil
}

func hashOf(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// follow is what a token leads to. NotFound, in always the same words, if it is
// no good; TooMany if this address has tried too often in vain.
func (s *Service) follow(ctx context.Context, p Purpose, token, address string) (Link, error) {
	subject := "link:" + hashOf(network(address))
	n, oldest, err := s.Store.Failures(ctx, subject, s.now().Add(-BadWindow))
	if err != nil {
		return Link{}, err
	}
	if n >= BadLinks {
		return Link{}, errs.Newf("outreach.follow", errs.TooMany, "Too many links that lead nowhere were tried from here. Try again after %s.",
			oldest.Add(BadWindow).UTC().Format("15:04 UTC"))
	}
	l, err := s.lookUp(ctx, p, token)
	if errors.Is(err, errs.NotFound) {
		if err := s.Store.AddFailure(ctx, subject, s.now()); err != nil {
			return Link{}, err
		}
		return Link{}, badLink()
	}
	return l, err
}

// lookUp checks the signature before it asks the database.
func (s *Service) lookUp(ctx context.Context, p Purpose, token string) (Link, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(token) != tokenSigns {
		return Link{}, badLink()
	}
	tag, err := s.sign(ctx, p, raw[:randomBytes])
	if err != nil {
		return Link{}, err
	}
	if !hmac.Equal(tag, raw[randomBytes:]) {
		return Link{}, badLink()
	}
	hash := hashOf(token)
	l, err := s.Store.Link(ctx, hash)
	if err == nil && (subtle.ConstantTimeCompare([]byte(l.Hash), []byte(hash)) != 1 || l.Purpose != p) {
		err = badLink()
	}
	return l, err
}

// network is whose address a request comes from: an IPv4 address, or the /64 of
// an IPv6 address, which one customer has whole.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}
