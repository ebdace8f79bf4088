package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/earlier"
	"factcheck/internal/match"
)

// matchCmd is "factcheck match": was this checked before?
type matchCmd struct {
	database
	encoding
	Many    int      `name:"k" short:"k" default:"10" placeholder:"N" help:"How many to list at most, 1 to 50."`
	Format  string   `default:"text" enum:"text,json" env:"FACTCHECK_MATCH_FORMAT" help:"text or json."`
	Speaker string   `placeholder:"NAME" help:"Who says it."`
	Date    string   `placeholder:"2025-08-15" help:"When it was said."`
	All     bool     `help:"List the nearest too that are not likely the same claim."`
	Text    []string `arg:"" help:"The claim; several words need no quotation marks."`
}

// Help is the example under --help.
func (matchCmd) Help() string {
	return "Lists our own earlier claims, published or not, and checks by others from the library, with the reasons. " +
		"If none is likely the same claim it says so.\n\nExample: factcheck match -k 5 'The bridge cost two billion'"
}

// Run prints what is like the text, best first.
func (cmd matchCmd) Run(ctx context.Context, e *env) (err error) {
	if cmd.Many < 1 || cmd.Many > matchDepth {
		return usageError{fmt.Sprintf("-k is a number from 1 to %d.", matchDepth)}
	}
	q := match.Query{Text: strings.TrimSpace(strings.Join(cmd.Text, " ")), Speaker: cmd.Speaker}
	if q.Text == "" || len(q.Text) > claims.MaxArticleBytes {
		return usageError{"Give the claim in words, as it was said."}
	}
	if cmd.Date != "" {
		if q.Date, err = time.Parse(time.DateOnly, cmd.Date); err != nil {
			return usageError{fmt.Sprintf("%q is not a date. Write it as 2025-08-15.", cmd.Date)}
		}
	}
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	s, err := cmd.encoding.earlier(st, e)
	if err != nil {
		return err
	}
	if err := s.Index.Load(ctx); err != nil {
		return err
	}
	found, err := s.Match(ctx, q, cmd.Many)
	if err != nil {
		return err
	}
	if problem := s.Index.Status().Problem; problem != "" {
		fmt.Fprintln(e.stderr, problem)
	}
	certain := len(found) > 0 && found[0].Score >= earlier.Certain
	if !cmd.All {
		found = likely(found, certain)
	}
	if cmd.Format == "json" {
		return writeMatchesJSON(e.stdout, q.Text, certain, found)
	}
	return writeMatchesText(e.stdout, certain, found)
}

// likely are the finds that are more than words in common; none if not even the
// first is likely the same claim.
func likely(found []earlier.Found, certain bool) []earlier.Found {
	if !certain {
		return nil
	}
	return slices.DeleteFunc(found, func(f earlier.Found) bool { return f.Score < earlier.Unlike })
}

// matchedJSON is the shape of "match --format json".
type matchedJSON struct {
	Text    string       `json:"text"`
	Found   bool         `json:"found"` // the first is likelier than not the same claim
	Matches []oneMatched `json:"matches"`
}

type oneMatched struct {
	Rank      int             `json:"rank"`
	Score     float64         `json:"score"`
	ID        string          `json:"id"`
	From      string          `json:"from"` // "us" or "others"
	Claim     string          `json:"claim"`
	Claimant  string          `json:"claimant,omitempty"`
	Publisher string          `json:"publisher,omitempty"`
	Rating    string          `json:"rating,omitempty"` // in the publisher's words
	Title     string          `json:"title,omitempty"`
	URL       string          `json:"url,omitempty"`
	Date      string          `json:"date,omitempty"` // of the check
	State     string          `json:"state,omitempty"`
	Review    int64           `json:"review,omitempty"`
	Reasons   []matchedReason `json:"reasons"`
	Different bool            `json:"different"` // similar words, but another number, date or denial
}

type matchedReason struct {
	For  bool   `json:"for"`
	Text string `json:"text"`
}

func writeMatchesJSON(w io.Writer, text string, certain bool, found []earlier.Found) error {
	out := matchedJSON{Text: text, Found: certain, Matches: []oneMatched{}}
	for _, f := range found {
		m := matched(f)
		m.Reasons = []matchedReason{}
		for _, r := range f.Reasons {
			m.Reasons = append(m.Reasons, matchedReason(r))
		}
		out.Matches = append(out.Matches, m)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// matched is a find but for its reasons.
func matched(f earlier.Found) oneMatched {
	m := oneMatched{Rank: f.Rank, Score: f.Score, ID: f.Ref.String(), Different: f.Differs()}
	if c := f.Claim; c != nil {
		m.From, m.Claim, m.Claimant, m.State, m.Review = "us", c.Text, c.Speaker, string(c.State), c.ReviewID
		if c.Rating != nil {
			m.Rating, m.URL, m.Date = c.Rating.Label, "/checks/"+c.Slug, dayOrNone(c.Published)
		}
		return m
	}
	c := f.Check
	m.From, m.Claim, m.Claimant, m.Publisher, m.Rating, m.Title, m.URL = "others", c.ClaimText, c.Claimant, c.Publisher.Name, c.Rating, c.Title, c.URL
	m.Date = dayOrNone(c.ReviewDate)
	return m
}

func dayOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func writeMatchesText(w io.Writer, certain bool, found []earlier.Found) error {
	var b strings.Builder
	if !certain {
		b.WriteString("No earlier check found.\n")
	}
	for _, f := range found {
		m := matched(f)
		fmt.Fprintf(&b, "%2d. %.2f  %s\n", m.Rank, min(m.Score, .99), oneLine(m.Claim)) // nothing is certain
		fmt.Fprintf(&b, "          %s\n", strings.Join(about(m), " · "))
		for _, r := range f.Reasons {
			sign := "+"
			if !r.For {
				sign = "-"
			}
			fmt.Fprintf(&b, "          %s %s\n", sign, oneLine(r.Text))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// about is who checked it, how it was rated, when and where.
func about(m oneMatched) []string {
	parts := []string{"us: " + m.State}
	if m.From == "others" {
		parts = []string{m.Publisher}
	}
	if m.Rating != "" {
		parts = append(parts, "“"+oneLine(m.Rating)+"”")
	}
	for _, p := range []string{m.Date, m.URL} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if m.Review != 0 {
		parts = append(parts, fmt.Sprintf("review %d", m.Review))
	}
	return parts
}
