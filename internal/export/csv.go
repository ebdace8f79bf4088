package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"factcheck/internal/review"
)

// Column is one column of the csv format.
type Column struct {
	Name string // in the header
	Doc  string // what a cell holds
	cell func(Site, review.Report) string
}

// Columns lists the columns of the csv format from left to right. New ones are
// added at the end; none is renamed or moved. Times are RFC 3339 in UTC, or
// a date alone where only the day is known; lists are one item a line; a cell
// is empty where the report says nothing.
var Columns = []Column{
	{"url", "address of the check's live edition", func(s Site, r review.Report) string { return s.CheckURL(r.Slug) }},
	{"edition", "1, then one more for each correction", func(_ Site, r review.Report) string { return strconv.Itoa(r.Edition) }},
	{"claim", "what was said", func(_ Site, r review.Report) string { return r.Claim.Text }},
	{"short_form", "the claim for a headline", func(_ Site, r review.Report) string { return r.Claim.ShortForm }},
	{"claim_kind", "what sort of statement it is, such as quantity", func(_ Site, r review.Report) string { return string(r.Claim.Kind) }},
	{"language", "of the claim, BCP 47", func(_ Site, r review.Report) string { return r.Claim.Lang }},
	{"claimant", "who said it; empty if nobody in particular", func(_ Site, r review.Report) string { return speaker(r).Name }},
	{"claimant_kind", "person, organisation or unknown", func(_ Site, r review.Report) string { return string(speaker(r).Kind) }},
	{"said_at", "when it was said", func(_ Site, r review.Report) string { return isoTime(r.Claim.SaidAt) }},
	{"rating", "the verdict in a word, as readers see it", func(_ Site, r review.Report) string { return r.Rating.Label }},
	{"rating_code", "the verdict for programs", func(_ Site, r review.Report) string { return r.Rating.Code }},
	{"rating_value", "its place in the order, if it has one", func(_ Site, r review.Report) string { return number(r, r.Rating.Value) }},
	{"rating_best", "value of the truest rating", func(_ Site, r review.Report) string { return number(r, &r.Scale.Best) }},
	{"rating_worst", "value of the falsest rating", func(_ Site, r review.Report) string { return number(r, &r.Scale.Worst) }},
	{"scale", "key and version of the rating scale", func(_ Site, r review.Report) string { return r.Scale.Key + " " + strconv.Itoa(r.Scale.Version) }},
	{"summary", "what was found, in a paragraph", func(_ Site, r review.Report) string { return r.Summary }},
	{"rationale", "how it was found, Markdown", func(_ Site, r review.Report) string { return r.Rationale }},
	{"why_chosen", "why the newsroom checked this claim", func(_ Site, r review.Report) string { return r.Chosen }},
	{"appearances", "where it was said: address or title, one a line", func(_ Site, r review.Report) string { return lines(r.Appearances, placeLine) }},
	{"evidence", "number, stance and address or title of each source, one a line", func(_ Site, r review.Report) string { return lines(r.Evidence, sourceLine) }},
	{"written_by", "author of the verdict", func(_ Site, r review.Report) string { return r.WrittenBy }},
	{"approved_by", "editors who approved it, one a line", func(_ Site, r review.Report) string {
		return lines(r.ApprovedBy, func(s review.ReportSigner) string { return s.Name })
	}},
	{"published_by", "who published this edition", func(_ Site, r review.Report) string { return r.PublishedBy }},
	{"first_published", "when the first edition came out", func(_ Site, r review.Report) string { return stamp(r.FirstPublished) }},
	{"published", "when this edition came out", func(_ Site, r review.Report) string { return stamp(r.PublishedAt) }},
	{"correction_kind", "from the second edition on: correction, clarification, update, verdict_change or retraction", func(_ Site, r review.Report) string { return string(change(r).Kind) }},
	{"correction_note", "why this edition replaced the one before", func(_ Site, r review.Report) string { return change(r).Note }},
	{"content_hash", "SHA-256 of what the editors approved", func(_ Site, r review.Report) string { return r.ContentHash }},
	{"retracted", "why the check was withdrawn, for programs: wrong_verdict, fabricated_evidence, wrong_claimant or legal; the note is in correction_note", func(_ Site, r review.Report) string {
		return exceptionOf(r.Retracted).Code
	}},
	{"published_without_second_review", "why nobody approved it before it was published", func(_ Site, r review.Report) string { return exceptionOf(r.Unreviewed).Note }},
	{"topics", "what the claim is about, one a line", func(_ Site, r review.Report) string { return strings.Join(r.Claim.Topics, "\n") }},
}

// writeCSV writes a header and one row a report (RFC 4180 with LF line ends).
func writeCSV(w io.Writer, site Site, reports Reports) error {
	if err := site.Check(); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	row := make([]string, len(Columns))
	for i, c := range Columns {
		row[i] = c.Name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for p, err := range reports {
		if err != nil {
			return err
		}
		for i, c := range Columns {
			row[i] = asText(c.cell(site, p.Report))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// formula are the characters that make a spreadsheet calculate a cell instead
// of showing it, with their full-width forms (OWASP, "CSV Injection").
const formula = "=+-@＝＋－＠"

// Cell is text as it may stand in a cell of a spreadsheet.
func Cell(text string) string { return asText(text) }

// asText puts an apostrophe before a cell that a spreadsheet would take for a
// formula, which makes it text there.
func asText(cell string) string {
	bare := strings.TrimLeftFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	if strings.IndexAny(cell, "\t\r\n") == 0 || strings.IndexAny(bare, formula) == 0 {
		return "'" + cell
	}
	return cell
}

// speaker is the claimant, zero if there is none.
func speaker(r review.Report) review.ReportSpeaker {
	if r.Claimant == nil {
		return review.ReportSpeaker{}
	}
	return *r.Claimant
}

// change is the correction, zero if there is none.
func change(r review.Report) review.ReportChange {
	if r.Correction == nil {
		return review.ReportChange{}
	}
	return *r.Correction
}

// exceptionOf is *e, zero if there is none.
func exceptionOf(e *review.ReportReason) review.ReportReason {
	if e == nil {
		return review.ReportReason{}
	}
	return *e
}

// number is *n, or empty for a rating without a place in the order.
func number(r review.Report, n *int) string {
	if !ordered(r) {
		return ""
	}
	return strconv.Itoa(*n)
}

// ordered reports whether the rating has a place between a worst and a best
// one: only then may its numbers be told.
func ordered(r review.Report) bool {
	v, s := r.Rating.Value, r.Scale
	return v != nil && s.Worst >= 1 && s.Best > s.Worst && *v >= s.Worst && *v <= s.Best
}

func lines[T any](items []T, line func(T) string) string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = line(item)
	}
	return strings.Join(all, "\n")
}

func placeLine(p review.ReportPlace) string { return firstOf(webAddress(p.URL), p.Title, p.Quote) }

func sourceLine(e review.ReportSource) string {
	return "[" + strconv.Itoa(e.Number) + "] " + string(e.Stance) + ": " + firstOf(webAddress(e.URL), e.Title)
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// isoTime is t as the standards want it: the date alone where the time of day
// is not known, which is stored as midnight. Empty for nil.
func isoTime(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	if u := t.UTC(); u.Equal(u.Truncate(24 * time.Hour)) {
		return u.Format(time.DateOnly)
	}
	return stamp(*t)
}

// stamp is a moment in UTC to the second, RFC 3339.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
