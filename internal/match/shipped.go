package match

import (
	"sync"

	"factcheck/data"
)

// Shipped is the ranker that comes with the program, read at the first call.
var Shipped = sync.OnceValue(func() Ranker {
	rank, err := ReadModel(data.MatchRank)
	if err != nil {
		panic("match: the shipped ranking: " + err.Error()) // TestShippedModelsAreReadable
	}
	certain, err := ReadModel(data.MatchCertain)
	if err != nil {
		panic("match: the shipped certainty: " + err.Error())
	}
	return Ranker{rank, certain}
})
