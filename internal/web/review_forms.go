package web

import (
	"errors"
	"fmt"
	"slices"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// typed is a form that could not be done, and why. The zero typed is a page
// that is simply looked at.
type typed struct {
	action   review.Action
	evidence int64
	request  int64 // for a reply
	guest    int64 // outside reader
	form     form
	from     string
	err      error
}

// forms adds every form that this person may send now.
func (b *pageBuilder) forms(p *reviewPage) {
	draft, suggested := b.d.Draft()
	claim := map[string]string{
		"text": draft.Text, "short_form": draft.ShortForm, "kind": string(draft.Kind), "lang": draft.Lang, "claimant": draft.Claimant,
		"claimant_kind": string(draft.ClaimantKind), "unattributed": tick(draft.Unattributed), "said_at": dayText(draft.SaidAt), "due_at": dayText(draft.DueAt), "chosen": draft.Chosen,
		"topics": review.TopicsText(draft.Topics),
	}
	p.Suggested = suggested
	b.moves(p, claim)
	if b.reading {
		b.sources(p)
		return
	}
	p.ClaimForm, p.ClaimWhy = b.form("form-claim", "/claim", review.EditClaim, b.t.action == review.EditClaim, claim)
	b.verdictForm(p)
	if !b.d.Review.SubmittedAt.IsZero() {
		p.Voids = "This was sent to the editors. A change makes a new revision, and what was approved has to be approved again."
	}
	p.AddEvidence, _ = b.form("form-evidence", "/evidence", review.AddEvidence, b.t.action == review.AddEvidence, map[string]string{"accessed_at": dayText(b.s.Now())})
	b.sources(p)
}

// verdictForm adds the form of the verdict, unless it would show the rating to
// somebody who may still read blind.
func (b *pageBuilder) verdictForm(p *reviewPage) {
	if _, ok := b.offers[review.SaveVerdict]; ok && b.blind {
		p.VerdictWhy = []string{"The rating is hidden until you have given your own. Then you can change the verdict."}
		return
	}
	v := b.d.Verdict
	p.VerdictForm, p.VerdictWhy = b.form("form-verdict", "/verdict", review.SaveVerdict, b.t.action == review.SaveVerdict, map[string]string{
		"rating": v.Rating, "summary": v.Summary, "rationale": v.Rationale, "one_source": v.OneSource,
		"none_found": tick(v.NoneFound), "no_conflict": tick(v.NoConflict),
	})
	sent := !b.d.Review.SubmittedAt.IsZero()
	p.Writing = p.VerdictForm != nil && (b.where == "form-verdict" || !sent && b.d.Review.AssigneeID == b.me.ID)
}

// form is the form of an edit, or why this person cannot make it now. mine
// reports whether it is the form that failed.
func (b *pageBuilder) form(id, path string, a review.Action, mine bool, stored map[string]string) (*formView, []string) {
	o, ok := b.offers[a]
	if !ok {
		return nil, nil
	}
	if len(o.Missing) > 0 {
		return nil, sentencesIn(o.Missing, nil)
	}
	v := b.view(id, path, stored, mine)
	return &v, nil
}

// view is a form with what is stored, or with what was typed into it if mine.
func (b *pageBuilder) view(id, path string, stored map[string]string, mine bool) formView {
	v := formView{
		Post:    fmt.Sprintf("/desk/reviews/%d%s", b.d.Review.ID, path),
		Version: b.d.Review.Version, From: b.t.from, Fields: fields(stored),
	}
	if !mine || b.t.err == nil || b.where != "" {
		b.recall(id, &v, stored)
		return v
	}
	b.where = id
	v.Errors = sentencesOf(b.t.err, statuses[errs.KindOf(b.t.err)].text)
	if b.t.form.file != nil { // a page cannot give a file back
		v.Errors = append(v.Errors, "Choose the file again.")
	}
	for _, name := range fieldNames(stored, b.t.form) {
		is, kept := stored[name]
		f := field{Value: b.t.form.text(name)}
		if kept && f.Value != is && b.changedMeanwhile(name) {
			f = besides(name, f.Value, is, b.inWords(name, is))
		}
		v.Fields[name] = f
	}
	return v
}

func fieldNames(stored map[string]string, f form) []string {
	var names []string
	for name := range stored {
		names = append(names, name)
	}
	for name := range f.values {
		if !slices.Contains(names, name) && !slices.Contains(everyForm, name) {
			names = append(names, name)
		}
	}
	return names
}

// recorded is how the history calls each field of a form.
var recorded = map[string]string{
	"text": "claim", "short_form": "short form", "kind": "kind of claim", "lang": "language", "claimant": "claimant", "unattributed": "claimant",
	"said_at": "said", "due_at": "can be checked from", "chosen": "why it was chosen", "topics": "topics",
	"rating": "rating", "summary": "summary", "rationale": "rationale", "one_source": "reason for a single source",
	"none_found": "other side looked for", "no_conflict": "no conflict of interest",
	"url": "evidence", "archive_url": "evidence", "title": "evidence", "publisher": "evidence", "quote": "evidence", "stance": "evidence", "note": "evidence",
	"accessed_at": "evidence", "origin": "evidence", "behind": "evidence", "interest": "evidence", "no_copy": "evidence",
}

// changedMeanwhile reports whether the others changed a field since the person
// saw it.
func (b *pageBuilder) changedMeanwhile(name string) bool {
	var conflict *review.Conflict
	if !errors.As(b.t.err, &conflict) || b.t.action == review.AddEvidence {
		return false
	}
	return slices.ContainsFunc(conflict.Events, func(e review.Event) bool {
		return slices.ContainsFunc(e.Changes, func(ch review.Change) bool { return ch.Field == recorded[name] })
	})
}

// inWords is what is stored in a field as a person reads it.
func (b *pageBuilder) inWords(name, value string) string {
	switch name {
	case "rating":
		if r, ok := b.d.Scale.Rating(value); ok {
			return r.Label
		}
	case "kind":
		return kinds[claims.Kind(value)]
	case "stance":
		return stances[review.Stance(value)].Word
	case "retraction":
		return review.RetractionLabel(review.RetractionCode(value))
	case "hold":
		return review.HoldLabel(review.HoldReason(value))
	case "unattributed", "none_found", "no_conflict":
		if value == "" {
			return "no"
		}
	}
	if value == "" {
		return "(empty)"
	}
	return value
}

// sentencesIn are the sentences of what is missing, but for the guards that
// the page shows elsewhere.
func sentencesIn(missing []review.Missing, elsewhere []string) []string {
	var out []string
	for _, m := range missing {
		if !slices.Contains(elsewhere, m.Guard) {
			out = append(out, m.Sentence)
		}
	}
	return out
}
