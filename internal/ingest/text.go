package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"factcheck/internal/claims"
)

// A first line is taken for the headline of a plain text if it is no longer
// than a headline can be.
const (
	maxHeadline      = 150 // code points
	maxHeadlineWords = 25
)

// readText returns the article of a plain text. A headline, if there is one,
// stays part of the text.
func readText(text string) claims.Article {
	text = clean(text)
	return claims.Article{Title: oneLine(headline(text), claims.MaxName), MediaType: "text/plain", Text: text}
}

// headline is the first line of a canonical text if it is short, does not end
// as a sentence does and other text follows; otherwise it is empty.
func headline(text string) string {
	first, rest, _ := strings.Cut(text, "\n")
	first = strings.TrimSpace(strings.TrimLeft(first, "#")) // Markdown
	if strings.TrimSpace(rest) == "" || utf8.RuneCountInString(first) > maxHeadline || len(strings.Fields(first)) > maxHeadlineWords {
		return ""
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(first, `"'”’»)]`))
	if strings.ContainsRune(".!?…:;,。！？", last) {
		return ""
	}
	return first
}

// clean returns text in the canonical form that the package comment describes.
// It is idempotent.
func clean(text string) string {
	text = norm.NFC.String(visible(text))
	var b strings.Builder
	b.Grow(len(text))
	blank := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Trim(line, " ")
		if line == "" {
			blank = true
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if blank {
				b.WriteByte('\n')
			}
		}
		blank = false
		b.WriteString(line)
	}
	return b.String()
}

// visible maps every line end to LF and every run of other white space to one
// space, and drops what nobody sees.
func visible(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var prev rune
	space := false
	for _, r := range text {
		switch {
		case r == '\n' && prev == '\r': // its CR was the line end
		case isLineEnd(r):
			space = false
			b.WriteByte('\n')
		case unicode.IsSpace(r):
			space = true
		case invisible(r):
			continue
		default:
			if space {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
		prev = r
	}
	return b.String()
}

func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// invisible reports whether r is dropped from every text. Control characters
// and noncharacters cannot be written in XML, nor NUL in PostgreSQL. Soft
// hyphens, zero-width spaces, word joiners and byte order marks only say where
// a line may break; left inside a word they would make equal quotations differ.
// Directional embeddings, overrides and isolates can make a quotation read as
// something that it does not say (CVE-2021-42574), and unbalanced ones reorder
// the page around it. Joiners (U+200C, U+200D) and directional marks (U+200E,
// U+200F) stay: scripts and emoji need them.
func invisible(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r < 0xa0:
		return true
	case r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return 0xfdd0 <= r && r <= 0xfdef || r&0xfffe == 0xfffe
}

// oneLine is s on one line, cut to at most limit code points; a cut ends in "…".
func oneLine(s string, limit int) string {
	s = strings.ReplaceAll(clean(s), "\n", " ")
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)[:limit-1]
	return strings.TrimRight(string(runes), " ") + "…"
}
