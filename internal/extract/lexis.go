package extract

import (
	"factcheck/internal/claims"
	"factcheck/internal/extract/chain"
)

// Lexis is what the attribution model knows of single words: the class that a
// word falls in by the words around it, and whether it is often the cue of an
// attribution. Words are known by hashes alone.
type Lexis struct {
	Known  map[uint32]Known
	Breaks *chain.Model // of the sentences of units; the embedded one if nil
}

// Known is what is known of one word.
type Known struct {
	Fine, Coarse uint8 // classes by use; fine below FineClasses, coarse below CoarseClasses
	Cue          uint8 // how often the word is in a cue: 0 seldom … 3 mostly
}

// Numbers of classes, without those of marks, numbers and unknown words.
const (
	FineClasses   = 128
	CoarseClasses = 24
	otherClasses  = FineClasses   // fine classes of what is no known word
	coarseOther   = CoarseClasses // coarse ones
	endings       = 48            // classes of unknown words by their last letters
)

// number is the class of a number of this form.
func (l *Lexis) number(f uint8) (fine, coarse uint8) { return otherClasses + f, coarseOther }

// quoted is the class of a whole quotation.
func (l *Lexis) quoted() (fine, coarse uint8) { return otherClasses + forms, coarseOther + 1 }

// classes are those of a word by its hash, or by its ending if it is unknown.
func (l *Lexis) classes(low, suf2 uint32, f uint8) (fine, coarse uint8) {
	if l != nil {
		if k, ok := l.Known[low]; ok {
			return k.Fine, k.Coarse
		}
	}
	if f == formMark {
		return otherClasses + formMark, coarseOther + 2
	}
	if f != formLower && f != formMixed {
		return otherClasses + f, coarseOther + 3
	}
	return otherClasses + forms + 1 + uint8(suf2%endings), coarseOther + 4
}

// cue is how often the word is in a cue, 0 to 3.
func (l *Lexis) cue(low uint32) uint8 {
	if l == nil {
		return 0
	}
	return l.Known[low].Cue
}

func (l *Lexis) sentences(text string) []claims.Offsets {
	if l != nil && l.Breaks != nil {
		return SentencesBy(l.Breaks, text)
	}
	return Sentences(text)
}
