package worth

import (
	"fmt"
	"sync"

	"factcheck/internal/encode"
)

// Kind is a question that a model answers.
type Kind string

// The questions.
const (
	Worthy     Kind = "worthy"     // does it deserve a check?
	Verifiable Kind = "verifiable" // can it be checked at all?
	Subjective Kind = "subjective" // is it an opinion?
)

// Kinds lists every question.
var Kinds = []Kind{Worthy, Verifiable, Subjective}

// Context is what is known besides the sentence.
type Context struct {
	Lang string // BCP 47, as "en"; "" is found from the sentence
	Fast bool   // without the sentence encoder: fifty times as fast, less exact
	// ByAsker tells of the sentence with an index whether it was said by
	// somebody who mostly asks; nil: nobody does.
	ByAsker func(i int) bool
}

// askerWeight is how much, in log-odds, a sentence loses if somebody said it who
// mostly asks (claims.MostlyAsks). Measured in docs/models/check-worthiness.md.
const askerWeight = 2

// less is what sentence i loses by who said it.
func (c Context) less(kind Kind, i int) float64 {
	if kind == Worthy && c.ByAsker != nil && c.ByAsker(i) {
		return askerWeight
	}
	return 0
}

// Result is what the models say of one sentence. The three numbers are
// calibrated probabilities, 0 to 1: of the sentences with .8, about 80 % were
// marked so by people.
type Result struct {
	Score      float64  // worth checking
	Verifiable float64  // states something that can be checked
	Subjective float64  // an opinion
	Reasons    []string // what raised Score, most telling first; may be empty
}

// Score answers for one sentence. It is pure and safe for many goroutines.
func Score(text string, ctx Context) Result { return Scores([]string{text}, ctx)[0] }

// batch is how many sentences the encoder reads at once.
const batch = 32

// Scores answers for many sentences, which is faster than one at a time.
func Scores(texts []string, ctx Context) []Result {
	out := make([]Result, len(texts))
	x := pool.Get().(*Extractor)
	defer pool.Put(x)
	for from := 0; from < len(texts); from += batch {
		to := min(from+batch, len(texts))
		each(x, texts[from:to], ctx, func(i int, lang string, f Features, vector []float32) {
			r := &out[from+i]
			r.Score, _ = shared().model(Worthy, lang).answer(f, vector, ctx.less(Worthy, from+i))
			r.Verifiable, _ = shared().model(Verifiable, lang).answer(f, vector, 0)
			r.Subjective, _ = shared().model(Subjective, lang).answer(f, vector, 0)
			r.Reasons = x.reasons(texts[from+i], shared().model(Worthy, lang))
		})
	}
	return out
}

// Answer is a calibrated probability, 0 to 1, and whether that is a yes, at
// the threshold where the model decides best.
type Answer struct {
	Probability float64
	Yes         bool
}

// Ask answers one question about many sentences.
func Ask(kind Kind, texts []string, ctx Context) []Answer {
	out := make([]Answer, len(texts))
	x := pool.Get().(*Extractor)
	defer pool.Put(x)
	for from := 0; from < len(texts); from += batch {
		to := min(from+batch, len(texts))
		each(x, texts[from:to], ctx, func(i int, lang string, f Features, vector []float32) {
			a := &out[from+i]
			a.Probability, a.Yes = shared().model(kind, lang).answer(f, vector, ctx.less(kind, from+i))
		})
	}
	return out
}

// each gives the features of every text and, for English ones unless ctx.Fast,
// its vector. The features are good until the next call.
func each(x *Extractor, texts []string, ctx Context, use func(i int, lang string, f Features, vector []float32)) {
	langs := make([]string, len(texts))
	vectors := make([][]float32, len(texts))
	var read []string
	for i, t := range texts {
		if langs[i] = base(ctx.Lang); langs[i] == "" {
			langs[i] = x.Language(t)
		}
		if langs[i] == "en" && !ctx.Fast {
			read = append(read, t)
		}
	}
	if len(read) > 0 {
		found := shared().encoder().Vectors(read...)
		for i := range texts {
			if langs[i] == "en" {
				vectors[i], found = found[0], found[1:]
			}
		}
	}
	for i, t := range texts {
		x.features(t)
		use(i, langs[i], x.at, vectors[i])
	}
}

// answer is the calibrated probability of so much less than the margin, and
// whether it is a yes.
func (m *Model) answer(f Features, vector []float32, less float64) (float64, bool) {
	margin, threshold := m.Margin(f), m.Threshold
	if vector != nil && m.Head != nil {
		margin, threshold = m.Head.Margin(margin, vector), m.Head.Threshold
	}
	p := logistic(margin - less)
	return p, p >= float64(threshold)
}

// engine is the shipped models, each read when it is first needed.
type engine struct {
	lex     lexicon
	models  map[string]func() *Model
	encoder func() *encode.Encoder
}

// shared reads the word classes once.
var shared = sync.OnceValue(func() *engine {
	e := &engine{lex: readLexicon(string(file(WordsFile))), models: map[string]func() *Model{}}
	for _, name := range Shipped {
		e.models[name] = sync.OnceValue(func() *Model {
			m, err := OpenModel(file(ModelFile(name)))
			if err != nil {
				panic(fmt.Sprintf("worth: %s: %v", name, err)) // the program was built with broken files
			}
			return m
		})
	}
	e.encoder = sync.OnceValue(func() *encode.Encoder {
		enc, err := encode.Read(file(EncoderFile))
		if err != nil {
			panic("worth: encoder: " + err.Error()) // the program was built with broken files
		}
		return enc
	})
	return e
})

var pool = sync.Pool{New: func() any { return &Extractor{lex: shared().lex} }}

// model is the model for a question in a language, the English one if that
// language has none.
func (e *engine) model(kind Kind, lang string) *Model {
	if m, ok := e.models[string(kind)+"."+lang]; ok {
		return m()
	}
	return e.models[string(kind)+".en"]()
}

// has reports whether a question has a model for a language.
func (e *engine) has(kind Kind, lang string) bool {
	_, ok := e.models[string(kind)+"."+lang]
	return ok
}

// base is the language of a tag without region and script.
func base(tag string) string {
	for i := range len(tag) {
		if tag[i] == '-' || tag[i] == '_' {
			return tag[:i]
		}
	}
	return tag
}
