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

// done does an action by its form, which must succeed.
func (r *staffRoom) done(p review.Person, id int64, a review.Action, pairs ...string) {
	r.T.Helper()
	if w := r.move(p, id, a, pairs...); w.Code != http.StatusSeeOther {
		r.T.Fatalf("%s by %s %q = %d\n%s", a, p.Name, pairs, w.Code, sentences(w.Body.String()))
	}
}

// refused does an action that must be refused with that status and those words,
// and write nothing.
func (r *staffRoom) refused(p review.Person, id int64, a review.Action, code int, words string, pairs ...string) {
	r.T.Helper()
	before, events := r.Dossier(id).Review, r.events(id)
	w := r.move(p, id, a, pairs...)
	if w.Code != code || !strings.Contains(w.Body.String(), words) {
		r.T.Errorf("%s by %s %q = %d, want %d with “%s”\n%s", a, p.Name, pairs, w.Code, code, words, sentences(w.Body.String()))
	}
	if after := r.Dossier(id).Review; after != before || r.events(id) != events {
		r.T.Errorf("%s by %s was refused, and something was written", a, p.Name)
	}
}

// sentences is what a page says when a form failed.
func sentences(page string) string {
	_, page, _ = strings.Cut(page, `role="alert"`)
	page, _, _ = strings.Cut(page, "</section>")
	return page
}

// editing is a review with the editors: Ana wrote it, mostly true.
func (r *staffRoom) editing() int64 {
	r.T.Helper()
	id := r.researched()
	r.done(r.Ana, id, review.Submit)
	return id
}

// published is a review that readers see.
func (r *staffRoom) published() int64 {
	r.T.Helper()
	id := r.editing()
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	return id
}

// utc is a time from now on as a form sends it.
func (r *staffRoom) utc(in time.Duration) string { return r.Now().Add(in).Format("2006-01-02T15:04") }

func TestASecondReadingIsBlindUntilItIsGiven(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	r.Verdict(id, r.Ana, "mostly_true", "zzsummary: it is about right.")
	r.Do(id, r.Ana, review.SaveVerdict, func(c *review.Command) {
		c.Verdict = &review.VerdictDraft{Rating: "mostly_true", Summary: "zzsummary: it is about right.", Rationale: "The table [1] says so, hence Mostly  true, or mostly true. The audit [2].", NoConflict: true}
	})
	r.done(r.Ana, id, review.Submit, "note", "zznote: I would stay with it.")
	hides := []string{"zzsummary", "zznote", "mostly true.", "verdict-box rating-4"}
	shows := []string{"The table <a", "Hidden", "Give a second reading", "▒▒▒▒", "a table of numbers"}

	page := r.read(r.Ben, reviewPath(id)+"/read")
	refuses(t, page, hides...)
	wants(t, page, shows...)
	wants(t, r.read(r.Ben, reviewPath(id)), "zzsummary", `href="`+reviewPath(id)+`/read"`) // nobody asked for it to be blind

	r.decide("second_read", "yes")
	for _, p := range []review.Person{r.Ben, r.Edith, r.Omar} {
		page := r.read(p, reviewPath(id))
		refuses(t, page, hides...)
		wants(t, page, shows...)
		refuses(t, page, `id="form-verdict"`)
	}
	if w := r.get(r.Ben, reviewPath(id)+"/preview"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != reviewPath(id)+"/read" {
		t.Errorf("what readers would see, to somebody who may read it blind = %d", w.Code)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "zzsummary")  // she wrote it
	wants(t, r.read(r.Vera, reviewPath(id)), "zzsummary") // she cannot read it for anybody

	r.refused(r.Edith, id, review.Approve, http.StatusUnprocessableEntity, "read by a second person first")
	w := r.move(r.Ben, id, review.SecondRead, "note", "typed note")
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a reading without a rating = %d", w.Code)
	}
	wants(t, w.Body.String(), "Choose the rating that you would give.", "typed note</textarea>")
	refuses(t, w.Body.String(), hides...)

	r.done(r.Ben, id, review.SecondRead, "rating", "mostly_true", "note", "So it is.")
	wants(t, r.read(r.Ben, reviewPath(id)), "zzsummary", "Ben</b> would rate it", "and agrees")
	r.refused(r.Ben, id, review.SecondRead, http.StatusForbidden, "You have read this round", "rating", "false")
	r.done(r.Edith, id, review.Approve)
}

