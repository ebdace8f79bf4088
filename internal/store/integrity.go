package store

import "context"

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
