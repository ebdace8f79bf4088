package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/auth"
	"factcheck/internal/review"
)

const noraPassword = "a long enough password"

// nora is a fact-checker who can sign in.
func (r *staffRoom) nora(roles ...review.Role) review.Person {
	r.T.Helper()
	id, err := r.server.Accounts.Add(context.Background(), auth.NewAccount{Name: "Nora Vale", Email: "nora@example.org", Password: noraPassword, Roles: roles})
	if err != nil {
		r.T.Fatal(err)
	}
	return review.Person{ID: id.ID, Name: "Nora Vale", Roles: roles, Active: true}
}

// given is a researched review that she works on.
func (r *staffRoom) given(nora review.Person) int64 {
	r.T.Helper()
	id := r.researched()
	r.Do(id, r.Omar, review.Assign, func(c *review.Command) { c.AssigneeID = nora.ID })
	return id
}

// signsIn fills in who signs in on the page that carries what was typed.
func (r *staffRoom) signsIn(page, password string) *httptest.ResponseRecorder {
	r.T.Helper()
	f := formTo(r.T, page, "/sign-in/again")
	f.Set("email", "nora@example.org")
	f.Set("password", password)
	return r.post(review.Person{}, "/sign-in/again", f)
}

// follow opens where an answer leads, with the session it began.
func (r *staffRoom) follow(w *httptest.ResponseRecorder) string {
	r.T.Helper()
	to, _, _ := strings.Cut(w.Header().Get("Location"), "#") // which a browser keeps to itself
	if w.Code != http.StatusSeeOther || to == "" {
		r.T.Fatalf("%d to %q\n%s", w.Code, to, sentences(w.Body.String()))
	}
	req := httptest.NewRequest(http.MethodGet, to, http.NoBody)
	for _, c := range w.Result().Cookies() {
		req.AddCookie(c)
	}
	return r.send(review.Person{}, req).Body.String()
}

func TestASessionThatEndsLeadsBackToTheFormWithEveryWord(t *testing.T) {
	r := newStaff(t)
	nora := r.nora(review.Checker)
	id := r.given(nora)
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(nora, reviewPath(id)), path), "Typed while\nthe session ended.")
	mine.Del("none_found") // a box whose tick was taken away
	mine.Set("from", "research")
	w := r.post(review.Person{}, path, mine)
	if w.Code != http.StatusUnauthorized {
		t.Fatalf("status %d", w.Code)
	}
	page := w.Body.String()
	wants(t, page, "Please sign in again", "Typed while\nthe session ended.</textarea>")

	w = r.signsIn(page, "wrong")
	if w.Code != http.StatusUnauthorized {
		t.Fatalf("a wrong password answers %d", w.Code)
	}
	page = w.Body.String()
	wants(t, page, "Typed while\nthe session ended.</textarea>", `value="nora@example.org"`)

	w = r.signsIn(page, noraPassword)
	back := r.follow(w)
	wants(t, back, "You are signed in again.", "This is what you typed")
	refuses(t, back, "Now in the record")
	f := formTo(t, back, path)
	for _, name := range []string{"rating", "summary", "rationale", "one_source", "none_found", "no_conflict", "from"} {
		if f.Get(name) != mine.Get(name) {
			t.Errorf("field %s comes back as %q, was %q", name, f.Get(name), mine.Get(name))
		}
	}
	if n := r.Dossier(id).Verdict.Number; n != 1 {
		t.Errorf("revision %d was written by signing in", n)
	}
	if w := r.post(nora, path, f); w.Code != http.StatusSeeOther || r.Dossier(id).Verdict.Summary != "Typed while\nthe session ended." {
		t.Errorf("sent again = %d\n%s", w.Code, w.Body)
	}
}

func TestAfterSigningInAgainAStaleFormShowsBothVersions(t *testing.T) {
	r := newStaff(t)
	nora := r.nora(review.Checker)
	id := r.given(nora)
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(nora, reviewPath(id)), path), "Nora’s summary.")
	mine.Set("rationale", "Nora’s rationale [1].")
	r.Do(id, r.Omar, review.SaveVerdict, func(c *review.Command) {
		v := r.Dossier(id).Verdict
		c.Verdict = &review.VerdictDraft{Rating: v.Rating, Summary: "Omar’s summary.", Rationale: v.Rationale, NoneFound: v.NoneFound, NoConflict: v.NoConflict, OneSource: v.OneSource}
	})
	back := r.follow(r.signsIn(r.post(review.Person{}, path, mine).Body.String(), noraPassword))
	f := formTo(t, back, path)
	if f.Get("summary") != "Nora’s summary." || f.Get("theirs_summary") != "Omar’s summary." || f.Get("take_summary") != "mine" {
		t.Errorf("the form holds %v", f)
	}
	if f.Get("rationale") != "Nora’s rationale [1]." || f.Has("theirs_rationale") {
		t.Errorf("what nobody else changed is shown as a conflict: %v", f)
	}
}

