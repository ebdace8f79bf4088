package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// short words a headline for the statement of c: it stands alone, with its
// first pronoun resolved and its end mark gone; "" if it would be unclear, too
// long, or would seem to judge. Noun says that the statement is a noun phrase
// about what was reported before.
func (x *extraction) short(c clause, toks []token, who claims.Attribution, noun bool) string {
	own := toks[c.own:c.b]
	if noun {
		return "" // "the highest rate since 2024": of what?
	}
	if len(own) == 0 || who.Type == claims.Direct && speaksOfSelf(own) {
		return x.shortQuote(toks[c.a].start, toks[c.b-1].end, who)
	}
	if len(own) > minWords && strings.EqualFold(own[0].text(x.text), "that") && own[1].kind == word && (own[1].name() || own[1].is(lexArticle)) {
		own = own[1:] // that the minister was responsible
	}
	if c.part {
		return x.shortPart(c, toks)
	}
	if dangles(x.text, own) {
		return ""
	}
	if x.cur.promise && who.CueEnd <= own[0].start && x.infinitive(own[0], who) && who.Canonical != "" {
		return fit(who.Canonical + " " + x.text[who.CueStart:own[len(own)-1].end])
	}
	name, first := "", anyGender
	if !x.stated(own) || who.Type == claims.Direct && !x.standsAlone(own) {
		return "" // a pronoun inside a quotation points where the speaker was pointing
	}
	for i, t := range own {
		if t.kind != word || !t.is(lexPron3|lexObjPron|lexPossessive|lexDeictic|lexPron12) || deicticOK(own, i) {
			continue
		}
		g := x.genderOf(t)
		if i > 0 && name != "" && (g == first || g == anyGender) && t.is(lexPossessive|lexPron3|lexObjPron) || x.pointsInside(own, i) {
			continue // the name has been given
		}
		if i > 0 || !t.is(lexPron3|lexPossessive) {
			return ""
		}
		if name, first = x.nameFor(t, who), g; name == "" {
			return ""
		}
		if t.is(lexPossessive) && !t.is(lexPron3) {
			name += "’s"
		}
	}
	if name != "" {
		return x.headline(name+" ", own[1:])
	}
	return x.headline("", own)
}

// genderOf is whom the pronoun t can stand for.
func (x *extraction) genderOf(t token) gender {
	switch strings.ToLower(t.text(x.text)) {
	case "he", "his", "him":
		return male
	case "she", "her":
		return female
	}
	return anyGender
}

// shortPart is short for a part of a sentence: what renames a noun, or what its
// relative pronoun says of it.
func (x *extraction) shortPart(c clause, toks []token) string {
	own := toks[c.own:c.b]
	if c.head[0] >= c.head[1] || dangles(x.text, own) && c.appositive {
		return ""
	}
	head := toks[c.head[0]:c.head[1]]
	if !x.standsAlone(head) || x.stated(head) || head[0].has(ed) {
		return ""
	}
	name := x.text[head[0].start:head[len(head)-1].end]
	if !c.appositive {
		return x.shortRelative(name, head, own)
	}
	if own[0].is(lexPostmod) && !own[0].is(lexPredicate) && own[0].kind == word {
		own = own[1:]
	}
	if len(own) == 0 || !x.standsAlone(own) {
		return ""
	}
	is := map[bool]string{true: " are ", false: " is "}[many(head)]
	return fit(name + is + x.text[own[0].start:own[len(own)-1].end])
}

// shortRelative is head as the subject of own, a relative clause of which its
// pronoun is the subject.
func (x *extraction) shortRelative(name string, head, own []token) string {
	if len(own) < 3 || dangles(x.text, own[1:]) || !x.standsAlone(own[1:]) {
		return ""
	}
	switch strings.ToLower(own[0].text(x.text)) {
	case "who", "which":
	default:
		return ""
	}
	switch verb := own[1]; verb.text(x.text) {
	case "have", "are", "were", "do":
		if !many(head) {
			return "" // of several, of whom head is the last
		}
	default:
		if !verb.is(lexFinite|lexModal|lexAux) && !verb.has(ed|adverbly) {
			return ""
		}
	}
	return x.headline(name+" ", own[1:])
}

