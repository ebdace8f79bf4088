package export

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// scale is the rating, and the steps that have an order and those that have
// none; retired ones are shown only where they were given.
func scale(r review.Report) (current Step, ordered, others []Step) {
	for _, rating := range r.Scale.Ratings {
		if rating.Retired && rating.Code != r.Rating.Code {
			continue
		}
		if rating.Value == nil {
			others = append(others, step(r, rating))
		} else {
			ordered = append(ordered, step(r, rating))
		}
	}
	slices.Reverse(ordered) // truest first in the scale
	return step(r, r.Rating), ordered, others
}

func step(r review.Report, rating review.Rating) Step {
	class := rating.Colour
	if !ratingClass.MatchString(class) {
		class = "rating-none"
	}
	return Step{rating.Label, rating.Definition, class, rating.Code == r.Rating.Code}
}

func places(all []review.ReportPlace) []Place {
	var out []Place
	for _, p := range all {
		out = append(out, Place{
			p.Title, p.Publisher, webAddress(p.URL), hostOf(p.URL), day(p.PublishedAt), before(p.Prefix), p.Quote, after(p.Suffix),
		})
	}
	return out
}

// before and after are the context of a quotation in whole words. Context that
// is shorter than it may be ends where the text does.

func before(prefix string) string {
	if len(prefix) <= claims.ContextLen-utf8.UTFMax {
		return prefix
	}
	if i := strings.IndexFunc(prefix, unicode.IsSpace); i >= 0 {
		prefix = prefix[i:]
	}
	return "…" + strings.TrimLeftFunc(prefix, unicode.IsSpace)
}

func after(suffix string) string {
	if len(suffix) <= claims.ContextLen-utf8.UTFMax {
		return suffix
	}
	if i := strings.LastIndexFunc(suffix, unicode.IsSpace); i >= 0 {
		suffix = suffix[:i]
	}
	suffix = strings.TrimRightFunc(suffix, unicode.IsSpace)
	return suffix + ellipsis(suffix)
}

// ellipsis is "…" unless text ends with its sentence.
func ellipsis(text string) string {
	bare := strings.TrimRight(text, " \n\t\"'”’»)")
	if r, _ := utf8.DecodeLastRuneInString(bare); strings.ContainsRune(".!?…。؟", r) {
		return ""
	}
	return "…"
}

func copyOf(c *review.ReportCopy) *Copy {
	if c == nil {
		return nil
	}
	return &Copy{c.SHA256, day(&c.At), c.File}
}

func sources(all []review.ReportSource) []Source {
	var out []Source
	for _, e := range all {
		out = append(out, Source{
			Number: e.Number, Stance: stances[e.Stance],
			Title: firstOf(e.Title, e.URL), URL: webAddress(e.URL), Host: hostOf(e.URL), Archive: webAddress(e.ArchiveURL),
			Publisher: e.Publisher, Quote: e.Quote, Note: e.Note, Accessed: day(e.AccessedAt),
			Origin: origins[e.Origin], Behind: e.Behind, Interest: e.Interest, Copy: copyOf(e.Copy), NoCopy: e.NoCopy,
		})
	}
	return out
}

func numbers(sources []review.ReportSource) map[int]bool {
	all := map[int]bool{}
	for _, e := range sources {
		all[e.Number] = true
	}
	return all
}

func signers(all []review.ReportSigner) []Signer {
	var out []Signer
	for _, s := range all {
		out = append(out, Signer{s.Name, day(&s.At)})
	}
	return out
}

var ratingClass = regexp.MustCompile(`^rating-(?:[1-5]|none)$`)

// stances is how each stance is shown.
var stances = map[review.Stance]Stance{
	review.Supports: {"▲", "Supports the claim", "stance-supports"},
	review.Refutes:  {"▼", "Refutes the claim", "stance-refutes"},
	review.Context:  {"■", "Gives context", "stance-context"},
}

// origins is what readers are told of where a source stands.
var origins = map[review.Origin]string{review.Primary: "Primary source", review.Secondary: "Secondary source"}
