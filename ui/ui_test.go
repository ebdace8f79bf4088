package ui

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestEveryPageParsesAndNamesItsLayout(t *testing.T) {
	set, err := Parse("")
	if err != nil {
		t.Fatal(err)
	}
	names := set.Names()
	for _, want := range []string{"desk", "queue", "articles", "article", "article_new", "review", "sign_in", "setup", "resume", "error"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no page %q", want)
		}
	}
	if err := set.Render(&bytes.Buffer{}, "nothing", nil); err == nil {
		t.Error("a page that is not there was drawn")
	}
}

// A part that is defined twice is drawn as the file that was read last has it.
func TestEveryPartIsDefinedOnce(t *testing.T) {
	where := map[string]string{}
	for _, pattern := range []string{"templates/layout/*.html", "templates/parts/*.html"} {
		files, err := fs.Glob(embedded, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			body, err := fs.ReadFile(embedded, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`{{-?\s*define "([^"]+)"`).FindAllStringSubmatch(string(body), -1) {
				if where[m[1]] != "" {
					t.Errorf("%q is defined in %s and in %s", m[1], where[m[1]], file)
				}
				where[m[1]] = file
			}
		}
	}
}

func TestNoTemplateHasScriptsOrStylesInside(t *testing.T) {
	inside := regexp.MustCompile(`(?i)\son[a-z]+\s*=|<style|style="|javascript:`)
	script := regexp.MustCompile(`<script([^>]*)>`)
	err := fs.WalkDir(embedded, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(name, "report_file") {
			return err // that page is a file by itself, not served
		}
		body, err := fs.ReadFile(embedded, name)
		if m := inside.Find(body); m != nil {
			t.Errorf("%s has %q, which the content security policy refuses", name, m)
		}
		for _, m := range script.FindAllSubmatch(body, -1) {
			if !bytes.Contains(m[1], []byte("src=")) && !bytes.Contains(m[1], []byte("ld+json")) {
				t.Errorf("%s has a script inside", name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAHalfDrawnPageIsNotWritten(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) {
		t.Helper()
		file := filepath.Join(dir, "templates", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("layout/l.html", `{{define "l"}}<p>{{template "main" .}}{{end}}`)
	write("parts/p.html", `{{define "p"}}part{{end}}`)
	write("pages/a.html", `{{template "l" .}}{{define "main"}}{{.N.M}}{{end}}`)
	set, err := Parse(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := set.Render(&b, "a", map[string]int{"N": 1}); err == nil || b.Len() != 0 {
		t.Errorf("err %v, wrote %q", err, b.String())
	}
	write("pages/a.html", `{{template "l" .}}{{define "main"}}changed{{end}}`)
	if err := set.Render(&b, "a", nil); err != nil || b.String() != "<p>changed" {
		t.Errorf("the folder of a checkout is not read anew: %v %q", err, b.String())
	}
}

func TestStaticFilesAreBelowAHashOfThemAll(t *testing.T) {
	if !regexp.MustCompile(`^/static/[0-9a-f]{16}$`).MatchString(Base()) {
		t.Errorf("base %q", Base())
	}
	for _, name := range []string{"css/tokens.css", "css/base.css", "css/desk.css", "js/desk.js", "img/icon.svg"} {
		if _, err := fs.Stat(Static(), name); err != nil {
			t.Error(err)
		}
	}
	if _, err := fs.Stat(Static(), "nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("err %v", err)
	}
}

func TestAModuleImportsOnlyWhatIsThere(t *testing.T) {
	files, err := fs.Glob(Static(), "js/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		body, err := fs.ReadFile(Static(), file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`from "\./([^"]+)"`).FindAllStringSubmatch(string(body), -1) {
			if _, err := fs.Stat(Static(), "js/"+m[1]); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestMomentsAreToldRelativeToNow(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	tests := map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", -30 * time.Second: "just now", time.Minute: "1 min ago", 59 * time.Minute: "59 min ago",
		time.Hour: "1 h ago", 23 * time.Hour: "23 h ago", 24 * time.Hour: "yesterday", 48 * time.Hour: "2 days ago", 13 * 24 * time.Hour: "13 days ago",
		14 * 24 * time.Hour: "24 Feb 2026", -2 * time.Hour: "10 Mar 2026",
	}
	for d, want := range tests {
		if got := (Moment{At: now.Add(-d), Now: now}).Ago(); got != want {
			t.Errorf("%s ago is told as %q, want %q", d, got, want)
		}
	}
	m := Moment{At: time.Date(2026, 3, 10, 14, 0, 0, 0, time.FixedZone("", 7200))}
	if m.Exact() != "10 March 2026, 12:00 UTC" || m.ISO() != "2026-03-10T12:00:00Z" || m.IsZero() || !(Moment{}).IsZero() {
		t.Errorf("%s, %s", m.Exact(), m.ISO())
	}
}

func TestWordsOfTemplates(t *testing.T) {
	if got := host("https://www.example.org:8080/x"); got != "example.org" {
		t.Errorf("host %q", got)
	}
	if host(":") != "" || host("pasted") != "" {
		t.Error("a host where there is none")
	}
	if Plural(1, "claim", "claims") != "1 claim" || Plural(0, "claim", "claims") != "0 claims" {
		t.Error("plural")
	}
	if _, err := dict("a"); err == nil {
		t.Error("a name without a value")
	}
	if _, err := dict(1, 2); err == nil {
		t.Error("a value for a name")
	}
}

// TestColoursHaveContrast holds every colour of text to WCAG 2.2 AA, 4.5:1, on
// both grounds of both schemes.
func TestColoursHaveContrast(t *testing.T) {
	body, err := fs.ReadFile(Static(), "css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(body), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("there is one scheme only")
	}
	grounds := []string{"paper", "raised"}
	marked := map[string][]string{"came": {"ink"}, "went": {"ink"}, "accent": {"paper"}}
	for scheme, css := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z0-9-]+):\s*(#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
			colours[m[1]] = m[2]
		}
		if len(colours) < 25 {
			t.Fatalf("%s: %d colours", scheme, len(colours))
		}
		for name, colour := range colours {
			if slices.Contains([]string{"paper", "raised", "line", "came", "went"}, name) {
				continue // no text has them
			}
			for _, ground := range grounds {
				if c := contrast(colour, colours[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has %.2f:1", scheme, name, ground, c)
				}
			}
		}
		for ground, texts := range marked {
			for _, text := range texts {
				if c := contrast(colours[text], colours[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has %.2f:1", scheme, text, ground, c)
				}
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2 for two colours such as #1d1b18.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(colour string) float64 {
	var sum float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return math.NaN()
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
