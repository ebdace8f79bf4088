package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/pipeline"
	"factcheck/internal/watch"
)

// watch is what looks at other sites, on this machine too.
func (r *staffRoom) watch() *watch.Service {
	pipe := &pipeline.Pipeline{
		Reader: &ingest.Reader{Client: ingest.NewFetcher(ingest.FetchOptions{AllowLoopback: true})}, Find: pipeline.Find, Store: r.Store, Reviews: r.Reviews, Now: r.Now,
	}
	return &watch.Service{
		Store: r.Store, Library: r.Store, Client: watch.NewClient(fetch.Guard{AllowLoopback: true}), Queue: &jobs.Queue{Store: r.Store, Now: r.Now}, Now: r.Now,
		Ingest: func(ctx context.Context, in ingest.Input) (watch.Found, error) {
			got, err := pipe.Ingest(ctx, in, 0)
			return watch.Found{ArticleID: got.Article.ID, New: got.New, Claims: got.NewClaims}, err
		},
	}
}

// news is a site with a feed of one good article and one that is gone.
func news(t *testing.T) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>The &lt;Alm&gt; Courier</title>
				<item><title>Crime fell</title><link>/story</link></item><item><title>Gone &lt;b&gt;</title><link>/gone</link></item></channel></rss>`)
		case "/story":
			fmt.Fprint(w, "<!doctype html><html lang=en><title>Crime fell</title><article><p>Mayor Lena Marsh said on Monday that crime fell 12 percent in 2025, the steepest fall in a decade.</p></article></html>")
		case "/page":
			fmt.Fprint(w, `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>News</body></html>`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

func add(address string) url.Values { return url.Values{"address": {address}, "every": {"15m0s"}} }

func TestAWatchedFeedBringsItsArticlesIn(t *testing.T) {
	r, site := newStaff(t), news(t)
	if w := r.post(r.Edith, "/desk/watching", add(site.URL+"/feed")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	wants(t, r.read(r.Edith, "/desk/watching"), "The &lt;Alm&gt; Courier", "not looked at yet", "every 15 minutes", "Look now")
	if _, err := r.server.Watch.Poll(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	page := r.read(r.Vera, "/desk/watching")
	wants(t, page, "1 article, 1 claim", "next look in 14 min", "Gone &lt;b&gt;", "answered 404", "It is tried again")
	refuses(t, page, "Look now", "Watch it", "<b>: ")
	wants(t, r.read(r.Vera, "/desk/articles"), "Crime fell")
	if n := r.queries("/desk/watching"); n >= 12 {
		t.Errorf("%d queries", n)
	}
}

func TestWhatCannotBeWatchedComesBackWithASentence(t *testing.T) {
	r, site := newStaff(t), news(t)
	for address, want := range map[string]string{
		"":                     "Enter the address",
		"http://10.0.0.1/feed": "private network",
		"file:///etc/passwd":   "Only addresses",
		"/etc":                 "not a web address",
		site.URL + "/page":     "It names this feed: " + site.URL + "/feed",
		site.URL + "/story":    "no feed and no sitemap",
		site.URL + "/nowhere":  "answered 404",
	} {
		w := r.post(r.Edith, "/desk/watching", add(address))
		if w.Code < 400 || w.Code >= 600 || !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), `value="`+address+`"`) {
			t.Errorf("%q: %d, no %q", address, w.Code, want)
		}
	}
	all, err := r.Store.WatchedSources(t.Context(), 0, 10)
	if err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestOnlyEditorsAndAdministratorsDecideWhatIsWatched(t *testing.T) {
	r, site := newStaff(t), news(t)
	for _, p := range []string{"/desk/watching", "/desk/watching/1/look", "/desk/watching/1/pause", "/desk/watching/1/resume", "/desk/watching/1/remove"} {
		if w := r.post(r.Ana, p, add(site.URL+"/feed")); w.Code != http.StatusForbidden {
			t.Errorf("a fact-checker posts %s: %d", p, w.Code)
		}
	}
	r.post(r.Edith, "/desk/watching", add(site.URL+"/feed"))
	if w := r.post(r.Edith, "/desk/watching", add(site.URL+"/feed#again")); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "watched already") {
		t.Errorf("watched twice: %d", w.Code)
	}
	steps := []struct{ act, want string }{{"pause", "paused"}, {"resume", "looked at again from now on"}, {"look", "looked at now"}, {"remove", "Nothing is watched yet"}}
	for _, s := range steps {
		if w := r.post(r.Edith, "/desk/watching/1/"+s.act, nil); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", s.act, w.Code)
		}
		wants(t, r.read(r.Edith, "/desk/watching"), s.want)
	}
	if w := r.post(r.Edith, "/desk/watching/1/pause", nil); w.Code != http.StatusNotFound {
		t.Errorf("what is gone is paused: %d", w.Code)
	}
}
