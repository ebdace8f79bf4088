package fetch

import (
	"net/netip"
	"strings"
	"unicode"

	whatwg "github.com/nlnwa/whatwg-url/url"

	"factcheck/internal/errs"
)

// MaxAddress is how many bytes an address may have; longer ones are no page's.
const MaxAddress = 2048

// privateNames are domains that never lead to the public internet (RFC 6761,
// RFC 6762, RFC 8375, and the ICANN reservation of internal).
var privateNames = []string{"localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion"}

// Parse reads raw as a browser would. Errors: Invalid for what no page can be
// fetched from, whatever its host: see Usable; and for line ends, control
// characters and backslashes that hide where an address leads.
func Parse(raw string) (*whatwg.Url, error) {
	const op = "fetch.Parse"
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return nil, errs.New(op, errs.Invalid, "Enter the address. It starts with https://")
	}
	if len(raw) > MaxAddress {
		return nil, errs.Newf(op, errs.Invalid, "The address is %d characters long; at most %d fit. Remove what follows the question mark.", len(raw), MaxAddress)
	}
	// A browser drops line ends inside an address; here they are an attempt to
	// hide where it leads.
	if strings.ContainsFunc(raw, unicode.IsControl) {
		return nil, errs.New(op, errs.Invalid, "The address holds a line end or a control character. Copy it again from the browser.")
	}
	// A browser reads \ as /, other programs read on to the @ after it.
	if end := strings.IndexAny(raw+"?", "?#"); strings.Contains(raw[:end], `\`) {
		return nil, errs.New(op, errs.Invalid, `The address holds a backslash (\). Copy it again from the browser.`)
	}
	u, err := whatwg.Parse(raw)
	if err == nil {
		_, err = whatwg.Parse(u.Href(false)) // some hosts are taken once and refused in the form they were given: “≠”
	}
	if err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "This is not a web address. It starts with https://, as in https://example.org/news", Err: err}
	}
	return u, Usable(u)
}

// Usable is Invalid unless u is an http or https address that names a host and
// holds no user name or password.
func Usable(u *whatwg.Url) error {
	const op = "fetch.Usable"
	switch {
	case u.Scheme() != "http" && u.Scheme() != "https":
		return errs.New(op, errs.Invalid, "Only addresses that start with https:// or http:// can be read.")
	case u.Username() != "" || u.Password() != "":
		return errs.New(op, errs.Invalid, "The address holds a user name or password (before the @). Remove it.")
	case strings.Trim(u.Hostname(), ".") == "":
		return errs.New(op, errs.Invalid, "The address names no site. It looks like https://example.org/news")
	}
	return nil
}

// Literal is host as an IP address, if it is one.
func Literal(host string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return ip, err == nil
}

// isPrivateName reports whether host is a name that only means something inside
// a private network: reserved, or without a dot.
func isPrivateName(host string) bool {
	host = strings.TrimRight(host, ".")
	if _, isIP := Literal(host); isIP {
		return false
	}
	for _, name := range privateNames {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}
