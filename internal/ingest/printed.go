package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

const pdfType = "application/pdf"

// Bounds on reading a PDF. The program that reads it is a process of its own,
// with a time and a memory that the shell takes care of.
const (
	printedTimeout = 60 * time.Second
	printedScript  = `ulimit -v 2097152; ulimit -t 40; exec pdftotext -q -enc UTF-8 -bbox-layout - -`
	maxPrintedTag  = 1 << 20 // bytes of one piece of its answer
	maxPrintedRaw  = 1 << 30 // bytes of its answer, which is about 50 times the text
	maxPrintedRows = 200_000 // lines and blocks; the longest article has 70,000
)

// Layout of a page.
const (
	margin     = .1 // share of a page's height in which running heads and page numbers stand
	headLength = 200
	indent     = 6.0 // points by which the first line of a paragraph is set in
)

// block is a paragraph or more of a printed page, as it stands there.
type block struct {
	page  int
	edge  bool // in the upper or lower margin
	left  float64
	lines []printedLine
}

type printedLine struct {
	left float64
	text []byte
}

// readPrinted returns the article of a PDF: its paragraphs with their lines
// joined, without page numbers and running heads. Invalid if there is no text
// in it, if it cannot be read, or without the program pdftotext.
func readPrinted(ctx context.Context, data []byte) (claims.Article, error) {
	const op = "ingest.readPrinted"
	if _, err := exec.LookPath("pdftotext"); err != nil {
		return claims.Article{}, &errs.Error{Op: op, Kind: errs.Invalid, Err: err,
			Msg: "This is a PDF, and the program that reads them is not installed here (pdftotext; on Debian the package poppler-utils). Have it installed, or copy the text out of the PDF and paste it."}
	}
	blocks, err := printedBlocks(ctx, data)
	if err != nil {
		return claims.Article{}, err
	}
	art := readText(strings.Join(paragraphs(withoutHeads(blocks)), "\n\n"))
	if art.Text == "" {
		return art, errs.New(op, errs.Invalid, "This PDF holds pictures of pages and no text. Have its text recognised, or paste the passage that matters.")
	}
	art.MediaType = pdfType
	return art, nil
}

// printedBlocks runs pdftotext over data.
func printedBlocks(ctx context.Context, data []byte) ([]block, error) {
	const op = "ingest.printedBlocks"
	limited, cancel := context.WithTimeout(ctx, printedTimeout)
	defer cancel()
	cmd := exec.CommandContext(limited, "sh", "-c", printedScript)
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	blocks, readErr := readBlocks(io.LimitReader(out, maxPrintedRaw))
	if readErr != nil {
		cancel()
	}
	ended := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, errs.Wrap(op, errs.Canceled, ctx.Err())
	case errs.KindOf(readErr) == errs.TooLarge:
		return nil, readErr
	case readErr == nil && ended != nil && cmd.ProcessState.ExitCode() < 0: // a signal, from the clock or from a limit
		return nil, errs.New(op, errs.TooLarge, "This PDF takes too long to read. Copy the passage that matters out of it and paste it.")
	case ended != nil || readErr != nil:
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Err: errors.Join(readErr, ended),
			Msg: "This PDF cannot be read: it is damaged, or locked with a password. Open it, copy its text and paste that here."}
	}
	return blocks, nil
}

// readBlocks reads the answer of pdftotext -bbox-layout: pages of flows of
// blocks of lines of words. TooLarge if it has more text than an article.
func readBlocks(r io.Reader) ([]block, error) {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxPrintedTag)
	p := printedPages{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			return p.blocks, nil
		case html.StartTagToken:
			name, more := z.TagName()
			if p.word = string(name) == "word"; !p.word {
				p.start(string(name), attributes(z, more))
			}
		case html.TextToken:
			if p.word {
				p.write(string(z.Text())) // unescaped
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			p.word = p.word && string(name) != "word"
		}
		if p.size > claims.MaxArticleBytes || p.rows > maxPrintedRows {
			return nil, checkSize("ingest.readBlocks", "text of the PDF", claims.MaxArticleBytes+1)
		}
	}
}

// attributes are those of a tag that are numbers.
func attributes(z *html.Tokenizer, more bool) map[string]float64 {
	found := map[string]float64{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if n, err := strconv.ParseFloat(string(value), 64); err == nil {
			found[string(key)] = n
		}
	}
	return found
}

// printedPages collects the blocks of a document.
type printedPages struct {
	blocks []block
	page   int
	height float64
	size   int
	rows   int
	word   bool
}

