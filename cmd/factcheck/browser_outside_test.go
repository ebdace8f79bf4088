package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"factcheck/internal/jobs"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
)

// guestReads has somebody without an account read a verdict by a link: once, on
// a phone; and tries a link that was revoked, and one that has run out.
func guestReads(t *testing.T, r *room) {
	id := r.Claim("one ship in five was counted twice")
	r.Researched(id)
	r.Do(id, r.Ana, review.Submit)
	expired := r.invitedLongAgo(t, id)

	edith := r.sits(t, r.Edith)
	invites := func(name, mail string) string {
		t.Helper()
		edith.open(workOf(id))
		edith.unfold("Ask somebody outside to read it")
		edith.fill("#form-invite [name=name]", name)
		edith.fill("#form-invite [name=email]", mail)
		edith.go200("Ask for a second reading")
		edith.sees(name)
		return linkIn(t, r.letter(t, mail), "/second-read/")
	}
	link, revoked := invites("Grete Holm", "grete@example.net"), invites("Piet Aas", "piet@example.net")
	edith.picture("92-outside-readers")
	edith.load("revoking", chromedp.Click(`//li[contains(., "Piet Aas")]//button[text()="Revoke the link"]`))
	edith.sees("you revoked")

	grete := r.visits(t)
	grete.size(phone, hand)
	grete.open(link)
	grete.sees("A second reading by Grete Holm", "one ship in five was counted twice", "How would you rate it?")
	grete.seesNot("It is about right.", "Ana")
	grete.fits("the page of a guest")
	grete.accessible("the page of a guest", readAxe(grete))
	grete.shot("93-guest-360")
	grete.tick("[name=rating][value=mostly_true]")
	grete.fill("[name=note]", "I would have written the same.")
	grete.go200("Send this reading")
	grete.sees("Thank you.", "You agree.")
	grete.picture("94-guest-thanks")
	grete.open(link) // a second use
	grete.sees("Thank you.")
	if grete.count("form") != 0 {
		grete.fatal("a guest can answer twice")
	}
	for name, bad := range map[string]string{"revoked": revoked, "expired": expired} {
		grete.expect(404)
		if status := grete.status(bad); status != 404 {
			grete.fatal("a link that was %s answers %d", name, status)
		}
		grete.sees("This link is not good any more.")
		grete.shot("95-link-" + name)
	}

	edith.open(workOf(id))
	edith.sees("Grete Holm", "has answered", "I would have written the same.")
	edith.send("#form-approve button")
	edith.go200("Publish now")
	edith.sees("readers see edition 1")
}

