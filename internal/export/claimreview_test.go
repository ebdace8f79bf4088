package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/review"
)

type object = map[string]any

// claimReview reads the ClaimReview of a case back.
func claimReview(t *testing.T, p review.Publication) object {
	t.Helper()
	data, err := export.ClaimReview(site, p)
	if err != nil {
		t.Fatal(err)
	}
	var ld object
	if err := json.Unmarshal(data, &ld); err != nil {
		t.Fatal(err)
	}
	return ld
}

// at follows a path such as "itemReviewed.appearance.0.url"; nil if it leads
// nowhere.
func at(v any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case object:
			v = node[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(node) {
				return nil
			}
			v = node[i]
		default:
			return nil
		}
	}
	return v
}

// TestClaimReviewRules holds each rule of Google's documentation to one case.
func TestClaimReviewRules(t *testing.T) {
	tests := []struct {
		rule, dir, path string
		want            any // nil: must be absent
	}{
		{"context", "numeric", "@context", "https://schema.org"},
		{"type", "numeric", "@type", "ClaimReview"},
		{"url is absolute", "numeric", "url", "https://checks.example/checks/harbour-bridge-cost-twice-as-much-as-planned-17"},
		{"claimReviewed prefers the short form", "numeric", "claimReviewed", "The harbour bridge cost twice as much as planned"},
		{"claimReviewed is else the claim", "unattributed", "claimReviewed", "drinking a glass of sea water a day cures colds"},
		{"author is the newsroom", "numeric", "author.@type", "Organization"},
		{"author has a name", "numeric", "author.name", "The Fjord Check"},
		{"author has a home page", "numeric", "author.url", "https://checks.example/"},
		{"alternateName is what readers see", "numeric", "reviewRating.alternateName", "Mostly false"},
		{"ratingValue", "numeric", "reviewRating.ratingValue", 2.0},
		{"bestRating", "numeric", "reviewRating.bestRating", 5.0},
		{"worstRating", "numeric", "reviewRating.worstRating", 1.0},
		{"ratingExplanation is the summary", "numeric", "reviewRating.ratingExplanation", "The bridge cost 11 percent more than the council had voted, not twice as much. The figure mixes the bridge with the tunnel that was added in 2023."},
		{"unratable has a word", "unratable", "reviewRating.alternateName", "Unverifiable"},
		{"unratable has no value", "unratable", "reviewRating.ratingValue", nil},
		{"unratable has no best", "unratable", "reviewRating.bestRating", nil},
		{"unratable has no worst", "unratable", "reviewRating.worstRating", nil},
		{"a scale of words has no numbers", "verdict_only", "reviewRating.bestRating", nil},
		{"claimant is a Person", "numeric", "itemReviewed.author.@type", "Person"},
		{"claimant is named", "numeric", "itemReviewed.author.name", "Ingrid Solberg"},
		{"claimant is an Organization", "organisation", "itemReviewed.author.@type", "Organization"},
		{"an unknown sort of claimant is not guessed", "unknown_claimant", "itemReviewed.author.@type", nil},
		{"an unknown sort of claimant is named", "unknown_claimant", "itemReviewed.author.name", "the Harbour House"},
		{"no claimant, no author", "unattributed", "itemReviewed.author", nil},
		{"when it was said", "numeric", "itemReviewed.datePublished", "2026-04-28"},
		{"unknown when it was said", "unattributed", "itemReviewed.datePublished", nil},
		{"first appearance", "several_appearances", "itemReviewed.firstAppearance.url", "https://courier.example/politics/solberg-harbour"},
		{"first appearance has a type", "several_appearances", "itemReviewed.firstAppearance.@type", "CreativeWork"},
		{"first appearance has a headline", "several_appearances", "itemReviewed.firstAppearance.headline", "Solberg opens campaign at the harbour"},
		{"first appearance has a date", "several_appearances", "itemReviewed.firstAppearance.datePublished", "2026-04-29T06:30:00Z"},
		{"first appearance has a publisher", "several_appearances", "itemReviewed.firstAppearance.publisher.name", "Fjord Courier"},
		{"the others are appearances", "several_appearances", "itemReviewed.appearance.0.url", "https://radio.example/live/88"},
		{"what says nothing is left out", "several_appearances", "itemReviewed.appearance.1.headline", "Leaflet no. 4"},
		{"one place is no appearance as well", "numeric", "itemReviewed.appearance", nil},
		{"datePublished is the first edition's", "correction", "datePublished", "2026-05-05T14:00:00Z"},
		{"dateModified is the later edition's", "correction", "dateModified", "2026-05-21T08:05:00Z"},
		{"a first edition was not modified", "numeric", "dateModified", nil},
		{"the correction is told", "correction", "correction.text", "We had left out the interest on the loan. With it the bridge cost 58 percent more than planned, and we rate the claim half true."},
		{"no correction, none told", "numeric", "correction", nil},
		{"language", "right_to_left", "inLanguage", "he"},
		{"unknown language", "missing_fields", "inLanguage", nil},
		{"hostile address of an article", "hostile", "itemReviewed.firstAppearance.url", nil},
		{"hostile address of a source", "hostile", "citation.0.url", nil},
		{"a source is cited", "numeric", "citation.0.archivedAt", "https://archive.example/2019-114"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			if got := at(claimReview(t, read(t, tt.dir)), tt.path); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s = %#v, want %#v", tt.path, got, tt.want)
			}
		})
	}
}

