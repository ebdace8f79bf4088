package watch

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"factcheck/internal/errs"
	"factcheck/internal/ingest"
)

// List is what a feed, a sitemap or a dump holds.
type List struct {
	Kind    Kind // Feed, Sitemap or, for a dump of fact-checks, Checks
	Title   string
	Items   []Item   // newest first, at most MaxItems; none of a dump
	Further []string // addresses of sitemaps, of an index: the newest, at most five
	Dropped int      // items that do not say where their page is
}

// ReadList reads a feed (RSS, Atom, JSON Feed), a sitemap, packed or not, or a
// dump of ClaimReviews. base is the address that it was fetched from, for links
// that are relative; it may be empty. Invalid with a sentence for anything else;
// for a page that names its feed, with that.
func ReadList(data []byte, base string) (List, error) {
	const op = "watch.ReadList"
	data, err := unpacked(data)
	if err != nil {
		return List{}, err
	}
	start := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case len(start) == 0:
		return List{}, errs.New(op, errs.Invalid, "The answer is empty. Check the address in a browser.")
	case start[0] == '{' || start[0] == '[':
		if bytes.Contains(start, []byte("jsonfeed.org/")) { // by its specification, in its version
			return readFeed(start, base)
		}
		if bytes.Contains(start, []byte("laimReview")) {
			return List{Kind: Checks}, nil
		}
		return List{}, errs.New(op, errs.Invalid, "This is data, but neither a feed nor fact-checks. Give the address of a feed or a sitemap.")
	case start[0] != '<':
		return List{}, errNoList(op, nil)
	}
	switch rootOf(start) {
	case "urlset", "sitemapindex":
		return readSitemap(start, base)
	case "rss", "feed", "RDF":
		return readFeed(start, base)
	}
	return List{}, noFeed(start, base)
}

func errNoList(op string, err error) error {
	return &errs.Error{Op: op, Kind: errs.Invalid, Err: err, Msg: "This is no feed and no sitemap. Look for “RSS”, “Atom” or “Feed” on the site, and give that address."}
}

// unpacked is data, or what is packed in it with gzip, as sitemaps often are.
func unpacked(data []byte) ([]byte, error) {
	const op = "watch.unpacked"
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errNoList(op, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, MaxList+1))
	switch {
	case err != nil:
		return nil, errNoList(op, err)
	case len(out) > MaxList:
		return nil, tooLarge(op, MaxList)
	}
	return out, nil
}

func tooLarge(op string, limit int) error {
	return errs.Newf(op, errs.TooLarge, "The list is larger than %d MB, which is the most that is looked at. Give a smaller one, such as that of the latest articles.", limit>>20)
}

func decoder(data []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	d.Strict = false
	return d
}

// rootOf is the local name of the first element of XML, or "".
func rootOf(data []byte) string {
	d := decoder(data)
	for {
		t, err := d.RawToken()
		if err != nil {
			return ""
		}
		if e, ok := t.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
}

func readFeed(data []byte, base string) (List, error) {
	f, err := gofeed.NewParser().Parse(bytes.NewReader(data))
	if err != nil {
		return List{}, errNoList("watch.readFeed", err)
	}
	l := List{Kind: Feed, Title: line(f.Title)}
	for _, it := range f.Items[:min(len(f.Items), MaxItems)] {
		address := absolute(base, cmp.Or(it.Link, it.GUID))
		if address == "" {
			l.Dropped++
			continue
		}
		one := Item{Key: keyOf(cmp.Or(strings.TrimSpace(it.GUID), address)), Address: address, Title: line(it.Title)}
		for _, t := range []*time.Time{it.PublishedParsed, it.UpdatedParsed} {
			if t != nil && one.At.IsZero() {
				one.At = t.UTC()
			}
		}
		l.Items = append(l.Items, one)
	}
	l.Items = newest(l.Items)
	return l, nil
}

// sitemapEntry is a page or, in an index, a sitemap. News has the fields of
// Google News sitemaps.
type sitemapEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    struct {
		Title string `xml:"title"`
		Date  string `xml:"publication_date"`
	} `xml:"news"`
}

// maxEntries bounds the work of one sitemap: the most that its protocol allows.
const maxEntries = 50_000

func readSitemap(data []byte, base string) (List, error) {
	l := List{Kind: Sitemap}
	var further []Item
	d := decoder(data)
	for n := 0; n < maxEntries; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return List{}, errNoList("watch.readSitemap", err)
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "url" && e.Name.Local != "sitemap" {
			continue
		}
		var s sitemapEntry
		if err := d.DecodeElement(&s, &e); err != nil {
			return List{}, errNoList("watch.readSitemap", err)
		}
		n++
		one := Item{Address: absolute(base, s.Loc), Title: line(s.News.Title), At: moment(cmp.Or(s.News.Date, s.LastMod))}
		one.Key = keyOf(one.Address)
		switch {
		case one.Address == "":
			l.Dropped++
		case e.Name.Local == "sitemap":
			further = append(further, one)
		default:
			l.Items = append(l.Items, one)
		}
	}
	l.Items = newest(l.Items)
	for _, f := range newest(further)[:min(len(further), maxIndexed)] {
		l.Further = append(l.Further, f.Address)
	}
	return l, nil
}

// newest sorts items, those without a date last and otherwise as they were, and
// leaves out the same item twice and what is over MaxItems.
func newest(items []Item) []Item {
	slices.SortStableFunc(items, func(a, b Item) int { return b.At.Compare(a.At) })
	seen := make(map[string]bool, len(items))
	items = slices.DeleteFunc(items, func(i Item) bool {
		twice := seen[i.Key]
		seen[i.Key] = true
		return twice
	})
	return items[:min(len(items), MaxItems)]
}

// moment reads a date as sitemaps write it (W3C date and time); zero if it is
// none.
func moment(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// absolute is a link as a canonical web address, or "" if it is none.
func absolute(base, link string) string {
	if link = strings.TrimSpace(link); link == "" { // else it were the list itself
		return ""
	}
	if b, err := url.Parse(base); err == nil && base != "" {
		u, err := b.Parse(link)
		if err != nil {
			return ""
		}
		link = u.String()
	}
	out, err := ingest.CanonicalURL(link)
	if err != nil {
		return ""
	}
	return out
}

func keyOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

// line is text on one line, at most maxTitle bytes.
func line(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\ufffd")), " ")
	if len(text) > maxTitle {
		text = strings.ToValidUTF8(text[:maxTitle], "") + "…"
	}
	return text
}

// noFeed is the refusal of a page, with the address of its feed if it names one.
func noFeed(data []byte, base string) error {
	const op = "watch.noFeed"
	z := html.NewTokenizer(bytes.NewReader(data[:min(len(data), 256<<10)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return errNoList(op, nil)
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom != atom.Link {
				continue
			}
			if at := absolute(base, feedIn(t.Attr)); at != "" && at != base {
				return errs.Newf(op, errs.Invalid, "This is a page, not a feed. It names this feed: %s Give that address.", at)
			}
		}
	}
}

// feedIn is the address of a <link> that leads to a feed, or "".
func feedIn(attrs []html.Attribute) string {
	at := map[string]string{}
	for _, a := range attrs {
		at[a.Key] = a.Val
	}
	kind := strings.ToLower(at["type"])
	if !strings.Contains(strings.ToLower(at["rel"]), "alternate") || !strings.Contains(kind, "rss") && !strings.Contains(kind, "atom") && !strings.Contains(kind, "feed+json") {
		return ""
	}
	return at["href"]
}
