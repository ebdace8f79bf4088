// Package earlier joins what was checked before to what comes in: our own
// claims, published or not, and the library of checks by others.
//
// An [Index] holds all of them in memory for package match. It is loaded in the
// background, follows every change that is committed by any process, and fills
// in sentence vectors at the encoder's speed. A [Service] asks it for the
// nearest to a review and keeps what people decide about them: a pair is the
// same claim or it is not, and nothing merges by itself. A decision that moves
// a review goes through review.Service.Do, in the same transaction.
//
// The rest of the package is about one claim that comes back: its appearances
// in time, alerts when it is said again after it was rated, speakers, and what
// rises.
package earlier
