package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"factcheck/internal/library"
	"factcheck/internal/review"
)

// bringIn imports checks by others and brings the index up to date.
func (r *staffRoom) bringIn(jsonl string) {
	r.T.Helper()
	format, _ := library.Lookup("jsonl")
	im := library.Importer{Keeper: r.Store, Now: r.Now, Reject: func(x library.Rejected) { r.T.Errorf("rejected: %+v", x) }, Progress: func(library.Import) {}}
	if _, err := im.Import(context.Background(), format, "x.jsonl", strings.NewReader(jsonl), ""); err != nil {
		r.T.Fatal(err)
	}
	r.loadEarlier()
}

func (r *staffRoom) loadEarlier() {
	r.T.Helper()
	if err := r.server.Earlier.Index.Load(context.Background()); err != nil {
		r.T.Fatal(err)
	}
}

const bridges = `{"claim":"The harbour bridge cost 9 billion crowns","rating":"Mostly <b>false</b>","publisher":"Fjord Facts","url":"https://facts.example/bridge","date":"2024-03-02","claimant":"Ines Vale"}
{"claim":"Honey bees have left Norland","rating":"False","publisher":"Bee <script>alert(1)</script> Checks","url":"https://bees.example/1"}
`

func TestTheNearestStandBesideAClaimWithWhatPartsThem(t *testing.T) {
	r := newStaff(t)
	ours := r.Claim("the harbour bridge never cost 2 billion crowns")
	r.Published(ours)
	id := r.Claim("the harbour bridge cost 2 billion crowns")
	path := reviewPath(id) + "/earlier"
	wants(t, r.read(r.Ana, reviewPath(id)), `hx-get="`+path+`"`, `href="`+path+`"`)
	wants(t, r.read(r.Ana, path), "The index is still loading")
	r.bringIn(bridges)
	page := r.read(r.Ana, path)
	wants(t, page, "Fjord Facts", "“Mostly false”", `href="https://facts.example/bridge"`, "Mostly true", "what readers see",
		`title="not the same number">2</mark>`, `title="not the same number">9</mark>`, `title="not the same denial">never</mark>`, "Another claim", "another number: 2 billion, not 9 billion")
	refuses(t, page, "still loading", "<script>alert", "join the two")
	wants(t, r.read(r.Edith, path), "Same claim: join the two", "Same claim: dismiss as already checked")
	refuses(t, r.read(r.Vera, path), `name="outcome"`)
}

func TestNothingLikeItSaysSo(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("dividends of Umbra Optics were paid in shares")
	r.bringIn(bridges)
	wants(t, r.read(r.Ana, reviewPath(id)+"/earlier"), "No earlier check found.")
}

func TestADecisionAboutAnEarlierClaimIsOneForm(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("the harbour bridge cost 9 billion crowns")
	r.bringIn(bridges)
	path := reviewPath(id) + "/earlier"
	offered := regexp.MustCompile(`name="other" value="(check-\d+)"`).FindAllStringSubmatch(r.read(r.Ana, path), -1)
	if len(offered) == 0 {
		t.Fatal("nothing is offered")
	}
	bridge := offered[0][1]
	form := func(outcome string, more ...string) url.Values {
		return r.form(id, append([]string{"other", bridge, "outcome", outcome}, more...)...)
	}
	for name, f := range map[string]url.Values{
		"no outcome": form(""), "another one": form("deleted"), "a field too many": form("kept", "score", "1"), "no such record": r.form(id, "other", "check-999", "outcome", "kept"),
		"no ref": r.form(id, "other", "x", "outcome", "kept"), "joining a check by others": form("joined"), "a long note": form("kept", "note", strings.Repeat("x", 9000)),
	} {
		if w := r.post(r.Ana, path, f); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s answers %d", name, w.Code)
		}
	}
	stale := form("dismissed")
	stale.Set("version", "99")
	if w := r.post(r.Ana, path, stale); w.Code != http.StatusConflict {
		t.Errorf("a stale form answers %d", w.Code)
	}
	if w := r.post(r.Ana, path, form("rejected", "note", "Nine, not two.")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page := r.read(r.Ana, path)
	wants(t, page, "Decided before: 1", "another claim", "Nine, not two.", "It is the same claim after all")
	if strings.Count(page, `value="`+bridge+`"`) != 1 {
		t.Error("a rejected pair is offered again")
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "noted that it is another claim")
	if w := r.post(r.Ana, path, form("dismissed")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != reviewPath(id) {
		t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	if d := r.Dossier(id); d.Review.State != review.Dismissed || d.Review.Dismissal != review.AlreadyChecked {
		t.Errorf("review = %+v", d.Review)
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "Checked by Fjord Facts", "https://facts.example/bridge")
}

func TestJoiningLeadsToTheOtherReview(t *testing.T) {
	r := newStaff(t)
	old, id := r.Claim("the harbour bridge cost 2 billion crowns"), r.Claim("the bridge in the harbour cost 2 billion crowns")
	r.loadEarlier()
	other := fmt.Sprintf("claim-%d", r.Dossier(old).Review.ClaimID)
	w := r.post(r.Edith, reviewPath(id)+"/earlier", r.form(id, "other", other, "outcome", "joined"))
	if want := fmt.Sprintf("%s?merged_from=%d", reviewPath(old), id); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
		t.Fatalf("%d to %q, want %q\n%s", w.Code, w.Header().Get("Location"), want, w.Body)
	}
	if n := len(r.Dossier(old).Places); n != 2 {
		t.Errorf("%d places", n)
	}
}

func TestTheNearestTakeFewQueriesAtAnyNumberOfRows(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("the harbour bridge cost 2 billion crowns")
	r.loadEarlier()
	few := r.queries(reviewPath(id) + "/earlier")
	for i := range 30 {
		r.Claim(fmt.Sprintf("the harbour bridge number %d cost 2 billion crowns", i))
	}
	r.bringIn(bridges)
	many := r.queries(reviewPath(id) + "/earlier")
	t.Logf("%d queries, %d with more rows", few, many)
	if many >= 12 || many > few+3 {
		t.Errorf("%d queries, and %d with few rows", many, few)
	}
}
