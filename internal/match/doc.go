// Package match finds earlier claims and fact-checks that are about what a text
// claims, orders them, and says why.
//
// An [Index] holds [Record]s in memory. [Index.Find] works in three steps:
//
//   - search.go proposes records: by their rarest words (BM25), by rare runs of
//     four letters, by the words around the query, by the same speaker, and by
//     sentence vectors where there are some;
//   - features.go describes each proposal: what is shared and what is missing,
//     runs of letters, names, numbers, denial, opposites, dates, speaker;
//   - a [Ranker] orders them, a weighted sum corrected by small trees, and
//     gives the chance that the first is right.
//
// text.go reads texts: it splits #Hashtags and @Handles, folds letters, and
// reads numbers with their scale; reasons.go puts the features into words.
// Vectors come from outside, so that nothing here depends on a model of
// language.
//
// A hit is a suggestion. "Rose" and "fell", "2 billion" and "9 billion" are
// alike to every score: the reasons mark such differences for the person who
// decides, and nothing merges by itself.
package match
