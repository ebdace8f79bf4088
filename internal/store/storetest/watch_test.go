package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/library"
	"factcheck/internal/pipeline"
	"factcheck/internal/store/storetest"
	"factcheck/internal/watch"
)

// watchOf looks at other sites for a desk, on this machine too.
func watchOf(d *storetest.Desk) *watch.Service {
	pipe := &pipeline.Pipeline{
		Reader: &ingest.Reader{Client: ingest.NewFetcher(ingest.FetchOptions{AllowLoopback: true})}, Find: pipeline.Find, Store: d.Store, Reviews: d.Reviews, Now: d.Now,
	}
	return &watch.Service{
		Store: d.Store, Library: d.Store, Client: watch.NewClient(fetch.Guard{AllowLoopback: true}), Queue: &jobs.Queue{Store: d.Store, Now: d.Now}, Now: d.Now,
		Ingest: func(ctx context.Context, in ingest.Input) (watch.Found, error) {
			r, err := pipe.Ingest(ctx, in, 0)
			return watch.Found{ArticleID: r.Article.ID, New: r.New, Claims: r.NewClaims}, err
		},
	}
}

// courier is a site whose pages a test changes.
type courier struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]string // a page that is "!" answers 503
	asked []string
	etag  string
}

func newCourier(t *testing.T) *courier {
	t.Helper()
	n := &courier{pages: map[string]string{}}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func (n *courier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, r.URL.Path)
	page, ok := n.pages[r.URL.Path]
	switch {
	case !ok:
		http.NotFound(w, r)
	case page == "!":
		w.WriteHeader(http.StatusServiceUnavailable)
	case n.etag != "" && r.Header.Get("If-None-Match") == n.etag:
		w.WriteHeader(http.StatusNotModified)
	default:
		if n.etag != "" {
			w.Header().Set("Etag", n.etag)
		}
		fmt.Fprint(w, page)
	}
}

func (n *courier) set(path, page string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pages[path] = page
}

func (n *courier) times(path string) (times int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.asked {
		if p == path {
			times++
		}
	}
	return times
}

