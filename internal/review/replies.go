package review

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// Guest is somebody from outside with a link for one thing. No account holds
// this role: the service that checked the link gives it, for one move.
const Guest Role = "guest"

// Channel is how somebody is asked for a reply.
type Channel string

// The channels.
const (
	ByEmail  Channel = "email"
	ByPhone  Channel = "phone"
	ByLetter Channel = "letter"
	BySocial Channel = "social"
	InPerson Channel = "in_person"
)

// Channels is the menu of channels.
var Channels = []Menu[Channel]{
	{ByEmail, "Mail"}, {ByPhone, "Phone"}, {ByLetter, "Letter on paper"}, {BySocial, "Social network"}, {InPerson, "In person"},
}

// ReplyOutcome is how a request for a reply ended; empty while it is open.
type ReplyOutcome string

// The outcomes.
const (
	Replied  ReplyOutcome = "replied"
	NoReply  ReplyOutcome = "no_reply"
	Declined ReplyOutcome = "declined"
	Waived   ReplyOutcome = "waived"
)

// ReplyOutcomes is the menu of outcomes.
var ReplyOutcomes = []Menu[ReplyOutcome]{
	{Replied, "They replied"}, {NoReply, "No reply came by the deadline"}, {Declined, "They declined to reply"}, {Waived, "Not needed, for the reason below"},
}

// Limits of a request for a reply.
const (
	MaxRequests = 20       // on one review
	MaxQuestion = 4_000    // code points
	MaxReply    = MaxQuote // a reply has to fit into evidence to the letter
	MaxAsked    = 250      // code points of a name or an address
)

// ReplyRequest is the right of reply of one person: what they were asked, and
// what came of it. Its question never changes.
type ReplyRequest struct {
	ID           int64
	ReviewID     int64
	Respondent   string
	Channel      Channel
	Address      string // where: a mail address for ByEmail, else words; may be empty then
	Question     string
	Urgent       bool
	UrgentReason string
	PolicyID     int64 // whose deadline this is
	Hours        int   // that they have
	AskedBy      int64
	AskedAt      time.Time
	SentAt       time.Time // zero: it has not left the house
	SentBy       int64     // 0: the program
	Deadline     time.Time
	Outcome      ReplyOutcome
	OutcomeNote  string
	ClosedBy     int64 // 0: the respondent, by their answer
	ClosedAt     time.Time
	RevokedAt    time.Time // the link: zero while it is good
	LinkEnds     time.Time // when the link stops being good
	Reply        *Reply    // what they said; nil: nothing
}

// Reply is an answer, kept to the letter and never changed.
type Reply struct {
	ID         int64
	RequestID  int64
	Text       string
	ReceivedAt time.Time
	Late       bool  // after the deadline
	RecordedBy int64 // 0: they typed it themselves, on their page
}

// Open reports whether it still keeps the review from the editors.
func (q ReplyRequest) Open() bool { return q.Outcome == "" }

// LateUntold reports whether an answer came after the request was closed, and
// nobody has taken it in.
func (q ReplyRequest) LateUntold() bool {
	return q.Reply != nil && q.Outcome != Replied
}

// linkLife is how long after the deadline a late answer is still taken.
const linkLife = 30 * 24 * time.Hour

// ReplyDraft is what a person writes to ask for a reply.
type ReplyDraft struct {
	Respondent   string
	Channel      Channel
	Address      string
	Question     string
	Urgent       bool
	UrgentReason string
}

func (r ReplyDraft) check() error {
	const op = "review.ReplyDraft"
	return firstError(
		tooLong(op, "name", r.Respondent, MaxAsked), tooLong(op, "address", r.Address, MaxAsked),
		tooLong(op, "question", r.Question, MaxQuestion), tooLong(op, "reason", r.UrgentReason, MaxNote),
		oneLine(op, "name", r.Respondent), oneLine(op, "address", r.Address),
	)
}

// oneLine is Invalid if s has line ends or other control characters: it goes
// into the head of a letter.
func oneLine(op, what, s string) error {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return errs.Newf(op, errs.Invalid, "The %s has to be one line.", what)
	}
	return nil
}

// CheckMailAddress is Invalid unless s is one plain mail address.
func CheckMailAddress(s string) error {
	const op = "review.CheckMailAddress"
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || utf8.RuneCountInString(s) > MaxAsked || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return errs.New(op, errs.Invalid, "That is not a mail address. It looks like name@example.org.")
	}
	return nil
}

