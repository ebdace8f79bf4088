package storetest_test

import (
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/store/storetest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSchemaIsPinned holds the schema that the migrations make: an edit of a
// released migration shows here.
func TestSchemaIsPinned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		storetest.Open(t, dsn)
		name, query := "sqlite", "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY type, name"
		if strings.HasPrefix(dsn, "postgres") {
			name, query = "postgres", `
				SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
				FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'
				UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose_%'
				UNION ALL SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) FROM pg_constraint
					WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'goose_%' AND contype IN ('c', 'f')
				UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal`
		}
		lines := strs(t, storetest.Raw(t, dsn), query)
		slices.Sort(lines)
		got := strings.Join(lines, "\n") + "\n"
		golden := filepath.Join("testdata", "schema_"+name+".golden")
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("the schema changed; if no migration was edited, run with -update (-want +got):\n%s", diff)
		}
	})
}

// TestBothSchemasHaveTheSameColumns compares tables, columns and what may be
// empty. Full-text indexes are the one thing that each database keeps its own
// way: their tables are called …_fts.
func TestBothSchemasHaveTheSameColumns(t *testing.T) {
	columns := map[string][]string{}
	storetest.Each(t, func(t *testing.T, dsn string) {
		storetest.Open(t, dsn)
		if strings.HasPrefix(dsn, "postgres") {
			columns["postgres"] = strs(t, storetest.Raw(t, dsn), `
				SELECT table_name || '.' || column_name || ' ' || (is_nullable = 'NO')::int FROM information_schema.columns
				WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%' AND table_name NOT LIKE '%_fts%'`)
			return
		}
		columns["sqlite"] = strs(t, storetest.Raw(t, dsn), `
			SELECT m.name || '.' || c.name || ' ' || (c."notnull" OR c.pk > 0) FROM sqlite_master AS m, pragma_table_info(m.name) AS c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' AND m.name NOT LIKE '%_fts%'`)
	})
	if len(columns["sqlite"]) < 100 {
		t.Fatalf("only %d columns", len(columns["sqlite"]))
	}
	if len(columns) < 2 {
		return // without a server there is nothing to compare with; CI has one
	}
	for _, c := range columns {
		slices.Sort(c)
	}
	if diff := cmp.Diff(columns["sqlite"], columns["postgres"]); diff != "" {
		t.Errorf("the schemas differ (-sqlite +postgres):\n%s", diff)
	}
}

func strs(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
