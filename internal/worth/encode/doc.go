// Package encode reads a sentence into numbers: a tokenizer of 8,000 pieces and
// a transformer of two layers, whose shape is that of the Universal Sentence
// Encoder lite (Cer et al., 2018). The weights come from a file that
// [Read] reads; see [Weights.Bytes] for its format.
//
// Products of matrices run on AVX2 where the processor has it and in plain Go
// elsewhere; both give the same numbers within rounding.
package encode
