package evidence

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// twoHops is a redirect and a page.
var twoHops = []fetch.Exchange{
	{Address: "http://example.org/", IP: "93.184.215.14", Request: []byte("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"), Response: []byte("HTTP/1.1 301 Moved Permanently\r\nLocation: https://example.org/a\r\n\r\n")},
	{Address: "https://example.org/a", Request: []byte("GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n"), Response: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Words."), Truncated: true},
}

func pack(t testing.TB, records []Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteWARC(&b, records); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpackAll(data []byte) ([]Record, error) {
	var out []Record
	for r, err := range ReadWARC(bytes.NewReader(data)) {
		if err != nil {
			return out, err
		}
		out = append(out, r)
	}
	return out, nil
}

// members unpacks each gzip member by itself.
func members(t *testing.T, data []byte) []string {
	t.Helper()
	var out []string
	in := bufio.NewReader(bytes.NewReader(data))
	for {
		if _, err := in.Peek(1); errors.Is(err, io.EOF) {
			return out
		}
		gz, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		gz.Multistream(false)
		text, err := io.ReadAll(gz)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
}

func TestAWARCFileHasAMemberForEachRecord(t *testing.T) {
	got := members(t, pack(t, warcOf("factcheck/1.0", noon, twoHops, []byte("<p>Words."))))
	if len(got) != 5 {
		t.Fatalf("%d members", len(got))
	}
	want := "WARC/1.1\r\n" +
		"WARC-Type: response\r\n" +
		"WARC-Record-ID: <urn:uuid:d6a38b0c-2bfa-8a5c-9d37-0dcd6a6d5d1f>\r\n" +
		"WARC-Date: 2026-03-01T12:00:00.123456Z\r\n" +
		"WARC-Target-URI: https://example.org/a\r\n" +
		"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-8000-8000-000000000000>\r\n" +
		"Content-Type: application/http; msgtype=response\r\n" +
		"WARC-Payload-Digest: " + digest([]byte("<p>Words.")) + "\r\n" +
		"WARC-Truncated: length\r\n" +
		"WARC-Block-Digest: " + digest(twoHops[1].Response) + "\r\n" +
		"Content-Length: 53\r\n\r\n" +
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Words.\r\n\r\n"
	if diff := cmp.Diff(withoutIDs(want), withoutIDs(got[4])); diff != "" {
		t.Errorf("the last record (-want +got):\n%s", diff)
	}
	for i, typ := range []string{"warcinfo", "request", "response", "request", "response"} {
		if !strings.HasPrefix(got[i], "WARC/1.1\r\nWARC-Type: "+typ+"\r\n") || !strings.HasSuffix(got[i], "\r\n\r\n") {
			t.Errorf("record %d: %q", i, got[i])
		}
	}
	if strings.Contains(got[2], "Payload") || !strings.Contains(got[2], "WARC-IP-Address: 93.184.215.14\r\n") || strings.Contains(got[4], "WARC-IP") {
		t.Errorf("fields of the redirect: %q", got[2])
	}
}

func withoutIDs(s string) string {
	var out []string
	for l := range strings.Lines(s) {
		if i := strings.Index(l, "<urn:uuid:"); i >= 0 {
			l = l[:i] + "…\r\n"
		}
		out = append(out, l)
	}
	return strings.Join(out, "")
}

func TestARecordAlwaysHasTheSameName(t *testing.T) {
	a := warcOf("x", noon, twoHops, nil)
	b := warcOf("x", noon, twoHops, nil)
	seen := map[string]bool{}
	for i := range a {
		id := a[i].ID()
		if id != b[i].ID() || seen[id] || len(id) != len("<urn:uuid:00000000-0000-8000-8000-000000000000>") || id[24] != '8' || !strings.ContainsRune("89ab", rune(id[29])) {
			t.Errorf("record %d has name %s", i, id)
		}
		seen[id] = true
	}
	if !strings.Contains(string(pack(t, a)), "\x1f\x8b") || !bytes.Equal(pack(t, a), pack(t, b)) {
		t.Error("the same records are not the same bytes")
	}
}

func TestWhatIsWrittenCanBeRead(t *testing.T) {
	want := warcOf("factcheck/1.0", noon, twoHops, []byte("<p>Words."))
	packed := pack(t, want)
	plain := []byte(strings.Join(members(t, packed), ""))
	for name, data := range map[string][]byte{"packed": packed, "plain": plain} {
		got, err := unpackAll(data)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(sameRecord)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// sameRecord compares fields in whatever order.
func sameRecord(a, b Record) bool {
	fields := func(r Record) map[string]string {
		m := map[string]string{}
		for _, f := range r.More {
			m[f[0]] = f[1]
		}
		return m
	}
	return a.Type == b.Type && a.Address == b.Address && a.At.Equal(b.At) && bytes.Equal(a.Block, b.Block) && cmp.Equal(fields(a), fields(b))
}

func TestADamagedWARCFileIsRefused(t *testing.T) {
	packed := pack(t, warcOf("x", noon, twoHops, nil))
	plain := strings.Join(members(t, packed), "")
	tests := []struct {
		name string
		data string
		kind errs.Kind
	}{
		{"cut", plain[:len(plain)-10], errs.Invalid},
		{"cut when packed", string(packed[:len(packed)-10]), errs.Invalid},
		{"another word", strings.Replace(plain, "<p>Words.", "<p>Swords", 1), errs.Invalid},
		{"another version", strings.Replace(plain, "WARC/1.1", "WARC/0.9", 1), errs.Invalid},
		{"no length", strings.Replace(plain, "Content-Length", "Content-Lengths", 1), errs.Invalid},
		{"negative length", strings.Replace(plain, "Content-Length: ", "Content-Length: -", 1), errs.Invalid},
		{"huge length", strings.Replace(plain, "Content-Length: ", "Content-Length: 99999999", 1), errs.TooLarge},
		{"endless head", warcVersion + strings.Repeat("A: b\r\n", 20000), errs.TooLarge},
		{"endless line", warcVersion + strings.Repeat("A", 1<<20), errs.TooLarge},
		{"no date", strings.Replace(plain, "2026-03-01", "yesterday", 1), errs.Invalid},
		{"text", "It was a dark and stormy night.\r\n\r\n", errs.Invalid},
		{"broken gzip", "\x1f\x8b\x00", errs.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := unpackAll([]byte(tt.data)); errs.KindOf(err) != tt.kind || errs.Message(err) == "" {
				t.Errorf("%d records, %v", len(got), err)
			}
		})
	}
	if got, err := unpackAll(nil); err != nil || len(got) != 0 {
		t.Errorf("nothing: %v, %v", got, err)
	}
}

func TestAFieldCannotSmuggleAnother(t *testing.T) {
	for _, r := range []Record{
		{Type: "response\r\nX: y"}, {Address: "http://example.org/\nX: y"}, {More: [][2]string{{"A", "b\rc"}}}, {More: [][2]string{{"", "b"}}},
	} {
		if err := WriteWARC(io.Discard, []Record{r}); !errors.Is(err, errs.Internal) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

func FuzzReadWARC(f *testing.F) {
	packed := pack(f, warcOf("x", noon, twoHops, []byte("<p>Words.")))
	f.Add(packed)
	f.Add([]byte(warcVersion + "WARC-Type: metadata\r\nWARC-Date: 2026-03-01T12:00:00Z\r\nContent-Length: 1\r\n\r\nx\r\n\r\n"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, err := unpackAll(data)
		if err != nil && errs.KindOf(err) != errs.Invalid && errs.KindOf(err) != errs.TooLarge {
			t.Fatalf("no kind: %v", err)
		}
		for _, r := range records {
			// What was read can be written and says the same.
			var b bytes.Buffer
			r.At = r.At.Truncate(time.Microsecond)
			if err := WriteWARC(&b, []Record{r}); err != nil {
				t.Fatal(err)
			}
			again, err := unpackAll(b.Bytes())
			if err != nil || len(again) != 1 || !sameRecord(r, again[0]) {
				t.Fatalf("%+v became %+v, %v", r, again, err)
			}
		}
	})
}

func FuzzWriteWARC(f *testing.F) {
	f.Add("response", "https://example.org/", "text/html", []byte("x\r\n\r\nWARC/1.1\r\n"))
	f.Fuzz(func(t *testing.T, typ, address, contentType string, block []byte) {
		var b bytes.Buffer
		want := Record{Type: typ, Address: address, At: noon, Block: block, More: [][2]string{{"Content-Type", contentType}}}
		if err := WriteWARC(&b, []Record{want}); err != nil {
			return // a line end in a field
		}
		got, err := unpackAll(b.Bytes())
		if err != nil {
			return // white space and odd bytes in fields are not ours to keep
		}
		if len(got) != 1 || !bytes.Equal(got[0].Block, block) {
			t.Fatalf("%+v became %+v", want, got)
		}
	})
}
