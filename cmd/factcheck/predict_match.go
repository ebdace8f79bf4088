package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"

	"factcheck/data"
	"factcheck/internal/embed"
	"factcheck/internal/errs"
	"factcheck/internal/match"
	"factcheck/internal/measure"
)

// matchFlags is what task match of "factcheck predict" and "factcheck eval"
// needs beside the queries.
type matchFlags struct {
	Claims  string `placeholder:"FILE" help:"Task match: the earlier claims, a JSON object a line (id, text, title, url, publisher, rating, date, lang); may be gzipped."`
	Vectors string `default:"auto" enum:"auto,all,none" help:"Task match: compare sentence vectors of English claims too: auto (up to 25,000 claims: they take a minute or two), all or none."`
	NoDates bool   `help:"Task match: compare no dates."`
}

// autoVectors is how many claims are encoded without being asked to.
const autoVectors = 25_000

// matchDepth is the most answers to one query.
const matchDepth = 50

// matchAnswer is one line of the answer to a query.
type matchAnswer struct {
	Query json.RawMessage `json:"query"`
	Claim json.RawMessage `json:"claim"`
	Rank  int             `json:"rank"`
	Score float64         `json:"score"`
}

// predictMatch answers each row of in with up to matchDepth claims of
// flags.Claims, best first.
func predictMatch(ctx context.Context, flags matchFlags, in io.Reader, out io.Writer) error {
	const op = "cmd.predictMatch"
	if flags.Claims == "" {
		return usageError{"Task match needs the earlier claims: add --claims FILE."}
	}
	file, err := readRows(flags.Claims)
	if err != nil {
		return err
	}
	lib, err := readLibrary(ctx, flags, file)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 1<<16)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	err = measure.Lines(in, func(n int, line []byte) error {
		var row queryRow
		if err := json.Unmarshal(line, &row); err != nil || row.ID == nil || row.Text == nil {
			return badInput(op, fmt.Sprintf("Line %d is not a query. Write one JSON object a line with id and text.", n), err)
		}
		q := row.query()
		if flags.NoDates {
			q.Text, q.Date = match.WithoutDate(q.Text), time.Time{}
		}
		if err := lib.encode(ctx, &q); err != nil {
			return err
		}
		for i, h := range lib.index.Find(match.Shipped(), q, matchDepth) {
			if err := enc.Encode(matchAnswer{row.ID, lib.ids[h.ID], i + 1, h.Score}); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write predictions: %w", err)
	}
	return nil
}

// library is an index with the ids of its records as they were written.
type library struct {
	index   *match.Index
	ids     map[string]json.RawMessage
	encoder embed.Encoder // nil if there are no vectors
}

// readLibrary indexes a file of claims.
func readLibrary(ctx context.Context, flags matchFlags, file []byte) (*library, error) {
	const op = "cmd.readLibrary"
	lib := &library{index: match.NewIndex(), ids: map[string]json.RawMessage{}}
	var records []match.Record
	err := measure.Lines(bytes.NewReader(file), func(n int, line []byte) error {
		var row claimRow
		if err := json.Unmarshal(line, &row); err != nil || row.ID == nil {
			return badInput(op, fmt.Sprintf("Line %d of the claims cannot be read. Write one JSON object a line with id and text.", n), err)
		}
		r := row.record()
		if flags.NoDates {
			r.Date = time.Time{}
		}
		lib.ids[r.ID] = row.ID
		if !lib.index.Add(r) {
			return errs.New(op, errs.TooLarge, "There are more claims than one index holds. Split the file.")
		}
		records = append(records, r)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	if flags.Vectors == "none" || flags.Vectors != "all" && len(records) > autoVectors {
		return lib, nil
	}
	return lib, lib.encodeAll(ctx, records)
}

// encodeAll gives the records that read as English their vectors, on every
// processor.
func (lib *library) encodeAll(ctx context.Context, records []match.Record) error {
	model, err := embed.NewSentence(data.Encoder)
	if err != nil {
		return fmt.Errorf("read encoder: %w", err)
	}
	lib.encoder = model
	workers := runtime.GOMAXPROCS(0)
	failed := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(records) && failed[w] == nil; i += workers {
				failed[w] = lib.encodeRecord(ctx, records[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

func (lib *library) encodeRecord(ctx context.Context, r match.Record) error {
	var texts []string
	for _, t := range match.EncodedTexts(r) {
		if match.English(t) {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	vecs, err := lib.encoder.Embed(ctx, texts)
	if err == nil {
		lib.index.SetVectors(r.ID, vecs...)
	}
	return err
}

// encode gives q its vectors if there are vectors to compare them with.
func (lib *library) encode(ctx context.Context, q *match.Query) error {
	text := match.EncodedQuery(*q)
	if lib.encoder == nil || !match.English(text) {
		return nil
	}
	texts := []string{text}
	if around := match.EncodedAround(*q); around != "" {
		texts = append(texts, around)
	}
	vecs, err := lib.encoder.Embed(ctx, texts)
	if err != nil {
		return err
	}
	if q.Vector = vecs[0]; len(vecs) > 1 {
		q.Around = vecs[1]
	}
	return nil
}

// claimRow is an earlier claim as it comes in; all but ID may be missing.
type claimRow struct {
	ID        json.RawMessage
	Text      string
	Title     string
	Subtitle  string
	Stated    string
	Body      string
	URL       string
	Publisher string
	Rating    string
	Date      string
	Lang      string
	Speaker   string
	Claimant  string
	Author    string
}

func (c claimRow) record() match.Record {
	speaker := c.Speaker
	if speaker == "" {
		speaker = c.Claimant
	}
	return match.Record{
		ID: idText(c.ID), Text: c.Text, Title: c.Title, Detail: strings.TrimSpace(c.Subtitle + "\n" + c.Stated + "\n" + c.Body), Speaker: speaker,
		Author: c.Author, URL: c.URL, Publisher: c.Publisher, Rating: c.Rating, Lang: c.Lang, Date: dayOf(c.Date),
	}
}

// queryRow is a text to match as it comes in; all but ID and Text may be
// missing.
type queryRow struct {
	ID      json.RawMessage
	Text    *string
	Context contextField
	Speaker string
	Date    string
	Self    json.RawMessage
}

func (q queryRow) query() match.Query {
	return match.Query{Text: *q.Text, Context: q.Context, Speaker: q.Speaker, Date: dayOf(q.Date), Self: idText(q.Self)}
}

// contextField reads a text, a list of texts, or an object of either: the
// sentences before and after, the words in a picture.
type contextField []string

// UnmarshalJSON collects every text; anything else counts as no context.
func (c *contextField) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("read context: %w", err)
	}
	*c = nil
	c.collect(v, 0)
	return nil
}

func (c *contextField) collect(v any, depth int) {
	switch v := v.(type) {
	case string:
		if v != "" {
			*c = append(*c, v)
		}
	case []any:
		for _, e := range v {
			if depth < 3 {
				c.collect(e, depth+1)
			}
		}
	case map[string]any:
		for _, key := range []string{"before", "after", "image_ocr", "text"} {
			if depth < 3 {
				c.collect(v[key], depth+1)
			}
		}
	}
}

// idText is an id as text, whether it was written as text or as a number.
func idText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// dayOf reads the day at the head of a date; zero if there is none.
func dayOf(s string) time.Time {
	if len(s) >= len(time.DateOnly) {
		if t, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)]); err == nil {
			return t
		}
	}
	return time.Time{}
}
