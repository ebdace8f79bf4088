package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/earlier"
	"factcheck/internal/library"
	"factcheck/internal/match"
	"factcheck/internal/review"
)

// IndexMark is where the log of changes stands. On PostgreSQL, transactions that
// are older than every one under way have ended, so that nothing can be
// committed before the mark any more; SQLite has one writer, whose numbers rise.
func (s *Store) IndexMark(ctx context.Context) (earlier.Mark, error) {
	query := "SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes"
	if s.postgres {
		query = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
	}
	var m int64
	err := s.read(ctx).Raw(query).Find(&m).Error
	return earlier.Mark(m), kind("store.IndexMark", err)
}

type changeRow struct {
	Kind   earlier.Kind
	ItemID int64
	Seq    int64
}

// IndexChanges walks what changed from one mark on and before another. What
// changes once more meanwhile is found from the other mark on.
func (s *Store) IndexChanges(ctx context.Context, from, to earlier.Mark) iter.Seq2[earlier.Ref, error] {
	return func(yield func(earlier.Ref, error) bool) {
		for last := (changeRow{Seq: int64(from)}); ; {
			var rows []changeRow
			err := s.read(ctx).Table("index_changes").Where("(seq, kind, item_id) > (?, ?, ?) AND seq < ?", last.Seq, last.Kind, last.ItemID, to).
				Order("seq, kind, item_id").Limit(batch).Find(&rows).Error
			if err != nil {
				yield(earlier.Ref{}, kind("store.IndexChanges", err))
				return
			}
			for _, r := range rows {
				if !yield(earlier.Ref{Kind: r.Kind, ID: r.ItemID}, nil) {
					return
				}
				last = r
			}
			if len(rows) < batch {
				return
			}
		}
	}
}

// IndexSize is how many records an index of earlier claims holds.
func (s *Store) IndexSize(ctx context.Context) (int, error) {
	var n int
	err := s.read(ctx).Raw("SELECT (SELECT COUNT(*) FROM claims WHERE merged_into IS NULL) + (SELECT COUNT(*) FROM library_checks WHERE publication_id IS NULL)").Find(&n).Error
	return n, kind("store.IndexSize", err)
}

// IndexRecords walks all records of a kind, with the vectors of a model.
func (s *Store) IndexRecords(ctx context.Context, k earlier.Kind, model string) iter.Seq2[earlier.Record, error] {
	if k == earlier.Claim {
		return walk(func(after int64) ([]claimRecordRow, error) {
			var rows []claimRecordRow
			err := s.claimRecords(ctx, model, s.after(ctx, "claims", after)).Find(&rows).Error
			return rows, kind("store.IndexRecords", err)
		}, func(r claimRecordRow) int64 { return r.ID }, claimRecordRow.record)
	}
	return walk(func(after int64) ([]checkRecordRow, error) {
		var rows []checkRecordRow
		err := s.checkRecords(ctx, model, s.after(ctx, "library_checks", after)).Find(&rows).Error
		return rows, kind("store.IndexRecords", err)
	}, func(r checkRecordRow) int64 { return r.ID }, checkRecordRow.record)
}

// IndexRecordsOf reads some records. Merged claims and our own publications in
// the library are none.
func (s *Store) IndexRecordsOf(ctx context.Context, refs []earlier.Ref, model string) ([]earlier.Record, error) {
	const op = "store.IndexRecordsOf"
	ids := map[earlier.Kind][]int64{}
	for _, r := range refs {
		ids[r.Kind] = append(ids[r.Kind], r.ID)
	}
	var own []claimRecordRow
	var checks []checkRecordRow
	if some := ids[earlier.Claim]; len(some) > 0 {
		if err := s.claimRecords(ctx, model, s.read(ctx).Table("claims").Where("id IN ?", some)).Find(&own).Error; err != nil {
			return nil, kind(op, err)
		}
	}
	if some := ids[earlier.Check]; len(some) > 0 {
		if err := s.checkRecords(ctx, model, s.read(ctx).Table("library_checks").Where("id IN ?", some)).Find(&checks).Error; err != nil {
			return nil, kind(op, err)
		}
	}
	var out []earlier.Record
	for _, r := range own {
		rec, err := r.record()
		if err != nil {
			return nil, kind(op, err)
		}
		out = append(out, rec)
	}
	for _, r := range checks {
		rec, err := r.record()
		if err != nil {
			return nil, kind(op, err)
		}
		out = append(out, rec)
	}
	return out, nil
}

