package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"factcheck/internal/auth"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// shots is where the pictures of the journey go, for people to look at.
const shots = "../../browser-shots"

// patience is how long a page may take to do what a test waits for.
const patience = 20 * time.Second

// chromiumPath is the browser of these tests. Without one they are skipped,
// but never where everything has to be tested.
func chromiumPath(t *testing.T) string {
	t.Helper()
	path := os.Getenv("FACTCHECK_TEST_CHROMIUM")
	if path == "" && os.Getenv("CI") == "true" {
		t.Fatal("FACTCHECK_TEST_CHROMIUM is not set, and CI tests everything: make test sets it")
	}
	if path == "" {
		t.Skip("FACTCHECK_TEST_CHROMIUM does not name a Chromium: make browser sets it")
	}
	return path
}

// chromium is the one browser of all these tests, started by the first of them:
// starting costs more than a page. Each tab has cookies of its own.
var chromium struct {
	sync.Mutex
	ctx  context.Context
	stop context.CancelFunc
}

// startChromium is a browser that reaches this machine and nothing else.
func startChromium(t *testing.T) context.Context {
	t.Helper()
	path := chromiumPath(t)
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.ctx != nil && chromium.ctx.Err() == nil {
		return chromium.ctx
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(wide, tall),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en-GB"), chromedp.Flag("accept-lang", "en-GB"),
	))
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		t.Fatalf("start %s: %v", path, err)
	}
	chromium.ctx, chromium.stop = ctx, cancel
	return ctx
}

// tests runs all tests and ends the browser after the last.
type tests struct{ *testing.M }

// Run is the exit code.
func (m tests) Run() int {
	code := m.M.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	return code
}

// Sizes of a window: a desk's screen and a small phone's.
const (
	wide, tall  = 1600, 1000
	phone, hand = 360, 740
)

// output is what a program printed, and a way to wait for a part of it.
type output struct {
	mu     sync.Mutex
	text   bytes.Buffer
	waited *regexp.Regexp
	found  chan []string
}

// Write keeps p and tells whoever waits for what is there now.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(p)
	if m := o.waited; m != nil {
		if found := m.FindStringSubmatch(o.text.String()); found != nil {
			o.waited = nil
			o.found <- found
		}
	}
	return n, err
}

// String is all of it.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// newsroom is the real server over a database of its own.
type newsroom struct {
	t        testing.TB
	url, db  string
	out, err *output

	beside *store.Store // the same database, for what a test does without a browser
}

var opened = regexp.MustCompile(`The desk is open at (http://[^/]+)/desk`)

// openNewsroom runs "factcheck serve" on a free port until the test ends. It
// must then end well and have logged nothing, but for slow queries.
func openNewsroom(t testing.TB, db string, flags ...string) *newsroom {
	t.Helper()
	n := &newsroom{t: t, db: db, out: &output{waited: opened, found: make(chan []string, 1)}, err: &output{}}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--db", db}, flags...)
	go func() { ended <- run(ctx, n.env(nil), args) }()
	select {
	case m := <-n.out.found:
		n.url = m[1]
	case code := <-ended:
		stop()
		t.Fatalf("serve ended with %d before it was open:\n%s%s", code, n.out, n.err)
	case <-time.After(time.Minute):
		stop()
		t.Fatalf("serve is not open after a minute:\n%s%s", n.out, n.err)
	}
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("serve ended with %d", code)
		}
		for line := range strings.Lines(n.err.String()) {
			if !strings.Contains(line, `msg="slow query"`) { // the machine is busy: nothing is wrong
				t.Errorf("the server logged: %s", line)
			}
		}
	})
	return n
}

// env is the world of a command beside the server; what it prints goes to
// stdout, or to the server's output if that is nil.
func (n *newsroom) env(stdout *bytes.Buffer) *env {
	e := &env{stdin: strings.NewReader(""), stdout: n.out, stderr: n.err, now: time.Now}
	if stdout != nil {
		e.stdout = stdout
	}
	return e
}

// command runs one command line on the newsroom's database and returns what it
// printed.
func (n *newsroom) command(stdin string, args ...string) string {
	n.t.Helper()
	var out bytes.Buffer
	e := n.env(&out)
	e.stdin = strings.NewReader(stdin)
	if code := run(context.Background(), e, append(args, "--db", n.db)); code != exitOK {
		n.t.Fatalf("factcheck %s: exit code %d\n%s", strings.Join(args, " "), code, n.err)
	}
	return out.String()
}

