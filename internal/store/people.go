package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/search"
)

type personRow struct {
	ID           int64
	Name         string
	Email        string
	PasswordHash string
	Active       bool
	CreatedAt    time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (personRow) TableName() string { return "people" }

type roleRow struct {
	PersonID int64
	Role     review.Role
}

func (roleRow) TableName() string { return "person_roles" }

// Person is one person, whether active or not. NotFound.
func (s *Store) Person(ctx context.Context, id int64) (review.Person, error) {
	all, err := s.people(ctx, []int64{id}, false)
	if err == nil && len(all) == 0 {
		err = errs.New("store.Person", errs.NotFound, "There is no such person.")
	}
	if err != nil {
		return review.Person{}, err
	}
	return all[0], nil
}

// People are the active people by name.
func (s *Store) People(ctx context.Context) ([]review.Person, error) { return s.people(ctx, nil, true) }

// people are those with one of the ids and, with active, everybody active; by
// name. One query: a row for each role.
func (s *Store) people(ctx context.Context, ids []int64, active bool) ([]review.Person, error) {
	q := s.read(ctx).Table("people").Joins("LEFT JOIN person_roles ON person_roles.person_id = people.id").
		Select("people.id, people.name, people.active, person_roles.role").Order("people.name, people.id, person_roles.role")
	if active {
		q = q.Where("people.active = ? OR people.id IN ?", true, append(ids, 0))
	} else {
		q = q.Where("people.id IN ?", ids)
	}
	var rows []struct {
		ID     int64
		Name   string
		Active bool
		Role   *review.Role
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind("store.people", err)
	}
	var out []review.Person
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].ID != r.ID {
			out = append(out, review.Person{ID: r.ID, Name: r.Name, Active: r.Active})
		}
		if r.Role != nil {
			last := &out[len(out)-1]
			last.Roles = append(last.Roles, *r.Role)
		}
	}
	return out, nil
}

// AccountByEmail is the account with that address, lower case. NotFound.
func (s *Store) AccountByEmail(ctx context.Context, email string) (auth.Account, error) {
	const op = "store.AccountByEmail"
	var row personRow
	if err := s.read(ctx).Where("email = ?", email).Take(&row).Error; err != nil {
		return auth.Account{}, one(op, "There is no such account.", err)
	}
	var roles []review.Role
	if err := s.read(ctx).Model(&roleRow{}).Where("person_id = ?", row.ID).Order("role").Pluck("role", &roles).Error; err != nil {
		return auth.Account{}, kind(op, err)
	}
	return auth.Account{ID: row.ID, Name: row.Name, Email: row.Email, PasswordHash: row.PasswordHash, Roles: roles, Active: row.Active, CreatedAt: row.CreatedAt}, nil
}

// AddAccount stores an account and the event that tells it, and returns its
// id. Conflict if the address is taken.
func (s *Store) AddAccount(ctx context.Context, a auth.Account) (int64, error) {
	const op = "store.AddAccount"
	row := personRow{Name: a.Name, Email: a.Email, PasswordHash: a.PasswordHash, Active: a.Active, CreatedAt: a.CreatedAt}
	err := s.InTx(ctx, func(ctx context.Context) error {
		err := s.write(ctx).Create(&row).Error
		if errors.Is(kind(op, err), errs.Conflict) {
			return errs.New(op, errs.Conflict, "Somebody with this address has an account already.")
		}
		if err != nil {
			return kind(op, err)
		}
		if err := s.searchable(ctx, nameDoc(search.Colleague, row.ID, row.Name)); err != nil {
			return kind(op, err)
		}
		var names []string
		for _, r := range a.Roles {
			if err := s.write(ctx).Create(&roleRow{row.ID, r}).Error; err != nil {
				return kind(op, err)
			}
			names = append(names, string(r))
		}
		return s.appendEvent(ctx, review.Event{
			Subject: review.OnPerson, SubjectID: row.ID, Action: review.AddPerson, ActorID: a.AddedBy, At: a.CreatedAt,
			Changes: []review.Change{{Field: "roles", To: strings.Join(names, " ")}},
		})
	})
	return row.ID, err
}

// HasAccounts reports whether anybody has an account.
func (s *Store) HasAccounts(ctx context.Context) (bool, error) {
	var n int64
	err := s.read(ctx).Model(&personRow{}).Limit(1).Count(&n).Error
	return n > 0, kind("store.HasAccounts", err)
}

type failureRow struct {
	ID       int64
	Subject  string
	FailedAt time.Time `gorm:"serializer:micros"`
}

func (failureRow) TableName() string { return "sign_in_failures" }

// AddFailure notes a failed sign-in, and forgets those of a day ago.
func (s *Store) AddFailure(ctx context.Context, subject string, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.write(ctx).Where("failed_at < ?", toMicros(at.Add(-24*time.Hour))).Delete(&failureRow{}).Error; err != nil {
			return kind("store.AddFailure", err)
		}
		return kind("store.AddFailure", s.write(ctx).Create(&failureRow{Subject: subject, FailedAt: at}).Error)
	})
}

// Failures counts the failed sign-ins since a time, and tells the oldest.
func (s *Store) Failures(ctx context.Context, subject string, since time.Time) (n int, oldest time.Time, err error) {
	var row struct {
		N      int
		Oldest *int64
	}
	err = s.read(ctx).Model(&failureRow{}).Select("COUNT(*) AS n, MIN(failed_at) AS oldest").
		Where("subject = ? AND failed_at >= ?", subject, toMicros(since)).Find(&row).Error
	if row.Oldest != nil {
		oldest = fromMicros(*row.Oldest)
	}
	return row.N, oldest, kind("store.Failures", err)
}

// ClearFailures forgets the failed sign-ins of a subject.
func (s *Store) ClearFailures(ctx context.Context, subject string) error {
	return kind("store.ClearFailures", s.write(ctx).Where("subject = ?", subject).Delete(&failureRow{}).Error)
}

type setupTokenRow struct {
	TokenHash string    `gorm:"primaryKey"`
	ExpiresAt time.Time `gorm:"serializer:micros"`
}

func (setupTokenRow) TableName() string { return "setup_tokens" }

// AddSetupToken stores the hash of a one-time token.
func (s *Store) AddSetupToken(ctx context.Context, hash string, expires time.Time) error {
	return kind("store.AddSetupToken", s.write(ctx).Create(&setupTokenRow{hash, expires}).Error)
}

// UseSetupToken removes a token. NotFound if there is none, or it has expired.
func (s *Store) UseSetupToken(ctx context.Context, hash string, now time.Time) error {
	const op = "store.UseSetupToken"
	res := s.write(ctx).Where("token_hash = ? AND expires_at > ?", hash, toMicros(now)).Delete(&setupTokenRow{})
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New(op, errs.NotFound, "This set-up link was used or has expired. Start the server again for a new one.")
	}
	return kind(op, res.Error)
}
