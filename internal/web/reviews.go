package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Fields of the forms of a claim page. A field that is not listed is refused.
var (
	everyForm      = []string{"version", "key", "from"}
	claimFields    = []string{"text", "short_form", "kind", "lang", "claimant", "claimant_kind", "unattributed", "said_at", "due_at", "chosen", "topics"}
	verdictFields  = []string{"rating", "summary", "rationale", "one_source", "none_found", "no_conflict"}
	evidenceFields = []string{"url", "archive_url", "title", "publisher", "quote", "stance", "note", "accessed_at", "origin", "behind", "interest", "no_copy"}
	numbered       = append([]string{"number"}, evidenceFields...) // of the piece that is changed: its id changes with each edit
)

// inputFields are the fields that answer each guard that looks at what the
// form sent; TestEveryInputHasItsFields sees to it that none is missing.
var inputFields = map[string][]string{
	"reason":                  {"note"},
	"dismissal":               {"dismissal", "note"},
	"someone":                 {"assignee"},
	"writer":                  {"assignee"},
	"writer without interest": {"assignee"},
	"correction":              {"correction", "note"},
	"reading":                 {"rating", "note"},
	"later time":              {"at"},
	"retraction":              {"retraction", "note"},
	"hold":                    {"hold", "at", "note"},
	"embargo":                 {"at"},
	"risk":                    {"risk"},
	"priority":                {"priority", "note"},
	"into":                    {"into"},
	"that evidence":           {},
	"inviting":                {"name", "email"},
	"few guests":              {},
	"that guest":              {},
	"that place":              {"quote"}, // on the article's page
	"asking":                  askFields,
	"open request":            {},
	"not sent":                {},
	"closing":                 closeFields,
	"that reply":              {"stance"},
	"answer once":             {"reply"},
	"link is good":            {},
}

// deed is what a form asks for.
type deed struct {
	action review.Action
	fields []string // beside everyForm
	read   func(form, *review.Command) error
	do     func(context.Context, review.Command) (review.Review, error) // nil: review.Service.Do
}

// review handles GET /desk/reviews/:id, the claim workspace. A review that was
// merged leads to the one that it was merged into, unless ?merged=1 asks for it.
func (s *Server) review(c *gin.Context) error {
	d, err := s.dossier(c)
	if err != nil {
		return err
	}
	from := fromText(c.Query("from"))
	if d.Review.MergedInto != 0 && c.Query("merged") == "" {
		c.Redirect(http.StatusPermanentRedirect, fmt.Sprintf("/desk/reviews/%d?merged_from=%d", d.Review.MergedInto, d.Review.ID))
		return nil
	}
	merged, _ := strconv.ParseInt(c.Query("merged_from"), 10, 64) // no number is no review
	return s.showReview(c, d, look{typed: typed{from: from}, merged: merged, use: c.Query("typed")})
}

// readReview handles GET /desk/reviews/:id/read: the review without its rating,
// and the form for a second reading.
func (s *Server) readReview(c *gin.Context) error {
	d, err := s.dossier(c)
	if err != nil {
		return err
	}
	if !d.MayRead(s.person(c)) {
		return whyNot(&d, s.person(c))
	}
	return s.showReview(c, d, look{typed: typed{from: fromText(c.Query("from"))}, blind: true})
}

// whyNot is the error for somebody who cannot give a second reading.
func whyNot(d *review.Dossier, p review.Person) error {
	for _, o := range d.Available(p) {
		if o.Action == review.SecondRead {
			return &review.Refusal{Kind: errs.Forbidden, Missing: o.Missing}
		}
	}
	return errs.New("web.readReview", errs.Forbidden, "A second reading is given by a fact-checker or an editor, while the verdict is with the editors.")
}

func (s *Server) dossier(c *gin.Context) (review.Dossier, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return review.Dossier{}, err
	}
	return s.load(c, id)
}

// load is the dossier of a review as of now, by the clock of the server.
func (s *Server) load(c *gin.Context, id int64) (review.Dossier, error) {
	d, err := s.Store.Dossier(c.Request.Context(), id)
	d.AsOf = s.now()
	return d, err
}

