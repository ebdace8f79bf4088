package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
	"factcheck/internal/web"
)

// What must always hold, whatever is sent. The numbers are those of the
// workflow's design; 10 (several workspaces) belongs to a part that
// is not here yet, 15 (deliveries) is TestInvariant15 of the store.

func TestInvariant1NoContributorApproves(t *testing.T) {
	ways := map[string]func(r *staffRoom, id int64){
		"wrote the verdict": func(r *staffRoom, id int64) {
			r.post(r.Omar, reviewPath(id)+"/verdict", verdictForm(r.form(id), "Mine."))
		},
		"changed the claim": func(r *staffRoom, id int64) {
			r.post(r.Omar, reviewPath(id)+"/claim", r.form(id, "text", "Other words", "kind", "quantity", "lang", "en", "claimant_kind", "person", "claimant", "Lena Marsh", "chosen", "x"))
		},
		"added evidence": func(r *staffRoom, id int64) {
			r.post(r.Omar, reviewPath(id)+"/evidence", r.form(id, "url", "https://c.example.org", "stance", "context"))
			r.Capture(id)
		},
		"worked on it": func(r *staffRoom, id int64) {
			r.done(r.Edith, id, review.Assign, "assignee", fmt.Sprint(r.Omar.ID))
			r.done(r.Edith, id, review.Assign, "assignee", fmt.Sprint(r.Ana.ID))
		},
	}
	for way, do := range ways {
		t.Run(way, func(t *testing.T) {
			r := newStaff(t)
			id := r.researched()
			do(r, id)
			r.done(r.Ana, id, review.Submit)
			r.refused(r.Omar, id, review.Approve, http.StatusForbidden, "so someone else has to approve it.")
			r.refused(r.Omar, id, review.SecondRead, http.StatusForbidden, "so someone else has to read it.", "rating", "false")
			r.done(r.Edith, id, review.Approve)
		})
	}
}

func TestInvariant2AnEditVoidsEveryApproval(t *testing.T) {
	edits := map[string]func(r *staffRoom, id int64) *url.Values{
		"/claim": func(r *staffRoom, id int64) *url.Values {
			f := r.form(id, "text", "Other words", "kind", "quantity", "lang", "en", "claimant_kind", "person", "claimant", "Lena Marsh", "chosen", "x")
			return &f
		},
		"/verdict": func(r *staffRoom, id int64) *url.Values { f := verdictForm(r.form(id), "Other."); return &f },
		"/evidence": func(r *staffRoom, id int64) *url.Values {
			f := r.form(id, "url", "https://c.example.org", "stance", "context")
			return &f
		},
	}
	for path, form := range edits {
		r := newStaff(t)
		id := r.editing()
		r.done(r.Edith, id, review.Approve)
		r.done(r.Edith, id, review.Schedule, "at", r.utc(time.Hour))
		if w := r.post(r.Ana, reviewPath(id)+path, *form(r, id)); w.Code != http.StatusSeeOther {
			t.Fatalf("%s = %d", path, w.Code)
		}
		d := r.Dossier(id)
		if d.Standing() != 0 || d.Review.State != review.Editing || !d.Review.ScheduledAt.IsZero() {
			t.Errorf("after %s %d approvals stand, %+v", path, d.Standing(), d.Review)
		}
	}
}

// TestInvariant3 is TestD3NoRequestSetsStateOrSigner; here: no other door either.
func TestInvariant3OnlyMovesChangeAState(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	for _, rt := range web.Routes(r.server) {
		if strings.HasSuffix(rt.Path, "/moves") || strings.HasSuffix(rt.Path, "/read") { // the latter is tried on a review of its own
			continue
		}
		for _, p := range []review.Person{r.Ana, r.Edith, r.Stella, r.Adam} {
			if rt.Path == "/sign-out" || strings.HasPrefix(rt.Path, "/desk/people") || rt.Path == "/desk/policy" {
				continue
			}
			r.attempt(t, rt, p, id)
			if st := r.Dossier(id).Review.State; st != review.Research {
				t.Fatalf("%s %s by %s made it %s", rt.Method, rt.Path, p.Name, st)
			}
			if d := r.Dossier(id); len(d.Evidence) < 2 || len(d.Requests) > 10 {
				id = r.researched()
			}
		}
	}
}

