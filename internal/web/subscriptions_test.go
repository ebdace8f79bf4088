package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"factcheck/internal/outreach"
	"factcheck/internal/review"
)

var subscriptionLink = regexp.MustCompile(`https://checks\.example(/subscriptions/(?:confirm|end)/[A-Za-z0-9_-]{43})`)

func TestReadersAreToldOfCorrectionsByMail(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	path := "/checks/" + slug + "/subscribe"
	wants(t, r.read(review.Person{}, "/checks/"+slug), path)
	if w := r.guest(path, url.Values{"email": {"ann@example.net\nBcc: all@example.org"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "That is not a mail address.") {
		t.Errorf("two lines = %d", w.Code)
	}
	if w := r.guest(path, url.Values{"email": {"ann@example.net"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("= %d\n%s", w.Code, w.Body)
	}
	send := func(id int64) string {
		if err := r.server.Outside.Send(t.Context(), outreach.SendArgs{LetterID: id}); err != nil {
			t.Fatal(err)
		}
		all := server.Letters()
		return unfolded(all[len(all)-1].Data)
	}
	confirm := subscriptionLink.FindStringSubmatch(send(1))[1]
	wants(t, r.guest(confirm, nil).Body.String(), "Yes, tell me")
	if n := r.count("SELECT COUNT(*) FROM subscribers WHERE confirmed_at IS NOT NULL"); n != 0 {
		t.Error("looking at the link confirmed it")
	}
	if w := r.guest(confirm, url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatalf("= %d", w.Code)
	}
	r.done(r.Edith, id, review.Retract, "retraction", "legal", "note", "The source withdrew it.")
	r.done(r.Stella, id, review.Retract)
	mail := send(2)
	wants(t, mail, "The source withdrew it.", "/checks/"+slug, "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
	end := subscriptionLink.FindStringSubmatch(mail)[1]
	wants(t, r.guest(end, nil).Body.String(), "No more mail")
	if w := r.guest(end, url.Values{"List-Unsubscribe": {"One-Click"}}); w.Code != http.StatusSeeOther || r.count("SELECT COUNT(*) FROM subscribers WHERE email <> ''") != 0 {
		t.Errorf("one click = %d", w.Code)
	}
	for _, l := range []string{confirm, strings.Replace(end, "/end/", "/confirm/", 1), "/subscriptions/end/" + strings.Repeat("A", 43)} {
		if w := r.guest(l, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s = %d", l, w.Code)
		}
	}
}

func TestAskingToBeToldRevealsNothingAndIsThrottled(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	path := "/checks/" + slug + "/subscribe"
	refuses(t, r.read(review.Person{}, "/checks/"+slug), path) // without a mail server nobody is offered it
	if w := r.guest(path, nil); w.Code != http.StatusNotFound {
		t.Errorf("without mail = %d", w.Code)
	}
	r.mails(t)
	for range outreach.Subscriptions {
		if w := r.guest(path, url.Values{"email": {"ann@example.net"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?asked=1" {
			t.Errorf("= %d", w.Code)
		}
	}
	if n := r.count("SELECT COUNT(*) FROM letters"); n != 1 {
		t.Errorf("%d letters to one address", n)
	}
	if w := r.guest(path, url.Values{"email": {"ann@example.net"}}); w.Code != http.StatusTooManyRequests {
		t.Errorf("too often = %d", w.Code)
	}
	if w := r.guest("/checks/nothing-0/subscribe", url.Values{"email": {"ann@example.net"}}); w.Code != http.StatusNotFound {
		t.Errorf("no such check = %d", w.Code)
	}
}
