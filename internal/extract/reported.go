package extract

import (
	"strings"
	"unicode"

	"factcheck/internal/claims"
)

// finite is the frame of a verb with its subject: X said …, … X said, … said X.
func (d *discourse) finite(i int) (frame, bool) {
	a, b := d.subject(i)
	if a < 0 {
		a, b = d.sharedSubject(i)
	}
	inverted := a < 0
	rest := i + 1
	if inverted {
		if i > 0 && d.red[i-1].kind != quoted && d.red[i-1].kind != comma {
			return frame{}, false
		}
		if a, b = d.nounAfter(i + 1); a < 0 {
			return frame{}, false
		}
		rest = b
	}
	f := frame{cue: d.span(i, i+1+d.particle(i)), asks: d.red[i].is(lexQuestion), promise: d.red[i].is(lexPromise)}
	if !d.speak(&f, a, b) {
		return frame{}, false
	}
	left := min(a, i) - 1
	if !inverted {
		left = min(left, d.from-1)
	}
	f.from = d.red[left+1].start
	if start, end, ok := d.before(left); ok {
		f.content = claims.Offsets{Start: start, End: end}
		if k := d.nextQuoted(rest); k > 0 && d.onlyQuoted(start, end) && d.joined(left, k) {
			f.content.End, f.joined = d.red[k].end, true
		}
		if d.onlyQuoted(start, end) || !d.clauseFollows(rest) {
			if k := d.skipCommas(rest); k > rest && d.goesOn(k, inverted) {
				f.content.End = d.lastWord()
			}
			return f, true
		}
	}
	if !inverted && d.interrupts(left, rest) {
		f.content = claims.Offsets{Start: d.red[0].start, End: d.lastWord()}
		return f, true
	}
	if last := len(d.red) - 1; d.red[last].kind == colon && last-rest < maxBridge && !d.verbIn(rest, last) {
		f.content = claims.Offsets{Start: d.red[last].end, End: d.red[last].end}
		return f, true // what is said fills the next paragraph
	}
	if inverted {
		return frame{}, false
	}
	start, end, cue, ok := d.after(i)
	if !ok {
		return frame{}, false
	}
	f.cue.End = max(f.cue.End, cue)
	f.content = claims.Offsets{Start: start, End: end}
	if d.denies(i) {
		f.content.Start = min(f.from, f.speaker.Start) // "X denies that …" must not read as "…"
	}
	return f, true
}

func (d *discourse) denies(i int) bool {
	for _, w := range [...]string{"deny", "denies", "denied"} {
		if d.wordIs(i, w) {
			return true
		}
	}
	return false
}

// particle is 1 if the verb at i goes with the word behind it: pointed out.
func (d *discourse) particle(i int) int {
	if d.wordIs(i+1, "out") || d.wordIs(i+1, "clear") {
		return 1
	}
	return 0
}

// interrupts reports whether a frame between two commas stands inside what it
// reports: "Without the subsidy, she warned, lunch will cost more".
func (d *discourse) interrupts(left, rest int) bool {
	if left < 1 || d.red[left].kind != comma || rest+1 >= len(d.red) || d.red[rest].kind != comma {
		return false
	}
	next := d.red[rest+1]
	return d.red[rest+1].kind != quoted && (d.zeroThat(rest+1) || next.is(lexFinite|lexModal|lexAux) && next.kind == word && !next.has(ing))
}

// goesOn reports whether what stands before a frame continues at k, behind it:
// "The buses are quieter, she said, and cost less".
func (d *discourse) goesOn(k int, inverted bool) bool {
	if k+1 >= len(d.red) || d.red[k].kind != word || d.red[k].is(lexContrast) {
		return false
	}
	if d.red[k].is(lexCoord) {
		return d.red[k+1].kind == word && !d.newCue(k+1) && (d.verbLike(k+1, k+3) || d.red[k+1].has(plurally))
	}
	return !inverted && d.red[k].is(lexRelative) // behind a name it is about the name
}

// lastWord is the end of the sentence without its stop.
func (d *discourse) lastWord() int {
	k := len(d.red) - 1
	for k > 0 && (d.red[k].kind == stop || d.red[k].kind == comma) {
		k--
	}
	return d.red[k].end
}

// nextQuoted is the quotation that goes on after the frame that ends before
// k: ", he said on Monday, “…”. 0 if there is none.
func (d *discourse) nextQuoted(k int) int {
	for limit := min(len(d.red), k+12); k < limit; k++ {
		switch t := d.red[k]; {
		case t.kind == quoted:
			return k
		case t.kind == stop || t.kind == semicolon || t.is(lexFinite|lexModal|lexRelative) && !t.name():
			return 0
		}
	}
	return 0
}