func TestADisagreementIsAnsweredInWriting(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	r.refused(r.Ana, id, review.SecondRead, http.StatusForbidden, "someone else has to read it", "rating", "false")
	if w := r.get(r.Ana, reviewPath(id)+"/read"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "someone else has to read it") {
		t.Errorf("the author's own page for reading = %d", w.Code)
	}
	r.done(r.Ben, id, review.SecondRead, "rating", "false", "note", "The audit is newer.")
	page := r.read(r.Edith, reviewPath(id))
	wants(t, page, "A second reader would rate it otherwise", "and disagrees", "The audit is newer.", "Nobody has resolved it yet.", "Resolve the disagreement")
	r.refused(r.Edith, id, review.Approve, http.StatusUnprocessableEntity, "An editor has to resolve that in writing.")
	r.refused(r.Edith, id, review.ResolveRead, http.StatusUnprocessableEntity, "Say why", "note", " ")
	r.done(r.Edith, id, review.ResolveRead, "note", "It measures something else.")
	wants(t, r.read(r.Ben, reviewPath(id)), "Edith resolved it", "It measures something else.")
	r.done(r.Edith, id, review.Approve)
}

func TestWhatIsScheduledIsPublishedAtItsTimeAndNotBefore(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	r.done(r.Edith, id, review.Approve)
	for at, words := range map[string]string{"": "Choose a time in the future.", "2020-01-01T10:00": "Choose a time in the future.", "tomorrow": "is not a time"} {
		r.refused(r.Edith, id, review.Schedule, http.StatusUnprocessableEntity, words, "at", at)
	}
	r.done(r.Edith, id, review.Schedule, "at", r.utc(10*time.Minute))
	wants(t, r.read(r.Ana, reviewPath(id)), "To be published", "scheduled by Edith", `class="state s-scheduled"`)
	wants(t, r.read(r.Ana, "/desk/queue?state=scheduled"), "to be published")
	r.refused(r.Edith, id, review.Publish, http.StatusUnprocessableEntity, "Take it off the schedule to publish it now.")
	if n, err := r.Reviews.PublishDue(context.Background()); n != 0 || err != nil {
		t.Errorf("before its time %d were published, %v", n, err)
	}
	for range 1200 {
		r.Now()
	}
	if n, err := r.Reviews.PublishDue(context.Background()); n != 1 || err != nil {
		t.Errorf("at its time %d were published, %v", n, err)
	}
	if d := r.Dossier(id); d.Review.State != review.Published || d.Live == nil || !d.Review.ScheduledAt.IsZero() {
		t.Errorf("%+v", d.Review)
	}
}

func TestAnEmbargoAndAHoldKeepItFromReaders(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	r.refused(r.Edith, id, review.PutOnHold, http.StatusUnprocessableEntity, "Choose why this is put on hold.")
	r.done(r.Stella, id, review.PutOnHold, "hold", "legal", "note", "The lawyer reads it.", "at", r.utc(5*time.Hour))
	wants(t, r.read(r.Ana, reviewPath(id)), "On hold: legal (The lawyer reads it), until")
	wants(t, r.read(r.Ana, "/desk/queue?flag=held"), "on hold: legal", "with the editors")
	r.refused(r.Edith, id, review.Approve, http.StatusUnprocessableEntity, "Lift the hold first.")
	r.refused(r.Ben, id, review.LiftHold, http.StatusForbidden, "Your role cannot do this.", "note", "x")
	r.done(r.Edith, id, review.LiftHold, "note", "It can go.")
	wants(t, r.read(r.Ana, "/desk/queue?flag=held"), "Nothing is on hold.")

	r.done(r.Edith, id, review.SetEmbargo, "at", r.utc(4*time.Hour))
	r.done(r.Edith, id, review.Approve)
	r.refused(r.Edith, id, review.Publish, http.StatusUnprocessableEntity, "Under embargo until")
	r.refused(r.Edith, id, review.Schedule, http.StatusUnprocessableEntity, "The embargo ends", "at", r.utc(time.Hour))
	r.done(r.Edith, id, review.Schedule, "at", r.utc(5*time.Hour))
}

