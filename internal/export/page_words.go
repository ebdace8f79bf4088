package export

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// reportTo is where readers report errors in a check.
func (s Site) reportTo(slug string) *Link {
	switch {
	case s.Contact == "":
		return nil
	case webAddress(s.Contact) != "":
		return &Link{s.Contact, s.Contact}
	case mailAddress.MatchString(s.Contact):
		subject := url.PathEscape("Error in " + s.CheckURL(slug))
		return &Link{"mailto:" + s.Contact + "?subject=" + subject, s.Contact}
	}
	return &Link{Text: s.Contact}
}

// Day is a moment as people read it; nil for the zero time.
func Day(t time.Time) *Date { return day(&t) }

// day is nil for no time.
func day(t *time.Time) *Date {
	if t == nil || t.IsZero() {
		return nil
	}
	u := t.UTC()
	d := Date{ISO: isoTime(t), Text: u.Format("2 January 2006"), Exact: u.Format("2 January 2006, 15:04 UTC")}
	if len(d.ISO) == len(time.DateOnly) {
		d.Exact = d.Text
	}
	return &d
}

// hostOf is the site of a web address without "www.", empty for anything else.
func hostOf(address string) string {
	u, err := url.Parse(webAddress(address))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

func ours(lang string) bool { return lang == ownLanguage || strings.HasPrefix(lang, ownLanguage+"-") }

// cut is text in one line, at most limit characters long, with … where words
// are missing.
func cut(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	short := string([]rune(text)[:limit-1])
	if space := strings.LastIndexByte(short, ' '); space > len(short)/2 {
		short = short[:space]
	}
	return strings.TrimRight(short, " ,;:–—-") + "…"
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return strings.ToUpper(string(r)) + s[n:]
}

var mailAddress = regexp.MustCompile(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$`)
