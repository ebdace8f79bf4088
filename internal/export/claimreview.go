package export

import (
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// The types below are schema.org's, with the properties that Google's
// documentation of ClaimReview asks for, in its order of importance. An empty
// property is left out, never sent as an empty string.

type ldReview struct {
	Context       string        `json:"@context"`
	Type          string        `json:"@type"` // ClaimReview
	URL           string        `json:"url"`
	ClaimReviewed string        `json:"claimReviewed"`
	ReviewRating  ldRating      `json:"reviewRating"`
	Author        ldParty       `json:"author"`
	DatePublished string        `json:"datePublished"`
	DateModified  string        `json:"dateModified,omitempty"`
	InLanguage    string        `json:"inLanguage,omitempty"`
	Keywords      []string      `json:"keywords,omitempty"`
	ItemReviewed  ldClaim       `json:"itemReviewed"`
	Correction    *ldCorrection `json:"correction,omitempty"`
	Citation      []ldWork      `json:"citation,omitempty"`
}

type ldRating struct {
	Type        string `json:"@type"` // Rating
	Name        string `json:"alternateName"`
	Value       *int   `json:"ratingValue,omitempty"`
	Best        *int   `json:"bestRating,omitempty"`
	Worst       *int   `json:"worstRating,omitempty"`
	Explanation string `json:"ratingExplanation,omitempty"`
}

// ldParty is a Person or an Organization. It has no type where nobody said
// which of them it is: a wrong one would be a statement about somebody.
type ldParty struct {
	Type string `json:"@type,omitempty"`
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

type ldClaim struct {
	Type            string   `json:"@type"` // Claim
	Author          *ldParty `json:"author,omitempty"`
	DatePublished   string   `json:"datePublished,omitempty"`
	FirstAppearance *ldWork  `json:"firstAppearance,omitempty"`
	Appearance      []ldWork `json:"appearance,omitempty"`
}

type ldWork struct {
	Type          string   `json:"@type"` // CreativeWork
	URL           string   `json:"url,omitempty"`
	Headline      string   `json:"headline,omitempty"`
	DatePublished string   `json:"datePublished,omitempty"`
	Publisher     *ldParty `json:"publisher,omitempty"`
	ArchivedAt    string   `json:"archivedAt,omitempty"`
}

type ldCorrection struct {
	Type          string `json:"@type"` // CorrectionComment
	Text          string `json:"text"`
	DatePublished string `json:"datePublished"`
}

// ClaimReview is the publication as one schema.org ClaimReview, indented. It
// holds no <, >, & or U+2028/9, so that it can stand in a script element as it
// is. Invalid unless the site has an absolute address.
func ClaimReview(site Site, p review.Publication) ([]byte, error) {
	return claimReview(site, p, "")
}

func claimReview(site Site, p review.Publication, prefix string) ([]byte, error) {
	if err := site.Check(); err != nil {
		return nil, err
	}
	r := p.Report
	ld := ldReview{
		Context: "https://schema.org", Type: "ClaimReview",
		URL:           site.CheckURL(r.Slug),
		ClaimReviewed: claimReviewed(r),
		ReviewRating:  reviewRating(r),
		Author:        ldParty{"Organization", site.Name, site.BaseURL + "/"},
		DatePublished: stamp(r.FirstPublished),
		InLanguage:    langTag(r.Claim.Lang),
		Keywords:      r.Claim.Topics,
		ItemReviewed:  itemReviewed(r),
		Citation:      citations(r.Evidence),
	}
	if r.Edition > 1 {
		ld.DateModified = stamp(r.PublishedAt)
	}
	if c := r.Correction; c != nil {
		ld.Correction = &ldCorrection{"CorrectionComment", c.Note, stamp(c.At)}
	}
	return json.MarshalIndent(ld, prefix, "  ") // escapes <, >, & and U+2028/9
}

// writeClaimReview writes an array of ClaimReview, without checks that were
// retracted: a ClaimReview has no way to say so.
func writeClaimReview(w io.Writer, site Site, reports Reports) error {
	if err := site.Check(); err != nil {
		return err
	}
	return writeArray(w, standing(reports), func(p review.Publication) ([]byte, error) { return claimReview(site, p, "  ") })
}

// standing are the reports that were not retracted.
func standing(reports Reports) Reports {
	return func(yield func(review.Publication, error) bool) {
		for p, err := range reports {
			if err == nil && p.Report.Retracted != nil {
				continue
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

func reviewRating(r review.Report) ldRating {
	rating := ldRating{Type: "Rating", Name: r.Rating.Label, Explanation: r.Summary}
	if ordered(r) {
		rating.Value, rating.Best, rating.Worst = r.Rating.Value, &r.Scale.Best, &r.Scale.Worst
	}
	return rating
}

func itemReviewed(r review.Report) ldClaim {
	c := ldClaim{Type: "Claim", DatePublished: isoTime(r.Claim.SaidAt)}
	if r.Claimant != nil && r.Claimant.Name != "" {
		c.Author = &ldParty{Type: partyTypes[r.Claimant.Kind], Name: r.Claimant.Name}
	}
	for i, p := range r.Appearances {
		work := creativeWork(p.URL, p.Title, p.Publisher)
		work.DatePublished = isoTime(p.PublishedAt)
		switch {
		case work == ldWork{Type: work.Type}: // it would say nothing
		case i == 0:
			c.FirstAppearance = &work
		default:
			c.Appearance = append(c.Appearance, work)
		}
	}
	return c
}

// partyTypes has no row for claims.Unknown; see ldParty.
var partyTypes = map[claims.ClaimantKind]string{claims.Person: "Person", claims.Organisation: "Organization"}

func citations(sources []review.ReportSource) []ldWork {
	var all []ldWork
	for _, e := range sources {
		work := creativeWork(e.URL, e.Title, e.Publisher)
		work.ArchivedAt = webAddress(e.ArchiveURL)
		all = append(all, work)
	}
	return all
}

func creativeWork(address, title, publisher string) ldWork {
	work := ldWork{Type: "CreativeWork", URL: webAddress(address), Headline: title}
	if publisher != "" {
		work.Publisher = &ldParty{Type: "Organization", Name: publisher}
	}
	return work
}

// claimReviewed is the short form, or the claim as it was said. A short form
// that names the rating is passed over, and a rating put before or behind the
// claim, as in "False: …", is cut off: the field never tells the verdict.
func claimReviewed(r review.Report) string {
	if s := strings.TrimSpace(r.Claim.ShortForm); s != "" && !hasWords(s, r.Rating.Label) {
		return s
	}
	s := strings.TrimSpace(r.Claim.Text)
	for _, rating := range append([]review.Rating{r.Rating}, r.Scale.Ratings...) {
		if cut := withoutVerdict(s, rating.Label); cut != "" {
			s = cut
		}
	}
	return s
}

// withoutVerdict is text without "LABEL:" before or "– LABEL" behind it.
func withoutVerdict(text, label string) string {
	const marks = ":–—-"
	if label == "" {
		return text
	}
	if len(text) > len(label) && strings.EqualFold(text[:len(label)], label) {
		if rest := strings.TrimSpace(text[len(label):]); strings.IndexAny(rest, marks) == 0 {
			text = strings.TrimSpace(strings.TrimLeft(rest, marks))
		}
	}
	bare := strings.TrimRight(text, ".! ")
	if len(bare) > len(label) && strings.EqualFold(bare[len(bare)-len(label):], label) {
		rest := strings.TrimSpace(bare[:len(bare)-len(label)])
		if cut := strings.TrimRight(rest, marks); cut != rest {
			text = strings.TrimSpace(cut)
		}
	}
	return text
}

// hasWords reports whether text holds the words of label, one after the other,
// whatever their case.
func hasWords(text, label string) bool {
	words := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}), " ") + " "
	}
	return words(label) != "  " && strings.Contains(words(text), words(label))
}
