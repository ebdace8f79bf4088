// Package data holds what the program ships besides code: rating scales, sample
// articles and the word lists of extraction. Each file names its source and
// licence, or is ours.
package data

import (
	"embed"
	"io/fs"
)

//go:embed scales/*.json
var scales embed.FS

// Scales are the rating scales as JSON, by file name: review.ParseScale reads
// them.
func Scales() [][]byte {
	names, err := fs.Glob(scales, "scales/*.json")
	if err != nil {
		panic("data: " + err.Error()) // only for a bad pattern
	}
	var all [][]byte
	for _, n := range names {
		body, err := fs.ReadFile(scales, n)
		if err != nil {
			panic("data: " + err.Error()) // what is embedded can be read
		}
		all = append(all, body)
	}
	return all
}