// claimRecordRow is a claim of ours as the index reads it.
type claimRecordRow struct {
	ID        int64
	Text      string
	ShortForm string
	Lang      string
	Speaker   *string
	SaidAt    time.Time `gorm:"serializer:micros"`
	FoundAt   time.Time `gorm:"serializer:micros"` // where it was found first
	CreatedAt time.Time `gorm:"serializer:micros;autoCreateTime:false"`
	Snapshot  []byte    // of the live check
	Digest    []byte
	Vectors   []byte
}

// foundFirst is when the article was published that a claim c was found in
// first.
const foundFirst = "(SELECT ar.published_at FROM appearances AS ap JOIN articles AS ar ON ar.id = ap.article_id WHERE ap.claim_id = c.id ORDER BY ap.id LIMIT 1)"

// after are the next rows of a table that the index holds, chosen before anything
// is joined to them: PostgreSQL would rather merge whole tables, batch after batch.
func (s *Store) after(ctx context.Context, table string, id int64) *gorm.DB {
	q := s.read(ctx).Table(table).Where("id > ?", id).Order("id").Limit(batch)
	if table == "claims" {
		return q.Where("merged_into IS NULL")
	}
	return q.Where("publication_id IS NULL")
}

func (s *Store) claimRecords(ctx context.Context, model string, which *gorm.DB) *gorm.DB {
	return s.read(ctx).Table("(?) AS c", which).
		Joins("LEFT JOIN claimants AS cl ON cl.id = c.claimant_id").
		Joins("LEFT JOIN reviews AS r ON r.claim_id = c.id").
		Joins("LEFT JOIN checks AS k ON k.review_id = r.id").
		Joins("LEFT JOIN publications AS p ON p.id = k.publication_id").
		Joins("LEFT JOIN embeddings AS e ON e.model = ? AND e.kind = 'claim' AND e.item_id = c.id", model).
		Select("c.id, c.text, c.short_form, c.lang, cl.name AS speaker, c.said_at, " + foundFirst + " AS found_at, c.created_at, p.snapshot, e.digest, e.vectors").
		Where("c.merged_into IS NULL").Order("c.id")
}

func (r claimRecordRow) record() (earlier.Record, error) {
	ref := earlier.Ref{Kind: earlier.Claim, ID: r.ID}
	m := match.Record{ID: ref.String(), Text: r.Text, Title: r.ShortForm, Speaker: stringOr(r.Speaker), Lang: primary(r.Lang), Date: firstTime(r.SaidAt, r.FoundAt, r.CreatedAt)}
	if len(r.Snapshot) > 0 {
		var report review.Report
		if err := json.Unmarshal(r.Snapshot, &report); err != nil {
			return earlier.Record{}, fmt.Errorf("decode the check of claim %d: %w", r.ID, err)
		}
		if report.Retracted == nil {
			m.Detail, m.Rating = report.Summary, report.Rating.Label
		}
	}
	return earlier.Record{Ref: ref, Record: m, Digest: r.Digest, Vectors: r.Vectors}, nil
}

// checkRecordRow is a check by others as the index reads it.
type checkRecordRow struct {
	ID         int64
	Claim      string
	Title      string
	Claimant   string
	URL        string
	Publisher  string
	Rating     string
	Lang       string
	ClaimDate  time.Time `gorm:"serializer:micros"`
	ReviewDate time.Time `gorm:"serializer:micros"`
	Digest     []byte
	Vectors    []byte
}

func (s *Store) checkRecords(ctx context.Context, model string, which *gorm.DB) *gorm.DB {
	return s.read(ctx).Table("(?) AS c", which).
		Joins("LEFT JOIN embeddings AS e ON e.model = ? AND e.kind = 'check' AND e.item_id = c.id", model).
		Select("c.id, c.claim, c.title, c.claimant, c.url, c.publisher, c.rating, c.lang, c.claim_date, c.review_date, e.digest, e.vectors").
		Where("c.publication_id IS NULL").Order("c.id")
}

