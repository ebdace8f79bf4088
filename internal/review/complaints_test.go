package review_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// The people of a complaint: Ana wrote the check, Ben took the complaint.
var (
	anaWrote = review.Person{ID: 1, Name: "Ana", Roles: []review.Role{review.Checker, review.Standards}, Active: true}
	benTook  = review.Person{ID: 2, Name: "Ben", Roles: []review.Role{review.Checker, review.Standards}, Active: true}
	caraFree = review.Person{ID: 3, Name: "Cara", Roles: []review.Role{review.Checker}, Active: true}
	ediFree  = review.Person{ID: 4, Name: "Edi", Roles: []review.Role{review.Editor}, Active: true}
	stellaIs = review.Person{ID: 5, Name: "Stella", Roles: []review.Role{review.Standards}, Active: true}
	veraIs   = review.Person{ID: 6, Name: "Vera", Roles: []review.Role{review.Viewer, review.Admin}, Active: true}
	goneIs   = review.Person{ID: 7, Name: "Gone", Roles: review.Roles}
)

func TestWhoMayDoWhatAboutAComplaint(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	fresh := review.Complaint{ID: 9, ReviewID: 3, Text: "It is wrong.", Email: "ann@example.net", ReceivedAt: now}
	taken := fresh
	taken.TakenBy, taken.TakenAt = 2, now
	found := taken
	found.Finding, found.FoundAt = "It is.", now
	decided := found
	decided.Outcome, decided.Reason, decided.DecidedBy, decided.DecidedAt = review.Upheld, "So it is.", 5, now
	everybody := []review.Person{anaWrote, benTook, caraFree, ediFree, stellaIs, veraIs, goneIs}
	tests := []struct {
		name                      string
		c                         review.Complaint
		take, find, decide, erase string // who may, by name
	}{
		{"fresh", fresh, "Ben Cara Edi", "", "", "Vera"},
		{"taken by Ben", taken, "Edi", "Ben", "", "Vera"},
		{"found by Ben", found, "", "", "Stella", "Vera"},
		{"decided", decided, "", "", "", "Vera"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := review.ComplaintCase{Complaint: tt.c, Contributors: []int64{1}, People: everybody}
			for _, ask := range []struct {
				what, want string
				may        func(review.Person) error
			}{{"take", tt.take, c.MayTake}, {"find", tt.find, c.MayFind}, {"decide", tt.decide, c.MayDecide}, {"forget", tt.erase, c.MayForget}} {
				var who []string
				for _, p := range everybody {
					err := ask.may(p)
					if err == nil {
						who = append(who, p.Name)
					} else if errs.Message(err) == "" || errs.KindOf(err) == errs.Internal {
						t.Errorf("%s to %s is refused without a sentence: %v", p.Name, ask.what, err)
					}
				}
				if got := strings.Join(who, " "); got != ask.want {
					t.Errorf("%s may %s, want %s", got, ask.what, ask.want)
				}
			}
		})
	}
}

func TestTheSecondLookIsNeverByWhoWorkedOnTheCheck(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	c := review.ComplaintCase{Complaint: review.Complaint{ID: 9, ReviewID: 3}, Contributors: []int64{1, 4}}
	if _, _, err := c.Take(anaWrote, now); !errors.Is(err, errs.Forbidden) || !strings.Contains(errs.Message(err), "somebody else has to look at it again") {
		t.Errorf("Take = %v", err)
	}
	// Ben takes it, and then works on the correction: what he finds no longer counts as a second look.
	took, e, err := c.Take(benTook, now)
	if err != nil || took.TakenBy != 2 || e.Action != review.TakeComplaint || e.Subject != review.OnReview || e.SubjectID != 3 || e.ActorID != 2 {
		t.Fatalf("Take = %+v, %+v, %v", took, e, err)
	}
	c.Complaint, c.Contributors = took, []int64{1, 2}
	if _, _, err := c.Find(benTook, "Nothing.", now); !errors.Is(err, errs.Forbidden) {
		t.Errorf("Find = %v", err)
	}
	if err := c.MayTake(ediFree); err != nil {
		t.Errorf("an editor cannot take it over: %v", err)
	}
}

func TestFindingsAndDecisionsNeedTheirWords(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	c := review.ComplaintCase{Complaint: review.Complaint{ID: 9, TakenBy: 2, TakenAt: now}}
	for _, note := range []string{"", " \n", strings.Repeat("x", review.MaxNote+1)} {
		if _, _, err := c.Find(benTook, note, now); !errors.Is(err, errs.Invalid) {
			t.Errorf("Find(%.10q) = %v", note, err)
		}
	}
	found, _, err := c.Find(benTook, " The table says otherwise. ", now)
	if err != nil || found.Finding != "The table says otherwise." {
		t.Fatalf("Find = %+v, %v", found, err)
	}
	c.Complaint = found
	for _, tt := range []struct {
		o      review.ComplaintOutcome
		reason string
	}{{"", "x"}, {"maybe", "x"}, {review.Upheld, " "}, {review.Rejected, strings.Repeat("x", review.MaxNote+1)}} {
		if _, _, err := c.Decide(stellaIs, tt.o, tt.reason, now); !errors.Is(err, errs.Invalid) {
			t.Errorf("Decide(%q, %.10q) = %v", tt.o, tt.reason, err)
		}
	}
	if done, e, err := c.Decide(stellaIs, review.PartlyUpheld, "The year is wrong.", now); err != nil || done.Open() || e.Note != "The year is wrong." {
		t.Errorf("Decide = %+v, %+v, %v", done, e, err)
	}
}

func TestAComplaintIsBoundAndItsClockRuns(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	p := review.Publication{ID: 7, ReviewID: 3}
	c, err := review.NewComplaint(p, " It is wrong.\n", " https://example.org/x ", "Ann@Example.net", review.Policy{}, now)
	if err != nil || c.PublicationID != 7 || c.ReviewID != 3 || c.Text != "It is wrong." || c.Email != "ann@example.net" || c.DueAt != now.Add(48*time.Hour) {
		t.Fatalf("%+v, %v", c, err)
	}
	if c, err = review.NewComplaint(p, "x", "", "", review.Policy{ComplaintHours: 5}, now); err != nil || c.DueAt != now.Add(5*time.Hour) {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range [][3]string{
		{"", "", ""}, {" \n ", "", ""}, {strings.Repeat("x", review.MaxComplaint+1), "", ""}, {"x", "javascript:alert(1)", ""}, {"x", "example", ""},
		{"x", "https://", ""}, {"x", "https://example.org/\nx", ""}, {"x", "https://example.org/" + strings.Repeat("x", review.MaxProof), ""},
		{"x", "", "ann"}, {"x", "", "ann@example.net\nBcc: all@example.org"}, {"x\xff", "", ""},
	} {
		if _, err := review.NewComplaint(p, bad[0], bad[1], bad[2], review.Policy{}, now); !errors.Is(err, errs.Invalid) {
			t.Errorf("NewComplaint(%.20q) = %v", bad, err)
		}
	}
	for _, hours := range []int{-1, 721} {
		policy := review.DefaultPolicy
		if policy.ComplaintHours = hours; policy.Check() == nil {
			t.Errorf("%d hours are a policy", hours)
		}
	}
}
