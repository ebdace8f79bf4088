package extract

import (
	"strings"
	"time"
)

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
