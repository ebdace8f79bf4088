package store

import (
	"context"

	"gorm.io/gorm"

	"factcheck/internal/review"
)

// maxSorted is how many reviews are worth sorting to show a page of them.
const maxSorted = 2_000

// rare is the reviews with the kind or the priority that f asks for, if they are so
// few that they are sooner found by it and sorted; nil if not: of what is frequent a
// page is sooner full than all of it is found. No planner can tell the two apart.
func (s *Store) rare(ctx context.Context, f review.Filter) (*gorm.DB, error) {
	if f.Flag != "" || len(f.States) == 0 || f.Near != 0 || f.Article != 0 {
		return nil, nil // these are few by themselves
	}
	if len(f.Priorities) > 0 {
		of := func() *gorm.DB {
			return s.read(ctx).Table("reviews").Where("state IN ? AND priority IN ?", f.States, f.Priorities)
		}
		if n, err := s.countUpTo(ctx, of(), maxSorted+1); err != nil || n <= maxSorted {
			return of().Select("id"), err
		}
	}
	if len(f.Kinds) > 0 {
		of := func() *gorm.DB { return s.read(ctx).Table("claims").Where("kind IN ?", f.Kinds) }
		if n, err := s.countUpTo(ctx, of(), maxSorted+1); err != nil || n <= maxSorted {
			return s.read(ctx).Table("reviews").Where("claim_id IN (?)", of().Select("id")).Select("id"), err
		}
	}
	return nil, nil
}
