package evidence

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDiffSaysWordsThatCameAndWent(t *testing.T) {
	long := strings.Repeat("words that stay ", 50)
	tests := []struct {
		name, before, after string
		want                []Change
	}{
		{"equal", "a b", "a b", nil},
		{"a word", "Crime fell by 12 per cent.", "Crime fell by 7 per cent.", []Change{{Kept, "Crime fell by "}, {Removed, "12 "}, {Added, "7 "}, {Kept, "per cent."}}},
		{"everything came", "", "New words.", []Change{{Added, "New words."}}},
		{"everything went", "Old words.", "", []Change{{Removed, "Old words."}}},
		{"a paragraph", "One.\n\nTwo.", "One.\n\nAnd a half.\n\nTwo.", []Change{{Kept, "One.\n\n"}, {Added, "And a half.\n\n"}, {Kept, "Two."}}},
		{"far words are skipped", long + "A", long + "B", []Change{{Op: Skipped}, {Kept, long[len(long)-117:]}, {Removed, "A"}, {Added, "B"}}},
		{"words between two changes", "A " + long + "A", "B " + long + "B", []Change{
			{Removed, "A "}, {Added, "B "}, {Kept, long[:123]}, {Op: Skipped}, {Kept, long[len(long)-117:]}, {Removed, "A"}, {Added, "B"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Diff(tt.before, tt.after)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestADiffHoldsBothTexts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "bé ", "\n", "c\n\n", " ", "d.", "\u00a0", "🙂 ", "long\u2003word "}
	text := func() string {
		var b strings.Builder
		for range rnd.IntN(12) {
			b.WriteString(words[rnd.IntN(len(words))])
		}
		return b.String()
	}
	for range 5000 {
		before, after := text(), text()
		var old, now strings.Builder
		for _, c := range Diff(before, after) {
			if c.Op != Added {
				old.WriteString(c.Text)
			}
			if c.Op != Removed {
				now.WriteString(c.Text)
			}
			if c.Op == Skipped {
				t.Fatalf("%q → %q is too short to skip", before, after)
			}
		}
		if before != after && (old.String() != before || now.String() != after) {
			t.Fatalf("%q → %q became %q → %q", before, after, old.String(), now.String())
		}
	}
}

func TestTheLargestTextsAreCompared(t *testing.T) {
	var a, b strings.Builder
	for i := 0; a.Len() < MaxText; i++ {
		fmt.Fprintf(&a, "word%d ", i%5000)
		fmt.Fprintf(&b, "word%d ", (i*7+i/9)%5000)
	}
	begin := time.Now()
	if got := Diff(a.String(), b.String()); len(got) == 0 {
		t.Error("no difference")
	}
	t.Logf("%d MB against another took %v", MaxText>>20, time.Since(begin))
}
