package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
)

// turns are who says which lines as a whole: the answers of an interview, the
// speeches of a transcript, a post that is signed in the line below.
type turns struct {
	labels map[int]claims.Offsets // by line: the name before the colon it begins with
	signed map[int]claims.Offsets // by line: the name in the line below that signs it
	by     []int                  // by sentence: 1 + the frame that says it; 0 none
	asks   map[string]bool        // by label: who mostly asks
}

// Limits of labels.
const (
	maxLabel      = 40 // bytes
	maxLabelWords = 4
	minTurns      = 2 // of one speaker, and speakers, or it is no conversation
)

// frame is that of sentence i, or -1.
func (t *turns) frame(i int) int {
	if i >= len(t.by) {
		return -1
	}
	return t.by[i] - 1
}

// byAsker reports whether the line is by somebody who mostly asks.
func (x *extraction) byAsker(line int) bool {
	o, ok := x.turns.labels[line]
	return ok && x.turns.asks[x.text[o.Start:o.End]]
}

// findAskers finds who asks in a conversation.
func (x *extraction) findAskers() {
	asked, said := map[string]int{}, map[string]int{}
	for _, s := range x.sents {
		if o, ok := x.turns.labels[s.line]; ok {
			name := x.text[o.Start:o.End]
			said[name]++
			if strings.HasSuffix(x.text[s.Start:s.End], "?") {
				asked[name]++
			}
		}
	}
	x.turns.asks = map[string]bool{}
	for name, n := range said {
		x.turns.asks[name] = claims.MostlyAsks(asked[name], n)
	}
}

// findTurns finds the labels and signatures of the lines of x.
func (x *extraction) findTurns() {
	seen, found := map[string]int{}, map[int]claims.Offsets{}
	for i := range x.sents {
		s := &x.sents[i]
		if !s.opens {
			continue
		}
		if o, ok := signature(x.text, s.Offsets); ok && i > 0 {
			x.put(&x.turns.signed, x.sents[i-1].line, o)
			x.aside(i)
		} else if o, ok := label(x.text, s.Offsets); ok {
			found[s.line] = o
			seen[x.text[o.Start:o.End]]++
		}
	}
	speakers := 0
	for _, n := range seen {
		if n >= minTurns {
			speakers++
		}
	}
	if speakers < minTurns {
		return
	}
	for line, o := range found {
		if seen[x.text[o.Start:o.End]] >= minTurns {
			x.put(&x.turns.labels, line, o)
		}
	}
	x.findAskers()
}

func (x *extraction) put(m *map[int]claims.Offsets, line int, o claims.Offsets) {
	if *m == nil {
		*m = map[int]claims.Offsets{}
	}
	(*m)[line] = o
}

// aside takes the line that begins with sentence i out of the text.
func (x *extraction) aside(i int) {
	for k := i; k < len(x.sents) && x.sents[k].line == x.sents[i].line; k++ {
		x.sents[k].role = aside
	}
}

// signature is the name in a line that signs the post above it: — Ana Brook
// (@anabrook) 3 May 2025.
func signature(text string, s claims.Offsets) (claims.Offsets, bool) {
	line := text[s.Start:s.End]
	r, w := utf8.DecodeRuneInString(line)
	if r != '—' && r != '–' && r != '-' {
		return claims.Offsets{}, false
	}
	i := strings.Index(line[:min(len(line), 80)], "(@")
	if i < 0 {
		return claims.Offsets{}, false
	}
	o := trimmed(text, s.Start+w, s.Start+i)
	return o, o.Start < o.End
}

// label is the name of who speaks at the start of a line, before a colon.
func label(text string, s claims.Offsets) (claims.Offsets, bool) {
	line := text[s.Start:s.End]
	i := strings.IndexByte(line[:min(len(line), maxLabel)], ':')
	if i < 1 || i+2 >= len(line) || line[i+1] != ' ' {
		return claims.Offsets{}, false
	}
	words := strings.Fields(line[:i])
	if len(words) == 0 || len(words) > maxLabelWords {
		return claims.Offsets{}, false
	}
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) && !particles[w] || strings.ContainsAny(w, ",;“”\"?!0123456789") {
			return claims.Offsets{}, false
		}
	}
	return trimmed(text, s.Start, s.Start+i), true
}

// takeTurns gives every line that somebody says as a whole its frame, once all
// names are known.
func (x *extraction) takeTurns() {
	if len(x.turns.labels)+len(x.turns.signed) == 0 {
		return
	}
	x.turns.by = make([]int, len(x.sents))
	frames := map[string]int{} // by name
	for i, s := range x.sents {
		o, ok := x.turns.labels[s.line]
		if !ok {
			if o, ok = x.turns.signed[s.line]; !ok {
				continue
			}
		}
		name := x.text[o.Start:o.End]
		f, ok := frames[name]
		if !ok {
			if f = x.turn(o); f > 0 {
				x.disc.frames[f-1].sent = -1
			}
			frames[name] = f
		}
		x.turns.by[i] = f
		for q := firstQuote(x.disc.quotes, s.Start); f > 0 && q < len(x.disc.quotes) && x.disc.quotes[q].outer.Start < s.End; q++ {
			if x.disc.said[q] == 0 {
				x.disc.said[q] = f
			}
		}
	}
}

// turn adds the frame of the speaker called o and returns 1 + its number, or 0
// if nobody knows who that is: an answer in an interview with several people.
func (x *extraction) turn(o claims.Offsets) int {
	name := x.text[o.Start:o.End]
	f := frame{speaker: o, canonical: name, ent: -1, named: true, direct: true}
	switch {
	case name == "Q" || name == "Question":
		return 0
	case name == "A" || name == "Answer":
		if f.ent = x.interviewed(o.Start); f.ent < 0 {
			return 0
		}
	default:
		f.ent = x.disc.names.called(name)
	}
	if f.ent >= 0 {
		e := x.disc.names.entities[f.ent]
		f.canonical, f.being = e.name, guessSpeaker(e)
	} else if name == strings.ToUpper(name) && utf8.RuneCountInString(name) > 4 {
		f.canonical = capitals(name)
	}
	x.disc.frames = append(x.disc.frames, f)
	return len(x.disc.frames)
}

// capitals is a name in capitals as names are written.
func capitals(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		words[i] = upperFirst(w)
	}
	return strings.Join(words, " ")
}

// called is the entity of that name, in any case, or of that last name; -1 if
// none or several are.
func (n *names) called(name string) int {
	found := -1
	for i, e := range n.entities {
		if strings.EqualFold(e.name, name) && strings.IndexByte(name, ' ') > 0 {
			return i
		}
		last := e.name[strings.LastIndexByte(e.name, ' ')+1:]
		if len(last) < len(e.name) && strings.EqualFold(last, name[strings.LastIndexByte(name, ' ')+1:]) && e.being != organisation && e.being != place {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// interviewed is the only person who is named before the first answer; -1 if
// none is, or several are.
func (x *extraction) interviewed(before int) int {
	found := -1
	for _, m := range x.disc.names.mentions {
		if m.start >= before {
			break
		}
		e := x.disc.names.personOf(m, anyGender)
		if e < 0 || strings.IndexByte(x.disc.names.entities[e].name, ' ') < 0 || e == found {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = e
	}
	return found
}
