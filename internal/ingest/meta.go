package ingest

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what a page says about itself.
type meta struct {
	title, publisher, author, lang, link string
	published                            time.Time
}

// Where a page may say it, best first. Names are those of meta elements, lower
// case; JSON-LD goes before all of them.
var (
	titleNames     = []string{"og:title", "twitter:title", "dc.title", "headline", "parsely-title"}
	publisherNames = []string{"og:site_name", "application-name", "dc.publisher", "publisher"}
	authorNames    = []string{"author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author"}
	dateNames      = []string{"article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.created", "dc.date", "sailthru.date", "pubdate", "publishdate", "date"}
	langNames      = []string{"og:locale", "content-language", "dc.language", "language"}
)

// scan is what metaOf collects in one walk.
type scan struct {
	named           map[string][]string // by lower-case name of meta elements
	linked          linkedData
	title, h1, time string
	lang, canonical string
}

// metaOf reads the metadata of a page.
func metaOf(root *html.Node) meta {
	s := scan{named: map[string][]string{}}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			s.element(n)
		}
	}
	m := meta{
		publisher: cmp.Or(s.linked.publisher, s.first(publisherNames)),
		author:    cmp.Or(s.linked.author, s.people(authorNames)),
		link:      cmp.Or(s.canonical, s.first([]string{"og:url"})),
	}
	m.title = withoutSite(cmp.Or(s.linked.title, s.first(titleNames)), m.publisher)
	m.title = cmp.Or(m.title, s.h1, withoutSite(s.title, m.publisher))
	m.lang = cmp.Or(langTag(s.lang), langTag(s.first(langNames)), langTag(s.linked.lang))
	for _, value := range slices.Concat([]string{s.linked.published}, s.all(dateNames), []string{s.time, s.linked.pageDate}) {
		if m.published.IsZero() {
			m.published = parseTime(value)
		}
	}
	return m
}

// fill adds what the readability rules found where the page itself says
// nothing.
func (m *meta) fill(found readability.Article) {
	m.title = cmp.Or(m.title, found.Title())
	m.author = cmp.Or(m.author, nameIn(found.Byline()))
	m.publisher = cmp.Or(m.publisher, found.SiteName())
	m.lang = cmp.Or(m.lang, langTag(found.Language()))
}

const maxMetaValues = 20 // of one name

func (s *scan) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		s.lang = cmp.Or(attr(n, "lang"), attr(n, "xml:lang"))
	case atom.Meta:
		name := strings.ToLower(strings.TrimSpace(cmp.Or(attr(n, "property"), attr(n, "name"), attr(n, "itemprop"), attr(n, "http-equiv"))))
		if value := strings.TrimSpace(attr(n, "content")); value != "" && len(s.named[name]) < maxMetaValues {
			s.named[name] = append(s.named[name], value)
		}
	case atom.Link:
		if s.canonical == "" && strings.EqualFold(attr(n, "rel"), "canonical") {
			s.canonical = strings.TrimSpace(attr(n, "href"))
		}
	case atom.Title:
		s.title = cmp.Or(s.title, textOf(n))
	case atom.H1:
		s.h1 = cmp.Or(s.h1, textOf(n))
	case atom.Time, atom.Abbr, atom.Span:
		s.clock(n)
	case atom.Script:
		if strings.EqualFold(mediaType(attr(n, "type")), "application/ld+json") && n.FirstChild != nil {
			s.linked.read(n.FirstChild.Data)
		}
	}
}

// clock keeps the first time of the page, or the one marked as its date.
func (s *scan) clock(n *html.Node) {
	value := cmp.Or(attr(n, "datetime"), attr(n, "content"), attr(n, "title"))
	marked := hasAttr(n, "pubdate") || strings.EqualFold(attr(n, "itemprop"), "datePublished") || attr(n, "class") == "published" // hAtom
	if value != "" && (marked || n.DataAtom == atom.Time && s.time == "") {
		s.time = value
	}
}

func (s *scan) all(names []string) []string {
	var values []string
	for _, name := range names {
		values = append(values, s.named[name]...)
	}
	return values
}

func (s *scan) first(names []string) string {
	for _, v := range s.all(names) {
		if v != "" {
			return v
		}
	}
	return ""
}

// people joins the values of the first name that has some, without links to
// profiles.
func (s *scan) people(names []string) string {
	for _, name := range names {
		var people []string
		for _, v := range s.named[name] {
			people = addPerson(people, v)
		}
		if len(people) > 0 {
			return strings.Join(people, "; ")
		}
	}
	return ""
}

func addPerson(people []string, name string) []string {
	name = withoutBy(oneLine(html.UnescapeString(name), 100))
	if name == "" || strings.Contains(name, "://") || strings.HasPrefix(name, "@") || len(people) >= maxMetaValues {
		return people
	}
	for _, p := range people {
		if p == name {
			return people
		}
	}
	return append(people, name)
}

// withoutBy is a byline without the word before the name.
func withoutBy(byline string) string {
	byline = strings.TrimSpace(byline)
	for _, word := range []string{"by ", "von ", "par ", "por ", "di ", "door ", "av "} {
		if len(byline) > len(word) && strings.EqualFold(byline[:len(word)], word) {
			return strings.TrimSpace(byline[len(word):])
		}
	}
	return byline
}

