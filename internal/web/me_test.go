package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"factcheck/internal/mail/mailtest"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
)

// digests does the job of the letters twice, as a job may be done, sends each
// letter that waits twice, and returns those that arrived since the last time.
func (r *staffRoom) digests(server *mailtest.Server) []string {
	r.T.Helper()
	before := len(server.Letters())
	for range 2 {
		if err := r.server.Outside.Digests(r.T.Context(), outreach.DigestsArgs{}); err != nil {
			r.T.Fatal(err)
		}
	}
	for id := 1; id <= r.count("SELECT COALESCE(MAX(id), 0) FROM letters"); id++ {
		for range 2 {
			if err := r.server.Outside.Send(r.T.Context(), outreach.SendArgs{LetterID: int64(id)}); err != nil {
				r.T.Fatal(err)
			}
		}
	}
	var out []string
	for _, l := range server.Letters()[before:] {
		out = append(out, strings.Join(l.To, ",")+"\n"+unfolded(l.Data))
	}
	return out
}

func (r *staffRoom) wantsLetters(p review.Person, hour string) {
	r.T.Helper()
	if w := r.post(p, "/desk/me/digest", url.Values{"hour": {hour}}); w.Code != http.StatusSeeOther {
		r.T.Fatalf("hour %q = %d\n%s", hour, w.Code, w.Body)
	}
}

func TestALetterTellsOnceWhatWasNotRead(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	wants(t, r.read(r.Ana, "/desk/me"), "every day at 07:00 UTC", `<option value="">none</option>`)
	id := r.editing()
	r.done(r.Edith, id, review.Return, "note", "The minister called me.")
	if all := r.digests(server); len(all) != 0 {
		t.Fatalf("by default no letters come, and here are %d", len(all))
	}
	r.wantsLetters(r.Ana, "7")
	wants(t, r.read(r.Ana, "/desk/me"), `<option value="7" selected>`, "a letter at 07:00 UTC")
	if all := r.digests(server); len(all) != 0 {
		t.Fatalf("before seven o'clock: %q", all)
	}
	r.Pass(24 * time.Hour)
	all := r.digests(server)
	if len(all) != 1 {
		t.Fatalf("%d letters: %q", len(all), all)
	}
	wants(t, all[0], "ana@example.org", "Edith returned it", r.Dossier(id).Claim.Text, fmt.Sprintf("https://checks.example/desk/reviews/%d", id), "https://checks.example/desk/me")
	refuses(t, all[0], "minister", "List-Unsubscribe")
	r.Pass(24 * time.Hour)
	if all := r.digests(server); len(all) != 0 { // nobody has read it, and it was told
		t.Fatalf("told again: %q", all)
	}
	other := r.editing()
	r.done(r.Edith, other, review.Return, "note", "Again.")
	r.Pass(72 * time.Hour) // three days at once are one letter
	if all = r.digests(server); len(all) != 1 || strings.Contains(all[0], r.Dossier(id).Claim.Text) || !strings.Contains(all[0], r.Dossier(other).Claim.Text) {
		t.Errorf("the second letter: %q", all)
	}
	r.wantsLetters(r.Ana, "")
	r.done(r.Ana, other, review.Submit)
	r.done(r.Edith, other, review.Return, "note", "And again.")
	r.Pass(48 * time.Hour)
	if all = r.digests(server); len(all) != 0 {
		t.Errorf("none is wanted: %q", all)
	}
}

func TestWhatWasReadInTheAppComesInNoLetter(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	r.wantsLetters(r.Ana, "7")
	id := r.editing()
	r.done(r.Edith, id, review.Return, "note", "Again.")
	r.Pass(24 * time.Hour)
	if err := r.server.Outside.Digests(t.Context(), outreach.DigestsArgs{}); err != nil { // the letter is written, and waits
		t.Fatal(err)
	}
	page := r.read(r.Ana, "/desk/notices")
	r.post(r.Ana, "/desk/notices/read", formTo(t, page, "/desk/notices/read"))
	if all := r.digests(server); len(all) != 0 || r.count("SELECT COUNT(*) FROM letters WHERE event = 'digest' AND dropped <> ''") != 1 {
		t.Errorf("%q", all)
	}
}

