package store

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

type listRow struct {
	ReviewID     int64
	State        review.State
	Version      int64
	Edition      int
	Score        float64
	Text         string
	ShortForm    string
	Kind         claims.Kind
	Claimant     *string
	Unattributed bool
	AssigneeID   int64 `gorm:"serializer:null"`
	Assignee     *string
	SubmitterID  int64 `gorm:"serializer:null"`
	ArticleID    *int64
	Article      *string
	Reasons      *string
	ChangedAt    time.Time `gorm:"serializer:micros"`
	Risk         review.Risk
	Priority     review.Priority
	DueAt        time.Time `gorm:"serializer:micros"`
	ScheduledAt  time.Time `gorm:"serializer:micros"`
	Alert        string
	EmbargoUntil time.Time `gorm:"serializer:micros"`
	Hold         review.HoldReason
	HoldUntil    time.Time `gorm:"serializer:micros"`
	Retraction   review.RetractionCode
	OverrideDue  time.Time `gorm:"serializer:micros"`
	Worth        float64
	SaidTimes    int
	SaidArticles int
	SaidOutlets  int
	SaidFeeds    int
	WeekTimes    int
}

// Rows lists reviews. The page is cut by the key of its last row, so that page
// 1,000 costs what page 1 does.
func (s *Store) Rows(ctx context.Context, f review.Filter) ([]review.Row, error) {
	const op = "store.Rows"
	few, err := s.rare(ctx, f)
	if err != nil {
		return nil, kind(op, err)
	}
	page := s.filter(ctx, f, few).Limit(clamp(f.Limit))
	// The page is chosen first, from an index of reviews alone; what is shown is
	// joined to its few rows.
	columns, args := "", []any(nil)
	if f.Order == review.Worth {
		columns = ", r.worth, r.said_times, r.said_articles, r.said_outlets, r.said_feeds"
		if !f.AsOf.IsZero() {
			week, since := lately(review.WeekBefore(f.AsOf))
			columns, args = columns+week, since
		}
	}
	q := s.read(ctx).Table("(?) AS r", page).
		Joins("JOIN claims ON claims.id = r.claim_id").
		Joins("LEFT JOIN claimants ON claimants.id = claims.claimant_id").
		Joins("LEFT JOIN people ON people.id = r.assignee_id").
		Joins("LEFT JOIN appearances ON appearances.id = (SELECT MIN(a.id) FROM appearances AS a WHERE a.claim_id = r.claim_id AND a.replaced_at IS NULL)").
		Joins("LEFT JOIN articles ON articles.id = appearances.article_id").
		Select("r.id AS review_id, r.state, r.version, r.edition, r.score, claims.text, claims.short_form, claims.kind, claimants.name AS claimant, "+
			"claims.unattributed, r.assignee_id, people.name AS assignee, r.submitter_id, articles.id AS article_id, "+
			"articles.title AS article, appearances.reasons, r.changed_at, r.risk, r.priority, r.due_at, r.scheduled_at, r.alert, r.embargo_until, r.hold, r.hold_until, r.retraction, r.override_due"+columns, args...)
	var rows []listRow
	if err := order(q, f.Order, "r.").Find(&rows).Error; err != nil {
		return nil, kind(op, err)
	}
	out := make([]review.Row, 0, len(rows))
	for _, r := range rows {
		row := review.Row{
			ReviewID: r.ReviewID, State: r.State, Version: r.Version, Edition: r.Edition, Score: r.Score, Text: r.Text, ShortForm: r.ShortForm, Kind: r.Kind,
			Claimant: stringOr(r.Claimant), Unattributed: r.Unattributed, AssigneeID: r.AssigneeID, Assignee: stringOr(r.Assignee),
			SubmitterID: r.SubmitterID, Article: stringOr(r.Article), ChangedAt: r.ChangedAt,
			Risk: r.Risk, Priority: r.Priority, DueAt: r.DueAt, ScheduledAt: r.ScheduledAt, Alert: r.Alert, EmbargoUntil: r.EmbargoUntil, Hold: r.Hold, HoldUntil: r.HoldUntil,
			Retraction: r.Retraction, OverrideDue: r.OverrideDue, Worth: r.Worth,
			Reach: review.Reach{Times: r.SaidTimes, Articles: r.SaidArticles, Outlets: r.SaidOutlets, Feeds: r.SaidFeeds, WeekTimes: r.WeekTimes},
		}
		if r.ArticleID != nil {
			row.ArticleID = *r.ArticleID
		}
		if r.Reasons != nil {
			if err := json.Unmarshal([]byte(*r.Reasons), &row.Reasons); err != nil {
				return nil, kind(op, err)
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// ofState is the state of a review where something else chooses the few rows that
// matter: an expression has no index, so that no planner, which knows little of
// how many there are, walks all reviews in a state to find them.
const ofState = "(reviews.state || '')"

// flags are the conditions of the flags, in the words of the partial indexes.
var flags = map[review.Flag]string{
	review.Held:        "hold <> ''",
	review.ComingDue:   "due_at IS NOT NULL AND " + ofState + " IN ('queued', 'research', 'editing', 'approved', 'scheduled')",
	review.OpenEnds:    "(retraction <> '' OR override_by IS NOT NULL)",
	review.ToSign:      "(retraction <> '' OR override_by IS NOT NULL) AND retraction <> ''",
	review.LookBackDue: "(retraction <> '' OR override_by IS NOT NULL) AND override_by IS NOT NULL",
}

// filter is the reviews that f chooses, among few if that is not nil.
func (s *Store) filter(ctx context.Context, f review.Filter, few *gorm.DB) *gorm.DB {
	columns := "id, claim_id, state, version, edition, score, assignee_id, submitter_id, changed_at, " +
		"risk, priority, due_at, scheduled_at, alert, embargo_until, hold, hold_until, retraction, override_due"
	if f.Order == review.Worth {
		columns += ", worth, said_times, said_articles, said_outlets, said_feeds"
	}
	q := s.read(ctx).Table("reviews").Select(columns)
	if few != nil {
		q = q.Where("id IN (?)", few)
	}
	switch {
	case len(f.States) > 0 && (few != nil || f.Near != 0 || f.Article != 0):
		q = q.Where(ofState+" IN ?", f.States)
	case len(f.States) > 0:
		q = q.Where("state IN ?", f.States)
	}
	if f.Assignee != 0 {
		q = q.Where("assignee_id = ?", f.Assignee)
	}
	if f.Submitter != 0 {
		q = q.Where("submitter_id = ?", f.Submitter)
	}
	if f.NotTouched != 0 {
		q = q.Where("NOT EXISTS (SELECT 1 FROM contributions AS c WHERE c.review_id = reviews.id AND c.edition = reviews.edition AND c.person_id = ?)", f.NotTouched)
	}
	if f.Article != 0 {
		q = q.Where("claim_id IN (SELECT claim_id FROM appearances WHERE article_id = ? AND replaced_at IS NULL)", f.Article)
	}
	if f.Near != 0 {
		q = q.Where("id <> ? AND claim_id IN ("+
			"SELECT there.claim_id FROM appearances AS there JOIN appearances AS here ON here.article_id = there.article_id "+
			"JOIN reviews AS mine ON mine.claim_id = here.claim_id WHERE mine.id = ? UNION "+
			"SELECT id FROM (SELECT others.id FROM claims AS others WHERE others.claimant_id = ("+
			"SELECT this.claimant_id FROM claims AS this JOIN reviews AS mine ON mine.claim_id = this.id WHERE mine.id = ?) "+
			"ORDER BY others.id DESC LIMIT ?) AS latest)", f.Near, f.Near, f.Near, review.MaxRows)
	}
	if flag, ok := flags[f.Flag]; ok {
		q = q.Where(flag)
	}
	if f.Flag == review.Overdue {
		at := f.AsOf.UnixMicro()
		q = q.Where(flags[review.ComingDue]+" AND due_at < ? AND (hold = '' OR hold_until <= ?)", at, at)
	}
	if len(f.Priorities) > 0 {
		q = q.Where("priority IN ?", f.Priorities)
	}
	if len(f.Kinds) > 0 {
		q = q.Where("EXISTS (SELECT 1 FROM claims AS k WHERE k.id = reviews.claim_id AND k.kind IN ?)", f.Kinds)
	}
	if f.Topic != "" {
		q = q.Where("claim_id IN (SELECT claim_id FROM topics WHERE key = ?)", review.SubjectKey(f.Topic))
	}
	if c := f.After; !c.IsZero() {
		q = after(q, f.Order, c)
	}
	return order(q, f.Order, "")
}

// after begins behind the row of a cursor.
func after(q *gorm.DB, o review.Order, c review.Cursor) *gorm.DB {
	switch o {
	case review.Best:
		return q.Where("(score, id) < (?, ?)", c.Score, c.ID)
	case review.Worth:
		return q.Where("(priority, worth, id) < (?, ?, ?)", c.Key, c.Score, c.ID)
	case review.Pressing:
		return q.Where("(priority, changed_at, id) < (?, ?, ?)", int64(c.Score), c.Key, c.ID)
	case review.Soonest:
		return q.Where("(due_at, id) > (?, ?)", c.Key, c.ID)
	default:
		return q.Where("(changed_at, id) < (?, ?)", c.Key, c.ID)
	}
}

func order(q *gorm.DB, o review.Order, table string) *gorm.DB {
	switch o {
	case review.Best:
		return q.Order(table + "score DESC, " + table + "id DESC")
	case review.Worth:
		return q.Order(table + "priority DESC, " + table + "worth DESC, " + table + "id DESC")
	case review.Pressing:
		return q.Order(table + "priority DESC, " + table + "changed_at DESC, " + table + "id DESC")
	case review.Soonest:
		return q.Order(table + "due_at, " + table + "id")
	default:
		return q.Order(table + "changed_at DESC, " + table + "id DESC")
	}
}
