package fetch

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Guard tells the public internet from everything else. Its zero value is the
// safe one: public addresses, ports 80 and 443. It is safe for concurrent use.
type Guard struct {
	// AllowLoopback lets it reach this machine, on any port. For tests only:
	// whoever may enter an address then reaches every local service.
	AllowLoopback bool
	// Allow are single addresses that may be reached although they are private.
	// For tests only.
	Allow []netip.AddrPort
}

// public is what the zero Guard lets through.
var public = ssrf.New()

// errPrivate and errPort are why an address is refused before anything is
// resolved.
var (
	errPrivate = errors.New("inside a private network")
	errPort    = errors.New("no web port")
)

// Refused reports whether err says that a Guard refused an address.
func Refused(err error) bool {
	for _, refusal := range []error{errPrivate, errPort, ssrf.ErrProhibitedIP, ssrf.ErrProhibitedNetwork, ssrf.ErrProhibitedPort} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// Dial opens a connection; Refused if the address that is really dialled may
// not be reached.
func (g Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Control: g.control}
	return d.DialContext(ctx, network, address)
}

func (g Guard) control(network, address string, _ syscall.RawConn) error {
	if ap, err := netip.ParseAddrPort(address); err == nil && g.allows(ap) {
		return nil
	}
	return public.Safe(network, address, nil)
}

func (g Guard) allows(ap netip.AddrPort) bool {
	ap = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	return g.AllowLoopback && ap.Addr().IsLoopback() || slices.Contains(g.Allow, ap)
}

// check is errPrivate or errPort if u is refused before anything is resolved.
func (g Guard) check(u *whatwg.Url) error {
	host := strings.TrimRight(u.Hostname(), ".")
	ip, isIP := Literal(host)
	ap, err := netip.ParseAddrPort(u.Host())
	switch {
	case isIP && err == nil && g.allows(ap), isIP && g.AllowLoopback && ip.Unmap().IsLoopback(), g.AllowLoopback && host == "localhost":
		return nil
	case isIP && public.SafeAddr(ip) != nil, isPrivateName(host):
		return errPrivate
	case u.Port() != "" && u.Port() != "80" && u.Port() != "443":
		return errPort
	}
	return nil
}
