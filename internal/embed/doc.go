// Package embed turns sentences into vectors that stand close together when
// the sentences mean much the same.
//
// [Sentence] is built in: the Universal Sentence Encoder lite (Cer and others,
// 2018, arXiv:1803.11175), English, 512 parts, up to [MaxPieces] pieces of a
// vocabulary of 8,000. Its weights ship in data/models with a notice; the
// forward pass is plain Go, with a matrix kernel for AVX2 where the processor
// has it. [HTTP] asks a server that speaks the OpenAI embeddings protocol.
// Both are an [Encoder]:
//
//   - pieces.go cuts a sentence into pieces,
//   - forward.go runs the two layers of the transformer,
//   - file.go reads and writes the weights, convert.go makes them from the
//     published package,
//   - kernel_*.go multiply matrices.
//
// A vector says that two sentences speak of the same thing. It does not say
// that they claim the same: "rose" and "fell" stand close together.
package embed
