package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// engine is what finds claims in this build: the program's version and the name
// of its models.
func engine() string { return "factcheck " + version + ", models " + pipeline.Models() }

// taughtCmd is "factcheck corrections …".
type taughtCmd struct {
	Export exportTaughtCmd `cmd:"" help:"Write them as JSON Lines, oldest first."`
}

// exportTaughtCmd is "factcheck corrections export": what to learn from.
type exportTaughtCmd struct {
	database
	Out string `short:"o" type:"path" help:"Output file (default: standard output)."`
}

// Help is the example under --help.
func (exportTaughtCmd) Help() string {
	return "A line for each span that a person added, adjusted or dismissed as no claim. Of an article's text it holds the quoted words only; sha256 says which text the offsets, in bytes of UTF-8, belong to.\n\nExample: factcheck corrections export -o spans.jsonl"
}

// Run writes the lines.
func (cmd exportTaughtCmd) Run(ctx context.Context, e *env) (err error) {
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	return e.writeAll(cmd.Out, func(w io.Writer) error { return writeTaught(ctx, w, st) })
}

// taughtLine is a line of the export. docs/formats/corrections.md describes it.
type taughtLine struct {
	Kind    review.SpanKind `json:"kind"`
	Article taughtArticle   `json:"article"`
	Old     *taughtSpan     `json:"old,omitempty"`
	New     *taughtSpan     `json:"new,omitempty"`
	Score   float64         `json:"score,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	Engine  string          `json:"engine,omitempty"`
	Review  int64           `json:"review"`
	By      int64           `json:"by"` // number of the account: no name leaves the desk
	At      time.Time       `json:"at"`
}

type taughtArticle struct {
	SHA256 string `json:"sha256"`
	URL    string `json:"url,omitempty"`
	Lang   string `json:"lang,omitempty"`
}

type taughtSpan struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
}

func writeTaught(ctx context.Context, w io.Writer, st *store.Store) error {
	b := bufio.NewWriter(w)
	lines := json.NewEncoder(b)
	lines.SetEscapeHTML(false)
	for c, err := range st.SpanCorrections(ctx) {
		if err != nil {
			return err
		}
		line := taughtLine{
			Kind: c.Kind, Article: taughtArticle{c.Article.SHA256, c.Article.URL, c.Article.Lang}, Old: taughtSpanOf(c.Old), New: taughtSpanOf(c.New),
			Score: c.Score, Reason: c.Reason, Engine: c.Engine, Review: c.ReviewID, By: c.ByID, At: c.At,
		}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

func taughtSpanOf(s claims.Span) *taughtSpan {
	if s.Quote == "" {
		return nil
	}
	return &taughtSpan{s.Start, s.End, s.Quote}
}
