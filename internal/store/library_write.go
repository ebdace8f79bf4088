package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"factcheck/internal/library"
)

// bulk is the writing connection for statements over thousands of rows: those
// are slow by nature, and no line in the log is worth it.
func (s *Store) bulk(ctx context.Context) *gorm.DB {
	return s.write(ctx).Session(&gorm.Session{Logger: logger.Discard})
}

// importedRows are the rows of checks; of the same check twice, the later.
func importedRows(checks []library.Check, now time.Time) ([]libraryRow, error) {
	rows := make([]libraryRow, 0, len(checks))
	at := make(map[[16]byte]int, len(checks))
	for _, c := range checks {
		row, err := fromCheck(c, now)
		if err != nil {
			return nil, err
		}
		key := [16]byte(row.Key)
		if i, ok := at[key]; ok {
			rows[i] = row
			continue
		}
		at[key] = len(rows)
		rows = append(rows, row)
	}
	return rows, nil
}

// upsertLibrary stores rows that are new or differ, and their words.
func (s *Store) upsertLibrary(ctx context.Context, rows []libraryRow) (added, updated int64, err error) {
	known, err := s.knownChecks(ctx, rows)
	if err != nil {
		return 0, 0, err
	}
	var fresh, changed []libraryRow
	for _, r := range rows {
		was, ok := known[[16]byte(r.Key)]
		switch {
		case !ok:
			fresh = append(fresh, r)
		case was.PublicationID != r.PublicationID || !slices.Equal(was.Digest, r.Digest):
			r.ID = was.ID
			changed = append(changed, r)
		}
	}
	if len(fresh) > 0 {
		if err := s.insertLibrary(ctx, fresh); err != nil {
			return 0, 0, err
		}
	}
	for _, r := range changed {
		res := s.write(ctx).Model(&libraryRow{}).Where("id = ?", r.ID).Select("*").Omit("id", "key", "added_at").Updates(&r)
		if err := mustBeOne("store.upsertLibrary", res); err != nil {
			return 0, 0, err
		}
	}
	return int64(len(fresh)), int64(len(changed)), s.indexWords(ctx, fresh, changed)
}

// knownChecks finds the rows with the keys of others.
func (s *Store) knownChecks(ctx context.Context, rows []libraryRow) (map[[16]byte]libraryRow, error) {
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = hex.EncodeToString(r.Key)
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	query := "SELECT id, key, digest, publication_id FROM library_checks WHERE key IN (SELECT unhex(value) FROM json_each(?))"
	if s.postgres {
		query = "SELECT id, key, digest, publication_id FROM library_checks WHERE key IN (SELECT decode(e, 'hex') FROM jsonb_array_elements_text(CAST(? AS jsonb)) AS e)"
	}
	var found []libraryRow
	if err := s.bulk(ctx).Raw(query, string(list)).Find(&found).Error; err != nil {
		return nil, err
	}
	known := make(map[[16]byte]libraryRow, len(found))
	for _, r := range found {
		known[[16]byte(r.Key)] = r
	}
	return known, nil
}

// libraryColumns are the columns of a new row, with the type by which
// PostgreSQL reads each from JSON.
var libraryColumns = []struct {
	name, kind string
	value      func(libraryRow) any
}{
	{"key", "hex", func(r libraryRow) any { return hex.EncodeToString(r.Key) }},
	{"digest", "hex", func(r libraryRow) any { return hex.EncodeToString(r.Digest) }},
	{"publication_id", "bigint", func(r libraryRow) any { return zeroIsNull(r.PublicationID) }},
	{"slug", "text", func(r libraryRow) any { return r.Slug }},
	{"publisher", "text", func(r libraryRow) any { return r.Publisher }},
	{"site", "text", func(r libraryRow) any { return r.Site }},
	{"url", "text", func(r libraryRow) any { return r.URL }},
	{"title", "text", func(r libraryRow) any { return r.Title }},
	{"claim", "text", func(r libraryRow) any { return r.Claim }},
	{"claimant", "text", func(r libraryRow) any { return r.Claimant }},
	{"claim_date", "bigint", func(r libraryRow) any { return toMicros(r.ClaimDate) }},
	{"review_date", "bigint", func(r libraryRow) any { return toMicros(r.ReviewDate) }},
	{"newest", "bigint", func(r libraryRow) any { return toMicros(r.Newest) }},
	{"rating", "text", func(r libraryRow) any { return r.Rating }},
	{"rating_value", "double precision", func(r libraryRow) any { return r.RatingValue }},
	{"rating_best", "double precision", func(r libraryRow) any { return r.RatingBest }},
	{"rating_worst", "double precision", func(r libraryRow) any { return r.RatingWorst }},
	{"bucket", "text", func(r libraryRow) any { return r.Bucket }},
	{"rule", "text", func(r libraryRow) any { return r.Rule }},
	{"lang", "text", func(r libraryRow) any { return r.Lang }},
	{"first_appearance", "text", func(r libraryRow) any { return r.FirstAppearance }},
	{"appearances", "text", func(r libraryRow) any { return r.Appearances }},
	{"topics", "text", func(r libraryRow) any { return r.Topics }},
	{"added_at", "bigint", func(r libraryRow) any { return toMicros(r.AddedAt) }},
	{"changed_at", "bigint", func(r libraryRow) any { return toMicros(r.ChangedAt) }},
}

func zeroIsNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// insertLibrary inserts rows with one statement of constant text, which reads
// them from JSON: gorm's batches took twice the time of it. Their ids are set.
func (s *Store) insertLibrary(ctx context.Context, rows []libraryRow) error {
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = make([]any, len(libraryColumns))
		for j, c := range libraryColumns {
			values[i][j] = c.value(r)
		}
	}
	list, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("encode rows: %w", err)
	}
	var made []libraryRow
	if err := s.bulk(ctx).Raw(insertSQL(s.postgres), string(list)).Find(&made).Error; err != nil {
		return err
	}
	ids := make(map[[16]byte]int64, len(made))
	for _, m := range made {
		ids[[16]byte(m.Key)] = m.ID
	}
	for i := range rows {
		rows[i].ID = ids[[16]byte(rows[i].Key)]
	}
	return nil
}

func insertSQL(postgres bool) string {
	var names, values []string
	for i, c := range libraryColumns {
		names = append(names, c.name)
		value := fmt.Sprintf("value ->> %d", i)
		switch {
		case c.kind == "hex" && postgres:
			value = fmt.Sprintf("decode(%s, 'hex')", value)
		case c.kind == "hex":
			value = fmt.Sprintf("unhex(%s)", value)
		case postgres:
			value = fmt.Sprintf("CAST(%s AS %s)", value, c.kind)
		}
		values = append(values, value)
	}
	from := "json_each(?)"
	if postgres {
		from = "jsonb_array_elements(CAST(? AS jsonb)) AS rows (value)"
	}
	return "INSERT INTO library_checks (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + from + " RETURNING id, key"
}
