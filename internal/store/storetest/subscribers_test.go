package storetest_test

import (
	"context"
	"errors"
	"regexp"
	"testing"

	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

var linkIn = regexp.MustCompile(`/subscriptions/(?:confirm|end)/([A-Za-z0-9_-]{43})`)

// subscribes has somebody ask to be told of corrections, and confirm it.
func subscribes(t *testing.T, out *outreach.Service, box *postbox, slug, email string) {
	t.Helper()
	if err := out.Subscribe(context.Background(), slug, email, "192.0.2.7"); err != nil {
		t.Fatal(err)
	}
	letter(t, out)
	token := linkIn.FindStringSubmatch(box.letters[len(box.letters)-1].Text)[1]
	if err := out.Subscription(context.Background(), outreach.ToConfirm, token, "192.0.2.7"); err != nil {
		t.Fatal(err)
	}
}

// letter sends every letter that waits.
func letter(t *testing.T, out *outreach.Service) {
	t.Helper()
	for id := range int64(20) { // a refused row may leave a gap in the numbers
		if _, err := out.Store.Letter(context.Background(), id); err != nil {
			continue
		}
		if err := out.Send(context.Background(), outreach.SendArgs{LetterID: id}); err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
	}
}

// fixes publishes a correction of a check.
func fixes(d *storetest.Desk, id int64, summary string) {
	d.Do(id, d.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, d.Ana.ID })
	d.Verdict(id, d.Ana, "mostly_true", summary)
	d.Do(id, d.Ana, review.Submit)
	d.Do(id, d.Edith, review.Approve)
	d.Do(id, d.Edith, review.Publish)
}

// TestInvariant15 has a program die between sending and marking: the mail goes
// out twice under one name, and is one delivery.
func TestInvariant15EachSubscriberIsToldOfEachEditionOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		box := &postbox{}
		out := outsideOf(d, box)
		id := d.Claim("Crime fell by 12 percent")
		slug := d.Published(id).Slug
		subscribes(t, out, box, slug, "Ann@Example.net")
		if err := out.Subscribe(t.Context(), slug, "never@example.net", "192.0.2.8"); err != nil { // and does not confirm
			t.Fatal(err)
		}
		letter(t, out)
		before := len(box.letters)

		fixes(d, id, "It is about right, but not quite.")
		box.dies = true
		letter(t, out)
		box.dies = false
		letter(t, out)
		letter(t, out)
		told := box.letters[before:]
		if len(told) != 2 || told[0].ID != told[1].ID || told[0].To != "ann@example.net" || told[0].Unsubscribe == "" {
			t.Fatalf("%+v", told)
		}
		raw := storetest.Raw(t, dsn)
		var n int
		if err := raw.QueryRow("SELECT COUNT(*) FROM letters WHERE event = 'correction' AND sent_at IS NOT NULL").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d deliveries, %v", n, err)
		}
		if err := raw.QueryRow("SELECT COUNT(*) FROM jobs WHERE kind = 'send_letter' AND run_at >= (SELECT MAX(created_at) FROM letters)").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d jobs, %v", n, err)
		}
		for _, again := range []string{
			"INSERT INTO letters (event, subscriber_id, publication_id, created_at, dropped) SELECT event, subscriber_id, publication_id, 0, '' FROM letters WHERE event = 'correction'",
			"INSERT INTO subscribers (review_id, email, asked_at) SELECT review_id, email, 0 FROM subscribers",
		} {
			if _, err := raw.Exec(again); err == nil {
				t.Errorf("%s was done", again)
			}
		}

		// The next edition is told too, a retraction as well; who has ended it is told no more.
		d.Do(id, d.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.WrongVerdict })
		d.Do(id, d.Stella, review.Retract)
		letter(t, out)
		last := box.letters[len(box.letters)-1]
		if len(box.letters) != before+3 || last.Subject != "A fact-check by The Fjord Check was retracted" {
			t.Fatalf("%+v", last)
		}
		if err := out.Subscription(t.Context(), outreach.ToEnd, linkIn.FindStringSubmatch(last.Text)[1], "192.0.2.7"); err != nil {
			t.Fatal(err)
		}
		if err := raw.QueryRow("SELECT COUNT(*) FROM subscribers WHERE email LIKE 'ann%'").Scan(&n); err != nil || n != 0 {
			t.Errorf("the address is still there %d times, %v", n, err)
		}
		d.Do(id, d.Edith, review.Reinstate)
		d.Do(id, d.Edith, review.Assign, func(c *review.Command) { c.AssigneeID = d.Ana.ID })
		d.Verdict(id, d.Ana, "mostly_true", "It is right after all.")
		d.Do(id, d.Ana, review.Submit)
		d.Do(id, d.Omar, review.Approve)
		d.Do(id, d.Omar, review.Publish)
		letter(t, out)
		if len(box.letters) != before+3 {
			t.Errorf("%d letters", len(box.letters)-before)
		}
	})
}

// TestALetterOfACorrectionIsWrittenWithItOrNotAtAll undoes the transaction that
// publishes a correction.
func TestALetterOfACorrectionIsWrittenWithItOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		box := &postbox{}
		out := outsideOf(d, box)
		id := d.Claim("Crime fell by 12 percent")
		subscribes(t, out, box, d.Published(id).Slug, "ann@example.net")
		d.Do(id, d.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.WrongVerdict })
		cmd := review.Command{ReviewID: id, Version: d.Dossier(id).Review.Version, Action: review.Retract, Actor: d.Stella}
		undone := errors.New("undone")
		count := func() (n int) {
			if err := storetest.Raw(t, dsn).QueryRow("SELECT COUNT(*) FROM letters WHERE event = 'correction'").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := d.Store.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := d.Reviews.Do(ctx, cmd); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) || count() != 0 {
			t.Errorf("undone = %v, and %d letters", err, count())
		}
		if _, err := d.Reviews.Do(t.Context(), cmd); err != nil || count() != 1 {
			t.Errorf("done = %v, and %d letters", err, count())
		}
	})
}
