package evidence

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

// testBrowser is the browser of these tests. Without one they are skipped, but
// never where everything has to be tested.
func testBrowser(t *testing.T) *Browser {
	t.Helper()
	path := os.Getenv("FACTCHECK_TEST_CHROMIUM")
	if path == "" && os.Getenv("CI") == "true" {
		t.Fatal("FACTCHECK_TEST_CHROMIUM is not set, and CI tests everything: make test sets it")
	}
	if path == "" {
		t.Skip("FACTCHECK_TEST_CHROMIUM does not name a Chromium: make test sets it")
	}
	b, err := NewBrowser(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// secrets are services of this machine that no page may reach. They remember
// who asked.
type secrets struct {
	mu             sync.Mutex
	seen           map[string]bool
	http, tls, udp string // addresses
}

func (s *secrets) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[what] = true
}

func startSecrets(t *testing.T) *secrets {
	t.Helper()
	s := &secrets{seen: map[string]bool{}}
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(r.URL.Path)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		io.WriteString(w, "SECRET")
	}))
	t.Cleanup(plain.Close)
	s.http = strings.TrimPrefix(plain.URL, "http://")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s.tls = l.Addr().String()
	go func() { // a connection is enough to know that somebody came
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.note("https")
			conn.Close()
		}
	}()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { packets.Close() })
	s.udp = packets.LocalAddr().String()
	go func() {
		if _, _, err := packets.ReadFrom(make([]byte, 1500)); err == nil {
			s.note("webrtc")
		}
	}()
	return s
}

// ways are how a page reaches for what it should not, each with what the
// secret services see of it.
var ways = map[string]string{
	"/fetch":    `<script>fetch("http://HTTP/fetch").then(r=>r.text()).then(t=>document.title=t)</script>`,
	"/img":      `<img src="http://HTTP/img">`,
	"/redirect": `<img src="/to?http://HTTP/redirect">`,
	"/frame":    `<iframe src="http://HTTP/frame"></iframe>`,
	"/reframe":  `<iframe src="/to?http://HTTP/reframe"></iframe>`,
	"/style":    `<link rel=stylesheet href="http://HTTP/style">`,
	"/script":   `<script src="http://HTTP/script"></script>`,
	"/beacon":   `<script>navigator.sendBeacon("http://HTTP/beacon", "x")</script>`,
	"/events":   `<script>new EventSource("http://HTTP/events")</script>`,
	"/ws":       `<script>new WebSocket("ws://HTTP/ws")</script>`,
	"/name":     `<img src="http://NAME/name">`,
	"/worker":   `<script>new Worker(URL.createObjectURL(new Blob(['fetch("http://HTTP/worker")'])))</script>`,
	"https":     `<img src="https://TLS/"><script>fetch("https://TLS/"); new WebSocket("wss://TLS/")</script>`,
	"webrtc":    `<script>const p=new RTCPeerConnection({iceServers:[{urls:"stun:UDP"}]});p.createDataChannel("x");p.createOffer().then(o=>p.setLocalDescription(o))</script>`,
}

// serveEvil starts a page that tries all ways; it stands for a public site.
func serveEvil(t *testing.T, s *secrets) string {
	t.Helper()
	_, port, _ := net.SplitHostPort(s.http)
	fill := strings.NewReplacer("HTTP", s.http, "NAME", "localhost:"+port, "TLS", s.tls, "UDP", s.udp)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/to":
			http.Redirect(w, r, r.URL.RawQuery, http.StatusFound)
		case "/leave":
			fmt.Fprintf(w, `<h1>News</h1><script>location = "http://%s/leave"</script>`, s.http)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, "<!doctype html><h1>News</h1>")
			for _, way := range ways {
				fill.WriteString(w, way)
			}
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// only lets a page reach its own site.
func only(t *testing.T, site string) fetch.Guard {
	t.Helper()
	u, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	return fetch.Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort(u.Host)}}
}

