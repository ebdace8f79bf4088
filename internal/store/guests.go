package store

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"factcheck/internal/review"
)

// guestDomain is that of addresses which nobody has: RFC 2606 keeps it free.
const guestDomain = "guest.invalid"

type guestRow struct {
	ID          int64
	ReviewID    int64
	PersonID    int64
	Email       string
	Round       int
	ContentHash string
	InvitedBy   int64
	InvitedAt   time.Time `gorm:"serializer:micros"`
	EndsAt      time.Time `gorm:"serializer:micros"`
	RevokedAt   time.Time `gorm:"serializer:micros"`
}

func (guestRow) TableName() string { return "guest_readers" }

// saveGuest writes an outside reader, with an account of theirs that has no
// password and no role and is closed, or that their link was revoked.
func (s *Store) saveGuest(ctx context.Context, o *review.Outcome) error {
	g := o.Guest
	if g == nil {
		return nil
	}
	if g.ID != 0 {
		res := s.write(ctx).Model(&guestRow{}).Where("id = ?", g.ID).Select("revoked_at").Updates(&guestRow{RevokedAt: g.RevokedAt})
		return mustBeOne("store.saveGuest", res)
	}
	who := personRow{Name: g.Name, Email: strings.ToLower(rand.Text()) + "@" + guestDomain, PasswordHash: "-", CreatedAt: g.InvitedAt}
	if err := s.write(ctx).Create(&who).Error; err != nil {
		return err
	}
	row := guestRow{0, g.ReviewID, who.ID, g.Email, g.Round, g.ContentHash, g.InvitedBy, g.InvitedAt, g.EndsAt, g.RevokedAt}
	err := s.write(ctx).Create(&row).Error
	g.ID, g.PersonID = row.ID, who.ID
	return err
}

// GuestReview is the review that an outside reader was asked to read. NotFound.
func (s *Store) GuestReview(ctx context.Context, id int64) (int64, error) {
	var row guestRow
	if err := s.read(ctx).Select("review_id").Where("id = ?", id).Take(&row).Error; err != nil {
		return 0, one("store.GuestReview", "", err)
	}
	return row.ReviewID, nil
}
