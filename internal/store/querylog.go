package store

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm/logger"
)

// slowQuery is from where on a statement is worth a line in the log.
const slowQuery = 200 * time.Millisecond

// queryLog logs slow statements without their values, and counts statements
// for whoever asked with CountQueries. Errors are logged where they are handled.
type queryLog struct{}

// LogMode is for gorm; there is one mode.
func (q queryLog) LogMode(logger.LogLevel) logger.Interface { return q }

// Info, Warn and Error are for gorm's own messages.
func (queryLog) Info(context.Context, string, ...any) {}

// Warn ignores warnings: they are about naming and are seen in tests.
func (queryLog) Warn(context.Context, string, ...any) {}

// Error ignores errors: they are returned as well.
func (queryLog) Error(context.Context, string, ...any) {}

// Trace is called after each statement.
func (queryLog) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), _ error) {
	if n, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	if seen, ok := ctx.Value(statementsKey{}).(*sync.Map); ok {
		sql, _ := statement()
		seen.Store(sql, true)
	}
	if took := time.Since(begin); took > slowQuery {
		sql, rows := statement()
		slog.WarnContext(ctx, "slow query", "sql", sql, "rows", rows, "took", took)
	}
}

// ParamsFilter keeps values out of logged statements.
func (queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

type countKey struct{}

// CountQueries counts the statements that are run with the returned context.
func CountQueries(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey{}, n), n
}

type statementsKey struct{}

// RecordStatements keeps the text of every statement that is run with the
// returned context, without its values: the keys of the map.
func RecordStatements(ctx context.Context) (context.Context, *sync.Map) {
	seen := new(sync.Map)
	return context.WithValue(ctx, statementsKey{}, seen), seen
}
