package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/web"
	"factcheck/ui"
)

func TestTheFirstDeskSaysWhatToDoFirst(t *testing.T) {
	r := newStaff(t)
	wants(t, r.read(r.Ana, "/desk"), "Paste an article or its address", `href="/desk/articles/new"`)
	wants(t, r.read(r.Ana, "/desk/articles"), "No article is here.")
	for _, s := range review.States {
		wants(t, r.read(r.Ana, "/desk/queue?state="+string(s)), "Add an article")
	}
}

func TestTheDeskListsWhatWaitsForWhom(t *testing.T) {
	r := newStaff(t)
	r.Claim("Proposed claim")
	mine := r.Claim("My research")
	r.Researched(mine)
	sent := r.Claim("Sent to editors")
	r.Researched(sent)
	r.Do(sent, r.Ana, review.Submit)

	page := r.read(r.Ana, "/desk")
	yours, others, open := strings.Index(page, "Your turn"), strings.Index(page, "Waiting for others"), strings.Index(page, "Unassigned")
	at := func(s string) int { return strings.Index(page, s) }
	if !(yours < at("My research") && at("My research") < others && others < at("Sent to editors") && at("Sent to editors") < open && open < at("Proposed claim")) {
		t.Error("the lists of Ana's desk hold the wrong claims")
	}
	page = r.read(r.Edith, "/desk")
	if at("Sent to editors") > at("Waiting for others") || strings.Count(page, "Sent to editors") != 1 {
		t.Error("what waits for an editor is not Edith's turn")
	}
	refuses(t, r.read(r.Vera, "/desk"), "Your turn")
}

func TestTheQueuePagesByKeyWithoutLosingOrRepeatingOne(t *testing.T) {
	r := newStaff(t)
	text := ""
	for i := range 60 {
		text += fmt.Sprintf("Claim number %03d stands here.\n", i)
	}
	a := r.Article(text)
	for i := range 60 {
		r.ClaimIn(a, fmt.Sprintf("Claim number %03d", i), "Lena Marsh")
	}
	seen := map[string]int{}
	next := regexp.MustCompile(`hx-get="(/desk/queue[^"]+)"`)
	path, pages := "/desk/queue", 0
	for ; path != "" && pages < 5; pages++ {
		page := r.read(r.Ana, path)
		for _, c := range regexp.MustCompile(`data-open>(Claim number \d+)<`).FindAllStringSubmatch(page, -1) {
			seen[c[1]]++
		}
		path = ""
		if m := next.FindStringSubmatch(page); m != nil {
			path = html.UnescapeString(m[1])
		}
	}
	if len(seen) != 60 || pages != 2 {
		t.Errorf("%d claims on %d pages", len(seen), pages)
	}
	for c, n := range seen {
		if n != 1 {
			t.Errorf("%s is listed %d times", c, n)
		}
	}
}

func TestListsThatAreNotThereSaySo(t *testing.T) {
	r := newStaff(t)
	for _, path := range []string{
		"/desk/queue?state=secret", "/desk/queue?after=x", "/desk/articles?before=x", "/desk/articles/99", "/desk/articles/x", "/desk/reviews/99",
		"/desk/reviews/-1", "/desk/reviews/9223372036854775808", "/desk/nothing",
	} {
		if w := r.get(r.Ana, path); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "There is nothing here") {
			t.Errorf("GET %s = %d", path, w.Code)
		}
	}
	if w := r.post(r.Ana, "/desk/articles/new", nil); w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Body.String(), "works another way") {
		t.Errorf("POST /desk/articles/new = %d", w.Code)
	}
}

func TestATriageIsOneFormThatSuggestsWhomTheArticleNames(t *testing.T) {
	r := newStaff(t)
	a := r.Article("The mayor, Ada Quill, claimed that crime fell by half.\n")
	i := strings.Index(a.Text, "crime fell by half")
	span, err := claims.SpanAt(a.Text, i, i+len("crime fell by half"))
	if err != nil {
		t.Fatal(err)
	}
	at := claims.Attribution{Type: claims.Indirect, Speaker: "The mayor", Canonical: "Ada Quill", Start: 0, End: 9, Cue: "claimed", CueStart: 22, CueEnd: 29}
	claimID, _, err := r.Store.AddClaim(context.Background(),
		claims.Claim{Text: "crime fell by half", Kind: claims.Quantity, Lang: "en", Fingerprint: "crime fell by half", CreatedAt: r.Now()}, claims.Claimant{},
		claims.Appearance{ArticleID: a.ID, Span: span, Attribution: at, Score: .9, Reasons: []string{"gives a number"}, AddedAt: r.Now()})
	if err != nil {
		t.Fatal(err)
	}
	id, err := r.Reviews.Open(context.Background(), claimID, .9, 0)
	if err != nil {
		t.Fatal(err)
	}
	page := r.read(r.Ana, reviewPath(id)+"?from=triage")
	wants(t, page, "as the article has it", `value="Ada Quill"`, "Proposed because: gives a number", `title="who says it">The mayor</span>`, `title="that it is said">claimed</span>`,
		`<mark class="s-triage">crime fell by half</mark>`, `href="/desk/queue?state=triage"`)
	f := formTo(t, page, reviewPath(id)+"/moves")
	f.Set("action", "accept")
	if f.Get("chosen") != "" {
		t.Errorf("the machine says %q for the person", f.Get("chosen"))
	}
	f.Set("chosen", "The council votes on it.")
	w := r.post(r.Ana, reviewPath(id)+"/moves", f)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != reviewPath(id)+"?from=triage" {
		t.Fatalf("accept = %d to %q\n%s", w.Code, w.Header().Get("Location"), w.Body)
	}
	d := r.Dossier(id)
	if d.Review.State != review.Queued || d.Claimant.Name != "Ada Quill" || d.Review.Chosen != "The council votes on it." {
		t.Errorf("%+v %+v", d.Review, d.Claimant)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "Done: you accepted it for checking.")
	refuses(t, r.read(r.Ana, reviewPath(id)), "Done:")
}

