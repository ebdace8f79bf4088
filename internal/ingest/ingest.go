package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Input is what an article is read from: either URL, or Data.
type Input struct {
	URL         string // web address to fetch
	Data        []byte // bytes of a file or of a pasted text
	Name        string // file name of Data, for its extension; may be empty
	ContentType string // declared type of Data, such as "text/plain; charset=utf-8"; may be empty

	// What a person knows of Data; what is given wins over what is found in it.
	FoundAt   string // web address where it was published; may be empty
	Publisher string
	Published time.Time
}

// Reader reads articles. The zero value fetches from the public internet with
// the default limits. It is safe for concurrent use.
type Reader struct {
	Client *Fetcher // nil means NewFetcher(FetchOptions{})
}

// Read returns the article of in without ID, Version, AddedAt and AddedBy. Its
// Source is the canonical address, or "sha256:…" of the text when it was not
// fetched. Errors: Invalid if it cannot be used, TooLarge if it is over
// claims.MaxArticleBytes or has too many elements, Upstream if another site
// failed, Canceled if ctx was.
func (r *Reader) Read(ctx context.Context, in Input) (claims.Article, error) {
	const op = "ingest.Read"
	switch {
	case in.URL != "" && len(in.Data) > 0:
		return claims.Article{}, errs.New(op, errs.Invalid, "Give an address or a text, not both.")
	case in.URL != "":
		return r.fromAddress(ctx, in.URL)
	}
	if err := ctx.Err(); err != nil {
		return claims.Article{}, errs.Wrap(op, errs.Canceled, err)
	}
	art, _, err := read(ctx, source{data: in.Data, name: in.Name, contentType: in.ContentType})
	if err != nil {
		return claims.Article{}, err
	}
	return told(art, in)
}

// told is the article with what the person knows of it. Invalid if FoundAt is
// no web address.
func told(art claims.Article, in Input) (claims.Article, error) {
	art.Source = "sha256:" + art.SHA256
	if in.FoundAt != "" {
		source, err := CanonicalURL(in.FoundAt)
		if err != nil {
			return art, err
		}
		art.Source, art.URL = source, strings.TrimSpace(in.FoundAt)
	}
	if name := oneLine(in.Publisher, claims.MaxName); name != "" {
		art.Publisher = name
	}
	if !in.Published.IsZero() {
		art.PublishedAt = in.Published
	}
	return art, nil
}

func (r *Reader) fromAddress(ctx context.Context, address string) (claims.Article, error) {
	client := r.Client
	if client == nil {
		client = NewFetcher(FetchOptions{})
	}
	p, err := client.fetch(ctx, address)
	if err != nil {
		return claims.Article{}, err
	}
	art, link, err := read(ctx, source{data: p.data, contentType: p.contentType, address: p.address})
	if err != nil {
		return claims.Article{}, err
	}
	art.URL = strings.TrimSpace(address)
	art.Source, err = sourceOf(p.address, link)
	if art.Publisher == "" {
		art.Publisher = siteName(p.address)
	}
	return art, err
}

// ReadAll returns all of r if it is at most claims.MaxArticleBytes, and never
// reads more than one byte beyond that. Errors: TooLarge; Invalid if r fails.
func ReadAll(r io.Reader) ([]byte, error) {
	const op = "ingest.ReadAll"
	data, err := readLimited(r)
	if err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "The file could not be read to its end. Try again.", Err: err}
	}
	return data, checkSize(op, "text", len(data))
}

func readLimited(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, claims.MaxArticleBytes+1))
}

// checkSize is TooLarge if n bytes of what are over the limit. One byte more
// than the limit is where reading stopped: the whole size is not known then.
func checkSize(op, what string, n int) error {
	const limit = claims.MaxArticleBytes
	switch {
	case n <= limit:
		return nil
	case n == limit+1:
		return errs.Newf(op, errs.TooLarge, "The %s is larger than %s, which is the most that can be read. Paste the part that matters.", what, megabytes(limit))
	}
	return errs.Newf(op, errs.TooLarge, "The %s is %s large; at most %s can be read. Paste the part that matters.", what, megabytes(n), megabytes(limit))
}

// megabytes writes n as "5 MB" or, rounded up so that it never looks like less
// than it is, "5.1 MB".
func megabytes(n int) string {
	const mb = 1 << 20
	if n%mb == 0 {
		return fmt.Sprintf("%d MB", n/mb)
	}
	tenths := (n*10 + mb - 1) / mb
	return fmt.Sprintf("%d.%d MB", tenths/10, tenths%10)
}

// source is what one article is read from.
type source struct {
	data        []byte
	name        string
	contentType string
	address     string // after redirects; empty if it was not fetched
}

// read returns the article of src without URL and Source, and the canonical
// address that a page gives for itself, if any.
func read(ctx context.Context, src source) (claims.Article, string, error) {
	const op = "ingest.Read"
	what := "text"
	if src.address != "" {
		what = "page"
	}
	if len(bytes.TrimSpace(src.data)) == 0 {
		return claims.Article{}, "", empty(src)
	}
	doc, err := recognise(src)
	if err != nil {
		return claims.Article{}, "", err
	}
	if doc.other == "" {
		err = checkSize(op, what, len(src.data))
	}
	if err != nil {
		return claims.Article{}, "", err
	}
	art, link, err := written(ctx, doc, src)
	if err != nil {
		return claims.Article{}, "", err
	}
	if art.Text == "" {
		return claims.Article{}, "", empty(src)
	}
	if err := checkSize(op, what, len(art.Text)); err != nil {
		return claims.Article{}, "", err
	}
	if art.Lang == "" {
		art.Lang = detectLang(art.Text)
	}
	sum := sha256.Sum256([]byte(art.Text))
	art.SHA256 = hex.EncodeToString(sum[:])
	return art, link, nil
}

// written is the article of doc, by what it is.
func written(ctx context.Context, doc document, src source) (art claims.Article, link string, err error) {
	switch {
	case doc.other == pdfType:
		art, err = readPrinted(ctx, src.data)
	case doc.other == wordType:
		art, err = readWord(src.data)
	case doc.html:
		return readHTML(doc, src.address)
	default:
		art = readText(doc.text)
	}
	return art, "", err
}

func empty(src source) error {
	const op = "ingest.Read"
	if src.address != "" {
		return errs.New(op, errs.Invalid, "The page at this address has no text. Open it in a browser and paste the article's text.")
	}
	return errs.New(op, errs.Invalid, "There is no text in it. Paste the article's text, or give its address.")
}

// utc is t in UTC without a part of a second: no source gives more.
func utc(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
