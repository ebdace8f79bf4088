package store

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"gorm.io/gorm/schema"
)

// micros stores a time as microseconds since 1970 UTC, the zero time as NULL.
type micros struct{}

// Scan reads a column into a field.
func (micros) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, dbValue any) error {
	n, err := asInt(dbValue)
	if err != nil || dbValue == nil {
		return err
	}
	return field.Set(ctx, dst, fromMicros(n))
}

// Value is what the column holds for a field.
func (micros) Value(_ context.Context, _ *schema.Field, _ reflect.Value, fieldValue any) (any, error) {
	t, ok := fieldValue.(time.Time)
	if !ok {
		return nil, fmt.Errorf("store: %T is not a time", fieldValue)
	}
	return toMicros(t), nil
}

func toMicros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time { return time.UnixMicro(n).UTC() }

// null stores the zero value of an integer or a string as NULL.
type null struct{}

// Scan reads a column into a field.
func (null) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, dbValue any) error {
	if dbValue == nil {
		return nil
	}
	if b, ok := dbValue.([]byte); ok {
		dbValue = string(b)
	}
	return field.Set(ctx, dst, dbValue)
}

// Value is what the column holds for a field.
func (null) Value(_ context.Context, _ *schema.Field, _ reflect.Value, fieldValue any) (any, error) {
	if reflect.ValueOf(fieldValue).IsZero() {
		return nil, nil
	}
	return fieldValue, nil
}

func asInt(v any) (int64, error) {
	switch n := v.(type) {
	case nil:
		return 0, nil
	case int64:
		return n, nil
	case int:
		return int64(n), nil
	}
	return 0, fmt.Errorf("store: %T is not an integer", v)
}
