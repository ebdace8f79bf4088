package store

import (
	"context"
	"errors"
	"iter"

	"gorm.io/gorm"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// AddArticle stores a text, unless its source has the same text already. It
// returns the stored article, and whether it is new. A changed text of a known
// source becomes its next version.
func (s *Store) AddArticle(ctx context.Context, a claims.Article) (claims.Article, bool, error) {
	const op = "store.AddArticle"
	isNew := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		var same, newest articleRow
		err := s.write(ctx).Select(articleColumns).Where("source = ? AND sha256 = ?", a.Source, a.SHA256).Take(&same).Error
		if err == nil {
			text := a.Text // equal hashes are equal texts
			a = claims.Article(same)
			a.Text = text
			return nil
		}
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return kind(op, err)
		}
		if err := s.write(ctx).Select("version").Where("source = ?", a.Source).Order("version DESC").Limit(1).Find(&newest).Error; err != nil {
			return kind(op, err)
		}
		a.Version, isNew = newest.Version+1, true
		row := articleRow(a)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind(op, err)
		}
		a.ID = row.ID
		if err := s.searchable(ctx, articleDoc(a)); err != nil {
			return kind(op, err)
		}
		return s.appendEvent(ctx, review.Event{
			Subject: review.OnArticle, SubjectID: a.ID, Action: review.AddArticle, ActorID: a.AddedBy, At: a.AddedAt,
			Changes: []review.Change{{Field: "text", To: "sha256:" + a.SHA256}},
		})
	})
	return a, isNew, err
}

// Article is one article with its text. NotFound.
func (s *Store) Article(ctx context.Context, id int64) (claims.Article, error) {
	var row articleRow
	err := s.read(ctx).Where("id = ?", id).Take(&row).Error
	return claims.Article(row), one("store.Article", "There is no such article.", err)
}

// Versions are the versions of a source without their texts, newest first.
func (s *Store) Versions(ctx context.Context, source string) ([]claims.Article, error) {
	var rows []articleRow
	err := s.read(ctx).Select(articleColumns).Where("source = ?", source).Order("version DESC").Limit(review.MaxRows).Find(&rows).Error
	var out []claims.Article
	for _, r := range rows {
		out = append(out, claims.Article(r))
	}
	return out, kind("store.Versions", err)
}

// Articles lists articles without their texts, newest first. before is the id
// of the last article of the page before, 0 for the first page.
func (s *Store) Articles(ctx context.Context, before int64, limit int) ([]review.ArticleRow, error) {
	q := s.read(ctx).Table("articles").
		Select(articleColumns+", (SELECT COUNT(*) FROM appearances WHERE appearances.article_id = articles.id AND appearances.replaced_at IS NULL) AS claims,"+
			" (SELECT COUNT(*) FROM appearances JOIN reviews ON reviews.claim_id = appearances.claim_id"+
			" WHERE appearances.article_id = articles.id AND appearances.replaced_at IS NULL AND reviews.state = ?) AS triage", review.Triage).
		Order("articles.id DESC").Limit(clamp(limit))
	if before != 0 {
		q = q.Where("articles.id < ?", before)
	}
	var rows []struct {
		Article articleRow `gorm:"embedded"`
		Claims  int
		Triage  int
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind("store.Articles", err)
	}
	var out []review.ArticleRow
	for _, r := range rows {
		out = append(out, review.ArticleRow{Article: claims.Article(r.Article), Claims: r.Claims, Triage: r.Triage})
	}
	return out, nil
}

// maxMarks bounds how many claims are marked in one article.
const maxMarks = 2_000

// Marks are the claims of an article in reading order, at most 2,000.
func (s *Store) Marks(ctx context.Context, articleID int64) ([]review.Mark, error) {
	var rows []struct {
		Place    appearanceRow `gorm:"embedded"`
		ReviewID int64
		State    review.State
		Text     string
		Short    string
		Version  int64
		Assignee int64 `gorm:"serializer:null"`
		Kind     claims.Kind
		Claimant *string
	}
	err := s.read(ctx).Table("appearances").
		Joins("JOIN claims ON claims.id = appearances.claim_id").
		Joins("JOIN reviews ON reviews.claim_id = claims.id").
		Joins("LEFT JOIN claimants ON claimants.id = claims.claimant_id").
		Select("appearances.*, reviews.id AS review_id, reviews.state, reviews.version, reviews.assignee_id AS assignee, claims.text, claims.short_form AS short, claims.kind, claimants.name AS claimant").
		Where("appearances.article_id = ? AND appearances.replaced_at IS NULL", articleID).
		Order("appearances.span_start, appearances.span_end DESC").Limit(maxMarks).Find(&rows).Error
	if err != nil {
		return nil, kind("store.Marks", err)
	}
	var out []review.Mark
	for _, r := range rows {
		a, err := r.Place.appearance()
		if err != nil {
			return nil, kind("store.Marks", err)
		}
		out = append(out, review.Mark{Appearance: a, ReviewID: r.ReviewID, State: r.State, Text: r.Text, Short: r.Short, Kind: r.Kind, Claimant: stringOr(r.Claimant), Version: r.Version, Assignee: r.Assignee})
	}
	return out, nil
}

