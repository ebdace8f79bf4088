package fetch

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"code.dny.dev/ssrf"
	whatwg "github.com/nlnwa/whatwg-url/url"

	"factcheck/internal/errs"
)

var advice = Advice{Else: "paste the text", Open: "Open it in a browser and paste its text."}

// serve starts a site on this machine.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// local is a client that may reach this machine.
func local() *Client { return &Client{Guard: Guard{AllowLoopback: true}, Advice: advice} }

func wantError(t *testing.T, err error, kind errs.Kind, part string) {
	t.Helper()
	msg := errs.Message(err)
	if errs.KindOf(err) != kind || !strings.Contains(msg, part) || !strings.HasSuffix(msg, ".") {
		t.Errorf("%v: kind %q, sentence %q; want %q, %q", err, errs.KindOf(err), msg, kind, part)
	}
}

func mustParse(t *testing.T, address string) *whatwg.Url {
	t.Helper()
	u, err := Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestTheConnectionIsGuarded covers names that resolve to a private address
// after they were checked: the guard sees what is dialled.
func TestTheConnectionIsGuarded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, address := range []string{"127.0.0.1:" + port, "127.0.0.1:80", "localhost:80", "[::1]:80", "10.0.0.1:80", "169.254.169.254:80", "[64:ff9b::7f00:1]:443", "93.184.215.14:6379"} {
		if conn, err := (Guard{}).Dial(context.Background(), "tcp", address); err == nil || !Refused(err) {
			t.Errorf("dialling %s: %v, %v", address, conn, err)
		}
	}
	loose := Guard{AllowLoopback: true}
	for _, address := range []string{"10.0.0.1:80", "169.254.169.254:80", "0.0.0.0:80", "93.184.215.14:8080"} {
		if err := loose.control("tcp4", address, nil); err == nil {
			t.Errorf("the option for tests also opens %s", address)
		}
	}
	c := &Client{Advice: advice}
	wantError(t, c.explain(mustParse(t, "http://rebound.example/"), fmt.Errorf("dial: %w", ssrf.ErrProhibitedIP)), errs.Invalid, "rebound.example is inside a private network, not on the public internet. Paste the text instead.")
}

func TestASingleAddressCanBeAllowed(t *testing.T) {
	site := serve(t, func(http.ResponseWriter, *http.Request) {})
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other site was asked") })
	u, _ := url.Parse(site)
	c := &Client{Guard: Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort(u.Host)}}, Advice: advice}
	if res, err := c.Get(t.Context(), Request{Address: site}); err != nil || res.Status != 200 {
		t.Errorf("%+v, %v", res, err)
	}
	_, err := c.Get(t.Context(), Request{Address: other})
	wantError(t, err, errs.Invalid, "private network")
	if !Refused(err) {
		t.Errorf("%v is not a refusal", err)
	}
	if _, err := c.Guard.Dial(t.Context(), "tcp", strings.TrimPrefix(other, "http://")); !Refused(err) {
		t.Errorf("dialled: %v", err)
	}
}

func TestNameErrorsHaveTheirSentences(t *testing.T) {
	c := &Client{Advice: advice}
	u := mustParse(t, "https://nowhere.example/")
	wantError(t, c.explain(u, &net.DNSError{IsNotFound: true}), errs.Upstream, "nowhere.example does not exist")
	wantError(t, c.explain(u, &net.DNSError{Err: "server misbehaving"}), errs.Upstream, "could not be looked up")
	wantError(t, c.explain(u, &net.DNSError{IsTimeout: true}), errs.Upstream, "did not answer within 15 seconds")
	wantError(t, c.explain(u, io.ErrClosedPipe), errs.Upstream, "could not be read")
	if !NoSuchName(c.explain(u, &net.DNSError{IsNotFound: true})) || NoSuchName(c.explain(u, &net.DNSError{IsTimeout: true})) {
		t.Error("NoSuchName takes one for the other")
	}
	if words(DefaultTimeout) != "15 seconds" || words(time.Second) != "1 second" {
		t.Errorf("%q, %q", words(DefaultTimeout), words(time.Second))
	}
}

func TestEveryStatusIsAnAnswer(t *testing.T) {
	for _, status := range []int{200, 404, 410, 500} {
		site := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); io.WriteString(w, "body") })
		res, err := local().Get(t.Context(), Request{Address: site, Limit: 10})
		if err != nil || res.Status != status || string(res.Body) != "body" || res.Address != site+"/" || res.Exchanges != nil {
			t.Errorf("%d: %+v, %v", status, res, err)
		}
	}
	refused := errs.New("x", errs.TooLarge, "Too large.")
	_, err := local().Get(t.Context(), Request{Address: serve(t, func(http.ResponseWriter, *http.Request) {}), Check: func(string, *http.Response) error { return refused }})
	if !errors.Is(err, refused) {
		t.Errorf("the check was not asked: %v", err)
	}
}

