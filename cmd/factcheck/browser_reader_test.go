package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// scripts is an article of ours in many scripts. Nothing of it is found by
// itself, so that every mark is a person's.
const scripts = `Notes from many desks

He wrote “🏳️‍🌈 wins 👩‍👩‍👧‍👦 by 3” on the wall.

ראש העיר אמר כי האגרות ירדו השנה, ואיש לא הגיב.

قال رئيس البلدية إن الرسوم انخفضت هذا العام ولم يعلق أحد.

市長は昨年の入港数が増えたと述べた。誰も答えなかった。

Le café a coûté cher à Zürich; mark n̄̈ and é stay whole.

The two lines of it

stand apart here.
`

// point is a place in the window.
type point struct{ X, Y float64 }

// ends are where to press and let go to select words of the text by mouse.
func (b *tab) ends(words string, rightToLeft bool) (from, to point) {
	b.t.Helper()
	raw := ask[string](b, fmt.Sprintf(`(async () => {
		const words = %q, rtl = %t, block = [...document.querySelectorAll("[data-at]")].find((el) => el.textContent.includes(words));
		block.scrollIntoView({block: "center"});
		await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))); // the mouse goes where things are drawn
		const at = (offset) => {
			const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
			for (let node = walker.nextNode(); node; node = walker.nextNode()) {
				if (offset < node.length) return [node, offset];
				offset -= node.length;
			}
		};
		const letters = [...new Intl.Segmenter(undefined, {granularity: "grapheme"}).segment(block.textContent)];
		const start = block.textContent.indexOf(words), end = start + words.length;
		const box = (l) => { const r = document.createRange(); r.setStart(...at(l.index)); r.setEnd(...at(l.index + l.segment.length - 1)); r.setEnd(r.endContainer, r.endOffset + 1); return r.getBoundingClientRect(); };
		const first = box(letters.find((l) => l.index === start)), last = box(letters.find((l) => l.index + l.segment.length === end));
		return JSON.stringify([
			{X: rtl ? first.right - 1 : first.left + 1, Y: first.top + first.height / 2},
			{X: rtl ? last.left + 1 : last.right - 1, Y: last.top + last.height / 2}]);
	})()`, words, rightToLeft), chromedp.EvalAwaitPromise)
	var both []point
	if err := json.Unmarshal([]byte(raw), &both); err != nil {
		b.fatal("where %q stands: %v: %s", words, err, raw)
	}
	return both[0], both[1]
}

// mouse does one thing with the mouse.
func (b *tab) mouse(kind input.DispatchMouseEventType, at point, buttons int64) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		p := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y, ClickCount: 1, Button: input.MouseButtonLeft, Buttons: buttons}
		if kind == input.DispatchMouseEventTypeMouseMoved && buttons == 0 {
			p.Button, p.ClickCount = input.MouseButtonNone, 0
		}
		_, err := cdp.Call(ctx, t, input.DispatchMouseEvent, p)
		return err
	}))
}

// frame waits until the page was drawn anew.
func (b *tab) frame() {
	b.t.Helper()
	ask[bool](b, `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))`, chromedp.EvalAwaitPromise)
}

// drag selects words of the article with the mouse.
func (b *tab) drag(words string, rightToLeft bool) {
	b.t.Helper()
	from, to := b.ends(words, rightToLeft)
	b.mouse(input.DispatchMouseEventTypeMouseMoved, from, 0)
	b.mouse(input.DispatchMouseEventTypeMousePressed, from, 1)
	b.mouse(input.DispatchMouseEventTypeMouseMoved, point{(from.X + to.X) / 2, (from.Y + to.Y) / 2}, 1)
	b.frame() // a page that scrolls follows the mouse once a frame
	b.mouse(input.DispatchMouseEventTypeMouseMoved, to, 1)
	b.frame()
	b.mouse(input.DispatchMouseEventTypeMouseReleased, to, 0)
}

