// Package record checks that what the desk has on record is what was put there:
// the chain of events, the spans of every claim, and the hash of every
// publication. Package store keeps them; here is how they are believed.
package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// Source is a database to be verified.
type Source interface {
	// CheckIntegrity is what the database finds wrong with itself; empty if nothing.
	CheckIntegrity(ctx context.Context) ([]string, error)
	// Astray is the first review that does not stand where its last event left it.
	Astray(ctx context.Context) (review.Stray, error)
	AllEvents(ctx context.Context) iter.Seq2[review.Event, error]
	AllPublications(ctx context.Context) iter.Seq2[review.Publication, error]
	Texts(ctx context.Context) iter.Seq2[claims.Article, error]
	Places(ctx context.Context, articleID int64) ([]claims.Appearance, error)
}

// Finding is the first thing wrong in one part of the record.
type Finding struct {
	Part string // "events", "reviews", "publications", "articles", "spans", "database"
	Row  int64  // its number there; 0 if it has none
	What string // a sentence
}

// String is the finding in one line.
func (f Finding) String() string {
	if f.Row == 0 {
		return fmt.Sprintf("%s: %s", f.Part, f.What)
	}
	return fmt.Sprintf("%s, row %d: %s", f.Part, f.Row, f.What)
}

// Result is what a verification counted and found.
type Result struct {
	Events, Publications, Articles, Spans int
	Head                                  string    // hash of the last event: keep it elsewhere, and a rewritten record shows
	Findings                              []Finding // the first of each part; empty: the record holds
}

// Verify reads the whole record. An error means that it could not be read; what
// is wrong with it is in Result.Findings.
func Verify(ctx context.Context, s Source) (Result, error) {
	var r Result
	published := map[string]bool{}
	for _, part := range []func(context.Context, Source, *Result, map[string]bool) error{database, chain, standing, publications, texts} {
		if err := part(ctx, s, &r, published); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *Result) found(part string, row int64, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{part, row, fmt.Sprintf(format, args...)})
}

func database(ctx context.Context, s Source, r *Result, _ map[string]bool) error {
	problems, err := s.CheckIntegrity(ctx)
	if len(problems) > 0 {
		r.found("database", 0, "%s", problems[0])
	}
	return err
}

// chain checks that events are numbered without gaps, that each holds the hash
// of the one before, and its own. It notes what was published.
func chain(ctx context.Context, s Source, r *Result, published map[string]bool) error {
	prev := ""
	bad := false
	for e, err := range s.AllEvents(ctx) {
		if err != nil {
			return err
		}
		r.Events++
		switch {
		case bad: // the first bad row is named; those after it follow from it
		case e.Seq != int64(r.Events):
			r.found("events", e.Seq, "event %d is missing before it", r.Events)
			bad = true
		case e.Prev != prev:
			r.found("events", e.Seq, "it does not follow the event before it, which was changed or replaced")
			bad = true
		case e.Hash != e.Sum():
			r.found("events", e.Seq, "it was changed after it was written")
			bad = true
		}
		for _, c := range e.Changes {
			if c.Field == "published" {
				published[c.To] = true
			}
		}
		prev = e.Hash
	}
	r.Head = prev
	return nil
}

// standing checks that every review stands where the chain left it.
func standing(ctx context.Context, s Source, r *Result, _ map[string]bool) error {
	stray, err := s.Astray(ctx)
	if err == nil && stray.ReviewID != 0 {
		r.found("reviews", stray.ReviewID, "it stands at %q, version %d, and its last event left it at %q, version %d", stray.State, stray.Version, stray.ToldState, stray.ToldVersion)
	}
	return err
}

// publications checks that every snapshot has its hash, is the report of its
// row, and that the chain tells of it, and of no other.
func publications(ctx context.Context, s Source, r *Result, published map[string]bool) error {
	bad := false
	for p, err := range s.AllPublications(ctx) {
		if err != nil {
			return err
		}
		r.Publications++
		if what := badPublication(p, published); what != "" && !bad {
			r.found("publications", p.ID, "%s", what)
			bad = true
		}
		delete(published, p.Hash)
	}
	if len(published) > 0 && !bad {
		r.found("publications", 0, "%d publication(s) that the events tell of are gone", len(published))
	}
	return nil
}

func badPublication(p review.Publication, published map[string]bool) string {
	switch {
	case review.HashSnapshot(p.Snapshot) != p.Hash:
		return "its text was changed after publication"
	case p.Report.Edition != p.Edition || p.Report.Slug != p.Slug || p.Report.ContentHash != p.ContentHash:
		return "its row does not agree with what was published"
	case !published[p.Hash]:
		return "no event tells of its publication"
	}
	return ""
}

// texts checks that every article has its hash, and that every span quotes it
// to the letter.
func texts(ctx context.Context, s Source, r *Result, _ map[string]bool) error {
	badText, badSpan := false, false
	for a, err := range s.Texts(ctx) {
		if err != nil {
			return err
		}
		r.Articles++
		if h := sha256.Sum256([]byte(a.Text)); hex.EncodeToString(h[:]) != a.SHA256 && !badText {
			r.found("articles", a.ID, "its text was changed")
			badText = true
		}
		places, err := s.Places(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, p := range places {
			r.Spans++
			if p.Span.Check(a.Text) != nil && !badSpan {
				r.found("spans", p.ID, "it does not quote article %d to the letter", a.ID)
				badSpan = true
			}
		}
	}
	return nil
}
