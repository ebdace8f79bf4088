package main

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserAConflictBetweenTwoEditors has two people write the same verdict at
// the same time. The second is told what the first did, loses nothing, chooses
// field by field, and sends again. Then they talk about it, and what one objects
// to keeps the other from sending it to the editors.
func TestBrowserAConflictBetweenTwoEditors(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker", "editor")
	n.hire("Omar Haddad", "editor")
	nadia := n.at(t, browser, "Nadia Petrova")
	nadia.open("/desk/articles/new")
	nadia.fill("textarea[name=text]", story)
	nadia.go200("Find its claims")
	const work = "/desk/reviews/1"
	nadia.open(work)
	nadia.fill("#form-accept [name=chosen]", "Both sides use this number.")
	nadia.go200("Accept for checking")
	nadia.go200("Take it")
	omar := n.at(t, browser, "Omar Haddad")
	omar.open(work)
	omar.unfold("Change this verdict")
	const hisSummary, hisRationale = "One arrival in nine is a ferry that is logged twice.", "The register counts a ferry once a day.\n\nThe log does not."
	writes(omar, "half_true", hisSummary, hisRationale)
	nadia.awaits(work, "Omar Haddad is typing")
	const herSummary, herRationale = "The log shows 4,210 arrivals.", "It is in the log."
	writes(nadia, "mostly_true", herSummary, herRationale)
	nadia.send("#form-verdict button")

	omar.expect(409)
	if status := omar.load("saving", chromedp.Click(chromedp.CSS("#form-verdict .actions button"))); status != 409 {
		omar.fatal("saving over what somebody else wrote answers %d", status)
	}
	omar.sees("Someone else changed this while you worked on it.", "Nadia Petrova wrote the verdict", herSummary)
	holds := func(summary, rationale string) {
		t.Helper()
		if s, r := omar.value("#form-verdict [name=summary]"), omar.value("#form-verdict [name=rationale]"); s != summary || r != rationale {
			omar.fatal("the form holds %q and %q", s, r)
		}
	}
	holds(hisSummary, hisRationale)
	omar.shot("70-conflict-1600")
	omar.accessible("a conflict", readAxe(omar))
	omar.size(phone, hand)
	omar.fits("a conflict")
	omar.shot("70-conflict-360")
	omar.size(wide, tall)

	omar.tick("#form-verdict [name=take_summary][value=theirs]")
	omar.tick("#form-verdict [name=take_rating][value=theirs]")
	omar.tick("#form-verdict [name=take_rationale][value=theirs]")
	holds(herSummary, herRationale)
	if got := ask[string](omar, `document.forms["form-verdict"].elements.rating.value`); got != "mostly_true" {
		omar.fatal("the rating of the other is taken, and the form has %q", got)
	}
	omar.tick("#form-verdict [name=take_rationale][value=mine]")
	holds(herSummary, hisRationale)
	omar.fill("#form-verdict [name=summary]", herSummary+" A ferry is logged twice.")
	if got := ask[string](omar, `document.forms["form-verdict"].elements.take_summary.value`); got != "mine" {
		omar.fatal("typing on leaves the choice at %q, so that what was typed would be lost", got)
	}
	omar.shot("71-chosen")
	omar.send("#form-verdict .actions button")
	omar.sees("Done: you wrote the verdict.", "revision 2", "Mostly true", herSummary+" A ferry is logged twice.", "The register counts a ferry once a day.")

	nadia.open(work)
	nadia.do(chromedp.WaitVisible(chromedp.CSS("#form-comment > summary")))
	nadia.unfold("Comment on something")
	nadia.do(chromedp.SetValue(chromedp.CSS("#form-comment [name=about]"), "summary"))
	nadia.fill("#form-comment [name=quote]", "A ferry is logged twice.")
	nadia.fill("#form-comment [name=text]", "@Omar Where is the source for this?")
	nadia.tick("#form-comment [name=blocking]")
	nadia.shot("72-comment")
	nadia.send("#form-comment button")
	nadia.sees("1 comment blocks publication.")
	nadia.do(chromedp.WaitVisible(chromedp.CSS("#comments .blocks")))
	nadia.shot("73-discussion-1600")
	nadia.accessible("a claim with a discussion", readAxe(nadia))
	nadia.size(phone, hand)
	nadia.fits("a claim with a discussion")
	nadia.shot("73-discussion-360")

	omar.open("/desk/notices")
	omar.sees("Nadia Petrova commented")
	omar.open(work + "/comments")
	omar.unfold("Reply")
	omar.fill("#comment-1 [name=text]", "In the register, page 4.")
	omar.send("#comment-1 form.stack button")
	omar.open(work + "/comments")
	omar.shot("74-comments")
	omar.accessible("the comments", readAxe(omar))
	omar.send("#comment-1 form.inline button")
	omar.sees("Done: you resolved a comment.")
	omar.seesNot("blocks publication.")
}