// TestClaimReviewShape holds every case to what schema.org and Google allow.
func TestClaimReviewShape(t *testing.T) {
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			ld := claimReview(t, read(t, name))
			for _, required := range []string{"claimReviewed", "url", "datePublished", "author.url", "reviewRating.@type", "reviewRating.alternateName", "itemReviewed.@type"} {
				if s, _ := at(ld, required).(string); s == "" {
					t.Errorf("%s is missing", required)
				}
			}
			walkShape(t, "", ld)
			checkNumbers(t, ld["reviewRating"].(object))
		})
	}
}

var (
	dateFields = map[string]bool{"datePublished": true, "dateModified": true}
	urlFields  = map[string]bool{"url": true, "archivedAt": true}
	schemaType = map[string]bool{"ClaimReview": true, "Rating": true, "Organization": true, "Person": true, "Claim": true, "CreativeWork": true, "CorrectionComment": true}
)

func walkShape(t *testing.T, path string, v any) {
	t.Helper()
	switch node := v.(type) {
	case object:
		for key, child := range node {
			walkShape(t, path+"."+key, child)
			s, isString := child.(string)
			switch {
			case isString && s == "":
				t.Errorf("%s.%s is an empty string", path, key)
			case dateFields[key] && !isDate(s):
				t.Errorf("%s.%s = %q is no date", path, key, s)
			case urlFields[key] && !isAbsolute(s):
				t.Errorf("%s.%s = %q is no absolute web address", path, key, s)
			case key == "@type" && !schemaType[s]:
				t.Errorf("%s.%s = %q", path, key, s)
			}
		}
	case []any:
		if len(node) == 0 {
			t.Errorf("%s is an empty list", path)
		}
		for i, child := range node {
			walkShape(t, fmt.Sprintf("%s.%d", path, i), child)
		}
	case nil:
		t.Errorf("%s is null", path)
	}
}

func checkNumbers(t *testing.T, rating object) {
	t.Helper()
	value, hasValue := rating["ratingValue"].(float64)
	best, hasBest := rating["bestRating"].(float64)
	worst, hasWorst := rating["worstRating"].(float64)
	switch {
	case hasValue != hasBest || hasBest != hasWorst:
		t.Errorf("rating has some of its numbers only: %v", rating)
	case hasValue && (worst < 1 || best <= worst || value < worst || value > best):
		t.Errorf("rating %v is not between %v and %v", value, worst, best)
	}
}

func isDate(s string) bool {
	_, day := time.Parse(time.DateOnly, s)
	_, moment := time.Parse(time.RFC3339, s)
	return day == nil || moment == nil
}

func isAbsolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func TestClaimReviewedNeverTellsTheRating(t *testing.T) {
	tests := []struct{ name, short, text, label, want string }{
		{"short form", "Rents doubled", "rents have doubled since 2020", "False", "Rents doubled"},
		{"short form names it", "False: rents doubled", "rents have doubled since 2020", "False", "rents have doubled since 2020"},
		{"short form names it at the end", "Rents doubled – mostly false", "rents have doubled", "Mostly false", "rents have doubled"},
		{"claim names it before", "", "FALSE: rents have doubled", "False", "rents have doubled"},
		{"claim names it behind", "", "rents have doubled — False.", "False", "rents have doubled"},
		{"another rating of the scale", "", "Half true: rents have doubled", "False", "rents have doubled"},
		{"words that only begin alike", "Falsehoods doubled", "falsehoods doubled", "False", "Falsehoods doubled"},
		{"the claim is about the word", "", "the report on rents is false", "False", "the report on rents is false"},
		{"nothing but the rating", "", "False", "False", "False"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := read(t, "numeric")
			p.Report.Claim.ShortForm, p.Report.Claim.Text, p.Report.Rating.Label = tt.short, tt.text, tt.label
			if got := claimReview(t, p)["claimReviewed"]; got != tt.want {
				t.Errorf("claimReviewed = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestClaimReviewCanStandInAScriptElement(t *testing.T) {
	for _, name := range cases(t) {
		data, err := export.ClaimReview(site, read(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexAny(data, "<>&\u2028\u2029"); i >= 0 {
			t.Errorf("%s: holds %q", name, data[i:min(i+20, len(data))])
		}
	}
}

func TestSiteNeedsAnAbsoluteAddress(t *testing.T) {
	for _, base := range []string{"", "checks.example", "/checks", "ftp://checks.example", "https://checks.example/", "https://", "https://checks.example?x=1"} {
		bad := export.Site{Name: "X", BaseURL: base}
		if _, err := export.ClaimReview(bad, read(t, "numeric")); !errors.Is(err, errs.Invalid) {
			t.Errorf("ClaimReview under %q: %v, want %v", base, err, errs.Invalid)
		}
		for _, f := range export.Formats {
			if f.Name == "json" || f.Name == "jsonl" {
				continue // they hold no address
			}
			if err := f.Write(&bytes.Buffer{}, bad, sequence()); !errors.Is(err, errs.Invalid) {
				t.Errorf("%s under %q: %v, want %v", f.Name, base, err, errs.Invalid)
			}
		}
	}
}