func TestInvariant4TheTableIsComplete(t *testing.T) {
	if err := review.CheckWorkflow(); err != nil {
		t.Error(err)
	}
	for _, a := range review.Deeds() { // that buttons are what the server allows is TestButtonsAreWhatTheServerAllows
		if (review.Event{Action: a}).Done() == string(a) {
			t.Errorf("the history has no words for %s", a)
		}
	}
}

func TestInvariant5WhatWasPublishedDoesNotChange(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	first := r.read(review.Person{}, "/checks/"+slug)
	raw := storetest.Raw(t, r.dsn)
	for _, statement := range []string{
		"UPDATE publications SET snapshot = '{}'", "DELETE FROM publications", "UPDATE verdicts SET rating = 'false'", "DELETE FROM verdicts",
		"UPDATE approvals SET editor_id = 1", "DELETE FROM approvals", "UPDATE corrections SET note = 'x'", "UPDATE events SET note = 'x'", "DELETE FROM events",
		"UPDATE second_readings SET agrees = 1 WHERE 1 = 1", "DELETE FROM checks", "DELETE FROM reviews", "UPDATE policies SET body = '{}'",
	} {
		res, err := raw.Exec(statement)
		if err != nil {
			continue
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			t.Errorf("%s changed %d rows, %v", statement, n, err)
		}
	}
	if again := r.read(review.Person{}, "/checks/"+slug); again != first {
		t.Error("the page changed")
	}
}

func TestInvariant6OneLiveEditionAndOneReviewOfAClaim(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	r.done(r.Edith, id, review.Retract, "retraction", "legal", "note", "x")
	r.done(r.Stella, id, review.Retract)
	if n := r.count("SELECT COUNT(*) FROM checks WHERE review_id = ?", id); n != 1 {
		t.Errorf("%d live editions", n)
	}
	raw := storetest.Raw(t, r.dsn)
	if _, err := raw.Exec("INSERT INTO checks SELECT review_id, slug || 'x', publication_id, published_at FROM checks"); err == nil {
		t.Error("a second live edition was written")
	}
	if _, err := raw.Exec("INSERT INTO reviews SELECT NULL, * FROM (SELECT claim_id FROM reviews)"); err == nil {
		t.Error("a second review of a claim was written")
	}
}

func TestInvariant7EveryMoveIsInTheChain(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	r.refused(r.Ana, id, review.Approve, http.StatusConflict, "cannot be done where the review stands now")
	r.done(r.Edith, id, review.Retract, "retraction", "legal", "note", "x")
	r.done(r.Stella, id, review.Retract)
	r.decide("quorum", "2")
	result, err := record.Verify(context.Background(), r.Store)
	if err != nil || len(result.Findings) > 0 || result.Publications != 2 {
		t.Errorf("%+v, %v", result, err)
	}
	if r.count("SELECT COUNT(*) FROM events WHERE subject = 'review' AND subject_id = ?", id) != int(r.Dossier(id).Review.Version) {
		t.Error("versions and events do not fit")
	}
}

