package ingest

import (
	"bytes"
	"errors"
	"mime"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"factcheck/internal/errs"
)

// document is a source whose kind and characters are known.
type document struct {
	html  bool
	lossy bool   // html only: some bytes of it became U+FFFD
	text  string // of a page or a plain text
	other string // pdfType or wordType: its bytes are read as they are
}

// Refusals of what is not text, by the start of the media type; the first that
// fits is said. The last one fits all.
var refusals = []struct{ prefix, sentence string }{
	{"application/msword", officeSentence},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml", officeSentence},
	{"application/vnd.oasis.opendocument.text", officeSentence},
	{"application/rtf", officeSentence},
	{"text/rtf", officeSentence},
	{"application/vnd.openxmlformats-officedocument", tableSentence},
	{"application/vnd.oasis.opendocument", tableSentence},
	{"application/vnd.ms-", tableSentence},
	{"application/epub", "This is an e-book. Copy the passage that matters and paste it here."},
	{"image/", "This is a picture. Paste the words that it shows."},
	{"audio/", "This is a recording. Paste what is said in it."},
	{"video/", "This is a recording. Paste what is said in it."},
	{"application/zip", "This is an archive. Unpack it and take the article out of it."},
	{"application/gzip", "This is an archive. Unpack it and take the article out of it."},
	{"application/feed", feedSentence},
	{"application/json", "This is data, not an article. Paste the article's text."},
	{"text/xml", "This is XML, not an article. Give the address of the article, or paste its text."},
	{"application/xml", "This is XML, not an article. Give the address of the article, or paste its text."},
	{"application/rss", feedSentence},
	{"application/atom", feedSentence},
	{"", "This is not text. Give a text or an HTML page, or paste the article's text."},
}

const (
	feedSentence   = "This is a news feed. Give the address of one of its articles."
	officeSentence = "This is a word-processor document. Open it, copy its text and paste that here."
	tableSentence  = "This is an office document, not a text. Copy the passage that matters and paste it here."
)

// ErrList is in the chain of an error where a source is no article and may be a
// list of articles: a feed, a sitemap.
var ErrList = errors.New("data or markup that is no page")

// refuse is Invalid with the sentence for mediaType.
func refuse(mediaType string) error {
	for _, r := range refusals {
		if strings.HasPrefix(mediaType, r.prefix) {
			e := &errs.Error{Op: "ingest.Read", Kind: errs.Invalid, Msg: r.sentence}
			if strings.Contains(mediaType, "xml") && !strings.Contains(mediaType, "officedocument") || strings.Contains(mediaType, "json") {
				e.Err = ErrList
			}
			return e
		}
	}
	return nil // not reached: the last prefix fits all
}

// recognise finds out what src is, and decodes a page or a plain text.
// Errors: Invalid if it is neither.
func recognise(src source) (document, error) {
	data, marked := unmarked(src.data)
	if !marked {
		switch found := binaryType(data); found {
		case "":
		case pdfType, wordType:
			return document{other: found}, nil
		default:
			return document{}, refuse(found)
		}
	}
	if err := markup(src, data); err != nil {
		return document{}, err
	}
	var doc document
	var err error
	switch doc.html = isHTML(src, data); {
	case marked:
		doc.text = strings.ToValidUTF8(string(data), "\ufffd")
		doc.lossy = strings.ContainsRune(doc.text, utf8.RuneError)
	case doc.html:
		doc.text, doc.lossy = decodeHTML(data, src.contentType)
	default:
		doc.text, err = decodeText(data, src.contentType)
	}
	if err == nil && doc.lossy && !doc.html {
		err = errs.New("ingest.Read", errs.Invalid, "The text starts like Unicode but holds characters that are not. Save it as UTF-8 and try again, or paste the text.")
	}
	return doc, err
}

// isHTML reports whether data is a page: the declared type decides, then the
// extension, then how it starts.
func isHTML(src source, data []byte) bool {
	switch mediaType(src.contentType) {
	case "text/html", "application/xhtml+xml":
		return true
	case "text/plain", "text/markdown":
		return false
	}
	switch extension(src.name) {
	case ".html", ".htm", ".xhtml", ".xht":
		return true
	case ".txt", ".text", ".md", ".markdown":
		return false
	}
	found := mimetype.Detect(data)
	return found.Is("text/html") || found.Is("application/xhtml+xml")
}

// markup refuses XML that is no page, unless it is declared as plain text.
func markup(src source, data []byte) error {
	start := bytes.TrimSpace(data[:min(len(data), 1024)])
	if !bytes.HasPrefix(start, []byte("<?xml")) || mediaType(src.contentType) == "text/plain" || extension(src.name) == ".txt" {
		return nil
	}
	if bytes.Contains(bytes.ToLower(start), []byte("<html")) {
		return nil
	}
	return refuse(mediaTypeOf(mimetype.Detect(data)))
}

// binaryType is the media type of data that is no text, and empty for text. A
// signature alone is no proof: "BMW" starts like a bitmap and "MZ" like a
// program. Only those that a text would not start with count for bytes that
// could be a text.
func binaryType(data []byte) string {
	found := mediaTypeOf(mimetype.Detect(data[:min(len(data), 8<<10)]))
	switch found {
	case pdfType, wordType, "text/rtf", "application/postscript":
		return found
	}
	head := data[:min(len(data), 64<<10)]
	controls := 0
	for _, b := range head {
		if b < 0x20 && !isSpaceByte(b) && b != 0x1b {
			controls++
		}
	}
	limit := len(head) / 200 // another charset has no control characters but by accident
	if validPrefix(head) {
		limit = len(head) / 4 // a text with odd characters in it
	}
	if controls <= limit {
		return ""
	}
	return found
}

func isSpaceByte(b byte) bool { return b == ' ' || '\t' <= b && b <= '\r' }

// validPrefix reports whether head is UTF-8, but for a character that is cut at
// its end.
func validPrefix(head []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(head) {
			return true
		}
		if len(head) == 0 {
			return false
		}
		head = head[:len(head)-1]
	}
	return false
}

// mediaType is the type of a Content-Type without its parameters, lower-case.
func mediaType(contentType string) string {
	if t, _, err := mime.ParseMediaType(contentType); err == nil {
		return t
	}
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

func mediaTypeOf(m *mimetype.MIME) string { return mediaType(m.String()) }

func extension(name string) string {
	return strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/")))
}
