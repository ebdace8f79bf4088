package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

const pageText = "<!doctype html><html lang=en><title>Crime fell</title><p>The mayor said on Tuesday that crime fell by 12 per cent last year.</p></html>"

// serve starts a site on this machine.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// local is a Reader that may reach this machine.
func local(timeout time.Duration) *Reader {
	return &Reader{Client: NewFetcher(FetchOptions{AllowLoopback: true, Timeout: timeout})}
}

func answer(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, body)
	}
}

func TestReadFromAnAddress(t *testing.T) {
	var seen http.Header
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "/news/7?utm_source=redirect&x=1#top", http.StatusMovedPermanently)
		default:
			answer("text/html; charset=utf-8", strings.Replace(pageText, "<p>", `<link rel=canonical href="/news/7"><p>`, 1))(w, r)
		}
	})
	art, err := local(0).Read(context.Background(), Input{URL: " " + site + "/old "})
	if err != nil {
		t.Fatal(err)
	}
	want := claims.Article{
		Source: site + "/news/7", URL: site + "/old", Title: "Crime fell", Publisher: "127.0.0.1", Lang: "en", MediaType: "text/html",
		SHA256: art.SHA256, Text: "The mayor said on Tuesday that crime fell by 12 per cent last year.",
	}
	if art != want {
		t.Errorf("article = %+v\nwant      %+v", art, want)
	}
	if seen.Get("Cookie") != "" || seen.Get("Referer") != "" || seen.Get("Authorization") != "" || !strings.HasPrefix(seen.Get("User-Agent"), "factcheck") {
		t.Errorf("request headers: %v", seen)
	}
}

func TestPlainTextFromAnAddress(t *testing.T) {
	site := serve(t, answer("text/plain; charset=windows-1252", "Gr\xf6\xdfe"))
	art, err := local(0).Read(context.Background(), Input{URL: strings.Replace(site, "127.0.0.1", "localhost", 1)})
	if err != nil || art.Text != "Größe" || art.MediaType != "text/plain" {
		t.Errorf("%+v, %v", art, err)
	}
}

func TestLoopbackIsRefusedByDefault(t *testing.T) {
	var asked atomic.Int32
	site := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	_, err := new(Reader).Read(context.Background(), Input{URL: site})
	wantError(t, err, errs.Invalid, "inside a private network")
	if asked.Load() != 0 {
		t.Error("the server was asked")
	}
}

func TestRedirects(t *testing.T) {
	chain := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var hop int
			fmt.Sscanf(r.URL.Path, "/%d", &hop)
			if hop == n {
				answer("text/html", pageText)(w, r)
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/%d", hop+1), http.StatusFound)
		}
	}
	if _, err := local(0).Read(context.Background(), Input{URL: serve(t, chain(fetch.MaxRedirects)) + "/0"}); err != nil {
		t.Errorf("%d redirects: %v", fetch.MaxRedirects, err)
	}
	_, err := local(0).Read(context.Background(), Input{URL: serve(t, chain(fetch.MaxRedirects+1)) + "/0"})
	wantError(t, err, errs.Upstream, "redirected more than 5 times")

	var asked atomic.Int32
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/again", http.StatusTemporaryRedirect)
	})
	_, err = local(0).Read(context.Background(), Input{URL: loop})
	wantError(t, err, errs.Upstream, "redirected more than 5 times")
	if asked.Load() != fetch.MaxRedirects+1 {
		t.Errorf("a redirect for ever was followed %d times", asked.Load())
	}
}

func TestRedirectsIntoPrivateNetworksAreRefused(t *testing.T) {
	tests := []struct {
		location string
		kind     errs.Kind
		want     string
	}{
		{"http://10.0.0.1/", errs.Invalid, "private network"},
		{"http://169.254.169.254/latest/meta-data/", errs.Invalid, "private network"},
		{"//192.168.0.1/", errs.Invalid, "private network"},
		{"http://0xa9fea9fe/", errs.Invalid, "private network"},
		{"http://[fd00::1]/", errs.Invalid, "private network"},
		{"http://printer.local/", errs.Invalid, "private network"},
		{"file:///etc/passwd", errs.Invalid, "Only addresses"},
		{"gopher://127.0.0.1:6379/_INFO", errs.Invalid, "Only addresses"},
		{"http://user:pass@example.com/", errs.Invalid, "user name"},
		{"http://example.com:25/", errs.Invalid, "port 25"},
		{"", errs.Upstream, "does not exist"},
		{"http://[", errs.Upstream, "does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.location, func(t *testing.T) {
			site := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if tt.location != "" {
					w.Header().Set("Location", tt.location)
				}
				w.WriteHeader(http.StatusFound)
			})
			_, err := local(0).Read(context.Background(), Input{URL: site})
			wantError(t, err, tt.kind, tt.want)
			wantError(t, err, tt.kind, "127.0.0.1") // who redirected
		})
	}
}

