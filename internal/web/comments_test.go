package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/review"
)

func remark(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

func TestABlockingCommentStopsEveryStepToReaders(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	path := reviewPath(id) + "/comments"
	f := formTo(t, r.read(r.Edith, path), path)
	f.Set("about", "evidence-2")
	f.Set("text", "Is this the <b>newest</b> table?")
	f.Set("blocking", "yes")
	for range 2 { // the second time is the same form again
		if w := r.post(r.Edith, path, f); w.Code != http.StatusSeeOther || w.Header().Get("Location") != reviewPath(id)+"#discussion" {
			t.Fatalf("comment = %d\n%s", w.Code, w.Body)
		}
	}
	page := r.read(r.Ana, path)
	wants(t, page, "on evidence [2]", "blocks publication", "Is this the &lt;b&gt;newest&lt;/b&gt; table?")
	if n := strings.Count(page, `<div class="comment">`); n != 1 {
		t.Errorf("%d comments", n)
	}
	if found := strange(t, page); len(found) > 0 {
		t.Error(found)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "1 comment blocks publication. Answer it, and have it resolved.", `hx-get="`+path+`"`)
	r.refused(r.Ana, id, review.Submit, http.StatusUnprocessableEntity, "1 comment blocks publication")
	refuses(t, page, `action="`+path+`/1/resolve"`) // Ana neither began it nor is an editor
	if w := r.post(r.Ana, path+"/1/resolve", nil); w.Code != http.StatusForbidden {
		t.Errorf("the author resolves the editor's question: %d", w.Code)
	}
	if w := r.post(r.Ana, path+"/1/reply", remark("text", "Yes, of this week.")); w.Code != http.StatusSeeOther {
		t.Fatalf("reply = %d\n%s", w.Code, w.Body)
	}
	wants(t, r.read(r.Edith, "/desk/notices"), "<b>Ana</b> commented")
	if w := r.post(r.Edith, path+"/1/resolve", formTo(t, r.read(r.Edith, path), path+"/1/resolve")); w.Code != http.StatusSeeOther {
		t.Fatalf("resolve = %d\n%s", w.Code, w.Body)
	}
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	if w := r.post(r.Ben, path, remark("about", "claim", "text", "Wait", "blocking", "yes")); w.Code != http.StatusSeeOther {
		t.Fatalf("comment = %d\n%s", w.Code, w.Body)
	}
	r.refused(r.Edith, id, review.Publish, http.StatusUnprocessableEntity, "1 comment blocks publication")
	wants(t, r.read(r.Edith, path), "1 resolved thread", "blocked publication", "resolved by Edith")
}

func TestACommentThatCannotBeMadeComesBackWithWhatWasTyped(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	path := reviewPath(id) + "/comments"
	for _, tt := range []struct {
		who   review.Person
		path  string
		form  url.Values
		code  int
		wants []string
	}{
		{r.Ana, path, remark("about", "summary", "quote", "not there", "text", "My words"), 422, []string{"The summary does not hold these words", ">My words</textarea>", ">not there</textarea>", `value="summary" selected`}},
		{r.Ana, path, remark("about", "article", "text", "My words"), 422, []string{"Copy the words of the article", ">My words</textarea>"}},
		{r.Ana, path, remark("about", "evidence-x", "text", "My words"), 422, []string{"Choose what this is about", ">My words</textarea>"}},
		{r.Ana, path, remark("about", "claim", "text", "My words", "by_id", "1"), 422, []string{"does not belong", ">My words</textarea>"}},
		{r.Vera, path, remark("about", "claim", "text", "My words"), 403, []string{"Comments are made by"}},
		{r.Ana, path + "/99/reply", remark("text", "x"), 404, nil},
		{r.Ana, path + "/x/reply", remark("text", "x"), 404, nil},
		{r.Ana, reviewPath(99) + "/comments", remark("about", "claim", "text", "x"), 404, nil},
	} {
		w := r.post(tt.who, tt.path, tt.form)
		if w.Code != tt.code {
			t.Errorf("%s %v = %d", tt.path, tt.form, w.Code)
		}
		wants(t, w.Body.String(), tt.wants...)
	}
	refuses(t, r.read(r.Vera, path), "<textarea")
	wants(t, r.read(r.Ana, path+"?about=rationale"), `value="rationale" selected`)
}

func TestCommentsDoNotTellASecondReaderTheRating(t *testing.T) {
	r := newStaff(t)
	r.decide("second_read", "yes")
	id := r.editing()
	path := reviewPath(id) + "/comments"
	for _, f := range []url.Values{remark("about", "rating", "text", "Why not secretwords"), remark("about", "claim", "text", "I say mostly true")} {
		if w := r.post(r.Ana, path, f); w.Code != http.StatusSeeOther {
			t.Fatalf("comment = %d\n%s", w.Code, w.Body)
		}
	}
	page := r.read(r.Ben, path)
	wants(t, page, "1 thread is about the verdict, and hidden", "I say ▒▒▒▒")
	refuses(t, page, "secretwords", "mostly true")
	wants(t, r.read(r.Ana, path), "secretwords", "I say mostly true")
	if w := r.post(r.Ben, path+"/1/reply", remark("text", "?")); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "secretwords") {
		t.Errorf("a reply to what is hidden = %d", w.Code)
	}
	r.Do(id, r.Ben, review.SecondRead, func(c *review.Command) { c.Rating = "false" })
	wants(t, r.read(r.Ben, path), "secretwords")
}

func TestARedactedCommentKeepsWhoAndWhen(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	path := reviewPath(id) + "/comments"
	if w := r.post(r.Ana, path, remark("about", "claim", "text", "A private number")); w.Code != http.StatusSeeOther {
		t.Fatalf("comment = %d", w.Code)
	}
	if w := r.post(r.Ben, path+"/1/redact", nil); w.Code != http.StatusForbidden {
		t.Errorf("redacted by somebody else: %d", w.Code)
	}
	if w := r.post(r.Ana, path+"/1/redact", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("redact = %d\n%s", w.Code, w.Body)
	}
	page := r.read(r.Ben, path)
	refuses(t, page, "A private number")
	wants(t, page, "The words were taken from view by Ana", "<b>Ana</b>")
	refuses(t, r.read(r.Ben, reviewPath(id)), "A private number")
}

func TestCommentsTakeFewerThanTwelveQueries(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	path := reviewPath(id) + "/comments"
	before := r.queries(path)
	for i := range 30 {
		if w := r.post(r.Ana, path, remark("about", "claim", "text", fmt.Sprintf("Number %d", i))); w.Code != http.StatusSeeOther {
			t.Fatalf("comment = %d", w.Code)
		}
	}
	if n := r.queries(path); n >= 12 || n > before {
		t.Errorf("%d queries, %d before", n, before)
	}
}
