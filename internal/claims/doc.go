// Package claims holds what was said, where, and by whom.
//
// An [Article] is an immutable text. A [Claim] is one checkable statement,
// whatever its wording. An [Appearance] is the [Span] of an article in which a
// [Claimant] made it: Article 1─n Appearance n─1 Claim. A [Candidate] is what
// extraction proposes before anybody has looked at it.
//
// # Offsets
//
// Spans are bytes of UTF-8 in Article.Text, half-open [Start, End), on rune
// boundaries. Article.Text[s.Start:s.End] == s.Quote holds for every stored
// span; [Span.Check] alone decides it. What leaves the program counts Unicode
// code points ([CodePoints]); browsers count UTF-16 units: convert at the edge,
// in internal/web.
package claims
