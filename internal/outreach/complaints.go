package outreach

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
	"factcheck/internal/mail"
	"factcheck/internal/review"
)

// Complaints is how many one address of the network can send in BadWindow.
const Complaints = 5

// ComplaintStore keeps complaints. Its methods take part in the transaction of
// ctx.
type ComplaintStore interface {
	// Check is one fact-check with all its editions. NotFound.
	Check(ctx context.Context, slug string) (review.Check, error)
	// Policy is what is in force.
	Policy(ctx context.Context) (review.Policy, error)
	// AddComplaint keeps what a reader sent, with its event; again, while it is
	// open, it does nothing.
	AddComplaint(ctx context.Context, c review.Complaint) error
	// SaveComplaint writes what became of one, with its event. Conflict if it was
	// changed since it was read.
	SaveComplaint(ctx context.Context, c review.Complaint, e review.Event) error
	// Complaint is one with what decides about it. NotFound.
	Complaint(ctx context.Context, id int64) (review.ComplaintCase, error)
	// Complaints is a page of the list.
	Complaints(ctx context.Context, f review.ComplaintFilter) ([]review.ComplaintRow, error)
	// ToldComplaint marks that the outcome was sent or, with a reason, never will be.
	ToldComplaint(ctx context.Context, id int64, at time.Time, untold string) error
}

// Grievance is what a reader sends about an edition of a check.
type Grievance struct {
	Slug    string
	Edition int
	Text    string
	Proof   string // web address; may be empty
	Email   string // may be empty
	Trap    string // a field that no person sees: what a program typed into it
}

// Complain keeps what a reader says is wrong. What a program typed into the
// unseen field is thrown away, and answered as if it were not. Errors: Invalid,
// NotFound, TooMany.
func (s *Service) Complain(ctx context.Context, g Grievance, address string) error {
	const op = "outreach.Complain"
	p, err := s.Edition(ctx, g.Slug, g.Edition)
	if err != nil {
		return err
	}
	in, err := s.Store.Policy(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	c, err := review.NewComplaint(p, g.Text, g.Proof, g.Email, in, now)
	if err != nil {
		return err
	}
	subject := "complain:" + hashOf(network(address))
	n, _, err := s.Store.Failures(ctx, subject, now.Add(-BadWindow))
	if err != nil {
		return err
	}
	if n >= Complaints {
		return errs.New(op, errs.TooMany, "Too many reports came from here. Try again in a quarter of an hour; what you wrote is still in the form.")
	}
	if err := s.Store.AddFailure(ctx, subject, now); err != nil || g.Trap != "" {
		return err
	}
	return s.Store.AddComplaint(ctx, c)
}

// Edition is that edition of a check; 0 is the one that readers see now.
// NotFound.
func (s *Service) Edition(ctx context.Context, slug string, n int) (review.Publication, error) {
	check, err := s.Store.Check(ctx, slug)
	if err != nil {
		return review.Publication{}, err
	}
	for _, p := range check.Editions {
		if n == 0 || p.Edition == n {
			return p, nil
		}
	}
	return review.Publication{}, errs.New("outreach.Edition", errs.NotFound, "This check has no such edition.")
}

// CheckAt is the slug of the check at an address that a reader pasted: of this
// site, or what stands behind its name. Invalid if it is none, NotFound if there
// is no such check.
func (s *Service) CheckAt(ctx context.Context, address string) (string, error) {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || address == "" || len(address) > review.MaxProof {
		return "", errs.New("outreach.CheckAt", errs.Invalid, "That is not the address of a check. Copy it from the line at the top of your browser while you read the check.")
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	slug := parts[0]
	if i := slices.Index(parts, "checks"); i >= 0 && i+1 < len(parts) {
		slug = parts[i+1]
	}
	_, err = s.Store.CheckReview(ctx, slug)
	return slug, err
}

// ComplaintFile is a complaint as its page shows it.
type ComplaintFile struct {
	review.ComplaintCase
	Then, Now review.Publication  // the edition that the reader saw, and what readers see
	Answer    *review.Publication // the edition that it led to; nil: none, or not yet
	Letter    Copy                // that tells the reader the outcome; zero while it is open, or if nobody is to be told
	ByItself  bool                // letters go out by themselves
}

// OpenComplaint is one complaint. Forbidden unless who is of the desk; NotFound.
func (s *Service) OpenComplaint(ctx context.Context, who review.Person, id int64) (ComplaintFile, error) {
	if err := ofTheDesk(who); err != nil {
		return ComplaintFile{}, err
	}
	c, err := s.Store.Complaint(ctx, id)
	if err != nil {
		return ComplaintFile{}, err
	}
	f := ComplaintFile{ComplaintCase: c, ByItself: s.Mails()}
	if !MaySeeReaders(who) {
		f.Complaint.Email = ""
	}
	if f.Then, err = s.Store.Publication(ctx, c.Complaint.PublicationID); err != nil {
		return f, err
	}
	check, err := s.Store.Check(ctx, f.Then.Slug)
	if err != nil {
		return f, err
	}
	f.Now = check.Editions[0]
	for _, p := range check.Editions {
		if p.ID == c.Complaint.AnswerID {
			f.Answer = &p
		}
	}
	if !f.Complaint.Open() && f.Complaint.Email != "" {
		subject, text := s.outcomeText(c.Complaint, f.Then)
		f.Letter = Copy{To: f.Complaint.Email, Subject: subject, Text: text}
	}
	return f, nil
}

// ListComplaints is a page of the list, without mail addresses. Forbidden unless
// who is of the desk.
func (s *Service) ListComplaints(ctx context.Context, who review.Person, f review.ComplaintFilter) ([]review.ComplaintRow, error) {
	if err := ofTheDesk(who); err != nil {
		return nil, err
	}
	rows, err := s.Store.Complaints(ctx, f)
	for i := range rows {
		rows[i].Email = ""
	}
	return rows, err
}

// MaySeeReaders reports whether p sees the mail addresses of readers.
func MaySeeReaders(p review.Person) bool { return p.Is(review.Editor, review.Standards, review.Admin) }

func ofTheDesk(p review.Person) error {
	if p.Is(review.Roles...) {
		return nil
	}
	return errs.New("outreach.Complaints", errs.Forbidden, "Only people of this desk see complaints.")
}

// ComplaintDeed is what somebody does about a complaint.
type ComplaintDeed struct {
	Action  review.Action
	Note    string                  // of find_complaint and decide_complaint
	Outcome review.ComplaintOutcome // of decide_complaint
}

// DoComplaint does what somebody does about a complaint, if they may. A decision
// enqueues the letter to the reader. Errors: Forbidden, Invalid, Conflict,
// NotFound.
func (s *Service) DoComplaint(ctx context.Context, by review.Person, id int64, do ComplaintDeed) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		c, err := s.Store.Complaint(ctx, id)
		if err != nil {
			return err
		}
		next, e, err := applyComplaint(c, by, do, s.now())
		if err != nil {
			return err
		}
		if err := s.Store.SaveComplaint(ctx, next, e); err != nil {
			return err
		}
		if do.Action != review.DecideComplaint || next.Email == "" || !s.Mails() {
			return nil
		}
		_, err = s.Jobs.Enqueue(ctx, AnswerArgs{ComplaintID: id}, jobs.At(next.DecidedAt), jobs.Key(fmt.Sprint(id)))
		return err
	})
}

