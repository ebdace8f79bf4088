package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"factcheck/internal/errs"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// complains has a reader send what is wrong with the live edition, and returns
// the complaint's number.
func complains(t *testing.T, d *storetest.Desk, out *outreach.Service, id int64, text, email string) int64 {
	t.Helper()
	g := outreach.Grievance{Slug: d.Dossier(id).Live.Slug, Edition: d.Dossier(id).Live.Edition, Text: text, Email: email}
	if err := out.Complain(t.Context(), g, fmt.Sprintf("198.51.100.%d", len(text)%250)); err != nil {
		t.Fatal(err)
	}
	rows, err := d.Store.Complaints(t.Context(), review.ComplaintFilter{ReviewID: id, Limit: review.MaxRows})
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d complaints, %v", len(rows), err)
	}
	return rows[len(rows)-1].ID
}

func deeds(t *testing.T, out *outreach.Service, d *storetest.Desk, id int64, o review.ComplaintOutcome) {
	t.Helper()
	for _, step := range []struct {
		by review.Person
		do outreach.ComplaintDeed
	}{
		{d.Ben, outreach.ComplaintDeed{Action: review.TakeComplaint}},
		{d.Ben, outreach.ComplaintDeed{Action: review.FindComplaint, Note: "The table says otherwise."}},
		{d.Stella, outreach.ComplaintDeed{Action: review.DecideComplaint, Note: "It does.", Outcome: o}},
	} {
		if err := out.DoComplaint(t.Context(), step.by, id, step.do); err != nil {
			t.Fatalf("%s: %v", step.do.Action, err)
		}
	}
}

func TestAComplaintIsBoundToItsEditionAndToTheCorrectionItCaused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		box := &postbox{}
		out := outsideOf(d, box)
		id := d.Claim("Crime fell by 12 percent")
		first := d.Published(id)
		version := d.Dossier(id).Review.Version
		c := complains(t, d, out, id, "The table says 11.", "Ann@Example.net")
		if got := d.Dossier(id); got.Complaints != 1 || got.Review.Version != version {
			t.Errorf("%d open complaints, version %d", got.Complaints, got.Review.Version)
		}
		// A correction that was begun before the decision is not the complaint's.
		d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, d.Ana.ID })
		deeds(t, out, d, c, review.Upheld)
		d.Verdict(id, d.Ana, "mostly_true", "It is about right, but not quite.")
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Edith, review.Approve)
		d.Do(id, d.Edith, review.Publish)
		file, err := d.Store.Complaint(t.Context(), c)
		if err != nil || file.Complaint.PublicationID != first.ID || file.Complaint.AnswerID != 0 {
			t.Fatalf("%+v, %v", file.Complaint, err)
		}
		fixes(d, id, "It is not quite right.")
		file, err = d.Store.Complaint(t.Context(), c)
		check, checkErr := d.Store.Check(t.Context(), first.Slug)
		if err != nil || checkErr != nil || file.Complaint.AnswerID != check.Editions[0].ID || check.Editions[0].Edition != 3 {
			t.Fatalf("%+v, %v, %v", file.Complaint, err, checkErr)
		}
		if !check.Corrections[check.Editions[0].ID].Complained || check.Corrections[check.Editions[1].ID].Complained {
			t.Errorf("corrections %+v", check.Corrections)
		}
		listed, err := d.Store.Corrections(t.Context(), review.Cursor{}, 10)
		if err != nil || !listed[0].Correction.Complained || listed[1].Correction.Complained {
			t.Errorf("%+v, %v", listed, err)
		}
		fixes(d, id, "It is nearly right.") // the next one is another matter
		if file, err = d.Store.Complaint(t.Context(), c); err != nil || file.Complaint.AnswerID != check.Editions[0].ID {
			t.Errorf("%+v, %v", file.Complaint, err)
		}
		if len(file.Contributors) != 1 || file.Contributors[0] != d.Ana.ID {
			t.Errorf("contributors %v", file.Contributors)
		}

		// The trail tells each step, of the review; its texts are the desk's.
		events, err := d.Store.Events(t.Context(), id)
		var told []review.Action
		for _, e := range events {
			if strings.Contains(string(e.Action), "complaint") {
				told = append(told, e.Action)
			}
			if strings.Contains(fmt.Sprint(e.Note, e.Changes), "ann@") {
				t.Errorf("the trail holds the address: %+v", e)
			}
		}
		if want := review.ComplaintDeeds[:4]; err != nil || fmt.Sprint(told) != fmt.Sprint(want) {
			t.Errorf("events %v, %v", told, err)
		}
		if n := d.Dossier(id).Complaints; n != 0 {
			t.Errorf("%d open complaints", n)
		}
	})
}

func TestTheReaderIsToldTheOutcomeOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		box := &postbox{}
		out := outsideOf(d, box)
		id := d.Claim("Crime fell by 12 percent")
		d.Published(id)
		c, anonymous, forgotten := complains(t, d, out, id, "One.", "ann@example.net"), complains(t, d, out, id, "Two of them.", ""), complains(t, d, out, id, "Three of them is too many.", "eve@example.net")
		tell := func(n int) {
			t.Helper()
			if err := out.AnswerReader(t.Context(), outreach.AnswerArgs{ComplaintID: c}); err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			if len(box.letters) != n {
				t.Fatalf("%d letters, want %d", len(box.letters), n)
			}
		}
		tell(0) // nothing is decided
		for _, one := range []int64{c, anonymous, forgotten} {
			deeds(t, out, d, one, review.PartlyUpheld)
		}
		if err := out.DoComplaint(t.Context(), d.Adam, forgotten, outreach.ComplaintDeed{Action: review.ForgetReader}); err != nil {
			t.Fatal(err)
		}
		box.dies = true
		tell(1)
		box.dies = false
		tell(2) // again under the same name
		tell(2)
		if l := box.letters; l[0].ID != l[1].ID || l[1].To != "ann@example.net" || !strings.Contains(l[1].Text, "It does.") || !strings.Contains(l[1].Text, "/checks/") {
			t.Errorf("%+v", l)
		}
		c = forgotten
		tell(2)
		raw := storetest.Raw(t, dsn)
		var n int
		if err := raw.QueryRow("SELECT COUNT(*) FROM jobs WHERE kind = 'answer_complaint'").Scan(&n); err != nil || n != 2 {
			t.Errorf("%d jobs, %v", n, err)
		}
		if err := raw.QueryRow("SELECT COUNT(*) FROM complaints WHERE email = '' AND text <> '' AND erased_at IS NOT NULL").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d forgotten, %v", n, err)
		}
		for _, refused := range []string{
			"DELETE FROM complaints",
			"UPDATE complaints SET text = 'x'", "UPDATE complaints SET proof = 'https://x.example'", "UPDATE complaints SET due_at = due_at + 1",
			"UPDATE complaints SET finding = 'x'", "UPDATE complaints SET outcome = 'rejected'", "UPDATE complaints SET reason = 'x'",
			"UPDATE complaints SET email = 'other@example.net'", "UPDATE complaints SET taken_by = decided_by",
		} {
			if _, err := raw.Exec(refused); err == nil {
				t.Errorf("%s was done", refused)
			}
		}
	})
}

func TestOfTwoWhoTakeAComplaintAtOnceOneDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		out := outsideOf(d, &postbox{})
		id := d.Claim("Crime fell by 12 percent")
		d.Published(id)
		c := complains(t, d, out, id, "The table says 11.", "")
		file, err := d.Store.Complaint(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		now := d.Now()
		for i, by := range []review.Person{d.Ben, d.Omar} { // both saw it free
			next, e, err := file.Take(by, now)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Store.SaveComplaint(t.Context(), next, e); errors.Is(err, errs.Conflict) != (i == 1) {
				t.Errorf("%s = %v", by.Name, err)
			}
		}
		undone := errors.New("undone")
		before, _ := d.Store.Events(t.Context(), id)
		err = d.Store.InTx(t.Context(), func(ctx context.Context) error {
			if err := out.DoComplaint(ctx, d.Ben, c, outreach.ComplaintDeed{Action: review.FindComplaint, Note: "x"}); err != nil {
				return err
			}
			return undone
		})
		after, _ := d.Store.Events(t.Context(), id)
		if file, _ = d.Store.Complaint(t.Context(), c); !errors.Is(err, undone) || len(after) != len(before) || file.Complaint.Finding != "" {
			t.Errorf("%v; %d events, then %d; %+v", err, len(before), len(after), file.Complaint)
		}
	})
}

func TestComplaintsPageByKeyTheFirstDueFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		out := outsideOf(d, &postbox{})
		id := d.Claim("Crime fell by 12 percent")
		d.Published(id)
		for n := range 7 {
			complains(t, d, out, id, strings.Repeat("x", n+1), "")
		}
		complains(t, d, out, id, "xx", "") // sent twice, kept once
		walk := func(decided bool) (all []int64) {
			f := review.ComplaintFilter{Decided: decided, Limit: 2}
			for {
				rows, err := d.Store.Complaints(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				if len(rows) == 0 {
					return all
				}
				for _, r := range rows {
					all = append(all, r.ID)
					f.After = review.Cursor{Key: r.DueAt.UnixMicro(), ID: r.ID}
					if decided {
						f.After.Key = r.DecidedAt.UnixMicro()
					}
				}
			}
		}
		open := walk(false)
		if len(open) != 7 || fmt.Sprint(open) != fmt.Sprint([]int64{open[0], open[0] + 1, open[0] + 2, open[0] + 3, open[0] + 4, open[0] + 5, open[0] + 6}) {
			t.Fatalf("open: %v", open)
		}
		for _, c := range open[:3] {
			deeds(t, out, d, c, review.Rejected)
		}
		if got := fmt.Sprint(walk(true), walk(false)); got != fmt.Sprint([]int64{open[2], open[1], open[0]}, open[3:]) {
			t.Errorf("%s", got)
		}
	})
}
