package store

import (
	"context"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/search"
)

// Members are all accounts by name, closed ones included. In a transaction of
// InTx nobody else changes them until it ends.
func (s *Store) Members(ctx context.Context) ([]auth.Member, error) {
	var rows []struct {
		ID        int64
		Name      string
		Email     string
		Active    bool
		CreatedAt time.Time `gorm:"serializer:micros"`
		Role      *review.Role
	}
	err := s.locking(ctx, "people").Table("people").Joins("LEFT JOIN person_roles ON person_roles.person_id = people.id").
		Select("people.id, people.name, people.email, people.active, people.created_at, person_roles.role").
		Where("people.email NOT LIKE ?", "%@"+guestDomain). // nobody administers them
		Order("people.name, people.id, person_roles.role").Find(&rows).Error
	if err != nil {
		return nil, kind("store.Members", err)
	}
	var out []auth.Member
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].ID != r.ID {
			out = append(out, auth.Member{ID: r.ID, Name: r.Name, Email: r.Email, Active: r.Active, CreatedAt: r.CreatedAt})
		}
		if r.Role != nil {
			last := &out[len(out)-1]
			last.Roles = append(last.Roles, *r.Role)
		}
	}
	return out, nil
}

// ChangeMember writes name, address, roles and whether the account is open, and the event that
// tells it, in one transaction. NotFound.
func (s *Store) ChangeMember(ctx context.Context, m auth.Member, e review.Event) error {
	const op = "store.ChangeMember"
	return s.InTx(ctx, func(ctx context.Context) error {
		res := s.write(ctx).Model(&personRow{}).Where("id = ?", m.ID).Select("name", "email", "active").Updates(&personRow{Name: m.Name, Email: m.Email, Active: m.Active})
		if res.Error != nil {
			return kind(op, res.Error)
		}
		if res.RowsAffected == 0 {
			return errs.New(op, errs.NotFound, "There is no such person.")
		}
		if err := s.write(ctx).Where("person_id = ?", m.ID).Delete(&roleRow{}).Error; err != nil {
			return kind(op, err)
		}
		for _, r := range m.Roles {
			if err := s.write(ctx).Create(&roleRow{m.ID, r}).Error; err != nil {
				return kind(op, err)
			}
		}
		if err := s.searchable(ctx, nameDoc(search.Colleague, m.ID, m.Name)); err != nil {
			return kind(op, err)
		}
		if m.Forgotten() {
			if err := s.forget(ctx, m.ID); err != nil {
				return kind(op, err)
			}
		}
		e.Subject, e.SubjectID = review.OnPerson, m.ID
		return s.appendEvent(ctx, e)
	})
}

// forget drops what only concerned the person: what they followed and kept, and
// what would let them sign in.
func (s *Store) forget(ctx context.Context, id int64) error {
	for _, row := range []any{&watcherRow{}, &noticeRow{}, &viewRow{}, &presenceRow{}, &digestRow{}} {
		if err := s.write(ctx).Where("person_id = ?", id).Delete(row).Error; err != nil {
			return err
		}
	}
	if err := s.write(ctx).Model(&interestRow{}).Where("person_id = ? AND note <> ''", id).Select("note").Updates(&interestRow{}).Error; err != nil {
		return err
	}
	return s.write(ctx).Model(&personRow{}).Where("id = ?", id).Select("password_hash").Updates(&personRow{PasswordHash: "-"}).Error
}
