package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"factcheck/internal/errs"
)

// Store is one database. It is safe for concurrent use.
type Store struct {
	w, r     *gorm.DB // writers and readers; the same pool on PostgreSQL
	postgres bool
	path     string // of the SQLite file

	counted atomic.Pointer[standings] // what Counts knew last
}

// Open opens the database at dsn, a SQLite file or a postgres:// address, and
// brings its schema up to date. Invalid if it comes from a newer version of the
// program or cannot be opened as what it says it is.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.seed(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(dsn string) (*Store, error) {
	schema.RegisterSerializer("micros", micros{})
	schema.RegisterSerializer("null", null{})
	if isPostgres(dsn) {
		return connectPostgres(dsn)
	}
	return connectSQLite(dsn)
}

// connectSQLite opens two pools: one connection that writes, with transactions
// that lock at once, since a lock taken half-way cannot wait; and a few that
// only read. FULL makes every commit durable: WAL alone would mean NORMAL.
func connectSQLite(path string) (*Store, error) {
	const op = "store.Open"
	if strings.ContainsAny(path, "?#") || path == "" {
		return nil, errs.New(op, errs.Invalid, "Name the database file, without “?” or “#”, or give a postgres:// address.")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, errs.Wrap(op, errs.Invalid, err)
	}
	base := "file:" + (&url.URL{Path: abs}).EscapedPath() + "?_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=on&_synchronous=FULL&_cache_size=-16000"
	w, err := openPool("sqlite3", base+"&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	// The first connection makes the file, so that a reader finds it.
	if err := w.Ping(); err != nil {
		return nil, errors.Join(errs.New(op, errs.Invalid, "The database "+path+" cannot be opened: it is not a factcheck database, or its folder cannot be written to."), err, w.Close())
	}
	r, err := openPool("sqlite3", base+"&_query_only=true&_txlock=deferred", min(4, max(2, runtime.NumCPU())))
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	s := &Store{path: abs}
	if s.w, err = open(sqlite.Dialector{DriverName: "sqlite3", Conn: w}); err != nil {
		return nil, errors.Join(err, w.Close(), r.Close())
	}
	if s.r, err = open(sqlite.Dialector{DriverName: "sqlite3", Conn: r}); err != nil {
		return nil, errors.Join(err, w.Close(), r.Close())
	}
	return s, nil
}

func connectPostgres(dsn string) (*Store, error) {
	db, err := openPool("pgx", dsn, 16)
	if err != nil {
		return nil, err
	}
	g, err := open(postgres.New(postgres.Config{Conn: db}))
	if err != nil {
		return nil, errors.Join(errs.New("store.Open", errs.Invalid, "The PostgreSQL database does not answer. Check the address, the password and that the server runs."), err, db.Close())
	}
	return &Store{w: g, r: g, postgres: true}, nil
}

func openPool(driver, dsn string, conns int) (*sql.DB, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, errs.Wrap("store.Open", errs.Invalid, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// open turns a pool into gorm: no transaction around single statements (every
// multiple write is in InTx), statements prepared once, no values in logs.
func open(d gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(d, &gorm.Config{
		TranslateError: true, SkipDefaultTransaction: true, PrepareStmt: true, QueryFields: true,
		DisableForeignKeyConstraintWhenMigrating: true,
		NowFunc:                                  func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
		Logger:                                   queryLog{},
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Close closes the database.
func (s *Store) Close() error {
	var all []error
	for _, g := range []*gorm.DB{s.w, s.r} {
		if g == nil {
			continue
		}
		db, err := g.DB()
		if err == nil {
			err = db.Close()
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

// Ready is nil if the database answers and has the schema of this program.
func (s *Store) Ready(ctx context.Context) error {
	all, err := s.hasAll(ctx)
	if err != nil {
		return errs.Wrap("store.Ready", errs.Internal, err)
	}
	if !all {
		return errs.Newf("store.Ready", errs.Internal, "The database has another schema than this program, which knows %d.", newest(s.postgres))
	}
	return nil
}

type txKey struct{}

// readKey marks the transactions of inRead, which may not lock rows.
type readKey struct{}

// InTx runs fn in one transaction: all of it is written, or none. The
// transaction travels in ctx; inside another InTx it is the same one.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, ok := ctx.Value(txKey{}).(*gorm.DB); ok {
		return fn(ctx)
	}
	err := s.w.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		said := toWeigh{}
		ctx := context.WithValue(context.WithValue(ctx, txKey{}, tx), toWeighKey{}, said)
		if err := fn(ctx); err != nil {
			return err
		}
		return s.weighAll(ctx, said)
	})
	return kind("store.InTx", err)
}

// inRead runs fn in one reading transaction, so that all it reads is of one
// moment.
func (s *Store) inRead(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, ok := ctx.Value(txKey{}).(*gorm.DB); ok {
		return fn(ctx)
	}
	opts := &sql.TxOptions{ReadOnly: true}
	if s.postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	err := s.r.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return fn(context.WithValue(context.WithValue(ctx, readKey{}, true), txKey{}, tx))
	}, opts)
	return kind("store.inRead", err)
}

// locking is for the row of a table that a writing transaction decides by: PostgreSQL then
// makes the next one wait, so that it does not see half of what this one wrote.
// SQLite has one writer anyhow, and leaves it out.
func (s *Store) locking(ctx context.Context, table string) *gorm.DB {
	q := s.read(ctx)
	_, inTx := ctx.Value(txKey{}).(*gorm.DB)
	if reading, _ := ctx.Value(readKey{}).(bool); inTx && !reading {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Table: clause.Table{Name: table}})
	}
	return q
}

// read and write are the connection of ctx's transaction, or of their pool.
func (s *Store) read(ctx context.Context) *gorm.DB  { return inTxOr(ctx, s.r) }
func (s *Store) write(ctx context.Context) *gorm.DB { return inTxOr(ctx, s.w) }

func inTxOr(ctx context.Context, db *gorm.DB) *gorm.DB {
	if tx, ok := ctx.Value(txKey{}).(*gorm.DB); ok {
		return tx.WithContext(ctx)
	}
	return db.WithContext(ctx)
}

// kind turns a database error into an errs.Error. Errors that have a kind
// already stay as they are.
func kind(op string, err error) error {
	var known *errs.Error
	var full sqlite3.Error
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound):
		return errs.Wrap(op, errs.NotFound, err)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return errs.Wrap(op, errs.Conflict, err)
	case errors.As(err, &full) && full.Code == sqlite3.ErrFull:
		return &errs.Error{Op: op, Kind: errs.Internal, Msg: "The disk of the server is full. Nothing was saved; tell whoever runs it.", Err: err}
	case errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01"): // serialization failure, deadlock
		return errs.Wrap(op, errs.Conflict, err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errs.Wrap(op, errs.Canceled, err)
	}
	return errs.Wrap(op, errs.Internal, err)
}
