package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// maxShorten is how many tokens a statement may have that is made shorter.
const maxShorten = 90

// fitting is what say makes of own, or of as much of own as it takes to fit.
// What goes first stands in brackets or between commas, in front or at the end;
// then clauses and phrases of time, place and manner at the end. What bears on
// whether the statement is true stays: conditions, denials, the last number.
// "" if that is not enough.
func (x *extraction) fitting(own []token, say func([]token) string) string {
	s := say(own)
	for s != "" && utf8.RuneCountInString(trimEnd(s)) > claims.MaxShortForm {
		if len(own) > maxShorten {
			return ""
		}
		less := x.less(own)
		if less == nil || dangles(x.text, less) {
			return ""
		}
		own, s = less, say(less)
	}
	if s == "" {
		return ""
	}
	return fit(s)
}

// less is own without the next part that can go; nil if all is needed.
func (x *extraction) less(own []token) []token {
	sp := splitter{toks: own}
	if left := x.withoutFront(&sp, own); left != nil {
		if x.says(own, left) {
			return left
		}
		return nil // what comes first is needed, and what comes last is the statement
	}
	for _, cut := range [...]func(*splitter, []token) []token{x.withoutBracket, x.withoutMiddle, x.withoutTail, x.withoutTitle, x.withoutClause, x.withoutPhrase, x.withoutVerb} {
		if left := cut(&sp, own); left != nil && x.says(own, left) {
			return left
		}
	}
	return nil
}

// says reports whether left still says what own does: it has a verb, the
// numbers have not all gone, and nothing that limits or denies has.
func (x *extraction) says(own, left []token) bool {
	if len(left) < minWords || !x.stated(left) {
		return false
	}
	numbers := func(toks []token) int {
		n := 0
		for _, t := range toks {
			if t.kind == number && !t.has(year) || t.is(lexNumWord) {
				n++
			}
		}
		return n
	}
	if numbers(own) > 0 && numbers(left) == 0 {
		return false
	}
	limits := func(toks []token) int {
		n := 0
		for _, t := range toks {
			if limiting[strings.ToLower(t.text(x.text))] || t.is(lexAbsence) {
				n++
			}
		}
		return n
	}
	return limits(own) == limits(left)
}

// limiting are words without which a statement is another one.
var limiting = map[string]bool{
	"not": true, "n't": true, "n’t": true, "no": true, "never": true, "nor": true, "neither": true, "without": true, "unless": true, "if": true, "except": true, "only": true,
	"until": true, "than": true, "at least": true, "least": true, "most": true, "because": true, "whether": true, "but": true, "almost": true, "nearly": true,
}

// withoutBracket leaves out the first words in brackets.
func (x *extraction) withoutBracket(_ *splitter, own []token) []token {
	a := slices.IndexFunc(own, func(t token) bool { return t.kind == opening })
	b := slices.IndexFunc(own, func(t token) bool { return t.kind == closing })
	if a < 0 || b < a {
		return nil
	}
	return slices.Concat(own[:a], own[b+1:])
}

// withoutFront leaves out what stands before the subject: “In May, …”.
func (x *extraction) withoutFront(sp *splitter, own []token) []token {
	if !fronted(own[0]) {
		return nil
	}
	for i := 1; i < len(own)-minWords; i++ {
		if own[i].kind == comma && sp.independent(i+1, len(own)) {
			return own[i+1:]
		}
	}
	return nil
}

// withoutMiddle leaves out what stands between two commas behind the subject.
func (x *extraction) withoutMiddle(sp *splitter, own []token) []token {
	for a := 1; a < len(own); a++ {
		if own[a].kind != comma {
			continue
		}
		for b := a + 2; b < len(own)-1; b++ {
			if own[b].kind != comma {
				continue
			}
			if next := own[b+1]; next.kind == word && !next.name() && next.is(lexFinite|lexModal|lexAux) && !sp.verbIn(0, a) {
				return slices.Concat(own[:a], own[b+1:])
			}
			break
		}
	}
	return nil
}

// withoutTail leaves out what stands behind the last comma, if it is not the
// rest of a list and the statement does not come last.
func (x *extraction) withoutTail(_ *splitter, own []token) []token {
	if fronted(own[0]) {
		return nil
	}
	for i := len(own) - 2; i >= minWords; i-- {
		if t := own[i+1]; own[i].kind == comma {
			if t.kind != number && !t.name() && !t.has(ing) && !t.is(lexPrep|lexSubord|lexRelative|lexArticle|lexContrast|lexCoord|lexAccording) {
				return nil
			}
			return own[:i]
		}
	}
	return nil
}

