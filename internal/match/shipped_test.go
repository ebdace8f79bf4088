package match_test

import (
	"testing"

	"factcheck/internal/match"
)

func TestShippedModelsAreReadable(t *testing.T) {
	r := match.Shipped()
	if r.Rank == nil || r.Certain == nil || len(r.Rank.Trees) == 0 || len(r.Certain.Trees) == 0 {
		t.Error("the shipped ranker has no trees")
	}
}
