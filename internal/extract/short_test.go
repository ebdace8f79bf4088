package extract_test

import (
	"slices"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
)

func TestShortFormLeavesOutWhatDoesNotLimit(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Robert Levin, the head of the agency for the northern mountains, was sentenced to 14 years in 2007.", "Robert Levin was sentenced to 14 years in 2007"},
		{"The party has lost 12 of the 40 seats in the northern districts since 2019, where it had won every vote since the war.", "The party has lost 12 of the 40 seats in the northern districts since 2019"},
		{"Two bridges (both by the same builder) were closed for 14 weeks after the flood of 2019.", "Two bridges were closed for 14 weeks after the flood of 2019"},
		{"Ms. Reyes leads Mr. Brook with 49 percent to 41 percent among the younger voters.", "Reyes leads Brook with 49 percent to 41 percent among the younger voters"},
		{"The storm of 2019 destroyed 340 houses in the villages along the river, leaving the people without shelter.", "The storm of 2019 destroyed 340 houses in the villages along the river"},
		{"The city has less debt than it had ten years ago.", "The city has less debt than it had ten years ago"},
		{"Without the subsidy, which ends in May 2026 and costs 40 million a year, lunches would cost 6 crowns.", "The subsidy ends in May 2026 and costs 40 million a year"},
		{"The agency said that Robert Levin resigned. Levin spent 40,000 crowns on travel.", "Robert Levin spent 40,000 crowns on travel"},
		{"Democratic presidential candidate Maria Costa defeated the governor of the northern province by 12 points.", "Maria Costa defeated the governor of the northern province by 12 points"},
		{"A plan endorsed by 40 of the mayors of the coast.", ""},
		{"Unemployment will double by Friday in all of the towns that closed their mines in the last ten years.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text[:20], func(t *testing.T) {
			var got []string
			for _, c := range extract.Find(claims.Article{Text: tt.text, Lang: "en"}) {
				if c.ShortForm != "" {
					got = append(got, c.ShortForm)
				}
			}
			if slices.Contains(got, tt.want) != (tt.want != "") || tt.want == "" && len(got) > 0 {
				t.Errorf("short forms %q, want %q", got, tt.want)
			}
		})
	}
}
