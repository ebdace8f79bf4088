package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"factcheck/internal/errs"
	"factcheck/internal/watch"
)

type sourceRow struct {
	ID           int64
	Kind         watch.Kind
	Address      string
	Title        string
	EverySeconds int64
	ETag         string `gorm:"column:etag"`
	LastModified string
	NextAt       time.Time `gorm:"serializer:micros"`
	LastAt       time.Time `gorm:"serializer:micros"`
	LastError    string
	Failures     int
	Paused       bool
	Articles     int
	Claims       int
	Checks       int
	AddedBy      int64     `gorm:"serializer:null"`
	AddedAt      time.Time `gorm:"serializer:micros"`
}

func (sourceRow) TableName() string { return "sources" }

func fromSource(s watch.Source) sourceRow {
	return sourceRow{
		s.ID, s.Kind, s.Address, s.Title, int64(s.Every / time.Second), s.ETag, s.LastModified, s.NextAt, s.LastAt, s.LastError, s.Failures, s.Paused,
		s.Articles, s.Claims, s.Checks, s.AddedBy, s.AddedAt,
	}
}

func (r sourceRow) source() watch.Source {
	return watch.Source{
		ID: r.ID, Kind: r.Kind, Address: r.Address, Title: r.Title, Every: time.Duration(r.EverySeconds) * time.Second, ETag: r.ETag, LastModified: r.LastModified,
		NextAt: r.NextAt, LastAt: r.LastAt, LastError: r.LastError, Failures: r.Failures, Paused: r.Paused,
		Articles: r.Articles, Claims: r.Claims, Checks: r.Checks, AddedBy: r.AddedBy, AddedAt: r.AddedAt,
	}
}

type sourceItemRow struct {
	SourceID int64  `gorm:"primaryKey;autoIncrement:false"`
	Key      string `gorm:"primaryKey"`
	Address  string
	Title    string
	SeenAt   time.Time `gorm:"serializer:micros"`
	Settled  bool
	Tries    int
	Problem  string
}

func (sourceItemRow) TableName() string { return "source_items" }

func fromTaken(t watch.Taken) sourceItemRow {
	return sourceItemRow{t.SourceID, t.Key, t.Address, t.Title, t.SeenAt, t.Settled, t.Tries, t.Problem}
}

func (r sourceItemRow) taken() watch.Taken {
	return watch.Taken{Item: watch.Item{Key: r.Key, Address: r.Address, Title: r.Title}, SourceID: r.SourceID, SeenAt: r.SeenAt, Settled: r.Settled, Tries: r.Tries, Problem: r.Problem}
}

// noSource is told where a source is not there.
const noSource = "This source is not watched any more."

// AddSource writes a source and returns its id. Conflict if its address is
// watched already; Invalid if there are watch.MaxSources.
func (s *Store) AddSource(ctx context.Context, src watch.Source) (int64, error) {
	const op = "store.AddSource"
	row := fromSource(src)
	err := s.InTx(ctx, func(ctx context.Context) error {
		var n, same int64
		if err := s.write(ctx).Model(&sourceRow{}).Count(&n).Error; err != nil {
			return err
		}
		if err := s.write(ctx).Model(&sourceRow{}).Where("address = ?", src.Address).Count(&same).Error; err != nil {
			return err
		}
		switch {
		case same > 0:
			return errs.New(op, errs.Conflict, "This address is watched already.")
		case n >= watch.MaxSources:
			return errs.Newf(op, errs.Invalid, "%d sources are watched, which is the most. Remove one first.", n)
		}
		return s.write(ctx).Create(&row).Error
	})
	if errs.KindOf(kind(op, err)) == errs.Conflict && errs.Message(err) == "" {
		return 0, errs.New(op, errs.Conflict, "This address is watched already.")
	}
	return row.ID, kind(op, err)
}

// WatchedSource is one source. NotFound.
func (s *Store) WatchedSource(ctx context.Context, id int64) (watch.Source, error) {
	var row sourceRow
	err := s.read(ctx).Where("id = ?", id).Take(&row).Error
	return row.source(), one("store.WatchedSource", noSource, err)
}

// WatchedSources lists sources, the last added first, from the one before an id
// on; 0 is the first page.
func (s *Store) WatchedSources(ctx context.Context, before int64, limit int) ([]watch.Source, error) {
	var rows []sourceRow
	q := s.read(ctx).Order("id DESC").Limit(clamp(limit))
	if before != 0 {
		q = q.Where("id < ?", before)
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, kind("store.WatchedSources", err)
	}
	out := make([]watch.Source, len(rows))
	for i, r := range rows {
		out[i] = r.source()
	}
	return out, nil
}

