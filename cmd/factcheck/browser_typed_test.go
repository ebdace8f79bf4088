package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"factcheck/internal/auth"
	"factcheck/internal/review"
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
	b.tells("form-accept", "Kept at")
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

// tells waits until the line that says whether a form is kept begins with words.
func (b *tab) tells(form, words string) {
	b.t.Helper()
	ask[bool](b, `new Promise((told) => {
		const status = document.querySelector("[data-draft=`+form+`]"), done = () => { if (status.textContent.startsWith("`+words+`")) told(true); };
		new MutationObserver(done).observe(status, {childList: true, characterData: true, subtree: true});
		done();
	})`, chromedp.EvalAwaitPromise)
}

// signedOut ends the tab’s session, as time would.
func (b *tab) signedOut() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.DeleteCookies, network.DeleteCookiesParams{Name: auth.CookieName(false), URL: b.base + "/"})
		return err
	}))
}

// withoutScripts switches them off in the tab.
func (b *tab) withoutScripts() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// sessionDies types a verdict, is signed out in the middle of it, and signs in
// where the words are: they are back in their form, nothing of them is saved
// before it is sent, and what somebody else wrote meanwhile stands beside them.
func sessionDies(t *testing.T, r *room) {
	accounts := &auth.Service{Store: r.store(), Now: time.Now, Params: quick}
	kim, err := accounts.Add(t.Context(), auth.NewAccount{Name: "Kim", Email: "kim@example.org", Password: passphrase, Roles: []review.Role{review.Checker}})
	if err != nil {
		t.Fatal(err)
	}
	id := r.Claim("the council spent 3 million crowns on the mole")
	r.Researched(id)
	r.Do(id, r.Omar, review.Assign, func(c *review.Command) { c.AssigneeID = kim.ID })

	b := r.sits(t, kim)
	b.open(workOf(id))
	writes(b, "half_true", "One million of it was the harbour’s.", "The table has both [1].\n\nThe audit has one [2].")
	b.tells("form-verdict", "Kept at")
	b.signedOut()
	b.expect(401)
	b.fill("#form-verdict [name=one_source]", "Typed when nobody was signed in any more.")
	b.tells("form-verdict", "You are signed out.")
	b.shot("100-signed-out-while-typing")
	if status := b.load("saving", chromedp.Click(chromedp.CSS("#form-verdict .actions button"))); status != 401 {
		b.fatal("saving without a session answers %d", status)
	}
	b.sees("Please sign in again", "Nothing is lost")
	b.picture("101-sign-in-again")
	signsInAgain(b, "not the password", 401)
	b.holds("The table has both [1].")
	r.Do(id, r.Omar, review.SaveVerdict, func(c *review.Command) { // while Kim looks for the password
		v := r.Dossier(id).Verdict
		c.Verdict = &review.VerdictDraft{Rating: v.Rating, Summary: "Omar wrote this meanwhile.", Rationale: v.Rationale, NoConflict: true}
	})
	signsInAgain(b, passphrase, 200)
	b.sees("You are signed in again.", "This is what you typed", "Omar wrote this meanwhile.")
	if !b.inView("#form-verdict") {
		b.fatal("the form is not where one looks")
	}
	b.picture("102-back-at-the-form")
	for field, want := range map[string]string{"summary": "One million of it was the harbour’s.", "rationale": "The table has both [1].\n\nThe audit has one [2].", "one_source": "Typed when nobody was signed in any more."} {
		if got := b.value("#form-verdict [name=" + field + "]"); got != want {
			b.fatal("%s holds %q, and %q was typed", field, got, want)
		}
	}
	if b.count("#form-verdict [name=take_rationale]") != 0 {
		b.fatal("a field that nobody else changed asks for a choice")
	}
	b.send("#form-verdict .actions button")
	b.sees("you wrote the verdict", "Half true", "One million of it was the harbour’s.")

	plain := r.sits(t, kim)
	plain.withoutScripts()
	plain.open(workOf(id))
	plain.fill("#form-verdict [name=summary]", "Two million, to be exact.")
	plain.signedOut()
	plain.expect(401)
	if status := plain.load("saving", chromedp.Click(chromedp.CSS("#form-verdict .actions button"))); status != 401 {
		plain.fatal("saving without a session answers %d", status)
	}
	signsInAgain(plain, passphrase, 200)
	if got := plain.value("#form-verdict [name=summary]"); got != "Two million, to be exact." {
		plain.fatal("the form holds %q", got)
	}
	plain.send("#form-verdict .actions button")
	plain.sees("you wrote the verdict", "Two million, to be exact.")
}

// writes fills in the form of a verdict.
func writes(b *tab, rating, summary, rationale string) {
	b.t.Helper()
	b.tick("#form-verdict [name=rating][value=" + rating + "]")
	b.fill("#form-verdict [name=summary]", summary)
	b.fill("#form-verdict [name=rationale]", rationale)
}

// signsInAgain fills in the page that carries what was typed.
func signsInAgain(b *tab, password string, want int) {
	b.t.Helper()
	b.fill("[name=email]", "kim@example.org")
	b.fill("[name=password]", password)
	if status := b.press("Sign in and go on"); status != want {
		b.fatal("signing in again answers %d", status)
	}
}

// inView reports whether the top of an element is in the window.
func (b *tab) inView(selector string) bool {
	b.t.Helper()
	return ask[bool](b, `(() => { const r = document.querySelector("`+selector+`").getBoundingClientRect(); return r.top > -40 && r.top < innerHeight * 0.8; })()`)
}
