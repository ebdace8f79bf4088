package ingest

import (
	"bytes"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"factcheck/internal/errs"
)

// boms lists byte order marks, longer ones first: that of UTF-16LE begins that
// of UTF-32LE.
var boms = []struct {
	mark string
	enc  encoding.Encoding
}{
	{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xef\xbb\xbf", encoding.Nop},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
}

// unmarked returns data as UTF-8 if it starts with a byte order mark, and
// whether it did. Characters that were not valid are U+FFFD in it.
func unmarked(data []byte) ([]byte, bool) {
	for _, bom := range boms {
		if rest, ok := bytes.CutPrefix(data, []byte(bom.mark)); ok {
			out, err := bom.enc.NewDecoder().Bytes(rest)
			return out, err == nil
		}
	}
	return data, false
}

// declaredCharset is the charset of a Content-Type, nil if there is none that
// is known.
func declaredCharset(contentType string) (encoding.Encoding, string) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] == "" {
		return nil, ""
	}
	return charset.Lookup(params["charset"])
}

// decodeText returns data as UTF-8. The declared charset decides, otherwise it
// must be UTF-8: guessing a charset can silently turn one word into another.
// Errors: Invalid if a byte does not fit.
func decodeText(data []byte, contentType string) (string, error) {
	const op = "ingest.decodeText"
	enc, name := declaredCharset(contentType)
	if isUTF8(data) || enc == nil && utf8.Valid(data) {
		return string(data), nil
	}
	if enc == nil || name == "utf-8" {
		return "", errs.Newf(op, errs.Invalid, "The text is not valid UTF-8: %s cannot be read. Save it as UTF-8 and try again, or paste the text.", firstBad(data))
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", errs.Newf(op, errs.Invalid, "The text says that it is %s but holds characters that are not. Save it as UTF-8 and try again, or paste the text.", name)
	}
	return string(out), nil
}

// decodeHTML returns data as UTF-8, and whether some bytes had to become
// U+FFFD. A page's server decides, then its meta tags, then the HTML standard's
// fallback (windows-1252). Bytes that make sense as UTF-8 are UTF-8 whatever
// the page says: a false label is far more common than such a coincidence.
func decodeHTML(data []byte, contentType string) (text string, lossy bool) {
	if isUTF8(data) {
		return string(data), false
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\ufffd"), !utf8.Valid(data)
	}
	enc, _ := declaredCharset(contentType)
	if enc == nil {
		enc, _, _ = charset.DetermineEncoding(data, "")
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil || !utf8.Valid(out) {
		return strings.ToValidUTF8(string(out), "\ufffd"), true
	}
	return string(out), bytes.ContainsRune(out, utf8.RuneError)
}

// isUTF8 reports whether data is UTF-8. ISO-2022-JP is too, but for its escape
// characters.
func isUTF8(data []byte) bool {
	return utf8.Valid(data) && bytes.IndexByte(data, 0x1b) < 0
}

// mostlyUTF8 reports whether data holds many more valid multi-byte characters
// than bytes that fit none: damaged UTF-8, not another charset.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 4*bad
}

// firstBad says where the first byte is that is not UTF-8.
func firstBad(data []byte) string {
	i := 0
	for i < len(data) {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return fmt.Sprintf("the character in line %d at byte %d", 1+bytes.Count(data[:i], []byte("\n")), i+1)
}
