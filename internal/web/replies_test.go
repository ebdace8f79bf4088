package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"factcheck/internal/mail"
	"factcheck/internal/mail/mailtest"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

var replyLink = regexp.MustCompile(`https://checks\.example(/reply/[A-Za-z0-9_-]{43})`)

// guest asks for a page, or sends a form, as somebody without an account.
func (r *staffRoom) guest(path string, f url.Values) *httptest.ResponseRecorder {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	if f != nil {
		req = httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	return w
}

// asked is a review in research with a question to Lena Marsh, and the path of
// the link in the letter that Ana copies.
func (r *staffRoom) asked() (id, request int64, link string) {
	r.T.Helper()
	id = r.researched()
	w := r.post(r.Ana, reviewPath(id)+"/replies", r.form(id, "respondent", "Lena Marsh", "channel", "letter", "question", "Where does the number come from?"))
	if w.Code != http.StatusSeeOther {
		r.T.Fatalf("asking = %d\n%s", w.Code, w.Body)
	}
	request = r.Dossier(id).Requests[0].ID
	path := fmt.Sprintf("%s/replies/%d", reviewPath(id), request)
	page := r.post(r.Ana, path+"/letter", r.form(id))
	found := replyLink.FindStringSubmatch(page.Body.String())
	if page.Code != http.StatusOK || found == nil {
		r.T.Fatalf("the letter = %d\n%s", page.Code, page.Body)
	}
	if w := r.post(r.Ana, path+"/sent", r.form(id)); w.Code != http.StatusSeeOther {
		r.T.Fatalf("sent = %d\n%s", w.Code, w.Body)
	}
	return id, request, found[1]
}

func TestARequestForAReplyKeepsTheVerdictFromTheEditors(t *testing.T) {
	r := newStaff(t)
	id, request, _ := r.asked()
	wants(t, r.read(r.Ana, reviewPath(id)), "Lena Marsh has until", "to reply.", "Where does the number come from?")
	r.refused(r.Ana, id, review.Submit, http.StatusUnprocessableEntity, "Lena Marsh has until")
	path := fmt.Sprintf("%s/replies/%d/close", reviewPath(id), request)
	if w := r.post(r.Ana, path, r.form(id, "outcome", "no_reply")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "They have until") {
		t.Errorf("no reply before the deadline = %d", w.Code)
	}
	if w := r.post(r.Ana, path, r.form(id, "outcome", "waived")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Say why no reply is needed.") {
		t.Errorf("waived without a reason = %d", w.Code)
	}
	r.Pass(25 * time.Hour)
	if w := r.post(r.Ana, path, r.form(id, "outcome", "no_reply")); w.Code != http.StatusSeeOther {
		t.Fatalf("no reply = %d\n%s", w.Code, w.Body)
	}
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	q := r.Dossier(id).Requests[0]
	wants(t, r.read(review.Person{}, "/checks/"+r.Dossier(id).Live.Slug), "Lena Marsh did not reply by "+q.Deadline.UTC().Format("2 January 2006, 15:04 UTC")+".")
}

func TestTheClaimantAnswersOnceByALink(t *testing.T) {
	r := newStaff(t)
	id, request, link := r.asked()
	page := r.guest(link, nil)
	body := page.Body.String()
	wants(t, body, "Where does the number come from?", r.Dossier(id).Claim.Text, `content="noindex`)
	refuses(t, body, "mostly", "Mostly", "It is about right", "stats.example.org", "Ana")
	for header, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"} {
		if got := page.Header().Get(header); !strings.Contains(got, want) {
			t.Errorf("%s: %s", header, got)
		}
	}
	if w := r.guest(link, url.Values{"reply": {"  "}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Write your answer.") {
		t.Errorf("an empty answer = %d", w.Code)
	}
	if w := r.guest(link, url.Values{"reply": {strings.Repeat("x", review.MaxReply+1)}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "at most 10000 fit") {
		t.Errorf("a long answer = %d", w.Code)
	}
	if w := r.guest(link, url.Values{"reply": {"x"}, "outcome": {"waived"}}); w.Code != http.StatusUnprocessableEntity || r.Dossier(id).Requests[0].Reply != nil {
		t.Errorf("a field more = %d", w.Code)
	}
	const answer = "It is from  the <b>port log</b>.\n\n“See page 4.”"
	w := r.guest(link, url.Values{"reply": {strings.ReplaceAll(answer, "\n", "\r\n")}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("answering = %d\n%s", w.Code, w.Body)
	}
	wants(t, r.guest(w.Header().Get("Location"), nil).Body.String(), "Thank you")
	q := r.Dossier(id).Requests[0]
	if q.Reply == nil || q.Reply.Text != answer || q.Outcome != review.Replied || q.Reply.Late || q.Reply.RecordedBy != 0 {
		t.Fatalf("%+v, %+v", q, q.Reply)
	}
	for _, f := range []url.Values{nil, {"reply": {"And another thing."}}} {
		if w := r.guest(link, f); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "your answer was sent already") {
			t.Errorf("a second use = %d", w.Code)
		}
	}
	wants(t, r.read(r.Ana, reviewPath(id)), "written by them", "They replied")
	path := fmt.Sprintf("%s/replies/%d/take", reviewPath(id), request)
	if w := r.post(r.Ana, path, r.form(id, "stance", "refutes")); w.Code != http.StatusSeeOther {
		t.Fatalf("taking it in = %d\n%s", w.Code, w.Body)
	}
	if e := r.Dossier(id).Evidence; e[len(e)-1].Quote != answer || e[len(e)-1].Stance != review.Refutes {
		t.Errorf("%+v", e[len(e)-1])
	}
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	r.done(r.Edith, id, review.Publish)
	wants(t, r.read(review.Person{}, "/checks/"+r.Dossier(id).Live.Slug), "Lena Marsh replied:", "It is from  the &lt;b&gt;port log&lt;/b&gt;.")
}

func TestALinkThatIsNoGoodTellsNothing(t *testing.T) {
	r := newStaff(t)
	id, request, link := r.asked()
	_, _, expired := r.asked()
	revoked := link
	if w := r.post(r.Ana, fmt.Sprintf("%s/replies/%d/revoke", reviewPath(id), request), r.form(id)); w.Code != http.StatusSeeOther {
		t.Fatalf("revoke = %d\n%s", w.Code, w.Body)
	}
	r.Pass(40 * 24 * time.Hour)
	changed := []byte(link)
	changed[10] ^= 1
	var first string
	for name, path := range map[string]string{
		"revoked": revoked, "expired": expired, "mistyped": string(changed), "guessed": "/reply/" + strings.Repeat("A", 43), "short": "/reply/x", "long": "/reply/" + strings.Repeat("A", 4000),
	} {
		for _, f := range []url.Values{nil, {"reply": {"Hello."}}} {
			w := r.guest(path, f)
			if first == "" {
				first = w.Body.String()
			}
			if w.Code != http.StatusNotFound || w.Body.String() != first {
				t.Errorf("%s = %d\n%s", name, w.Code, w.Body)
			}
			if w.Header().Get("Referrer-Policy") != "no-referrer" || !strings.Contains(w.Header().Get("X-Robots-Tag"), "noindex") {
				t.Errorf("%s: %v", name, w.Header())
			}
		}
	}
	if n := r.count("SELECT COUNT(*) FROM replies"); n != 0 {
		t.Errorf("%d answers", n)
	}
}

func TestGuessingLinksIsThrottledByAddress(t *testing.T) {
	r := newStaff(t)
	_, _, link := r.asked()
	for range outreach.BadLinks {
		if w := r.guest("/reply/"+strings.Repeat("A", 43), nil); w.Code != http.StatusNotFound {
			t.Fatalf("a guess = %d", w.Code)
		}
	}
	if w := r.guest(link, nil); w.Code != http.StatusTooManyRequests {
		t.Errorf("after many guesses a link = %d", w.Code)
	}
	r.Pass(outreach.BadWindow + time.Minute)
	if w := r.guest(link, nil); w.Code != http.StatusOK {
		t.Errorf("a while later = %d", w.Code)
	}
}

func TestNoTokenIsInTheDatabase(t *testing.T) {
	r := newStaff(t)
	_, _, link := r.asked()
	token := strings.TrimPrefix(link, "/reply/")
	raw := storetest.Raw(t, r.dsn)
	tables, err := raw.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'")
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	for _, name := range names {
		rows, err := raw.Query("SELECT * FROM " + name) //nolint:gosec // names of our own tables
		if err != nil {
			t.Fatal(err)
		}
		cols, _ := rows.Columns()
		for rows.Next() {
			row := make([]any, len(cols))
			for i := range row {
				row[i] = new(any)
			}
			if err := rows.Scan(row...); err != nil {
				t.Fatal(err)
			}
			for i := range row {
				if strings.Contains(fmt.Sprintf("%s", *row[i].(*any)), token) {
					t.Errorf("%s.%s holds the token", name, cols[i])
				}
			}
		}
		if err := errorsOf(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestALateAnswerIsKeptAndMarked(t *testing.T) {
	r := newStaff(t)
	id, request, link := r.asked()
	r.Pass(25 * time.Hour)
	if w := r.post(r.Ana, fmt.Sprintf("%s/replies/%d/close", reviewPath(id), request), r.form(id, "outcome", "no_reply")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	r.done(r.Ana, id, review.Submit)
	r.done(r.Edith, id, review.Approve)
	wants(t, r.guest(link, nil).Body.String(), "A late answer is kept too")
	if w := r.guest(link, url.Values{"reply": {"We were away."}}); w.Code != http.StatusSeeOther {
		t.Fatalf("late = %d\n%s", w.Code, w.Body)
	}
	d := r.Dossier(id)
	if !d.Requests[0].Reply.Late || d.Standing() != 1 || d.Review.State != review.Approved {
		t.Errorf("%+v, %d approvals, %s", d.Requests[0], d.Standing(), d.Review.State)
	}
	r.done(r.Edith, id, review.Publish) // what was approved is what is published
	wants(t, r.read(r.Ana, reviewPath(id)), "after the deadline", "Lena Marsh answered after the request for a reply was closed.")
}

// mails gives the desk a mail server.
func (r *staffRoom) mails(t testing.TB) *mailtest.Server {
	server := mailtest.Start(t)
	r.server.Outside.Mail = mail.Sender{Settings: server.Settings}
	return server
}

func TestAQuestionGoesOutByMailOnceWithItsDeadline(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	id := r.researched()
	ask := r.form(id, "respondent", "Lena Marsh", "channel", "email", "address", "lena@example.net", "question", "Where does the number come from?",
		"urgent", "yes", "urgent_reason", "The debate is tonight.")
	if w := r.post(r.Ana, reviewPath(id)+"/replies", ask); w.Code != http.StatusSeeOther {
		t.Fatalf("asking = %d\n%s", w.Code, w.Body)
	}
	letters := r.count("SELECT COUNT(*) FROM letters")
	jobs := r.count("SELECT COUNT(*) FROM jobs WHERE kind = 'send_letter'")
	if letters != 2 || jobs != 2 { // and a reminder
		t.Fatalf("%d letters, %d jobs", letters, jobs)
	}
	for range 2 { // a job may run twice
		if err := r.server.Outside.Send(t.Context(), outreach.SendArgs{LetterID: 1}); err != nil {
			t.Fatal(err)
		}
	}
	all := server.Letters()
	q := r.Dossier(id).Requests[0]
	if len(all) != 1 || all[0].To[0] != "lena@example.net" || q.SentAt.IsZero() || q.Deadline.Sub(q.SentAt) != 2*time.Hour {
		t.Fatalf("%+v, %+v", all, q)
	}
	text := unfolded(all[0].Data)
	wants(t, text, "Where does the number come from?", "Please answer by "+q.Deadline.UTC().Format("2 January 2006, 15:04 UTC"))
	link := replyLink.FindStringSubmatch(text)
	if link == nil {
		t.Fatal(text)
	}
	if w := r.guest(link[1], url.Values{"reply": {"From the log."}}); w.Code != http.StatusSeeOther {
		t.Fatalf("answer = %d", w.Code)
	}
	if err := r.server.Outside.Send(t.Context(), outreach.SendArgs{LetterID: 2}); err != nil { // nobody is reminded of what they have done
		t.Fatal(err)
	}
	if n := len(server.Letters()); n != 1 || r.count("SELECT COUNT(*) FROM letters WHERE dropped <> ''") != 1 {
		t.Errorf("%d letters", n)
	}
}

func TestAReminderGoesOutWhileNobodyAnswers(t *testing.T) {
	r := newStaff(t)
	server := r.mails(t)
	id := r.researched()
	r.post(r.Ana, reviewPath(id)+"/replies", r.form(id, "respondent", "Lena Marsh", "channel", "email", "address", "lena@example.net", "question", "Is it so?"))
	for _, letter := range []int64{1, 2} {
		if err := r.server.Outside.Send(t.Context(), outreach.SendArgs{LetterID: letter}); err != nil {
			t.Fatal(err)
		}
	}
	all := server.Letters()
	if len(all) != 2 || !strings.Contains(unfolded(all[1].Data), "Reminder: a question from") {
		t.Fatalf("%+v", all)
	}
	for _, l := range all { // the link of each letter is good
		if w := r.guest(replyLink.FindStringSubmatch(unfolded(l.Data))[1], nil); w.Code != http.StatusOK {
			t.Errorf("= %d", w.Code)
		}
	}
}

func TestNoMailAddressSmugglesAHeader(t *testing.T) {
	r := newStaff(t)
	r.mails(t)
	id := r.researched()
	for field, evil := range map[string]string{"address": "lena@example.net\nBcc: all@example.org", "respondent": "Lena\nBcc: all@example.org"} {
		f := r.form(id, "respondent", "Lena Marsh", "channel", "email", "address", "lena@example.net", "question", "Is it so?")
		f.Set(field, evil)
		if w := r.post(r.Ana, reviewPath(id)+"/replies", f); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s = %d", field, w.Code)
		}
	}
	if n := r.count("SELECT COUNT(*) FROM letters"); n != 0 {
		t.Errorf("%d letters", n)
	}
}

// unfolded is a letter without the line ends that quoted-printable adds.
func unfolded(data string) string {
	return strings.NewReplacer("=\n", "", "=3D", "=").Replace(data)
}

func TestViewersAskNobody(t *testing.T) {
	r := newStaff(t)
	id, request, _ := r.asked()
	for _, p := range []review.Person{r.Vera, r.Stella, r.Adam} {
		refuses(t, r.read(p, reviewPath(id)), "Ask somebody for a reply", "Close the request", "Show the letter")
		for _, path := range []string{"/replies", fmt.Sprintf("/replies/%d/letter", request), fmt.Sprintf("/replies/%d/close", request)} {
			if w := r.post(p, reviewPath(id)+path, r.form(id)); w.Code != http.StatusForbidden && w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %s = %d", p.Name, path, w.Code)
			}
		}
	}
	other := r.researched() // the request of one review is not reached by another
	if w := r.post(r.Ana, fmt.Sprintf("%s/replies/%d/letter", reviewPath(other), request), r.form(other)); w.Code != http.StatusNotFound {
		t.Errorf("by another review = %d", w.Code)
	}
}