// stated reports whether own has a verb of its own: not only that of a relative
// clause (“themes that moved them”) or a participle (“a plan endorsed by …”).
func (x *extraction) stated(own []token) bool {
	for i, t := range own {
		if t.kind != word || t.name() && !t.is(lexAux) || i > 0 && (own[i-1].is(lexRelative) || own[i-1].text(x.text) == "that") {
			continue
		}
		if t.is(lexFinite | lexModal | lexAux | lexEvent | lexChange) {
			return true
		}
		if t.has(ed) && i > 0 && (i+1 == len(own) || own[i+1].text(x.text) != "by" && own[i+1].text(x.text) != "as") {
			return true
		}
	}
	return false
}

// fullName is own with the full name of the person that it begins with, if
// there is room for it.
func (x *extraction) fullName(own []token, said string) string {
	n := x.disc.names
	in := n.in(claims.Offsets{Start: own[0].start, End: own[0].end})
	if len(in) == 0 || in[0].start != own[0].start || n.personOf(in[0], anyGender) < 0 {
		return said
	}
	name := x.text[in[0].start:in[0].end]
	full := n.entities[in[0].ent].name + strings.TrimPrefix(said, name)
	if !strings.HasPrefix(said, name) || utf8.RuneCountInString(full) > claims.MaxShortForm {
		return said
	}
	return full
}

// dangles reports whether own is a part of something else: “even if …”, “days
// before …”, “pointing to …”.
func dangles(text string, own []token) bool {
	t, last := own[0], own[len(own)-1]
	if last.kind == word && !last.name() && last.is(lexPrep|lexSubord|lexArticle|lexPossessive|lexCoord|lexRelative|lexWh) && !mayEnd[last.text(text)] {
		return true // “issued a statement after”
	}
	if t.kind != word || t.name() && !t.has(initial) || len(own) < 2 {
		return false
	}
	return t.is(lexWh|lexRelative) && !t.is(lexDet|lexDeictic) || t.has(ing) && own[1].is(lexPrep|lexArticle|lexDet|lexPossessive|lexSubord) || t.is(lexSubord|lexContrast) && !t.is(lexPron3|lexDet) && !slices.ContainsFunc(own, func(t token) bool { return t.kind == comma }) ||
		t.is(lexDuration) && own[1].is(lexPrep|lexSubord)
}

// mayEnd are prepositions that may end a sentence.
var mayEnd = map[string]bool{"off": true, "up": true, "out": true, "down": true, "over": true, "in": true, "on": true, "through": true, "since": true, "ahead": true, "away": true, "back": true, "by": true}

// infinitive reports whether the statement that begins with t depends on the
// verb of promising before it: "promised to …".
func (x *extraction) infinitive(t token, who claims.Attribution) bool {
	between := strings.TrimSpace(x.text[who.CueEnd:t.start])
	return strings.HasSuffix(who.Cue, " to") || between == "to"
}

// deicticOK lets "that" and "there" through where they do not point outside.
func deicticOK(toks []token, i int) bool {
	t := toks[i]
	if (i == 0 || toks[i-1].kind == comma || toks[i-1].is(lexCoord)) && i+1 < len(toks) && t.end-t.start == 5 && toks[i+1].is(lexAux) && !t.is(lexPron3|lexPossessive|lexObjPron) && !t.is(lexDet) {
		return true // there is
	}
	return t.is(lexDeictic) && !t.is(lexPron3|lexPossessive) && i > 0 && t.is(lexSubord)
}

func speaksOfSelf(toks []token) bool {
	for _, t := range toks {
		if t.kind == word && t.is(lexPron12) {
			return true
		}
	}
	return false
}

