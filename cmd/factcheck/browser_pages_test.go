package main

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserTwoAtOnce has two people save the same verdict at the same moment:
// one wins, the other is told what changed, keeps what was typed and sends it
// again.
func TestBrowserTwoAtOnce(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	n.hire("Edith Lang", "editor")
	nadia, edith := n.at(t, browser, "Nadia Petrova"), n.at(t, browser, "Edith Lang")
	nadia.open("/desk/articles/new")
	nadia.fill("textarea[name=text]", story)
	nadia.go200("Find its claims")
	nadia.do(chromedp.KeyEvent("j"))
	nadia.load("o", chromedp.KeyEvent("o"))
	work := nadia.path()
	nadia.fill("#form-accept [name=chosen]", "Both sides use this number.")
	nadia.go200("Accept for checking")
	nadia.go200("Take it")

	typed := map[*tab]string{nadia: "Nadia: the log bears it out.", edith: "Edith: the register does not."}
	for who, summary := range typed {
		who.open(work)
		if who == edith {
			who.unfold("Change this verdict")
		}
		who.fill("#form-verdict [name=summary]", summary)
		who.fill("#form-verdict [name=rationale]", "Because of "+summary)
		who.expect(409)
	}
	statuses := map[*tab]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := make(chan struct{})
	for who := range typed {
		wg.Go(func() {
			<-start
			ctx, cancel := context.WithTimeout(who.ctx, patience)
			defer cancel()
			resp, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("#form-verdict button")))
			mu.Lock()
			defer mu.Unlock()
			if err != nil || resp == nil {
				who.complain("saving led to no page: %v", err)
				return
			}
			statuses[who] = int(resp.Status)
		})
	}
	close(start)
	wg.Wait()
	winner, loser := nadia, edith
	if statuses[edith] == 200 {
		winner, loser = edith, nadia
	}
	if statuses[winner] != 200 || statuses[loser] != 409 {
		t.Fatalf("the two answers are %d and %d, want one 200 and one 409", statuses[winner], statuses[loser])
	}
	name := map[*tab]string{nadia: "Nadia Petrova", edith: "Edith Lang"}
	loser.sees("Someone was faster", name[winner]+" wrote the verdict", typed[winner], "What you typed is still in the form")
	if got := loser.value("#form-verdict [name=summary]"); got != typed[loser] {
		t.Errorf("the form holds %q, and %q was typed", got, typed[loser])
	}
	if got := loser.value("#form-verdict [name=rationale]"); got != "Because of "+typed[loser] {
		t.Errorf("the form holds the rationale %q", got)
	}
	loser.shot("30-someone-was-faster-1600")
	loser.size(phone, hand)
	loser.fits("the page of the one who lost")
	loser.shot("30-someone-was-faster-360")
	loser.size(wide, tall)
	loser.send("#form-verdict button")
	loser.sees("Done: you wrote the verdict.", "revision 2")
	for who := range typed {
		who.open(work)
		who.holds(typed[loser])
	}
}

// TestBrowserFirstRun opens the link that the program prints on an empty
// database, makes the first account and adds the first article.
func TestBrowserFirstRun(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	link := regexp.MustCompile(`http://\S+/setup\?token=\S+`).FindString(n.out.String())
	if link == "" {
		t.Fatalf("no set-up link was printed:\n%s", n.out)
	}
	b := newTab(t, browser, n.url)
	b.open("/desk")
	b.sees("Open the set-up link")
	b.open("/setup?token=guessed")
	b.fill("[name=name]", "Mallory")
	b.fill("[name=email]", "mallory@desk.example")
	b.fill("[name=password]", passphrase)
	b.expect(403)
	b.expect(404)
	if status := b.press("Create the first account"); status == 200 {
		t.Fatal("a guessed token makes an account")
	}
	b.shot("31-set-up-refused")
	b.open(strings.TrimPrefix(link, n.url))
	b.shot("32-set-up-1600")
	b.size(phone, hand)
	b.fits("the set-up page")
	b.shot("32-set-up-360")
	b.size(wide, tall)
	b.do(chromedp.WaitReady(chromedp.CSS("[name=name]:focus")), chromedp.KeyEvent("Ruth Aldous"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("ruth@desk.example"), chromedp.KeyEvent("\t"), chromedp.KeyEvent(passphrase))
	if status := b.load("Enter", chromedp.KeyEvent("\r")); status != 200 || b.path() != "/desk" {
		t.Fatalf("creating the first account answers %d at %s", status, b.path())
	}
	b.sees("Paste an article or its address", "Ruth Aldous")
	b.go200("Add the first article")
	b.fill("textarea[name=text]", story)
	b.go200("Find its claims")
	b.sees("Found 6 new claims")

	late := newTab(t, browser, n.url)
	late.open(strings.TrimPrefix(link, n.url))
	late.sees("This desk is set up")
}

// TestBrowserWithoutScripts does a fact-checker's first half with scripts
// switched off.
func TestBrowserWithoutScripts(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	b := newTab(t, browser, n.url)
	b.withoutScripts()
	b.signIn(mailOf("Nadia Petrova"), passphrase)
	b.go200("Add the first article")
	b.fill("textarea[name=text]", story)
	b.go200("Find its claims")
	if b.count("[data-print]:not([hidden])") != 0 {
		t.Fatal("a script ran: the button that prints is there")
	}
	b.shot("33-without-scripts-article")
	b.send(".card a[data-open]")
	b.sees(shipsClaim)
	b.fill("#form-accept [name=chosen]", "Both sides use this number.")
	b.go200("Accept for checking")
	b.go200("Take it")
	b.fill("#form-evidence [name=url]", "https://port.example.org/log/2025")
	b.fill("#form-evidence [name=quote]", "Arrivals in 2025: 4,210.")
	b.fill("#form-evidence [name=no_copy]", "The log lies open in the harbour office only.")
	b.tick("#form-evidence [name=stance][value=supports]")
	b.send("#form-evidence button")
	b.sees("Done: you added evidence.", "Arrivals in 2025: 4,210.")
	b.tick("#form-verdict [name=rating][value=true]")
	b.fill("#form-verdict [name=summary]", summary1)
	b.fill("#form-verdict [name=rationale]", rationale1)
	b.tick("#form-verdict [name=no_conflict]")
	b.send("#form-verdict button")
	b.sees("revision 1", "True")
	b.unfold("Change the claim")
	b.sees("Short form, for a headline")
	b.shot("34-without-scripts-claim")
	b.unfold("Nadia Petrova")
	b.press("Sign out")
	if b.path() != "/sign-in" {
		t.Errorf("signing out leads to %s", b.path())
	}
}
