package evidence

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// served says how a media type leaves the house. What is not listed is
// downloaded as plain bytes.
var served = map[string]struct {
	as     string
	inline bool
}{
	"text/plain":      {"text/plain; charset=utf-8", true},
	"image/png":       {"image/png", true},
	"image/jpeg":      {"image/jpeg", true},
	"image/gif":       {"image/gif", true},
	"image/webp":      {"image/webp", true},
	"application/pdf": {"application/pdf", false}, // PDFs hold scripts; a viewer outside the browser is the reader's choice
}

// Header is how the file is sent to a browser: with a type that runs nothing,
// which the browser must believe, in a sandbox without an origin, and not kept
// by anybody between. Set all of it.
func (f File) Header() http.Header {
	how, ok := served[f.MediaType]
	if !ok {
		how.as = "application/octet-stream"
	}
	disposition := "attachment"
	if how.inline {
		disposition = "inline"
	}
	h := http.Header{}
	h.Set("Content-Type", how.as)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=31536000, immutable") // the address holds the hash
	h.Set("ETag", fmt.Sprintf("%q", f.SHA256))
	return h
}

// extensions are the names of what is kept.
var extensions = map[string]string{
	"text/plain": ".txt", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf",
	warcType: ".warc.gz", mhtmlType: ".mhtml",
}

// Media types of files that this package makes.
const (
	warcType  = "application/warc"
	mhtmlType = "multipart/related"
)

// maxFileName is how many bytes the name of an upload keeps, without its
// extension.
const maxFileName = 120

// fileName is a name that no system takes amiss: the last part of what was
// given, and the extension of what the file is.
func fileName(given, mediaType string) string {
	given = given[strings.LastIndexAny(given, `/\`)+1:]
	if dot := strings.LastIndexByte(given, '.'); dot > 0 {
		given = given[:dot]
	}
	given = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`"'<>:|?*%;`, r) || r == 0x7f || !printable(r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(given, "_"))
	given = strings.Trim(cut(given, maxFileName), " .")
	if given == "" {
		given = "file"
	}
	return given + extensions[mediaType]
}
