// Package backup puts a desk into one file and takes it out again: a tar archive
// of its database, each file of its evidence, and last a manifest of what they
// must be. A file that was cut short has no manifest, one that was changed does
// not agree with it, and neither is restored.
package backup
