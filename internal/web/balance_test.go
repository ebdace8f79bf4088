package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
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
