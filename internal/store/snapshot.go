package store

import (
	"context"
	"errors"
	"net/url"

	"factcheck/internal/errs"
)

// Snapshot writes a copy of the database, as of one moment, to the new file
// path, while others go on reading and writing. Sessions are left out: whoever
// steals a backup shall not be signed in by it. Invalid on PostgreSQL, which has
// a program of its own for that.
func (s *Store) Snapshot(ctx context.Context, path string) (err error) {
	const op = "store.Snapshot"
	if s.postgres {
		return errs.New(op, errs.Invalid, "This desk is in PostgreSQL: dump it with pg_dump, restore it with pg_restore, and copy its folder of evidence after the dump. docs/operations.md has both commands.")
	}
	db, err := openPool("sqlite3", "file:"+(&url.URL{Path: s.path}).EscapedPath()+"?_busy_timeout=5000", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return kind(op, err)
	}
	return kind(op, withoutSessions(ctx, path))
}

// withoutSessions overwrites the sessions in a copy.
func withoutSessions(ctx context.Context, path string) (err error) {
	db, err := openPool("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_secure_delete=true&_journal_mode=DELETE&_synchronous=FULL", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "DELETE FROM sessions")
	return err
}

// DeskFile is the SQLite file of a desk of the installation at dsn; the empty
// name is the installation's own desk. Invalid if dsn is a PostgreSQL database.
func DeskFile(dsn, name string) (string, error) {
	if isPostgres(dsn) {
		return "", errs.New("store.DeskFile", errs.Invalid, "A backup is restored into a SQLite file. Name one with --db; for PostgreSQL use pg_restore.")
	}
	if name == "" {
		return dsn, nil
	}
	return DeskDSN(dsn, name)
}
