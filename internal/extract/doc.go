// Package extract finds the claims of a text that are worth checking, and who
// made them.
//
// It is pure: the same article gives the same candidates, on any machine, with
// no clock, network or model file. [Find] works in five passes, each linear in
// the length of the text:
//
//  1. lines (lines.go) tells body text from headlines, captions and bylines;
//  2. [Sentences] (sentences.go) divides the lines;
//  3. quotes.go pairs quotation marks of every style;
//  4. names.go gathers who and what is named, so that "he" and "Leavitt" can
//     be resolved to a full name; speakers.go finds reporting frames ("X said
//     that …") and gives each quotation its speaker;
//  5. clauses.go cuts sentences into statements small enough to check,
//     worth.go scores them, short.go words a headline for them.
//
// The word lists are data/cues/*.txt. The scorer is a function value of type
// [Scorer]: a measured model takes the place of [Rules] without a change here.
//
// Languages other than English get quotations and sentences with numbers only,
// with low scores: the word lists are English.
package extract
