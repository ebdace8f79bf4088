package export

import (
	"strings"
	"testing"

	"factcheck/internal/review"
)

func TestARationaleCitesOnlyEvidenceThatIsThere(t *testing.T) {
	got, err := DrawRationale("**As** [1] and [22] say <script>alert(1)</script>.", []review.Evidence{{Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	html := string(got.HTML)
	for _, want := range []string{"<strong>As</strong>", `href="#evidence-1"`, "[22]", "&lt;script&gt;"} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not in %s", want, html)
		}
	}
	if strings.Contains(html, "#evidence-22") {
		t.Errorf("a citation of what is not there is a link: %s", html)
	}
}

func TestContextIsCutAtWords(t *testing.T) {
	tests := []struct{ name, prefix, suffix, before, after string }{
		{"short context is the whole", "She said that ", ", and left.", "She said that ", ", and left."},
		{"long context loses the half words",
			"avrov. On the campaign trail the candidate claimed again and again ", " He has never published a plan. By the morning of the summit he had a p",
			"…On the campaign trail the candidate claimed again and again ", " He has never published a plan. By the morning of the summit he had a…"},
		{"no gap between characters", "一二三四五六七八九十一二三四五六七八九十一二三", "一二三四五六七八九十一二三四五六七八九十一二三",
			"…一二三四五六七八九十一二三四五六七八九十一二三", "一二三四五六七八九十一二三四五六七八九十一二三…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if b, a := before(tt.prefix), after(tt.suffix); b != tt.before || a != tt.after {
				t.Errorf("%q, %q: want %q, %q", b, a, tt.before, tt.after)
			}
		})
	}
}
