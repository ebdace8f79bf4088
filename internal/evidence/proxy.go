package evidence

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"factcheck/internal/fetch"
)

// maxPageTraffic is how many bytes one page may bring a browser to fetch.
const maxPageTraffic = 64 << 20

// proxy is the only way from a browser to the network. All that it opens goes
// through a guard, which sees the address that is really dialled; names are
// resolved here, not in the browser. It lives as long as one picture takes.
type proxy struct {
	guard     fetch.Guard
	transport *http.Transport
	listener  net.Listener
	server    *http.Server
	ctx       context.Context // of the tunnels, which outlive their requests
	left      atomic.Int64    // bytes
	last      atomic.Int64    // when something arrived, in microseconds
	refused   atomic.Int64    // connections that the guard did not let through
}

// startProxy listens on a free port of this machine until stop is called.
func startProxy(ctx context.Context, guard fetch.Guard) (p *proxy, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p = &proxy{guard: guard, listener: l, ctx: ctx}
	p.left.Store(maxPageTraffic)
	p.transport = &http.Transport{Proxy: nil, DialContext: p.dial, DisableCompression: true, ResponseHeaderTimeout: shootTimeout, MaxResponseHeaderBytes: 256 << 10}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go p.server.Serve(l) //nolint:errcheck // it ends when stop closes it
	return p, func() {
		cancel()
		_ = p.server.Close() // nobody listens any more, whatever it says
		p.transport.CloseIdleConnections()
	}, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := p.guard.Dial(ctx, network, address)
	if fetch.Refused(err) {
		p.refused.Add(1)
	}
	return conn, err
}

// ServeHTTP passes on what a browser asks of a proxy: whole addresses, and
// tunnels for https and for WebSockets.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.touch()
	switch {
	case r.Method == http.MethodConnect:
		p.tunnel(w, r)
	case r.URL.IsAbs() && r.URL.Scheme == "http":
		p.forward(w, r)
	default:
		http.Error(w, "not a proxy request", http.StatusBadRequest)
	}
}

// hop are the headers that are not the site's (RFC 9110, 7.6.1).
var hop = []string{"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func (p *proxy) forward(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.RequestURI = ""
	for _, name := range hop {
		out.Header.Del(name)
	}
	res, err := p.transport.RoundTrip(out)
	if err != nil {
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	defer res.Body.Close()
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	for _, name := range hop {
		w.Header().Del(name)
	}
	w.WriteHeader(res.StatusCode)
	if _, err := io.Copy(w, p.counted(res.Body)); err != nil {
		panic(http.ErrAbortHandler) // half a body must not look whole
	}
}

func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	there, err := p.dial(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	defer there.Close()
	w.WriteHeader(http.StatusOK)
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	defer context.AfterFunc(p.ctx, func() { here.Close(); there.Close() })()
	done := make(chan struct{}, 2)
	pass := func(to io.Writer, from io.Reader) {
		_, _ = io.Copy(to, from) // a tunnel ends when either side has had enough
		done <- struct{}{}
	}
	go pass(there, buffered)
	go pass(here, p.counted(there))
	<-done
}

// touch remembers that the page is still busy.
func (p *proxy) touch() { p.last.Store(time.Now().UnixMicro()) }

// quiet is how long nothing has arrived.
func (p *proxy) quiet() time.Duration { return time.Since(time.UnixMicro(p.last.Load())) }

// counted is r until the page has fetched as much as it may.
func (p *proxy) counted(r io.Reader) io.Reader { return &countedReader{r, p} }

type countedReader struct {
	r io.Reader
	p *proxy
}

var errTraffic = errors.New("the page fetches too much")

// Read reads until the budget is used up.
func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.p.touch()
	if c.p.left.Add(-int64(n)) < 0 {
		return 0, errTraffic
	}
	return n, err
}