func (s *Server) showReview(c *gin.Context, d review.Dossier, l look) error {
	p, err := s.reviewPage(c, d, l)
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "review", p)
}

// move handles POST /desk/reviews/:id/moves: every action of review.Moves that
// is not an edit.
func (s *Server) move(c *gin.Context) error {
	return s.act(c, func(f form) (deed, error) {
		a := review.Action(f.text("action"))
		if a.HasOwnForm() {
			return deed{action: a}, errs.New("web.move", errs.Invalid, "This form is damaged. Reload the page and use its buttons.")
		}
		fields := []string{"action", "note"}
		for _, name := range a.Inputs() {
			fields = append(fields, inputFields[name]...)
		}
		if a == review.Accept {
			fields = append(fields, claimFields...)
		}
		return deed{action: a, fields: fields, read: readMove}, nil
	})
}

func (s *Server) editClaim(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.EditClaim, fields: claimFields, read: readClaim}))
}

func (s *Server) saveVerdict(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.SaveVerdict, fields: verdictFields, read: readVerdict}))
}

func (s *Server) addEvidence(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.AddEvidence, fields: evidenceFields, read: readEvidence}))
}

func (s *Server) editEvidence(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.EditEvidence, fields: numbered, read: readEvidence}))
}

func (s *Server) removeEvidence(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.RemoveEvidence, read: readNothing}))
}

func (s *Server) attachFile(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.AttachFile, read: func(f form, _ *review.Command) error {
		if f.file == nil {
			return errs.New("web.attachFile", errs.Invalid, "Choose a file: a PDF or a picture.")
		}
		return nil
	}}))
}
func readNothing(form, *review.Command) error { return nil }

func fixed(d deed) func(form) (deed, error) { return func(form) (deed, error) { return d, nil } }

