package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
)

// form is what a request posted, line ends as LF. The zero form is empty.
type form struct {
	values url.Values
	file   *upload // that came with it; nil if none did
}

// readForm reads the form of a POST. What could be read is returned with the
// error, so that nothing that was typed is lost.
func readForm(c *gin.Context) (form, error) {
	const op = "web.readForm"
	if c.ContentType() == "multipart/form-data" {
		return readParts(c.Request)
	}
	if err := c.Request.ParseForm(); err != nil {
		return form{values: c.Request.PostForm}, formError(op, err)
	}
	f := form{values: c.Request.PostForm}
	return f, f.clean(op)
}

func formError(op string, err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errs.Newf(op, errs.TooLarge, "That is more than the %s that fit. Send less.", size(large.Limit))
	}
	return &errs.Error{Op: op, Kind: errs.Invalid, Msg: "This form is damaged. Reload the page and send it again.", Err: err}
}

// clean makes line ends LF and is Invalid if a field is there twice or holds
// what is not text.
func (f form) clean(op string) error {
	var problem error
	for name, all := range f.values {
		for i, v := range all {
			all[i] = strings.ReplaceAll(v, "\r\n", "\n")
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				all[i] = strings.ToValidUTF8(strings.ReplaceAll(all[i], "\x00", ""), "\uFFFD")
				problem = errs.New(op, errs.Invalid, "What you typed holds bytes that are not text. They are marked or gone here; look at it again, then send it.")
			}
		}
		if len(all) > 1 {
			problem = errs.Newf(op, errs.Invalid, "The field “%.40s” is in this form twice. Reload the page and send it again.", name)
		}
	}
	return problem
}

// only is Invalid if the form has a field that is not listed: what a form does
// not ask for, it cannot set.
func (f form) only(fields ...string) error {
	for name := range f.values {
		if !slices.Contains(fields, name) {
			return errs.Newf("web.form", errs.Invalid, "The field “%.40s” does not belong to this form. Reload the page and send it again.", strings.ToValidUTF8(name, "\uFFFD"))
		}
	}
	return nil
}

// text is a field as it was typed, or "".
func (f form) text(name string) string { return f.values.Get(name) }

// on reports whether a box is ticked.
func (f form) on(name string) bool { return f.text(name) != "" }

// id is a field that holds a number from 1 on, or 0 if it is empty.
func (f form) id(name string) (int64, error) {
	if f.text(name) == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(f.text(name), 10, 64)
	if err != nil || n < 1 {
		return 0, errs.New("web.form", errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	return n, nil
}

// day is a field that holds a date such as 2025-08-15, or the zero time if it
// is empty.
func (f form) day(name string) (time.Time, error) {
	v := strings.TrimSpace(f.text(name))
	if v == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, v)
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, errs.Newf("web.form", errs.Invalid, "“%.20s” is not a date. Write it as 2025-08-15.", v)
	}
	return t, nil
}

// number is a field for the number of a review as people type it, or 0 if it
// is empty.
func (f form) number(name string) (int64, error) {
	v := strings.TrimPrefix(strings.TrimSpace(f.text(name)), "#")
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1 {
		return 0, errs.Newf("web.form", errs.Invalid, "“%.20s” is not the number of a review. It is the number at the end of its address.", v)
	}
	return n, nil
}

// A time as a field of type datetime-local holds it.
const (
	minuteForm = "2006-01-02T15:04"
	secondForm = "2006-01-02T15:04:05"
)

// moment is a field that holds a time in UTC such as 2025-08-15T14:30, or the
// zero time if it is empty.
func (f form) moment(name string) (time.Time, error) {
	v := strings.Replace(strings.TrimSpace(f.text(name)), " ", "T", 1)
	if v == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{minuteForm, secondForm} {
		if t, err := time.Parse(layout, v); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t, nil
		}
	}
	return time.Time{}, errs.Newf("web.form", errs.Invalid, "“%.20s” is not a time. Write it as 2025-08-15T14:30, in UTC.", v)
}

// timeText is t as a form holds it.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(minuteForm)
}

// dayText is t as a form holds it.
func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// newKey is a fresh random key for one rendering of a form.
func newKey() string { return rand.Text() }

// pathID is the number in a path. NotFound if it is none.
func pathID(c *gin.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id < 1 {
		return 0, errs.New("web.pathID", errs.NotFound, "")
	}
	return id, nil
}

// size is a number of bytes for people: "5 MB".
func size(n int64) string {
	if n >= 1<<20 {
		return strconv.FormatInt(n>>20, 10) + " MB"
	}
	if n < 1<<10 {
		return strconv.FormatInt(n, 10) + " bytes"
	}
	return strconv.FormatInt(n>>10, 10) + " KB"
}

// field is one field of a form as the page draws it.
type field struct {
	Value   string
	Stored  string // in the record now, in words
	Changed bool   // somebody else changed it since: both are shown

	Name, Label string // of a field that was changed
	Theirs      string // what is in the record, as the form would send it
}

// besides is a field with what somebody else wrote into it meanwhile.
func besides(name, mine, theirs, inWords string) field {
	return field{Value: mine, Stored: inWords, Changed: true, Name: name, Label: labels[name], Theirs: theirs}
}

// Names that a form puts before those of its fields where two people wrote: which
// of the two versions is chosen, and what the other one is.
const (
	takePrefix   = "take_"
	theirsPrefix = "theirs_"
)

// settle puts what was chosen of two versions into each field. Nothing else of
// the choice stays in the form.
func (f form) settle() {
	for name := range f.values {
		of, chosen := strings.CutPrefix(name, takePrefix)
		if theirs := theirsPrefix + of; chosen && f.text(name) == "theirs" && f.values.Has(theirs) {
			f.values.Set(of, f.text(theirs))
		}
	}
	for name := range f.values {
		if strings.HasPrefix(name, takePrefix) || strings.HasPrefix(name, theirsPrefix) {
			f.values.Del(name)
		}
	}
}

// formView is a form as the page draws it.
type formView struct {
	Post    string // address
	Version int64
	From    string // the list that the person came from
	Errors  []string
	Draft   string    // id under which what is typed is kept; empty: it is not
	DraftTo string    // address that keeps it
	Kept    *keptView // what this person typed before and did not send; nil: nothing
	Fields  map[string]field
}

// Key is a key for this rendering of the form.
func (formView) Key() string { return newKey() }

// F is a field; the zero field if the form has none of that name.
func (v formView) F(name string) field { return v.Fields[name] }

// V is what stands in a field.
func (v formView) V(name string) string { return v.Fields[name].Value }

// On reports whether a box is ticked.
func (v formView) On(name string) bool { return v.Fields[name].Value != "" }

// fields makes the fields of a form from what is stored.
func fields(stored map[string]string) map[string]field {
	out := map[string]field{}
	for name, v := range stored {
		out[name] = field{Value: v}
	}
	return out
}

// tick is the value of a box.
func tick(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