func (r checkRecordRow) record() (earlier.Record, error) {
	ref := earlier.Ref{Kind: earlier.Check, ID: r.ID}
	return earlier.Record{Ref: ref, Digest: r.Digest, Vectors: r.Vectors, Record: match.Record{
		ID: ref.String(), Text: r.Claim, Title: r.Title, Speaker: r.Claimant, URL: r.URL, Publisher: r.Publisher, Rating: r.Rating,
		Lang: primary(r.Lang), Date: firstTime(r.ReviewDate, r.ClaimDate),
	}}, nil
}

// primary is the language of a tag without its region.
func primary(tag string) string {
	lang, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(lang)
}

func firstTime(all ...time.Time) time.Time {
	for _, t := range all {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// SaveVectors stores vectors in place of those that the model made before.
func (s *Store) SaveVectors(ctx context.Context, model string, made time.Time, all []earlier.Vector) error {
	if len(all) == 0 {
		return nil
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, v := range all {
			err := s.write(ctx).Exec("INSERT INTO embeddings (model, kind, item_id, digest, vectors, made_at) VALUES (?, ?, ?, ?, ?, ?) "+
				"ON CONFLICT (model, kind, item_id) DO UPDATE SET digest = excluded.digest, vectors = excluded.vectors, made_at = excluded.made_at",
				model, v.Kind, v.ID, v.Digest, v.Vectors, toMicros(made)).Error
			if err != nil {
				return kind("store.SaveVectors", err)
			}
		}
		return nil
	})
}

// VectorCounts is of how many records each model has made vectors.
func (s *Store) VectorCounts(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Model string
		N     int
	}
	err := s.read(ctx).Raw("SELECT model, COUNT(*) AS n FROM embeddings GROUP BY model").Scan(&rows).Error
	out := map[string]int{}
	for _, r := range rows {
		out[r.Model] = r.N
	}
	return out, kind("store.VectorCounts", err)
}

// ForgetVectors takes the vectors of a model away.
func (s *Store) ForgetVectors(ctx context.Context, model string) error {
	return kind("store.ForgetVectors", s.bulk(ctx).Exec("DELETE FROM embeddings WHERE model = ?", model).Error)
}

// Subject is a review for which earlier claims are wanted, with where its claim
// was found first. NotFound.
func (s *Store) Subject(ctx context.Context, reviewID int64) (earlier.Subject, error) {
	var r struct {
		ReviewID int64
		ClaimID  int64
		Version  int64
		State    review.State
		Text     string
		Lang     string
		Speaker  *string
		Prefix   *string
		Suffix   *string
		Live     *int64
	}
	err := s.read(ctx).Table("reviews AS r").
		Joins("JOIN claims AS c ON c.id = r.claim_id").
		Joins("LEFT JOIN claimants AS cl ON cl.id = c.claimant_id").
		Joins("LEFT JOIN appearances AS ap ON ap.id = (SELECT MIN(a.id) FROM appearances AS a WHERE a.claim_id = c.id)").
		Joins("LEFT JOIN checks AS k ON k.review_id = r.id").
		Select("r.id AS review_id, c.id AS claim_id, r.version, r.state, c.text, c.lang, cl.name AS speaker, ap.prefix, ap.suffix, k.publication_id AS live").
		Where("r.id = ?", reviewID).Take(&r).Error
	if err != nil {
		return earlier.Subject{}, one("store.Subject", "There is no such review.", err)
	}
	subject := earlier.Subject{
		ReviewID: r.ReviewID, ClaimID: r.ClaimID, Version: r.Version, State: r.State, Text: r.Text, Lang: r.Lang, Speaker: stringOr(r.Speaker),
		Public: r.Live != nil,
	}
	for _, around := range []*string{r.Prefix, r.Suffix} {
		if stringOr(around) != "" {
			subject.Context = append(subject.Context, *around)
		}
	}
	return subject, nil
}

// Of how many articles of a claim Beside looks for others, and how many it lists.
const (
	besideArticles = 20
	maxBeside      = 500
)

