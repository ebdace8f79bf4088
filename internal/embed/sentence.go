package embed

import (
	"context"
	"math"
	"strings"

	"factcheck/internal/encode"
)

// Sentence is the built-in encoder. It is safe for concurrent use.
type Sentence struct{ encoder *encode.Encoder }

// NewSentence makes an encoder of a file as [encode.Weights.Bytes] writes it;
// encode.ErrFormat if it is none.
func NewSentence(file []byte) (*Sentence, error) {
	e, err := encode.Read(file)
	return &Sentence{e}, err
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
		for i, v := range m.encoder.Vectors(texts[:n]...) {
			if texts[i] == "" {
				clear(v)
			}
			out = append(out, unit(v))
		}
		texts = texts[n:]
	}
	return out, nil
}

// unit brings v to length 1; zero stays zero.
func unit(v []float32) []float32 {
	sum := 0.0
	for _, f := range v {
		sum += float64(f) * float64(f)
	}
	if sum > 0 {
		scale := float32(1 / math.Sqrt(sum))
		for i := range v {
			v[i] *= scale
		}
	}
	return v
}
