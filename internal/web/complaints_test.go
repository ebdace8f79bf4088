package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/outreach"
	"factcheck/internal/review"
)

// complained is a published check of which a reader complains.
func (r *staffRoom) complained(text string) (id, complaint int64) {
	r.T.Helper()
	id = r.published()
	live := r.Dossier(id).Live
	err := r.server.Outside.Complain(r.T.Context(), outreach.Grievance{Slug: live.Slug, Edition: live.Edition, Text: text, Email: "ann@example.net"},
		fmt.Sprintf("2001:db8:%x::1", id))
	if err != nil {
		r.T.Fatal(err)
	}
	rows, err := r.Store.Complaints(r.T.Context(), review.ComplaintFilter{ReviewID: id})
	if err != nil || len(rows) == 0 {
		r.T.Fatalf("%d complaints, %v", len(rows), err)
	}
	return id, rows[len(rows)-1].ID
}

func complaintPath(id int64) string { return fmt.Sprintf("/desk/complaints/%d", id) }

func TestFromAComplaintToThePublicNote(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	wants(t, r.read(review.Person{}, "/checks/"+slug), "/checks/"+slug+"/complain?edition=1", "Report a mistake")
	wants(t, r.read(review.Person{}, "/checks/"+slug+"/complain?edition=1"), "about edition 1", "within 48 hours", "What happens next", `name="edition" value="1"`)
	path := "/checks/" + slug + "/complain"
	sent := url.Values{"edition": {"1"}, "text": {"The table says <b>11</b>."}, "proof": {"https://stats.example.org/t"}, "email": {"ann@example.net"}, "website": {""}}
	if w := r.guest(path, sent); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?sent=1" {
		t.Fatalf("sent = %d\n%s", w.Code, w.Body)
	}
	wants(t, r.guest(path+"?sent=1", nil).Body.String(), "Thank you", "looks at it again")

	wants(t, r.read(r.Edith, "/desk/notices"), "received a complaint by a reader")
	wants(t, r.read(r.Ana, reviewPath(id)), "1 open complaint", fmt.Sprintf("/desk/complaints?review=%d", id))
	wants(t, r.read(r.Ana, "/desk/complaints"), "The table says &lt;b&gt;11&lt;/b&gt;.", "due in 47 h", "nobody has taken it")
	page := complaintPath(1)
	wants(t, r.read(r.Ana, page), "You worked on this check, so somebody else has to look at it again.", "The table says &lt;b&gt;11&lt;/b&gt;.", "Readers still see this edition.")
	refuses(t, r.read(r.Ana, page), "ann@example.net")
	wants(t, r.read(r.Edith, page), "ann@example.net")
	steps := []struct {
		by     review.Person
		do     string
		f      url.Values
		code   int
		reason string
	}{
		{r.Ana, "take", nil, 403, "You worked on this check"},
		{r.Ben, "finding", url.Values{"note": {"x"}}, 403, "Take it first."},
		{r.Ben, "take", nil, 303, ""},
		{r.Stella, "decide", url.Values{"outcome": {"upheld"}, "note": {"x"}}, 409, "looks at it again first"},
		{r.Ben, "finding", url.Values{"note": {" "}}, 422, "Write down what you found."},
		{r.Ben, "finding", url.Values{"note": {"The table says 11."}}, 303, ""},
		{r.Edith, "decide", url.Values{"outcome": {"upheld"}, "note": {"x"}}, 403, "Only standards editors decide"},
		{r.Stella, "decide", url.Values{"outcome": {"perhaps"}, "note": {"My long reason."}}, 422, "My long reason."},
		{r.Stella, "decide", url.Values{"outcome": {"upheld"}, "note": {"It does say 11."}}, 303, ""},
		{r.Stella, "decide", url.Values{"outcome": {"rejected"}, "note": {"x"}}, 409, "A decision is final."},
	}
	for _, s := range steps {
		w := r.post(s.by, page+"/"+s.do, s.f)
		if w.Code != s.code || !strings.Contains(w.Body.String(), s.reason) {
			t.Errorf("%s by %s = %d, want %d with %q\n%s", s.do, s.by.Name, w.Code, s.code, s.reason, sentences(w.Body.String()))
		}
	}
	wants(t, r.read(r.Edith, page), "upheld", "It does say 11.", "The check has not been corrected since.", "No letter goes out by itself.", "What came of your report to The Fjord Check")
	refuses(t, r.read(r.Ana, reviewPath(id)), "open complaint")
	wants(t, r.read(r.Ana, "/desk/complaints?decided=yes"), "upheld")

	r.done(r.Edith, id, review.Correct, "correction", "correction", "note", "The number was wrong.", "assignee", fmt.Sprint(r.Ana.ID))
	r.Verdict(id, r.Ana, "mostly_true", "It fell by 11 percent.")
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	wants(t, r.read(r.Ana, page), "It led to", "edition 2", "What changed since", "/checks/"+slug+"/editions/1")
	wants(t, r.read(review.Person{}, "/checks/"+slug), "after a complaint by a reader", "complain?edition=2")
	wants(t, r.read(review.Person{}, "/corrections"), "after a complaint by a reader")
	wants(t, r.read(review.Person{}, "/checks/"+slug+"/editions/1"), "complain?edition=1")
	if p := r.Dossier(id).Live; strings.Contains(string(p.Snapshot), "complain") {
		t.Errorf("the snapshot tells of the complaint: %s", p.Snapshot)
	}
	if w := r.get(r.Stella, fmt.Sprintf("/desk/audit?review=%d", id)); !strings.Contains(w.Body.String(), "decided about a complaint") {
		t.Errorf("audit:\n%s", sentences(w.Body.String()))
	}

	if w := r.post(r.Edith, page+"/forget", nil); w.Code != http.StatusForbidden {
		t.Errorf("an editor forgets = %d", w.Code)
	}
	if w := r.post(r.Adam, page+"/forget", nil); w.Code != http.StatusSeeOther {
		t.Errorf("forget = %d", w.Code)
	}
	wants(t, r.read(r.Adam, page), "mail address was forgotten", "The table says &lt;b&gt;11&lt;/b&gt;.")
	if n := r.count("SELECT COUNT(*) FROM complaints WHERE email <> ''"); n != 0 {
		t.Error("the address is still there")
	}
}

