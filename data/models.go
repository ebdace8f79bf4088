package data

import "embed"

// Models holds the files of internal/worth in models: the weights of the
// check-worthiness models and of the encoder that reads sentences for them,
// and the word classes that they count. Cards beside them (models/*.md) name
// what they were trained on and how well they do.
//
//go:embed models/words.txt models/worth.encoder.en.bin
//go:embed models/worthy.*.bin.gz models/verifiable.*.bin.gz models/subjective.*.bin.gz
var Models embed.FS
