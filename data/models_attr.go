package data

import (
	"embed"
	"fmt"
)

//go:embed models/breaks.en.bin.gz models/voices.en.bin.gz
var attrModels embed.FS

// AttrModel is a model of internal/extract by its file name: weights, packed
// with gzip. The cards beside them, models/*.md, name the sets that they were
// trained on, their licences and what the models reach.
func AttrModel(name string) ([]byte, error) {
	b, err := attrModels.ReadFile("models/" + name)
	if err != nil {
		return nil, fmt.Errorf("data: there is no model %s: %w", name, err)
	}
	return b, nil
}
