package store

import (
	"context"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type publishedTopicRow struct {
	ReviewID    int64  `gorm:"primaryKey;autoIncrement:false"`
	Key         string `gorm:"primaryKey"`
	Name        string
	PublishedAt time.Time `gorm:"serializer:micros"`
}

func (publishedTopicRow) TableName() string { return "published_topics" }

// savePublishedTopics notes what readers are told that a check is about, in place
// of what the edition before told.
func (s *Store) savePublishedTopics(ctx context.Context, p review.Publication) error {
	if err := s.write(ctx).Where("review_id = ?", p.ReviewID).Delete(&publishedTopicRow{}).Error; err != nil {
		return err
	}
	var rows []publishedTopicRow
	for _, t := range p.Report.Claim.Topics {
		rows = append(rows, publishedTopicRow{p.ReviewID, review.SubjectKey(t), t, p.PublishedAt})
	}
	if len(rows) == 0 {
		return nil
	}
	return s.write(ctx).Create(&rows).Error
}

// PublishedAbout are the live checks about a topic, newest first, with its name as
// the newest of them has it. before is the last of the page before: its time in Key
// and its review in ID. NotFound if nothing was ever published about it.
func (s *Store) PublishedAbout(ctx context.Context, key string, before review.Cursor, limit int) (name string, all []review.Listed, err error) {
	const op = "store.PublishedAbout"
	var newest []publishedTopicRow
	if err := s.read(ctx).Where("key = ?", key).Order("published_at DESC, review_id DESC").Limit(1).Find(&newest).Error; err != nil {
		return "", nil, kind(op, err)
	}
	if len(newest) == 0 {
		return "", nil, errs.New(op, errs.NotFound, "Nothing is published about this.")
	}
	q := s.read(ctx).Table("published_topics AS t").Joins("JOIN checks ON checks.review_id = t.review_id").
		Joins("JOIN publications ON publications.id = checks.publication_id").Select("publications.*").
		Where("t.key = ?", key).Order("t.published_at DESC, t.review_id DESC")
	if !before.IsZero() {
		q = q.Where("(t.published_at, t.review_id) < (?, ?)", before.Key, before.ID)
	}
	var rows []publicationRow
	if err := q.Limit(clamp(limit)).Find(&rows).Error; err != nil {
		return "", nil, kind(op, err)
	}
	all, err = s.listed(ctx, rows)
	return newest[0].Name, all, err
}
