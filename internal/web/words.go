package web

import (
	"cmp"
	"strings"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// choice is a line of a menu.
type choice struct{ Code, Label string }

// kinds is the menu of kinds of claim.
var kinds = map[claims.Kind]string{
	claims.Quantity: "a number", claims.Happening: "an event", claims.QuoteKind: "a quotation", claims.Causal: "cause and effect",
	claims.Comparison: "a comparison", claims.Law: "a law or ruling", claims.Promise: "a promise", claims.Prediction: "a prediction",
	claims.Position: "a position", claims.Other: "something else",
}

func kindChoices() []choice {
	var out []choice
	for _, k := range claims.Kinds {
		out = append(out, choice{string(k), kinds[k]})
	}
	return out
}

// claimantKinds is the menu of kinds of claimant.
var claimantKinds = []choice{
	{string(claims.Person), "a person"}, {string(claims.Organisation), "an organisation"}, {string(claims.Unknown), "not known"},
}

// stance is how a piece of evidence bears on the claim, as the page shows it.
type stance struct {
	Code   review.Stance
	Symbol string
	Word   string
}

// stances has a row for each of review.Stances.
var stances = map[review.Stance]stance{
	review.Supports: {review.Supports, "▲", "supports"},
	review.Refutes:  {review.Refutes, "▼", "refutes"},
	review.Context:  {review.Context, "■", "context"},
}

func stanceChoices() []stance {
	var out []stance
	for _, st := range review.Stances {
		out = append(out, stances[st])
	}
	return out
}

// roles is what each role is called.
var roles = map[review.Role]string{
	review.Viewer: "viewer", review.Checker: "fact-checker", review.Editor: "editor", review.Standards: "standards editor", review.Admin: "administrator",
}

// rolesOf is what p is on the desk: "fact-checker, editor".
func rolesOf(p review.Person) string {
	var words []string
	for _, r := range p.Roles {
		words = append(words, roles[r])
	}
	return strings.Join(words, ", ")
}

func byName(a, b review.Person) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

// codes are the words for codes that the history holds as they were stored.
var codes = func() map[string]map[string]string {
	m := map[string]map[string]string{"reason": {}, "kind of correction": {}, "kind of claim": {}, "hold": {}}
	for _, h := range review.HoldReasons {
		m["hold"][string(h.Code)] = h.Label
	}
	for _, d := range review.Dismissals {
		m["reason"][string(d.Code)] = d.Label
	}
	for _, k := range review.CorrectionKinds {
		m["kind of correction"][string(k.Kind)] = k.Label
	}
	for k, label := range kinds {
		m["kind of claim"][string(k)] = label
	}
	return m
}()

// told is a value of the history in words.
func told(field, value string) string {
	if label, ok := codes[field][value]; ok {
		return label
	}
	return value
}

// labels is what each field of a form is called, for showing what was typed
// when its form is no longer on the page.
var labels = map[string]string{
	"at": "Time (UTC)", "retraction": "Why it is withdrawn", "hold": "Why it is on hold", "risk": "Risk", "priority": "How soon it matters", "into": "Review of the same claim",
	"note": "Note", "dismissal": "Reason", "assignee": "Who works on it", "correction": "Kind of correction",
	"text": "Text", "short_form": "Short form", "kind": "Kind of claim", "lang": "Language", "claimant": "Who says it",
	"claimant_kind": "What sort of speaker", "unattributed": "Nobody in particular says it", "said_at": "Said on", "due_at": "Can be checked from", "chosen": "Why it is worth checking", "topics": "Topics",
	"rating": "Rating", "summary": "Summary", "rationale": "Rationale", "one_source": "Why one source is enough",
	"none_found": "Looked for the other side", "no_conflict": "No conflict of interest",
	"respondent": "Who is asked", "channel": "How", "address": "Their address", "question": "Question", "urgent": "Urgent",
	"urgent_reason": "Why it is urgent", "outcome": "How it ended", "reply": "Reply, word for word",
	"found_at": "Where it was published", "published": "Published on",
	"other": "Earlier claim",
	"url":   "Address", "archive_url": "Archived copy", "title": "Title", "publisher": "Publisher", "quote": "What it says",
	"stance": "What it does to the claim", "accessed_at": "Looked at on", "email": "Mail address", "name": "Name",
	"origin": "Primary or secondary", "behind": "Who stands behind it", "interest": "What its author gains by the answer",
	"no_copy": "It cannot be archived, because",
}
