package embed

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"factcheck/data"
	"factcheck/internal/encode"
	"factcheck/internal/encode/published"
)

// reference is one sentence as the published graph saw it.
type reference struct {
	S   string
	IDs []int32
	E   []float64
}

func readReference(t *testing.T, path string) []reference {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := io.Reader(f)
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var refs []reference
	if err := json.NewDecoder(in).Decode(&refs); err != nil {
		t.Fatal(err)
	}
	return refs
}

func shipped(t testing.TB) *Sentence {
	t.Helper()
	m, err := NewSentence(data.Encoder)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// vector is what m makes of one text.
func vector(t *testing.T, m *Sentence, text string) []float32 {
	t.Helper()
	v, err := m.Embed(t.Context(), []string{text})
	if err != nil {
		t.Fatal(err)
	}
	return v[0]
}

func cosine(a []float32, b []float64) float64 {
	var ab, aa, bb float64
	for i, v := range a {
		ab += float64(v) * b[i]
		aa += float64(v) * float64(v)
		bb += b[i] * b[i]
	}
	return ab / math.Sqrt(aa*bb)
}

// TestThePublishedGraphAnswersTheSame compares with outputs of the original
// graph, where FACTCHECK_ENCODER_REFERENCE names a file of them; with
// FACTCHECK_ENCODER_PACKAGE naming the published dist folder, the unrounded
// weights are held to 1e-5 too.
func TestThePublishedGraphAnswersTheSame(t *testing.T) {
	path := os.Getenv("FACTCHECK_ENCODER_REFERENCE")
	if path == "" {
		t.Skip("FACTCHECK_ENCODER_REFERENCE names no file")
	}
	refs := readReference(t, path)
	m := shipped(t)
	lowest := 1.0
	for _, r := range refs {
		if got := m.encoder.Tokens(r.S); !slices.Equal(got, r.IDs[:min(len(r.IDs), encode.MaxTokens)]) {
			t.Errorf("pieces of %.60q: got %v, want %v", r.S, got, r.IDs)
		}
		c := cosine(vector(t, m, r.S), r.E)
		lowest = min(lowest, c)
	}
	t.Logf("%d sentences, lowest cosine of the rounded weights %.5f", len(refs), lowest)
	if lowest < .998 {
		t.Errorf("lowest cosine %.5f, want at least .998", lowest)
	}
	dist := os.Getenv("FACTCHECK_ENCODER_PACKAGE")
	if dist == "" {
		return
	}
	w, err := published.Read(os.DirFS(dist))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(w.Bytes(), data.Encoder) {
		t.Error("the shipped weights are not those of the package")
	}
	whole := &Sentence{encode.New(w)}
	furthest := 0.0
	for _, r := range refs {
		for i, v := range vector(t, whole, r.S) {
			furthest = max(furthest, math.Abs(float64(v)-r.E[i]))
		}
	}
	t.Logf("furthest part of the unrounded weights %.2g", furthest)
	if furthest > 1e-5 {
		t.Errorf("a part is %.2g off, want at most 1e-5", furthest)
	}
}