// ReplyHoursOf is how many hours somebody has under the policy.
func (p Policy) ReplyHoursOf(urgent bool) int {
	if urgent {
		return cmpOr(p.UrgentReplyHours, DefaultPolicy.UrgentReplyHours)
	}
	return cmpOr(p.ReplyHours, DefaultPolicy.ReplyHours)
}

func cmpOr(n, other int) int {
	if n == 0 { // a policy that was decided before there were deadlines
		return other
	}
	return n
}

// request is the one of that number; the zero request if there is none.
func (d *Dossier) request(id int64) ReplyRequest {
	if i := slices.IndexFunc(d.Requests, func(q ReplyRequest) bool { return q.ID == id }); i >= 0 {
		return d.Requests[i]
	}
	return ReplyRequest{}
}

// The guards of the right of reply.
var (
	asking = input("asking", "who is asked, how and what; by mail with an address; urgent with a reason", func(_ *Dossier, c *Command) string {
		r := c.Ask
		switch {
		case r == nil || strings.TrimSpace(r.Respondent) == "":
			return "Say who is asked."
		case !slices.ContainsFunc(Channels, func(m Menu[Channel]) bool { return m.Code == r.Channel }):
			return "Choose how they are asked."
		case r.Channel == ByEmail && CheckMailAddress(strings.TrimSpace(r.Address)) != nil:
			return "Give their mail address, or choose another way to ask."
		case strings.TrimSpace(r.Question) == "":
			return "Write the question: what do you want to know from them?"
		}
		return unless(!r.Urgent || strings.TrimSpace(r.UrgentReason) != "", "Say why it is urgent: they get less time.")
	})
	roomToAsk = guard("room to ask", fmt.Sprintf("at most %d requests for a reply", MaxRequests), errs.Invalid, func(d *Dossier, _ *Command) string {
		return unless(len(d.Requests) < MaxRequests, fmt.Sprintf("%d people were asked already.", MaxRequests))
	})
	openRequest = input("open request", "the request for a reply is there and open", func(d *Dossier, c *Command) string {
		q := d.request(c.RequestID)
		return unless(q.ID != 0 && q.Open(), "That request for a reply is closed, or not here.")
	})
	notSent = input("not sent", "nobody has recorded that it was sent", func(d *Dossier, c *Command) string {
		return unless(d.request(c.RequestID).SentAt.IsZero(), "It is on record already when this was sent.")
	})
	closing = input("closing", "an outcome from the menu; a reply with its words, no reply only after the deadline of what was sent, not needed with a reason", func(d *Dossier, c *Command) string {
		q := d.request(c.RequestID)
		switch c.Outcome {
		case Replied:
			return unless(q.Reply != nil || strings.TrimSpace(c.Reply) != "", "Write down their reply, word for word.")
		case NoReply:
			if q.SentAt.IsZero() {
				return "The question has not been sent yet. Send it, or record when it was."
			}
			return unless(!d.AsOf.Before(q.Deadline), "They have until "+moment(q.Deadline)+".")
		case Declined:
			return unless(!q.SentAt.IsZero(), "The question has not been sent yet. Send it, or record when it was.")
		case Waived:
			return unless(strings.TrimSpace(c.Note) != "", "Say why no reply is needed.")
		}
		return "Choose how it ended."
	})
	thatReply = input("that reply", "there is a reply, and a person says what it does to the claim", func(d *Dossier, c *Command) string {
		if d.request(c.RequestID).Reply == nil {
			return "There is no reply to take in."
		}
		return unless(slices.Contains(Stances, c.Stance), "Say whether the reply supports the claim, refutes it or gives context.")
	})
	answerOnce = input("answer once", "they were asked by a link that is good, have not answered, and say something", func(d *Dossier, c *Command) string {
		q := d.request(c.RequestID)
		switch {
		case q.ID == 0 || !q.RevokedAt.IsZero() || !d.AsOf.Before(q.LinkEnds):
			return "This link is not good any more."
		case q.Reply != nil:
			return "An answer was sent already. It is kept as it was written."
		}
		return unless(strings.TrimSpace(c.Reply) != "", "Write your answer.")
	})
	linkIsGood = input("link is good", "the link has not been revoked", func(d *Dossier, c *Command) string {
		q := d.request(c.RequestID)
		return unless(q.ID != 0 && q.RevokedAt.IsZero(), "That link does not lead anywhere any more.")
	})
	repliesClosed = guard("right of reply", "every request for a reply is closed", errs.Invalid, func(d *Dossier, _ *Command) string {
		for _, q := range d.Requests {
			if q.Open() {
				return q.waiting(d.AsOf)
			}
		}
		return ""
	})
)

