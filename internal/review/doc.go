// Package review is the human half of a fact-check: who may do what with a
// claim, when, and what must always hold.
//
// A [Review] is the work on one claim. Everything that decides about it is in
// its [Dossier]. [Moves] is the whole workflow: one table that the server, the
// buttons on the page, the command line and docs/workflow.md read; no other
// code compares states. [Dossier.Apply] is pure: it takes a [Command] and
// returns an [Outcome], all that is to be written, or a [*Refusal] that lists
// everything that is missing. [Service.Do] loads, applies and saves in one
// transaction, and is the only way in.
//
// # Editions, rounds and revisions
//
// A Verdict is immutable: saving writes the next revision. A round begins when
// a verdict is sent to an editor, and again at each edit after that; an
// [Approval] counts only for the round and the content hash that it was given
// for, so an edit voids it. An edition is what readers see: 1 is the first
// publication, each correction makes the next, and none is ever overwritten.
package review
