package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/earlier"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// family is the condition for a claim and for those that people found to be the
// same, by the three numbers of the claim.
const family = "(SELECT CAST(? AS BIGINT) AS id " +
	"UNION SELECT d.claim_id FROM match_decisions AS d WHERE d.other_claim_id = ? AND d.outcome IN ('dismissed', 'kept') " +
	"UNION SELECT d.other_claim_id FROM match_decisions AS d WHERE d.claim_id = ? AND d.other_claim_id IS NOT NULL AND d.outcome IN ('dismissed', 'kept'))"

// perDay are the microseconds of a day.
const perDay = 86_400_000_000

// maxDays is how many days, speakers and publishers a chart is made of.
const (
	maxDays  = 4_000
	maxNames = 20
)

type sightingRow struct {
	ID          int64
	ReviewID    int64
	At          time.Time `gorm:"serializer:micros"`
	ArticleID   int64
	Article     string
	Publisher   string
	URL         string
	Attribution string
	Quote       string
	Rated       time.Time `gorm:"serializer:micros"`
}

func (r sightingRow) sighting() (earlier.Sighting, error) {
	var a claims.Attribution
	if err := json.Unmarshal([]byte(r.Attribution), &a); err != nil {
		return earlier.Sighting{}, fmt.Errorf("decode attribution of appearance %d: %w", r.ID, err)
	}
	who := a.Canonical
	if who == "" {
		who = a.Speaker
	}
	return earlier.Sighting{
		ID: r.ID, ReviewID: r.ReviewID, At: r.At, ArticleID: r.ArticleID, Article: r.Article, Publisher: r.Publisher, URL: r.URL, Speaker: who,
		Quote: r.Quote, After: !r.Rated.IsZero() && r.At.After(r.Rated),
	}, nil
}

const sightingColumns = "a.id, r.id AS review_id, COALESCE(ar.published_at, a.added_at) AS at, ar.id AS article_id, ar.title AS article, ar.publisher, ar.url, a.attribution, a.quote"

// Timeline is every appearance of a review's claim and of those that people
// found to be the same. NotFound.
func (s *Store) Timeline(ctx context.Context, reviewID, before int64, limit int) (earlier.Timeline, error) {
	const op = "store.Timeline"
	var head struct {
		ClaimID int64
		Text    string
		Lang    string
		Rated   time.Time `gorm:"serializer:micros"`
	}
	err := s.read(ctx).Table("reviews AS r").Joins("JOIN claims AS c ON c.id = r.claim_id").
		Select("c.id AS claim_id, c.text, c.lang, (SELECT MIN(p.published_at) FROM publications AS p WHERE p.review_id = r.id) AS rated").
		Where("r.id = ?", reviewID).Take(&head).Error
	if err != nil {
		return earlier.Timeline{}, one(op, "There is no such review.", err)
	}
	t := earlier.Timeline{ReviewID: reviewID, ClaimID: head.ClaimID, Text: head.Text, Lang: head.Lang, Rated: head.Rated}
	id := head.ClaimID
	var days []struct {
		Day int64
		N   int
	}
	err = s.read(ctx).Raw("SELECT COALESCE(ar.published_at, a.added_at) / ? AS day, COUNT(*) AS n FROM appearances AS a JOIN articles AS ar ON ar.id = a.article_id "+
		"WHERE a.claim_id IN "+family+" GROUP BY day ORDER BY day LIMIT ?", perDay, id, id, id, maxDays).Find(&days).Error
	if err != nil {
		return t, kind(op, err)
	}
	for _, d := range days {
		t.Days = append(t.Days, earlier.Day{At: fromMicros(d.Day * perDay), N: d.N})
	}
	err = s.read(ctx).Raw("SELECT ar.publisher AS name, COUNT(*) AS n FROM appearances AS a JOIN articles AS ar ON ar.id = a.article_id "+
		"WHERE ar.publisher <> '' AND a.claim_id IN "+family+" GROUP BY ar.publisher ORDER BY n DESC, name LIMIT ?", id, id, id, maxNames).Find(&t.Publishers).Error
	if err != nil {
		return t, kind(op, err)
	}
	page := s.read(ctx).Table("appearances AS a").Joins("JOIN articles AS ar ON ar.id = a.article_id").Joins("JOIN reviews AS r ON r.claim_id = a.claim_id").
		Select(sightingColumns+", CAST(? AS BIGINT) AS rated", toMicros(head.Rated)).Where("a.claim_id IN "+family, id, id, id).Order("a.id DESC").Limit(clamp(limit))
	if before != 0 {
		page = page.Where("a.id < ?", before)
	}
	var rows []sightingRow
	if err := page.Find(&rows).Error; err != nil {
		return t, kind(op, err)
	}
	for _, r := range rows {
		one, err := r.sighting()
		if err != nil {
			return t, kind(op, err)
		}
		t.Sightings = append(t.Sightings, one)
	}
	return t, nil
}

