package library

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"factcheck/internal/errs"
)

// maxPage is how large a page of HTML may be, in bytes.
const maxPage = 16 << 20

// readPage reads the ClaimReviews of one page of HTML: those in its JSON-LD
// blocks, whichever of them are broken, and those in its microdata.
func readPage(r io.Reader, o Options) (Item, error) {
	const op = "library.readPage"
	data, err := io.ReadAll(io.LimitReader(r, maxPage+1))
	if err != nil {
		return Item{}, fmt.Errorf("read page: %w", err)
	}
	if len(data) > maxPage {
		return Item{}, errs.Newf(op, errs.TooLarge, "The page is larger than %d MB.", maxPage>>20)
	}
	decoded, err := charset.NewReader(bytes.NewReader(data), "text/html")
	if err == nil {
		data, err = io.ReadAll(decoded)
	}
	if err != nil {
		return Item{}, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "The page is in no encoding that can be read.", Err: err}
	}
	p := page{base: o.Page}
	if root, err := html.Parse(bytes.NewReader(data)); err == nil {
		p.walk(root, nil, 0)
	} else { // nested too deeply for a tree
		p.scan(html.NewTokenizer(bytes.NewReader(data)))
	}
	return p.item(), nil
}

// scan collects what a page says of itself and its JSON-LD, without a tree and
// so without microdata.
func (p *page) scan(z *html.Tokenizer) {
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			n := &html.Node{Type: html.ElementNode, DataAtom: t.DataAtom, Data: t.Data, Attr: t.Attr}
			if kind == html.StartTagToken && (t.DataAtom == atom.Script || t.DataAtom == atom.Title) && z.Next() == html.TextToken {
				n.AppendChild(&html.Node{Type: html.TextNode, Data: z.Token().Data})
			}
			p.head(n)
		}
	}
}

// page is what was found in a page of HTML.
type page struct {
	base, canonical, og  string // address: given, of its canonical link, of og:url
	title, ogTitle, lang string
	blocks               []string // of JSON-LD
	items                []any    // of microdata
}

// maxTree is how deep a page is looked into.
const maxTree = 3000

// walk collects from a tree; in is the item of microdata around n.
func (p *page) walk(n *html.Node, in object, depth int) {
	if depth > maxTree {
		return
	}
	if n.Type == html.ElementNode {
		p.head(n)
		in = p.microdata(n, in)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c, in, depth+1)
	}
}

// head notes what a page says of itself.
func (p *page) head(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		p.lang = firstText(p.lang, langOf(attr(n, "lang")))
	case atom.Title:
		p.title = firstText(p.title, plain(inner(n)))
	case atom.Base:
		p.base = firstText(address(attr(n, "href"), p.base), p.base)
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") {
			p.canonical = firstText(p.canonical, attr(n, "href"))
		}
	case atom.Meta:
		switch strings.ToLower(attr(n, "property")) {
		case "og:url":
			p.og = firstText(p.og, attr(n, "content"))
		case "og:title":
			p.ogTitle = firstText(p.ogTitle, plain(attr(n, "content")))
		}
	case atom.Script:
		kind, _, _ := strings.Cut(strings.ToLower(attr(n, "type")), ";")
		if strings.TrimSpace(kind) == "application/ld+json" {
			p.blocks = append(p.blocks, inner(n))
		}
	}
}

// microdata adds what n says about the item around it, and returns the item
// that its children are about.
func (p *page) microdata(n *html.Node, in object) object {
	names := strings.Fields(attr(n, "itemprop"))
	if !hasAttr(n, "itemscope") {
		if in != nil {
			for _, name := range names {
				add(in, name, propertyOf(n, name))
			}
		}
		return in
	}
	item := object{}
	if t := strings.Fields(attr(n, "itemtype")); len(t) > 0 {
		item["@type"] = t[0]
	}
	if id := attr(n, "itemid"); id != "" {
		item["@id"] = id
	}
	if in == nil || len(names) == 0 {
		p.items = append(p.items, item)
		return item
	}
	for _, name := range names {
		add(in, name, item)
	}
	return item
}

