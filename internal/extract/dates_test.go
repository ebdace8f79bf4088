package extract_test

import (
	"strings"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/pipeline"
)

// friday is the day of the articles here: 15 August 2025.
var friday = time.Date(2025, 8, 15, 16, 30, 0, 0, time.UTC)

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func TestDue(t *testing.T) {
	tests := []struct{ text, want string }{
		// deadlines
		{"The ministry will build 400 homes by 2030.", "2030-12-31"},
		{"The ministry will build 400 homes before 2030.", "2029-12-31"},
		{"The ministry will build 400 homes by the end of 2027.", "2027-12-31"},
		{"The ministry will build 400 homes before the end of the year.", "2025-12-31"},
		{"The ministry will build 400 homes by the end of the decade.", "2029-12-31"},
		{"The ministry will build 400 homes by the end of next month.", "2025-09-30"},
		{"The ministry will build 400 homes by March.", "2026-03-31"},
		{"The ministry will build 400 homes by mid-2027.", "2027-08-31"},
		{"The ministry will build 400 homes by 4 March 2027.", "2027-03-04"},
		{"The ministry will build 400 homes within 100 days.", "2025-11-23"},
		{"The ministry will build 400 homes within two years.", "2027-08-15"},
		{"The ministry will build 400 homes within a year.", "2026-08-15"},
		{"The ministry will build 400 homes between 2026 and 2028.", "2028-12-31"},
		{"The Greens want to close all 3 coal plants in Norway before 2030.", "2029-12-31"},
		{"“We will hire 20,000 nurses by 2027,” Labour leader Simon Achebe promised.", "2027-12-31"},
		{"The mayor, Ana Brook, promised to publish 2 reports by Friday.", "2025-08-22"},
		{"The mayor, Ana Brook, promised to publish 2 reports by next Friday.", "2025-08-22"},
		// periods
		{"Inflation will fall to 2 percent next year.", "2026-12-31"},
		{"Inflation will fall to 2 percent this year.", "2025-12-31"},
		{"Inflation will fall to 2 percent in 2026.", "2026-12-31"},
		{"Inflation will fall to 2 percent in the next three months.", "2025-11-15"},
		{"Inflation will fall to 2 percent over the next five years.", "2030-08-15"},
		{"Inflation will fall to 2 percent in the second half of 2026.", "2026-12-31"},
		{"Inflation will fall to 2 percent in the first quarter of 2026.", "2026-03-31"},
		{"Inflation will fall to 2 percent in Q3 2026.", "2026-09-30"},
		{"Inflation will fall to 2 percent in early 2026.", "2026-04-30"},
		{"Inflation will fall to 2 percent in late 2026.", "2026-12-31"},
		{"Inflation will fall to 2 percent this autumn.", "2025-11-30"},
		{"Inflation will fall to 2 percent by the summer of 2027.", "2027-08-31"},
		{"Inflation will fall to 2 percent in the 2030s.", "2039-12-31"},
		{"Economists at Norden Bank expect inflation to fall to 2 percent in September.", "2025-09-30"},
		// days
		{"Voting in Oslo will begin tomorrow at 08:00.", "2025-08-16"},
		{"Voting in Oslo will begin on Sunday.", "2025-08-17"},
		{"Voting in Oslo will begin on Friday.", "2025-08-15"},
		{"Voting in Oslo will begin on Monday, 1 September.", "2025-09-01"},
		{"Voting in Oslo will begin on March 3.", "2026-03-03"},
		{"Voting in Oslo will begin in the first week of March.", "2026-03-07"},
		{"Voting in Oslo will begin on the last Sunday of March 2026.", "2026-03-29"},
		{"Voting in Oslo will begin on the first Monday in September.", "2025-09-01"},
		{"Formal talks in Oslo are set to begin at 11:30 local time.", "2025-08-15"},
		{"The tax on 40 goods will rise from 1 January 2026.", "2026-01-01"},
		// none
		{"The two leaders in Oslo spent 3 hours on Friday in a room and left it without the truce that Norway had hoped for.", ""},
		{"Half of all patients in Oslo were seen by a doctor within 3 hours in June.", ""},
		{"When fares last rose, in 2022, the number of passengers in Oslo fell by 5 percent within a year.", ""},
		{"The company moved 40 people to Oslo by Friday.", ""},
		{"The ministry will build 400 homes in the coming weeks.", ""},
		{"The ministry will build 400 homes one day.", ""},
		{"The mayor, Ana Brook, pledged that she would cut income tax in her first hundred days.", ""},
		{"The ministry built 400 homes in 2019.", ""},
		{"The ministry built 400 homes in two years.", ""},
		{"The ministry closed 400 homes on Friday.", ""},
		{"Rents in Oslo rose by 9 percent in March.", ""},
		{"The ministry will build 400 homes, more than in 2030.", ""},
		{"The ministry will build 400 homes within two years of the vote.", ""},
		{"Emissions in Norway will be half of what they were in 1990.", ""},
	}
	for _, tt := range tests {
		found := fast.Find(claims.Article{Text: tt.text, Lang: "en", PublishedAt: friday})
		if len(found) == 0 {
			t.Errorf("%q: nothing found", tt.text)
			continue
		}
		if got := iso(found[0].Due); got != tt.want {
			t.Errorf("%q can be checked from %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestDueWithoutTheArticlesDate(t *testing.T) {
	tests := map[string]string{
		"The ministry will build 400 homes by 2030.":              "2030-12-31",
		"The ministry will build 400 homes by 4 March 2027.":      "2027-03-04",
		"The ministry will build 400 homes by March.":             "",
		"The ministry will build 400 homes next year.":            "",
		"The ministry will build 400 homes within 100 days.":      "",
		"Formal talks in Oslo are set to begin at 11:30 on 2 May": "",
	}
	for text, want := range tests {
		for _, c := range fast.Find(claims.Article{Text: text, Lang: "en"}) {
			if got := iso(c.Due); got != want {
				t.Errorf("%q can be checked from %q, want %q", text, got, want)
			}
		}
	}
}

func TestSaidAt(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Rents rose by 9 percent in 2023, the ministry said on Tuesday.", "2025-08-12"},
		{"Rents rose by 9 percent in 2023, the ministry said on Friday.", "2025-08-15"},
		{"The ministry said on Tuesday that rents rose by 9 percent in 2023.", "2025-08-12"},
		{"The ministry said on 4 August that rents rose by 9 percent in 2023.", "2025-08-04"},
		{"The ministry said in a statement on Thursday that rents rose by 9 percent in 2023.", "2025-08-14"},
		{"On Wednesday the ministry said that rents rose by 9 percent in 2023.", "2025-08-13"},
		{"The ministry said yesterday that rents rose by 9 percent in 2023.", "2025-08-14"},
		{"“Rents rose by 9 percent in 2023,” Mayor Ana Brook said on Monday.", "2025-08-11"},
		{"Mayor Ana Brook said on 1 December that rents rose by 9 percent in 2023.", "2024-12-01"},
		{"Mayor Ana Brook said in 2016 that rents rose by 9 percent in 2015.", ""},
		{"Mayor Ana Brook said that rents rose by 9 percent on Monday.", ""},
		{"Rents rose by 9 percent on Monday, the ministry said.", ""},
	}
	for _, tt := range tests {
		found := fast.Find(claims.Article{Text: tt.text, Lang: "en", PublishedAt: friday})
		if len(found) == 0 {
			t.Errorf("%q: nothing found", tt.text)
			continue
		}
		if got := iso(found[0].SaidAt); got != tt.want {
			t.Errorf("%q was said on %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestOddDatesBreakNothing(t *testing.T) {
	for _, text := range []string{"by", "by the", "within", "in the next", "by mid", "by mid-", "on the first", "by the end of", "by 30 February 2027", "by the last week of", "within 999 decades", "from now", "between 2030 and"} {
		for _, before := range []string{"The ministry will build 400 homes ", ""} {
			fast.Find(claims.Article{Text: before + text + ".", Lang: "en", PublishedAt: friday})
			fast.Find(claims.Article{Text: before + strings.Repeat(text+" ", 50), Lang: "en"})
		}
	}
}

// TestShortFormsStandAlone holds what may not be a headline: parts of something
// else, and what nobody in the text believes.
func TestShortFormsStandAlone(t *testing.T) {
	for _, text := range []string{
		"Waiting times rose by 4 percent in 2023, even if Oslo opened 3 clinics in 2022.",
		"If Oslo opened 3 clinics in 2022, it closed 4 in 2023. Even if Norway had lost 40 ships, it would have won.",
		"McCain, the nominee in 2008, issued a statement after Norway had lost 40 ships in 2007.",
		"Senator Ana Brook said Lee “made a lot of money in 40 markets.” “made a lot of money in 40 markets”, she said.",
		"Two ministers resigned in 2021, pointing to the fact that Norway had lost 40 ships.",
		"Most members of the Oslo council don’t foresee a rise of 4 percent that can overtake Bergen in 2027.",
	} {
		for _, c := range pipeline.Find(claims.Article{Text: text, Lang: "en"}) {
			if strings.HasSuffix(c.ShortForm, " after") {
				t.Errorf("%q has the short form %q", c.Span.Quote, c.ShortForm)
			}
			for _, start := range []string{"Even", "Pointing", "A rise", "If", "“made"} {
				if strings.HasPrefix(c.ShortForm, start) {
					t.Errorf("%q has the short form %q", c.Span.Quote, c.ShortForm)
				}
			}
		}
	}
}

func TestPromisesAreTheSpeakersOwn(t *testing.T) {
	tests := map[string]claims.Kind{
		"“We will hire 20,000 nurses by 2027,” Mayor Ana Brook said.":                           claims.Promise,
		"“I think he will lose 40 seats in 2027,” Mayor Ana Brook said.":                        claims.Prediction,
		"“I don’t think unemployment will fall below 4 percent in 2027,” Mayor Ana Brook said.": claims.Prediction,
		"Mayor Ana Brook promised to hire 20,000 nurses by 2027.":                               claims.Promise,
	}
	for text, want := range tests {
		found := pipeline.Find(claims.Article{Text: text, Lang: "en"})
		if len(found) == 0 || found[0].Kind != want {
			t.Errorf("%q: %+v, want a %s", text, found, want)
		}
	}
}
