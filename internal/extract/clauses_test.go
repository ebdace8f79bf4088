package extract_test

import (
	"slices"
	"testing"
)

func TestStatements(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // in the order of the text
	}{
		{"apposition", "The vote, the first since 1999, drew few people.", []string{"The vote, the first since 1999"}},
		{"apposition to a name", "The choice of Alaska, the US state closest to Russia, adds weight.", []string{"Alaska, the US state closest to Russia"}},
		{"two predicates", "It is a turning point in the war in Sudan, now in its third year and responsible for thousands of deaths.",
			[]string{"the war in Sudan, now in its third year", "responsible for thousands of deaths"}},
		{"two clauses", "Unemployment fell to 4.1 percent in May and wages rose by 5 percent.", []string{"Unemployment fell to 4.1 percent in May", "wages rose by 5 percent"}},
		{"though", "The mayor closed 14 libraries in 2021, though she had promised 20 new ones.", []string{"The mayor closed 14 libraries in 2021", "she had promised 20 new ones"}},
		{"semicolon", "Rents rose by 9 percent in 2023; wages fell by 2 percent.", []string{"Rents rose by 9 percent in 2023", "wages fell by 2 percent"}},
		{"colon", "Norway was spared: 40 schools in Oslo stayed open in 2020.", []string{"40 schools in Oslo stayed open in 2020"}},
		{"participle", "Formal talks are set to begin at 11:30, beginning with a walk.", []string{"Formal talks are set to begin at 11:30, beginning with a walk"}},
		{"frame taken off", "Rents rose by 9 percent in 2023, the ministry said on Monday.", []string{"Rents rose by 9 percent in 2023"}},
		{"frame kept where it stands inside", "Rents rose, she said, and cost 40 percent more than in 2019.", []string{"Rents rose, she said, and cost 40 percent more than in 2019"}},
		{"quotation in pairs", "Lee claims he will “end the war in 24 hours,” though he has shown no plan.", []string{"he will “end the war in 24 hours,”", "he has shown no plan"}},
		{"question", "Did 40 schools close in May? “Will 40 schools close in May?” he asked.", nil},
		{"list mark and clock", "Minutes\n14:35 – Some 40 schools were closed in May.\n", []string{"Some 40 schools were closed in May"}},
		{"dateline", "OSLO (Reuters) — Some 40 schools were closed in May.", []string{"Some 40 schools were closed in May"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := find(tt.text)
			var got []string
			for _, c := range found {
				got = append(got, c.Span.Quote)
			}
			want := slices.Sorted(slices.Values(tt.want))
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestPronounOfTheShortFormIsWhoTheTextIsAboutThere(t *testing.T) {
	found := find("Donald Trump claimed again that he could “end the war in a day.” He has never published a plan.\n" +
		"Volodymyr Zelensky was not invited. Volodymyr Zelensky said so on Monday.")
	c, ok := holding(found, "never published")
	if !ok || c.ShortForm != "Donald Trump has never published a plan" {
		t.Errorf("short form %q", c.ShortForm)
	}
}
