package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// speak fills in the speaker [a, b) of f; false if it is nobody.
func (d *discourse) speak(f *frame, a, b int) bool {
	if b-a > 1 && d.red[a].has(year) {
		a++ // “In 2019 the mayor said”
	}
	f.speaker, f.ent = d.span(a, b), -1
	first := d.red[a]
	if b-a == 1 && first.is(lexPron3|lexPossessive|lexPron12) && first.kind == word {
		d.pronoun(f, first)
		return true
	}
	for _, m := range d.names.in(f.speaker) {
		if m.quoted || m.being == roleOnly || m.end > f.speaker.End {
			continue
		}
		lead := strings.TrimSpace(d.text[f.speaker.Start:m.full])
		e := d.names.entities[m.ent]
		if lead != "" && !strings.EqualFold(lead, "the") && (m.end != f.speaker.End || e.being != person && (e.being != unknown || strings.IndexByte(e.name, ' ') < 0) || d.prepIn(a, b)) {
			continue
		}
		if tail := strings.TrimSpace(d.text[m.end:f.speaker.End]); tail != "" && e.being != person {
			if e.being != unknown || !d.nameAndPlace(m, e, tail) {
				continue
			}
			f.being = person
		}
		f.ent, f.being, f.named, f.canonical = m.ent, e.being, true, e.name
		if strings.EqualFold(lead, "the") && e.being != person {
			f.canonical = "the " + e.name
		}
		if f.being == unknown || f.being == place {
			f.being = guessSpeaker(e)
		}
		return true
	}
	text := d.text[f.speaker.Start:f.speaker.End]
	f.canonical = decapital(text, first.is(lexDet|lexSpeaker|lexPlural) || first.bits != 0 && !first.is(lexDemonym|lexPlace|lexOrg|lexTitle))
	for k := a; k < b && !d.red[k].is(lexPrep); k++ {
		f.plural, f.being = d.red[k].is(lexPlural), unknown
		if d.red[k].is(lexOrg) && !d.red[k].is(lexTitleHead) {
			f.being = organisation
		}
	}
	if d.wordIs(a, "the") && b-a <= 3 {
		if e := d.names.titled(d.red[b-1].text(d.text), first.start); e >= 0 && d.red[b-1].is(lexTitleHead) {
			f.ent, f.canonical, f.being, f.named = e, d.names.entities[e].name, person, true
		}
	}
	return true
}

// nameAndPlace reports whether the speaker is a name and where it belongs:
// "Beatriz Soares of the group Clean Lyde".
func (d *discourse) nameAndPlace(m mention, e entity, tail string) bool {
	w, _, _ := strings.Cut(tail, " ")
	x := d.lex.words[strings.ToLower(w)]
	return strings.IndexByte(e.name, ' ') > 0 && x != nil && x.bits&lexPrep != 0
}

func (d *discourse) prepIn(a, b int) bool {
	for k := a; k < b; k++ {
		if d.red[k].is(lexPrep) && !d.red[k].name() {
			return true
		}
	}
	return false
}

func guessSpeaker(e entity) being {
	if e.being == place {
		return organisation // "Moscow said"
	}
	return e.being
}

// pronoun resolves the speaker of f.
func (d *discourse) pronoun(f *frame, t token) {
	e := -1
	if w := d.last; w.canonical != "" && w.ent < 0 && d.sent-w.sent <= 1 && t.is(lexPron3) && heOrShe(t.text(d.text)) {
		f.canonical = w.canonical
		return
	}
	switch w := strings.ToLower(t.text(d.text)); w {
	case "he", "his", "he's":
		e = d.him(t.start, male)
	case "she", "her", "she's":
		e = d.him(t.start, female)
	case "they", "their", "it", "its":
		if d.group.canonical != "" {
			f.canonical, f.being, f.plural, f.ent, f.named = d.group.canonical, d.group.being, d.group.plural, d.group.ent, d.group.named
		}
		return
	}
	if e >= 0 {
		f.ent, f.canonical, f.being, f.named = e, d.names.entities[e].name, person, true
	}
}

// heOrShe reports whether the pronoun w is "he" or "she".
func heOrShe(w string) bool {
	w = strings.ToLower(w)
	return strings.HasPrefix(w, "he") || strings.HasPrefix(w, "she")
}

// him is the person that a pronoun at byte offset at stands for: a subject
// before it in the sentence, who the text was about, or who was named last.
func (d *discourse) him(at int, g gender) int {
	last := -1
	for i, back := d.names.before(at)-1, 0; i >= 0 && back < 40; i, back = i-1, back+1 {
		m := d.names.mentions[i]
		if d.sent-m.sent > 5 {
			break
		}
		e := d.names.personOf(m, g)
		if e < 0 {
			continue
		}
		if m.sent == d.sent && m.subject && !m.quoted {
			return e
		}
		if !m.quoted && (last < 0 || d.names.entities[last].being != person && d.names.entities[e].being == person) {
			last = e
		}
	}
	if d.topic >= 0 {
		if tg := d.names.entities[d.topic].gender; tg == anyGender || g == anyGender || tg == g {
			return d.topic
		}
	}
	return last
}

// decapital is s without the capital of its first word, if lower.
func decapital(s string, lower bool) string {
	r, w := utf8.DecodeRuneInString(s)
	if !lower || !unicode.IsUpper(r) || len(s) > w && unicode.IsUpper(rune(s[w])) {
		return s
	}
	return string(unicode.ToLower(r)) + s[w:]
}