// TestBrowserWordsThatAreSelectedAreTheWordsThatAreStored drags over texts in
// several scripts and reads back what was stored.
func TestBrowserWordsThatAreSelectedAreTheWordsThatAreStored(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	b := n.at(t, browser, "Nadia Petrova")
	b.open("/desk/articles/new")
	b.fill("textarea[name=text]", scripts)
	b.go200("Find its claims")
	article := b.path()
	for i, tt := range []struct {
		words string
		rtl   bool
	}{
		{"🏳️‍🌈 wins 👩‍👩‍👧‍👦 by 3", false},
		{"האגרות ירדו השנה", true},
		{"الرسوم انخفضت هذا العام", true},
		{"入港数が増えた", false},
		{"café a coûté cher à Zürich", false},
		{"mark n̄̈ and é stay whole", false},
		{"coûté cher", false},            // inside a claim that is marked: the mark is a link
		{"à Zürich; mark", false},        // over the edges of two
		{"Notes from many desks", false}, // the headline
	} {
		b.open(article)
		b.drag(tt.words, tt.rtl)
		b.do(chromedp.WaitVisible(chromedp.CSS(".offer")))
		b.do(chromedp.Click(chromedp.CSS(".offer")), chromedp.WaitVisible(chromedp.CSS("#pick textarea[name=quote]")))
		if got := b.value("#pick [name=quote]"); got != tt.words {
			b.fatal("%q was selected, and the form has %q", tt.words, got)
		}
		b.fill("#pick [name=claimant]", "Ada Quill")
		b.fill("#pick [name=why]", "Everybody asks.")
		if i == 0 {
			b.shot("40-a-claim-is-added-by-hand")
		}
		b.send("#pick button.weighty")
		b.sees("Added. It waits to be triaged.", "Ada Quill")
		if got := marked(b, "#source .passage mark"); got != tt.words {
			b.fatal("%q was selected, and %q is stored", tt.words, got)
		}
	}
	b.open(article)
	b.shot("41-overlapping-claims")
	overPar(b)
	exported := n.command("", "corrections", "export")
	if got := strings.Count(exported, `"kind":"added"`); got != 10 || strings.Contains(exported, "Nobody") || !strings.Contains(exported, `"quote":"入港数が増えた"`) {
		t.Errorf("%d additions are exported:\n%s", got, exported)
	}
}

// overPar selects over the end of a paragraph, by keyboard.
func overPar(b *tab) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const [one, two] = [...document.querySelectorAll("[data-at]")].filter((el) => /two lines|stand apart/.test(el.textContent));
		getSelection().setBaseAndExtent(one.firstChild, 4, two.firstChild, 5);
		one.dispatchEvent(new KeyboardEvent("keyup", {key: "Shift", bubbles: true}));
	})()`))
	b.do(chromedp.WaitVisible(chromedp.CSS(".offer")), chromedp.KeyEvent("a"), chromedp.WaitVisible(chromedp.CSS("#pick textarea[name=quote]")))
	const words = "two lines of it\n\nstand"
	if got := b.value("#pick [name=quote]"); got != words {
		b.fatal("the form has %q, want %q", got, words)
	}
	b.send("#pick button.weighty")
	b.sees("Added. It waits to be triaged.")
}

// TestBrowserWhyItIsMarkedAndOtherWords points at a mark, by mouse, by keyboard
// and by finger, and then puts the claim in other words.
func TestBrowserWhyItIsMarkedAndOtherWords(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("%v: make browser fetches it", err)
	}
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	b := n.at(t, browser, "Nadia Petrova")
	b.open("/desk/articles/new")
	b.fill("textarea[name=text]", story)
	b.go200("Find its claims")
	article := b.path()

	const mark = ".reader p mark[data-reviews]"
	box := func() point {
		var p point
		raw := ask[string](b, fmt.Sprintf(`(() => { const m = document.querySelector(%q); m.scrollIntoView({block: "center"}); const r = m.getClientRects()[0]; return JSON.stringify({X: r.left + 20, Y: r.top + r.height / 2}); })()`, mark))
		if err := json.Unmarshal([]byte(raw), &p); err != nil {
			b.fatal("%v", err)
		}
		return p
	}
	b.mouse(input.DispatchMouseEventTypeMouseMoved, box(), 0)
	b.do(chromedp.WaitVisible(chromedp.CSS(".why")))
	told := b.text(".why")
	if !strings.Contains(told, "of 100") || !strings.Contains(told, "to be triaged") {
		b.fatal("pointing at a mark tells %q", told)
	}
	b.shot("42-why-it-is-marked")
	b.do(chromedp.KeyEvent("\x1b"), chromedp.WaitNotVisible(chromedp.CSS(".why")))
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).focus({focusVisible: true})`, mark+" a")))
	b.do(chromedp.WaitVisible(chromedp.CSS(".why")), chromedp.KeyEvent("\x1b"), chromedp.WaitNotVisible(chromedp.CSS(".why")))
	described := ask[string](b, fmt.Sprintf(`document.querySelector(%q).getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ")`, mark+" a"))
	if !strings.Contains(described, "of 100") {
		b.fatal("a reader of the screen is told %q", described)
	}
	finger(b, box())
	b.do(chromedp.WaitVisible(chromedp.CSS(".why")))

	b.open(article)
	href := ask[string](b, `[...document.querySelectorAll(".card")].find((c) => c.textContent.includes("4,210 ships")).querySelector(".change a").getAttribute("href")`)
	b.open(href)
	b.do(chromedp.WaitVisible(chromedp.CSS("#pick.near")))
	if got := b.value("#pick [name=quote]"); got != shipsClaim {
		b.fatal("the words are %q", got)
	}
	for range 2 { // by keyboard, a word at a time
		b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-step='start 1']").focus()`), chromedp.KeyEvent("\r"))
	}
	short := ask[string](b, `document.querySelector("#pick [name=quote]").value`)
	if short == shipsClaim || !strings.HasSuffix(shipsClaim, short) {
		b.fatal("two steps of the beginning leave %q", short)
	}
	b.drag("4,210 ships last year", false)
	if got := b.value("#pick [name=quote]"); got != "4,210 ships last year" {
		b.fatal("selecting anew leaves %q", got)
	}
	b.shot("43-other-words")
	b.accessible("the form for other words", string(axe))
	b.send("#pick button.weighty")
	b.sees("the claim is in other words now")
	b.size(phone, hand)
	b.open(article)
	b.fits("the reader")
	b.drag("lowest tolls", false)
	b.do(chromedp.WaitVisible(chromedp.CSS(".offer")), chromedp.Click(chromedp.CSS(".offer")))
	b.shot("44-add-on-a-phone")
	b.fits("the form on a phone")
	out := n.command("", "corrections", "export")
	if !strings.Contains(out, `"kind":"adjusted"`) || !strings.Contains(out, `"engine":"factcheck `) {
		t.Errorf("the export:\n%s", out)
	}
}

