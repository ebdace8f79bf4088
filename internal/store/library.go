package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/library"
)

type libraryRow struct {
	ID              int64
	Key             []byte
	Digest          []byte
	PublicationID   int64 `gorm:"serializer:null"`
	Slug            string
	Publisher       string
	Site            string
	URL             string
	Title           string
	Claim           string
	Claimant        string
	ClaimDate       time.Time `gorm:"serializer:micros"`
	ReviewDate      time.Time `gorm:"serializer:micros"`
	Newest          time.Time `gorm:"serializer:micros"`
	Rating          string
	RatingValue     *float64
	RatingBest      *float64
	RatingWorst     *float64
	Bucket          library.Bucket
	Rule            string
	Lang            string
	FirstAppearance string
	Appearances     string    // list as JSON
	Topics          string    // so too
	AddedAt         time.Time `gorm:"serializer:micros"`
	ChangedAt       time.Time `gorm:"serializer:micros"`
}

func (libraryRow) TableName() string { return "library_checks" }

// libraryFound are the columns that a search shows.
const libraryFound = "c.id, c.slug, c.publisher, c.site, c.url, c.title, c.claim, c.claimant, c.claim_date, c.review_date, " +
	"c.rating, c.rating_value, c.rating_best, c.rating_worst, c.bucket, c.rule, c.lang, c.first_appearance, c.appearances, c.topics"

func fromCheck(c library.Check, now time.Time) (libraryRow, error) {
	key, digest := c.Key(), c.Digest()
	places, err := encodeList(c.Appearances)
	topics, topicErr := encodeList(c.Topics)
	return libraryRow{
		Key: key[:], Digest: digest[:], Slug: c.Slug, Publisher: c.Publisher.Name, Site: c.Publisher.Site, URL: c.URL, Title: c.Title,
		Claim: c.ClaimText, Claimant: c.Claimant, ClaimDate: c.ClaimDate, ReviewDate: c.ReviewDate, Newest: c.Newest(), Rating: c.Rating,
		RatingValue: c.RatingValue, RatingBest: c.RatingBest, RatingWorst: c.RatingWorst, Bucket: c.Bucket, Rule: c.Rule, Lang: c.Lang,
		FirstAppearance: c.FirstAppearance, Appearances: places, Topics: topics, AddedAt: now, ChangedAt: now,
	}, errors.Join(err, topicErr)
}

func (r libraryRow) check() (library.Check, error) {
	c := library.Check{
		ID: r.ID, Publisher: library.Publisher{Name: r.Publisher, Site: r.Site}, URL: r.URL, Title: r.Title, ClaimText: r.Claim, Claimant: r.Claimant,
		ClaimDate: r.ClaimDate, ReviewDate: r.ReviewDate, Rating: r.Rating, RatingValue: r.RatingValue, RatingBest: r.RatingBest,
		RatingWorst: r.RatingWorst, Bucket: r.Bucket, Rule: r.Rule, Lang: r.Lang, FirstAppearance: r.FirstAppearance,
		Fingerprint: claims.Fingerprint(r.Claim), Slug: r.Slug,
	}
	for _, l := range []struct {
		text string
		into *[]string
	}{{r.Appearances, &c.Appearances}, {r.Topics, &c.Topics}} {
		if l.text == "[]" || l.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(l.text), l.into); err != nil {
			return c, fmt.Errorf("decode the lists of check %d: %w", r.ID, err)
		}
	}
	return c, nil
}

// LibraryChecks walks the checks by others from the one after an id on, oldest
// first: what an index is built from.
func (s *Store) LibraryChecks(ctx context.Context, after int64) iter.Seq2[library.Check, error] {
	return walk(func(last int64) ([]libraryRow, error) {
		var rows []libraryRow
		err := s.read(ctx).Table("library_checks AS c").Select(libraryFound).Where("c.id > ? AND c.publication_id IS NULL", max(last, after)).
			Order("c.id").Limit(batch).Find(&rows).Error
		return rows, kind("store.LibraryChecks", err)
	}, func(r libraryRow) int64 { return r.ID }, libraryRow.check)
}

// CountChecks is how many checks by others the library holds.
func (s *Store) CountChecks(ctx context.Context) (int64, error) {
	var n int64
	err := s.read(ctx).Table("library_checks").Where("publication_id IS NULL").Count(&n).Error
	return n, kind("store.CountChecks", err)
}
