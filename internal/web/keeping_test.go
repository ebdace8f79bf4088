package web_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/record"
	"factcheck/internal/review"
)

func TestAPolicyIsDecidedOnItsPageAndOnRecord(t *testing.T) {
	r := newStaff(t)
	wants(t, r.read(r.Adam, "/desk/policy"), "the one that the program came with", "nobody")
	w := r.post(r.Adam, "/desk/policy", policyForm())
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Nothing differs") {
		t.Errorf("the same policy = %d", w.Code)
	}
	tests := []struct {
		pairs []string
		words string
	}{
		{[]string{"quorum", "0"}, "numbers from 1 to 9"},
		{[]string{"quorum", "many"}, "numbers from 1 to 9"},
		{[]string{"sources", "10"}, "numbers from 1 to 9"},
		{[]string{"scale", "mine"}, "rating scale from the list"},
		{[]string{fmt.Sprintf("overrider_%d", r.Edith.ID), "yes"}, "Only an active standards editor"},
		{[]string{"overrider_999", "yes"}, "Only an active standards editor"},
		{[]string{"state", "published"}, "does not belong to this form"},
		{[]string{"read", "x"}, "This form is damaged"},
	}
	for _, tt := range tests {
		w := r.post(r.Adam, "/desk/policy", policyForm(tt.pairs...))
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), tt.words) {
			t.Errorf("%q = %d, want “%s”", tt.pairs, w.Code, tt.words)
		}
		if p := r.policy(); p.ID != 0 {
			t.Fatalf("%q was decided: %+v", tt.pairs, p)
		}
	}
	if w := r.post(r.Adam, "/desk/policy", policyForm("quorum", "3", "second_read", "yes", fmt.Sprintf("overrider_%d", r.Stella.ID), "yes")); w.Code != http.StatusSeeOther {
		t.Fatalf("a policy = %d\n%s", w.Code, w.Body)
	}
	if p := r.policy(); p.Quorum != 3 || !p.SecondRead || !slices.Equal(p.Overriders, []int64{r.Stella.ID}) {
		t.Errorf("%+v", p)
	}
	wants(t, r.read(r.Adam, "/desk/policy"), "Done: you changed the policy.", "Adam</b> changed the policy", "<del>1</del> <ins>3</ins>", `name="quorum" value="3"`)
	w = r.post(r.Adam, "/desk/policy", policyForm("quorum", "2")) // read before that
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Another policy was decided") || !strings.Contains(w.Body.String(), `name="quorum" value="2"`) {
		t.Errorf("a stale policy = %d", w.Code)
	}
	events, err := r.Store.Audit(context.Background(), review.AuditFilter{Subject: review.OnPolicy})
	if err != nil || len(events) != 1 || events[0].ActorID != r.Adam.ID || len(events[0].Changes) != 3 || events[0].PolicyID != r.policy().ID {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestAccountsAreKeptOnTheirPage(t *testing.T) {
	r := newStaff(t)
	add := url.Values{"name": {"Zoe Quill"}, "email": {"zoe@example.org"}, "password": {"short"}, "role_checker": {"yes"}}
	w := r.post(r.Adam, "/desk/people", add)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a short password = %d", w.Code)
	}
	wants(t, w.Body.String(), "at least 12 characters", `value="Zoe Quill"`, `value="zoe@example.org"`, `name="role_checker" value="yes" checked`)
	refuses(t, w.Body.String(), `value="short"`)
	add.Set("password", "seven grey herons")
	if w := r.post(r.Adam, "/desk/people", add); w.Code != http.StatusSeeOther {
		t.Fatalf("a person = %d\n%s", w.Code, w.Body)
	}
	wants(t, r.read(r.Adam, "/desk/people"), "Zoe Quill", "zoe@example.org", "Done: you added a person.")
	zoe, err := r.Accounts().SignIn(context.Background(), "zoe@example.org", "seven grey herons", "192.0.2.1")
	if err != nil || !zoe.Is(review.Checker) {
		t.Fatalf("%+v, %v", zoe, err)
	}
	path := fmt.Sprintf("/desk/people/%d", zoe.ID)
	if w := r.post(r.Adam, path+"/roles", url.Values{"role_editor": {"yes"}, "role_checker": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Errorf("roles = %d", w.Code)
	}
	if w := r.post(r.Adam, path+"/roles", nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "at least one role") {
		t.Errorf("no role = %d", w.Code)
	}
	if w := r.get(zoe, "/desk"); w.Code != http.StatusOK {
		t.Errorf("before = %d", w.Code)
	}
	if w := r.post(r.Adam, path+"/close", nil); w.Code != http.StatusSeeOther {
		t.Errorf("close = %d", w.Code)
	}
	if w := r.get(zoe, "/desk"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Errorf("a closed account still gets %d", w.Code)
	}
	delete(r.cookies, zoe.ID)
	wants(t, r.read(r.Adam, "/desk/people"), "account closed", path+"/reopen")
	if w := r.post(r.Adam, path+"/reopen", nil); w.Code != http.StatusSeeOther {
		t.Errorf("reopen = %d", w.Code)
	}
	if w := r.get(zoe, "/desk"); w.Code != http.StatusOK {
		t.Errorf("reopened = %d", w.Code)
	}
	events, err := r.Store.Audit(context.Background(), review.AuditFilter{Subject: review.OnPerson, SubjectID: zoe.ID})
	var did []string
	for _, e := range events {
		did = append(did, string(e.Action))
		if e.ActorID != r.Adam.ID {
			t.Errorf("%s is told to be by %d", e.Action, e.ActorID)
		}
	}
	if got := strings.Join(did, " "); err != nil || got != "reopen_account close_account set_roles add_person" {
		t.Errorf("on record: %s, %v", got, err)
	}
}

// Invariant 14: a person's name can go, what they did cannot.
func TestAForgottenNameIsAPseudonymEverywhereAndTheTrailHolds(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	path := fmt.Sprintf("/desk/people/%d/", r.Ana.ID)
	if w := r.post(r.Adam, path+"forget", url.Values{}); w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("an open account is forgotten: %d", w.Code)
	}
	if w := r.post(r.Edith, path+"forget", url.Values{}); w.Code != http.StatusForbidden {
		t.Fatalf("an editor forgets somebody: %d", w.Code)
	}
	for _, do := range []string{"close", "forget"} {
		if w := r.post(r.Adam, path+do, url.Values{}); w.Code != http.StatusSeeOther {
			t.Fatalf("%s = %d\n%s", do, w.Code, sentences(w.Body.String()))
		}
	}
	pseudonym := fmt.Sprintf("Former colleague %d", r.Ana.ID)
	for _, p := range []string{reviewPath(id), "/desk/audit", "/desk/people"} {
		page := r.read(r.Adam, p)
		wants(t, page, pseudonym)
		if regexp.MustCompile(`\bAna\b`).MatchString(page) || strings.Contains(page, "ana@") {
			t.Errorf("%s still names her", p)
		}
	}
	wants(t, r.read(review.Person{}, "/checks/"+slug), "Ana") // what was printed stays printed
	if n := r.count("SELECT COUNT(*) FROM events WHERE changes LIKE '%Ana%'"); n != 0 {
		t.Errorf("%d events hold the name", n)
	}
	if _, err := record.Verify(context.Background(), r.Store); err != nil {
		t.Errorf("the trail is broken: %v", err)
	}
	if w := r.post(r.Adam, path+"reopen", url.Values{}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a forgotten account is opened again: %d", w.Code)
	}
}