// SaidAgain are open alerts, the newest first. before is the appearance of the
// last alert of the page before.
func (s *Store) SaidAgain(ctx context.Context, before int64, limit int) ([]earlier.Alert, error) {
	const op = "store.SaidAgain"
	var rows []struct {
		Sighting sightingRow `gorm:"embedded"`
		Text     string
		Rating   *string
		Colour   *string
		FoundAt  time.Time `gorm:"serializer:micros"`
		RatedID  int64
	}
	q := s.read(ctx).Table("said_again AS g").Joins("JOIN appearances AS a ON a.id = g.appearance_id").Joins("JOIN articles AS ar ON ar.id = a.article_id").
		Joins("JOIN reviews AS r ON r.claim_id = a.claim_id").Joins("JOIN reviews AS own ON own.id = g.review_id").Joins("JOIN claims AS c ON c.id = own.claim_id").
		Joins("LEFT JOIN published_ratings AS pr ON pr.review_id = g.review_id").
		Select(sightingColumns + ", c.text, pr.rating, pr.colour, g.found_at, g.review_id AS rated_id").
		Where("g.seen_at IS NULL").Order("g.found_at DESC, g.appearance_id DESC").Limit(clamp(limit))
	if before != 0 {
		q = q.Where("(g.found_at, g.appearance_id) < (SELECT b.found_at, b.appearance_id FROM said_again AS b WHERE b.appearance_id = ?)", before)
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind(op, err)
	}
	var out []earlier.Alert
	for _, r := range rows {
		at, err := r.Sighting.sighting()
		if err != nil {
			return nil, kind(op, err)
		}
		at.After = true
		out = append(out, earlier.Alert{Sighting: at, Text: r.Text, Rating: stringOr(r.Rating), Colour: stringOr(r.Colour), Found: r.FoundAt, Rated: r.RatedID})
	}
	return out, nil
}

// SeeAgain marks an alert as seen. NotFound if it is not open.
func (s *Store) SeeAgain(ctx context.Context, appearanceID, by int64, at time.Time) error {
	const op = "store.SeeAgain"
	res := s.write(ctx).Exec("UPDATE said_again SET seen_by = ?, seen_at = ? WHERE appearance_id = ? AND seen_at IS NULL", by, toMicros(at), appearanceID)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New(op, errs.NotFound, "Somebody has seen this already.")
	}
	return kind(op, res.Error)
}

// noteSaidAgain makes alerts of the appearances of a claim that was found to be
// the same as one that we have rated.
func (s *Store) noteSaidAgain(ctx context.Context, claimID, ratedClaim int64) error {
	return s.write(ctx).Exec("INSERT INTO said_again (appearance_id, review_id, said_at, found_at) "+
		"SELECT a.id, r.id, COALESCE(ar.published_at, a.added_at), a.added_at FROM appearances AS a JOIN articles AS ar ON ar.id = a.article_id, reviews AS r "+
		"WHERE a.claim_id = ? AND r.claim_id = ? AND r.state <> 'retracted' "+
		"AND COALESCE(ar.published_at, a.added_at) > (SELECT MIN(p.published_at) FROM publications AS p WHERE p.review_id = r.id) "+
		"ON CONFLICT (appearance_id) DO NOTHING", claimID, ratedClaim).Error
}

