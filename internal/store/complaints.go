package store

import (
	"context"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type complaintRow struct {
	ID            int64
	ReviewID      int64
	PublicationID int64
	Version       int64
	Text          string
	Proof         string
	Email         string
	ReceivedAt    time.Time `gorm:"serializer:micros"`
	PolicyID      int64     `gorm:"serializer:null"`
	Hours         int
	DueAt         time.Time `gorm:"serializer:micros"`
	ErasedAt      time.Time `gorm:"serializer:micros"`
	TakenBy       int64     `gorm:"serializer:null"`
	TakenAt       time.Time `gorm:"serializer:micros"`
	Finding       string
	FoundAt       time.Time `gorm:"serializer:micros"`
	Outcome       review.ComplaintOutcome
	Reason        string
	DecidedBy     int64     `gorm:"serializer:null"`
	DecidedAt     time.Time `gorm:"serializer:micros"`
	AnswerID      int64     `gorm:"serializer:null"`
	ToldAt        time.Time `gorm:"serializer:micros"`
	Untold        string
}

func (complaintRow) TableName() string { return "complaints" }

// AddComplaint keeps what a reader sent, with its event. Sent again while it is
// open, it is there once; that is no error.
func (s *Store) AddComplaint(ctx context.Context, c review.Complaint) error {
	const op = "store.AddComplaint"
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockAppending(ctx); err != nil {
			return kind(op, err)
		}
		var same []complaintRow
		err := s.write(ctx).Select("id").Where("review_id = ? AND outcome = '' AND publication_id = ? AND text = ? AND proof = ? AND email = ?",
			c.ReviewID, c.PublicationID, c.Text, c.Proof, c.Email).Limit(1).Find(&same).Error
		if err != nil || len(same) > 0 {
			return kind(op, err)
		}
		row := complaintRow(c)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind(op, err)
		}
		c.ID = row.ID
		return s.complaintEvent(ctx, c, c.Received())
	})
}

// SaveComplaint writes what became of a complaint, with its event. Conflict if
// somebody else changed it since it was read.
func (s *Store) SaveComplaint(ctx context.Context, c review.Complaint, e review.Event) error {
	const op = "store.SaveComplaint"
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockAppending(ctx); err != nil {
			return kind(op, err)
		}
		row := complaintRow(c)
		row.Version++
		res := s.write(ctx).Model(&complaintRow{}).Where("id = ? AND version = ?", c.ID, c.Version).
			Select("version", "email", "erased_at", "taken_by", "taken_at", "finding", "found_at", "outcome", "reason", "decided_by", "decided_at").Updates(&row)
		if res.Error != nil {
			return kind(op, res.Error)
		}
		if res.RowsAffected == 0 {
			return errs.New(op, errs.Conflict, "Somebody else changed this complaint. Look at it, then try again.")
		}
		return s.complaintEvent(ctx, c, e)
	})
}

// complaintEvent puts an event into the history of the complaint's review, and
// tells whom it concerns.
func (s *Store) complaintEvent(ctx context.Context, c review.Complaint, e review.Event) error {
	const op = "store.complaintEvent"
	var now reviewRow
	if err := s.write(ctx).Select("version", "state").Where("id = ?", c.ReviewID).Take(&now).Error; err != nil {
		return one(op, "There is no such review.", err)
	}
	e.Version, e.From, e.To = now.Version, now.State, now.State
	seq, err := s.appended(ctx, e)
	if err != nil {
		return err
	}
	return kind(op, s.notify(ctx, c.ReviewID, seq, e.ActorID, review.ComplaintAudience(e.Action, c)))
}

