// Package storetest runs a test on a real store: on a temporary SQLite file
// always, and on a database of its own in the PostgreSQL server that
// FACTCHECK_TEST_POSTGRES names, if it is set.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"

	"factcheck/internal/store"
)

// EnvPostgres names the address of a PostgreSQL server for tests.
const EnvPostgres = "FACTCHECK_TEST_POSTGRES"

// Each runs test on every database there is.
func Each(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "test.db")) })
	if server := os.Getenv(EnvPostgres); server != "" {
		t.Run("postgres", func(t *testing.T) { test(t, newDatabase(t, server)) })
	}
}

// EachBench runs a benchmark on every database there is.
func EachBench(b *testing.B, bench func(b *testing.B, dsn string)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { bench(b, filepath.Join(b.TempDir(), "bench.db")) })
	if server := os.Getenv(EnvPostgres); server != "" {
		b.Run("postgres", func(b *testing.B) { bench(b, newDatabase(b, server)) })
	}
}

// Settle does at once what a PostgreSQL server does by itself some time after
// many rows were written: it clears up and counts, for its planner.
func Settle(ctx context.Context, dsn string) (err error) {
	if !strings.HasPrefix(dsn, "postgres") {
		return nil
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "VACUUM ANALYZE")
	return err
}

// Open opens a store that is closed when the test ends.
func Open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// SQLite opens a store on a temporary SQLite file.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "test.db"))
}

// Raw opens a database behind the store's back, as somebody with its password
// or its file could.
func Raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver := "sqlite3"
	if strings.HasPrefix(dsn, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// newDatabase makes an empty database in the server and drops it in the end.
func newDatabase(t testing.TB, server string) string {
	t.Helper()
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	name := "test_" + hex.EncodeToString(b[:])
	admin := Raw(t, server)
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
