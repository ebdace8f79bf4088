package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"unicode/utf8"
)

// decode reads one JSON value as a person would read it: first to the letter,
// then mended. The sentence says what is wrong if neither helps.
func decode(raw []byte) (v any, why string) {
	first := json.Unmarshal(raw, &v)
	if first == nil {
		return v, ""
	}
	if !bytes.ContainsRune(raw, '"') && bytes.Contains(raw, []byte("&quot;")) {
		raw = []byte(html.UnescapeString(string(raw)))
	}
	d := json.NewDecoder(bytes.NewReader(mend(raw))) // a decoder passes over what follows the value
	if err := d.Decode(&v); err == nil {
		return v, ""
	}
	return nil, "It is not JSON: " + complaint(first, raw)
}

// complaint says what is wrong with JSON, and where.
func complaint(err error, raw []byte) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return "it cannot be read."
	}
	at := min(max(0, int(syntax.Offset)-1), len(raw))
	if at >= len(raw)-1 {
		return "it ends before it is complete."
	}
	n := utf8.RuneCount(raw[:at]) + 1
	return fmt.Sprintf("a comma, a bracket or a quotation mark is missing or too many near its character %d.", n)
}

// mend repairs what is often wrong with JSON that was pasted together: line
// ends and other control characters inside texts, quotation marks inside texts,
// wrong escapes, commas before a closing bracket, comments.
func mend(raw []byte) []byte {
	m := mender{raw: raw, out: make([]byte, 0, len(raw)+64)}
	for m.i < len(raw) {
		m.step()
	}
	return m.out
}

type mender struct {
	raw, out []byte
	i        int
	open     []byte
	inString bool
	isKey    bool
	last     byte // last sign outside of strings that is not a space
}

func (m *mender) step() {
	b := m.raw[m.i]
	switch {
	case m.inString:
		m.inside(b)
		return
	case b == '"':
		m.inString = true
		m.isKey = len(m.open) > 0 && m.open[len(m.open)-1] == '{' && (m.last == '{' || m.last == ',')
	case b == '/' && m.comment():
		return
	case b == ',':
		if c := m.peek(m.i + 1); c == '}' || c == ']' || c == ',' {
			m.i++
			return
		}
	case b == '{', b == '[':
		m.open = append(m.open, b)
	case b == '}', b == ']':
		if len(m.open) > 0 {
			m.open = m.open[:len(m.open)-1]
		}
	case b == ';' && len(m.open) == 0:
		m.i++
		return
	}
	if !isSpace(b) {
		m.last = b
	}
	m.out = append(m.out, b)
	m.i++
}

// inside mends one sign of a text.
func (m *mender) inside(b byte) {
	m.i++
	switch {
	case b == '\\':
		m.escape()
	case b == '"' && !m.isKey && m.keyAt(m.i-1):
		m.reopen()
	case b == '"' && !m.ends():
		m.out = append(m.out, '\\', '"')
	case b == '"':
		m.inString, m.last = false, '"'
		m.out = append(m.out, b)
		if _, at := m.peekAt(m.i); !m.isKey && m.keyAt(at) {
			m.out, m.last = append(m.out, ','), ',' // the comma was forgotten
		}
	case b < ' ':
		m.out = append(m.out, fmt.Sprintf(`\u%04x`, b)...)
	default:
		m.out = append(m.out, b)
	}
}

// escape copies an escape that JSON knows; of others only the sign stays.
func (m *mender) escape() {
	if m.i >= len(m.raw) {
		return
	}
	c := m.raw[m.i]
	m.i++
	switch {
	case bytes.IndexByte([]byte(`"\/bfnrt`), c) >= 0:
		m.out = append(m.out, '\\', c)
	case c == 'u' && m.i+4 <= len(m.raw) && isHex(m.raw[m.i:m.i+4]):
		m.out = append(m.out, '\\', 'u')
	case c < ' ':
		m.out = append(m.out, ' ')
	default:
		m.out = append(m.out, c)
	}
}

// ends reports whether the quotation mark before m.i closes its text: what
// follows must be what can follow a key or a value.
func (m *mender) ends() bool {
	next, at := m.peekAt(m.i)
	if m.isKey {
		return next == ':'
	}
	switch next {
	case 0, '}', ']':
		return true
	case '"':
		return m.keyAt(at)
	case ',':
		after, at := m.peekAt(at + 1)
		if after == 0 || bytes.IndexByte([]byte(`"{[]}-,`), after) >= 0 || after >= '0' && after <= '9' {
			return true
		}
		rest := m.raw[at:]
		return bytes.HasPrefix(rest, []byte("null")) || bytes.HasPrefix(rest, []byte("true")) || bytes.HasPrefix(rest, []byte("false"))
	}
	return false
}

// properties are the keys by which a forgotten comma or quotation mark is
// told from one inside a text.
var properties = regexp.MustCompile(`^"(?:@type|@context|@id|url|name|headline|author|publisher|claimReviewed|reviewRating|itemReviewed|datePublished|` +
	`dateModified|alternateName|ratingValue|bestRating|worstRating|ratingExplanation|sameAs|image|inLanguage|appearance|firstAppearance|reviewBody|description)"\s*:`)

// keyAt reports whether one of the properties begins at i.
func (m *mender) keyAt(i int) bool {
	return i < len(m.raw) && m.raw[i] == '"' && properties.Match(m.raw[i:min(len(m.raw), i+60)])
}

// reopen ends a text whose closing mark was forgotten before the key that has
// just begun.
func (m *mender) reopen() {
	m.out = append(bytes.TrimRight(m.out, ", \t"), `","`...)
	m.isKey, m.last = true, ','
}

func (m *mender) peek(i int) byte {
	b, _ := m.peekAt(i)
	return b
}

// peekAt is the first sign from i on that is neither a space nor in a comment,
// and where it is; 0 at the end.
func (m *mender) peekAt(i int) (byte, int) {
	for ; i < len(m.raw); i++ {
		switch {
		case isSpace(m.raw[i]):
		case bytes.HasPrefix(m.raw[i:], []byte("/*")):
			end := bytes.Index(m.raw[i:], []byte("*/"))
			if end < 0 {
				return m.raw[i], i
			}
			i += end + 1
		default:
			return m.raw[i], i
		}
	}
	return 0, i
}

// comment passes over a comment, if one begins here.
func (m *mender) comment() bool {
	rest := m.raw[m.i:]
	var end int
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		if end = bytes.IndexByte(rest, '\n'); end < 0 {
			end = len(rest)
		}
	case bytes.HasPrefix(rest, []byte("/*")):
		if end = bytes.Index(rest, []byte("*/")); end < 0 {
			return false
		}
		end += 2
	default:
		return false
	}
	m.i += end
	return true
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

func isHex(b []byte) bool {
	for _, c := range b {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}
