package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserWatching has an editor watch a feed of one article and one that is
// gone, until the article is on the desk by itself, and its claim in triage.
func TestBrowserWatching(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed":
			fmt.Fprint(w, `<rss version="2.0"><channel><title>The Alm Courier</title><item><title>Crime fell</title><link>/story</link></item><item><title>A story that was taken down</title><link>/gone</link></item></channel></rss>`)
		case "/story":
			fmt.Fprint(w, "<!doctype html><html lang=en><title>Crime fell</title><article><p>Mayor Lena Marsh said on Monday that crime fell 12 percent in 2025, the steepest fall in a decade.</p></article></html>")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	browser := startChromium(t)
	n := openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"), "--allow-loopback")
	n.hire("Edith Moen", "editor")
	b := n.at(t, browser, "Edith Moen")
	b.open("/desk/articles")
	b.load("Watched feeds", chromedp.Click(`//main//a[text()="Watched feeds"]`))
	b.sees("Nothing is watched yet")
	b.fill("input[name=address]", site.URL+"/feed")
	b.go200("Watch it")
	b.sees("The Alm Courier")
	b.awaits("/desk/watching", "could not be taken") // the job takes it by itself
	b.sees("1 article, 1 claim", "1 could not be taken lately")
	b.do(chromedp.Click(chromedp.CSS("details.fold summary")))
	b.sees("A story that was taken down: 127.0.0.1")
	b.accessible("watched feeds", readAxe(b))
	b.fits("watched feeds at 1600 px")
	b.shot("61-watching-1600")
	b.size(phone, hand)
	b.fits("watched feeds at 360 px")
	b.accessible("watched feeds on a phone", readAxe(b))
	b.shot("61-watching-360")
	b.size(wide, tall)
	b.open("/desk/articles")
	b.sees("Crime fell")
	b.open("/desk/queue?state=triage")
	b.sees("crime fell 12 percent in 2025")
	b.send("#rows a[data-open]")
	b.sees("crime fell 12 percent in 2025", "to be triaged", "Proposed because")
	if got := b.value("#form-accept [name=claimant]"); got != "Lena Marsh" {
		b.fatal("the form proposes %q as the one who says it", got)
	}
	b.shot("62-from-a-feed-to-triage")
}
