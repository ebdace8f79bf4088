package review

import (
	"regexp"
	"slices"
	"strings"
)

// hiddenWord stands where a second reader may not read yet.
const hiddenWord = "▒▒▒▒"

// Blind is the dossier as a second reader sees it before answering: without
// rating, summary and readings, without what readers see of an earlier edition,
// and with the names of ratings struck out of what is left. It is for showing
// only: nothing can be decided by it.
func (d Dossier) Blind() Dossier {
	words := d.ratingWords()
	strike := func(s string) string { return strikeOut(words, s) }
	d.Verdict.Rating, d.Verdict.Summary = "", ""
	d.Verdict.Rationale, d.Verdict.OneSource = strike(d.Verdict.Rationale), strike(d.Verdict.OneSource)
	d.Review.CorrectionNote = strike(d.Review.CorrectionNote)
	d.Readings, d.Live = nil, nil
	d.Evidence = slices.Clone(d.Evidence)
	for i := range d.Evidence {
		d.Evidence[i].Note = strike(d.Evidence[i].Note)
	}
	return d
}

// telling are the changes that would tell a second reader the rating.
var telling = []string{"rating", "summary", "rationale", "second reading", "agrees", "kind of correction"}

// reasoned are the events whose notes are about the verdict.
var reasoned = []Action{SaveVerdict, Submit, Withdraw, Return, Approve, SecondRead, ResolveRead}

// BlindEvents is a history as a second reader sees it before answering.
func (d Dossier) BlindEvents(events []Event) []Event {
	words := d.ratingWords()
	out := slices.Clone(events)
	for i, e := range out {
		out[i].Note = strikeOut(words, e.Note)
		if slices.Contains(reasoned, e.Action) {
			out[i].Note = ""
		}
		out[i].Changes = nil
		for _, c := range e.Changes {
			if !slices.Contains(telling, c.Field) {
				out[i].Changes = append(out[i].Changes, Change{c.Field, strikeOut(words, c.From), strikeOut(words, c.To)})
			}
		}
	}
	return out
}

// ratingWords matches the names of the ratings that the author could have
// chosen, the longest first.
func (d Dossier) ratingWords() *regexp.Regexp {
	var names []string
	for _, s := range []RatingScale{d.Scale, d.InForce} {
		for _, r := range s.Ratings {
			names = append(names, regexp.QuoteMeta(r.Label))
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(`(?i)(^|[^\pL\pN])(?:` + strings.Join(names, "|") + `)($|[^\pL\pN])`)
}

func strikeOut(words *regexp.Regexp, s string) string {
	if words == nil || s == "" {
		return s
	}
	// Two passes: a match takes the sign after it, which may stand before the next.
	for range 2 {
		s = words.ReplaceAllString(s, "${1}"+hiddenWord+"${2}")
	}
	return s
}
