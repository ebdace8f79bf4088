package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"factcheck/internal/review"
)

// told are the events that the audit trail holds of one action, newest first.
func (r *staffRoom) told(a review.Action) []review.Event {
	r.T.Helper()
	all, err := r.Store.Audit(r.T.Context(), review.AuditFilter{Action: a, Limit: review.MaxRows})
	if err != nil {
		r.T.Fatal(err)
	}
	return all
}

func TestWhatIsWatchedIsOnRecord(t *testing.T) {
	r, site := newStaff(t), news(t)
	r.post(r.Edith, "/desk/watching", add(site.URL+"/feed"))
	for _, act := range []string{"pause", "pause", "resume", "look", "remove"} { // a second pause changes nothing
		if w := r.post(r.Adam, "/desk/watching/1/"+act, nil); w.Code != http.StatusSeeOther {
			t.Fatalf("%s = %d", act, w.Code)
		}
	}
	for a, by := range map[review.Action]review.Person{review.WatchSource: r.Edith, review.PauseSource: r.Adam, review.ResumeSource: r.Adam, review.RemoveSource: r.Adam} {
		all := r.told(a)
		if len(all) != 1 || all[0].ActorID != by.ID || all[0].Subject != review.OnSource || all[0].SubjectID != 1 {
			t.Errorf("%s is told as %+v", a, all)
		}
	}
	page := r.read(r.Stella, "/desk/audit")
	wants(t, page, "stopped watching a source", "source 1, "+site.URL+"/feed", "had a source watched")
}

func TestWhoWasShownALetterIsOnRecord(t *testing.T) {
	r := newStaff(t)
	id, request, link := r.asked() // Ana copies the letter
	all := r.told(review.CopyLetter)
	if len(all) != 1 || all[0].ActorID != r.Ana.ID || all[0].SubjectID != id || all[0].Changes[0].To != fmt.Sprintf("request %d", request) {
		t.Fatalf("%+v", all)
	}
	if all[0].Version != r.Dossier(id).Review.Version-1 { // it makes nobody's form stale: only that it was sent has
		t.Errorf("version %d of %d", all[0].Version, r.Dossier(id).Review.Version)
	}
	if strings.Contains(fmt.Sprint(all[0]), strings.TrimPrefix(link, "/reply/")) {
		t.Error("the link is on record")
	}
	other := r.editing()
	if w := r.post(r.Edith, reviewPath(other)+"/guests", r.form(other, "name", "Greta Guest", "email", "")); w.Code != http.StatusSeeOther {
		t.Fatalf("inviting = %d\n%s", w.Code, w.Body)
	}
	gid := r.Dossier(other).Guests[0].ID
	path := fmt.Sprintf("%s/guests/%d/letter", reviewPath(other), gid)
	for p, want := range map[*review.Person]int{&r.Ana: http.StatusForbidden, &r.Edith: http.StatusOK} {
		if w := r.post(*p, path, r.form(other)); w.Code != want {
			t.Errorf("the letter for %s = %d, want %d", p.Name, w.Code, want)
		}
	}
	all = r.told(review.CopyLetter)
	if len(all) != 2 || all[0].ActorID != r.Edith.ID || all[0].SubjectID != other || all[0].Changes[0].To != fmt.Sprintf("outside reader %d", gid) {
		t.Errorf("%+v", all)
	}
	wants(t, r.read(r.Edith, reviewPath(other)), "was shown a letter with a link to send")
}