func TestALetterNamesNoClaimThatIsUnderEmbargoOnHoldOrReadBlind(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	r.wantsLetters(r.Ben, "7")
	watched := func(id int64) int64 {
		if w := r.post(r.Ben, reviewPath(id)+"/watch", url.Values{"on": {"yes"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("watch = %d", w.Code)
		}
		return id
	}
	embargoed, held, plain := watched(r.researched()), watched(r.researched()), watched(r.researched())
	r.Do(embargoed, r.Edith, review.SetEmbargo, func(c *review.Command) { c.At = r.Now().Add(90 * 24 * time.Hour) })
	r.Do(held, r.Edith, review.PutOnHold, func(c *review.Command) { c.Hold, c.At = review.SourceSafety, r.Now().Add(90*24*time.Hour) })
	r.Do(plain, r.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.Urgent })
	r.decide("second_read", "yes")
	blind := watched(r.editing())
	r.Do(blind, r.Edith, review.SetPriority, func(c *review.Command) { c.Priority = review.Urgent })
	r.Pass(24 * time.Hour)
	all := r.digests(server)
	if len(all) != 1 {
		t.Fatalf("%d letters", len(all))
	}
	for name, id := range map[string]int64{"embargoed": embargoed, "held": held, "blind": blind} {
		d := r.Dossier(id)
		if strings.Contains(all[0], d.Claim.Text) || strings.Contains(all[0], d.Verdict.Summary) || !strings.Contains(all[0], fmt.Sprintf("Review %d, which is not told of in letters now", id)) {
			t.Errorf("%s:\n%s", name, all[0])
		}
	}
	wants(t, all[0], r.Dossier(plain).Claim.Text)
}

func TestAChoiceOfLettersThatCannotBeIsRefused(t *testing.T) {
	r := newStaff(t)
	refuses(t, r.read(r.Ana, "/desk/me"), "/desk/me/digest") // no mail server
	wants(t, r.read(r.Ana, "/desk/me"), "No mail server is set up")
	r.mails(t)
	for _, hour := range []string{"24", "-1", "seven", "1e1"} {
		if w := r.post(r.Ana, "/desk/me/digest", url.Values{"hour": {hour}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Choose a full hour") {
			t.Errorf("hour %q = %d", hour, w.Code)
		}
	}
}

func interest(kind, subject string) url.Values {
	return url.Values{"kind": {kind}, "subject": {subject}, "since": {""}, "until": {""}, "note": {"My <b>sister</b> works there."}}
}

func (r *staffRoom) declares(p review.Person, kind, subject string) {
	r.T.Helper()
	if w := r.post(p, "/desk/me/interests", interest(kind, subject)); w.Code != http.StatusSeeOther {
		r.T.Fatalf("%s declares %q = %d\n%s", p.Name, subject, w.Code, w.Body)
	}
}

func TestWhoHasDeclaredAnInterestStaysOutOfIt(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 4%") // by Lena Marsh
	r.Do(id, r.Edith, review.Accept, func(c *review.Command) { c.Claim = whole(r.Dossier(id)) })
	r.declares(r.Ana, "speaker", " lena  MARSH")
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, "You have declared an interest in lena MARSH, so somebody else has to do this.")
	if w := r.move(r.Ana, id, review.Take); w.Code != http.StatusForbidden || r.Dossier(id).Review.State != review.Queued {
		t.Errorf("taking it = %d", w.Code)
	}
	r.refused(r.Edith, id, review.Assign, http.StatusUnprocessableEntity, "Ana has declared an interest in lena MARSH. Choose somebody else", "assignee", fmt.Sprint(r.Ana.ID))
	wants(t, r.read(r.Edith, reviewPath(id)), "Ana has declared an interest in lena MARSH, and neither writes nor judges this.")
	refuses(t, r.read(r.Ben, reviewPath(id)), "has declared an interest")
	other := r.ClaimIn(r.Article("She said that it rained."), "it rained", "Ada Quill")
	r.Do(other, r.Edith, review.Accept, func(c *review.Command) { c.Claim = whole(r.Dossier(other)) })
	r.done(r.Ana, other, review.Take) // it has nothing to do with that one

	list := r.read(r.Edith, "/desk/interests")
	wants(t, list, "<b>Ana</b>", "lena MARSH", "My &lt;b&gt;sister&lt;/b&gt; works there.")
	if w := r.get(r.Ben, "/desk/interests"); w.Code != http.StatusForbidden {
		t.Errorf("a colleague asks what others have declared = %d", w.Code)
	}
	for p, want := range map[*review.Person]int{&r.Ben: http.StatusNotFound, &r.Edith: http.StatusNotFound, &r.Ana: http.StatusSeeOther} {
		if w := r.post(*p, "/desk/me/interests/1/end", nil); w.Code != want {
			t.Errorf("%s ends it = %d, want %d", p.Name, w.Code, want)
		}
	}
	if w := r.post(r.Ana, "/desk/me/interests/1/end", nil); w.Code != http.StatusConflict {
		t.Errorf("ended twice = %d", w.Code)
	}
	wants(t, r.read(r.Edith, "/desk/interests"), "lena MARSH", "ended") // it stays on record
	r.done(r.Ana, id, review.Take)
	audit := r.read(r.Stella, "/desk/audit")
	wants(t, audit, "declared an interest", "ended an interest that was declared")
	for _, a := range []review.Action{review.DeclareInterest, review.EndInterest} {
		if all := r.told(a); len(all) != 1 || strings.Contains(fmt.Sprint(all[0]), "sister") || strings.Contains(fmt.Sprint(all[0]), "MARSH") {
			t.Errorf("%s: %+v", a, all)
		}
	}
}

func TestAnInterestInATopicOrASideCountsToo(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell 4%")
	r.declares(r.Ben, "topic", "Public Transport")
	r.declares(r.Edith, "organisation", "Blue party")
	r.Researched(id)
	w := r.post(r.Ana, reviewPath(id)+"/claim", r.claimForm(id, "topics", " public  transport, health"))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("topics = %d\n%s", w.Code, w.Body)
	}
	r.refused(r.Omar, id, review.Assign, http.StatusUnprocessableEntity, "Ben has declared an interest in Public Transport", "assignee", fmt.Sprint(r.Ben.ID))
	r.done(r.Ana, id, review.Submit)
	if err := r.server.Sides.Set(t.Context(), r.Omar, r.Dossier(id).Claimant.ID, "BLUE Party"); err != nil {
		t.Fatal(err)
	}
	r.refused(r.Edith, id, review.Approve, http.StatusForbidden, "You have declared an interest in Blue party")
	r.done(r.Omar, id, review.Approve)
}

