package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type spanCorrectionRow struct {
	ID        int64
	ArticleID int64
	ReviewID  int64
	Kind      review.SpanKind
	OldStart  *int
	OldEnd    *int
	OldQuote  string
	NewStart  *int
	NewEnd    *int
	NewQuote  string
	Score     float64
	Reason    string
	Engine    string
	ByID      int64
	At        time.Time `gorm:"serializer:micros"`
}

func (spanCorrectionRow) TableName() string { return "span_corrections" }

func fromSpanCorrection(c review.SpanCorrection) spanCorrectionRow {
	row := spanCorrectionRow{
		ID: c.ID, ArticleID: c.ArticleID, ReviewID: c.ReviewID, Kind: c.Kind, OldQuote: c.Old.Quote, NewQuote: c.New.Quote,
		Score: c.Score, Reason: c.Reason, Engine: c.Engine, ByID: c.ByID, At: c.At,
	}
	if c.Old.Quote != "" {
		row.OldStart, row.OldEnd = &c.Old.Start, &c.Old.End
	}
	if c.New.Quote != "" {
		row.NewStart, row.NewEnd = &c.New.Start, &c.New.End
	}
	return row
}

// correction is the row without the context of its spans, which the article
// has.
func (r spanCorrectionRow) correction() review.SpanCorrection {
	c := review.SpanCorrection{
		ID: r.ID, ArticleID: r.ArticleID, ReviewID: r.ReviewID, Kind: r.Kind, Score: r.Score, Reason: r.Reason, Engine: r.Engine, ByID: r.ByID, At: r.At,
	}
	if r.OldStart != nil && r.OldEnd != nil {
		c.Old = claims.Span{Start: *r.OldStart, End: *r.OldEnd, Quote: r.OldQuote}
	}
	if r.NewStart != nil && r.NewEnd != nil {
		c.New = claims.Span{Start: *r.NewStart, End: *r.NewEnd, Quote: r.NewQuote}
	}
	return c
}

// AddSpanCorrections keeps what a person taught.
func (s *Store) AddSpanCorrections(ctx context.Context, all []review.SpanCorrection) error {
	for _, c := range all {
		row := fromSpanCorrection(c)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind("store.AddSpanCorrections", err)
		}
	}
	return nil
}

// taughtRow is what a person taught, with the article.
type taughtRow struct {
	Correction spanCorrectionRow `gorm:"embedded"`
	Article    articleRow        `gorm:"embedded;embeddedPrefix:a_"`
}

func (r taughtRow) taught() (review.TaughtSpan, error) {
	return review.TaughtSpan{SpanCorrection: r.Correction.correction(), Article: claims.Article(r.Article)}, nil
}

// SpanCorrections walks all that people taught about spans, oldest first, with
// the article of each, without its text.
func (s *Store) SpanCorrections(ctx context.Context) iter.Seq2[review.TaughtSpan, error] {
	return walk(func(after int64) ([]taughtRow, error) {
		var rows []taughtRow
		err := s.read(ctx).Table("span_corrections").Joins("JOIN articles ON articles.id = span_corrections.article_id").
			Select("span_corrections.*, "+columns("articles", "a_", "id source version url title lang sha256")).
			Where("span_corrections.id > ?", after).Order("span_corrections.id").Limit(batch).Find(&rows).Error
		return rows, kind("store.SpanCorrections", err)
	}, func(r taughtRow) int64 { return r.Correction.ID }, taughtRow.taught)
}

// ReviewOf is the review of a claim. NotFound.
func (s *Store) ReviewOf(ctx context.Context, claimID int64) (int64, error) {
	var row reviewRow
	err := s.read(ctx).Select("id").Where("claim_id = ?", claimID).Take(&row).Error
	return row.ID, one("store.ReviewOf", "There is no such review.", err)
}

