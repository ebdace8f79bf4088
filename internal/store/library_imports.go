package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/errs"
	"factcheck/internal/library"
)

type importRow struct {
	ID         int64
	Format     string
	Name       string
	Identity   string
	Bytes      int64
	AtOffset   int64
	AtLine     int64
	AtState    string
	Version    int64
	Added      int64
	Updated    int64
	Unchanged  int64
	Rejected   int64
	Skipped    int64
	StartedAt  time.Time `gorm:"serializer:micros"`
	ChangedAt  time.Time `gorm:"serializer:micros"`
	FinishedAt time.Time `gorm:"serializer:micros"`
}

func (importRow) TableName() string { return "library_imports" }

func fromImport(i library.Import) importRow {
	return importRow{
		ID: i.ID, Format: i.Format, Name: i.Name, Identity: i.Identity, Bytes: i.Bytes, AtOffset: i.At.Offset, AtLine: i.At.Line, AtState: i.At.State,
		Version: i.Version, Added: i.Added, Updated: i.Updated, Unchanged: i.Unchanged, Rejected: i.Rejected, Skipped: i.Skipped,
		StartedAt: i.StartedAt, ChangedAt: i.ChangedAt, FinishedAt: i.FinishedAt,
	}
}

func (r importRow) progress() library.Import {
	return library.Import{
		ID: r.ID, Format: r.Format, Name: r.Name, Identity: r.Identity, Bytes: r.Bytes,
		At: library.Position{Offset: r.AtOffset, Line: r.AtLine, State: r.AtState}, Version: r.Version,
		Added: r.Added, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected, Skipped: r.Skipped,
		StartedAt: r.StartedAt, ChangedAt: r.ChangedAt, FinishedAt: r.FinishedAt,
	}
}

// BeginImport returns the unfinished import of the same format and identity,
// or a new one.
func (s *Store) BeginImport(ctx context.Context, i library.Import) (library.Import, error) {
	const op = "store.BeginImport"
	err := s.InTx(ctx, func(ctx context.Context) error {
		var row importRow
		err := s.locking(ctx, "library_imports").Where("format = ? AND identity = ? AND finished_at IS NULL", i.Format, i.Identity).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			row = fromImport(i)
			row.ID, row.Version = 0, 1
			err = s.write(ctx).Create(&row).Error
		}
		i = row.progress()
		return err
	})
	return i, kind(op, err)
}

// Imports are the imports of files, the one that moved last first.
func (s *Store) Imports(ctx context.Context, limit int) ([]library.Import, error) {
	var rows []importRow
	if err := s.read(ctx).Order("changed_at DESC, id DESC").Limit(clamp(limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.Imports", err)
	}
	out := make([]library.Import, len(rows))
	for i, r := range rows {
		out[i] = r.progress()
	}
	return out, nil
}

// SaveImport stores checks and the import that they bring forward, in one
// transaction; it counts what was added, updated and unchanged. Conflict if
// somebody else brought the import forward since.
func (s *Store) SaveImport(ctx context.Context, i library.Import, checks []library.Check) (library.Import, error) {
	const op = "store.SaveImport"
	before := i
	err := s.InTx(ctx, func(ctx context.Context) error {
		rows, err := importedRows(checks, i.ChangedAt)
		if err != nil {
			return err
		}
		added, updated, err := s.upsertLibrary(ctx, rows)
		if err != nil {
			return err
		}
		i.Added, i.Updated, i.Unchanged = i.Added+added, i.Updated+updated, i.Unchanged+int64(len(checks))-added-updated
		row := fromImport(i)
		row.Version++
		res := s.write(ctx).Model(&importRow{}).Where("id = ? AND version = ? AND finished_at IS NULL", i.ID, i.Version).
			Select("at_offset", "at_line", "at_state", "version", "added", "updated", "unchanged", "rejected", "skipped", "changed_at", "finished_at").
			Updates(&row)
		if res.Error == nil && res.RowsAffected == 0 {
			return errs.New(op, errs.Conflict, "This file is being imported by somebody else at the same moment. Wait for that import to end.")
		}
		i.Version = row.Version
		return res.Error
	})
	if err != nil {
		i = before
		if errs.KindOf(kind(op, err)) == errs.Conflict && errs.Message(err) == "" {
			err = &errs.Error{Op: op, Kind: errs.Conflict, Err: err,
				Msg: "The same checks are being imported from another file. Run the import again: it goes on where it stopped."}
		}
	}
	return i, kind(op, err)
}
