package export

import (
	"bytes"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"factcheck/internal/review"
)

// Rationale is a rationale drawn as readers will see it.
type Rationale struct{ HTML template.HTML }

// DrawRationale draws Markdown that cites pieces of evidence by their numbers.
func DrawRationale(markdown string, evidence []review.Evidence) (Rationale, error) {
	cited := map[int]bool{}
	for _, e := range evidence {
		cited[e.Number] = true
	}
	drawn, err := rationaleHTML(markdown, "", cited)
	return Rationale{drawn}, err
}

// rationaleHTML is Markdown as HTML that can stand on any page: headings begin
// at the third level, a citation such as [1] leads to that piece of evidence,
// and nothing is loaded from elsewhere. HTML in the text stays text. prefix is
// put before the ids that citations lead to.
//
// This is one of the few places that make a template.HTML. It is safe because
// the Markdown parser knows no raw HTML, and the policy lets through only the
// elements and attributes listed in it.
func rationaleHTML(markdown, prefix string, cited map[int]bool) (template.HTML, error) {
	md := goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(without[parser.BlockParser](parser.DefaultBlockParsers(), parser.NewHTMLBlockParser())...),
			parser.WithInlineParsers(append(without[parser.InlineParser](parser.DefaultInlineParsers(), parser.NewRawHTMLParser()),
				util.Prioritized(citation{prefix, cited}, beforeLinks))...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithASTTransformers(util.Prioritized(tame{}, 0)),
		)),
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.Linkify),
	)
	var b bytes.Buffer
	if err := md.Convert([]byte(markdown), &b); err != nil {
		return "", err
	}
	return template.HTML(policy().SanitizeBytes(b.Bytes())), nil
}

// without is all but the parser of that type.
func without[T any](all []util.PrioritizedValue, unwanted T) []util.PrioritizedValue {
	var kept []util.PrioritizedValue
	for _, p := range all {
		if p.Value != any(unwanted) {
			kept = append(kept, p)
		}
	}
	return kept
}

// policy is what may be in a rationale.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "em", "del", "blockquote", "ul", "ol", "li", "code", "pre",
		"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(?:left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(?:#[a-z0-9-]*evidence-[0-9]+|https?://.+|mailto:.+)$`)).OnElements("a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^cite$`)).OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true) // for #evidence-1; the pattern above refuses the others
	p.RequireParseableURLs(true)
	return p
})

// beforeLinks is the priority of citations: [1] is one before it can be the
// beginning of a link, which has 200.
const beforeLinks = 150

// citation parses [1] and [1, 2].
type citation struct {
	prefix string
	cited  map[int]bool // numbers that lead somewhere; the others stay text
}

func (citation) Trigger() []byte { return []byte{'['} }

var citePattern = regexp.MustCompile(`^\[[0-9]{1,4}(?:, ?[0-9]{1,4})*\]`)

func (c citation) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	found := citePattern.Find(line)
	if found == nil || bytes.HasPrefix(line[len(found):], []byte("(")) {
		return nil
	}
	numbers := strings.Split(string(found[1:len(found)-1]), ",")
	for _, n := range numbers {
		if v, err := strconv.Atoi(strings.TrimSpace(n)); err != nil || !c.cited[v] {
			return nil
		}
	}
	block.Advance(len(found))
	for _, n := range numbers[:len(numbers)-1] {
		parent.AppendChild(parent, c.link(strings.TrimSpace(n)))
	}
	return c.link(strings.TrimSpace(numbers[len(numbers)-1]))
}

func (c citation) link(n string) ast.Node {
	link := ast.NewLink()
	link.Destination = []byte("#" + c.prefix + "evidence-" + n)
	link.SetAttributeString("class", []byte("cite"))
	link.AppendChild(link, ast.NewString([]byte("["+n+"]")))
	return link
}

// tame puts the highest heading right below those of the page, and makes a
// picture a link to it: a report loads nothing from elsewhere.
type tame struct{}

// firstHeading is the level of the highest heading; the page has two above it.
const firstHeading = 3

func (tame) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var headings []*ast.Heading
	var pictures []*ast.Image
	highest := 6
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			headings = append(headings, n)
			highest = min(highest, n.Level)
		case *ast.Image:
			pictures = append(pictures, n)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return // the walker above returns none
	}
	for _, h := range headings {
		h.Level = min(h.Level-highest+firstHeading, 6)
	}
	for _, p := range pictures {
		link := ast.NewLink()
		link.Destination = p.Destination
		for child := p.FirstChild(); child != nil; child = p.FirstChild() {
			link.AppendChild(link, child)
		}
		p.Parent().ReplaceChild(p.Parent(), p, link)
	}
}
