package extract

// area is a part of a sentence in which one voice speaks: the article's, or a
// speaker's whose frame is frame.
type area struct {
	a, b  int  // tokens [a, b)
	frame int  // index in discourse.frames, -1 for the article
	noun  bool // a noun phrase about what was reported before: has no verb of its own
	quote int  // quotation that the area lies in whole, -1 if none
}

// clause is a statement inside an area.
type clause struct {
	a, b       int // tokens that the span covers
	own        int // first token of what it says itself; before it stands the noun it is about
	head       [2]int
	skip       [][2]int // parts inside it that are clauses of their own
	part       bool     // appositive or relative: has no subject of its own
	appositive bool     // "is" joins head and the rest
}

// splitter cuts areas into clauses.
type splitter struct {
	toks []token
	out  []clause
}

// split are the clauses of [a, b), in order.
func (s *splitter) split(ar area) []clause {
	s.out = s.out[:0]
	main := clause{a: ar.a, b: ar.b, own: ar.a}
	depth := 0
	for i := ar.a; i < ar.b; i++ {
		t := s.toks[i]
		switch {
		case t.kind == opening:
			depth++
		case t.kind == closing && depth > 0:
			depth--
		case depth > 0 || t.quote != ar.quote && ar.quote < 0 && t.quote >= 0 && !s.lastOf(i, ar.b):
		case t.kind == dash && i > main.a && i+1 < ar.b && t.start > s.toks[i-1].end && s.toks[i+1].is(lexRelative) && s.closing(i, ar.b) > 0:
			i = s.aside(&main, i, s.closing(i, ar.b))
		case t.kind == semicolon, t.kind == colon && s.verbIn(main.a, i) && s.verbIn(i+1, ar.b), t.kind == dash && i > ar.a && t.start > s.toks[i-1].end:
			s.close(&main, i)
			main = clause{a: i + 1, b: ar.b, own: i + 1}
			i = s.conjunction(&main, i)
		case t.kind == comma, t.kind == quoteMark && i+1 < ar.b && s.toks[i+1].is(lexContrast):
			i = s.atComma(&main, i, ar.b)
		case t.is(lexCoord) && t.kind == word && i > main.a && s.independent(i+1, ar.b) && s.verbIn(main.a, i):
			s.close(&main, i)
			main = clause{a: i + 1, b: ar.b, own: i + 1}
		}
	}
	s.close(&main, ar.b)
	return s.out
}

// closing is the dash that ends what the one at i begins; 0 if there is none.
func (s *splitter) closing(i, end int) int {
	for k := i + 1; k < end; k++ {
		if s.toks[k].kind == dash && s.toks[k].start > s.toks[k-1].end {
			return k
		}
	}
	return 0
}

// aside adds the relative clause between the dashes at i and stop and takes it
// out of main.
func (s *splitter) aside(main *clause, i, stop int) int {
	h := s.headNoun(main.a, i, s.toks[i+1])
	s.out = append(s.out, clause{a: h, b: stop, own: i + 1, part: true, head: [2]int{h, i}})
	main.skip = append(main.skip, [2]int{i, stop + 1})
	return stop
}

func (s *splitter) lastOf(i, end int) bool {
	return i+1 < end && s.toks[i].kind == quoteMark && s.toks[i+1].quote != s.toks[i].quote
}

// close ends main before token end.
func (s *splitter) close(main *clause, end int) {
	main.b = end
	if main.a < main.b {
		s.out = append(s.out, *main)
	}
}

// conjunction passes over "though", "and" at the start of a clause.
func (s *splitter) conjunction(c *clause, i int) int {
	if c.a < c.b && s.toks[c.a].kind == word && s.toks[c.a].is(lexContrast|lexCoord) {
		c.a++
		c.own = c.a
		return i + 1
	}
	return i
}

// atComma decides what the comma at i divides, and returns the last token
// that has been dealt with.
func (s *splitter) atComma(main *clause, i, end int) int {
	n := i + 1
	if n >= end || i <= main.a {
		return i
	}
	t := s.toks[n]
	switch {
	case s.toks[main.a].kind == word && s.toks[main.a].is(lexContrast) && s.toks[main.a].is(lexSubord|lexPrep) && s.independent(n, end) && !s.verbBehind(main.a, i):
		if s.verbIn(main.a, i) && !s.toks[main.a].is(lexPrep) {
			s.close(main, i) // “While X does, Y does”
		}
		*main = clause{a: n, b: end, own: n}
		return i
	case t.kind == word && t.is(lexContrast|lexCoord) && s.independent(n+1, end):
		s.close(main, i)
		*main = clause{a: n + 1, b: end, own: n + 1}
		return n
	case t.kind == word && t.is(lexContrast), s.toks[main.a].kind == word && s.toks[main.a].is(lexSubord|lexWh) && !s.verbBehind(main.a, i):
		return i
	case t.kind == word && t.is(lexRelative) && !t.is(lexSubord):
		return s.part(main, i, end)
	case s.appositive(n, end):
		return s.part(main, i, end)
	}
	return i
}

// verbBehind reports whether a comma before i has closed the subordinate
// clause that begins at a already.
func (s *splitter) verbBehind(a, i int) bool {
	for k := a; k < i; k++ {
		if s.toks[k].kind == comma {
			return true
		}
	}
	return false
}