func TestSomebodyAlwaysAdministersTheDesk(t *testing.T) {
	r := newStaff(t)
	adam := fmt.Sprintf("/desk/people/%d", r.Adam.ID)
	for path, words := range map[string]string{adam + "/close": "cannot close your own account", adam + "/roles": "Somebody has to administer this desk."} {
		w := r.post(r.Adam, path, url.Values{})
		if path == adam+"/roles" {
			w = r.post(r.Adam, path, url.Values{"role_viewer": {"yes"}})
		}
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), words) {
			t.Errorf("%s = %d", path, w.Code)
		}
	}
	other := r.account("Second Admin", review.Admin)
	if w := r.post(other, adam+"/close", nil); w.Code != http.StatusSeeOther {
		t.Errorf("closing one of two = %d", w.Code)
	}
	if w := r.post(r.Adam, adam+"/reopen", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("reopening oneself = %d", w.Code)
	}
}

func TestTheAuditTrailIsFilteredPagedAndExported(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	other := r.researched()
	r.Do(other, r.Ana, review.Release, func(c *review.Command) { c.Note = "=HYPERLINK(1)" })
	for range 60 {
		r.Evidence(id2(r), r.Ana, "https://more.example.org/x", review.Context)
	}
	page := r.read(r.Stella, "/desk/audit")
	wants(t, page, "added evidence", `href="/desk/audit?before=`)
	seen := map[string]bool{}
	for path := "/desk/audit"; path != ""; {
		page := r.read(r.Stella, path)
		path = ""
		for _, td := range elements(parsed(t, page), "td") {
			if attr(td, "class") == "n" {
				n := td.FirstChild.Data
				if seen[n] {
					t.Errorf("event %s is listed twice", n)
				}
				seen[n] = true
			}
		}
		for _, a := range elements(parsed(t, page), "a") {
			if strings.HasPrefix(attr(a, "href"), "/desk/audit?before=") {
				path = attr(a, "href")
			}
		}
	}
	result, err := record.Verify(context.Background(), r.Store)
	if err != nil || len(seen) != result.Events {
		t.Errorf("%d of %d events are listed, %v", len(seen), result.Events, err)
	}
	page = r.read(r.Adam, fmt.Sprintf("/desk/audit?person=%d&review=%d&action=approve&from=2026-03-01&to=2026-03-01", r.Edith.ID, id))
	wants(t, page, "approved it", "with the editors → approved")
	if n := strings.Count(page, `<td class="n"`); n != 1 {
		t.Errorf("%d events fit, want 1", n)
	}
	wants(t, r.read(r.Adam, "/desk/audit?to=2026-02-28"), "Nothing on record fits.")
	for _, q := range []string{"person=x", "review=-1", "from=soon", "action=nothing", "before=x", "person=1%20OR%201=1"} {
		if w := r.get(r.Adam, "/desk/audit?"+q); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s = %d", q, w.Code)
		}
	}
	w := r.get(r.Stella, fmt.Sprintf("/desk/audit.csv?review=%d", other))
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != r.events(other)+1 || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[1][3] != "release" || rows[1][8] != "'=HYPERLINK(1)" {
		t.Errorf("%q", rows[1])
	}
}

