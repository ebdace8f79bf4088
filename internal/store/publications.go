package store

import (
	"context"
	"iter"
	"slices"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

func (s *Store) savePublication(ctx context.Context, o *review.Outcome) error {
	if o.Publication == nil {
		return nil
	}
	row := fromPublication(*o.Publication)
	if err := s.write(ctx).Create(&row).Error; err != nil {
		return err
	}
	if err := s.saveRating(ctx, *o.Publication); err != nil {
		return err
	}
	if err := s.savePublishedTopics(ctx, *o.Publication); err != nil {
		return err
	}
	live := checkRow{ReviewID: row.ReviewID, Slug: row.Slug, PublicationID: row.ID, PublishedAt: row.PublishedAt}
	if row.Edition == 1 {
		if err := s.write(ctx).Create(&live).Error; err != nil {
			return err
		}
		return s.searchable(ctx, checkDoc(*o.Publication))
	}
	res := s.write(ctx).Model(&checkRow{}).Where("review_id = ?", row.ReviewID).Select("publication_id", "published_at").Updates(&live)
	if err := mustBeOne("store.savePublication", res); err != nil {
		return err
	}
	if err := s.searchable(ctx, checkDoc(*o.Publication)); err != nil {
		return err
	}
	note := correctionRow(*o.Correction)
	note.PublicationID = row.ID
	if err := s.write(ctx).Create(&note).Error; err != nil {
		return err
	}
	if err := s.answerComplaints(ctx, row); err != nil {
		return err
	}
	return s.tellSubscribers(ctx, row)
}

// Published lists live publications, newest first. before is the last of the
// page before: its time in Key and its review in ID.
func (s *Store) Published(ctx context.Context, before review.Cursor, limit int) ([]review.Listed, error) {
	q := s.read(ctx).Table("checks").Joins("JOIN publications ON publications.id = checks.publication_id").Select("publications.*").
		Order("checks.published_at DESC, checks.review_id DESC")
	if !before.IsZero() {
		q = q.Where("(checks.published_at, checks.review_id) < (?, ?)", before.Key, before.ID)
	}
	var rows []publicationRow
	if err := q.Limit(clamp(limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.Published", err)
	}
	return s.listed(ctx, rows)
}

// Corrections lists the editions that replaced another, newest first. before
// is the last of the page before: its time in Key and its publication in ID.
func (s *Store) Corrections(ctx context.Context, before review.Cursor, limit int) ([]review.Listed, error) {
	q := s.read(ctx).Table("corrections").Joins("JOIN publications ON publications.id = corrections.publication_id").Select("publications.*").
		Order("corrections.created_at DESC, corrections.publication_id DESC")
	if !before.IsZero() {
		q = q.Where("(corrections.created_at, corrections.publication_id) < (?, ?)", before.Key, before.ID)
	}
	var rows []publicationRow
	if err := q.Limit(clamp(limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.Corrections", err)
	}
	return s.listed(ctx, rows)
}

func clamp(limit int) int {
	if limit < 1 {
		return 50
	}
	return min(limit, review.MaxRows)
}

func (s *Store) listed(ctx context.Context, rows []publicationRow) ([]review.Listed, error) {
	notes, err := s.corrections(ctx, rows)
	if err != nil {
		return nil, err
	}
	var out []review.Listed
	for _, r := range rows {
		p, err := r.publication()
		if err != nil {
			return nil, kind("store.listed", err)
		}
		l := review.Listed{Publication: p, Editions: p.Edition}
		if c, ok := notes[p.ID]; ok {
			l.Correction = &c
		}
		out = append(out, l)
	}
	return out, nil
}

// corrections are the notes on publications, by id of the publication.
func (s *Store) corrections(ctx context.Context, of []publicationRow) (map[int64]review.Correction, error) {
	ids := []int64{}
	for _, r := range of {
		ids = append(ids, r.ID)
	}
	var rows []correctionRow
	if err := s.read(ctx).Where("publication_id IN ?", ids).Select(withComplaints).Find(&rows).Error; err != nil {
		return nil, kind("store.corrections", err)
	}
	notes := map[int64]review.Correction{}
	for _, r := range rows {
		notes[r.PublicationID] = review.Correction(r)
	}
	return notes, nil
}

// Check is one check with all its editions, newest first. NotFound.
func (s *Store) Check(ctx context.Context, slug string) (review.Check, error) {
	const op = "store.Check"
	c := review.Check{Slug: slug}
	err := s.inRead(ctx, func(ctx context.Context) error {
		var rows []publicationRow
		ofSlug := s.read(ctx).Model(&checkRow{}).Select("review_id").Where("slug = ?", slug)
		if err := s.read(ctx).Where("review_id IN (?)", ofSlug).Order("edition DESC").Find(&rows).Error; err != nil {
			return kind(op, err)
		}
		if len(rows) == 0 {
			return errs.New(op, errs.NotFound, "There is no fact-check at this address.")
		}
		for _, r := range rows {
			p, err := r.publication()
			if err != nil {
				return kind(op, err)
			}
			c.Editions = append(c.Editions, p)
		}
		var err error
		c.Corrections, err = s.corrections(ctx, rows)
		return err
	})
	return c, err
}

// Slugs are the addresses of the live checks of some reviews, by review.
func (s *Store) Slugs(ctx context.Context, reviews []int64) (map[int64]string, error) {
	var rows []checkRow
	if err := s.read(ctx).Where("review_id IN ?", slices.Clone(reviews)).Find(&rows).Error; err != nil {
		return nil, kind("store.Slugs", err)
	}
	out := map[int64]string{}
	for _, r := range rows {
		out[r.ReviewID] = r.Slug
	}
	return out, nil
}

// Live walks every live publication in the order of their reviews: what an
// export writes.
func (s *Store) Live(ctx context.Context) iter.Seq2[review.Publication, error] {
	return walk(func(after int64) ([]publicationRow, error) {
		var rows []publicationRow
		err := s.read(ctx).Table("publications").Joins("JOIN checks ON checks.publication_id = publications.id").Select("publications.*").
			Where("checks.review_id > ?", after).Order("checks.review_id").Limit(batch).Find(&rows).Error
		return rows, kind("store.Live", err)
	}, func(r publicationRow) int64 { return r.ReviewID }, publicationRow.publication)
}

// AllPublications walks every edition of every check, oldest first.
func (s *Store) AllPublications(ctx context.Context) iter.Seq2[review.Publication, error] {
	return walk(func(after int64) ([]publicationRow, error) {
		var rows []publicationRow
		err := s.read(ctx).Where("id > ?", after).Order("id").Limit(batch).Find(&rows).Error
		return rows, kind("store.AllPublications", err)
	}, func(r publicationRow) int64 { return r.ID }, publicationRow.publication)
}

// Addresses are the live checks whose reviews have numbers from per × part on and
// below per × (part + 1), with when they were published.
func (s *Store) Addresses(ctx context.Context, per, part int64) ([]review.Address, error) {
	var rows []checkRow
	err := s.read(ctx).Select("slug", "published_at").Where("review_id >= ? AND review_id < ?", per*part, per*(part+1)).Order("review_id").Find(&rows).Error
	if err != nil {
		return nil, kind("store.Addresses", err)
	}
	out := make([]review.Address, 0, len(rows))
	for _, r := range rows {
		out = append(out, review.Address{Slug: r.Slug, At: r.PublishedAt})
	}
	return out, nil
}

// AddressParts are the parts of Addresses that hold any: each is found by one step
// in the index, however many checks there are.
func (s *Store) AddressParts(ctx context.Context, per int64) ([]int64, error) {
	var parts []int64
	err := s.read(ctx).Raw(`WITH RECURSIVE part (first) AS (
    SELECT MIN(review_id) FROM checks
    UNION ALL SELECT (SELECT MIN(review_id) FROM checks WHERE review_id >= (part.first / ? + 1) * ?) FROM part WHERE part.first IS NOT NULL)
SELECT first / ? FROM part WHERE first IS NOT NULL ORDER BY first`, per, per, per).Scan(&parts).Error
	return parts, kind("store.AddressParts", err)
}
