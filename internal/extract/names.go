package extract

import (
	"sort"
	"strings"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// maxMentions bounds the memory that names take: a text with more is no
// article, and the rest of its names are not resolved.
const maxMentions = 200_000

// sort of entity. Unknown is a capitalised name that nothing else is known of.
type being uint8

const (
	unknown being = iota
	person
	organisation
	place
	roleOnly // a title without a name: "the Prime Minister"
)

type gender uint8

const (
	anyGender gender = iota
	female
	male
)

// mention is a name in the text.
type mention struct {
	start, end int // of the name
	full       int // start of the titles before it, or start
	sent       int
	ent        int // index in names.entities once resolved
	being      being
	gender     gender
	subject    bool // stands before a verb
	weak       bool // capital letter only because it begins a sentence
	quoted     bool
}

// entity is who or what mentions are about.
type entity struct {
	name   string // the fullest form
	title  string // the fullest titles before it, as written
	being  being
	gender gender
}

// names is who and what an article names.
type names struct {
	text     string
	mentions []mention // in order
	entities []entity
	byName   map[string]int
	byLast   map[string][]int // last word of a person's full name, to entities
	mid      map[string]bool  // words capitalised inside a sentence
}

func newNames(text string) *names {
	return &names{text: text, byName: map[string]int{}, byLast: map[string][]int{}, mid: map[string]bool{}}
}

// sentence adds the mentions of one sentence.
func (n *names) sentence(toks []token, sent int) {
	for i := 0; i < len(toks) && len(n.mentions) < maxMentions; {
		if !n.begins(toks, i) {
			i++
			continue
		}
		end := n.run(toks, i)
		n.mention(toks, i, end, sent)
		i = end
	}
}

// begins reports whether a name may begin at token i.
func (n *names) begins(toks []token, i int) bool {
	t := toks[i]
	if !t.name() || t.is(lexCalendar) || t.is(lexPron3|lexPron12) {
		return false
	}
	if !t.has(initial) {
		return true
	}
	switch {
	case t.is(lexSpeaker|lexPlural) && !n.nameAt(toks, i+1):
		return false // police, ministers
	case t.is(lexTitle | lexOrg | lexPlace | lexDemonym | lexMale | lexFemale):
		return true
	case t.is(lexStarter | lexPrep | lexAdverb | lexDet):
		return false
	case t.has(upper):
		return true
	case i+1 < len(toks) && toks[i+1].name() && !toks[i+1].is(lexCalendar):
		return t.bits == 0 || toks[i+1].bits == 0
	}
	return t.bits == 0 // weak: believed if seen elsewhere
}

var particles = map[string]bool{"de": true, "van": true, "von": true, "bin": true, "al": true, "der": true, "den": true, "da": true, "di": true, "la": true, "le": true, "del": true, "ibn": true, "du": true, "dos": true, "y": true}

// maxNameTokens is the longest name with its titles.
const maxNameTokens = 12

// run is the end of the name that begins at token i.
func (n *names) run(toks []token, i int) int {
	end := i + 1
	headed := toks[i].is(lexOrg | lexTitleHead)
	for end < len(toks) && end-i < maxNameTokens {
		t, k := toks[end], end
		switch {
		case t.name() && !t.is(lexCalendar) && !t.is(lexPron3):
		case t.kind == stop && t.end-t.start == 1 && n.text[t.start] == '.' && n.nameAt(toks, end+1) && n.dotted(toks[end-1]):
			k = end + 1
		case t.kind == word && particles[t.text(n.text)] && n.nameAt(toks, end+1):
			k = end + 1
		case headed && t.kind == word && (t.text(n.text) == "of" || t.text(n.text) == "for") && n.nameAt(toks, end+1):
			k = end + 1
		case headed && t.kind == word && t.text(n.text) == "of" && end+2 < len(toks) && toks[end+1].text(n.text) == "the" && n.nameAt(toks, end+2):
			k = end + 2
		default:
			return end
		}
		headed = headed || toks[k].is(lexOrg|lexTitleHead)
		end = k + 1
	}
	return end
}

func (n *names) nameAt(toks []token, i int) bool {
	return i < len(toks) && toks[i].name() && !toks[i].is(lexCalendar|lexPron3)
}

// dotted reports whether a full stop after t belongs to it: Mr. and J.
func (n *names) dotted(t token) bool {
	return utf8.RuneCountInString(t.text(n.text)) == 1 || t.is(lexTitle) && t.end-t.start <= 5
}

// mention adds the name toks[a:b], without its titles.
func (n *names) mention(toks []token, a, b, sent int) {
	m := mention{full: toks[a].start, end: toks[b-1].end, sent: sent, ent: -1, quoted: toks[a].quote >= 0}
	first := n.untitled(toks, a, b, &m)
	m.start = toks[first].start
	m.weak = first == a && b-a == 1 && toks[a].has(initial) && toks[a].bits == 0 && !toks[a].has(upper)
	for k := a; k < b; k++ {
		if k > a || !toks[a].has(initial) {
			n.mid[toks[k].text(n.text)] = true
		}
	}
	if m.being == unknown {
		m.being = n.guess(toks[first:b])
	}
	for k := first; k < b && m.gender == anyGender && m.being != organisation; k++ {
		m.gender = genderOf(toks[k].bits)
	}
	m.subject = n.verbFollows(toks, b) && (a == 0 || !toks[a-1].is(lexPrep))
	n.mentions = append(n.mentions, m)
}

func genderOf(b lex) gender {
	switch b & (lexMale | lexFemale) {
	case lexMale:
		return male
	case lexFemale:
		return female
	}
	return anyGender
}

// untitled is the first token of the name proper; it sets what the titles say.
func (n *names) untitled(toks []token, a, b int, m *mention) int {
	head := -1
	for k := a; k < b; k++ {
		if toks[k].is(lexTitleHead) {
			head = k
		}
	}
	if head < 0 {
		return a
	}
	m.gender = genderOf(toks[head].bits)
	if head > a && toks[head-1].is(lexOrg) && !toks[head-1].is(lexTitle) && head == b-1 {
		m.being = roleOnly
		return a
	}
	k := head + 1
	if k < b && toks[k].kind == stop {
		k++
	}
	for k < b && (toks[k].is(lexPrep|lexPortfolio|lexDet|lexCoord) || toks[k].is(lexPlace) && toks[k-1].is(lexPrep)) {
		k++
	}
	if k >= b {
		m.being = roleOnly
		return a
	}
	for j := k; j < b; j++ {
		if toks[j].is(lexOrg) {
			m.being = organisation
			return a
		}
	}
	m.being = person
	if royal[strings.ToLower(toks[head].text(n.text))] && b-k == 1 {
		return head
	}
	return k
}

// royal titles are part of the name when only one name follows.
var royal = map[string]bool{"pope": true, "king": true, "queen": true, "prince": true, "princess": true, "emperor": true, "sir": true, "dame": true}

// guess is what kind of being the name is by its words.
func (n *names) guess(toks []token) being {
	placed, words := 0, 0
	for _, t := range toks {
		switch {
		case t.is(lexOrg):
			return organisation
		case t.is(lexPlace):
			placed++
		case t.is(lexRegion):
			return place
		}
		words++
	}
	switch {
	case placed > 0 && (toks[0].is(lexPlace) || placed == words):
		return place
	case words == 1 && toks[0].has(upper) && toks[0].end-toks[0].start <= 7:
		return organisation
	case words >= 2 && toks[0].is(lexMale|lexFemale):
		return person
	}
	return unknown
}

func (n *names) verbFollows(toks []token, i int) bool {
	for stop := min(len(toks), i+3); i < stop; i++ {
		if !toks[i].is(lexAdverb) && !toks[i].has(adverbly) {
			return toks[i].is(lexFinite|lexAux|lexModal|lexSay) || toks[i].kind == word && toks[i].has(ed)
		}
	}
	return false
}

// resolve gives every mention its entity, once all are known: a last name
// belongs to the full name it ends, wherever that stands.
func (n *names) resolve() {
	for i := range n.mentions {
		m := &n.mentions[i]
		if m.weak && !n.mid[n.text[m.start:m.end]] {
			continue
		}
		name := n.text[m.start:m.end]
		if m.being != roleOnly && strings.IndexByte(name, ' ') > 0 {
			m.ent = n.entity(name, m)
		}
	}
	for i := range n.mentions {
		m := &n.mentions[i]
		if m.ent >= 0 || m.being == roleOnly || m.weak && !n.mid[n.text[m.start:m.end]] {
			continue
		}
		name := n.text[m.start:m.end]
		if e := n.lastNamed(name, m); e >= 0 {
			m.ent = e
			n.enrich(e, m)
			continue
		}
		m.ent = n.entity(name, m)
	}
	n.drop()
}

// lastNamed is the person whose full name ends in name: the one named last
// before m, else the first.
func (n *names) lastNamed(name string, m *mention) int {
	if m.being == place || m.being == organisation {
		return -1
	}
	all := n.byLast[name]
	best := -1
	for _, e := range all {
		if g := n.entities[e].gender; m.gender != anyGender && g != anyGender && g != m.gender {
			continue
		}
		if best < 0 || n.entities[best].being == unknown && n.entities[e].being == person {
			best = e
		}
	}
	return best
}

// lastName is the last of several words of a name that may be a person's; ""
// if the first cannot be a first name: “The Trump”, “Filipino Clinton”.
func lastName(name string) string {
	first, _, several := strings.Cut(name, " ")
	if e := words().words[strings.ToLower(first)]; !several || e != nil && e.bits&(lexArticle|lexDemonym|lexDet) != 0 && e.bits&(lexMale|lexFemale) == 0 {
		return ""
	}
	return name[strings.LastIndexByte(name, ' ')+1:]
}

// entity is the index of the entity of this name; it is added if it is new.
func (n *names) entity(name string, m *mention) int {
	if e, ok := n.byName[name]; ok {
		n.enrich(e, m)
		return e
	}
	e := len(n.entities)
	n.entities = append(n.entities, entity{name: name, being: m.being, gender: m.gender})
	n.byName[name] = e
	if last := lastName(name); last != "" && (m.being == person || m.being == unknown) && len(n.byLast[last]) < 8 {
		n.byLast[last] = append(n.byLast[last], e)
	}
	n.enrich(e, m)
	return e
}

func (n *names) enrich(i int, m *mention) {
	e := &n.entities[i]
	if t := n.text[m.full:m.start]; len(t) > len(e.title) {
		e.title = strings.TrimSpace(t)
	}
	if e.being == unknown && m.being != roleOnly {
		e.being = m.being
	}
	if m.full < m.start && m.being == person {
		e.being = person
	}
	if e.gender == anyGender {
		e.gender = m.gender
	}
}

// drop removes mentions that turned out to be no names.
func (n *names) drop() {
	kept := n.mentions[:0]
	for _, m := range n.mentions {
		if m.ent >= 0 || m.being == roleOnly {
			kept = append(kept, m)
		}
	}
	n.mentions = kept
}

// before is the number of mentions that begin before the byte offset at.
func (n *names) before(at int) int {
	return sort.Search(len(n.mentions), func(i int) bool { return n.mentions[i].full >= at })
}

// in are the mentions inside [start, end).
func (n *names) in(o claims.Offsets) []mention {
	return n.mentions[n.before(o.Start):n.before(o.End)]
}

// personOf is the entity of m if it can be "he" or "she" of gender g, else -1.
func (n *names) personOf(m mention, g gender) int {
	if m.ent < 0 {
		return -1
	}
	e := n.entities[m.ent]
	if e.being == organisation || e.being == place || e.gender != anyGender && g != anyGender && e.gender != g {
		return -1
	}
	if e.being == unknown && strings.IndexByte(e.name, ' ') < 0 && e.gender == anyGender {
		return -1
	}
	return m.ent
}

// titled is the last person before at with the role word in the title, or -1.
func (n *names) titled(role string, at int) int {
	role = strings.ToLower(role)
	for i, back := n.before(at)-1, 0; i >= 0 && back < 60; i, back = i-1, back+1 {
		if e := n.mentions[i].ent; e >= 0 && strings.Contains(strings.ToLower(n.entities[e].title), role) {
			return e
		}
	}
	return -1
}
