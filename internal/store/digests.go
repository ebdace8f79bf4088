package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"factcheck/internal/outreach"
	"factcheck/internal/review"
)

type digestRow struct {
	PersonID int64 `gorm:"primaryKey;autoIncrement:false"`
	Hour     *int
	NextAt   time.Time `gorm:"serializer:micros"`
	Told     int64
}

func (digestRow) TableName() string { return "digests" }

func (r digestRow) digest() outreach.Digest {
	d := outreach.Digest{PersonID: r.PersonID, Hour: outreach.NoDigest, NextAt: r.NextAt, Told: r.Told}
	if r.Hour != nil {
		d.Hour = *r.Hour
	}
	return d
}

// Digest is when a person wants letters; outreach.NoDigest if they never chose.
func (s *Store) Digest(ctx context.Context, personID int64) (outreach.Digest, error) {
	var rows []digestRow
	err := s.read(ctx).Where("person_id = ?", personID).Limit(1).Find(&rows).Error
	d := first(rows).digest()
	d.PersonID = personID
	return d, kind("store.Digest", err)
}

// SetDigest writes when a person wants letters. Up to what they were told stays.
func (s *Store) SetDigest(ctx context.Context, d outreach.Digest) error {
	row := digestRow{PersonID: d.PersonID, NextAt: d.NextAt}
	if d.Hour != outreach.NoDigest {
		row.Hour = &d.Hour
	}
	err := s.write(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "person_id"}}, DoUpdates: clause.AssignmentColumns([]string{"hour", "next_at"})}).Create(&row).Error
	return kind("store.SetDigest", err)
}

// DigestsDue are those whose time has come, longest due first.
func (s *Store) DigestsDue(ctx context.Context, now time.Time, limit int) ([]outreach.Digest, error) {
	var rows []digestRow
	err := s.read(ctx).Where("next_at IS NOT NULL AND next_at <= ?", toMicros(now)).Order("next_at, person_id").Limit(limit).Find(&rows).Error
	var out []outreach.Digest
	for _, r := range rows {
		out = append(out, r.digest())
	}
	return out, kind("store.DigestsDue", err)
}

// MoveDigest moves a digest on to its next time and to the notice up to which the
// person is told. False if somebody else has, or the person chose otherwise.
func (s *Store) MoveDigest(ctx context.Context, was outreach.Digest, next time.Time, told int64) (bool, error) {
	res := s.write(ctx).Model(&digestRow{}).Where("person_id = ? AND next_at = ?", was.PersonID, toMicros(was.NextAt)).
		Select("next_at", "told").Updates(&digestRow{NextAt: next, Told: told})
	return res.RowsAffected == 1, kind("store.MoveDigest", res.Error)
}

// NewestUnread is the newest notice after one that a person has not read; 0 if
// there is none.
func (s *Store) NewestUnread(ctx context.Context, personID, after int64) (int64, error) {
	var ids []int64
	err := s.read(ctx).Model(&noticeRow{}).Where("person_id = ? AND id > ? AND read_at IS NULL", personID, after).Order("id DESC").Limit(1).Pluck("id", &ids).Error
	return first(ids), kind("store.NewestUnread", err)
}

// UnreadNotices are what a person has not read of the notices after one and up to
// another, newest first.
func (s *Store) UnreadNotices(ctx context.Context, personID, after, upTo int64, limit int) ([]review.Notice, error) {
	q := s.read(ctx).Table("notices").Where("notices.person_id = ? AND notices.id > ? AND notices.id <= ? AND notices.read_at IS NULL", personID, after, upTo)
	return notices("store.UnreadNotices", q.Limit(clamp(limit)))
}

// Recipient is a person of the desk with their mail address. NotFound.
func (s *Store) Recipient(ctx context.Context, personID int64) (review.Person, string, error) {
	p, err := s.Person(ctx, personID)
	if err != nil {
		return p, "", err
	}
	var row personRow
	err = s.read(ctx).Select("email").Where("id = ?", personID).Take(&row).Error
	return p, row.Email, one("store.Recipient", "There is no such person.", err)
}

// notices reads what q chooses of the notices, newest first.
func notices(op string, q *gorm.DB) ([]review.Notice, error) {
	var rows []struct {
		ID       int64
		ReviewID int64
		Text     string
		Action   review.Action
		ToState  review.State
		ActorID  int64 `gorm:"serializer:null"`
		Actor    *string
		At       time.Time `gorm:"serializer:micros"`
		ReadAt   time.Time `gorm:"serializer:micros"`
	}
	err := q.Joins("JOIN events ON events.seq = notices.event_seq").Joins("JOIN reviews ON reviews.id = notices.review_id").
		Joins("JOIN claims ON claims.id = reviews.claim_id").Joins("LEFT JOIN people ON people.id = events.actor_id").
		Select("notices.id, notices.review_id, claims.text, events.action, events.to_state, events.actor_id, people.name AS actor, events.at, notices.read_at").
		Order("notices.id DESC").Find(&rows).Error
	if err != nil {
		return nil, kind(op, err)
	}
	var out []review.Notice
	for _, r := range rows {
		out = append(out, review.Notice{ID: r.ID, ReviewID: r.ReviewID, Text: r.Text, Action: r.Action, State: r.ToState, ActorID: r.ActorID, Actor: stringOr(r.Actor), At: r.At, ReadAt: r.ReadAt})
	}
	return out, nil
}
