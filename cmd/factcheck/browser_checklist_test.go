package main

import (
	"path/filepath"
	"testing"
)

// TestBrowserAChecklist has an administrator put the suggested checklists in
// force, and a fact-checker tick the one for a number.
func TestBrowserAChecklist(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	n.hire("Adam Berg", "admin")
	nadia := n.at(t, browser, "Nadia Petrova")
	nadia.open("/desk/articles/new")
	nadia.fill("textarea[name=text]", story)
	nadia.go200("Find its claims")
	const work = "/desk/reviews/1"
	nadia.open(work)
	nadia.fill("#form-accept [name=chosen]", "Both sides use this number.")
	nadia.go200("Accept for checking")
	nadia.go200("Take it")
	nadia.seesNot("For this kind of claim")

	adam := n.at(t, browser, "Adam Berg")
	adam.open("/desk/policy")
	adam.go200("… with the suggested checklists")
	adam.sees("Done: you changed the policy.", "checklist, quantity", "The number was traced to its first source")
	adam.shot("76-policy-1600")
	adam.accessible("a policy with checklists", readAxe(adam))
	adam.size(phone, hand)
	adam.fits("a policy with checklists")

	nadia.open(work)
	nadia.sees("For this kind of claim", "3 items of the checklist are not ticked")
	nadia.send(".ticks li:first-child button")
	nadia.sees("2 items of the checklist are not ticked", "You ticked an item of the checklist")
	nadia.shot("77-checklist-1600")
	nadia.accessible("a claim with a checklist", readAxe(nadia))
	nadia.size(phone, hand)
	nadia.fits("a claim with a checklist")
	nadia.shot("77-checklist-360")
	nadia.size(wide, tall)
	nadia.send(".ticks li:first-child button")
	nadia.sees("3 items of the checklist are not ticked")
}
