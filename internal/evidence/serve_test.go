package evidence

import (
	"mime"
	"strings"
	"testing"
)

func TestNothingIsServedThatABrowserWouldRun(t *testing.T) {
	tests := []struct{ mediaType, name, wantType, wantDisposition string }{
		{"text/plain", "text.txt", "text/plain; charset=utf-8", "inline; filename=text.txt"},
		{"image/png", "a.png", "image/png", "inline; filename=a.png"},
		{"image/jpeg", "a.jpg", "image/jpeg", "inline; filename=a.jpg"},
		{"image/gif", "a.gif", "image/gif", "inline; filename=a.gif"},
		{"image/webp", "a.webp", "image/webp", "inline; filename=a.webp"},
		{"application/pdf", "a b.pdf", "application/pdf", `attachment; filename="a b.pdf"`},
		{warcType, "example.org.warc.gz", "application/octet-stream", "attachment; filename=example.org.warc.gz"},
		{mhtmlType, "example.org.mhtml", "application/octet-stream", "attachment; filename=example.org.mhtml"},
		{"text/html", "a.html", "application/octet-stream", "attachment; filename=a.html"},
		{"image/svg+xml", "a.svg", "application/octet-stream", "attachment; filename=a.svg"},
		{"application/xhtml+xml", "ü.xhtml", "application/octet-stream", "attachment; filename*=utf-8''%C3%BC.xhtml"},
		{"text/javascript", "a.js", "application/octet-stream", "attachment; filename=a.js"},
		{"", "a", "application/octet-stream", "attachment; filename=a"},
	}
	for _, tt := range tests {
		t.Run(tt.mediaType, func(t *testing.T) {
			h := File{MediaType: tt.mediaType, Name: tt.name, SHA256: helloHash}.Header()
			if h.Get("Content-Type") != tt.wantType || h.Get("Content-Disposition") != tt.wantDisposition {
				t.Errorf("%q, %q", h.Get("Content-Type"), h.Get("Content-Disposition"))
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "default-src 'none'; frame-ancestors 'none'; sandbox" || h.Get("ETag") != `"`+helloHash+`"` {
				t.Errorf("headers %v", h)
			}
		})
	}
	for mediaType, how := range served {
		switch strings.Split(how.as, ";")[0] {
		case "text/plain", "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf":
		default:
			t.Errorf("%s is served as %s: does a browser run that?", mediaType, how.as)
		}
	}
}

func TestNamesOfFilesAreHarmless(t *testing.T) {
	tests := []struct{ given, want string }{
		{"report.pdf", "report.pdf"},
		{"Jahresbericht 2025 – Größe.PDF", "Jahresbericht 2025 – Größe.pdf"},
		{"run.exe", "run.pdf"},
		{"page.html", "page.pdf"},
		{`D:\x\a.pdf`, "a.pdf"},
		{"../../etc/passwd", "passwd.pdf"},
		{"a\r\nContent-Type: text/html\r\n.pdf", "html__.pdf"},
		{`"><script>.pdf`, "___script_.pdf"},
		{"\u202egpj.exe", "_gpj.pdf"},
		{"..", "file.pdf"},
		{".pdf", "pdf.pdf"},
		{"", "file.pdf"},
		{"a\xffb.pdf", "a_b.pdf"},
		{strings.Repeat("ü", 200) + ".pdf", strings.Repeat("ü", 60) + ".pdf"},
	}
	for _, tt := range tests {
		got := fileName(tt.given, "application/pdf")
		if got != tt.want {
			t.Errorf("fileName(%q) = %q, want %q", tt.given, got, tt.want)
		}
		if _, params, err := mime.ParseMediaType(File{MediaType: "application/pdf", Name: got}.Header().Get("Content-Disposition")); err != nil || params["filename"] != got {
			t.Errorf("%q arrives as %q, %v", got, params["filename"], err)
		}
	}
}
