package search

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/errs"
)

func TestAskReadsPhrasesExclusionsAndBeginnings(t *testing.T) {
	tests := map[string]Question{
		"crime fell":                     {All: []Term{{Words: []string{"crime"}}, {Words: []string{"fell"}}}},
		`"crime fell" -London`:           {All: []Term{{Words: []string{"crime", "fell"}}}, None: []Term{{Words: []string{"london"}}}},
		`“end the war” promis*`:          {All: []Term{{Words: []string{"end", "the", "war"}}, {Words: []string{"promi"}, Prefix: true}}},
		`-"in a day" peace`:              {All: []Term{{Words: []string{"peace"}}}, None: []Term{{Words: []string{"in", "a", "day"}}}},
		"well-known":                     {All: []Term{{Words: []string{"well", "known"}}}},
		`"never closed`:                  {All: []Term{{Words: []string{"never", "closed"}}}},
		"Ärzte":                          {All: []Term{{Words: []string{"arzte"}}}},
		"北京市":                            {All: []Term{{Words: []string{"北京", "京市"}}}},
		`' OR 1=1; DROP TABLE "reviews"`: {All: []Term{{Words: []string{"or"}}, {Words: []string{"1", "1"}}, {Words: []string{"drop"}}, {Words: []string{"table"}}, {Words: []string{"review"}}}},
	}
	for text, want := range tests {
		got, err := Ask(text)
		want.Text = strings.TrimSpace(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, bad := range []string{"", "   ", "-war", `"…"`, "* * *", strings.Repeat("x", MaxQuestion+1), strings.Repeat("a b ", 10), "\xff"} {
		if _, err := Ask(bad); !errors.Is(err, errs.Invalid) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}

func FuzzMarkLosesNothing(f *testing.F) {
	f.Add("crime", "Crime fell. Crime’s gone.")
	f.Add("京", "北京市 a\u0301b")
	f.Fuzz(func(t *testing.T, question, text string) {
		q, err := Ask(question)
		if err != nil || len(text) > 3*around {
			return
		}
		var b strings.Builder
		for _, p := range q.Mark(text) {
			b.WriteString(p.Text)
		}
		if b.String() != text {
			t.Errorf("%q became %q", text, b.String())
		}
	})
}

func TestMarkShowsTheNeighbourhoodOfTheFirstHit(t *testing.T) {
	q, _ := Ask("crimes")
	long := strings.Repeat("Nothing of it here. ", 100) + "Then crime fell." + strings.Repeat(" And so on.", 100)
	parts := q.Mark(long)
	if parts[0].Text != "…" || parts[len(parts)-1].Text != "…" || !cmp.Equal(parts[2], Part{"crime", true}) {
		t.Errorf("parts = %+v", parts)
	}
	size := 0
	for _, p := range parts {
		size += len(p.Text)
	}
	if size > 4*around {
		t.Errorf("%d bytes are shown", size)
	}
}

func TestASlipInANameStillFindsIt(t *testing.T) {
	for asked, name := range map[string]string{
		"solbaken": "Ingrid Solbakken", "karolin leavit": "Karoline Leavitt", "zelenskyy": "Volodymyr Zelensky", "Marianne Kesler": "Marianne Kessler",
		"Ruth Emrey": "Ruth Emery",
	} {
		if a := Alike(asked, name); a < NearlyAlike {
			t.Errorf("%s and %s: %.2f", asked, name, a)
		}
	}
	for asked, name := range map[string]string{"Trump": "Ruth Emery", "Putin": "Peter Pan", "the ministry": "Donald Trump"} {
		if a := Alike(asked, name); a >= NearlyAlike {
			t.Errorf("%s and %s: %.2f", asked, name, a)
		}
	}
}
