package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"factcheck/internal/review"
)

func TestTheBalanceIsShownAndSidesAreSet(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	who := r.Dossier(id).Claimant
	path := fmt.Sprintf("/desk/speakers/%d/side", who.ID)
	if w := r.post(r.Edith, path, url.Values{"side": {"Blue <b>party</b>"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("side = %d\n%s", w.Code, w.Body)
	}
	page := r.read(r.Edith, "/desk/balance")
	wants(t, page, who.Name, "Blue &lt;b&gt;party&lt;/b&gt;", "Published ratings by side")
	refuses(t, r.read(r.Vera, "/desk/balance"), "/side\"")
	wants(t, r.read(r.Adam, "/desk/audit"), "said on which side a speaker stands")
	if odd := strange(t, page); len(odd) > 0 {
		t.Errorf("the page has %q", odd)
	}
	for path, code := range map[string]int{"/desk/balance?from=soon": 404, "/desk/balance?from=2020-01-01&to=2020-02-01": 200} {
		if w := r.get(r.Vera, path); w.Code != code {
			t.Errorf("%s = %d", path, w.Code)
		}
	}
}

func TestASideThatIsRefusedComesBackAsItWasTyped(t *testing.T) {
	r := newStaff(t)
	who := r.Dossier(r.published()).Claimant
	path := fmt.Sprintf("/desk/speakers/%d/side", who.ID)
	long := "<b>" + strings.Repeat("x", 60)
	w := r.post(r.Edith, path, url.Values{"side": {long}, "from": {"2026-01-01"}, "to": {"2026-12-31"}})
	page := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("a long side = %d", w.Code)
	}
	wants(t, page, "Use at most 60 characters for a side.", `value="&lt;b&gt;`+strings.Repeat("x", 60)+`" aria-invalid="true"`, `name="from" value="2026-01-01"`, "By topic")
	if odd := strange(t, page); len(odd) > 0 {
		t.Errorf("the page has %q", odd)
	}
	if r.count("SELECT COUNT(*) FROM claimants WHERE side <> ''") != 0 {
		t.Error("it was kept")
	}
	// Of a speaker whom the list of the period does not hold, too.
	page = r.post(r.Edith, path, url.Values{"side": {long}, "from": {"2020-01-01"}, "to": {"2020-12-31"}}).Body.String()
	wants(t, page, `value="&lt;b&gt;`+strings.Repeat("x", 60)+`" aria-invalid="true"`)
	w = r.post(r.Edith, path, url.Values{"side": {"Blue"}, "from": {"2026-01-01"}, "to": {"2026-12-31"}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != fmt.Sprintf("/desk/balance?from=2026-01-01&to=2026-12-31#speaker-%d", who.ID) {
		t.Errorf("%d to %s", w.Code, to)
	}
	if w := r.post(r.Ana, path, url.Values{"side": {"Blue"}}); w.Code != http.StatusForbidden {
		t.Errorf("a fact-checker sets a side: %d", w.Code)
	}
}

func TestTheLongListsOfTheBalanceHavePages(t *testing.T) {
	r := newStaff(t)
	text := "It begins. "
	for i := range 55 {
		text += fmt.Sprintf("Claim %03d. ", i)
	}
	a := r.Article(text)
	for i := range 55 {
		r.ClaimIn(a, fmt.Sprintf("Claim %03d", i), fmt.Sprintf("Speaker %03d", i))
	}
	page := r.read(r.Vera, "/desk/balance")
	more := regexp.MustCompile(`href="(/desk/balance\?[^"]*list=speakers[^"]*)"`).FindStringSubmatch(page)
	if more == nil || strings.Contains(page, "Speaker 050") || !strings.Contains(page, "Speaker 049") {
		t.Fatalf("the first page:\n%s", sentences(page))
	}
	next := r.read(r.Vera, html.UnescapeString(more[1]))
	wants(t, next, "Speaker 050", "Speaker 054", "To the beginning of all lists")
	refuses(t, next, "Speaker 049", "By side", "The next 50")
	for _, bad := range []string{"list=kinds&after=1+x", "list=speakers", "list=speakers&after=x+1", "list=speakers&after=0+1"} {
		if w := r.get(r.Vera, "/desk/balance?"+bad); w.Code != http.StatusNotFound {
			t.Errorf("%s = %d", bad, w.Code)
		}
	}
}

func TestTheWorkloadHasPages(t *testing.T) {
	r := newStaff(t)
	for i := range 50 {
		r.account(fmt.Sprintf("Checker %02d", i), review.Checker)
	}
	page := r.read(r.Vera, "/desk/workload")
	more := regexp.MustCompile(`href="(/desk/workload\?after=\d+)"`).FindStringSubmatch(page)
	if more == nil || !strings.Contains(page, "Ana ") || strings.Contains(page, "Omar ") {
		t.Fatalf("the first page:\n%s", sentences(page))
	}
	next := r.read(r.Vera, more[1])
	wants(t, next, "Omar ")
	refuses(t, next, "Ana ", "The next 50")
	if w := r.get(r.Vera, "/desk/workload?after=x"); w.Code != http.StatusNotFound {
		t.Errorf("no such page = %d", w.Code)
	}
}