func stringOr(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// AddClaim stores a claim found at a place of an article and returns its id
// and whether it is a new claim. The same words of the same speaker are the
// same claim, wherever they stand; a place that is known already is left as it
// is.
func (s *Store) AddClaim(ctx context.Context, c claims.Claim, who claims.Claimant, at claims.Appearance) (claimID int64, isNew bool, err error) {
	const op = "store.AddClaim"
	err = s.InTx(ctx, func(ctx context.Context) error {
		var known claimRow
		if err := s.write(ctx).Select("id", "merged_into").Where("fingerprint = ?", c.Fingerprint).Limit(1).Find(&known).Error; err != nil {
			return kind(op, err)
		}
		var err error
		if claimID, err = s.mergedClaim(ctx, claims.Claim(known)); err != nil {
			return err
		}
		if claimID == 0 {
			isNew = true
			if claimID, err = s.insertClaim(ctx, c, who); err != nil {
				return kind(op, err)
			}
		}
		at.ClaimID = claimID
		if !isNew { // a new claim is weighed when its review is opened
			weighLater(ctx, claimID)
		}
		return s.addAppearance(ctx, at)
	})
	return claimID, isNew, err
}

func (s *Store) insertClaim(ctx context.Context, c claims.Claim, who claims.Claimant) (int64, error) {
	if who.Name != "" {
		id, err := s.claimant(ctx, who)
		if err != nil {
			return 0, err
		}
		c.ClaimantID = id
	}
	row := claimRow(c)
	if err := s.write(ctx).Create(&row).Error; err != nil {
		return 0, err
	}
	return row.ID, s.searchable(ctx, claimDoc(claims.Claim(row), nil))
}

func (s *Store) addAppearance(ctx context.Context, a claims.Appearance) error {
	const op = "store.addAppearance"
	known, err := s.placeAt(ctx, a.ArticleID, a.Span)
	if err != nil {
		return kind(op, err)
	}
	if byMachine := a.AddedBy == 0; known.ID != 0 && (byMachine || known.ReplacedAt.IsZero()) {
		return nil // what a person took away, no machine puts back
	}
	if known.ID != 0 {
		weighLater(ctx, known.ClaimID)
	}
	return kind(op, s.putPlace(ctx, known.ID, a))
}

// Texts walks every article with its text, oldest first.
func (s *Store) Texts(ctx context.Context) iter.Seq2[claims.Article, error] {
	return func(yield func(claims.Article, error) bool) {
		for after := int64(0); ; {
			var row articleRow // one at a time: a text may be megabytes
			err := s.read(ctx).Where("id > ?", after).Order("id").Take(&row).Error
			if errors.Is(err, gorm.ErrRecordNotFound) {
				return
			}
			if !yield(claims.Article(row), kind("store.Texts", err)) || err != nil {
				return
			}
			after = row.ID
		}
	}
}

// Places are the appearances in an article, in the order they were found, those
// that were replaced included: their words are on record too.
func (s *Store) Places(ctx context.Context, articleID int64) ([]claims.Appearance, error) {
	var rows []appearanceRow
	if err := s.read(ctx).Where("article_id = ?", articleID).Order("id").Find(&rows).Error; err != nil {
		return nil, kind("store.Places", err)
	}
	var out []claims.Appearance
	for _, r := range rows {
		a, err := r.appearance()
		if err != nil {
			return nil, kind("store.Places", err)
		}
		out = append(out, a)
	}
	return out, nil
}

// errNotEmpty is for a database that must be empty and is not.
var errNotEmpty = errs.New("store.MustBeEmpty", errs.Invalid, "This database already holds articles or people. Name a new file with --db.")

// MustBeEmpty is Invalid if the database holds anything that people made.
func (s *Store) MustBeEmpty(ctx context.Context) error {
	var n int64
	err := s.read(ctx).Raw("SELECT (SELECT COUNT(*) FROM articles) + (SELECT COUNT(*) FROM people)").Scan(&n).Error
	if err == nil && n > 0 {
		return errNotEmpty
	}
	return kind("store.MustBeEmpty", err)
}