func TestTheOutcomeGoesOutByMailOnce(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	_, c := r.complained("The table says 11.")
	for _, s := range []struct {
		by review.Person
		do string
		f  url.Values
	}{{r.Ben, "take", nil}, {r.Ben, "finding", url.Values{"note": {"It does not."}}}, {r.Stella, "decide", url.Values{"outcome": {"rejected"}, "note": {"It says 12."}}}} {
		if w := r.post(s.by, complaintPath(c)+"/"+s.do, s.f); w.Code != http.StatusSeeOther {
			t.Fatalf("%s = %d", s.do, w.Code)
		}
	}
	wants(t, r.read(r.Edith, complaintPath(c)), "The letter to the reader is on its way.")
	for range 2 {
		if err := r.server.Outside.AnswerReader(t.Context(), outreach.AnswerArgs{ComplaintID: c}); err != nil {
			t.Fatal(err)
		}
	}
	if all := server.Letters(); len(all) != 1 {
		t.Fatalf("%d letters", len(all))
	}
	wants(t, unfolded(server.Letters()[0].Data), "It says 12.", "leave the check as it is")
	wants(t, r.read(r.Edith, complaintPath(c)), "The reader was told")
	refuses(t, r.read(r.Edith, complaintPath(c)), "Copy this one")
}

