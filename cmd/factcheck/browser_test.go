package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"factcheck/internal/export"
)

// story is an article of our own, with six claims.
const story = `Harbour tolls to fall next spring, mayor tells council

LINDHAVEN — The harbour of Lindhaven handled 4,210 ships last year, 12 percent more than the year before, Mayor Petra Olsen told the council on Tuesday.

“We have the lowest tolls on the coast,” Olsen said. She promised to cut them by another tenth before April.

The harbour company’s director, Jonas Brandt, said that the new quay cost 46 million crowns, “not a crown more than planned”.

How long would the gulls stay, a child asked from the gallery. Nobody answered.

The ferry union disputes the figures. Its chairwoman, Maren Dahl, claims that one ship in five was counted twice.
`

const (
	shipsClaim = "The harbour of Lindhaven handled 4,210 ships last year, 12 percent more than the year before"
	summary1   = "The harbour’s own log shows 4,210 arrivals and a rise of 12 percent, but about one arrival in nine is a ferry that is logged twice a day."
	summary2   = "The harbour’s own log shows 4,210 arrivals and a rise of 12 percent; one arrival in twelve is a ferry that is logged twice a day."
	rationale1 = "The **port log** counts 4,210 arrivals [1].\n\nThe national register, which counts a ferry once a day, has 3,742 [2]. Both show the same rise."
	returned   = "The register is quoted without its year. Add it, then send this again."
	noted      = "The share of ferries was one in nine; it is one in twelve."
)