func TestAPageReachesNothingOfThisMachine(t *testing.T) {
	b := testBrowser(t)
	open, closed := startSecrets(t), startSecrets(t)

	// A guard that lets everything through shows that the ways work. WebRTC
	// does not take the proxy, and is off whatever the guard says.
	if _, err := b.Shoot(t.Context(), fetch.Guard{AllowLoopback: true}, serveEvil(t, open)); err != nil {
		t.Fatal(err)
	}
	open.mu.Lock()
	for way := range ways {
		if way != "webrtc" && !open.seen[way] {
			t.Errorf("%s does not work even where it is let: the test shows nothing", way)
		}
	}
	if open.seen["webrtc"] {
		t.Error("WebRTC went around the proxy")
	}
	open.mu.Unlock()

	site := serveEvil(t, closed)
	shot, err := b.Shoot(t.Context(), only(t, site), site)
	if err != nil {
		t.Fatal(err)
	}
	if len(closed.seen) != 0 {
		t.Errorf("the page reached %v", closed.seen)
	}
	if shot.Refused < 8 {
		t.Errorf("only %d connections were refused", shot.Refused)
	}
	if bytes.Contains(shot.MHTML, []byte("SECRET")) || !bytes.Contains(shot.MHTML, []byte("News")) {
		t.Errorf("the saved page: %q", shot.MHTML)
	}
	for _, path := range []string{"/leave", "/to?http://" + closed.http + "/leave"} {
		shot, err := b.Shoot(t.Context(), only(t, site), site+path)
		if len(closed.seen) != 0 || bytes.Contains(shot.MHTML, []byte("SECRET")) {
			t.Errorf("%s: the page led to %v, %v", path, closed.seen, err)
		}
	}
}

func TestAPictureShowsThePage(t *testing.T) {
	b := testBrowser(t)
	tests := []struct {
		name, body    string
		width, height int
	}{
		{"short", "<p>News", shotWidth, 900},
		{"long", `<div style="height:3000px">News</div>`, shotWidth, 3000},
		{"endless", `<div style="height:900000px">News</div>`, shotWidth, shotHeight},
		{"that lies about its size", `<p>News<script>Object.defineProperty(document.documentElement,"scrollHeight",{value:1e9})</script>`, shotWidth, 900},
		{"that asks", `<p>News<script>alert("Hello"); confirm("?"); prompt("!"); onbeforeunload = () => "stay"</script>`, shotWidth, 900},
		{"that opens windows", `<p>News<script>for (let i = 0; i < 20; i++) window.open("/")</script>`, shotWidth, 900},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, "<!doctype html><style>*{margin:0}</style>%s", tt.body)
			}))
			defer srv.Close()
			shot, err := b.Shoot(t.Context(), only(t, srv.URL), srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.DecodeConfig(bytes.NewReader(shot.PNG))
			if err != nil || img.Width != tt.width || img.Height < tt.height || img.Height > tt.height+40 {
				t.Errorf("%d × %d, %v; want %d × %d", img.Width, img.Height, err, tt.width, tt.height)
			}
			if !bytes.Contains(shot.MHTML, []byte("News")) {
				t.Errorf("the saved page: %q", shot.MHTML)
			}
		})
	}
}

func TestACaptureHasItsPicture(t *testing.T) {
	l := newLab(t)
	l.Browser = testBrowser(t)
	c := l.look()
	shot, ok := c.File(Screenshot)
	if _, saved := c.File(Page); !ok || !saved || c.Problem != "" || shot.MediaType != "image/png" || shot.Name != "127.0.0.1.png" {
		t.Fatalf("%+v", c)
	}
	if c := l.look(); c.Verdict != Same || len(c.Files) != 1 {
		t.Errorf("a second picture of the same: %+v", c)
	}
}

