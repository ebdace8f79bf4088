// Package library is what others found: fact-checks that were published
// elsewhere, read from whatever they are kept in.
//
// A [Check] is one fact-check of one claim. [Formats] names the files it can be
// read from; [Read] walks one of them and yields an [Item] for each record,
// with its checks or with the reason why it could not be read. One record that
// cannot be read loses nothing else. An [Importer] joins a file to a [Keeper],
// which stores checks and remembers how far each file was read.
//
// # What is read
//
// ClaimReview is read as a person would read it, not as its documentation asks
// for it: whatever names the claim, the verdict, the address and the publisher
// is found where it stands. The rating is kept as it was written; [Bucket] says
// what sort of verdict it is, and [Check.Rule] why we think so.
//
// docs/formats/import.md lists what each field is read from.
package library
