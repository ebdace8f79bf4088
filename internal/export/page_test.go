package export_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

func page(t *testing.T, c review.Check, p review.Publication) export.Page {
	t.Helper()
	got, err := export.NewPage(site, c, p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// editions are n editions of one check, the newest first.
func editions(t *testing.T, n int) review.Check {
	t.Helper()
	c := review.Check{Slug: "harbour"}
	for i := n; i >= 1; i-- {
		p := read(t, "numeric")
		p.Report.Edition, p.Edition = i, i
		if i > 1 {
			at := time.Date(2026, 5, 5+i, 9, 0, 0, 0, time.UTC)
			p.Report.Correction = &review.ReportChange{Kind: review.Update, Note: fmt.Sprintf("note %d", i), At: at}
		}
		c.Editions = append(c.Editions, p)
	}
	return c
}

func TestEachEditionTellsWhatLedToItAndWhatReplacedIt(t *testing.T) {
	c := editions(t, 3)
	tests := []struct {
		edition  int
		led      string // notes, newest first
		replaced string // note
	}{
		{3, "note 3,note 2", ""},
		{2, "note 2", "note 3"},
		{1, "", "note 2"},
	}
	for _, tt := range tests {
		got := page(t, c, c.Editions[3-tt.edition])
		var led []string
		for _, l := range got.Corrections {
			led = append(led, l.Note)
		}
		if s := strings.Join(led, ","); s != tt.led {
			t.Errorf("edition %d: corrections %q, want %q", tt.edition, s, tt.led)
		}
		if (got.Replaced == nil) != (tt.replaced == "") || got.Replaced != nil && got.Replaced.Note != tt.replaced {
			t.Errorf("edition %d: replaced by %+v, want %q", tt.edition, got.Replaced, tt.replaced)
		}
		if live := tt.replaced == ""; (got.JSONLD != "") != live {
			t.Errorf("edition %d: JSON-LD is there: %v, want %v", tt.edition, got.JSONLD != "", live)
		}
		if got.Editions != 3 {
			t.Errorf("edition %d of %d, want 3", tt.edition, got.Editions)
		}
	}
	if got := page(t, c, c.Editions[0]).Corrections[0]; got.Before != "/checks/harbour-bridge-cost-twice-as-much-as-planned-17/editions/2" || got.Label != "Update" || got.Why != "there is new evidence" {
		t.Errorf("correction = %+v", got)
	}
}

func TestRationale(t *testing.T) {
	tests := []struct{ name, markdown, want string }{
		{"citation", "so it is [1].", `<p>so it is <a href="#evidence-1" class="cite">[1]</a>.</p>`},
		{"citations", "[1, 2][3]", `<p><a href="#evidence-1" class="cite">[1]</a><a href="#evidence-2" class="cite">[2]</a><a href="#evidence-3" class="cite">[3]</a></p>`},
		{"of evidence that is not there", "[9] and [1, 9]", `<p>[9] and [1, 9]</p>`},
		{"too large to be a number", "[99999999999999999999]", `<p>[99999999999999999999]</p>`},
		{"in code", "`[1]`", `<p><code>[1]</code></p>`},
		{"a link of that name", "[1](https://a.example)", `<p><a href="https://a.example">1</a></p>`},
		{"in a link", "[see [1]](https://a.example)", `<p>[see <a href="#evidence-1" class="cite">[1]</a>](<a href="https://a.example">https://a.example</a>)</p>`},
		{"highest heading", "# One\n\n## Two", "<h3>One</h3>\n<h4>Two</h4>"},
		{"highest heading is the second", "## One\n\n###### Six", "<h3>One</h3>\n<h6>Six</h6>"},
		{"HTML stays text", "a <b>b</b>\n\n<div onclick=x>y</div>", "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n<p>&lt;div onclick=x&gt;y&lt;/div&gt;</p>"},
		{"pictures are links", "![chart](https://a.example/c.png)", `<p><a href="https://a.example/c.png">chart</a></p>`},
		{"script address", "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1))", `<p>x y</p>`},
		{"data address", "[x](data:text/html,1)", `<p>x</p>`},
		{"address without a host", "[x](/admin) [y](//evil.example) [z](#main)", `<p>x y z</p>`},
		{"entities", "[x](&#106;avascript:alert(1))", `<p>x</p>`},
		{"bare address", "https://a.example/b", `<p><a href="https://a.example/b">https://a.example/b</a></p>`},
		{"struck", "~~no~~", `<p><del>no</del></p>`},
		{"numbered from", "3. c\n4. d", "<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>"},
		{"language of code", "```js\nx\n```", "<pre><code>x\n</code></pre>"},
		{"no text", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := read(t, "numeric")
			p.Report.Rationale = tt.markdown
			if got := strings.TrimSpace(string(page(t, review.Check{}, p).Rationale)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDirectionIsThatOfTheScript(t *testing.T) {
	tests := map[string]struct{ lang, dir string }{
		"en": {"en", "ltr"}, "en-GB": {"en-GB", "ltr"}, "he": {"he", "rtl"}, "ar-EG": {"ar-EG", "rtl"}, "fa": {"fa", "rtl"}, "ur": {"ur", "rtl"},
		"dv": {"dv", "rtl"}, "az-Arab": {"az-Arab", "rtl"}, "de": {"de", "ltr"}, "und": {"en", "ltr"}, "": {"en", "ltr"}, "\"><b>": {"en", "ltr"},
	}
	for lang, want := range tests {
		p := read(t, "numeric")
		p.Report.Claim.Lang = lang
		if got := page(t, review.Check{}, p); got.Lang != want.lang || got.Dir != want.dir {
			t.Errorf("%q: lang %q, dir %q, want %+v", lang, got.Lang, got.Dir, want)
		}
	}
}

func TestScaleShowsThisStepAndNoRetiredOne(t *testing.T) {
	p := read(t, "numeric")
	p.Report.Scale.Ratings[2].Retired = true // half true, not given
	p.Report.Scale.Ratings[3].Retired = true // mostly false, given
	got := page(t, review.Check{}, p)
	var steps []string
	for _, s := range got.Ordered {
		if s.Current {
			s.Label = "*" + s.Label
		}
		steps = append(steps, s.Label)
	}
	if s := strings.Join(steps, " · "); s != "False · *Mostly false · Mostly true · True" {
		t.Errorf("scale = %s", s)
	}
	if len(got.Others) != 1 || got.Others[0].Current {
		t.Errorf("others = %+v", got.Others)
	}
}

func TestWhereToReportErrors(t *testing.T) {
	tests := map[string]string{
		"": "", "desk@checks.example": "mailto:desk@checks.example?subject=", "https://checks.example/errors": "https://checks.example/errors",
		"javascript:alert(1)": "text", "Write to the desk, room 4": "text", "a@b.example?bcc=x@y.example": "text",
	}
	for contact, want := range tests {
		s := site
		s.Contact = contact
		got, err := export.NewPage(s, review.Check{}, read(t, "numeric"))
		if err != nil {
			t.Fatal(err)
		}
		switch to := got.ReportTo; {
		case to == nil:
			if want != "" {
				t.Errorf("%q: nowhere", contact)
			}
		case want == "text" && to.Href != "", want != "text" && !strings.HasPrefix(to.Href, want), want == "":
			t.Errorf("%q leads to %q, want %q", contact, to.Href, want)
		}
	}
}

func TestWordDiff(t *testing.T) {
	long := strings.Repeat("word ", 100)
	tests := []struct{ name, from, to, want string }{
		{"one word", "rents have doubled", "rents have tripled", "rents have [-doubled-]{+tripled+}"},
		{"a mark", "so it is.", "so it is!", "so it is[-.-]{+!+}"},
		{"nothing before", "", "new text", "{+new text+}"},
		{"nothing after", "old text", "", "[-old text-]"},
		{"nothing at all", "", "", ""},
		{"the same", "a b", "a b", "a b"},
		{"other scripts", "הגשר עלה 11", "הגשר עלה 58", "הגשר עלה [-11-]{+58+}"},
		{"whole words only", "cat", "cart", "[-cat-]{+cart+}"},
		{"long before", long + "end", long + "END", "… word word word word word word word word word word word word [-end-]{+END+}"},
		{"long after", "start " + long, "START " + long, "[-start-]{+START+} word word word word word word word word word word word word …"},
		{"long between", "a " + long + "b", "A " + long + "B", "[-a-]{+A+} word word word word word word word word word word word word … word word word word word word word word word word word word [-b-]{+B+}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := draw(export.WordDiff(tt.from, tt.to)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func draw(words []export.Words) string {
	var b strings.Builder
	for _, w := range words {
		switch w.Op {
		case export.Added:
			b.WriteString("{+" + w.Text + "+}")
		case export.Removed:
			b.WriteString("[-" + w.Text + "-]")
		case export.Skipped:
			b.WriteString("…")
		default:
			b.WriteString(w.Text)
		}
	}
	return strings.TrimSpace(regexp.MustCompile(` +`).ReplaceAllString(b.String(), " "))
}

func FuzzWordDiffLosesNothing(f *testing.F) {
	f.Add("rents have doubled", "rents have tripled")
	f.Add("a\u0301b \xff", "\ud7ff\ue000 \U0010ffff")
	f.Fuzz(func(t *testing.T, from, to string) {
		if len(strings.Fields(from)) > 20 || len(strings.Fields(to)) > 20 {
			return // long runs are shortened on purpose
		}
		var before, after strings.Builder
		for _, w := range export.WordDiff(from, to) {
			if w.Op != export.Added {
				before.WriteString(w.Text)
			}
			if w.Op != export.Removed {
				after.WriteString(w.Text)
			}
		}
		if before.String() != from || after.String() != to {
			t.Errorf("from %q to %q became %q to %q", from, to, before.String(), after.String())
		}
	})
}

// dangerous are elements that load or run something, or send it elsewhere.
var dangerous = map[string]bool{"script": true, "img": true, "iframe": true, "object": true, "embed": true, "svg": true, "math": true,
	"link": true, "form": true, "input": true, "button": true, "video": true, "audio": true, "base": true}

// hostileParts are elements and attributes of a document that a report must
// not have.
func hostileParts(t *testing.T, doc []byte) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(doc)))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if dangerous[n.Data] {
			found = append(found, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			safe := regexp.MustCompile(`^(?:#|https?://|mailto:)`).MatchString(a.Val)
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "href" && !safe {
				found = append(found, n.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return found
}

func TestHostileTextStaysTextInTheFile(t *testing.T) {
	f, _ := export.Lookup("html")
	for _, name := range cases(t) {
		if found := hostileParts(t, write(t, f, read(t, name), read(t, "numeric"))); found != nil {
			t.Errorf("%s: %q", name, found)
		}
	}
}