func TestAnInterestThatCannotBeComesBackWithWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	for name, f := range map[string]url.Values{
		"Choose what":        interest("planet", "Mars"),
		"Name the speaker":   interest("speaker", "  "),
		"is not a date":      {"kind": {"topic"}, "subject": {"Ports & ships"}, "since": {"soon"}},
		"ends before it":     {"kind": {"topic"}, "subject": {"Ports & ships"}, "since": {"2026-02-02"}, "until": {"2026-01-01"}},
		"does not belong to": {"kind": {"topic"}, "subject": {"Ports & ships"}, "person_id": {"1"}},
	} {
		w := r.post(r.Ana, "/desk/me/interests", f)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), name) || strings.TrimSpace(f.Get("subject")) == "Ports & ships" && !strings.Contains(w.Body.String(), `value="Ports &amp; ships"`) {
			t.Errorf("%s = %d\n%s", name, w.Code, sentences(w.Body.String()))
		}
	}
	if n := r.count("SELECT COUNT(*) FROM interests"); n != 0 {
		t.Errorf("%d were kept", n)
	}
}

// claimForm is the form of a claim as its page has it, with some fields changed.
func (r *staffRoom) claimForm(id int64, pairs ...string) url.Values {
	r.T.Helper()
	f := formTo(r.T, r.read(r.Ana, reviewPath(id)), reviewPath(id)+"/claim")
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

func TestTopicsNarrowTheQueueDownAndAreInTheBalance(t *testing.T) {
	r := newStaff(t)
	id, other := r.Claim("crime fell 4%"), r.Claim("crime fell 5%")
	r.Researched(id)
	r.Researched(other)
	if w := r.post(r.Ana, reviewPath(id)+"/claim", r.claimForm(id, "topics", "Crime, <i>police</i>")); w.Code != http.StatusSeeOther {
		t.Fatalf("topics = %d\n%s", w.Code, w.Body)
	}
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, `value="Crime, &lt;i&gt;police&lt;/i&gt;"`, `href="/desk/queue?state=research&amp;topic=Crime">Crime</a>`)
	list := r.read(r.Ana, "/desk/queue?state=research&topic=CRIME")
	if !strings.Contains(list, reviewPath(id)+"?") || strings.Contains(list, reviewPath(other)+"?") || !strings.Contains(list, `value="CRIME"`) {
		t.Errorf("narrowed down:\n%s", sentences(list))
	}
	if w := r.get(r.Ana, "/desk/queue?state=research&topic="+strings.Repeat("x", 300)); w.Code != http.StatusNotFound {
		t.Errorf("a long topic = %d", w.Code)
	}
	balance := r.read(r.Vera, "/desk/balance")
	wants(t, balance, "By topic", "no topic said", ">Crime</th><td>1</td><td>1</td><td>0</td><td>0</td>", "&lt;i&gt;police&lt;/i&gt;")
	if w := r.post(r.Ana, reviewPath(id)+"/claim", r.claimForm(id, "topics", strings.Repeat("x", 61))); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "A topic is at most 60 characters") {
		t.Errorf("a long topic = %d", w.Code)
	}
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	wants(t, r.read(review.Person{}, "/checks/"+r.Dossier(id).Live.Slug), `"keywords": [`, `"Crime"`)
}

