package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type sessionRow struct {
	Token     string `gorm:"primaryKey"`
	Data      []byte
	ExpiresAt time.Time `gorm:"serializer:micros"`
}

func (sessionRow) TableName() string { return "sessions" }

// Sessions keeps browser sessions; it is an scs.CtxStore.
type Sessions struct {
	Store *Store
	Now   func() time.Time
}

// FindCtx returns the data of a session, and whether there is one that has not
// expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var row sessionRow
	err := s.Store.read(ctx).Where("token = ? AND expires_at > ?", token, toMicros(s.Now())).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, false, nil
	}
	return row.Data, err == nil, kind("store.Sessions", err)
}

// CommitCtx writes a session, and forgets those that have expired.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.write(ctx).Where("expires_at <= ?", toMicros(s.Now())).Delete(&sessionRow{}).Error; err != nil {
			return kind("store.Sessions", err)
		}
		upsert := clause.OnConflict{Columns: []clause.Column{{Name: "token"}}, DoUpdates: clause.AssignmentColumns([]string{"data", "expires_at"})}
		return kind("store.Sessions", s.Store.write(ctx).Clauses(upsert).Create(&sessionRow{token, data, expiry}).Error)
	})
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return kind("store.Sessions", s.Store.write(ctx).Where("token = ?", token).Delete(&sessionRow{}).Error)
}

// Find, Commit and Delete complete scs.Store; scs calls the methods above.

// Find is FindCtx without a context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