// TestBrowserWordsAreSelectedByFinger adds a claim on a phone: words are selected as
// the handles of a phone select them, and a tap on the button opens the form.
func TestBrowserWordsAreSelectedByFinger(t *testing.T) {
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Nadia Petrova", "checker")
	b := n.at(t, browser, "Nadia Petrova")
	b.open("/desk/articles/new")
	b.fill("textarea[name=text]", story)
	b.go200("Find its claims")
	b.do(chromedp.EmulateViewport(phone, hand, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.load("again", chromedp.Reload())
	const words = "the gulls stay"
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => { // as the handles do: no pointer goes up
		const block = [...document.querySelectorAll("[data-at]")].find((el) => el.textContent.includes(%[1]q));
		block.scrollIntoView({block: "center"});
		const text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode(), at = text.data.indexOf(%[1]q);
		getSelection().setBaseAndExtent(text, at, text, at + %[1]q.length);
	})()`, words)))
	b.do(chromedp.WaitVisible(chromedp.CSS(".offer")))
	b.frame() // the finger goes where things are drawn
	b.view("45-selected-by-finger")
	var at point
	raw := ask[string](b, `(() => { const r = document.querySelector(".offer").getBoundingClientRect(); return JSON.stringify({X: r.left + r.width / 2, Y: r.top + r.height / 2}); })()`)
	if err := json.Unmarshal([]byte(raw), &at); err != nil {
		t.Fatal(err)
	}
	b.tap(at)
	b.do(chromedp.WaitVisible(chromedp.CSS("#pick textarea[name=quote]")))
	if got := b.value("#pick [name=quote]"); got != words {
		b.fatal("%q was selected, and the form has %q", words, got)
	}
	b.fits("the form that a finger opened")
	b.view("46-form-by-finger")
	b.fill("#pick [name=claimant]", "A child")
	b.send("#pick button.weighty")
	b.sees("Added. It waits to be triaged.")
	if got := marked(b, "#source .passage mark"); got != words {
		b.fatal("%q is stored", got)
	}
}

// touch is one event of a finger.
func (b *tab) touch(kind input.DispatchTouchEventType, at ...*input.TouchPoint) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: at})
		return err
	}))
}

// tap touches and lets go.
func (b *tab) tap(at point) {
	b.t.Helper()
	b.touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: at.X, Y: at.Y})
	b.touch(input.DispatchTouchEventTypeTouchEnd)
}

// finger taps.
func finger(b *tab, at point) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const el = document.elementFromPoint(%f, %f);
		for (const type of ["pointerdown", "pointerup"]) el.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerType: "touch"}));
	})()`, at.X, at.Y)))
}