func rss(paths ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>`)
	for _, p := range paths {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">id-%s</guid></item>", p, p, p)
	}
	return b.String() + "</channel></rss>"
}

func story(n int) string {
	return fmt.Sprintf("<!doctype html><html lang=en><title>Story %d</title><article><p>Mayor Lena Marsh said on Monday that crime fell %d percent in 2025, the steepest fall in a decade.</p></article></html>", n, n)
}

// poll looks at a source and asks for these numbers.
func poll(t *testing.T, w *watch.Service, id int64, articles, checks, left int, problem string) watch.Result {
	t.Helper()
	r, err := w.Poll(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	a, _, c := r.Sums()
	if a != articles || c != checks || r.Left != left || (problem == "") != (r.Source.LastError == "") || !strings.Contains(r.Source.LastError, problem) {
		t.Fatalf("%d articles, %d checks, %d left, %q; want %d, %d, %d, %q", a, c, r.Left, r.Source.LastError, articles, checks, left, problem)
	}
	return r
}

func watching(t *testing.T, w *watch.Service, n watch.New) watch.Source {
	t.Helper()
	src, err := w.Add(ctx, n, 0)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestAFeedsItemsAreTakenOnceEach(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		site.set("/feed", rss("/1", "/gone"))
		site.set("/1", story(1))
		src := watching(t, w, watch.New{Address: site.URL + "/feed"})
		if src.Kind != watch.Feed || src.Title != "Courier" {
			t.Fatalf("%+v", src)
		}
		r := poll(t, w, src.ID, 1, 0, 0, "")
		if len(r.Taken) != 2 || r.Taken[0].Claims != 1 || r.Taken[1].Settled || !strings.Contains(r.Taken[1].Problem, "404") {
			t.Fatalf("%+v", r.Taken)
		}
		site.set("/feed", rss("/2", "/1", "/gone"))
		site.set("/2", story(2))
		poll(t, w, src.ID, 1, 0, 0, "")
		poll(t, w, src.ID, 0, 0, 0, "")
		poll(t, w, src.ID, 0, 0, 0, "")
		if site.times("/1") != 1 || site.times("/2") != 1 || site.times("/gone") != watch.MaxTries {
			t.Errorf("asked for %v", site.asked)
		}
		got, err := d.Store.WatchedSource(ctx, src.ID)
		if err != nil || got.Articles != 2 || got.Claims != 2 || !got.NextAt.Equal(d.Now().Truncate(time.Microsecond)) && got.NextAt.Before(got.LastAt.Add(watch.DefaultEvery)) {
			t.Errorf("%+v, %v", got, err)
		}
		problems, err := d.Store.ItemProblems(ctx, []int64{src.ID}, 5)
		if err != nil || len(problems[src.ID]) != 1 || problems[src.ID][0].Tries != watch.MaxTries || !problems[src.ID][0].Settled {
			t.Errorf("%+v, %v", problems, err)
		}
	})
}

func TestWhatIsUnchangedIsNotSentAgain(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		site.etag = `"one"`
		site.set("/feed", rss("/1", "/gone"))
		site.set("/1", story(1))
		src := watching(t, w, watch.New{Address: site.URL + "/feed"})
		for range watch.MaxTries { // while something is to be tried again, the whole list is asked for
			if r := poll(t, w, src.ID, boolInt(site.times("/1") == 0), 0, 0, ""); r.Unchanged {
				t.Fatal("unchanged, and an item is open")
			}
		}
		if r := poll(t, w, src.ID, 0, 0, 0, ""); !r.Unchanged {
			t.Errorf("%+v", r)
		}
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestASourceThatFailsIsAskedLessAndLess(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		site.set("/feed", rss())
		src := watching(t, w, watch.New{Address: site.URL + "/feed"})
		var waits []time.Duration
		site.set("/feed", "!")
		for range 12 {
			r := poll(t, w, src.ID, 0, 0, 0, "answered 503")
			waits = append(waits, r.Source.NextAt.Sub(r.Source.LastAt))
		}
		if waits[0] != 2*watch.DefaultEvery || waits[1] != 4*watch.DefaultEvery || waits[11] != 24*time.Hour {
			t.Errorf("waits %v", waits)
		}
		site.set("/feed", rss())
		if r := poll(t, w, src.ID, 0, 0, 0, ""); r.Source.Failures != 0 || r.Source.NextAt.Sub(r.Source.LastAt) != watch.DefaultEvery {
			t.Errorf("%+v", r.Source)
		}
	})
}

func TestALongListIsTakenInParts(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		var paths []string
		for i := range watch.MaxTaken + 3 {
			paths = append(paths, fmt.Sprintf("/%d", i))
			site.set(paths[i], story(i))
		}
		site.set("/feed", rss(paths...))
		src := watching(t, w, watch.New{Address: site.URL + "/feed"})
		r := poll(t, w, src.ID, watch.MaxTaken, 0, 3, "")
		if r.Source.NextAt.Sub(r.Source.LastAt) != time.Minute {
			t.Errorf("%+v", r.Source)
		}
		poll(t, w, src.ID, 3, 0, 0, "")
		poll(t, w, src.ID, 0, 0, 0, "")
	})
}

func TestOfASitemapOnlyWhatIsNewIsTaken(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		entry := func(i int) string {
			return fmt.Sprintf("<url><loc>%s/%d</loc><lastmod>%s</lastmod></url>", site.URL, i, storetest.Start.AddDate(0, 0, i).Format(time.DateOnly))
		}
		var entries string
		for i := range watch.MaxTaken + 20 {
			site.set(fmt.Sprintf("/%d", i), story(i))
			entries += entry(i)
		}
		set := func(entries string) {
			site.set("/news.xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+entries+"</urlset>")
		}
		set(entries)
		site.set("/sitemap.xml", "<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>")
		src := watching(t, w, watch.New{Address: site.URL + "/sitemap.xml"})
		if src.Kind != watch.Sitemap {
			t.Fatalf("%+v", src)
		}
		poll(t, w, src.ID, watch.MaxTaken, 0, 0, "")
		if site.times("/0") != 0 || site.times("/69") != 1 {
			t.Error("not the newest were taken")
		}
		site.set("/99", story(99))
		set(entries + entry(99))
		poll(t, w, src.ID, 1, 0, 0, "")
	})
}

const reviewLD = `{"@context":"https://schema.org","@type":"ClaimReview","url":"%s","claimReviewed":"The river is %d metres deep","author":{"@type":"Organization","name":"Other Desk"},` +
	`"datePublished":"2026-03-0%[2]d","reviewRating":{"@type":"Rating","alternateName":"False"},"itemReviewed":{"@type":"Claim","author":{"@type":"Person","name":"Jo Brand"}}}`

func TestFactChecksByOthersGoToTheLibrary(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		site.set("/feed", rss("/1", "/plain"))
		site.set("/1", `<!doctype html><html><script type="application/ld+json">`+fmt.Sprintf(reviewLD, site.URL+"/1", 1)+`</script><p>Text</p></html>`)
		site.set("/plain", "<!doctype html><html><p>A weather report.</p></html>")
		src := watching(t, w, watch.New{Address: site.URL + "/feed", Checks: true})
		r := poll(t, w, src.ID, 0, 1, 0, "")
		if len(r.Taken) != 2 || r.Taken[1].Problem != "" {
			t.Errorf("%+v", r.Taken)
		}
		site.set("/dump.json", `{"@type":"DataFeed","dataFeedElement":[{"@type":"DataFeedItem","item":[`+fmt.Sprintf(reviewLD, site.URL+"/1", 1)+`]},{"@type":"DataFeedItem","item":[`+
			fmt.Sprintf(reviewLD, site.URL+"/2", 2)+`]},{"@type":"DataFeedItem","item":[{"@type":"ClaimReview","claimReviewed":"No address"}]}]}`)
		dump := watching(t, w, watch.New{Address: site.URL + "/dump.json"})
		if dump.Kind != watch.Checks {
			t.Fatalf("%+v", dump)
		}
		r = poll(t, w, dump.ID, 0, 1, 0, "")
		if len(r.Taken) != 1 || !strings.Contains(r.Taken[0].Problem, "could not be read") {
			t.Errorf("%+v", r.Taken)
		}
		poll(t, w, dump.ID, 0, 0, 0, "")
		n := 0
		for c, err := range d.Store.LibraryChecks(ctx, 0) {
			if err != nil || c.Bucket != library.False {
				t.Errorf("%+v, %v", c, err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("%d checks in the library", n)
		}
	})
}

func TestAFolderIsWatchedFromTheCommandLine(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, dir := watchOf(d), t.TempDir()
		write := func(name, text string, at time.Time) {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, at, at)); err != nil {
				t.Fatal(err)
			}
		}
		old := d.Now().Add(-time.Hour)
		write("a.txt", "Mayor Lena Marsh said that crime fell 12 percent in 2025.", old)
		write("below/b.html", story(7), old)
		write(".hidden.txt", "The river rose 4 metres in 2025.", old)
		write("half.txt", "The bridge cost 9 million", d.Now().Add(time.Hour))
		write("picture.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", old)
		outside := filepath.Join(t.TempDir(), "secret.txt")
		if err := errors.Join(os.WriteFile(outside, []byte("The vault holds 3 tonnes of gold."), 0o600), os.Symlink(outside, filepath.Join(dir, "link.txt"))); err != nil {
			t.Fatal(err)
		}
		src, err := w.AddFolder(ctx, dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		r := poll(t, w, src.ID, 2, 0, 0, "")
		if len(r.Taken) != 3 {
			t.Errorf("%+v", r.Taken)
		}
		poll(t, w, src.ID, 0, 0, 0, "")
		if _, err := w.Add(ctx, watch.New{Address: dir}, 0); !errors.Is(err, errs.Invalid) {
			t.Errorf("a folder as an address: %v", err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		poll(t, w, src.ID, 0, 0, 0, "folder is not there")
	})
}

func TestADueSourceIsLookedAtByAJobOnce(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		w, site := watchOf(d), newCourier(t)
		site.set("/feed", rss("/1"))
		site.set("/1", story(1))
		src := watching(t, w, watch.New{Address: site.URL + "/feed"})
		paused := watching(t, w, watch.New{Address: site.URL + "/feed?2"})
		if err := w.PauseFor(ctx, paused.ID, true, d.Edith); err != nil {
			t.Fatal(err)
		}
		ids, err := d.Store.DueSources(ctx, d.Now(), 10)
		if err != nil || len(ids) != 1 || ids[0] != src.ID {
			t.Fatalf("%v, %v", ids, err)
		}
		before := site.times("/feed")
		h := new(jobs.Handlers)
		w.Register(h)
		run := func(kind, args string) {
			t.Helper()
			if err := h.Do(ctx, jobs.Job{Kind: kind, Args: []byte(args)}); err != nil {
				t.Fatal(err)
			}
		}
		run("watch.poll-due", "{}")
		waiting, err := d.Store.Jobs(ctx, jobs.Waiting)
		if err != nil || len(waiting) != 2 { // both were asked for when they were added; none waits twice
			t.Fatalf("%+v, %v", waiting, err)
		}
		for _, id := range []int64{src.ID, paused.ID, src.ID, 999} {
			run("watch.poll", fmt.Sprintf(`{"SourceID":%d}`, id))
		}
		if n := site.times("/feed") - before; n != 1 {
			t.Errorf("looked %d times", n)
		}
		if err := d.Store.RemoveSource(ctx, src.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Store.NoteItems(ctx, src.ID, []watch.Taken{{Item: watch.Item{Key: "k"}, SeenAt: d.Now()}}); !errors.Is(err, errs.NotFound) {
			t.Errorf("noted for what is gone: %v", err)
		}
	})
}
