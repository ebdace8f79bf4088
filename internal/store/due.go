package store

import (
	"context"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// ended are the states of reviews that are no longer live: a claim may have
// many of them and one that is.
var ended = []review.State{review.Dismissed, review.Merged, review.Retracted}

// ClaimsDue lists the live reviews of claims that can be checked from a day of the
// period on, the earliest first. The page is cut by the key of its last row.
func (s *Store) ClaimsDue(ctx context.Context, f review.DueFilter) ([]review.DueRow, error) {
	q := s.read(ctx).Table("claims").
		Joins("JOIN reviews ON reviews.claim_id = claims.id").
		Joins("LEFT JOIN checks ON checks.review_id = reviews.id").
		Joins("LEFT JOIN claimants ON claimants.id = claims.claimant_id").
		Select("reviews.id AS review_id, claims.id AS claim_id, reviews.state, claims.due_at AS due, claims.text, claims.short_form, claims.kind, "+
			"claimants.name AS claimant, reviews.assignee_id, checks.published_at").
		Where("claims.due_at >= ?", f.From.UnixMicro())
	if !f.To.IsZero() {
		q = q.Where("claims.due_at < ?", f.To.UnixMicro())
	}
	if len(f.States) > 0 {
		q = q.Where(ofState+" IN ?", f.States)
	} else {
		q = q.Where(ofState+" NOT IN ?", ended)
	}
	if f.After.ID != 0 {
		q = q.Where("(claims.due_at, claims.id) > (?, ?)", f.After.Key, f.After.ID)
	}
	var rows []struct {
		ReviewID, ClaimID int64
		State             review.State
		Due               time.Time `gorm:"serializer:micros"`
		Text, ShortForm   string
		Kind              claims.Kind
		Claimant          *string
		AssigneeID        int64     `gorm:"serializer:null"`
		PublishedAt       time.Time `gorm:"serializer:micros"`
	}
	if err := q.Order("claims.due_at, claims.id").Limit(clamp(f.Limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.ClaimsDue", err)
	}
	out := make([]review.DueRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, review.DueRow{
			ReviewID: r.ReviewID, ClaimID: r.ClaimID, State: r.State, Due: r.Due, Text: r.Text, ShortForm: r.ShortForm, Kind: r.Kind,
			Claimant: stringOr(r.Claimant), AssigneeID: r.AssigneeID, PublishedAt: r.PublishedAt,
		})
	}
	return out, nil
}

// Recallable are reviews that were dismissed before the day from which their
// claims can be checked, and that day has come; the earliest first, at most limit.
func (s *Store) Recallable(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	var ids []int64
	err := s.read(ctx).Table("claims").Joins("JOIN reviews ON reviews.claim_id = claims.id AND "+ofState+" = ?", review.Dismissed).
		Where("claims.due_at <= ? AND reviews.changed_at < claims.due_at", now.UnixMicro()).
		Order("claims.due_at, claims.id").Limit(clamp(limit)).Pluck("reviews.id", &ids).Error
	return ids, kind("store.Recallable", err)
}