func TestAPictureThatCannotBeTakenIsSaid(t *testing.T) {
	l := newLab(t)
	none := t.TempDir() + "/chromium"
	if err := os.WriteFile(none, []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.Browser, err = NewBrowser(none); err != nil {
		t.Fatal(err)
	}
	c := l.look()
	if !strings.HasPrefix(c.Problem, "No picture was taken: the browser of the server does not start.") || c.Verdict != First || len(c.Files) != 2 {
		t.Errorf("%+v", c)
	}
	if b, err := NewBrowser(none + "x"); errs.KindOf(err) != errs.Invalid {
		t.Errorf("%v, %v", b, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Browser.Shoot(ctx, l.Guard, l.srv.URL); errs.KindOf(err) != errs.Canceled {
		t.Errorf("canceled: %v", err)
	}
}

// proxyOf starts a proxy with that guard.
func proxyOf(t *testing.T, guard fetch.Guard) *proxy {
	t.Helper()
	p, stop, err := startProxy(t.Context(), guard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return p
}

// through is a client that uses the proxy.
func through(p *proxy) *http.Client {
	return &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: p.address()}), DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestTheProxyPassesOnWhatIsLet(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Connection") != "" || r.Header.Get("Upgrade") != "" {
			t.Errorf("headers %v", r.Header)
		}
		w.Header().Set("X-Site", "yes")
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, r.Method+" "+r.URL.String())
	}))
	defer srv.Close()
	p := proxyOf(t, only(t, srv.URL))
	req, _ := http.NewRequest(http.MethodPost, srv.URL+"/a?b", strings.NewReader("x"))
	req.Header.Set("Upgrade", "websocket")
	res, err := through(p).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusTeapot || res.Header.Get("X-Site") != "yes" || string(body) != "POST /a?b" {
		t.Errorf("%d %v %q", res.StatusCode, res.Header, body)
	}
}

func TestTheProxyRefusesEverythingElse(t *testing.T) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	s := startSecrets(t)
	site := serveEvil(t, s)
	p := proxyOf(t, only(t, site))
	if res, err := through(p).Get(site + "/to?http://" + s.http + "/"); err != nil || res.StatusCode != http.StatusFound {
		t.Errorf("a redirect is the browser's to follow: %v, %v", res, err)
	}
	_, port, _ := net.SplitHostPort(s.http)
	for _, ask := range []string{
		"GET http://" + s.http + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://localhost:" + port + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://[::1]:" + port + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://[::ffff:127.0.0.1]:" + port + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://0.0.0.0:" + port + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + s.http + "\r\n\r\n",
		"GET https://" + s.tls + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET ftp://" + s.http + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT " + s.tls + " HTTP/1.1\r\nHost: " + s.tls + "\r\n\r\n",
		"CONNECT " + s.http + " HTTP/1.1\r\nHost: " + s.http + "\r\n\r\n",
		"CONNECT localhost:" + port + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT 93.184.215.14:25 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT 10.0.0.1:443 HTTP/1.1\r\nHost: x\r\n\r\n",
		"CONNECT " + p.address() + " HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", p.address())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, ask)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode < 400 || res.StatusCode > 499 {
			t.Errorf("%q: %+v, %v", ask, res, err)
		}
		conn.Close()
	}
	if len(s.seen) != 0 {
		t.Errorf("reached %v", s.seen)
	}
}

func TestATunnelCarriesBothWaysUntilThePictureIsTaken(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	p, stop, err := startProxy(ctx, only(t, srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	client := srv.Client()
	client.Transport.(*http.Transport).Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: p.address()})
	res, err := client.Post(srv.URL, "text/plain", strings.NewReader("there and back"))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "there and back" {
		t.Errorf("%q, %v", body, err)
	}
	conn, err := net.Dial("tcp", p.address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: x\r\n\r\n", strings.TrimPrefix(srv.URL, "https://"))
	in := bufio.NewReader(conn)
	if res, err := http.ReadResponse(in, nil); err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	cancel()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := in.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the tunnel outlived the picture: %v", err)
	}
}

func TestAPageFetchesNoMoreThanItMay(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	}))
	defer srv.Close()
	p := proxyOf(t, only(t, srv.URL))
	p.left.Store(100_000)
	res, err := through(p).Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, res.Body); err == nil || n > 100_000 {
		t.Errorf("%d bytes, %v", n, err)
	}
}