// passphrase signs everybody in whom hire adds.
const passphrase = "plover under the harbour bridge"

// store is the database of the newsroom, beside the server.
func (n *newsroom) store() *store.Store {
	n.t.Helper()
	if n.beside == nil {
		st, err := store.Open(context.Background(), n.db)
		if err != nil {
			n.t.Fatal(err)
		}
		n.t.Cleanup(func() { _ = st.Close() })
		n.beside = st
	}
	return n.beside
}

// hire adds a person, with a password that costs little.
func (n *newsroom) hire(name string, roles ...review.Role) {
	n.t.Helper()
	accounts := &auth.Service{Store: n.store(), Now: time.Now, Params: quick}
	if _, err := accounts.Add(context.Background(), auth.NewAccount{Name: name, Email: mailOf(name), Password: passphrase, Roles: roles}); err != nil {
		n.t.Fatal(err)
	}
}

func mailOf(name string) string {
	return strings.ToLower(strings.Fields(name)[0]) + "@desk.example"
}

// tab is a tab of a browser, and one who watches it: what a page should never
// do is kept and fails the test at its end.
type tab struct {
	t    *testing.T
	base string // address of the server; a request anywhere else is a complaint
	ctx  context.Context

	mu         sync.Mutex
	complaints []string
	requests   int
	refused    []int // answers that the test provokes: no complaint
	deaf       bool  // while axe-core tries styles out, which the page's policy refuses
}

// newTab opens a tab in a browser context of its own: nobody else's cookies.
func newTab(t *testing.T, browser context.Context, base string) *tab {
	t.Helper()
	b := &tab{t: t, base: base}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.watch))
	b.ctx = ctx
	t.Cleanup(func() {
		cancel()
		for _, c := range b.heard() {
			t.Errorf("in the browser: %s", c)
		}
	})
	b.do(chromedp.EmulateViewport(wide, tall))
	return b
}

func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.complaints)
}

func (b *tab) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.deaf {
		return
	}
	b.complaints = append(b.complaints, fmt.Sprintf(format, args...))
}

// expect allows the next answers with that status.
func (b *tab) expect(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = append(b.refused, status)
}

// watch hears every event of the tab, in order.
func (b *tab) watch(ev any) {
	switch ev := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning || ev.Type == runtime.ConsoleAPICalledTypeAssert {
			b.complain("console.%s: %s", ev.Type, said(ev.Args))
		}
	case *runtime.EventExceptionThrown:
		b.complain("exception: %s", ev.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.entry(ev.Entry)
	case *network.EventRequestWillBeSent:
		b.request(ev.Request.URL)
	case *page.EventJavascriptDialogOpening:
		b.complain("a %s dialog: %q", ev.Type, ev.Message)
		go func() { // commands may not run in here
			_, err := chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			if err != nil {
				b.complain("the dialog stays: %v", err)
			}
		}()
	}
}

func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

var statusIn = regexp.MustCompile(`status of (\d+)`)

func (b *tab) entry(e *log.Entry) {
	if m := statusIn.FindStringSubmatch(e.Text); m != nil && e.Source == log.EntrySourceNetwork {
		b.mu.Lock()
		expected := slices.ContainsFunc(b.refused, func(status int) bool { return fmt.Sprint(status) == m[1] })
		b.mu.Unlock()
		if expected {
			return
		}
	}
	if e.Level == log.EntryLevelError || e.Level == log.EntryLevelWarning {
		b.complain("%s %s: %s (%s)", e.Source, e.Level, e.Text, e.URL)
	}
}

func (b *tab) request(url string) {
	b.mu.Lock()
	b.requests++
	b.mu.Unlock()
	if url != "about:blank" && !strings.HasPrefix(url, "data:image/") && !strings.HasPrefix(url, b.base+"/") {
		b.complain("a request to %.200s", url)
	}
}

// do runs actions and fails the test if one does not end well in time.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.start()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.fatal("%v", err)
	}
}

// start opens the tab: the first action must not have a deadline, since the
// tab would close with it.
func (b *tab) start() {
	b.t.Helper()
	if err := chromedp.Do(b.ctx); err != nil {
		b.t.Fatalf("open a tab: %v", err)
	}
}