// TestBrowserJourney is what the desk is for, from an article to a correction
// that readers see, by the people who do it.
func TestBrowserJourney(t *testing.T) {
	browser := startChromium(t)
	archive := openArchive(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"), "--allow-loopback", "--chromium", os.Getenv("FACTCHECK_TEST_CHROMIUM"))
	n.hire("Nadia Petrova", "checker", "editor")
	n.hire("Iris Vale", "checker")
	n.hire("Edith Lang", "editor")
	n.hire("Omar Haddad", "editor")

	nadia := n.at(t, browser, "Nadia Petrova")
	nadia.shot("01-empty-desk")
	work := pasteAndOpen(nadia)
	acceptAndTake(nadia)
	research(nadia, archive.URL)
	capture(nadia, work)
	writeVerdict(nadia)
	sendToEditor(nadia)
	refuseOwnApproval(nadia, work)

	edith := n.at(t, browser, "Edith Lang")
	sendBack(edith, nadia, work)
	iris := n.at(t, browser, "Iris Vale")
	approveTwice(edith, iris, work)
	slug := publish(edith, work)
	readReport(nadia, slug)
	exportTwice(n, slug)
	drift(iris, archive, work)

	omar := n.at(t, browser, "Omar Haddad")
	correct(edith, nadia, omar, work)
	readCorrection(iris, slug)
	exportTwice(n, slug)
	if out := n.command("", "verify"); !strings.Contains(out, "The record holds.") {
		t.Errorf("verify says:\n%s", out)
	}
}

// pasteAndOpen pastes the story, reads it with its claims marked and opens the
// one about ships, by keyboard. It returns the path of its page.
func pasteAndOpen(b *tab) string {
	b.t.Helper()
	b.go200("Add the first article")
	b.fill("textarea[name=text]", story)
	b.shot("02-paste")
	b.go200("Find its claims")
	b.sees("Found 6 new claims", "6 claims", "Harbour tolls to fall next spring")
	if marks, cards := b.count(".reader mark"), b.count(".reader [data-card]"); marks < 6 || cards != 6 {
		b.fatal("%d marks and %d cards, want 6", marks, cards)
	}
	if marked := marked(b, ".reader mark"); !strings.Contains(marked, shipsClaim) || strings.Contains(marked, "gulls") {
		b.fatal("marked: %s", marked)
	}
	b.shot("03-article-1600")
	b.size(phone, hand)
	b.shot("03-article-360")
	b.size(wide, tall)
	b.do(chromedp.KeyEvent("j"))
	if status := b.load("o", chromedp.KeyEvent("o")); status != 200 {
		b.fatal("the key o leads to %d", status)
	}
	b.sees(shipsClaim)
	if got := marked(b, "#source .passage mark"); got != shipsClaim {
		b.fatal("beside the claim is marked %q", got)
	}
	b.shot("04-claim-in-triage")
	return b.path()
}

// marked is the text of the marks of a page, each once.
func marked(b *tab, selector string) string {
	b.t.Helper()
	return ask[string](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].map((m) => m.textContent).join("")`, selector))
}

func acceptAndTake(b *tab) {
	b.t.Helper()
	if got := b.value("#form-accept [name=claimant]"); got != "Petra Olsen" {
		b.fatal("the form proposes %q as the one who says it", got)
	}
	b.fill("#form-accept [name=chosen]", "")
	b.expect(422)
	if status := b.press("Accept for checking"); status != 422 {
		b.fatal("accepting without saying why answers %d", status)
	}
	b.sees("Say why this claim is worth checking.")
	b.fill("#form-accept [name=chosen]", "The council votes on the harbour budget next week and both sides use this number.")
	b.do(chromedp.SetValue(chromedp.CSS("#form-accept [name=claimant_kind]"), "person"))
	b.shot("05-accept")
	b.go200("Accept for checking")
	b.sees("Done: you accepted it for checking.", "waiting for a fact-checker")
	b.go200("Take it")
	b.sees("in research", "Nadia Petrova works on it", "missing: Choose a rating.", "missing: Add evidence")
	b.shot("06-taken")
}

// archive is the site of the sources, on this machine.
type archive struct {
	*httptest.Server
	arrivals atomic.Value // what the log says, a string
}

// openArchive opens a site with two pages. One of them does what a hostile page
// would.
func openArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{}
	a.arrivals.Store("4,210")
	page := func(title, text string) string {
		return "<!doctype html><html lang=en><head><title>" + title + "</title></head><body><article><h1>" + title + "</h1><p>" + text +
			"</p><p>The port counts every arrival at its northern mole, by day and by night, and has done so since 1931.</p></article>"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/log/2025", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, page("Log of arrivals 2025", "Arrivals in 2025: "+a.arrivals.Load().(string)+" (2024: 3,759)."))
	})
	mux.HandleFunc("/ports", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, page("Register of ports", "Lindhaven: 3,742 calls, a ferry counted once a day.")+
			`<script>fetch("/seen?by=" + location.origin); document.title = "owned"</script><img src="x" onerror="document.title='owned'">`+
			`<svg onload="document.title='owned'"></svg>`)
	})
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

// awaits opens a page until it says something that a job is about to find.
func (b *tab) awaits(path, words string) {
	b.t.Helper()
	b.open(path)
	for end := time.Now().Add(patience); time.Now().Before(end); b.load("reloading", chromedp.Reload()) {
		if strings.Contains(ask[string](b, "document.body.innerText"), words) {
			return
		}
	}
	b.fatal("%s does not say %q in time", path, words)
}

// readAxe is the accessibility checker.
func readAxe(b *tab) string {
	b.t.Helper()
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(axe)
}

// capture waits until both sources are kept, and looks at what is.
func capture(b *tab, work string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS("ol.evidence > li:nth-child(2) .kept"))) // the page looks by itself
	for _, title := range []string{"Log of arrivals 2025", "Register of ports"} {
		b.awaits(work, "captured just now: "+title)
	}
	b.shot("07b-captured")
	b.accessible("a claim with captured sources", readAxe(b))
	b.size(phone, hand)
	b.fits("a claim with captured sources")
	b.shot("07b-captured-360")
	b.size(wide, tall)
	for i := range 2 {
		b.open(work)
		b.send(fmt.Sprintf("ol.evidence > li:nth-child(%d) .kept a", i+1))
		b.sees("first capture", "SHA-256", "Archive of the connection (WARC)", "The port counts every arrival")
		if got := ask[string](b, "document.title"); strings.Contains(got, "owned") {
			b.fatal("a captured page ran: the title is %q", got)
		}
		if n := ask[int](b, `document.querySelector("img.shot").naturalWidth`); n < 1000 {
			b.fatal("the picture of the page is %d pixels wide", n)
		}
	}
	axe := readAxe(b)
	b.shot("07c-capture")
	b.accessible("a capture", axe)
	b.size(phone, hand)
	b.fits("a capture")
	b.shot("07c-capture-360")
	b.size(wide, tall)
	b.open(work)
}

// drift changes a source that readers were told of, and has it looked at again.
func drift(b *tab, a *archive, work string) {
	b.t.Helper()
	a.arrivals.Store("4,120")
	b.open(work)
	b.send("ol.evidence > li:first-child form[action$='/look'] button")
	b.sees("Done: the source is looked at now.")
	b.awaits(work, "The source changed since.")
	b.shot("20b-drift-at-the-claim")
	b.send(".copy .drifted a")
	b.sees("What changed since")
	if got := ask[string](b, `[...document.querySelectorAll(".words ins, .words del")].map((e) => e.localName + e.textContent.trim()).join(" ")`); got != "del4,210 ins4,120" {
		b.fatal("the difference is shown as %q", got)
	}
	b.shot("20c-drift")
	b.accessible("a source that changed", readAxe(b))
	b.open("/desk/sources")
	b.sees("Log of arrivals 2025", "The source changed since.")
	b.shot("20d-sources")
	b.accessible("the sources that changed", readAxe(b))
	b.size(phone, hand)
	b.fits("the sources that changed")
	b.shot("20d-sources-360")
	b.size(wide, tall)
}

func research(b *tab, site string) {
	b.t.Helper()
	evidence := []struct{ url, title, publisher, quote, stance string }{
		{site + "/log/2025", "Log of arrivals 2025", "Port of Lindhaven", "Arrivals in 2025: 4,210 (2024: 3,759).", "supports"},
		{site + "/ports", "Register of ports", "National Statistics", "Lindhaven: 3,742 calls, a ferry counted once a day.", "refutes"},
	}
	for i, e := range evidence {
		if i > 0 {
			b.do(chromedp.Click(chromedp.CSS("#form-evidence > summary")))
		}
		b.fill("#form-evidence [name=url]", e.url)
		b.fill("#form-evidence [name=quote]", e.quote)
		b.tick("#form-evidence [name=stance][value=" + e.stance + "]")
		b.fill("#form-evidence [name=title]", e.title)
		b.fill("#form-evidence [name=publisher]", e.publisher)
		b.send("#form-evidence button")
		b.sees("Done: you added evidence.", e.quote)
	}
	if got := b.count("ol.evidence > li"); got != 2 {
		b.fatal("%d pieces of evidence are shown, want 2", got)
	}
	b.shot("07-evidence")
}

func writeVerdict(b *tab) {
	b.t.Helper()
	b.tick("#form-verdict [name=rating][value=mostly_true]")
	b.fill("#form-verdict [name=summary]", summary1)
	b.fill("#form-verdict [name=rationale]", rationale1)
	b.send("#form-verdict button")
	b.sees("revision 1", "missing: ") // the declaration
	b.shot("08-one-thing-missing")
	b.tick("#form-verdict [name=no_conflict]")
	b.send("#form-verdict button")
	if got := b.count(".checklist .no"); got != 0 || !strings.Contains(b.text(".checklist"), "It waits for the approval of an editor") {
		b.fatal("all but the approval is there, and the checklist says: %s", b.text(".checklist"))
	}
	b.shot("09-nothing-missing-but-approval")
}

func sendToEditor(b *tab) {
	b.t.Helper()
	b.go200("Send to an editor")
	b.sees("with the editors")
	b.shot("10-sent")
}

// refuseOwnApproval tries to approve what oneself wrote: the page says why not,
// and so does the server to whoever does not ask the page.
func refuseOwnApproval(b *tab, work string) {
	b.t.Helper()
	const sentence = "You wrote this verdict, so someone else has to approve it."
	b.open(work)
	b.sees(sentence)
	if b.count("#form-approve button:not([disabled])") != 0 {
		b.fatal("the author may press the button that approves")
	}
	b.shot("11-own-approval-refused")
	b.expect(403)
	answer := ask[[]any](b, fmt.Sprintf(`fetch(%q, {method: "POST", body: new URLSearchParams({action: "approve", version: document.querySelector("[name=version]").value})})
		.then(async (r) => [r.status, await r.text()])`, work+"/moves"), chromedp.EvalAwaitPromise)
	if answer[0] != float64(403) || !strings.Contains(answer[1].(string), sentence) {
		b.fatal("approving one’s own work answers %v", answer[0])
	}
	b.open(work)
	b.sees("with the editors")
}

// sendBack is an editor returning the work, and the fact-checker reading why
// and sending it again.
func sendBack(editor, checker *tab, work string) {
	editor.t.Helper()
	editor.open("/desk")
	editor.sees(shipsClaim)
	editor.shot("12-desk-of-the-editor")
	editor.open(work)
	editor.shot("13-editor-reads")
	editor.unfold("Return with a reason")
	editor.fill("#form-return [name=note]", returned)
	editor.send("#form-return button")
	editor.sees("in research", returned)
	editor.shot("14-returned")

	checker.open("/desk")
	checker.sees(shipsClaim)
	checker.open(work)
	checker.sees(returned)
	checker.shot("15-checker-reads-why")
	checker.do(chromedp.Click(chromedp.CSS("ol.evidence > li:nth-child(2) summary")))
	checker.fill("ol.evidence > li:nth-child(2) [name=quote]", "Lindhaven, 2025: 3,742 calls, a ferry counted once a day.")
	checker.send("ol.evidence > li:nth-child(2) form.stack button")
	checker.sees("Lindhaven, 2025: 3,742 calls")
	checker.go200("Send to an editor")
	checker.sees("with the editors")
}

// approveTwice is an approval that is void because somebody adds evidence
// before it is published, and the next that counts.
func approveTwice(editor, other *tab, work string) {
	editor.t.Helper()
	editor.open(work)
	editor.sees("changed since it came back")
	editor.shot("16-editor-sees-what-changed")
	editor.go200("Approve revision 2")
	editor.sees("approved", "Publish now")
	editor.shot("17-approved")

	other.open(work)
	other.do(chromedp.Click(chromedp.CSS("#form-evidence > summary")))
	other.fill("#form-evidence [name=url]", "https://ferries.example.com/timetable")
	other.fill("#form-evidence [name=quote]", "Two crossings a day, all year.")
	other.fill("#form-evidence [name=no_copy]", "The timetable is a picture that changes every hour.")
	other.tick("#form-evidence [name=stance][value=context]")
	other.send("#form-evidence button")
	other.sees("with the editors", "Two crossings a day, all year.")

	editor.expect(409)
	if status := editor.press("Publish now"); status != 409 { // on the page that still has the button
		editor.fatal("publishing what was changed since answers %d, want 409", status)
	}
	editor.sees("Someone else changed this while you worked on it.", "Iris Vale", "added evidence")
	editor.shot("18-approval-void")
	if editor.count("#form-publish button:not([disabled])") != 0 {
		editor.fatal("the button that publishes is still there")
	}
	editor.go200("Approve revision 2")
	editor.sees("approved")
}

func publish(b *tab, work string) string {
	b.t.Helper()
	b.go200("Publish now")
	b.sees("published", "readers see edition 1")
	b.shot("19-published")
	b.open(work)
	b.go200("readers see edition 1")
	slug, ok := strings.CutPrefix(b.path(), "/checks/")
	if !ok || slug == "" {
		b.fatal("readers see it at %s", b.path())
	}
	return slug
}

// readReport reads the public page and checks its ClaimReview.
func readReport(b *tab, slug string) {
	b.t.Helper()
	b.open("/checks/" + slug)
	b.sees(shipsClaim, "Petra Olsen", "Harbour tolls to fall next spring", "Mostly true", summary1, "The port log counts 4,210 arrivals [1]",
		"Log of arrivals 2025", "Arrivals in 2025: 4,210", "Lindhaven, 2025: 3,742 calls", "Two crossings a day",
		"We keep a copy, captured", "SHA-256", "We keep no copy, because: The timetable is a picture that changes every hour.",
		"Written by", "Nadia Petrova", "Approved by", "Edith Lang", "The council votes on the harbour budget next week")
	b.seesNot("**", returned)
	b.shot("20-public-1600")
	b.size(phone, hand)
	b.fits("the public page")
	b.shot("20-public-360")
	b.size(wide, tall)
	checkClaimReview(b, slug)
	b.open("/")
	b.sees(shipsClaim, "Mostly true")
	b.shot("21-published-checks")
}

// checkClaimReview holds the page's data for machines to what search engines
// and fact-check feeds ask for.
func checkClaimReview(b *tab, slug string) {
	b.t.Helper()
	raw := ask[[]string](b, `[...document.querySelectorAll('script[type="application/ld+json"]')].map((s) => s.textContent)`)
	if len(raw) != 1 {
		b.fatal("the page has %d blocks of JSON-LD, want 1", len(raw))
	}
	var r struct {
		Context       string `json:"@context"`
		Type          string `json:"@type"`
		URL           string `json:"url"`
		DatePublished string `json:"datePublished"`
		ClaimReviewed string `json:"claimReviewed"`
		Author        struct {
			Type string `json:"@type"`
			Name string `json:"name"`
		} `json:"author"`
		ReviewRating struct {
			Type          string      `json:"@type"`
			AlternateName string      `json:"alternateName"`
			Value         json.Number `json:"ratingValue"`
			Best          json.Number `json:"bestRating"`
			Worst         json.Number `json:"worstRating"`
		} `json:"reviewRating"`
		ItemReviewed struct {
			Type   string `json:"@type"`
			Author struct {
				Type string `json:"@type"`
				Name string `json:"name"`
			} `json:"author"`
			First struct {
				Type     string `json:"@type"`
				Headline string `json:"headline"`
			} `json:"firstAppearance"`
		} `json:"itemReviewed"`
	}
	if err := json.Unmarshal([]byte(raw[0]), &r); err != nil {
		b.fatal("the JSON-LD does not parse: %v\n%s", err, raw[0])
	}
	for what, bad := range map[string]bool{
		"@context":                 !strings.Contains(r.Context, "schema.org"),
		"@type":                    r.Type != "ClaimReview",
		"url":                      r.URL != b.base+"/checks/"+slug,
		"datePublished":            r.DatePublished == "",
		"claimReviewed":            r.ClaimReviewed != shipsClaim,
		"author":                   r.Author.Type != "Organization" || r.Author.Name == "",
		"reviewRating":             r.ReviewRating.Type != "Rating" || r.ReviewRating.AlternateName != "Mostly true",
		"itemReviewed":             r.ItemReviewed.Type != "Claim",
		"itemReviewed.author":      r.ItemReviewed.Author.Type != "Person" || r.ItemReviewed.Author.Name != "Petra Olsen",
		"firstAppearance":          r.ItemReviewed.First.Type != "CreativeWork" || !strings.HasPrefix(r.ItemReviewed.First.Headline, "Harbour tolls"),
		"reviewRating.ratingValue": r.ReviewRating.Value != "4" || r.ReviewRating.Best != "5" || r.ReviewRating.Worst != "1",
	} {
		if bad {
			b.t.Errorf("the ClaimReview has no good %s:\n%s", what, raw[0])
		}
	}
}

// exportTwice writes the check in every format, twice: the bytes are the same.
func exportTwice(n *newsroom, slug string) {
	n.t.Helper()
	for _, f := range export.Formats {
		args := []string{"export", "--format", f.Name, "--slug", slug, "--base-url", n.url}
		first := n.command("", args...)
		if second := n.command("", args...); first != second || !bytes.Contains([]byte(first), []byte("4,210 ships")) {
			n.t.Errorf("export --format %s: equal %t, %d bytes", f.Name, first == second, len(first))
		}
	}
}

// correct is a correction by three: one opens it, one writes it, one approves
// and publishes it.
func correct(opener, writer, approver *tab, work string) {
	opener.t.Helper()
	opener.open(work)
	opener.unfold("Correct this check")
	opener.do(chromedp.SetValue(chromedp.CSS("#form-correct [name=correction]"), "correction"))
	opener.fill("#form-correct [name=note]", noted)
	opener.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const menu = document.querySelector("#form-correct [name=assignee]");
		menu.value = [...menu.options].find((o) => o.text.startsWith("Nadia")).value;
	})()`))
	opener.shot("22-opening-a-correction")
	opener.send("#form-correct button")
	opener.sees("A correction is being prepared", noted, "readers see edition 1")

	writer.open(work)
	writer.sees("Nothing differs from what is public.")
	writer.fill("#form-verdict [name=summary]", summary2)
	writer.send("#form-verdict button")
	writer.shot("23-writing-the-correction")
	writer.go200("Send to an editor")

	approver.open(work)
	approver.shot("24-editor-reads-the-correction")
	approver.go200("Approve revision 3")
	approver.go200("Publish now")
	approver.sees("readers see edition 2")
}

// readCorrection reads what readers are told of it.
func readCorrection(b *tab, slug string) {
	b.t.Helper()
	b.open("/checks/" + slug)
	b.sees(summary2, "Correction", noted, "Omar Haddad", "Edition", "2")
	b.seesNot(summary1)
	b.unfold("What changed")
	b.sees("nine", "twelve")
	b.shot("25-corrected-1600")
	b.size(phone, hand)
	b.shot("25-corrected-360")
	b.size(wide, tall)
	checkClaimReview(b, slug)
	b.go200("Read edition 1 as it was")
	b.sees(summary1, "This is edition 1 of 2", noted, "Edith Lang")
	b.seesNot(summary2)
	b.shot("26-first-edition")
	b.go200("Read the current edition")
	b.open("/corrections")
	b.sees(shipsClaim, noted)
	b.shot("27-corrections")
}
