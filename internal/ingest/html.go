package ingest

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Bounds on a page. The parser itself gives up beyond 512 open elements.
const (
	maxElements = 100_000 // a long live blog has 20,000; each costs about 150 bytes, several times over
	minReadable = 250     // code points; less makes the readability rules try again, less strictly
)

// readHTML returns the article of a page that was found at address ("" for a
// file), and the canonical address that the page gives for itself.
func readHTML(doc document, address string) (claims.Article, string, error) {
	const op = "ingest.readHTML"
	root, err := parse(doc.text)
	if err != nil {
		return claims.Article{}, "", err
	}
	m := metaOf(root)
	shorten(root)
	prune(root)
	text, found, err := readable(root, address)
	if err != nil {
		return claims.Article{}, "", err
	}
	if doc.lossy && strings.ContainsRune(text, utf8.RuneError) {
		return claims.Article{}, "", errs.New(op, errs.Invalid, "The page's text holds bytes that are no characters in its charset. Open it in a browser and paste its text.")
	}
	if text == "" {
		return claims.Article{}, "", errs.New(op, errs.Invalid, "No article text was found on the page. Open it in a browser and paste its text.")
	}
	m.fill(found)
	if m.published.IsZero() {
		m.published = dateInAddress(address)
	}
	title := oneLine(m.title, claims.MaxName)
	return claims.Article{
		Title:       title,
		Publisher:   oneLine(m.publisher, claims.MaxName),
		Author:      oneLine(m.author, claims.MaxName),
		Lang:        m.lang,
		MediaType:   "text/html",
		PublishedAt: m.published,
		Text:        withoutTitle(text, title),
	}, m.link, nil
}

// withoutTitle is text without a first line that only repeats the title: pages
// differ in whether the rules take their headline for a part of the article.
func withoutTitle(text, title string) string {
	first, rest, found := strings.Cut(text, "\n\n")
	if found && strings.EqualFold(first, title) {
		return rest
	}
	return text
}

// parse returns the tree of a page after checking that it is no bomb.
func parse(text string) (*html.Node, error) {
	const op = "ingest.parse"
	if n := countTags(text); n > maxElements {
		return nil, errs.Newf(op, errs.TooLarge, "The page has more than %d elements; no article has. Paste the article's text instead.", maxElements)
	}
	root, err := html.Parse(bytes.NewReader(plainFormatting(text)))
	if err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Err: err,
			Msg: "The page is nested deeper than any article is. Paste the article's text instead."}
	}
	return root, nil
}

// countTags counts what may become an element or a comment.
func countTags(text string) int {
	n := 0
	for i := range len(text) - 1 {
		if next := text[i+1]; text[i] == '<' && (isLetter(next) || next == '!' || next == '?') {
			n++
		}
	}
	return n
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// formatting are the elements that the HTML parser opens again in every block
// while they are not closed (its "active formatting elements", without a). A
// few hundred unclosed ones before many paragraphs multiply the tree by as
// much: 5 MB of page become gigabytes.
var formatting = map[string]bool{"b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true,
	"s": true, "small": true, "strike": true, "strong": true, "tt": true, "u": true}

// plainFormatting renames formatting elements to wbr, which holds nothing and
// is never opened again; the text does not need them. It works on bytes, so
// that no difference in what a comment or a script is can hide one from it.
func plainFormatting(text string) []byte {
	var out bytes.Buffer
	out.Grow(len(text) + len(text)/16)
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			out.WriteString(text)
			return out.Bytes()
		}
		i++
		if i < len(text) && text[i] == '/' {
			i++
		}
		out.WriteString(text[:i])
		text = text[i:]
		n := tagNameLen(text)
		if n > 0 && formatting[strings.ToLower(text[:n])] {
			out.WriteString("wbr")
			text = text[n:]
		}
	}
}

// tagNameLen is the length of the tag name at the start of text, 0 if it is
// longer than a formatting element's or does not end.
func tagNameLen(text string) int {
	const longest = len("strike")
	for i := range min(len(text), longest+1) {
		if b := text[i]; b == '>' || b == '/' || isSpaceByte(b) {
			return i
		}
	}
	return 0
}

// maxHeadValue is how many bytes of a title or a meta element the readability
// rules get to see: their patterns take long over megabytes.
const maxHeadValue = 2048

// shorten cuts what the head of a page says about itself to maxHeadValue.
func shorten(root *html.Node) {
	for n := range root.Descendants() {
		switch {
		case n.DataAtom == atom.Meta:
			for i := range n.Attr {
				n.Attr[i].Val = cut(n.Attr[i].Val)
			}
		case n.Type == html.TextNode && n.Parent.DataAtom == atom.Title:
			n.Data = cut(n.Data)
		}
	}
}

func cut(s string) string {
	if len(s) <= maxHeadValue {
		return s
	}
	return strings.ToValidUTF8(s[:maxHeadValue], "")
}

