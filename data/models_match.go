package data

import _ "embed" // for the files below

// Encoder is the weights of the built-in sentence encoder as internal/embed
// reads them: Universal Sentence Encoder lite, Apache-2.0, not ours. Its card
// and notice are models/encoder.md.
//
//go:embed models/encoder.en.int8
var Encoder []byte

// MatchRank and MatchCertain are the models by which internal/match orders
// earlier claims and says how sure it is of the first; models/match.md is
// their card.
var (
	//go:embed models/match.rank.fcm
	MatchRank []byte
	//go:embed models/match.certain.fcm
	MatchCertain []byte
)
