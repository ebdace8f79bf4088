// Package evidence keeps what was found at the address of a source, so that it
// outlives the address, and says when the source has changed since.
//
// A [Capture] is one look: what was answered, the readable text, both with
// their SHA-256, and files. A web capture keeps what went over the wire as a
// WARC/1.1 file and, if a Chromium is configured, a picture of the page. An
// upload keeps the file as it came. Captures are never changed; a later look
// adds one and says what became of the first.
//
// # Files
//
// [Files] is a folder in which a file is known by its SHA-256. A file is
// durable before the row that names it is written; a crash in between leaves a
// file that no row names, never a row without its file.
//
// # Trust
//
// Everything in a capture is somebody else's. Nothing is served in a way in
// which a browser would run it: see [File.Header]. The captured page itself is
// not shown; people see its text and its picture, and can download the rest.
package evidence
