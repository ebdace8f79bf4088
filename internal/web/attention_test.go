package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/review"
)

// mark is a row of the queue as its box names it.
func (r *staffRoom) mark(id int64) string {
	return fmt.Sprintf("pick_%d_%d", id, r.Dossier(id).Review.Version)
}

func bulk(state, action string, pairs ...string) url.Values {
	f := url.Values{"query": {"state=" + state}, "action": {action}, "key": {"k" + action}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

func TestManyAreDismissedAtOnceAndTakenBack(t *testing.T) {
	r := newStaff(t)
	article := r.Article("Fares are 1 crown. " + crowns(4))
	var ids []int64
	for _, q := range []string{"1 crown", "2 crowns", "3 crowns", "4 crowns"} {
		ids = append(ids, r.ClaimIn(article, q, "Lena Marsh"))
	}
	f := bulk("triage", "dismiss", "dismissal", "opinion")
	for _, id := range ids[:3] {
		f.Set(r.mark(id), "yes")
	}
	r.Do(ids[2], r.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.Urgent }) // meanwhile
	if w := r.post(r.Ana, "/desk/queue", f); w.Code != http.StatusSeeOther {
		t.Fatalf("bulk = %d\n%s", w.Code, w.Body)
	}
	for i, want := range []review.State{review.Dismissed, review.Dismissed, review.Triage, review.Triage} {
		if got := r.Dossier(ids[i]).Review.State; got != want {
			t.Errorf("review %d is %s, want %s", i, got, want)
		}
	}
	page := r.read(r.Ana, "/desk/queue?state=triage")
	for _, want := range []string{"you dismissed it, 2 times", "1 could not be", "Take back 2 dismissals"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if w := r.post(r.Ana, "/desk/queue/undo", url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatalf("undo = %d\n%s", w.Code, w.Body)
	}
	for _, id := range ids[:2] {
		if got := r.Dossier(id).Review.State; got != review.Triage {
			t.Errorf("taken back, review %d is %s", id, got)
		}
	}
}

func TestManyThatWereTakenAreHandedBackTogether(t *testing.T) {
	r := newStaff(t)
	var ids []int64
	f := bulk("queued", "take")
	for _, q := range []string{"crime fell 4%", "crime fell 5%", "crime fell 6%"} {
		id := r.Claim(q)
		r.Do(id, r.Edith, review.Accept, func(c *review.Command) { c.Claim = whole(r.Dossier(id)) })
		ids = append(ids, id)
		f.Set(r.mark(id), "yes")
	}
	if w := r.post(r.Ana, "/desk/queue", f); w.Code != http.StatusSeeOther {
		t.Fatalf("bulk = %d\n%s", w.Code, w.Body)
	}
	r.Evidence(ids[2], r.Ana, "https://stats.example.org/t", review.Supports) // she has begun with that one
	wants(t, r.read(r.Ana, "/desk/queue?state=queued"), "Take back 3 claims that you took")
	if w := r.post(r.Ana, "/desk/queue/undo", url.Values{}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/desk/queue?state=queued" {
		t.Fatalf("undo = %d to %s\n%s", w.Code, w.Header().Get("Location"), w.Body)
	}
	page := r.read(r.Ana, "/desk/queue?state=queued")
	wants(t, page, "you handed it back, 2 times", "1 could not be")
	refuses(t, page, "Take back")
	for i, want := range []review.State{review.Queued, review.Queued, review.Research} {
		if d := r.Dossier(ids[i]); d.Review.State != want || (d.Review.AssigneeID == 0) != (want == review.Queued) {
			t.Errorf("review %d is %s with %d", i, d.Review.State, d.Review.AssigneeID)
		}
	}
}

func TestPrioritiesThatWereSetTogetherGoBackToWhatEachWas(t *testing.T) {
	r := newStaff(t)
	low, normal := r.Claim("crime fell 4%"), r.Claim("crime fell 5%")
	r.Do(low, r.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.LowPriority })
	f := bulk("triage", "priority", "priority", "urgent", r.mark(low), "yes", r.mark(normal), "yes")
	if w := r.post(r.Edith, "/desk/queue", f); w.Code != http.StatusSeeOther {
		t.Fatalf("bulk = %d\n%s", w.Code, w.Body)
	}
	if a, b := r.Dossier(low).Review.Priority, r.Dossier(normal).Review.Priority; a != review.Urgent || b != review.Urgent {
		t.Fatalf("%s, %s", a, b)
	}
	wants(t, r.read(r.Edith, "/desk/queue"), "Take back 2 changes of priority")
	refuses(t, r.read(r.Ana, "/desk/queue"), "Take back")
	if w := r.post(r.Edith, "/desk/queue/undo", url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatalf("undo = %d\n%s", w.Code, w.Body)
	}
	if a, b := r.Dossier(low).Review.Priority, r.Dossier(normal).Review.Priority; a != review.LowPriority || b != review.NormalPriority {
		t.Errorf("taken back: %s, %s", a, b)
	}
	r.post(r.Edith, "/desk/queue/undo", url.Values{})
	wants(t, r.read(r.Edith, "/desk/queue?"), "Nothing was done.")
}

func TestManyAtOnceObeysTheRulesOfOne(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 4%")
	for name, tt := range map[string]struct {
		who  review.Person
		form url.Values
		code int
		says string
	}{
		"nothing marked":            {r.Ana, bulk("triage", "dismiss", "dismissal", "opinion"), 422, "Mark at least one"},
		"no action":                 {r.Ana, bulk("triage", "", r.mark(id), "yes"), 422, "Choose what to do"},
		"an action of another form": {r.Edith, bulk("triage", "publish", r.mark(id), "yes"), 422, "Choose what to do"},
		"no reason":                 {r.Ana, bulk("triage", "dismiss", r.mark(id), "yes"), 422, "Choose why"},
		"a field too many":          {r.Ana, bulk("triage", "dismiss", r.mark(id), "yes", "state", "published"), 422, "does not belong"},
		"a damaged mark":            {r.Ana, bulk("triage", "dismiss", "pick_x", "yes"), 422, "damaged"},
		"no such list":              {r.Ana, bulk("limbo", "dismiss", "dismissal", "opinion", r.mark(id), "yes"), 404, "no such list"},
		"no such priority":          {r.Edith, bulk("triage", "priority", "priority", "now", r.mark(id), "yes"), 422, "how soon"},
	} {
		w := r.post(tt.who, "/desk/queue", tt.form)
		if w.Code != tt.code || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d\n%s", name, w.Code, sentences(w.Body.String()))
		}
	}
	lost := bulk("triage", "dismiss", "dismissal", "spam", r.mark(id), "yes") // spam needs a note
	page := r.post(r.Ana, "/desk/queue", lost).Body.String()
	wants(t, page, "Add a note", ` checked`, `value="spam" selected`, `value="dismiss" selected`)
	kept := r.post(r.Ana, "/desk/views", url.Values{"name": {strings.Repeat("x", 61)}, "query": {"state=triage"}}).Body.String()
	wants(t, kept, strings.Repeat("x", 61))
	for name, f := range map[string]url.Values{"a viewer dismisses": bulk("triage", "dismiss", "dismissal", "opinion", r.mark(id), "yes")} {
		if w := r.post(r.Vera, "/desk/queue", f); w.Code != http.StatusSeeOther || r.Dossier(id).Review.State != review.Triage {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if strings.Contains(r.read(r.Vera, "/desk/queue?state=triage"), `name="pick_`) {
		t.Error("a viewer can mark claims")
	}
}

func TestTheQueueIsNarrowedDownAndKept(t *testing.T) {
	r := newStaff(t)
	urgent, other := r.Claim("crime fell 4%"), r.Claim("crime fell 5%")
	r.Do(urgent, r.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.Urgent })
	page := r.read(r.Ana, "/desk/queue?state=triage&priority=urgent")
	if !strings.Contains(page, reviewPath(urgent)+"?") || strings.Contains(page, reviewPath(other)+"?") || !strings.Contains(page, "urgent priority") {
		t.Errorf("urgent ones:\n%s", sentences(page))
	}
	if w := r.post(r.Ana, "/desk/views", url.Values{"name": {" My  urgent ones "}, "query": {"state=triage&priority=urgent&evil=1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("keep = %d\n%s", w.Code, w.Body)
	}
	page = r.read(r.Ana, "/desk/queue")
	if !strings.Contains(page, `href="/desk/queue?state=triage&amp;priority=urgent">My urgent ones`) || strings.Contains(page, "evil") {
		t.Errorf("the kept list is not there:\n%s", page)
	}
	if strings.Contains(r.read(r.Ben, "/desk/queue"), "My urgent ones") {
		t.Error("somebody else sees it")
	}
	for _, bad := range []url.Values{{"name": {""}, "query": {"state=triage"}}, {"name": {strings.Repeat("x", 61)}, "query": {"state=triage"}}} {
		if w := r.post(r.Ana, "/desk/views", bad); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v = %d", bad, w.Code)
		}
	}
	if w := r.get(r.Ana, "/desk/queue?state=triage&kind=nonsense"); w.Code != http.StatusNotFound {
		t.Errorf("no such kind = %d", w.Code)
	}
}

func TestNoticesTellWhatOthersDidAndAreRead(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	r.done(r.Edith, id, review.Return, "note", "The second source is the first one again.")
	page := r.read(r.Ana, "/desk/notices")
	if !strings.Contains(page, "<b>Edith</b> returned it") || !strings.Contains(page, "not read yet") {
		t.Errorf("notices:\n%s", sentences(page))
	}
	if got := r.read(r.Ana, "/desk/notices/count"); got != "1" {
		t.Errorf("count = %q", got)
	}
	f := formTo(t, page, "/desk/notices/read")
	if w := r.post(r.Ana, "/desk/notices/read", f); w.Code != http.StatusSeeOther {
		t.Fatalf("read = %d", w.Code)
	}
	if got := r.read(r.Ana, "/desk/notices/count"); got != "" {
		t.Errorf("count after reading = %q", got)
	}
	if strings.Contains(r.read(r.Ben, "/desk/notices"), "returned it") {
		t.Error("somebody whom it does not concern is told")
	}
}

func TestPresenceIsAdviceAndNeverBlocks(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 4%")
	path := reviewPath(id) + "/around"
	if w := r.post(r.Ana, path, url.Values{"editing": {"yes"}}); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "Ana is") {
		t.Fatalf("look = %d: who looks is told of others alone\n%s", w.Code, w.Body)
	}
	if page := r.read(r.Ben, path); !strings.Contains(page, "Ana is typing") {
		t.Errorf("Ben is not told:\n%s", sentences(page))
	}
	r.move(r.Ben, id, review.Dismiss, "dismissal", "opinion") // it blocks nothing
	r.post(r.Ben, path, url.Values{"editing": {""}})
	wants(t, r.read(r.Ben, reviewPath(id)), "Done: you dismissed it") // a poll of another tab has not taken it
	if w := r.post(r.Vera, reviewPath(id)+"/watch", url.Values{"on": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("watch = %d", w.Code)
	}
	if page := r.read(r.Ben, path); !strings.Contains(page, "watched by Vera") {
		t.Errorf("watchers:\n%s", sentences(page))
	}
	if w := r.post(r.Vera, "/desk/reviews/9999/watch", url.Values{"on": {"yes"}}); w.Code != http.StatusNotFound {
		t.Errorf("watching what is not there = %d", w.Code)
	}
}

func TestThePageSaysWhenTheVerdictIsDue(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 4%")
	r.done(r.Edith, id, review.SetPriority, "priority", "urgent")
	r.Researched(id)
	due := r.Dossier(id).Review.DueAt
	if due.IsZero() {
		t.Fatal("no clock runs")
	}
	page := r.read(r.Ana, reviewPath(id))
	if want := "The verdict is due " + due.Format("2 January 2006, 15:04 UTC"); !strings.Contains(page, want) || !strings.Contains(page, "Priority: urgent.") {
		t.Errorf("the page does not say %q", want)
	}
	r.decide("urgent_hours", "2")
	if got := r.policy().WorkHours(review.Urgent); got != 2 {
		t.Errorf("the policy gives %d hours", got)
	}
	if w := r.post(r.Adam, "/desk/policy", policyForm("read", fmt.Sprint(r.policy().ID), "low_hours", "soon")); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a policy of “soon” = %d", w.Code)
	}
	if page := r.read(r.Edith, "/desk/workload"); !strings.Contains(page, "<td>1</td>") {
		t.Errorf("workload:\n%s", page)
	}
}
