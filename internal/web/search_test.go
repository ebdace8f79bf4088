package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/review"
)

func TestOneBoxFindsAndMarks(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	d := r.Dossier(id)
	word := strings.Fields(d.Claim.Text)[0]
	page := r.read(r.Vera, "/desk/search?q="+url.QueryEscape(word))
	wants(t, page, "<mark>"+word+"</mark>", "published check", "/checks/"+d.Live.Slug, reviewPath(id))
	page = r.read(r.Vera, "/desk/search?q=lena+marhs")
	wants(t, page, "Did you mean", "Lena")
	for path, code := range map[string]int{
		"/desk/search": 200, "/desk/search?q=-war": 422, "/desk/search?q=x&kind=secret": 404, "/desk/search?q=x&state=limbo": 404, "/desk/search?q=x&before=7": 404,
		"/desk/search?q=x&from=soon": 404, "/desk/search?q=x&kind=claim&before=7": 200, "/desk/search?q=%22%27%3B--*": 422, "/desk/search?q=a%2A+AND+NEAR": 200,
	} {
		if w := r.get(r.Ana, path); w.Code != code {
			t.Errorf("%s = %d, want %d", path, w.Code, code)
		}
	}
	if w := r.get(review.Person{}, "/desk/search?q=x"); w.Code != http.StatusSeeOther {
		t.Errorf("a reader searches the desk: %d", w.Code)
	}
}

func TestWhatIsFoundIsTextAndNothingElse(t *testing.T) {
	r := newStaff(t)
	r.Article(`Needle <script>alert(1)</script> <img src=x onerror=alert(1)>`)
	page := r.read(r.Ana, "/desk/search?q=needle")
	wants(t, page, "<mark>Needle</mark> &lt;script&gt;")
	if odd := strange(t, page); len(odd) > 0 {
		t.Errorf("the page has %q", odd)
	}
}
