package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type commentRow struct {
	ID        int64
	ReviewID  int64
	ThreadID  int64 `gorm:"serializer:null"`
	Anchor    review.Anchor
	Number    int
	ArticleID int64 `gorm:"serializer:null"`
	SpanStart *int
	SpanEnd   *int
	Quote     string
	Blocking  bool
	Text      string
	ByID      int64
	At        time.Time `gorm:"serializer:micros"`
}

func (commentRow) TableName() string { return "comments" }

type commentMarkRow struct {
	ID        int64
	CommentID int64
	Mark      review.CommentMark
	ByID      int64
	At        time.Time `gorm:"serializer:micros"`
}

func (commentMarkRow) TableName() string { return "comment_marks" }

// blockingComments counts the comments on a row of reviews that block its
// publication.
const blockingComments = `(SELECT COUNT(*) FROM comments WHERE comments.review_id = reviews.id AND comments.blocking
	AND NOT EXISTS (SELECT 1 FROM comment_marks WHERE comment_marks.comment_id = comments.id AND comment_marks.mark = 'resolved'))`

// Comments are all comments on a review, oldest first.
func (s *Store) Comments(ctx context.Context, reviewID int64) ([]review.Comment, error) {
	var rows []struct {
		Comment    commentRow `gorm:"embedded"`
		ResolvedBy int64      `gorm:"serializer:null"`
		ResolvedAt time.Time  `gorm:"serializer:micros"`
		RedactedBy int64      `gorm:"serializer:null"`
		RedactedAt time.Time  `gorm:"serializer:micros"`
	}
	err := s.read(ctx).Table("comments").
		Joins("LEFT JOIN comment_marks AS solved ON solved.comment_id = comments.id AND solved.mark = ?", review.Resolved).
		Joins("LEFT JOIN comment_marks AS struck ON struck.comment_id = comments.id AND struck.mark = ?", review.Redacted).
		Select("comments.*, solved.by_id AS resolved_by, solved.at AS resolved_at, struck.by_id AS redacted_by, struck.at AS redacted_at").
		Where("comments.review_id = ?", reviewID).Order("comments.id").Limit(review.MaxComments).Find(&rows).Error
	if err != nil {
		return nil, kind("store.Comments", err)
	}
	out := make([]review.Comment, 0, len(rows))
	for _, r := range rows {
		c := r.Comment.comment()
		c.ResolvedBy, c.ResolvedAt, c.RedactedBy, c.RedactedAt = r.ResolvedBy, r.ResolvedAt, r.RedactedBy, r.RedactedAt
		out = append(out, c)
	}
	return out, nil
}

func (r commentRow) comment() review.Comment {
	c := review.Comment{
		ID: r.ID, ReviewID: r.ReviewID, ThreadID: r.ThreadID, Anchor: r.Anchor, Number: r.Number, ArticleID: r.ArticleID, Quote: r.Quote,
		Blocking: r.Blocking, Text: r.Text, ByID: r.ByID, At: r.At,
	}
	if r.SpanStart != nil && r.SpanEnd != nil {
		c.Start, c.End = *r.SpanStart, *r.SpanEnd
	}
	return c
}

func fromComment(c review.Comment) commentRow {
	row := commentRow{
		ID: c.ID, ReviewID: c.ReviewID, ThreadID: c.ThreadID, Anchor: c.Anchor, Number: c.Number, ArticleID: c.ArticleID, Quote: c.Quote,
		Blocking: c.Blocking, Text: c.Text, ByID: c.ByID, At: c.At,
	}
	if c.Quote != "" {
		row.SpanStart, row.SpanEnd = &c.Start, &c.End
	}
	return row
}

// SayComment keeps a comment, its event, and tells those whom it concerns.
func (s *Store) SayComment(ctx context.Context, c review.Comment, e review.Event, a review.Audience) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		row := fromComment(c)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind("store.SayComment", err)
		}
		return s.told(ctx, e, a)
	})
}

// MarkComment keeps what happened to a comment, its event, and tells those whom
// it concerns. Conflict if it happened before.
func (s *Store) MarkComment(ctx context.Context, id int64, m review.CommentMark, e review.Event, a review.Audience) error {
	const op = "store.MarkComment"
	return s.InTx(ctx, func(ctx context.Context) error {
		err := s.write(ctx).Create(&commentMarkRow{CommentID: id, Mark: m, ByID: e.ActorID, At: e.At}).Error
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return errs.New(op, errs.Conflict, "Somebody else did this a moment ago.")
		}
		if err != nil {
			return kind(op, err)
		}
		return s.told(ctx, e, a)
	})
}

// told appends an event on a review that no move tells of, and tells those whom
// it concerns.
func (s *Store) told(ctx context.Context, e review.Event, a review.Audience) error {
	seq, err := s.appended(ctx, e)
	if err != nil {
		return err
	}
	return kind("store.told", s.notify(ctx, e.SubjectID, seq, e.ActorID, a))
}