// act does what a form of a claim page asks for and answers with a redirect, so
// that a reload repeats nothing. If it cannot be done, the page comes back with
// the reasons and with all that was typed.
func (s *Server) act(c *gin.Context, deedOf func(form) (deed, error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	f.settle()
	d, formErr := deedOf(f)
	cmd := review.Command{ReviewID: id, Action: d.action, Actor: s.person(c), Key: f.text("key")}
	if err = errors.Join(err, formErr); err == nil {
		err = d.fill(c, f, &cmd)
	}
	if err == nil {
		err = s.carry(c, f, d, &cmd)
	}
	from := fromText(f.text("from"))
	if err != nil {
		return s.again(c, id, typed{cmd.Action, cmd.EvidenceID, cmd.RequestID, cmd.GuestID, f, from, err})
	}
	s.forget(c, id, cmd.Action)
	s.flash(c, "Done: you "+review.Event{Action: cmd.Action}.Done()+".")
	c.Redirect(http.StatusSeeOther, reviewPath(id, from))
	return nil
}

func reviewPath(id int64, from string) string {
	if from == "" {
		return fmt.Sprintf("/desk/reviews/%d", id)
	}
	return fmt.Sprintf("/desk/reviews/%d?from=%s", id, from)
}

// carry keeps the file that came along and does the deed.
func (s *Server) carry(c *gin.Context, f form, d deed, cmd *review.Command) error {
	if err := s.receive(c, f.file, cmd); err != nil {
		return err
	}
	do := d.do
	if do == nil {
		do = s.Reviews.Do
	}
	_, err := do(c.Request.Context(), *cmd)
	return err
}

// fill reads the form into cmd. Invalid if it is damaged.
func (d deed) fill(c *gin.Context, f form, cmd *review.Command) error {
	for name, id := range map[string]*int64{"eid": &cmd.EvidenceID, "gid": &cmd.GuestID, "rid": &cmd.RequestID} {
		if c.Param(name) == "" {
			continue
		}
		var err error
		if *id, err = pathID(c, name); err != nil {
			return err
		}
	}
	err := f.only(slices.Concat(everyForm, d.fields)...)
	if err != nil {
		return err
	}
	if cmd.Version, err = f.id("version"); err == nil && cmd.Version == 0 {
		err = errs.New("web.fill", errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	if err != nil {
		return err
	}
	return d.read(f, cmd)
}

func readMove(f form, cmd *review.Command) error {
	var err error
	cmd.Note, cmd.Dismissal, cmd.Correction = f.text("note"), review.DismissalCode(f.text("dismissal")), review.CorrectionKind(f.text("correction"))
	cmd.Retraction, cmd.Hold, cmd.Risk = review.RetractionCode(f.text("retraction")), review.HoldReason(f.text("hold")), review.Risk(f.text("risk"))
	cmd.Rating = f.text("rating")
	if code := f.text("priority"); code != "" {
		p, ok := review.ParsePriority(code)
		if !ok {
			return errs.New("web.readMove", errs.Invalid, "Choose how soon it matters.")
		}
		cmd.Priority = p
	}
	if cmd.AssigneeID, err = f.id("assignee"); err != nil {
		return err
	}
	if cmd.At, err = f.moment("at"); err != nil {
		return err
	}
	if cmd.IntoID, err = f.number("into"); err != nil {
		return err
	}
	if f.values.Has("text") {
		return readClaim(f, cmd)
	}
	return nil
}

func readClaim(f form, cmd *review.Command) error {
	said, err := f.day("said_at")
	due, wrong := f.day("due_at")
	if err == nil {
		err = wrong
	}
	cmd.Claim = &review.ClaimDraft{
		Text: f.text("text"), ShortForm: f.text("short_form"), Kind: claims.Kind(f.text("kind")), Lang: f.text("lang"),
		Claimant: f.text("claimant"), ClaimantKind: claims.ClaimantKind(f.text("claimant_kind")), Unattributed: f.on("unattributed"),
		SaidAt: said, DueAt: due, Chosen: f.text("chosen"),
	}
	if f.values.Has("topics") { // a form from before there were any leaves them as they are
		cmd.Claim.Topics = review.ParseTopics(f.text("topics"))
	}
	if known := slices.ContainsFunc(claimantKinds, func(k choice) bool { return k.Code == f.text("claimant_kind") }); err == nil && !known {
		err = errs.New("web.readClaim", errs.Invalid, "Choose what sort of speaker makes the claim.")
	}
	return err
}

func readVerdict(f form, cmd *review.Command) error {
	if !f.values.Has("summary") || !f.values.Has("rationale") { // cut off on the way: it must not empty what is there
		return errs.New("web.readVerdict", errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	cmd.Verdict = &review.VerdictDraft{
		Rating: f.text("rating"), Summary: f.text("summary"), Rationale: f.text("rationale"), OneSource: f.text("one_source"),
		NoneFound: f.on("none_found"), NoConflict: f.on("no_conflict"),
	}
	return nil
}

func readEvidence(f form, cmd *review.Command) error {
	looked, err := f.day("accessed_at")
	cmd.Evidence = &review.Evidence{
		URL: f.text("url"), ArchiveURL: f.text("archive_url"), Title: f.text("title"), Publisher: f.text("publisher"),
		Quote: f.text("quote"), Stance: review.Stance(f.text("stance")), Note: f.text("note"), AccessedAt: looked,
		Origin: review.Origin(f.text("origin")), Behind: f.text("behind"), Interest: f.text("interest"), NoCopy: f.text("no_copy"),
	}
	return err
}

// again answers with the page of a review after a form of it failed: as it is
// now, with the reasons and with all that was typed.
func (s *Server) again(c *gin.Context, id int64, t typed) error {
	if errors.Is(t.err, errs.NotFound) {
		return t.err
	}
	d, err := s.load(c, id)
	if err != nil {
		return errors.Join(t.err, err)
	}
	st := s.note(c, t.err)
	p, err := s.reviewPage(c, d, look{typed: t, blind: t.action == review.SecondRead && d.MayRead(s.person(c))})
	if err != nil {
		return errors.Join(t.err, err)
	}
	return s.page(c, st.code, "review", p)
}