// saveRating notes who said what is published and how it is rated.
func (s *Store) saveRating(ctx context.Context, p review.Publication) error {
	name := ""
	if p.Report.Claimant != nil {
		name = p.Report.Claimant.Name
	}
	key := ""
	if name != "" {
		key = nameKey(name)
	}
	return s.write(ctx).Exec("INSERT INTO published_ratings (review_id, name_key, name, rating, colour, retracted, published_at) VALUES (?, ?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (review_id) DO UPDATE SET name_key = excluded.name_key, name = excluded.name, rating = excluded.rating, colour = excluded.colour, "+
		"retracted = excluded.retracted, published_at = excluded.published_at",
		p.ReviewID, key, name, p.Report.Rating.Label, p.Report.Rating.Colour, p.Report.Retracted != nil, toMicros(p.PublishedAt)).Error
}

// Speaker is one speaker with what is published and where all claims stand, for
// the desk. NotFound.
func (s *Store) Speaker(ctx context.Context, id int64) (earlier.Speaker, error) {
	const op = "store.Speaker"
	var who claimantRow
	if err := s.read(ctx).Where("id = ?", id).Take(&who).Error; err != nil {
		return earlier.Speaker{}, one(op, "There is no such speaker.", err)
	}
	out := earlier.Speaker{ID: who.ID, Name: who.Name, States: map[string]int{}}
	rated, _, err := s.rated(ctx, who.NameKey)
	if err != nil {
		return out, kind(op, err)
	}
	out.Rated = rated
	var states []struct {
		State review.State
		N     int
	}
	err = s.read(ctx).Raw("SELECT r.state, COUNT(*) AS n FROM (SELECT id FROM claims WHERE claimant_id = ? ORDER BY id DESC LIMIT ?) AS c "+
		"JOIN reviews AS r ON r.claim_id = c.id GROUP BY r.state", id, earlier.MostCounted).Find(&states).Error
	for _, st := range states {
		out.States[string(st.State)] = st.N
	}
	return out, kind(op, err)
}

// PublicSpeaker is one speaker by the key of the name in what is published.
// NotFound if nothing is.
func (s *Store) PublicSpeaker(ctx context.Context, key string) (earlier.Speaker, error) {
	const op = "store.PublicSpeaker"
	rated, name, err := s.rated(ctx, key)
	if err == nil && name == "" {
		return earlier.Speaker{}, errs.New(op, errs.NotFound, "Nothing that this speaker said was checked here.")
	}
	return earlier.Speaker{Name: name, Rated: rated}, kind(op, err)
}

// rated counts the published ratings of a speaker by year, and gives the name
// as it was published last. Retracted ones count nowhere.
func (s *Store) rated(ctx context.Context, key string) (out []earlier.Rated, name string, err error) {
	var rows []struct {
		Name      string
		Rating    string
		Colour    string
		Retracted bool
		Day       int64
		N         int
	}
	err = s.read(ctx).Raw("SELECT name, rating, colour, retracted, published_at / ? AS day, COUNT(*) AS n FROM published_ratings WHERE name_key = ? AND name_key <> '' "+
		"GROUP BY name, rating, colour, retracted, day ORDER BY day LIMIT ?", perDay, key, maxDays).Find(&rows).Error
	at := map[earlier.Rated]int{}
	for _, r := range rows {
		if name = r.Name; r.Retracted {
			continue
		}
		group := earlier.Rated{Rating: r.Rating, Colour: r.Colour, Year: fromMicros(r.Day * perDay).Year()}
		if _, ok := at[group]; !ok {
			at[group] = len(out)
			out = append(out, group)
		}
		out[at[group]].N += r.N
	}
	return out, name, err
}

// PublishedOf are the live checks of a speaker, newest first. before is the
// last of the page before: its time in Key and its review in ID.
func (s *Store) PublishedOf(ctx context.Context, key string, before review.Cursor, limit int) ([]earlier.Published, error) {
	const op = "store.PublishedOf"
	q := s.read(ctx).Table("published_ratings AS pr").Joins("JOIN checks AS k ON k.review_id = pr.review_id").Joins("JOIN publications AS p ON p.id = k.publication_id").
		Select("p.*").Where("pr.name_key = ? AND pr.name_key <> ''", key).Order("pr.published_at DESC, pr.review_id DESC").Limit(clamp(limit))
	if !before.IsZero() {
		q = q.Where("(pr.published_at, pr.review_id) < (?, ?)", before.Key, before.ID)
	}
	var rows []publicationRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind(op, err)
	}
	var out []earlier.Published
	for _, r := range rows {
		p, err := r.publication()
		if err != nil {
			return nil, kind(op, err)
		}
		out = append(out, earlier.Published{ReviewID: p.ReviewID, Slug: p.Slug, Report: p.Report, At: p.PublishedAt})
	}
	return out, nil
}

