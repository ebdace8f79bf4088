package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// headline is name and own as a headline. Where that is too long it leaves out,
// one after the other, what adds to the statement and does not limit it: what
// stands in brackets, who or which somebody is behind a comma, what else came of
// it, the day of the week, Mr and Mrs, the office before a name. A name in front
// is given in full where there is room.
func (x *extraction) headline(name string, own []token) string {
	s := strings.TrimRight(name+x.text[own[0].start:own[len(own)-1].end], ".,;: ")
	if utf8.RuneCountInString(s) <= claims.MaxShortForm {
		if name == "" {
			s = x.fullName(own, s)
		}
		return fit(s)
	}
	if own[0].is(lexSubord|lexPrep|lexAdverb) && !own[0].name() || !x.stated(own) {
		return "" // what is left may be no sentence
	}
	own = slices.Clone(own)
	for _, less := range [...]func([]token) []token{unbracketed, x.unrelated, x.unrenamed, unfollowed, x.undated, x.untitled, x.unoffice} {
		if own = less(own); len(own) < minHeadline || !x.stated(own) {
			return ""
		}
		s := strings.TrimRight(name+x.joined(own), ".,;: ")
		if utf8.RuneCountInString(s) <= claims.MaxShortForm {
			if name == "" {
				s = x.fullName(own, s)
			}
			return fit(s)
		}
	}
	return ""
}

// minHeadline is the fewest tokens that a shortened statement may have.
const minHeadline = 5

// joined are toks as text, without what was left out between them.
func (x *extraction) joined(toks []token) string {
	var b strings.Builder
	for i, t := range toks {
		if i > 0 {
			gap := x.text[toks[i-1].end:t.start]
			if strings.TrimSpace(gap) != "" { // something was left out
				gap = " "
				if t.kind == comma || t.kind == stop || t.kind == possessive || t.kind == closing {
					gap = ""
				}
			}
			b.WriteString(gap)
		}
		b.WriteString(t.text(x.text))
	}
	return b.String()
}

// unbracketed is toks without what stands in brackets.
func unbracketed(toks []token) []token {
	a := slices.IndexFunc(toks, func(t token) bool { return t.kind == opening })
	if a < 0 {
		return toks
	}
	b := slices.IndexFunc(toks[a:], func(t token) bool { return t.kind == closing })
	if b < 0 || hasMark(toks[a:a+b]) {
		return toks
	}
	return slices.Delete(toks, a, a+b+1)
}

// hasMark reports whether one of toks is a mark of a quotation, whose twin would
// be left alone.
func hasMark(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool { return t.kind == quoteMark })
}

// verbAt reports whether the main clause goes on at token i: with its verb.
func verbAt(toks []token, i int) bool {
	return i < len(toks) && toks[i].kind == word && !toks[i].name() && toks[i].is(lexFinite|lexAux|lexModal|lexChange|lexEvent) && !toks[i].has(ing)
}

// verbIn reports whether toks have a finite verb.
func verbIn(toks []token) bool {
	for i := range toks {
		if verbAt(toks, i) {
			return true
		}
	}
	return false
}

// insertion is the stretch [a, b) of toks that begins with the comma a and ends
// with the comma behind which the verb of the main clause stands, or, if that
// verb has been, with the end.
func insertion(toks []token, a int) (b int, ok bool) {
	if verbIn(toks[1:a]) {
		if toks[len(toks)-1].kind == stop {
			return len(toks) - 1, true
		}
		return len(toks), true
	}
	for k := a + 2; k < len(toks); k++ {
		if toks[k].kind == comma {
			return k + 1, verbAt(toks, k+1)
		}
	}
	return 0, false
}

// unrelated is toks without a clause that tells more of somebody or something:
// “, who had supported …”.
func (x *extraction) unrelated(toks []token) []token {
	for a := 1; a+2 < len(toks); a++ {
		t := toks[a+1]
		if toks[a].kind != comma || t.kind != word {
			continue
		}
		switch strings.ToLower(t.text(x.text)) {
		case "who", "which", "whose", "where":
			if b, ok := insertion(toks, a); ok && !hasMark(toks[a:b]) {
				return slices.Delete(toks, a, b)
			}
		}
	}
	return toks
}

