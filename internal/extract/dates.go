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

// around is the calendar unit w that holds today, moved by n: "next month".
func (c *calendar) around(w string, n int) (period, bool) {
	t := c.today
	if t.IsZero() {
		return period{}, false
	}
	p := period{bare: true}
	switch w {
	case "day":
		p.from = t.AddDate(0, 0, n)
		p.to = p.from
	case "week":
		p.from = t.AddDate(0, 0, -int(t.Weekday()+6)%7+7*n)
		p.to = p.from.AddDate(0, 0, 6)
	case "weekend":
		p.to = t.AddDate(0, 0, (7-int(t.Weekday()))%7+7*n)
		p.from = p.to.AddDate(0, 0, -1)
	case "month":
		p = monthPeriod(t.Year(), t.Month()+time.Month(n))
	case "quarter":
		p.from = date(t.Year(), (t.Month()-1)/3*3+1+time.Month(3*n), 1)
		p.to = p.from.AddDate(0, 3, -1)
	case "year":
		p = yearPeriod(t.Year() + n)
	case "decade":
		y := t.Year()/10*10 + 10*n
		p.from, p.to = date(y, 1, 1), date(y+9, 12, 31)
	case "century":
		y := t.Year()/100*100 + 100*n
		p.from, p.to = date(y, 1, 1), date(y+99, 12, 31)
	default:
		if m, ok := seasons[w]; ok {
			p = c.season(m, 0)
			p.from, p.to = p.from.AddDate(max(n, 0), 0, 0), p.to.AddDate(max(n, 0), 0, 0)
			break
		}
		if d, ok := weekdays[w]; ok {
			p = c.weekday(d)
			if n > 0 && p.to.Sub(t) < 7*24*time.Hour && sameWeek(t, p.to) {
				p.from, p.to = p.from.AddDate(0, 0, 7), p.to.AddDate(0, 0, 7)
			}
			break
		}
		if m, ok := months[w]; ok {
			p = c.month(m)
			if n > 0 && !c.past && p.from.Year() == t.Year() && p.from.Month() == t.Month() {
				p = monthPeriod(t.Year()+1, m)
			}
			break
		}
		return period{}, false
	}
	p.exact, p.bare = false, true
	return p, true
}

func sameWeek(a, b time.Time) bool {
	ay, aw := a.ISOWeek()
	by, bw := b.ISOWeek()
	return ay == by && aw == bw
}

// weekday is the last such day, today included, or the next.
func (c *calendar) weekday(d time.Weekday) period {
	n := (int(d) - int(c.today.Weekday()) + 7) % 7
	if c.past && n > 0 {
		n -= 7
	}
	t := c.today.AddDate(0, 0, n)
	return period{from: t, to: t, day: true, bare: true}
}

// month is the last such month, this one included, or the next.
func (c *calendar) month(m time.Month) period {
	y := c.today.Year()
	if c.past && m > c.today.Month() {
		y--
	} else if !c.past && m < c.today.Month() {
		y++
	}
	p := monthPeriod(y, m)
	p.exact = false
	return p
}

// season is the season that ends with month m, in year y or the next to end.
func (c *calendar) season(m time.Month, y int) period {
	exact := y > 0
	if !exact {
		y = c.today.Year()
		if date(y, m+1, 0).Before(c.today) {
			y++
		}
	}
	return period{from: date(y, m-2, 1), to: date(y, m+1, 0), exact: exact}
}

