package extract

import "factcheck/internal/extract/chain"

// Labels of the tagger: what a word of a unit is part of.
const (
	LabelNone uint8 = iota
	SourceBegins
	SourceGoesOn
	CueBegins
	CueGoesOn
	ContentBegins
	ContentGoesOn
	TaggerLabels = 7
)

// LabelFollows reports whether label to may stand behind label from;
// TaggerLabels stands for the start.
func LabelFollows(from, to int) bool {
	switch uint8(to) {
	case SourceGoesOn, CueGoesOn, ContentGoesOn:
		return from == to || from == to-1
	}
	return true
}

// Observer makes the features that the attribution models read. It keeps
// memory between calls.
type Observer struct {
	observer
	spaces []between
}

// NewObserver is an observer that knows words by lexis.
func NewObserver(lexis *Lexis) *Observer { return &Observer{observer: observer{lexis: lexis}} }

// Tagger fills items with what the tagger reads of u.
func (o *Observer) Tagger(u *Unit, items *chain.Items) { o.observe(u, items) }

// Plain is Units with quotations taken apart like other text.
func Plain(text string, lexis *Lexis, yield func(*Unit)) {
	r := reader{text: text, lexis: lexis, sents: lexis.sentences(text)}
	r.scan = scanner{text: text, lex: words()}
	r.units(yield)
}

// Hash is the hash of the word in lower case, by which Lexis knows it.
func (w *Word) Hash() uint32 { return w.low }

// First reports whether w begins a sentence.
func (w *Word) First() bool { return w.first }