// waiting says what an open request waits for.
func (q ReplyRequest) waiting(now time.Time) string {
	switch {
	case q.SentAt.IsZero():
		return q.Respondent + " has not been sent the question yet."
	case now.Before(q.Deadline):
		return q.Respondent + " has until " + moment(q.Deadline) + " to reply."
	}
	return q.Respondent + " had until " + moment(q.Deadline) + ". Record that no reply came, or what did."
}

func askReply(_, d *Dossier, cmd *Command, o *Outcome) error {
	a, at := cmd.Ask, o.Event.At
	q := ReplyRequest{
		ReviewID: d.Review.ID, Respondent: strings.TrimSpace(a.Respondent), Channel: a.Channel, Address: strings.TrimSpace(a.Address),
		Question: strings.TrimSpace(a.Question), Urgent: a.Urgent, PolicyID: d.Policy.ID, Hours: d.Policy.ReplyHoursOf(a.Urgent),
		AskedBy: cmd.Actor.ID, AskedAt: at,
	}
	if a.Urgent {
		q.UrgentReason = strings.TrimSpace(a.UrgentReason)
	}
	q.due(at)
	o.Request = &q
	o.Event.change("asked for a reply", "", q.Respondent)
	o.Event.change("question", "", q.Question)
	o.Event.change("urgent", "", q.UrgentReason)
	o.Event.change("to reply by", "", moment(q.Deadline))
	return nil
}

// due counts the time that they have from when the question is sent.
func (q *ReplyRequest) due(from time.Time) {
	q.Deadline = from.Add(time.Duration(q.Hours) * time.Hour)
	q.LinkEnds = q.Deadline.Add(linkLife)
}

func sentReply(_, d *Dossier, cmd *Command, o *Outcome) error {
	q := d.request(cmd.RequestID)
	q = q.SentAtTime(o.Event.At)
	q.SentBy = cmd.Actor.ID
	o.Request = &q
	o.Event.change("sent to", "", q.Respondent)
	o.Event.change("to reply by", "", moment(q.Deadline))
	return nil
}

func closeReply(_, d *Dossier, cmd *Command, o *Outcome) error {
	q := d.request(cmd.RequestID)
	q.Outcome, q.OutcomeNote, q.ClosedBy, q.ClosedAt = cmd.Outcome, o.Event.Note, cmd.Actor.ID, o.Event.At
	if cmd.Outcome == Replied && q.Reply == nil {
		o.Reply = q.reply(cmd, o)
		o.Event.change("reply of "+q.Respondent, "", o.Reply.Text)
	}
	o.Request = &q
	o.Event.change("request for a reply", "", q.Respondent+": "+lower(labelOf(ReplyOutcomes, q.Outcome)))
	return nil
}

// reply is what cmd says that they said: to the letter, but for line ends.
func (q ReplyRequest) reply(cmd *Command, o *Outcome) *Reply {
	return &Reply{RequestID: q.ID, Text: cmd.Reply, ReceivedAt: o.Event.At, Late: o.Event.At.After(q.Deadline), RecordedBy: cmd.Actor.ID}
}

// answerReply keeps what the respondent wrote. It closes the request if that is
// open; what comes later waits for a person to take it in.
func answerReply(_, d *Dossier, cmd *Command, o *Outcome) error {
	q := d.request(cmd.RequestID)
	o.Reply = q.reply(cmd, o)
	if q.Open() {
		q.Outcome, q.ClosedAt = Replied, o.Event.At
		if q.SentAt.IsZero() { // they have it, whoever brought it to them
			q.SentAt = q.AskedAt
		}
	}
	o.Request = &q
	o.Event.change("reply of "+q.Respondent, "", o.Reply.Text)
	o.Event.change("after the deadline", "no", yes(o.Reply.Late))
	return nil
}