// DueSources are the ids of those that are to be looked at, longest due first.
func (s *Store) DueSources(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	var ids []int64
	err := s.read(ctx).Model(&sourceRow{}).Where("NOT paused AND next_at <= ?", toMicros(now)).Order("next_at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, kind("store.DueSources", err)
}

// ClaimSource puts the next look off until a time, for whoever looks now. False
// if the source is paused or not due.
func (s *Store) ClaimSource(ctx context.Context, id int64, now, until time.Time) (bool, error) {
	res := s.write(ctx).Model(&sourceRow{}).Where("id = ? AND NOT paused AND next_at <= ?", id, toMicros(now)).Select("next_at").Updates(&sourceRow{NextAt: until})
	return res.RowsAffected == 1, kind("store.ClaimSource", res.Error)
}

// SaveLook writes how a look went. NotFound.
func (s *Store) SaveLook(ctx context.Context, src watch.Source) error {
	const op = "store.SaveLook"
	row := fromSource(src)
	res := s.write(ctx).Model(&sourceRow{}).Where("id = ?", src.ID).Select("title", "etag", "last_modified", "next_at", "last_at", "last_error", "failures").Updates(&row)
	return there(op, res)
}

// PauseSource pauses a source, or lets it be looked at again at next. NotFound.
func (s *Store) PauseSource(ctx context.Context, id int64, paused bool, next time.Time) error {
	res := s.write(ctx).Model(&sourceRow{}).Where("id = ?", id).Select("paused", "next_at").Updates(&sourceRow{Paused: paused, NextAt: next})
	return there("store.PauseSource", res)
}

// RemoveSource forgets a source and what was seen of it. NotFound.
func (s *Store) RemoveSource(ctx context.Context, id int64) error {
	return there("store.RemoveSource", s.write(ctx).Where("id = ?", id).Delete(&sourceRow{}))
}

// there is NotFound if no source was changed.
func there(op string, res *gorm.DB) error {
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New(op, errs.NotFound, noSource)
	}
	return kind(op, res.Error)
}

// keysAtOnce bounds the variables of one statement.
const keysAtOnce = 500

// KnownItems are those of the keys that were seen before.
func (s *Store) KnownItems(ctx context.Context, sourceID int64, keys []string) (map[string]watch.Known, error) {
	out := map[string]watch.Known{}
	for some := range slices.Chunk(keys, keysAtOnce) {
		var rows []sourceItemRow
		err := s.read(ctx).Select("key, settled, tries").Where("source_id = ? AND key IN ?", sourceID, some).Find(&rows).Error
		if err != nil {
			return nil, kind("store.KnownItems", err)
		}
		for _, r := range rows {
			out[r.Key] = watch.Known{Settled: r.Settled, Tries: r.Tries}
		}
	}
	return out, nil
}

// NoteItems keeps what became of items, and counts it for their source, in one
// transaction. NotFound if the source is gone.
func (s *Store) NoteItems(ctx context.Context, sourceID int64, items []watch.Taken) error {
	const op = "store.NoteItems"
	rows := make([]sourceItemRow, len(items))
	var articles, found, checks int
	var listed []int64
	for i, t := range items {
		if t.ArticleID != 0 {
			listed = append(listed, t.ArticleID)
		}
		t.SourceID = sourceID
		rows[i] = fromTaken(t)
		articles, found, checks = articles+t.Articles, found+t.Claims, checks+t.Checks
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		res := s.write(ctx).Exec("UPDATE sources SET articles = articles + ?, claims = claims + ?, checks = checks + ? WHERE id = ?", articles, found, checks, sourceID)
		if err := there(op, res); err != nil || len(rows) == 0 {
			return err
		}
		if err := s.noteFeed(ctx, sourceID, listed, rows[0].SeenAt); err != nil {
			return err
		}
		again := clause.OnConflict{
			Columns:   []clause.Column{{Name: "source_id"}, {Name: "key"}},
			DoUpdates: clause.AssignmentColumns([]string{"address", "title", "seen_at", "settled", "tries", "problem"}),
		}
		return s.write(ctx).Clauses(again).CreateInBatches(&rows, keysAtOnce).Error
	})
	return kind(op, err)
}

// ItemProblems are the last items of each source that could not be taken, at
// most per of each, newest first.
func (s *Store) ItemProblems(ctx context.Context, sources []int64, per int) (map[int64][]watch.Taken, error) {
	out := map[int64][]watch.Taken{}
	if len(sources) == 0 {
		return out, nil
	}
	ranked := s.read(ctx).Table("source_items").Select("*, ROW_NUMBER() OVER (PARTITION BY source_id ORDER BY seen_at DESC, key) AS place").
		Where("source_id IN ? AND problem <> ''", sources)
	var rows []sourceItemRow
	err := s.read(ctx).Table("(?) AS i", ranked).Where("i.place <= ?", per).Order("i.source_id, i.place").Find(&rows).Error
	for _, r := range rows {
		out[r.SourceID] = append(out[r.SourceID], r.taken())
	}
	return out, kind("store.ItemProblems", err)
}
