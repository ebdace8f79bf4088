package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"factcheck/internal/review"
)

type draftRow struct {
	PersonID int64  `gorm:"primaryKey;autoIncrement:false"`
	ReviewID int64  `gorm:"primaryKey;autoIncrement:false"`
	Form     string `gorm:"primaryKey"`
	Field    string `gorm:"primaryKey"`
	Value    string
	Version  int64
	SavedAt  time.Time `gorm:"serializer:micros"`
}

func (draftRow) TableName() string { return "drafts" }

// Drafts are what a person typed on a review and has not sent, by form and
// field.
func (s *Store) Drafts(ctx context.Context, personID, reviewID int64) ([]review.Typed, error) {
	var rows []draftRow
	err := s.read(ctx).Where("person_id = ? AND review_id = ?", personID, reviewID).Order("form, field").Find(&rows).Error
	var out []review.Typed
	for _, r := range rows {
		out = append(out, review.Typed(r))
	}
	return out, kind("store.Drafts", err)
}

// KeepDraft keeps what a person typed into one field, in the place of what they
// had typed there. Of more than most fields of one person the oldest are
// forgotten.
func (s *Store) KeepDraft(ctx context.Context, t review.Typed, most int) error {
	const op = "store.KeepDraft"
	return s.InTx(ctx, func(ctx context.Context) error {
		row := draftRow(t)
		again := clause.OnConflict{
			Columns:   []clause.Column{{Name: "person_id"}, {Name: "review_id"}, {Name: "form"}, {Name: "field"}},
			DoUpdates: clause.AssignmentColumns([]string{"value", "version", "saved_at"}),
		}
		if err := s.write(ctx).Clauses(again).Create(&row).Error; err != nil {
			return kind(op, err)
		}
		var last []draftRow
		err := s.write(ctx).Select("saved_at").Where("person_id = ?", t.PersonID).Order("saved_at DESC").Offset(most).Limit(1).Find(&last).Error
		if err != nil || len(last) == 0 {
			return kind(op, err)
		}
		return kind(op, s.write(ctx).Where("person_id = ? AND saved_at <= ?", t.PersonID, toMicros(last[0].SavedAt)).Delete(&draftRow{}).Error)
	})
}

// DropDrafts forgets what a person typed into a form.
func (s *Store) DropDrafts(ctx context.Context, personID, reviewID int64, form string) error {
	err := s.write(ctx).Where("person_id = ? AND review_id = ? AND form = ?", personID, reviewID, form).Delete(&draftRow{}).Error
	return kind("store.DropDrafts", err)
}
