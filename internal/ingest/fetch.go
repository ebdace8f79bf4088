package ingest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
	whatwg "github.com/nlnwa/whatwg-url/url"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Limits of one fetch.
const (
	DefaultTimeout = 15 * time.Second // whole fetch: names, connections, redirects, body
	MaxRedirects   = 5
	maxHeaderBytes = 64 << 10
)

// userAgent says what asks. It claims to be no browser.
const userAgent = "factcheck (fact-checking desk; reads a page when a person asks for it)"

// FetchOptions are the limits of a Fetcher. The zero value is the safe one.
type FetchOptions struct {
	// Timeout is for a whole fetch, all redirects included. 0 means DefaultTimeout.
	Timeout time.Duration
	// AllowLoopback lets it reach this machine, on any port. For tests only:
	// whoever may enter an address then reaches every local service.
	AllowLoopback bool
}

// Fetcher fetches pages from the public internet only. Every address is checked
// when it is entered, after each redirect, and once more when a connection is
// opened, where a name cannot resolve to something else any more. It uses no
// proxy, keeps no cookies and no connections, and sends no credentials. It is
// safe for concurrent use. Make one with NewFetcher.
type Fetcher struct {
	transport *http.Transport // used directly: a client would follow and parse redirects its own way
	guard     *ssrf.Guardian
	timeout   time.Duration
	loopback  bool
}

// NewFetcher returns a Fetcher with the limits of opts.
func NewFetcher(opts FetchOptions) *Fetcher {
	f := &Fetcher{
		guard:    ssrf.New(), // ports 80 and 443, public addresses
		timeout:  opts.Timeout,
		loopback: opts.AllowLoopback,
	}
	if f.timeout <= 0 {
		f.timeout = DefaultTimeout
	}
	dialer := &net.Dialer{Timeout: f.timeout, Control: f.control}
	f.transport = &http.Transport{
		Proxy:                  nil, // it would resolve names where no guard looks
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    f.timeout,
		ResponseHeaderTimeout:  f.timeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		DisableKeepAlives:      true,
		ForceAttemptHTTP2:      true,
	}
	return f
}

// page is what was fetched.
type page struct {
	address     string // after redirects
	contentType string
	data        []byte
}

// control refuses a connection to what is not public. It sees the address that
// is really dialled.
func (f *Fetcher) control(network, address string, _ syscall.RawConn) error {
	if ap, err := netip.ParseAddrPort(address); err == nil && f.isAllowedLoopback(ap.Addr()) {
		return nil
	}
	return f.guard.Safe(network, address, nil)
}

func (f *Fetcher) isAllowedLoopback(ip netip.Addr) bool {
	return f.loopback && ip.Unmap().IsLoopback()
}

// fetch returns the page at address. Errors: Invalid for an address that is
// refused and for what is not text, TooLarge, Upstream, Canceled.
func (f *Fetcher) fetch(ctx context.Context, address string) (page, error) {
	const op = "ingest.fetch"
	limited, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	u, err := f.check(address)
	if err != nil {
		return page{}, err
	}
	first := u
	for range MaxRedirects + 1 {
		p, next, err := f.visit(limited, u)
		if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
			return page{}, errs.Wrap(op, errs.Canceled, ctx.Err())
		}
		if err != nil || next == nil {
			return p, err
		}
		u = next
	}
	return page{}, errs.Newf(op, errs.Upstream, "%s redirected more than %d times. Open the article in a browser and paste its text.", first.Host(), MaxRedirects)
}

// check is the address that raw stands for, or Invalid if it is refused before
// anything is resolved.
func (f *Fetcher) check(raw string) (*whatwg.Url, error) {
	const op = "ingest.check"
	u, err := parseAddress(raw)
	if err != nil {
		return nil, err
	}
	host := strings.TrimRight(u.Hostname(), ".")
	ip, isIP := literal(host)
	switch {
	case isIP && f.isAllowedLoopback(ip), f.loopback && host == "localhost":
		return u, nil
	case isIP && f.guard.SafeAddr(ip) != nil, isPrivateName(host):
		return nil, private(op, u.Host(), nil)
	case u.Port() != "" && u.Port() != "80" && u.Port() != "443":
		return nil, errs.Newf(op, errs.Invalid, "The address asks for port %s. Only the usual web ports 80 and 443 can be read; paste the text instead.", u.Port())
	}
	return u, nil
}

func private(op, host string, cause error) error {
	return &errs.Error{Op: op, Kind: errs.Invalid, Err: cause,
		Msg: fmt.Sprintf("%s is inside a private network, not on the public internet. Paste the text instead.", host)}
}