func (b *tab) fatal(format string, args ...any) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 4000)`))
	b.t.Fatalf("at %s: %s\n%s", at, fmt.Sprintf(format, args...), text)
}

// ask evaluates an expression in the page.
func ask[T any](b *tab, expression string, opts ...chromedp.EvaluateOption) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, opts...))
	if err != nil {
		b.fatal("%.200s: %v", expression, err)
	}
	return v
}

// load runs an action that leads to another page and returns its status.
func (b *tab) load(what string, action chromedp.Action[chromedp.Void]) int {
	b.t.Helper()
	b.settles()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	resp, err := chromedp.RunResponse(ctx, action)
	if err != nil {
		b.fatal("%s led to no page: %v", what, err)
	}
	return b.answered(resp)
}

// answered is the status of the page that was loaded. The protocol's events can
// be late on a busy machine; then the page itself knows.
func (b *tab) answered(resp *network.Response) int {
	b.t.Helper()
	if resp != nil {
		return int(resp.Status)
	}
	return ask[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`)
}

// settles waits until a page has fetched what it fetches by itself: that moves
// what is to be clicked, and hides the answer to the click.
func (b *tab) settles() {
	b.t.Helper()
	ask[bool](b, `new Promise((done) => {
		const look = () => document.querySelector(".htmx-request") ? requestAnimationFrame(look) : done(true);
		document.readyState === "complete" ? look() : addEventListener("load", look);
	})`, chromedp.EvalAwaitPromise)
}

// open goes to a path of the server, which must answer with 200.
func (b *tab) open(path string) {
	b.t.Helper()
	if status := b.status(path); status != 200 {
		b.fatal("%s answers %d", path, status)
	}
}

// status goes to a path and returns how the server answers.
func (b *tab) status(path string) int {
	b.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = b.base + path
	}
	b.settles()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	resp, err := chromedp.Run(ctx, chromedp.NavigateResponse(url))
	if err != nil {
		b.fatal("open %s: %v", path, err)
	}
	return b.answered(resp)
}

// words is the selector of a button, link or fold that says these words, and is
// not switched off.
func words(label string) chromedp.Search {
	return chromedp.Search(fmt.Sprintf(`//*[self::button or self::a or self::summary][normalize-space()=%q and not(@disabled)]`, label))
}

// press clicks what says label, waits for the page it leads to and returns its
// status.
func (b *tab) press(label string) int {
	b.t.Helper()
	return b.load("“"+label+"”", chromedp.Click(words(label)))
}

// go200 is press for what must lead to a page that answers 200.
func (b *tab) go200(label string) {
	b.t.Helper()
	if status := b.press(label); status != 200 {
		b.fatal("“%s” answers %d", label, status)
	}
}

// send presses the button at selector, which must lead to a page that answers
// 200.
func (b *tab) send(selector string) {
	b.t.Helper()
	if status := b.load(selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); status != 200 {
		b.fatal("%s answers %d", selector, status)
	}
}

// unfold opens a fold of the page.
func (b *tab) unfold(label string) {
	b.t.Helper()
	b.do(chromedp.Click(words(label)))
}

// fill types text into a field, in place of what is there.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Focus(chromedp.CSS(selector), chromedp.NodeVisible),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), insert(text))
	if got := b.value(selector); got != text {
		b.fatal("%s holds %q after typing %q", selector, got, text)
	}
}

