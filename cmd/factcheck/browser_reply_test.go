package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"factcheck/internal/mail/mailtest"
)

// TestBrowserReplyFromAClaimant has a fact-checker ask by mail, and the one who
// is asked answer on a phone by the link in the mail, without an account.
func TestBrowserReplyFromAClaimant(t *testing.T) {
	browser := startChromium(t)
	post := mailtest.Start(t)
	archive := openArchive(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"), "--smtp-host", post.Settings.Host, "--smtp-port", fmt.Sprint(post.Settings.Port),
		"--smtp-tls", "none", "--smtp-from", "desk@example.org", "--base-url", "http://desk.example", "--allow-loopback", "--chromium", os.Getenv("FACTCHECK_TEST_CHROMIUM"))
	n.hire("Nadia Petrova", "checker")
	n.hire("Edith Lang", "editor")
	nadia := n.at(t, browser, "Nadia Petrova")
	nadia.open("/desk/articles/new")
	nadia.fill("textarea[name=text]", story)
	nadia.go200("Find its claims")
	const work = "/desk/reviews/1"
	nadia.open(work)
	nadia.fill("#form-accept [name=chosen]", "Both sides use this number.")
	nadia.go200("Accept for checking")
	nadia.go200("Take it")
	research(nadia, archive.URL)
	capture(nadia, work)
	writeVerdict(nadia)

	nadia.unfold("Ask somebody for a reply")
	nadia.fill("#form-ask [name=respondent]", "Petra Olsen")
	nadia.fill("#form-ask [name=address]", "mayor@lindhaven.example")
	nadia.fill("#form-ask [name=question]", "The register counts 3,742 calls. Where do the 4,210 come from?")
	nadia.shot("60-ask")
	nadia.go200("Ask for a reply")
	nadia.sees("Petra Olsen has")
	if nadia.count("#form-submit button:not([disabled])") != 0 {
		nadia.fatal("it can be sent to the editors while a question is open")
	}
	select {
	case <-post.Came():
	case <-time.After(patience):
		t.Fatal("no mail came")
	}
	nadia.open(work)
	nadia.shot("61-asked-1600")
	nadia.size(phone, hand)
	nadia.fits("the page of a claim with a question")
	nadia.shot("61-asked-360")
	nadia.size(wide, tall)

	text := strings.NewReplacer("=\n", "", "=3D", "=").Replace(post.Letters()[0].Data)
	link := regexp.MustCompile(`http://desk\.example(/reply/\S+)`).FindStringSubmatch(text)
	if link == nil {
		t.Fatal(text)
	}
	petra := newTab(t, browser, n.url)
	petra.size(phone, hand)
	petra.open(link[1])
	petra.sees("A question to Petra Olsen", "The register counts 3,742 calls.", shipsClaim)
	petra.fits("the page of the one who is asked")
	petra.shot("62-question-360")
	petra.size(wide, tall)
	petra.shot("62-question-1600")
	petra.size(phone, hand)
	const answer = "The log counts every arrival; a ferry that comes twice is two arrivals."
	petra.fill("textarea[name=reply]", answer)
	petra.go200("Send this answer")
	petra.sees("Thank you")
	petra.shot("63-thanks-360")
	petra.expect(409)
	if status := petra.status(link[1]); status != 409 {
		petra.fatal("a second use answers %d", status)
	}
	petra.sees("your answer was sent already")
	petra.shot("64-second-use-360")

	nadia.open(work)
	nadia.sees(answer, "They replied", "written by them")
	nadia.unfold("Take the reply in as evidence")
	nadia.tick("#replies [name=stance][value=supports]")
	nadia.shot("65-answered")
	nadia.go200("Take it in, word for word")
	nadia.go200("Send to an editor")
	edith := n.at(t, browser, "Edith Lang")
	edith.open(work)
	edith.go200("Approve revision 2")
	edith.go200("Publish now")
	slug := edith.text(`a[href^="/checks/"]`)
	if slug == "" {
		edith.fatal("nothing was published")
	}
	edith.load("the report", chromedp.Click(chromedp.CSS(`a[href^="/checks/"]`)))
	edith.sees("Petra Olsen replied:", answer)
	edith.shot("66-report")
}
