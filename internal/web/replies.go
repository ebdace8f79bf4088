package web

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/review"
	"factcheck/ui"
)

// Fields of the forms of the right of reply.
var (
	askFields   = []string{"respondent", "channel", "address", "question", "urgent", "urgent_reason"}
	closeFields = []string{"outcome", "note", "reply"}
)

// requestView is a request for a reply with its forms; a nil form is not for
// this person now.
type requestView struct {
	ID                  int64
	Respondent, Channel string
	Address, Question   string
	Urgent              string // the reason; empty: it is not
	AskedBy             string
	Asked, Sent         ui.Moment
	Deadline            ui.Moment
	Past                bool // the deadline is over
	Outcome             string
	Note, ClosedBy      string
	Reply               *replyView
	ByMail              bool // its letter goes out by itself

	FormID                           string
	Letter, SentIt, Close, Take, End *formView
}

// replyView is an answer as it was given.
type replyView struct {
	Text       string
	At         ui.Moment
	Late       bool
	RecordedBy string // empty: they typed it themselves
}

// requests adds the right of reply.
func (b *pageBuilder) requests(p *reviewPage) {
	p.Channels, p.Outcomes, p.Mails = choices(review.Channels), choices(review.ReplyOutcomes), b.s.Outside.Mails()
	for _, q := range b.d.Requests {
		p.Requests = append(p.Requests, b.request(q))
	}
	if !b.reading {
		p.Ask, _ = b.form("form-ask", "/replies", review.AskReply, b.t.action == review.AskReply, map[string]string{"channel": string(review.ByEmail)})
	}
}

func (b *pageBuilder) request(q review.ReplyRequest) requestView {
	v := requestView{
		ID: q.ID, Respondent: q.Respondent, Channel: review.ChannelLabel(q.Channel), Address: q.Address, Question: q.Question, Urgent: q.UrgentReason,
		AskedBy: b.d.Name(q.AskedBy), Asked: b.s.moment(q.AskedAt), Sent: b.s.moment(q.SentAt), Deadline: b.s.moment(q.Deadline),
		Past: !b.d.AsOf.Before(q.Deadline), Outcome: review.OutcomeLabel(q.Outcome), Note: q.OutcomeNote, FormID: fmt.Sprintf("form-reply-%d", q.ID),
		ByMail: q.Channel == review.ByEmail && b.s.Outside.Mails(),
	}
	if q.ClosedBy != 0 {
		v.ClosedBy = b.d.Name(q.ClosedBy)
	}
	if r := q.Reply; r != nil {
		v.Reply = &replyView{Text: r.Text, At: b.s.moment(r.ReceivedAt), Late: r.Late}
		if r.RecordedBy != 0 {
			v.Reply.RecordedBy = b.d.Name(r.RecordedBy)
		}
	}
	if !b.reading {
		b.requestForms(q, &v)
	}
	return v
}

// requestForms adds what this person may do about a request.
func (b *pageBuilder) requestForms(q review.ReplyRequest, v *requestView) {
	path := fmt.Sprintf("/replies/%d", q.ID)
	form := func(what string, a review.Action, stored map[string]string) *formView {
		f, _ := b.form(v.FormID+what, path+what, a, b.t.action == a && b.t.request == q.ID, stored)
		return f
	}
	if q.Open() {
		v.Close = form("/close", review.CloseReply, map[string]string{})
		if v.Close != nil && q.RevokedAt.IsZero() {
			letter := b.view(v.FormID+"/letter", path+"/letter", nil, false)
			v.Letter = &letter
		}
		if q.SentAt.IsZero() {
			v.SentIt = form("/sent", review.SentReply, nil)
		}
	}
	if q.Reply != nil {
		v.Take = form("/take", review.TakeReply, nil)
	}
	if q.Reply == nil && q.RevokedAt.IsZero() {
		v.End = form("/revoke", review.RevokeReply, nil)
	}
}

func (s *Server) askReply(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.AskReply, fields: askFields, read: readAsk, do: s.Outside.Ask}))
}

func readAsk(f form, cmd *review.Command) error {
	cmd.Ask = &review.ReplyDraft{
		Respondent: f.text("respondent"), Channel: review.Channel(f.text("channel")), Address: f.text("address"), Question: f.text("question"),
		Urgent: f.on("urgent"), UrgentReason: f.text("urgent_reason"),
	}
	return nil
}

func (s *Server) sentReply(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.SentReply, read: readNothing}))
}

func (s *Server) closeReply(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.CloseReply, fields: closeFields, read: func(f form, cmd *review.Command) error {
		cmd.Outcome, cmd.Note, cmd.Reply = review.ReplyOutcome(f.text("outcome")), f.text("note"), f.text("reply")
		return nil
	}}))
}

func (s *Server) takeReply(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.TakeReply, fields: []string{"stance"}, read: func(f form, cmd *review.Command) error {
		cmd.Stance = review.Stance(f.text("stance"))
		return nil
	}}))
}

func (s *Server) revokeReply(c *gin.Context) error {
	return s.act(c, fixed(deed{action: review.RevokeReply, read: readNothing}))
}

// letterPage is the data of pages/letter.html: a letter for a person to send.
type letterPage struct {
	Title     string
	ReviewID  int64
	To        string
	Subject   string
	Text      string
	Link      string
	Sent      string // address to record that it was sent; empty: nothing is recorded
	Version   int64
	SentLabel string
}

// Key is a key for this rendering of the form.
func (letterPage) Key() string { return newKey() }

// copyRequest handles POST /desk/reviews/:id/replies/:rid/letter. It shows the
// letter at once instead of redirecting: its link is stored nowhere, so no
// other page could show it.
func (s *Server) copyRequest(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	rid, err := pathID(c, "rid")
	if err != nil {
		return err
	}
	letter, err := s.Outside.CopyRequest(ctx, s.person(c), id, rid)
	if err != nil {
		return err
	}
	d, err := s.load(c, id)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "letter", letterPage{
		Title: "A letter to send", ReviewID: id, To: letter.To, Subject: letter.Subject, Text: letter.Text, Link: letter.Link,
		Sent: fmt.Sprintf("/desk/reviews/%d/replies/%d/sent", id, rid), Version: d.Review.Version, SentLabel: "I have sent it",
	})
}
