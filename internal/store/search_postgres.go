package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"factcheck/internal/library"
)

// matchPostgres is the tsquery that finds one of several sets of words. It is
// cast, not parsed: the words are what the index holds.
func matchPostgres(sets [][]string) string {
	var all []string
	for _, set := range sets {
		quoted := make([]string, len(set))
		for i, w := range set {
			quoted[i] = lexeme(w)
		}
		all = append(all, "("+strings.Join(quoted, " & ")+")")
	}
	return strings.Join(all, " | ")
}

func lexeme(w string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(w) + "'"
}

// findPostgres ranks by ts_rank; cover density takes three to five times as
// long and ranks claims, which are short, no better.
func findPostgres(tx *gorm.DB, sets [][]string) (find *gorm.DB, order string) {
	return tx.Table("(SELECT CAST(? AS tsquery) AS q) AS asked CROSS JOIN library_fts AS f JOIN library_checks AS c ON c.id = f.check_id", matchPostgres(sets)).
		Where("f.words @@ asked.q"), "ts_rank('{0.1, 0.3, 0.5, 1.0}', f.words, asked.q, 1) DESC, c.id"
}

// indexPostgres writes the words of rows with one statement.
func indexPostgres(tx *gorm.DB, fresh, changed []libraryRow) error {
	var words [][2]any
	for _, r := range slices.Concat(fresh, changed) {
		words = append(words, [2]any{r.ID, vector(r)})
	}
	list, err := json.Marshal(words)
	if err != nil {
		return fmt.Errorf("encode words: %w", err)
	}
	return tx.Exec("INSERT INTO library_fts (check_id, words) SELECT CAST(e ->> 0 AS bigint), CAST(e ->> 1 AS tsvector) "+
		"FROM jsonb_array_elements(CAST(? AS jsonb)) AS e ON CONFLICT (check_id) DO UPDATE SET words = EXCLUDED.words", string(list)).Error
}

// maxPosition is the last place of a word that PostgreSQL keeps.
const maxPosition = 16_383

// vector is the tsvector of a row: claim, title and claimant with the weights
// A, B and C.
func vector(r libraryRow) string {
	var b strings.Builder
	n := 0
	for _, part := range []struct {
		text   string
		weight byte
	}{{r.Claim, 'A'}, {r.Title, 'B'}, {r.Claimant, 'C'}} {
		for w := range strings.FieldsSeq(library.Words(part.text)) {
			n = min(n+1, maxPosition)
			fmt.Fprintf(&b, "%s:%d%c ", lexeme(w), n, part.weight)
		}
	}
	return b.String()
}
