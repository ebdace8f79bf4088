package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/ingest"
	"factcheck/internal/pipeline"
)

// extractCmd is "factcheck extract": what would the desk find in this text?
type extractCmd struct {
	Format string `default:"text" enum:"text,json" help:"text or json." env:"FACTCHECK_EXTRACT_FORMAT"`
	Date   string `placeholder:"2025-08-15" help:"Day on which the text was published, where the text does not say: “by Friday” is seen from it." env:"FACTCHECK_EXTRACT_DATE"`
	From   string `arg:"" name:"source" help:"A file, a web address, or - for standard input."`
}

// Help is the example under --help.
func (extractCmd) Help() string { return "Example: factcheck extract --format json article.txt" }

// Run prints the claims, best first.
func (cmd extractCmd) Run(ctx context.Context, e *env) error {
	in, err := e.input(cmd.From)
	if err != nil {
		return err
	}
	a, err := (&ingest.Reader{Client: fetcher(false)}).Read(ctx, in)
	if err != nil {
		return err
	}
	if cmd.Date != "" {
		if a.PublishedAt, err = time.Parse(time.DateOnly, cmd.Date); err != nil {
			return errs.Newf("cmd.extract", errs.Invalid, "“%.20s” is not a date. Write it as 2025-08-15.", cmd.Date)
		}
	}
	found := pipeline.Find(a)
	if cmd.Format == "json" {
		return writeClaimsJSON(e.stdout, a, found)
	}
	return writeClaimsText(e.stdout, a, found)
}

// input is where an article is read from: an address, "-" or a file.
func (e *env) input(from string) (ingest.Input, error) {
	if strings.HasPrefix(from, "http://") || strings.HasPrefix(from, "https://") {
		return ingest.Input{URL: from}, nil
	}
	r, name := e.stdin, ""
	if from != "-" {
		f, err := os.Open(from)
		if err != nil {
			return ingest.Input{}, errs.Newf("cmd.input", errs.NotFound, "There is no file %q that can be read. Name a file, a web address, or - for standard input.", from)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return ingest.Input{}, errs.Newf("cmd.input", errs.Invalid, "%q is a folder. Name the files in it.", from)
		}
		r, name = f, filepath.Base(from)
	}
	data, err := ingest.ReadAll(r)
	return ingest.Input{Data: data, Name: name}, err
}

// fetcher fetches from the public internet; loopback is for tests alone.
func fetcher(loopback bool) *ingest.Fetcher {
	return ingest.NewFetcher(ingest.FetchOptions{AllowLoopback: loopback})
}

func writeClaimsText(w io.Writer, a claims.Article, found []claims.Candidate) error {
	var b strings.Builder
	if a.Title != "" {
		fmt.Fprintf(&b, "%s\n\n", a.Title)
	}
	for i, c := range found {
		fmt.Fprintf(&b, "%2d. %.2f  %s\n", i+1, c.Score, oneLine(c.Span.Quote))
		who := c.Attribution.Canonical
		if who == "" {
			who = c.Attribution.Speaker
		}
		if who == "" {
			who = "the article itself"
		}
		fmt.Fprintf(&b, "          %s · %s%s\n", who, c.Kind, details(c))
	}
	if len(found) == 0 {
		b.WriteString("No claims found.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// details are what else is known of a claim.
func details(c claims.Candidate) string {
	out := ""
	if len(c.Reasons) > 0 {
		out += " · " + strings.Join(c.Reasons, ", ")
	}
	if !c.SaidAt.IsZero() {
		out += " · said on " + c.SaidAt.Format("2 January 2006")
	}
	if !c.Due.IsZero() {
		out += " · can be checked from " + c.Due.Format("2 January 2006")
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// The shape of "extract --format json"; offsets are code points.
type extracted struct {
	Article extractedArticle `json:"article"`
	Claims  []extractedClaim `json:"claims"`
}

type extractedArticle struct {
	Title  string `json:"title"`
	Lang   string `json:"lang"`
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

type extractedClaim struct {
	Text        string               `json:"text"`
	Start       int                  `json:"start"`
	End         int                  `json:"end"`
	Sentence    extractedSpan        `json:"sentence"`
	Score       float64              `json:"score"`
	Kind        claims.Kind          `json:"kind"`
	Attribution extractedAttribution `json:"attribution"`
	Quotes      []extractedSpan      `json:"quotes"`
	Reasons     []string             `json:"reasons"`
	ShortForm   string               `json:"short_form,omitempty"`
	Due         string               `json:"due,omitempty"`
	SaidAt      string               `json:"said_at,omitempty"`
}

type extractedSpan struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type extractedAttribution struct {
	Type      claims.AttributionType `json:"type"`
	Speaker   string                 `json:"speaker,omitempty"`
	Canonical string                 `json:"canonical,omitempty"`
	Start     *int                   `json:"start,omitempty"`
	End       *int                   `json:"end,omitempty"`
	Cue       string                 `json:"cue,omitempty"`
	CueStart  *int                   `json:"cue_start,omitempty"`
	CueEnd    *int                   `json:"cue_end,omitempty"`
}

func writeClaimsJSON(w io.Writer, a claims.Article, found []claims.Candidate) error {
	cp := claims.NewCodePoints(a.Text)
	out := extracted{Article: extractedArticle{a.Title, a.Lang, a.SHA256, a.Text}, Claims: []extractedClaim{}}
	for _, c := range found {
		out.Claims = append(out.Claims, extractedClaim{
			Text: c.Span.Quote, Start: cp.At(c.Span.Start), End: cp.At(c.Span.End), Sentence: codePoints(cp, c.Sentence),
			Score: c.Score, Kind: c.Kind, Attribution: attribution(cp, c.Attribution), Quotes: quotes(cp, c.Quotes),
			Reasons: append([]string{}, c.Reasons...), ShortForm: c.ShortForm,
			Due: isoDay(c.Due), SaidAt: isoDay(c.SaidAt),
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// isoDay is t as "2030-12-31"; "" if it is not known.
func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func codePoints(cp *claims.CodePoints, o claims.Offsets) extractedSpan {
	return extractedSpan{cp.At(o.Start), cp.At(o.End)}
}

func quotes(cp *claims.CodePoints, all []claims.Offsets) []extractedSpan {
	out := []extractedSpan{}
	for _, q := range all {
		out = append(out, codePoints(cp, q))
	}
	return out
}

func attribution(cp *claims.CodePoints, a claims.Attribution) extractedAttribution {
	out := extractedAttribution{Type: a.Type, Speaker: a.Speaker, Canonical: a.Canonical, Cue: a.Cue}
	at := func(i int) *int { n := cp.At(i); return &n }
	if a.End > a.Start {
		out.Start, out.End = at(a.Start), at(a.End)
	}
	if a.CueEnd > a.CueStart {
		out.CueStart, out.CueEnd = at(a.CueStart), at(a.CueEnd)
	}
	return out
}
