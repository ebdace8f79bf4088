package export

import (
	"slices"

	"golang.org/x/text/language"
)

// Language of what the program itself says on a page.
const ownLanguage = "en"

// langTag is a BCP 47 tag in its usual form, empty if the language is unknown.
func langTag(tag string) string {
	t, err := language.Parse(tag)
	if err != nil || t == language.Und {
		return ""
	}
	return t.String()
}

// rightToLeft are the scripts written from right to left (ISO 15924).
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}

// LangDir is the attributes lang and dir of text in a language: our own where
// it is unknown, and "rtl" or "ltr" by the script.
func LangDir(tag string) (lang, dir string) {
	t, err := language.Parse(tag)
	if err != nil || t == language.Und {
		return ownLanguage, "ltr"
	}
	if script, _ := t.Script(); slices.Contains(rightToLeft, script.String()) {
		return t.String(), "rtl"
	}
	return t.String(), "ltr"
}
