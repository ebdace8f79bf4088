package web_test

import (
	"net/http"
	"testing"

	"factcheck/internal/review"
)

func TestOfTwoVersionsOfAFieldEachIsChosenForItself(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	path := reviewPath(id) + "/verdict"
	mine := verdictForm(formTo(t, r.read(r.Ana, reviewPath(id)), path), "My own summary.")
	mine.Set("rationale", "My own rationale [1].")
	r.Do(id, r.Omar, review.SaveVerdict, func(c *review.Command) {
		c.Verdict = &review.VerdictDraft{Rating: "half_true", Summary: "Omar’s summary.", Rationale: "Omar’s\nrationale [2].", NoneFound: true}
	})
	w := r.post(r.Ana, path, mine)
	if w.Code != http.StatusConflict {
		t.Fatalf("the stale form = %d\n%s", w.Code, w.Body)
	}
	if found := strange(t, w.Body.String()); len(found) > 0 {
		t.Error(found)
	}
	again := formTo(t, w.Body.String(), path)
	for field, want := range map[string]string{"summary": "Omar’s summary.", "rationale": "Omar’s\nrationale [2].", "rating": "half_true", "none_found": "yes", "no_conflict": ""} {
		if again.Get("take_"+field) != "mine" || again.Get("theirs_"+field) != want {
			t.Errorf("%s: %q, theirs %q", field, again.Get("take_"+field), again.Get("theirs_"+field))
		}
	}
	again.Set("take_summary", "theirs")
	again.Set("take_rating", "theirs")
	again.Set("take_no_conflict", "theirs")
	r.Evidence(id, r.Omar, "https://third.example.com/x", review.Context) // and once more
	w = r.post(r.Ana, path, again)
	if w.Code != http.StatusConflict {
		t.Fatalf("the second stale form = %d\n%s", w.Code, w.Body)
	}
	last := formTo(t, w.Body.String(), path)
	if last.Get("summary") != "Omar’s summary." || last.Get("rationale") != "My own rationale [1]." || last.Get("take_summary") != "" {
		t.Errorf("what was chosen comes back as %v", last)
	}
	if w := r.post(r.Ana, path, last); w.Code != http.StatusSeeOther {
		t.Fatalf("sent = %d\n%s", w.Code, w.Body)
	}
	v := r.Dossier(id).Verdict
	if v.Rating != "half_true" || v.Summary != "Omar’s summary." || v.Rationale != "My own rationale [1]." || v.NoConflict {
		t.Errorf("%+v", v)
	}
}

func TestAChoiceSetsNoFieldThatTheFormDoesNotHave(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	path := reviewPath(id) + "/verdict"
	f := verdictForm(formTo(t, r.read(r.Ana, reviewPath(id)), path), "My own summary.")
	f.Set("take_author_id", "theirs")
	f.Set("theirs_author_id", "1")
	if w := r.post(r.Ana, path, f); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d", w.Code)
	}
}