// Complaint is a complaint with what decides about it. NotFound.
func (s *Store) Complaint(ctx context.Context, id int64) (review.ComplaintCase, error) {
	const op = "store.Complaint"
	var c review.ComplaintCase
	err := s.inRead(ctx, func(ctx context.Context) error {
		var row complaintRow
		if err := s.read(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
			return one(op, "There is no such complaint.", err)
		}
		c.Complaint = review.Complaint(row)
		err := s.read(ctx).Raw(`
			SELECT person_id FROM contributions WHERE review_id = ? UNION SELECT author_id FROM verdicts WHERE review_id = ? ORDER BY 1`,
			row.ReviewID, row.ReviewID).Find(&c.Contributors).Error
		if err != nil {
			return kind(op, err)
		}
		var people []struct {
			ID   int64
			Name string
		}
		err = s.read(ctx).Table("people").Select("id", "name").Where("id IN ?", []int64{row.TakenBy, row.DecidedBy}).Find(&people).Error
		for _, p := range people {
			c.People = append(c.People, review.Person{ID: p.ID, Name: p.Name})
		}
		return kind(op, err)
	})
	return c, err
}

// Complaints is a page of the list of complaints.
func (s *Store) Complaints(ctx context.Context, f review.ComplaintFilter) ([]review.ComplaintRow, error) {
	q := s.read(ctx).Table("complaints").Joins("JOIN publications ON publications.id = complaints.publication_id").
		Joins("JOIN reviews ON reviews.id = complaints.review_id").Joins("JOIN claims ON claims.id = reviews.claim_id").
		Joins("LEFT JOIN people ON people.id = complaints.taken_by").
		Select("complaints.*, claims.text AS claim, publications.edition, publications.slug, people.name AS taker")
	switch {
	case f.Decided && f.After.ID != 0:
		q = q.Where("complaints.outcome <> '' AND (complaints.decided_at, complaints.id) < (?, ?)", f.After.Key, f.After.ID)
	case f.Decided:
		q = q.Where("complaints.outcome <> ''")
	case f.After.ID != 0:
		q = q.Where("complaints.outcome = '' AND (complaints.due_at, complaints.id) > (?, ?)", f.After.Key, f.After.ID)
	default:
		q = q.Where("complaints.outcome = ''")
	}
	if f.ReviewID != 0 {
		q = q.Where("complaints.review_id = ?", f.ReviewID)
	}
	order := "complaints.due_at, complaints.id"
	if f.Decided {
		order = "complaints.decided_at DESC, complaints.id DESC"
	}
	var rows []struct {
		Complaint complaintRow `gorm:"embedded"`
		Claim     string
		Edition   int
		Slug      string
		Taker     *string
	}
	if err := q.Order(order).Limit(clamp(f.Limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.Complaints", err)
	}
	var out []review.ComplaintRow
	for _, r := range rows {
		out = append(out, review.ComplaintRow{Complaint: review.Complaint(r.Complaint), Claim: r.Claim, Edition: r.Edition, Slug: r.Slug, Taker: stringOr(r.Taker)})
	}
	return out, nil
}

// ToldComplaint marks that the outcome was sent to the reader or, with a reason,
// that it will not be.
func (s *Store) ToldComplaint(ctx context.Context, id int64, at time.Time, untold string) error {
	row := complaintRow{Untold: untold}
	if untold == "" {
		row.ToldAt = at
	}
	res := s.write(ctx).Model(&complaintRow{}).Where("id = ? AND told_at IS NULL", id).Select("told_at", "untold").Updates(&row)
	return kind("store.ToldComplaint", res.Error)
}

// answerComplaints notes at the complaints that were upheld, if only in part,
// which edition they led to: the first one that was begun after the decision.
func (s *Store) answerComplaints(ctx context.Context, p publicationRow) error {
	if err := s.lockAppending(ctx); err != nil { // as everybody who changes complaints
		return err
	}
	return s.write(ctx).Exec(`
		UPDATE complaints SET answer_id = ? WHERE review_id = ? AND answer_id IS NULL AND outcome IN ? AND EXISTS (
			SELECT 1 FROM events WHERE events.subject = ? AND events.subject_id = complaints.review_id
			AND events.action IN ? AND events.at >= complaints.decided_at)`,
		p.ID, p.ReviewID, []review.ComplaintOutcome{review.Upheld, review.PartlyUpheld}, review.OnReview,
		[]review.Action{review.Correct, review.Retract}).Error
}

// withComplaints are the columns of corrections, with whether a complaint led
// there.
const withComplaints = "corrections.*, EXISTS (SELECT 1 FROM complaints WHERE complaints.answer_id = corrections.publication_id) AS complained"
