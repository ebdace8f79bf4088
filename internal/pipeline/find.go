package pipeline

import (
	"factcheck/internal/claims"
	"factcheck/internal/extract"
	"factcheck/internal/worth"
)

// Find is how the program finds claims: extract cuts the text into statements
// and says who makes them, worth scores them. It is pure.
func Find(a claims.Article) []claims.Candidate { return extract.Finder{Judge: worth.Judge}.Find(a) }
