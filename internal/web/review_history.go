package web

import (
	"errors"
	"strings"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// notice says what went wrong with a form, and what was typed if its form is
// no longer on the page.
type notice struct {
	Title     string
	Sentences []string
	Events    []eventView // what the others did meanwhile
	Typed     []typedField
	Where     string // id of the form that has what was typed; empty if Typed has it
}

// eventView is a line of the history.
type eventView struct {
	Who, Done string
	Note      string
	At        ui.Moment
	Changes   []changeView
}

type changeView struct {
	Field    string
	From, To string
	Words    []wordChange // of long texts
}

// notice is what to say about the form that failed.
func (b *pageBuilder) notice() *notice {
	if b.t.err == nil {
		return b.unplaced()
	}
	st := statuses[errs.KindOf(b.t.err)]
	n := &notice{Title: st.title, Sentences: sentencesOf(b.t.err, st.text), Where: b.where}
	var conflict *review.Conflict
	if errors.As(b.t.err, &conflict) {
		events := conflict.Events[max(0, len(conflict.Events)-maxMeanwhile):]
		if b.blind {
			events = b.d.BlindEvents(events)
		}
		n.Events = b.events(events)
	}
	if b.where == "" {
		for _, f := range typedFields(b.t.form) {
			if f.Label != "" {
				if !f.Long {
					f.Value = b.inWords(f.Name, f.Value)
				}
				n.Typed = append(n.Typed, f)
			}
		}
	}
	return n
}

// maxMeanwhile is how many events a conflict lists: the newest.
const maxMeanwhile = 10

func (b *pageBuilder) events(events []review.Event) []eventView {
	var out []eventView
	for _, e := range events {
		who := b.d.Name(e.ActorID)
		switch {
		case e.Action == review.AnswerReply:
			who = "The desk"
		case e.ActorID == 0:
			who = "The program"
		case e.ActorID == b.me.ID:
			who = "You"
		}
		v := eventView{Who: who, Done: e.Done(), Note: e.Note, At: b.s.moment(e.At)}
		for _, ch := range e.Changes {
			if ch.Field != "published" { // a hash, for factcheck verify
				ch.From, ch.To = b.named(ch.From), b.named(ch.To)
				v.Changes = append(v.Changes, changeOf(ch))
			}
		}
		out = append(out, v)
	}
	return out
}

// named is a value of the record with the name of the person whose number it is.
func (b *pageBuilder) named(value string) string {
	if id := review.PersonIn(value); id != 0 {
		return b.d.Name(id)
	}
	return value
}

// changeOf is a change in words: long texts word by word, short ones before
// and after.
func changeOf(ch review.Change) changeView {
	v := changeView{Field: ch.Field, From: told(ch.Field, ch.From), To: told(ch.Field, ch.To)}
	if len(ch.From)+len(ch.To) > 30 || strings.ContainsRune(ch.From+ch.To, '\n') {
		v.Words = wordDiff(ch.From, ch.To)
	}
	return v
}
