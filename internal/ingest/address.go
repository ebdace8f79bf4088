package ingest

import (
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"

	"factcheck/internal/fetch"
)

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

// CanonicalURL is the form under which an address is known: as a browser reads
// it, with the host in lower-case ASCII, without default port, fragment and
// tracking parameters. It is idempotent. Errors: Invalid if raw is not an http
// or https address of at most 2048 bytes, or holds a user name or password.
func CanonicalURL(raw string) (string, error) {
	u, err := fetch.Parse(raw)
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

// sourceOf is the canonical address of the page at address, which says that its
// own is link. Errors: Invalid for an address that is refused.
func sourceOf(address, link string) (string, error) {
	u, err := fetch.Parse(address)
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
	if err != nil || fetch.Usable(l) != nil || len(l.Href(true)) > fetch.MaxAddress || !sameSite(u, l) {
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
	_, isIP := fetch.Literal(a.Hostname())
	return errX == nil && errY == nil && x == y && !isIP
}

// siteName is the host of an address without "www."; it stands for the
// publisher where a page names none.
func siteName(address string) string {
	u, err := fetch.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimRight(u.Hostname(), "."), "www.")
}