// Beside are the claims that stand in the articles of a claim, in whatever
// version, and in no others.
func (s *Store) Beside(ctx context.Context, claimID int64) ([]int64, error) {
	sources := s.read(ctx).Table("appearances AS h").Joins("JOIN articles AS ha ON ha.id = h.article_id").Select("ha.source").
		Where("h.claim_id = ? AND h.replaced_at IS NULL", claimID).Group("ha.source").Order("MAX(h.id) DESC").Limit(besideArticles)
	var here []string
	if err := sources.Pluck("ha.source", &here).Error; err != nil || len(here) == 0 {
		return nil, kind("store.Beside", err)
	}
	var ids []int64
	err := s.read(ctx).Table("articles AS ar").Joins("JOIN appearances AS ap ON ap.article_id = ar.id").
		Where("ar.source IN ? AND ap.claim_id <> ? AND ap.replaced_at IS NULL", here, claimID).
		Where("NOT EXISTS (SELECT 1 FROM appearances AS e JOIN articles AS ea ON ea.id = e.article_id WHERE e.claim_id = ap.claim_id AND e.replaced_at IS NULL AND ea.source NOT IN ?)", here).
		Distinct().Limit(maxBeside).Pluck("ap.claim_id", &ids).Error
	return ids, kind("store.Beside", err)
}

// OwnClaims are claims of ours with where their reviews stand, by id.
func (s *Store) OwnClaims(ctx context.Context, ids []int64) (map[int64]earlier.OwnClaim, error) {
	out := map[int64]earlier.OwnClaim{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ClaimID   int64
		ReviewID  int64
		Text      string
		ShortForm string
		Lang      string
		Speaker   *string
		SaidAt    time.Time `gorm:"serializer:micros"`
		State     review.State
		Places    int
		Slug      *string
		Snapshot  []byte
		Published time.Time `gorm:"serializer:micros"`
	}
	err := s.read(ctx).Table("claims AS c").
		Joins("JOIN reviews AS r ON r.claim_id = c.id").
		Joins("LEFT JOIN claimants AS cl ON cl.id = c.claimant_id").
		Joins("LEFT JOIN checks AS k ON k.review_id = r.id").
		Joins("LEFT JOIN publications AS p ON p.id = k.publication_id").
		Select("c.id AS claim_id, r.id AS review_id, c.text, c.short_form, c.lang, cl.name AS speaker, c.said_at, r.state, k.slug, p.snapshot, p.published_at AS published, "+
			"(SELECT COUNT(*) FROM appearances AS ap WHERE ap.claim_id = c.id) AS places").
		Where("c.id IN ?", ids).Find(&rows).Error
	if err != nil {
		return nil, kind("store.OwnClaims", err)
	}
	for _, r := range rows {
		c := earlier.OwnClaim{
			ClaimID: r.ClaimID, ReviewID: r.ReviewID, Text: r.Text, ShortForm: r.ShortForm, Lang: r.Lang, Speaker: stringOr(r.Speaker),
			SaidAt: r.SaidAt, State: r.State, Places: r.Places, Slug: stringOr(r.Slug), Published: r.Published,
		}
		if len(r.Snapshot) > 0 {
			var report review.Report
			if err := json.Unmarshal(r.Snapshot, &report); err != nil {
				return nil, kind("store.OwnClaims", fmt.Errorf("decode the check of claim %d: %w", r.ClaimID, err))
			}
			if c.Retracted = report.Retracted != nil; !c.Retracted {
				c.Rating = &report.Rating
			}
		}
		out[r.ClaimID] = c
	}
	return out, nil
}

// LibraryChecksOf are checks by others, by id.
func (s *Store) LibraryChecksOf(ctx context.Context, ids []int64) (map[int64]library.Check, error) {
	out := map[int64]library.Check{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []libraryRow
	if err := s.read(ctx).Table("library_checks AS c").Select(libraryFound).Where("c.id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, kind("store.LibraryChecksOf", err)
	}
	for _, r := range rows {
		c, err := r.check()
		if err != nil {
			return nil, kind("store.LibraryChecksOf", err)
		}
		out[c.ID] = c
	}
	return out, nil
}
