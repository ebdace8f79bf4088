package data

import _ "embed" // for the two files below

// Encoder is the weights of the built-in sentence encoder as internal/embed
// reads them: Universal Sentence Encoder lite, Apache-2.0, not ours. Its card
// and notice are models/encoder.md.
//
//go:embed models/encoder.en.int8
var Encoder []byte
