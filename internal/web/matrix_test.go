package web_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/auth"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/web"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fill puts numbers into a path's holes.
func fill(path string, review int64) string {
	return strings.NewReplacer(":id", fmt.Sprint(review), ":eid", "1", ":token", "nothing", ":slug", "nothing-0", ":n", "1").Replace(path)
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; look at the change, then run with -update\n%s", name, got)
	}
}

// TestRoutesByRole asks for every route as everybody. It pins who gets what,
// that a refusal writes nothing, and what every answer carries.
func TestRoutesByRole(t *testing.T) {
	r := newStaff(t)
	id, err := r.Store.AddAccount(context.Background(), auth.Account{Name: "Nobody", Email: "nobody@example.org", PasswordHash: "-", Active: true, CreatedAt: r.Now()})
	if err != nil {
		t.Fatal(err)
	}
	subject := r.researched()
	people := []review.Person{{}, {ID: id, Name: "none"}, r.Vera, r.Ana, r.Edith, r.Stella, r.Adam}
	var b strings.Builder
	fmt.Fprintf(&b, "%-6s %-42s %9s %6s %6s %7s %6s %9s %5s\n", "", "", "anonymous", "norole", "viewer", "checker", "editor", "standards", "admin")
	for _, rt := range web.Routes(r.server) {
		fmt.Fprintf(&b, "%-6s %-42s", rt.Method, rt.Path)
		for i, p := range people {
			w := r.attempt(t, rt, p, subject)
			if strings.HasPrefix(rt.Path, "/desk/reviews") && w.Code == http.StatusSeeOther {
				subject = r.researched() // that one has changed
			}
			held(t, rt, p, w)
			fmt.Fprintf(&b, " %*d", []int{9, 6, 6, 7, 6, 9, 5}[i], w.Code)
		}
		b.WriteString("\n")
	}
	golden(t, "routes.golden", b.String())
}

// researched is a new review in research that Ana works on.
func (r *staffRoom) researched() int64 {
	r.T.Helper()
	id := r.Claim(fmt.Sprintf("Claim %d", r.Now().UnixNano()))
	r.Researched(id)
	return id
}

// inviting is a new outside reader of a review.
func (r *staffRoom) inviting(id int64) int64 {
	r.T.Helper()
	r.Do(id, r.Edith, review.InviteReader, func(c *review.Command) { c.Invite = &review.GuestDraft{Name: "Grete Holm"} })
	all := r.Dossier(id).Guests
	return all[len(all)-1].ID
}

// asking is a new request for a reply on a review, with its answer if it was
// answered.
func (r *staffRoom) asking(id int64, answered bool) int64 {
	r.T.Helper()
	r.Do(id, r.Ana, review.AskReply, func(c *review.Command) {
		c.Ask = &review.ReplyDraft{Respondent: "Lena Marsh", Channel: review.ByPhone, Question: "Is it so?"}
	})
	all := r.Dossier(id).Requests
	request := all[len(all)-1].ID
	if answered {
		r.Do(id, r.Ana, review.CloseReply, func(c *review.Command) {
			c.RequestID, c.Outcome, c.Reply = request, review.Replied, "It is not so."
		})
	}
	return request
}

// lookedAt brings a complaint to where the form of a route can be sent: by p, if
// they may.
func (r *staffRoom) lookedAt(complaint int64, form string, p review.Person) {
	r.T.Helper()
	do := func(by review.Person, d outreach.ComplaintDeed) {
		r.T.Helper()
		if err := r.server.Outside.DoComplaint(r.T.Context(), by, complaint, d); err != nil {
			r.T.Fatal(err)
		}
	}
	if form == "finding" || form == "decide" {
		by := r.Ben
		if p.Is(review.Editor) {
			by = p
		}
		do(by, outreach.ComplaintDeed{Action: review.TakeComplaint})
		if form == "decide" {
			do(by, outreach.ComplaintDeed{Action: review.FindComplaint, Note: "So it is."})
		}
	}
}

