package ingest

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/errs"
)

func TestCanonicalURL(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"as it is", "https://example.org/news/a?id=1", "https://example.org/news/a?id=1"},
		{"case, default port, fragment", " HTTPS://Example.ORG:443/News#top ", "https://example.org/News"},
		{"no path", "http://example.org", "http://example.org/"},
		{"dots", "https://example.org/a/./b/../c", "https://example.org/a/c"},
		{"trailing dot", "https://example.org./a", "https://example.org/a"},
		{"tracking", "https://example.org/a?utm_source=x&id=1&UTM_Medium=y&gclid=z&fbclid=q&mc_cid=1", "https://example.org/a?id=1"},
		{"only tracking", "https://example.org/a?utm_source=x", "https://example.org/a"},
		{"empty query", "https://example.org/a?", "https://example.org/a"},
		{"order and spelling stay", "https://example.org/a?b=2&a=1&q=a%20b+c", "https://example.org/a?b=2&a=1&q=a%20b+c"},
		{"parameters that look alike stay", "https://example.org/a?autmn=1&ref=2&source=3", "https://example.org/a?autmn=1&ref=2&source=3"},
		{"other port", "http://example.org:8080/", "http://example.org:8080/"},
		{"international name", "https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"},
		{"unicode digits", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"},
		{"percent sign alone", "https://example.org/100%", "https://example.org/100%"},
		{"backslash in the query", `https://example.org/a?b=\`, `https://example.org/a?b=\`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := CanonicalURL(tt.in)
			if err != nil || got != tt.want {
				t.Fatalf("CanonicalURL(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
			if again, err := CanonicalURL(got); err != nil || again != got {
				t.Errorf("a second time: %q, %v", again, err)
			}
		})
	}
}

func TestCanonicalURLRefuses(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "  ", "Enter the address"},
		{"no scheme", "example.org/news", "not a web address"},
		{"scheme-relative", "//example.org/", "not a web address"},
		{"name and port", "example.org:8080/", "Only addresses that start with"},
		{"file", "file:///etc/passwd", "Only addresses"},
		{"script", "javascript:alert(1)", "Only addresses"},
		{"data", "data:text/html,<p>x", "Only addresses"},
		{"mail", "mailto:a@example.org", "Only addresses"},
		{"user", "https://user@example.org/", "user name"},
		{"user and password", "https://user:pass@example.org/", "user name"},
		{"confused host", "https://example.org@127.0.0.1/", "user name"},
		{"line end inside", "http://exa\nmple.org/", "control character"},
		{"header split", "http://example.org/\r\nX-A: 1", "control character"},
		{"backslash", `https:\\example.org\a`, "backslash"},
		{"space in host", "http://exa mple.org/", "not a web address"},
		{"no host", "http://", "not a web address"},
		{"only dots", "http://./", "names no site"},
		{"long", "https://example.org/" + strings.Repeat("a", 2048), "at most 2048"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := CanonicalURL(tt.in)
			if err == nil {
				t.Fatalf("CanonicalURL = %q, want an error", got)
			}
			wantError(t, err, errs.Invalid, tt.want)
		})
	}
}

func TestAPageSpeaksForItsOwnSiteOnly(t *testing.T) {
	const at = "https://m.news.example.co.uk/story?id=7&utm_source=x#c"
	tests := []struct{ name, link, want string }{
		{"none", "", "https://m.news.example.co.uk/story?id=7"},
		{"relative", "/story/7?gclid=1", "https://m.news.example.co.uk/story/7"},
		{"same registrable domain", "https://www.example.co.uk/story/7#x", "https://www.example.co.uk/story/7"},
		{"another site under the same suffix", "https://other.co.uk/story/7", "https://m.news.example.co.uk/story?id=7"},
		{"another site", "https://evil.example/", "https://m.news.example.co.uk/story?id=7"},
		{"front page", "https://www.example.co.uk/", "https://m.news.example.co.uk/story?id=7"},
		{"script", "javascript:alert(1)", "https://m.news.example.co.uk/story?id=7"},
		{"password", "https://a:b@www.example.co.uk/x", "https://m.news.example.co.uk/story?id=7"},
		{"no address", "http://[", "https://m.news.example.co.uk/story?id=7"},
		{"endless", "/" + strings.Repeat("a", 3000), "https://m.news.example.co.uk/story?id=7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := sourceOf(at, tt.link); err != nil || got != tt.want {
				t.Errorf("sourceOf(%q) = %q, %v; want %q", tt.link, got, err, tt.want)
			}
		})
	}
	if got, _ := sourceOf("http://127.0.0.1/a", "http://1.0.0.1/b"); got != "http://127.0.0.1/a" {
		t.Errorf("an address of numbers was taken for a domain: %q", got)
	}
}

// nasty are addresses that must never open a connection.
var nasty = []string{
	"http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.8.8.8/",
	"http://127.0.0.1./", "http://0.0.0.0/", "http://0/", "http://[::]/", "http://[::1]/", "http://[::127.0.0.1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
	"http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://printer.local/", "http://intranet/", "http://metadata.google.internal/", "http://router.home.arpa/", "http://x.onion/",
	"http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://[::ffff:169.254.169.254]/", "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://192.0.0.192/",
	"http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://100.64.0.1/", "http://100.127.255.254/", "http://198.18.0.1/", "http://192.0.2.1/",
	"http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
	"http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fe80::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001:db8::1]/",
	"http://①②⑦.⓪.⓪.①/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://127。0。0。1/", "http:127.0.0.1", "http:///127.0.0.1/", `http:\\127.0.0.1\`, `http://example.com\@127.0.0.1/`, " http://127.0.0.1/",
	"http://user:pass@example.com/", "http://127.0.0.1#@example.com/", "http://example.com@127.0.0.1/", "http://127.0.0.1%2f@example.com/",
	"http://example.com:22/", "http://example.com:6379/", "https://example.com:8443/", "http://example.com:0/",
	"file:///etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://example.com/", "dict://127.0.0.1:11211/stats", "jar:http://127.0.0.1!/", "data:text/html,x", "javascript:alert(1)", "//127.0.0.1/", "about:blank", "",
}

func TestNastyAddressesAreRefused(t *testing.T) {
	f := NewFetcher(FetchOptions{})
	for _, address := range append(nasty, corpus(t)...) {
		_, err := f.fetch(context.Background(), address)
		if err == nil {
			t.Errorf("%q was fetched", address)
			continue
		}
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v is not refused as invalid", address, err)
		}
		wantError(t, err, errs.Invalid, "")
	}
}

// corpus is the addresses to refuse in own/ssrf_urls.tsv of the folder that
// FACTCHECK_CORPORA names; none if it is not set.
func corpus(t *testing.T) []string {
	t.Helper()
	folder := os.Getenv("FACTCHECK_CORPORA")
	if folder == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(folder, "own", "ssrf_urls.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var addresses []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		address, rest, _ := strings.Cut(line, "\t")
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "fixture:") || !strings.HasPrefix(rest, "refuse") {
			continue
		}
		addresses = append(addresses, address)
	}
	if len(addresses) < 60 {
		t.Fatalf("only %d addresses in the corpus", len(addresses))
	}
	t.Logf("%d addresses of the corpus", len(addresses))
	return addresses
}
