package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	whatwg "github.com/nlnwa/whatwg-url/url"

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

// Advice completes the sentences for the person.
type Advice struct {
	Else string // what to do instead, in lower case: "paste the text"
	Open string // a sentence for a page that only a browser is shown: "Open it in a browser and paste its text."
}

// Client fetches pages from the public internet only. It uses no proxy, keeps
// no cookies and no connections, and sends no credentials. It is safe for
// concurrent use.
type Client struct {
	Guard   Guard
	Timeout time.Duration // of a whole fetch, all redirects included; 0 means DefaultTimeout
	Accept  string        // what is asked for, as in the header of that name
	Advice  Advice
	// Record keeps what goes over the wire. It asks in HTTP/1.1, for what is not
	// packed, so that what is kept can be read by anybody.
	Record bool

	roots *x509.CertPool // for tests; nil means those that this machine trusts
}

// Request is one page to fetch.
type Request struct {
	Address string
	Limit   int // bytes of the body, unpacked
	// Header is what is asked for beside the address: what a server said of
	// itself before, such as an ETag. Every hop is sent it: no secrets.
	Header http.Header
	// Check looks at the last answer before its body is read, and may refuse it.
	// nil takes every answer. host is for sentences.
	Check func(host string, res *http.Response) error
}

// Response is what was fetched.
type Response struct {
	Address   string // after redirects
	Status    int
	Header    http.Header
	Body      []byte     // at most Limit+1 bytes: one more than the limit says that there was more
	Exchanges []Exchange // every hop, first to last; none unless Client.Record
}

// Get fetches a page, whatever its status; redirects are followed. Errors:
// Invalid for an address that is refused, Upstream, Canceled, and those of
// Check.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	const op = "fetch.Get"
	limited, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	u, err := c.check(r.Address)
	if err != nil {
		return nil, err
	}
	res := &Response{}
	first := u
	for range MaxRedirects + 1 {
		next, err := c.visit(limited, u, r, res)
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, errs.Wrap(op, errs.Canceled, ctx.Err())
		}
		if err != nil {
			return nil, err
		}
		if next == nil {
			return res, nil
		}
		u = next
	}
	return nil, errs.Newf(op, errs.Upstream, "%s redirected more than %d times. %s", first.Host(), MaxRedirects, c.Advice.Open)
}

func (c *Client) timeout() time.Duration {
	if c.Timeout <= 0 {
		return DefaultTimeout
	}
	return c.Timeout
}

// check is the address that raw stands for, or Invalid if it is refused before
// anything is resolved.
func (c *Client) check(raw string) (*whatwg.Url, error) {
	const op = "fetch.check"
	u, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	switch err := c.Guard.check(u); {
	case errors.Is(err, errPort):
		return nil, errs.Newf(op, errs.Invalid, "The address asks for port %s. Only the usual web ports 80 and 443 can be read; %s instead.", u.Port(), c.Advice.Else)
	case err != nil:
		return nil, c.private(op, u.Host(), err)
	}
	return u, nil
}

// visit asks for one address: it fills in res, or returns where the address
// redirects to.
func (c *Client) visit(ctx context.Context, u *whatwg.Url, r Request, res *Response) (*whatwg.Url, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.Href(true), nil)
	if err != nil {
		return nil, &errs.Error{Op: "fetch.visit", Kind: errs.Invalid, Msg: "This address cannot be read. Copy it again from the browser, or " + c.Advice.Else + ".", Err: err}
	}
	for name, values := range r.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", c.Accept)
	var t *tape
	if c.Record {
		t = newTape(r.Limit)
		req.Header.Set("Accept-Encoding", "identity")
	}
	answer, err := c.transport(t).RoundTrip(req)
	if err != nil {
		return nil, c.explain(u, err)
	}
	next, err := c.read(u, r, answer, t, res)
	answer.Body.Close()
	if err == nil && t != nil {
		res.Exchanges = append(res.Exchanges, t.exchange(u.Href(true)))
	}
	return next, err
}

// read fills in res from the last answer, or returns where it redirects to.
func (c *Client) read(u *whatwg.Url, r Request, answer *http.Response, t *tape, res *Response) (*whatwg.Url, error) {
	if isRedirect(answer.StatusCode) {
		if t != nil { // what it says beside its address belongs to the record
			if _, err := io.CopyN(io.Discard, answer.Body, maxHeaderBytes); err == nil {
				t.shorten()
			}
		}
		return c.redirect(u, answer.Header.Get("Location"))
	}
	if r.Check != nil {
		if err := r.Check(u.Host(), answer); err != nil {
			return nil, err
		}
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, int64(r.Limit)+1))
	if err != nil {
		return nil, c.explain(u, err)
	}
	res.Address, res.Status, res.Header, res.Body = u.Href(true), answer.StatusCode, answer.Header, data
	return nil, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// redirect is the checked address that u redirects to.
func (c *Client) redirect(u *whatwg.Url, location string) (*whatwg.Url, error) {
	const op = "fetch.redirect"
	next, err := u.Parse(location)
	if location == "" || err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Upstream, Err: err,
			Msg: fmt.Sprintf("%s redirected to an address that does not exist. %s", u.Host(), c.Advice.Open)}
	}
	checked, err := c.check(next.Href(true))
	if err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Err: err,
			Msg: fmt.Sprintf("%s redirected to an address that is refused. %s", u.Host(), errs.Message(err))}
	}
	return checked, nil
}

// transport is for one visit. It is used directly: a client would follow and
// parse redirects its own way.
func (c *Client) transport(t *tape) *http.Transport {
	tr := &http.Transport{
		Proxy:                  nil, // it would resolve names where no guard looks
		DialContext:            c.Guard.Dial,
		TLSHandshakeTimeout:    c.timeout(),
		ResponseHeaderTimeout:  c.timeout(),
		MaxResponseHeaderBytes: maxHeaderBytes,
		DisableKeepAlives:      true,
		ForceAttemptHTTP2:      true,
	}
	if t != nil {
		tr.ForceAttemptHTTP2 = false
		tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return t.on(c.Guard.Dial(ctx, network, address))
		}
		tr.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return t.on(c.dialTLS(ctx, network, address))
		}
	}
	return tr
}

// dialTLS opens a connection of which the inside can be recorded.
func (c *Client) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.Guard.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	secure := tls.Client(conn, &tls.Config{RootCAs: c.roots, ServerName: host, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}
