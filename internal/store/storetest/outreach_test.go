package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/jobs"
	"factcheck/internal/mail"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// postbox keeps letters, and may fail after it took one, as a program that is
// killed between sending and marking.
type postbox struct {
	letters []mail.Letter
	dies    bool
}

var errKilled = errors.New("killed")

func (p *postbox) Send(_ context.Context, l mail.Letter) error {
	p.letters = append(p.letters, l)
	if p.dies {
		return errKilled
	}
	return nil
}

// outsideOf is the service for people outside over a desk.
func outsideOf(d *storetest.Desk, box *postbox) *outreach.Service {
	return &outreach.Service{
		Store: d.Store, Reviews: d.Reviews, Jobs: &jobs.Queue{Store: d.Store, Now: d.Now}, Mail: box,
		Name: "The Fjord Check", BaseURL: "https://checks.example", Now: d.Now,
	}
}

var tokenIn = regexp.MustCompile(`/reply/([A-Za-z0-9_-]{43})`)

// asks has Ana ask for a reply by mail, and returns the review.
func asks(t *testing.T, d *storetest.Desk, out *outreach.Service) int64 {
	t.Helper()
	id := d.Claim("Crime fell by 12 percent")
	d.Researched(id)
	_, err := out.Ask(context.Background(), review.Command{
		ReviewID: id, Version: d.Dossier(id).Review.Version, Action: review.AskReply, Actor: d.Ana, Key: "ask",
		Ask: &review.ReplyDraft{Respondent: "Lena Marsh", Channel: review.ByEmail, Address: "lena@example.net", Question: "Is it so?"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestOfManyAnswersAtOnceOneIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		box := &postbox{}
		out := outsideOf(d, box)
		id := asks(t, d, out)
		if err := out.Send(t.Context(), outreach.SendArgs{LetterID: 1}); err != nil {
			t.Fatal(err)
		}
		token := tokenIn.FindStringSubmatch(box.letters[0].Text)[1]
		fixed := d.Now()
		out.Now, d.Reviews.Now = func() time.Time { return fixed }, func() time.Time { return fixed }
		var wg sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wg.Go(func() { results[i] = out.Answer(context.Background(), token, "192.0.2.1", fmt.Sprintf("Answer %d", i)) })
		}
		wg.Wait()
		kept := 0
		for i, err := range results {
			switch {
			case err == nil:
				kept++
				if got := d.Dossier(id).Requests[0].Reply.Text; got != fmt.Sprintf("Answer %d", i) {
					t.Errorf("%q is kept, and answer %d was told so", got, i)
				}
			case !errors.Is(err, errs.Conflict) && !errors.Is(err, errs.Invalid):
				t.Errorf("answer %d = %v", i, err)
			}
		}
		if kept != 1 {
			t.Errorf("%d answers were taken", kept)
		}
	})
}

func TestALetterIsSentAgainUnderItsOwnNameAndMarkedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		box := &postbox{dies: true}
		out := outsideOf(d, box)
		id := asks(t, d, out)
		if err := out.Send(t.Context(), outreach.SendArgs{LetterID: 1}); !errors.Is(err, errKilled) {
			t.Fatalf("killed = %v", err)
		}
		if q := d.Dossier(id).Requests[0]; !q.SentAt.IsZero() {
			t.Errorf("it is marked as sent: %+v", q)
		}
		box.dies = false
		for range 3 {
			if err := out.Send(t.Context(), outreach.SendArgs{LetterID: 1}); err != nil {
				t.Fatal(err)
			}
		}
		if len(box.letters) != 2 || box.letters[0].ID != box.letters[1].ID {
			t.Fatalf("%d letters: %+v", len(box.letters), box.letters)
		}
		if l, err := d.Store.Letter(t.Context(), 1); err != nil || l.SentAt.IsZero() {
			t.Errorf("%+v, %v", l, err)
		}
		for _, l := range box.letters { // whichever arrived, its link is good
			if _, err := out.Question(t.Context(), tokenIn.FindStringSubmatch(l.Text)[1], "192.0.2.1"); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestWhatWasAskedAndAnsweredCannotBeChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		id := asks(t, d, outsideOf(d, &postbox{}))
		d.Do(id, d.Ana, review.CloseReply, func(c *review.Command) { c.RequestID, c.Outcome, c.Reply = 1, review.Replied, "It is not so." })
		raw := storetest.Raw(t, dsn)
		for _, statement := range []string{
			"UPDATE replies SET text = 'x'", "DELETE FROM replies", "UPDATE reply_requests SET question = 'x'", "DELETE FROM reply_requests",
			"INSERT INTO replies (request_id, text, received_at, late) SELECT request_id, 'x', 0, late FROM replies",
			"UPDATE reply_requests SET outcome = 'waived', outcome_note = ''", "UPDATE reply_requests SET outcome = 'no_reply', closed_at = deadline - 1",
			"INSERT INTO letters (event, request_id, created_at, dropped) SELECT event, request_id, 0, '' FROM letters",
		} {
			if _, err := raw.Exec(statement); err == nil {
				t.Errorf("%s was done", statement)
			}
		}
	})
}

func TestAFormSentTwiceAsksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		d := storetest.NewDesk(t, storetest.Open(t, dsn))
		out := outsideOf(d, &postbox{})
		id := asks(t, d, out)
		cmd := review.Command{
			ReviewID: id, Version: d.Dossier(id).Review.Version - 1, Action: review.AskReply, Actor: d.Ana, Key: "ask",
			Ask: &review.ReplyDraft{Respondent: "Lena Marsh", Channel: review.ByEmail, Address: "lena@example.net", Question: "Is it so?"},
		}
		if _, err := out.Ask(t.Context(), cmd); err != nil {
			t.Fatal(err)
		}
		raw := storetest.Raw(t, dsn)
		for table, want := range map[string]int{"reply_requests": 1, "letters": 2, "jobs": 2} {
			var n int
			if err := raw.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil || n != want {
				t.Errorf("%s: %d rows, want %d, %v", table, n, want, err)
			}
		}
		if strings.Contains(strings.Join(strs(t, raw, "SELECT args FROM jobs"), " "), "example.net") {
			t.Error("a job holds an address")
		}
	})
}