// TestTheWholeJourneyByForms fills in the forms as the pages show them, from
// triage to a correction.
func TestTheWholeJourneyByForms(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	path := reviewPath(id)
	send := func(p review.Person, to string, pairs ...string) {
		t.Helper()
		f := formTo(t, r.read(p, path), path+to)
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		if w := r.post(p, path+to, f); w.Code != http.StatusSeeOther {
			t.Fatalf("%s by %s %q = %d\n%s", to, p.Name, pairs, w.Code, w.Body)
		}
	}
	do := func(p review.Person, a review.Action, pairs ...string) {
		t.Helper()
		if w := r.move(p, id, a, pairs...); w.Code != http.StatusSeeOther {
			t.Fatalf("%s by %s = %d\n%s", a, p.Name, w.Code, w.Body)
		}
	}
	send(r.Ana, "/moves", "action", "accept", "chosen", "Both sides use it.")
	do(r.Ana, review.Take)
	send(r.Ana, "/evidence", "url", "https://stats.example.org/t", "quote", "12,4 %", "stance", "supports")
	r.Capture(id)
	send(r.Ana, "/evidence", "title", "Audit, page 3", "publisher", "The Audit Office", "stance", "refutes")
	send(r.Ana, "/evidence/2", "note", "Page 3, second table")
	send(r.Ana, "/verdict", "rating", "mostly_true", "summary", "About right.", "rationale", "See [1] and [2].", "no_conflict", "yes")
	do(r.Ana, review.Submit)
	wants(t, r.read(r.Omar, path), "Approve revision 1", "Mostly true", `href="#evidence-2"`, "Page 3, second table")
	do(r.Edith, review.Return, "note", "Cite the table.")
	wants(t, r.read(r.Ana, path), "Edith</b> returned it", "Cite the table.")
	send(r.Ana, "/verdict", "rationale", "See table 2 [1] and [2].")
	do(r.Ana, review.Submit)
	wants(t, r.read(r.Edith, path), "Changed since it came back", "<ins>table 2 </ins>")
	do(r.Edith, review.Approve)
	do(r.Edith, review.Publish)
	wants(t, r.read(r.Edith, path), "readers see edition 1", "Correct this check")
	do(r.Edith, review.Correct, "correction", "clarification", "note", "The table is for 2025.", "assignee", fmt.Sprint(r.Ben.ID))
	wants(t, r.read(r.Ben, path), "A correction is being prepared", "The table is for 2025.", "Ben works on it")
	if d := r.Dossier(id); d.Live == nil || d.Review.AssigneeID != r.Ben.ID || len(d.Evidence) != 2 {
		t.Errorf("%+v", d.Review)
	}
}

// TestButtonsAreWhatTheServerAllows compares the buttons of the page with
// Available, for every state and every person.
func TestButtonsAreWhatTheServerAllows(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	other := r.Claim("Crime fell by a tenth")
	steps := []func(){
		func() {}, func() { r.Do(id, r.Edith, review.Merge, func(c *review.Command) { c.IntoID = other }) }, func() { r.Do(id, r.Stella, review.Unmerge) },
		func() { r.Researched(id) }, func() { r.Do(id, r.Ana, review.Submit) },
		func() { r.Do(id, r.Ben, review.SecondRead, func(c *review.Command) { c.Rating = "false" }) },
		func() { r.Do(id, r.Edith, review.ResolveRead) },
		func() { r.Do(id, r.Edith, review.PutOnHold, func(c *review.Command) { c.Hold = review.LegalHold }) },
		func() { r.Do(id, r.Edith, review.LiftHold) },
		func() { r.Do(id, r.Edith, review.Approve) },
		func() {
			r.Do(id, r.Edith, review.Schedule, func(c *review.Command) { c.At = r.Now().Add(time.Hour) })
		},
		func() { r.Do(id, r.Edith, review.Unschedule) },
		func() { r.Do(id, r.Edith, review.Publish) },
		func() {
			r.Do(id, r.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.WrongVerdict })
		},
		func() {
			r.Do(id, r.Ana, review.Correct, func(c *review.Command) { c.Correction = review.Fix })
		},
		func() { r.Do(id, r.Edith, review.Abandon) },
		func() {
			r.Do(id, r.Edith, review.Retract, func(c *review.Command) { c.Retraction = review.WrongVerdict })
		},
		func() { r.Do(id, r.Stella, review.Retract) },
		func() { r.Do(id, r.Edith, review.Reinstate) },
	}
	for _, step := range steps {
		step()
		d := r.Dossier(id)
		d.AsOf = r.Now()
		for _, p := range []review.Person{r.Ana, r.Ben, r.Edith, r.Omar, r.Stella, r.Vera, r.Adam} {
			var want, got []string
			for _, o := range d.Available(p) {
				if !o.Action.HasOwnForm() && (len(o.Missing) == 0 || o.Action == review.Accept) {
					want = append(want, string(o.Action))
				}
			}
			page := parsed(t, r.read(p, reviewPath(id)+"?merged=1"))
			for _, b := range elements(page, "button") {
				if attr(b, "name") == "action" && !hasAttr(b, "disabled") {
					got = append(got, attr(b, "value"))
				}
			}
			for _, a := range elements(page, "a") {
				if attr(a, "href") == reviewPath(id)+"/read" { // the form is on a page without the rating
					got = append(got, string(review.SecondRead))
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: buttons %v, want %v", d.Review.State, p.Name, got, want)
			}
		}
	}
}

