package extract

import (
	"slices"
	"testing"
)

func TestQuotations(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"curly", "He said “no” twice.", []string{"no"}},
		{"straight", `"We won," she said. "Twice."`, []string{"We won,", "Twice."}},
		{"inches", `The 6" pipe and the 8" pipe.`, nil},
		{"single", "'We won't go,' the boys' coach said.", []string{"We won't go,"}},
		{"single curly", "‘It’s late,’ he said.", []string{"It’s late,"}},
		{"plural inside single", "He had 'heard the workers' demands in May' and left.", []string{"heard the workers' demands in May"}},
		{"apostrophes", "The '90s, rock 'n' roll, the dogs' bowls and Mary's cat.", nil},
		{"nested", "“He told me ‘go’ and I went,” she said.", []string{"He told me ‘go’ and I went,"}},
		{"nested in its own kind", "“One “two” three” four.", []string{"One “two” three"}},
		{"guillemets", "Il a dit : « Oui, demain ».", []string{" Oui, demain "}},
		{"guillemets inwards", "Er sagte: »Ja, morgen.«", []string{"Ja, morgen."}},
		{"German", "„Ja, morgen“, sagte er.", []string{"Ja, morgen"}},
		{"Swedish", "”Ja, i morgon”, sa hon.", []string{"Ja, i morgon"}},
		{"Japanese", "彼は「明日行く」と言った。", []string{"明日行く"}},
		{"split", "“We,” he said, “are done.”", []string{"We,", "are done."}},
		{"never closed", "“We are done, he said.\nThen he left.", nil},
		{"never closed before another", "“We are done, he said. “No more.”", []string{"No more."}},
		{"curly opened, straight closed", "“We won,\" she said. “Twice.\"", []string{"We won,", "Twice."}},
		{"closed by the opening mark", "“Perhaps not,“ he said.", []string{"Perhaps not,"}},
		{"straight inside curly", "“He said \"yes\" and left,” she said.", []string{"He said \"yes\" and left,"}},
		{"running on", "“First.\n“Second.\n“Third,” he said.", []string{"First.", "Second.", "Third,"}},
		{"running on after an empty line", "\"First.\n\n\"Second,\" he said.", []string{"First.", "Second,"}},
		{"empty", "He said “” and \"\".", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, q := range quotations(tt.text) {
				got = append(got, tt.text[q.inner.Start:q.inner.End])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestRunningQuotationIsLinked(t *testing.T) {
	q := quotations("“First.\n“Second.\n“Third,” he said. “Another.”")
	want := []int{-1, 0, 1, -1}
	for i := range q {
		if len(q) != len(want) || q[i].after != want[i] {
			t.Fatalf("quotations %+v, want after = %v", q, want)
		}
	}
}
