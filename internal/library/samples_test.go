package library_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/library"
)

// envSamples names a folder of ClaimReview as it is found in the wild, which is
// not ours to keep here: synthetic/expected.json says what each of its files
// holds, real_html and real_jsonld hold published ones.
const envSamples = "FACTCHECK_CLAIMREVIEW_SAMPLES"

const pageURL = "https://check.example/page"

func samples(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(envSamples)
	if dir == "" {
		t.Skip(envSamples + " names no folder of samples")
	}
	return dir
}

func readFile(t *testing.T, name, page string) ([]library.Check, []library.Rejected) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	format, _ := library.Lookup("claimreview")
	var checks []library.Check
	var rejected []library.Rejected
	for it, err := range format.Read(f, library.Options{Page: page}) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checks = append(checks, it.Checks...)
		rejected = append(rejected, it.Rejected...)
	}
	return checks, rejected
}

func TestSyntheticSamplesReadAsAPersonReadsThem(t *testing.T) {
	dir := samples(t)
	data, err := os.ReadFile(filepath.Join(dir, "synthetic", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		File   string
		Why    string
		Expect map[string]any
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 30 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(filepath.Base(c.File), func(t *testing.T) {
			checks, _ := readFile(t, filepath.Join(dir, c.File), pageURL)
			if n, ok := c.Expect["records"].(float64); ok && int(n) != len(checks) {
				t.Fatalf("%s: %d records, want %v: %+v", c.Why, len(checks), n, checks)
			}
			if len(checks) == 0 {
				return
			}
			got := seen(checks[0])
			for field, want := range c.Expect {
				switch {
				case field == "records" || field == "note":
				case want == "page URL":
					want = pageURL
					fallthrough
				default:
					if want == "resolve against the page URL" {
						want = "https://check.example/1"
					}
					if a, b := asJSON(t, got[field]), asJSON(t, want); a != b {
						t.Errorf("%s: %s = %s, want %s", c.Why, field, a, b)
					}
				}
			}
		})
	}
}

// seen is a check in the words of expected.json.
func seen(c library.Check) map[string]any {
	out := map[string]any{
		"claim": c.ClaimText, "rating": nil, "url": c.URL, "publisher": c.Publisher.Name, "claimant": c.Claimant,
		"appearances": c.Appearances, "firstAppearance": c.FirstAppearance, "ratingValue": c.RatingValue, "date": nil,
	}
	if c.Rating != "" {
		out["rating"] = c.Rating
	}
	if !c.ReviewDate.IsZero() {
		out["date"] = c.ReviewDate.Format("2006-01-02")
	}
	return out
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestRealSamplesLoseNothing holds every published sample to what a person
// finds in it: a check for each ClaimReview, with claim, address, publisher and
// date, and its rating in the words of the file.
func TestRealSamplesLoseNothing(t *testing.T) {
	dir := samples(t)
	names, err := filepath.Glob(filepath.Join(dir, "real_*", "*"))
	if err != nil || len(names) < 20 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := max(strings.Count(string(raw), `"ClaimReview"`), strings.Count(string(raw), "schema.org/ClaimReview"))
			checks, rejected := readFile(t, name, "")
			if len(checks) != want || len(rejected) > 0 {
				t.Fatalf("%d checks, want %d; rejected %v", len(checks), want, rejected)
			}
			for _, c := range checks {
				if c.URL == "" || c.Publisher.Name == "" || c.Publisher.Site == "" || c.ReviewDate.IsZero() || c.ClaimText == "" {
					t.Errorf("incomplete: %+v", c)
				}
				if c.Rating == "" && strings.Contains(string(raw), "alternateName") {
					t.Errorf("no rating: %+v", c)
				}
				if !slices.Contains(library.Buckets, c.Bucket) || c.Rule == "" {
					t.Errorf("bucket %q because %q", c.Bucket, c.Rule)
				}
				t.Logf("%s | %s | %s | by %s on %s | claimant %q on %s | %q %v -> %s (%s) | %s | %v %s", c.URL, c.ClaimText, c.Title, c.Publisher,
					c.ReviewDate.Format("2006-01-02"), c.Claimant, c.ClaimDate.Format("2006-01-02"), c.Rating, asJSON(t, c.RatingValue), c.Bucket, c.Rule, c.Lang, c.Appearances, c.FirstAppearance)
			}
		})
	}
}
