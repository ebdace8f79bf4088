// Package watch looks at other sites again and again, and takes in what is new:
// articles of feeds, sitemaps and folders, and fact-checks by others.
//
// A [Source] is looked at when its time has come ([Service.Poll]). What it lists
// are [Item]s; each is taken once, whatever becomes of it: a failure is one
// sentence beside it, and stops nothing else. What another attempt may mend is
// tried [MaxTries] times.
//
// # Bounds
//
// Every answer is hostile: it is at most [MaxList] bytes, at most [MaxItems] of
// what it lists are looked at, and [MaxTaken] are taken in one go; the rest
// follows a minute later. Addresses are fetched as [fetch.Client] does: from the
// public internet only. Folders are for the command line, since whoever may name
// one can read the files of this machine.
//
// # Politeness
//
// A site is told what we have (ETag, Last-Modified) as long as nothing is left
// to take. After each failure in a row the pause doubles, up to a day.
package watch
