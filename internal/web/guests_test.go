package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"factcheck/internal/outreach"
	"factcheck/internal/record"
	"factcheck/internal/review"
)

var readLink = regexp.MustCompile(`https://checks\.example(/second-read/[A-Za-z0-9_-]{43})`)

// invited is a review with the editors and the path of the link of a guest.
func (r *staffRoom) invited() (id, guest int64, link string) {
	r.T.Helper()
	id = r.editing()
	if w := r.post(r.Edith, reviewPath(id)+"/guests", r.form(id, "name", "Grete Holm", "email", "")); w.Code != http.StatusSeeOther {
		r.T.Fatalf("inviting = %d\n%s", w.Code, w.Body)
	}
	guest = r.Dossier(id).Guests[0].ID
	w := r.post(r.Edith, fmt.Sprintf("%s/guests/%d/letter", reviewPath(id), guest), r.form(id))
	found := readLink.FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || found == nil {
		r.T.Fatalf("the letter = %d\n%s", w.Code, w.Body)
	}
	return id, guest, found[1]
}

func TestAGuestReadsBlindByALink(t *testing.T) {
	r := newStaff(t)
	id, _, link := r.invited()
	page := r.guest(link, nil)
	body := page.Body.String()
	d := r.Dossier(id)
	wants(t, body, d.Claim.Text, "stats.example.org", "The table says so", "How would you rate it?", `content="noindex`, "Mostly true") // among the choices
	refuses(t, body, d.Verdict.Summary, "Ana", "checked", "/desk/reviews")
	if page.Header().Get("Referrer-Policy") != "no-referrer" || !strings.Contains(page.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("%v", page.Header())
	}
	if w := r.guest(link, url.Values{"rating": {"nonsense"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Choose the rating that you would give.") {
		t.Errorf("no rating = %d", w.Code)
	}
	if w := r.guest(link, url.Values{"rating": {"false"}, "action": {"approve"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a field more = %d", w.Code)
	}
	if w := r.guest(link, url.Values{"rating": {"false"}, "note": {"The audit says otherwise."}}); w.Code != http.StatusSeeOther {
		t.Fatalf("reading = %d\n%s", w.Code, w.Body)
	}
	wants(t, r.guest(link, nil).Body.String(), "You rated it <strong>False</strong>", "the author rated it <strong>Mostly true</strong>", "An editor has to answer your disagreement")
	if w := r.guest(link, url.Values{"rating": {"mostly_true"}}); w.Code != http.StatusForbidden || len(r.Dossier(id).Readings) != 1 {
		t.Errorf("a second answer = %d", w.Code)
	}
	wants(t, r.read(r.Edith, reviewPath(id)), "Grete Holm", "has answered", "The audit says otherwise.")
	r.refused(r.Edith, id, review.Approve, http.StatusUnprocessableEntity, "A second reader would rate it otherwise.")
	r.done(r.Edith, id, review.ResolveRead, "note", "The audit is of another year.")
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	if result, err := record.Verify(context.Background(), r.Store); err != nil || len(result.Findings) > 0 {
		t.Errorf("%+v, %v", result, err)
	}
	if r.count("SELECT COUNT(*) FROM events WHERE action = 'second_read' AND actor_id IN (SELECT person_id FROM guest_readers)") != 1 ||
		r.count("SELECT COUNT(*) FROM events WHERE action = 'invite_reader'") != 1 {
		t.Error("the history does not tell it")
	}
}

func TestALinkToReadSaysWhenTheVerdictChanged(t *testing.T) {
	r := newStaff(t)
	id, _, link := r.invited()
	if w := r.post(r.Ana, reviewPath(id)+"/verdict", verdictForm(r.form(id), "Other words.")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	for _, f := range []url.Values{nil, {"rating": {"false"}}} {
		w := r.guest(link, f)
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "was changed since") || strings.Contains(w.Body.String(), "How would you rate it?") {
			t.Errorf("= %d\n%s", w.Code, w.Body)
		}
	}
	if len(r.Dossier(id).Readings) != 0 {
		t.Error("it was answered")
	}
}

func TestALinkToReadIsRevocableAndEnds(t *testing.T) {
	r := newStaff(t)
	id, guest, link := r.invited()
	_, _, other := r.invited()
	if w := r.post(r.Edith, fmt.Sprintf("%s/guests/%d/revoke", reviewPath(id), guest), r.form(id)); w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	r.Pass(review.GuestLife)
	for _, l := range []string{link, other, strings.Replace(link, "/second-read/", "/reply/", 1), "/second-read/" + strings.Repeat("A", 43)} {
		if w := r.guest(l, nil); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "This link is not good any more.") {
			t.Errorf("%s = %d", l, w.Code)
		}
	}
}

func TestAGuestHasNoAccountToSignInTo(t *testing.T) {
	r := newStaff(t)
	id, _, _ := r.invited()
	g := r.Dossier(id).Guests[0]
	p, err := r.Store.Person(t.Context(), g.PersonID)
	if err != nil || p.Active || len(p.Roles) > 0 {
		t.Errorf("%+v, %v", p, err)
	}
	refuses(t, r.read(r.Adam, "/desk/people"), "Grete Holm")
	if err := r.Accounts().Reopen(t.Context(), r.Adam, g.PersonID); err == nil {
		t.Error("the account of a guest was opened")
	}
}

func TestADeskWithOneEditorIsOfferedAnOutsideReader(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	refuses(t, r.read(r.Edith, reviewPath(id)), "There is one editor here.")
	if err := r.Accounts().Close(t.Context(), r.Adam, r.Omar.ID); err != nil {
		t.Fatal(err)
	}
	wants(t, r.read(r.Edith, reviewPath(id)), "There is one editor here.", "Ask somebody outside to read it")
	refuses(t, r.read(r.Ana, reviewPath(id)), "Ask somebody outside to read it")
	if w := r.post(r.Ana, reviewPath(id)+"/guests", r.form(id, "name", "A friend", "email", "")); w.Code != http.StatusForbidden {
		t.Errorf("a fact-checker invites = %d", w.Code)
	}
}

func TestAnInvitationGoesOutByMail(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	id := r.editing()
	if w := r.post(r.Edith, reviewPath(id)+"/guests", r.form(id, "name", "Grete Holm", "email", "grete@example.net")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	if err := r.server.Outside.Send(t.Context(), outreach.SendArgs{LetterID: 1}); err != nil {
		t.Fatal(err)
	}
	all := server.Letters()
	if len(all) != 1 || all[0].To[0] != "grete@example.net" {
		t.Fatalf("%+v", all)
	}
	text := unfolded(all[0].Data)
	refuses(t, text, r.Dossier(id).Claim.Text) // what is not public does not go by mail
	if w := r.guest(readLink.FindStringSubmatch(text)[1], nil); w.Code != http.StatusOK {
		t.Errorf("= %d", w.Code)
	}
}
