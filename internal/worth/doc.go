// Package worth scores how much a sentence deserves a fact-check.
//
// [Score] answers three questions about one sentence: is it worth checking, can
// it be checked at all, and is it an opinion. Each answer comes from a small
// model of its own, trained by internal/train on public sets and shipped in
// data/models with a card that gives its numbers:
//
//   - text.go cuts a sentence into tokens,
//   - sparse.go hashes word n-grams and runs of letters into a table,
//   - dense.go counts numbers, names, marks and word classes,
//   - model.go reads and applies the weights, and calibrates the sum,
//   - reasons.go says which parts of the sentence moved the score.
//
// Everything is pure and deterministic; weights are read from the binary once,
// at the first call.
package worth