func TestNobodyApprovesTheirOwnAndIsToldWhy(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	r.Verdict(id, r.Omar, "false", "Not so.") // an editor may; then he is a contributor
	r.Do(id, r.Ana, review.Submit)
	wants(t, r.read(r.Omar, reviewPath(id)), "You wrote this verdict, so someone else has to approve it.")
	w := r.move(r.Omar, id, review.Approve)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "You wrote this verdict, so someone else has to approve it.") {
		t.Errorf("his own approval = %d", w.Code)
	}
	if d := r.Dossier(id); d.Standing() != 0 {
		t.Error("it counts")
	}
}

func TestEverythingMissingIsToldAtOnce(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Do(id, r.Ana, review.Accept, func(c *review.Command) {
		c.Claim = &review.ClaimDraft{Text: "Crime fell", Kind: claims.Quantity, Claimant: "Lena Marsh", ClaimantKind: claims.Person, Chosen: "Shared"}
	})
	r.Do(id, r.Ana, review.Take)
	all := []string{"Choose a rating.", "Write the summary", "Add evidence: a source", "Set the language of the claim.", "Declare that you have no conflict"}
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, append(all, "Before this can be published", "✓</span> attribution")...)
	w := r.move(r.Ana, id, review.Submit)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("submit = %d", w.Code)
	}
	notice := w.Body.String()[strings.Index(w.Body.String(), `class="alert"`):strings.Index(w.Body.String(), `class="claim-head"`)]
	wants(t, notice, all...)
}

func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	tests := []struct {
		name  string
		post  func() *httptest.ResponseRecorder
		wants []string
	}{
		{"dismissed without a reason", func() *httptest.ResponseRecorder { return r.move(r.Ana, id, review.Dismiss, "note", "typed note 1") },
			[]string{"Choose why this claim is not checked.", "typed note 1</textarea>"}},
		{"a claimant and nobody", func() *httptest.ResponseRecorder {
			f := formTo(t, r.read(r.Ana, reviewPath(id)), reviewPath(id)+"/moves")
			f.Set("unattributed", "yes")
			f.Set("chosen", "typed reason 2")
			f.Set("action", "accept")
			return r.post(r.Ana, reviewPath(id)+"/moves", f)
		}, []string{"not both", "typed reason 2</textarea>"}},
		{"a claim without words", func() *httptest.ResponseRecorder {
			f := formTo(t, r.read(r.Ana, reviewPath(id)), reviewPath(id)+"/moves")
			f.Set("text", "  ")
			f.Set("chosen", "typed reason 3")
			return r.post(r.Ana, reviewPath(id)+"/claim", f)
		}, []string{"Write the claim in words", "typed reason 3</textarea>"}},
		{"a day that is none", func() *httptest.ResponseRecorder {
			f := formTo(t, r.read(r.Ana, reviewPath(id)), reviewPath(id)+"/moves")
			f.Set("said_at", "2025-02-31")
			f.Set("chosen", "typed reason 4")
			return r.post(r.Ana, reviewPath(id)+"/claim", f)
		}, []string{"is not a date", "typed reason 4</textarea>", `value="2025-02-31"`}},
		{"text with a bad byte", func() *httptest.ResponseRecorder {
			return r.move(r.Ana, id, review.Dismiss, "note", "typed \xff note 5", "dismissal", "spam")
		}, []string{"not text", "typed \uFFFD note 5</textarea>"}},
		{"a very long note", func() *httptest.ResponseRecorder {
			return r.move(r.Ana, id, review.Dismiss, "dismissal", "spam", "note", strings.Repeat("x", review.MaxNote)+"typed end 6")
		}, []string{"at most 4000 fit", "typed end 6</textarea>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := r.events(id)
			w := tt.post()
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("status %d", w.Code)
			}
			wants(t, w.Body.String(), tt.wants...)
			if r.events(id) != before {
				t.Error("something was written")
			}
		})
	}
}

func TestRefusedEvidenceKeepsWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	w := r.post(r.Ana, reviewPath(id)+"/evidence", r.form(id, "url", "javascript:alert(1)", "quote", "typed quote", "stance", "refutes"))
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d", w.Code)
	}
	wants(t, w.Body.String(), "That is not a web address", "typed quote</textarea>", `value="javascript:alert(1)"`, `value="refutes" required checked`)
	e := r.Dossier(id).Evidence[0]
	w = r.post(r.Ana, fmt.Sprintf("%s/evidence/%d", reviewPath(id), e.ID), r.form(id, "number", "1", "title", "A table", "quote", "typed change", "stance", "sideways"))
	wants(t, w.Body.String(), "Say whether the source supports", "typed change</textarea>")
}

func TestAStaleVersionKeepsWhatWasTypedAndTellsWhatChanged(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(r.Ana, reviewPath(id)), path), "My own summary.")
	r.Verdict(id, r.Omar, "half_true", "Omar was here.")

	w := r.post(r.Ana, path, mine)
	if w.Code != http.StatusConflict {
		t.Fatalf("the stale form = %d\n%s", w.Code, w.Body)
	}
	page := w.Body.String()
	wants(t, page, "Someone was faster", "Omar</b> wrote the verdict", "My own summary.</textarea>", "Now in the record", "<p>Omar was here.</p>", "<p>Half true</p>",
		`href="#form-verdict"`)
	if r.Dossier(id).Verdict.Summary != "Omar was here." {
		t.Error("the stale form was written")
	}
	again := formTo(t, page, path)
	if again.Get("summary") != "My own summary." || again.Get("rating") != "false" || again.Get("version") == mine.Get("version") || again.Get("key") == mine.Get("key") {
		t.Errorf("the form comes back as %v", again)
	}
	if w := r.post(r.Ana, path, again); w.Code != http.StatusSeeOther {
		t.Errorf("sent knowingly = %d\n%s", w.Code, w.Body)
	}
	if d := r.Dossier(id); d.Verdict.Summary != "My own summary." || d.Verdict.Number != 3 {
		t.Errorf("%+v", d.Verdict)
	}
}

func TestOnlyWhatOthersChangedIsShownBesideWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(r.Ana, reviewPath(id)), path), "My own summary.")
	r.Evidence(id, r.Omar, "https://third.example.com/x", review.Context)
	page := r.post(r.Ana, path, mine).Body.String()
	wants(t, page, "Omar</b> added evidence", "My own summary.</textarea>")
	refuses(t, page, "Now in the record")
}

func TestEvidenceThatSomebodyElseChangedIsShownBesideWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	e := r.Dossier(id).Evidence[0]
	path := fmt.Sprintf("%s/evidence/%d", reviewPath(id), e.ID)
	mine := formTo(t, r.read(r.Ana, reviewPath(id)), path)
	mine.Set("quote", "my quotation")
	r.Do(id, r.Omar, review.EditEvidence, func(c *review.Command) {
		c.EvidenceID, c.Evidence = e.ID, &review.Evidence{URL: e.URL, Quote: "his quotation", Stance: review.Supports}
	})
	w := r.post(r.Ana, path, mine)
	if w.Code != http.StatusConflict {
		t.Errorf("status %d", w.Code)
	}
	wants(t, w.Body.String(), "my quotation</textarea>", "<p>his quotation</p>")
	now := r.Dossier(id).Evidence
	path = fmt.Sprintf("%s/evidence/%d", reviewPath(id), now[slices.IndexFunc(now, func(x review.Evidence) bool { return x.Number == e.Number })].ID)
	if w := r.post(r.Ana, path, formTo(t, w.Body.String(), path)); w.Code != http.StatusSeeOther {
		t.Errorf("sent knowingly = %d", w.Code)
	}
}

func TestAFormThatIsGoneStillShowsWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(r.Ana, reviewPath(id)), path), "My own summary.")
	r.Do(id, r.Ana, review.Submit)
	r.Do(id, r.Edith, review.Approve)
	r.Do(id, r.Edith, review.Publish)
	w := r.post(r.Ana, path, mine)
	if w.Code != http.StatusConflict {
		t.Errorf("status %d", w.Code)
	}
	wants(t, w.Body.String(), "This form is not here any more", "My own summary.</textarea>", "Edith</b> published it")
}

func TestAFormSentTwiceCountsOnce(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	f := formTo(t, r.read(r.Ana, reviewPath(id)), reviewPath(id)+"/evidence")
	f.Set("url", "https://third.example.com/x")
	f.Set("stance", "context")
	for range 2 {
		if w := r.post(r.Ana, reviewPath(id)+"/evidence", f); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", w.Code, w.Body)
		}
	}
	if n := len(r.Dossier(id).Evidence); n != 3 {
		t.Errorf("%d pieces of evidence, want 3", n)
	}
	used := r.form(id, "action", "release")
	used.Set("key", f.Get("key"))
	w := r.post(r.Ana, reviewPath(id)+"/moves", used)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "used for something else") {
		t.Errorf("a key used for something else = %d", w.Code)
	}
}

