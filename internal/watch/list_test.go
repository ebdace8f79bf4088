package watch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
)

const base = "https://news.example.org/feeds/all.xml"

func TestEveryKindOfListIsRead(t *testing.T) {
	tests := []struct {
		name, data string
		kind       Kind
		title      string
		want       string // addresses, newest first
	}{
		{"RSS 2", `<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>Gr` + "\xfc" + `ne</title>
			<item><link>../a?utm_source=rss</link><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item>
			<item><link>https://other.example.org/b#x</link><pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>`,
			Feed, "Grüne", "https://other.example.org/b https://news.example.org/a"},
		{"RSS 1", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>Old</title></channel><item><title>A</title><link>/a</link></item></rdf:RDF>`,
			Feed, "Old", "https://news.example.org/a"},
		{"Atom", "\xef\xbb\xbf" + `<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title><entry><id>tag:1</id><link href="/n/1"/><updated>2026-03-01T00:00:00Z</updated></entry></feed>`,
			Feed, "Notes", "https://news.example.org/n/1"},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","url":"https://news.example.org/j"}]}`, Feed, "J", "https://news.example.org/j"},
		{"an address that is the name", `<rss version="2.0"><channel><title>G</title><item><guid>https://news.example.org/g</guid></item></channel></rss>`, Feed, "G", "https://news.example.org/g"},
		{"links that lead nowhere", `<rss version="2.0"><channel><title>N</title><item><link>javascript:alert(1)</link></item><item><link>file:///etc/passwd</link></item><item><title>no link</title></item><item><link>/a</link></item></channel></rss>`,
			Feed, "N", "https://news.example.org/a"},
		{"the same item twice", `<rss version="2.0"><channel><title>T</title><item><link>/a</link><guid>1</guid></item><item><link>/b</link><guid>1</guid></item></channel></rss>`, Feed, "T", "https://news.example.org/a"},
		{"sitemap", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
			<url><loc> https://news.example.org/old </loc><lastmod>2025-12-31</lastmod></url><url><loc>https://news.example.org/undated</loc></url>
			<url><loc>https://news.example.org/new?a=1&amp;b=2</loc><news:news><news:publication_date>2026-03-01T10:00+01:00</news:publication_date><news:title>New</news:title></news:news></url></urlset>`,
			Sitemap, "", "https://news.example.org/new?a=1&b=2 https://news.example.org/old https://news.example.org/undated"},
		{"fact-checks", `{"@context":"https://schema.org","@type":"DataFeed","dataFeedElement":[{"item":[{"@type":"ClaimReview"}]}]}`, Checks, "", ""},
	}
	for _, tt := range tests {
		for _, packed := range []bool{false, true} {
			data := []byte(tt.data)
			if packed {
				data = pack(t, tt.data)
			}
			l, err := ReadList(data, base)
			var got []string
			for _, i := range l.Items {
				got = append(got, i.Address)
			}
			if err != nil || l.Kind != tt.kind || l.Title != tt.title || strings.Join(got, " ") != tt.want {
				t.Errorf("%s: %q, %q, %q, %v", tt.name, l.Kind, l.Title, got, err)
			}
		}
	}
}

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnIndexLeadsToItsNewestSitemaps(t *testing.T) {
	var b strings.Builder
	for i := range 9 {
		fmt.Fprintf(&b, "<sitemap><loc>/s%d.xml</loc><lastmod>2026-03-0%d</lastmod></sitemap>", i, i+1)
	}
	l, err := ReadList([]byte("<sitemapindex>"+b.String()+"</sitemapindex>"), base)
	if err != nil || len(l.Items) != 0 || len(l.Further) != maxIndexed || l.Further[0] != "https://news.example.org/s8.xml" {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestWhatIsNoListSaysWhatItIs(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title>`
	tests := []struct {
		name string
		data []byte
		kind errs.Kind
		part string
	}{
		{"nothing", nil, errs.Invalid, "is empty"},
		{"spaces", []byte(" \n"), errs.Invalid, "is empty"},
		{"a text", []byte("Crime fell."), errs.Invalid, "no feed and no sitemap"},
		{"a page", []byte("<!doctype html><html><body>News</body></html>"), errs.Invalid, "no feed and no sitemap"},
		{"a page with a feed", []byte(`<!doctype html><link rel="alternate" type="application/atom+xml" href="/atom">`), errs.Invalid, "https://news.example.org/atom"},
		{"a page with a hostile feed", []byte(`<!doctype html><link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">`), errs.Invalid, "no feed and no sitemap"},
		{"data", []byte(`{"a":1}`), errs.Invalid, "neither a feed nor fact-checks"},
		{"a feed cut short", []byte(bomb), errs.Invalid, "no feed and no sitemap"},
		{"a sitemap cut short", []byte("<urlset><url><loc>"), errs.Invalid, "no feed and no sitemap"},
		{"packed nonsense", []byte("\x1f\x8bnonsense"), errs.Invalid, "no feed and no sitemap"},
		{"a packed bomb", pack(t, strings.Repeat(" ", MaxList+1)), errs.TooLarge, "larger than 10 MB"},
	}
	for _, tt := range tests {
		_, err := ReadList(tt.data, base)
		if errs.KindOf(err) != tt.kind || !strings.Contains(errs.Message(err), tt.part) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestALongSitemapIsCutToItsNewestPages(t *testing.T) {
	var b strings.Builder
	for i := range MaxItems + 10 {
		fmt.Fprintf(&b, "<url><loc>/%d</loc><lastmod>%s</lastmod></url>", i, time.Date(2000, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	l, err := ReadList([]byte("<urlset>"+b.String()+"</urlset>"), base)
	if err != nil || len(l.Items) != MaxItems || l.Items[0].Address != fmt.Sprintf("https://news.example.org/%d", MaxItems+9) {
		t.Errorf("%d items, %v", len(l.Items), err)
	}
}

func FuzzReadList(f *testing.F) {
	for _, seed := range []string{
		`<rss version="2.0"><channel><title>T</title><item><link>/a</link></item></channel></rss>`, `<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/></entry></feed>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":null}]}`, `<urlset><url><loc>/a</loc></url></urlset>`, `<!doctype html><link rel=alternate type=application/rss+xml href=/f>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ReadList(data, base)
		if err != nil && errs.Message(err) == "" {
			t.Errorf("an error without a sentence: %v", err)
		}
		for _, i := range l.Items {
			if !strings.HasPrefix(i.Address, "http") || len(i.Key) != 32 || len(i.Title) > maxTitle+len("…") {
				t.Errorf("%+v", i)
			}
		}
	})
}
