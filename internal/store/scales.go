package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"factcheck/data"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type scaleRow struct {
	ID        int64
	Key       string
	Version   int
	Body      string
	CreatedAt time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (scaleRow) TableName() string { return "scales" }

func (r scaleRow) scale() (review.RatingScale, error) {
	s, err := review.ParseScale([]byte(r.Body))
	if err != nil {
		return s, fmt.Errorf("decode scale %d: %w", r.ID, err)
	}
	s.ID, s.CreatedAt = r.ID, r.CreatedAt
	return s, nil
}

type policyRow struct {
	ID        int64
	Body      string
	AuthorID  int64     `gorm:"serializer:null"`
	CreatedAt time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (policyRow) TableName() string { return "policies" }

// Policy is what is in force: the newest decision, or DefaultPolicy.
func (s *Store) Policy(ctx context.Context) (review.Policy, error) {
	var row policyRow
	if err := s.read(ctx).Order("id DESC").Limit(1).Find(&row).Error; err != nil {
		return review.Policy{}, kind("store.Policy", err)
	}
	p, err := row.policy()
	return p, kind("store.Policy", err)
}

// policy is what the row decided; the default if there is no row.
func (r policyRow) policy() (review.Policy, error) {
	if r.ID == 0 {
		return review.DefaultPolicy, nil
	}
	p := review.Policy{ID: r.ID}
	if err := json.Unmarshal([]byte(r.Body), &p); err != nil {
		return p, fmt.Errorf("decode policy %d: %w", r.ID, err)
	}
	return p, nil
}

// Scales are all versions of all rating scales.
func (s *Store) Scales(ctx context.Context) ([]review.RatingScale, error) {
	var rows []scaleRow
	if err := s.read(ctx).Order("key, version").Find(&rows).Error; err != nil {
		return nil, kind("store.Scales", err)
	}
	var out []review.RatingScale
	for _, r := range rows {
		scale, err := r.scale()
		if err != nil {
			return nil, kind("store.Scales", err)
		}
		out = append(out, scale)
	}
	return out, nil
}

// seed adds the scales that the program ships and the database lacks. A
// version that is there stays as it is.
func (s *Store) seed(ctx context.Context) error {
	const op = "store.seed"
	have, err := s.Scales(ctx)
	if err != nil {
		return err
	}
	var missing []scaleRow
	for _, body := range data.Scales() {
		scale, err := review.ParseScale(body)
		if err != nil {
			return kind(op, err)
		}
		if !slices.ContainsFunc(have, func(h review.RatingScale) bool { return h.Key == scale.Key && h.Version == scale.Version }) {
			missing = append(missing, scaleRow{Key: scale.Key, Version: scale.Version, Body: string(body), CreatedAt: time.Now().UTC().Truncate(time.Microsecond)})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	// Two processes may start at once: who comes second finds them there.
	err = kind(op, s.write(ctx).Create(&missing).Error)
	if errors.Is(err, errs.Conflict) {
		return nil
	}
	return err
}
