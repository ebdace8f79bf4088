package web

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/ui"
)

// guestView is an outside reader with the forms about them; a nil form is not
// for this person now.
type guestView struct {
	ID               int64
	Name, Email      string
	InvitedBy        string
	Invited, Ends    ui.Moment
	Status           string
	Letter, End      *formView
	FormID           string
	AnsweredThisTime bool
}

// guests adds the outside readers of this round and the form to ask one.
func (b *pageBuilder) guests(p *reviewPage) {
	if b.reading || b.blind {
		return
	}
	for _, g := range b.d.Guests {
		if g.Round == b.d.Review.Round {
			p.Guests = append(p.Guests, b.guest(g))
		}
	}
	p.Invite, _ = b.form("form-invite", "/guests", review.InviteReader, b.t.action == review.InviteReader, map[string]string{})
	p.OneEditor = p.Invite != nil && b.d.OneEditor()
}

func (b *pageBuilder) guest(g review.GuestReader) guestView {
	v := guestView{
		ID: g.ID, Name: g.Name, Email: g.Email, InvitedBy: b.d.Name(g.InvitedBy), Invited: b.s.moment(g.InvitedAt), Ends: b.s.moment(g.EndsAt),
		FormID: fmt.Sprintf("form-guest-%d", g.ID),
	}
	answered := b.d.ReadingBy(g.PersonID) != nil
	good := g.RevokedAt.IsZero() && b.d.AsOf.Before(g.EndsAt)
	switch {
	case answered:
		v.Status = "has answered"
	case !g.RevokedAt.IsZero():
		v.Status = "the link was revoked"
	case !good:
		v.Status = "the link is over"
	case b.d.Stale(g):
		v.Status = "the verdict was changed since: the link says so"
	default:
		v.Status = "has not answered yet"
	}
	path := fmt.Sprintf("/guests/%d", g.ID)
	if good && !answered {
		v.End, _ = b.form(v.FormID+"/revoke", path+"/revoke", review.RevokeReader, b.t.action == review.RevokeReader && b.t.guest == g.ID, nil)
		if v.End != nil && !b.d.Stale(g) {
			letter := b.view(v.FormID+"/letter", path+"/letter", nil, false)
			v.Letter = &letter
		}
	}
	return v
}

func (s *Server) inviteReader(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.InviteReader, fields: []string{"name", "email"}, do: s.Outside.Invite, read: func(f form, cmd *review.Command) error {
		cmd.Invite = &review.GuestDraft{Name: f.text("name"), Email: f.text("email")}
		return nil
	}}))
}

func (s *Server) revokeReader(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.RevokeReader, read: readNothing}))
}

// copyInvitation handles POST /desk/reviews/:id/guests/:gid/letter. Like
// copyRequest it shows what no other page could.
func (s *Server) copyInvitation(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	gid, err := pathID(c, "gid")
	if err != nil {
		return err
	}
	l, err := s.Outside.CopyInvitation(c.Request.Context(), s.person(c), id, gid)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "letter", letterPage{
		Title: "A letter to an outside reader", ReviewID: id, To: l.To, Subject: l.Subject, Text: l.Text, Link: l.Link,
	})
}

// readPage is the data of pages/public_read.html: a second read by a guest.
type readPage struct {
	Guest            string
	Ends             ui.Moment
	Claim, Claimant  string
	Lang, Dir        string
	Places           []placeView
	Rationale        export.Rationale
	OneSource        string
	Evidence         []evidenceView
	Ratings          []review.Rating
	Post             string
	Rating, Note     string
	Errors           []string
	Done             bool
	Mine, Authors    string // ratings, once it is done
	Agrees           bool
	NoneFound        bool
	MaxNote, Revised int
}

// guestReadPage handles GET /second-read/:token.
func (s *Server) guestReadPage(c *gin.Context) error {
	private(c)
	p, err := s.readingOf(c)
	if err != nil {
		return err
	}
	return s.outside(c, http.StatusOK, "public_read", p)
}

func (s *Server) readingOf(c *gin.Context) (readPage, error) {
	r, err := s.Outside.ReadBlind(c.Request.Context(), c.Param("token"), s.address(c))
	if err != nil {
		return readPage{}, err
	}
	d := &r.Dossier
	lang, dir := export.LangDir(d.Claim.Lang)
	p := readPage{
		Guest: r.Guest.Name, Ends: s.moment(r.Guest.EndsAt), Claim: d.Claim.Text, Claimant: d.Claimant.Name, Lang: lang, Dir: dir,
		OneSource: d.Verdict.OneSource, NoneFound: d.Verdict.NoneFound, Post: c.Request.URL.Path, MaxNote: review.MaxNote, Revised: d.Verdict.Number,
	}
	if p.Rationale, err = export.DrawRationale(d.Verdict.Rationale, d.Evidence); err != nil {
		return p, fmt.Errorf("review %d: %w", d.Review.ID, err)
	}
	b := pageBuilder{s: s, d: *d, blind: true}
	for _, pl := range d.Places[:min(len(d.Places), maxPlaces)] {
		p.Places = append(p.Places, b.place(pl))
	}
	for _, e := range d.Evidence {
		p.Evidence = append(p.Evidence, b.evidence(e))
	}
	for _, rating := range d.InForce.Ratings {
		if !rating.Retired {
			p.Ratings = append(p.Ratings, rating)
		}
	}
	if r.Mine != nil {
		p.Done, p.Agrees, p.Note = true, r.Mine.Agrees, r.Mine.Note
		p.Mine, p.Authors = b.inWords("rating", r.Mine.Rating), b.inWords("rating", d.Verdict.Rating)
	}
	return p, nil
}

// guestRead handles POST /second-read/:token. What cannot be sent yet comes
// back.
func (s *Server) guestRead(c *gin.Context) error {
	private(c)
	f, err := readForm(c)
	if err == nil {
		err = f.only("rating", "note")
	}
	if err == nil {
		err = s.Outside.ReadAsGuest(c.Request.Context(), c.Param("token"), s.address(c), f.text("rating"), f.text("note"))
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, c.Request.URL.Path)
		return nil
	}
	p, gone := s.readingOf(c)
	if gone != nil {
		return gone
	}
	st := s.note(c, err)
	p.Rating, p.Errors = f.text("rating"), sentencesOf(err, st.text)
	if !p.Done {
		p.Note = f.text("note")
	}
	return s.outside(c, st.code, "public_read", p)
}
