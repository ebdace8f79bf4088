package extract

// subject is the noun phrase [a, b) before the verb at i; a is -1 if none is.
func (d *discourse) subject(i int) (a, b int) {
	j := d.pastBracket(d.skipBack(i - 1))
	d.from = i
	if j >= 0 && d.red[j].kind == comma {
		k := j - 1
		for k >= 0 && d.red[k].kind != comma && j-k < 16 {
			if d.red[k].kind == quoted || d.red[k].kind == stop {
				return -1, -1
			}
			k--
		}
		if k <= 0 || d.red[k].kind != comma || d.verbIn(k+1, j) && !d.red[k+1].is(lexRelative) {
			return -1, -1
		}
		if x, y := d.nounBefore(j - 1); x == k+1 && d.personIn(x, y) {
			if d.from, _ = d.nounBefore(k - 1); d.from < 0 {
				d.from = x
			}
			return x, y
		}
		j = k - 1
	}
	return d.nounBefore(j)
}

// sharedSubject is the noun phrase before an earlier verb, if the one at i goes on
// from it and reports with “that”: “The ministry expects growth and warned that
// …”. a is -1 if there is none.
func (d *discourse) sharedSubject(i int) (a, b int) {
	j := d.skipBack(i - 1)
	if j < 2 || !d.wordIs(i+1, "that") || d.red[j].kind != word || !d.red[j].is(lexCoord) || !d.startsClause(i+1) {
		return -1, -1
	}
	for k := 1; k < j; k++ {
		if t := d.red[k]; t.kind == semicolon || t.kind == quoted || t.kind == comma && !d.wordIs(j, "and") {
			return -1, -1
		}
	}
	for k := 1; k < j; k++ {
		t := d.red[k]
		if t.kind != word || t.name() || !t.is(lexFinite|lexModal|lexAux|lexSay) && !t.has(ed) && !t.has(plurally) {
			continue
		}
		if a, b = d.subject(k); a == 0 && b == k {
			return a, b
		}
	}
	return -1, -1
}

// pastBracket is the token before a few words in brackets that end at j: a
// party, an age.
func (d *discourse) pastBracket(j int) int {
	if j < 0 || d.red[j].kind != closing {
		return j
	}
	for k := j - 1; k > 0 && j-k < 8; k-- {
		if d.red[k].kind == opening {
			return k - 1
		}
	}
	return j
}

// personIn reports whether tokens [a, b) end with a name that is no place.
func (d *discourse) personIn(a, b int) bool {
	in := d.names.in(d.span(a, b))
	if len(in) == 0 {
		return false
	}
	m := in[len(in)-1]
	return m.end == d.red[b-1].end && m.ent >= 0 && d.names.entities[m.ent].being != place
}

func (d *discourse) verbIn(a, b int) bool {
	for k := a; k < b; k++ {
		if d.red[k].kind == word && d.red[k].is(lexFinite|lexModal) && !d.red[k].name() {
			return true
		}
	}
	return false
}

// maxNoun is the longest noun phrase that speaks, in tokens.
const maxNoun = 16

// nounBefore is the noun phrase that ends with token j.
func (d *discourse) nounBefore(j int) (a, b int) {
	if j < 0 {
		return -1, -1
	}
	if d.red[j].is(lexPron3|lexPron12) && d.red[j].kind == word {
		return j, j + 1
	}
	a = j + 1
	for a > 0 && j-a < maxNoun && d.nominalToken(a-1) {
		a--
	}
	fronted := false
	for a <= j && d.leading(a, j) {
		fronted = fronted || d.red[a].is(lexPrep)
		a++
	}
	if fronted && a <= j && d.red[a-1].is(lexPrep) {
		a = d.pastFronted(a, j)
	}
	if a > j || !d.canSpeak(a, j+1) {
		return -1, -1
	}
	return a, j + 1
}

// pastFronted is where the noun phrase that ends with token j begins, if a is
// inside a phrase in front of it: "During his campaign Smith", "In a joint
// statement the ministry"; else a.
func (d *discourse) pastFronted(a, j int) int {
	for k := a + 1; k <= j; k++ {
		t, p := d.red[k], d.red[k-1]
		if p.kind == word && !p.name() && !p.is(lexDet|lexPossessive|lexTitle|lexAdverb|lexPrep|lexCoord) && (t.name() || t.is(lexArticle|lexPossessive)) {
			return k
		}
	}
	return a
}

