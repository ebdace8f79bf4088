package embed

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"factcheck/data"
	"factcheck/internal/encode"
	"factcheck/internal/encode/published"
)

var update = flag.Bool("update", false, "write testdata/sentences.json anew from FACTCHECK_ENCODER_PACKAGE")

// ours are sentences of this project; testdata/sentences.json has their pieces
// and what the unrounded weights make of them.
var ours = []string{
	"Burglary fell by 12 percent in Eastport last year.",
	"Burglary rose by 12 percent in Eastport last year.",
	"Break-ins are down in the port town.",
	"The honey bees of Norland have gone.",
	"A",
	"naïve café 🐝🐝 ﬁne ½ №5",
	"  two  spaces and a tab\tand “quotes” — don’t ",
	strings.Repeat("The bridge cost two billion dollars. ", 30),
}

const golden = "testdata/sentences.json"

// readGolden reads the golden file, after writing it where -update asks so.
func readGolden(t *testing.T) []reference {
	t.Helper()
	if dist := os.Getenv("FACTCHECK_ENCODER_PACKAGE"); *update && dist != "" {
		w, err := published.Read(os.DirFS(dist))
		if err != nil {
			t.Fatal(err)
		}
		m := &Sentence{encode.New(w)}
		var refs []reference
		for _, s := range ours {
			r := reference{S: s, IDs: m.encoder.Tokens(s)}
			for _, v := range vector(t, m, s) {
				r.E = append(r.E, math.Round(float64(v)*1e5)/1e5)
			}
			refs = append(refs, r)
		}
		b, err := json.Marshal(refs)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return readReference(t, golden)
}

func TestShippedWeightsAreTrueToThePublishedOnes(t *testing.T) {
	m := shipped(t)
	refs := readGolden(t)
	if len(refs) != len(ours) {
		t.Fatalf("%d sentences, want %d", len(refs), len(ours))
	}
	for _, r := range refs {
		if got := m.encoder.Tokens(r.S); !slices.Equal(got, r.IDs) {
			t.Errorf("pieces of %.40q: %v, want %v", r.S, got, r.IDs)
		}
		if c := cosine(vector(t, m, r.S), r.E); c < .998 {
			t.Errorf("cosine of %.40q is %.5f, want at least .998", r.S, c)
		}
	}
}

func TestAParaphraseStandsNearerThanAnotherSubject(t *testing.T) {
	m := shipped(t)
	v, err := m.Embed(context.Background(), ours[:4])
	if err != nil {
		t.Fatal(err)
	}
	near, far := encode.Dot(v[0], v[2]), encode.Dot(v[0], v[3])
	if near <= far+.1 {
		t.Errorf("paraphrase %.2f, another subject %.2f", near, far)
	}
	// The warning of the package comment: opposites are near too.
	if opposite := encode.Dot(v[0], v[1]); opposite < .8 {
		t.Errorf("opposite %.2f: the package comment says that such stand close together", opposite)
	}
}

func TestABatchGivesWhatEachTextGives(t *testing.T) {
	m := shipped(t)
	texts := append(slices.Clone(ours[:5]), "", ours[3])
	all, err := m.Embed(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		one, err := m.Embed(context.Background(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		for k := range one[0] {
			if math.Abs(float64(one[0][k]-all[i][k])) > 1e-5 {
				t.Fatalf("part %d of %q is %v alone and %v in a batch", k, text, one[0][k], all[i][k])
			}
		}
	}
	if slices.ContainsFunc(all[5], func(f float32) bool { return f != 0 }) {
		t.Error("the empty text has a vector")
	}
}

func TestACancelledContextStopsTheEncoder(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := shipped(t).Embed(ctx, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestABrokenFileIsRefused(t *testing.T) {
	for _, n := range []int{0, 3, 8, 5000, 200_000, len(data.Encoder) - 1} {
		if _, err := NewSentence(data.Encoder[:n]); err == nil {
			t.Errorf("a file cut at %d was read", n)
		}
	}
	if _, err := NewSentence(append(slices.Clone(data.Encoder), 0)); err == nil {
		t.Error("a file with a byte too many was read")
	}
}

func BenchmarkEmbed(b *testing.B) {
	m, err := NewSentence(data.Encoder)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("op", func(b *testing.B) {
		for b.Loop() {
			if _, err := m.Embed(context.Background(), ours[:4]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
