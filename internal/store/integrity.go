package store

import (
	"context"

	"factcheck/internal/review"
)

// CheckIntegrity is what the database finds wrong with itself: pages, indexes
// and references. PostgreSQL checks its own pages as it reads them.
func (s *Store) CheckIntegrity(ctx context.Context) ([]string, error) {
	if s.postgres {
		return nil, nil
	}
	var lines []string
	if err := s.read(ctx).Raw("PRAGMA integrity_check(10)").Scan(&lines).Error; err != nil {
		return nil, kind("store.CheckIntegrity", err)
	}
	if len(lines) == 1 && lines[0] == "ok" {
		lines = nil
	}
	var orphans []struct {
		Table  string
		Parent string
	}
	if err := s.read(ctx).Raw("PRAGMA foreign_key_check").Scan(&orphans).Error; err != nil {
		return nil, kind("store.CheckIntegrity", err)
	}
	for _, o := range orphans {
		lines = append(lines, "a row of "+o.Table+" refers to a row of "+o.Parent+" that is not there")
	}
	return lines, nil
}

// Astray is the first review, by number, that does not stand where its last
// event left it; the zero Stray if each does. Counts relies on it.
func (s *Store) Astray(ctx context.Context) (review.Stray, error) {
	var found review.Stray
	err := s.read(ctx).Raw(`
		SELECT r.id AS review_id, r.state, r.version, COALESCE(e.to_state, '') AS told_state, COALESCE(e.version, 0) AS told_version
		FROM reviews AS r LEFT JOIN events AS e ON e.seq = (
			SELECT l.seq FROM events AS l WHERE l.subject = ? AND l.subject_id = r.id AND l.to_state <> '' ORDER BY l.seq DESC LIMIT 1)
		WHERE e.seq IS NULL OR e.to_state <> r.state OR e.version <> r.version ORDER BY r.id LIMIT 1`, review.OnReview).Find(&found).Error
	return found, kind("store.Astray", err)
}
