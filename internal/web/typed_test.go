package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/review"
)

func (r *staffRoom) types(p review.Person, id int64, field, value string) int {
	r.T.Helper()
	f := url.Values{"form": {"form-verdict"}, "field": {field}, "value": {value}, "version": {fmt.Sprint(r.Dossier(id).Review.Version)}}
	return r.post(p, reviewPath(id)+"/drafts", f).Code
}

func TestWhatWasTypedIsOfferedBackUntilItIsSent(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	if code := r.types(r.Ana, id, "summary", "Half <b>of</b> it."); code != http.StatusNoContent {
		t.Fatalf("keeping answers %d", code)
	}
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, fmt.Sprintf(`hx-get="%s/drafts"`, reviewPath(id)), `data-draft="form-verdict"`)
	wants(t, r.read(r.Ana, reviewPath(id)+"/drafts"), "and did not save it", "Half &lt;b&gt;of&lt;/b&gt; it.", reviewPath(id)+"?typed=form-verdict#form-verdict")
	if got := formTo(t, page, reviewPath(id)+"/verdict").Get("summary"); got == "Half <b>of</b> it." {
		t.Error("it is in the form before anybody asked for it")
	}
	refuses(t, r.read(r.Edith, reviewPath(id)+"/drafts"), "Half &lt;b&gt;")

	used := r.read(r.Ana, reviewPath(id)+"?typed=form-verdict")
	wants(t, used, "This is what you typed")
	f := formTo(t, used, reviewPath(id)+"/verdict")
	if f.Get("summary") != "Half <b>of</b> it." || f.Get("rationale") == "" {
		t.Errorf("the form holds %v", f)
	}
	if w := r.post(r.Ana, reviewPath(id)+"/verdict", f); w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	refuses(t, r.read(r.Ana, reviewPath(id)+"/drafts"), "and did not save it")
	if got := r.Dossier(id).Verdict.Summary; got != "Half <b>of</b> it." {
		t.Errorf("saved: %q", got)
	}
}

// TestAStaleDraftIsShownBesideTheRecord types, has an editor change the verdict,
// and comes back.
func TestAStaleDraftIsShownBesideTheRecord(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	r.types(r.Ana, id, "summary", "Mine.")
	if w := r.post(r.Edith, reviewPath(id)+"/verdict", verdictForm(r.form(id), "Theirs.")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	wants(t, r.read(r.Ana, reviewPath(id)+"?typed=form-verdict"), "Now in the record", "Theirs.", ">Mine.</textarea>")
	if w := r.post(r.Ana, reviewPath(id)+"/drafts/drop", url.Values{"form": {"form-verdict"}, "summary": {"Mine."}}); w.Code != http.StatusSeeOther {
		t.Errorf("throwing it away answers %d", w.Code)
	}
	refuses(t, r.read(r.Ana, reviewPath(id)+"/drafts"), "Mine.")
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	for name, tt := range map[string]struct {
		by           review.Person
		field, value string
		want         int
	}{
		"viewer":        {r.Vera, "summary", "x", http.StatusForbidden},
		"administrator": {r.Adam, "summary", "x", http.StatusForbidden},
		"no such field": {r.Ana, "state", "published", http.StatusUnprocessableEntity},
		"too long":      {r.Ana, "summary", strings.Repeat("x", review.MaxTyped+1), http.StatusUnprocessableEntity},
		"longest":       {r.Ana, "summary", strings.Repeat("x", review.MaxTyped), http.StatusNoContent},
		"signed out":    {review.Person{}, "summary", "x", http.StatusUnauthorized},
	} {
		if got := r.types(tt.by, id, tt.field, tt.value); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
	if w := r.post(r.Ana, "/desk/reviews/999/drafts", url.Values{"form": {"form-verdict"}, "field": {"summary"}, "value": {"x"}, "version": {"1"}}); w.Code != http.StatusNotFound {
		t.Errorf("a review that is not there: %d", w.Code)
	}
}
