package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blocks are the elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Caption: true, atom.Center: true,
	atom.Dd: true, atom.Details: true, atom.Dialog: true, atom.Dir: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true,
	atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Header: true, atom.Hgroup: true, atom.Hr: true, atom.Html: true, atom.Legend: true, atom.Li: true,
	atom.Main: true, atom.Menu: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Search: true, atom.Section: true,
	atom.Summary: true, atom.Table: true, atom.Ul: true,
}

// What divides blocks, lines and table cells; clean folds repetitions.
const (
	blockBreak = "\n\n"
	lineBreak  = "\n"
	cellBreak  = " | "
)

// blockText is the canonical text of the tree under n: a blank line between
// blocks, a line end for br and table rows, " | " between cells.
func blockText(n *html.Node) string {
	var w blockWriter
	w.node(n)
	return clean(w.String())
}

type blockWriter struct {
	strings.Builder
	pre    int // inside this many pre elements
	quotes int // inside this many q elements
}

func (w *blockWriter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
	case html.DocumentNode:
		w.children(n)
	case html.ElementNode:
		w.element(n)
	}
}

func (w *blockWriter) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// lineEnds are white space in a page and line ends in a text.
var lineEnds = strings.NewReplacer("\n", " ", "\r", " ", "\v", " ", "\f", " ", "\u0085", " ", "\u2028", " ", "\u2029", " ")

func (w *blockWriter) text(s string) {
	if w.pre > 0 {
		w.WriteString(s)
		return
	}
	w.WriteString(lineEnds.Replace(s))
}

func (w *blockWriter) element(n *html.Node) {
	switch a := n.DataAtom; {
	case dropped[a], a == atom.Head, a == atom.Title:
	case a == atom.Br:
		w.WriteString(lineBreak)
	case a == atom.Pre:
		w.pre++
		w.between(blockBreak, n)
		w.pre--
	case a == atom.Q:
		w.quotation(n)
	case a == atom.Tr:
		w.row(n)
	case a == atom.Del, a == atom.Ins:
		w.between(" ", n) // "12" struck out and "14" put in is not "1214"
	case blocks[a]:
		w.between(blockBreak, n)
	default:
		w.children(n)
	}
}

func (w *blockWriter) between(mark string, n *html.Node) {
	w.WriteString(mark)
	w.children(n)
	w.WriteString(mark)
}

// quotation writes the marks that browsers draw around a q element.
func (w *blockWriter) quotation(n *html.Node) {
	open, end := "“", "”"
	if w.quotes%2 == 1 {
		open, end = "‘", "’"
	}
	w.quotes++
	w.WriteString(open)
	w.children(n)
	w.WriteString(end)
	w.quotes--
}

// row writes the cells of a table row in one line, unless they hold blocks: then
// the table only lays out a page.
func (w *blockWriter) row(n *html.Node) {
	if holdsBlock(n) {
		w.between(blockBreak, n)
		return
	}
	w.WriteString(lineBreak)
	first := true
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			if !first {
				w.WriteString(cellBreak)
			}
			first = false
		}
		w.node(c)
	}
}

func holdsBlock(n *html.Node) bool {
	for c := range n.Descendants() {
		if blocks[c.DataAtom] {
			return true
		}
	}
	return false
}
