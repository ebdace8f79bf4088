package earlier

import (
	"context"
	"slices"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Sighting is one appearance of a claim, as a timeline lists it.
type Sighting struct {
	ID        int64     // of the appearance
	ReviewID  int64     // of its claim; another one where two claims were found to be the same
	At        time.Time // when the article was published, or else was found
	ArticleID int64
	Article   string // title
	Publisher string
	URL       string
	Speaker   string // as the article names it
	Quote     string
	After     bool // after our rating was published
}

// Day is how often something happened on one day.
type Day struct {
	At time.Time // midnight UTC
	N  int
}

// Timeline is every appearance of one claim.
type Timeline struct {
	ReviewID, ClaimID int64
	Text, Lang        string
	Rated             time.Time // when our first rating was published; zero if none was
	Days              []Day     // of all appearances, oldest first, at most 4,000
	Publishers        []Count
	Sightings         []Sighting // one page, newest found first
}

// Total is how many appearances there are.
func (t Timeline) Total() int {
	n := 0
	for _, d := range t.Days {
		n += d.N
	}
	return n
}

// Count is how often something is there.
type Count struct {
	Name string
	N    int
}

// Alert is an appearance of a claim after we rated it that nobody has seen yet.
type Alert struct {
	Sighting
	Text   string // of the claim that was rated
	Rating string
	Colour string
	Found  time.Time
	Rated  int64 // the review that was rated
}

// Rated counts what is published of one speaker.
type Rated struct {
	Rating, Colour string
	Year           int
	N              int
}

// MostCounted is how many claims of one speaker are counted: the newest.
const MostCounted = 10_000

// Speaker is who says things.
type Speaker struct {
	ID     int64
	Name   string
	Rated  []Rated        // published, retracted ones left out
	States map[string]int // of the reviews of the speaker's newest MostCounted claims, by review.State; nil for readers
}

// Published is a check of one speaker, as readers see it.
type Published struct {
	ReviewID int64
	Slug     string
	Report   review.Report
	At       time.Time
}

// Rising is a claim that is said more often this week than in the weeks before.
type Rising struct {
	OwnClaim
	Week   int     // articles of the last seven days
	Before float64 // articles a week in the four weeks before
	Latest []Sighting
}

// RecurStore reads what came back. Lists are cut by the key of the last row of
// the page before; 0 is the first page.
type RecurStore interface {
	// Timeline is every appearance of a review's claim and of those that people
	// found to be the same. NotFound.
	Timeline(ctx context.Context, reviewID, before int64, limit int) (Timeline, error)
	// SaidAgain are open alerts, the newest first.
	SaidAgain(ctx context.Context, before int64, limit int) ([]Alert, error)
	// SeeAgain marks an alert as seen. NotFound if it is not open.
	SeeAgain(ctx context.Context, appearanceID, by int64, at time.Time) error
	// Speaker is one speaker, for the desk. NotFound.
	Speaker(ctx context.Context, id int64) (Speaker, error)
	// PublicSpeaker is one speaker by the key of the name in what is published, for
	// readers: nothing else is read. NotFound if nothing is.
	PublicSpeaker(ctx context.Context, key string) (Speaker, error)
	// PublishedOf are the live checks of a speaker by that key, newest first.
	PublishedOf(ctx context.Context, key string, before review.Cursor, limit int) ([]Published, error)
	// ClaimsOf are the claims of a speaker, the last first.
	ClaimsOf(ctx context.Context, speaker, before int64, limit int) ([]OwnClaim, error)
	// Risen counts the articles of each claim since a time, and in the time before
	// from another on; the most first.
	Risen(ctx context.Context, before, since time.Time, limit int) ([]Rising, error)
}

// SpeakerSlug is the name of a speaker in the address of a public page; empty if
// the name has no letters.
func SpeakerSlug(name string) string {
	return strings.ReplaceAll(claims.Fingerprint(name), " ", "-")
}

// SpeakerKey is the key of a name by its slug.
func SpeakerKey(slug string) string { return strings.ReplaceAll(slug, "-", " ") }

// Recurrence shows what comes back.
type Recurrence struct {
	Store RecurStore
	Now   func() time.Time
}

// See marks an alert as seen. Forbidden unless by is a fact-checker or an
// editor.
func (r *Recurrence) See(ctx context.Context, appearanceID int64, by review.Person) error {
	if !by.Is(review.Checker, review.Editor, review.Standards) {
		return errs.New("earlier.See", errs.Forbidden, "A fact-checker or an editor marks this as seen.")
	}
	return r.Store.SeeAgain(ctx, appearanceID, by.ID, r.Now().UTC().Truncate(time.Microsecond))
}

// week is what trends compare.
const week = 7 * 24 * time.Hour

// Rising are the claims in more articles this week than before, the steepest
// first.
func (r *Recurrence) Rising(ctx context.Context, limit int) ([]Rising, error) {
	now := r.Now().UTC()
	all, err := r.Store.Risen(ctx, now.Add(-5*week), now.Add(-week), 5*limit)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c Rising) bool { return float64(c.Week) <= c.Before })
	slices.SortStableFunc(all, func(a, b Rising) int {
		switch x, y := a.lift(), b.lift(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return all[:min(limit, len(all))], nil
}

// lift is how much more often a claim is said than before; a claim that is new
// counts as if it had been said once in two weeks.
func (c Rising) lift() float64 { return (float64(c.Week) - c.Before) / (c.Before + .5) }

// Bar is one bar of a chart.
type Bar struct {
	From  time.Time
	Label string // "May 2026"
	N     int
}

// maxBars is how many bars a chart has at most.
const maxBars = 36

// Bars groups days into weeks, months, quarters or years: the finest of them
// that make a readable chart, with those in between in which nothing happened.
func Bars(days []Day) []Bar {
	if len(days) == 0 {
		return nil
	}
	first, last := days[0].At, days[len(days)-1].At
	for _, months := range []int{1, 3, 12, 120} {
		if start := monthOf(first, months); monthsBetween(start, last) < maxBars*months {
			return bars(days, start, months)
		}
	}
	return bars(days, monthOf(first, 1200), 1200)
}

func bars(days []Day, start time.Time, months int) []Bar {
	last := days[len(days)-1].At
	var out []Bar
	for at := start; !at.After(last) && len(out) <= maxBars; at = at.AddDate(0, months, 0) {
		b := Bar{From: at, Label: label(at, months)}
		for _, d := range days {
			if !d.At.Before(at) && d.At.Before(at.AddDate(0, months, 0)) {
				b.N += d.N
			}
		}
		out = append(out, b)
	}
	return out
}

func label(at time.Time, months int) string {
	switch months {
	case 1:
		return at.Format("Jan 2006")
	case 3:
		return at.Format("Jan") + "–" + at.AddDate(0, 2, 0).Format("Jan 2006")
	case 12:
		return at.Format("2006")
	}
	return at.Format("from 2006")
}

// monthOf is the beginning of the period of that many months that t is in.
func monthOf(t time.Time, months int) time.Time {
	n := t.Year()*12 + int(t.Month()) - 1
	n -= n % months
	return time.Date(n/12, time.Month(n%12+1), 1, 0, 0, 0, 0, time.UTC)
}

func monthsBetween(a, b time.Time) int {
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}