// joined reports whether the quotation at k goes on with the sentence that the
// one at left began: it begins in lower case.
func (d *discourse) joined(left, k int) bool {
	if left >= 0 && d.red[left].kind == comma {
		left--
	}
	if left < 0 || d.red[left].kind != quoted {
		return false
	}
	in := d.quotes[d.red[k].quote].inner
	r, ok := firstWord(d.text[in.Start:in.End])
	bare := strings.TrimRight(d.text[d.red[left].start:d.red[left].end], closers)
	return ok && unicode.IsLower(r) && strings.HasSuffix(bare, ",")
}

// before is what stands before a trailing frame whose first token follows
// left: it must be closed by a comma or be a quotation.
func (d *discourse) before(left int) (start, end int, ok bool) {
	if left < 0 {
		return 0, 0, false
	}
	last := left
	if d.red[left].kind == comma {
		last = left - 1
	} else if d.red[left].kind != quoted {
		return 0, 0, false
	}
	if last < 0 {
		return 0, 0, false
	}
	first := 0
	if d.red[last].kind == quoted {
		first = last
		for first > 0 && (d.red[first-1].kind == quoted || d.red[first-1].kind == comma) {
			first--
		}
		for d.red[first].kind == comma {
			first++
		}
	} else if !d.verbLike(0, last+1) || d.red[0].is(lexPrep|lexSubord) && d.red[0].kind == word && !d.verbIn(0, last+1) {
		return 0, 0, false
	}
	return d.red[first].start, d.red[last].end, true
}

func (d *discourse) onlyQuoted(start, end int) bool {
	any := false
	for _, t := range d.red {
		if t.start < start || t.end > end {
			continue
		}
		if t.kind == word || t.kind == number {
			return false
		}
		any = any || t.kind == quoted
	}
	return any
}

func (d *discourse) skipCommas(k int) int {
	for k < len(d.red) && d.red[k].kind == comma {
		k++
	}
	return k
}

// clauseFollows reports whether a frame with text before it reports what
// comes after it all the same: "In May, she said that …".
func (d *discourse) clauseFollows(k int) bool {
	if k >= len(d.red) || d.red[k].kind == comma {
		return false
	}
	for j := k; j < len(d.red) && j < k+12; j++ {
		if d.wordIs(j, "that") || d.red[j].kind == quoted || d.red[j].kind == colon {
			return true
		}
	}
	return d.zeroThat(k)
}

// zeroThat reports whether a clause without "that" begins at k.
func (d *discourse) zeroThat(k int) bool {
	if k >= len(d.red) || d.red[k].kind != word && d.red[k].kind != number {
		return false
	}
	if d.red[k].is(lexPrep|lexCoord|lexRelative) || d.red[k].is(lexSubord) || d.red[k].is(lexWh) {
		return false
	}
	for j := k + 1; j < len(d.red) && j < k+18; j++ {
		switch t := d.red[j]; {
		case t.kind == comma || t.kind == stop && t.start > d.red[j-1].end || t.kind == semicolon:
			return false
		case t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexAux|lexChange) || t.has(ed) && !d.red[j-1].is(lexDet|lexPossessive|lexPrep)):
			return true
		}
	}
	return false
}

// maxBridge is how many tokens may stand between a cue and what it reports:
// "told reporters in Paris on Friday that".
const maxBridge = 14

// after is what the verb at i reports to its right; cue is where its cue ends.
func (d *discourse) after(i int) (start, end, cue int, ok bool) {
	cue = d.red[i].end
	limit := min(len(d.red), i+1+maxBridge)
	k := i + 1
	for j := k; j < limit; j++ {
		t := d.red[j]
		switch {
		case d.wordIs(j, "that") && d.startsClause(j):
			if j == i+1 {
				cue = t.end
			} else if (!d.red[i].is(lexStrict) || d.red[k].is(lexPron3)) && !d.toldSomebody(i) && d.zeroThat(k) && d.finiteIn(k, j) {
				return d.content(k, cue) // “reported it obtained letters that she sent”
			}
			return d.content(j+1, cue)
		case t.kind == colon && j+1 < len(d.red):
			return d.content(j+1, cue)
		case t.kind == quoted:
			if d.zeroThat(k) && !d.red[i].is(lexStrict) {
				return d.content(k, cue)
			}
			return d.content(j, cue)
		case t.kind == stop || t.kind == semicolon || t.kind == dash || t.kind == comma && d.newCue(j+1):
			limit = j
		case t.kind == word && t.is(lexRelative):
			limit = j
		}
	}
	if d.red[i].is(lexPromise) && d.wordIs(i+1, "to") {
		return d.content(i+2, d.red[i+1].end)
	}
	if d.red[i].is(lexStrict) {
		return 0, 0, 0, false
	}
	for k < limit && (d.red[k].is(lexAdverb|lexTime|lexCalendar) && !d.red[k].is(lexDet) || d.red[k].has(adverbly) || d.red[k].is(lexPrep) && k+1 < limit && d.red[k+1].is(lexCalendar|lexTime)) {
		k++
	}
	if d.toldSomebody(i) {
		k = d.pastObject(k)
	}
	if k < len(d.red) && d.zeroThat(k) {
		return d.content(k, cue)
	}
	return 0, 0, 0, false
}

