package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/internal/search"
)

// AddReview writes a new review and its first event, and returns its id.
// Conflict if the claim has a review already.
func (s *Store) AddReview(ctx context.Context, r review.Review, e review.Event) (int64, error) {
	err := s.InTx(ctx, func(ctx context.Context) error {
		reach, err := s.reachOf(ctx, r.ClaimID)
		if err != nil {
			return err
		}
		row := newReviewRow{reviewRow(r), weigh(reach, r.Score)}
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind("store.AddReview", err)
		}
		r.ID, e.SubjectID = row.Review.ID, row.Review.ID
		return s.appendEvent(ctx, e)
	})
	return r.ID, err
}

// Save writes an outcome and fills in the ids of its AddEvidence. Conflict if the review has another version than
// ReadVersion, or a form with the same key was saved meanwhile: nothing is
// written then. The review is updated last, when all ids are known, but locked
// first, so that of two savers the second waits and then finds another version.
func (s *Store) Save(ctx context.Context, o review.Outcome) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockReview(ctx, o.Review.ID, o.ReadVersion); err != nil {
			return err
		}
		for _, write := range []func(context.Context, *review.Outcome) error{
			s.saveClaim, s.saveTopics, s.saveSpans, s.saveVerdict, s.saveEvidence, s.saveSignatures, s.saveRequest, s.saveGuest, s.savePublication, s.saveMerge, s.undoMerge,
		} {
			if err := write(ctx, &o); err != nil {
				return kind("store.Save", err)
			}
		}
		if err := s.UpdateReview(ctx, o.Review, o.ReadVersion); err != nil {
			return err
		}
		seq, err := s.appended(ctx, o.Event)
		if err != nil {
			return err
		}
		return kind("store.Save", s.notify(ctx, o.Review.ID, seq, o.Event.ActorID, o.Audience))
	})
}

const changedMeanwhile = "Someone else changed this review while you worked on it."

// lockReview keeps everybody else from saving the review until the transaction
// ends. Conflict if it has another version.
func (s *Store) lockReview(ctx context.Context, id, version int64) error {
	res := s.write(ctx).Model(&reviewRow{}).Where("id = ? AND version = ?", id, version).
		Select("version").Updates(map[string]any{"version": version})
	if res.Error != nil {
		return kind("store.lockReview", res.Error)
	}
	if res.RowsAffected == 0 {
		return errs.New("store.lockReview", errs.Conflict, changedMeanwhile)
	}
	return nil
}

// UpdateReview saves every field of r if the stored version is still read.
// Conflict if it is not: nothing is written then.
func (s *Store) UpdateReview(ctx context.Context, r review.Review, read int64) error {
	const op = "store.UpdateReview"
	row := reviewRow(r)
	res := s.write(ctx).Model(&reviewRow{}).
		Where("id = ? AND version = ?", r.ID, read).
		Select("*").Omit("id", "claim_id"). // "*": zero values are written too
		Updates(&row)
	if res.Error != nil {
		return kind(op, res.Error)
	}
	if res.RowsAffected == 0 {
		return errs.New(op, errs.Conflict, changedMeanwhile)
	}
	return nil
}

func (s *Store) saveClaim(ctx context.Context, o *review.Outcome) error {
	if o.Claim == nil {
		return nil
	}
	row := claimRow(*o.Claim)
	row.ClaimantID = 0
	if o.Claimant != nil && o.Claimant.Name != "" {
		id, err := s.claimant(ctx, *o.Claimant)
		if err != nil {
			return err
		}
		row.ClaimantID = id
	}
	res := s.write(ctx).Model(&claimRow{}).Where("id = ?", row.ID).Select("*").Omit("id", "fingerprint", "created_at").Updates(&row)
	if err := mustBeOne("store.saveClaim", res); err != nil {
		return err
	}
	if o.Topics != nil {
		return s.searchable(ctx, claimDoc(claims.Claim(row), *o.Topics))
	}
	topics, err := s.topicsOf(ctx, row.ID)
	if err != nil {
		return err
	}
	return s.searchable(ctx, claimDoc(claims.Claim(row), topics))
}

