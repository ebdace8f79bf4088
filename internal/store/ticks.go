package store

import (
	"context"
	"time"

	"factcheck/internal/review"
)

type tickRow struct {
	ID       int64
	ReviewID int64
	Edition  int
	Item     string
	Done     bool
	ByID     int64
	At       time.Time `gorm:"serializer:micros"`
}

func (tickRow) TableName() string { return "ticks" }

// AddTick keeps a tick and its event.
func (s *Store) AddTick(ctx context.Context, t review.Tick, e review.Event) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		row := tickRow(t)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind("store.AddTick", err)
		}
		return s.appendEvent(ctx, e)
	})
}
