// Package extract finds the claims of a text that are worth checking, and who
// made them.
//
// It is pure: the same article gives the same candidates, on any machine, with
// no clock, network or file: its models are part of the program. [Find] works
// in passes, each linear in the length of the text:
//
//  1. lines (lines.go) tells body text from headlines, captions and bylines;
//  2. [Sentences] divides the lines: a trained model reads the gaps between
//     words (breaks.go), sentences.go puts wrapped lines together;
//  3. quotes.go pairs quotation marks of every style;
//  4. names.go gathers who and what is named, so that "he" and "Leavitt" can
//     be resolved to a full name; speakers.go, reported.go, subjects.go and
//     who.go find reporting frames ("X said that …") and give each quotation its
//     speaker, turns.go does so for whole lines;
//  5. two trained models (units.go, features.go, linking.go, voices.go) find
//     sources, cues and contents; attribute.go joins them with the frames:
//     [Attributions] are all of them, and Find takes the clauses with a source
//     that the rules have missed;
//  6. areas.go divides sentences by who speaks, clauses.go cuts them into
//     statements small enough to check, statements.go and worth.go tell by rules
//     which of them state something, short.go and headline.go word a headline
//     for them, due.go says when they can be checked;
//  7. a judge (claims.Judge, handed in by the caller) scores them and says which
//     of the features that were seen are reasons.
//
// The models are chains (package chain); models.go loads them when they are
// first needed, internal/train/attr trains them.
//
// The word lists are data/cues/*.txt. What the program serves is put together in
// internal/pipeline: Finder with the measured models of internal/worth as its
// judge. A statement that the rules would leave out is proposed where the judge
// finds it worth a check; without a judge, [Rules] scores too.
//
// Languages other than English get whole sentences: those with a number, and
// those that the judge finds worth a check. The word lists and the attribution
// models are English.
package extract