func applyComplaint(c review.ComplaintCase, by review.Person, do ComplaintDeed, now time.Time) (review.Complaint, review.Event, error) {
	switch do.Action {
	case review.TakeComplaint:
		return c.Take(by, now)
	case review.FindComplaint:
		return c.Find(by, do.Note, now)
	case review.DecideComplaint:
		return c.Decide(by, do.Outcome, do.Note, now)
	case review.ForgetReader:
		return c.Forget(by, now)
	default:
		return c.Complaint, review.Event{}, errs.New("outreach.DoComplaint", errs.Invalid, "Complaints know no such action.")
	}
}

// AnswerArgs is the job that tells a reader what came of a complaint.
type AnswerArgs struct{ ComplaintID int64 }

// Kind names the job.
func (AnswerArgs) Kind() string { return "answer_complaint" }

// AnswerReader sends the outcome to the reader who complained, and marks it as
// sent. Running it again sends nothing.
func (s *Service) AnswerReader(ctx context.Context, a AnswerArgs) error {
	file, err := s.Store.Complaint(ctx, a.ComplaintID)
	if err != nil {
		return err
	}
	c := file.Complaint
	switch {
	case c.Open() || !c.ToldAt.IsZero() || c.Untold != "":
		return nil
	case c.Email == "":
		return s.Store.ToldComplaint(ctx, c.ID, s.now(), "the mail address was forgotten before")
	}
	p, err := s.Store.Publication(ctx, c.PublicationID)
	if err != nil {
		return err
	}
	subject, text := s.outcomeText(c, p)
	l := mail.Letter{ID: fmt.Sprintf("complaint-%d.%d@%s", c.ID, c.DecidedAt.UnixMicro(), s.host()), To: c.Email, Subject: subject, Text: text}
	if err := s.Mail.Send(ctx, l); errors.Is(err, errs.Invalid) {
		return jobs.Permanent(errors.Join(err, s.Store.ToldComplaint(ctx, c.ID, s.now(), "the mail server refuses it: look at the address")))
	} else if err != nil {
		return err
	}
	return s.Store.ToldComplaint(ctx, c.ID, s.now(), "")
}

// outcomes say each outcome to the reader.
var outcomes = map[review.ComplaintOutcome]string{
	review.Upheld:       "You were right: we will correct it, and the check will say what changed.",
	review.PartlyUpheld: "You were right in part. What has to change in the check will be corrected, and the check will say what changed.",
	review.Rejected:     "We looked at it again, and leave the check as it is.",
}

// outcomeText is what the reader reads.
func (s *Service) outcomeText(c review.Complaint, p review.Publication) (subject, text string) {
	var b strings.Builder
	fmt.Fprintf(&b, "On %s you told %s of a mistake in its check of this claim:\n\n%s\n\n", c.ReceivedAt.UTC().Format("2 January 2006"), s.Name, indent(p.Report.Claim.Text))
	fmt.Fprintf(&b, "You wrote:\n\n%s\n\n", indent(c.Text))
	fmt.Fprintf(&b, "Somebody who did not work on the check looked at it again, and an editor for our standards decided.\n\n%s The reason:\n\n%s\n\n", outcomes[c.Outcome], indent(c.Reason))
	fmt.Fprintf(&b, "The check is here:\n\n%s\n\nThank you. No more mail will come about this.\n", s.BaseURL+"/checks/"+p.Slug)
	return "What came of your report to " + s.Name, b.String()
}
