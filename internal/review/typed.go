package review

import (
	"time"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// Typed is what a person typed into one field of a form of a review and has not
// sent: theirs alone, kept until it is sent or thrown away.
type Typed struct {
	PersonID int64
	ReviewID int64
	Form     string // id on the page: "form-verdict"
	Field    string
	Value    string // at most MaxTyped code points; may be empty: the person emptied the field
	Version  int64  // of the review that the person saw
	SavedAt  time.Time
}

// Limits of what is kept of what people type.
const (
	MaxTyped  = 60_000 // code points of a field
	MostTyped = 400    // fields of one person; the oldest are forgotten
)

// CheckTyped is Forbidden unless p may write on reviews, and Invalid if t is
// more than is kept.
func CheckTyped(p Person, t Typed) error {
	const op = "review.CheckTyped"
	switch {
	case !p.Is(Checker, Editor, Standards):
		return errs.New(op, errs.Forbidden, "Your role writes nothing on reviews, so nothing is kept.")
	case t.PersonID != p.ID || t.Form == "" || t.Field == "" || t.Version < 1:
		return errs.New(op, errs.Invalid, "This form is damaged. Reload the page and go on.")
	case utf8.RuneCountInString(t.Value) > MaxTyped:
		return errs.Newf(op, errs.Invalid, "More than %d characters are not kept while you type.", MaxTyped)
	}
	return nil
}
