// Package pipeline is the machine half of the desk: it joins ingest, extraction
// and triage. It ends at exactly one call, [review.Service.Open]; everything
// after that is a person's.
package pipeline

import (
	"context"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/ingest"
	"factcheck/internal/review"
)

// Store keeps what the pipeline finds.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// AddArticle stores a text unless its source has it already, and tells
	// whether it is new.
	AddArticle(ctx context.Context, a claims.Article) (claims.Article, bool, error)
	// AddClaim stores a claim at a place, and tells whether the claim is new.
	AddClaim(ctx context.Context, c claims.Claim, who claims.Claimant, at claims.Appearance) (claimID int64, isNew bool, err error)
}

// Reviews opens reviews.
type Reviews interface {
	Open(ctx context.Context, claimID int64, score float64, by int64) (reviewID int64, err error)
}

// Pipeline takes articles in.
type Pipeline struct {
	Reader  *ingest.Reader
	Find    func(claims.Article) []claims.Candidate // pure
	Store   Store
	Reviews Reviews
	Now     func() time.Time
	Engine  string // version of the program and its models, kept with each place that Find finds
}

// Result is what became of one article.
type Result struct {
	Article   claims.Article
	New       bool // false: this text was here already, and nothing was added
	Found     int  // candidates in the text
	NewClaims int  // of them, claims that nobody had said before: they wait in triage
}

// Ingest reads an article, finds its claims and opens a review in triage for
// each new one. by is the person who asks, 0 for the command line. Article,
// claims and reviews are written in one transaction: half an article is never
// seen. The same text again adds nothing. Errors are those of ingest.Reader.
func (p *Pipeline) Ingest(ctx context.Context, in ingest.Input, by int64) (Result, error) {
	read, err := p.Reader.Read(ctx, in)
	if err != nil {
		return Result{}, err
	}
	return p.Add(ctx, read, by)
}

// IngestFor is Ingest for a person of the desk: Forbidden unless they may add
// articles.
func (p *Pipeline) IngestFor(ctx context.Context, in ingest.Input, by review.Person) (Result, error) {
	if err := review.CheckMayAdd(by); err != nil {
		return Result{}, err
	}
	return p.Ingest(ctx, in, by.ID)
}

// Add is Ingest for an article that has been read.
func (p *Pipeline) Add(ctx context.Context, read claims.Article, by int64) (Result, error) {
	found := p.Find(read) // slow and pure: outside the transaction
	now := p.Now().UTC().Truncate(time.Microsecond)
	read.AddedAt, read.AddedBy = now, by
	r := Result{Found: len(found)}
	err := p.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if r.Article, r.New, err = p.Store.AddArticle(ctx, read); err != nil || !r.New {
			return err
		}
		for _, c := range found {
			isNew, err := p.open(ctx, r.Article, c, now)
			if err != nil {
				return err
			}
			if isNew {
				r.NewClaims++
			}
		}
		return nil
	})
	return r, err
}

// open stores one candidate and opens its review if nobody said it before.
func (p *Pipeline) open(ctx context.Context, a claims.Article, c claims.Candidate, now time.Time) (bool, error) {
	if err := c.Span.Check(a.Text); err != nil {
		return false, err
	}
	claim, who := proposed(a, c)
	claim.CreatedAt = now
	id, isNew, err := p.Store.AddClaim(ctx, claim, who, claims.Appearance{
		ArticleID: a.ID, Span: c.Span, Sentence: c.Sentence, Attribution: c.Attribution, Score: c.Score, Reasons: c.Reasons, AddedAt: now, Engine: p.Engine,
	})
	if err != nil || !isNew {
		return false, err
	}
	_, err = p.Reviews.Open(ctx, id, c.Score, 0)
	return true, err
}

// proposed is the claim that a candidate suggests. Who says it is a suggestion
// too: a person confirms it when the claim is accepted.
func proposed(a claims.Article, c claims.Candidate) (claims.Claim, claims.Claimant) {
	text := review.ClaimWords(c.Span.Quote)
	name := c.Attribution.Canonical
	if r := []rune(name); len(r) > claims.MaxName {
		name = string(r[:claims.MaxName])
	}
	claim := claims.Claim{
		Text: text, ShortForm: c.ShortForm, Kind: c.Kind, Lang: a.Lang, SaidAt: c.SaidAt, DueAt: c.Due,
		Fingerprint: claims.Fingerprint(text) + "|" + claims.Fingerprint(name),
	}
	if claim.SaidAt.IsZero() {
		claim.SaidAt = a.PublishedAt
	}
	return claim, claims.Claimant{Name: name, Kind: claims.Unknown}
}
