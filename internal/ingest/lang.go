package ingest

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/RadhiFadlillah/whatlanggo"
	"golang.org/x/text/language"
)

const (
	minLangLetters = 40      // fewer say nothing about their language
	maxLangBytes   = 8 << 10 // more add nothing
	minConfidence  = 0.15    // of whatlanggo, 0 to 1: how far the best language is ahead of the next
)

// unknownLang is BCP 47 for a language that is not known.
const unknownLang = "und"

// detectLang is the language of a canonical text as BCP 47, "und" if it is too
// short or could as well be another.
func detectLang(text string) string {
	if len(text) > maxLangBytes {
		text = strings.ToValidUTF8(text[:maxLangBytes], "")
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < minLangLetters {
		return unknownLang
	}
	info := whatlanggo.Detect(text)
	code := info.Lang.Iso6391()
	if code == "" {
		code = info.Lang.Iso6393()
	}
	if !info.IsReliable() && info.Confidence < minConfidence {
		return unknownLang
	}
	return cmp.Or(langTag(code), unknownLang)
}

// langTag is s as a BCP 47 tag in canonical spelling ("en_gb" is "en-GB"), or
// empty if it is none or says nothing.
func langTag(s string) string {
	tag, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	if err != nil || tag == language.Und || len(s) > 35 {
		return ""
	}
	return tag.String()
}
