package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type decisionRow struct {
	ID           int64
	ReviewID     int64
	ClaimID      int64
	OtherClaimID int64 `gorm:"serializer:null"`
	CheckID      int64 `gorm:"serializer:null"`
	Same         bool
	Outcome      earlier.Outcome
	Method       string
	Model        string
	Score        float64
	Reasons      string // list as JSON
	Note         string
	Key          string `gorm:"serializer:null"`
	PersonID     int64
	DecidedAt    time.Time `gorm:"serializer:micros"`
}

func (decisionRow) TableName() string { return "match_decisions" }

func fromDecision(d earlier.Decision) (decisionRow, error) {
	reasons, err := encodeList(d.Reasons)
	row := decisionRow{
		ID: d.ID, ReviewID: d.ReviewID, ClaimID: d.ClaimID, Same: d.Same(), Outcome: d.Outcome, Method: d.Method, Model: d.Model, Score: d.Score,
		Reasons: reasons, Note: d.Note, Key: d.Key, PersonID: d.PersonID, DecidedAt: d.At,
	}
	if d.Other.Kind == earlier.Claim {
		row.OtherClaimID = d.Other.ID
	} else {
		row.CheckID = d.Other.ID
	}
	return row, err
}

func (r decisionRow) decision() (earlier.Decision, error) {
	d := earlier.Decision{
		ID: r.ID, ReviewID: r.ReviewID, ClaimID: r.ClaimID, Other: earlier.Ref{Kind: earlier.Check, ID: r.CheckID}, Outcome: r.Outcome, Method: r.Method,
		Model: r.Model, Score: r.Score, Note: r.Note, Key: r.Key, PersonID: r.PersonID, At: r.DecidedAt,
	}
	if r.OtherClaimID != 0 {
		d.Other = earlier.Ref{Kind: earlier.Claim, ID: r.OtherClaimID}
	}
	if err := json.Unmarshal([]byte(r.Reasons), &d.Reasons); err != nil {
		return d, fmt.Errorf("decode reasons of decision %d: %w", r.ID, err)
	}
	return d, nil
}

// maxDecisions is how many decisions about one claim are read.
const maxDecisions = 500

// MatchDecisions are the newest decisions about a claim, one a pair, newest
// first.
func (s *Store) MatchDecisions(ctx context.Context, claimID int64) ([]earlier.Decision, error) {
	const op = "store.MatchDecisions"
	var rows []struct {
		Decision decisionRow `gorm:"embedded"`
		Person   string
	}
	err := s.read(ctx).Table("match_decisions AS d").Joins("JOIN people ON people.id = d.person_id").Select("d.*, people.name AS person").
		Where("d.claim_id = ? OR d.other_claim_id = ?", claimID, claimID).Order("d.id DESC").Limit(maxDecisions).Find(&rows).Error
	if err != nil {
		return nil, kind(op, err)
	}
	seen := map[earlier.Ref]bool{}
	var out []earlier.Decision
	for _, r := range rows {
		d, err := r.Decision.decision()
		if err != nil {
			return nil, kind(op, err)
		}
		if ref := d.About(claimID); !seen[ref] {
			seen[ref], d.Person = true, r.Person
			out = append(out, d)
		}
	}
	return out, nil
}

// MatchDecisionByKey is the decision of a form that was sent before. NotFound.
func (s *Store) MatchDecisionByKey(ctx context.Context, key string) (earlier.Decision, error) {
	const op = "store.MatchDecisionByKey"
	var row decisionRow
	if err := s.write(ctx).Where("key = ?", key).Take(&row).Error; err != nil {
		return earlier.Decision{}, one(op, "", err)
	}
	d, err := row.decision()
	return d, kind(op, err)
}

// AddMatchDecision keeps a decision, with the event that tells of it if no move
// does. Conflict if its form was sent before.
func (s *Store) AddMatchDecision(ctx context.Context, d earlier.Decision, told *review.Event) error {
	const op = "store.AddMatchDecision"
	row, err := fromDecision(d)
	if err != nil {
		return errs.Wrap(op, errs.Internal, err)
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind(op, err)
		}
		if row.OtherClaimID != 0 && (d.Outcome == earlier.Kept || d.Outcome == earlier.Dismissed) {
			if err := s.noteSaidAgain(ctx, row.ClaimID, row.OtherClaimID); err != nil {
				return kind(op, err)
			}
		}
		if told == nil {
			return nil
		}
		return s.appendEvent(ctx, *told)
	})
}