func TestEachFormOfAClaimComesBackAfterSigningIn(t *testing.T) {
	r := newStaff(t)
	nora := r.nora(review.Checker)
	triage, id := r.Claim("Crime fell by 12 percent"), r.given(nora)
	for _, tt := range []struct {
		path string
		form url.Values
		want string
	}{
		{reviewPath(id) + "/claim", r.form(id, "text", "Crime fell by 12 percent", "chosen", "Typed for Nora"), "Typed for Nora"},
		{reviewPath(id) + "/evidence", r.form(id, "quote", "Typed quotation", "stance", "refutes"), "Typed quotation"},
		{reviewPath(triage) + "/moves", r.form(triage, "action", "accept", "claimant", "Typed claimant", "claimant_kind", "person"), "Typed claimant"},
	} {
		back := r.follow(r.signsIn(r.post(review.Person{}, tt.path, tt.form).Body.String(), noraPassword))
		wants(t, back, "You are signed in again.", tt.want)
		refuses(t, back, "Now in the record")
	}
}

// TestAFormThatIsNoLongerOpenStillGivesTheWordsBack has somebody else take the
// claim while she signs in.
func TestAFormThatIsNoLongerOpenStillGivesTheWordsBack(t *testing.T) {
	r := newStaff(t)
	nora := r.nora(review.Checker)
	id := r.given(nora)
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(nora, reviewPath(id)), path), "Nora’s summary.")
	r.Do(id, r.Omar, review.Assign, func(c *review.Command) { c.AssigneeID = r.Ana.ID })
	back := r.follow(r.signsIn(r.post(review.Person{}, path, mine).Body.String(), noraPassword))
	wants(t, back, "What you typed", "Nora’s summary.")
}

func TestWhatHasNoFormOfItsOwnIsSentAgainAfterSigningIn(t *testing.T) {
	r := newStaff(t)
	r.nora(review.Checker)
	w := r.hand(review.Person{}, "url", "", "text", "A pasted article.")
	if w.Code != http.StatusUnauthorized || len(r.ingested) != 0 {
		t.Fatalf("status %d, %d ingested", w.Code, len(r.ingested))
	}
	wants(t, w.Body.String(), "A pasted article.</textarea>")
	w = r.signsIn(w.Body.String(), noraPassword)
	if w.Code != http.StatusOK || len(r.ingested) != 0 {
		t.Fatalf("status %d, %d ingested", w.Code, len(r.ingested))
	}
	wants(t, w.Body.String(), "A pasted article.</textarea>", `enctype="multipart/form-data"`, "You are signed in again, Nora Vale")
	if f := formTo(t, w.Body.String(), "/desk/articles"); f.Get("text") != "A pasted article." || !f.Has("url") || f.Has("password") {
		t.Errorf("%v", f)
	}
}

func TestSigningInAgainKeepsNothingForWhoMayNotWriteIt(t *testing.T) {
	r := newStaff(t)
	nora := r.nora(review.Viewer)
	id := r.researched()
	path := reviewPath(id) + "/verdict"
	for _, at := range []string{path, "/desk/reviews/999/verdict"} {
		w := r.signsIn(r.post(review.Person{}, at, verdictForm(r.form(id), "Not for her.")).Body.String(), noraPassword)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Not for her.") {
			t.Errorf("%s: %d", at, w.Code)
		}
	}
	if kept, err := r.Store.Drafts(t.Context(), nora.ID, id); err != nil || len(kept) != 0 {
		t.Errorf("%v, %v", kept, err)
	}
}

// TestSigningInAgainLeadsNowhereElse sends what the page never holds.
func TestSigningInAgainLeadsNowhereElse(t *testing.T) {
	r := newStaff(t)
	r.nora(review.Checker)
	for _, to := range []string{"https://strange.example/desk", "//strange.example/desk", "/checks/x", `/desk\..`, ""} {
		w := r.post(review.Person{}, "/sign-in/again", url.Values{"email": {"nora@example.org"}, "password": {noraPassword}, "resume_post": {to}, "typed_note": {"x"}})
		if w.Code != http.StatusOK {
			t.Fatalf("%q answers %d", to, w.Code)
		}
		formTo(t, w.Body.String(), "/desk")
	}
}
