package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// laptop is the window that most people at a desk have.
const laptop, lid = 1280, 900

// TestBrowserPages looks at every page of the sample desk: on a laptop by day
// and on a phone by night, with the rules of axe-core. Pages that need a link
// from a letter are looked at in the journeys.
func TestBrowserPages(t *testing.T) {
	axe := readAxe(&tab{t: t})
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "demo.db"), "--demo")
	tabs := map[string]*tab{}
	for _, who := range []string{"", "ana", "adam", "vera"} {
		b := newTab(t, browser, n.url)
		if who != "" {
			b.as(n.store(), who+"@desk.example")
		}
		tabs[who] = b
	}
	for i, p := range everyPage(tabs[""], tabs["ana"]) {
		tabs[p.who].looked(fmt.Sprintf("%03d-%s", i, p.name), p, axe)
	}
}

// TestBrowserMenus opens the menus of the bar on a laptop and on a phone: they
// fit, one closes the other, and Escape gives the focus back.
func TestBrowserMenus(t *testing.T) {
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"))
	n.hire("Stella Adams", "standards", "admin")
	b := n.at(t, startChromium(t), "Stella Adams")
	for _, size := range [][2]int64{{laptop, lid}, {phone, hand}} {
		b.size(size[0], size[1])
		b.open("/desk/calendar")
		for _, menu := range []string{"Stella Adams", "More"} {
			b.unfold(menu)
			b.fits("the menu " + menu)
			b.accessible("the menu "+menu, readAxe(b))
			b.shot(fmt.Sprintf("menu-%s-%d", strings.ToLower(menu), size[0]))
			if n := b.count(".menu[open]"); n != 1 {
				b.fatal("%d menus are open", n)
			}
			if left := ask[float64](b, `document.querySelector(".menu[open] > div").getBoundingClientRect().left`); left < 0 {
				b.fatal("the menu %s begins %v px outside", menu, left)
			}
			if size[0] == laptop && menu != "More" { // the other one closes it
				continue
			}
			b.do(chromedp.KeyEvent("\x1b"))
			if b.count(".menu[open]") != 0 || ask[string](b, `document.activeElement.textContent`) != menu {
				b.fatal("Escape leaves the menu %s open, or the focus nowhere", menu)
			}
		}
	}
}

// looked holds one page to all that can be checked, and keeps two pictures.
func (b *tab) looked(name string, p onePage, axe string) {
	b.t.Helper()
	if p.status >= 400 {
		b.expect(p.status)
	}
	b.scheme("light")
	b.size(laptop, lid)
	if status := b.status(p.path); status != p.status {
		b.t.Errorf("%s answers %d, want %d", p.path, status, p.status)
		return
	}
	b.settles()
	b.fits(p.name + " on a laptop")
	b.accessible(p.name+" on a laptop by day", axe)
	b.unclipped(p.name + " on a laptop")
	b.shot("look-" + name + "-1280")
	b.scheme("dark")
	b.size(phone, hand)
	b.fits(p.name + " on a phone")
	b.accessible(p.name+" on a phone by night", axe)
	b.unclipped(p.name + " on a phone")
	b.shot("look-" + name + "-360-dark")
}

// unclipped fails if words are cut off by the box that holds them.
func (b *tab) unclipped(what string) {
	b.t.Helper()
	cut := ask[[]string](b, `[...document.querySelectorAll("main *, header *")].filter((el) => {
		const s = getComputedStyle(el);
		return el.innerText && s.clipPath === "none" && s.webkitLineClamp === "none" && !el.closest("[hidden]") && (s.overflowX === "hidden" || s.overflowY === "hidden") && s.textOverflow !== "ellipsis" &&
			(el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 1);
	}).map((el) => el.outerHTML.slice(0, 160))`)
	for _, c := range cut {
		b.t.Errorf("%s cuts off: %s", what, c)
	}
}

// onePage is a page, and who looks at it: "" is a reader.
type onePage struct {
	name, path, who string
	status          int
}

