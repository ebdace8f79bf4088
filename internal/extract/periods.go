package extract

import (
	"strings"
	"time"
)

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