// period reads the expression at word i.
func (c *calendar) period(i int) (p period, next int, ok bool) {
	for c.at(i) == "the" || c.at(i) == "about" || c.at(i) == "around" {
		i++
	}
	if p, next, ok = c.part(i); ok {
		return p, next, true
	}
	w := c.at(i)
	known := !c.today.IsZero()
	switch w {
	case "today", "tonight":
		return period{from: c.today, to: c.today, day: true, bare: true}, i + 1, known
	case "tomorrow":
		t := c.today.AddDate(0, 0, 1)
		return period{from: t, to: t, day: true, bare: true}, i + 1, known
	case "yesterday":
		t := c.today.AddDate(0, 0, -1)
		return period{from: t, to: t, day: true, bare: true}, i + 1, known
	case "this", "current", "coming", "later", "earlier":
		k := i + 1
		if (w == "later" || w == "earlier") && c.at(k) == "this" || c.at(k) == "coming" {
			k++
		} else if w == "later" || w == "earlier" {
			return p, i, false
		}
		p, ok = c.around(c.at(k), 0)
		if ok && w == "earlier" {
			p.to = c.today
		}
		return p, k + 1, ok
	case "next", "last":
		n := 1
		if w == "last" {
			n = -1
		}
		p, ok = c.around(c.at(i+1), n)
		return p, i + 2, ok
	}
	if y := yearOf(w); y > 0 {
		return yearPeriod(y), i + 1, true
	}
	if strings.HasSuffix(w, "0s") {
		if y := yearOf(strings.TrimSuffix(w, "s")); y > 0 {
			return period{from: date(y, 1, 1), to: date(y+9, 12, 31), exact: true}, i + 1, true
		}
	}
	if _, is := weekdays[w]; is {
		return c.named(i)
	}
	if m, is := seasons[w]; is {
		k := i + 1
		if c.at(k) == "of" {
			k++
		}
		if y := yearOf(c.at(k)); y > 0 {
			if m == 2 {
				y++ // the winter of 2026 ends in 2027
			}
			return c.season(m, y), k + 1, true
		}
		return c.season(m, 0), i + 1, known
	}
	return c.dayAndMonth(i)
}

// named is a weekday, with the date that may follow it.
func (c *calendar) named(i int) (p period, next int, ok bool) {
	k := i + 1
	if c.at(k) == "," {
		k++
	}
	if p, next, ok := c.dayAndMonth(k); ok && p.day {
		return p, next, true
	}
	if c.today.IsZero() {
		return p, i, false
	}
	return c.weekday(weekdays[c.at(i)]), i + 1, true
}

// dayAndMonth is "4 March", "March 4, 2027", "4th of March", "March 2027", "March".
func (c *calendar) dayAndMonth(i int) (p period, next int, ok bool) {
	d, k := dayOfMonth(c.at(i)), i
	if d > 0 {
		if k++; c.at(k) == "of" {
			k++
		}
	}
	m, is := months[c.at(k)]
	if !is || c.at(k) == "may" && d == 0 && c.at(k+1) != "" && yearOf(c.at(k+1)) == 0 && dayOfMonth(c.at(k+1)) == 0 && !c.governed(i) {
		return p, i, false
	}
	if k++; c.at(k) == "." {
		k++
	}
	if d == 0 && yearOf(c.at(k)) == 0 {
		if d = dayOfMonth(c.at(k)); d > 0 {
			k++
		}
	}
	y, after := 0, k
	if c.at(k) == "," && d > 0 {
		k++
	}
	if y = yearOf(c.at(k)); y > 0 {
		after = k + 1
	} else if c.today.IsZero() {
		return p, i, false
	}
	if p = monthPeriod(y, m); y == 0 {
		p = c.month(m)
	}
	if d > 0 {
		t := date(p.from.Year(), m, d)
		if y == 0 && c.past && t.After(c.today) {
			t = t.AddDate(-1, 0, 0)
		} else if y == 0 && !c.past && t.Before(c.today) {
			t = t.AddDate(1, 0, 0)
		}
		p = period{from: t, to: t, exact: y > 0, day: true, bare: true}
	}
	return p, after, true
}

// governed reports whether the word before i makes a month of "may".
func (c *calendar) governed(i int) bool {
	switch c.at(i - 1) {
	case "in", "by", "until", "before", "since", "last", "next", "this", "of", "from", "during", "the", "end":
		return true
	}
	return false
}

