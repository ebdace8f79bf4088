package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"

	"factcheck/internal/errs"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema to the newest version. Starts at the same moment
// wait for each other: by a lock in PostgreSQL, by a file beside a SQLite
// database.
func (s *Store) migrate(ctx context.Context) error {
	const op = "store.migrate"
	head := newest(s.postgres)
	if all, err := s.hasAll(ctx); err == nil && all {
		return nil // the usual start: nothing to do, nothing to lock
	}
	p, err := s.provider()
	if err != nil {
		return errs.Wrap(op, errs.Internal, err)
	}
	v, err := p.GetDBVersion(ctx)
	if err != nil {
		return &errs.Error{Op: op, Kind: errs.Invalid, Msg: "This is not a factcheck database, or it cannot be written to. Name another file with --db.", Err: err}
	}
	if v > head {
		return errs.Newf(op, errs.Invalid, "This database was written by a newer version of factcheck (schema %d; this program knows %d). Install the newer version; nothing was changed.", v, head)
	}
	if _, err := p.Up(ctx); err != nil {
		return errs.Wrap(op, errs.Internal, fmt.Errorf("migrate: %w", err))
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	db, err := s.w.DB()
	if err != nil {
		return nil, err
	}
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	// Two pieces of work can be finished in another order than they were numbered.
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	if s.postgres {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // try every second, for five minutes
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	} else {
		opts = append(opts, goose.WithLocker(fileLock{flock.New(s.path + ".lock")}))
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, files, opts...)
}

// hasAll reports whether the database has every migration that this program has,
// and no newer one. A number below the newest can be missing: it came later.
func (s *Store) hasAll(ctx context.Context) (bool, error) {
	var applied []int64
	err := s.read(ctx).Raw("SELECT DISTINCT version_id FROM goose_db_version WHERE is_applied AND version_id > 0").Scan(&applied).Error
	if err != nil || len(applied) == 0 || slices.Max(applied) > newest(s.postgres) {
		return false, err
	}
	for _, v := range numbers(s.postgres) {
		if !slices.Contains(applied, v) {
			return false, nil
		}
	}
	return true, nil
}

// newest is the newest migration that this program has.
func newest(postgres bool) int64 { return slices.Max(numbers(postgres)) }

// numbers are the migrations that this program has.
func numbers(postgres bool) []int64 {
	folder := "migrations/sqlite"
	if postgres {
		folder = "migrations/postgres"
	}
	files, err := fs.Glob(migrations, folder+"/*.sql")
	if err != nil || len(files) == 0 {
		panic("store: no migrations are embedded")
	}
	var all []int64
	for _, f := range files {
		v, err := goose.NumericComponent(f)
		if err != nil {
			panic(err)
		}
		all = append(all, v)
	}
	return all
}

// fileLock keeps two processes from migrating one SQLite file at once.
type fileLock struct{ f *flock.Flock }

// Lock waits for the file, and gives up after a minute.
func (l fileLock) Lock(ctx context.Context, _ *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ok, err := l.f.TryLockContext(ctx, 20*time.Millisecond)
	if err == nil && !ok {
		err = errors.New("another process is migrating the database")
	}
	return err
}

// Unlock releases the file.
func (l fileLock) Unlock(context.Context, *sql.DB) error { return l.f.Unlock() }

// one is the error of a query that must find exactly one row.
func one(op, sentence string, err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return errs.New(op, errs.NotFound, sentence)
	}
	return kind(op, err)
}
