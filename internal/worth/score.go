package worth

import (
	"fmt"
	"sync"

	"factcheck/data"
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
	Lang string // BCP 47, as "en"; "" is English
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
func Score(text string, ctx Context) Result {
	e := shared()
	x := pool.Get().(*Extractor)
	defer pool.Put(x)
	f := x.Features(text)
	worthy := e.model(Worthy, ctx.Lang)
	return Result{
		Score:      logistic(worthy.Margin(f)),
		Verifiable: logistic(e.model(Verifiable, ctx.Lang).Margin(f)),
		Subjective: logistic(e.model(Subjective, ctx.Lang).Margin(f)),
		Reasons:    x.reasons(text, f, worthy),
	}
}

// Ask answers one question about one sentence: a calibrated probability, and
// whether it is a yes, at the threshold that the model was trained for.
func Ask(kind Kind, text string, ctx Context) (probability float64, yes bool) {
	x := pool.Get().(*Extractor)
	defer pool.Put(x)
	m := shared().model(kind, ctx.Lang)
	p := logistic(m.Margin(x.Features(text)))
	return p, p >= float64(m.Threshold)
}

// engine is the shipped models, each read when it is first asked for.
type engine struct {
	lex    lexicon
	models map[string]func() *Model
}

// shared reads the word classes once.
var shared = sync.OnceValue(func() *engine {
	e := &engine{lex: readLexicon(file("words.txt")), models: map[string]func() *Model{}}
	for _, name := range Shipped {
		e.models[name] = sync.OnceValue(func() *Model {
			m, err := ReadModel([]byte(file(name + ".bin")))
			if err != nil {
				panic(fmt.Sprintf("worth: %s: %v", name, err)) // the program was built with broken files
			}
			return m
		})
	}
	return e
})

var pool = sync.Pool{New: func() any { return &Extractor{lex: shared().lex} }}

// Shipped names the models of data/models: a question and a language.
var Shipped = []string{"worthy.en", "verifiable.en", "subjective.en"}

func file(name string) string {
	b, err := data.Models.ReadFile("models/" + name)
	if err != nil {
		panic("worth: " + err.Error()) // the program was built without its data
	}
	return string(b)
}

// model is the model for a question in a language, the English one if that
// language has none.
func (e *engine) model(kind Kind, lang string) *Model {
	if m, ok := e.models[string(kind)+"."+base(lang)]; ok {
		return m()
	}
	return e.models[string(kind)+".en"]()
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