// invitedLongAgo is the path of a link whose time is over.
func (r *room) invitedLongAgo(t *testing.T, id int64) string {
	t.Helper()
	past := func() time.Time { return time.Now().Add(-review.GuestLife - time.Hour) }
	old := &outreach.Service{
		Store: r.store(), Reviews: &review.Service{Store: r.store(), Now: past}, Jobs: &jobs.Queue{Store: r.store(), Now: past},
		Name: "The desk", BaseURL: siteURL, Now: past,
	}
	cmd := review.Command{ReviewID: id, Version: r.Dossier(id).Review.Version, Action: review.InviteReader, Actor: r.Edith, Invite: &review.GuestDraft{Name: "Late Reader"}}
	if _, err := old.Invite(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
	l, err := old.CopyInvitation(t.Context(), r.Edith, id, r.Dossier(id).Guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return linkIn(t, l.Text, "/second-read/")
}

// subscriberIsTold has a reader ask to be told of corrections: one letter for
// each, none before the address was confirmed, none after.
func subscriberIsTold(t *testing.T, r *room) {
	const mail = "reader@example.net"
	id := r.Claim("the new quay is 300 metres long")
	live := r.Published(id)
	edith := r.sits(t, r.Edith)
	corrects := func(summary, note string) {
		t.Helper()
		r.Do(id, r.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID, c.Note = review.Fix, r.Ana.ID, note })
		r.Verdict(id, r.Ana, "mostly_true", summary)
		r.Do(id, r.Ana, review.Submit)
		edith.open(workOf(id))
		edith.send("#form-approve button")
		edith.go200("Publish now")
	}

	reader := r.visits(t)
	reader.open("/checks/" + live.Slug)
	reader.load("the link to subscribe", chromedp.Click(chromedp.CSS(`a[href$="/subscribe"]`)))
	reader.fill("[name=email]", mail)
	reader.picture("96-subscribe")
	reader.send("main form button")
	reader.shot("96-subscribed")
	corrects("It is 290 metres long.", "We had rounded.") // not confirmed: nobody is told
	confirm := r.letter(t, mail)
	reader.open(linkIn(t, confirm, "/subscriptions/confirm/"))
	reader.picture("97-confirm")
	reader.go200("Yes, tell me")
	corrects("It is 292 metres long.", "We had measured the wrong side.")
	first := r.letter(t, mail)
	corrects("It is 292 metres and 40 centimetres long.", "We had left out the step.")
	second := r.letter(t, mail)
	for letter, note := range map[string]string{first: "We had measured the wrong side.", second: "We had left out the step."} {
		if !strings.Contains(letter, note) || strings.Contains(letter, "We had rounded.") {
			t.Errorf("the letter does not tell of %q alone:\n%s", note, letter)
		}
	}
	reader.open(linkIn(t, second, "/checks/"))
	reader.sees("We had left out the step.")
	reader.open(linkIn(t, second, "/subscriptions/end/"))
	reader.picture("98-end")
	reader.go200("No more mail")
	corrects("It is 292.4 metres long.", "The same in one unit.")
}

// complaintToCorrection follows a reader’s report from the foot of a check to
// the note above it.
func complaintToCorrection(t *testing.T, r *room) {
	const mail, wrong = "ann@example.net", "The table says 11 percent, not 12."
	id := r.Claim("arrivals rose by 12 percent")
	live := r.Published(id)

	ann := r.visits(t)
	ann.size(phone, hand)
	ann.open("/checks/" + live.Slug)
	ann.load("the link to complain", chromedp.Click(chromedp.CSS(`main a[href*="/complain"]`)))
	ann.fill("[name=text]", wrong)
	ann.fill("[name=email]", mail)
	ann.fits("the form for a complaint")
	ann.shot("99-complain-360")
	ann.go200("Send this report")
	ann.sees("Thank you", "within 48 hours")

	ben := r.sits(t, r.Ben)
	ben.open("/desk/complaints")
	ben.sees(wrong, "nobody has taken it")
	ben.load("the complaint", chromedp.Click(`//main//a[contains(., "11 percent")]`))
	page := ben.path()
	ben.go200("Take it for a second look")
	ben.fill("[name=note]", "The table does say 11 percent.")
	ben.go200("Put this on record")
	ben.shot("99-found")

	stella := r.sits(t, r.Stella)
	stella.open(page)
	stella.sees("The table does say 11 percent.")
	stella.tick("[name=outcome][value=upheld]")
	stella.fill("[name=note]", "We misread a row.")
	stella.picture("99-decide")
	stella.go200("Decide")
	stella.sees("upheld", "The check has not been corrected since.")
	if told := r.letter(t, mail); !strings.Contains(told, "We misread a row.") {
		t.Errorf("the reader is told:\n%s", told)
	}

	edith := r.sits(t, r.Edith)
	edith.open(page)
	edith.go200("Open a correction")
	edith.unfold("Correct this check")
	edith.do(chromedp.SetValue(chromedp.CSS("#form-correct [name=correction]"), string(review.Fix)))
	edith.fill("#form-correct [name=note]", "It was 11 percent.")
	edith.do(chromedp.SetValue(chromedp.CSS("#form-correct [name=assignee]"), fmt.Sprint(r.Ana.ID)))
	edith.send("#form-correct button")
	ana := r.sits(t, r.Ana)
	ana.open(workOf(id))
	ana.fill("#form-verdict [name=summary]", "Arrivals rose by 11 percent.")
	ana.send("#form-verdict .actions button")
	ana.go200("Send to an editor")
	edith.open(workOf(id))
	edith.send("#form-approve button")
	edith.go200("Publish now")

	edith.open(page)
	edith.sees("It led to", "edition 2")
	ann.size(wide, tall)
	ann.open("/checks/" + live.Slug)
	ann.sees("after a complaint by a reader", "It was 11 percent.", "Arrivals rose by 11 percent.")
	ann.shot("99-corrected")
}
