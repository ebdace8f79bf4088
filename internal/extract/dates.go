package extract

import (
	"strconv"
	"strings"
	"time"
)

// Dates in English text. A day is midnight UTC of it. Expressions are read by
// hand: libraries find single dates, and what is asked for here is the last day
// of a period that a preposition governs ("by the end of the decade").

// period is the days from…to, both included.
type period struct {
	from, to time.Time
	exact    bool // needs no date of the article
	day      bool // one day, named as such
	end      bool // "the end of …": by and before mean the same
	bare     bool // means a time without a preposition: "tomorrow", "next year"
}

// dated is a word of a text as the calendar reads it.
type dated struct {
	text       string // in lower case
	start, end int
}

// calendar reads date expressions, seen from the day of the article.
type calendar struct {
	words []dated
	today time.Time // zero: unknown
	hope  bool      // the statement speaks of the future only in that somebody hopes or can
	past  bool      // a weekday or a month without a year is the last one, else the next
}

// day is t without its time of day.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	t = t.UTC()
	return date(t.Year(), t.Month(), t.Day())
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// maxDated is how many words of one statement are read for dates.
const maxDated = 120

// datedWords are the words of toks; what a hyphen joins is read apart
// ("mid-2027").
func datedWords(text string, toks []token) []dated {
	var out []dated
	for _, t := range toks {
		if len(out) >= maxDated {
			break
		}
		at := t.start
		for part := range strings.SplitSeq(strings.ToLower(t.text(text)), "-") {
			if part != "" {
				out = append(out, dated{strings.TrimSuffix(part, "."), at, min(at+len(part), t.end)})
			}
			at += len(part) + 1
		}
	}
	return out
}

func (c *calendar) at(i int) string {
	if i < 0 || i >= len(c.words) {
		return ""
	}
	return c.words[i].text
}

var months = map[string]time.Month{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7,
	"august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}

var weekdays = map[string]time.Weekday{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 0,
	"mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thurs": 4, "fri": 5, "sat": 6, "sun": 0,
}

func isWeekday(w string) bool {
	_, ok := weekdays[w]
	return ok
}

// seasons end with these months, as meteorologists of the north count them.
var seasons = map[string]time.Month{"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}

var numberWords = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": -1, "final": -1}

// count is a whole number at word i, and the next word.
func (c *calendar) count(i int) (n, next int, ok bool) {
	w := c.at(i)
	if n, ok := numberWords[w]; ok {
		if c.at(i+1) == "hundred" && n < 10 {
			return n * 100, i + 2, true
		}
		return n, i + 1, true
	}
	if w == "" || w[0] < '0' || w[0] > '9' {
		return 0, i, false
	}
	n, err := strconv.Atoi(w)
	return n, i + 1, err == nil && n > 0 && n < 1000
}

// dayOfMonth is 1 to 31: "4", "4th".
func dayOfMonth(w string) int {
	if w == "" || w[0] < '0' || w[0] > '9' {
		return 0
	}
	w = strings.TrimRight(w, "stndrh")
	if n, err := strconv.Atoi(w); err == nil && n >= 1 && n <= 31 && len(w) <= 2 {
		return n
	}
	return 0
}

// yearOf is a year of four digits, 1900 to 2199.
func yearOf(w string) int {
	if w == "" || w[0] < '0' || w[0] > '9' {
		return 0
	}
	if n, err := strconv.Atoi(w); err == nil && len(w) == 4 && n >= 1900 && n < 2200 {
		return n
	}
	return 0
}

func yearPeriod(y int) period {
	return period{from: date(y, 1, 1), to: date(y, 12, 31), exact: true}
}

func monthPeriod(y int, m time.Month) period {
	return period{from: date(y, m, 1), to: date(y, m+1, 0), exact: true}
}

// unit adds n of a unit of time to t; false if w is none.
func unit(w string, t time.Time, n int) (time.Time, bool) {
	switch strings.TrimSuffix(w, "s") {
	case "day":
		return t.AddDate(0, 0, n), true
	case "week":
		return t.AddDate(0, 0, 7*n), true
	case "fortnight":
		return t.AddDate(0, 0, 14*n), true
	case "month":
		return t.AddDate(0, n, 0), true
	case "year":
		return t.AddDate(n, 0, 0), true
	case "decade":
		return t.AddDate(10*n, 0, 0), true
	case "hour":
		return t.AddDate(0, 0, (n+23)/24), true
	}
	return t, false
}
