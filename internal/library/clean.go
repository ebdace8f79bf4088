package library

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tag is what looks like an element of HTML in a text: a letter follows the
// sign, so "5 < 6" is none.
var tag = regexp.MustCompile(`</?[a-zA-Z][^<>]{0,500}>`)

// plain is a text as a person would read it: entities decoded (twice, since
// some are encoded twice), elements taken out, one space between words, NFC,
// without signs that nobody sees.
func plain(text string) string {
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
		if strings.IndexByte(text, '&') >= 0 {
			text = html.UnescapeString(text)
		}
	}
	if strings.IndexByte(text, '<') >= 0 {
		text = tag.ReplaceAllString(text, " ")
		text = strings.NewReplacer(" .", ".", " ,", ",").Replace(text)
	}
	if isClean(text) {
		return text
	}
	text = norm.NFC.String(strings.ToValidUTF8(text, "\ufffd"))
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unseen(r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// unseen are signs that change how a text runs or hide in it. The joiners of
// Indic and Arabic writing (U+200C, U+200D) are part of words and stay.
func unseen(r rune) bool {
	return r == '\u00ad' || r == '\u200b' || r == '\ufeff' || r == '\u2060' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f'
}

// isClean reports whether an ASCII text has nothing to tidy.
func isClean(text string) bool {
	gap := true
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= utf8.RuneSelf, b < ' ', b == 0x7f:
			return false
		case b == ' ':
			if gap {
				return false
			}
			gap = true
		default:
			gap = false
		}
	}
	return !gap || text == ""
}

// clip is a clean text of at most n code points.
func clip(text string, n int) string {
	text = plain(text)
	if len(text) <= n || utf8.RuneCountInString(text) <= n {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:n-1])) + "…"
}

// address is text as an absolute http or https address, resolved against base
// if it is relative; empty if it is none.
func address(text, base string) string {
	text = strings.TrimSpace(text)
	if strings.IndexByte(text, '&') >= 0 && strings.Contains(text, "&amp;") {
		text = html.UnescapeString(text)
	}
	if text == "" || len(text) > MaxURL || strings.ContainsAny(text, " \t\r\n<>\"\\") {
		return ""
	}
	if rest, ok := strings.CutPrefix(text, "//"); ok {
		text = "https://" + rest
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	if u.Scheme == "" {
		b, err := url.Parse(base)
		if err != nil || base == "" {
			return ""
		}
		u = b.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if (u.Scheme != "http" && u.Scheme != "https") || !strings.Contains(u.Hostname(), ".") || u.User != nil {
		return ""
	}
	u.Host = strings.ToLower(u.Host)
	if out := u.String(); utf8.ValidString(out) {
		return out
	}
	return ""
}

// siteOf is the host of an address without "www."; empty if it is no address.
func siteOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Site is the site that a person means who writes a host, with or without
// "www.", or a whole address: "nytimes.com" for "https://www.NYTimes.com/x".
// Empty if it is none.
func Site(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + strings.TrimPrefix(text, "//")
	}
	return siteOf(address(text, ""))
}

// glued divides addresses that somebody wrote into one field.
var glued = regexp.MustCompile(`\s+(?:and|und|et|y|e)\s+|[\s;|]+|,\s*(?:https?:)`)

// addresses are all addresses in a text: one, or several with commas, spaces
// or "and" between them.
func addresses(text, base string) []string {
	text = strings.TrimSpace(text)
	if one := address(text, base); one != "" && strings.Count(text, "://") < 2 {
		return []string{one}
	}
	var all []string
	for _, part := range glued.Split(strings.ReplaceAll(text, ",http", " http"), -1) {
		part = strings.Trim(part, ",.;")
		if !strings.Contains(part, "://") {
			continue // a relative one is never one of several
		}
		if one := address(part, ""); one != "" {
			all = append(all, one)
		}
	}
	return all
}
