package library

import (
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// langOf is a language as BCP 47, from its tag or its English name; empty if
// it is neither.
func langOf(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 35 {
		return ""
	}
	if t, ok := common[text]; ok {
		return t
	}
	tag, err := language.Parse(strings.ReplaceAll(text, "_", "-"))
	if err == nil && tag != language.Und {
		return tag.String()
	}
	for _, t := range named {
		if strings.EqualFold(display.English.Languages().Name(t), text) {
			return t.String()
		}
	}
	return ""
}

// common spares most tags the parser.
var common = map[string]string{
	"en": "en", "de": "de", "fr": "fr", "es": "es", "pt": "pt", "it": "it", "nl": "nl", "hi": "hi", "ar": "ar", "tr": "tr", "id": "id", "pl": "pl",
	"en-US": "en-US", "en-GB": "en-GB", "en_US": "en-US", "pt-BR": "pt-BR", "und": "",
}

// named are the languages whose names are looked for.
var named = []language.Tag{
	language.English, language.German, language.French, language.Spanish, language.Portuguese, language.Italian, language.Dutch, language.Hindi,
	language.Arabic, language.Turkish, language.Indonesian, language.Polish, language.Russian, language.Ukrainian, language.Bengali, language.Tamil,
	language.Telugu, language.Malayalam, language.Marathi, language.Urdu, language.Thai, language.Vietnamese, language.Korean, language.Japanese,
	language.Chinese, language.Danish, language.Norwegian, language.Swedish, language.Finnish, language.Greek, language.Hebrew, language.Persian,
	language.Romanian, language.Hungarian, language.Czech, language.Slovak, language.Croatian, language.Serbian, language.Macedonian, language.Burmese,
}

// firstDate is the first property that holds a date that can be read.
func firstDate(o object, names ...string) time.Time {
	for _, n := range names {
		for _, v := range list(get(o, n)) {
			if t := dateOf(text(v)); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}