// nominalToken reports whether token k can stand inside a noun phrase.
func (d *discourse) nominalToken(k int) bool {
	t := d.red[k]
	switch t.kind {
	case number, possessive:
		return true
	case word:
		if t.name() && !t.is(lexPron3|lexSubord|lexAux) {
			return true
		}
		return !t.is(lexAux|lexModal|lexSubord|lexPron3|lexRelative|lexWh) && (!t.is(lexFinite) || t.is(lexSpeaker|lexOrg)) &&
			!t.is(lexSay) && !(t.is(lexCoord) && !d.wordIs(k, "and"))
	case stop:
		return k > 0 && t.start == d.red[k-1].end && k+1 < len(d.red) && d.red[k+1].name() && (d.red[k-1].is(lexTitle) || d.red[k-1].end-d.red[k-1].start == 1)
	}
	return false
}

// leading reports whether token a, the first of a phrase that ends with j, is
// no part of it: "On Friday the …", "And then the …".
func (d *discourse) leading(a, j int) bool {
	t := d.red[a]
	switch {
	case t.is(lexCalendar | lexTime):
		return true
	case t.name() && !t.has(initial), t.kind != word:
		return t.kind == number && a > 0 && d.red[a-1].is(lexCalendar) || t.kind == stop
	case t.is(lexPrep) && !d.wordIs(a, "like"):
		return true
	case t.is(lexCoord):
		return true
	case a > 0 && d.red[a-1].is(lexPrep) && a < j && (d.red[a+1].is(lexDet)):
		return true
	}
	return t.is(lexAdverb) && !t.is(lexDet|lexTitle) && !t.is(lexOrdinal) || t.has(adverbly) && !t.name()
}

// canSpeak reports whether [a, b) holds something that can say things.
func (d *discourse) canSpeak(a, b int) bool {
	if d.red[a].is(lexArticle) && b-a >= 2 && b-a <= 4 && !d.red[b-1].is(lexTime|lexDuration|lexCalendar) {
		return true // "the coastguard": the verb vouches for it
	}
	for k := a; k < b; k++ {
		t := d.red[k]
		if t.is(lexSpeaker|lexPron3|lexPron12) || t.name() && !t.is(lexCalendar) && (!t.has(initial) || t.bits&^(lexTitle|lexOrg|lexPlace|lexDemonym|lexMale|lexFemale|lexSpeaker|lexPlural|lexTitleHead|lexPortfolio) == 0) {
			return true
		}
	}
	return false
}

// nounAfter is the noun phrase that begins with token i.
func (d *discourse) nounAfter(i int) (a, b int) {
	b = i
	for b < len(d.red) && b-i < maxNoun && d.nominalToken(b) && !d.red[b].is(lexTime|lexCalendar) && !d.red[b].has(adverbly) {
		t := d.red[b]
		if t.is(lexPrep) && !d.wordIs(b, "of") && !d.wordIs(b, "for") || t.is(lexAdverb) && !t.is(lexDet) && !t.name() {
			break
		}
		b++
	}
	if b == i || !d.canSpeak(i, b) {
		return -1, -1
	}
	if b+1 < len(d.red) && d.red[b].kind == comma && d.red[b+1].name() && !d.personIn(i, b) {
		e := b + 1
		for e < len(d.red) && d.red[e].name() {
			e++
		}
		if d.personIn(b+1, e) {
			return b + 1, e // said the mayor, Ana Lindqvist
		}
	}
	return i, b
}

// verbLike reports whether [a, b) holds a verb, counting words in -ed.
func (d *discourse) verbLike(a, b int) bool {
	for k := a; k < b && k < len(d.red); k++ {
		t := d.red[k]
		if t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux|lexChange|lexEvent|lexSay) || t.has(ed) && k > a) {
			return true
		}
	}
	return false
}

// clauseSubject is the subject of the clause that token i belongs to.
func (d *discourse) clauseSubject(i int) (a, b int) {
	start := 0
	for k := i - 1; k > 0; k-- {
		if d.red[k].kind == semicolon || d.red[k-1].kind == comma && d.red[k].is(lexContrast|lexCoord) && d.verbLike(k+1, i) {
			start = k + 1
			break
		}
	}
	for k := start + 1; k < i; k++ {
		t := d.red[k]
		if t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux|lexSay) || t.has(ed)) {
			if a, b = d.subject(k); a >= start {
				return a, b
			}
		}
	}
	return -1, -1
}
