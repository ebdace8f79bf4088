package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/review"
)

// resumePage is the data of pages/resume.html: what was typed when the session
// had ended. Signing in on it leads back to the form that was sent, with all of
// it; a form that has no page of its own is sent again from here.
type resumePage struct {
	Post     string // where the form was sent
	Sign     signPage
	Signed   string // name of who has signed in meanwhile; empty: nobody yet
	Fields   []typedField
	Files    bool // the form carries files
	LostFile bool
	Error    string // only a part could be read
}

// typedField is a field that somebody filled in.
type typedField struct {
	Name, Label, Value string
	Long               bool // written words, not a choice
}

// written are the fields that hold words.
var written = []string{"note", "text", "short_form", "claimant", "chosen", "topics", "summary", "rationale", "one_source", "url", "archive_url", "title", "publisher", "quote", "behind", "interest", "no_copy"}

// signInFirst answers somebody who has to sign in. What a form carried comes
// back on the page.
func (s *Server) signInFirst(c *gin.Context) error {
	if c.Request.Method != http.MethodPost {
		c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		return nil
	}
	p := resumePage{Post: c.Request.URL.Path}
	f, err := readForm(c)
	p.Files, p.LostFile = c.ContentType() == "multipart/form-data", f.file != nil
	if err != nil {
		p.Error = sentencesOf(err, "Only a part of it could be read.")[0]
	}
	p.Fields = carriedFields(f)
	return s.page(c, http.StatusUnauthorized, "resume", p)
}

// Names that the page puts before those of the fields it carries, and of its own.
const (
	typedPrefix = "typed_"
	resumePost  = "resume_post"
	resumeFiles = "resume_files"
	resumeLost  = "resume_lost"
)

// signInAgain handles POST /sign-in/again: somebody signs in on the page that
// carries what they typed. It leads to the form they sent, with every word.
func (s *Server) signInAgain(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	f, err := readForm(c)
	if err != nil {
		return err
	}
	p := resumed(f)
	who, err := s.Accounts.SignIn(c.Request.Context(), f.text("email"), f.text("password"), s.address(c))
	if err == nil {
		err = s.begin(c, who)
	}
	if err != nil {
		st := s.note(c, err)
		p.Sign = signPage{Email: f.text("email"), Errors: sentencesOf(err, st.text)}
		return s.page(c, st.code, "resume", p)
	}
	if to := s.restore(c, who, p); to != "" {
		s.flash(c, "You are signed in again. What you typed is in the form, and not saved yet."+p.choose())
		c.Redirect(http.StatusSeeOther, to)
		return nil
	}
	c.Set(personKey{}, who)
	p.Signed = who.Name
	return s.page(c, http.StatusOK, "resume", p)
}

// choose asks for what no page can give back.
func (p resumePage) choose() string {
	if p.LostFile {
		return " Choose the file again."
	}
	return ""
}

// resumed is the page again, from what it carried.
func resumed(f form) resumePage {
	p := resumePage{Post: nextPath(f.text(resumePost)), Files: f.on(resumeFiles), LostFile: f.on(resumeLost)}
	carried := form{values: url.Values{}}
	for name, all := range f.values {
		if of, ok := strings.CutPrefix(name, typedPrefix); ok {
			carried.values[of] = all
		}
	}
	p.Fields = carriedFields(carried)
	return p
}

// postedTo is the review and the form of it that an address takes.
var postedTo = regexp.MustCompile(`^/desk/reviews/(\d+)/(verdict|claim|evidence|moves)$`)

// restore keeps what p carries as typed by who, and is the address of the form
// with it. It is "" if nothing keeps that form, or if who may not write there.
func (s *Server) restore(c *gin.Context, who review.Person, p resumePage) string {
	m := postedTo.FindStringSubmatch(p.Post)
	if m == nil {
		return ""
	}
	f := form{values: url.Values{}}
	for _, t := range p.Fields {
		f.values.Add(t.Name, t.Value)
	}
	f.settle()
	name := formOf(m[2], review.Action(f.text("action")))
	id, err := strconv.ParseInt(m[1], 10, 64)
	if version, wrong := f.id("version"); err == nil && wrong == nil && name != "" {
		err = s.keepAll(c, who, review.Typed{PersonID: who.ID, ReviewID: id, Form: name, Version: version, SavedAt: s.now()}, f)
		if err == nil {
			q := url.Values{"typed": {name}}
			if from := fromText(f.text("from")); from != "" {
				q.Set("from", from)
			}
			return fmt.Sprintf("/desk/reviews/%d?%s#%s", id, q.Encode(), name)
		}
	}
	return ""
}

// formOf is the form that sends to the last part of an address, or "" if nothing
// keeps it.
func formOf(part string, a review.Action) string {
	if part == "moves" && a != review.Accept {
		return ""
	}
	return map[string]string{"verdict": "form-verdict", "claim": "form-claim", "evidence": "form-evidence", "moves": "form-accept"}[part]
}

// keepAll keeps every field of a form as t has it. What the form did not send,
// such as a box without its tick, is kept as empty.
func (s *Server) keepAll(c *gin.Context, who review.Person, t review.Typed, f form) error {
	var all []review.Typed
	for _, t.Field = range keptForms[t.Form].fields {
		t.Value = f.text(t.Field)
		all = append(all, t)
	}
	return s.keepTyped(c, who, all...)
}

// typedFields are the fields of f that somebody filled in, sorted by name; those
// that people do not see have no label.
func typedFields(f form) []typedField {
	return slices.DeleteFunc(carriedFields(f), func(t typedField) bool { return t.Value == "" })
}

// carriedFields are all fields of f, sorted by name.
func carriedFields(f form) []typedField {
	var out []typedField
	for name, all := range f.values {
		for _, v := range all {
			out = append(out, typedField{name, labels[name], v, v != "" && slices.Contains(written, name)})
		}
	}
	slices.SortStableFunc(out, func(a, b typedField) int { return strings.Compare(a.Name, b.Name) })
	return out
}