func TestSlowSites(t *testing.T) {
	const soon = 50 * time.Millisecond
	wait := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	tests := map[string]http.HandlerFunc{
		"no answer": wait,
		"no body": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<p>Something")
			w.(http.Flusher).Flush()
			wait(w, r)
		},
		"after a redirect": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/b", http.StatusFound)
				return
			}
			wait(w, r)
		},
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := local(soon).Read(context.Background(), Input{URL: serve(t, h)})
			wantError(t, err, errs.Upstream, "did not answer within 50ms")
		})
	}
}

func TestTheCallerCanLeave(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	site := serve(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if _, err := local(time.Minute).Read(ctx, Input{URL: site}); errs.KindOf(err) != errs.Canceled {
		t.Errorf("error %v, want canceled", err)
	}
}

func TestWhatIsFetchedMustBeText(t *testing.T) {
	tests := []struct{ contentType, body, want string }{
		{"application/pdf", "%PDF-1.7", "PDF"},
		{"image/jpeg", "\xff\xd8\xff", "picture"},
		{"application/json", "{}", "data"},
		{"application/rss+xml", "<rss/>", "feed"},
		{"application/octet-stream", "x", "not text"},
		{"text/html", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00", "picture"},
		{"text/html", "%PDF-1.7", "PDF"},
		{"text/xml", "<?xml version='1.0'?><rss></rss>", "feed"},
		{"text/html", "", "no text"},
		{"text/html", "<script>render()</script>", "No article text"},
	}
	for _, tt := range tests {
		t.Run(tt.contentType+" "+tt.want, func(t *testing.T) {
			_, err := local(0).Read(context.Background(), Input{URL: serve(t, answer(tt.contentType, tt.body))})
			wantError(t, err, errs.Invalid, tt.want)
		})
	}
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil // none at all
		io.WriteString(w, pageText)
	})
	if art, err := local(0).Read(context.Background(), Input{URL: site}); err != nil || art.MediaType != "text/html" {
		t.Errorf("without a content type: %+v, %v", art, err)
	}
}

func TestStatuses(t *testing.T) {
	for status, want := range map[int]string{
		404: "answered 404 (Not Found). Check the address", 410: "answered 410", 403: "paste its text", 401: "does not show the page",
		429: "Try again later", 500: "answered 500", 503: "Try again later", 204: "answered 204", 599: "answered 599. Try",
	} {
		site := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		_, err := local(0).Read(context.Background(), Input{URL: site})
		wantError(t, err, errs.Upstream, want)
	}
}

func TestBrokenConnections(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	secure := httptest.NewTLSServer(answer("text/html", pageText))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it reports that we hang up
	defer secure.Close()
	half := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "<p>Half a page")
	})
	packed := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		answer("text/html", "\x0b\x02\x80")(w, nil)
	})
	plain := serve(t, answer("text/html", pageText))
	tests := []struct{ name, address, want string }{
		{"nobody listens", closed.URL, "could not be reached"},
		{"unknown authority", secure.URL, "certificate is not valid"},
		{"no TLS", strings.Replace(plain, "http:", "https:", 1), "does not speak HTTPS"},
		{"half a page", half, "broke off"},
		{"packed unasked", packed, "packed in a way"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := local(0).Read(context.Background(), Input{URL: tt.address})
			wantError(t, err, errs.Upstream, tt.want)
		})
	}
}

func TestLargePagesStopAtTheLimit(t *testing.T) {
	_, err := local(0).Read(context.Background(), Input{URL: serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10737418240")
		answer("text/html", "<p>")(w, nil)
	})})
	wantError(t, err, errs.TooLarge, "10240 MB large; at most 5 MB")

	var sent atomic.Int64
	_, err = local(0).Read(context.Background(), Input{URL: serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		line := bytes.Repeat([]byte("word "), 2000)
		for {
			n, err := w.Write(line)
			sent.Add(int64(n))
			if err != nil {
				return // the reader hung up
			}
		}
	})})
	wantError(t, err, errs.TooLarge, "larger than 5 MB")
	if sent.Load() > 64<<20 {
		t.Errorf("%d bytes were taken", sent.Load())
	}
}

func TestPackedPages(t *testing.T) {
	gz := func(body []byte) http.HandlerFunc {
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		w.Write(body)
		w.Close()
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			answer("text/html", packed.String())(w, nil)
		}
	}
	if art, err := local(0).Read(context.Background(), Input{URL: serve(t, gz([]byte(pageText)))}); err != nil || art.Title != "Crime fell" {
		t.Errorf("%+v, %v", art, err)
	}
	bomb := serve(t, gz(make([]byte, 64<<20)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := local(0).Read(context.Background(), Input{URL: bomb})
	runtime.ReadMemStats(&after)
	wantError(t, err, errs.TooLarge, "larger than 5 MB")
	if used := after.TotalAlloc - before.TotalAlloc; used > 48<<20 {
		t.Errorf("unpacking took %d MB", used>>20)
	}
}
