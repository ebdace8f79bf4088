package embed

import "context"

// Encoder turns texts into vectors.
type Encoder interface {
	// Name says which model made a vector, with its version: vectors of two
	// names are never compared.
	Name() string
	// Speaks says whether the model is of use for texts in lang, an ISO 639-1
	// code; "" is unknown.
	Speaks(lang string) bool
	// Embed gives a unit vector for each text, in order, all of one length. A
	// text without a known word has the zero vector.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}
