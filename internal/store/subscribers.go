package store

import (
	"context"
	"time"

	"factcheck/internal/jobs"
	"factcheck/internal/outreach"
	"factcheck/internal/review"
)

type subscriberRow struct {
	ID          int64
	ReviewID    int64
	Email       string
	AskedAt     time.Time `gorm:"serializer:micros"`
	ConfirmedAt time.Time `gorm:"serializer:micros"`
	EndedAt     time.Time `gorm:"serializer:micros"`
}

func (subscriberRow) TableName() string { return "subscribers" }

// CheckReview is the review of a published check. NotFound.
func (s *Store) CheckReview(ctx context.Context, slug string) (int64, error) {
	var row checkRow
	err := s.read(ctx).Select("review_id").Where("slug = ?", slug).Take(&row).Error
	return row.ReviewID, one("store.CheckReview", "There is no fact-check at this address.", err)
}

// Publication is one edition of a check. NotFound.
func (s *Store) Publication(ctx context.Context, id int64) (review.Publication, error) {
	const op = "store.Publication"
	var row publicationRow
	if err := s.read(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
		return review.Publication{}, one(op, "", err)
	}
	p, err := row.publication()
	return p, kind(op, err)
}

// AddSubscriber finds the address among those of the check, or adds it.
func (s *Store) AddSubscriber(ctx context.Context, sub outreach.Subscriber) (outreach.Subscriber, error) {
	const op = "store.AddSubscriber"
	var known []subscriberRow
	err := s.write(ctx).Where("review_id = ? AND email = ?", sub.ReviewID, sub.Email).Limit(1).Find(&known).Error
	if err != nil || len(known) > 0 {
		return outreach.Subscriber(first(known)), kind(op, err)
	}
	row := subscriberRow(sub)
	err = s.write(ctx).Create(&row).Error
	return outreach.Subscriber(row), kind(op, err)
}

// Subscriber is one subscriber. NotFound.
func (s *Store) Subscriber(ctx context.Context, id int64) (outreach.Subscriber, error) {
	var row subscriberRow
	err := s.read(ctx).Where("id = ?", id).Take(&row).Error
	return outreach.Subscriber(row), one("store.Subscriber", "", err)
}

// KeepSubscriber writes that a subscription was confirmed or ended.
func (s *Store) KeepSubscriber(ctx context.Context, sub outreach.Subscriber) error {
	row := subscriberRow(sub)
	res := s.write(ctx).Model(&subscriberRow{}).Where("id = ?", sub.ID).Select("email", "confirmed_at", "ended_at").Updates(&row)
	return mustBeOne("store.KeepSubscriber", res)
}

// AskAgain lets the confirmation go out once more if it went before that time.
func (s *Store) AskAgain(ctx context.Context, subscriberID int64, before time.Time) error {
	res := s.write(ctx).Model(&letterRow{}).Where("subscriber_id = ? AND event = ? AND sent_at < ?", subscriberID, outreach.Confirmation, toMicros(before)).
		Select("sent_at").Updates(&letterRow{})
	return kind("store.AskAgain", res.Error)
}

// tellSubscribers writes a letter to everybody who asked to be told of
// corrections, and the job that sends it, in the transaction of the
// publication. The database keeps one letter for each edition and subscriber.
func (s *Store) tellSubscribers(ctx context.Context, p publicationRow) error {
	at := toMicros(p.PublishedAt)
	res := s.write(ctx).Exec(`
		INSERT INTO letters (event, subscriber_id, publication_id, created_at, dropped)
		SELECT ?, id, ?, ?, '' FROM subscribers WHERE review_id = ? AND confirmed_at IS NOT NULL AND ended_at IS NULL`,
		outreach.Corrected, p.ID, at, p.ReviewID)
	if res.Error != nil || res.RowsAffected == 0 {
		return res.Error
	}
	return s.write(ctx).Exec(`
		INSERT INTO jobs (kind, args, key, state, run_at, attempts, max_attempts, worker, last_error, created_at)
		SELECT ?, '{"LetterID":' || CAST(id AS TEXT) || '}', CAST(id AS TEXT), 'waiting', ?, 0, ?, '', '', ? FROM letters WHERE publication_id = ?`,
		outreach.SendArgs{}.Kind(), at, jobs.DefaultAttempts, at, p.ID).Error
}