// standsAlone reports whether toks point to nothing outside themselves.
func (x *extraction) standsAlone(toks []token) bool {
	for i, t := range toks {
		if t.kind == word && t.is(lexPron3|lexObjPron|lexPossessive|lexDeictic|lexPron12) && !deicticOK(toks, i) {
			if i > 0 && t.is(lexPossessive) && !t.is(lexPron12) || x.pointsInside(toks, i) {
				continue // "the war … in its third year"
			}
			return false
		}
		if t.kind == word && i > 0 && t.is(lexNumWord) && toks[i-1].is(lexArticle) && i+1 < len(toks) && toks[i+1].is(lexPrep|lexSubord) {
			return false // "the two since"
		}
	}
	return true
}

func many(toks []token) bool {
	last := toks[len(toks)-1]
	return last.is(lexPlural) || last.has(plurally) && !last.name()
}

// nameFor is the name that the pronoun t at the start of a statement stands for.
func (x *extraction) nameFor(t token, who claims.Attribution) string {
	w := strings.ToLower(x.text[t.start:t.end])
	switch w {
	case "he", "his":
		return x.person(t.start, male, who)
	case "she", "her":
		return x.person(t.start, female, who)
	case "it", "its", "they", "their":
		if who.Type != claims.NoSource && who.Canonical != "" && x.cur.ent < 0 || x.cur.being == organisation {
			return upperFirst(who.Canonical)
		}
	}
	return ""
}

func (x *extraction) person(at int, g gender, who claims.Attribution) string {
	if x.cur.ent >= 0 && who.Type != claims.NoSource {
		if e := x.disc.names.entities[x.cur.ent]; e.being != organisation && (e.gender == anyGender || e.gender == g) {
			return e.name
		}
	}
	if e := x.disc.him(at, g); e >= 0 {
		return x.disc.names.entities[e].name
	}
	return ""
}

// shortQuote is `Name: “words”`.
func (x *extraction) shortQuote(start, end int, who claims.Attribution) string {
	if who.Canonical == "" {
		return ""
	}
	return fit(who.Canonical + ": “" + strings.TrimRight(x.text[start:end], ",. ") + "”")
}

// fit is s as a headline, or "" if it is too long or names a rating.
func fit(s string) string {
	s = strings.Join(strings.Fields(strings.TrimRight(s, ".,;: ")), " ")
	s = commaInQuote.Replace(s)
	if i := strings.LastIndex(s, ", including "); i > 0 && utf8.RuneCountInString(s) > claims.MaxShortForm {
		s = s[:i]
	}
	if strings.HasPrefix(s, "'") || strings.Contains(s, "''") || strings.Contains(s, ".'") || quotedPart(s) {
		return ""
	}
	if utf8.RuneCountInString(s) > claims.MaxShortForm || strings.ContainsAny(s, "?!") || !balanced(s) {
		return ""
	}
	n := 0
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' && r != '-' }) {
		n++
		if e := words().words[strings.ToLower(w)]; e != nil && e.bits&lexRating != 0 {
			return ""
		}
	}
	if n < 3 {
		return ""
	}
	return upperFirst(s)
}

// quotedPart reports whether s begins with a quotation that begins inside a
// sentence: “made a lot of money”.
func quotedPart(s string) bool {
	for _, mark := range [...]string{"“", "\"", "‘"} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			r, _ := utf8.DecodeRuneInString(rest)
			return unicode.IsLower(r)
		}
	}
	return false
}

var commaInQuote = strings.NewReplacer(",”", "”", ".”", "”", ",\"", "\"", ",’", "’")

// balanced reports whether brackets and double marks come in pairs.
func balanced(s string) bool {
	return strings.Count(s, "“") == strings.Count(s, "”") && strings.Count(s, "\"")%2 == 0 && strings.Count(s, "(") == strings.Count(s, ")")
}

func upperFirst(s string) string {
	r, w := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[w:]
}
