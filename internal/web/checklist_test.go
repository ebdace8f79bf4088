package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

func TestTheSuggestedChecklistsAreInForceAtOneButton(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	refuses(t, r.read(r.Ana, reviewPath(id)), "For this kind of claim")
	f := formTo(t, r.read(r.Adam, "/desk/policy"), "/desk/policy")
	if f.Get("suggested") != "" {
		t.Fatal("the form puts them in force without the button")
	}
	f.Set("checklist_law", " Read the law \n\n")
	f.Set("checklist_quantity", "Gone")
	f.Set("suggested", "yes")
	if w := r.post(r.Adam, "/desk/policy", f); w.Code != http.StatusSeeOther {
		t.Fatalf("policy = %d\n%s", w.Code, w.Body)
	}
	got := r.policy().Checklists
	if !slices.Equal(got[claims.Quantity], []string{"Counted anew", "Same units"}) || !slices.Equal(got[claims.Law], []string{"Read the law"}) || len(got) != 3 {
		t.Errorf("%v", got)
	}
	wants(t, r.read(r.Adam, "/desk/policy"), ">Counted anew\nSame units</textarea>", "checklist, law", "<dt>kinds of claim with a checklist</dt><dd>3</dd>")

	path := reviewPath(id) + "/ticks"
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, "For this kind of claim", "Counted anew", "2 items of the checklist are not ticked")
	if found := strange(t, page); len(found) > 0 {
		t.Error(found)
	}
	r.refused(r.Ana, id, review.Submit, http.StatusUnprocessableEntity, "2 items of the checklist are not ticked")
	for _, item := range []string{"Counted anew", "Same units"} {
		if w := r.post(r.Ana, path, remark("item", item, "done", "yes", "key", item)); w.Code != http.StatusSeeOther || w.Header().Get("Location") != reviewPath(id)+"#checklist" {
			t.Fatalf("tick = %d\n%s", w.Code, w.Body)
		}
	}
	page = r.read(r.Edith, reviewPath(id))
	if n := strings.Count(page, `class="done-item"`); n != 2 {
		t.Errorf("%d ticked", n)
	}
	wants(t, page, "✓</span> checklist complete", "<b>Ana</b> ticked an item of the checklist")
	for _, tt := range []struct {
		who  review.Person
		item string
		code int
	}{{r.Vera, "Same units", 403}, {r.Adam, "Same units", 403}, {r.Ana, "Heard it", 422}} {
		if w := r.post(tt.who, path, remark("item", tt.item, "done", "yes")); w.Code != tt.code {
			t.Errorf("%s ticks %s = %d", tt.who.Name, tt.item, w.Code)
		}
	}
	refuses(t, r.read(r.Vera, reviewPath(id)), `action="`+path+`"`)
	r.done(r.Ana, id, review.Submit)
	if w := r.post(r.Edith, path, remark("item", "Same units")); w.Code != http.StatusSeeOther {
		t.Fatalf("untick = %d", w.Code)
	}
	r.refused(r.Edith, id, review.Approve, http.StatusUnprocessableEntity, "One item of the checklist is not ticked: “Same units”.")
}

func TestAChecklistThatCannotBeComesBackAsTyped(t *testing.T) {
	r := newStaff(t)
	long := strings.Repeat("x", review.MaxItem+1)
	w := r.post(r.Adam, "/desk/policy", policyForm("quorum", "2", "checklist_quote", "Heard it\n"+long))
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d", w.Code)
	}
	wants(t, w.Body.String(), "at most 200 characters", "Heard it\n"+long+"</textarea>")
	if w := r.post(r.Adam, "/desk/policy", policyForm("quorum", "2", "checklist_weather", "x")); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown kind = %d", w.Code)
	}
}