// claimant is the id of the claimant of that name, who is added if nobody has
// it yet. The kind of one who is there is changed only from unknown.
func (s *Store) claimant(ctx context.Context, c claims.Claimant) (int64, error) {
	row := claimantRow{Name: c.Name, NameKey: nameKey(c.Name), Kind: c.Kind}
	var found claimantRow
	err := s.write(ctx).Where("name_key = ?", row.NameKey).Limit(1).Find(&found).Error
	if err != nil || found.ID == 0 {
		if err == nil {
			err = s.write(ctx).Create(&row).Error
		}
		if err == nil {
			err = s.searchable(ctx, nameDoc(search.Speakers, row.ID, row.Name))
		}
		return row.ID, err
	}
	if found.Kind == claims.Unknown && c.Kind != claims.Unknown {
		res := s.write(ctx).Model(&claimantRow{}).Where("id = ?", found.ID).Select("kind").Updates(&row)
		err = mustBeOne("store.claimant", res)
	}
	return found.ID, err
}

// nameKey is under what a name is found: its fingerprint, or itself if it has
// neither letters nor digits.
func nameKey(name string) string {
	if k := claims.Fingerprint(name); k != "" {
		return k
	}
	return name
}

func (s *Store) saveVerdict(ctx context.Context, o *review.Outcome) error {
	if o.Verdict == nil {
		return nil
	}
	row := verdictRow(*o.Verdict)
	if err := s.write(ctx).Create(&row).Error; err != nil {
		return err
	}
	o.Review.VerdictID = row.ID
	for _, id := range o.Cites {
		if err := s.write(ctx).Create(&citationRow{row.ID, id}).Error; err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) saveEvidence(ctx context.Context, o *review.Outcome) error {
	now, by, edition := o.Event.At, o.Event.ActorID, o.Review.Edition
	if len(o.DropEvidence) > 0 {
		if err := s.dropEvidence(ctx, s.write(ctx).Where("id IN ? AND removed_in = 0", o.DropEvidence), edition, by, now); err != nil {
			return err
		}
	}
	if r := o.RestoreFrom; r != nil {
		added := s.write(ctx).Where("review_id = ? AND added_in = ? AND removed_in = 0", o.Review.ID, r.Edition)
		if err := s.dropEvidence(ctx, added, r.Edition, by, now); err != nil {
			return err
		}
		err := s.write(ctx).Model(&evidenceRow{}).Where("review_id = ? AND removed_in = ? AND added_in < ?", o.Review.ID, r.Edition, r.Edition).
			Select("removed_in", "removed_by", "removed_at").Updates(&evidenceRow{}).Error
		if err != nil {
			return err
		}
	}
	for i, e := range o.AddEvidence {
		row := evidenceRow(e)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return err
		}
		if err := s.searchable(ctx, evidenceDoc(row)); err != nil {
			return err
		}
		o.AddEvidence[i].ID = row.ID
	}
	return nil
}

func (s *Store) dropEvidence(_ context.Context, which *gorm.DB, edition int, by int64, at time.Time) error {
	return which.Model(&evidenceRow{}).Select("removed_in", "removed_by", "removed_at").
		Updates(&evidenceRow{RemovedIn: edition, RemovedBy: by, RemovedAt: at}).Error
}

func (s *Store) saveSignatures(ctx context.Context, o *review.Outcome) error {
	if o.Approval != nil {
		row := approvalRow(*o.Approval)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return err
		}
	}
	if o.Reading != nil {
		row := readingRow{ReviewID: o.Reading.ReviewID, Round: o.Reading.Round, VerdictID: o.Reading.VerdictID, ReaderID: o.Reading.ReaderID,
			Rating: o.Reading.Rating, Note: o.Reading.Note, Agrees: o.Reading.Agrees, CreatedAt: o.Reading.CreatedAt}
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return err
		}
	}
	if o.Resolution != nil {
		row := resolutionRow(*o.Resolution)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, c := range o.Contributed {
		row := contributionRow(c)
		n := int64(0)
		known := s.write(ctx).Model(&contributionRow{}).
			Where("review_id = ? AND edition = ? AND person_id = ? AND how = ?", c.ReviewID, c.Edition, c.PersonID, c.How).Count(&n)
		if known.Error != nil {
			return known.Error
		}
		if n == 0 {
			if err := s.write(ctx).Create(&row).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

func mustBeOne(op string, res *gorm.DB) error {
	if res.Error != nil {
		return kind(op, res.Error)
	}
	if res.RowsAffected != 1 {
		return errs.Newf(op, errs.Internal, "%d rows instead of one were changed.", res.RowsAffected)
	}
	return nil
}
