package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"factcheck/internal/errs"
	"factcheck/internal/outreach"
)

// from asks for a link that leads nowhere, through a proxy that says for whom.
func (r *staffRoom) from(proxy, forwarded, realIP string) int {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, "/reply/"+strings.Repeat("A", 43), http.NoBody)
	req.RemoteAddr = proxy + ":4711"
	if forwarded != "" {
		req.Header.Set("X-Forwarded-For", forwarded)
	}
	if realIP != "" {
		req.Header.Set("X-Real-IP", realIP)
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	return w.Code
}

func TestWithoutATrustedProxyNobodyIsBelievedForWhomTheyAsk(t *testing.T) {
	r := newStaff(t)
	for i := range outreach.BadLinks {
		if code := r.from("10.0.0.7", fmt.Sprintf("192.0.2.%d", i), fmt.Sprintf("192.0.2.%d", i)); code != http.StatusNotFound {
			t.Fatalf("try %d = %d", i, code)
		}
	}
	if code := r.from("10.0.0.7", "198.51.100.1", ""); code != http.StatusTooManyRequests {
		t.Errorf("another address in the header = %d: a header gets around the limit", code)
	}
}

func TestBehindATrustedProxyEachAddressHasALimitOfItsOwn(t *testing.T) {
	r := newStaff(t)
	r.server.Proxies = []string{"10.0.0.0/8"}
	r.open()
	for i := range outreach.BadLinks {
		// What the browser itself claims comes first, and does not count.
		if code := r.from("10.0.0.7", fmt.Sprintf("203.0.113.%d, 192.0.2.1, 10.0.0.8", i), ""); code != http.StatusNotFound {
			t.Fatalf("try %d = %d", i, code)
		}
	}
	tests := map[string]struct {
		proxy, forwarded, realIP string
		want                     int
	}{
		"the same reader":                        {"10.0.0.7", "192.0.2.1", "", http.StatusTooManyRequests},
		"the same reader, under another name":    {"10.0.0.7", "198.51.100.9, 192.0.2.1", "", http.StatusTooManyRequests},
		"another reader":                         {"10.0.0.7", "192.0.2.2", "", http.StatusNotFound},
		"a header that the proxy does not write": {"10.0.0.7", "192.0.2.1", "198.51.100.9", http.StatusTooManyRequests},
		"who is no proxy":                        {"192.0.2.1", "198.51.100.9", "", http.StatusTooManyRequests},
	}
	for name, tt := range tests {
		if code := r.from(tt.proxy, tt.forwarded, tt.realIP); code != tt.want {
			t.Errorf("%s: %d, want %d", name, code, tt.want)
		}
	}
}

func TestAProxyThatIsNoNetworkIsRefusedWithASentence(t *testing.T) {
	r := newStaff(t)
	r.server.Proxies = []string{"127.0.0.1", "the-proxy"}
	_, err := r.server.Handler()
	if !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), "“the-proxy” is not a network") {
		t.Errorf("%v: %s", err, errs.Message(err))
	}
}