// part is a part of a period: its end, its first week, its second half, early,
// mid or late in it.
func (c *calendar) part(i int) (p period, next int, ok bool) {
	w, k := c.at(i), i+1
	share := func(of period, n, from, to int) period {
		if y := of.from.Year(); n == 3 && of.from.Equal(date(y, 1, 1)) && of.to.Equal(date(y, 12, 31)) {
			return period{from: date(y, time.Month(4*from+1), 1), to: date(y, time.Month(4*to+1), 0), exact: of.exact}
		}
		days := int(of.to.Sub(of.from).Hours()/24) + 1
		return period{from: of.from.AddDate(0, 0, days*from/n), to: of.from.AddDate(0, 0, days*to/n-1), exact: of.exact}
	}
	if thirds, is := map[string]int{"early": 0, "mid": 1, "late": 2}[w]; is {
		if c.at(k) == "in" || c.at(k) == "to" || c.at(k) == "-" {
			k++
		}
		of, next, ok := c.period(k)
		if !ok || of.day {
			return p, i, false
		}
		return share(of, 3, thirds, thirds+1), next, true
	}
	if w == "end" || w == "start" || w == "beginning" || w == "middle" || w == "close" {
		if c.at(k) != "of" {
			return p, i, false
		}
		of, next, ok := c.whole(k + 1)
		switch {
		case !ok:
			return p, i, false
		case w == "end" || w == "close":
			return period{from: of.to, to: of.to, exact: of.exact, end: true}, next, true
		case w == "middle":
			return share(of, 3, 1, 2), next, true
		}
		return share(of, 3, 0, 1), next, true
	}
	n, is := ordinals[w]
	if !is && len(w) == 2 && w[0] == 'q' && w[1] >= '1' && w[1] <= '4' {
		of, next, ok := c.period(k)
		if !ok {
			return p, i, false
		}
		q := int(w[1] - '0')
		return quarter(of, q, q-1), next, true
	}
	name := c.at(k)
	if !is || c.at(k+1) != "of" && c.at(k+1) != "in" {
		return p, i, false
	}
	of, next, ok := c.whole(k + 2)
	if !ok {
		return p, i, false
	}
	switch d, weekday := weekdays[name]; {
	case name == "half" && n > 0:
		return quarter(of, 2*n, 2*n-2), next, true
	case name == "half":
		return quarter(of, 4, 2), next, true
	case name == "quarter" && n > 0:
		return quarter(of, n, n-1), next, true
	case name == "quarter":
		return quarter(of, 4, 3), next, true
	case name == "week" && n > 0:
		return period{from: of.from.AddDate(0, 0, 7*n-7), to: of.from.AddDate(0, 0, 7*n-1), exact: of.exact}, next, true
	case name == "week":
		return period{from: of.to.AddDate(0, 0, -6), to: of.to, exact: of.exact}, next, true
	case name == "day" && n > 0:
		return period{from: of.from.AddDate(0, 0, n-1), to: of.from.AddDate(0, 0, n-1), exact: of.exact, day: true}, next, true
	case name == "day":
		return period{from: of.to, to: of.to, exact: of.exact, day: true}, next, true
	case weekday && n > 0:
		t := of.from.AddDate(0, 0, (int(d)-int(of.from.Weekday())+7)%7+7*n-7)
		return period{from: t, to: t, exact: of.exact, day: true}, next, true
	case weekday:
		t := of.to.AddDate(0, 0, -(int(of.to.Weekday())-int(d)+7)%7)
		return period{from: t, to: t, exact: of.exact, day: true}, next, true
	}
	return p, i, false
}

// quarter is a year from behind quarter after to the end of quarter to.
func quarter(year period, to, after int) period {
	y := year.from.Year()
	return period{from: date(y, time.Month(3*after+1), 1), to: date(y, time.Month(3*to+1), 0), exact: year.exact}
}

// whole is a period behind "of", where "the year" means this one.
func (c *calendar) whole(i int) (p period, next int, ok bool) {
	if c.at(i) == "the" {
		if p, ok := c.around(c.at(i+1), 0); ok {
			return p, i + 2, true
		}
	}
	return c.period(i)
}

