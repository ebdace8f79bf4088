package data

import "embed"

// Models holds models/*.bin, the weights of the check-worthiness models, and
// models/words.txt, the word classes that they count. A card beside each
// (models/*.md) names what it was trained on and how well it does.
//
//go:embed models/*.bin models/words.txt
var Models embed.FS
