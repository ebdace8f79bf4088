package data

import "embed"

// Cues holds cues/*.txt: the word lists that extraction reads. Each file names
// its source and its licence in its first lines.
//
//go:embed cues/*.txt
var Cues embed.FS