// span is "the next three months", "100 days", "a year": that long from today.
func (c *calendar) span(i int) (to time.Time, next int, ok bool) {
	if c.today.IsZero() {
		return to, i, false
	}
	for c.at(i) == "the" || c.at(i) == "just" || c.at(i) == "about" {
		i++
	}
	coming := c.at(i) == "next" || c.at(i) == "coming"
	if coming {
		i++
	}
	n, k, ok := c.count(i)
	if !ok && coming {
		n, k, ok = 1, i, !strings.HasSuffix(c.at(i), "s") // "in the next year", not "in the coming weeks"
	}
	if !ok {
		return to, i, false
	}
	if to, ok = unit(c.at(k), c.today, n); !ok {
		return to, i, false
	}
	switch c.at(k + 1) {
	case "of", "after", "before", "ago", "earlier", "later", "in":
		return to, i, false // counted from something else
	}
	return to, k + 1, true
}

// due is the day from which a statement about the future can be checked: the
// last day that its deadline leaves, or the first that it names. Zero if it
// names none or one that has passed. open says that the statement speaks of the
// future; without that only what cannot be meant otherwise counts.
func (c *calendar) due(open bool) time.Time {
	var deadline, named time.Time
	for i := 0; i < len(c.words); {
		t, strict, next := c.dueAt(i, open)
		if next <= i {
			next = i + 1
		}
		i = next
		if t.IsZero() || !c.today.IsZero() && t.Before(c.today) {
			continue
		}
		if strict && t.After(deadline) {
			deadline = t
		}
		if named.IsZero() || t.Before(named) {
			named = t
		}
	}
	if !deadline.IsZero() {
		return deadline
	}
	return named
}

// dueAt reads what may be a date at word i; strict if it is a deadline.
func (c *calendar) dueAt(i int, open bool) (t time.Time, strict bool, next int) {
	switch w := c.at(i); w {
	case "by", "before", "within":
		if to, next, ok := c.span(i + 1); ok && w == "within" {
			if !open || to.Sub(c.today) < 24*time.Hour || strings.HasPrefix(c.at(next-1), "hour") {
				return t, false, next // “seen within four hours”
			}
			return to, true, next
		}
		p, next, ok := c.period(i + 1)
		switch {
		case !ok:
			return t, false, i
		case !open && !p.exact:
			return t, false, next // “moved by Friday” may be the last one
		case p.to.Equal(c.today) && isWeekday(c.at(i+1)):
			return p.to.AddDate(0, 0, 7), true, next // nobody sets a deadline for today by its name
		case w == "before" && !p.end:
			return p.from.AddDate(0, 0, -1), true, next
		}
		return p.to, true, next
	case "in", "over", "during", "for":
		to, next, ok := c.span(i + 1)
		if w == "for" {
			return t, false, next
		}
		if next > 0 && ok {
			coming := c.at(i+1) == "the" || c.at(i+1) == "next"
			if open && (coming || w == "in" && to.Sub(c.today) > 48*time.Hour) { // “end the war in a day” is no day
				return to, coming, next
			}
			return t, false, next
		}
		p, next, ok := c.period(i + 1)
		if ok && open {
			return p.to, false, next
		}
		return t, false, next
	case "until", "till", "on", "from":
		p, next, ok := c.period(i + 1)
		if !ok || !open || c.hope && !p.exact {
			return t, false, next
		}
		if w == "from" {
			return p.from, false, next
		}
		return p.to, false, next
	case "between":
		if p, next, ok := c.period(i + 1); ok && c.at(next) == "and" {
			if q, after, ok := c.period(next + 1); ok && open && q.to.After(p.to) {
				return q.to, true, after
			}
		}
		return t, false, i
	case "since", "after", "than", "with", "to", "ago":
		if _, next, ok := c.period(i + 1); ok {
			return t, false, next
		}
		if c.at(i+1) == "in" {
			if _, next, ok := c.period(i + 2); ok {
				return t, false, next // than in 2019
			}
		}
		return t, false, i
	}
	if to, next, ok := c.span(i); ok && c.at(next) == "from" && c.at(next+1) == "now" {
		return to, true, next + 2
	}
	if p, next, ok := c.period(i); ok && p.bare {
		if open && (!c.hope || p.exact || c.at(i) == "next" || c.at(i) == "tomorrow") {
			return p.to, false, next
		}
		return t, false, next
	}
	return t, false, i
}