// add adds a value to a property; a second one makes it a list.
func add(o object, name string, v any) {
	switch was := o[name].(type) {
	case nil:
		o[name] = v
	case []any:
		o[name] = append(was, v)
	default:
		o[name] = []any{was, v}
	}
}

// links are the properties whose value is where an element leads, not what it
// says.
var links = map[string]bool{
	"url": true, "sameAs": true, "appearance": true, "firstAppearance": true, "image": true, "logo": true, "mainEntityOfPage": true,
	"contentUrl": true, "embedUrl": true, "isPartOf": true, "citation": true,
}

// propertyOf is the value of a property of microdata: in an attribute if it
// has one for it, else what a reader sees.
func propertyOf(n *html.Node, name string) string {
	if v := attr(n, "content"); v != "" {
		return v
	}
	switch n.DataAtom {
	case atom.Time:
		if v := attr(n, "datetime"); v != "" {
			return v
		}
	case atom.Data, atom.Meter:
		if v := attr(n, "value"); v != "" {
			return v
		}
	}
	if links[name] {
		for _, key := range []string{"href", "src", "data"} {
			if v := attr(n, key); v != "" {
				return v
			}
		}
	}
	if seen := plain(inner(n)); seen != "" || links[name] {
		return seen
	}
	return firstText(attr(n, "href"), attr(n, "alt"))
}

// item reads what was collected.
func (p *page) item() Item {
	s := scope{title: firstText(p.ogTitle, p.title), lang: p.lang}
	s.page = firstText(address(p.canonical, p.base), address(p.og, p.base))
	if s.page == "" {
		s.page = p.base
	} else if rel := address(p.canonical, s.page); rel != "" {
		s.page = rel // a relative canonical address is one of og:url's site
	}
	var it Item
	values := append(p.parse(&it), p.items...)
	s.index(values, 0)
	s.collect(values, &it)
	for i := range it.Rejected {
		it.Rejected[i].Line = max(1, it.Rejected[i].Line)
	}
	if len(it.Checks)+len(it.Rejected) == 0 {
		it.Skipped = 1
	}
	return it
}

// parse reads the JSON-LD blocks. A broken one is told of only if it could
// have been a ClaimReview: pages carry all sorts of them.
func (p *page) parse(it *Item) []any {
	var values []any
	for i, block := range p.blocks {
		s := newSplitter(strings.NewReader(unwrap(block)), Position{})
		for {
			c, err := s.next()
			if errors.Is(err, io.EOF) || err != nil {
				break
			}
			v, why := decode(c.raw)
			switch {
			case why == "":
				values = append(values, v)
			case mentionsReview(c.raw):
				it.Rejected = append(it.Rejected, Rejected{Why: fmt.Sprintf("Block %d of JSON-LD holds a ClaimReview that cannot be read. %s", i+1, why)})
				values = append(values, p.rest(c.raw)...)
			}
		}
	}
	return values
}

// rest are the reviews that a broken one took with it.
func (p *page) rest(raw []byte) []any {
	var values []any
	starts := pieces(raw)
	for i := 1; i < len(starts); i++ {
		to := len(raw)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		if v, why := decode(bytes.TrimRight(raw[starts[i]:to], ", \t\r\n]")); why == "" {
			values = append(values, v)
		}
	}
	return values
}

// wrappers are what scripts hide their text in from browsers of long ago.
var wrappers = []string{"//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "//]]>", "/*]]>*/", "]]>", "<!--", "//-->", "-->"}

// unwrap takes comments and CDATA away from around a block.
func unwrap(block string) string {
	block = trimBOM(strings.TrimSpace(block))
	for again := true; again; {
		again = false
		for _, w := range wrappers {
			was := len(block)
			block = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(block, w), w))
			again = again || len(block) < was
		}
	}
	return block
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// inner is the text inside an element.
func inner(n *html.Node) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode {
		return c.Data
	}
	var b strings.Builder
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil && depth < maxTree && b.Len() < maxRecord; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.DataAtom == atom.Script, c.DataAtom == atom.Style:
			default:
				if c.DataAtom == atom.Br || c.DataAtom == atom.P || c.DataAtom == atom.Div {
					b.WriteByte(' ')
				}
				walk(c, depth+1)
			}
		}
	}
	walk(n, 0)
	return b.String()
}
