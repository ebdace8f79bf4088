package store

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"time"

	"factcheck/internal/review"
)

// weighed is what is kept with a review of how its claim was said. It is no part
// of review.Review: whoever saves a review must not write what was counted before
// another article came in.
type weighed struct {
	Worth        float64
	SaidTimes    int
	SaidArticles int
	SaidOutlets  int
	SaidFeeds    int
	Weighed      int // 1; 0 is the migration's estimate
}

func weigh(r review.Reach, score float64) weighed {
	return weighed{r.Worth(score), r.Times, r.Articles, r.Outlets, r.Feeds, 1}
}

// newReviewRow is a review as it is inserted.
type newReviewRow struct {
	Review  reviewRow `gorm:"embedded"`
	Weighed weighed   `gorm:"embedded"`
}

func (newReviewRow) TableName() string { return "reviews" }

type toWeighKey struct{}

// toWeigh are the claims whose places a transaction has changed.
type toWeigh map[int64]bool

// weighLater has the review of a claim weighed before the transaction of ctx is
// committed.
func weighLater(ctx context.Context, claimID int64) {
	if all, ok := ctx.Value(toWeighKey{}).(toWeigh); ok && claimID != 0 {
		all[claimID] = true
	}
}

// weighAll weighs what was noted, in the order of the claims, so that no two
// transactions wait for each other. On PostgreSQL the row is locked first: what
// another one has added is counted, or that one waits and counts what this one
// has.
func (s *Store) weighAll(ctx context.Context, all toWeigh) error {
	for _, claim := range slices.Sorted(maps.Keys(all)) {
		var row struct {
			ID    int64
			Score float64
		}
		err := s.locking(ctx, "reviews").Table("reviews").Select("id, score").Where("claim_id = ?", claim).Limit(1).Find(&row).Error
		if err != nil || row.ID == 0 { // nobody has opened it yet
			if err != nil {
				return kind("store.weighAll", err)
			}
			continue
		}
		if err := s.weighReview(ctx, row.ID, claim, row.Score); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) weighReview(ctx context.Context, id, claim int64, score float64) error {
	reach, err := s.reachOf(ctx, claim)
	if err != nil {
		return err
	}
	row := weigh(reach, score)
	res := s.write(ctx).Table("reviews").Where("id = ?", id).
		Select("worth", "said_times", "said_articles", "said_outlets", "said_feeds", "weighed").Updates(&row)
	return kind("store.weighReview", mustBeOne("store.weighReview", res))
}

// reachOf counts the places of a claim, the newest review.MaxSaid.
func (s *Store) reachOf(ctx context.Context, claim int64) (review.Reach, error) {
	var rows []struct {
		ID          int64
		Source      string
		Publisher   string
		URL         string
		PublishedAt time.Time `gorm:"serializer:micros"`
		AddedAt     time.Time `gorm:"serializer:micros"`
		Feed        *string
	}
	places := s.write(ctx).Table("appearances").Select("id, article_id, added_at").
		Where("claim_id = ? AND replaced_at IS NULL", claim).Order("added_at DESC, id DESC").Limit(review.MaxSaid)
	err := s.write(ctx).Table("(?) AS a", places).Joins("JOIN articles AS ar ON ar.id = a.article_id").Joins("LEFT JOIN article_feeds AS f ON f.article_id = a.article_id").
		Select("a.id, ar.source, ar.publisher, ar.url, ar.published_at, a.added_at, f.feed").Order("a.id").Find(&rows).Error
	if err != nil {
		return review.Reach{}, kind("store.reachOf", err)
	}
	var said []review.Said
	last := int64(0)
	for _, r := range rows {
		if r.ID != last {
			said = append(said, review.Said{Source: r.Source, Outlet: outlet(r.Publisher, r.URL), Published: r.PublishedAt, Found: r.AddedAt})
			last = r.ID
		}
		if r.Feed != nil {
			at := &said[len(said)-1]
			at.Feeds = append(at.Feeds, *r.Feed)
		}
	}
	return review.ReachOf(said), nil
}

// outlet is who published an article: by name, or by the host of its address.
func outlet(publisher, address string) string {
	if publisher != "" {
		return publisher
	}
	if u, err := url.Parse(address); err == nil {
		return u.Hostname()
	}
	return ""
}

// noteFeed notes that a watched source listed articles, and weighs their claims.
// It is part of a transaction.
func (s *Store) noteFeed(ctx context.Context, sourceID int64, articles []int64, at time.Time) error {
	if len(articles) == 0 {
		return nil
	}
	var feed string
	if err := s.write(ctx).Model(&sourceRow{}).Select("address").Where("id = ?", sourceID).Scan(&feed).Error; err != nil {
		return err
	}
	for _, id := range articles {
		res := s.write(ctx).Exec("INSERT INTO article_feeds (article_id, feed, at) VALUES (?, ?, ?) ON CONFLICT (article_id, feed) DO NOTHING", id, feed, toMicros(at))
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			continue
		}
		var said []int64
		if err := s.write(ctx).Model(&appearanceRow{}).Where("article_id = ? AND replaced_at IS NULL", id).Distinct().Pluck("claim_id", &said).Error; err != nil {
			return err
		}
		for _, claim := range said {
			weighLater(ctx, claim)
		}
	}
	return nil
}

// FillReach weighs the reviews that have but the estimate of their migration,
// and returns how many. It is safe to run at any time and by
// several processes.
func (s *Store) FillReach(ctx context.Context) (n int, err error) {
	for {
		var some []int64
		err := s.read(ctx).Table("reviews").Where("weighed = 0").Order("id").Limit(fillAtOnce).Pluck("claim_id", &some).Error
		if err != nil || len(some) == 0 {
			return n, kind("store.FillReach", err)
		}
		err = s.InTx(ctx, func(ctx context.Context) error {
			for _, claim := range some {
				weighLater(ctx, claim)
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += len(some)
	}
}

// lately counts for Rows the places of the claim of r that were said since a
// time.
func lately(since time.Time) (column string, args []any) {
	return ", (SELECT COUNT(*) FROM appearances AS w JOIN articles AS wa ON wa.id = w.article_id WHERE w.claim_id = r.claim_id AND w.replaced_at IS NULL " +
		"AND w.added_at >= ? AND COALESCE(wa.published_at, w.added_at) >= ?) AS week_times", []any{toMicros(since), toMicros(since)}
}