func TestReadersFindWhatIsPublishedAboutATopic(t *testing.T) {
	onBoth(t, func(t *testing.T, r *staffRoom) {
		id, other := r.researched(), r.researched()
		for of, topics := range map[int64]string{id: "Public <i>transport</i>, …", other: "Crime"} {
			if w := r.post(r.Ana, reviewPath(of)+"/claim", r.claimForm(of, "topics", topics)); w.Code != http.StatusSeeOther {
				t.Fatalf("topics = %d\n%s", w.Code, w.Body)
			}
		}
		reader := review.Person{}
		const page = "/topics/public-i-transport-i"
		if w := r.get(reader, page); w.Code != http.StatusNotFound { // a draft has no topic yet
			t.Errorf("before it is published: %d", w.Code)
		}
		for _, of := range []int64{id, other} {
			r.done(r.Ana, of, review.Submit)
			r.done(r.Edith, of, review.Approve)
			r.done(r.Edith, of, review.Publish)
		}
		slug := r.Dossier(id).Live.Slug
		wants(t, r.read(reader, "/checks/"+slug), `<a href="`+page+`" dir="auto">Public &lt;i&gt;transport&lt;/i&gt;</a>`, `<span dir="auto">…</span>`)
		wants(t, r.read(reader, page), "Public &lt;i&gt;transport&lt;/i&gt;", "/checks/"+slug+`"`, page+"/feed.xml")
		for _, path := range []string{page, page + "/feed.xml", page + "/feed.json"} {
			body := r.read(reader, path)
			wants(t, body, "/checks/"+slug)
			refuses(t, body, r.Dossier(other).Live.Slug, "<i>")
		}
		if w := r.get(reader, "/topics/nothing"); w.Code != http.StatusNotFound {
			t.Errorf("a topic that there is not: %d", w.Code)
		}
		wants(t, r.read(r.Vera, "/desk/balance"), "Published ratings by topic", ">Crime</th><td>Mostly true</td><td>1</td>")
		found := r.read(r.Ana, "/desk/search?topic=crime")
		wants(t, found, reviewPath(other)+`"`, "/checks/"+r.Dossier(other).Live.Slug, `value="crime"`)
		refuses(t, found, reviewPath(id)+`"`, "/checks/"+slug)
		wants(t, r.read(r.Ana, "/desk/search?q=crime&kind=claim"), reviewPath(other)+`"`) // no word of the claim: its topic
		r.Do(id, r.Edith, review.Correct, func(c *review.Command) { c.Correction, c.AssigneeID = review.Fix, r.Ana.ID })
		r.post(r.Ana, reviewPath(id)+"/claim", r.claimForm(id, "topics", "Trams"))
		if w := r.get(reader, "/topics/trams"); w.Code != http.StatusNotFound {
			t.Errorf("a topic that is only in a correction: %d", w.Code)
		}
	})
}