// said is the day that the words name at which somebody spoke; zero if they
// name none, or more than a day.
func (c *calendar) said() time.Time {
	c.past = true
	for i := range c.words {
		p, _, ok := c.period(i)
		if ok && p.from.Equal(p.to) && (p.day || p.bare) && (c.today.IsZero() || !p.to.After(c.today)) {
			return p.to
		}
	}
	return time.Time{}
}

// due is when the statement made of own can be checked; zero if that is unknown.
func (x *extraction) due(f Features, own []token) time.Time {
	if !tellsTime(x.text, own) {
		return time.Time{}
	}
	future := f[SaysFuture]+f[IsPromise]+f[NamesTime] > 0 || x.cur.promise
	open := future || hopes(x.text, own)
	for w := range strings.FieldsSeq(strings.ToLower(x.text[x.cur.cue.Start:x.cur.cue.End])) {
		open = open || hoping[w]
	}
	c := calendar{words: datedWords(x.text, own), today: x.today, hope: !future}
	t := c.due(open)
	if t.IsZero() && f[NamesTime] > 0 && f[GivesDate] == 0 {
		return x.today // a time of day alone is one of the article's day
	}
	return t
}

// tellsTime reports whether toks may hold a date: most statements hold none, and
// are passed over quickly.
func tellsTime(text string, toks []token) bool {
	for _, t := range toks {
		switch {
		case t.has(year | clock), t.kind == word && t.is(lexCalendar|lexTime|lexDuration|lexClock):
			return true
		case t.end-t.start >= 4 && t.end-t.start <= 9 && (t.kind == word || t.kind == number):
			if c := text[t.end-1]; c >= '0' && c <= '9' || timeWords[strings.ToLower(t.text(text))] || strings.HasSuffix(t.text(text), "0s") {
				return true
			}
		}
	}
	return false
}

// timeWords are those of time that the word lists do not know as such.
var timeWords = map[string]bool{
	"spring": true, "summer": true, "autumn": true, "fall": true, "winter": true, "quarter": true, "century": true, "decade": true, "fortnight": true,
	"weekend": true, "year": true, "years": true, "month": true, "months": true, "week": true, "weeks": true, "days": true, "decades": true,
}

// hoping are words that say what somebody wants, expects or has to do.
var hoping = map[string]bool{
	"want": true, "wants": true, "hope": true, "hopes": true, "must": true, "need": true, "needs": true, "should": true,
	"may": true, "might": true, "could": true, "can": true, "plan": true, "plans": true, "aim": true, "aims": true, "target": true,
	"deadline": true, "due": true, "expect": true, "expects": true, "predict": true, "predicts": true, "predicted": true,
	"forecast": true, "forecasts": true, "ready": true, "scheduled": true,
}

// hopes reports whether one of hoping stands in the statement.
func hopes(text string, own []token) bool {
	for _, t := range own {
		if t.kind == word && t.end-t.start < 10 && !t.name() && hoping[strings.ToLower(t.text(text))] {
			return true
		}
	}
	return false
}

// saidAt is the day at which the frame at hand says that its speaker spoke; zero
// if it says none. It stands behind the verb, or at the head of the sentence.
func (x *extraction) saidAt(toks []token, f frame) time.Time {
	const near = 8
	inside := func(t token) bool { return t.start < f.content.End && f.content.Start < t.end || t.quote >= 0 }
	var around []token
	if !tellsTime(x.text, toks) {
		return time.Time{}
	}
	for i := firstToken(toks, max(f.cue.End, f.speaker.End)); i < len(toks) && len(around) < near; i++ {
		if t := toks[i]; inside(t) || t.kind == semicolon || t.kind == colon || t.kind == comma && i > 0 && toks[i-1].bits&lexCalendar == 0 {
			break
		} else if t.kind == word && t.is(lexSubord) {
			break
		}
		around = append(around, toks[i])
	}
	c := calendar{words: datedWords(x.text, around), today: x.today}
	if t := c.said(); !t.IsZero() {
		return t
	}
	head := firstToken(toks, min(f.cue.Start, f.speaker.Start))
	if head > near || head > 0 && inside(toks[0]) {
		head = 0
	}
	c = calendar{words: datedWords(x.text, toks[:head]), today: x.today}
	return c.said()
}
