package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserSeenBefore opens a claim that somebody else has checked with
// another number, looks at what parts the two, and says that they are two.
func TestBrowserSeenBefore(t *testing.T) {
	browser := startChromium(t)
	db := filepath.Join(t.TempDir(), "desk.db")
	n := openNewsroom(t, db)
	checks := filepath.Join(t.TempDir(), "checks.jsonl")
	line := `{"claim":"The harbour bridge in Eastport cost 9 billion crowns.","rating":"Mostly false","publisher":"Fjord Facts","url":"https://facts.example/bridge","date":"2024-03-02"}`
	if err := os.WriteFile(checks, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n.command("", "import", "jsonl", checks)
	n.hire("Nadia Petrova", "checker")
	b := n.at(t, browser, "Nadia Petrova")
	b.open("/desk/articles/new")
	b.fill("textarea[name=text]", "The minister spoke in Eastport.\n\nInes Vale said that the harbour bridge in Eastport cost 2 billion crowns in the end.\n")
	b.go200("Find its claims")
	b.do(chromedp.KeyEvent("j"))
	b.load("o", chromedp.KeyEvent("o"))
	b.do(chromedp.WaitVisible(chromedp.CSS("#earlier .nearest .differs")))
	b.sees("Fjord Facts", "Similar words, but not the same", "another number: 2 billion, not 9 billion")
	b.shot("60-seen-before-1600")
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatal(err)
	}
	b.accessible("a claim with what was seen before", string(axe))
	b.size(phone, hand)
	b.fits("a claim with what was seen before")
	b.shot("60-seen-before-360")
	b.size(wide, tall)
	b.do(chromedp.Click(chromedp.CSS("#earlier .nearest summary")))
	b.go200("Another claim")
	b.sees("Decided before: 1", "No earlier check found.")
}
