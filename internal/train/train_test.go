package train

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"factcheck/internal/encode"
	"factcheck/internal/worth"
)

func TestMinimiseFindsTheMinimum(t *testing.T) {
	// Rosenbrock's valley, lowest at (1, 1).
	f := func(w, g []float64) float64 {
		a, b := 1-w[0], w[1]-w[0]*w[0]
		g[0], g[1] = -2*a-400*w[0]*b, 200*b
		return a*a + 100*b*b
	}
	w := []float64{-1.2, 1}
	minimise(f, w, 200, 1e-12)
	if math.Abs(w[0]-1) > 1e-4 || math.Abs(w[1]-1) > 1e-4 {
		t.Errorf("minimise ends at %v, want (1, 1)", w)
	}
}

func TestPlattGivesProbabilities(t *testing.T) {
	// Of margins m, a share of sigmoid(2m - 1) is positive.
	var margins, y []float64
	for m := -2.0; m <= 2; m += .1 {
		for k := range 100 {
			margins = append(margins, m)
			y = append(y, map[bool]float64{true: 1}[float64(k)/100 < sigmoid(2*m-1)])
		}
	}
	slope, shift := platt(margins, y)
	if math.Abs(slope-2) > .1 || math.Abs(shift+1) > .1 {
		t.Errorf("platt = %.3f, %.3f, want near 2 and -1", slope, shift)
	}
}

func debate(set, doc string, from, n int) []example {
	var out []example
	for i := range n {
		out = append(out, example{ID: fmt.Sprint(doc, i), Doc: doc, Set: set, Text: fmt.Sprintf("This is the long sentence with the number %d.", from+i)})
	}
	return out
}

func TestDebatesUnderOtherNamesShareAFold(t *testing.T) {
	a := append(debate("a", "first", 0, 30), debate("a", "second", 100, 30)...)
	b := append(debate("b", "one", 5, 20), debate("b", "other", 200, 20)...)
	group(a, b)
	if a[0].Group != b[0].Group {
		t.Error("two files of one debate are in two groups")
	}
	if a[0].Group == a[30].Group || b[0].Group == b[20].Group {
		t.Error("two debates are in one group")
	}
	all := append(slices.Clone(a), b...)
	fold := folds(all, 3)
	seen := map[int]int{}
	for i, e := range all {
		if f, ok := seen[e.Group]; ok && f != fold[i] {
			t.Fatalf("group %d is in folds %d and %d", e.Group, f, fold[i])
		}
		seen[e.Group] = fold[i]
	}
}

// TestTheGradientIsTheSlope moves one number of every part of the encoder and
// compares how the loss changes with what learn says.
func TestTheGradientIsTheSlope(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(models, worth.EncoderFile))
	if err != nil {
		t.Fatal(err)
	}
	start, err := encode.ReadWeights(file)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := encode.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	tn := newTuner(start, 2, 1)
	for i := range tn.w[headWeights] {
		tn.w[headWeights][i] *= 10
	}
	batch := []lesson{
		{tokens.Tokens("Rents in the city rose by 12 percent last year."), []answer{{0, 1, 1}, {1, 0, .5}}},
		{tokens.Tokens("I think so."), []answer{{0, 0, 1}}},
	}
	loss := func() float64 {
		e := encode.New(tn.weights(start))
		sum := 0.0
		for i, s := range []string{"Rents in the city rose by 12 percent last year.", "I think so."} {
			v := e.Vectors(s)[0]
			for _, a := range batch[i].answers {
				z := tn.head(a.head)[encode.Width]
				for j, x := range v {
					z += tn.head(a.head)[j] * float64(x)
				}
				sum += float64(a.weight) * (float64(a.y)*logloss(z) + float64(1-a.y)*logloss(-z)) / 2
			}
		}
		return sum
	}
	tn.learn(batch, 0)
	for _, name := range tn.names {
		w, g, at := tn.w[name], tn.g[name], 0
		for i, v := range g {
			if math.Abs(float64(v)) > math.Abs(float64(g[at])) {
				at = i
			}
		}
		old, h := w[at], float32(4e-3)*max(1, float32(math.Abs(float64(w[at]))))
		w[at] = old + h
		up := loss()
		w[at] = old - h
		down := loss()
		w[at] = old
		slope := (up - down) / float64(2*h)
		if math.Abs(slope-float64(g[at])) > .08*math.Abs(slope)+1e-6 {
			t.Errorf("%s: slope %g, gradient %g", name, slope, g[at])
		}
	}
}

