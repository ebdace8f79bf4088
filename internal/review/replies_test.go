package review

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
)

var guest = Person{Name: "City of Northport", Roles: []Role{Guest}, Active: true}

// asked is a request that was sent an hour ago.
func asked() ReplyRequest {
	return ReplyRequest{
		ID: 90, ReviewID: 10, Respondent: "City of Northport", Channel: ByEmail, Address: "press@example.org", Question: "Is it so?", Hours: 24,
		AskedBy: 1, AskedAt: now.Add(-time.Hour), SentAt: now.Add(-time.Hour), Deadline: now.Add(23 * time.Hour), LinkEnds: now.Add(48 * time.Hour),
	}
}

// about is the ideal dossier with the request for a reply that the action is
// about.
func about(s State, a Action) Dossier {
	d := ideal(s)
	q := asked()
	switch a {
	case SentReply:
		q.SentAt = time.Time{}
	case CloseReply, AnswerReply, RevokeReply:
	case TakeReply:
		q.Outcome, q.ClosedAt, q.Reply = NoReply, now, &Reply{ID: 95, RequestID: 90, Text: "It is not so.\n", ReceivedAt: now, Late: true}
	case RevokeReader:
		d.Guests = []GuestReader{{ID: 96, PersonID: 9, Round: 1, ContentHash: d.ContentHash(), EndsAt: now.Add(time.Hour)}}
		return d
	default:
		return d
	}
	d.Requests = []ReplyRequest{q}
	return d
}

func TestWhoIsAskedHasTheTimeOfThePolicy(t *testing.T) {
	for urgent, want := range map[bool]time.Duration{false: 24 * time.Hour, true: 2 * time.Hour} {
		cmd := command(AskReply, ana)
		cmd.Ask.Urgent, cmd.Ask.UrgentReason = urgent, "The debate is tonight."
		o := apply(t, ideal(Research), cmd)
		if got := o.Request.Deadline.Sub(now); got != want {
			t.Errorf("urgent %v: they have %s, want %s", urgent, got, want)
		}
	}
	cmd := command(AskReply, ana)
	cmd.Ask.Urgent = true
	if _, err := ideal(Research).Apply(cmd, now); errs.Message(err) != "Say why it is urgent: they get less time." {
		t.Errorf("urgent without a reason = %v", err)
	}
}

func TestTheTimeCountsFromSending(t *testing.T) {
	d := about(Research, SentReply)
	d.Requests[0].AskedAt, d.Requests[0].Deadline = now.Add(-10*time.Hour), now.Add(14*time.Hour)
	if o := apply(t, d, command(SentReply, ana)); !o.Request.Deadline.Equal(now.Add(24 * time.Hour)) {
		t.Errorf("deadline %s", o.Request.Deadline)
	}
}

func TestNoReplyIsSaidOnlyAfterTheDeadline(t *testing.T) {
	d, cmd := about(Research, CloseReply), command(CloseReply, ana)
	cmd.Outcome = NoReply
	if _, err := d.Apply(cmd, d.Requests[0].Deadline.Add(-time.Second)); !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "They have until") {
		t.Errorf("before the deadline = %v", err)
	}
	o, err := d.Apply(cmd, d.Requests[0].Deadline)
	if err != nil {
		t.Fatal(err)
	}
	d.Requests[0] = *o.Request
	want := d.Requests[0].Respondent + " did not reply by 2 March 2026, 08:00 UTC."
	if got := d.told()[0].Sentence(); !strings.HasPrefix(got, "City of Northport did not reply by ") || len(got) != len(want) {
		t.Errorf("readers are told %q", got)
	}
}

func TestALateAnswerIsKeptAndChangesNothingUntilSomebodyTakesItIn(t *testing.T) {
	d := ideal(Approved)
	q := asked()
	q.Outcome, q.ClosedAt, q.Deadline = NoReply, now, now.Add(-time.Minute)
	d.Requests = []ReplyRequest{q}
	d.Approvals[0].ContentHash = d.ContentHash()
	o := apply(t, d, command(AnswerReply, guest))
	if !o.Reply.Late || o.Reply.Text != "It is not so." || o.Request.Outcome != NoReply || o.Review.State != Approved {
		t.Fatalf("%+v, %+v", o.Reply, o.Request)
	}
	d.Requests[0].Reply = o.Reply
	if d.Standing() != 1 {
		t.Error("somebody outside has voided an approval")
	}
	if !slices.ContainsFunc(d.Circumstances(), func(c Circumstance) bool { return c.Code == "late-reply" }) {
		t.Error("nobody is told of the late answer")
	}
}

func TestAReplyBecomesEvidenceToTheLetter(t *testing.T) {
	d := about(Research, TakeReply)
	o := apply(t, d, command(TakeReply, ana))
	if len(o.AddEvidence) != 1 || o.AddEvidence[0].Quote != d.Requests[0].Reply.Text || o.AddEvidence[0].Stance != Refutes || o.Request.Outcome != Replied {
		t.Errorf("%+v", o)
	}
}

func TestTheRightOfReplyIsPartOfWhatIsApproved(t *testing.T) {
	d := ideal(Approved)
	q := asked()
	q.Outcome, q.ClosedAt = Declined, now
	d.Requests = []ReplyRequest{q}
	if d.Standing() != 0 {
		t.Error("readers would be told more than was approved")
	}
	q.Outcome, q.OutcomeNote = Waived, "We quote a letter that they published."
	d.Requests = []ReplyRequest{q}
	if d.Standing() != 1 || len(d.told()) != 0 {
		t.Error("readers are told of what was waived")
	}
}

func TestAMailAddressIsOneLine(t *testing.T) {
	for _, bad := range []string{"", "x", "a@b.example\r\nBcc: all@example.org", "Ann <a@b.example>", "a@b.example, c@d.example", "a b@c.example", "a@b.example\n"} {
		if err := CheckMailAddress(bad); !errors.Is(err, errs.Invalid) {
			t.Errorf("%q = %v", bad, err)
		}
	}
	if err := CheckMailAddress("press.office+desk@example.org"); err != nil {
		t.Error(err)
	}
	cmd := command(AskReply, ana)
	cmd.Ask.Respondent = "City\r\nBcc: all@example.org"
	if _, err := ideal(Research).Apply(cmd, now); !errors.Is(err, errs.Invalid) {
		t.Errorf("a name of two lines = %v", err)
	}
}