func TestEveryRenderingOfAFormHasItsOwnKey(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	seen := map[string]bool{}
	for range 2 {
		for _, form := range elements(parsed(t, r.read(r.Ana, reviewPath(id))), "form") {
			if key := filled(form).Get("key"); key != "" && seen[key] {
				t.Errorf("key %s is there twice", key)
			} else if key != "" {
				seen[key] = true
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("%d keys", len(seen))
	}
}

func TestAFieldThatTheFormDoesNotAskForNeverBinds(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	verdict := verdictForm(r.form(id), "Summary")
	tests := []struct {
		path string
		form url.Values
	}{
		{"/moves", r.form(id, "action", "release", "state", "published")},
		{"/moves", r.form(id, "action", "release", "assignee", "1")},
		{"/moves", r.form(id, "action", "release", "actor", "3")},
		{"/moves", r.form(id, "action", "submit", "rating", "true")},
		{"/moves", r.form(id, "action", "save_verdict", "rating", "true")},
		{"/moves", r.form(id, "action", "open")},
		{"/moves", r.form(id, "action", "release", "text", "other words")},
		{"/claim", r.form(id, "text", "x", "kind", "quantity", "claimant_kind", "person", "state", "approved")},
		{"/verdict", url.Values{"version": verdict["version"], "summary": {"a", "b"}}},
		{"/verdict", func() url.Values { f := verdictForm(r.form(id), "S"); f.Set("author", "2"); return f }()},
		{"/verdict", func() url.Values { f := verdictForm(r.form(id), "S"); f.Set("Number", "9"); return f }()},
		{"/verdict", func() url.Values { f := verdictForm(r.form(id), "S"); f.Del("version"); return f }()},
		{"/verdict", func() url.Values { f := verdictForm(r.form(id), "S"); f.Set("version", "-1"); return f }()},
		{"/verdict", func() url.Values { f := verdictForm(r.form(id), "S"); f.Set("rating", "invented"); return f }()},
		{"/evidence", r.form(id, "url", "https://a.example.org", "stance", "supports", "added_by", "4")},
		{"/evidence", r.form(id, "url", "https://a.example.org", "stance", "supports", "number", "1")},
	}
	before := r.events(id)
	for _, tt := range tests {
		if w := r.post(r.Ana, reviewPath(id)+tt.path, tt.form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("POST %s %v = %d", tt.path, tt.form, w.Code)
		}
		if w := r.post(r.Ana, reviewPath(id)+tt.path+"?state=published", r.form(id)); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("an empty form to %s = %d", tt.path, w.Code)
		}
	}
	if r.events(id) != before {
		t.Error("something was written")
	}
}

func TestAnArticleIsAddedByTextAddressOrFile(t *testing.T) {
	r := newStaff(t)
	tests := []struct {
		pairs []string
		want  web.Submission
	}{
		{[]string{"url", " https://news.example.org/1 ", "text", ""}, web.Submission{URL: "https://news.example.org/1"}},
		{[]string{"url", "", "text", "One.\r\nTwo."}, web.Submission{ContentType: "text/plain; charset=utf-8", Data: []byte("One.\nTwo.")}},
		{[]string{"url", "", "text", "One.", "found_at", "https://n.example.org/1", "publisher", "The Herald", "published", "2026-02-28"}, web.Submission{
			ContentType: "text/plain; charset=utf-8", Data: []byte("One."), FoundAt: "https://n.example.org/1", Publisher: "The Herald", Published: time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)}},
		{[]string{"url", "", "text", " ", "file", "From a\r\nfile."}, web.Submission{Name: "story.txt", ContentType: "application/octet-stream", Data: []byte("From a\r\nfile.")}},
	}
	for _, tt := range tests {
		w := r.hand(r.Ana, tt.pairs...)
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/desk/articles/") {
			t.Fatalf("%q = %d\n%s", tt.pairs, w.Code, w.Body)
		}
		got := r.ingested[len(r.ingested)-1]
		if got.URL != tt.want.URL || got.Name != tt.want.Name || got.ContentType != tt.want.ContentType || string(got.Data) != string(tt.want.Data) {
			t.Errorf("%q is handed in as %+v", tt.pairs, got)
		}
		wants(t, r.read(r.Ana, w.Header().Get("Location")), "Found 3 new claims.")
	}
}

