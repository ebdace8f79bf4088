package library

import (
	"crypto/sha256"
	"math"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/claims"
)

// Limits on what is kept of a check, in code points. A longer text is cut and
// ends in an ellipsis.
const (
	MaxClaim       = 4000
	MaxRating      = 1000
	MaxTitle       = 500
	MaxName        = 300
	MaxURL         = 2000 // in bytes; a longer address is left out
	MaxAppearances = 50
	MaxTopics      = 20
)

// Publisher is who published a check.
type Publisher struct {
	Name string // as it writes itself; the site if it does not say
	Site string // host of its checks in lower case, without "www."
}

// Check is one fact-check of one claim by somebody else. Every field but
// ClaimText may be empty; one of URL and Publisher is not.
type Check struct {
	ID              int64 // of the library; 0 before it is stored
	Publisher       Publisher
	URL             string // absolute, http or https
	Title           string
	ClaimText       string
	Claimant        string // several are divided by "; "
	ClaimDate       time.Time
	ReviewDate      time.Time
	Rating          string   // the verdict in the publisher's words
	RatingValue     *float64 // the three numbers are either sane or nil: worst and best differ and value is between them
	RatingBest      *float64 // less than worst where the publisher counts that way
	RatingWorst     *float64
	Bucket          Bucket
	Rule            string   // why Bucket is what it is, for a person
	Lang            string   // BCP 47; empty if nobody says
	FirstAppearance string   // absolute address
	Appearances     []string // absolute addresses, without FirstAppearance
	Topics          []string // what it is about, in the publisher's words
	Fingerprint     string   // claims.Fingerprint of ClaimText
	Slug            string   // of our own publication; empty for checks by others
}

// Key names a check for good: the same publisher, address and words are the
// same check, whatever else changed.
func (c Check) Key() [16]byte {
	return sum(c.Publisher.Site, c.URL, c.Fingerprint)
}

// Digest changes with anything of a check but its id.
func (c Check) Digest() [16]byte {
	all := []string{c.Publisher.Name, c.Publisher.Site, c.URL, c.Title, c.ClaimText, c.Claimant, stamp(c.ClaimDate), stamp(c.ReviewDate),
		c.Rating, digits(c.RatingValue), digits(c.RatingBest), digits(c.RatingWorst), string(c.Bucket), c.Rule, c.Lang,
		c.FirstAppearance, strings.Join(c.Appearances, "\n"), c.Slug}
	if len(c.Topics) > 0 { // a check without any has the digest of before there were any
		all = append(all, strings.Join(c.Topics, "\n"))
	}
	return sum(all...)
}

// Newest is the newer of claim date and review date; zero if neither is known.
func (c Check) Newest() time.Time {
	if c.ClaimDate.After(c.ReviewDate) {
		return c.ClaimDate
	}
	return c.ReviewDate
}

// sum is the first half of a SHA-256 over fields of any length.
func sum(fields ...string) [16]byte {
	var b []byte
	for _, f := range fields {
		b = strconv.AppendInt(b, int64(len(f)), 10)
		b = append(append(b, ':'), f...)
	}
	full := sha256.Sum256(b)
	return [16]byte(full[:16])
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

func digits(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

// finish bounds a check, fills in what follows from the rest, and says in a
// sentence why it cannot be kept; empty if it can.
func (c *Check) finish() (why string) {
	c.ClaimText, c.Title, c.Rating = clip(c.ClaimText, MaxClaim), clip(c.Title, MaxTitle), clip(c.Rating, MaxRating)
	c.Claimant, c.Publisher.Name = clip(c.Claimant, MaxName), clip(c.Publisher.Name, MaxName)
	if site := siteOf(c.URL); site != "" {
		c.Publisher.Site = site
	}
	if c.Publisher.Name == "" {
		c.Publisher.Name = c.Publisher.Site
	}
	c.Fingerprint = claims.Fingerprint(c.ClaimText)
	switch {
	case c.ClaimText == "":
		return "It does not say which claim it is about."
	case c.Fingerprint == "":
		return "Its claim holds no word."
	case c.URL == "" && c.Publisher.Name == "":
		return "It says neither who checked the claim nor at which address."
	}
	c.saneNumbers()
	c.places()
	c.Bucket, c.Rule = bucketOf(c.Rating, c.RatingValue, c.RatingBest, c.RatingWorst)
	return ""
}

// saneNumbers drops numbers that say nothing: no scale, such as -1 of -1, or a
// value outside its scale. A value alone stays nothing, too: 3 of what?
func (c *Check) saneNumbers() {
	v, b, w := c.RatingValue, c.RatingBest, c.RatingWorst
	sane := v != nil && b != nil && w != nil && *b != *w && *v >= math.Min(*b, *w) && *v <= math.Max(*b, *w)
	if !sane {
		c.RatingValue, c.RatingBest, c.RatingWorst = nil, nil, nil
	}
}

// places drops doubles and the check's own address: a checker's page is not
// where the claim was made.
func (c *Check) places() {
	seen := map[string]bool{withoutFragment(c.URL): true, "": true}
	if seen[withoutFragment(c.FirstAppearance)] {
		c.FirstAppearance = ""
	}
	seen[c.FirstAppearance] = true
	var kept []string
	for _, a := range c.Appearances {
		if !seen[a] && !seen[withoutFragment(a)] && len(kept) < MaxAppearances {
			seen[a] = true
			kept = append(kept, a)
		}
	}
	c.Appearances = kept
}

func withoutFragment(address string) string {
	bare, _, _ := strings.Cut(address, "#")
	return bare
}
