// Package demo fills an empty database with a desk at work: people in every
// role, articles that the real pipeline has read, and claims in every state.
//
// Nothing is written past the rules. Accounts come from auth, claims from
// extraction, and each move is a review.Command by somebody who may make it. A
// [chapter] is one article with its stories, a [story] one claim with what
// people did about it; they are tables (people.go and one file per article),
// and fill.go plays them.
package demo
