package match_test

import (
	"strings"
	"testing"

	"factcheck/internal/match"
)

func marked(pieces []match.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Mark.Parts() {
			b.WriteString("[" + p.Text + " " + string(p.Mark) + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestCompareMarksWhatPartsTwoClaims(t *testing.T) {
	tests := []struct{ name, a, b, wantA, wantB string }{
		{"another number", "The bridge cost 2 billion.", "The bridge cost 9 billion.", "The bridge cost [2 number] billion.", "The bridge cost [9 number] billion."},
		{"the same number with another scale word", "It cost 2,000 million.", "It cost $2 billion.", "It cost 2,000 million.", "It cost $2 billion."},
		{"a number that only one has is no difference", "It cost 2 billion.", "It cost a lot.", "It cost 2 billion.", "It cost a lot."},
		{"denial", "Bees do not sting.", "Bees sting.", "Bees do [not denial] sting.", "Bees sting."},
		{"a contraction", "Bees don't sting.", "Bees sting.", "Bees [don't denial] sting.", "Bees sting."},
		{"both deny", "Bees never sting.", "Bees do not sting.", "Bees never sting.", "Bees do not sting."},
		{"opposites", "Crime rose.", "Crime fell.", "Crime rose.", "Crime fell."},
		{"opposites of one list", "Taxes increase.", "Taxes decrease.", "Taxes [increase opposite].", "Taxes [decrease opposite]."},
		{"another year", "In 2019, crime fell.", "In 2023 crime fell.", "In [2019 date], crime fell.", "In [2023 date] crime fell."},
		{"another month", "It closed in March.", "It closed in July.", "It closed in [March date].", "It closed in [July date]."},
		{"nothing", "", "Crime fell.", "", "Crime fell."},
		{"hostile", "<script>\xff 1", "2", "<script>\xff [1 number]", "[2 number]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := match.Compare(tt.a, tt.b)
			if got := marked(a); got != tt.wantA {
				t.Errorf("left is %q, want %q", got, tt.wantA)
			}
			if got := marked(b); got != tt.wantB {
				t.Errorf("right is %q, want %q", got, tt.wantB)
			}
		})
	}
}

func FuzzPiecesAreTheWholeText(f *testing.F) {
	f.Add("In 2019, 2 billion bees didn't.", "“No” – said he")
	f.Fuzz(func(t *testing.T, a, b string) {
		left, right := match.Compare(a, b)
		for _, side := range []struct {
			text   string
			pieces []match.Piece
		}{{a, left}, {b, right}} {
			all := ""
			for _, p := range side.pieces {
				all += p.Text
			}
			if all != side.text {
				t.Fatalf("pieces are %q of %q", all, side.text)
			}
		}
	})
}

func TestVectorsComeBackAsTheIndexKeepsThem(t *testing.T) {
	v := []float32{.5, -.25, 0, 1e-3}
	once, ok := match.UnpackVectors(match.PackVectors(v, v))
	if !ok || len(once) != 2 {
		t.Fatalf("%v, %v", once, ok)
	}
	packed := match.PackVectors(once...)
	twice, _ := match.UnpackVectors(packed)
	for i := range v {
		if once[0][i] != twice[0][i] || once[0][i]-v[i] > 1./127 {
			t.Errorf("part %d is %v, then %v", i, once[0][i], twice[0][i])
		}
	}
	if none, ok := match.UnpackVectors(match.PackVectors()); !ok || none != nil {
		t.Errorf("none is %v, %v", none, ok)
	}
	for _, bad := range [][]byte{{1}, {1, 4, 0}, packed[:len(packed)-1], append([]byte{9}, packed[1:]...)} {
		if _, ok := match.UnpackVectors(bad); ok {
			t.Errorf("%d damaged bytes are read", len(bad))
		}
	}
}
