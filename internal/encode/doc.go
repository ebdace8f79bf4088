// Package encode reads a sentence into numbers: a tokenizer of 8,000 pieces and
// a transformer of two layers, whose shape is that of the Universal Sentence
// Encoder lite (Cer and others, 2018, arXiv:1803.11175). Two sets of weights
// have that shape: the published ones, with which [factcheck/internal/embed]
// finds what means the same, and those that were tuned to tell which sentences
// deserve a check.
//
//   - tokens.go cuts a sentence into pieces,
//   - forward.go runs the layers,
//   - reading.go says what a part of the sentence has to do with its vector,
//   - weights.go reads and writes the file; published/ makes it of the
//     published package, for `make model-verify` and `make models`,
//   - matrix.go and kernel_*.go multiply matrices, on AVX2 where the processor
//     has it and in plain Go elsewhere; both give the same numbers within
//     rounding.
package encode
