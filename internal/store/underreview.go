package store

import (
	"context"
	"time"

	"factcheck/internal/review"
)

// Doubts are why the live check of a review is being looked at again: what
// readers are told of it, and nothing else. None while the policy keeps that in
// the house, for a retraction that readers see, and for work that is on hold or
// under embargo.
func (s *Store) Doubts(ctx context.Context, reviewID int64, now time.Time) ([]review.Doubt, error) {
	const op = "store.Doubts"
	var found struct{ Verdict, Complaint, Unreviewed bool }
	err := s.read(ctx).Raw(`SELECT
    (r.state NOT IN ('published', 'retracted') AND r.correction_kind = 'verdict_change' OR r.state = 'published' AND r.retraction <> '')
        AND (r.hold = '' OR r.hold_until <= ?) AND (r.embargo_until IS NULL OR r.embargo_until <= ?) AS verdict,
    EXISTS (SELECT 1 FROM complaints c WHERE c.review_id = r.id AND c.outcome = '' AND c.taken_by IS NOT NULL) AS complaint,
    r.state = 'published' AND r.override_by IS NOT NULL AS unreviewed
FROM reviews r JOIN checks ON checks.review_id = r.id WHERE r.id = ?`, now.UnixMicro(), now.UnixMicro(), reviewID).Scan(&found).Error
	if err != nil {
		return nil, kind(op, err)
	}
	is := map[review.Doubt]bool{review.DoubtVerdict: found.Verdict, review.DoubtComplaint: found.Complaint, review.DoubtUnreviewed: found.Unreviewed}
	var out []review.Doubt
	for _, d := range review.Doubts {
		if is[d.Code] {
			out = append(out, d.Code)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	in, err := s.Policy(ctx)
	if err != nil || in.QuietReview {
		return nil, err
	}
	return out, nil
}
