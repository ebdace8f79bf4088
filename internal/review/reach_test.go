package review_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"factcheck/internal/review"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// in is a place in an article of that source, found at noon, n days ago.
func in(source string, n int) review.Said {
	return review.Said{Source: source, Outlet: "outlet of " + source, Found: noon.AddDate(0, 0, -n)}
}

func worth(score float64, all ...review.Said) float64 { return review.ReachOf(all).Worth(score) }

func TestWhatIsWorthMoreComesFirst(t *testing.T) {
	listed := func(s review.Said, feeds ...string) review.Said { s.Feeds = feeds; return s }
	by := func(s review.Said, outlet string) review.Said { s.Outlet = outlet; return s }
	tests := []struct {
		name          string
		first, second float64
	}{
		{"a higher score", worth(.8, in("a", 0)), worth(.7, in("a", 0))},
		{"a later article", worth(.5, in("a", 1)), worth(.5, in("a", 2))},
		{"two articles", worth(.5, in("a", 0), in("b", 0)), worth(.9, in("a", 0))},
		{"two outlets", worth(.5, in("a", 0), by(in("b", 0), "Other")), worth(.5, by(in("a", 0), "One"), by(in("b", 0), "one"))},
		{"a watched source", worth(.5, listed(in("a", 0), "feed")), worth(.5, in("a", 0))},
		{"two watched sources", worth(.5, listed(in("a", 0), "feed", "other")), worth(.5, listed(in("a", 0), "feed"))},
		{"an old article that is said again", worth(.5, in("a", 20), in("b", 0)), worth(.5, in("a", 0))},
		{"what is new, before much that is old", worth(.5, in("a", 0)), worth(.5, in("a", 21), in("b", 21), in("c", 21))},
		{"what stands somewhere, before what stands nowhere", worth(.01, in("a", 3000)), worth(1)},
		{"nothing is divided by a score of zero", worth(0, in("a", 0)), worth(0, in("a", 1))},
	}
	for _, tt := range tests {
		if !(tt.first > tt.second) || math.IsInf(tt.first, 0) || math.IsNaN(tt.second) {
			t.Errorf("%s: %v is not before %v", tt.name, tt.first, tt.second)
		}
	}
}

func TestWorthIsTheLogarithmOfAProduct(t *testing.T) {
	said := in("a", 0)
	for range 3 {
		was := worth(.25, said)
		if got := worth(.5, said); math.Abs(got-was-1) > 1e-9 {
			t.Errorf("twice the score adds %v", got-was)
		}
		later := said
		later.Found = said.Found.AddDate(0, 0, 7)
		if got := worth(.25, later); math.Abs(got-was-1) > 1e-9 {
			t.Errorf("a week adds %v", got-was)
		}
		said = later
	}
	two := []review.Said{in("a", 0), in("b", 0)}
	two[1].Outlet = two[0].Outlet
	if got := worth(.5, two...) - worth(.5, two[0]); math.Abs(got-1) > 1e-9 {
		t.Errorf("twice the articles add %v", got)
	}
	if versions := worth(.5, in("a", 0), in("a", 0)); versions != worth(.5, in("a", 0)) {
		t.Error("two versions of an article count as two")
	}
}

func TestTheOrderOfPlacesDoesNotCount(t *testing.T) {
	all := []review.Said{in("a", 3), in("b", 1), in("c", 2), in("d", 9)}
	back := []review.Said{all[3], all[1], all[0], all[2]}
	if worth(.5, all...) != worth(.5, back...) {
		t.Error("the same places in another order are worth something else")
	}
}

func TestWhenSomethingWasSaid(t *testing.T) {
	tests := []struct {
		name             string
		published, found time.Time
		want             time.Time
	}{
		{"no date", time.Time{}, noon, noon},
		{"published before", noon.AddDate(0, 0, -3), noon, noon.AddDate(0, 0, -3)},
		{"of the future", noon.AddDate(1, 0, 0), noon, noon},
		{"out of an archive", noon.AddDate(-9, 0, 0), noon, noon.AddDate(0, 0, -28)},
	}
	for _, tt := range tests {
		if got := (review.Said{Published: tt.published, Found: tt.found}).At(); !got.Equal(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestReachInWords(t *testing.T) {
	tests := []struct {
		reach review.Reach
		want  string
	}{
		{review.Reach{}, ""},
		{review.Reach{Times: 1, Articles: 1, Outlets: 1, WeekTimes: 1}, ""},
		{review.Reach{Times: 1, Articles: 1, Feeds: 1}, "on a watched feed"},
		{review.Reach{Times: 4, Articles: 3, Outlets: 1, WeekTimes: 4, Feeds: 2}, "said 4 times in 3 articles this week; on 2 watched feeds"},
		{review.Reach{Times: 4, Articles: 3, Outlets: 3, WeekTimes: 1}, "said 4 times in 3 articles, 1 of them this week, by 3 outlets"},
		{review.Reach{Times: 2, Articles: 1}, "said 2 times in 1 article"},
		{review.Reach{Times: review.MaxSaid, Articles: 7}, fmt.Sprintf("said %d times or more in 7 articles", review.MaxSaid)},
	}
	for _, tt := range tests {
		if got := strings.Join(tt.reach.Words(), "; "); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.reach, got, tt.want)
		}
	}
}
