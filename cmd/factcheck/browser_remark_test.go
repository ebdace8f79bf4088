package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// mark selects words of the page by keyboard, in the first place that sel names.
func (b *tab) mark(sel, words string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const root = document.querySelector(%q), walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		const starts = [];
		let text = "";
		for (let node = walker.nextNode(); node; node = walker.nextNode()) { starts.push([node, text.length]); text += node.data; }
		const words = %q, at = text.indexOf(words);
		if (at < 0) throw new Error("not there: " + text);
		const put = (i) => { const [node, from] = starts.findLast(([, from]) => from <= i); return [node, i - from]; };
		getSelection().setBaseAndExtent(...put(at), ...put(at + words.length));
		root.dispatchEvent(new KeyboardEvent("keyup", {key: "Shift", bubbles: true}));
	})()`, sel, words)))
}

// TestBrowserACommentOnSelectedWords comments on words of the article: from the
// reader, where a claim stands by them, and on the page of the claim.
func TestBrowserACommentOnSelectedWords(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	b := n.at(t, browser, "Nadia Petrova")
	b.open("/desk/articles/new")
	b.fill("textarea[name=text]", story)
	b.go200("Find its claims")
	article := b.path()

	words := ask[string](b, `document.querySelector("mark[data-reviews]").textContent.trim().split(" ").slice(0, 3).join(" ")`)
	b.mark(".reader mark[data-reviews]", words)
	b.do(chromedp.WaitVisible(chromedp.CSS(".remark")), chromedp.WaitVisible(chromedp.CSS(".offer")))
	apart := ask[bool](b, `(() => { const [a, c] = [".offer", ".remark"].map((s) => document.querySelector(s).getBoundingClientRect()); return a.bottom <= c.top || c.bottom <= a.top; })()`)
	if !apart {
		t.Error("the two offers lie over each other")
	}
	b.shot("84-offers-in-the-reader")
	b.accessible("two offers in the reader", readAxe(b))
	b.do(chromedp.Click(chromedp.CSS(".remark")), chromedp.WaitVisible(chromedp.CSS("#form-comment textarea[name=quote]")))
	if got := b.value("#form-comment [name=quote]"); got != words || b.value("#form-comment [name=about]") != "article" {
		b.fatal("the form has %q about %q", got, b.value("#form-comment [name=about]"))
	}
	b.fill("#form-comment [name=text]", "Is that the whole year?")
	b.send("#form-comment button")
	b.sees("Done: you commented.")
	work := strings.Split(b.path(), "#")[0]

	b.open(work)
	b.do(chromedp.WaitVisible(chromedp.CSS(".threads")))
	b.sees("Is that the whole year?", words)
	b.mark("h1[data-about=claim]", words)
	b.do(chromedp.WaitVisible(chromedp.CSS(".remark")), chromedp.KeyEvent("c"), chromedp.WaitVisible(chromedp.CSS("#form-comment textarea[name=quote]")))
	if got := b.value("#form-comment [name=quote]"); got != words || b.value("#form-comment [name=about]") != "claim" {
		b.fatal("the form has %q about %q", got, b.value("#form-comment [name=about]"))
	}
	b.shot("85-a-comment-on-words")
	b.size(phone, hand)
	b.fits("a claim with a comment on words")
	b.fill("#form-comment [name=text]", "Say which year.")
	b.send("#form-comment button")
	b.sees("Done: you commented.")
	b.size(wide, tall)
	b.open(article)
	b.seesNot("Comment on these words")
}