// attempt asks for one route as p.
func (r *staffRoom) attempt(t *testing.T, rt web.Route, p review.Person, review int64) *httptest.ResponseRecorder {
	t.Helper()
	if strings.HasSuffix(rt.Path, "/read") {
		review = r.researched()
		r.Do(review, r.Ana, "submit")
	}
	path := fill(rt.Path, review)
	if strings.Contains(rt.Path, "people/:id") {
		path = fill(rt.Path, r.account(fmt.Sprintf("Guest %d", r.Now().UnixNano()), "checker").ID)
	}
	if strings.Contains(rt.Path, "articles/:id") {
		path = fmt.Sprintf("/desk/articles/%d", r.Dossier(review).Places[0].ArticleID) + strings.TrimPrefix(rt.Path, "/desk/articles/:id")
	}
	if strings.HasSuffix(rt.Path, "/guests") {
		review = r.researched()
		r.Do(review, r.Ana, "submit")
		path = fill(rt.Path, review)
	}
	if strings.Contains(rt.Path, ":gid") {
		review = r.researched()
		r.Do(review, r.Ana, "submit")
		path = strings.Replace(fill(rt.Path, review), ":gid", fmt.Sprint(r.inviting(review)), 1)
	}
	if strings.Contains(rt.Path, ":cid") {
		path = strings.Replace(path, ":cid", fmt.Sprint(r.commented(review, p)), 1)
	}
	if strings.Contains(rt.Path, ":rid") {
		path = strings.Replace(path, ":rid", fmt.Sprint(r.asking(review, strings.HasSuffix(path, "/take"))), 1)
	}
	path = strings.Replace(path, "/evidence/1", fmt.Sprintf("/evidence/%d", r.Dossier(review).Evidence[0].ID), 1)
	piece := r.Dossier(review).Evidence[0].ID
	if strings.HasPrefix(rt.Path, "/desk/sources/") {
		path = fill(rt.Path, piece)
	}
	if strings.HasPrefix(rt.Path, "/desk/captures/") {
		path = fmt.Sprintf("/desk/captures/%d/upload", r.keep(piece, "scan.png", onePixel).ID)
	}
	if strings.HasPrefix(rt.Path, "/desk/complaints/") {
		var complaint int64
		review, complaint = r.complained("It is wrong.")
		path = fill(rt.Path, complaint)
		r.lookedAt(complaint, strings.TrimPrefix(rt.Path, "/desk/complaints/:id/"), p)
	}
	before := r.events(review)
	w := r.request(rt, p, path, review)
	shown := w.Code == http.StatusOK && strings.HasSuffix(rt.Path, "/letter") // a letter is shown once, and that it was
	if done := (w.Code == http.StatusSeeOther || shown) && rt.Staff && p.ID != 0; !done && r.events(review) != before {
		t.Errorf("%s %s as %q = %d, and something was written", rt.Method, rt.Path, p.Name, w.Code)
	}
	return w
}

// commented is a comment on a review, by that person if they may comment.
func (r *staffRoom) commented(id int64, by review.Person) int64 {
	r.T.Helper()
	if !review.MayComment(by) {
		by = r.Ana
	}
	if err := r.server.Comments.Say(context.Background(), review.Remark{ReviewID: id, By: by, Anchor: review.OnClaim, Text: "Is it so?"}); err != nil {
		r.T.Fatal(err)
	}
	return int64(r.count("SELECT MAX(id) FROM comments"))
}

