package ingest

import (
	"net/netip"
	"strings"
	"unicode"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"

	"factcheck/internal/errs"
)

const maxAddress = 2048 // bytes; longer ones are no article's

// trackers are query parameters that say where a reader came from and never
// which article is shown. Collected from the manuals of the analytics and
// newsletter services that set them.
var trackers = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "srsltid": true, "_ga": true, "_gl": true, // Meta, Google
	"msclkid": true, "yclid": true, "twclid": true, "ttclid": true, "li_fat_id": true, "igshid": true, "igsh": true, "mibextid": true, "epik": true, "__twitter_impression": true,
	"mc_cid": true, "mc_eid": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true, "__hssc": true, "__hstc": true, "__hsfp": true, "hsctatracking": true, "vero_id": true, "vero_conv": true,
	"oly_anon_id": true, "oly_enc_id": true, "rb_clickid": true, "s_cid": true, "s_kwcid": true, "ef_id": true, "wickedid": true, "_openstat": true, "xtor": true,
	"ocid": true, "ncid": true, "cmpid": true, "smid": true, "ftag": true, "guccounter": true, "guce_referrer": true, "guce_referrer_sig": true,
}

var trackerPrefixes = []string{"utm_", "mtm_", "pk_", "piwik_", "hsa_", "at_", "ns_"}

// privateNames are domains that never lead to the public internet (RFC 6761,
// RFC 6762, RFC 8375, and the ICANN reservation of internal).
var privateNames = []string{"localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion"}

// CanonicalURL is the form under which an address is known: as a browser reads
// it, with the host in lower-case ASCII, without default port, fragment and
// tracking parameters. It is idempotent. Errors: Invalid if raw is not an http
// or https address of at most 2048 bytes, or holds a user name or password.
func CanonicalURL(raw string) (string, error) {
	u, err := parseAddress(raw)
	if err != nil {
		return "", err
	}
	return canonical(u), nil
}

func canonical(u *whatwg.Url) string {
	u = u.Clone()
	u.SetHostname(strings.TrimRight(u.Hostname(), "."))
	query := untracked(u.Query())
	if query != "" {
		query = "?" + query // SetSearch takes one off
	}
	u.SetSearch(query)
	return u.Href(true)
}

// untracked is query without tracking parameters. The others keep their order
// and spelling: some servers care.
func untracked(query string) string {
	kept := make([]string, 0, 8)
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if part != "" && !isTracker(strings.ToLower(name)) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

func isTracker(name string) bool {
	for _, prefix := range trackerPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return trackers[name]
}

// parseAddress reads raw as a browser would, and is Invalid for what no article
// can be fetched from whatever its host.
func parseAddress(raw string) (*whatwg.Url, error) {
	const op = "ingest.parseAddress"
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return nil, errs.New(op, errs.Invalid, "Enter the address of the article. It starts with https://")
	}
	if len(raw) > maxAddress {
		return nil, errs.Newf(op, errs.Invalid, "The address is %d characters long; at most %d fit. Remove what follows the question mark, or paste the text.", len(raw), maxAddress)
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
	if err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "This is not a web address. It starts with https://, as in https://example.org/news", Err: err}
	}
	return u, checkAddress(u)
}

func checkAddress(u *whatwg.Url) error {
	const op = "ingest.checkAddress"
	switch {
	case u.Scheme() != "http" && u.Scheme() != "https":
		return errs.New(op, errs.Invalid, "Only addresses that start with https:// or http:// can be read.")
	case u.Username() != "" || u.Password() != "":
		return errs.New(op, errs.Invalid, "The address holds a user name or password (before the @). Remove it, or paste the text.")
	case strings.Trim(u.Hostname(), ".") == "":
		return errs.New(op, errs.Invalid, "The address names no site. It looks like https://example.org/news")
	}
	return nil
}

// isPrivateName reports whether host is a name that only means something inside
// a private network: reserved, or without a dot.
func isPrivateName(host string) bool {
	host = strings.TrimRight(host, ".")
	if _, isIP := literal(host); isIP {
		return false
	}
	for _, name := range privateNames {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}

// literal is host as an IP address, if it is one.
func literal(host string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return ip, err == nil
}

// sourceOf is the canonical address of the page at address, which says that its
// own is link. Errors: Invalid for an address that is refused.
func sourceOf(address, link string) (string, error) {
	u, err := parseAddress(address)
	if err != nil {
		return "", err
	}
	if own := ownAddress(u, link); own != nil {
		return canonical(own), nil
	}
	return canonical(u), nil
}

// ownAddress is link, given by the page at u, if it is to be believed: a page
// speaks only for its own site, and a site whose every page names the front
// page says nothing. Otherwise nil.
func ownAddress(u *whatwg.Url, link string) *whatwg.Url {
	if link == "" {
		return nil
	}
	l, err := u.Parse(link)
	if err != nil || checkAddress(l) != nil || len(l.Href(true)) > maxAddress || !sameSite(u, l) {
		return nil
	}
	if l.Pathname() == "/" && u.Pathname() != "/" {
		return nil
	}
	return l
}

// sameSite reports whether two addresses are of one registrable domain.
func sameSite(a, b *whatwg.Url) bool {
	if a.Host() == b.Host() {
		return true
	}
	x, errX := publicsuffix.EffectiveTLDPlusOne(a.Hostname())
	y, errY := publicsuffix.EffectiveTLDPlusOne(b.Hostname())
	_, isIP := literal(a.Hostname())
	return errX == nil && errY == nil && x == y && !isIP
}

// siteName is the host of an address without "www."; it stands for the
// publisher where a page names none.
func siteName(address string) string {
	u, err := parseAddress(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimRight(u.Hostname(), "."), "www.")
}
