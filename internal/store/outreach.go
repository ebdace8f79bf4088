package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"factcheck/internal/outreach"
)

type secretRow struct {
	Name  string `gorm:"primaryKey"`
	Value []byte
}

func (secretRow) TableName() string { return "secrets" }

// Secret is the key of that name; made is kept if there is none yet. Of two who
// make one at the same moment both get the one that was kept.
func (s *Store) Secret(ctx context.Context, name string, made []byte) ([]byte, error) {
	const op = "store.Secret"
	var rows []secretRow
	if err := s.read(ctx).Where("name = ?", name).Limit(1).Find(&rows).Error; err != nil || len(rows) > 0 {
		return first(rows).Value, kind(op, err)
	}
	if err := s.write(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&secretRow{name, made}).Error; err != nil {
		return nil, kind(op, err)
	}
	var row secretRow
	err := s.write(ctx).Where("name = ?", name).Take(&row).Error
	return row.Value, kind(op, err)
}

func first[T any](rows []T) (one T) {
	if len(rows) > 0 {
		one = rows[0]
	}
	return one
}

type linkRow struct {
	Hash         string `gorm:"column:token_hash;primaryKey"`
	Purpose      outreach.Purpose
	RequestID    int64     `gorm:"serializer:null"`
	GuestID      int64     `gorm:"serializer:null"`
	SubscriberID int64     `gorm:"serializer:null"`
	MadeAt       time.Time `gorm:"serializer:micros"`
}

func (linkRow) TableName() string { return "links" }

// AddLink keeps a link.
func (s *Store) AddLink(ctx context.Context, l outreach.Link) error {
	row := linkRow(l)
	return kind("store.AddLink", s.write(ctx).Create(&row).Error)
}

// Link is the link of that hash. NotFound.
func (s *Store) Link(ctx context.Context, hash string) (outreach.Link, error) {
	var row linkRow
	err := s.read(ctx).Where("token_hash = ?", hash).Take(&row).Error
	return outreach.Link(row), one("store.Link", "", err)
}

type letterRow struct {
	ID            int64
	Event         outreach.Event
	RequestID     int64     `gorm:"serializer:null"`
	GuestID       int64     `gorm:"serializer:null"`
	SubscriberID  int64     `gorm:"serializer:null"`
	PublicationID int64     `gorm:"serializer:null"`
	CreatedAt     time.Time `gorm:"serializer:micros;autoCreateTime:false"`
	SentAt        time.Time `gorm:"serializer:micros"`
	Dropped       string
	PersonID      int64 `gorm:"serializer:null"`
	AfterNotice   int64 `gorm:"serializer:null"`
	UpToNotice    int64 `gorm:"serializer:null"`
}

func (letterRow) TableName() string { return "letters" }

// AddLetter writes a letter, or finds the one that tells the same thing, and
// returns its id.
func (s *Store) AddLetter(ctx context.Context, l outreach.Letter) (int64, error) {
	const op = "store.AddLetter"
	var known []letterRow
	row := letterRow(l)
	err := s.write(ctx).Where("event = ? AND COALESCE(request_id, 0) = ? AND COALESCE(guest_id, 0) = ? AND COALESCE(subscriber_id, 0) = ? AND COALESCE(publication_id, 0) = ? AND COALESCE(person_id, 0) = ? AND COALESCE(up_to_notice, 0) = ?",
		l.Event, l.RequestID, l.GuestID, l.SubscriberID, l.PublicationID, l.PersonID, l.UpToNotice).Limit(1).Find(&known).Error
	if err != nil || len(known) > 0 {
		return first(known).ID, kind(op, err)
	}
	err = s.write(ctx).Create(&row).Error
	return row.ID, kind(op, err)
}

// Letter is one letter. NotFound.
func (s *Store) Letter(ctx context.Context, id int64) (outreach.Letter, error) {
	var row letterRow
	err := s.read(ctx).Where("id = ?", id).Take(&row).Error
	return outreach.Letter(row), one("store.Letter", "There is no such letter.", err)
}

// SettleLetter marks a letter as sent or, with a reason, as dropped.
func (s *Store) SettleLetter(ctx context.Context, id int64, at time.Time, dropped string) error {
	row := letterRow{Dropped: dropped}
	if dropped == "" {
		row.SentAt = at
	}
	res := s.write(ctx).Model(&letterRow{}).Where("id = ? AND sent_at IS NULL", id).Select("sent_at", "dropped").Updates(&row)
	return kind("store.SettleLetter", res.Error)
}