func TestAnArticleThatCannotBeAddedComesBack(t *testing.T) {
	r := newStaff(t)
	big := strings.Repeat("x", claims.MaxArticleBytes+1)
	tests := []struct {
		name  string
		pairs []string
		code  int
		wants []string
	}{
		{"nothing", []string{"url", "", "text", "  "}, 422, []string{"paste its text or choose a file"}},
		{"two ways", []string{"url", "https://a.example.org/typed", "text", "typed text"}, 422, []string{"one article at a time", "https://a.example.org/typed", "typed text</textarea>"}},
		{"a site that fails", []string{"url", "https://unreachable.example.org/typed", "text", ""}, 502, []string{"did not answer within ten seconds", "https://unreachable.example.org/typed"}},
		{"our failure", []string{"url", "", "text", "typed and broken"}, 500, []string{"It is in the log", "typed and broken</textarea>"}},
		{"a long text", []string{"url", "", "text", big + "typed end"}, 413, []string{"at most 5 MB", "typed end</textarea>"}},
		{"a large file", []string{"url", "", "text", "", "file", big}, 413, []string{"at most 5 MB", "story.txt"}},
		{"a huge file", []string{"url", "https://a.example.org/typed", "text", "", "file", big + big + big + big}, 413, []string{"more than", "https://a.example.org/typed"}},
		{"an unknown field", []string{"url", "https://a.example.org/typed", "state", "published"}, 422, []string{"does not belong", "https://a.example.org/typed"}},
		{"a field twice", []string{"url", "https://a.example.org/typed", "url", ""}, 422, []string{"damaged"}},
		{"a day that is none", []string{"url", "", "text", "typed text", "found_at", "https://n.example.org/1", "publisher", "The Herald", "published", "May"}, 422,
			[]string{"year-month-day", "typed text</textarea>", "https://n.example.org/1", "The Herald"}},
		{"too many fields", []string{"url", "https://a.example.org/typed", "text", "", "text", "", "text", ""}, 422, []string{"damaged"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := r.hand(r.Ana, tt.pairs...)
			if w.Code != tt.code {
				t.Errorf("status %d, want %d", w.Code, tt.code)
			}
			wants(t, w.Body.String(), tt.wants...)
			refuses(t, w.Body.String(), "unexpected EOF")
		})
	}
	if w := r.post(r.Ana, "/desk/articles", url.Values{"text": {"x"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("another encoding = %d", w.Code)
	}
}

func TestAFormThatIsTooLargeIsRefused(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	w := r.post(r.Ana, reviewPath(id)+"/verdict", verdictForm(r.form(id), strings.Repeat("x", 3<<20)))
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "2 MB") {
		t.Errorf("status %d", w.Code)
	}
	if w := r.post(review.Person{}, "/sign-in", url.Values{"email": {strings.Repeat("x", 20<<10)}}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large sign-in = %d", w.Code)
	}
	long := strings.Repeat("é", review.MaxRationale+1) + "typed end"
	f := verdictForm(r.form(id), "S")
	f.Set("rationale", long)
	if w := r.post(r.Ana, reviewPath(id)+"/verdict", f); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "typed end</textarea>") {
		t.Errorf("a rationale that is too long = %d", w.Code)
	}
}

func TestTheReaderShowsClaimsInPlace(t *testing.T) {
	r := newStaff(t)
	a := r.Article("The mayor said crime fell by 12 percent in 2025.\n\nNobody else spoke.\n")
	long := r.ClaimIn(a, "crime fell by 12 percent in 2025", "Lena Marsh")
	short := r.ClaimIn(a, "12 percent", "Lena Marsh")
	page := r.read(r.Ana, fmt.Sprintf("/desk/articles/%d", a.ID))
	wants(t, page, fmt.Sprintf(`id="review-%d"`, long), fmt.Sprintf(`data-reviews="%d %d"`, long, short), fmt.Sprintf(`id="card-%d"`, short),
		fmt.Sprintf(`href="/desk/reviews/%d?from=article-%d"`, long, a.ID), "Nobody else spoke.", "2 claims", "to be triaged", "Lena Marsh")
	var text strings.Builder
	for _, p := range elements(parsed(t, page), "p") {
		if attr(p, "dir") == "auto" && attr(p, "lang") == "en" {
			for n := range p.Descendants() {
				if n.Type == html.TextNode {
					text.WriteString(n.Data)
				}
			}
		}
	}
	if got := text.String(); got != "The mayor said crime fell by 12 percent in 2025.Nobody else spoke." {
		t.Errorf("the text reads %q", got)
	}
}

func TestAPageReadsTheStoreAFewTimesOnly(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	r.Researched(id)
	for range 8 {
		r.Evidence(id, r.Ana, "https://more.example.org/x", review.Context)
	}
	tests := map[string]int{
		reviewPath(id): 3, "/desk/queue": 2, "/desk": 8, "/desk/articles": 1, fmt.Sprintf("/desk/articles/%d", r.Dossier(id).Places[0].ArticleID): 3,
	}
	for path, most := range tests {
		r.reads.n = 0
		r.read(r.Omar, path)
		if r.reads.n > most {
			t.Errorf("GET %s reads the store %d times, at most %d are needed", path, r.reads.n, most)
		}
	}
}

// closedAccounts is a store of accounts in which everybody's is closed.
type closedAccounts struct{ auth.Store }

func (s closedAccounts) Person(ctx context.Context, id int64) (review.Person, error) {
	p, err := s.Store.Person(ctx, id)
	p.Active = false
	return p, err
}

func TestAClosedAccountIsOutAtOnce(t *testing.T) {
	r := newStaff(t)
	r.read(r.Ana, "/desk")
	r.server.Accounts = &auth.Service{Store: closedAccounts{r.Store}, Now: r.Now}
	r.open()
	w := r.get(r.Ana, "/desk")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Errorf("status %d", w.Code)
	}
	r.server.Accounts = &auth.Service{Store: r.Store, Now: r.Now}
	r.open()
	if w := r.get(r.Ana, "/desk"); w.Code != http.StatusSeeOther {
		t.Errorf("the session lives on: %d", w.Code)
	}
}

