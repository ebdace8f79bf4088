// Package ingest turns an address, a file (a page, a plain text, a PDF, a Word
// document) or a pasted text into a [claims.Article]: canonical text, where it
// came from, and who wrote it when.
//
// # Canonical text
//
// The text is UTF-8 in NFC with LF line ends. Paragraphs, headings, list items
// and captions of a page are divided by a blank line; the lines of a plain text
// stay as they are, those of a printed page are joined. Runs of white space are
// one space, blank lines never follow each other, no line starts or ends with a
// space, and characters that nobody can see are gone (see clean). Reading a canonical text again as plain text
// gives the same text, so spans of claims never move.
//
// # Trust
//
// Everything that is read is hostile. Sizes, elements, depth, redirects and
// time are bounded; a PDF is read by a process of its own, held to a time and a
// memory; only addresses of the public internet are asked; scripts, styles and
// hidden parts of a page never reach the text. What is returned is still
// somebody else's text: escape it wherever it is shown.
package ingest