// insert types text at once, as from a clipboard.
func insert(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// tick clicks a box or a dot that has this value.
func (b *tab) tick(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// value is what stands in a field.
func (b *tab) value(selector string) string {
	b.t.Helper()
	return ask[string](b, fmt.Sprintf(`document.querySelector(%q).value`, selector))
}

// text is what a person reads in the first element that fits.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return ask[string](b, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector))
}

// holds fails unless the page shows these words, or a field of it holds them.
func (b *tab) holds(text string) {
	b.t.Helper()
	in := ask[[]string](b, `[document.body.innerText, ...[...document.querySelectorAll("input, textarea")].map((f) => f.value)]`)
	if !slices.ContainsFunc(in, func(s string) bool { return strings.Contains(plain(s), plain(text)) }) {
		b.fatal("neither the page nor a field of it says %q", text)
	}
}

// count is how many elements fit.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return ask[int](b, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// sees fails unless the page shows each of these words.
func (b *tab) sees(texts ...string) {
	b.t.Helper()
	shown := plain(b.text("body"))
	for _, text := range texts {
		if !strings.Contains(shown, plain(text)) {
			b.fatal("the page does not say %q", text)
		}
	}
}

// seesNot fails if the page shows one of these words.
func (b *tab) seesNot(texts ...string) {
	b.t.Helper()
	shown := plain(b.text("body"))
	for _, text := range texts {
		if strings.Contains(shown, plain(text)) {
			b.fatal("the page says %q", text)
		}
	}
}

// plain is text with its spaces and capitals evened out: styles change both.
func plain(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// path is where the tab is.
func (b *tab) path() string {
	b.t.Helper()
	return ask[string](b, `location.pathname`)
}

// size makes the window that wide.
func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// scheme chooses light or dark colours, without motion: a colour that is still
// on its way from one to the other is neither.
func (b *tab) scheme(name string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// shot keeps a picture of the whole page.
func (b *tab) shot(name string) {
	b.t.Helper()
	b.keep(name, chromedp.FullScreenshot(100))
}

// view keeps a picture of what is in the window.
func (b *tab) view(name string) {
	b.t.Helper()
	b.keep(name, chromedp.CaptureScreenshot())
}

func (b *tab) keep(name string, picture chromedp.Action[[]byte]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, picture)
	if err == nil {
		err = os.MkdirAll(shots, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(shots, name+".png"), png, 0o644)
	}
	if err != nil {
		b.fatal("picture %s: %v", name, err)
	}
}

// signIn signs somebody in by keyboard alone: the first field has the focus.
func (b *tab) signIn(mail, password string) {
	b.t.Helper()
	b.open("/sign-in")
	b.do(chromedp.WaitReady(chromedp.CSS("[name=email]:focus")), chromedp.KeyEvent(mail), chromedp.KeyEvent("\t"), chromedp.KeyEvent(password))
	if status := b.load("Enter", chromedp.KeyEvent("\r")); status != 200 || b.path() != "/desk" {
		b.fatal("signing in as %s answers %d", mail, status)
	}
}

// at is somebody whom hire added, signed in, in a browser of their own.
func (n *newsroom) at(t *testing.T, browser context.Context, name string) *tab {
	t.Helper()
	b := newTab(t, browser, n.url)
	b.as(n.store(), mailOf(name))
	b.open("/desk")
	return b
}

// as gives the tab the session that signing in would: most tests are about what
// comes after it.
func (b *tab) as(st *store.Store, mail string) {
	b.t.Helper()
	sessions := auth.NewSessions(store.Sessions{Store: st, Now: time.Now}, false)
	account, err := st.AccountByEmail(context.Background(), mail)
	ctx, wrong := sessions.Load(context.Background(), "")
	if err != nil || wrong != nil {
		b.t.Fatal(mail, err, wrong)
	}
	sessions.Put(ctx, "person", account.ID)
	token, _, err := sessions.Commit(ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	httpOnly := true
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: sessions.Cookie.Name, Value: token, URL: b.base + "/", HTTPOnly: &httpOnly})
		return err
	}))
}

// fits fails if the page has to be scrolled sideways.
func (b *tab) fits(what string) {
	b.t.Helper()
	over := ask[string](b, `(() => {
		const page = document.scrollingElement, most = innerWidth;
		if (page.scrollWidth <= most) return "";
		const wide = [...document.querySelectorAll("body *")].filter((el) => el.getBoundingClientRect().right > most + 0.5);
		return page.scrollWidth + " > " + most + ": " + wide.slice(0, 3).map((el) => el.outerHTML.slice(0, 120)).join(" | ");
	})()`)
	if over != "" {
		b.t.Errorf("%s scrolls sideways: %s", what, over)
	}
}

// axeFile is the accessibility checker, fetched by npm with the browser files.
const axeFile = "../../ui/node_modules/axe-core/axe.min.js"

func (b *tab) listen(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deaf = !on
}

// accessible fails for every rule of axe-core that the page breaks.
func (b *tab) accessible(what, axe string) {
	b.t.Helper()
	b.listen(false)
	defer b.listen(true)
	found := ask[[]string](b, axe+`;axe.run(document, {resultTypes: ["violations"], preload: false,
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((r) =>
		r.violations.map((v) => v.id + " (" + v.impact + "): " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary).join(" | ")))`,
		chromedp.EvalAwaitPromise)
	for _, f := range found {
		b.t.Errorf("%s: axe: %s", what, f)
	}
}
