package encode

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"factcheck/data"
)

func shipped(t *testing.T) *Encoder {
	t.Helper()
	b, err := data.Models.ReadFile("models/worth.encoder.en.bin")
	if err != nil {
		t.Fatal(err)
	}
	e, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestProductsAreTheSameWithAndWithoutAVX2(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	fill := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = random.Float32() - .5
		}
		return x
	}
	for _, n := range []int{1, 3, 4, 5, 17} {
		const k, m = 37, 32
		a, b := fill(n*k), fill(k*m)
		got := fill(n * m)
		want := slices.Clone(got)
		newMatrix(b, k, m).mulAdd(got, a, n)
		for r := range n {
			for c := range m {
				sum := float64(want[r*m+c])
				for p := range k {
					sum += float64(a[r*k+p]) * float64(b[p*m+c])
				}
				if d := math.Abs(sum - float64(got[r*m+c])); d > 1e-4 {
					t.Fatalf("n=%d row %d column %d is off by %g", n, r, c, d)
				}
			}
		}
		plain := slices.Clone(want)
		panel := newMatrix(b, k, m).panels
		for j := 0; j < m; j += width {
			blockGo(plain[j:], a, panel[j*k:(j+width)*k], n, k, m)
		}
		for i := range plain {
			if d := math.Abs(float64(plain[i] - got[i])); d > 1e-4 {
				t.Fatalf("n=%d: plain Go is off by %g", n, d)
			}
		}
		loose := slices.Clone(want)
		MulAdd(loose, a, b, make([]float32, width*k), n, k, m)
		if !slices.Equal(loose, got) {
			t.Errorf("n=%d: MulAdd differs from the packed product", n)
		}
	}
}

func TestSentencesThatMeanTheSameAreNear(t *testing.T) {
	v := shipped(t).Vectors("Unemployment fell to four percent last year.", "Last year the jobless rate dropped to 4%.", "My cat likes to sleep in the sun.")
	if near, far := cosine(v[0], v[1]), cosine(v[0], v[2]); near < far+.1 {
		t.Errorf("a rewording is at %.2f, another matter at %.2f", near, far)
	}
}

func cosine(a, b []float32) float64 {
	return float64(Dot(a, b)) / math.Sqrt(float64(Dot(a, a))*float64(Dot(b, b)))
}

func TestVectorsDoNotDependOnTheBatch(t *testing.T) {
	e := shipped(t)
	texts := []string{"Rents rose.", "", "The bridge, closed since 2019, will open again in May, the council says.", strings.Repeat("long ", 500), "\xff\xfe", "日本語のテキスト"}
	all := e.Vectors(texts...)
	for i, s := range texts {
		one := e.Vectors(s)[0]
		for j, v := range one {
			if d := math.Abs(float64(v - all[i][j])); d > 1e-5 || v != v {
				t.Fatalf("%q: number %d is %v alone and %v in a batch", s, j, v, all[i][j])
			}
		}
	}
}

func TestTokensAreBounded(t *testing.T) {
	e := shipped(t)
	for _, s := range []string{"", " ", strings.Repeat("x", 1<<20), strings.Repeat("é ", 5000)} {
		if n := len(e.Tokens(s)); n < 1 || n > MaxTokens {
			t.Errorf("%d tokens of a text of %d bytes", n, len(s))
		}
	}
}

func TestWeightsSurviveTheirFile(t *testing.T) {
	b, err := data.Models.ReadFile("models/worth.encoder.en.bin")
	if err != nil {
		t.Fatal(err)
	}
	w, err := ReadWeights(b)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(w.Bytes(), b) {
		t.Error("read and written again, the file differs")
	}
	for _, broken := range [][]byte{nil, b[:len(b)-1], append(slices.Clone(b), 0), b[8:]} {
		if _, err := ReadWeights(broken); err == nil {
			t.Errorf("a broken file of %d bytes was read", len(broken))
		}
	}
}

func BenchmarkVectors(b *testing.B) {
	file, err := data.Models.ReadFile("models/worth.encoder.en.bin")
	if err != nil {
		b.Fatal(err)
	}
	e, err := Read(file)
	if err != nil {
		b.Fatal(err)
	}
	texts := slices.Repeat([]string{"Unemployment fell to four percent last year, the lowest rate since 1969."}, 32)
	for b.Loop() {
		e.Vectors(texts...)
	}
	b.ReportMetric(float64(32*b.N)/b.Elapsed().Seconds(), "sentences/s")
}
