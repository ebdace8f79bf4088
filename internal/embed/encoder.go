package embed

import (
	"context"
	"strings"
)

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

// Name is which model made a vector.
func (m *Sentence) Name() string { return "use-lite-en-int8-1" }

// Speaks is true of English and of texts whose language nobody named.
func (m *Sentence) Speaks(lang string) bool {
	return lang == "" || lang == "en" || strings.HasPrefix(lang, "en-")
}

// Texts that are multiplied together: more is no faster and takes memory.
const batch = 16

// Embed stops between batches when ctx ends.
func (m *Sentence) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	for len(texts) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(batch, len(texts))
		ids := make([][]int32, n)
		for i, t := range texts[:n] {
			ids[i] = m.Pieces(t)
		}
		out = append(out, m.forward(ids)...)
		texts = texts[n:]
	}
	return out, nil
}
