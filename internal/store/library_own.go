package store

import (
	"context"
	"fmt"

	"factcheck/internal/errs"
	"factcheck/internal/library"
	"factcheck/internal/review"
)

// lookBack is how far behind the newest mirrored publication another may be
// that was committed later.
const lookBack = 100

// mirrorPublications brings live publications into the library that are not
// there yet, so that one search finds them, too. A new edition takes the place
// of the one before.
func (s *Store) mirrorPublications(ctx context.Context) error {
	for {
		var missing []publicationRow
		err := s.read(ctx).Table("publications").Select("publications.*").Joins("JOIN checks ON checks.publication_id = publications.id").
			Where("checks.publication_id > COALESCE((SELECT MAX(publication_id) FROM library_checks WHERE publication_id IS NOT NULL), 0) - ?", lookBack).
			Where("NOT EXISTS (SELECT 1 FROM library_checks AS l WHERE l.publication_id = publications.id)").
			Order("publications.id").Limit(batch).Find(&missing).Error
		if err != nil || len(missing) == 0 {
			return err
		}
		err = s.InTx(ctx, func(ctx context.Context) error { return s.mirror(ctx, missing) })
		if errs.KindOf(kind("store.mirrorPublications", err)) == errs.Conflict {
			return nil // another search brings them in
		}
		if err != nil {
			return err
		}
	}
}

func (s *Store) mirror(ctx context.Context, missing []publicationRow) error {
	rows := make([]libraryRow, 0, len(missing))
	for _, m := range missing {
		p, err := m.publication()
		if err != nil {
			return err
		}
		row, err := fromCheck(ownCheck(p.Report), p.PublishedAt)
		if err != nil {
			return err
		}
		row.Key = fmt.Appendf(nil, "own%013d", p.ReviewID) // sixteen bytes, as of any other
		row.PublicationID = p.ID
		rows = append(rows, row)
	}
	_, _, err := s.upsertLibrary(ctx, rows)
	return err
}

// retractedRule marks an edition that withdraws a check of our own: its rating
// is not to be passed on.
const retractedRule = "it was retracted"

// ownCheck is a publication as a check of the library. Its publisher and its
// address depend on where the site is, and are for the caller to fill in.
func ownCheck(r review.Report) library.Check {
	c := library.Check{
		Slug: r.Slug, Title: r.Claim.ShortForm, ClaimText: r.Claim.Text, ReviewDate: r.PublishedAt, Rating: r.Rating.Label, Lang: r.Claim.Lang,
		Bucket: library.Other, Rule: "it is our own",
	}
	if r.Retracted != nil {
		c.Rule = retractedRule
	}
	if r.Claim.SaidAt != nil {
		c.ClaimDate = *r.Claim.SaidAt
	}
	c.Topics = r.Claim.Topics
	if r.Claimant != nil {
		c.Claimant = r.Claimant.Name
	}
	for _, p := range r.Appearances {
		if p.URL != "" {
			c.Appearances = append(c.Appearances, p.URL)
		}
	}
	return c
}
