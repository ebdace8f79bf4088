package ingest

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"factcheck/internal/errs"
)

func encode(t *testing.T, enc encoding.Encoding, s string) string {
	t.Helper()
	out, err := enc.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCharsets(t *testing.T) {
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	utf32be := utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	utf32le := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	const german, japan, russian = "Größe: “5 €” – sagt Käthe 🙂", "市長は「減少した」と述べた。", "Мэр заявил об этом."
	const latin = "Größe: 5 – sagt Käthe"
	tests := []struct {
		name, data, contentType, want string
	}{
		{"UTF-8", german, "", german},
		{"UTF-8 with a mark", "\xef\xbb\xbf" + german, "", german},
		{"UTF-16LE", encode(t, utf16le, german), "", german},
		{"UTF-16BE", encode(t, utf16be, german), "text/plain", german},
		{"UTF-32BE", encode(t, utf32be, german), "", german},
		{"UTF-32LE", encode(t, utf32le, german), "", german},
		{"windows-1252", encode(t, charmap.Windows1252, latin), "text/plain; charset=windows-1252", latin},
		{"ISO-8859-1 is windows-1252", encode(t, charmap.Windows1252, latin), "text/plain; charset=ISO-8859-1", latin},
		{"ISO-8859-15", encode(t, charmap.ISO8859_15, "5 €, Œuvre"), "text/plain; charset=iso-8859-15", "5 €, Œuvre"},
		{"KOI8-R", encode(t, charmap.KOI8R, russian), "text/plain; charset=koi8-r", russian},
		{"Shift_JIS", encode(t, japanese.ShiftJIS, japan), "text/plain; charset=Shift_JIS", japan},
		{"ISO-2022-JP", encode(t, japanese.ISO2022JP, japan), "text/plain; charset=iso-2022-jp", japan},
		{"GBK", encode(t, simplifiedchinese.GBK, "市长说。"), "text/plain; charset=gb2312", "市长说。"},
		{"page by its meta tag", "<meta charset=windows-1251><p>" + encode(t, charmap.Windows1251, russian), "text/html", russian},
		{"page by its server", "<meta charset=utf-8><p>" + encode(t, charmap.KOI8R, russian), "text/html; charset=koi8-r", russian},
		{"page that says nothing", "<p>" + encode(t, charmap.Windows1252, latin), "text/html", latin},
		{"page with a late first letter", "<p>" + strings.Repeat("<!-- x -->", 200) + german, "text/html", german},
		{"page with a false label", "<meta charset=iso-8859-1><p>" + german, "text/html", german},
		{"page with a false server", "<p>" + german, "text/html; charset=iso-8859-1", german},
		{"page with UTF-16", encode(t, utf16le, "<meta charset=utf-8><p>"+german), "text/html", german},
		{"page with one bad byte outside its text", "<p>" + german + "</p><!-- \xff -->", "text/html; charset=utf-8", german},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			art, err := readData(t, tt.data, "", tt.contentType)
			if err != nil || art.Text != tt.want {
				t.Errorf("text = %q, %v; want %q", art.Text, err, tt.want)
			}
		})
	}
}

func TestNoCharacterIsLostSilently(t *testing.T) {
	page := "<p>Größe, Käthe, Straße, Österreich und Übermut: ein Text mit f\xffnf Umlauten.</p>"
	_, err := readData(t, page, "page.html", "")
	wantError(t, err, errs.Invalid, "no characters in its charset")
	_, err = readData(t, "<meta charset=euc-jp><p>\xb0\xff\xb0\xff and more text here", "page.html", "")
	wantError(t, err, errs.Invalid, "no characters in its charset")
	if art, err := readData(t, "A page may show \ufffd itself.", "", ""); err != nil || !strings.Contains(art.Text, "\ufffd") {
		t.Errorf("a replacement character in the source: %q, %v", art.Text, err)
	}
}