func TestTheFormForComplaintsIsBoundedAndThrottled(t *testing.T) {
	r := newStaff(t)
	id := r.published()
	slug := r.Dossier(id).Live.Slug
	path := "/checks/" + slug + "/complain"
	bad := []struct {
		f    url.Values
		code int
		says string
	}{
		{url.Values{"edition": {"1"}, "text": {" "}}, 422, "Say what is wrong."},
		{url.Values{"edition": {"1"}, "text": {strings.Repeat("x", review.MaxComplaint+1)}}, 422, "at most 5000 fit"},
		{url.Values{"edition": {"1"}, "text": {"Kept words."}, "proof": {"javascript:alert(1)"}}, 422, "Kept words."},
		{url.Values{"edition": {"1"}, "text": {"x"}, "email": {"ann@example.net\nBcc: x@example.org"}}, 422, "That is not a mail address."},
		{url.Values{"edition": {"1"}, "text": {"x"}, "outcome": {"upheld"}}, 422, "does not belong to this form"},
		{url.Values{"edition": {"2"}, "text": {"x"}}, 404, ""},
		{url.Values{"edition": {"x"}, "text": {"x"}}, 404, ""},
		{url.Values{"edition": {"1"}, "text": {strings.Repeat("x", 300<<10)}}, 0, ""},
	}
	for i, b := range bad {
		w := r.guest(path, b.f)
		if (b.code != 0 && w.Code != b.code) || w.Code == http.StatusSeeOther || !strings.Contains(w.Body.String(), b.says) {
			t.Errorf("%d = %d, want %d with %q\n%s", i, w.Code, b.code, b.says, sentences(w.Body.String()))
		}
	}
	if w := r.guest(path, url.Values{"edition": {"1"}, "text": {"Cheap watches"}, "website": {"https://spam.example"}}); w.Code != http.StatusSeeOther {
		t.Errorf("a program = %d: it is not to learn that it was seen", w.Code)
	}
	if n := r.count("SELECT COUNT(*) FROM complaints"); n != 0 {
		t.Fatalf("%d complaints", n)
	}
	for n := range outreach.Complaints - 1 { // the program's counts too
		if w := r.guest(path, url.Values{"edition": {"1"}, "text": {fmt.Sprint("Mistake ", n)}}); w.Code != http.StatusSeeOther {
			t.Errorf("= %d", w.Code)
		}
	}
	w := r.guest(path, url.Values{"edition": {"1"}, "text": {"One too many"}})
	if w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), "One too many") {
		t.Errorf("too often = %d\n%s", w.Code, w.Body)
	}
	if n := r.count("SELECT COUNT(*) FROM complaints"); n != outreach.Complaints-1 {
		t.Errorf("%d complaints", n)
	}
}

func TestAReaderFindsTheFormByTheAddressOfTheCheck(t *testing.T) {
	r := newStaff(t)
	slug := r.Dossier(r.published()).Live.Slug
	for _, good := range []string{"https://checks.example/checks/" + slug, "checks.example/checks/" + slug + "/", "/checks/" + slug + "/editions/1", slug, " " + slug + "?x=1#y"} {
		if w := r.guest("/complaints?check="+url.QueryEscape(good), nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/checks/"+slug+"/complain" {
			t.Errorf("%q = %d to %q", good, w.Code, w.Header().Get("Location"))
		}
	}
	for _, bad := range []string{"https://evil.example/", "nothing-0", "://", "checks", `"><script>alert(1)</script>`, strings.Repeat("x", 3000)} {
		w := r.guest("/complaints?check="+url.QueryEscape(bad), nil)
		if w.Code != http.StatusNotFound && w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), "<script>alert") || !strings.Contains(w.Body.String(), "Which check is it?") {
			t.Errorf("%q = %d\n%s", bad, w.Code, w.Body)
		}
	}
	wants(t, r.guest("/complaints", nil).Body.String(), "Which check is it?")
}

func TestHostileComplaintsStayText(t *testing.T) {
	r := newStaff(t)
	hostile := `"><script>alert(1)</script><img src=x onerror=alert(2)>{{.}}` + "\u202e\u202e \x1b[31m"
	id, c := r.complained(hostile)
	for _, step := range []struct {
		by review.Person
		do string
		f  url.Values
	}{{r.Ben, "take", nil}, {r.Ben, "finding", url.Values{"note": {hostile}}}, {r.Stella, "decide", url.Values{"outcome": {"upheld"}, "note": {hostile}}}} {
		if w := r.post(step.by, complaintPath(c)+"/"+step.do, step.f); w.Code != http.StatusSeeOther {
			t.Fatalf("%s = %d", step.do, w.Code)
		}
	}
	for _, path := range []string{"/desk/complaints", "/desk/complaints?decided=yes", complaintPath(c), reviewPath(id), "/desk/notices", "/desk/audit"} {
		if page := r.get(r.Stella, path).Body.String(); strings.Contains(page, "<script>alert") || strings.Contains(page, "<img src=x") {
			t.Errorf("%s runs it:\n%s", path, page)
		}
	}
}

func TestTheHoursOfAComplaintAreAKnob(t *testing.T) {
	r := newStaff(t)
	r.decide("complaint_hours", "5")
	if got := r.policy().ComplaintHoursOf(); got != 5 {
		t.Fatalf("%d hours", got)
	}
	wants(t, r.read(r.Adam, "/desk/policy"), "hours until a complaint is due")
	_, c := r.complained("It is wrong.")
	wants(t, r.read(r.Ana, complaintPath(c)), "due in 4 h")
}