// id2 is the newest review in research.
func id2(r *staffRoom) int64 {
	r.T.Helper()
	rows, err := r.Store.Rows(context.Background(), review.Filter{States: []review.State{review.Research}, Limit: 1})
	if err != nil {
		r.T.Fatal(err)
	}
	if len(rows) == 0 {
		return r.researched()
	}
	return rows[0].ReviewID
}

func TestAnAuditorWhoMayReadBlindIsToldNoRating(t *testing.T) {
	r := newStaff(t)
	both := r.account("Bo Both", review.Editor, review.Standards)
	r.decide("second_read", "yes")
	id := r.researched()
	r.done(r.Ana, id, review.Submit, "note", "zznote: mostly true it is")
	for _, path := range []string{"/desk/audit", "/desk/audit.csv"} {
		refuses(t, r.read(both, path), "zznote")
		wants(t, r.read(r.Stella, path), "zznote")
	}
}

func TestHostileTextStaysTextWhereTheDeskIsKept(t *testing.T) {
	r := newStaff(t)
	for _, p := range payloads {
		p = strings.ReplaceAll(p, "\x00", "")
		w := r.post(r.Adam, "/desk/people", url.Values{"name": {p}, "email": {p}, "password": {p}, "role_viewer": {"yes"}})
		pages := []string{w.Body.String()}
		pages = append(pages, r.post(r.Adam, "/desk/policy", policyForm("scale", p, "quorum", p)).Body.String())
		for _, name := range []string{"person", "action", "review", "from", "to", "before"} {
			pages = append(pages, r.get(r.Adam, "/desk/audit?"+url.Values{name: {p}}.Encode()).Body.String())
		}
		for _, page := range pages {
			if found := strange(t, page); found != nil {
				t.Errorf("with %.60q: %.300q", p, found)
			}
		}
	}
	one := payloads[0]
	id := r.editing()
	r.done(r.Edith, id, review.PutOnHold, "hold", "legal", "note", one)
	r.done(r.Edith, id, review.LiftHold, "note", one)
	r.done(r.Ben, id, review.SecondRead, "rating", "false", "note", one)
	for _, path := range []string{reviewPath(id), "/desk/audit", "/desk/people", "/desk/policy", "/desk/queue?flag=held"} {
		for _, p := range []review.Person{r.Stella, r.Adam} {
			if w := r.get(p, path); w.Code == http.StatusOK {
				if found := strange(t, w.Body.String()); found != nil {
					t.Errorf("%s: %.300q", path, found)
				}
			}
		}
	}
	r.done(r.Edith, id, review.ResolveRead, "note", one)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	r.done(r.Edith, id, review.Retract, "retraction", "legal", "note", one)
	r.done(r.Stella, id, review.Retract)
	slug := r.Dossier(id).Live.Slug
	for _, path := range []string{"/", "/corrections", "/checks/" + slug, "/checks/" + slug + "/editions/1"} {
		if found := foreign(r.read(review.Person{}, path)); found != nil {
			t.Errorf("%s: %.300q", path, found)
		}
	}
	refuses(t, r.read(review.Person{}, "/feeds/checks.xml")+r.read(review.Person{}, "/feeds/corrections.xml"), "<script", "<img", "&lt;script&gt;alert")
}
