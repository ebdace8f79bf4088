package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"factcheck/internal/review"
)

// dated is a claim that can be checked from a day on.
func (r *staffRoom) dated(words string, due time.Time) int64 {
	r.T.Helper()
	id := r.Claim(words)
	r.Do(id, r.Ana, review.EditClaim, func(c *review.Command) {
		c.Claim = &review.ClaimDraft{Text: words, Kind: "prediction", Lang: "en", Claimant: "Lena Marsh", ClaimantKind: "person", DueAt: due}
	})
	return id
}

func TestTheCalendarListsWhatWaitsForItsDay(t *testing.T) {
	r := newStaff(t)
	today := r.Now().Truncate(24 * time.Hour)
	soon, late := r.dated("Fares will fall next week", today.AddDate(0, 0, 7)), r.dated("Fares will fall in three years", today.AddDate(3, 0, 0))
	came := r.dated("Fares will fall by now", today.AddDate(0, 0, -3))
	page := r.read(r.Vera, "/desk/calendar")
	wants(t, page, "Their day came", "can be checked now", today.AddDate(3, 0, 0).Format("January 2006"))
	at := func(id int64) int { return strings.Index(page, reviewPath(id)) }
	if at(came) < 0 || at(came) > at(soon) || at(soon) > at(late) {
		t.Errorf("order: %d, %d, %d", at(came), at(soon), at(late))
	}
	if page = r.read(r.Vera, "/desk/calendar?from="+today.AddDate(1, 0, 0).Format(time.DateOnly)); strings.Contains(page, reviewPath(soon)+"\"") {
		t.Error("a later list begins too early")
	}
	for _, bad := range []string{"?from=soon", "?after=x", "?after=1_0"} {
		if w := r.get(r.Ana, "/desk/calendar"+bad); w.Code != http.StatusNotFound {
			t.Errorf("%s = %d", bad, w.Code)
		}
	}
}

func TestADismissedPredictionComesBackOnItsDay(t *testing.T) {
	r := newStaff(t)
	due := r.Now().Add(30 * time.Second)
	id, other := r.dated("Fares will fall", due), r.dated("Fares will rise", due.AddDate(1, 0, 0))
	for _, x := range []int64{id, other} {
		r.done(r.Ana, x, review.Dismiss, "dismissal", "prediction")
	}
	wants(t, r.read(r.Ana, "/desk/calendar"), "comes back to triage on that day")
	recall := func() int {
		t.Helper()
		n, err := r.Reviews.RecallDue(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for r.Now().Before(due) { // the clock of the desk moves with each look
		continue
	}
	if n := recall(); n != 1 {
		t.Errorf("%d came back", n)
	}
	if got, not := r.Dossier(id).Review.State, r.Dossier(other).Review.State; got != review.Triage || not != review.Dismissed {
		t.Errorf("on its day it is %s, the other %s", got, not)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "Its day has come", "The program")
	if n := recall(); n != 0 {
		t.Errorf("again %d came back", n)
	}
	r.done(r.Ana, id, review.Dismiss, "dismissal", "prediction")
	if n := recall(); n != 0 {
		t.Error(fmt.Sprint("what was dismissed after its day came back: ", n))
	}
}
