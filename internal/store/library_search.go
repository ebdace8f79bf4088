package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/errs"
	"factcheck/internal/library"
)

// searchTime is how long a search may take. Words that stand in a great part
// of a large library would take longer.
const searchTime = 3 * time.Second

// SearchChecks finds fact-checks by others and live ones of our own: the best
// first, or the newest first if the query has no words. more reports that
// others follow.
func (s *Store) SearchChecks(ctx context.Context, q library.Query) (found []library.Check, more bool, err error) {
	const op = "store.SearchChecks"
	if err := s.mirrorPublications(ctx); err != nil {
		return nil, false, kind(op, err)
	}
	limited, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	terms := library.Terms(q.Text)
	if q.Text != "" && len(terms) == 0 {
		return nil, false, nil // nothing but punctuation
	}
	limit := min(max(1, q.Limit), library.MaxFound)
	var rows []libraryRow
	find, err := s.bestOrNewest(limited, terms, q)
	if err == nil {
		err = find.Select(libraryFound).Offset(min(max(0, q.Offset), library.MaxOffset)).Limit(limit + 1).Find(&rows).Error
	}
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return nil, false, &errs.Error{Op: op, Kind: errs.TooMany, Msg: "The search took too long. Use rarer words, or fewer.", Err: err}
	}
	if err != nil {
		return nil, false, kind(op, err)
	}
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	for _, r := range rows {
		c, err := r.check()
		if err != nil {
			return nil, false, kind(op, err)
		}
		found = append(found, c)
	}
	return found, more, nil
}

// maxRanked is how many matches are ranked. Of more, which only common words
// have, those that came last into the library come first: ranking a million
// takes seconds, and says little.
const maxRanked = 20_000

// bestOrNewest is the query without words: the newest first; or with words:
// the best of those that hold all of them or, if there is none, most of them.
func (s *Store) bestOrNewest(ctx context.Context, terms []string, q library.Query) (*gorm.DB, error) {
	if len(terms) == 0 {
		return narrow(s.read(ctx).Table("library_checks AS c").Order("c.newest DESC NULLS LAST, c.id DESC"), q), nil
	}
	sets, err := s.wordSets(ctx, terms, q)
	if err != nil {
		return nil, err
	}
	find, order := s.withWords(ctx, sets)
	n, err := s.countUpTo(ctx, s.onlyWords(ctx, sets), maxRanked+1)
	if n > maxRanked {
		order = "c.id DESC"
		if !s.postgres {
			order = "f.rowid DESC" // FTS5 walks its lists backwards
		}
	}
	return narrow(find, q).Order(order), err
}

// maxLoose is how many words are looked for where some may be missing: the
// rarest. Each set of them is a search of its own.
const maxLoose = 5

// wordSets are the sets of words of which one must be found whole: all terms if
// anything holds them, else most of them. Words that nothing holds are those
// that may be missing.
func (s *Store) wordSets(ctx context.Context, terms []string, q library.Query) ([][]string, error) {
	all := [][]string{terms}
	spare := library.Spare(len(terms))
	if spare == 0 {
		return all, nil
	}
	whole, _ := s.withWords(ctx, all)
	if n, err := s.countUpTo(ctx, narrow(whole, q), 1); err != nil || n > 0 {
		return all, err
	}
	type counted struct {
		term string
		n    int
	}
	var known []counted
	for _, term := range terms {
		n, err := s.countUpTo(ctx, s.onlyWords(ctx, [][]string{{term}}), maxRanked)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			known = append(known, counted{term, n})
		}
	}
	if spare -= len(terms) - len(known); spare < 0 {
		return all, nil // too many are missing: nothing is found
	}
	slices.SortStableFunc(known, func(a, b counted) int { return a.n - b.n })
	var rarest []string
	for _, k := range known[:min(len(known), maxLoose)] {
		rarest = append(rarest, k.term)
	}
	return library.Alternatives(rarest, spare), nil
}

// countUpTo counts the rows of a query, at most limit of them.
func (s *Store) countUpTo(ctx context.Context, query *gorm.DB, limit int) (n int, err error) {
	err = s.read(ctx).Raw("SELECT COUNT(*) FROM (?) AS few", query.Select("1").Limit(limit)).Find(&n).Error
	return n, err
}

// onlyWords finds the rows of the index alone that hold one of several sets of
// words.
func (s *Store) onlyWords(ctx context.Context, sets [][]string) *gorm.DB {
	if s.postgres {
		return s.read(ctx).Table("library_fts").Where("words @@ CAST(? AS tsquery)", matchPostgres(sets))
	}
	return s.read(ctx).Table("library_fts").Where("library_fts MATCH ?", matchSQLite(sets))
}

// withWords finds the rows c of library_checks that hold one of several sets of
// words, and how to sort them: the best first. Full-text search is the one
// place where the databases part: findSQLite and findPostgres find the same.
func (s *Store) withWords(ctx context.Context, sets [][]string) (find *gorm.DB, order string) {
	if s.postgres {
		return findPostgres(s.read(ctx), sets)
	}
	return findSQLite(s.read(ctx), sets)
}

// indexWords makes rows searchable: new ones, and ones that are there already
// with other words.
func (s *Store) indexWords(ctx context.Context, fresh, changed []libraryRow) error {
	if len(fresh)+len(changed) == 0 {
		return nil
	}
	if s.postgres {
		return indexPostgres(s.bulk(ctx), fresh, changed)
	}
	return indexSQLite(s.bulk(ctx), fresh, changed)
}

// narrow adds the filters of a query, and leaves out what is no longer live.
func narrow(tx *gorm.DB, q library.Query) *gorm.DB {
	tx = tx.Where("(c.publication_id IS NULL OR c.rule <> ? AND EXISTS (SELECT 1 FROM checks AS k WHERE k.publication_id = c.publication_id))", retractedRule)
	switch {
	case q.Site != "" && q.Own:
		tx = tx.Where("(c.site = ? OR c.publication_id IS NOT NULL)", q.Site)
	case q.Site != "":
		tx = tx.Where("c.site = ? AND c.publication_id IS NULL", q.Site)
	}
	if q.Lang != "" {
		tx = tx.Where("(c.lang = ? OR c.lang LIKE ?)", q.Lang, q.Lang+"-%")
	}
	if !q.Since.IsZero() {
		tx = tx.Where("c.newest >= ?", q.Since.UnixMicro())
	}
	return tx
}
