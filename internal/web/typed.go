package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// keptForms are the forms whose words are kept while they are typed, with the
// action that sends them and their fields.
var keptForms = map[string]struct {
	action review.Action
	fields []string
}{
	"form-verdict":  {review.SaveVerdict, verdictFields},
	"form-claim":    {review.EditClaim, claimFields},
	"form-accept":   {review.Accept, claimFields},
	"form-evidence": {review.AddEvidence, evidenceFields},
}

// keptView is what a person typed into a form before and did not send.
type keptView struct {
	Form   string
	For    string // what the form is for: "the verdict"
	Post   string // address that throws it away
	Use    string // address of the page with it in the form
	At     ui.Moment
	Fields []typedField
}

// keepDraft handles POST /desk/reviews/:id/drafts: one field, while it is
// typed. It answers with nothing.
func (s *Server) keepDraft(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("form", "field", "value", "version")
	}
	if err != nil {
		return err
	}
	t := review.Typed{PersonID: s.person(c).ID, ReviewID: id, Form: f.text("form"), Field: f.text("field"), Value: f.text("value"), SavedAt: s.now()}
	if t.Version, err = f.id("version"); err != nil {
		return err
	}
	if !slices.Contains(keptForms[t.Form].fields, t.Field) {
		return formError("web.keepDraft", nil)
	}
	c.Status(http.StatusNoContent)
	return s.keepTyped(c, s.person(c), t)
}

// keepTyped keeps fields of one review that is there, typed by somebody who may
// write: all of them, or none that is refused.
func (s *Server) keepTyped(c *gin.Context, who review.Person, t ...review.Typed) error {
	for _, one := range t {
		if err := review.CheckTyped(who, one); err != nil {
			return err
		}
	}
	if _, err := s.Store.Dossier(c.Request.Context(), t[0].ReviewID); err != nil { // NotFound
		return err
	}
	for _, one := range t {
		if err := s.Store.KeepDraft(c.Request.Context(), one, review.MostTyped); err != nil {
			return err
		}
	}
	return nil
}

// dropDraft handles POST /desk/reviews/:id/drafts/drop: what was typed into a
// form is thrown away. The rest of the form comes along and is not looked at.
func (s *Server) dropDraft(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, ok := keptForms[f.text("form")]; !ok {
		return errs.New("web.dropDraft", errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	if err := s.Store.DropDrafts(c.Request.Context(), s.person(c).ID, id, f.text("form")); err != nil {
		return err
	}
	s.flash(c, "What you had typed there is gone.")
	c.Redirect(http.StatusSeeOther, reviewPath(id, fromText(f.text("from"))))
	return nil
}

// forget throws away what was typed into the form that has just been sent. The
// form is done: a failure here is no failure of it.
func (s *Server) forget(c *gin.Context, id int64, a review.Action) {
	for form, k := range keptForms {
		if k.action != a {
			continue
		}
		if err := s.Store.DropDrafts(c.Request.Context(), s.person(c).ID, id, form); err != nil {
			slog.WarnContext(c.Request.Context(), "draft not dropped", "review", id, "err", err)
		}
	}
}

// typedPage is the data of pages/typed.html.
type typedPage struct {
	ID   int64
	Kept []keptView
}

// drafts handles GET /desk/reviews/:id/drafts: what this person typed on the
// review and did not send.
func (s *Server) drafts(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	all, err := s.Store.Drafts(c.Request.Context(), s.person(c).ID, id)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(t review.Typed) bool { return t.Form == c.Query("but") }) // it is in its form already
	return s.page(c, http.StatusOK, "typed", typedPage{id, s.offered(id, all)})
}

// offered are the forms with what was typed into them.
func (s *Server) offered(id int64, all []review.Typed) []keptView {
	var out []keptView
	for _, t := range all {
		if n := len(out); n == 0 || out[n-1].Form != t.Form {
			out = append(out, s.kept(id, t.Form))
		}
		k := &out[len(out)-1]
		if t.SavedAt.After(k.At.At) {
			k.At = s.moment(t.SavedAt)
		}
		if slices.Contains(written, t.Field) && t.Value != "" {
			k.Fields = append(k.Fields, typedField{t.Field, labels[t.Field], t.Value, true})
		}
	}
	return out
}

// keptTitles is what each form is for.
var keptTitles = map[string]string{
	"form-verdict": "the verdict", "form-claim": "the claim", "form-accept": "the claim", "form-evidence": "new evidence",
}

func (s *Server) kept(id int64, form string) keptView {
	path := fmt.Sprintf("/desk/reviews/%d", id)
	return keptView{Form: form, For: keptTitles[form], Post: path + "/drafts/drop", Use: path + "?typed=" + form + "#" + form}
}

// recall puts what this person typed before and did not send into the form that
// they asked it for. Where the record has moved on since, both are shown.
func (b *pageBuilder) recall(id string, v *formView, stored map[string]string) {
	if _, ok := keptForms[id]; !ok {
		return
	}
	v.Draft, v.DraftTo = id, fmt.Sprintf("/desk/reviews/%d/drafts", b.d.Review.ID)
	if b.use != id || b.t.err != nil {
		return
	}
	k := b.s.kept(b.d.Review.ID, id)
	for _, t := range b.typed {
		if t.Form != id {
			continue
		}
		if t.SavedAt.After(k.At.At) {
			k.At = b.s.moment(t.SavedAt)
		}
		f := field{Value: t.Value}
		if is := stored[t.Field]; is != t.Value && b.changedSince(t) {
			f = besides(t.Field, t.Value, is, b.inWords(t.Field, is))
		}
		v.Fields[t.Field] = f
		v.Kept, b.where = &k, id
	}
}

// unplaced is what this person typed before and asked for, if the form for it is
// not on the page any more; nil if it is.
func (b *pageBuilder) unplaced() *notice {
	if b.use == "" || b.where != "" {
		return nil
	}
	n := notice{Title: "What you typed has no place here now", Sentences: []string{"The claim has moved on since: somebody else has it, or it stands elsewhere."}}
	for _, t := range b.typed {
		if label := labels[t.Field]; t.Form == b.use && t.Value != "" && label != "" {
			long := slices.Contains(written, t.Field)
			if !long {
				t.Value = b.inWords(t.Field, t.Value)
			}
			n.Typed = append(n.Typed, typedField{t.Field, label, t.Value, long})
		}
	}
	if n.Typed == nil {
		return nil
	}
	return &n
}

// changedSince reports whether somebody changed the field in the record after
// the person who typed saw it. What is added to the record changes nothing there.
func (b *pageBuilder) changedSince(t review.Typed) bool {
	return keptForms[t.Form].action != review.AddEvidence && slices.ContainsFunc(b.log, func(e review.Event) bool {
		return e.Version > t.Version && slices.ContainsFunc(e.Changes, func(ch review.Change) bool { return ch.Field == recorded[t.Field] })
	})
}
