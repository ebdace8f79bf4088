package data_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/data"
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

func scales(t *testing.T) map[string]review.RatingScale {
	t.Helper()
	all := map[string]review.RatingScale{}
	for _, body := range data.Scales() {
		s, err := review.ParseScale(body)
		if err != nil {
			t.Fatalf("ParseScale = %v, of\n%s", err, body)
		}
		if _, twice := all[s.Key]; twice {
			t.Errorf("scale %q stands there twice", s.Key)
		}
		all[s.Key] = s
	}
	return all
}

func TestTheSuggestedChecklistsCanBePutInForce(t *testing.T) {
	c, err := review.ParseChecklists(data.Checklists())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []claims.Kind{claims.Quantity, claims.QuoteKind, claims.Causal} {
		if len(c[k]) < 2 {
			t.Errorf("for %s is suggested %q", k, c[k])
		}
	}
}

func TestFourScalesShip(t *testing.T) {
	all := scales(t)
	for _, key := range []string{"five-point", "six-point", "text-only", "true-false-misleading-unverifiable"} {
		if _, ok := all[key]; !ok {
			t.Errorf("there is no scale %q", key)
		}
	}
	if _, ok := all[review.DefaultPolicy.Scale]; !ok {
		t.Errorf("the scale that is in force at first, %q, does not ship", review.DefaultPolicy.Scale)
	}
}

func TestRatingsRunFromTruestToNone(t *testing.T) {
	for key, s := range scales(t) {
		var values []int
		for i, r := range s.Ratings {
			if r.Value != nil {
				values = append(values, *r.Value)
			}
			if last := i == len(s.Ratings)-1; (r.Colour == "rating-none") != last || last && r.Value != nil {
				t.Errorf("%s: %q at %d of %d has colour %q; the last and only the last has no place in the order", key, r.Code, i+1, len(s.Ratings), r.Colour)
			}
			if !strings.HasSuffix(r.Definition, ".") || strings.Contains(r.Definition, "..") {
				t.Errorf("%s: the definition of %q is no sentence: %q", key, r.Code, r.Definition)
			}
		}
		falling := slices.IsSortedFunc(values, func(a, b int) int { return b - a })
		if len(values) == 0 && key == "text-only" {
			continue
		}
		if !falling || len(values) != len(s.Ratings)-1 || values[0] != s.Best || values[len(values)-1] != s.Worst || s.Worst != 1 {
			t.Errorf("%s: values %v, best %d, worst %d", key, values, s.Best, s.Worst)
		}
	}
}

func TestColoursAreTokensOfTheStyleSheet(t *testing.T) {
	token := regexp.MustCompile(`^rating-([1-5]|none)$`)
	for key, s := range scales(t) {
		for _, r := range s.Ratings {
			if !token.MatchString(r.Colour) {
				t.Errorf("%s: %q has colour %q", key, r.Code, r.Colour)
			}
		}
	}
}

func TestCodesAreStableNames(t *testing.T) {
	code := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for key, s := range scales(t) {
		for _, r := range s.Ratings {
			if !code.MatchString(r.Code) || slices.Contains(review.States, review.State(r.Code)) {
				t.Errorf("%s: code %q", key, r.Code)
			}
		}
	}
}

// protected are names of ratings that belong to somebody else.
var protected = []string{"pinocchio", "geppetto", "truth-o-meter", "truth o meter", "truthometer", "pants on fire", "flip-o-meter", "bottomless"}

func TestScalesUseNobodysNames(t *testing.T) {
	for _, body := range data.Scales() {
		for _, name := range protected {
			if strings.Contains(strings.ToLower(string(body)), name) {
				t.Errorf("%q belongs to somebody else, and stands in\n%s", name, body)
			}
		}
	}
}

func samples(t *testing.T) []data.Sample {
	t.Helper()
	all, err := data.Samples()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSamplesAreArticlesOfThePast(t *testing.T) {
	all, pages := samples(t), 0
	keys, addresses := map[string]bool{}, map[string]bool{}
	for _, s := range all {
		keys[s.Key], addresses[s.URL] = true, true
		if s.Name == "article.html" {
			pages++
		}
		if s.Publisher == "" || s.Author == "" || len(strings.Fields(string(s.Body))) < 200 {
			t.Errorf("%s: publisher %q, author %q, %d words", s.Key, s.Publisher, s.Author, len(strings.Fields(string(s.Body))))
		}
		if s.Published.Before(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)) || s.Published.After(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s was published %v", s.Key, s.Published)
		}
	}
	if len(all) < 5 || len(keys) != len(all) || len(addresses) != len(all) || pages == 0 || !keys["anchorage-summit"] {
		t.Errorf("%d samples, %d keys, %d addresses, %d pages", len(all), len(keys), len(addresses), pages)
	}
}

// reserved are the domains that belong to nobody: RFC 2606 and RFC 6761.
var reserved = regexp.MustCompile(`(^|\.)(example|example\.(com|net|org))$`)

func TestSamplesNameNobodysAddress(t *testing.T) {
	address := regexp.MustCompile(`https?://[^\s"'<>]+`)
	for _, s := range samples(t) {
		for _, found := range append(address.FindAllString(string(s.Body), -1), s.URL) {
			u, err := url.Parse(found)
			if err != nil || u.Scheme != "https" || !reserved.MatchString(u.Hostname()) {
				t.Errorf("%s names %q, %v", s.Key, found, err)
			}
		}
	}
}

func TestReadSampleRefuses(t *testing.T) {
	const meta = "Ours.\n-- meta.json --\n{\"url\": \"https://example.org\"}\n"
	tests := []struct{ name, archive, says string }{
		{"nothing", "", "0 files"},
		{"no article", meta, "1 files"},
		{"no comment", strings.TrimPrefix(meta, "Ours.\n") + "-- article.txt --\nx\n", "want a comment"},
		{"article first", "Ours.\n-- article.txt --\nx\n-- meta.json --\n{}\n", "meta.json"},
		{"unknown field", "Ours.\n-- meta.json --\n{\"link\": 1}\n-- article.txt --\nx\n", "link"},
		{"bad date", "Ours.\n-- meta.json --\n{\"published\": \"May\"}\n-- article.txt --\nx\n", "meta.json"},
		{"a picture", meta + "-- article.png --\nx\n", "neither a text nor a page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if s, err := data.ReadSample([]byte(tt.archive)); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("readSample = %+v, %v, want an error about %q", s, err, tt.says)
			}
		})
	}
}