func TestARetractionTakesTwoSignaturesAndKeepsItsAddress(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	r.refused(r.Stella, id, review.Retract, http.StatusForbidden, "An editor signs a retraction first.", "retraction", "legal", "note", "x")
	r.refused(r.Edith, id, review.Retract, http.StatusUnprocessableEntity, "Choose why this is withdrawn.", "note", "typed")
	r.refused(r.Edith, id, review.Retract, http.StatusUnprocessableEntity, "Tell readers why", "retraction", "legal")
	r.done(r.Edith, id, review.Retract, "retraction", "wrong_verdict", "note", "We had read the wrong column.")
	wants(t, r.read(r.Ana, reviewPath(id)), "Edith has signed a retraction (the verdict was wrong)", "We had read the wrong column.")
	wants(t, r.read(r.Stella, "/desk"), "a retraction waits for its second signature")
	wants(t, r.read(r.Ana, "/desk/queue?flag=to_sign"), "a retraction waits for its second signature")
	refuses(t, r.read(review.Person{}, "/checks/"+slug), "Retracted")
	r.refused(r.Edith, id, review.Retract, http.StatusForbidden, "You have signed this retraction.")
	wants(t, r.read(r.Stella, reviewPath(id)), "Sign and retract it now", "With your signature")
	r.done(r.Stella, id, review.Retract)

	page := r.read(review.Person{}, "/checks/"+slug)
	wants(t, page, `tombstone-word">Retracted`, "The verdict was wrong.", "We had read the wrong column.", "Edith", "Stella", `href="/checks/`+slug+`/editions/1"`)
	refuses(t, page, "ld+json", "noindex", "It is about right.", "Mostly true")
	old := r.read(review.Person{}, "/checks/"+slug+"/editions/1")
	wants(t, old, "This check was retracted", "It is about right.")
	wants(t, r.read(review.Person{}, "/"), "Retracted")
	refuses(t, r.read(review.Person{}, "/"), "Mostly true")
	wants(t, r.read(review.Person{}, "/corrections"), "Retraction", "We had read the wrong column.")
	wants(t, r.read(review.Person{}, "/feeds/checks.xml"), "<title>Retracted: ", "We had read the wrong column.")
	wants(t, r.read(review.Person{}, "/feeds/checks.json"), `"title": "Retracted: `)
	wants(t, r.read(review.Person{}, "/feeds/corrections.xml"), "<title>Retraction: ", slug+"/editions/2")
	wants(t, r.read(review.Person{}, "/sitemap.xml"), "https://checks.example/checks/"+slug)
	if w := r.get(review.Person{}, "/checks/"+slug+"/claimreview.json"); w.Code != http.StatusNotFound {
		t.Errorf("the ClaimReview of a retracted check = %d", w.Code)
	}
	r.done(r.Edith, id, review.Reinstate, "note", "The column was right.", "assignee", fmt.Sprint(r.Ben.ID))
	if d := r.Dossier(id); d.Review.State != review.Research || d.Review.AssigneeID != r.Ben.ID {
		t.Errorf("%+v", d.Review)
	}
	wants(t, r.read(review.Person{}, "/checks/"+slug), "Retracted") // until there is a new edition
}

func TestAMergedReviewLeadsToTheOtherAndBack(t *testing.T) {
	r := newStaff(t)
	a := r.Article("The mayor said that crime fell by 12 percent. Crime in the city fell by 12 percent, she said again.\n")
	into, id := r.ClaimIn(a, "crime fell by 12 percent", "Lena Marsh"), r.ClaimIn(a, "Crime in the city fell by 12 percent", "Lena Marsh")
	page := r.read(r.Edith, reviewPath(id))
	wants(t, page, "In the same article or by the same claimant", fmt.Sprintf(`href="/desk/reviews/%d"`, into), "crime fell by 12 percent</a>")
	r.refused(r.Edith, id, review.Merge, http.StatusUnprocessableEntity, "Name the review of the same claim", "into", "")
	r.refused(r.Edith, id, review.Merge, http.StatusUnprocessableEntity, "cannot be merged into itself", "into", fmt.Sprint(id))
	r.refused(r.Edith, id, review.Merge, http.StatusUnprocessableEntity, "Name the review of the same claim", "into", "999")
	r.refused(r.Edith, id, review.Merge, http.StatusUnprocessableEntity, "is not the number of a review", "into", "the other", "note", "typed")
	r.done(r.Edith, id, review.Merge, "into", fmt.Sprint(into), "note", "The same sentence.")

	w := r.get(r.Ana, reviewPath(id))
	to := fmt.Sprintf("/desk/reviews/%d?merged_from=%d", into, id)
	if w.Code != http.StatusPermanentRedirect || w.Header().Get("Location") != to || !strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("a merged review = %d to %q, %q", w.Code, w.Header().Get("Location"), w.Header().Get("Cache-Control"))
	}
	wants(t, r.read(r.Ana, to), fmt.Sprintf("Review %d is the same claim", id), "2 places")
	refuses(t, r.read(r.Ana, fmt.Sprintf("/desk/reviews/%d?merged_from=%d", into, id+100)), "is the same claim, and was merged") // nobody is told what is not so
	wants(t, r.read(r.Stella, reviewPath(id)+"?merged=1"), "merged into it", "Undo the merge", "went along with the merge")
	wants(t, r.read(r.Ana, "/desk/queue?state=merged"), "Crime in the city")
	r.refused(r.Edith, id, review.Unmerge, http.StatusForbidden, "Your role cannot do this.", "note", "x")
	r.done(r.Stella, id, review.Unmerge, "note", "Not the same city.")
	if d := r.Dossier(id); d.Review.State != review.Triage || len(d.Places) != 1 || len(r.Dossier(into).Places) != 1 {
		t.Errorf("%+v with %d places", d.Review, len(d.Places))
	}
	r.read(r.Ana, reviewPath(id))
}

