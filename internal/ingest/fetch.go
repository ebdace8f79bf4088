package ingest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

// FetchOptions are the limits of a Fetcher. The zero value is the safe one.
type FetchOptions struct {
	// Timeout is for a whole fetch, all redirects included. 0 means fetch.DefaultTimeout.
	Timeout time.Duration
	// AllowLoopback lets it reach this machine, on any port. For tests only:
	// whoever may enter an address then reaches every local service.
	AllowLoopback bool
}

// Fetcher fetches pages from the public internet only; see fetch.Client. It is
// safe for concurrent use. Make one with NewFetcher.
type Fetcher struct {
	client *fetch.Client
}

// NewFetcher returns a Fetcher with the limits of opts.
func NewFetcher(opts FetchOptions) *Fetcher {
	return &Fetcher{&fetch.Client{
		Guard:   fetch.Guard{AllowLoopback: opts.AllowLoopback},
		Timeout: opts.Timeout,
		Accept:  "text/html, application/xhtml+xml, text/plain;q=0.9, " + pdfType + ";q=0.7, text/*;q=0.5",
		Advice:  fetch.Advice{Else: "paste the text", Open: "Open it in a browser and paste its text."},
	}}
}

// page is what was fetched.
type page struct {
	address     string // after redirects
	contentType string
	data        []byte
}

// fetch returns the page at address. Errors: Invalid for an address that is
// refused and for what is not text, TooLarge, Upstream, Canceled.
func (f *Fetcher) fetch(ctx context.Context, address string) (page, error) {
	res, err := f.client.Get(ctx, fetch.Request{Address: address, Limit: claims.MaxArticleBytes, Check: checkAnswer})
	if err != nil {
		return page{}, err
	}
	p := page{address: res.Address, contentType: res.Header.Get("Content-Type"), data: res.Body}
	return p, checkSize("ingest.fetch", "page", len(p.data))
}

// checkAnswer refuses what cannot be an article before it is read.
func checkAnswer(host string, res *http.Response) error {
	const op = "ingest.fetch"
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNonAuthoritativeInfo {
		return badStatus(host, res.StatusCode)
	}
	if err := checkType(res.Header.Get("Content-Type")); err != nil {
		return err
	}
	if enc := res.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return errs.Newf(op, errs.Upstream, "%s sent the page packed in a way that was not asked for. Open it in a browser and paste its text.", host)
	}
	if res.ContentLength > claims.MaxArticleBytes {
		return checkSize(op, "page", int(min(res.ContentLength, 1<<40)))
	}
	return nil
}

// checkType is Invalid for what a server declares to be nothing that is read here. A missing
// type is decided by the bytes.
func checkType(contentType string) error {
	t := mediaType(contentType)
	if t == "" || t == "application/xhtml+xml" || t == pdfType || t == wordType || strings.HasPrefix(t, "text/") && t != "text/rtf" {
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
