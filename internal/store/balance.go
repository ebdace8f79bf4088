package store

import (
	"context"
	"strconv"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// tally sums up what became of claims; r is reviews.
const tally = "COUNT(*) AS found, SUM(CASE WHEN r.state NOT IN ('triage', 'dismissed') THEN 1 ELSE 0 END) AS chosen, " +
	"SUM(CASE WHEN r.state = 'dismissed' THEN 1 ELSE 0 END) AS dismissed, SUM(CASE WHEN k.review_id IS NOT NULL THEN 1 ELSE 0 END) AS published"

// tallied is a list of a balance: what it is grouped by.
type tallied struct {
	list          review.BalanceList // empty: one that is short
	what, group   string
	key           string // what rows with as many claims are told apart by
	number, topic bool   // key is a number; topics are joined
}

// tallies are the lists of a balance.
var tallies = []tallied{
	{list: review.BySpeaker, what: "COALESCE(w.id, 0) AS id, COALESCE(w.name, '') AS name, COALESCE(w.side, '') AS side, '' AS key", group: "w.id, w.name, w.side", key: "COALESCE(w.id, 0)", number: true},
	{list: review.BySide, what: "0 AS id, COALESCE(w.side, '') AS name, '' AS side, '' AS key", group: "COALESCE(w.side, '')", key: "COALESCE(w.side, '')"},
	{list: review.ByTopic, what: "0 AS id, COALESCE(MIN(t.name), '') AS name, '' AS side, COALESCE(t.key, '') AS key", group: "COALESCE(t.key, '')", key: "COALESCE(t.key, '')", topic: true},
	{what: "0 AS id, c.kind AS name, '' AS side, '' AS key", group: "c.kind", key: "c.kind"},
}

// Balance is how the desk dealt with the claims that f chooses.
func (s *Store) Balance(ctx context.Context, f review.BalanceFilter) (review.Balance, error) {
	var b review.Balance
	into := map[review.BalanceList]*[]review.Tally{review.BySpeaker: &b.Speakers, review.BySide: &b.Sides, review.ByTopic: &b.Topics, "": &b.Kinds}
	for _, l := range tallies {
		if f.List != "" && f.List != l.list {
			continue
		}
		if err := s.tallied(ctx, f, l).Find(into[l.list]).Error; err != nil {
			return b, kind("store.Balance", err)
		}
	}
	if f.List != "" {
		return b, nil
	}
	return b, s.balanceEnds(ctx, f, &b)
}

// opened are the claims of a balance.
func (s *Store) opened(ctx context.Context, f review.BalanceFilter) *gorm.DB {
	return s.read(ctx).Table("reviews AS r").Joins("JOIN claims AS c ON c.id = r.claim_id").
		Joins("LEFT JOIN claimants AS w ON w.id = c.claimant_id").Joins("LEFT JOIN checks AS k ON k.review_id = r.id").
		Where("r.state <> 'merged' AND r.opened_at >= ? AND r.opened_at < ?", f.From.UnixMicro(), f.To.UnixMicro())
}

// tallied is one list of a balance, those with most claims first.
func (s *Store) tallied(ctx context.Context, f review.BalanceFilter, l tallied) *gorm.DB {
	q := s.opened(ctx, f)
	if l.topic {
		q = q.Joins("LEFT JOIN topics AS t ON t.claim_id = c.id")
	}
	q = q.Select(l.what + ", " + tally).Group(l.group).Order("found DESC, " + l.key).Limit(review.BalanceRows)
	if f.List != "" && f.After != (review.TallyCursor{}) {
		var key any = f.After.Key
		if l.number {
			key, _ = strconv.ParseInt(f.After.Key, 10, 64) // what is no number is before all
		}
		q = q.Having("COUNT(*) < ? OR COUNT(*) = ? AND "+l.key+" > ?", f.After.Found, f.After.Found, key)
	}
	return q
}

// balanceEnds adds why claims were dismissed, and how the others were rated.
func (s *Store) balanceEnds(ctx context.Context, f review.BalanceFilter, b *review.Balance) error {
	err := s.opened(ctx, f).Where("r.dismissal <> ''").Select("r.dismissal AS name, COUNT(*) AS n").Group("r.dismissal").Order("n DESC, name").Find(&b.Reasons).Error
	if err != nil {
		return kind("store.Balance", err)
	}
	err = s.read(ctx).Table("published_ratings AS p").Joins("LEFT JOIN claimants AS w ON w.name_key = p.name_key AND p.name_key <> ''").
		Where("NOT p.retracted AND p.published_at >= ? AND p.published_at < ?", f.From.UnixMicro(), f.To.UnixMicro()).
		Select("COALESCE(w.side, '') AS side, p.rating, MIN(p.colour) AS colour, COUNT(*) AS n").Group("COALESCE(w.side, ''), p.rating").
		Order("side, n DESC, p.rating").Limit(review.MaxRows).Find(&b.Ratings).Error
	if err != nil {
		return kind("store.Balance", err)
	}
	err = s.read(ctx).Table("published_ratings AS p").Joins("JOIN published_topics AS t ON t.review_id = p.review_id").
		Where("NOT p.retracted AND p.published_at >= ? AND p.published_at < ?", f.From.UnixMicro(), f.To.UnixMicro()).
		Select("MIN(t.name) AS side, p.rating, MIN(p.colour) AS colour, COUNT(*) AS n").Group("t.key, p.rating").
		Order("t.key, n DESC, p.rating").Limit(review.MaxRows).Find(&b.About).Error
	return kind("store.Balance", err)
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
