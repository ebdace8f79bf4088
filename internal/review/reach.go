package review

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Said is one place of a claim, for how often and how widely it was said.
type Said struct {
	Source    string    // of the article: its versions are one
	Outlet    string    // who published it; empty is unknown
	Feeds     []string  // watched sources that listed the article
	Published time.Time // of the article; zero if it does not say
	Found     time.Time // when the desk found the place
}

// At is when it was said, as far as the order of triage is concerned: when its
// article was published, but not before found, and never longer ago than
// longAgo. An archive that is taken in today is not news, and not forgotten
// either.
func (s Said) At() time.Time {
	if s.Published.IsZero() || s.Published.After(s.Found) {
		return s.Found
	}
	if oldest := s.Found.Add(-longAgo); s.Published.Before(oldest) {
		return oldest
	}
	return s.Published
}

const (
	// halfLife is in which time an article comes to count half.
	halfLife = 7 * 24 * time.Hour
	longAgo  = 4 * halfLife
	// thisWeek is what the rows of triage call a week.
	thisWeek = 7 * 24 * time.Hour
	// leastScore is what a score of nothing counts: such a claim stands behind,
	// but in order.
	leastScore = .01
)

// MaxSaid is how many places of a claim its reach is made of: the newest found.
const MaxSaid = 1000

// Reach is how often and how widely a claim was said, at most MaxSaid times.
type Reach struct {
	Times    int // places
	Articles int
	Outlets  int // that are known by name
	Feeds    int // watched sources

	WeekTimes int // places of the last seven days: counted when a list is drawn

	heat float64 // see ReachOf
}

// ReachOf counts the places of one claim.
func ReachOf(all []Said) Reach {
	r := Reach{Times: len(all), heat: math.Inf(-1)}
	latest, outlets, feeds := map[string]time.Time{}, map[string]bool{}, map[string]bool{}
	for _, s := range all {
		if at := s.At(); at.After(latest[s.Source]) {
			latest[s.Source] = at
		}
		if s.Outlet != "" {
			outlets[strings.ToLower(s.Outlet)] = true
		}
		for _, f := range s.Feeds {
			feeds[f] = true
		}
	}
	r.Articles, r.Outlets, r.Feeds = len(latest), len(outlets), len(feeds)
	for i, at := range slices.SortedFunc(maps.Values(latest), func(a, b time.Time) int { return b.Compare(a) }) {
		if i == 0 {
			r.heat = halves(at)
			continue
		}
		// log2(2^heat + 2^at): the powers themselves would be too large.
		r.heat += math.Log2(1 + math.Exp2(halves(at)-r.heat))
	}
	return r
}

// halves is a time in half-lives since 1970.
func halves(at time.Time) float64 { return float64(at.UnixMicro()) / float64(halfLife.Microseconds()) }

// Worth is the place of a claim in triage; more comes first. It is the
// logarithm, to the base of 2, of
//
//	check-worthiness × recurrence × reach
//
// where recurrence is the number of articles that say it, of which each counts
// half as much with every week that it is old, and reach is
//
//	1 + log2(outlets)/2 + log2(1 + watched sources)/4
//
// so that four outlets count like twice the articles. Age takes the same from
// all claims in the same time, and is left out: the order of two claims changes
// only when one of them is said again, and the number can be stored.
// score is 0 to 1.
func (r Reach) Worth(score float64) float64 {
	if math.IsInf(r.heat, -1) || r.Articles == 0 { // it stands nowhere: a person took its last place away
		return math.Log2(max(score, leastScore))
	}
	wide := 1 + math.Log2(float64(max(1, r.Outlets)))/2 + math.Log2(float64(1+r.Feeds))/4
	return math.Log2(max(score, leastScore)) + r.heat + math.Log2(wide)
}

// Words say why a claim stands where it does: "said 4 times in 3 articles this
// week, by 2 outlets", "on 2 watched feeds". Nothing of a claim that was said once, in an
// article that somebody brought.
func (r Reach) Words() []string {
	var out []string
	if r.Times > 1 {
		s := "said " + count(r.Times, "time", "times")
		if r.Times >= MaxSaid {
			s = fmt.Sprintf("said %d times or more", MaxSaid)
		}
		s += " in " + count(r.Articles, "article", "articles")
		switch {
		case r.WeekTimes == r.Times:
			s += " this week"
		case r.WeekTimes > 0:
			s += fmt.Sprintf(", %d of them this week", r.WeekTimes)
		}
		if r.Outlets > 1 {
			s += ", by " + count(r.Outlets, "outlet", "outlets")
		}
		out = append(out, s)
	}
	switch {
	case r.Feeds == 1:
		out = append(out, "on a watched feed")
	case r.Feeds > 1:
		out = append(out, fmt.Sprintf("on %d watched feeds", r.Feeds))
	}
	return out
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// WeekBefore is since when something was said this week.
func WeekBefore(now time.Time) time.Time { return now.Add(-thisWeek) }
