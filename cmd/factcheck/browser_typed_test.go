package main

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserASessionThatDiesLosesNothingTyped types on a claim, loses browser
// and session, signs in anew and goes on.
func TestBrowserASessionThatDiesLosesNothingTyped(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	n.hire("Iris Vale", "checker")
	b := n.at(t, browser, "Nadia Petrova")
	b.open("/desk/articles/new")
	b.fill("textarea[name=text]", story)
	b.go200("Find its claims")
	b.do(chromedp.KeyEvent("j"))
	b.load("o", chromedp.KeyEvent("o"))
	work := b.path()
	const half = "Both sides use this number, and"
	b.fill("#form-accept [name=chosen]", half)
	ask[bool](b, `new Promise((kept) => {
		const status = document.querySelector("[data-draft=form-accept]"), done = () => { if (status.textContent.startsWith("Kept at")) kept(true); };
		new MutationObserver(done).observe(status, {childList: true, characterData: true, subtree: true});
		done();
	})`, chromedp.EvalAwaitPromise)
	b.shot("50-kept-while-typing")

	again := n.at(t, browser, "Nadia Petrova") // another browser: nothing of the first is there but what the server has
	again.open(work)
	again.do(chromedp.WaitVisible(chromedp.CSS("#typed .kept")))
	again.sees("You typed this into the claim", half)
	again.shot("51-offered-back")
	again.go200("Use it")
	if got := again.value("#form-accept [name=chosen]"); got != half {
		again.fatal("the form holds %q, and %q was typed", got, half)
	}
	again.sees("This is what you typed")
	again.fill("#form-accept [name=chosen]", half+" one of them is wrong.")
	again.go200("Accept for checking")
	again.sees("you accepted it for checking", half+" one of them is wrong.")
	if again.count(".kept") != 0 {
		again.fatal("what was sent is offered again")
	}

	iris := n.at(t, browser, "Iris Vale")
	iris.open(work)
	iris.seesNot("You typed this")
}