// nameIn is the name in a byline of a page's text, empty if it is not one:
// "By Isla Marren · 3 September 2025" is "Isla Marren".
func nameIn(byline string) string {
	byline = oneLine(byline, 100)
	if end := strings.IndexAny(byline, "0123456789·|•"); end >= 0 {
		byline = byline[:end]
	}
	byline = withoutBy(strings.Trim(byline, " ,;:–—-"))
	if n := len(strings.Fields(byline)); n > 8 || strings.EqualFold(byline, "by") {
		return ""
	}
	return byline
}

// withoutSite is title without a publisher's name at its end.
func withoutSite(title, publisher string) string {
	title = strings.TrimSpace(title)
	if publisher == "" {
		return title
	}
	for _, divider := range []string{" | ", " - ", " – ", " — ", " · ", " :: "} {
		if cut, ok := strings.CutSuffix(title, divider+publisher); ok && cut != "" {
			return cut
		}
	}
	return title
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
		if b.Len() > 4096 {
			break
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// linkedData is what JSON-LD says about the article. The first block that names
// an article wins; a later one fills gaps.
type linkedData struct {
	title, publisher, author, lang, published string
	pageDate                                  string // of the page that holds the article
	blocks                                    int
}

// Bounds on JSON-LD.
const (
	maxLinkedData = 512 << 10 // bytes of one block
	maxBlocks     = 32
	maxGraphDepth = 8
)

// read adds one JSON-LD block. Blocks that are no JSON are common and ignored.
func (l *linkedData) read(block string) {
	l.blocks++
	if len(block) > maxLinkedData || l.blocks > maxBlocks {
		return
	}
	block = strings.TrimSpace(block)
	block = strings.TrimSuffix(strings.TrimPrefix(block, "<![CDATA["), "]]>")
	var value any
	if json.Unmarshal([]byte(block), &value) == nil {
		l.value(value, maxGraphDepth)
	}
}

// value finds articles in arrays, graphs and what a page is about.
func (l *linkedData) value(value any, depth int) {
	if depth == 0 {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			l.value(item, depth-1)
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			l.article(v)
		}
		if v["@type"] == "WebPage" {
			l.pageDate = cmp.Or(l.pageDate, str(v["datePublished"]))
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			l.value(v[key], depth-1)
		}
	}
}

// isArticle reports whether a schema.org type is one of the articles:
// NewsArticle, ReportageNewsArticle, BlogPosting, LiveBlogPosting, Report, …
func isArticle(value any) bool {
	for _, t := range list(value) {
		name, _ := t.(string)
		name = name[strings.LastIndexAny(name, "/:")+1:]
		if strings.HasSuffix(name, "Article") || strings.HasSuffix(name, "BlogPosting") || name == "Report" || name == "SocialMediaPosting" {
			return true
		}
	}
	return false
}

func (l *linkedData) article(v map[string]any) {
	l.title = cmp.Or(l.title, str(v["headline"]), str(v["name"]))
	l.published = cmp.Or(l.published, str(v["datePublished"]), str(v["dateCreated"]))
	l.lang = cmp.Or(l.lang, name(v["inLanguage"]))
	l.publisher = cmp.Or(l.publisher, name(v["publisher"]))
	if l.author == "" {
		var people []string
		for _, a := range list(v["author"]) {
			people = addPerson(people, name(a))
		}
		l.author = strings.Join(people, "; ")
	}
}

// list is value, or what it lists.
func list(value any) []any {
	if many, ok := value.([]any); ok {
		return many
	}
	return []any{value}
}

// str is a string without markup, empty for anything else.
func str(value any) string {
	s, _ := value.(string)
	return strings.TrimSpace(html.UnescapeString(s))
}

// name is a string, or the name of a thing, or that of the first of several.
func name(value any) string {
	first := list(value)
	if len(first) == 0 {
		return ""
	}
	if thing, ok := first[0].(map[string]any); ok {
		return cmp.Or(str(thing["name"]), str(thing["alternateName"]))
	}
	return str(first[0])
}

// timeLayouts are tried in turn. Dates such as 03/04/2025 are not: they mean
// different days in different countries.
var timeLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05-07", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST",
	"2006-01-02T15:04:05 MST", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "20060102", "2006/01/02",
	time.RFC1123Z, time.RFC1123, time.RFC850, time.ANSIC, time.RubyDate, time.UnixDate,
	"January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006",
}

// parseTime is s in UTC, zero if it is no time that is understood for sure. A
// time without a zone is taken for UTC.
func parseTime(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) > 64 {
		return time.Time{}
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil && sane(t) {
			return utc(t)
		}
	}
	return time.Time{}
}

// dayInPath finds /2025/09/03/ in an address.
var dayInPath = regexp.MustCompile(`/(\d{4}/\d{2}/\d{2})(?:/|$)`)

// dateInAddress is the day that an address names, zero if it names none. Many
// news sites put it there and nowhere else.
func dateInAddress(address string) time.Time {
	path, _, _ := strings.Cut(address, "?")
	if m := dayInPath.FindStringSubmatch(path); m != nil {
		return parseTime(m[1])
	}
	return time.Time{}
}

// sane keeps out years that are slips of the pen and that databases and JSON
// cannot hold.
func sane(t time.Time) bool { return 1600 <= t.Year() && t.Year() <= 2500 }