// fronted reports whether a statement that begins with t has something before
// its subject.
func fronted(t token) bool { return t.is(lexPrep|lexCalendar|lexTime|lexSubord) || t.has(ing) }

// withoutTitle leaves out what somebody is, before the name.
func (x *extraction) withoutTitle(_ *splitter, own []token) []token {
	n := x.disc.names
	for _, m := range n.in(claims.Offsets{Start: own[0].start, End: own[len(own)-1].end}) {
		if m.full <= own[0].start && m.start > own[0].start && n.personOf(m, anyGender) >= 0 {
			return own[firstToken(own, m.start):]
		}
		break
	}
	return nil
}

// withoutVerb leaves out the last of several things that somebody does.
func (x *extraction) withoutVerb(sp *splitter, own []token) []token {
	for i := len(own) - 2; i >= minWords; i-- {
		if own[i].kind != word || own[i].text(x.text) != "and" || !sp.verbIn(0, i) || fronted(own[0]) {
			continue
		}
		if next := own[i+1]; next.kind == word && !next.name() && (next.is(lexFinite|lexModal|lexAux) || next.has(ed)) || sp.independent(i+1, len(own)) {
			return own[:i]
		}
	}
	return nil
}

// withoutClause leaves out a clause at the end: “…, as the ministry said”,
// “… after he had left”.
func (x *extraction) withoutClause(sp *splitter, own []token) []token {
	for i := len(own) - 2; i >= minWords; i-- {
		t := own[i]
		if t.kind == word && t.is(lexSubord) && !t.is(lexDeictic|lexRelative|lexWh) && t.text(x.text) != "as" && sp.verbIn(i+1, len(own)) && sp.verbIn(0, i) && !own[i-1].is(lexSay) {
			return own[:i]
		}
	}
	return nil
}

// withoutPhrase leaves out the last phrase that says when or where. Others may
// be what the verb needs: “put it on alert”.
func (x *extraction) withoutPhrase(sp *splitter, own []token) []token {
	for i := len(own) - 2; i >= minWords; i-- {
		t, before := own[i], own[i-1]
		if t.kind == quoteMark {
			return nil
		}
		if t.kind != word || !t.is(lexPrep) || needed[t.text(x.text)] {
			continue
		}
		next := own[i+1]
		if next.is(lexArticle|lexPossessive) && i+2 < len(own) {
			next = own[i+2]
		}
		if !whenWhere[t.text(x.text)] || !next.name() && !next.is(lexCalendar|lexTime|lexDuration) && !next.has(year) {
			return nil
		}
		noun := before.kind == number || before.kind == word && (before.name() || !before.is(lexFinite|lexAux|lexModal|lexPrep|lexAdverb|lexDet) && !before.has(ed|ing|adverbly))
		if !noun || !sp.verbIn(0, i-1) && !slices.ContainsFunc(own[:i-1], func(t token) bool { return t.is(lexAux | lexFinite) }) {
			return nil
		}
		return own[:i]
	}
	return nil
}

// needed are prepositions inside a phrase that another one begins; whenWhere
// begin phrases of time and place.
var (
	needed    = map[string]bool{"of": true}
	whenWhere = map[string]bool{"in": true, "on": true, "at": true, "during": true, "after": true, "before": true, "since": true, "amid": true, "near": true, "throughout": true}
)

// wording is toks as text: as it stands, with one space where something was
// left out.
func (x *extraction) wording(toks []token) string {
	for len(toks) > 0 && (toks[len(toks)-1].kind == comma || toks[len(toks)-1].kind == dash || toks[len(toks)-1].kind == stop) {
		toks = toks[:len(toks)-1]
	}
	var b strings.Builder
	for i, t := range toks {
		if i > 0 {
			switch gap := x.text[toks[i-1].end:t.start]; {
			case strings.TrimSpace(gap) == "":
				b.WriteString(gap)
			case t.kind != comma && t.kind != stop && t.kind != possessive:
				b.WriteByte(' ')
			}
		}
		b.WriteString(x.text[t.start:t.end])
	}
	return b.String()
}

// trimEnd is s as fit counts it.
func trimEnd(s string) string {
	return strings.Join(strings.Fields(strings.TrimRight(s, ".,;: ")), " ")
}
