package worth

// Feature is one hashed n-gram: its place in the table, and how much.
type Feature struct {
	At    uint32
	Value float32
}

// Features are the numbers that the models see of one sentence.
type Features struct {
	Grams []Feature
	Dense []float32 // DenseSize
}

// Extractor turns sentences into features, for training; one goroutine at a
// time.
type Extractor struct {
	scan scanner
	lex  lexicon
}

// NewExtractor reads the word classes, as data/models/words.txt has them.
func NewExtractor(words string) *Extractor { return &Extractor{lex: readLexicon(words)} }

// Features are the features of text.
func (x *Extractor) Features(text string) Features {
	x.scan.scan(text)
	f := Features{Dense: make([]float32, DenseSize)}
	x.scan.grams(text, func(_ int, at uint32, v float32) { f.Grams = append(f.Grams, Feature{at, v}) })
	x.scan.dense(text, x.lex, f.Dense)
	return f
}

// Margin is the sum of the weights of f.
func (m *Model) Margin(f Features) float64 {
	sum := float32(0)
	for _, g := range f.Grams {
		sum += float32(m.Grams[g.At]) * g.Value
	}
	sum = sum*m.Scale + m.Bias
	for i, v := range f.Dense {
		sum += v * m.Dense[i]
	}
	return float64(sum)
}
