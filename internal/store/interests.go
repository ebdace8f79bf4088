package store

import (
	"context"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type interestRow struct {
	ID         int64
	PersonID   int64
	Kind       review.InterestKind
	Subject    string
	SubjectKey string
	Since      time.Time `gorm:"serializer:micros"`
	Until      time.Time `gorm:"serializer:micros"`
	Note       string
	DeclaredAt time.Time `gorm:"serializer:micros"`
	EndedAt    time.Time `gorm:"serializer:micros"`
}

func (interestRow) TableName() string { return "interests" }

// AddInterest writes an interest and returns its id.
func (s *Store) AddInterest(ctx context.Context, i review.Interest) (int64, error) {
	row := interestRow{
		PersonID: i.PersonID, Kind: i.Kind, Subject: i.Subject, SubjectKey: review.SubjectKey(i.Subject), Since: i.Since, Until: i.Until,
		Note: i.Note, DeclaredAt: i.DeclaredAt,
	}
	err := s.write(ctx).Create(&row).Error
	return row.ID, kind("store.AddInterest", err)
}

// EndInterest notes since when an interest of that person counts no more.
// NotFound; Conflict if it has ended before.
func (s *Store) EndInterest(ctx context.Context, id, personID int64, at time.Time) error {
	const op = "store.EndInterest"
	return s.InTx(ctx, func(ctx context.Context) error {
		var row interestRow
		if err := s.write(ctx).Where("id = ? AND person_id = ?", id, personID).Take(&row).Error; err != nil {
			return one(op, "You have declared no such interest.", err)
		}
		res := s.write(ctx).Model(&interestRow{}).Where("id = ? AND ended_at IS NULL", id).Select("ended_at").Updates(&interestRow{EndedAt: at})
		if res.Error == nil && res.RowsAffected == 0 {
			return errs.New(op, errs.Conflict, "This interest has ended already.")
		}
		return kind(op, res.Error)
	})
}

// Interests lists what was declared, newest first.
func (s *Store) Interests(ctx context.Context, f review.InterestFilter) ([]review.Interest, error) {
	q := s.read(ctx).Table("interests").Joins("JOIN people ON people.id = interests.person_id").Select("interests.*, people.name AS person").
		Order("interests.id DESC").Limit(clamp(f.Limit))
	if f.Person != 0 {
		q = q.Where("interests.person_id = ?", f.Person)
	}
	if f.Before != 0 {
		q = q.Where("interests.id < ?", f.Before)
	}
	var rows []struct {
		Row    interestRow `gorm:"embedded"`
		Person string
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind("store.Interests", err)
	}
	var out []review.Interest
	for _, r := range rows {
		out = append(out, review.Interest{
			ID: r.Row.ID, PersonID: r.Row.PersonID, Person: r.Person, Kind: r.Row.Kind, Subject: r.Row.Subject, Since: r.Row.Since, Until: r.Row.Until,
			Note: r.Row.Note, DeclaredAt: r.Row.DeclaredAt, EndedAt: r.Row.EndedAt,
		})
	}
	return out, nil
}

type topicRow struct {
	ClaimID int64  `gorm:"primaryKey;autoIncrement:false"`
	Key     string `gorm:"primaryKey"`
	Name    string
}

func (topicRow) TableName() string { return "topics" }

// topicsOf are the topics of a claim, in the order of their keys.
func (s *Store) topicsOf(ctx context.Context, claimID int64) ([]string, error) {
	var names []string
	err := s.read(ctx).Model(&topicRow{}).Where("claim_id = ?", claimID).Order("key").Pluck("name", &names).Error
	return names, err
}

// saveTopics writes what the claim is about, in place of what it was.
func (s *Store) saveTopics(ctx context.Context, o *review.Outcome) error {
	if o.Topics == nil || o.Claim == nil {
		return nil
	}
	if err := s.write(ctx).Where("claim_id = ?", o.Claim.ID).Delete(&topicRow{}).Error; err != nil {
		return err
	}
	var rows []topicRow
	for _, t := range *o.Topics {
		rows = append(rows, topicRow{o.Claim.ID, review.SubjectKey(t), t})
	}
	if len(rows) == 0 {
		return nil
	}
	return s.write(ctx).Create(&rows).Error
}