// takeReply makes the reply a piece of evidence, to the letter.
func takeReply(_, d *Dossier, cmd *Command, o *Outcome) error {
	q := d.request(cmd.RequestID)
	at := o.Event.At
	e := Evidence{
		ReviewID: d.Review.ID, Number: d.LastEvidence + 1, Title: "Reply by " + q.Respondent, Publisher: q.Respondent, Quote: q.Reply.Text,
		Stance: cmd.Stance, Note: "Asked by this desk (" + lower(labelOf(Channels, q.Channel)) + ")", AccessedAt: q.Reply.ReceivedAt,
		AddedIn: d.Review.Edition, AddedBy: cmd.Actor.ID, AddedAt: at,
	}
	o.AddEvidence = append(o.AddEvidence, e)
	o.Event.change("evidence", "", e.line())
	if q.Outcome != Replied {
		q.Outcome, q.ClosedBy, q.ClosedAt = Replied, cmd.Actor.ID, at
		o.Request = &q
	}
	o.contribute(cmd.Actor.ID, ChangedSources)
	return nil
}

func revokeLink(_, d *Dossier, cmd *Command, o *Outcome) error {
	q := d.request(cmd.RequestID)
	q.RevokedAt = o.Event.At
	o.Request = &q
	o.Event.change("link of "+q.Respondent, "good", "revoked")
	return nil
}

// ReportReply is what readers are told about the right of reply of one person.
type ReportReply struct {
	Respondent string       `json:"respondent"`
	Outcome    ReplyOutcome `json:"outcome"`
	Deadline   time.Time    `json:"deadline"`
	Reply      string       `json:"reply,omitempty"` // word for word
	RepliedAt  *time.Time   `json:"replied,omitempty"`
	Late       bool         `json:"late,omitempty"`
}

// Sentence is what the report says; a reply is quoted after it.
func (r ReportReply) Sentence() string {
	switch {
	case r.Outcome == Replied && r.Late:
		return r.Respondent + " replied after the deadline of " + moment(r.Deadline) + ":"
	case r.Outcome == Replied:
		return r.Respondent + " replied:"
	case r.Outcome == Declined:
		return r.Respondent + " was asked and declined to reply."
	}
	return r.Respondent + " did not reply by " + moment(r.Deadline) + "."
}

// told are the requests that readers hear of: those that were closed, and that
// somebody had a chance to answer.
func (d *Dossier) told() []ReportReply {
	var out []ReportReply
	for _, q := range d.Requests {
		if q.Open() || q.Outcome == Waived {
			continue
		}
		r := ReportReply{Respondent: q.Respondent, Outcome: q.Outcome, Deadline: q.Deadline.UTC()}
		if q.Outcome == Replied && q.Reply != nil {
			r.Reply, r.RepliedAt, r.Late = q.Reply.Text, timeOrNil(q.Reply.ReceivedAt), q.Reply.Late
		}
		out = append(out, r)
	}
	return out
}

// replyDiff tells whose right of reply reads otherwise now.
func replyDiff(old, new []ReportReply) []Change {
	text := func(r ReportReply) string { return strings.TrimSpace(r.Sentence() + " " + r.Reply) }
	var changed []Change
	for i := range max(len(old), len(new)) {
		var c Change
		if i < len(old) {
			c.From = text(old[i])
		}
		if i < len(new) {
			c.To = text(new[i])
		}
		if c.From != c.To {
			c.Field = "right of reply"
			changed = append(changed, c)
		}
	}
	return changed
}

// lateAnswers names those who answered after their request was closed.
func (d *Dossier) lateAnswers() string {
	var names []string
	for _, q := range d.Requests {
		if q.LateUntold() {
			names = append(names, q.Respondent)
		}
	}
	return strings.Join(names, ", ")
}

// SentAtTime is q as sent at that moment: the time that they have begins.
func (q ReplyRequest) SentAtTime(at time.Time) ReplyRequest {
	q.SentAt = at
	q.due(at)
	return q
}

// ChannelLabel is what the page calls a channel.
func ChannelLabel(c Channel) string { return labelOf(Channels, c) }

// OutcomeLabel is what the page calls an outcome; empty while there is none.
func OutcomeLabel(o ReplyOutcome) string { return labelOf(ReplyOutcomes, o) }
