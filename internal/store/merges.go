package store

import (
	"context"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type mergeRow struct {
	ID       int64
	ReviewID int64
	IntoID   int64
	MergedBy int64
	MergedAt time.Time `gorm:"serializer:micros"`
	UndoneBy int64     `gorm:"serializer:null"`
	UndoneAt time.Time `gorm:"serializer:micros"`
}

func (mergeRow) TableName() string { return "merges" }

// mergeItem is one thing that went along with a merge.
type mergeItem struct {
	MergeID int64 `gorm:"primaryKey;autoIncrement:false"`
	Kind    string
	ItemID  int64
	CopyID  int64 `gorm:"serializer:null"` // evidence is copied, since its rows do not change
}

func (mergeItem) TableName() string { return "merge_items" }

// Kinds of merge items.
const (
	mergedAppearance = "appearance"
	mergedEvidence   = "evidence"
)

// saveMerge moves appearances and copies evidence to the review that is merged
// into, and keeps a ledger of both.
func (s *Store) saveMerge(ctx context.Context, o *review.Outcome) error {
	m := o.Merge
	if m == nil {
		return nil
	}
	if err := s.UpdateReview(ctx, m.Into, m.IntoVersion); err != nil {
		return err
	}
	row := mergeRow{ReviewID: o.Review.ID, IntoID: m.Into.ID, MergedBy: o.Event.ActorID, MergedAt: o.Event.At}
	if err := s.write(ctx).Create(&row).Error; err != nil {
		return err
	}
	if err := s.moveAppearances(ctx, row.ID, o.Review.ClaimID, m.Into.ClaimID); err != nil {
		return err
	}
	if m.MoveEvidence {
		if err := s.copyEvidence(ctx, row, m.Into.Edition, o.Event); err != nil {
			return err
		}
	}
	res := s.write(ctx).Model(&claimRow{}).Where("id = ?", o.Review.ClaimID).Select("merged_into").Updates(&claimRow{MergedInto: m.Into.ClaimID})
	if err := mustBeOne("store.saveMerge", res); err != nil {
		return err
	}
	return s.appendEvent(ctx, m.Event)
}

func (s *Store) moveAppearances(ctx context.Context, merge, from, to int64) error {
	weighLater(ctx, from)
	weighLater(ctx, to)
	var ids []int64
	if err := s.write(ctx).Model(&appearanceRow{}).Where("claim_id = ?", from).Order("id").Pluck("id", &ids).Error; err != nil {
		return err
	}
	items := make([]mergeItem, 0, len(ids))
	for _, id := range ids {
		items = append(items, mergeItem{MergeID: merge, Kind: mergedAppearance, ItemID: id})
	}
	if len(items) == 0 {
		return nil
	}
	if err := s.write(ctx).CreateInBatches(&items, batch).Error; err != nil {
		return err
	}
	return s.write(ctx).Model(&appearanceRow{}).Where("claim_id = ?", from).Select("claim_id").Updates(&appearanceRow{ClaimID: to}).Error
}

func (s *Store) copyEvidence(ctx context.Context, m mergeRow, edition int, e review.Event) error {
	var rows []evidenceRow
	if err := s.write(ctx).Where("review_id = ? AND removed_in = 0", m.ReviewID).Order("number").Find(&rows).Error; err != nil {
		return err
	}
	var last int
	if err := s.write(ctx).Model(&evidenceRow{}).Where("review_id = ?", m.IntoID).Select("COALESCE(MAX(number), 0)").Scan(&last).Error; err != nil {
		return err
	}
	for i, r := range rows {
		item := mergeItem{MergeID: m.ID, Kind: mergedEvidence, ItemID: r.ID}
		r.ID, r.ReviewID, r.Number, r.AddedIn = 0, m.IntoID, last+1+i, edition
		if err := s.write(ctx).Create(&r).Error; err != nil {
			return err
		}
		if err := s.copyCaptures(ctx, item.ItemID, r.ID); err != nil {
			return err
		}
		item.CopyID = r.ID
		if err := s.write(ctx).Create(&item).Error; err != nil {
			return err
		}
		// Whoever found the evidence contributed to the review that it is now part of.
		err := s.saveSignatures(ctx, &review.Outcome{Contributed: []review.Contribution{
			{ReviewID: m.IntoID, Edition: edition, PersonID: r.AddedBy, How: review.ChangedSources, At: e.At},
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// undoMerge takes back what the merge in force moved.
func (s *Store) undoMerge(ctx context.Context, o *review.Outcome) error {
	if !o.Unmerge {
		return nil
	}
	const op = "store.undoMerge"
	var m mergeRow
	if err := s.write(ctx).Where("review_id = ? AND undone_at IS NULL", o.Review.ID).Take(&m).Error; err != nil {
		return one(op, "This merge was undone already.", err)
	}
	var into reviewRow
	if err := s.locking(ctx, "reviews").Where("id = ?", m.IntoID).Take(&into).Error; err != nil {
		return kind(op, err)
	}
	if into.State == review.Editing || into.State == review.Approved || into.State == review.Scheduled {
		return errs.New(op, errs.Invalid, "The review that this was merged into is with the editors. Undo the merge when it has come back or is published.")
	}
	if err := s.takeBack(ctx, m, into, o); err != nil {
		return err
	}
	m.UndoneBy, m.UndoneAt = o.Event.ActorID, o.Event.At
	res := s.write(ctx).Model(&mergeRow{}).Where("id = ?", m.ID).Select("undone_by", "undone_at").Updates(&m)
	if err := mustBeOne(op, res); err != nil {
		return err
	}
	read := into.Version
	into.Version, into.ChangedAt = read+1, o.Event.At
	if err := s.UpdateReview(ctx, review.Review(into), read); err != nil {
		return err
	}
	return s.appendEvent(ctx, review.Event{
		Subject: review.OnReview, SubjectID: into.ID, Version: into.Version, Action: review.Unmerge, From: into.State, To: into.State,
		ActorID: o.Event.ActorID, Note: o.Event.Note, At: o.Event.At, PolicyID: o.Event.PolicyID,
	})
}

func (s *Store) takeBack(ctx context.Context, m mergeRow, into reviewRow, o *review.Outcome) error {
	weighLater(ctx, into.ClaimID)
	weighLater(ctx, o.Review.ClaimID)
	moved := s.write(ctx).Model(&mergeItem{}).Where("merge_id = ? AND kind = ?", m.ID, mergedAppearance).Select("item_id")
	err := s.write(ctx).Model(&appearanceRow{}).Where("id IN (?)", moved).Select("claim_id").Updates(&appearanceRow{ClaimID: o.Review.ClaimID}).Error
	if err != nil {
		return err
	}
	copies := s.write(ctx).Model(&mergeItem{}).Where("merge_id = ? AND kind = ?", m.ID, mergedEvidence).Select("copy_id")
	drop := s.write(ctx).Where("id IN (?) AND removed_in = 0", copies)
	if err := s.dropEvidence(ctx, drop, into.Edition, o.Event.ActorID, o.Event.At); err != nil {
		return err
	}
	res := s.write(ctx).Model(&claimRow{}).Where("id = ?", o.Review.ClaimID).Select("merged_into").Updates(&claimRow{})
	return mustBeOne("store.undoMerge", res)
}

// mergedClaim follows merges from a claim to the one that it was found to be.
// A review that is merged is never merged into, so the way is short; the bound
// is for a database that was tampered with.
func (s *Store) mergedClaim(ctx context.Context, c claims.Claim) (int64, error) {
	for range 16 {
		if c.MergedInto == 0 {
			break
		}
		var next claimRow
		if err := s.write(ctx).Select("id", "merged_into").Where("id = ?", c.MergedInto).Take(&next).Error; err != nil {
			return 0, kind("store.mergedClaim", err)
		}
		c = claims.Claim(next)
	}
	return c.ID, nil
}

// Due are the reviews whose scheduled time has come, the longest due first.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	var ids []int64
	err := s.read(ctx).Model(&reviewRow{}).Where("state = ? AND scheduled_at <= ?", review.Scheduled, toMicros(now)).
		Order("scheduled_at, id").Limit(clamp(limit)).Pluck("id", &ids).Error
	return ids, kind("store.Due", err)
}
