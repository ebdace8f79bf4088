package library_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"factcheck/internal/library"
)

// FuzzRead feeds every reader with anything: it ends, positions grow, and what
// it yields keeps the promises of Check.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/quirks/*")
	if err != nil || len(names) == 0 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for i := range library.Formats {
			f.Add(string(data), byte(i))
		}
	}
	f.Fuzz(func(t *testing.T, data string, format byte) {
		at := int64(0)
		for it, err := range library.Formats[int(format)%len(library.Formats)].Read(strings.NewReader(data), library.Options{}) {
			if err != nil {
				return
			}
			if it.Next != (library.Position{}) {
				if it.Next.Offset < at || it.Next.Offset > int64(len(data)) || it.Next.Line < 1 {
					t.Fatalf("stands at %+v after %d of %d", it.Next, at, len(data))
				}
				at = it.Next.Offset
			}
			for _, c := range it.Checks {
				promises(t, c)
			}
			for _, r := range it.Rejected {
				if r.Why == "" || strings.ContainsAny(r.Why, "\n") {
					t.Fatalf("rejected without a sentence: %+v", r)
				}
			}
		}
	})
}

// promises holds a check to what Check says of its fields.
func promises(t *testing.T, c library.Check) {
	t.Helper()
	if c.ClaimText == "" || c.Fingerprint == "" || c.URL == "" && c.Publisher.Name == "" || c.Rule == "" || !slices.Contains(library.Buckets, c.Bucket) {
		t.Fatalf("incomplete: %+v", c)
	}
	for _, text := range []string{c.ClaimText, c.Title, c.Claimant, c.Rating, c.URL, c.Publisher.Name, c.Publisher.Site, c.Lang} {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\r\t") || text != strings.TrimSpace(text) {
			t.Fatalf("not clean: %q", text)
		}
	}
	if utf8.RuneCountInString(c.ClaimText) > library.MaxClaim || len(c.Appearances) > library.MaxAppearances {
		t.Fatalf("not bounded: %+v", c)
	}
	for _, place := range append([]string{c.URL, c.FirstAppearance}, c.Appearances...) {
		if place != "" && !strings.HasPrefix(place, "http://") && !strings.HasPrefix(place, "https://") {
			t.Fatalf("no address: %q", place)
		}
	}
	if v, b, w := c.RatingValue, c.RatingBest, c.RatingWorst; (v == nil) != (b == nil) || (v == nil) != (w == nil) {
		t.Fatalf("half a scale: %+v", c)
	}
}

// FuzzWords holds folding to what the databases rely on.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"Vaccines cause autism", "Çà & là: œuvres", "月球是由奶酪制成的", "จริงหรือไม่", "चाँद पनीर का", "don't 3.5 US$", "'\\\"*():^"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words := library.Words(s)
		if !utf8.ValidString(words) || strings.ContainsAny(words, "\x00'\"\\*():^|&!<>-") {
			t.Fatalf("Words(%q) = %q", s, words)
		}
		all := strings.Fields(words)
		if strings.Join(all, " ") != words {
			t.Fatalf("Words(%q) = %q", s, words)
		}
		terms := library.Terms(s)
		if len(terms) > 8 {
			t.Fatalf("Terms(%q) = %q", s, terms)
		}
		for _, w := range terms {
			if !slices.Contains(all, w) {
				t.Fatalf("the term %q is not among the words %q", w, words)
			}
		}
		for _, set := range library.Alternatives(terms, library.Spare(len(terms))) {
			if len(set) != len(terms)-library.Spare(len(terms)) {
				t.Fatalf("%q is an alternative of %q", set, terms)
			}
		}
	})
}
