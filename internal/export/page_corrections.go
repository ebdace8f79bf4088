package export

import (
	"slices"
	"strings"

	"factcheck/internal/review"
)

// corrections are those that led to p, newest first, and the one that replaced
// it, if any.
func corrections(c review.Check, p review.Publication, root string) (led []Correction, replaced *Correction) {
	editions := c.Editions
	if len(editions) == 0 {
		editions = []review.Publication{p}
	}
	for _, e := range slices.Backward(editions) { // oldest first
		one, ok := correctionOf(e, root)
		one.Complained = c.Corrections[e.ID].Complained
		switch {
		case !ok:
		case e.Edition <= p.Edition:
			led = append([]Correction{one}, led...)
		case replaced == nil:
			replaced = &one
		}
	}
	return led, replaced
}

// CorrectionOf is why the publication replaced the edition before; false for
// a first edition.
func CorrectionOf(p review.Publication) (Correction, bool) { return correctionOf(p, "") }

func correctionOf(p review.Publication, root string) (Correction, bool) {
	change := p.Report.Correction
	if change == nil {
		return Correction{}, false
	}
	c := Correction{
		Edition: p.Report.Edition, Replaces: p.Report.Edition - 1, Note: change.Note, At: day(&change.At),
		Before: editionPath(root, p.Report.Slug, p.Report.Edition-1),
	}
	c.Label, c.Why = kindWords(change.Kind)
	for _, ch := range change.Changes {
		shown := Change{capital(ch.Field), wordsOf(ch)}
		if ch.Field == "rating" {
			c.Rating = &shown
		} else {
			c.Changes = append(c.Changes, shown)
		}
	}
	return c, true
}

// kindWords divides "Correction: something was wrong", as the menu of
// corrections has it.
func kindWords(kind review.CorrectionKind) (label, why string) {
	if kind == review.Withdrawal {
		return "Retraction", "this check is withdrawn"
	}
	for _, k := range review.CorrectionKinds {
		if k.Kind == kind {
			label, why, _ = strings.Cut(k.Label, ": ")
			return label, why
		}
	}
	return string(kind), ""
}

// wordsOf compares long texts by words; a rating or a name is replaced whole.
func wordsOf(c review.Change) []Words {
	switch c.Field {
	case "claim", "short form", "summary", "rationale", "reason for a single source", "why it was chosen":
		return WordDiff(c.From, c.To)
	}
	var out []Words
	if c.From != "" {
		out = append(out, Words{Removed, c.From})
	}
	if c.From != "" && c.To != "" {
		out = append(out, Words{Kept, " "})
	}
	if c.To != "" {
		out = append(out, Words{Added, c.To})
	}
	return out
}