// everyPage finds one of each kind on the sample desk.
func everyPage(reader, staff *tab) []onePage {
	staff.t.Helper()
	href := func(b *tab, at, selector string) string {
		b.t.Helper()
		b.open(at)
		to := ask[string](b, fmt.Sprintf(`document.querySelector(%q)?.getAttribute("href") ?? ""`, selector))
		if to == "" {
			b.fatal("%s has no %s", at, selector)
		}
		return to
	}
	check := href(reader, "/", ".check-claim a")
	speaker := href(reader, check, `a[href^="/speakers/"]`)
	pages := []onePage{
		{"published", "/", "", 200},
		{"check", check, "", 200},
		{"corrections", "/corrections", "", 200},
		{"corrected-check", href(reader, "/corrections", ".log-entry h2 a"), "", 200},
		{"first-edition", href(reader, "/corrections", ".change-before a"), "", 200},
		{"public-speaker", speaker, "", 200},
		{"which-check", "/complaints", "", 200},
		{"which-check-unknown", "/complaints?check=https://elsewhere.example/x", "", 404},
		{"complain", check + "/complain", "", 200},
		{"complained", check + "/complain?sent=1", "", 200},
		{"not-found", "/checks/nothing-of-this-name", "", 404},
		{"bad-link", "/reply/nothing", "", 404},
		{"sign-in", "/sign-in", "", 200},
		{"set-up-done", "/setup?token=x", "", 200},
		{"desk", "/desk", "ana", 200},
		{"desk-of-a-viewer", "/desk", "vera", 200},
		{"queue", "/desk/queue", "ana", 200},
		{"queue-empty", "/desk/queue?state=queued&claimant=Nobody", "ana", 200},
		{"articles", "/desk/articles", "ana", 200},
		{"add-article", "/desk/articles/new", "ana", 200},
		{"article", href(staff, "/desk/articles", "#rows a[data-open]"), "ana", 200},
		{"watching", "/desk/watching", "ana", 200},
		{"rising", "/desk/trends", "ana", 200},
		{"again", "/desk/again", "ana", 200},
		{"sources", "/desk/sources", "ana", 200},
		{"sources-seen", "/desk/sources?seen=yes", "ana", 200},
		{"you", "/desk/me", "ana", 200},
		{"interests", "/desk/interests", "adam", 200},
		{"source-without-a-capture", "/desk/sources/1", "ana", 200},
		{"calendar", "/desk/calendar", "ana", 200},
		{"workload", "/desk/workload", "ana", 200},
		{"balance", "/desk/balance", "ana", 200},
		{"notices", "/desk/notices", "ana", 200},
		{"complaints", "/desk/complaints", "ana", 200},
		{"search-nothing", "/desk/search", "ana", 200},
		{"search-found", "/desk/search?q=fares", "ana", 200},
		{"search-not-found", "/desk/search?q=zzyzx", "ana", 200},
		{"people", "/desk/people", "adam", 200},
		{"policy", "/desk/policy", "adam", 200},
		{"audit", "/desk/audit", "adam", 200},
		{"settings", "/desk/me", "ana", 200},
		{"interests", "/desk/interests", "adam", 200},
		{"forbidden", "/desk/policy", "ana", 403},
		{"desk-not-found", "/desk/reviews/999999", "ana", 404},
	}
	for _, state := range []string{"triage", "queued", "research", "editing", "approved", "scheduled", "published", "dismissed", "merged", "retracted"} {
		path := href(staff, "/desk/queue?state="+state, "#rows a[data-open]")
		if state == "merged" { // which leads to another one else
			path, _, _ = strings.Cut(path, "?")
			path += "?merged=1"
		}
		pages = append(pages, onePage{"claim-" + state, path, "ana", 200})
	}
	published, _, _ := strings.Cut(pages[len(pages)-4].path, "?")
	approved, _, _ := strings.Cut(pages[len(pages)-6].path, "?")
	return append(pages,
		onePage{"timeline", published + "/timeline", "ana", 200},
		onePage{"discussion", published + "/comments", "ana", 200},
		onePage{"seen-before", published + "/earlier", "ana", 200},
		onePage{"who-is-here", published + "/around", "ana", 200},
		onePage{"typed", published + "/drafts", "ana", 200},
		onePage{"speaker", href(staff, published, `a[href^="/desk/speakers/"]`), "ana", 200},
		onePage{"preview", approved + "/preview", "ana", 200},
	)
}
