package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// tally sums up what became of claims; r is reviews.
const tally = "COUNT(*) AS found, SUM(CASE WHEN r.state NOT IN ('triage', 'dismissed') THEN 1 ELSE 0 END) AS chosen, " +
	"SUM(CASE WHEN r.state = 'dismissed' THEN 1 ELSE 0 END) AS dismissed, SUM(CASE WHEN k.review_id IS NOT NULL THEN 1 ELSE 0 END) AS published"

// Balance is how the desk dealt with the claims that were opened from one time on
// and before another.
func (s *Store) Balance(ctx context.Context, from, to time.Time) (review.Balance, error) {
	const op = "store.Balance"
	var b review.Balance
	opened := func() *gorm.DB {
		return s.read(ctx).Table("reviews AS r").Joins("JOIN claims AS c ON c.id = r.claim_id").
			Joins("LEFT JOIN claimants AS w ON w.id = c.claimant_id").Joins("LEFT JOIN checks AS k ON k.review_id = r.id").
			Where("r.state <> 'merged' AND r.opened_at >= ? AND r.opened_at < ?", from.UnixMicro(), to.UnixMicro())
	}
	lists := []struct {
		what, group string
		into        *[]review.Tally
	}{
		{"COALESCE(w.id, 0) AS id, COALESCE(w.name, '') AS name, COALESCE(w.side, '') AS side", "w.id, w.name, w.side", &b.Speakers},
		{"0 AS id, COALESCE(w.side, '') AS name, '' AS side", "COALESCE(w.side, '')", &b.Sides},
		{"0 AS id, c.kind AS name, '' AS side", "c.kind", &b.Kinds},
	}
	for _, l := range lists {
		if err := opened().Select(l.what + ", " + tally).Group(l.group).Order("found DESC, name").Limit(review.BalanceRows).Find(l.into).Error; err != nil {
			return b, kind(op, err)
		}
	}
	err := opened().Where("r.dismissal <> ''").Select("r.dismissal AS name, COUNT(*) AS n").Group("r.dismissal").Order("n DESC, name").Find(&b.Reasons).Error
	if err != nil {
		return b, kind(op, err)
	}
	err = s.read(ctx).Table("published_ratings AS p").Joins("LEFT JOIN claimants AS w ON w.name_key = p.name_key AND p.name_key <> ''").
		Where("NOT p.retracted AND p.published_at >= ? AND p.published_at < ?", from.UnixMicro(), to.UnixMicro()).
		Select("COALESCE(w.side, '') AS side, p.rating, MIN(p.colour) AS colour, COUNT(*) AS n").Group("COALESCE(w.side, ''), p.rating").
		Order("side, n DESC, p.rating").Limit(review.MaxRows).Find(&b.Ratings).Error
	return b, kind(op, err)
}

// SetSide writes the side of a claimant and the event that tells it. NotFound.
func (s *Store) SetSide(ctx context.Context, claimantID int64, side string, by int64, now time.Time) error {
	const op = "store.SetSide"
	return s.InTx(ctx, func(ctx context.Context) error {
		var was struct{ Side string }
		err := s.locking(ctx, "claimants").Table("claimants").Select("side").Where("id = ?", claimantID).Take(&was).Error
		if err != nil {
			return one(op, "There is no such speaker.", err)
		}
		if was.Side == side {
			return nil
		}
		res := s.write(ctx).Table("claimants").Where("id = ?", claimantID).Updates(map[string]any{"side": side})
		if res.Error != nil {
			return kind(op, res.Error)
		}
		if res.RowsAffected == 0 {
			return errs.New(op, errs.NotFound, "There is no such speaker.")
		}
		return s.appendEvent(ctx, review.Event{
			Subject: review.OnClaimant, SubjectID: claimantID, Action: review.SetSide, ActorID: by, At: now,
			Changes: []review.Change{{Field: "side", From: was.Side, To: side}},
		})
	})
}