func TestPublishingWithoutASecondReviewIsToldAndLookedBackAt(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	r.refused(r.Stella, id, review.BreakGlass, http.StatusForbidden, "does not let you publish without a second review", "note", "x")
	refuses(t, r.read(r.Stella, reviewPath(id)), "Publish without a second review")
	r.decide(fmt.Sprintf("overrider_%d", r.Stella.ID), "yes")
	wants(t, r.read(r.Stella, reviewPath(id)), "Publish without a second review")
	r.refused(r.Stella, id, review.BreakGlass, http.StatusUnprocessableEntity, "Say why", "note", "")
	r.done(r.Stella, id, review.BreakGlass, "note", "The polls close at six.")

	slug := r.Dossier(id).Live.Slug
	wants(t, r.read(review.Person{}, "/checks/"+slug), "Published without a second review", "Stella", "The polls close at six.")
	wants(t, r.read(review.Person{}, "/"), "Published without a second review")
	wants(t, r.read(review.Person{}, "/feeds/checks.xml"), "Published without a second review")
	wants(t, r.read(r.Ana, reviewPath(id)), "Stella published it without a second review", "That is due by")
	wants(t, r.read(r.Edith, "/desk"), "to be looked back at by")
	wants(t, r.read(r.Ana, "/desk/queue?flag=look_back"), "to be looked back at by")
	r.refused(r.Stella, id, review.LookBack, http.StatusForbidden, "Your role cannot do this.", "note", "x")
	r.done(r.Edith, id, review.LookBack, "note", "I would have approved it.")
	wants(t, r.read(r.Ana, "/desk/queue?flag=look_back"), "nobody has looked back at")
	wants(t, r.read(review.Person{}, "/checks/"+slug), "Published without a second review") // it stays so
}

func TestARefusedMoveKeepsWhatWasTypedInItsOwnForm(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	w := r.move(r.Edith, id, review.PutOnHold, "hold", "legal", "at", "2001-02-03T04:05", "note", "typed words")
	wants(t, w.Body.String(), "Choose an end in the future", `value="2001-02-03T04:05"`, `value="legal" selected`, "typed words</textarea>")
	f := r.form(id, "action", "hold", "hold", "legal", "note", "typed words", "at", "")
	r.done(r.Omar, id, review.SetRisk, "risk", "high") // meanwhile
	w = r.post(r.Edith, reviewPath(id)+"/moves", f)
	if w.Code != http.StatusConflict {
		t.Errorf("a stale form = %d", w.Code)
	}
	wants(t, w.Body.String(), "Omar</b> set the risk", "typed words</textarea>", `value="legal" selected`)
}

func TestMovesOfOthersAreNotMine(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	for _, a := range []review.Action{review.PutOnHold, review.SetEmbargo, review.SetRisk, review.Merge, review.BreakGlass, review.Approve, review.Return} {
		for _, p := range []review.Person{r.Vera, r.Adam, r.Ben} {
			w := r.move(p, id, a, "note", "x")
			if w.Code != http.StatusForbidden && w.Code != http.StatusConflict && w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s by %s = %d", a, p.Name, w.Code)
			}
		}
	}
	if d := r.Dossier(id); d.Review.State != review.Editing || d.Standing() != 0 || d.Review.Hold != "" {
		t.Errorf("%+v", d.Review)
	}
}
