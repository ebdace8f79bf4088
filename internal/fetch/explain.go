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
	"strings"
	"syscall"
	"time"

	whatwg "github.com/nlnwa/whatwg-url/url"

	"factcheck/internal/errs"
)

func (c *Client) private(op, host string, cause error) error {
	instead := strings.ToUpper(c.Advice.Else[:min(1, len(c.Advice.Else))]) + c.Advice.Else[min(1, len(c.Advice.Else)):]
	return &errs.Error{Op: op, Kind: errs.Invalid, Err: cause,
		Msg: fmt.Sprintf("%s is inside a private network, not on the public internet. %s instead.", host, instead)}
}

// explain gives a failed request its kind and sentence.
func (c *Client) explain(u *whatwg.Url, err error) error {
	const op = "fetch.Get"
	if Refused(err) {
		return c.private(op, u.Host(), err)
	}
	return &errs.Error{Op: op, Kind: errs.Upstream, Err: err, Msg: u.Host() + " " + c.reason(err)}
}

// NoSuchName reports whether err says that the name of a site does not exist.
func NoSuchName(err error) bool {
	var noName *net.DNSError
	return errors.As(err, &noName) && noName.IsNotFound
}

// reason completes a sentence that starts with the name of the site.
func (c *Client) reason(err error) string {
	var (
		timeout   net.Error
		noName    *net.DNSError
		noTrust   *tls.CertificateVerificationError
		noTLS     tls.RecordHeaderError
		alert     tls.AlertError
		authority x509.UnknownAuthorityError
		wrongName x509.HostnameError
	)
	later := "Try again later, or " + c.Advice.Else + "."
	switch {
	case NoSuchName(err):
		return "does not exist. Check the address for a typing mistake."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("did not answer within %s. %s", words(c.timeout()), later)
	case errors.As(err, &noName):
		return "could not be looked up. Check that this machine can reach the internet, or " + c.Advice.Else + "."
	case errors.As(err, &wrongName), errors.As(err, &authority), errors.As(err, &noTrust):
		return "could not prove that it is that site: its certificate is not valid. " + c.Advice.Open
	case errors.As(err, &noTLS), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return "does not speak HTTPS as it should. " + c.Advice.Open
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "could not be reached. " + later
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "broke off before the whole page had arrived. " + later
	}
	return "could not be read. " + later
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