// readable returns the canonical text of the article in root, and what the
// readability rules found about it. It falls back to the whole page where the
// rules find no article. root is used up.
func readable(root *html.Node, address string) (text string, found readability.Article, err error) {
	// One page on which the library fails must not stop the program; a test of
	// hostile pages has found none.
	defer func() {
		if p := recover(); p != nil {
			text, err = "", errs.New("ingest.readable", errs.Invalid, "The page is not built as a page is. Paste the article's text instead.")
		}
	}()
	var base *url.URL
	if address != "" {
		base, _ = url.Parse(address) // nil is fine: it only completes links
	}
	parser := readability.NewParser()
	parser.CharThresholds = minReadable
	parser.DisableJSONLD = true // metaOf reads more of it
	found, err = parser.ParseDocument(root, base)
	if err != nil {
		return "", found, errs.Wrap("ingest.readable", errs.Invalid, err)
	}
	if found.Node != nil {
		text = blockText(found.Node)
	}
	if text == "" {
		text = blockText(root)
	}
	return text, found, nil
}

// dropped are elements whose content is never text of an article.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true,
	atom.Iframe: true, atom.Frameset: true, atom.Noframes: true, atom.Noembed: true, atom.Object: true, atom.Embed: true, atom.Applet: true,
	atom.Audio: true, atom.Video: true, atom.Canvas: true, atom.Map: true,
	atom.Button: true, atom.Input: true, atom.Select: true, atom.Textarea: true, atom.Datalist: true, atom.Option: true, atom.Progress: true, atom.Meter: true,
	atom.Rt: true, atom.Rp: true, // how to read the word before it
	atom.Dialog: true, atom.Nav: true, atom.Aside: true, atom.Footer: true,
}

// prune removes from root what nobody sees or what belongs to the site and not
// to the article, before rules weigh it.
func prune(root *html.Node) {
	for n := root.FirstChild; n != nil; {
		next := n.NextSibling
		switch {
		case n.Type == html.CommentNode:
			root.RemoveChild(n)
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Footer && root.DataAtom == atom.Blockquote:
			n.Data, n.DataAtom = "p", atom.P // who is quoted
			prune(n)
		case dropped[n.DataAtom], n.Data == "svg", hidden(n), furniture(n), dateline(n):
			root.RemoveChild(n)
		default:
			prune(n)
		}
		n = next
	}
}

// hidden reports whether an element is not shown, as far as the page itself
// says without its style sheets.
func hidden(n *html.Node) bool {
	if n.DataAtom == atom.Html || n.DataAtom == atom.Body {
		removeAttr(n, "style") // pages that fade in; the rules would drop them whole
		return false
	}
	if hasAttr(n, "hidden") || strings.EqualFold(attr(n, "aria-hidden"), "true") {
		return true
	}
	for class := range strings.FieldsSeq(attr(n, "class")) {
		switch strings.ToLower(class) {
		case "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader", "d-none", "is-hidden":
			return true
		}
	}
	return hidesByStyle(attr(n, "style"))
}

func hidesByStyle(style string) bool {
	for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
		name, value, _ := strings.Cut(declaration, ":")
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch strings.TrimSpace(name) {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				return true
			}
		case "font-size":
			if n, ok := length(value); ok && n == 0 {
				return true
			}
		case "left", "top", "text-indent":
			if n, ok := length(value); ok && n <= offScreen {
				return true
			}
		}
	}
	return false
}

// offScreen is how far out of the page, in any unit, something is put that
// nobody is meant to see.
const offScreen = -900

// length is the number of a CSS length.
func length(value string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimRight(value, "%abcdefghijklmnopqrstuvwxyz"), 64)
	return n, err == nil
}

// noticeWords in an id or class mark what asks the reader to agree, subscribe
// or share.
var noticeWords = []string{"cookie", "consent", "gdpr", "onetrust", "usercentrics", "didomi", "newsletter", "paywall-prompt", "share-bar", "sharebar", "social-share", "skip-link"}

const maxNotice = 3000 // bytes; more text is an article about such things

// furniture reports whether an element is a notice, a menu or a dialogue.
func furniture(n *html.Node) bool {
	switch strings.ToLower(attr(n, "role")) {
	case "dialog", "alertdialog", "navigation", "menu", "menubar", "search", "contentinfo", "banner":
		return !holdsArticle(n)
	}
	switch n.DataAtom {
	case atom.Html, atom.Head, atom.Body, atom.Main, atom.Article:
		return false
	}
	name := strings.ToLower(attr(n, "id") + " " + attr(n, "class"))
	for _, word := range noticeWords {
		if strings.Contains(name, word) {
			return !holdsArticle(n) && textLen(n, maxNotice) < maxNotice
		}
	}
	return false
}

// dateline reports whether n is a time that stands alone in its block: when the
// page was published, not what it says.
func dateline(n *html.Node) bool {
	if n.DataAtom != atom.Time {
		return false
	}
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		alone := c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" || c.Type == html.CommentNode || c.DataAtom == atom.Time || c.DataAtom == atom.Br
		if !alone {
			return false
		}
	}
	return true
}

func holdsArticle(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Article, atom.Main, atom.H1:
		return true
	}
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Article, atom.Main, atom.H1:
			return true
		}
	}
	return false
}

// textLen is the length of the text in n in bytes; counting stops at limit.
func textLen(n *html.Node, limit int) int {
	total := 0
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			total += len(c.Data)
		}
		if total >= limit {
			break
		}
	}
	return total
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
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

func removeAttr(n *html.Node, key string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
			return
		}
	}
}