func TestInvariant8ASpanThatDoesNotHoldIsNotPublished(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	raw := storetest.Raw(t, r.dsn)
	if _, err := raw.Exec("UPDATE appearances SET span_start = span_start + 1"); err == nil {
		t.Fatal("a span was moved")
	}
	if _, err := raw.Exec("DROP TRIGGER appearances_no_update"); err != nil { // somebody with the file and bad intentions
		t.Fatal(err)
	}
	if _, err := raw.Exec("UPDATE appearances SET span_start = span_start + 1, span_end = span_end + 1"); err != nil {
		t.Fatal(err)
	}
	wants(t, r.read(r.Edith, reviewPath(id)), "These words are not in the stored text.")
	r.refused(r.Edith, id, review.Approve, http.StatusUnprocessableEntity, "No article holds these words any more.")
	if result, err := record.Verify(context.Background(), r.Store); err != nil || len(result.Findings) == 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestInvariant9TheSecondOfTwoLosesNothing(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	forms := []url.Values{r.form(id, "action", "return", "note", "typed by Edith"), r.form(id, "action", "return", "note", "typed by Omar")}
	if w := r.post(r.Edith, reviewPath(id)+"/moves", forms[0]); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	w := r.post(r.Omar, reviewPath(id)+"/moves", forms[1])
	if w.Code != http.StatusConflict {
		t.Errorf("the second = %d", w.Code)
	}
	wants(t, w.Body.String(), "typed by Omar", "Edith</b> returned it", "typed by Edith")
}

func TestInvariant11WhatIsNotOutIsNowhere(t *testing.T) {
	r := newStaff(t)
	secret := r.Claim("zzsecret crime fell")
	r.Researched(secret)
	r.done(r.Ana, secret, review.Submit)
	r.done(r.Edith, secret, review.SetEmbargo, "at", r.utc(3*time.Hour))
	r.done(r.Edith, secret, review.Approve)
	r.done(r.Edith, secret, review.Schedule, "at", r.utc(4*time.Hour))
	live := r.published()
	slug := r.Dossier(live).Live.Slug
	r.done(r.Edith, live, review.Retract, "retraction", "legal", "note", "zzsecret note") // half signed
	for _, path := range []string{"/", "/corrections", "/checks/" + slug, "/checks/" + slug + "/claimreview.json", "/feeds/checks.xml", "/feeds/checks.json", "/feeds/corrections.xml", "/sitemap.xml"} {
		refuses(t, r.read(review.Person{}, path), "zzsecret")
	}
	for _, path := range []string{"/checks/zzsecret-crime-fell-1", reviewPath(secret), "/desk/audit.csv", "/desk/policy"} {
		if w := r.get(review.Person{}, path); w.Code == http.StatusOK || strings.Contains(w.Body.String(), "zzsecret crime") {
			t.Errorf("GET %s = %d", path, w.Code)
		}
	}
}

func TestInvariant12TheLogOfCorrectionsFollowsFromWhatWasPublished(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	r.done(r.Edith, id, review.Retract, "retraction", "legal", "note", "It was ours to say.")
	r.done(r.Stella, id, review.Retract)
	doors := []string{"/checks/:slug/subscribe", "/checks/:slug/complain"} // which write beside the log, not into it
	for _, rt := range web.Routes(r.server) {
		if slices.Contains(doors, rt.Path) {
			continue
		}
		if rt.Method == http.MethodPost && (strings.HasPrefix(rt.Path, "/corrections") || strings.HasPrefix(rt.Path, "/checks") || strings.HasPrefix(rt.Path, "/feeds")) {
			t.Errorf("%s can be written to", rt.Path)
		}
	}
	if _, err := storetest.Raw(t, r.dsn).Exec("DELETE FROM corrections"); err == nil {
		t.Error("the log was emptied")
	}
	wants(t, r.read(review.Person{}, "/corrections"), "It was ours to say.")
}

func TestInvariant13TheProgramDecidesNothing(t *testing.T) {
	r := newStaff(t)
	id := r.editing()
	r.done(r.Edith, id, review.Approve)
	r.done(r.Omar, id, review.Schedule, "at", r.utc(2*time.Minute))
	if w := r.post(r.Adam, fmt.Sprintf("/desk/people/%d/close", r.Omar.ID), nil); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	for range 300 {
		r.Now()
	}
	if n, err := r.Reviews.PublishDue(context.Background()); n != 0 || err != nil {
		t.Errorf("published for a closed account: %d, %v", n, err)
	}
	var did []string
	for e, err := range r.Store.AllEvents(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.ActorID == 0 && !slices.Contains(did, string(e.Action)) {
			did = append(did, string(e.Action))
		}
	}
	slices.Sort(did)
	if got := strings.Join(did, " "); got != "add_article add_person open unschedule" {
		t.Errorf("the program did: %s", got)
	}
}

func TestInvariant14DecisionsNameTheirPolicyAndAccountsLeaveTheirTrail(t *testing.T) {
	r := newStaff(t)
	r.decide("quorum", "2")
	id := r.editing()
	r.done(r.Edith, id, review.Approve)
	if w := r.post(r.Adam, fmt.Sprintf("/desk/people/%d/close", r.Edith.ID), nil); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	wants(t, r.read(r.Stella, "/desk/audit?action=approve"), "Edith")
	wants(t, r.read(r.Omar, reviewPath(id)), "Edith approved")
	events, err := r.Store.Events(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Action != review.Open && e.PolicyID != r.policy().ID {
			t.Errorf("%s was decided by policy %d", e.Action, e.PolicyID)
		}
		if e.At.Location() != time.UTC {
			t.Errorf("%s is told in %s", e.Action, e.At.Location())
		}
	}
}