// independent reports whether a clause with its own subject and verb begins at
// i: a pronoun, or a noun with a verb soon after it.
func (s *splitter) independent(i, end int) bool {
	if i >= end {
		return false
	}
	t := s.toks[i]
	if t.kind == word && t.is(lexPron3|lexPron12) && i+1 < end && !t.is(lexPossessive) {
		return s.verbIn(i, min(end, i+5))
	}
	if t.kind != word && t.kind != number || t.is(lexFinite|lexModal|lexPrep|lexSubord|lexRelative|lexAux|lexEvent) && !t.name() || t.has(ing) || t.has(ed) && !t.name() {
		return false
	}
	for k := i + 1; k < end && k < i+9; k++ {
		t := s.toks[k]
		switch {
		case t.kind != word && t.kind != number && t.kind != possessive:
			return false
		case t.is(lexRelative | lexSubord):
			return false
		case t.kind == word && t.is(lexFinite|lexModal|lexAux) && !t.name():
			return true
		}
	}
	return false
}

func (s *splitter) verbIn(a, b int) bool {
	for k := a; k < b; k++ {
		t := s.toks[k]
		if t.kind == word && !t.name() && (t.is(lexFinite|lexModal|lexEvent|lexChange) || t.has(ed)) {
			return true
		}
	}
	return false
}

// appositive reports whether what begins at n renames the noun before it:
// ", the first …," ", now in its third year".
func (s *splitter) appositive(n, end int) bool {
	t := s.toks[n]
	if t.kind != word || t.name() && !t.is(lexDet) {
		return false
	}
	if t.is(lexPostmod) && n+1 < end && s.toks[n+1].is(lexPrep|lexArticle|lexOrdinal|lexNumWord) {
		return true
	}
	if t.is(lexPredicate) {
		return true
	}
	if !t.is(lexArticle|lexPossessive) && !t.is(lexFirstness) {
		return false
	}
	stop := s.partEnd(n, end)
	for k := n; k < stop; k++ {
		if u := s.toks[k]; u.kind == word && u.is(lexRelative|lexSubord) {
			break
		} else if u.kind == word && !u.name() && (u.is(lexFinite|lexModal) || u.has(ed) && k > n+1 && k+1 < stop && (s.toks[k+1].kind == number || s.toks[k+1].is(lexArticle|lexPossessive))) {
			return false
		}
	}
	return stop-n >= 3
}

// partEnd is where the part that begins at n ends: the next comma, dash or
// the end.
func (s *splitter) partEnd(n, end int) int {
	depth := 0
	for k := n; k < end; k++ {
		switch s.toks[k].kind {
		case opening:
			depth++
		case closing:
			depth--
		case comma, semicolon:
			if depth <= 0 {
				return k
			}
		case dash:
			if depth <= 0 && s.toks[k].start > s.toks[k-1].end {
				return k
			}
		}
	}
	return end
}

// part adds the appositive or relative clause behind the comma at i and takes it
// out of main.
func (s *splitter) part(main *clause, i, end int) int {
	stop := s.partEnd(i+1, end)
	if last := s.toks[i-1]; last.kind != word || last.is(lexCalendar|lexTime|lexAdverb|lexFinite|lexPrep) && !last.name() || last.has(ed) && !last.name() {
		return i // "on Wednesday, the highest …" is not about Wednesday
	}
	h := s.headNoun(main.a, i, s.toks[i+1])
	c := clause{a: h, b: stop, own: i + 1, part: true, head: [2]int{h, i}, appositive: !s.toks[i+1].is(lexRelative)}
	if at := s.second(i+1, stop); at > 0 {
		c.b = at
		s.out = append(s.out, c, clause{a: at + 1, b: stop, own: at + 1, part: true, head: c.head, appositive: true})
	} else {
		s.out = append(s.out, c)
	}
	s.leave(main, i, stop, end)
	return stop - 1
}

// leave takes [i, stop) out of main: it ends there, or goes on behind it.
func (s *splitter) leave(main *clause, i, stop, end int) {
	if stop >= end {
		main.skip = append(main.skip, [2]int{i, end})
		return
	}
	main.skip = append(main.skip, [2]int{i, stop + 1})
}

// second is the "and" that joins a second predicate: "now in its third year
// and responsible for …". 0 if there is none.
func (s *splitter) second(a, b int) int {
	for k := a + 1; k+1 < b; k++ {
		if s.toks[k].is(lexCoord) && s.toks[k+1].is(lexPredicate) {
			return k
		}
	}
	return 0
}

// headNoun is where the noun phrase before the comma at i begins, in a clause
// that starts at a: the whole subject if it is short and has no verb, the bare
// name after a preposition, else back to its determiner.
func (s *splitter) headNoun(a, i int, next token) int {
	k := i - 1
	who := next.is(lexRelative) && next.end-next.start == 3
	if s.toks[k].name() && (next.is(lexArticle) || who && !s.toks[k].is(lexCalendar)) {
		for k > a && s.toks[k-1].name() {
			k--
		}
		if k > a && (who || s.toks[k-1].is(lexPrep)) {
			return k
		}
	}
	if i-a <= 4 && !s.verbIn(a, i) && !s.toks[a].is(lexPrep) {
		return a
	}
	for k = i - 1; k > a && i-k < 10; k-- {
		t := s.toks[k]
		if t.kind == comma || t.kind == quoteMark || t.is(lexFinite|lexModal|lexAux) && !t.name() {
			return k + 1
		}
		if t.is(lexArticle | lexPossessive) {
			return k
		}
	}
	return k
}
