package extract

import (
	"strconv"
	"strings"
	"time"
)

// Dates in other languages: a day with its month and year, a month with its
// year, and a year behind a word that means “by”. Nothing relative, and nothing
// that is not after the day of the article: only what says by itself when it can
// be checked.

// foreignMonths are the months of German, Spanish, Dutch, Italian and French,
// with their usual short forms; where two languages share a word they mean the
// same month.
var foreignMonths = map[string]time.Month{
	"januar": 1, "jänner": 1, "februar": 2, "märz": 3, "april": 4, "mai": 5, "juni": 6, "juli": 7, "august": 8, "september": 9, "oktober": 10, "november": 11, "dezember": 12,
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
	"januari": 1, "februari": 2, "maart": 3, "mei": 5, "augustus": 8, "december": 12,
	"gennaio": 1, "febbraio": 2, "aprile": 4, "maggio": 5, "giugno": 6, "luglio": 7, "settembre": 9, "ottobre": 10, "dicembre": 12,
	"janvier": 1, "février": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
}

// byYear are words that, before a year, say by when something is to be.
var byYear = map[string]bool{
	"bis": true, "ab": true, "hasta": true, "para": true, "tegen": true, "tot": true, "vanaf": true, "entro": true, "fino": true, "dal": true,
	"jahr": true, "año": true, "jaar": true, "anno": true, "ende": true, "eind": true, "finales": true, "fine": true, "en": true, "in": true, "im": true,
	"nel": true, "il": true, "2030er": true, "d'ici": true, "année": true,
}

// foreignDue is the day from which a statement in one of these languages can be
// checked: the last of the period that it names, if that is after today; else
// zero.
func foreignDue(text string, toks []token, today time.Time) time.Time {
	if today.IsZero() {
		return time.Time{}
	}
	c := calendar{words: datedWords(text, toks)}
	var due time.Time
	for i := range c.words {
		if day := c.foreign(i); day.After(due) && day.After(today) {
			due = day
		}
	}
	return due
}

// foreign is the last day of the period that ends with the year at word i; zero
// if no year is there, or if it counts something.
func (c *calendar) foreign(i int) time.Time {
	year := plainYear(c.at(i))
	if year == 0 {
		return time.Time{}
	}
	k := i - 1
	for c.at(k) == "de" || c.at(k) == "del" {
		k--
	}
	m, ok := foreignMonths[c.at(k)]
	if !ok {
		if byYear[c.at(i-1)] {
			return date(year, time.December, 31)
		}
		return time.Time{}
	}
	for k--; k > 0 && (c.at(k) == "de" || c.at(k) == ""); k-- { // a mark has no letters: 3. September
	}
	if d := dayOfMonth(strings.TrimRight(c.at(k), ".º°")); d > 0 {
		return date(year, m, d)
	}
	return monthPeriod(year, m).to
}

// plainYear is w if it is a year from 1900 to 2199, else 0.
func plainYear(w string) int {
	n, err := strconv.Atoi(w)
	if err != nil || len(w) != 4 || n < 1900 || n > 2199 {
		return 0
	}
	return n
}
