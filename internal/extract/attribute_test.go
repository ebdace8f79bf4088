package extract_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
)

func spanOf(text string, o claims.Offsets) string { return text[o.Start:o.End] }

func TestAttributions(t *testing.T) {
	tests := []struct {
		name, text  string
		kind        claims.AttributionType
		source, cue string
		parts       []string
		who         string
	}{
		{"direct", "“The bridge is safe,” Mayor Ana Lindqvist said on Monday.", claims.Direct, "Mayor Ana Lindqvist", "said", []string{"“The bridge is safe,”"}, "Ana Lindqvist"},
		{"split", "“The bridge,” Ana Lindqvist said, “is safe.”", claims.Direct, "Ana Lindqvist", "said", []string{"“The bridge,”", "“is safe.”"}, "Ana Lindqvist"},
		{"indirect", "The ministry said that prices would rise by a third next year.", claims.Indirect, "The ministry", "said", []string{"that prices would rise by a third next year"}, "the ministry"},
		{"mixed", "Mr Ruiz said the plan was “dead on arrival” in the Senate.", claims.Mixed, "Mr Ruiz", "said", []string{"the plan was “dead on arrival” in the Senate"}, "Ruiz"},
		{"nearly all quoted", "Mr Ruiz said that “the plan the Senate has seen is dead on arrival, and everybody who sits there has known it for the better part of a year.”", claims.Direct, "Mr Ruiz", "said", nil, "Ruiz"},
		{"according", "According to the Ministry of Finance, prices rose by a third last year.", claims.Indirect, "the Ministry of Finance", "According to", []string{"prices rose by a third last year"}, "the Ministry of Finance"},
		{"over two paragraphs", "“The bridge is safe,” Mayor Ana Lindqvist said on Monday.\n\n“We have looked at every bolt of it.”", claims.Direct, "Mayor Ana Lindqvist", "said", []string{"“The bridge is safe,”", "“We have looked at every bolt of it.”"}, "Ana Lindqvist"},
		{"what leads in to a quotation", "As the rain fell, Ana Lindqvist said, “The bridge is safe for all of us.”", claims.Direct, "Ana Lindqvist", "said", []string{"“The bridge is safe for all of us.”"}, "Ana Lindqvist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := extract.Attributions(claims.Article{Text: tt.text, Lang: "en"})
			if len(all) != 1 {
				t.Fatalf("%d attributions, want 1: %+v", len(all), all)
			}
			a := all[0]
			var parts []string
			for _, p := range a.Parts {
				parts = append(parts, spanOf(tt.text, p))
			}
			if a.Type != tt.kind || spanOf(tt.text, a.Source) != tt.source || spanOf(tt.text, a.Cue) != tt.cue || a.Canonical != tt.who {
				t.Errorf("%s by %q (%q) with %q, want %s by %q (%q) with %q", a.Type, spanOf(tt.text, a.Source), a.Canonical, spanOf(tt.text, a.Cue), tt.kind, tt.source, tt.who, tt.cue)
			}
			if tt.parts != nil && !slices.Equal(parts, tt.parts) {
				t.Errorf("says %q, want %q", parts, tt.parts)
			}
		})
	}
}

func TestAttributionsAreSound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	marks := []string{",", "\"", "“", "”", ".", " ", ":", "(", "\n", " said ", " that ", "\xff", "\u0301", "5"}
	for name, text := range samples(t) {
		for range 40 {
			b := []byte(text)
			for range 1 + len(b)/120 {
				i, m := r.IntN(len(b)), marks[r.IntN(len(marks))]
				b = append(b[:i], append([]byte(m), b[min(len(b), i+r.IntN(3)):]...)...)
			}
			damaged := string(b)
			for _, a := range extract.Attributions(claims.Article{Text: damaged, Lang: "en"}) {
				last := 0
				for _, p := range a.Parts {
					if p.Start < last || p.End <= p.Start || p.End > len(damaged) {
						t.Fatalf("%s: part %v after %d of %q", name, p, last, damaged)
					}
					last = p.End
				}
				for _, o := range []claims.Offsets{a.Source, a.Cue} {
					if o.Start < 0 || o.End < o.Start || o.End > len(damaged) {
						t.Fatalf("%s: %v is outside", name, o)
					}
				}
			}
		}
	}
}

func TestOtherLanguagesHaveNoAttributions(t *testing.T) {
	if all := extract.Attributions(claims.Article{Text: "„Die Brücke ist sicher“, sagte die Bürgermeisterin.", Lang: "de"}); len(all) != 0 {
		t.Errorf("%d attributions by a model of English", len(all))
	}
}

// A phrase after a preposition is not what somebody says, however many verb
// forms it holds: taking it for that cut the claim before it in two.
func TestAPhraseAfterAPrepositionIsNoStatement(t *testing.T) {
	const text = "The governor returned on Friday.\n\nThis marks her first trip to a coastal state since the International Criminal Court issued a warrant for her arrest over alleged war crimes related to the unlawful removal of island families."
	for _, c := range extract.Find(claims.Article{Text: text, Lang: "en"}) {
		if strings.Contains(c.Span.Quote, "first trip") && strings.Contains(c.Span.Quote, "issued a warrant for her arrest") {
			return
		}
	}
	t.Error("the claim is not found whole")
}
