package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/review"
)

// TestWordsThatAreSelectedBecomeTheAnchorOfAComment follows the way without
// scripts too: a link at the card, and the words in the form.
func TestWordsThatAreSelectedBecomeTheAnchorOfAComment(t *testing.T) {
	r := newStaff(t)
	id := r.researched()
	article := fmt.Sprintf("/desk/articles/%d", r.Dossier(id).Places[0].ArticleID)
	path := reviewPath(id) + "/comments"
	wants(t, r.read(r.Ana, article), "data-remarks", `href="`+path+`?about=article" data-remark`)
	refuses(t, r.read(r.Vera, article), "data-remark")
	page := r.read(r.Ana, reviewPath(id))
	wants(t, page, `data-remarks="`+path+`"`, `data-about="claim"`, `data-about="article"`, `data-about="evidence-1"`)
	refuses(t, r.read(r.Vera, reviewPath(id)), "data-remarks")
	wants(t, r.read(r.Edith, reviewPath(id)), `data-about="summary"`, `data-about="rationale"`)

	form := r.read(r.Ana, path+"?"+url.Values{"about": {"article"}, "quote": {"She said <that>"}}.Encode())
	wants(t, form, `<option value="article" selected>`, "She said &lt;that&gt;</textarea>", `id="form-comment" open`)
	for _, bad := range []string{"?quote=" + strings.Repeat("x", review.MaxQuote+1), "?about=article&quote=%ff"} {
		if w := r.get(r.Ana, path+bad); w.Code != http.StatusNotFound {
			t.Errorf("%.30s = %d", bad, w.Code)
		}
	}
	f := formTo(t, form, path)
	f.Set("quote", "She said")
	f.Set("text", "Where?")
	if w := r.post(r.Ana, path, f); w.Code != http.StatusSeeOther {
		t.Fatalf("comment = %d\n%s", w.Code, w.Body)
	}
	all, err := r.Store.Comments(t.Context(), id)
	if err != nil || len(all) != 1 || all[0].Anchor != review.OnPlace || all[0].Quote != "She said" || all[0].ArticleID == 0 {
		t.Errorf("%+v, %v", all, err)
	}
}