// visit asks for one address: a page, or where it redirects to.
func (f *Fetcher) visit(ctx context.Context, u *whatwg.Url) (page, *whatwg.Url, error) {
	const op = "ingest.visit"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.Href(true), nil)
	if err != nil {
		return page{}, nil, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "This address cannot be read. Copy it again from the browser, or paste the text.", Err: err}
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "text/html, application/xhtml+xml, text/plain;q=0.9, text/*;q=0.5")
	res, err := f.transport.RoundTrip(req)
	if err != nil {
		return page{}, nil, f.explain(u, err)
	}
	defer res.Body.Close()
	if isRedirect(res.StatusCode) {
		next, err := f.redirect(u, res.Header.Get("Location"))
		return page{}, next, err
	}
	p, err := f.body(u, res)
	return p, nil, err
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// redirect is the checked address that u redirects to.
func (f *Fetcher) redirect(u *whatwg.Url, location string) (*whatwg.Url, error) {
	const op = "ingest.redirect"
	next, err := u.Parse(location)
	if location == "" || err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Upstream, Err: err,
			Msg: fmt.Sprintf("%s redirected to an address that does not exist. Open the article in a browser and paste its text.", u.Host())}
	}
	checked, err := f.check(next.Href(true))
	if err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Err: err,
			Msg: fmt.Sprintf("%s redirected to an address that is refused. %s", u.Host(), errs.Message(err))}
	}
	return checked, nil
}

// body reads a page of at most claims.MaxArticleBytes, unpacked.
func (f *Fetcher) body(u *whatwg.Url, res *http.Response) (page, error) {
	const op = "ingest.body"
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNonAuthoritativeInfo {
		return page{}, badStatus(u.Host(), res.StatusCode)
	}
	contentType := res.Header.Get("Content-Type")
	if err := checkType(contentType); err != nil {
		return page{}, err
	}
	if enc := res.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return page{}, errs.Newf(op, errs.Upstream, "%s sent the page packed in a way that was not asked for. Open it in a browser and paste its text.", u.Host())
	}
	if res.ContentLength > claims.MaxArticleBytes {
		return page{}, checkSize(op, "page", int(min(res.ContentLength, 1<<40)))
	}
	data, err := readLimited(res.Body)
	if err != nil {
		return page{}, f.explain(u, err)
	}
	return page{address: u.Href(true), contentType: contentType, data: data}, checkSize(op, "page", len(data))
}

// checkType is Invalid for what a server declares to be no text. A missing
// type is decided by the bytes.
func checkType(contentType string) error {
	t := mediaType(contentType)
	if t == "" || t == "application/xhtml+xml" || strings.HasPrefix(t, "text/") && t != "text/rtf" {
		return nil
	}
	return refuse(t)
}

func badStatus(host string, status int) error {
	advice := "Try again later, or paste the text."
	switch status {
	case http.StatusNotFound, http.StatusGone:
		advice = "Check the address: the page is not there."
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		advice = "It does not show the page to us. Open it in a browser and paste its text."
	}
	name := http.StatusText(status)
	if name != "" {
		name = " (" + name + ")"
	}
	return errs.Newf("ingest.fetch", errs.Upstream, "%s answered %d%s. %s", host, status, name, advice)
}

// explain gives a failed request its kind and sentence.
func (f *Fetcher) explain(u *whatwg.Url, err error) error {
	const op = "ingest.fetch"
	if errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) || errors.Is(err, ssrf.ErrProhibitedPort) {
		return private(op, u.Host(), err)
	}
	return &errs.Error{Op: op, Kind: errs.Upstream, Err: err, Msg: u.Host() + " " + f.reason(err)}
}

// reason completes a sentence that starts with the name of the site.
func (f *Fetcher) reason(err error) string {
	var (
		timeout   net.Error
		noName    *net.DNSError
		noTrust   *tls.CertificateVerificationError
		noTLS     tls.RecordHeaderError
		alert     tls.AlertError
		authority x509.UnknownAuthorityError
		wrongName x509.HostnameError
	)
	switch {
	case errors.As(err, &noName) && noName.IsNotFound:
		return "does not exist. Check the address for a typing mistake."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("did not answer within %s. Try again later, or paste the text.", words(f.timeout))
	case errors.As(err, &noName):
		return "could not be looked up. Check that this machine can reach the internet, or paste the text."
	case errors.As(err, &wrongName), errors.As(err, &authority), errors.As(err, &noTrust):
		return "could not prove that it is that site: its certificate is not valid. Open it in a browser and paste its text."
	case errors.As(err, &noTLS), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return "does not speak HTTPS as it should. Open it in a browser and paste its text."
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "could not be reached. Try again later, or paste the text."
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "broke off before the whole page had arrived. Try again later, or paste the text."
	}
	return "could not be read. Try again later, or open it in a browser and paste its text."
}

// words writes a duration as "15 seconds" where it is whole seconds.
func words(d time.Duration) string {
	if d%time.Second != 0 {
		return d.String()
	}
	if d == time.Second {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", d/time.Second)
}