func TestSigningInAndOut(t *testing.T) {
	r := newStaff(t)
	const password = "a long enough password"
	if _, err := r.server.Accounts.Add(context.Background(), auth.NewAccount{Name: "Nora Vale", Email: "nora@example.org", Password: password, Roles: []review.Role{review.Checker}}); err != nil {
		t.Fatal(err)
	}
	w := r.get(review.Person{}, "/desk/queue?state=research")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sign-in?next="+url.QueryEscape("/desk/queue?state=research") {
		t.Fatalf("a reader at the desk = %d to %q", w.Code, w.Header().Get("Location"))
	}
	f := formTo(t, r.read(review.Person{}, w.Header().Get("Location")), "/sign-in")
	f.Set("email", "nora@example.org")
	f.Set("password", "wrong")
	w = r.post(review.Person{}, "/sign-in", f)
	if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) != 0 {
		t.Errorf("a wrong password = %d, cookies %v", w.Code, w.Result().Cookies())
	}
	wants(t, w.Body.String(), `value="nora@example.org"`, `value="/desk/queue?state=research"`, `role="alert"`)
	refuses(t, w.Body.String(), "wrong\"")

	f.Set("password", password)
	fixed := r.cookie(review.Person{ID: 1 << 40}) // a session that somebody else may know
	req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(f.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(fixed)
	w = r.send(review.Person{}, req)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/desk/queue?state=research" {
		t.Fatalf("sign-in = %d to %q", w.Code, w.Header().Get("Location"))
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value == fixed.Value || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookies %v", cookies)
	}
	with := func(method, path string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, path, http.NoBody)
		req.AddCookie(cookies[0])
		return r.send(review.Person{}, req)
	}
	if w := with(http.MethodGet, "/desk"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Nora Vale") {
		t.Errorf("the desk = %d", w.Code)
	}
	if w := with(http.MethodGet, "/sign-in"); w.Code != http.StatusSeeOther {
		t.Errorf("signing in again = %d", w.Code)
	}
	if w := with(http.MethodPost, "/sign-out"); w.Code != http.StatusSeeOther {
		t.Errorf("sign-out = %d", w.Code)
	}
	if w := with(http.MethodGet, "/desk"); w.Code != http.StatusSeeOther {
		t.Errorf("after signing out the session is still good: %d", w.Code)
	}
}

func TestTooManyTriesSayWhenToComeBack(t *testing.T) {
	r := newStaff(t)
	var w *httptest.ResponseRecorder
	for range auth.TriesPerAccount + 1 {
		w = r.post(review.Person{}, "/sign-in", url.Values{"email": {"guessed@example.org"}, "password": {"guess"}, "next": {""}})
	}
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `value="guessed@example.org"`) {
		t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
}

