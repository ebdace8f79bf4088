// Package embed turns sentences into vectors that stand close together when
// the sentences mean much the same. [Sentence] is built in: English, 512 parts,
// see package encode. [HTTP] asks a server that speaks the OpenAI embeddings
// protocol. Both are an [Encoder].
//
// A vector says that two sentences speak of the same thing. It does not say
// that they claim the same: "rose" and "fell" stand close together.
package embed