// ClaimsOf are the claims of a speaker, the last first. before is the id of the
// last claim of the page before.
func (s *Store) ClaimsOf(ctx context.Context, speaker, before int64, limit int) ([]earlier.OwnClaim, error) {
	q := s.read(ctx).Table("claims").Select("id").Where("claimant_id = ? AND merged_into IS NULL", speaker).Order("id DESC").Limit(clamp(limit))
	if before != 0 {
		q = q.Where("id < ?", before)
	}
	var ids []int64
	if err := q.Pluck("id", &ids).Error; err != nil {
		return nil, kind("store.ClaimsOf", err)
	}
	found, err := s.OwnClaims(ctx, ids)
	var out []earlier.OwnClaim
	for _, id := range ids {
		if c, ok := found[id]; ok {
			out = append(out, c)
		}
	}
	return out, err
}

// latestArticles is how many articles stand behind a rising claim.
const latestArticles = 4

// Risen counts the articles of each claim since a time, and in the time before
// from another on, as articles a week; the most first.
func (s *Store) Risen(ctx context.Context, before, since time.Time, limit int) ([]earlier.Rising, error) {
	const op = "store.Risen"
	var rows []struct {
		ClaimID int64
		Week    int
		Before  int
	}
	err := s.read(ctx).Raw("SELECT w.claim_id, w.week, (SELECT COUNT(DISTINCT b.article_id) FROM appearances AS b WHERE b.claim_id = w.claim_id AND b.added_at >= ? AND b.added_at < ?) AS before "+
		"FROM (SELECT claim_id + 0 AS claim_id, COUNT(DISTINCT article_id) AS week FROM appearances WHERE added_at >= ? GROUP BY claim_id + 0 HAVING COUNT(DISTINCT article_id) > 1 "+
		"ORDER BY week DESC, claim_id + 0 DESC LIMIT ?) AS w ORDER BY w.week DESC, w.claim_id DESC",
		toMicros(before), toMicros(since), toMicros(since), clamp(limit)).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, kind(op, err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ClaimID
	}
	found, err := s.OwnClaims(ctx, ids)
	if err != nil {
		return nil, err
	}
	latest, err := s.latestSightings(ctx, ids, since)
	if err != nil {
		return nil, kind(op, err)
	}
	weeks := since.Sub(before).Hours() / 24 / 7
	var out []earlier.Rising
	for _, r := range rows {
		if c, ok := found[r.ClaimID]; ok {
			out = append(out, earlier.Rising{OwnClaim: c, Week: r.Week, Before: float64(r.Before) / weeks, Latest: latest[r.ClaimID]})
		}
	}
	return out, nil
}

// latestSightings are the newest appearances of some claims since a time, by
// claim.
func (s *Store) latestSightings(ctx context.Context, ids []int64, since time.Time) (map[int64][]earlier.Sighting, error) {
	ranked := s.read(ctx).Table("appearances").Select("*, ROW_NUMBER() OVER (PARTITION BY claim_id ORDER BY id DESC) AS place").
		Where("claim_id IN ? AND added_at >= ?", ids, toMicros(since))
	var rows []struct {
		Sighting sightingRow `gorm:"embedded"`
		ClaimID  int64
	}
	err := s.read(ctx).Table("(?) AS a", ranked).Joins("JOIN articles AS ar ON ar.id = a.article_id").Joins("JOIN reviews AS r ON r.claim_id = a.claim_id").
		Select(sightingColumns+", a.claim_id").Where("a.place <= ?", latestArticles).Order("a.id DESC").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := map[int64][]earlier.Sighting{}
	for _, r := range rows {
		one, err := r.Sighting.sighting()
		if err != nil {
			return nil, err
		}
		out[r.ClaimID] = append(out[r.ClaimID], one)
	}
	return out, nil
}