func TestTheFirstAccountIsMadeOnce(t *testing.T) {
	r := newStaff(t)
	w := r.post(review.Person{}, "/setup", url.Values{"name": {"Eve"}, "email": {"eve@example.org"}, "password": {"a long enough password"}, "token": {"x"}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "This desk is set up") {
		t.Errorf("a second set-up = %d", w.Code)
	}
	wants(t, r.read(review.Person{}, "/setup?token=x"), "This desk is set up", `href="/sign-in"`)
}

func TestWritesFromAnotherSiteAreRefused(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("Crime fell by 12 percent")
	foreign := map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
	for _, rt := range web.Routes(r.server) {
		if rt.Method != http.MethodPost {
			continue
		}
		for header, value := range foreign {
			req := httptest.NewRequest(http.MethodPost, fill(rt.Path, id), strings.NewReader(r.form(id, "action", "accept").Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(header, value)
			if w := r.send(r.Ana, req); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "another site") {
				t.Errorf("%s with %s = %d", rt.Path, header, w.Code)
			}
		}
	}
	if r.events(id) != 1 {
		t.Error("something was written")
	}
	req := httptest.NewRequest(http.MethodPost, reviewPath(id)+"/moves", strings.NewReader(r.form(id, "action", "dismiss", "dismissal", "trivial").Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://checks.example") // the site's own address, whatever host a proxy asks for
	if w := r.send(r.Ana, req); w.Code != http.StatusSeeOther {
		t.Errorf("from the site itself = %d\n%s", w.Code, w.Body)
	}
}

func TestStaticFilesMayBeKeptForEver(t *testing.T) {
	r := newStaff(t)
	for name, kind := range map[string]string{"css/tokens.css": "text/css", "css/desk.css": "text/css", "js/desk.js": "text/javascript", "img/icon.svg": "image/svg+xml"} {
		w := r.get(review.Person{}, ui.Base()+"/"+name)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s = %d %v", name, w.Code, w.Header())
		}
	}
	for _, path := range []string{ui.Base(), ui.Base() + "/", ui.Base() + "/css", ui.Base() + "/css/", ui.Base() + "/../../go.mod", "/static/0000000000000000/css/desk.css", ui.Base() + "/none.css"} {
		if w := r.get(review.Person{}, path); w.Code == http.StatusOK {
			t.Errorf("GET %s = %d", path, w.Code)
		}
	}
}

func TestAFailureOfOursIsAPageAndNoSecret(t *testing.T) {
	r := newStaff(t)
	r.server.Store = failing{r.Store}
	r.open()
	for _, path := range []string{"/desk", "/desk/queue", "/desk/reviews/1", "/desk/articles/1"} {
		w := r.get(r.Ana, path)
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "zzsecret") || !strings.Contains(w.Body.String(), "Something broke on our side") {
			t.Errorf("GET %s = %d", path, w.Code)
		}
	}
}

// failing is a store that cannot read, and one read that panics.
type failing struct{ web.Store }

func (failing) Counts(context.Context) (map[review.State]int, error) {
	return nil, errs.Wrap("store.Counts", errs.Internal, fmt.Errorf("password zzsecret"))
}

func (failing) Dossier(context.Context, int64) (review.Dossier, error) { panic("zzsecret") }

func (failing) Article(context.Context, int64) (claims.Article, error) {
	return claims.Article{}, fmt.Errorf("zzsecret")
}

func TestTriageIsSortedByWorthAndSaysWhy(t *testing.T) {
	r := newStaff(t)
	said := func(text, quote string) {
		t.Helper()
		a := r.Article(text)
		i := strings.Index(a.Text, quote)
		span, err := claims.SpanAt(a.Text, i, i+len(quote))
		if err != nil {
			t.Fatal(err)
		}
		c := claims.Claim{Text: quote, Kind: claims.Quantity, Lang: "en", Fingerprint: claims.Fingerprint(quote) + "|" + claims.Fingerprint("Lena Marsh"), CreatedAt: r.Now()}
		at := claims.Appearance{ArticleID: a.ID, Span: span, Sentence: claims.Offsets{Start: span.Start, End: span.End}, AddedAt: r.Now()}
		if _, isNew, err := r.Store.AddClaim(t.Context(), c, claims.Claimant{Name: "Lena Marsh"}, at); err != nil || isNew {
			t.Fatalf("new %v, %v", isNew, err)
		}
	}
	r.Claim("fares fell by 4%")
	r.Claim("rents rose by 9%")
	said("Once more: fares fell by 4%.", "fares fell by 4%")
	const words = "said 2 times in 2 articles this week"
	fares, rents := "fares fell by 4%", "rents rose by 9%"
	tests := []struct {
		path string
		want []string
		says bool
	}{
		{"/desk/queue", []string{fares, rents}, true},
		{"/desk/queue?state=triage&order=worth", []string{fares, rents}, true},
		{"/desk/queue?state=triage&order=best", []string{rents, fares}, false},
		{"/desk/queue?state=triage&order=newest", []string{rents, fares}, false},
	}
	for _, tt := range tests {
		page := r.read(r.Ana, tt.path)
		var got []string
		for _, c := range regexp.MustCompile(`data-open>([^<]+)<`).FindAllStringSubmatch(page, -1) {
			got = append(got, html.UnescapeString(c[1]))
		}
		if !slices.Equal(got, tt.want) || strings.Contains(page, words) != tt.says {
			t.Errorf("GET %s lists %q, and says how often: %v", tt.path, got, !tt.says)
		}
	}
	for _, path := range []string{"/desk/queue?state=triage&order=soonest", "/desk/queue?state=queued&order=best", "/desk/queue?order=x"} {
		if code := r.get(r.Ana, path).Code; code != http.StatusNotFound {
			t.Errorf("GET %s answers %d", path, code)
		}
	}
}

func TestInTriageThePriorityThatAPersonSetComesFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, r *staffRoom) {
		plain, urgent, low := r.Claim("fares fell by 4%"), r.Claim("rents rose by 9%"), r.Claim("rain fell for 9 days")
		lists := func() []int64 {
			t.Helper()
			rows, err := r.Store.Rows(t.Context(), review.Filter{States: []review.State{review.Triage}, Order: review.Worth, Limit: 1})
			var ids []int64
			for err == nil && len(rows) == 1 {
				ids = append(ids, rows[0].ReviewID)
				rows, err = r.Store.Rows(t.Context(), review.Filter{States: []review.State{review.Triage}, Order: review.Worth, Limit: 1, After: review.CursorAfter(rows[0], review.Worth)})
			}
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		if got := lists(); !slices.Equal(got, []int64{low, urgent, plain}) { // by what they are worth: the newest
			t.Fatalf("before: %v", got)
		}
		r.done(r.Edith, urgent, review.SetPriority, "priority", "urgent")
		r.done(r.Edith, low, review.SetPriority, "priority", "low")
		if got := lists(); !slices.Equal(got, []int64{urgent, plain, low}) {
			t.Errorf("after: %v", got)
		}
		wants(t, r.read(r.Ana, "/desk/queue"), "urgent priority, so it comes first", "low priority, so it comes last")
		refuses(t, r.read(r.Ana, reviewPath(urgent)), "so it comes first")
	})
}