// newCue reports whether another cue begins at j: ", warning that".
func (d *discourse) newCue(j int) bool {
	return j < len(d.red) && d.red[j].kind == word && d.red[j].is(lexSay) && d.red[j].has(ing)
}

// startsClause reports whether the "that" at j is a conjunction.
func (d *discourse) startsClause(j int) bool {
	if j+1 >= len(d.red) {
		return false
	}
	for k := j + 2; k < min(len(d.red), j+6); k++ {
		if d.red[k].kind == quoted {
			return true // “that the mayor ‘has to go’”: the verb is quoted
		}
	}
	return d.verbLike(j+1, len(d.red))
}

func (d *discourse) toldSomebody(i int) bool {
	for _, w := range [...]string{"told", "tell", "tells", "telling", "warned", "assured"} {
		if d.wordIs(i, w) {
			return true
		}
	}
	return false
}

// pastObject passes over whom something is told: "reporters", "the BBC".
func (d *discourse) pastObject(k int) int {
	if k < len(d.red) && d.red[k].is(lexObjPron) {
		return k + 1
	}
	j := k
	for j < len(d.red) && j < k+3 && (d.red[j].is(lexArticle) || d.red[j].is(lexSpeaker|lexOrg) || d.red[j].name()) {
		j++
		if d.red[j-1].is(lexSpeaker) || d.red[j-1].has(upper) {
			return j
		}
	}
	return k
}

// content is what is reported from token k on: to the end of the sentence, or
// to where the article speaks for itself again.
func (d *discourse) content(k, cue int) (start, end, cueEnd int, ok bool) {
	if k >= len(d.red) {
		return 0, 0, 0, false
	}
	last := len(d.red)
	for j := k; j < len(d.red); j++ {
		t := d.red[j]
		if j == k && t.kind != quoted {
			continue
		}
		if t.kind == quoted && j == k && j+2 < len(d.red) && d.red[j+1].is(lexCoord) && d.red[j+1].kind == word && d.red[j+2].kind != quoted {
			last = j + 1
			break
		}
		if t.kind == quoted && j+1 < len(d.red) && d.endsInside(t) && d.red[j+1].kind == word && !d.red[j+1].is(lexCoord) {
			last = j + 1
			break
		}
		closed := t.kind == comma || t.kind == quoted
		if closed && j+1 < len(d.red) && (d.red[j+1].is(lexContrast) || d.trailing(j+1)) {
			last = j
			if t.kind == quoted {
				last = j + 1
			}
			break
		}
		if t.kind == semicolon || t.kind == dash && t.start > d.red[j-1].end {
			last = j
			break
		}
	}
	for last > k && (d.red[last-1].kind == stop || d.red[last-1].kind == comma) {
		last--
	}
	if last <= k {
		return 0, 0, 0, false
	}
	return d.red[k].start, d.red[last-1].end, cue, true
}

// endsInside reports whether the quotation holds the comma or stop that ends
// what is said.
func (d *discourse) endsInside(t token) bool {
	in := d.quotes[t.quote].inner
	return in.End > in.Start && in.End < t.end && strings.IndexByte(",.!", d.text[in.End-1]) >= 0
}

// trailing reports whether a new frame begins at j: "adding that", "he said".
func (d *discourse) trailing(j int) bool {
	if d.red[j].is(lexSay) && d.red[j].has(ing) && d.red[j].kind == word {
		return true
	}
	for k := j; k < len(d.red) && k < j+6; k++ {
		t := d.red[k]
		if t.kind != word && t.kind != possessive {
			return false
		}
		if t.is(lexSay) && !t.name() && k > j && !t.is(lexStrict) {
			a, _ := d.nounBefore(d.skipBack(k - 1))
			return a == j && !d.clauseFollows(k+1)
		}
	}
	return d.red[j].is(lexAccording)
}
