package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"factcheck/internal/library"
)

// matchSQLite is the condition that finds one of several sets of words, in the
// query language of FTS5. Words are quoted, so that none is an operator.
func matchSQLite(sets [][]string) string {
	var all []string
	for _, set := range sets {
		quoted := make([]string, len(set))
		for i, w := range set {
			quoted[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
		}
		all = append(all, "("+strings.Join(quoted, " AND ")+")")
	}
	return strings.Join(all, " OR ")
}

// findSQLite ranks by BM25: words of the claim count most, then those of the
// title. Sorting by the hidden column rank lets FTS5 stop early.
func findSQLite(tx *gorm.DB, sets [][]string) (find *gorm.DB, order string) {
	return tx.Table("library_fts AS f CROSS JOIN library_checks AS c").
		Where("c.id = f.rowid AND library_fts MATCH ? AND f.rank MATCH 'bm25(1.0, 0.5, 0.3)'", matchSQLite(sets)), "f.rank"
}

// indexSQLite writes the words of rows with one statement: FTS5 writes a
// segment for each statement that changes it.
func indexSQLite(tx *gorm.DB, fresh, changed []libraryRow) error {
	if len(changed) > 0 {
		ids := make([]int64, len(changed))
		for i, r := range changed {
			ids[i] = r.ID
		}
		list, err := json.Marshal(ids)
		if err != nil {
			return fmt.Errorf("encode ids: %w", err)
		}
		if err := tx.Exec("DELETE FROM library_fts WHERE rowid IN (SELECT value FROM json_each(?))", string(list)).Error; err != nil {
			return err
		}
	}
	var words [][4]any
	for _, r := range slices.Concat(fresh, changed) {
		words = append(words, [4]any{r.ID, library.Words(r.Claim), library.Words(r.Title), library.Words(r.Claimant)})
	}
	list, err := json.Marshal(words)
	if err != nil {
		return fmt.Errorf("encode words: %w", err)
	}
	return tx.Exec("INSERT INTO library_fts (rowid, claim, title, claimant) "+
		"SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)", string(list)).Error
}
