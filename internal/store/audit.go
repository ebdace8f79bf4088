package store

import (
	"context"
	"iter"

	"gorm.io/gorm"

	"factcheck/internal/review"
)

// Audit lists events, newest first. The page is cut by the number of its last
// event.
func (s *Store) Audit(ctx context.Context, f review.AuditFilter) ([]review.Event, error) {
	var rows []eventRow
	if err := s.audit(ctx, f).Limit(clamp(f.Limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.Audit", err)
	}
	return events(rows)
}

func (s *Store) audit(ctx context.Context, f review.AuditFilter) *gorm.DB {
	q := s.read(ctx).Model(&eventRow{}).Order("seq DESC")
	if f.Actor != 0 {
		q = q.Where("actor_id = ?", f.Actor)
	}
	if f.Action != "" {
		q = q.Where("action = ?", f.Action)
	}
	if f.Subject != "" {
		q = q.Where("subject = ?", f.Subject)
	}
	if f.SubjectID != 0 {
		q = q.Where("subject_id = ?", f.SubjectID)
	}
	if !f.From.IsZero() {
		q = q.Where("at >= ?", toMicros(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("at < ?", toMicros(f.To))
	}
	if f.Before != 0 {
		q = q.Where("seq < ?", f.Before)
	}
	return q
}

// AuditAll walks all events that f chooses, newest first.
func (s *Store) AuditAll(ctx context.Context, f review.AuditFilter) iter.Seq2[review.Event, error] {
	return func(yield func(review.Event, error) bool) {
		f.Limit = review.MaxRows
		for {
			page, err := s.Audit(ctx, f)
			if err != nil {
				yield(review.Event{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) < f.Limit {
				return
			}
			f.Before = page[len(page)-1].Seq
		}
	}
}