// ReviewAt is the review of the claim that stands in exactly those words of an
// article, or 0.
func (s *Store) ReviewAt(ctx context.Context, articleID int64, at claims.Span) (int64, error) {
	known, err := s.placeAt(ctx, articleID, at)
	if err != nil || known.ID == 0 || !known.ReplacedAt.IsZero() {
		return 0, kind("store.ReviewAt", err)
	}
	return s.ReviewOf(ctx, known.ClaimID)
}

// placeAt is the place at exactly those words, whether a claim still stands
// there or not; the zero row if there is none.
func (s *Store) placeAt(ctx context.Context, articleID int64, at claims.Span) (appearanceRow, error) {
	var row appearanceRow
	err := s.write(ctx).Where("article_id = ? AND span_start = ? AND span_end = ?", articleID, at.Start, at.End).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return appearanceRow{}, nil
	}
	return row, err
}

// putPlace writes a place: a new row, or the row known of the same words, which
// stands again. The words of a row never change.
func (s *Store) putPlace(ctx context.Context, known int64, a claims.Appearance) error {
	row, err := fromAppearance(a)
	if err != nil {
		return err
	}
	if known == 0 {
		return s.write(ctx).Create(&row).Error
	}
	res := s.write(ctx).Model(&appearanceRow{}).Where("id = ?", known).
		Select("claim_id", "sentence_start", "sentence_end", "attribution", "score", "reasons", "added_at", "added_by", "engine", "replaced_at").Updates(&row)
	return mustBeOne("store.putPlace", res)
}

// saveSpans puts a claim in other words of its article and keeps what was
// taught. Invalid if the new span does not hold on the stored text, or another
// claim stands there.
func (s *Store) saveSpans(ctx context.Context, o *review.Outcome) error {
	if m := o.MovePlace; m != nil {
		if err := s.movePlace(ctx, *m, o.Event.At); err != nil {
			return err
		}
	}
	return s.AddSpanCorrections(ctx, o.Spans)
}

func (s *Store) movePlace(ctx context.Context, m review.PlaceMove, at time.Time) error {
	const op = "store.movePlace"
	var a articleRow
	if err := s.write(ctx).Select("text").Where("id = ?", m.To.ArticleID).Take(&a).Error; err != nil {
		return err
	}
	if err := m.To.Span.Check(a.Text); err != nil {
		return err
	}
	known, err := s.placeAt(ctx, m.To.ArticleID, m.To.Span)
	if err != nil {
		return err
	}
	if known.ID != 0 && known.ReplacedAt.IsZero() {
		return errs.New(op, errs.Invalid, "A claim stands in exactly these words already. If it is the same, merge the two.")
	}
	res := s.write(ctx).Model(&appearanceRow{}).Where("id = ? AND replaced_at IS NULL", m.From).Select("replaced_at").Updates(&appearanceRow{ReplacedAt: at})
	if err := mustBeOne(op, res); err != nil {
		return err
	}
	if err := s.putPlace(ctx, known.ID, m.To); err != nil {
		return err
	}
	weighLater(ctx, known.ClaimID)
	weighLater(ctx, m.To.ClaimID)
	return s.moveLedger(ctx, m)
}

// moveLedger lets the new place go where the old one would when a merge is
// undone.
func (s *Store) moveLedger(ctx context.Context, m review.PlaceMove) error {
	next, err := s.placeAt(ctx, m.To.ArticleID, m.To.Span)
	if err != nil {
		return err
	}
	var items []mergeItem
	err = s.write(ctx).Where("kind = ? AND item_id = ? AND NOT EXISTS (SELECT 1 FROM merge_items AS twin WHERE twin.merge_id = merge_items.merge_id AND twin.kind = merge_items.kind AND twin.item_id = ?)",
		mergedAppearance, m.From, next.ID).Find(&items).Error
	if err != nil || len(items) == 0 {
		return err
	}
	for i := range items {
		items[i].ItemID = next.ID
	}
	return s.write(ctx).Create(&items).Error
}
