// Package archtest holds the rules of the house that a compiler does not know:
// which package may import which, where a library, the clock or unescaped HTML
// may be used, and what no file of the project may say.
//
// [Go] reads the Go files of a tree and [Text] every other kind of file. Both
// answer with a [Finding] for each broken rule, and both take an fs.FS, so that
// the rules themselves are tested against small trees that break them. The
// package's own test applies them to this checkout; nothing else imports it.
package archtest