const models = "../../data/models"

func TestPackKeepsTheMixture(t *testing.T) {
	x := mixture{linear: .7, head: .9, bias: -.2, blend: .3, aloneSlope: 1.2, aloneShift: -.1, bothSlope: 1.1, bothShift: .05}
	tr := trained{linear: make([]float64, tableSize+1), picks: make([]float64, tableSize+1), head: make([]float64, encode.Width+1)}
	tr.linear[5], tr.linear[tableSize], tr.picks[5], tr.picks[tableSize] = 2, .5, -1, -3
	tr.head[3], tr.head[encode.Width] = 1.5, .25
	m := pack(tr, x)
	f := worth.Features{Grams: []worth.Feature{{At: 5, Value: .5}}, Dense: make([]float32, worth.DenseSize)}
	v := make([]float32, encode.Width)
	v[3] = .4
	l, h := x.sums(parts{linear: 2*.5 + .5, picks: -1*.5 - 3, head: 1.5*.4 + .25})
	alone := m.Margin(f)
	if want := x.aloneSlope*l + x.aloneShift; math.Abs(alone-want) > .01 {
		t.Errorf("alone %v, want %v", alone, want)
	}
	if got, want := m.Head.Margin(alone, v), x.bothSlope*(l+h)+x.bothShift; math.Abs(got-want) > .01 {
		t.Errorf("both %v, want %v", got, want)
	}
}

func TestBestThresholdIsInTheMiddleOfAPlateau(t *testing.T) {
	var all []example
	var p []float64
	for i := range 100 {
		all = append(all, example{Label: i % 2})
		p = append(p, .3+.3*float64(i%2))
	}
	if got := best(all, p, "f1"); got < .32 || got > .59 {
		t.Errorf("threshold %v, want one between the two scores", got)
	}
}

// TestTheSameSetsGiveTheSameBytes trains a small model on sentences of our own.
func TestTheSameSetsGiveTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "tiny.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	enc := json.NewEncoder(z)
	for i := range 60 {
		text := fmt.Sprintf("The harbour took in %d ships in the year %d.", 100+i*7, 1960+i)
		if i%2 == 0 {
			text = fmt.Sprintf("I would love to see the harbour again, my friend, and %s.", string(rune('a'+i%26)))
		}
		if err := enc.Encode(example{ID: fmt.Sprint(i), Doc: fmt.Sprint(i / 5), Text: text, Label: i % 2}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	r := recipe{name: "tiny", set: "tiny", l2: 1e-4, rounds: 20, goal: "f1"}
	words, err := os.ReadFile(filepath.Join(models, worth.WordsFile))
	if err != nil {
		t.Fatal(err)
	}
	var files [2][]byte
	for i := range files {
		b := &builder{Job{Sets: dir, Out: dir}, worth.NewExtractor(string(words))}
		if err := b.linear(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if files[i], err = os.ReadFile(filepath.Join(dir, worth.ModelFile("tiny"))); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(files[0], files[1]) {
		t.Error("two trainings give two models")
	}
	if _, err := worth.OpenModel(files[0]); err != nil {
		t.Error(err)
	}
}

func TestShippedModelsAreTheBuiltOnes(t *testing.T) {
	want, err := os.ReadFile(filepath.Join(models, SumsFile))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Sums(models)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the models are\n%s, but %s says\n%s", got, SumsFile, want)
	}
}

func TestRecipesAreTheShippedModels(t *testing.T) {
	var names []string
	for _, r := range recipes {
		names = append(names, r.name)
	}
	if !slices.Equal(names, worth.Shipped) {
		t.Errorf("recipes make %q, worth ships %q", names, worth.Shipped)
	}
}