func (p *printedPages) start(name string, at map[string]float64) {
	switch name {
	case "page":
		p.page, p.height = p.page+1, at["height"]
	case "block":
		p.rows++
		edge := at["ymax"] < p.height*margin || at["ymin"] > p.height*(1-margin)
		p.blocks = append(p.blocks, block{page: p.page, edge: edge, left: at["xmin"]})
	case "line":
		p.rows++
		if b := p.last(); b != nil {
			b.lines = append(b.lines, printedLine{left: at["xmin"]})
		}
	}
}

func (p *printedPages) last() *block {
	if len(p.blocks) == 0 {
		return nil
	}
	return &p.blocks[len(p.blocks)-1]
}

func (p *printedPages) write(word string) {
	b := p.last()
	if b == nil || len(b.lines) == 0 {
		return
	}
	l := &b.lines[len(b.lines)-1]
	if len(l.text) > 0 {
		l.text = append(l.text, ' ')
	}
	l.text = append(l.text, word...)
	p.size += len(word) + 1
}

// withoutHeads leaves out what stands in the margins of several pages alike but
// for its numbers: running heads, feet, page numbers.
func withoutHeads(blocks []block) []block {
	on := map[string]int{}
	for _, b := range blocks {
		if b.edge {
			on[b.head()]++
		}
	}
	return slices.DeleteFunc(blocks, func(b block) bool {
		head := b.head()
		return b.edge && len(head) <= headLength && (on[head] > 1 || strings.Trim(head, "#-–— ") == "")
	})
}

// head is a block's text with each number as one sign.
func (b block) head() string {
	var s strings.Builder
	number := false
	for _, l := range b.lines {
		for _, r := range string(l.text) {
			digit := unicode.IsDigit(r)
			if !digit {
				s.WriteRune(r)
			} else if !number {
				s.WriteByte('#')
			}
			number = digit
		}
	}
	return s.String()
}

// paragraphs are the texts of blocks: a block in which a line is set in after
// the end of a sentence is several, and a paragraph that goes on in the next
// column or on the next page is one.
func paragraphs(blocks []block) []string {
	hyphenated := compounds(blocks)
	var all []string
	var text []byte
	for _, b := range blocks {
		for i, l := range b.lines {
			if len(text) > 0 && begins(text, b, i) {
				all, text = append(all, string(text)), nil
			}
			text = joined(text, l.text, hyphenated)
		}
	}
	return append(all, string(text))
}

// begins reports whether the line at i of b begins a paragraph, text being what
// stands before it.
func begins(text []byte, b block, i int) bool {
	if i > 0 {
		return b.lines[i].left-b.left > indent && ends(text)
	}
	first, _ := utf8.DecodeRune(b.lines[i].text)
	return ends(text) || !unicode.IsLower(first)
}

// compounds are the words with a hyphen inside a line: at a line's end only
// they keep it.
func compounds(blocks []block) map[string]bool {
	found := map[string]bool{}
	for _, b := range blocks {
		for _, l := range b.lines {
			for word := range bytes.FieldsSeq(l.text) {
				if bytes.IndexByte(word, '-') > 0 {
					found[bare(word)] = true
				}
			}
		}
	}
	return found
}

func bare(word []byte) string {
	return string(bytes.ToLower(bytes.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })))
}

// joined is text and the line after it; a word that was divided between them is
// whole again.
func joined(text, line []byte, hyphenated map[string]bool) []byte {
	switch {
	case len(text) == 0:
		return append(text, line...)
	case !divided(text, line):
		return append(append(text, ' '), line...)
	}
	first, second := text[bytes.LastIndexByte(text, ' ')+1:], line
	if i := bytes.IndexByte(line, ' '); i > 0 {
		second = line[:i]
	}
	if !hyphenated[bare(slices.Concat(first, second))] {
		text = bytes.TrimRight(text, "-\u00ad")
	}
	return append(text, line...)
}

// divided reports whether text ends in the first part of a word and line begins
// with its second.
func divided(text, line []byte) bool {
	before := bytes.TrimRight(text, "-\u00ad")
	last, _ := utf8.DecodeLastRune(before)
	first, _ := utf8.DecodeRune(line)
	return len(before) < len(text) && unicode.IsLetter(last) && unicode.IsLower(first)
}

// ends reports whether text ends as a sentence does.
func ends(text []byte) bool {
	last, _ := utf8.DecodeLastRune(bytes.TrimRight(text, `"'”’»)]`))
	return strings.ContainsRune(".!?…:", last)
}