// unrenamed is toks without what a name is called besides: “Orve, the second city
// of the island, lost …”.
func (x *extraction) unrenamed(toks []token) []token {
	for a := 1; a+2 < len(toks); a++ {
		if toks[a].kind != comma || !toks[a-1].name() || !toks[a+1].is(lexArticle) || verbIn(toks[1:a]) {
			continue
		}
		if b, ok := insertion(toks, a); ok && !verbIn(toks[a+1:b-1]) && !hasMark(toks[a:b]) {
			return slices.Delete(toks, a, b)
		}
	}
	return toks
}

// unfollowed is toks without what else came of it: “…, killing two people”.
func unfollowed(toks []token) []token {
	for a := len(toks) - 2; a > 3; a-- {
		if toks[a].kind == comma && toks[a+1].kind == word && toks[a+1].has(ing) && verbIn(toks[1:a]) && !hasMark(toks[a:]) {
			return toks[:a]
		}
	}
	return toks
}

// undated is toks without the day of the week that they end with: nobody who
// reads it later would know which week.
func (x *extraction) undated(toks []token) []token {
	n := len(toks)
	for n > 0 && toks[n-1].kind == stop {
		n--
	}
	if n < 3 || !strings.HasSuffix(toks[n-1].text(x.text), "day") || !toks[n-1].is(lexCalendar) {
		return toks
	}
	n--
	if p := toks[n-1]; p.kind == word && p.text(x.text) == "on" {
		n--
	}
	if toks[n-1].kind != word || toks[n-1].is(lexPrep|lexArticle|lexCoord|lexDeictic|lexTime) { // “by Friday”, “next Friday” limit it
		return toks
	}
	return toks[:n]
}

// untitled is toks without Mr and Mrs before names.
func (x *extraction) untitled(toks []token) []token {
	out := toks[:0]
	for i := 0; i < len(toks); i++ {
		switch toks[i].text(x.text) {
		case "Mr", "Mrs", "Ms":
			if i+2 < len(toks) && toks[i+1].kind == stop {
				i++
			}
			continue
		}
		out = append(out, toks[i])
	}
	return out
}

// unoffice is toks without what somebody is, before the name that they begin
// with: “Democratic presidential candidate”.
func (x *extraction) unoffice(toks []token) []token {
	n := x.disc.names
	for _, m := range n.in(claims.Offsets{Start: toks[0].start, End: toks[len(toks)-1].end}) {
		k := firstToken(toks, m.start)
		if k >= len(toks) || slices.ContainsFunc(toks[:k], func(t token) bool {
			return t.kind != stop && t.kind != word || t.is(lexPrep|lexCoord|lexArticle|lexPossessive|lexFinite|lexAux|lexModal|lexNumWord)
		}) {
			break
		}
		if n.personOf(m, anyGender) >= 0 {
			return toks[k:]
		}
	}
	return toks
}

// pointsInside reports whether the pronoun own[i] stands for what the statement
// begins with, so that it needs nothing from outside.
func (x *extraction) pointsInside(own []token, i int) bool {
	if i < 2 || own[0].kind != word || own[0].is(lexPron3|lexPron12|lexDeictic) {
		return false
	}
	if subject := verbAt(own, i+1); !subject && !own[i].is(lexPossessive) || i+1 == len(own) {
		return false
	}
	switch strings.ToLower(own[i].text(x.text)) {
	case "it":
		return own[0].is(lexArticle) && !own[1].is(lexPlural) && (own[1].is(lexOrg) || !own[1].is(lexSpeaker)) && !many(own[:min(len(own), 2)]) && x.personAt(own) < 0
	case "he", "his":
		return x.genderAt(own) == male
	case "she", "her":
		return x.genderAt(own) == female
	}
	return false
}

// personAt is the entity that own begins with, if it may be a person; else -1.
func (x *extraction) personAt(own []token) int {
	for _, m := range x.disc.names.in(claims.Offsets{Start: own[0].start, End: own[min(len(own), 4)-1].end}) {
		if m.full == own[0].start {
			return x.disc.names.personOf(m, anyGender)
		}
	}
	return -1
}

// genderAt is the gender of the only person that own names, who stands in front.
func (x *extraction) genderAt(own []token) gender {
	e := x.personAt(own)
	if e < 0 {
		return anyGender
	}
	for _, m := range x.disc.names.in(claims.Offsets{Start: own[0].start, End: own[len(own)-1].end}) {
		if o := x.disc.names.personOf(m, anyGender); o >= 0 && o != e {
			return anyGender
		}
	}
	return x.disc.names.entities[e].gender
}
