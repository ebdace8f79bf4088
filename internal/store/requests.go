package store

import (
	"context"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type requestRow struct {
	ID           int64
	ReviewID     int64
	Respondent   string
	Channel      review.Channel
	Address      string
	Question     string
	Urgent       bool
	UrgentReason string
	PolicyID     int64 `gorm:"serializer:null"`
	Hours        int
	AskedBy      int64
	AskedAt      time.Time `gorm:"serializer:micros"`
	SentAt       time.Time `gorm:"serializer:micros"`
	SentBy       int64     `gorm:"serializer:null"`
	Deadline     time.Time `gorm:"serializer:micros"`
	Outcome      review.ReplyOutcome
	OutcomeNote  string
	ClosedBy     int64     `gorm:"serializer:null"`
	ClosedAt     time.Time `gorm:"serializer:micros"`
	RevokedAt    time.Time `gorm:"serializer:micros"`
	LinkEnds     time.Time `gorm:"serializer:micros"`
}

func (requestRow) TableName() string { return "reply_requests" }

func fromRequest(q review.ReplyRequest) requestRow {
	return requestRow{q.ID, q.ReviewID, q.Respondent, q.Channel, q.Address, q.Question, q.Urgent, q.UrgentReason, q.PolicyID, q.Hours, q.AskedBy,
		q.AskedAt, q.SentAt, q.SentBy, q.Deadline, q.Outcome, q.OutcomeNote, q.ClosedBy, q.ClosedAt, q.RevokedAt, q.LinkEnds}
}

func (r requestRow) request() review.ReplyRequest {
	return review.ReplyRequest{
		ID: r.ID, ReviewID: r.ReviewID, Respondent: r.Respondent, Channel: r.Channel, Address: r.Address, Question: r.Question, Urgent: r.Urgent,
		UrgentReason: r.UrgentReason, PolicyID: r.PolicyID, Hours: r.Hours, AskedBy: r.AskedBy, AskedAt: r.AskedAt, SentAt: r.SentAt, SentBy: r.SentBy,
		Deadline: r.Deadline, Outcome: r.Outcome, OutcomeNote: r.OutcomeNote, ClosedBy: r.ClosedBy, ClosedAt: r.ClosedAt, RevokedAt: r.RevokedAt, LinkEnds: r.LinkEnds,
	}
}

type replyRow struct {
	ID         int64
	RequestID  int64
	Text       string
	ReceivedAt time.Time `gorm:"serializer:micros"`
	Late       bool
	RecordedBy int64 `gorm:"serializer:null"`
}

func (replyRow) TableName() string { return "replies" }

// loadRequests loads every request for a reply with its answer, first asked
// first.
func (s *Store) loadRequests(ctx context.Context, d *review.Dossier) error {
	var rows []struct {
		Request requestRow `gorm:"embedded"`
		Reply   replyRow   `gorm:"embedded;embeddedPrefix:a_"`
	}
	err := s.read(ctx).Table("reply_requests").Joins("LEFT JOIN replies ON replies.request_id = reply_requests.id").
		Select("reply_requests.*, "+columns("replies", "a_", "id request_id text received_at late recorded_by")).
		Where("reply_requests.review_id = ?", d.Review.ID).Order("reply_requests.id").Find(&rows).Error
	for _, r := range rows {
		q := r.Request.request()
		if r.Reply.ID != 0 {
			a := review.Reply(r.Reply)
			q.Reply = &a
		}
		d.Requests = append(d.Requests, q)
	}
	return err
}

// saveRequest writes a request for a reply that is new or changed, and the
// answer to it. A second answer is a Conflict: the database keeps one.
func (s *Store) saveRequest(ctx context.Context, o *review.Outcome) error {
	const op = "store.saveRequest"
	if q := o.Request; q != nil {
		row := fromRequest(*q)
		if row.ID == 0 {
			if err := s.write(ctx).Create(&row).Error; err != nil {
				return err
			}
			q.ID = row.ID
		} else {
			res := s.write(ctx).Model(&requestRow{}).Where("id = ?", row.ID).
				Select("sent_at", "sent_by", "deadline", "outcome", "outcome_note", "closed_by", "closed_at", "revoked_at", "link_ends").Updates(&row)
			if err := mustBeOne(op, res); err != nil {
				return err
			}
		}
	}
	if o.Reply == nil {
		return nil
	}
	row := replyRow(*o.Reply)
	return kind(op, s.write(ctx).Create(&row).Error)
}

// RequestReview is the review that a request for a reply belongs to. NotFound.
func (s *Store) RequestReview(ctx context.Context, id int64) (int64, error) {
	var row requestRow
	if err := s.read(ctx).Select("review_id").Where("id = ?", id).Take(&row).Error; err != nil {
		return 0, one("store.RequestReview", "", err)
	}
	return row.ReviewID, nil
}

// RequestSent notes that the program sent the question, and until when they
// have to answer, unless that is on record already.
func (s *Store) RequestSent(ctx context.Context, q review.ReplyRequest) error {
	row := fromRequest(q)
	res := s.write(ctx).Model(&requestRow{}).Where("id = ? AND sent_at IS NULL", q.ID).Select("sent_at", "deadline", "link_ends").Updates(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New("store.RequestSent", errs.Conflict, "It is on record already when this was sent.")
	}
	return kind("store.RequestSent", res.Error)
}
