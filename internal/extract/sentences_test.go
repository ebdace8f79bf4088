package extract_test

import (
	"slices"
	"strings"
	"testing"

	"factcheck/internal/extract"
)

func TestSentences(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"only space", " \n\t\n", nil},
		{"titles", "Mr. Hale met Sen. Ruiz. They spoke.", []string{"Mr. Hale met Sen. Ruiz.", "They spoke."}},
		{"initials", "J. K. Moss and A. B. Lee won. K.C. Ames lost.", []string{"J. K. Moss and A. B. Lee won.", "K.C. Ames lost."}},
		{"country before a noun", "The U.S. Army left. It went home.", []string{"The U.S. Army left.", "It went home."}},
		{"country at the end", "They moved to the U.S. The move was quick.", []string{"They moved to the U.S.", "The move was quick."}},
		{"clock", "It opens at 9 a.m. Monday. At 5 p.m. it closes.", []string{"It opens at 9 a.m. Monday.", "At 5 p.m. it closes."}},
		{"decimals", "It rose 3.5 to 4.25. Then it fell.", []string{"It rose 3.5 to 4.25.", "Then it fell."}},
		{"numbered thing", "Item No. 7 is lost. No. It is found.", []string{"Item No. 7 is lost.", "No.", "It is found."}},
		{"date", "On Jan. 5 it snowed. It was cold.", []string{"On Jan. 5 it snowed.", "It was cold."}},
		{"question and its frame", "“Is it over?” one reporter asked. No answer came.", []string{"“Is it over?” one reporter asked.", "No answer came."}},
		{"question and a named frame", "“Is it over?” Dana Price asked. No answer came.", []string{"“Is it over?” Dana Price asked.", "No answer came."}},
		{"question and a new sentence", "“Is it over?” The storm had passed by then.", []string{"“Is it over?”", "The storm had passed by then."}},
		{"name with a mark", "She works at Yahoo! in the office.", []string{"She works at Yahoo! in the office."}},
		{"list number", "1. The dam broke.\n2. It flooded.", []string{"1. The dam broke.", "2. It flooded."}},
		{"headline", "Dam breaks\nThe dam broke on Monday.", []string{"Dam breaks", "The dam broke on Monday."}},
		{"every line end", "One.\r\nTwo.\rThree.\u2028Four.", []string{"One.", "Two.", "Three.", "Four."}},
		{"hard-wrapped line", "The committee met for several hours on Monday and\nthen adjourned.", []string{"The committee met for several hours on Monday and\nthen adjourned."}},
		{"list without marks", "milk\neggs", []string{"milk", "eggs"}},
		{"Chinese", "他来了。我走了!", []string{"他来了。", "我走了!"}},
		{"Arabic", "هل جاء؟ نعم.", []string{"هل جاء؟", "نعم."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, o := range extract.Sentences(tt.text) {
				got = append(got, tt.text[o.Start:o.End])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestSentencesTakeLinearTime(t *testing.T) {
	// The segmenter alone needs minutes for a run of spaces behind a full stop.
	for _, s := range []string{" ", "\"", ".", "\u0301", "(", "”", ", "} {
		text := "End." + strings.Repeat(s, 1<<20) + "Next one."
		got := extract.Sentences(text)
		if len(got) == 0 || text[got[len(got)-1].Start:][:4] != "Next" && !strings.HasSuffix(text[got[len(got)-1].Start:got[len(got)-1].End], "Next one.") {
			t.Errorf("%q: the sentence behind the run is lost", s)
		}
	}
}
