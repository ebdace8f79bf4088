package library

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// layouts are the ways in which dates were seen, those with a zone first. A
// date without one is taken as UTC.
var layouts = []string{
	"2006-01-02", time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700",
	time.ANSIC, time.UnixDate, "Mon Jan 2 15:04:05 -0700 2006", "20060102", "2006/01/02", "2006.01.02", "2006/1/2", "2006-1-2", "2006-01", "2006",
	"2.1.2006", "2.1.2006 15:04", "2.1.2006 15:04:05", // with points, the day comes first everywhere
	"2006/01/02 15:04:05", "2006-01-02 15:04:05 -0700 MST",
}

// months are the names that a date may spell out, by how they begin.
var months = []struct {
	month time.Month
	names string // divided by spaces
}{
	{time.January, "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari ocak styczeń stycznia января"},
	{time.February, "february feb februar février févr fevrier febrero fevereiro fev febbraio februari şubat luty lutego февраля"},
	{time.March, "march mar märz maerz mrz mars marzo março marco maart mart marzec marca марта"},
	{time.April, "april apr avril avr abril abr aprile nisan kwiecień kwietnia апреля"},
	{time.May, "may mai mayo maio maggio mag mei maj mayıs maja мая"},
	{time.June, "june jun juni juin junio junho giugno giu haziran czerwiec czerwca июня"},
	{time.July, "july jul juli juillet juil julio julho luglio lug temmuz lipiec lipca июля"},
	{time.August, "august aug août aout agosto ago augustus augusti ağustos sierpień sierpnia августа"},
	{time.September, "september sept sep septembre septiembre setembro set settembre eylül wrzesień września сентября"},
	{time.October, "october oct oktober okt octobre octubre outubro out ottobre ott ekim październik października октября"},
	{time.November, "november nov novembre noviembre novembro kasım listopad listopada ноября"},
	{time.December, "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre aralık grudzień grudnia декабря"},
}

// dateOf reads a date or a moment; zero if it is none, or could be two: of
// 3/4/2018 nobody knows the month.
func dateOf(text string) time.Time {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 80 {
		return time.Time{}
	}
	text = strings.TrimSuffix(text, " UTC")
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return plausible(t)
		}
	}
	if t := countedDate(text); !t.IsZero() {
		return t
	}
	return writtenDate(text)
}

// plausible is t in UTC; zero if no fact-check can be of that year.
func plausible(t time.Time) time.Time {
	if t.Year() < 1000 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// countedDate reads seconds or milliseconds since 1970.
func countedDate(text string) time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case len(text) == 9, len(text) == 10:
		return plausible(time.Unix(n, 0))
	case len(text) == 12, len(text) == 13:
		return plausible(time.UnixMilli(n))
	}
	return time.Time{}
}

// writtenDate reads "2 April 2018", "April 2nd, 2018", "2. April 2018",
// "2 de abril de 2018", "Tuesday, January 9, 2018" and 31/12/2018, which can
// only be one day. What follows the year, such as a time, is passed over.
func writtenDate(text string) time.Time {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",./-", r)
	})
	var month time.Month
	var numbers []int
	year := 0
	for _, f := range fields {
		if m := monthOf(f); m != 0 && month == 0 {
			month = m
			continue
		}
		n, err := strconv.Atoi(strings.TrimRight(f, "stndrhºª°"))
		switch {
		case err != nil:
		case n >= 1000 && year == 0:
			year = n
		case n >= 1 && n <= 31 && year == 0:
			numbers = append(numbers, n)
		case n >= 1 && n <= 31 && len(numbers) == 0 && month != 0:
			numbers = append(numbers, n) // 2018 April 2
		}
	}
	switch {
	case year == 0:
		return time.Time{}
	case month != 0 && len(numbers) == 1:
		return day(year, month, numbers[0])
	case month == 0 && len(numbers) == 2:
		a, b := numbers[0], numbers[1]
		switch {
		case a == b, b > 12 && a <= 12:
			return day(year, time.Month(a), b)
		case a > 12 && b <= 12:
			return day(year, time.Month(b), a)
		}
	}
	return time.Time{}
}

func monthOf(word string) time.Month {
	if len(word) < 3 {
		return 0
	}
	for _, m := range months {
		for name := range strings.FieldsSeq(m.names) {
			if word == name {
				return m.month
			}
		}
	}
	return 0
}

// day is a date, zero if the month has no such day.
func day(year int, month time.Month, d int) time.Time {
	t := time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d {
		return time.Time{}
	}
	return plausible(t)
}