func TestTheBodyEndsOneByteAfterTheLimit(t *testing.T) {
	site := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1000)) })
	for limit, want := range map[int]int{999: 1000, 1000: 1000, 10: 11} {
		if res, err := local().Get(t.Context(), Request{Address: site, Limit: limit}); err != nil || len(res.Body) != want {
			t.Errorf("limit %d: %d bytes, %v", limit, len(res.Body), err)
		}
	}
}

func TestWhatGoesOverTheWireIsRecorded(t *testing.T) {
	body := strings.Repeat("The mayor said so. ", 500)
	var seen http.Header
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		seen = r.Header
		w.Header().Set("X-Case", "a")
		io.WriteString(w, body[:100])
		w.(http.Flusher).Flush() // in chunks
		io.WriteString(w, body[100:])
	})
	c := local()
	c.Record, c.Accept = true, "*/*"
	res, err := c.Get(t.Context(), Request{Address: site + "/old", Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if string(res.Body) != body || res.Address != site+"/new" || len(res.Exchanges) != 2 {
		t.Fatalf("%d bytes at %s, %d exchanges", len(res.Body), res.Address, len(res.Exchanges))
	}
	first, last := res.Exchanges[0], res.Exchanges[1]
	if first.Address != site+"/old" || last.Address != site+"/new" || first.IP != "127.0.0.1" || first.Truncated || last.Truncated {
		t.Errorf("exchanges %+v, %+v", first.Address, last.Address)
	}
	if !bytes.HasPrefix(first.Request, []byte("GET /old HTTP/1.1\r\nHost: 127.0.0.1")) || !bytes.HasPrefix(first.Response, []byte("HTTP/1.1 302 Found\r\n")) || !bytes.Contains(first.Response, []byte("/new\">Found</a>")) {
		t.Errorf("first: %q → %q", first.Request, first.Response)
	}
	if !bytes.HasPrefix(last.Response, []byte("HTTP/1.1 200 OK\r\nX-Case: a\r\n")) || !bytes.Contains(last.Response, []byte("Transfer-Encoding: chunked")) || !bytes.HasSuffix(last.Response, []byte("\r\n0\r\n\r\n")) {
		t.Errorf("last: %q", last.Response[:200])
	}
	if seen.Get("Accept-Encoding") != "identity" || seen.Get("Cookie") != "" || !strings.HasPrefix(seen.Get("User-Agent"), "factcheck") {
		t.Errorf("headers %v", seen)
	}
}

func TestARecordingStopsToo(t *testing.T) {
	c := local()
	c.Record = true
	site := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/")
		w.WriteHeader(http.StatusFound)
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	_, err := c.Get(t.Context(), Request{Address: site, Limit: 100})
	wantError(t, err, errs.Upstream, "redirected more than 5 times")
	tp := newTape(0)
	r := recorded{nowhere{}, tp}
	for range 20 {
		r.Read(make([]byte, 8<<10))
	}
	if x := tp.exchange(""); len(x.Response) != maxHeaderBytes || !x.Truncated {
		t.Errorf("%d bytes, truncated %v", len(x.Response), x.Truncated)
	}
}

// nowhere is a connection on which bytes arrive for ever.
type nowhere struct{ net.Conn }

func (nowhere) Read(p []byte) (int, error) { return len(p), nil }

func TestASecureSiteIsRecordedWithoutItsEncryption(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	defer srv.Close()
	c := local()
	c.Record, c.roots = true, x509.NewCertPool()
	c.roots.AddCert(srv.Certificate())
	res, err := c.Get(t.Context(), Request{Address: srv.URL, Limit: 100})
	if err != nil || len(res.Exchanges) != 1 || string(res.Body) != "HTTP/1.1" {
		t.Fatalf("%+v, %v", res, err)
	}
	if x := res.Exchanges[0]; !bytes.HasPrefix(x.Response, []byte("HTTP/1.1 200 OK")) || !bytes.HasSuffix(x.Response, []byte("\r\n\r\nHTTP/1.1")) {
		t.Errorf("%q", x.Response)
	}
}

func TestARecordedSiteMustProveItself(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked") }))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it reports that we hang up
	defer srv.Close()
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := local()
	c.Record = true
	_, err := c.Get(t.Context(), Request{Address: srv.URL})
	wantError(t, err, errs.Upstream, "certificate is not valid")
	_, err = c.Get(t.Context(), Request{Address: strings.Replace(plain, "http:", "https:", 1)})
	wantError(t, err, errs.Upstream, "does not speak HTTPS")
	c.Guard = Guard{}
	if conn, err := c.dialTLS(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "https://")); err == nil || !Refused(err) {
		t.Errorf("dialled %v, %v", conn, err)
	}
}