func (r *staffRoom) request(rt web.Route, p review.Person, path string, id int64) *httptest.ResponseRecorder {
	forms := map[string]url.Values{
		"/desk/policy":                            policyForm("sources", fmt.Sprint(1+p.ID%9), "read", fmt.Sprint(r.policy().ID)),
		"/desk/people":                            {"name": {"Zoe"}, "email": {fmt.Sprintf("zoe%d@example.org", p.ID)}, "password": {"seven grey herons"}, "role_viewer": {"yes"}},
		"/desk/people/:id/roles":                  {"role_viewer": {"yes"}},
		"/desk/people/:id/close":                  {},
		"/desk/people/:id/reopen":                 {},
		"/desk/articles/:id/claims":               {"quote": {"The mayor spoke"}, "start": {""}, "end": {""}, "claimant": {""}, "why": {""}},
		"/desk/articles/:id/words":                r.words(id),
		"/desk/reviews/:id/earlier":               r.form(id, "other", "claim-1", "outcome", "kept"),
		"/desk/reviews/:id/drafts":                {"form": {"form-verdict"}, "field": {"summary"}, "value": {"Half of it."}, "version": {"1"}},
		"/desk/reviews/:id/drafts/drop":           {"form": {"form-verdict"}},
		"/desk/complaints/:id/finding":            {"note": {"So it is."}},
		"/desk/complaints/:id/decide":             {"outcome": {"upheld"}, "note": {"So it is."}},
		"/desk/reviews/:id/moves":                 r.form(id, "action", "release"),
		"/desk/reviews/:id/claim":                 r.form(id, "text", "Other words", "kind", "quantity", "claimant_kind", "person", "claimant", "Lena Marsh"),
		"/desk/reviews/:id/verdict":               verdictForm(r.form(id), "Another summary"),
		"/desk/reviews/:id/evidence":              r.form(id, "url", "https://c.example.org", "stance", "context"),
		"/desk/reviews/:id/evidence/:eid":         r.form(id, "number", "1", "url", "https://c.example.org", "stance", "context"),
		"/desk/reviews/:id/evidence/:eid/remove":  r.form(id),
		"/desk/reviews/:id/comments":              {"about": {"claim"}, "text": {"Is it?"}},
		"/desk/reviews/:id/comments/:cid/reply":   {"text": {"It is."}},
		"/desk/reviews/:id/comments/:cid/resolve": {},
		"/desk/reviews/:id/comments/:cid/redact":  {},
		"/desk/reviews/:id/guests":                r.form(id, "name", "Grete Holm", "email", ""),
		"/desk/reviews/:id/guests/:gid/revoke":    r.form(id),
		"/desk/reviews/:id/replies":               r.form(id, "respondent", "Lena Marsh", "channel", "phone", "question", "Is it so?"),
		"/desk/reviews/:id/replies/:rid/sent":     r.form(id),
		"/desk/reviews/:id/replies/:rid/close":    r.form(id, "outcome", "waived", "note", "She said so in the council."),
		"/desk/reviews/:id/replies/:rid/take":     r.form(id, "stance", "refutes"),
		"/desk/reviews/:id/replies/:rid/revoke":   r.form(id),
	}
	switch {
	case rt.Method != http.MethodPost:
		return r.send(p, httptest.NewRequest(rt.Method, path, http.NoBody))
	case strings.HasSuffix(rt.Path, "/file"):
		return r.sendFile(p, path, r.form(id), "scan.png", onePixel)
	case rt.Path == "/desk/articles":
		return r.hand(p, "url", "", "text", "Some text.")
	case rt.Path == "/sign-out":
		delete(r.cookies, p.ID) // a session of its own, that ends here
		defer delete(r.cookies, p.ID)
	}
	return r.post(p, path, forms[rt.Path])
}

// held checks what every answer carries.
func held(t *testing.T, rt web.Route, p review.Person, w *httptest.ResponseRecorder) {
	t.Helper()
	h := w.Header()
	policy := h.Get("Content-Security-Policy")
	if strings.HasPrefix(rt.Path, "/desk/captures/") && w.Code == http.StatusOK {
		policy = strings.Replace(policy, "sandbox", "script-src 'self'", 1) // stricter: TestACaptureNeverRuns
	}
	ok := strings.Contains(policy, "default-src 'none'") && strings.Contains(policy, "script-src 'self'") && !strings.Contains(policy, "unsafe") &&
		strings.Contains(policy, "frame-ancestors 'none'") && h.Get("X-Content-Type-Options") == "nosniff" && h.Get("Referrer-Policy") != "" &&
		h.Get("Strict-Transport-Security") != ""
	if !ok {
		t.Errorf("%s %s as %q lacks headers: %v", rt.Method, rt.Path, p.Name, h)
	}
	if (rt.Staff || strings.HasPrefix(rt.Path, "/sign") || rt.Path == "/setup") && rt.Path != "/sign-out" && !strings.Contains(strings.Join(h.Values("Cache-Control"), " "), "no-store") {
		t.Errorf("%s %s as %q may be kept: %v", rt.Method, rt.Path, p.Name, h.Values("Cache-Control"))
	}
}
